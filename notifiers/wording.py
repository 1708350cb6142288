"""What notices say, in words a busy person understands: templates, and how they show values.

To our own people: ``templates/<kind of notice>/{subject.txt, body.txt, body.html}``, in English. To a customer's
people: one layout, ``templates/customer/note.{txt,html}``, for the notes of :mod:`notifiers.customer_note`.
"""

import shlex
from collections.abc import Mapping, Sequence
from datetime import UTC, date, timedelta
from pathlib import Path
from textwrap import fill
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from complaints.reasons import SENT_BACK
from notifiers.headers import one_line
from notifiers.instants import instant, zone_named
from notifiers.language import Language
from notifiers.note import Row

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
_WIDTH = 76  # of text, in characters
_WIDEST_LABEL = 28
_DEEPEST = 6
_MOST_ENTRIES = 50

_CASE = (
    "authority",
    "reference",
    "customer",
    "customer_id",
    "manager_name",
    "read_by",
    "standing_in",
    "reads_today",
    "away",
    "unnamed",
    "subject",
    "sender",
    "sender_name",
    "reply_to",
    "follows",
    "letter_language",
)
_TIMES = (
    "received_at",
    "server_at",
    "stamped_at",
    "header_at",
    "stored_at",
    "due_at",
    "terms",
    "counts_until",
    "reckoned",
    "counted_in",
    "waits_for",
    "rung",
    "rung_due_at",
    "since",
)
_ANSWER = ("respond_by", "respond_by_quote")
_REPLIES = ("answer", "answered_by", "until", "goes_on")
_TROUBLE = ("cause", "reply", "recipient_failed", "problem", "relay")
_OTHERS = (
    "why",
    "mark",
    "reason",
    "chosen_by",
    "hold",
    "sha256",
    "mailbox",
    "organisation",
    "dashboard_url",
    "waits",
)
_READER = ("to_customer", "reader", "stopped_by", "language", "timezone")
_WORDS = (*_CASE, *_TIMES, *_ANSWER, *_REPLIES, *_TROUBLE, *_OTHERS, *_READER)
_FILE: Mapping[str, Any] = {"name": "", "content_type": "", "size": "", "left_out": False}
_FINDING: Mapping[str, Any] = {"ref": "", "what": "", "words": ""}
_CANDIDATE: Mapping[str, Any] = {"id": "", "name": "", "evidence": ()}


def shaped(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with every key that a template may name, each value tidy and of the shape it expects.

    A notice may lack any of them: an alert must go out however little is known.
    """
    given = {key: value for key, value in _tidied(facts).items() if value not in ("", None)}
    evidence = given.get("evidence")
    evidence = evidence if isinstance(evidence, Mapping) else {}
    words = {key: str(given.get(key, "")) for key in _WORDS}
    return {
        **words,
        "whom": _whom(words),
        "whose_is_clear": bool(words["customer"] and words["mark"] and words["mark"] != SENT_BACK),
        "kind": str(given.get("kind", "complaint")),
        "authority_verified": given.get("authority_verified") is True,
        "evidence": {part: _rows(evidence.get(part), {}) for part in ("recognition", "match")},
        "asked": _words(given.get("asked")),
        "references": _words(given.get("references")),
        "left_out": _words(given.get("left_out")),
        "findings": _rows(given.get("findings"), _FINDING),
        "finding_count": given.get("finding_count", 0),
        "octets": given.get("octets", 0),
        "words": bool(given.get("words")),
        "attachments": _rows(given.get("attachments"), _FILE),
        "candidates": [
            {**row, "evidence": _rows(row["evidence"], {})}
            for row in _rows(given.get("candidates"), _CANDIDATE)
        ],
    }


def _listed(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _whom(said: Mapping[str, str]) -> str:
    """Whom our people can ask at the customer's: who has the letter, or who reads today in their place."""
    manager = f"the supplier manager ({said['manager_name']})" if said["manager_name"] else ""
    manager = manager or "the supplier manager"
    if said["reads_today"]:
        return f"{said['reads_today']} (who reads today; it went to {manager}: {said['away']})"
    if said["standing_in"] and said["read_by"]:
        return f"{said['read_by']} (in place of {manager}: {said['standing_in']})"
    return manager


def _words(value: object) -> list[str]:
    return [one for one in _listed(value) if isinstance(one, str)]


def _rows(value: object, defaults: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**defaults, **row} for row in _listed(value) if isinstance(row, Mapping)]


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


def span(duration: timedelta) -> str:
    """A length of time for people: ``2 d 3 h``, ``23 h 59 min``, ``40 s``."""
    seconds = int(abs(duration).total_seconds())
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    named = [(days, "d"), (hours, "h"), (minutes, "min")]
    shown = [f"{count} {unit}" for count, unit in named if count][:2]
    return " ".join(shown) or f"{seconds} s"


def _were_left(span: object) -> str:
    """That a length of time was left, or that several units were."""
    words = str(span)
    return f"{words} {'was' if words.startswith('1 ') and words.count(' ') == 1 else 'were'} left"


@pass_context
def _when(context: Context, text: object) -> str:
    """An instant in the reader's zone, named, and in UTC."""
    if (language := _language(context)) is not None:
        return language.when(text, str(context.get("timezone")))
    at = instant(text)
    if at is None:
        return "not known"
    name = str(context.get("timezone") or "UTC")
    zone = zone_named(name)
    there = at.astimezone(zone)
    shown = f"{_DAYS[there.weekday()]} {_in_english(there.date())}, {there:%H:%M}"
    if zone is UTC:
        return f"{shown} UTC"
    in_utc = f"{at:%H:%M} UTC" if at.date() == there.date() else f"{_in_english(at.date())}, {at:%H:%M} UTC"
    # tzname is an abbreviation people use (BST) or, where they use none, an offset (+03).
    return f"{shown} {there.tzname()} ({name}; {in_utc})"


@pass_context
def _moment(context: Context, text: object) -> str:
    """The same in short, for a subject line."""
    at = instant(text)
    if at is None:
        return "not known"
    there = at.astimezone(zone_named(str(context.get("timezone") or "UTC")))
    return f"{there.day} {_MONTHS[there.month - 1]}, {there:%H:%M} {there.tzname()}"


def _language(context: Context) -> Language | None:
    """The reader's, where a customer reads it; our own people's is English."""
    found = context.get("tell")
    return found.language if found is not None else None


@pass_context
def _day(context: Context, value: object) -> str:
    language = _language(context)
    return _in_english(value) if language is None else language.day(value)


def _in_english(value: object) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


@pass_context
def _size(context: Context, count: object) -> str:
    if (language := _language(context)) is not None:
        return language.size(count)
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


def _fold(text: object, first: str = "", rest: str | None = None) -> str:
    """Text in lines of a mail's width, whatever it holds."""
    line = f"{first}{text}"
    if len(line) <= _WIDTH:
        return line
    return fill(
        str(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_on_hyphens=False,
    )


def _labelled(row: Row, among: Sequence[Row]) -> str:
    """A fact behind its name, under those of the others."""
    widest = min(max(len(one.label) for one in among), _WIDEST_LABEL)
    indent = " " * (widest + 6)
    if len(row.label) > widest:
        return f"{_fold(row.label, '   ')}\n{_fold(row.value, indent)}"
    return _fold(row.value, f"   {row.label:<{widest}}   ", indent)


OURS = FileSystemLoader(Path(__file__).parent / "templates")
"""The templates that are delivered."""


def environment_of(loader: BaseLoader, kind: type[Environment] = Environment) -> Environment:
    """How templates are read, and what they may call."""
    environment = kind(
        loader=loader,
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters.update(
        fold=_fold,
        labelled=_labelled,
        when=_when,
        moment=_moment,
        day=_day,
        size=_size,
        found=_found,
        sentence=_sentence,
        were_left=_were_left,
        sh=_for_shell,
    )
    return environment


_templates = environment_of(OURS)
