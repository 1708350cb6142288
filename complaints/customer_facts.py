"""What a notice to a customer's people says besides: in their language and time zone, and of nobody but them (I2)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from complaints.confidential import KEY_FAULTS
from complaints.customer_place import LANGUAGES
from complaints.lifecycle import Status
from complaints.model import Complaint
from complaints.other_customers import OtherCustomers
from complaints.reasons import ALL_AWAY, BOUNCED, NO_MANAGER, REFUSED, SENT_BACK, TOO_BIG

ENGINE, PERSON = "engine", "person"
"""Who has said that a complaint is this customer's."""

MANAGER, STAND_IN, INFORMED = "manager", "stand-in", "informed"
"""Who reads a note: the supplier manager, who gets the letter in their place, or who is only told of it."""

UNNAMED: Mapping[str, Any] = {
    "unnamed": "yes",
    **dict.fromkeys(("authority", "reference", "subject", "sender", "sender_name", "reply_to"), ""),
    **dict.fromkeys(("respond_by_quote", "problem", "words"), ""),
    **{name: [] for name in ("references", "asked", "attachments", "left_out")},
    "evidence": {},
}
"""Goes over the facts of what travels in the clear though the contract asks for encryption: our reference is enough."""

_ENGLISH = ("", LANGUAGES[0])

_STOPS = {
    **dict.fromkeys(KEY_FAULTS, "key"),
    BOUNCED: "lost",
    REFUSED: "lost",
    NO_MANAGER: "nobody",
    ALL_AWAY: "nobody",
    TOO_BIG: "big",
    SENT_BACK: "sent_back",
}
"""What the customer's people can mend, by the mark of why a person of ours is asked."""


def facts_for_customer(complaint: Complaint, reader: str = "") -> dict[str, Any]:
    """Facts that go over those of every notice.

    Our reasons in free words (``why``, ``cause``) may name other customers, as may the evidence of a match that
    somebody has put right since: what is told is the evidence for this customer alone.

    Args:
        complaint: as it stands.
        reader: the mail address that is written to; empty: the one that the complaint goes to.
    """
    place = {"timezone": complaint.customer_timezone} if complaint.customer_timezone else {}
    return (
        place
        | {
            "to_customer": "yes",
            "language": complaint.customer_language,
            "authority": _authority(complaint),
            "letter_language": complaint.language,
            "stamped_at": complaint.evidence.get("mail", {}).get("stamped_at"),
            "counts_until": complaint.until,
            "why": "",
            "cause": "",
            "hold": "",
            "mark": "",
            "reason": "",
            "reader": _reader(complaint, reader.lower()),
            "stopped_by": _stopped_by(complaint),
            "chosen_by": _chosen_by(complaint),
        }
        | _quoted(complaint)
    )


def _authority(complaint: Complaint) -> str:
    """Its name; the English one beside it is for those who read English alone."""
    own = str(complaint.evidence.get("authority", ""))
    return complaint.body_name if complaint.customer_language in _ENGLISH or not own else own


def _reader(complaint: Complaint, address: str) -> str:
    if not address or address == complaint.recipient_email.lower():
        goes_to_them = complaint.recipient_email.lower() == complaint.manager_email.lower()
        return MANAGER if goes_to_them else STAND_IN
    return MANAGER if address == complaint.manager_email.lower() else INFORMED


def _stopped_by(complaint: Complaint) -> str:
    """Why it does not go out by itself, in a word; empty: it does."""
    waits = complaint.status is Status.NEEDS_REVIEW
    return _STOPS.get(complaint.review_reason, "person") if waits else ""


def _chosen_by(complaint: Complaint) -> str:
    """Empty where that was not written down yet when the letter came."""
    if "matched" not in complaint.evidence:
        return ""
    return ENGINE if complaint.evidence["matched"] == complaint.customer_id else PERSON


def _quoted(complaint: Complaint) -> dict[str, Any]:
    """What a note shows of the letter itself; what names another customer who came into question stays in the letter.

    ``left_out`` tells what is missing, so that the note can say where it stands.
    """
    others = OtherCustomers.of(complaint)
    letter = complaint.evidence.get("mail", {})
    words = {
        "subject": complaint.subject,
        "respond_by_quote": complaint.respond_by_quote,
        "sender": letter.get("sender", ""),
        "sender_name": letter.get("sender_name", ""),
        "reply_to": letter.get("reply_to", ""),
        "problem": letter.get("problem", ""),
    }
    left_out = [name for name, said in words.items() if others.named_in(said)]
    asked = complaint.evidence.get("asked", ())
    shown = [quote for quote in asked if not others.named_in(quote)]
    references = [one["value"] for one in complaint.evidence.get("references", ()) if "value" in one]
    return (
        words
        | dict.fromkeys(left_out, "")
        | {
            "asked": shown,
            "references": [one for one in references if not others.named_in(one)],
            "attachments": [_attachment(one, others) for one in letter.get("attachments", ())],
            "evidence": {
                "recognition": [*_shown(_recognition(complaint), others)],
                "match": [*_shown(_own_evidence(complaint), others)],
            },
            "left_out": [*left_out, *(["asked"] if len(shown) < len(asked) else [])],
        }
    )


def _attachment(file: Mapping[str, Any], others: OtherCustomers) -> dict[str, Any]:
    return {**file, "name": "", "left_out": True} if others.named_in_file(file.get("name")) else dict(file)


def _shown(pieces: Iterable[Mapping[str, Any]], others: OtherCustomers) -> Iterator[dict[str, Any]]:
    """The evidence that names nobody else; of a place that does, the piece alone."""
    for piece in pieces:
        if not others.named_in(piece.get("found")):
            place = str(piece.get("where") or "")
            yield {**piece, "where": "" if others.named_in_file(place) else place}


def _recognition(complaint: Complaint) -> Iterator[dict[str, Any]]:
    """By what the sender was recognised, who they claim to be under the name that the rest of the note calls them by."""
    title, name = complaint.body_name, _authority(complaint)
    for piece in complaint.evidence.get("recognition", ()):
        found = str(piece.get("found") or "")
        yield {**piece, "found": found.replace(title, name) if title else found}


def _own_evidence(complaint: Complaint) -> list[Any]:
    """What speaks for this customer; of the candidates, the others' evidence names the others."""
    candidates = complaint.evidence.get("candidates", ())
    own = next((one["evidence"] for one in candidates if one.get("id") == complaint.customer_id), ())
    return [piece for piece in own if piece.get("weight", 0) > 0]
