"""Several relays in order, their limits, and what is asked of them. On both stores."""

from dataclasses import replace

import pytest

from complaints.lifecycle import Status
from complaints.outbox import CLAIM_LASTS, RELAY_LOOKED_AT, NoticeKind, NoticeState
from complaints.store.database import Database
from notifiers.receipt import Wishes
from notifiers.relays import REST
from notifiers.smtp import SmtpRelay
from tests.conftest import SteppedClock
from tests.desks import ACME, MANAGER, SWIFT, TRIAGE, DeskAtWork, matched
from tests.integration.hostile_smtp import HostileSmtp, Says, Then, says
from tests.integration.relay_street import street

ADA, DAN = "ada@acme.example", "dan@acme.example"
MESSAGE = b"From: <a@msp.example>\r\nMessage-ID: <1@msp.example>\r\n\r\nHello\r\n"
SENDER = "complaints@msp.example"


@pytest.fixture
async def work(database: Database, clock: SteppedClock) -> DeskAtWork:
    desk = DeskAtWork(database, clock)
    await desk.take_customers(ACME, SWIFT)
    return desk


# --- reports of delivery ------------------------------------------------------------------------


async def test_reports_are_asked_for_where_they_are_announced(work: DeskAtWork) -> None:
    async with HostileSmtp().running() as server, street(work, server) as here:
        complaint = await work.letter(matched(ACME))
        await here.tick()
        forward = await here.forward(complaint.ref)
        [mail] = [line for line in server.heard if line.startswith("MAIL")]
        [rcpt] = [line for line in server.heard if line.startswith("RCPT")]
        assert mail.endswith(f" RET=HDRS ENVID={forward.bounce_token}")
        assert rcpt == f"RCPT TO:<{ADA}> NOTIFY=SUCCESS,DELAY,FAILURE ORCPT=rfc822;{ADA}"
        assert forward.receipt["dsn_asked"] is True
        assert (await here.proof(complaint.ref)).steps[-1].details["reports asked for"] == "yes"


async def test_an_alarm_asks_for_bad_news_alone(work: DeskAtWork) -> None:
    server = HostileSmtp(to={ADA: says("550 5.1.1 no")})
    async with server.running(), street(work, server) as here:
        await work.letter(matched(ACME))
        await here.tick()
        assert any(f"TO:<{TRIAGE}> NOTIFY=DELAY,FAILURE " in line for line in server.heard)


async def test_where_nothing_is_announced_nothing_is_asked() -> None:
    async with HostileSmtp(extensions=("HELP",)).running() as server:
        relay = SmtpRelay("127.0.0.1", server.port, tls="none")
        receipt = await relay.send(MESSAGE, SENDER, ADA, Wishes(reports=("SUCCESS",), mark="a"))
        await relay.close()
        assert receipt.evidence["dsn_asked"] is False
        assert [line for line in server.heard if line[:4] in ("MAIL", "RCPT")] == [
            f"MAIL FROM:<{SENDER}>",
            f"RCPT TO:<{ADA}>",
        ]


# --- addresses beyond ASCII ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extensions", "forwarded"),
    [(("8BITMIME", "SMTPUTF8"), True), (("8BITMIME",), False), (("SMTPUTF8",), False)],
)
async def test_a_name_beyond_ascii_needs_smtputf8_and_is_else_put_before_a_person(
    work: DeskAtWork, extensions: tuple[str, ...], forwarded: bool
) -> None:
    beyond = replace(ACME, supplier_manager_email="jörg@bücher.example", deputies=())
    await work.take_customers(beyond)
    async with HostileSmtp(extensions=extensions).running() as server, street(work, server) as here:
        complaint = await work.letter(matched(beyond))
        await here.tick()
        forward = await here.forward(complaint.ref)
        if forwarded:
            assert await here.status(complaint.ref) is Status.FORWARDED
            assert any(line.endswith("BODY=8BITMIME SMTPUTF8") for line in server.heard)
            assert "RCPT TO:<jörg@xn--bcher-kva.example>" in server.heard
            assert "To: <jörg@xn--bcher-kva.example>".encode() in server.took[0].message
        else:
            assert await here.status(complaint.ref) is Status.NEEDS_REVIEW
            assert "SMTPUTF8" in forward.reply
            assert (NoticeKind.DELIVERY_FAILED, TRIAGE) in await here.told(complaint.ref)


async def test_a_name_beyond_ascii_goes_by_the_relay_that_can_carry_it(work: DeskAtWork) -> None:
    beyond = replace(ACME, supplier_manager_email="jörg@bücher.example", deputies=())
    await work.take_customers(beyond)
    async with (
        HostileSmtp(extensions=("8BITMIME",)).running() as plain,
        HostileSmtp(extensions=("8BITMIME", "SMTPUTF8")).running() as able,
        street(work, plain, able) as here,
    ):
        complaint = await work.letter(matched(beyond))
        await here.tick()
        assert await here.status(complaint.ref) is Status.FORWARDED
        assert (len(plain.took), len(able.took)) == (0, 1)


# --- several relays -----------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA"])
async def test_the_next_relay_carries_what_the_first_cannot(work: DeskAtWork, verb: str) -> None:
    async with (
        HostileSmtp(always={verb: says("421 4.3.2 closing", then=Then.HANG_UP)}).running() as first,
        HostileSmtp().running() as second,
        street(work, first, second) as here,
    ):
        complaint = await work.letter(matched(ACME))
        await here.tick()
        forward = await here.forward(complaint.ref)
        assert (forward.state, forward.attempts) == (NoticeState.SENT, 1)
        assert forward.receipt["relay"] == f"127.0.0.1:{second.port}"
        assert (len(first.took), len(second.took)) == (0, 1)
        # While the first rests it is not asked; after that it is, and used again once it is well.
        first.heard.clear()
        await work.letter(matched(ACME), number=2)
        await here.tick()
        assert first.heard == []
        first.always.clear()
        work.clock.now += REST
        await work.letter(matched(ACME), number=3)
        await here.tick()
        assert (len(first.took), len(second.took)) == (1, 2)


async def test_a_refused_recipient_is_not_carried_to_the_next_relay(work: DeskAtWork) -> None:
    async with (
        HostileSmtp(to={ADA: says("550 5.1.1 no such user")}).running() as first,
        HostileSmtp().running() as second,
        street(work, first, second) as here,
    ):
        complaint = await work.letter(matched(ACME))
        await here.tick()
        # Its deputy has it, by the relay that is in use.
        assert await here.status(complaint.ref) is Status.FORWARDED
        assert DAN in {one.recipient for one in first.took}
        assert second.took == []


async def test_a_greylisted_letter_waits_for_the_relay_that_knows_it(work: DeskAtWork) -> None:
    async with (
        HostileSmtp().then("RCPT", says("450 4.7.1 greylisted")).running() as first,
        HostileSmtp().running() as second,
        street(work, first, second) as here,
    ):
        complaint = await work.letter(matched(ACME))
        await here.tick()
        assert await here.status(complaint.ref) is Status.FORWARDING
        await here.until_tried_again(complaint.ref)
        assert await here.status(complaint.ref) is Status.FORWARDED
        assert (len(first.took), len(second.took)) == (1, 0)


async def test_what_one_relay_swallows_without_a_word_goes_by_the_next_at_its_next_try(
    work: DeskAtWork,
) -> None:
    async with (
        HostileSmtp(always={"MESSAGE": Says(b"", Then.HANG_UP, takes=False)}).running() as first,
        HostileSmtp().running() as second,
        street(work, first, second) as here,
    ):
        complaint = await work.letter(matched(ACME))
        await here.tick()
        assert (await here.forward(complaint.ref)).reply.startswith("outcome unknown")
        await here.until_tried_again(complaint.ref)
        assert await here.status(complaint.ref) is Status.FORWARDED
        forward = await here.forward(complaint.ref)
        assert forward.receipt["relay"] == f"127.0.0.1:{second.port}"
        assert forward.message_id.encode() in second.took[0].message


async def test_while_every_relay_is_out_of_order_letters_wait_and_one_is_tried_at_a_time(
    work: DeskAtWork,
) -> None:
    closed = says("421 4.3.2 closing", then=Then.HANG_UP)
    async with (
        HostileSmtp(always={"GREETING": closed}).running() as first,
        HostileSmtp(always={"GREETING": closed}).running() as second,
        street(work, first, second) as here,
    ):
        complaints = [await work.letter(matched(SWIFT), number=n) for n in range(1, 6)]
        await here.tick()
        forwards = [await here.forward(one.ref) for one in complaints]
        assert sorted(one.attempts for one in forwards) == [0, 0, 0, 0, 1]
        assert {one.next_attempt_at - work.clock() for one in forwards if not one.attempts} == {
            RELAY_LOOKED_AT
        }
        second.always.clear()
        work.clock.now += RELAY_LOOKED_AT
        await here.tick()
        assert {await here.status(one.ref) for one in complaints} == {Status.FORWARDED}
        assert len(second.took) == 5


async def test_managers_hear_once_a_day_of_a_relay_that_stays_out_of_order(work: DeskAtWork) -> None:
    async with (
        HostileSmtp(always={"GREETING": says("554 closed for good")}).running() as first,
        HostileSmtp().running() as second,
        street(work, first, second) as here,
    ):
        for minute in range(10):
            await work.letter(matched(ACME), number=minute + 1)
            await here.tick()
            work.clock.step(minutes=2)
        told = [one for one in second.took if b"Subject: MAIL RELAY OUT OF ORDER" in one.message]
        assert [one.recipient for one in told] == [MANAGER]
        assert b"554 closed for good" in told[0].message
        assert f"127.0.0.1:{first.port}".encode() in told[0].message
        assert len(second.took) == 11


async def test_a_relay_that_was_away_for_a_moment_is_no_news(work: DeskAtWork) -> None:
    async with (
        HostileSmtp().then("GREETING", says("421 4.3.2 restarting", then=Then.HANG_UP)).running() as first,
        HostileSmtp().running() as second,
        street(work, first, second) as here,
    ):
        for number in range(1, 4):
            await work.letter(matched(ACME), number=number)
            await here.tick()
            work.clock.now += REST
        assert {one.recipient for one in first.took + second.took} == {ADA}
        assert (len(first.took), len(second.took)) == (2, 1)


# --- limits -------------------------------------------------------------------------------------


async def test_no_more_letters_a_minute_than_the_relay_takes_and_alarms_besides(work: DeskAtWork) -> None:
    async with HostileSmtp().running() as server, street(work, server, a_minute=10) as here:
        complaints = [await work.letter(matched(SWIFT), number=n) for n in range(1, 26)]
        counts = []
        for _ in range(3):
            await here.tick()
            counts.append(len(server.took))
            work.clock.step(minutes=1)
        assert counts == [10, 20, 25]
        assert {(await here.forward(one.ref)).attempts for one in complaints} == {1}
        # Ten letters have used up the minute; an alarm does not ask for a turn.
        more = [await work.letter(matched(SWIFT), number=n) for n in range(30, 45)]
        await here.tick()
        server.took.clear()
        await work.desk.outbox.relay_in_trouble("another", "554 no")
        await here.tick()
        assert {one.recipient for one in server.took} == {MANAGER}
        assert len([one for one in more if await here.status(one.ref) is Status.FORWARDED]) == 10


async def test_a_connection_carries_so_many_messages_and_no_more(work: DeskAtWork) -> None:
    async with HostileSmtp().running() as server, street(work, server, each=3) as here:
        for number in range(1, 8):
            await work.letter(matched(ACME), number=number)
        await here.tick()
        assert len(server.took) == 7
        assert len([line for line in server.heard if line.startswith("EHLO")]) == 3


async def test_a_claim_outlives_every_try(work: DeskAtWork) -> None:
    """What waits for a relay's minute is not claimed: a claim that ran out would be sent twice."""
    async with HostileSmtp().running() as server, street(work, server, a_minute=1) as here:
        complaints = [await work.letter(matched(ACME), number=n) for n in (1, 2)]
        await here.tick()
        states = [(await here.forward(one.ref)).state for one in complaints]
        assert states == [NoticeState.SENT, NoticeState.PENDING]
        work.clock.now += CLAIM_LASTS
        await here.tick()
        assert len(server.took) == 2
