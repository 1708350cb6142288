"""What a command's failure is called: one line on standard error and an exit code."""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from complaints.errors import BadSetting, ForthwithError, NotAllowed, UnknownComplaint, UnknownCustomer

CODES = {
    0: "done",
    1: "something is wrong, the line says what",
    2: "the command was called wrongly",
    3: "the complaint's present state does not allow this step",
    4: "no such complaint or customer",
    130: "stopped by Ctrl-C",
}
"""What each exit code means."""

_OUTPUT_GONE = 141  # as a shell has it for a program that nobody listens to any longer (128 + SIGPIPE)
# Typer carries its own copy of click, under no public name; its own error for parameters is one of them.
_UsageError = typer.BadParameter.__mro__[1]
_BadCall = typer.BadParameter.__mro__[2]


class OutputGone(Exception):
    """Nobody reads what we print any longer."""


def outcome_of(run: Callable[[], Any], *, debug: bool) -> int:
    """Run a command to its end.

    Args:
        run: the command; what it returns is its exit code, None is 0.
        debug: show where an unexpected error arose.

    Returns:
        The exit code.
    """
    try:
        code = run()
        sys.stdout.flush()
    except (BrokenPipeError, OutputGone):
        # Whatever Python would still flush at its end goes nowhere, in silence.
        _silence(sys.stdout)
        return _OUTPUT_GONE
    except (KeyboardInterrupt, typer.Abort):
        return _say("stopped", 130)
    except Exception as error:  # noqa: BLE001  the last one who can say something useful
        if debug and not isinstance(error, _BadCall):
            traceback.print_exception(error)
        return _failure(error)
    return int(code or 0)


def _failure(error: Exception) -> int:
    if isinstance(error, ForthwithError):
        return _say(str(error), code_of(error))
    if isinstance(error, _BadCall):
        return _say(_usage(error), 2)
    return _say(_unexpected(error), 1)


def code_of(error: ForthwithError) -> int:
    """The exit code of an expected error."""
    if isinstance(error, NotAllowed):
        return 3
    return 4 if isinstance(error, UnknownComplaint | UnknownCustomer) else 1


def _usage(error: Any) -> str:
    words = error.format_message()
    context = getattr(error, "ctx", None)
    return f"{words.rstrip('.')}; see `{context.command_path} --help`" if context else words


def _unexpected(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    kept = _kept(error)
    where = f"the whole of it is in {kept}" if kept else "--debug shows the whole of it"
    if isinstance(error, OSError) and error.strerror:
        # A full disk or a folder of somebody else's is nothing that a traceback is needed for.
        return f"{error.strerror.lower()}{f' ({error.filename})' if error.filename else ''}; {where}"
    return f"this should not have happened: {type(error).__name__}{place}; {where}"


def _kept(error: Exception) -> Path | None:
    """Keep the traceback in the data folder: it may speak of a letter, so it goes nowhere else."""
    from config.settings import load_settings  # noqa: PLC0415  only now is time of no account

    try:
        path = load_settings().data_dir / "last-error.txt"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(traceback.format_exception(error))
    except (OSError, BadSetting):
        return None
    return path


def _say(words: str, code: int) -> int:
    line = " ".join(words.split())
    try:
        sys.stderr.write(f"forthwith: {line}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        _silence(sys.stderr)
    return code


def _silence(stream: Any) -> None:
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return
