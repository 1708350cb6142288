"""Working calendars: the house's, as the settings describe it, and those that contracts name, from a file.

The file (setting ``calendars_file``)::

    calendars:
      northern-desk:
        timezone: Europe/Berlin          # IANA; left out: UTC
        hours:                           # or 24x7; left out: 24x7
          mon-thu: 08:00-12:00 13:00-17:00
          fri: 08:00-12:00
        holidays: [DE-HH, DK]            # public holidays, by country or region
        closed:                          # single days of our own
          2026-12-24: Christmas Eve
          2026-12-31:
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from complaints.deadlines import BadCalendar, Calendar
from complaints.errors import BadRegister, BadSetting
from config.settings import Settings

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ROUND_THE_CLOCK = "24x7"
_DAYS = re.compile(r"([a-z]{3,9})(?:[-–]([a-z]{3,9}))?")
_SETTING = {"timezone": "timezone", "hours": "business_hours", "holidays": "holidays"}
_HOURS_LIKE = "write e.g. mon-thu 08:00-12:00 13:00-17:00, fri 08:00-12:00, or 24x7"


def house_calendar(settings: Settings) -> Calendar:
    """Open hours and holidays from ``timezone``, ``business_hours`` and ``holidays``.

    ``business_hours`` are clauses parted by commas, each a weekday or a range of them with its windows;
    ``holidays`` regions and single dates parted by commas, empty for none.

    Raises:
        BadSetting: one line naming the setting, its value and what would be right.
    """
    holidays = [word.strip() for word in settings.holidays.split(",") if word.strip()]
    hours = _hours(settings.business_hours)
    try:
        return Calendar.parse({"timezone": settings.timezone, "hours": hours, "holidays": holidays})
    except BadCalendar as error:
        name = _SETTING[error.field]
        raise _bad(name, getattr(settings, name), error.detail) from None


def _hours(written: str) -> dict[str, list[str]] | str:
    text = " ".join(written.lower().split())
    if text == _ROUND_THE_CLOCK:
        return text
    hours: dict[str, list[str]] = {}
    for clause in text.split(","):
        days, *windows = clause.split() or [""]
        if not windows:
            raise _bad("business_hours", written, f"{clause.strip()!r} has no hours; {_HOURS_LIKE}")
        for day in _days(days, written):
            hours.setdefault(day, []).extend(windows)
    return hours


def _days(text: str, written: str) -> list[str]:
    match = _DAYS.fullmatch(text)
    first, last = (match[1][:3], (match[2] or match[1])[:3]) if match else ("", "")
    if first not in _WEEK or last not in _WEEK:
        raise _bad("business_hours", written, f"{text!r} is no weekday and no range of them; {_HOURS_LIKE}")
    return _range(first, last)


def _range(first: str, last: str) -> list[str]:
    start, length = _WEEK.index(first), (_WEEK.index(last) - _WEEK.index(first)) % 7 + 1
    return [_WEEK[(start + number) % 7] for number in range(length)]


def _bad(name: str, value: Any, detail: str) -> BadSetting:
    return BadSetting(f"setting {name} (FORTHWITH_{name.upper()}) is {value!r}: {detail}")


# --- the file of named calendars -----------------------------------------------------------------

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_HOUSE = "house"
_FIELDS = ("timezone", "hours", "holidays", "closed")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_calendars(path: Path | None) -> Mapping[str, Calendar]:
    """The calendars of the file, by name; none without a file.

    Raises:
        BadRegister: one line with file, line and field, and what would be right.
    """
    if path is None:
        return {}
    file = _File(path)
    found: dict[str, Calendar] = {}
    for key, node in file.entries(file.root(), "calendars"):
        name = str(key.value)
        if not _NAME.fullmatch(name) or name == _HOUSE:
            raise file.bad(
                key,
                name,
                "no name for a calendar; small letters, digits, dots and dashes (house is the settings' own)",
            )
        if name in found:
            raise file.bad(key, name, "this calendar stands twice")
        found[name] = _named(file, name, node)
    return found


class _File:
    """A YAML file whose every mistake is told with its line."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        try:
            self._text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not UTF-8"
            raise BadRegister(f"{path} cannot be read: {reason.lower()}") from None

    def root(self) -> yaml.Node | None:
        """What stands under ``calendars``."""
        try:
            root = yaml.compose(self._text, Loader=_LOADER)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise BadRegister(
                f"{self._name}, line {line}: broken YAML: {getattr(error, 'problem', error)}"
            ) from None
        for key, value in self.entries(root, "calendars"):
            if key.value == "calendars":
                return value  # type: ignore[no-any-return]
            raise self.bad(key, str(key.value), "there is no such field; the file holds calendars")
        return None

    def entries(self, node: yaml.Node | None, field: str) -> list[tuple[Any, Any]]:
        """The pairs of a mapping; nothing at all is an empty one."""
        if node is None or (isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")):
            return []
        if not isinstance(node, yaml.MappingNode):
            raise self.bad(node, field, "'name: value' lines are expected")
        return list(node.value)

    def words(self, node: yaml.Node, field: str) -> list[str]:
        """The texts of a list, or of one text with blanks or commas between them."""
        if isinstance(node, yaml.ScalarNode):
            return [] if node.tag.endswith(":null") else str(node.value).replace(",", " ").split()
        if isinstance(node, yaml.SequenceNode) and all(isinstance(n, yaml.ScalarNode) for n in node.value):
            return [str(item.value) for item in node.value]
        raise self.bad(node, field, "plain text or a list of texts is expected")

    def bad(self, node: yaml.Node, field: str, message: str) -> BadRegister:
        """The mistake, with its place."""
        return BadRegister(f"{self._name}, line {node.start_mark.line + 1}, field {field}: {message}")


def _named(file: _File, name: str, node: yaml.Node) -> Calendar:
    nodes = {}
    for key, value in file.entries(node, name):
        if key.value not in _FIELDS:
            raise file.bad(
                key, f"{name}.{key.value}", f"there is no such field; there are {', '.join(_FIELDS)}"
            )
        nodes[str(key.value)] = value
    written: dict[str, Any] = {}
    if "timezone" in nodes:
        written["timezone"] = str(nodes["timezone"].value)
    if "hours" in nodes:
        written["hours"] = _hours_of(file, name, nodes["hours"])
    if "holidays" in nodes:
        written["holidays"] = file.words(nodes["holidays"], f"{name}.holidays")
    try:
        calendar = Calendar.parse(written)
    except BadCalendar as error:
        raise file.bad(nodes[error.field], f"{name}.{error.field}", error.detail) from None
    closed = _closed(file, name, nodes.get("closed"))
    return replace(
        calendar,
        dates=calendar.dates.union(closed),
        names=tuple(sorted((day, named) for day, named in closed.items() if named)),
    )


def _hours_of(file: _File, name: str, node: yaml.Node) -> dict[str, list[str]] | str:
    if isinstance(node, yaml.ScalarNode) and str(node.value).strip().lower() == _ROUND_THE_CLOCK:
        return _ROUND_THE_CLOCK
    hours: dict[str, list[str]] = {}
    for key, value in file.entries(node, f"{name}.hours"):
        days = str(key.value).strip().lower()
        match = _DAYS.fullmatch(days)
        ends = (match[1][:3], (match[2] or match[1])[:3]) if match else ("", "")
        if not set(ends) <= set(_WEEK):
            raise file.bad(
                key, f"{name}.hours", f"{days!r} is no weekday and no range of them; write mon or mon-thu"
            )
        windows = file.words(value, f"{name}.hours.{days}")
        try:
            Calendar.parse({"hours": {ends[0]: windows}})
        except BadCalendar as error:
            raise file.bad(value, f"{name}.hours.{days}", error.detail) from None
        for day in _range(*ends):
            hours.setdefault(day, []).extend(windows)
    return hours


def _closed(file: _File, name: str, node: yaml.Node | None) -> dict[date, str]:
    closed: dict[date, str] = {}
    for key, value in file.entries(node, f"{name}.closed"):
        try:
            day = date.fromisoformat(str(key.value))
        except ValueError:
            raise file.bad(
                key, f"{name}.closed", f"{str(key.value)[:40]!r} is no day; write it like 2026-12-31"
            ) from None
        closed[day] = " ".join(file.words(value, f"{name}.closed"))
    return closed
