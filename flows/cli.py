"""The ``forthwith`` command: finds what is asked for, and turns every failure into one line and an exit code.

A command's module is imported when the command is called, so that help and ``deadline`` answer at once.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module, metadata
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from flows.failures import CODES, OutputGone, outcome_of

_MAIL = "Mail"
_COMPLAINTS = "Complaints"
_DECIDING = "Deciding"
_REGISTERS = "Registers"
_RUNNING = "Running"

COMMANDS: dict[str, tuple[str, str, str]] = {
    "up": ("running", _RUNNING, "Keep the promise: inbox, clock, relay and dashboard, until Ctrl-C."),
    "clock": ("running", _RUNNING, "Raise alarms alone, beside a daemon or after its death."),
    "worker": ("running", _RUNNING, "Do what people ask for by forms, on this machine or another."),
    "remove-dashboard": (
        "running",
        _RUNNING,
        "Take everything of Forthwith's out of Prefect: forms, runs, pages; no complaint.",
    ),
    "synthetic": ("running", _RUNNING, "Send a made-up complaint the whole way, and say how far it came."),
    "doctor": ("running", _RUNNING, "Try each part for real and say what to do about each failure."),
    "migrate": ("running", _RUNNING, "Bring the database to the schema of this version."),
    "settings": ("running", _RUNNING, "List every setting: what it takes, what it means, what it is now."),
    "ingest": ("intake", _MAIL, "Take in mail from files, folders or standard input, and route it."),
    "assess": ("intake", _MAIL, "Say what would be decided about mails, and why; keep and send nothing."),
    "list": ("looking", _COMPLAINTS, "List the open complaints by deadline."),
    "show": ("looking", _COMPLAINTS, "Show everything that is known of one complaint."),
    "explain": ("looking", _COMPLAINTS, "Explain how a complaint's deadline came about."),
    "report": ("looking", _COMPLAINTS, "Report how the promise was kept in a month."),
    "audit": (
        "looking",
        _COMPLAINTS,
        "Check that nothing was changed, and that all was told that should have been.",
    ),
    "assign": ("acting", _DECIDING, "Say whose complaint it is; it is forwarded at once."),
    "split": (
        "acting",
        _DECIDING,
        "Say that the letter concerns several customers: each gets a complaint of its own.",
    ),
    "dismiss": ("acting", _DECIDING, "Say that it is nothing to forward, and why."),
    "acknowledge": ("acting", _DECIDING, "Note that the supplier manager has it."),
    "resend": ("acting", _DECIDING, "Forward once more to the supplier manager on file today."),
    "recalculate": ("recalculating", _DECIDING, "Put open complaints on today's terms, on the record."),
    "extend": ("acting", _DECIDING, "Note that the body wants its answer by a later day."),
    "answered": ("acting", _DECIDING, "Note that the body has its answer."),
    "pause": ("acting", _DECIDING, "Say that somebody looks after it: its next alarms wait."),
    "hold": ("acting", _DECIDING, "Lay a legal hold on it: nothing of it goes to a customer."),
    "release": ("acting", _DECIDING, "Lift a legal hold; assign or resend it then."),
    "close": ("acting", _DECIDING, "Note that nothing more is expected."),
    "customers": (
        "registers",
        _REGISTERS,
        "Import, check and list the customers; say who is away and what to learn.",
    ),
    "authorities": (
        "registers",
        _REGISTERS,
        "Check the registers of authorities and public-interest bodies.",
    ),
    "deadline": ("deadline", _REGISTERS, "Say when a term runs out, and how that is counted."),
}
"""Each command's module, the panel it stands in, and its one line of help."""

_EPILOG = "Exit codes: " + "; ".join(f"{code} {meaning}" for code, meaning in CODES.items()) + "."


class Commands(TyperGroup):
    """All commands, each loaded when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  Typer's signature
        """Their names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:  # noqa: ARG002  Typer's signature
        """A stand-in with name and help, which need no import."""
        if cmd_name not in COMMANDS:
            return None
        _, panel, told = COMMANDS[cmd_name]
        return TyperCommand(cmd_name, help=told, rich_help_panel=panel)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself, its module imported."""
        self.commands = {name: TyperCommand(name) for name in COMMANDS}  # for "did you mean"
        name, stand_in, rest = super().resolve_command(ctx, args)
        return name, loaded(name) if name and stand_in else stand_in, rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command; Typer itself would call a closed pipe an error of the first kind."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise OutputGone from error

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run; every failure is one line on standard error and an exit code."""
        given = list(sys.argv[1:] if args is None else args) or ["--help"]
        _allow_any_letter()

        def run() -> Any:
            return super(Commands, self).main(
                given, prog_name or "forthwith", complete_var, False, windows_expand_args, **extra
            )

        code = outcome_of(run, debug="--debug" in given)
        if standalone_mode:
            sys.exit(code)
        return code


def loaded(name: str) -> Any:
    """The command of this name, from its module."""
    module = import_module(f"flows.commands.{COMMANDS[name][0]}")
    return get_group(module.app).commands[name]


app = typer.Typer(
    cls=Commands,
    help="Forwards data-protection complaints to the customer they concern, in time, and proves it.",
    epilog=_EPILOG,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"forthwith {metadata.version('forthwith')}\n")
        raise typer.Exit


@app.callback()
def options(
    config: Annotated[
        Path | None, typer.Option(help="Settings file, in place of forthwith.toml here.", metavar="FILE")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Log more, and show where an error arose.")] = False,
    version: Annotated[  # noqa: ARG001  answered before the command runs
        bool, typer.Option("--version", help="Say which version this is.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Set what holds for every command."""
    if config is not None:
        os.environ["FORTHWITH_CONFIG"] = str(config)
    if debug:
        os.environ["FORTHWITH_LOG_LEVEL"] = "debug"


def _allow_any_letter() -> None:
    """A name that the terminal's character set lacks must not end a command halfway."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def main() -> NoReturn:
    """Run the command line."""
    sys.exit(app())


if __name__ == "__main__":
    main()
