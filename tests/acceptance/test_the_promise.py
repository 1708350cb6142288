"""The promise, end to end: letter in, forward in the manager's mailbox, lateness told. Real servers."""

import hashlib
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from complaints.lifecycle import Status
from tests.conftest import SteppedClock
from tests.street import AUTHSERV, INBOX, MANAGER, TRIAGE, Street, ico_letter, original_in

ADA, DAN = "ada@acme-retail.example", "dan@acme-retail.example"
ABOUT_ACME = "The controller is Acme Retail Ltd, whose systems you operate."


@pytest.fixture
def clock() -> SteppedClock:
    # The local mailbox stamps real time, so the street's clock starts there and is only stepped on.
    return SteppedClock(datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2))


async def test_a_letter_reaches_the_supplier_manager_byte_for_byte(
    street: Street, clock: SteppedClock
) -> None:
    letter = ico_letter(ABOUT_ACME)
    street.deliver(letter)
    async with street.desk(clock) as app:
        await app.tick()
        [complaint] = await app.records.open_complaints()
        dossier = await app.records.show(complaint.ref)
    [raw] = street.smtp.mailbox(ADA)
    assert complaint.status is Status.FORWARDED
    assert (complaint.customer_id, complaint.reference, complaint.body_verified) == (
        "acme",
        "IC-372500-S1A1",
        True,
    )
    assert (
        hashlib.sha256(original_in(raw)).hexdigest()
        == dossier.mail.sha256
        == hashlib.sha256(letter).hexdigest()
    )
    [forward] = [notice for notice in dossier.notices if notice.kind == "forward"]
    assert forward.reply.startswith("250")
    assert forward.queue_id
    assert {"received_at", "server_at", "header_at", "stored_at"} <= set(dir(complaint))
    assert dossier.faults == []


@pytest.mark.parametrize(
    "ending",
    [
        b"\r\n8-bit: \xe9\xff\xfe\r\n",
        b"\r\n" + b"x" * 3000 + b"\r\n",
        b"\r\n.\r\n..\r\ntrailing \t \r\n",
        b"\r\nno end",
    ],
    ids=["eight bits", "a line too long", "dots and trailing space", "no final line end"],
)
async def test_whatever_the_letter_holds_its_bytes_arrive(
    street: Street, clock: SteppedClock, ending: bytes
) -> None:
    letter = ico_letter(ABOUT_ACME) + ending
    street.deliver(letter)
    async with street.desk(clock) as app:
        await app.tick()
    [raw] = street.smtp.mailbox(ADA)
    assert original_in(raw) == letter


async def test_i1_nothing_is_marked_or_moved_unless_asked_for(street: Street, clock: SteppedClock) -> None:
    street.deliver(ico_letter(ABOUT_ACME))
    async with street.desk(clock) as app:
        await app.tick()
    client = street.imap.connect()
    client.select_folder("INBOX", readonly=True)
    assert client.search("ALL") == [1]
    assert b"\\Seen" not in client.get_flags([1])[1]
    client.logout()


async def test_a_letter_that_names_two_customers_waits_for_a_person(
    street: Street, clock: SteppedClock
) -> None:
    street.deliver(ico_letter("The complaint concerns both Acme Retail Ltd and Swift Logistics GmbH."))
    async with street.desk(clock) as app:
        await app.tick()
        [complaint] = await app.records.open_complaints()
        assert complaint.status is Status.NEEDS_REVIEW
        assert {c["id"] for c in complaint.evidence["candidates"]} >= {"acme", "swift"}
        assert street.notices(TRIAGE) == ["review"]
        assert street.mailbox(ADA) == []
        await app.desk.assign(complaint.ref, "swift", actor="pat")
        await app.tick()
    assert street.notices("sue@swift-logistics.example") == ["forward"]
    assert street.mailbox(ADA) == []


async def test_the_ladder_is_climbed_rung_by_rung_and_each_fires_once(
    street: Street, clock: SteppedClock
) -> None:
    street.deliver(ico_letter("Somebody nobody knows is responsible."), at=clock())
    async with street.desk(clock) as app:
        await app.tick()
        [complaint] = await app.records.open_complaints()
        for hours in (12, 6, 3.6, 2.4, 4, 4):
            clock.step(hours=hours)
            await app.tick()
            await app.tick()
        dossier = await app.records.show(complaint.ref)
    assert street.notices(TRIAGE) == [
        "review",
        "warning",
        "warning",
        "warning",
        "breach",
        "reminder",
        "reminder",
    ]
    assert street.notices(MANAGER) == ["warning", "breach", "reminder", "reminder"]
    [breach] = [event for event in dossier.history if event.name == "breached"]
    assert breach.data["cause"] == "waiting for a person: unmatched"
    alert = next(mail for mail in street.mailbox(MANAGER) if mail["X-Forthwith-Notice"] == "breach")
    assert "Waiting for a person: no customer fits" in str(alert)
    assert breach.at - complaint.due_at < timedelta(seconds=1)


async def test_a_relay_that_is_down_delays_and_its_return_delivers(
    street: Street, clock: SteppedClock
) -> None:
    street.deliver(ico_letter(ABOUT_ACME))
    street.smtp.stop()
    async with street.desk(clock) as app:
        await app.tick()
        [complaint] = await app.records.open_complaints()
        assert complaint.status is Status.FORWARDING
        for _ in range(26):
            clock.step(hours=1)
            await app.tick()
        street.smtp.start()
        clock.step(hours=1)
        await app.tick()
        complaint = (await app.records.show(complaint.ref)).complaint
    assert complaint.status is Status.FORWARDED
    assert complaint.breach_cause == "the relay has not accepted the forward"
    assert street.notices(ADA) == ["forward"]
    assert street.notices(MANAGER).count("breach") == 1


async def test_where_the_relay_refuses_the_manager_the_deputy_has_it_at_once_and_people_hear_of_it(
    street: Street, clock: SteppedClock
) -> None:
    street.smtp.refuse(ADA, "550 5.1.1 no such user here")
    street.deliver(ico_letter(ABOUT_ACME))
    async with street.desk(clock) as app:
        await app.tick()
        [complaint] = await app.records.open_complaints()
    assert (complaint.status, street.notices(DAN)) == (Status.FORWARDED, ["forward"])
    assert street.notices(TRIAGE) == street.notices(MANAGER) == ["delivery_failed"]
    assert "550 5.1.1 no such user here" in street.mailbox(TRIAGE)[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


async def test_i5_a_bounce_undoes_the_forward_and_the_deputy_has_it_at_once_on_the_same_clock(
    street: Street, clock: SteppedClock
) -> None:
    street.smtp.bounce(ADA, street.deliver)
    street.deliver(ico_letter(ABOUT_ACME))
    async with street.desk(clock) as app:
        await app.tick()
        [complaint] = await app.records.open_complaints()
        assert complaint.status is Status.FORWARDED
        street.smtp.close()  # waits for the report to be delivered
        street.smtp.__init__(street.smtp.directory, port=street.smtp.port)  # type: ignore[misc]
        street.smtp.start()
        clock.step(minutes=5)
        await app.tick()
        complaint = (await app.records.show(complaint.ref)).complaint
        filed = await app.records.filed()
    assert (complaint.status, complaint.forwarded_at) == (Status.FORWARDED, clock())
    assert (street.notices(DAN), [mail.kind for mail in filed]) == (["forward"], ["bounce"])
    assert "delivery_failed" in street.notices(TRIAGE)


async def test_the_managers_reply_acknowledges(street: Street, clock: SteppedClock) -> None:
    street.deliver(ico_letter(ABOUT_ACME))
    async with street.desk(clock) as app:
        await app.tick()
        [forward] = street.mailbox(ADA)
        street.deliver(_reply(forward, ADA, "Received with thanks, we are on it."))
        await app.tick()
        [complaint] = await app.records.open_complaints()
    assert complaint.status is Status.ACKNOWLEDGED


async def test_an_absence_note_does_not_acknowledge(street: Street, clock: SteppedClock) -> None:
    street.deliver(ico_letter(ABOUT_ACME))
    async with street.desk(clock) as app:
        await app.tick()
        [forward] = street.mailbox(ADA)
        street.deliver(_reply(forward, ADA, "I am away until Monday.", **{"Auto-Submitted": "auto-replied"}))
        await app.tick()
        [complaint] = await app.records.open_complaints()
    assert complaint.status is Status.FORWARDED


async def test_a_forged_letter_is_never_forwarded(street: Street, clock: SteppedClock) -> None:
    forged = (
        ico_letter(ABOUT_ACME)
        .replace(b"dmarc=pass", b"dmarc=fail")
        .replace(b"dkim=pass", b"dkim=fail")
        .replace(b"spf=pass", b"spf=fail")
    )
    street.deliver(forged)
    async with street.desk(clock) as app:
        await app.tick()
        [complaint] = await app.records.open_complaints()
    assert complaint.status is Status.NEEDS_REVIEW
    assert street.mailbox(ADA) == []


async def test_the_same_letter_in_two_folders_is_one_complaint_with_two_arrivals(
    street: Street, clock: SteppedClock
) -> None:
    letter = ico_letter(ABOUT_ACME)
    street.deliver(letter)
    street.deliver(letter, folder="Junk")
    async with street.desk(clock) as app:
        await app.tick()
        [complaint] = await app.records.open_complaints()
        dossier = await app.records.show(complaint.ref)
    assert len(dossier.arrivals) == 2
    assert street.notices(ADA) == ["forward"]


async def test_a_restored_mailbox_with_new_numbers_forwards_nothing_twice(
    street: Street, clock: SteppedClock
) -> None:
    street.deliver(ico_letter(ABOUT_ACME))
    async with street.desk(clock) as app:
        await app.tick()
    street.imap.stop()
    street.imap.renumber("INBOX")
    street.imap.start()
    async with street.desk(clock) as app:
        await app.tick()
        assert len(await app.records.open_complaints()) == 1
    assert street.notices(ADA) == ["forward"]


async def test_connecting_an_old_mailbox_forwards_nothing_old(street: Street, clock: SteppedClock) -> None:
    street.deliver(ico_letter(ABOUT_ACME), at=clock() - timedelta(days=300))
    async with street.desk(clock, imap_start_from=None) as app:
        await app.tick()
        assert await app.records.open_complaints() == []
        street.deliver(ico_letter(ABOUT_ACME, reference="IC-400000-B2B2"), at=clock() - timedelta(days=2))
        await app.tick()
        [moved_in_later] = await app.records.open_complaints()
    assert moved_in_later.reference == "IC-400000-B2B2"
    assert moved_in_later.breached_at is not None


async def test_a_letter_too_large_to_fetch_goes_to_a_person_with_its_clock(
    street: Street, clock: SteppedClock
) -> None:
    street.deliver(ico_letter(ABOUT_ACME, pdf=b"%PDF-1.4\n" + b"0" * 300_000))
    async with street.desk(clock, max_mail_mb=0.1) as app:
        await app.tick()
        [complaint] = await app.records.open_complaints()
        dossier = await app.records.show(complaint.ref)
    assert (complaint.kind, complaint.status) == ("unreadable", Status.NEEDS_REVIEW)
    assert dossier.mail.oversized
    assert dossier.mail.size > 300_000
    assert complaint.next_rung_at is not None


async def test_a_restart_in_the_middle_goes_on_where_it_was(street: Street, clock: SteppedClock) -> None:
    street.deliver(ico_letter(ABOUT_ACME))
    async with street.desk(clock) as app:
        await app.ingest()
    async with street.desk(clock) as app:
        await app.route()
        assert len(await app.desk.outbox.claim(10)) == 1  # claimed, and then the power fails
    async with street.desk(clock) as app:
        await app.desk.outbox.release_claims()
        await app.tick()
        [complaint] = await app.records.open_complaints()
    assert complaint.status is Status.FORWARDED
    assert street.notices(ADA) == ["forward"]


async def test_an_unreadable_inbox_is_told_after_its_time_and_so_is_its_return(
    street: Street, clock: SteppedClock
) -> None:
    async with street.desk(clock) as app:
        await app.tick()
        street.imap.stop()
        for _ in range(16):
            clock.step(minutes=1)
            await app.tick()
        assert street.notices(MANAGER) == ["inbox_blind", "inbox_blind"]  # INBOX and Junk
        street.imap.start()
        clock.step(minutes=1)
        await app.tick()
    assert street.notices(MANAGER)[2:] == ["inbox_back", "inbox_back"]


async def test_our_own_alarm_in_our_own_inbox_opens_nothing(street: Street, clock: SteppedClock) -> None:
    street.deliver(ico_letter("Somebody nobody knows is responsible."))
    async with street.desk(clock) as app:
        await app.tick()
        street.deliver(street.smtp.mailbox(TRIAGE)[0])
        await app.tick()
        assert len(await app.records.open_complaints()) == 1
        [filed] = await app.records.filed()
    assert filed.why == "our own notice"


def _reply(forward: EmailMessage, sender: str, words: str, **headers: str) -> bytes:
    reply = EmailMessage()
    reply["Received"] = f"from mail.example by {AUTHSERV} for <{INBOX}>; Mon, 23 Nov 2026 09:30:00 +0000"
    reply["From"], reply["To"] = sender, INBOX
    reply["Subject"] = f"Re: {forward['Subject']}"
    reply["Message-ID"] = f"<{abs(hash(words))}@acme-retail.example>"
    reply["In-Reply-To"] = reply["References"] = str(forward["Message-ID"])
    for name, value in headers.items():
        reply[name] = value
    reply.set_content(words)
    return bytes(reply).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


async def test_a_reminder_that_comes_with_its_letter_follows_it(street: Street, clock: SteppedClock) -> None:
    street.deliver(ico_letter(ABOUT_ACME))
    street.deliver(ico_letter("We have had no answer to our letter. This is a reminder."))
    async with street.desk(clock) as app:
        await app.tick()
        first, second = sorted(await app.records.open_complaints(), key=lambda complaint: complaint.id)
    assert (second.follows, second.customer_id) == (first.ref, "acme")
    assert street.notices(ADA) == ["forward", "forward"]


async def test_a_letter_that_kills_its_reader_again_and_again_goes_to_a_person(
    street: Street, clock: SteppedClock
) -> None:
    street.deliver(ico_letter(ABOUT_ACME))
    async with street.desk(clock) as app:
        await app.ingest()
        async with app.database.writing() as repository:
            await repository.connection.exec_driver_sql("UPDATE mail SET attempts = 3")
        await app.tick()
        [complaint] = await app.records.open_complaints()
    assert (complaint.kind, complaint.status) == ("unreadable", Status.NEEDS_REVIEW)
    assert "again and again" in complaint.why
    assert street.notices(TRIAGE) == ["review"]
