"""The JSON that commands print: names that programs can rely on."""

from datetime import datetime
from typing import Any

from complaints.deadlines import Interval
from complaints.explaining import Explanation
from complaints.model import Assessment, Complaint, Matched
from complaints.proof import ForwardProof, ladders_of
from complaints.recalculation import Change
from complaints.records import Dossier
from complaints.store.mails import StoredMail
from flows.commands.common import plain


def complaint_json(one: Complaint, now: datetime) -> dict[str, Any]:
    """One complaint as ``list`` has it."""
    return {
        "ref": one.ref,
        "status": one.status.value,
        "kind": one.kind.value,
        "authority": {
            "id": one.body_id or None,
            "name": one.body_name or None,
            "verified": one.body_verified,
        },
        "reference": one.reference or None,
        "customer": one.customer_id or None,
        "customer_name": one.customer_name or None,
        "received_at": plain(one.received_at),
        "due_at": plain(one.due_at),
        "terms": one.terms,
        "until": one.until,
        "overdue": one.clock_runs and now > one.due_at,
        "review_reason": one.review_reason or None,
        "held_at": one.held_at,
        "hold_reason": one.hold_reason or None,
        "breached_at": plain(one.breached_at),
        "breach_cause": one.breach_cause or None,
        "respond_by": plain(one.respond_by),
        "delivery": one.delivery or None,
        "forwarded_at": plain(one.forwarded_at),
        "acknowledged_at": plain(one.acknowledged_at),
        "answered_at": plain(one.answered_at),
        "paused_until": plain(one.paused_until) if one.paused_until and one.paused_until > now else None,
        "closed_at": plain(one.closed_at),
        "follows": one.follows or None,
    }


def dossier_json(found: Dossier, now: datetime) -> dict[str, Any]:
    """Everything about one complaint, as ``show`` has it."""
    one = found.complaint
    more = (
        "why",
        "calendar",
        "calendar_version",
        "urgent",
        "reckoned",
        "manager_name",
        "manager_email",
        "deputy_email",
        "recipient_email",
        "standing_in",
        "subject",
        "language",
        "respond_by_quote",
    )
    times = ("server_at", "header_at", "stored_at", "next_rung_at")
    evidence = {
        key: one.evidence.get(key, []) for key in ("recognition", "match", "candidates", "references")
    }
    return {
        **complaint_json(one, now),
        **{name: plain(getattr(one, name)) for name in (*more, *times)},
        "deadline_version": one.deadline_version,
        "mail": {"sha256": found.mail.sha256, "size": found.mail.size, **one.evidence.get("mail", {})},
        "evidence": evidence,
        "arrivals": plain(found.arrivals),
        "history": [plain(event) for event in found.history],
        "forwards": [_forward(ladder) for ladder in ladders_of(one, found.history, found.notices)],
        "notices": [_notice(notice) for notice in found.notices],
        "faults": found.faults,
    }


def _forward(ladder: ForwardProof) -> dict[str, Any]:
    return {
        "to": ladder.to,
        "recipient": ladder.recipient,
        "message_id": ladder.message_id,
        "attempts": ladder.attempts,
        "stands": ladder.stands.value,
        "steps": [
            {
                "step": proof.step.value,
                "at": plain(proof.at),
                "words": proof.words or None,
                **({"details": dict(proof.details)} if proof.details else {}),
            }
            for proof in ladder.steps
        ],
    }


def _notice(notice: Any) -> dict[str, Any]:
    told = plain(notice)
    return {name: value for name, value in told.items() if name not in ("facts", "dedupe_key", "mail_id")}


def mail_json(one: StoredMail) -> dict[str, Any]:
    """A filed mail, as ``list --filed`` has it."""
    names = ("id", "sha256", "mailbox", "received_at", "stored_at", "kind", "sender", "subject", "why")
    return {name: plain(getattr(one, name)) for name in names}


def interval_json(one: Interval) -> dict[str, Any]:
    """A stretch of time, as ``deadline`` has it."""
    return {"from": plain(one.start), "until": plain(one.end), "counted": one.counted, "why": one.why}


def explanation_json(found: Explanation) -> dict[str, Any]:
    """How a deadline came about, as ``explain`` has it."""
    one, today = found.complaint, found.today
    return {
        "ref": one.ref,
        "received_at": plain(one.received_at),
        "terms": one.terms,
        "due_at": plain(one.due_at),
        "due_at_by_present_settings": plain(today.due_at),
        "deadline_version": one.deadline_version,
        "house_number": one.house_number or None,
        "calendar": one.calendar or None,
        "calendar_version": one.calendar_version or None,
        "calendar_kept": found.kept,
        "urgent": one.urgent or None,
        "until": one.until,
        "unless_forbidden": found.unless_forbidden,
        "reckoned": one.reckoned,
        "today": {
            "terms": today.terms,
            "due_at": plain(today.due_at),
            "calendar": today.calendar,
            "calendar_version": today.calendar_version,
            "until": today.until,
            "differs": found.differs,
        },
        "explain": [interval_json(step) for step in found.steps],
    }


def change_json(change: Change, *, dry_run: bool) -> dict[str, Any]:
    """What a recalculation changes, as ``recalculate`` has it."""
    before, after = change.before, change.after
    names = ("terms", "due_at", "calendar", "calendar_version", "until")
    return {
        "ref": before.ref,
        "changed": change.moves and not dry_run,
        "would_change": change.moves,
        "status": before.status.value,
        "from": {name: plain(getattr(before, name)) for name in names},
        "to": {name: plain(getattr(after, name)) for name in names} if after else None,
    }


def assessment_json(file: str, received_at: datetime, one: Assessment) -> dict[str, Any]:
    """What would be decided about a mail: an interface that other programs rely on."""
    found, seen = one.match, one.recognition
    body = seen.body
    return {
        "file": file,
        "kind": seen.kind.value,
        "authority": {
            "id": body.id if body else None,
            "name": body.name if body else None,
            "domain": (body.domain or None) if body else None,
            "verified": seen.verified,
        },
        "reference": seen.reference or None,
        "references": [reference.value for reference in seen.references],
        "customer": found.customer.id if isinstance(found, Matched) else None,
        "candidates": [
            {
                "customer": candidate.customer.id,
                "score": round(candidate.score, 3),
                "evidence": [plain(evidence) for evidence in candidate.evidence],
            }
            for candidate in found.candidates
        ],
        "decision": one.decision.value,
        "why": one.why,
        "respond_by": plain(seen.respond_by),
        "respond_by_quote": seen.respond_by_quote or None,
        "language": seen.language or None,
        "received_at": plain(received_at),
    }
