"""The ladder: which rungs a complaint has reached, who hears of them, and when the next one comes.

The rungs of one complaint are one numbered sequence: the finite ones in the order of their instants,
then the repeating one without end. Only how many lie behind a complaint is remembered, so that after
any downtime one look does all that is due, once (I4, I7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.deadlines import repeat_at, repeats_passed, share, shifted
from complaints.outbox import NoticeKind

GROUPS = ("triage", "managers", "deputy")
"""Whom a rung can name beside single addresses; the deputy is the customer's, where one is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """One step of the ladder."""

    name: str
    at: (
        float | timedelta
    )  # share of the time from receipt to due (0..1), or offset from due (may be negative)
    every: timedelta | None = None  # from ``at`` on it comes again and again; None: once
    tells: tuple[str, ...]  # groups, mail addresses, apprise URLs
    kind: NoticeKind  # warning, breach or reminder


class BadLadder(ValueError):
    """A rung that cannot stand where it does: its name, the field at fault, and what would be right."""

    def __init__(self, rung: Rung, field: str, detail: str) -> None:
        super().__init__(f"rung {rung.name!r}, field {field}: {detail}")
        self.name, self.field, self.detail = rung.name, field, detail


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """The rungs of a house or a customer.

    Shares end at 1 and the repeating rung comes after all others: otherwise the length of the term
    would decide which rung is the higher one.

    Raises:
        BadLadder: a rung breaks that rule, or more than one repeats.
    """

    rungs: tuple[Rung, ...]

    def __post_init__(self) -> None:
        """Refuse what has no order."""
        for rung in self.rungs:
            if not isinstance(rung.at, timedelta) and not 0 <= rung.at <= 1:
                raise BadLadder(
                    rung, "at", "a share lies between 0% and 100%; after the deadline write e.g. +4h"
                )
            if rung.every is not None:
                self._check_repeating(rung, rung.every)

    @property
    def finite(self) -> tuple[Rung, ...]:
        """The rungs that come once."""
        return tuple(rung for rung in self.rungs if rung.every is None)

    @property
    def repeating(self) -> Rung | None:
        """The rung that comes again and again, where there is one."""
        return next((rung for rung in self.rungs if rung.every is not None), None)

    def _check_repeating(self, rung: Rung, every: timedelta) -> None:
        if rung is not self.repeating:
            raise BadLadder(rung, "every", "only one rung can repeat")
        if every <= timedelta(0):
            raise BadLadder(rung, "every", "it must come again after some time, e.g. 4h")
        if not isinstance(rung.at, timedelta) or rung.at < timedelta(0):
            raise BadLadder(rung, "at", "a repeating rung starts after the deadline, e.g. +4h")
        if any(isinstance(other.at, timedelta) and other.at > rung.at for other in self.finite):
            raise BadLadder(rung, "at", "a repeating rung starts after every other rung")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReachedRung:
    """A rung whose instant has come for one complaint."""

    index: int  # its place in the complaint's sequence, from 0
    name: str
    at: datetime  # when it was due, UTC
    kind: NoticeKind
    tells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Climb:
    """What one look at the ladder finds."""

    reached: tuple[ReachedRung, ...]  # newly reached, lowest first; missed repeats only by their newest
    done: int  # how many rungs are behind the complaint now, every missed repeat included
    next_at: datetime | None  # UTC; None: the ladder has come to its end


def rung_at(ladder: Ladder, index: int, received_at: datetime, due_at: datetime) -> datetime | None:
    """When rung number ``index`` (from 0) of this complaint comes, in UTC; None beyond the last one."""
    rung = _reached(ladder, index, received_at, due_at)
    return rung.at if rung else None


def due_rungs(ladder: Ladder, done: int, received_at: datetime, due_at: datetime, now: datetime) -> Climb:
    """What has come since ``done`` rungs were behind this complaint.

    Args:
        ladder: the ladder of this complaint.
        done: how many rungs are behind it, 0 for a new one.
        received_at: aware; the clock's start.
        due_at: aware; the deadline of the version that ``done`` belongs to.
        now: aware.
    """
    passed = max(done, _passed(ladder, received_at, due_at, now))
    finite = len(ladder.finite)
    wanted = list(range(done, min(passed, finite)))
    if passed > max(done, finite):
        # Repeats missed during a downtime say nothing that the newest does not say.
        wanted.append(passed - 1)
    reached = (_reached(ladder, index, received_at, due_at) for index in wanted)
    return Climb(
        reached=tuple(rung for rung in reached if rung),
        done=passed,
        next_at=rung_at(ladder, passed, received_at, due_at),
    )


def tell(reached: Sequence[ReachedRung], groups: Mapping[str, Sequence[str]]) -> dict[str, ReachedRung]:
    """Who hears of which rung: everybody of the highest one only that addresses them.

    The breach stands above any reminder, so that after a long downtime the first that people hear is
    that the promise was broken.

    Args:
        reached: the rungs of one climb, lowest first.
        groups: the members of triage, managers and deputy; a group left out has none.
    """
    by_height = sorted(reached, key=lambda rung: (rung.kind is NoticeKind.BREACH, rung.index))
    return {person: rung for rung in by_height for person in people(rung.tells, groups)}


def unheard(reached: Sequence[ReachedRung], groups: Mapping[str, Sequence[str]]) -> tuple[ReachedRung, ...]:
    """The rungs that reach nobody: an alarm of their own."""
    return tuple(rung for rung in reached if not people(rung.tells, groups))


def people(tells: Sequence[str], groups: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The addresses behind groups and single addresses, each once; mail addresses in lower case."""
    named = (person for name in tells for person in (groups.get(name, ()) if name in GROUPS else (name,)))
    return tuple(dict.fromkeys(_one_way(person) for person in named if person.strip()))


def _one_way(person: str) -> str:
    # Somebody listed twice with other capitals would hear everything twice; URLs do tell them apart.
    return person.strip() if "://" in person else person.strip().lower()


def _passed(ladder: Ladder, received_at: datetime, due_at: datetime, now: datetime) -> int:
    finite = sum(at <= now for at, _ in _finite(ladder, received_at, due_at))
    repeating = ladder.repeating
    if finite < len(ladder.finite) or repeating is None or repeating.every is None:
        return finite
    return finite + repeats_passed(_instant(repeating, received_at, due_at), repeating.every, now)


def _reached(ladder: Ladder, index: int, received_at: datetime, due_at: datetime) -> ReachedRung | None:
    finite = _finite(ladder, received_at, due_at)
    if index < len(finite):
        at, rung = finite[index]
    elif ladder.repeating is not None and ladder.repeating.every is not None:
        rung = ladder.repeating
        first = _instant(rung, received_at, due_at)
        at = repeat_at(first, ladder.repeating.every, index - len(finite))
    else:
        return None
    return ReachedRung(index=index, name=rung.name, at=at, kind=rung.kind, tells=rung.tells)


def _finite(ladder: Ladder, received_at: datetime, due_at: datetime) -> list[tuple[datetime, Rung]]:
    rungs = [(_instant(rung, received_at, due_at), rung) for rung in ladder.finite]
    return sorted(rungs, key=lambda pair: pair[0])


def _instant(rung: Rung, received_at: datetime, due_at: datetime) -> datetime:
    if isinstance(rung.at, timedelta):
        # A warning two hours before the end of a term of one hour comes at once, not in the past.
        return max(received_at, shifted(due_at, rung.at))
    return share(received_at, due_at, rung.at)
