"""What real mail servers do on bad days: the evidence that is kept, and what the desk makes of it. On both stores."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from complaints.lifecycle import Status
from complaints.outbox import NoticeKind, NoticeState, Verdict
from complaints.proof import Step
from complaints.store.database import Database
from notifiers.smtp import SmtpRelay
from tests.conftest import SteppedClock
from tests.desks import ACME, MANAGER, SWIFT, TRIAGE, DeskAtWork, matched
from tests.integration.hostile_smtp import GONE, SILENT, HostileSmtp, Says, Then, says
from tests.integration.relay_street import street

ADA, DAN, SUE = "ada@acme.example", "dan@acme.example", "sue@swift.example"
ALONE = replace(ACME, deputies=())
MESSAGE = b"From: <a@msp.example>\r\nMessage-ID: <1@msp.example>\r\n\r\nHello\r\n"
SENDER = "complaints@msp.example"
WHAT_IS_TOLD = {(NoticeKind.DELIVERY_FAILED, TRIAGE), (NoticeKind.DELIVERY_FAILED, MANAGER)}


@pytest.fixture
async def work(database: Database, clock: SteppedClock) -> DeskAtWork:
    desk = DeskAtWork(database, clock)
    await desk.take_customers(ACME, SWIFT)
    return desk


# --- trouble that passes: the letter waits, nobody decides, it goes out by itself ----------------

MEGABYTE = b"2" * 1_000_000
PASSING: dict[str, tuple[str, Says, str]] = {
    "greylisting": ("RCPT", says("450 4.7.1 greylisted, come back"), "450 4.7.1 greylisted"),
    "a mailbox that is locked": ("RCPT", says("450 4.2.1 busy"), "450 4.2.1 busy"),
    "no room on the server's disk": ("MESSAGE", says("452 4.3.1 no space"), "452 4.3.1 no space"),
    "4xx to MAIL": ("MAIL", says("451 4.7.1 slow down"), "451 4.7.1 slow down"),
    "4xx to DATA": ("DATA", says("451 4.7.1 not now"), "451 4.7.1 not now"),
    "554 for a greeting": ("GREETING", says("554 no SMTP service here"), "554 no SMTP service here"),
    "421 for a greeting": ("GREETING", says("421 4.3.2 closing"), "421 4.3.2 closing"),
    "5xx to EHLO": ("EHLO", says("550 5.7.1 go away"), "550 5.7.1 go away"),
    "5xx to MAIL": ("MAIL", says("550 5.7.1 sender rejected"), "550 5.7.1 sender rejected"),
    "421 to RCPT": ("RCPT", says("421 4.3.2 closing", then=Then.HANG_UP), "421 4.3.2 closing"),
    "421 to DATA": ("DATA", says("421 4.3.2 closing", then=Then.HANG_UP), "421 4.3.2 closing"),
    "421 to the message": ("MESSAGE", says("421 4.3.2 closing", then=Then.HANG_UP), "421 4.3.2 closing"),
    "gone before the greeting": ("GREETING", GONE, "failed at connecting"),
    "gone at EHLO": ("EHLO", GONE, "failed at connecting"),
    "gone at MAIL": ("MAIL", GONE, "broke while giving our own address"),
    "gone at RCPT": ("RCPT", GONE, "broke while giving the recipient"),
    "gone at DATA": ("DATA", GONE, "broke while asking to hand the message over"),
    "gone in the middle of a reply": (
        "RCPT",
        Says(b"250 2.1", Then.HANG_UP),
        "broke while giving the recipient",
    ),
    "a reply that is none": ("RCPT", Says(b"hello there\r\n"), "Malformed SMTP response"),
    "a greeting without an end": ("GREETING", Says(MEGABYTE, Then.STALL), "Response too long"),
    "a reply without an end": ("RCPT", Says(MEGABYTE, Then.STALL), "Response too long"),
    "lines without an end": ("RCPT", Says(b"250-and on\r\n" * 50_000, Then.STALL), "Response too long"),
}


@pytest.mark.parametrize(("verb", "answer", "words"), PASSING.values(), ids=PASSING)
async def test_trouble_that_passes_is_kept_as_evidence_and_the_letter_goes_out_later(
    work: DeskAtWork, verb: str, answer: Says, words: str
) -> None:
    async with HostileSmtp().then(verb, answer).running() as server, street(work, server) as here:
        complaint = await work.letter(matched(ACME))
        await here.tick()
        forward = await here.forward(complaint.ref)
        assert (forward.state, forward.attempts) == (NoticeState.PENDING, 1)
        assert words in forward.reply
        assert len(forward.reply) < 1200
        assert await here.status(complaint.ref) is Status.FORWARDING
        assert (await work.events(complaint.ref))[-1] == "delivery_delayed"
        step = (await here.proof(complaint.ref)).steps[-1]
        assert (step.step, step.details["relay"]) == (Step.TRIED, f"127.0.0.1:{server.port}")
        assert await here.told(complaint.ref) == set()
        assert server.took == []
        await here.until_tried_again(complaint.ref)
        assert await here.status(complaint.ref) is Status.FORWARDED
        assert [one.recipient for one in server.took] == [ADA]


# --- a refusal for good: a person must act, at once -----------------------------------------------

FINAL: dict[str, tuple[str, Says]] = {
    "no such mailbox": ("RCPT", says("550 5.1.1 no such user")),
    "a domain that takes no mail": ("RCPT", says("556 5.1.10 null MX")),
    "a full mailbox": ("RCPT", says("552 5.2.2 over quota")),
    "5xx to DATA": ("DATA", says("554 5.5.1 no valid recipients")),
    "content refused": ("MESSAGE", says("554 5.7.1 looks like spam")),
    "a reply that changes its mind": ("RCPT", Says(b"250-fine\r\n550 5.1.1 or not\r\n")),
}


@pytest.mark.parametrize(("verb", "answer"), FINAL.values(), ids=FINAL)
async def test_a_refusal_for_good_gives_the_letter_to_the_deputy_at_once(
    work: DeskAtWork, verb: str, answer: Says
) -> None:
    async with HostileSmtp().then(verb, answer).running() as server, street(work, server) as here:
        complaint = await work.letter(matched(ACME))
        await here.tick()
        first = await here.proof(complaint.ref)
        assert (first.recipient, first.stands) == (ADA, Step.REFUSED)
        assert first.steps[-1].words[:3] in answer.words.decode()
        assert first.steps[-1].details["relay"] == f"127.0.0.1:{server.port}"
        assert (await here.forward(complaint.ref)).recipient == DAN
        assert await here.status(complaint.ref) is Status.FORWARDED
        assert await here.told(complaint.ref) == WHAT_IS_TOLD
        assert {one.recipient for one in server.took} == {DAN, TRIAGE, MANAGER}


async def test_a_refusal_for_good_with_nobody_left_is_put_before_a_person_and_the_clock_runs_on(
    work: DeskAtWork,
) -> None:
    await work.take_customers(ALONE)
    refused = HostileSmtp(to={ADA: says("550 5.1.1 no such user")})
    async with refused.running() as server, street(work, server) as here:
        complaint = await work.letter(matched(ALONE))
        await here.tick()
        forward = await here.forward(complaint.ref)
        assert (forward.state, forward.reply) == (NoticeState.FAILED, "550 5.1.1 no such user")
        found = (await work.records.show(complaint.ref)).complaint
        assert (found.status, found.review_reason) == (Status.NEEDS_REVIEW, "refused")
        assert found.next_rung_at is not None
        assert await here.told(complaint.ref) == WHAT_IS_TOLD
        assert {one.recipient for one in server.took} == {TRIAGE, MANAGER}


async def test_one_bad_recipient_never_blocks_the_others(work: DeskAtWork) -> None:
    server = HostileSmtp(to={ADA: says("550 5.1.1 no such user")})
    async with server.running(), street(work, server) as here:
        refused = await work.letter(matched(ACME), number=1)
        accepted = await work.letter(matched(SWIFT), number=2)
        await here.tick()
        assert (await here.proof(refused.ref)).stands is Step.REFUSED
        assert await here.status(accepted.ref) is Status.FORWARDED
        assert {DAN, SUE} <= {one.recipient for one in server.took}


async def test_4xx_for_hours_is_tried_on_and_the_ladder_climbs_meanwhile(work: DeskAtWork) -> None:
    server = HostileSmtp(to={SUE: says("451 4.7.1 not today")})
    async with server.running(), street(work, server) as here:
        complaint = await work.letter(matched(SWIFT))
        tries, longest, last = 0, timedelta(0), work.clock()
        while work.clock() < complaint.due_at + timedelta(hours=2):
            await here.tick()
            forward = await here.forward(complaint.ref)
            if forward.attempts > tries:
                tries, longest, last = forward.attempts, max(longest, work.clock() - last), work.clock()
            work.clock.step(minutes=1)
        assert longest <= timedelta(minutes=11)
        assert forward.state is NoticeState.PENDING
        assert (await work.events(complaint.ref)).count("delivery_delayed") == 1
        assert (NoticeKind.BREACH, TRIAGE) in await here.told(complaint.ref)
        server.to.clear()
        await here.until_tried_again(complaint.ref)
        dossier = await work.records.show(complaint.ref)
        assert dossier.complaint.status is Status.FORWARDED
        assert dossier.complaint.breached_at == complaint.due_at
        assert dossier.complaint.breach_cause == "the relay has not accepted the forward"
        assert [one.recipient for one in server.took].count(SUE) == 1


# --- an outcome that nobody knows ---------------------------------------------------------------

UNKNOWN: dict[str, Says] = {
    "gone, and it has not got it": Says(b"", Then.HANG_UP, takes=False),
    "gone, and it has got it": Says(b"", Then.HANG_UP, takes=True),
    "gone in the middle of its reply": Says(b"250 2.0.0 Ok: que", Then.HANG_UP, takes=True),
    "a reply that is none": Says(b"thank you\r\n", takes=True),
    "a reply without an end": Says(MEGABYTE, Then.STALL, takes=True),
    "354 once more": Says(b"354 go on\r\n", takes=True),
}


@pytest.mark.parametrize("answer", UNKNOWN.values(), ids=UNKNOWN)
async def test_an_unknown_outcome_is_settled_by_the_same_mail_once_more(
    work: DeskAtWork, answer: Says
) -> None:
    async with (
        HostileSmtp().then("MESSAGE", answer).running() as first,
        HostileSmtp().running() as second,
        street(work, first, second) as here,
    ):
        complaint = await work.letter(matched(ACME))
        await here.tick()
        forward = await here.forward(complaint.ref)
        assert forward.state is NoticeState.PENDING
        assert forward.reply.startswith("outcome unknown: ")
        assert (await here.proof(complaint.ref)).stands is Step.UNKNOWN
        assert await here.status(complaint.ref) is Status.FORWARDING
        # Another relay does not get it in the same breath: nobody would know which copy counts.
        assert second.took == []
        await here.until_tried_again(complaint.ref)
        assert await here.status(complaint.ref) is Status.FORWARDED
        copies = [one.message for one in first.took + second.took]
        assert len(copies) == 1 + bool(answer.takes)
        assert len(set(copies)) == 1
        assert forward.message_id.encode() in copies[0]


async def test_a_connection_lost_right_after_the_reply_is_a_forward_like_any_other(work: DeskAtWork) -> None:
    answer = says("250 2.0.0 Ok: queued as LAST1", then=Then.HANG_UP)
    async with HostileSmtp().then("MESSAGE", answer).running() as server, street(work, server) as here:
        complaint = await work.letter(matched(ACME))
        await here.tick()
        assert await here.status(complaint.ref) is Status.FORWARDED
        assert (await here.forward(complaint.ref)).queue_id == "LAST1"
        assert len(server.took) == 1


# --- stalls -------------------------------------------------------------------------------------

REPLIES = {
    "GREETING": b"220 relay.test ESMTP\r\n",
    "EHLO": b"250-relay.test\r\n250 DSN\r\n",
    "MAIL": b"250 Ok\r\n",
    "RCPT": b"250 Ok\r\n",
    "DATA": b"354 go\r\n",
    "MESSAGE": b"250 Ok\r\n",
}
STALLS = [(verb, cut) for verb, reply in REPLIES.items() for cut in range(len(reply))]


@pytest.mark.parametrize("verb", REPLIES)
async def test_a_stall_at_any_byte_ends_with_a_time_limit_and_says_where(verb: str) -> None:
    async def tried(cut: int) -> None:
        answer = Says(REPLIES[verb][:cut], Then.STALL, takes=False)
        async with HostileSmtp().then(verb, answer).running() as server:
            relay = SmtpRelay("127.0.0.1", server.port, tls="none", timeout=0.3)
            receipt = await relay.send(MESSAGE, SENDER, ADA)
            await relay.close()
        assert (receipt.verdict, receipt.reachable) == (Verdict.TEMPORARY, False)
        assert "no answer in time" in receipt.reply
        assert receipt.reply.startswith("outcome unknown") == (verb == "MESSAGE")
        assert receipt.elsewhere == (verb != "MESSAGE")

    # All at once: each waits for nothing but its time limit.
    await asyncio.gather(*(tried(cut) for cut in range(len(REPLIES[verb]))))


@pytest.mark.parametrize("verb", REPLIES)
async def test_a_relay_that_stalls_keeps_the_letter_waiting_and_nobody_is_bothered(
    work: DeskAtWork, verb: str
) -> None:
    async with (
        HostileSmtp().then(verb, SILENT).running() as server,
        street(work, server, patience=0.3) as here,
    ):
        complaint = await work.letter(matched(ACME))
        await here.tick()
        forward = await here.forward(complaint.ref)
        assert (forward.state, forward.attempts) == (NoticeState.PENDING, 1)
        assert await here.told(complaint.ref) == set()
        await here.until_tried_again(complaint.ref)
        assert await here.status(complaint.ref) is Status.FORWARDED


@pytest.mark.parametrize(
    ("verb", "extensions", "options"),
    [
        ("STARTTLS", ("STARTTLS",), {"tls": "starttls"}),
        ("AUTH", ("AUTH PLAIN LOGIN",), {"user": "us", "password": "secret"}),
    ],
)
async def test_a_stall_on_the_way_in_is_the_relays_and_no_letters(
    work: DeskAtWork, verb: str, extensions: tuple[str, ...], options: dict[str, str]
) -> None:
    server = HostileSmtp(extensions=extensions, always={verb: SILENT})
    async with server.running(), street(work, server, patience=0.3, **options) as here:
        complaint = await work.letter(matched(ACME))
        await here.tick()
        forward = await here.forward(complaint.ref)
        assert "no answer in time" in forward.reply
        assert (forward.state, server.took) == (NoticeState.PENDING, [])
        assert await here.status(complaint.ref) is Status.FORWARDING


async def test_a_stall_when_a_refused_letter_is_cleared_away_costs_the_connection_alone(
    work: DeskAtWork,
) -> None:
    server = HostileSmtp(always={"RSET": SILENT}, to={ADA: says("550 5.1.1 no such user")})
    async with server.running(), street(work, server, patience=0.3) as here:
        complaint = await work.letter(matched(ACME))
        await here.tick()
        assert (await here.proof(complaint.ref)).stands is Step.REFUSED
        assert DAN in {one.recipient for one in server.took}


# --- lies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (says("454 4.7.0 TLS not available"), "454 4.7.0 TLS not available"),
        (says("554 5.7.3 never"), "554 5.7.3 never"),
        (Says(b"220 go\r\n250 this is no handshake\r\n"), "starting TLS"),
        (Says(b"220 go\r\n", Then.HANG_UP), "starting TLS"),
    ],
)
async def test_starttls_that_is_announced_and_fails_is_never_gone_without(
    work: DeskAtWork, answer: Says, words: str
) -> None:
    server = HostileSmtp(extensions=("STARTTLS",), always={"STARTTLS": answer})
    async with server.running(), street(work, server, tls="starttls", patience=2) as here:
        complaint = await work.letter(matched(ACME))
        await here.tick()
        forward = await here.forward(complaint.ref)
        assert forward.state is NoticeState.PENDING
        assert words in forward.reply
        assert not any(line.startswith("MAIL") for line in server.heard)


@pytest.mark.parametrize(
    "answer", [says("535 5.7.8 no"), says("504 5.5.4 what mechanism?"), says("454 4.7.0 later")]
)
async def test_a_login_that_is_announced_and_refused_holds_letters_back(
    work: DeskAtWork, answer: Says
) -> None:
    server = HostileSmtp(extensions=("AUTH PLAIN LOGIN",), always={"AUTH": answer})
    async with server.running(), street(work, server, user="us", password="secret") as here:
        complaint = await work.letter(matched(ACME))
        await here.tick()
        forward = await here.forward(complaint.ref)
        assert forward.state is NoticeState.PENDING
        assert answer.words.decode().strip() in forward.reply
        assert "logging in" in forward.reply
        server.always.clear()
        await here.until_tried_again(complaint.ref)
        assert await here.status(complaint.ref) is Status.FORWARDED


@pytest.mark.parametrize("option", ["SIZE=", "RET=", "ENVID=", "NOTIFY=", "ORCPT="])
@pytest.mark.parametrize("words", ["555 5.5.4 unsupported", "504 not implemented", "501 5.5.4 bad argument"])
async def test_options_that_are_announced_and_not_known_are_left_away_from_then_on(
    work: DeskAtWork, option: str, words: str
) -> None:
    class Liar(HostileSmtp):
        def _answer(self, verb: str, recipient: str = "") -> Says:
            refused = verb in ("MAIL", "RCPT") and option in self.heard[-1]
            return says(words) if refused else super()._answer(verb, recipient)

    async with Liar().running() as server, street(work, server) as here:
        complaints = [await work.letter(matched(ACME), number=n) for n in (1, 2)]
        await here.tick()
        for one in complaints:
            assert await here.status(one.ref) is Status.FORWARDED
            forward = await here.forward(one.ref)
            assert (forward.attempts, forward.receipt["dsn_asked"]) == (1, False)
            accepted = (await here.proof(one.ref)).steps[-1]
            assert accepted.details["reports asked for"].startswith("no")
        assert len([line for line in server.heard if option in line]) == 1


async def test_bare_line_feeds_are_read_as_line_ends(work: DeskAtWork) -> None:
    server = HostileSmtp(
        always={
            "GREETING": Says(b"220 relay.test\n"),
            "EHLO": Says(b"250-relay.test\n250-DSN\n250 SIZE 1000000\n"),
            "MAIL": Says(b"250 Ok\n"),
            "RCPT": Says(b"250 Ok\n"),
            "DATA": Says(b"354 go\n"),
            "MESSAGE": Says(b"250 2.0.0 Ok: queued as LF1\n"),
        }
    )
    async with server.running(), street(work, server) as here:
        complaint = await work.letter(matched(ACME))
        await here.tick()
        assert await here.status(complaint.ref) is Status.FORWARDED
        assert (await here.forward(complaint.ref)).queue_id == "LF1"


async def test_a_long_reply_is_kept_line_by_line(work: DeskAtWork) -> None:
    answer = Says(b"250-2.0.0 thank you\r\n250-for the letter\r\n250 2.0.0 Ok: queued as MANY1\r\n")
    async with HostileSmtp().then("MESSAGE", answer).running() as server, street(work, server) as here:
        complaint = await work.letter(matched(ACME))
        await here.tick()
        forward = await here.forward(complaint.ref)
        assert forward.receipt["reply"] == [
            "250 2.0.0 thank you",
            "250 for the letter",
            "250 2.0.0 Ok: queued as MANY1",
        ]
        assert forward.queue_id == "MANY1"
