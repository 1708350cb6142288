"""Small pictures for the board: SVG in a data URI, legible on light and on dark ground. Pure."""

import base64
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from complaints.model import Complaint

DAYS = 30
_WIDTH, _HEIGHT, _FOOT, _HEAD = 540, 96, 16, 14
_GREY, _BLUE, _RED = "#808890", "#4a86c5", "#d6453d"  # middling: they stand out from white and from black
_BOUNDS = (
    ("5 min", timedelta(minutes=5)),
    ("1 h", timedelta(hours=1)),
    ("4 h", timedelta(hours=4)),
    ("12 h", timedelta(hours=12)),
    ("24 h", timedelta(hours=24)),
    ("2 d", timedelta(days=2)),
)


def received_chart(complaints: Sequence[Complaint], now: datetime, zone: ZoneInfo) -> str:
    """Markdown: complaints a day over the last thirty days, those that ran over their time in red.

    Args:
        complaints: received in these days, or more.
        now: aware.
        zone: whose days.
    """
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    came = Counter(one.received_at.astimezone(zone).date() for one in complaints)
    late = Counter(one.received_at.astimezone(zone).date() for one in complaints if one.breached_at)
    labels = [f"{day.day} {day:%b}" if not back % 7 else "" for back, day in enumerate(days)]
    total, red = sum(came[day] for day in days), sum(late[day] for day in days)
    said = f"Received a day in {DAYS} days: {total}, past their time {red}"
    return _picture(said, [came[day] for day in days], [late[day] for day in days], labels)


def time_chart(complaints: Sequence[Complaint]) -> str:
    """Markdown: how long it took from receipt to forward, those past their time in red."""
    gone = [(one, one.forwarded_at - one.received_at) for one in complaints if one.forwarded_at]
    all_of_them, late = [0] * (len(_BOUNDS) + 1), [0] * (len(_BOUNDS) + 1)
    for one, took in gone:
        place = next((n for n, (_, bound) in enumerate(_BOUNDS) if took <= bound), len(_BOUNDS))
        all_of_them[place] += 1
        late[place] += one.breached_at is not None
    labels = [f"≤ {name}" for name, _ in _BOUNDS] + ["longer"]
    return _picture(
        f"From receipt to forward, of {len(gone)} in {DAYS} days", all_of_them, late, labels, told=True
    )


def _picture(
    title: str, bars: Sequence[int], red: Sequence[int], labels: Sequence[str], *, told: bool = False
) -> str:
    """Bars with their red parts at the foot of each; with ``told`` each bears its number."""
    top = max(*bars, 1)
    step = _WIDTH / len(bars)
    drawn = "".join(
        _bar(number, step, bar, part, top, told=told)
        for number, (bar, part) in enumerate(zip(bars, red, strict=True))
    )
    words = "".join(
        # The first one begins at the edge, which would cut a centred one.
        f'<text x="{step * (number + 0.5) if number else 0:.0f}" y="{_HEIGHT - 3}" '
        f'text-anchor="{"middle" if number else "start"}">{escape(label)}</text>'
        for number, label in enumerate(labels)
        if label
    )
    ground = _HEIGHT - _FOOT
    scale = "" if told else f'<text x="{_WIDTH}" y="{_HEAD - 3}" text-anchor="end">{top} a day</text>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'font-family="sans-serif" font-size="10" fill="{_GREY}">{drawn}'
        f'<path d="M0 {ground}H{_WIDTH}" stroke="{_GREY}" stroke-width="1"/>{words}{scale}</svg>'
    )
    code = base64.b64encode(svg.encode()).decode()
    return f"{title}\n\n![{title}](data:image/svg+xml;base64,{code})"


def _bar(number: int, step: float, bar: int, part: int, top: int, *, told: bool) -> str:
    ground, room = _HEIGHT - _FOOT, _HEIGHT - _FOOT - _HEAD
    left, width = step * number + 1.5, step - 3
    drawn = ""
    for count, colour in ((bar, _BLUE), (part, _RED)):
        if count:
            high = max(room * count / top, 2)
            drawn += f'<rect x="{left:.1f}" y="{ground - high:.1f}" width="{width:.1f}" height="{high:.1f}" rx="1" fill="{colour}"/>'
    if told and bar:
        high = max(room * bar / top, 2)
        drawn += (
            f'<text x="{left + width / 2:.0f}" y="{ground - high - 2:.0f}" text-anchor="middle">{bar}</text>'
        )
    return drawn
