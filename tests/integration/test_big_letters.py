"""A letter that no relay takes: kept, and told plainly to everybody whom it concerns. On both stores."""

import base64
import email
import email.policy
import hashlib
import quopri
import random
import re
from dataclasses import replace
from email.message import EmailMessage

import pytest

from complaints.lifecycle import Status
from complaints.outbox import NoticeKind, NoticeState
from complaints.proof import Step
from complaints.store.database import Database
from tests.conftest import SteppedClock
from tests.desks import ACME, MANAGER, TRIAGE, DeskAtWork, matched
from tests.integration.hostile_smtp import HostileSmtp, Then, Took, says
from tests.integration.relay_street import street

ADA = "ada@acme.example"
BODY = base64.encodebytes(random.Random(7).randbytes(600_000)).replace(b"\n", b"\r\n")
ASKED = "Please tell us how the données were lost."
LETTER = (
    b"From: c@ico.org.uk\r\nSubject: many papers\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    + quopri.encodestring(ASKED.encode())
    + b"\r\n--b\r\nContent-Type: application/pdf; name=papers.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + BODY
    + b"--b--\r\n"
)


@pytest.fixture
async def work(database: Database, clock: SteppedClock) -> DeskAtWork:
    desk = DeskAtWork(database, clock)
    await desk.take_customers(ACME)
    return desk


def read(took: Took) -> EmailMessage:
    return email.message_from_bytes(took.message, policy=email.policy.default)


@pytest.mark.parametrize(
    "announced",
    ["SIZE 300000", "SIZE 50000000", "SIZE", "HELP"],
    ids=["as it is", "too high", "without a number", "not at all"],
)
async def test_what_no_relay_takes_is_kept_and_told_to_everybody(work: DeskAtWork, announced: str) -> None:
    server = HostileSmtp(extensions=(announced,), largest=300_000)
    async with server.running() as relay, street(work, relay) as here:
        complaint = await work.letter(matched(ACME), raw=LETTER)
        await here.tick()
        found = (await work.records.show(complaint.ref)).complaint
        # Not forwarded: the manager has not got the original (I5). The clock runs on.
        assert (found.status, found.review_reason) == (Status.NEEDS_REVIEW, "too big to mail")
        assert (found.forwarded_at, found.next_rung_at is not None) == (None, True)
        assert (await here.proof(complaint.ref)).stands is Step.REFUSED
        assert await here.told(complaint.ref) == {
            (NoticeKind.WITHHELD, ADA),
            (NoticeKind.DELIVERY_FAILED, TRIAGE),
            (NoticeKind.DELIVERY_FAILED, MANAGER),
        }
        [note] = [read(one) for one in relay.took if one.recipient == ADA]
        team = [read(one) for one in relay.took if one.recipient == TRIAGE]
    plain = note.get_body(("plain",))
    assert plain is not None
    words = " ".join(plain.get_content().split())
    assert "NOT attached. Its words, without its files, are attached for reading." in words
    assert hashlib.sha256(LETTER).hexdigest() in words
    assert re.search(r"Size 8[0-9]{2} kB", words)
    [words_of_it] = note.iter_attachments()
    assert words_of_it.get_filename() == f"{complaint.ref}-text.txt"
    assert words_of_it.get_content_type() == "text/plain"
    assert words_of_it.get_content().splitlines() == [
        "From: c@ico.org.uk",
        "Subject: many papers",
        "",
        ASKED,
    ]
    told = team[0].get_body(("plain",))
    assert told is not None
    assert f"forthwith resend {complaint.ref}" in told.get_content()


async def test_once_a_limit_is_raised_it_is_sent_again_and_the_first_note_stays_true(
    work: DeskAtWork,
) -> None:
    async with HostileSmtp(extensions=("SIZE 300000",)).running() as relay, street(work, relay) as here:
        complaint = await work.letter(matched(ACME), raw=LETTER)
        await here.tick()
        relay.extensions = ("SIZE 3000000",)
        await here.relays.close()
        await work.desk.resend(complaint.ref, actor="pat")
        await here.tick()
        assert await here.status(complaint.ref) is Status.FORWARDED
        [mail] = [one for one in relay.took if b"X-Forthwith-Notice: forward" in one.message]
    [attached] = list(read(mail).iter_attachments())
    assert attached.get_content_type() == "message/rfc822"
    assert LETTER in mail.message


async def test_an_alarm_of_any_size_goes_out(work: DeskAtWork) -> None:
    async with HostileSmtp().running() as server, street(work, server, max_bytes=300_000) as here:
        await work.letter(matched(ACME), raw=LETTER)
        await here.tick()
        assert {one.recipient for one in server.took} == {ADA, TRIAGE, MANAGER}
        assert all(len(one.message) <= 300_000 for one in server.took)


async def test_the_relay_that_takes_it_is_asked_before_anybody_is_bothered(work: DeskAtWork) -> None:
    async with (
        HostileSmtp(extensions=("SIZE 300000",)).running() as small,
        HostileSmtp(extensions=("SIZE 3000000",)).running() as large,
        street(work, small, large) as here,
    ):
        complaint = await work.letter(matched(ACME), raw=LETTER)
        await here.tick()
        assert await here.status(complaint.ref) is Status.FORWARDED
        assert (len(small.took), len(large.took)) == (0, 1)
        # Its size alone is no trouble of the first: what is small goes by it.
        await work.letter(matched(ACME), number=2)
        await here.tick()
        assert len(small.took) == 1


async def test_a_relay_that_might_take_it_is_waited_for(work: DeskAtWork) -> None:
    async with (
        HostileSmtp(extensions=("SIZE 300000",)).running() as small,
        HostileSmtp(always={"GREETING": says("421 4.3.2 no", then=Then.HANG_UP)}).running() as large,
        street(work, small, large) as here,
    ):
        complaint = await work.letter(matched(ACME), raw=LETTER)
        await here.tick()
        assert (await here.forward(complaint.ref)).state is NoticeState.PENDING
        assert await here.told(complaint.ref) == set()
        large.always.clear()
        # It rests still; for a letter that nobody else takes it is asked all the same.
        await here.until_tried_again(complaint.ref)
        assert await here.status(complaint.ref) is Status.FORWARDED
        assert len(large.took) == 1


async def test_a_mailbox_that_is_full_is_no_matter_of_size(work: DeskAtWork) -> None:
    alone = replace(ACME, deputies=())
    await work.take_customers(alone)
    full = HostileSmtp(to={ADA: says("552 5.2.2 over quota")})
    async with full.running() as server, street(work, server) as here:
        complaint = await work.letter(matched(alone))
        await here.tick()
        assert (await work.records.show(complaint.ref)).complaint.review_reason == "refused"
