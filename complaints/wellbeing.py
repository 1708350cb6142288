"""Whether the desk is really well: what a watch outside may be told. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta

from complaints.records import Health

HEARTBEAT = "heartbeat"
"""The part whose sign of life tells when the watch outside was last told."""

_OUT_WITHIN = timedelta(minutes=10)
_READ_BY_US_WITHIN = timedelta(minutes=5)
_LOOKED_WITHIN = timedelta(minutes=1)


def troubles(
    health: Health,
    looked_at: datetime | None,
    now: datetime,
    *,
    inboxes: Collection[str],
    read_within: timedelta,
    audited_at: datetime | None,
    audit_within: timedelta,
) -> list[str]:
    """What is not as it should be, in words without personal data; empty when all is well.

    Args:
        health: of inboxes and outbox.
        looked_at: when it was last seen to that all rungs that are due are raised; None: not yet.
        now: aware.
        inboxes: names of those that ought to be read.
        read_within: how long ago each may have been read last.
        audited_at: when the last audit was made; None: never.
        audit_within: how long ago that may be.
    """
    read = {mailbox: at for mailbox, at, _ in health.inboxes}
    unread = [name for name in inboxes if _is_before(read.get(name), now - read_within)]
    return [
        *(f"inbox {name} has not been read lately" for name in unread),
        *_waits("letters wait to be looked at", health.oldest_unread_at, now - _READ_BY_US_WITHIN),
        *_waits("mail does not go out", health.oldest_pending_at, now - _OUT_WITHIN),
        *(["the deadlines are not watched"] if _is_before(looked_at, now - _LOOKED_WITHIN) else []),
        *(["no audit was made lately"] if _is_before(audited_at, now - audit_within) else []),
    ]


def _is_before(at: datetime | None, instant: datetime) -> bool:
    return at is None or at < instant


def _waits(words: str, since: datetime | None, instant: datetime) -> list[str]:
    return [words] if since is not None and since < instant else []
