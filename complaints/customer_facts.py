"""What a notice to a customer's people says besides: in their language and time zone, and of nobody but them (I2)."""

from typing import Any

from complaints.model import Complaint

ENGINE, PERSON = "engine", "person"
"""Who has said that a complaint is this customer's."""


def facts_for_customer(complaint: Complaint) -> dict[str, Any]:
    """Facts that go over those of every notice.

    Our reasons in free words (``why``, ``cause``) may name other customers, as may the evidence of a match that
    somebody has put right since: what is told is the evidence for this customer alone.
    """
    letter = complaint.evidence.get("mail", {})
    place = {"timezone": complaint.customer_timezone} if complaint.customer_timezone else {}
    return place | {
        "to_customer": "yes",
        "language": complaint.customer_language,
        "letter_language": complaint.language,
        "sender_name": letter.get("sender_name", ""),
        "reply_to": letter.get("reply_to", ""),
        "stamped_at": letter.get("stamped_at"),
        "counts_until": complaint.until,
        "why": "",
        "cause": "",
        "hold": "",
        "references": [one["value"] for one in complaint.evidence.get("references", ()) if "value" in one],
        "asked": _asked(complaint),
        "chosen_by": _chosen_by(complaint),
        "evidence": {
            "recognition": complaint.evidence.get("recognition", []),
            "match": _own_evidence(complaint),
        },
    }


def _chosen_by(complaint: Complaint) -> str:
    """Empty where that was not written down yet when the letter came."""
    if "matched" not in complaint.evidence:
        return ""
    return ENGINE if complaint.evidence["matched"] == complaint.customer_id else PERSON


def _asked(complaint: Complaint) -> list[str]:
    """What the letter asks, but for what names another customer who came into question: that is asked of them."""
    others = [
        one for one in complaint.evidence.get("candidates", ()) if one.get("id") != complaint.customer_id
    ]
    pieces = (piece.get("found", "") for one in others for piece in one.get("evidence", ()))
    names = {str(name).casefold() for name in (*(one.get("name") for one in others), *pieces) if name}
    return [
        quote
        for quote in complaint.evidence.get("asked", ())
        if not any(name in quote.casefold() for name in names)
    ]


def _own_evidence(complaint: Complaint) -> list[Any]:
    """What speaks for this customer; of the candidates, the others' evidence names the others."""
    candidates = complaint.evidence.get("candidates", ())
    own = next((one["evidence"] for one in candidates if one.get("id") == complaint.customer_id), ())
    return [piece for piece in own if piece.get("weight", 0) > 0]
