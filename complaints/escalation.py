"""The ladder: which rungs have come since one last looked, who hears of them, and when the next one comes.

All that is remembered of a climb is the instant up to which it has been done. Every rung has an instant
of its own, so whatever lies between that one and now is due, once, however long nobody looked (I4, I7);
and a ladder may be changed while complaints climb it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from complaints.conditions import ALWAYS, Condition
from complaints.deadlines import repeat_at, repeats_passed, share, shifted
from complaints.model import Complaint
from complaints.outbox import NoticeKind

GROUPS = ("triage", "managers", "deputy", "manager")
"""Whom a rung can name beside people and single addresses; deputy and supplier manager are the customer's."""

Groups = Mapping[str, Sequence[str]]
"""Names in lower case, and the addresses behind each at one instant."""

LAST_HEIRS = ("managers", "triage")
"""Who hears of a rung when neither its own people nor those of any later one can be told."""


class Until(StrEnum):
    """What ends a rung that comes again and again."""

    FORWARDED = "forwarded"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """One step of a ladder. It has ``at`` or ``after``."""

    name: str
    # A share (0..1) of the time from start to due, or an offset (may be negative) from due.
    at: float | timedelta | None = None
    after: timedelta | None = None  # since the rung written before it
    every: timedelta | None = None  # from its instant on it comes again and again; None: once
    until: Until = Until.FORWARDED
    tells: tuple[str, ...]  # groups, people, mail addresses, apprise URLs
    when: Condition = ALWAYS  # looked at when its instant has come

    @property
    def is_breach(self) -> bool:
        """Whether it stands at the deadline itself."""
        return self.every is None and self.at in (1.0, timedelta(0))


class BadLadder(ValueError):
    """A rung that cannot stand where it does: its name, the field at fault, and what would be right."""

    def __init__(self, rung: Rung, field: str, detail: str) -> None:
        super().__init__(f"rung {rung.name!r}, field {field}: {detail}")
        self.name, self.field, self.detail = rung.name, field, detail


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """Rungs in the order of their file, and whom they are meant for.

    Raises:
        BadLadder: a rung has no instant, or one that it cannot have.
    """

    rungs: tuple[Rung, ...]
    name: str = ""  # empty: the one for all others
    fits: Condition = ALWAYS

    def __post_init__(self) -> None:
        """Refuse rungs without an instant."""
        for place, rung in enumerate(self.rungs):
            _check(rung, first=place == 0)

    def only(self, until: Until) -> "Ladder":
        """The rungs that come again until this."""
        return replace(self, rungs=tuple(r for r in self.rungs if r.every is not None and r.until is until))


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladders:
    """All ladders of the house."""

    default: Ladder
    special: tuple[Ladder, ...] = ()  # the first that fits is climbed instead
    acknowledgement: Ladder | None = None  # from the forward on, until it is acknowledged
    answer: Ladder | None = (
        None  # from the forward on, to the body's own day to answer by, until it is answered
    )

    def of(self, complaint: Complaint) -> Ladder:
        """The ladder to the forwarding of this complaint."""
        return next((ladder for ladder in self.special if ladder.fits.holds(complaint)), self.default)

    @property
    def every_one(self) -> tuple[tuple[str, Ladder], ...]:
        """Each with what people call it; the one for all others is called nothing."""
        more = (("acknowledgement", self.acknowledgement), ("answer", self.answer))
        return (
            ("", self.default),
            *((ladder.name, ladder) for ladder in self.special),
            *((name, ladder) for name, ladder in more if ladder is not None),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class ReachedRung:
    """A rung whose instant has come for one complaint."""

    name: str
    at: datetime  # when it was due, UTC
    kind: NoticeKind  # warning, breach or reminder
    tells: tuple[str, ...]
    when: Condition = ALWAYS
    later: tuple[Rung, ...] = field(default=(), compare=False)  # the rungs above it
    instead: tuple[str, ...] = ()  # whom it names itself, where none of them can be told


@dataclass(frozen=True, kw_only=True, slots=True)
class Climb:
    """What one look at the ladder finds."""

    reached: tuple[ReachedRung, ...]  # newly reached, lowest first; missed repeats only by their newest
    done: datetime  # up to and with this instant the ladder is behind the complaint
    next_at: datetime | None  # UTC; None: the ladder has come to its end


def due_rungs(ladder: Ladder, done: datetime | None, start: datetime, due: datetime, now: datetime) -> Climb:
    """What has come since the ladder was last looked at.

    Args:
        ladder: the ladder of this complaint.
        done: up to when (included) it has been climbed; None: never.
        start: aware; where its time begins.
        due: aware; where its time ends.
        now: aware. An instant before ``done`` (a clock that was set back) unclimbs nothing.
    """
    until = now if done is None else max(now, done)
    by_height = sorted(_firsts(ladder, start, due), key=lambda pair: pair[1])
    above = [rung for rung, _ in by_height]
    newest = (
        _newest(rung, first, due, until, tuple(above[place + 1 :]))
        for place, (rung, first) in enumerate(by_height)
    )
    reached = [rung for rung in newest if rung and (done is None or rung.at > done)]
    return Climb(
        reached=tuple(sorted(reached, key=lambda rung: rung.at)),
        done=until,
        next_at=next_after(ladder, until, start, due),
    )


def next_after(ladder: Ladder, instant: datetime | None, start: datetime, due: datetime) -> datetime | None:
    """When the first rung later than this instant comes, in UTC; None: there is none."""
    instants = (_next(rung, first, instant) for rung, first in _firsts(ladder, start, due))
    return min((at for at in instants if at is not None), default=None)


def meant(reached: Sequence[ReachedRung], complaint: Complaint, groups: Groups) -> tuple[ReachedRung, ...]:
    """The rungs that are meant for this complaint, each with people who can be told.

    A rung that reaches nobody keeps its instant and its words, and is heard at once by the people of the next
    one that reaches somebody: nobody waits for a step on which nobody stands.
    """
    return tuple(
        rung if people(rung.tells, groups) else _inherited(rung, complaint, groups)
        for rung in reached
        if rung.when.holds(complaint)
    )


def tell(reached: Sequence[ReachedRung], groups: Groups) -> dict[str, ReachedRung]:
    """Who hears of which rung: everybody of the highest one only that addresses them.

    The breach stands above any reminder, so that after a long downtime the first that people hear is
    that the promise was broken.

    Args:
        reached: the rungs of one climb, lowest first.
        groups: the members of each group; a group left out has none.
    """
    by_height = sorted(reached, key=lambda rung: rung.kind is NoticeKind.BREACH)
    return {person: rung for rung in by_height for person in people(rung.tells, groups)}


def people(tells: Sequence[str], groups: Groups) -> tuple[str, ...]:
    """The addresses behind names and single addresses, each once; mail addresses in lower case."""
    named = (address for name in tells for address in _behind(name, groups))
    return tuple(dict.fromkeys(one_way(address) for address in named if address.strip()))


def one_way(person: str) -> str:
    """One spelling for one address; somebody listed twice with other capitals would hear everything twice."""
    # URLs do tell capitals apart.
    return person.strip() if is_url(person) else person.strip().lower()


def is_url(address: str) -> bool:
    """Whether apprise carries what is sent there."""
    return "://" in address


def _behind(name: str, groups: Groups) -> Sequence[str]:
    known = groups.get(name.lower())
    if known is not None:
        return known
    return (name,) if is_url(name) or "@" in name else ()


def _inherited(rung: ReachedRung, complaint: Complaint, groups: Groups) -> ReachedRung:
    above = (higher.tells for higher in rung.later if higher.when.holds(complaint))
    heirs = next((tells for tells in above if people(tells, groups)), LAST_HEIRS)
    return replace(rung, tells=heirs, instead=rung.tells)


def _firsts(ladder: Ladder, start: datetime, due: datetime) -> list[tuple[Rung, datetime]]:
    """Each rung and the instant at which it first comes."""
    found: list[tuple[Rung, datetime]] = []
    for rung in ladder.rungs:
        if rung.after is not None:
            at = shifted(found[-1][1], rung.after)
        elif isinstance(rung.at, timedelta):
            at = shifted(due, rung.at)
            # A warning two hours before the end of a term of one hour comes at once, not in the past. Of a day
            # that had passed before its letter came every rung keeps its place, so that the last is told.
            at = max(start, at) if start <= due else at
        else:
            at = share(min(start, due), due, rung.at or 0.0)
        found.append((rung, at))
    return found


def _newest(
    rung: Rung, first: datetime, due: datetime, now: datetime, later: tuple[Rung, ...]
) -> ReachedRung | None:
    """The newest coming of this rung; those before it say nothing that it does not say."""
    if first > now:
        return None
    at = first
    if rung.every is not None:
        at = repeat_at(first, rung.every, repeats_passed(first, rung.every, now) - 1)
    return ReachedRung(
        name=rung.name, at=at, kind=_kind(rung, at, due), tells=rung.tells, when=rung.when, later=later
    )


def _next(rung: Rung, first: datetime, instant: datetime | None) -> datetime | None:
    if instant is None or first > instant:
        return first
    return (
        None
        if rung.every is None
        else repeat_at(first, rung.every, repeats_passed(first, rung.every, instant))
    )


def _kind(rung: Rung, at: datetime, due: datetime) -> NoticeKind:
    if rung.is_breach:
        return NoticeKind.BREACH
    # Of a term without any length every share comes at the deadline, and is a warning all the same.
    written_before = rung.at is not None and rung.every is None and not _is_late(rung.at)
    return NoticeKind.WARNING if written_before or at < due else NoticeKind.REMINDER


def _is_late(at: float | timedelta) -> bool:
    return at >= timedelta(0) if isinstance(at, timedelta) else at >= 1


def _check(rung: Rung, *, first: bool) -> None:
    if (rung.at is None) == (rung.after is None):
        raise BadLadder(rung, "at", "a rung has at or after, and not both")
    if isinstance(rung.at, float | int) and not 0 <= rung.at <= 1:
        raise BadLadder(rung, "at", "a share lies between 0% and 100%; after the deadline write e.g. +4h")
    if rung.after is not None and first:
        raise BadLadder(rung, "after", "there is no rung before it; write at")
    if rung.after is not None and rung.after <= timedelta(0):
        raise BadLadder(rung, "after", "it must come some time after the rung before it, e.g. 30m")
    if rung.every is not None and rung.every <= timedelta(0):
        raise BadLadder(rung, "every", "it must come again after some time, e.g. 4h")
    if rung.until is not Until.FORWARDED and rung.every is None:
        raise BadLadder(rung, "until", "only a rung with every comes again until something happens")
