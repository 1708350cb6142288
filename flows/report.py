"""The report of a month: for people as markdown, for spreadsheets as CSV. No word of a letter is in it (I9)."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from complaints.model import Complaint
from complaints.reports import Figures, Report
from config.bootstrap import App
from flows.words import cause, customer, escaped, share, short, span

_HEADS = ("Received", "Forwarded", "In time", "Late", "Median", "95 of 100")


def markdown(report: Report, zone: ZoneInfo) -> str:
    """The report as a page."""
    parts = [
        f"# {report.begins:%B %Y}",
        (
            f"Complaints received from {short(report.begins, zone)} to {short(report.ends, zone)}, {zone.key};"
            " those that were made up to try the way are left out."
        ),
        _table([("", report.figures)]),
        _causes(report.figures),
        "## By customer\n\n" + _table([(who or "no customer yet", own) for _, who, own in report.customers])
        if report.customers
        else "",
        _late(report, zone),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


async def report_page(app: App, month: str, customer_id: str) -> str:
    """The report of a month (empty: the running one), of one customer (empty: of all), as a page.

    Raises:
        BadMonth, UnknownCustomer: when there is no such one, or the month has not begun.
    """
    zone, now = ZoneInfo(app.settings.timezone), app.clock()
    named = month or f"{now.astimezone(zone):%Y-%m}"
    return markdown(await app.records.report(named, zone, now, customer_id), zone)


def _table(rows: list[tuple[str, Figures]]) -> str:
    named = any(name for name, _ in rows)
    heads = ("Customer", *_HEADS) if named else _HEADS
    lines = [f"| {' | '.join(heads)} |", "|" + (":--|" if named else "") + "--:|" * len(_HEADS)]
    for name, own in rows:
        cells = (escaped(name), *cells_of(own)) if named else cells_of(own)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def cells_of(figures: Figures) -> tuple[str, ...]:
    """A period's figures, as the board and the report show them."""
    return (
        str(figures.received),
        str(figures.forwarded),
        # A letter that is late and still here has missed its time as one that was forwarded late.
        share(figures.in_time, figures.in_time + figures.breached),
        str(figures.breached),
        _took(figures.median_seconds),
        _took(figures.p95_seconds),
    )


def _took(seconds: float | None) -> str:
    return "–" if seconds is None else span(timedelta(seconds=seconds))


def _causes(figures: Figures) -> str:
    lines = [f"- {cause(why)}: **{count}**" for why, count in figures.causes.items()]
    return "Why they were late:\n\n" + "\n".join(lines) if lines else ""


def _late(report: Report, zone: ZoneInfo) -> str:
    if not report.late:
        return "Nothing was late." if report.figures.received else "Nothing was received."
    rows = [
        f"| {one.ref} | {escaped(customer(one))} | {short(one.received_at, zone)} | {short(one.due_at, zone)}"
        f" | {_forwarded(one, zone)} | {cause(one.breach_cause)} |"
        for one in report.late
    ]
    heads = "| Complaint | Customer | Received | Due | Forwarded | Why |\n|:--|:--|:--|:--|:--|:--|"
    return "\n".join(["## Late\n", heads, *rows])


def _forwarded(one: Complaint, zone: ZoneInfo) -> str:
    if one.forwarded_at is None:
        return "not yet"
    return f"{short(one.forwarded_at, zone)}, {span(one.forwarded_at - one.due_at)} late"


def as_json(report: Report) -> dict[str, Any]:
    """The report for programs; instants with their offset, times in seconds."""
    return {
        "month": report.name,
        "begins": report.begins,
        "ends": report.ends,
        **asdict(report.figures),
        "customers": [
            {"customer": number or None, "customer_name": who or None, **asdict(own)}
            for number, who, own in report.customers
        ],
        "late": [
            {
                "ref": one.ref,
                "customer": one.customer_id or None,
                "received_at": one.received_at,
                "due_at": one.due_at,
                "breached_at": one.breached_at,
                "forwarded_at": one.forwarded_at,
                "cause": one.breach_cause,
            }
            for one in report.late
        ],
    }


def as_csv(report: Report) -> str:
    """A line for each customer, to be opened by a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            "month",
            "customer",
            "name",
            "received",
            "forwarded",
            "in_time",
            "breached",
            "median_seconds",
            "p95_seconds",
        ]
    )
    writer.writerows(_csv_rows(report))
    return out.getvalue()


def _csv_rows(report: Report) -> Iterator[list[object]]:
    for number, who, own in report.customers:
        counts = [own.received, own.forwarded, own.in_time, own.breached, own.median_seconds, own.p95_seconds]
        yield [report.name, _inert(number), _inert(who), *("" if one is None else one for one in counts)]


def _inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
