"""Deadlines for people in a terminal: how one came about, and what a recalculation changes."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from complaints.explaining import Explanation
from complaints.model import Complaint
from complaints.recalculation import Change
from flows import show

_UNTIL = {
    "sent": "the relay has accepted the forward",
    "delivered": "the relay has accepted the forward, unless a report says that it is still under way",
    "acknowledged": "the customer has acknowledged it",
}


def show_explanation(found: Explanation, zone: ZoneInfo) -> None:
    """Print how a deadline came about."""
    one = found.complaint
    show.facts(_outline(found, zone))
    show.steps(found.steps, zone)
    if not found.kept:
        show.line(
            "Nothing was kept of the calendar it was counted in; the steps are by today's.", style="yellow"
        )
    if not found.adds_up:
        show.line("These steps do not come to the instant written down, which holds.", style="yellow")
    if found.differs and one.clock_runs:
        show.line(
            f"Today's terms and calendar would give {_instead(found, zone)}; the deadline that is written down holds."
            f" `forthwith recalculate {one.ref}` changes it, on the record.",
            style="yellow",
        )
    elif found.differs:
        show.line(f"Today's terms and calendar would give {_instead(found, zone)}.", style="yellow")


def _instead(found: Explanation, zone: ZoneInfo) -> str:
    today = found.today
    until = "" if today.until == found.complaint.until else f", until {today.until}"
    return f"{show.instant(today.due_at, zone)} ({today.terms}; calendar {today.calendar}{until})"


def _outline(found: Explanation, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    one = found.complaint
    yield "received", show.instant(one.received_at, zone)
    yield "terms", found.plain_terms
    yield "calendar", f"{one.calendar} {one.calendar_version}".strip()
    yield "urgent", one.urgent
    yield "due", f"{show.instant(one.due_at, zone)} (version {one.deadline_version})"
    yield "the time ends when", _UNTIL.get(one.until, one.until)
    if found.unless_forbidden:
        yield "may be withheld", "the contract knows letters of which the law forbids to tell the customer"
    yield "in short", one.reckoned


def show_changes(changes: Iterable[Change], zone: ZoneInfo, *, dry_run: bool) -> None:
    """Print what a recalculation changes, a line a complaint."""
    for change in changes:
        show.line(f"{change.before.ref}: {_told(change, zone, dry_run=dry_run)}")


def _told(change: Change, zone: ZoneInfo, *, dry_run: bool) -> str:
    before, after = change.before, change.after
    if after is None:
        return f"{before.status.value}; its time runs no more, nothing is recalculated"
    if not change.moves:
        return f"stays due {show.instant(before.due_at, zone)} ({before.terms})"
    word = "would be due" if dry_run else "is due"
    breached = "; its recorded breach stays" if before.breached_at else ""
    return (
        f"{word} {show.instant(after.due_at, zone)} ({after.terms}; calendar {after.calendar}, until {after.until}),"
        f" was {_was(before, zone)}{breached}"
    )


def _was(before: Complaint, zone: ZoneInfo) -> str:
    calendar = f"; calendar {before.calendar}" if before.calendar else ""
    return f"{show.instant(before.due_at, zone)} ({before.terms}{calendar}, until {before.until})"
