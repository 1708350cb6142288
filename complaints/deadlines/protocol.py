"""One line of ``forthwith deadline --json``: a request in, an answer out, never an exception."""

import reprlib
from datetime import datetime
from typing import Any

from complaints.clock import require_aware
from complaints.deadlines.agreement import parse_agreement
from complaints.deadlines.explanation import Interval, explained
from complaints.deadlines.reckoning import reckon
from complaints.deadlines.working_calendar import Calendar
from complaints.errors import ForthwithError

DEFAULT_TERMS = "24h"
"""What a blank or missing term means in this interface."""


def answer(request: dict[str, Any], *, vague: str = "24h") -> dict[str, Any]:
    """The due instant for one request.

    Args:
        request: ``{"received_at": ISO 8601 with offset, "terms": "...", "calendar": {...}}``. Blank or
            missing terms are 24h; a missing calendar is 24x7 in UTC. For terms with tiers ``"kind"`` and
            ``"urgent"`` (true or false) tell what the letter is.
        vague: the house number for words like "without undue delay".

    Returns:
        ``{"due_at": ..., "terms": ..., "explain": [{"from", "until", "counted", "why"}, ...]}``, every
        instant in UTC written with +00:00; or ``{"error": one precise line}``.
    """
    try:
        return _answered(request, vague)
    except (ForthwithError, ValueError) as error:
        return {"error": " ".join(str(error).split())}


def _answered(request: object, vague: str) -> dict[str, Any]:
    if not isinstance(request, dict):
        raise ValueError("the request is no object with received_at, terms and calendar")  # noqa: TRY004 - a line for people
    received = _instant(request.get("received_at"))
    words = request.get("terms")
    if words is not None and not isinstance(words, str):
        raise ValueError("terms must be text such as 4 business hours")
    agreement = parse_agreement((words or "").strip() or DEFAULT_TERMS, vague=vague)
    calendar = Calendar.parse(request.get("calendar"))
    kind, urgent = _letter(request)
    found = reckon(agreement, received, calendar, kind=kind, urgent=urgent)
    told = [_told(interval) for interval in explained(found, calendar)]
    return {"due_at": found.due_at.isoformat(), "terms": agreement.plain, "explain": told}


def _letter(request: dict[str, Any]) -> tuple[str, bool]:
    kind, urgent = request.get("kind") or "", request.get("urgent") or False
    if not isinstance(kind, str) or not isinstance(urgent, bool):
        raise ValueError("kind must be text such as follow-up, and urgent true or false")  # noqa: TRY004 - a line for people
    return kind, urgent


def _instant(written: object) -> datetime:
    shown = f"received_at {reprlib.repr(written)}"
    try:
        instant = datetime.fromisoformat(written.strip() if isinstance(written, str) else "")
    except ValueError:
        raise ValueError(f"{shown} is no instant; write e.g. 2026-11-23T09:30:00+00:00") from None
    if instant.utcoffset() is None:
        raise ValueError(f"{shown} has no offset, so nobody can say which instant it is; add e.g. +00:00")
    try:
        return require_aware(instant)
    except OverflowError:
        raise ValueError(f"{shown} is out of range") from None


def _told(interval: Interval) -> dict[str, Any]:
    start, end = interval.start.isoformat(), interval.end.isoformat()
    return {"from": start, "until": end, "counted": interval.counted, "why": interval.why}
