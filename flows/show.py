"""What people see in a terminal. Whatever came from outside is one line without control characters (I10)."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from complaints.absences import Absence
from complaints.deadlines import Interval
from complaints.holds import ON_HOLD
from complaints.lessons import Lesson
from complaints.lifecycle import Status
from complaints.model import Assessment, Complaint, Customer, Matched
from complaints.reasons import in_words
from complaints.store.mails import StoredMail
from config.doctor import Finding
from config.settings import Described
from flows import words

_WIDTH_OF_A_FILE = 180
_WIDE_ENOUGH = 120
_LONGEST = 500

Cell = str | Text


class _Console(Console):
    """A console that does not decide by itself how the program ends."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console() -> Console:
    """Where to print: as wide as the terminal; wide enough for whole rows where there is none."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        width = int(columns)
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDTH_OF_A_FILE
    return _Console(file=sys.stdout, width=max(width, 40), highlight=False, emoji=False, markup=False)


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Print rows under heads; what does not fit goes on in the next line of its cell."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for head in heads:
        shown.add_column(head, overflow="fold")
    for row in rows:
        shown.add_row(*(cell if isinstance(cell, Text) else Text(safe(cell)) for cell in row))
    console().print(shown)


def facts(pairs: Iterable[tuple[str, Cell]]) -> None:
    """Print names and values, those without a value left out."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for name, value in pairs:
        if value:
            grid.add_row(name, value if isinstance(value, Text) else Text(safe(value)))
    console().print(grid)


def heading(text: str) -> None:
    """Print a heading with room above."""
    console().print(Text(f"\n{safe(text)}", style="bold"))


def line(text: str, style: str = "", *, indent: int = 0) -> None:
    """Print one line, however long, some columns to the right."""
    console().print(Text(" " * indent + safe(text), style=style), soft_wrap=True)


def safe(text: str) -> str:
    """Text from outside as one line that can do nothing to a terminal."""
    return words.one_line(text, longest=_LONGEST)


def instant(when: datetime | None, zone: ZoneInfo) -> str:
    """An instant with its zone, to the second: ``Mon 23 Nov 2026 14:05:00 Europe/London``."""
    if when is None:
        return ""
    local = when.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M:%S} {zone.key}"


def answer_by(day: date | None, received_at: datetime, zone: ZoneInfo) -> str:
    """The day by which the body wants its answer, and whether the letter came too late for it."""
    if day is None:
        return ""
    late = words.came_too_late(day, received_at, zone)
    return f"{day.isoformat()}, which had passed when the letter came" if late else day.isoformat()


def due(complaint: Complaint, now: datetime) -> Text:
    """How much time is left, or how it ended."""
    if complaint.clock_runs:
        left = words.span(complaint.due_at - now)
        if now > complaint.due_at:
            return Text(f"OVERDUE by {left}", style="bold red")
        return Text(f"in {left}")
    if complaint.met_at is None:
        return Text("")
    word = "acknowledged" if complaint.until == "acknowledged" else "forwarded"
    spare = words.span(complaint.due_at - complaint.met_at)
    if complaint.met_at > complaint.due_at:
        return Text(f"{word} {spare} LATE", style="red")
    return Text(f"{word} {spare} before")


def paused(complaint: Complaint, now: datetime, zone: ZoneInfo) -> str:
    """Until when somebody has taken it up; empty where nobody has."""
    until = complaint.paused_until
    return f"paused until {words.short(until, zone)}" if until is not None and until > now else ""


def complaints(found: Sequence[Complaint], now: datetime, zone: ZoneInfo) -> None:
    """Print complaints, a row each."""
    if not found:
        line("No complaint is open.")
        return
    rows = [_row(one, now, zone) for one in found]
    if console().width < _WIDE_ENOUGH:
        for row in rows:
            _block(row)
        return
    table(("ref", "status", "authority", "reference", "customer", f"due ({zone.key})", ""), rows)


def _block(row: Sequence[Cell]) -> None:
    """A row where there is no room for columns."""
    ref, status, authority, reference, customer, due_at, left = row
    console().print(Text.assemble((str(ref), "bold"), f"  {status}  due {due_at}  ", left))
    for text in (f"{authority}  {reference}".rstrip(), str(customer)):
        console().print(Text(f"         {safe(text)}"))


def _row(one: Complaint, now: datetime, zone: ZoneInfo) -> tuple[Cell, ...]:
    waits = one.status is Status.NEEDS_REVIEW and one.review_reason
    status = f"{one.status.value}: {in_words(one.review_reason)}" if waits else one.status.value
    if one.held_at is not None and one.review_reason != ON_HOLD:
        status = f"{status}, legal hold"
    if held := paused(one, now, zone):
        status = f"{status}, {held}"
    return (
        one.ref,
        status,
        words.authority(one),
        one.reference,
        words.customer(one),
        words.short(one.due_at, zone),
        due(one, now),
    )


def filed(mails: Sequence[StoredMail], zone: ZoneInfo) -> None:
    """Print mail that needed no routing, a row each."""
    if not mails:
        line("No mail was filed.")
        return
    heads = ("mail", f"received ({zone.key})", "kind", "from", "subject", "why")
    table(
        heads,
        (
            (
                str(one.id),
                words.short(one.received_at, zone),
                one.kind,
                one.sender,
                one.subject[:120],
                one.why,
            )
            for one in mails
        ),
    )


def steps(intervals: Iterable[Interval], zone: ZoneInfo) -> None:
    """Print how a deadline came about."""
    rows = (
        (
            instant(one.start, zone).removesuffix(f" {zone.key}"),
            instant(one.end, zone).removesuffix(f" {zone.key}"),
            words.span(one.end - one.start),
            "counts" if one.counted else "does not count",
            one.why,
        )
        for one in intervals
    )
    table((f"from ({zone.key})", "until", "length", "", "why"), rows)


def findings(found: Iterable[Finding]) -> None:
    """Print what was tried, and what to do about what failed."""
    for one in found:
        mark, style = ("ok     ", "green") if one.ok else ("WRONG  ", "bold red")
        if one.warns:
            mark, style = "warning", "yellow"
        console().print(Text.assemble((mark, style), f" {one.part}: {safe(one.what)}"), soft_wrap=True)
        if one.do_next:
            console().print(Text(f"        -> {safe(one.do_next)}"), soft_wrap=True)


def settings(described: Iterable[Described]) -> None:
    """Print every setting, group by group."""
    group = ""
    for one in described:
        if one.group != group:
            group = one.group
            heading(group)
        name = Text.assemble((one.name, "bold"), f" = {safe(one.value) or '(empty)'}")
        if not one.is_default:
            name.append(f"  [default: {safe(one.default) or 'empty'}]", style="yellow")
        console().print(name)
        console().print(Text(f"    {one.description} ({one.takes}; {one.variable})", style="dim"))


def customers(found: Iterable[Customer]) -> None:
    """Print the register, a row each."""
    heads = ("id", "name", "supplier manager", "deputies", "terms", "country", "in force")
    table(
        heads,
        (
            (
                one.id,
                one.name,
                one.supplier_manager_email,
                "; ".join(one.deputies),
                one.sla,
                one.country,
                _days(one.valid_from, one.valid_until),
            )
            for one in found
        ),
    )


def _days(first: date | None, last: date | None) -> str:
    words = (f"from {first}" if first else "", f"until {last}" if last else "")
    return " ".join(word for word in words if word)


def absences(found: Iterable[Absence]) -> None:
    """Print who is away, a row each."""
    heads = ("who", "first day", "last day", "stand-in", "noted by")
    table(
        heads,
        (
            (
                one.email,
                str(one.first_day),
                str(one.last_day),
                one.stand_in or "by the customer's chain",
                one.noted_by,
            )
            for one in found
        ),
    )


def lessons(found: Iterable[Lesson]) -> None:
    """Print what people's decisions offer, a row each."""
    heads = ("no.", "customer", "what", "as written", "from", "decided by", "state")
    table(
        heads,
        (
            (
                str(one.id),
                one.customer_id,
                one.what.value,
                one.value,
                one.ref,
                one.noted_by,
                one.state.value,
            )
            for one in found
        ),
    )


def assessment(file: str, received_at: datetime, one: Assessment, zone: ZoneInfo) -> None:
    """Print what would be decided about a mail, and why."""
    found, seen = one.match, one.recognition
    heading(f"{file}: {one.decision.value}")
    body = f"{seen.body.name} ({'verified' if seen.verified else 'NOT verified'})" if seen.body else ""
    facts(
        (
            ("kind", f"{seen.kind.value} ({seen.score:.2f})"),
            ("authority", body),
            ("reference", seen.reference),
            ("customer", f"{found.customer.id} {found.customer.name}" if isinstance(found, Matched) else ""),
            ("why", one.why),
            ("answer wanted by", answer_by(seen.respond_by, received_at, zone)),
            ("  as written", seen.respond_by_quote),
            ("language", seen.language),
            ("received", instant(received_at, zone)),
        )
    )
    for piece in seen.evidence:
        line(f"recognition {piece.weight:+.2f}  {piece.what}: {piece.found}", indent=2)
    for candidate in found.candidates:
        line(f"candidate {candidate.customer.id} {candidate.customer.name} ({candidate.score:.2f})", indent=2)
        for piece in candidate.evidence:
            line(f"{piece.weight:+.2f} {piece.what}: {piece.found}", indent=4)
