"""A real Postfix as the relay: what it takes, delivers and sends back, and what the desk makes of that. On both stores."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from complaints.lifecycle import Status
from complaints.outbox import NoticeKind
from complaints.proof import Step, ladders_of
from complaints.records import Dossier
from config.bootstrap import App, open_app
from config.doctor import examine
from config.settings import Settings
from flows.up import take_register
from notifiers.maildir import put_in
from tests.conftest import SteppedClock
from tests.letters import complaint
from tests.postfix_server import PostfixServer, postfix_server, why_not
from tests.street import AUTHSERV, CUSTOMERS, INBOX, MANAGER, TRIAGE, original_in, read

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())

ADA, DAN, BO = "ada@acme-retail.example", "dan@acme-retail.example", "bo@borealis.example"
ABOUT_BOREALIS = "The controller is Borealis Energy AB, whose systems you operate."


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2))


@pytest.fixture
def relay() -> Iterator[PostfixServer]:
    """Ada's mailbox is not there, though the register says so."""
    with postfix_server([INBOX, TRIAGE, MANAGER, DAN, BO]) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, database_url: str, relay: PostfixServer) -> Settings:
    register = tmp_path / "customers.csv"
    register.write_text(CUSTOMERS, encoding="utf-8")
    values: dict[str, Any] = {
        "organisation": "Northgate Managed Services",
        "address": INBOX,
        "authserv_id": AUTHSERV,
        "data_dir": tmp_path / "var",
        "database_url": database_url,
        "maildirs": (str(relay.maildir(INBOX)),),
        "imap_start_from": datetime(2000, 1, 1, tzinfo=UTC),
        "customers_file": register,
        "triage_team": (TRIAGE,),
        "managers": (MANAGER,),
        "smtp_host": "127.0.0.1",
        "smtp_port": relay.port,
        "smtp_tls": "starttls",
        "smtp_ca_file": relay.ca_file,
        "bounce_addresses": "verp",
    }
    return Settings(_env_file=None, **values)


@asynccontextmanager
async def forwarded(
    settings: Settings, clock: SteppedClock, relay: PostfixServer, letter: bytes
) -> AsyncIterator[App]:
    """A desk that has forwarded this letter."""
    put_in(relay.maildir(INBOX), letter)
    async with open_app(settings, clock) as app:
        await take_register(app)
        await app.tick()
        assert (await app.records.show("FW-1001")).complaint.status is Status.FORWARDED
        yield app


async def after_reports(app: App, relay: PostfixServer, count: int) -> Dossier:
    """The complaint once the desk has read so many reports."""
    await relay.arrived(INBOX, 1 + count)
    await app.tick()
    dossier = await app.records.show("FW-1001")
    assert dossier.faults == []
    return dossier


async def test_a_forward_is_delivered_and_every_step_of_it_is_proved(
    settings: Settings, clock: SteppedClock, relay: PostfixServer
) -> None:
    letter = complaint(ABOUT_BOREALIS)
    async with forwarded(settings, clock, relay, letter) as app:
        dossier = await after_reports(app, relay, 1)
    [ladder] = ladders_of(dossier.complaint, dossier.history, dossier.notices)
    assert [one.step for one in ladder.steps] == [Step.QUEUED, Step.ACCEPTED, Step.DELIVERED]
    accepted, delivered = ladder.steps[1:]
    [forward] = [one for one in dossier.notices if one.kind is NoticeKind.FORWARD]
    assert forward.queue_id in accepted.words
    assert accepted.details | {"TLS": "TLSv1.3", "reports asked for": "yes"} == accepted.details
    assert accepted.details["relay"] == f"127.0.0.1:{relay.port}"
    assert (accepted.details["certificate"], accepted.details["issued by"]) == ("127.0.0.1", "relay.test")
    assert (delivered.details["status"], delivered.details["reporting_mta"]) == ("2.0.0", AUTHSERV)
    # What the manager has is the original, byte for byte (I5).
    [mail] = relay.mailbox(BO)
    assert original_in(mail.replace(b"\n", b"\r\n")) == letter
    assert forward.bounce_token.encode() in mail.partition(b"\n\n")[0]


async def test_a_bounce_gives_the_letter_to_the_deputy_at_once(
    settings: Settings, clock: SteppedClock, relay: PostfixServer
) -> None:
    async with forwarded(settings, clock, relay, complaint()) as app:
        dossier = await after_reports(app, relay, 1)
        [mail] = await relay.arrived(DAN, 1)
        assert str(read(mail)["X-Forthwith-Notice"]) == "forward"
        [told] = await relay.arrived(TRIAGE, 1)
        assert b"X-Forthwith-Notice: delivery_failed" in told
        first, second = ladders_of(dossier.complaint, dossier.history, dossier.notices)
        assert (first.recipient, first.stands) == (ADA, Step.BOUNCED)
        assert first.steps[-1].details["status"] == "5.1.1"
        assert (second.recipient, second.stands) == (DAN, Step.ACCEPTED)
        assert dossier.complaint.status is Status.FORWARDED
        # Its own report comes as well, by a return path of its own.
        dossier = await after_reports(app, relay, 2)
    ladders = ladders_of(dossier.complaint, dossier.history, dossier.notices)
    assert [one.stands for one in ladders] == [Step.BOUNCED, Step.DELIVERED]


async def test_the_doctor_tells_what_the_relay_can_do(settings: Settings, relay: PostfixServer) -> None:
    found = [one async for one in examine(settings) if one.part == "relay"]
    assert [one.ok for one in found] == [True]
    assert f"127.0.0.1:{relay.port}: greeting: 220 mx.msp.example ESMTP" in found[0].what
    assert "reports of delivery: can be asked for" in found[0].what
    assert "Have its certificate renewed" in found[0].do_next  # it ends in a day
