"""How the log is written: one line an action, to standard error, for people or for machines.

It holds action words and ids. An exception is told by its type and place: its message may quote a
letter or a row, which stays in our own store (I9).
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

from complaints.errors import ForthwithError

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_DEEPEST = 6
"""How many places of a traceback are told, the innermost last."""

Entry = MutableMapping[str, Any]


def set_up_log(level: str, *, as_json: bool = False) -> None:
    """Send everything that is logged, by us and by libraries, to standard error.

    Args:
        level: debug, info, warning or error; libraries are never heard below warning.
        as_json: one JSON object a line instead of a line for people.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _name_fault,
    ]
    last: Any = structlog.processors.JSONRenderer() if as_json else _in_words
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=_to_standard_error,
        cache_logger_on_first_use=False,
    )
    handler = _Handler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_name_library, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(LEVELS[level], logging.WARNING), force=True)


class _Handler(logging.StreamHandler[Any]):
    """Writes to whatever standard error is at the time."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr

    @stream.setter
    def stream(self, value: Any) -> None:
        """Nothing is kept."""


def _to_standard_error(*_: Any) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)


def _name_library(_logger: Any, _name: str, entry: Entry) -> Entry:
    """A library's words may quote what it was given: only who spoke and how urgently is told."""
    record = entry.get("_record")
    entry["event"] = "library_message"
    if isinstance(record, logging.LogRecord):
        entry["library"], entry["at"] = record.name, f"{record.module}:{record.lineno}"
        if record.exc_info:
            entry["exc_info"] = record.exc_info
    return entry


def _name_fault(_logger: Any, _name: str, entry: Entry) -> Entry:
    """Tell an exception by type and place; the words of our own errors are written for people."""
    given = entry.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if given is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        entry["error"] = type(error).__name__
        entry["where"] = _places(error)
        if isinstance(error, ForthwithError):
            entry["problem"] = str(error)
    return entry


def _places(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST:]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)


def _in_words(_logger: Any, _name: str, entry: Entry) -> str:
    at, level, action = entry.pop("timestamp", ""), entry.pop("level", ""), entry.pop("event", "")
    rest = " ".join(f"{key}={_value(value)}" for key, value in entry.items())
    return f"{at} {level:<7} {action} {rest}".rstrip()


def _value(value: Any) -> str:
    # A line break in a value would forge a line of the log.
    text = str(value)
    return text if text.isprintable() and " " not in text and text else repr(text)
