"""What a notice says, frozen when it is written, so that a retry is the same bytes (I6)."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from complaints.lifecycle import Status
from complaints.model import Assessment, Candidate, Complaint, Evidence, InboundMail, Matched
from complaints.other_customers import called
from complaints.reasons import in_words
from complaints.store.mails import StoredMail


def evidence_of(assessment: Assessment, stored: StoredMail) -> dict[str, Any]:
    """Why the engine thinks what it thinks, as kept on the complaint and shown by ``show``."""
    return {
        "recognition": [_evidence(one) for one in assessment.recognition.evidence],
        "match": [_evidence(one) for one in _winning(assessment)],
        "candidates": [_candidate(one) for one in assessment.match.candidates],
        "matched": assessment.match.customer.id if isinstance(assessment.match, Matched) else "",
        "authority": assessment.recognition.body.own_name if assessment.recognition.body else "",
        "unknown": list(getattr(assessment.match, "unknown", ())),
        # By what a note to one of them knows the others' names (I2).
        "called": {one.customer.id: called(one.customer) for one in assessment.match.candidates},
        "asked": list(assessment.recognition.asked),
        "references": [asdict(one) for one in assessment.recognition.references],
        "score": assessment.recognition.score,
        "mail": facts_of_mail(assessment.mail)
        | {"sha256": stored.sha256, "mailbox": stored.mailbox, "problem": _problem(stored)},
    }


def facts_of_mail(mail: InboundMail) -> dict[str, Any]:
    """What the covering note tells of the letter itself."""
    return {
        "sender": mail.sender.email,
        "sender_name": mail.sender.name,
        "reply_to": mail.reply_to.email if mail.reply_to else "",
        "stamped_at": mail.received_at.isoformat() if mail.received_at else None,
        "sha256": mail.sha256,
        "attachments": [asdict(one) for one in mail.attachments],
        "problems": list(mail.problems),
        "opened": list(mail.opened),
    }


def facts_of_complaint(
    complaint: Complaint, *, organisation: str, timezone: str, dashboard_url: str
) -> dict[str, Any]:
    """The facts every notice about a complaint carries."""
    letter = complaint.evidence.get("mail", {})
    return {
        "ref": complaint.ref,
        "kind": complaint.kind.value,
        "authority": complaint.body_name,
        "authority_verified": complaint.body_verified,
        "reference": complaint.reference,
        "customer": complaint.customer_name,
        "customer_id": complaint.customer_id,
        "manager_name": complaint.manager_name,
        "read_by": complaint.recipient_email,
        "standing_in": complaint.standing_in,
        **_waiting(complaint),
        "subject": complaint.subject,
        "received_at": complaint.received_at.isoformat(),
        "server_at": complaint.server_at.isoformat(),
        "header_at": complaint.header_at.isoformat() if complaint.header_at else None,
        "stored_at": complaint.stored_at.isoformat(),
        "due_at": complaint.due_at.isoformat(),
        "terms": complaint.terms,
        "reckoned": complaint.reckoned,
        # What the contract still waits for once it was sent; empty before that.
        "waits_for": complaint.until if complaint.forwarded_at and complaint.clock_runs else "",
        "respond_by": complaint.respond_by.isoformat() if complaint.respond_by else None,
        "respond_by_quote": complaint.respond_by_quote,
        "follows": complaint.follows,
        "why": complaint.why,
        "evidence": {name: complaint.evidence.get(name, []) for name in ("recognition", "match")},
        "sender": letter.get("sender", ""),
        "sha256": letter.get("sha256", ""),
        "hold": complaint.hold_reason,
        "mailbox": letter.get("mailbox", ""),
        "problem": letter.get("problem", ""),
        "attachments": letter.get("attachments", []),
        "timezone": timezone,
        "organisation": organisation,
        "dashboard_url": dashboard_url,
    }


def _waiting(complaint: Complaint) -> dict[str, str]:
    """Why a person is asked: the mark on record, and what it means."""
    mark = complaint.review_reason if complaint.status is Status.NEEDS_REVIEW else ""
    return {"mark": mark, "reason": in_words(mark)}


def _problem(stored: StoredMail) -> str:
    if stored.oversized:
        return f"Only its headers were fetched ({stored.size:,} bytes in all); the letter itself lies in {stored.mailbox}."
    return stored.problem


def _winning(assessment: Assessment) -> Sequence[Evidence]:
    customer = getattr(assessment.match, "customer", None)
    return next((one.evidence for one in assessment.match.candidates if one.customer is customer), ())


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "id": one.customer.id,
        "name": one.customer.name,
        "score": round(one.score, 3),
        "evidence": [_evidence(e) for e in one.evidence],
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    return {"what": one.what, "found": one.found[:300], "where": one.where, "weight": one.weight}


def receipt(complaint: Complaint) -> dict[str, Any]:
    """What the first line of a history tells."""
    return {
        "received_at": complaint.received_at.isoformat(),
        "terms": complaint.terms,
        "due_at": complaint.due_at.isoformat(),
        "calendar": f"{complaint.calendar} {complaint.calendar_version}",
        "until": complaint.until,
        "kind": complaint.kind.value,
    }
