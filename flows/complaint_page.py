"""A complaint's own page, as markdown: how it stands, how that came about, and what can be done. Pure.

It says no more than ids, names of bodies and customers, and times (I9): of the evidence its kind and weight, never the
words that were found in the letter; of people their part, never their address. Times are told as they are and not
as how long ago they were, so that a page is true until something happens.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaints.lifecycle import Event, Status
from complaints.model import Complaint, LoggedEvent
from complaints.proof import ForwardProof, Step, ladders_of
from complaints.records import Story
from flows.links import Links
from flows.offers import on_page
from flows.words import authority, came_too_late, cause, customer, escaped, reason, short, span

PAGE_PREFIX = "complaint-fw-"

_NEXT = {
    Status.RECEIVED: "It is read and matched by itself.",
    Status.MATCHED: "The forward is written by itself.",
    Status.NEEDS_REVIEW: "A person decides: assign it to a customer, or dismiss it with a reason.",
    Status.FORWARDING: (
        "The relay takes the forward; it is tried until it does. "
        "Where it concerns another customer, a split gives that one its own."
    ),
    Status.FORWARDED: (
        "The supplier manager confirms it: by answering the forward, or somebody notes it here. "
        "Where it concerns another customer, a split gives that one its own."
    ),
    Status.ACKNOWLEDGED: "The customer answers the body; somebody notes it here.",
    Status.ANSWERED: "Nothing but to close it.",
    Status.CLOSED: "Nothing: it is closed.",
    Status.DISMISSED: "Nothing: it was dismissed. To assign it brings it back.",
}
_SHOWN_CANDIDATES = 5
_BAD = frozenset({Step.REFUSED, Step.BOUNCED, Step.DELAYED, Step.UNKNOWN, Step.DOUBTED})
_LONGEST = 200
_RUNGS = frozenset({Event.RUNG_REACHED, Event.BREACHED})


def page_key(ref: str) -> str:
    """The artifact's key: it keeps one address for as long as Prefect keeps its database."""
    return f"complaint-{ref.lower()}"


def page(story: Story, now: datetime, zone: ZoneInfo, links: Links) -> str:
    """The page's text.

    Args:
        story: the complaint with all that happened.
        now: aware; when the page is made.
        zone: in which times are shown.
        links: where its links lead.
    """
    one = story.complaint
    parts = [
        f"## {one.ref} · {_state(one)}",
        f"{escaped(authority(one))} → **{escaped(customer(one))}**",
        _forms(one, links),
        _facts(_outline(one, zone)),
        _deadline(one),
        evidence(one, links),
        _forwards(ladders_of(one, story.history, story.forwards), zone),
        _rungs(story.history, zone),
        f"Made {short(now, zone)}:{now.astimezone(zone):%S}. Times are {zone.key}. {links.around(one.ref)}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _state(one: Complaint) -> str:
    word = one.status.value.replace("_", " ")
    told = [
        word,
        *(["legal hold"] if one.held_at is not None else []),
        *(["PAST ITS TIME"] if one.breached_at and one.clock_runs else []),
        *(["late"] if one.breached_at and not one.clock_runs else []),
    ]
    return ", ".join(told)


def _forms(one: Complaint, links: Links) -> str:
    step, forms = f"**Next:** {_NEXT[one.status]}", on_page(one, links)
    return f"{step}\n\n{forms}" if forms else step


def _outline(one: Complaint, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    yield "Kind", one.kind.value
    yield "Their reference", escaped(one.reference)
    yield "Sender", "shown to be who it says" if one.body_verified else "**not verified**"
    yield "Follows", one.follows
    yield "Received", short(one.received_at, zone)
    yield "Due", f"{short(one.due_at, zone)} ({escaped(one.terms)})"
    yield "Waits for a person", reason(one.review_reason) if one.review_reason else ""
    yield "Legal hold since", _when(one.held_at, zone)
    yield "Alarms paused until", _when(one.paused_until, zone)
    yield "Forwarded", _forwarded(one, zone)
    yield "Acknowledged", _when(one.acknowledged_at, zone)
    yield "Breached", _breach(one, zone)
    yield "Body wants an answer by", _answer_by(one, zone)
    yield "Answered", _when(one.answered_at, zone)
    yield "Closed", _when(one.closed_at, zone)
    yield "Next alarm", _when(one.next_rung_at, zone)


def _answer_by(one: Complaint, zone: ZoneInfo) -> str:
    if one.respond_by is None:
        return ""
    late = came_too_late(one.respond_by, one.received_at, zone)
    day = f"{one.respond_by:%d %b %Y}".lstrip("0")
    return f"{day}, **which had passed when the letter came**" if late else day


def _when(instant: datetime | None, zone: ZoneInfo) -> str:
    return short(instant, zone) if instant is not None else ""


def _forwarded(one: Complaint, zone: ZoneInfo) -> str:
    if one.forwarded_at is None:
        return ""
    return f"{short(one.forwarded_at, zone)}, {span(one.forwarded_at - one.received_at)} after receipt"


def _breach(one: Complaint, zone: ZoneInfo) -> str:
    if one.breached_at is None:
        return ""
    return f"**{short(one.breached_at, zone)}**: {cause(one.breach_cause)}"


def _facts(pairs: Iterable[tuple[str, str]]) -> str:
    rows = "\n".join(f"| {name} | {told} |" for name, told in pairs if told)
    return f"| | |\n|:--|:--|\n{rows}"


def _deadline(one: Complaint) -> str:
    if not one.reckoned:
        return ""
    return f"### How the deadline was counted\n\n{escaped(one.reckoned, longest=_LONGEST)}"


def evidence(one: Complaint, links: Links) -> str:
    """By what it was recognised, and who is meant; kinds and weights, never the letter's words (I9)."""
    seen = _pieces(one.evidence.get("recognition", ()))
    candidates = one.evidence.get("candidates", ())
    rows = "\n".join(_candidate(one, found, links) for found in candidates[:_SHOWN_CANDIDATES])
    more = len(candidates) - _SHOWN_CANDIDATES
    rest = f"\n\nand {more} more, see `forthwith show {one.ref}`" if more > 0 else ""
    table = (
        f"\n\n| Customer | Score | What speaks for it, or against |\n|:--|--:|:--|\n{rows}{rest}"
        if rows
        else ""
    )
    recognised = f"Recognised by: {seen}." if seen else ""
    return f"### Evidence\n\n{recognised}{table}" if recognised or table else ""


def _candidate(one: Complaint, found: Mapping[str, Any], links: Links) -> str:
    name = str(found.get("name", ""))
    shown = links.proposal(one, str(found.get("id", "")), name) or escaped(name, longest=40)
    score = float(found.get("score", 0))
    return f"| {shown} | {score:.2f} | {_pieces(found.get('evidence', ()))} |"


def _pieces(pieces: Sequence[Mapping[str, Any]]) -> str:
    """Kinds and weights; what was found may be the letter's own words, or somebody's address (I9)."""
    told = (f"{escaped(str(one.get('what', '')))} {float(one.get('weight', 0)):+.2f}" for one in pieces)
    return ", ".join(dict.fromkeys(told))


def _forwards(ladders: Sequence[ForwardProof], zone: ZoneInfo) -> str:
    if not ladders:
        return ""
    return "### The forward, step by step\n\n" + "\n\n".join(_ladder(one, zone) for one in ladders)


def _ladder(ladder: ForwardProof, zone: ZoneInfo) -> str:
    rows = "\n".join(
        f"| {short(step.at, zone)} | {_step(step.step)} | {_details(step.details, step.words)} |"
        for step in ladder.steps
    )
    return f"To the {ladder.to}:\n\n| When | Step | What shows it |\n|:--|:--|:--|\n{rows}"


def _step(step: Step) -> str:
    return f"**{step.value}**" if step in _BAD else step.value


_SHOWN_DETAILS = ("queue_id", "status", "TLS", "certificate", "sealed")
"""Servers' names and numbers; their words may hold an address (I9)."""


def _details(details: Mapping[str, str], words: str) -> str:
    code = words[:3] if words[:3].isdigit() else ""
    told = {"relay's code": code} | {name.replace("_", " "): details.get(name, "") for name in _SHOWN_DETAILS}
    return ", ".join(f"{name} {escaped(value)}" for name, value in told.items() if value and "@" not in value)


def _rungs(history: Sequence[LoggedEvent], zone: ZoneInfo) -> str:
    climbed = [one for one in history if one.name in _RUNGS]
    if not climbed:
        return ""
    rows = "\n".join(
        f"| {short(one.at, zone)} | {escaped(str(one.data.get('rung', '')))} |" for one in climbed
    )
    return f"### Alarms raised\n\n| When | Because |\n|:--|:--|\n{rows}"
