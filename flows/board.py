"""The board: what a person must know in five seconds, as markdown. Pure."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from complaints.holds import ON_HOLD
from complaints.lifecycle import Status
from complaints.model import Complaint
from complaints.reasons import BOUNCED, REFUSED, TOO_BIG
from complaints.reports import Figures
from flows.charts import received_chart, time_chart
from flows.desk_port import Health
from flows.form_customers import form_value
from flows.links import TABLE_KEY, YEAR_KEY, Links
from flows.offers import on_board
from flows.report import cells_of
from flows.signs import Sign
from flows.words import authority, cause, customer, defused, escaped, reason, short, span

_FIRM_SPACE = "\N{NO-BREAK SPACE}"
_ROWS = 15
OPEN_AT_MOST, YEAR_AT_MOST = 5000, 4000
"""Rows of the tables; more than a page can carry at once helps nobody."""
_NAME = 22  # letters of a customer's name: so much leaves room for all that matters at 1280 pixels
_IN_FULL = "Name in full"
_SOON = timedelta(hours=4)
_STUCK = timedelta(minutes=5)
_SILENT = timedelta(days=1)
_PROPOSED = 3

_LOST = frozenset({BOUNCED, REFUSED, TOO_BIG})
"""Why a person is asked whose forward did not arrive."""

_DELIVERIES = {
    "delayed": "**delayed on its way**, ",
    "delivered": "delivered, ",
    "relayed": "handed on, ",
}
"""How far a forward has come beyond the relay."""


def month_began(now: datetime, zone: ZoneInfo) -> datetime:
    """The first instant of this month where the people are."""
    return now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def board(
    complaints: Sequence[Complaint],
    figures: Figures,
    health: Health,
    now: datetime,
    zone: ZoneInfo,
    *,
    links: Links,
    signs: Sequence[Sign] = (),
    lately: Sequence[Complaint] = (),
) -> str:
    """The board's text.

    Args:
        complaints: those not settled, by deadline.
        figures: of this month.
        health: how the desk itself is.
        now: aware.
        zone: in which times are shown.
        links: where its links lead.
        signs: of the parts that work by themselves.
        lately: what was received in the days that the charts show.
    """
    overdue, review, moving, sent = _sorted_out(complaints, now)
    parts = [
        _headline(overdue, review, moving, now),
        _illness(health, signs, now),
        f"Made {short(now, zone)}:{now.astimezone(zone):%S}. Times are {zone.key}. Reload the page for a newer one.",
        _section("Overdue", overdue, now, zone, links),
        _section("Waiting for a person", review, now, zone, links),
        _section("On their way, next deadline first", moving, now, zone, links),
        _troubles(complaints, now),
        _month(figures, now, zone, links),
        _section("Forwarded, not closed", sent, now, zone, links),
        _tables(links),
        _charts(lately, now, zone),
        _well(health, signs, now, zone, links),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def listed(complaints: Sequence[Complaint], now: datetime) -> list[Complaint]:
    """Those that the board names, one by one."""
    return [c for section in _sorted_out(complaints, now) for c in section[:_ROWS]]


def _sorted_out(complaints: Sequence[Complaint], now: datetime) -> tuple[list[Complaint], ...]:
    """Overdue, waiting for a person, on their way, and no longer on the clock."""
    sections: tuple[list[Complaint], ...] = ([], [], [], [])
    for c in complaints:
        if not c.clock_runs:
            sections[3].append(c)
        elif _is_overdue(c, now):
            sections[0].append(c)
        else:
            sections[1 if c.status is Status.NEEDS_REVIEW else 2].append(c)
    return sections


def open_table(complaints: Sequence[Complaint], now: datetime, zone: ZoneInfo) -> str:
    """The open complaints, the next deadline first, as Prefect's table artifact: JSON, cells of plain text."""
    rows = [
        {
            "Due": _dated(c.due_at, now, zone),
            "Ref": c.ref,
            "Customer": _name(c),
            "Status": f"OVERDUE, {_status(c, now, zone)}" if _is_overdue(c, now) else _status(c, now, zone),
            # What stands last needs scrolling in a narrow window.
            "Authority": defused(authority(c)),
            _IN_FULL: _rest_of_name(c),
        }
        for c in sorted(complaints, key=lambda c: (c.due_at, c.id))
    ]
    return json.dumps(rows, ensure_ascii=False)


def year_table(complaints: Sequence[Complaint], zone: ZoneInfo) -> str:
    """What was received in a year, the newest first, as Prefect's table artifact."""
    rows = [
        {
            "Received": short(c.received_at, zone),
            "Ref": c.ref,
            "Customer": _name(c),
            "Took": span(c.forwarded_at - c.received_at) if c.forwarded_at else "",
            "Kept": "no" if c.breached_at else "yes" if c.met_at else "",
            "Status": c.status.value.replace("_", " "),
            "Authority": defused(authority(c)),
            _IN_FULL: _rest_of_name(c),
        }
        for c in sorted(complaints, key=lambda c: (c.received_at, c.id), reverse=True)[:YEAR_AT_MOST]
    ]
    return json.dumps(rows, ensure_ascii=False)


def _dated(when: datetime, now: datetime, zone: ZoneInfo) -> str:
    """With the year where it is another one; the table has no room for what everybody knows."""
    local = when.astimezone(zone)
    same = local.year == now.astimezone(zone).year
    return short(when, zone) if same else f"{local.day} {local:%b %Y %H:%M}"


def _name(c: Complaint) -> str:
    return defused(customer(c), longest=_NAME)


def _rest_of_name(c: Complaint) -> str:
    """The whole of a name that was cut, to be found by a search."""
    whole = defused(customer(c))
    return whole if whole != _name(c) else ""


def _is_overdue(c: Complaint, now: datetime) -> bool:
    return c.clock_runs and c.due_at <= now


def _headline(
    overdue: Sequence[Complaint], review: Sequence[Complaint], moving: Sequence[Complaint], now: datetime
) -> str:
    # A forward that is stuck at the relay runs out of time as what waits for a person does.
    soon = sum(c.due_at - now <= _SOON for c in (*review, *moving))
    words = [
        *([f"{len(overdue)} OVERDUE"] if overdue else []),
        *([f"{len(review)} waiting for a person"] if review else []),
        *([f"{soon} due within 4 hours"] if soon else []),
    ]
    return f"## {' · '.join(words)}" if words else "## Nothing overdue, nothing waits for a person"


def _section(title: str, complaints: Sequence[Complaint], now: datetime, zone: ZoneInfo, links: Links) -> str:
    if not complaints:
        return ""
    rows = "\n".join(_row(c, now, zone, links) for c in complaints[:_ROWS])
    more = len(complaints) - _ROWS
    rest = f"\n\nand {more} more in [the table]({links.artifact(TABLE_KEY)})" if more > 0 else ""
    return f"### {title} ({len(complaints)})\n\n| Complaint | Due | What to do |\n|:--|:--|:--|\n{rows}{rest}"


def _row(c: Complaint, now: datetime, zone: ZoneInfo, links: Links) -> str:
    who = f"**{links.complaint(c.ref)}** {escaped(authority(c))}<br>{escaped(customer(c))}"
    # The column is narrow; a time broken over two lines takes longer to read.
    due = f"{short(c.due_at, zone)}<br>{_left(c, now)}".replace(" ", _FIRM_SPACE)
    todo = "<br>".join(filter(None, (_status(c, now, zone), *_proposals(c, links), on_board(c, links))))
    return f"| {who} | {due} | {todo} |"


def _proposals(c: Complaint, links: Links) -> list[str]:
    """A form for each of the likeliest customers, and one for all, so that deciding is one click and a name."""
    found = [(str(one["id"]), str(one["name"])) for one in c.evidence.get("candidates", [])[:_PROPOSED]]
    forms = [form for customer_id, name in found if (form := links.proposal(c, customer_id, name))]
    if len(forms) > 1 and c.review_reason == "ambiguous":
        everybody = [form_value(*one) for one in found]
        forms.append(links.form("split", c.ref, "→ each of them", customer_ids=everybody))
    return [form for form in forms if form]


def _left(c: Complaint, now: datetime) -> str:
    if c.forwarded_at and not c.clock_runs:
        return f"took {span(c.forwarded_at - c.received_at)}"
    if not c.clock_runs:
        return ""
    return f"**{span(now - c.due_at)} late**" if c.due_at <= now else f"in {span(c.due_at - now)}"


def _status(c: Complaint, now: datetime, zone: ZoneInfo) -> str:
    words = _stage(c)
    if c.held_at is not None:
        words = "**legal hold**" if c.review_reason == ON_HOLD else f"**legal hold**, {words}"
    if c.paused_until is not None and c.paused_until > now:
        words = f"{words}, paused until {short(c.paused_until, zone)}"
    return f"{words}, late" if c.breached_at and not c.clock_runs else words


def _stage(c: Complaint) -> str:
    """How far it has come; a table's column has room for two or three words."""
    if c.status is Status.NEEDS_REVIEW and c.review_reason:
        return reason(c.review_reason)
    if c.status is Status.FORWARDED:
        return f"{_DELIVERIES.get(c.delivery, '')}unacknowledged"
    if c.status is Status.FORWARDING and c.delivery == "delayed":
        return "forwarding, not taken by the relay yet"
    return c.status.value.replace("_", " ")


def _troubles(complaints: Sequence[Complaint], now: datetime) -> str:
    """What is open of it; what came back and went on since is counted with the month."""
    sent = [c for c in complaints if c.status is Status.FORWARDED]
    silent = [c.forwarded_at for c in sent if c.forwarded_at and now - c.forwarded_at >= _SILENT]
    counts = {
        "Came back or refused, waiting for a person": sum(_is_lost(c) for c in complaints),
        "Not taken by the relay yet": sum(c.status is Status.FORWARDING for c in complaints),
        "Delayed on their way, by reports": sum(c.delivery == "delayed" for c in sent),
        "Not acknowledged for a day or longer": len(silent),
    }
    troubles = [f"- {words}: **{count}**" for words, count in counts.items() if count]
    if silent:
        troubles[-1] += f", the oldest for {span(now - min(silent))}"
    return "### Forwards in trouble\n\n" + "\n".join(troubles) if troubles else ""


def _is_lost(c: Complaint) -> bool:
    return c.status is Status.NEEDS_REVIEW and c.review_reason in _LOST


def _month(figures: Figures, now: datetime, zone: ZoneInfo, links: Links) -> str:
    heads = [
        "Received",
        "Forwarded",
        "In time",
        f"[Breached]({links.tagged('breached')})",
        "Median",
        "95 of 100",
    ]
    cells = cells_of(figures)
    causes = "\n".join(f"- {cause(words)}: **{count}**" for words, count in figures.causes.items())
    title = f"### {now.astimezone(zone):%B %Y}"
    table = f"| {' | '.join(heads)} |\n|{'--:|' * len(heads)}\n| {' | '.join(cells)} |"
    lost = f"Forwards that came back or were refused: **{figures.bounced}**" if figures.bounced else ""
    return "\n\n".join(filter(None, (title, table, lost, causes and f"Why they were late:\n\n{causes}")))


def _tables(links: Links) -> str:
    return (
        f"To search: [every open complaint]({links.artifact(TABLE_KEY)}) · "
        f"[every complaint of the year]({links.artifact(YEAR_KEY)})"
    )


def _charts(lately: Sequence[Complaint], now: datetime, zone: ZoneInfo) -> str:
    if not lately:
        return ""
    gone = [one for one in lately if one.forwarded_at]
    return "\n\n".join([received_chart(lately, now, zone), *([time_chart(lately)] if gone else [])])


def _illness(health: Health, signs: Sequence[Sign], now: datetime) -> str:
    blind = sum(1 for _, _, is_blind in health.inboxes if is_blind)
    stuck = health.oldest_pending_at is not None and now - health.oldest_pending_at > _STUCK
    unread = health.oldest_unread_at is not None and now - health.oldest_unread_at > _STUCK
    words = [
        *([f"{blind} INBOX BLIND"] if blind else []),
        *(["MAIL DOES NOT GO OUT"] if stuck else []),
        *(["LETTERS WAIT TO BE READ"] if unread else []),
        *(sign.alarm for sign in signs if sign.alarm),
    ]
    return f"**{' · '.join(words)}**: see the foot of this page." if words else "The desk is well."


def _well(health: Health, signs: Sequence[Sign], now: datetime, zone: ZoneInfo, links: Links) -> str:
    lines = [_inbox(*inbox, now, zone) for inbox in health.inboxes]
    waits = f", the oldest since {short(health.oldest_pending_at, zone)}" if health.oldest_pending_at else ""
    # The words behind the code may hold an address (I9); the code says enough here.
    code = health.last_relay_reply[:3]
    said = f"; the relay last said {code}" if code.isdigit() else ""
    lines.append(f"- Outgoing: {health.pending_notices} waiting{waits}{said}")
    if health.oldest_unread_at:
        lines.append(f"- Oldest letter not looked at: {short(health.oldest_unread_at, zone)}")
    lines += [f"- {sign.line}{_way(sign, links)}" for sign in signs]
    return "### The desk itself\n\n" + "\n".join(lines)


def _way(sign: Sign, links: Links) -> str:
    form = links.form_of(sign.form, "send one") if sign.form else ""
    return f"; {form}" if form else ""


def _inbox(mailbox: str, last_ok_at: datetime | None, blind: bool, now: datetime, zone: ZoneInfo) -> str:
    read = f"read {span(now - last_ok_at)} ago ({short(last_ok_at, zone)})" if last_ok_at else "not read yet"
    return f"- Inbox {escaped(mailbox)}: {'**BLIND**, last ' if blind else ''}{read}"
