"""What most commands need: checked settings, a log that keeps quiet, who acts, and printing."""

import asyncio
import getpass
import json
import sys
from collections.abc import Coroutine, Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer

from config.settings import Settings, load_settings
from flows.log import set_up_log

T = TypeVar("T")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs: one object a line.")]
Actor = Annotated[
    str,
    typer.Option(
        "--as", help="Who is acting, for the history.  \\[default: your login name]", metavar="NAME"
    ),
]
Ref = Annotated[
    str, typer.Argument(help="Our reference, such as FW-1001.", metavar="REF", show_default=False)
]


def ready(*, daemon: bool = False) -> Settings:
    """Read the settings and set up the log; a command that a person waits for logs warnings alone.

    Raises:
        BadSetting: what is wrong with the settings.
    """
    settings = load_settings()
    quiet = not daemon and settings.log_level == "info"
    set_up_log("warning" if quiet else settings.log_level, as_json=settings.log_json)
    return settings


def run(work: Coroutine[Any, Any, T]) -> T:
    """Do asynchronous work to its end."""
    return asyncio.run(work)


def zone_of(settings: Settings) -> ZoneInfo:
    """In which people are shown times."""
    return ZoneInfo(settings.timezone)


def acting(given: str) -> str:
    """Who acts: as given, or the login name.

    Raises:
        typer.BadParameter: when nobody can be named; a history without names proves nothing.
    """
    try:
        name = " ".join(given.split()) or getpass.getuser()
    except (OSError, KeyError):
        raise typer.BadParameter("nobody knows who you are here; say it", param_hint="--as") from None
    return name[:100]


def put(line: str) -> None:
    """Print a line for people."""
    sys.stdout.write(f"{line}\n")


def note(line: str) -> None:
    """Tell people something beside the answer, where a program does not read it."""
    sys.stderr.write(f"forthwith: {line}\n")


def put_json(value: object) -> None:
    """Print one JSON object on a line of its own."""
    put(json.dumps(plain(value), ensure_ascii=False))


def put_all_json(values: Iterable[object]) -> None:
    """Print one JSON object a line."""
    for value in values:
        put_json(value)


def plain(value: Any) -> Any:
    """A value as JSON has it: instants in ISO 8601 with offset, states by their word."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value
