"""Read the people file: who is told where, when they want quiet, who is on duty. Its format: people.yaml.example."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from complaints.deadlines import BadCalendar, Calendar, instant_of
from complaints.escalation import GROUPS
from complaints.people import Group, People, Person, Roster
from complaints.rosters import Shift, Shifts, Turns
from config.ladder import ADDRESS, elapsed
from config.roster_calendar import CalendarRoster, is_calendar_url
from config.yaml_fields import Fault, entries, fields, read, scalar

_PARTS = ("people", "groups")
_PERSON = ("name", "tell", "timezone", "quiet")
_GROUP = ("name", "members", "turns", "shifts", "calendar", "timezone")
_MEMBERS = ("members", "turns", "shifts", "calendar")
_TURNS = ("from", "every", "people")
_SHIFT = ("who", "from", "until")
_NAME = re.compile(r"\w[\w .'’-]{0,59}")
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = re.compile(r"([a-z]{3,9})(?:[-–]([a-z]{3,9}))?")
_WINDOW = re.compile(r"(\d{1,2}:\d{2}) ?[-–] ?(\d{1,2}:\d{2})")
_A_DAY = timedelta(days=1)


def load_people(path: Path | None, timezone: str, kept_at: Path) -> People:
    """Read the people file.

    Args:
        path: the file; None: there is none.
        timezone: IANA; of everybody who has none of their own.
        kept_at: folder for the last good copies of duty calendars.

    Raises:
        BadRegister: one line naming file, line and field of the first mistake.
    """
    if path is None:
        return People()
    return read(str(path), lambda: path.read_text(encoding="utf-8"), _Reader(path, timezone, kept_at).people)


class _Reader:
    """Makes people of a file's nodes."""

    def __init__(self, path: Path, timezone: str, kept_at: Path) -> None:
        self._folder, self._timezone, self._kept_at = path.parent, timezone, kept_at
        self._persons: dict[str, Person] = {}
        self._taken: set[str] = set(GROUPS)

    def people(self, document: yaml.Node | None) -> People:
        parts = fields(document, _PARTS)
        for node in entries(parts["people"], "people") if "people" in parts else ():
            person = self._person(node)
            self._persons[person.name.lower()] = person
        groups = [
            self._group(node) for node in (entries(parts["groups"], "groups") if "groups" in parts else ())
        ]
        return People(persons=tuple(self._persons.values()), groups=tuple(groups))

    def _person(self, node: yaml.Node) -> Person:
        written = fields(node, _PERSON)
        for name in ("name", "tell"):
            if name not in written:
                raise Fault(node, name, "everybody needs one")
        zone = self._zone(written)
        return Person(
            name=self._name(written["name"]),
            addresses=tuple(self._address(each) for each in _listed(written["tell"])),
            quiet=_quiet(written["quiet"], zone) if "quiet" in written else None,
        )

    def _group(self, node: yaml.Node) -> Group:
        written = fields(node, _GROUP)
        if "name" not in written:
            raise Fault(node, "name", "every group needs one")
        given = [name for name in _MEMBERS if name in written]
        if len(given) != 1:
            raise Fault(node, "members", f"a group has one of {', '.join(_MEMBERS)}")
        name, zone = self._name(written["name"]), self._zone(written)
        [how] = given
        if how == "members":
            return Group(name=name, members=tuple(self._member(each, how) for each in _listed(written[how])))
        make: dict[str, Callable[[yaml.Node], Roster]] = {
            "turns": lambda given: self._turns(given, zone),
            "shifts": lambda given: self._shifts(given, zone),
            "calendar": lambda given: self._calendar(given, name, zone),
        }
        return Group(name=name, roster=make[how](written[how]))

    def _turns(self, node: yaml.Node, zone: str) -> Turns:
        written = fields(node, _TURNS)
        for name in _TURNS:
            if name not in written:
                raise Fault(node, name, "turns need one")
        first = _reading(written["from"], "from")
        if first.tzinfo is not None:
            raise Fault(
                written["from"], "from", "turns change by the clock on the wall; leave the offset out"
            )
        every = _whole_days(written["every"])
        names = tuple(self._member(each, "people") for each in _listed(written["people"]))
        return Turns(first=first, every=every, timezone=zone, names=names)

    def _shifts(self, node: yaml.Node, zone: str) -> Shifts:
        return Shifts(shifts=tuple(self._shift(each, zone) for each in entries(node, "shifts")))

    def _shift(self, node: yaml.Node, zone: str) -> Shift:
        written = fields(node, _SHIFT)
        for name in _SHIFT:
            if name not in written:
                raise Fault(node, name, "every shift needs one")
        starts, ends = (
            instant_of(_reading(written[name], name), ZoneInfo(zone)) for name in ("from", "until")
        )
        if starts >= ends:
            raise Fault(written["until"], "until", "the shift ends before it begins")
        return Shift(
            starts=starts,
            ends=ends,
            names=tuple(self._member(each, "who") for each in _listed(written["who"])),
        )

    def _calendar(self, node: yaml.Node, name: str, zone: str) -> CalendarRoster:
        source = scalar(node, "calendar")
        if "://" in source and not is_calendar_url(source):
            raise Fault(node, "calendar", "it is an https address or an iCalendar file")
        place = source if "://" in source else str(self._folder / source)
        return CalendarRoster(
            name, place, timezone=zone, persons=tuple(self._persons.values()), kept_at=self._kept_at
        )

    def _name(self, node: yaml.Node) -> str:
        name = scalar(node, "name")
        if not _NAME.fullmatch(name):
            raise Fault(node, "name", f"{name[:60]!r} is no name of letters, digits, spaces and - . ' alone")
        if name.lower() in self._taken:
            raise Fault(node, "name", f"there is a {name!r} already")
        self._taken.add(name.lower())
        return name

    def _member(self, node: yaml.Node, field: str) -> str:
        name = scalar(node, field)
        if name.lower() in self._persons or ADDRESS.fullmatch(name):
            return name
        raise Fault(node, field, f"{name[:60]!r} is nobody of this file, no mail address and no apprise URL")

    def _address(self, node: yaml.Node) -> str:
        address = scalar(node, "tell")
        if not ADDRESS.fullmatch(address):
            raise Fault(node, "tell", "it is neither a mail address nor an apprise URL")
        return address

    def _zone(self, written: dict[str, yaml.Node]) -> str:
        node = written.get("timezone")
        if node is None:
            return self._timezone
        try:
            return ZoneInfo(scalar(node, "timezone")).key
        except (OSError, ValueError, KeyError):
            raise Fault(node, "timezone", "it is no IANA time zone such as Europe/London") from None


def _listed(node: yaml.Node) -> list[yaml.Node]:
    return entries(node, "people") if isinstance(node, yaml.SequenceNode) else [node]


def _reading(node: yaml.Node, field: str) -> datetime:
    text = scalar(node, field)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Fault(node, field, f"{text[:40]!r} is no time such as 2026-11-23 09:00") from None


def _whole_days(node: yaml.Node) -> timedelta:
    text = scalar(node, "every")
    weeks = re.fullmatch(r"(\d{1,2}) ?(?:w|weeks?)", text)
    every = timedelta(weeks=int(weeks[1])) if weeks else elapsed(text)
    if not every or every % _A_DAY:
        raise Fault(node, "every", f"{text[:40]!r} is no number of days or weeks such as 1w or 1d")
    return every


def _quiet(node: yaml.Node, zone: str) -> Calendar:
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise Fault(node, "quiet", "it holds weekdays with their hours, e.g. mon-fri: 22:00-07:00")
    hours: dict[str, list[str]] = {}
    for days, windows in node.value:
        for written in _listed(windows):
            for day in _days(days):
                for at, window in _windows(written, day):
                    hours.setdefault(_WEEK[at], []).append(window)
    try:
        return Calendar.parse({"timezone": zone, "hours": hours})
    except BadCalendar as error:
        raise Fault(node, "quiet", error.detail) from None


def _days(node: yaml.Node) -> list[int]:
    text = str(node.value).strip().lower()
    match = _DAYS.fullmatch(text)
    first, last = (match[1][:3], (match[2] or match[1])[:3]) if match else ("", "")
    if first not in _WEEK or last not in _WEEK:
        raise Fault(node, "quiet", f"{text[:40]!r} is no weekday and no range of them such as mon-fri")
    start, length = _WEEK.index(first), (_WEEK.index(last) - _WEEK.index(first)) % 7 + 1
    return [(start + number) % 7 for number in range(length)]


def _windows(node: yaml.Node, day: int) -> list[tuple[int, str]]:
    """The windows of a day as a calendar has them: a night belongs to two."""
    text = scalar(node, "quiet")
    match = _WINDOW.fullmatch(text)
    if match is None:
        raise Fault(node, "quiet", f"{text[:40]!r} are no hours such as 22:00-07:00")
    opens, closes = match[1].zfill(5), match[2].zfill(5)
    if opens < closes:
        return [(day, f"{opens}-{closes}")]
    night = [(day, f"{opens}-24:00")]
    return night if closes == "00:00" else [*night, ((day + 1) % 7, f"00:00-{closes}")]
