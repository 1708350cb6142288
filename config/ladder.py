"""Read the ladders of escalation from their file; the format is told in config/ladder.yaml itself."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta
from enum import StrEnum
from importlib import resources
from pathlib import Path

import yaml

from complaints.conditions import ALWAYS, ASKED, Condition, Urgent
from complaints.deadlines import Unit, parse_terms
from complaints.errors import BadTerms
from complaints.escalation import GROUPS, BadLadder, Groups, Ladder, Ladders, Rung, Until, people
from complaints.lifecycle import Status
from complaints.model import Kind
from config.yaml_fields import Fault, entries, fields, read, scalar

_PARTS = ("rungs", "ladders", "acknowledgement", "answer")
_LADDER = ("name", "for", "rungs")
_RUNG = ("name", "at", "after", "every", "until", "tell", "when")
_LONGEST_NAME = 100
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,4})?) ?%")
_OFFSET = re.compile(r"([+-]) ?(\S.*)")
ADDRESS = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,255}|[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_ELAPSED = {Unit.SECONDS: timedelta(seconds=1), Unit.DAYS: timedelta(days=1)}
_AT = "it is a share such as 75%, or a time before or after the deadline such as -30m or +4h"
_VALUES: dict[str, type[StrEnum]] = {"kind": Kind, "status": Status, "urgent": Urgent}


def load_ladder(path: Path | None, names: Collection[str] = ()) -> Ladders:
    """Read the ladders.

    Args:
        path: the file, or None for the ladder as delivered.
        names: people and groups (in lower case) that a rung may tell beside those that always are.

    Raises:
        BadRegister: one line naming file, line and field of the first mistake.
    """
    if path is not None:
        return read(str(path), lambda: path.read_text(encoding="utf-8"), _Reader(names).ladders)
    delivered = resources.files("config").joinpath("ladder.yaml")
    return read("config/ladder.yaml", lambda: delivered.read_text(encoding="utf-8"), _Reader(names).ladders)


def unreachable(ladders: Ladders, groups: Groups) -> tuple[str, ...]:
    """The names of rungs that reach nobody with these members of each group.

    The deputy is a customer's own; leave them out to find rungs that count on them alone. The supplier manager
    of a reminder is whoever has the letter, so there is always one.
    """
    return tuple(
        f"{rung.name} ({name})" if name else rung.name
        for name, ladder in ladders.every_one
        for rung in ladder.rungs
        if "manager" not in rung.tells and not people(rung.tells, groups)
    )


class _Reader:
    """Makes ladders of a file's nodes."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def ladders(self, document: yaml.Node | None) -> Ladders:
        parts = fields(document, _PARTS)
        default = self._forwarding(document, parts)
        special = (
            [self._special(node) for node in entries(parts["ladders"], "ladders")]
            if "ladders" in parts
            else []
        )
        if "ladders" in parts:
            _check_names(list(zip(entries(parts["ladders"], "ladders"), special, strict=True)), "ladders")
        return Ladders(
            default=default,
            special=tuple(special),
            acknowledgement=self._after_forward(parts, "acknowledgement"),
            answer=self._after_forward(parts, "answer"),
        )

    def _special(self, node: yaml.Node) -> Ladder:
        parts = fields(node, _LADDER)
        for name in _LADDER:
            if name not in parts:
                raise Fault(node, name, "every further ladder needs one")
        name = _name(parts["name"])
        if name.lower() in _PARTS:
            raise Fault(parts["name"], "name", f"{name!r} is a ladder's name already")
        fits = _condition(parts["for"], "for")
        return self._forwarding(node, parts, name, fits)

    def _forwarding(
        self, node: yaml.Node | None, parts: dict[str, yaml.Node], name: str = "", fits: Condition = ALWAYS
    ) -> Ladder:
        listed = parts.get("rungs")
        rungs = self._rungs(listed or node, "rungs", listed)
        for at, rung in rungs:
            written = fields(at, _RUNG)
            if "manager" in rung.tells:
                raise Fault(written["tell"], "tell", "the supplier manager hears of it by the forward alone")
            if rung.is_breach and rung.when is not ALWAYS:
                raise Fault(written["when"], "when", "a breach is told of whatever it is like")
        ladder = _ladder(rungs, name, fits)
        _check_breach(listed, rungs)
        return ladder

    def _after_forward(self, parts: dict[str, yaml.Node], name: str) -> Ladder | None:
        listed = parts.get(name)
        if listed is None:
            return None
        rungs = self._rungs(listed, name, listed)
        for node, rung in rungs:
            written = fields(node, _RUNG)
            if "until" in written:
                raise Fault(written["until"], "until", f"these rungs end with the {name} by themselves")
            late = isinstance(rung.at, timedelta) and rung.at >= timedelta(0)
            if name == "acknowledgement" and rung.at is not None and not late:
                raise Fault(written["at"], "at", "it is a time after the forward, such as +1d")
        return _ladder(rungs, name)

    def _rungs(
        self, place: yaml.Node | None, field: str, listed: yaml.Node | None
    ) -> list[tuple[yaml.Node, Rung]]:
        if not isinstance(listed, yaml.SequenceNode) or not listed.value:
            raise Fault(place, field, "it must be a list with at least one rung")
        rungs = [(node, self._rung(node)) for node in listed.value]
        # A rung is known by its name in the history and in what keeps alerts from going out twice.
        _check_names(rungs, "rungs")
        return rungs

    def _rung(self, node: yaml.Node) -> Rung:
        written = fields(node, _RUNG)
        for name in ("name", "tell"):
            if name not in written:
                raise Fault(node, name, "every rung needs one")
        if "at" not in written and "after" not in written:
            raise Fault(node, "at", "every rung needs one, or after")
        return Rung(
            name=_name(written["name"]),
            at=_at(written["at"]) if "at" in written else None,
            after=_duration_of(written, "after"),
            every=_duration_of(written, "every"),
            until=_until(written["until"]) if "until" in written else Until.FORWARDED,
            tells=self._tells(written["tell"]),
            when=_condition(written["when"], "when") if "when" in written else ALWAYS,
        )

    def _tells(self, node: yaml.Node) -> tuple[str, ...]:
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not nodes:
            raise Fault(node, "tell", "the rung tells nobody")
        return tuple(dict.fromkeys(self._person(each) for each in nodes))

    def _person(self, node: yaml.Node) -> str:
        person = scalar(node, "tell")
        if person.lower() in GROUPS or person.lower() in self._names:
            return person.lower()
        if not ADDRESS.fullmatch(person):
            known = ", ".join((*GROUPS, *sorted(self._names)))
            raise Fault(
                node,
                "tell",
                f"{person[:60]!r} is neither one of {known}, nor a mail address or an apprise URL",
            )
        return person


def _ladder(rungs: list[tuple[yaml.Node, Rung]], name: str, fits: Condition = ALWAYS) -> Ladder:
    try:
        return Ladder(rungs=tuple(rung for _, rung in rungs), name=name, fits=fits)
    except BadLadder as error:
        node = next(node for node, rung in rungs if rung.name == error.name)
        raise Fault(fields(node, _RUNG).get(error.field, node), error.field, error.detail) from None


def _check_names(named: Sequence[tuple[yaml.Node, Rung | Ladder]], what: str) -> None:
    counted = Counter(one.name.lower() for _, one in named)
    for node, one in reversed(named):
        if counted[one.name.lower()] > 1:
            raise Fault(node, "name", f"two {what} are called {one.name!r}")


def _check_breach(listed: yaml.Node | None, rungs: list[tuple[yaml.Node, Rung]]) -> None:
    breaches = [node for node, rung in rungs if rung.is_breach]
    if not breaches:
        raise Fault(listed, "at", "no rung is at 100%, so nobody would hear of a breach")
    if len(breaches) > 1:
        raise Fault(breaches[1], "at", "a second rung is at 100%; let one rung tell everybody")


def _name(node: yaml.Node) -> str:
    name = scalar(node, "name")
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise Fault(node, "name", f"it must be one line of at most {_LONGEST_NAME} characters")
    return name


def _at(node: yaml.Node) -> float | timedelta:
    text = scalar(node, "at")
    if match := _SHARE.fullmatch(text):
        return float(match[1]) / 100
    if match := _OFFSET.fullmatch(text):
        duration = _duration(node, "at", match[2])
        return -duration if match[1] == "-" else duration
    raise Fault(node, "at", f"{text[:40]!r} cannot be read; {_AT}")


def _duration_of(written: dict[str, yaml.Node], field: str) -> timedelta | None:
    node = written.get(field)
    return None if node is None else _duration(node, field, scalar(node, field))


def _duration(node: yaml.Node, field: str, text: str) -> timedelta:
    duration = elapsed(text)
    if duration is None:
        raise Fault(node, field, f"{text[:40]!r} is no elapsed time such as 90m, 4h or 1d")
    return duration


def elapsed(text: str) -> timedelta | None:
    """A time such as ``90m``, ``4h`` or ``1d``, nights and weekends included; None: it is none."""
    try:
        terms = parse_terms(text)
    except BadTerms:
        return None
    if terms.is_vague or terms.cap is not None or terms.by is not None or terms.unit not in _ELAPSED:
        return None
    return _ELAPSED[terms.unit] * terms.amount


def _until(node: yaml.Node) -> Until:
    text = scalar(node, "until").lower()
    try:
        return Until(text)
    except ValueError:
        raise Fault(node, "until", f"{text[:40]!r} is neither {' nor '.join(Until)}") from None


def _condition(node: yaml.Node, field: str) -> Condition:
    asked = fields(node, tuple(ASKED), field)
    if not asked:
        raise Fault(node, field, f"it asks nothing; it can ask for {', '.join(ASKED)}")
    return Condition(answers=tuple((name, _fitting(value, name, field)) for name, value in asked.items()))


def _fitting(node: yaml.Node, name: str, field: str) -> tuple[str, ...]:
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if not nodes:
        raise Fault(node, f"{field}.{name}", "nothing would ever fit")
    found = [(each, scalar(each, f"{field}.{name}").lower()) for each in nodes]
    for each, value in found:
        known = [one.value for one in _VALUES.get(name, ())]
        if known and value not in known:
            raise Fault(each, f"{field}.{name}", f"{value[:40]!r} is none of {', '.join(known)}")
    return tuple(sorted({value for _, value in found}))
