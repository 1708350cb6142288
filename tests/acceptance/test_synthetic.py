"""The made-up complaint on the real street: through relay and mailbox and back, and missed when it stays away."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from complaints.clock import system_clock
from complaints.model import Kind
from complaints.synthetic_letter import HEADER
from config.bootstrap import App
from config.synthetic import send_synthetic, slot_at
from flows.embedded import EmbeddedImap, EmbeddedSmtp, free_port
from flows.signs import synthetic_sign
from tests.acceptance.commands import forthwith, until
from tests.conftest import SteppedClock
from tests.street import INBOX, MANAGER, TRIAGE, Street, ico_letter, original_in, settings_for

ADA = "ada@acme-retail.example"
ABOUT_ACME = "The controller is Acme Retail Ltd, whose systems you operate."
QUARTER = timedelta(minutes=15)


class LoopingSmtp(EmbeddedSmtp):
    """A relay that carries what is for us into our own mailbox, as a mail server does."""

    inbox: EmbeddedImap | None = None

    def _deliver(self, address: str, queue_id: str, raw: bytes) -> None:
        super()._deliver(address, queue_id, raw)
        if address == INBOX and self.inbox is not None:
            self.inbox.deliver(raw)


@pytest.fixture
def street(tmp_path: Path, database_url: str) -> Iterator[Street]:
    with EmbeddedImap(tmp_path / "imap") as imap, LoopingSmtp(tmp_path / "mail") as smtp:
        smtp.inbox = imap
        yield Street(tmp_path, imap, smtp, settings_for(tmp_path, imap, smtp, database_url))


@asynccontextmanager
async def at_the_desk(street: Street, **changes: object) -> AsyncIterator[tuple[App, SteppedClock]]:
    clock = SteppedClock(system_clock())
    async with street.desk(clock, **changes) as app:
        yield app, clock


async def pass_time(app: App, clock: SteppedClock, **by: float) -> None:
    clock.step(**by)
    await app.tick()


def told(street: Street) -> list[str]:
    return [kind for person in (MANAGER, TRIAGE) for kind in street.notices(person)]


async def test_it_goes_the_whole_way_and_nobody_takes_it_for_a_real_one(street: Street) -> None:
    async with at_the_desk(street) as (app, clock):
        await send_synthetic(app)
        for _ in range(3):
            await pass_time(app, clock, seconds=2)
        [one] = await app.synthetic.newest()
        times = [at for at in one.stations.values() if at is not None]
        assert len(times) == 5
        # The mailbox goes by a clock of its own.
        assert [times[0], *times[2:]] == sorted([times[0], *times[2:]])
        assert app.synthetic.through(one) == one.returned_at
        assert (one.problem, one.alarmed_at) == ("", None)

        sent, back = street.smtp.mailbox(INBOX)
        assert original_in(back) == sent
        assert await app.records.versions(clock() - timedelta(days=30)) == {}
        assert await app.records.open_complaints() == []
        assert await app.records.unmirrored(50) == []
        assert await app.records.clocks_running() == 0
        assert [c.kind for c in await app.records.open_complaints(everything=True)] == [Kind.SYNTHETIC]
        assert await app.records.broken_histories() == {}
        await pass_time(app, clock, hours=30)
        assert await app.synthetic.watch() == []
        assert told(street) == []
        sign = synthetic_sign(one, one.returned_at, QUARTER, clock(), ZoneInfo("Europe/London"))
    assert "through in" in sign.line
    assert sign.alarm == ""


async def test_what_bears_the_token_and_says_more_is_treated_like_any_letter(street: Street) -> None:
    async with at_the_desk(street) as (app, clock):
        await send_synthetic(app)
        await app.tick()
        [spent] = await app.synthetic.newest()
        made = await app.synthetic.begin()
        assert made is not None
        for number, token in enumerate((spent.token, made.token)):
            letter = email.message_from_bytes(
                ico_letter(ABOUT_ACME, reference=f"IC-50000{number}-D4D4"), policy=email.policy.SMTP
            )
            letter[HEADER] = token
            street.deliver(bytes(letter))
        grown = made.raw.replace(b"nothing to do.", b"nothing to do. " + ABOUT_ACME.encode())
        street.deliver(grown)
        await pass_time(app, clock, seconds=2)
        await pass_time(app, clock, seconds=2)
        real = [c for c in await app.records.open_complaints() if c.kind is not Kind.SYNTHETIC]
        assert [c.customer_id for c in real if c.body_id] == ["acme", "acme"]
        assert len(street.mailbox(ADA)) == 2
        changed, _ = await app.synthetic.newest(2)
        assert changed.opened_at is None
        assert "changed on the way" in changed.problem


async def test_a_copy_of_a_spent_one_is_filed_and_forwarded_to_nobody(street: Street) -> None:
    async with at_the_desk(street) as (app, clock):
        await send_synthetic(app)
        await pass_time(app, clock, seconds=2)
        await pass_time(app, clock, seconds=2)
        mails = len(street.smtp.mailbox(INBOX))
        street.deliver(b"Received: by another.example\r\n" + street.smtp.mailbox(INBOX)[0])
        await pass_time(app, clock, seconds=2)
        await pass_time(app, clock, seconds=2)
        assert len(street.smtp.mailbox(INBOX)) == mails
        assert await app.records.open_complaints() == []
    assert told(street) == []


async def test_one_that_stays_away_is_an_alarm_of_its_own_once(street: Street) -> None:
    assert isinstance(street.smtp, LoopingSmtp)
    street.smtp.inbox = None
    async with at_the_desk(street) as (app, clock):
        await send_synthetic(app)
        await pass_time(app, clock, minutes=14)
        assert await app.synthetic.watch() == []
        await pass_time(app, clock, minutes=2)
        assert len(await app.synthetic.watch()) == 1
        assert await app.synthetic.watch() == []
        await app.tick()
        [one] = await app.synthetic.newest()
        sign = synthetic_sign(one, None, QUARTER, clock(), ZoneInfo("Europe/London"))
    assert street.notices(MANAGER) == street.notices(TRIAGE) == ["synthetic_lost"]
    assert "it was sent, and no further" in str(street.mailbox(MANAGER)[0])
    assert sign.alarm == "MADE-UP COMPLAINT LOST"


async def test_one_that_bounces_asks_nobody_to_read_the_report(street: Street) -> None:
    street.smtp.bounce(INBOX, street.imap.deliver)
    async with at_the_desk(street) as (app, clock):
        await send_synthetic(app)
        await pass_time(app, clock, seconds=2)
        await pass_time(app, clock, seconds=2)
        [one] = await app.synthetic.newest()
        assert (one.received_at, one.problem) == (None, "it came back undelivered")
        await pass_time(app, clock, minutes=16)
        await app.synthetic.watch()
        await app.tick()
    assert street.notices(MANAGER) == street.notices(TRIAGE) == ["synthetic_lost"]
    assert "came back undelivered" in str(street.mailbox(MANAGER)[0])


async def test_a_forward_of_it_that_is_refused_is_told_by_its_own_alarm_alone(street: Street) -> None:
    refused = "nobody@elsewhere.example"
    street.smtp.refuse(refused)
    async with at_the_desk(street, synthetic_to=refused) as (app, clock):
        await send_synthetic(app)
        await pass_time(app, clock, seconds=2)
        await pass_time(app, clock, minutes=16)
        await app.synthetic.watch()
        await app.tick()
    assert street.notices(MANAGER) == street.notices(TRIAGE) == ["synthetic_lost"]


async def test_two_daemons_send_that_of_one_slot_once(street: Street) -> None:
    async with at_the_desk(street) as (app, clock):
        slot = slot_at(clock().timestamp(), 6)
        assert await send_synthetic(app, slot)
        assert await send_synthetic(app, slot) == ""
        assert slot_at(clock().timestamp() + 6 * 3600, 6) != slot
    assert len(street.smtp.mailbox(INBOX)) == 1


@pytest.mark.timeout(120)
async def test_up_sends_them_by_its_timetable_and_tells_the_watch_outside(street: Street) -> None:
    told: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    port, nowhere = free_port(), f"http://127.0.0.1:{free_port()}/api"
    changes = {
        "synthetic_every_hours": 720,
        "heartbeat_url": f"http://127.0.0.1:{port}/5a1b",
        "heartbeat_seconds": 5,
    }
    async with (
        await asyncio.start_server(answer, "127.0.0.1", port),
        forthwith("up", street, nowhere, second_clock=False, **changes),
    ):
        await until(lambda: is_through(street))
        await until(lambda: has(told))
    async with at_the_desk(street) as (app, _):
        assert len(await app.synthetic.newest(10)) == 1


async def is_through(street: Street) -> bool:
    return len(street.smtp.mailbox(INBOX)) == 2


async def has(told: list[bytes]) -> bool:
    return bool(told)


@pytest.mark.parametrize("by", ["maildir", "imap"])
async def test_without_a_relay_it_is_laid_into_the_inbox(street: Street, by: str) -> None:
    inbox = street.folder / "inbox"
    for part in ("new", "cur", "tmp"):
        (inbox / part).mkdir(parents=True)
    changes = {"smtp_host": ""} | ({"maildirs": (str(inbox),), "imap_host": ""} if by == "maildir" else {})
    async with at_the_desk(street, **changes) as (app, clock):
        await app.tick()  # a Maildir's first look takes nothing older than itself
        await send_synthetic(app)
        await pass_time(app, clock, seconds=2)
        [one] = await app.synthetic.newest()
        assert app.synthetic.through(one) is not None
        assert await app.synthetic.watch() == []
