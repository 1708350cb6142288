"""Made-up notices, to try templates by before a real one must go."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from complaints.customer_facts import ENGINE, PERSON
from complaints.outbox import Notice, NoticeKind

LETTER = (
    b"From: Registry <registry@authority.example>\r\nSubject: Our reference C-26-3-417\r\n\r\n"
    b"Please answer within 21 days.\r\n"
)
"""The original of the made-up forward."""

_WRITTEN = datetime(2026, 7, 3, 23, 46, tzinfo=UTC)
_FACTS: Mapping[str, Any] = {
    "kind": "complaint",
    "authority": "Data Protection Commission",
    "authority_verified": True,
    "reference": "C-26-3-417",
    "asked": [
        "Please tell us what data of the complainant you hold, and since when.",
        "To whom were they disclosed between 1 March and 30 April?",
    ],
    "references": ["C-26-3-417", "C-037-10365"],
    "customer": "Hibernia Credit Union",
    "customer_id": "hibernia",
    "manager_name": "Aoife Ní Bhriain",
    "subject": "Our reference C-26-3-417",
    "sender": "registry@authority.example",
    "sender_name": "Registry",
    "letter_language": "en",
    "received_at": "2026-07-03T23:40:00+00:00",
    "server_at": "2026-07-03T23:40:00+00:00",
    "stamped_at": "2026-07-03T23:39:58+00:00",
    "header_at": "2026-07-03T23:39:41+00:00",
    "stored_at": "2026-07-03T23:40:05+00:00",
    "due_at": "2026-07-04T23:40:00+00:00",
    "terms": "24h",
    "counts_until": "sent",
    "reckoned": "every hour counts",
    "respond_by": "2026-07-24",
    "respond_by_quote": "Please answer within 21 days",
    "chosen_by": ENGINE,
    "why": "full name “Hibernia Credit Union” in body",
    "evidence": {
        "recognition": [
            {"what": "sender domain", "found": "authority.example", "where": "From"},
            {"what": "authentication", "found": "dmarc=pass", "where": "Authentication-Results"},
            {"what": "case reference", "found": "C-26-3-417", "where": "subject"},
        ],
        "match": [{"what": "full name", "found": "Hibernia Credit Union", "where": "body"}],
    },
    "sha256": sha256(LETTER).hexdigest(),
    "mailbox": "privacy@processor.example/INBOX",
    "octets": 48_200_000,
    "words": True,
    "attachments": [{"name": "letter.pdf", "content_type": "application/pdf", "size": 150123}],
}
_DOUBTFUL: Mapping[str, Any] = {
    **_FACTS,
    "kind": "follow-up",
    "authority_verified": False,
    "standing_in": "the supplier manager is away until 2026-08-01",
    "reply_to": "elsewhere@other.example",
    "follows": "FW-1001",
    "respond_by": None,
    "counts_until": "acknowledged",
    "waits_for": "acknowledged",
    "reckoned": "counted: Mon 6 Jul; not counted: weekend",
    "chosen_by": PERSON,
    "problem": "an attachment could not be read",
    "octets": 0,
    "attachments": [],
    "goes_on": "deputy@customer.example",
    "answer": "absence",
    "answered_by": "aoife@customer.example",
    "cause": "the relay has not accepted the forward",
    "reply": "451 try later",
    "candidates": [{"id": "hibernia", "name": "Hibernia Credit Union", "evidence": []}],
}


def sample(
    kind: NoticeKind, facts: Mapping[str, Any] = _FACTS, *, language: str = "", late: bool = False
) -> Notice:
    """A made-up notice.

    Args:
        kind: of notice.
        facts: what it says.
        language: of the customer's people it goes to (BCP 47); empty: it goes to our own.
        late: written after the agreed time.
    """
    for_customer = {"to_customer": "yes", "language": language} if language else {}
    return Notice(
        id=0,
        kind=kind,
        complaint_id=1,
        ref="FW-1002",
        recipient="manager@customer.example",
        message_id="<sample@processor.example>",
        dedupe_key="sample",
        facts={**facts, **for_customer},
        mail_id=1,
        created_at=_WRITTEN + timedelta(days=2 * late),
        next_attempt_at=_WRITTEN,
    )


def samples(kind: NoticeKind, language: str) -> Iterator[Notice]:
    """What a template must be able to say: all that can be known, the doubtful case, a late one, and next to nothing."""
    yield sample(kind, language=language)
    yield sample(kind, _DOUBTFUL, language=language, late=True)
    yield sample(kind, {}, language=language)
