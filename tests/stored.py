"""A mail as the store has it, for tests that read one without a store."""

from datetime import UTC, datetime

from complaints.store.mails import StoredMail

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def stored(**changes: object) -> StoredMail:
    values = {
        "id": 1,
        "sha256": "0" * 64,
        "size": 1,
        "oversized": False,
        "problem": "",
        "mailbox": "m",
        "received_at": NOON,
        "server_at": NOON,
        "header_at": None,
        "stored_at": NOON,
        "state": "received",
        "kind": "",
        "sender": "",
        "subject": "",
        "message_id": "",
        "why": "",
        "evidence": {},
        "attempts": 1,
    }
    return StoredMail(**(values | changes))  # type: ignore[arg-type]
