"""The store's contract, the same on SQLite and on PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, StatementError

from complaints.errors import BadSetting, StoreUnavailable
from complaints.model import Arrival, Customer
from complaints.outbox import NewNotice, NoticeKind
from complaints.store.database import Database
from complaints.store.notices import Draft
from complaints.store.rows import Claim
from complaints.store.upgrade import _config, current, differences, newest, upgrade

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def letter(number: int, *, uid: int | None = None, place: str = "", mailbox: str = "desk/INBOX") -> Arrival:
    return Arrival(
        raw=b"Subject: letter %d\r\n\r\nwords\r\n" % number,
        mailbox=mailbox,
        server_at=NOW - timedelta(hours=1),
        uidvalidity=7 if uid else None,
        uid=uid,
        place=place,
    )


def claim(by: str = "one", at: datetime = NOW) -> Claim:
    return Claim(by=by, at=at, until=at + timedelta(minutes=2))


async def test_the_migrated_schema_equals_the_declared_one(database: Database) -> None:
    assert await current(database) == newest()
    assert await differences(database) == []


async def test_upgrading_twice_changes_nothing(database: Database) -> None:
    assert await upgrade(database) is False


async def test_two_daemons_that_start_together_both_find_the_schema(empty_database_url: str) -> None:
    first, second = Database(empty_database_url), Database(empty_database_url)
    await asyncio.gather(upgrade(first), upgrade(second))
    assert await current(first) == newest()
    await first.close()
    await second.close()


async def test_raw_bytes_come_back_as_they_came(database: Database) -> None:
    raw = bytes(range(256)) * 100
    async with database.writing() as repository:
        [receipt] = await repository.mails.store([Arrival(raw=raw, mailbox="m", server_at=NOW)], NOW)
    async with database.reading() as repository:
        assert await repository.mails.raw([receipt.mail_id]) == {receipt.mail_id: raw}


async def test_the_same_bytes_at_a_second_place_are_one_mail_with_two_arrivals(database: Database) -> None:
    async with database.writing() as repository:
        [first] = await repository.mails.store([letter(1, uid=5)], NOW)
        [second] = await repository.mails.store([letter(1, uid=9, mailbox="desk/Junk")], NOW)
        known = await repository.mails.known_uids("desk/Junk", 7)
    assert (first.new, first.again) == (True, False)
    assert (second.mail_id, second.new, second.again) == (first.mail_id, False, True)
    assert known == {9}


async def test_a_batch_taken_twice_is_stored_once(database: Database) -> None:
    batch = [letter(n, uid=n) for n in range(1, 6)] + [letter(9, place="name,S=3", mailbox="maildir")]
    async with database.writing() as repository:
        await repository.mails.store(batch, NOW)
    async with database.writing() as repository:
        again = await repository.mails.store(batch, NOW)
        assert not any(r.new or r.again for r in again)
        assert await repository.mails.known_uids("desk/INBOX", 7) == {1, 2, 3, 4, 5}
        assert await repository.mails.known_places("maildir") == {"name,S=3"}


async def test_uids_beyond_31_bits_fit(database: Database) -> None:
    huge = 2**32 - 1
    async with database.writing() as repository:
        await repository.mails.skip("m", huge, [huge], NOW)
        assert await repository.mails.known_uids("m", huge) == {huge}


async def test_a_server_whose_clock_is_ahead_gives_no_extra_time(database: Database) -> None:
    ahead = Arrival(raw=b"x", mailbox="m", server_at=NOW + timedelta(hours=3))
    async with database.writing() as repository:
        [receipt] = await repository.mails.store([ahead], NOW)
        mail = await repository.mails.get(receipt.mail_id)
    assert (mail.received_at, mail.server_at) == (NOW, NOW + timedelta(hours=3))


async def test_a_naive_instant_is_refused(database: Database) -> None:
    naive = Arrival(raw=b"x", mailbox="m", server_at=datetime(2026, 1, 1))  # noqa: DTZ001  that is the point
    with pytest.raises((StatementError, TypeError)):
        async with database.writing() as repository:
            await repository.mails.store([naive], NOW)


async def test_what_a_mail_may_hold_and_a_column_may_not_is_stored_without_it(database: Database) -> None:
    async with database.writing() as repository:
        [receipt] = await repository.mails.store([letter(1, uid=1)], NOW)
        await repository.mails.conclude(
            receipt.mail_id, {"subject": "a\x00b\ud800c", "evidence": {"found": "x\x00y"}, "state": "filed"}
        )
        mail = await repository.mails.get(receipt.mail_id)
    assert mail.subject == "ab?c"
    assert mail.evidence == {"found": "xy"}


async def test_a_failed_transaction_leaves_no_trace(database: Database) -> None:
    with pytest.raises(RuntimeError, match="power cut"):
        await _store_and_fail(database)
    async with database.reading() as repository:
        assert await repository.mails.counts() == {}


async def _store_and_fail(database: Database) -> None:
    async with database.writing() as repository:
        await repository.mails.store([letter(1, uid=1)], NOW)
        raise RuntimeError("power cut")


async def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.writing() as repository:
            await repository.connection.execute(
                text("INSERT INTO mail_raw (mail_id, raw) VALUES (999, :raw)"), {"raw": b"x"}
            )


async def test_claimed_mail_is_nobody_elses_until_the_claim_ends(database: Database) -> None:
    async with database.writing() as repository:
        await repository.mails.store([letter(n, uid=n) for n in (1, 2, 3)], NOW)
    async with database.writing() as repository:
        mine = await repository.mails.claim_unread(2, claim("one"), tried=False)
    async with database.writing() as repository:
        others = await repository.mails.claim_unread(5, claim("two"), tried=False)
    assert len(mine) == 2
    assert len(others) == 1
    later = NOW + timedelta(minutes=3)
    async with database.writing() as repository:
        tried = await repository.mails.claim_unread(5, claim("two", later), tried=True)
    assert {m.attempts for m in tried} == {2}


async def test_a_notice_with_a_known_key_is_not_written_again(database: Database) -> None:
    draft = Draft(notice=NewNotice(kind=NoticeKind.BREACH, recipient="a@b.example", dedupe_key="k"))
    async with database.writing() as repository:
        assert await repository.notices.write([draft, draft], NOW, "desk.example") == 1
        assert await repository.notices.write([draft], NOW, "desk.example") == 0


async def test_alarms_are_claimed_before_letters(database: Database) -> None:
    drafts = [
        Draft(notice=NewNotice(kind=kind, recipient="a@b.example", dedupe_key=kind.value))
        for kind in (NoticeKind.FORWARD, NoticeKind.REVIEW, NoticeKind.WARNING, NoticeKind.BREACH)
    ]
    async with database.writing() as repository:
        await repository.notices.write(drafts, NOW, "desk.example")
        first = await repository.notices.claim(2, claim())
    assert [n.kind for n in first] == [NoticeKind.BREACH, NoticeKind.WARNING]


async def test_sixty_receipts_at_once_all_succeed(database: Database) -> None:
    async def receive(number: int) -> None:
        async with database.writing() as repository:
            await repository.mails.known_uids("desk/INBOX", 7)
            await repository.mails.store([letter(number, uid=number)], NOW)

    await asyncio.gather(*(receive(n) for n in range(1, 61)))
    async with database.reading() as repository:
        assert await repository.mails.counts() == {"received": 60}


async def test_two_claimers_never_get_the_same_notice(database: Database) -> None:
    drafts = [
        Draft(notice=NewNotice(kind=NoticeKind.FORWARD, recipient="a@b.example", dedupe_key=str(n)))
        for n in range(100)
    ]
    async with database.writing() as repository:
        await repository.notices.write(drafts, NOW, "desk.example")

    async def take(by: str) -> list[int]:
        taken: list[int] = []
        while True:
            async with database.writing() as repository:
                got = await repository.notices.claim(7, claim(by))
            if not got:
                return taken
            taken += [n.id for n in got]

    one, two = await asyncio.gather(take("one"), take("two"))
    assert len(one) + len(two) == len({*one, *two}) == 100


async def test_the_register_climbs_and_remembers_what_was_on_file_when(database: Database) -> None:
    acme = Customer(id="acme", name="Acme Ltd", aliases=("Acme",), domains=("acme.example",))
    changed, swift = replace(acme, sla="4h"), Customer(id="swift", name="Swift GmbH")
    async with database.writing() as repository:
        assert await repository.customers.replace([acme, swift], NOW) == (2, 0)
        await repository.customers.climb("a" * 64)
    async with database.writing() as repository:
        assert await repository.customers.all() == [acme, swift]
        assert await repository.customers.replace([changed], LATER) == (1, 2)
        await repository.customers.climb("b" * 64)
        assert await repository.customers.all() == [changed]
        assert await repository.customers.version() == 2
        filed = await repository.customers.filed(["acme", "swift", "nobody"])
    assert [(one.customer, one.recorded_at, one.retired_at) for one in filed["acme"]] == [
        (acme, NOW, LATER),
        (changed, LATER, None),
    ]
    assert [one.retired_at for one in filed["swift"]] == [LATER]
    assert filed["nobody"] == []


async def test_what_stays_as_it_is_stays_on_file_since_the_same_instant(database: Database) -> None:
    acme = Customer(id="acme", name="Acme Ltd", valid_until=date(2027, 1, 31))
    async with database.writing() as repository:
        await repository.customers.replace([acme], NOW)
        assert await repository.customers.replace([acme], LATER) == (0, 0)
        filed = await repository.customers.filed(["acme"])
    assert [(one.customer, one.recorded_at) for one in filed["acme"]] == [(acme, NOW)]


async def test_two_daemons_that_start_together_put_the_register_on_file_once(database: Database) -> None:
    acme = Customer(id="acme", name="Acme", supplier_manager_email="m@a.example")

    async def another() -> tuple[int, int]:
        async with database.writing() as repository:
            return await repository.customers.replace([acme], LATER)

    async with database.writing() as repository:
        await repository.customers.replace([acme], NOW)
        second = asyncio.create_task(another())
        # It may not read before this one is done; a second that did would add what it cannot see.
        await asyncio.wait({second}, timeout=0.5)
    assert await second == (0, 0)
    async with database.reading() as repository:
        assert await repository.customers.all() == [acme]


async def test_a_store_that_is_not_there_is_said_to_be_so() -> None:
    store = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StoreUnavailable, match="does not answer"):
        await store.ping()
    await store.close()


def test_a_database_of_another_make_is_refused() -> None:
    with pytest.raises(BadSetting, match="sqlite:///FILE or postgresql"):
        Database("mysql://localhost/x")


async def test_customers_and_complaints_of_an_earlier_version_are_taken_over(empty_database_url: str) -> None:
    store = Database(empty_database_url)
    async with store.writing() as repository:
        await repository.connection.run_sync(_upgrade_to_the_version_before)
        await repository.connection.execute(text(_A_CUSTOMER_OF_BEFORE), {"at": None})
        await repository.connection.execute(
            text(_A_CUSTOMER_OF_BEFORE.replace("'acme'", "'gone'")),
            {"at": NOW if "postgres" in empty_database_url else NOW.replace(tzinfo=None).isoformat(" ")},
        )
    assert await upgrade(store)
    acme = Customer(
        id="acme",
        name="Acme Ltd",
        aliases=("Acme",),
        supplier_manager_email="ada@acme.example",
        deputies=("dan@acme.example",),
        sla="4h",
    )
    async with store.reading() as repository:
        assert await repository.customers.all() == [acme]
        filed = await repository.customers.filed(["acme", "gone"])
    assert filed["acme"][0].was_on_file(datetime(2020, 1, 1, tzinfo=UTC))
    assert filed["gone"][0].retired_at == NOW
    assert await differences(store) == []
    await store.close()


_A_CUSTOMER_OF_BEFORE = """
INSERT INTO customer (id, name, aliases, domains, identifiers, supplier_manager_name, supplier_manager_email,
                      deputy_email, sla, country, retired_at)
VALUES ('acme', 'Acme Ltd', '["Acme"]', '[]', '[]', '', 'ada@acme.example', 'dan@acme.example', '4h', '', :at)
"""


def _upgrade_to_the_version_before(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0002")
