"""How a complaint stood from when to when, as its history alone tells. Pure.

Nothing here is shared with what climbs the ladders: one mistake must not hide itself by being made twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from complaints.errors import NotAllowed
from complaints.lifecycle import Event, Status, advance, clock_runs
from complaints.model import LoggedEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """Somebody has taken the complaint up."""

    said_at: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """How a complaint stood between two events that changed something of it."""

    begins: datetime
    ends: datetime | None = None  # None: it still stands so
    first: int  # number of the event that began it
    status: Status = Status.RECEIVED
    customer_id: str = ""
    received_at: datetime
    due_at: datetime
    until: str = "sent"
    version: int = 1  # of the deadline
    forwarded_at: datetime | None = None
    acknowledged: bool = False
    breached_at: datetime | None = None
    pause: Pause | None = None
    held: bool = False  # a legal hold lay on it
    respond_by: date | None = None  # the body's own day

    @property
    def runs(self) -> bool | None:
        """Whether the contract's time ran; None: the history alone does not tell."""
        met = self.acknowledged if self.until == "acknowledged" else self.forwarded_at is not None
        held_up, arrived = (
            clock_runs(self.status, self.until, held_up=held, met=met) for held in (True, False)
        )
        return arrived if held_up == arrived else None


class BrokenHistory(ValueError):
    """An event that cannot follow those before it: its number, and why."""


def replay(history: Sequence[LoggedEvent], respond_by: date | None = None) -> list[Stand]:
    """Each way in which the complaint stood, in order; the last is how it stands now.

    Args:
        history: its events, in order.
        respond_by: the day that the record holds; where the history tells of none it is the letter's.

    Raises:
        BrokenHistory: the events do not make a history.
    """
    if not history:
        raise BrokenHistory("no event is left")
    stands = [replace(_beginning(history[0]), respond_by=_first_day(history, respond_by))]
    for event in history:
        before = stands[-1]
        try:
            after = _after(before, event)
        except (NotAllowed, KeyError, ValueError, TypeError) as error:
            raise BrokenHistory(f"event {event.seq} ({event.name}) cannot be: {error}") from error
        if after != before:
            stands[-1] = replace(before, ends=event.at)
            stands.append(replace(after, begins=event.at, first=event.seq))
    return stands


def _beginning(event: LoggedEvent) -> Stand:
    try:
        return Stand(
            begins=event.at,
            first=event.seq,
            received_at=datetime.fromisoformat(event.data["received_at"]),
            due_at=datetime.fromisoformat(event.data["due_at"]),
            until=str(event.data.get("until", "sent")),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise BrokenHistory(f"its first event is no receipt: {error}") from error


def _first_day(history: Sequence[LoggedEvent], kept: date | None) -> date | None:
    """The day in the letter, from which the first extension went on."""
    moved = next((event for event in history if event.name == Event.EXTENDED), None)
    if moved is None:
        return kept
    try:
        return _day(moved.data.get("from"))
    except ValueError as error:
        raise BrokenHistory(f"event {moved.seq} ({moved.name}) cannot be: {error}") from error


def _day(words: object) -> date | None:
    return date.fromisoformat(str(words)) if words else None


def _after(stand: Stand, event: LoggedEvent) -> Stand:
    happened = Event(event.name)
    status = advance(stand.status, happened)
    # Whoever took it up took up what it was then.
    pause = stand.pause if status is stand.status else None
    changed = _CHANGES.get(happened, _nothing)(stand, event)
    return replace(stand, **({"status": status, "pause": pause} | changed))


_NOBODY_HAS_IT: dict[str, Any] = {"forwarded_at": None, "acknowledged": False}


def _nothing(stand: Stand, event: LoggedEvent) -> dict[str, Any]:  # noqa: ARG001  one of many alike
    return {}


def _customer(stand: Stand, event: LoggedEvent) -> dict[str, Any]:
    customer_id = str(event.data["customer"])
    return {"customer_id": customer_id} | (_NOBODY_HAS_IT if customer_id != stand.customer_id else {})


def _acknowledged(stand: Stand, event: LoggedEvent) -> dict[str, Any]:  # noqa: ARG001
    return {"acknowledged": True}


def _copy(stand: Stand, event: LoggedEvent) -> dict[str, Any]:
    """A copy that lay in its mailbox before the one that was read first was the receipt (I3)."""
    if "how" not in event.data:
        return {}  # the same mail, seen in one more place
    received_at = datetime.fromisoformat(event.data["at"])
    earlier = stand.runs is not False and received_at < stand.received_at
    return {"received_at": received_at} if earlier else {}


def _deadline(stand: Stand, event: LoggedEvent) -> dict[str, Any]:
    (terms, _), (new_terms, due) = event.data["from"], event.data["to"]
    changed = {"due_at": datetime.fromisoformat(due), "until": str(event.data["until"][1])}
    same = terms == new_terms and all(getattr(stand, name) == value for name, value in changed.items())
    return changed | {"version": stand.version + (not same)}


def _forwarded(stand: Stand, event: LoggedEvent) -> dict[str, Any]:  # noqa: ARG001
    since = event.data.get("since")  # it rests on a forward that was accepted earlier
    return {"forwarded_at": datetime.fromisoformat(since) if since else event.at}


def _handed_over(stand: Stand, event: LoggedEvent) -> dict[str, Any]:
    return {"forwarded_at": stand.forwarded_at or event.at, "acknowledged": True}


def _undone(stand: Stand, event: LoggedEvent) -> dict[str, Any]:  # noqa: ARG001
    return {} if "stands" in event.data else _NOBODY_HAS_IT


def _breached(stand: Stand, event: LoggedEvent) -> dict[str, Any]:
    return {"breached_at": stand.breached_at or datetime.fromisoformat(event.data["due"])}


def _extended(stand: Stand, event: LoggedEvent) -> dict[str, Any]:  # noqa: ARG001
    return {"respond_by": _day(event.data["to"])}


def _paused(stand: Stand, event: LoggedEvent) -> dict[str, Any]:  # noqa: ARG001
    return {"pause": Pause(said_at=event.at, until=datetime.fromisoformat(event.data["until"]))}


def _resumed(stand: Stand, event: LoggedEvent) -> dict[str, Any]:  # noqa: ARG001
    return {"pause": None}


def _held(stand: Stand, event: LoggedEvent) -> dict[str, Any]:  # noqa: ARG001
    return {"held": True}


def _let_go(stand: Stand, event: LoggedEvent) -> dict[str, Any]:  # noqa: ARG001
    return {"held": False}


_CHANGES: dict[Event, Callable[[Stand, LoggedEvent], dict[str, Any]]] = {
    Event.MATCHED: _customer,
    Event.ASSIGNED: _customer,
    Event.ARRIVED_AGAIN: _copy,
    Event.DEADLINE_CHANGED: _deadline,
    Event.FORWARDED: _forwarded,
    Event.ACKNOWLEDGED: _acknowledged,
    Event.HANDED_OVER: _handed_over,
    Event.BOUNCED: _undone,
    Event.DELIVERY_FAILED: _undone,
    Event.SENT_BACK: _undone,
    Event.HELD: _held,
    Event.HOLD_RELEASED: _let_go,
    Event.BREACHED: _breached,
    Event.EXTENDED: _extended,
    Event.PAUSED: _paused,
    Event.RESUMED: _resumed,
}
"""What each event changes beside the status; the others change nothing."""
