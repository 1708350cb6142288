"""The ledger that tests use keeps the promises of the port."""

from datetime import UTC, datetime

from complaints.inbox.port import Ledger
from complaints.model import Arrival
from tests.fakes import MemoryLedger

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def test_a_folder_is_unknown_until_it_is_opened() -> None:
    ledger: Ledger = MemoryLedger()
    assert await ledger.folder("a/INBOX") is None
    await ledger.open_folder("a/INBOX", 7, NOW)
    state = await ledger.folder("a/INBOX")
    assert state is not None
    assert (state.uidvalidity, state.start_from) == (7, NOW)


async def test_uids_count_within_their_mailbox_and_uidvalidity_alone() -> None:
    ledger = MemoryLedger()
    ledger.commit([Arrival(raw=b"x", mailbox="a/INBOX", server_at=NOW, uidvalidity=7, uid=1)])
    await ledger.skip("a/INBOX", 7, [2, 3])
    await ledger.skip("a/INBOX", 7, [3])
    assert await ledger.known_uids("a/INBOX", 7) == {1, 2, 3}
    assert await ledger.known_uids("a/INBOX", 8) == set()
    assert await ledger.known_uids("b/INBOX", 7) == set()


async def test_places_count_within_their_mailbox_alone() -> None:
    ledger = MemoryLedger()
    ledger.commit([Arrival(raw=b"x", mailbox="a", server_at=NOW, place="1.a.host")])
    await ledger.skip_places("a", ["2.b.host"])
    assert await ledger.known_places("a") == {"1.a.host", "2.b.host"}
    assert await ledger.known_places("b") == set()
