"""Read the ladder of escalation from its file; the format is told in config/ladder.yaml itself."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from importlib import resources
from pathlib import Path

import yaml

from complaints.deadlines import Unit, parse_terms
from complaints.errors import BadRegister, BadTerms
from complaints.escalation import GROUPS, BadLadder, Ladder, Rung, people
from complaints.outbox import NoticeKind

_FIELDS = ("name", "at", "tell", "every")
_LONGEST_NAME = 100
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,4})?) ?%")
_OFFSET = re.compile(r"([+-]) ?(\S.*)")
_ADDRESS = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,255}|[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_ELAPSED = {Unit.SECONDS: timedelta(seconds=1), Unit.DAYS: timedelta(days=1)}
_AT = "it is a share such as 75%, or a time before or after the deadline such as -30m or +4h"


class _Fault(Exception):
    """What is wrong, in which field and where."""

    def __init__(self, node: yaml.Node | None, field: str, message: str) -> None:
        super().__init__(message)
        self.line = node.start_mark.line + 1 if node else 1
        self.field = field


def load_ladder(path: Path | None) -> Ladder:
    """Read a ladder.

    Args:
        path: the file, or None for the ladder as delivered.

    Raises:
        BadRegister: one line naming file, line and field of the first mistake.
    """
    name = "config/ladder.yaml" if path is None else str(path)
    try:
        return _ladder(yaml.compose(_text(path), Loader=yaml.SafeLoader))
    except _Fault as fault:
        raise BadRegister(f"{name}, line {fault.line}, field {fault.field}: {fault}") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadRegister(f"{name}, line {line}: is no YAML ({error.problem})") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadRegister(f"{name}: cannot be read ({' '.join(str(error).split())})") from None


def unreachable(ladder: Ladder, groups: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The names of rungs that reach nobody with these members of triage, managers and deputy.

    A deputy is a customer's own; leave the group out to find rungs that count on a deputy alone.
    """
    return tuple(rung.name for rung in ladder.rungs if not people(rung.tells, groups))


def _text(path: Path | None) -> str:
    if path is None:
        return resources.files("config").joinpath("ladder.yaml").read_text(encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _ladder(document: yaml.Node | None) -> Ladder:
    listed = _fields(document, ("rungs",)).get("rungs")
    if not isinstance(listed, yaml.SequenceNode) or not listed.value:
        raise _Fault(listed or document, "rungs", "it must be a list with at least one rung")
    rungs = [(node, _rung(node)) for node in listed.value]
    _check_names(rungs)
    ladder = _ordered(rungs)
    _check_breach(listed, rungs)
    return ladder


def _ordered(rungs: list[tuple[yaml.Node, Rung]]) -> Ladder:
    try:
        return Ladder(rungs=tuple(rung for _, rung in rungs))
    except BadLadder as error:
        node = next(node for node, rung in rungs if rung.name == error.name)
        raise _Fault(_fields(node, _FIELDS)[error.field], error.field, error.detail) from None


def _check_names(rungs: list[tuple[yaml.Node, Rung]]) -> None:
    # A rung is known by its name in the history and in what keeps alerts from going out twice.
    counted = Counter(rung.name for _, rung in rungs)
    for node, rung in reversed(rungs):
        if counted[rung.name] > 1:
            raise _Fault(node, "name", f"two rungs are called {rung.name!r}")


def _check_breach(listed: yaml.Node, rungs: list[tuple[yaml.Node, Rung]]) -> None:
    breaches = [node for node, rung in rungs if rung.kind is NoticeKind.BREACH]
    if not breaches:
        raise _Fault(listed, "at", "no rung is at 100%, so nobody would hear of a breach")
    if len(breaches) > 1:
        raise _Fault(breaches[1], "at", "a second rung is at 100%; let one rung tell everybody")


def _fields(node: yaml.Node | None, known: Sequence[str]) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise _Fault(node, known[0], f"here must stand fields: {', '.join(known)}")
    fields: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value)[:40]
        if name not in known:
            raise _Fault(key, name, f"there is no such field; there are {', '.join(known)}")
        if name in fields:
            raise _Fault(key, name, "it stands here twice")
        fields[name] = value
    return fields


def _rung(node: yaml.Node) -> Rung:
    fields = _fields(node, _FIELDS)
    for name in ("name", "at", "tell"):
        if name not in fields:
            raise _Fault(node, name, "every rung needs one")
    at = _at(fields["at"])
    every = (
        _duration(fields["every"], "every", _scalar(fields["every"], "every")) if "every" in fields else None
    )
    tells = _tells(fields["tell"])
    return Rung(name=_name(fields["name"]), at=at, every=every, tells=tells, kind=_kind(at, every))


def _scalar(node: yaml.Node, field: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise _Fault(node, field, "it must be one value")
    return str(node.value).strip()


def _name(node: yaml.Node) -> str:
    name = _scalar(node, "name")
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise _Fault(node, "name", f"it must be one line of at most {_LONGEST_NAME} characters")
    return name


def _at(node: yaml.Node) -> float | timedelta:
    text = _scalar(node, "at")
    if match := _SHARE.fullmatch(text):
        return float(match[1]) / 100
    if match := _OFFSET.fullmatch(text):
        duration = _duration(node, "at", match[2])
        return -duration if match[1] == "-" else duration
    raise _Fault(node, "at", f"{text[:40]!r} cannot be read; {_AT}")


def _duration(node: yaml.Node, field: str, text: str) -> timedelta:
    try:
        terms = parse_terms(text)
    except BadTerms:
        terms = None
    if (
        terms is not None
        and not terms.is_vague
        and terms.cap is None
        and terms.by is None
        and terms.unit in _ELAPSED
    ):
        return _ELAPSED[terms.unit] * terms.amount
    raise _Fault(node, field, f"{text[:40]!r} is no elapsed time such as 90m, 4h or 1d")


def _tells(node: yaml.Node) -> tuple[str, ...]:
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if not nodes:
        raise _Fault(node, "tell", "the rung tells nobody")
    return tuple(dict.fromkeys(_person(each) for each in nodes))


def _person(node: yaml.Node) -> str:
    person = _scalar(node, "tell")
    if person not in GROUPS and not _ADDRESS.fullmatch(person):
        groups = ", ".join(GROUPS)
        raise _Fault(node, "tell", f"{person[:60]!r} is neither {groups}, a mail address nor an apprise URL")
    return person


def _kind(at: float | timedelta, every: timedelta | None) -> NoticeKind:
    late = at >= timedelta(0) if isinstance(at, timedelta) else at >= 1
    if not late:
        return NoticeKind.WARNING
    return NoticeKind.REMINDER if every is not None or at not in (1.0, timedelta(0)) else NoticeKind.BREACH
