"""One complaint whole, for people in a terminal."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaints.model import Complaint
from complaints.outbox import Notice, NoticeState
from complaints.proof import ForwardProof, ladders_of
from complaints.reasons import cause_in_words, in_words
from complaints.records import Dossier
from flows import show


def dossier(found: Dossier, now: datetime, zone: ZoneInfo) -> None:
    """Print everything about a complaint."""
    one = found.complaint
    show.heading(f"{one.ref}  {one.status.value}  {show.due(one, now)}")
    show.facts(_outline(one, now, zone))
    show.heading("Received")
    show.facts(_receipt(found, zone))
    show.heading("Recognised and matched")
    show.facts((("conclusion", one.why), ("sender", _sender(one))))
    _evidence(one.evidence)
    _candidates(one.evidence.get("candidates", ()))
    show.heading("Forwards, step by step")
    for ladder in ladders_of(one, found.history, found.notices):
        _ladder(ladder, zone)
    show.heading("Notices")
    for notice in found.notices:
        _notice(notice, zone)
    show.heading("History")
    for event in found.history:
        told = ", ".join(f"{key}: {value}" for key, value in event.data.items() if key != "receipt")
        show.line(
            f"{event.seq:3}  {show.instant(event.at, zone)}  {event.name}  by {event.actor}  {told}".rstrip()
        )
    broken = "; ".join(found.faults)
    show.line(
        f"The history is BROKEN: {broken}" if broken else "The history is whole.",
        "bold red" if broken else "",
    )


def _outline(one: Complaint, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    checked = "verified" if one.body_verified else "NOT verified"
    yield "kind", one.kind.value
    yield "authority", f"{one.body_name} ({checked})" if one.body_name else ""
    yield "reference", one.reference
    yield "follows", one.follows
    yield "customer", f"{one.customer_name} ({one.customer_id})" if one.customer_id else ""
    yield "supplier manager", " ".join(word for word in (one.manager_name, one.manager_email) if word)
    if one.standing_in:
        yield "forwarded to", f"{one.recipient_email or 'nobody'}: {one.standing_in}"
    yield "encryption", one.encryption if one.encryption != "none" else ""
    yield "waits for a person", in_words(one.review_reason)
    yield "legal hold", one.hold_reason
    yield "due", f"{show.instant(one.due_at, zone)} ({one.terms}, version {one.deadline_version})"
    yield "  counted", one.reckoned
    yield "  until", one.until if one.until != "sent" else ""
    yield "next alarm", show.instant(one.next_rung_at, zone)
    yield "alarms", show.paused(one, now, zone)
    yield (
        "breached",
        f"{show.instant(one.breached_at, zone)}: {cause_in_words(one.breach_cause)}"
        if one.breached_at
        else "",
    )
    yield "forwarded", show.instant(one.forwarded_at, zone)
    yield "acknowledged", show.instant(one.acknowledged_at, zone)
    yield "answered", show.instant(one.answered_at, zone)
    yield "closed", show.instant(one.closed_at, zone)
    yield "answer wanted by", show.answer_by(one.respond_by, one.received_at, zone)
    yield "  as written", one.respond_by_quote


def _receipt(found: Dossier, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    one, letter = found.complaint, found.complaint.evidence.get("mail", {})
    yield (
        "by the server",
        f"{show.instant(one.server_at, zone)} (the clock starts {show.instant(one.received_at, zone)})",
    )
    yield "by its Date header", show.instant(one.header_at, zone) or "it has none"
    yield "stored", show.instant(one.stored_at, zone)
    yield "subject", one.subject
    yield "language", one.language
    yield "SHA-256", found.mail.sha256
    yield "size", f"{found.mail.size} bytes"
    yield "attachments", ", ".join(str(file.get("name", "")) for file in letter.get("attachments", ()))
    yield "could not be read", "; ".join(letter.get("problems", ()))
    for arrival in found.arrivals:
        copy = "" if arrival["sha256"] == found.mail.sha256 else f", as another mail {arrival['message_id']}"
        yield "arrived", f"{arrival['mailbox']}, {show.instant(arrival['server_at'], zone)}{copy}"


def _sender(one: Complaint) -> str:
    letter = one.evidence.get("mail", {})
    return f"{letter.get('sender_name', '')} {letter.get('sender', '')}".strip()


def _evidence(evidence: Mapping[str, Any]) -> None:
    for name in ("recognition", "match"):
        _pieces(name, evidence.get(name, ()))


def _candidates(candidates: Iterable[Mapping[str, Any]]) -> None:
    for one in candidates:
        show.line(f"candidate {one['id']} {one['name']} ({one['score']})", indent=2)
        _pieces("", one.get("evidence", ()), indent=4)


def _pieces(name: str, pieces: Iterable[Mapping[str, Any]], *, indent: int = 2) -> None:
    for piece in pieces:
        where = f" in {piece['where']}" if piece.get("where") else ""
        found = f"{piece.get('weight', 0):+.2f} {piece.get('what', '')}: {piece.get('found', '')}{where}"
        show.line(f"{name} {found}", indent=indent)


def _ladder(one: ForwardProof, zone: ZoneInfo) -> None:
    show.line(f"to the {one.to}, {one.recipient}: {one.stands.value}")
    for proof in one.steps:
        details = ", ".join(f"{name}: {value}" for name, value in proof.details.items())
        told = "; ".join(part for part in (proof.words, details) if part)
        show.line(f"{show.instant(proof.at, zone)}  {proof.step.value}  {told}".rstrip(), indent=2)


def _notice(one: Notice, zone: ZoneInfo) -> None:
    recipient = one.recipient if one.is_mail else f"{one.recipient.partition('://')[0]}://..."
    show.line(f"{one.kind.value} to {recipient}: {one.state.value}, {one.attempts} tries, {_when(one, zone)}")
    show.facts((("  Message-ID", one.message_id), ("  reply", one.reply), ("  queue id", one.queue_id)))


def _when(one: Notice, zone: ZoneInfo) -> str:
    held = one.state is NoticeState.PENDING and not one.attempts and one.next_attempt_at > one.created_at
    return (
        f"waits for the end of quiet hours, {show.instant(one.next_attempt_at, zone)}"
        if held
        else show.instant(one.sent_at, zone)
    )
