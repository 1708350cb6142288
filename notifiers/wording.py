"""What notices say, in words a busy person understands: templates, and how they show values.

Templates are ``templates/<kind of notice>/{subject.txt, body.txt, body.html}``. A further language
would be a folder ``templates/<language>/`` of the same shape, put in front of the loader's path.
"""

import shlex
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from notifiers.headers import one_line

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DEEPEST = 6
_MOST_ENTRIES = 50

_CASE = (
    "authority",
    "reference",
    "customer",
    "customer_id",
    "manager_name",
    "standing_in",
    "subject",
    "sender",
    "follows",
)
_TIMES = (
    "received_at",
    "server_at",
    "header_at",
    "stored_at",
    "due_at",
    "terms",
    "reckoned",
    "waits_for",
    "rung",
    "rung_due_at",
    "since",
)
_ANSWER = ("respond_by", "respond_by_quote")
_REPLIES = ("answer", "answered_by", "until", "goes_on")
_TROUBLE = ("cause", "reply", "recipient_failed", "problem", "relay")
_OTHERS = ("why", "hold", "sha256", "mailbox", "timezone", "organisation", "dashboard_url", "to_customer")
_WORDS = (*_CASE, *_TIMES, *_ANSWER, *_REPLIES, *_TROUBLE, *_OTHERS)
_FILE: Mapping[str, Any] = {"name": "", "content_type": "", "size": ""}
_FINDING: Mapping[str, Any] = {"ref": "", "what": "", "words": ""}
_CANDIDATE: Mapping[str, Any] = {"id": "", "name": "", "evidence": ()}


def shaped(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with every key that a template may name, each value tidy and of the shape it expects.

    A notice may lack any of them: an alert must go out however little is known.
    """
    given = {key: value for key, value in _tidied(facts).items() if value not in ("", None)}
    evidence = given.get("evidence")
    evidence = evidence if isinstance(evidence, Mapping) else {}
    return {
        **{key: str(given.get(key, "")) for key in _WORDS},
        "kind": str(given.get("kind", "complaint")),
        "authority_verified": given.get("authority_verified") is True,
        "evidence": {part: _rows(evidence.get(part), {}) for part in ("recognition", "match")},
        "findings": _rows(given.get("findings"), _FINDING),
        "finding_count": given.get("finding_count", 0),
        "octets": given.get("octets", 0),
        "attachments": _rows(given.get("attachments"), _FILE),
        "candidates": [
            {**row, "evidence": _rows(row["evidence"], {})}
            for row in _rows(given.get("candidates"), _CANDIDATE)
        ],
    }


def _rows(value: object, defaults: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = value if isinstance(value, list | tuple) else ()
    return [{**defaults, **row} for row in rows if isinstance(row, Mapping)]


def render(template: str, values: Mapping[str, Any]) -> str:
    """One template filled in; ``values`` come tidy (``shaped``)."""
    return _templates.get_template(template).render(values)


def _tidied(value: Any, depth: int = 0) -> Any:
    """Facts with every text on one line and bounded: much of it came by mail."""
    if isinstance(value, str):
        return one_line(value)
    if depth >= _DEEPEST or value is None:
        return ""
    if isinstance(value, Mapping):
        return {one_line(str(key)): _tidied(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_tidied(inner, depth + 1) for inner in value[:_MOST_ENTRIES]]
    return value


def instant(text: object) -> datetime | None:
    """An ISO 8601 instant of the facts in UTC, or None where there is none that can be read."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def span(duration: timedelta) -> str:
    """A length of time for people: ``2 d 3 h``, ``23 h 59 min``, ``40 s``."""
    seconds = int(abs(duration).total_seconds())
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    named = [(days, "d"), (hours, "h"), (minutes, "min")]
    shown = [f"{count} {unit}" for count, unit in named if count][:2]
    return " ".join(shown) or f"{seconds} s"


@pass_context
def _when(context: Context, text: object) -> str:
    """An instant in the reader's zone, named, and in UTC."""
    at = instant(text)
    if at is None:
        return "not known"
    name = str(context.get("timezone") or "UTC")
    zone = _zone(name)
    there = at.astimezone(zone)
    shown = f"{_DAYS[there.weekday()]} {_day(there.date())}, {there:%H:%M}"
    if zone is UTC:
        return f"{shown} UTC"
    in_utc = f"{at:%H:%M} UTC" if at.date() == there.date() else f"{_day(at.date())}, {at:%H:%M} UTC"
    # tzname is an abbreviation people use (BST) or, where they use none, an offset (+03).
    return f"{shown} {there.tzname()} ({name}; {in_utc})"


@pass_context
def _moment(context: Context, text: object) -> str:
    """The same in short, for a subject line."""
    at = instant(text)
    if at is None:
        return "not known"
    there = at.astimezone(_zone(str(context.get("timezone") or "UTC")))
    return f"{there.day} {_MONTHS[there.month - 1]}, {there:%H:%M} {there.tzname()}"


def _zone(name: str) -> tzinfo:
    try:
        return UTC if name in ("UTC", "Etc/UTC") else ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def _day(value: object) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _size(count: object) -> str:
    if not isinstance(count, int | float) or count < 0:
        return "size not known"
    if count < 1000:
        return f"{count:.0f} bytes"
    if count < 1_000_000:
        return f"{count / 1000:.0f} KB"
    return f"{count / 1_000_000:.1f} MB"


def _found(evidence: Mapping[str, Any]) -> str:
    """One piece of evidence in a line."""
    what, found, where = (str(evidence.get(key, "")) for key in ("what", "found", "where"))
    shown = f"{what}: {found}" if what and found else what or found
    return f"{shown} ({where.replace(':', ' ', 1)})" if where else shown


def _sentence(words: object) -> str:
    """Words, or a code such as ``relay_down``, as a sentence."""
    text = str(words)
    text = text if " " in text else text.replace("_", " ")
    return f"{text[:1].upper()}{text[1:]}{'' if text[-1:] in '.!?' else '.'}"


def _for_shell(word: object) -> str:
    return shlex.quote(str(word))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters.update(
        when=_when, moment=_moment, day=_day, size=_size, found=_found, sentence=_sentence, sh=_for_shell
    )
    return environment


_templates = _environment()
