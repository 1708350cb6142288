"""Answers to what we sent: bounces, machines, people. None of them opens a complaint. Real servers."""

import email.utils
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from complaints.lifecycle import Status
from complaints.records import Dossier
from config.bootstrap import App
from flows.embedded import non_delivery_report
from tests.conftest import SteppedClock
from tests.letters import answer, complaint, mail
from tests.street import INBOX, MANAGER, TRIAGE, Street

ADA, DAN = "ada@acme-retail.example", "dan@acme-retail.example"


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2))


@asynccontextmanager
async def forwarded(
    street: Street, clock: SteppedClock, **settings: str
) -> AsyncIterator[tuple[App, EmailMessage]]:
    """A desk that has forwarded one complaint, and the forward."""
    street.deliver(complaint())
    async with street.desk(clock, **settings) as app:
        await app.tick()
        [forward] = street.mailbox(ADA)
        yield app, forward


async def settled(app: App, street: Street, *mails: bytes) -> Dossier:
    """The complaint after these mails were read, each a tick; none of them opened another."""
    for one in mails:
        street.deliver(one)
        await app.tick()
    [_] = await app.records.open_complaints(everything=True)
    counts = await app.records.mail_counts()
    assert counts == {"complaint": 1, "filed": len(mails)}
    dossier = await app.records.show("FW-1001")
    assert dossier.faults == []
    return dossier


def names(dossier: Dossier) -> list[str]:
    return [event.name for event in dossier.history][4:]  # after received, matched, queued, forwarded


# --- bounces ------------------------------------------------------------------------------------


def report(
    words: str, *, to: str = INBOX, sender: str = "Mail Delivery System <MAILER-DAEMON@mx.example>"
) -> bytes:
    """A report in a server's own words."""
    return mail(
        words,
        sender=sender,
        verdict="",
        subject="Undelivered Mail Returned to Sender",
        To=to,
        Return_Path="<>",
        Auto_Submitted="auto-replied",
    )


def qmail(recipient: str, message_id: str) -> bytes:
    return report(
        "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the "
        f"following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{recipient}>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
        f"Return-Path: <{INBOX}>\nMessage-ID: {message_id}\nSubject: whatever\n"
    )


async def test_a_bounce_in_words_of_its_own_undoes_the_forward_it_gives_back(
    street: Street, clock: SteppedClock
) -> None:
    async with forwarded(street, clock) as (app, forward):
        dossier = await settled(app, street, qmail(ADA, str(forward["Message-ID"])))
    assert names(dossier) == ["bounced", "passed_on", "forward_queued", "forwarded"]
    assert dossier.complaint.status is Status.FORWARDED
    assert (street.notices(DAN), "delivery_failed" in street.notices(TRIAGE)) == (["forward"], True)


async def test_a_warning_that_a_mail_is_delayed_undoes_nothing(street: Street, clock: SteppedClock) -> None:
    async with forwarded(street, clock) as (app, forward):
        words = (
            "This is a warning message only. You do not need to resend your message; it has been delayed and is still "
            f"being retried.\n\n<{ADA}>: connection timed out\n\nMessage-ID: {forward['Message-ID']}\n"
        )
        dossier = await settled(app, street, report(words))
    assert (dossier.complaint.status, names(dossier)) == (Status.FORWARDED, ["delivery_delayed"])


async def test_a_report_that_merely_names_reference_and_recipient_asks_a_person(
    street: Street, clock: SteppedClock
) -> None:
    async with forwarded(street, clock) as (app, _):
        words = f"Your message [FW-1001] could not be delivered to <{ADA}>: 550 5.1.1 user unknown"
        dossier = await settled(app, street, report(words), report(f"{words} again"))
        await app.tick()
    assert dossier.complaint.status is Status.FORWARDED
    assert names(dossier) == ["bounce_doubted", "bounce_doubted"]
    assert street.notices(TRIAGE) == ["answer"]


async def test_a_guessed_message_id_undoes_nothing(street: Street, clock: SteppedClock) -> None:
    async with forwarded(street, clock) as (app, forward):
        guess = str(forward["Message-ID"]).replace("forward.", "forward.0")
        dossier = await settled(app, street, qmail(ADA, guess))
    assert dossier.complaint.status is Status.FORWARDED


async def test_spam_s_bounces_are_filed_and_told_once_a_day(street: Street, clock: SteppedClock) -> None:
    async with forwarded(street, clock) as (app, _):
        strays = [qmail(f"nobody{n}@nowhere.example", "<x@nowhere.example>") for n in range(3)]
        dossier = await settled(app, street, *strays)
        await app.tick()
    assert (dossier.complaint.status, names(dossier)) == (Status.FORWARDED, [])
    assert street.notices(TRIAGE) == ["answer"]


async def test_an_old_forward_s_bounce_says_nothing_of_the_newest(
    street: Street, clock: SteppedClock
) -> None:
    async with forwarded(street, clock) as (app, first):
        await app.desk.resend("FW-1001", actor="pat")
        await app.tick()
        dossier = await settled(app, street, qmail(ADA, str(first["Message-ID"])))
    assert dossier.complaint.status is Status.FORWARDED


async def test_a_return_path_of_its_own_tells_what_a_report_is_about(
    street: Street, clock: SteppedClock
) -> None:
    street.smtp.bounce(ADA, street.deliver)
    street.deliver(complaint())
    async with street.desk(clock, bounce_addresses="verp") as app:
        await app.tick()
        street.smtp.close()
        street.smtp.__init__(street.smtp.directory, port=street.smtp.port)  # type: ignore[misc]
        street.smtp.start()
        client = street.imap.connect()
        client.select_folder("INBOX", readonly=True)
        [raw] = [m[b"BODY[]"] for n, m in client.fetch([1, 2], ["BODY.PEEK[]"]).items() if n == 2]
        client.logout()
        await app.tick()
        dossier = await app.records.show("FW-1001")
    assert b"To: privacy+bounce-" in raw
    assert names(dossier) == ["bounced", "passed_on", "forward_queued", "forwarded"]


@pytest.mark.parametrize("known", [True, False], ids=["the token", "a guess"])
async def test_a_report_to_a_return_path_counts_by_its_token_alone(
    street: Street, clock: SteppedClock, *, known: bool
) -> None:
    async with forwarded(street, clock, bounce_addresses="verp") as (app, _):
        token = (await app.records.show("FW-1001")).notices[0].bounce_token if known else "0" * 24
        words = "Your message could not be delivered: 550 5.1.1 no such user"
        await settled(app, street, report(words, to=f"privacy+bounce-{token}@msp.example"))
    assert street.notices(DAN) == (["forward"] if known else [])


async def test_a_bounced_alert_is_told_to_the_others_and_undoes_no_forward(
    street: Street, clock: SteppedClock
) -> None:
    street.deliver(complaint("Somebody nobody knows is responsible."))
    async with street.desk(clock) as app:
        await app.tick()
        [alert] = street.smtp.mailbox(TRIAGE)
        status = "550 5.1.1 no such user"
        street.deliver(
            non_delivery_report(
                sender=INBOX, recipient=TRIAGE, status=status, raw=alert, at=datetime.now(UTC)
            )
        )
        await app.tick()
        [_] = await app.records.open_complaints()
    assert street.notices(MANAGER) == ["delivery_failed"]


# --- machines -----------------------------------------------------------------------------------

ABSENT = {
    "en": ("Automatic reply: Complaint", "I am out of the office until 14 December 2026."),
    "de": ("Abwesenheitsnotiz", "Ich bin bis zum 14.12.2026 nicht im Büro."),
    "fr": ("Réponse automatique", "Je suis absente jusqu'au 14 décembre 2026."),
    "es": ("Respuesta automática", "Estoy fuera de la oficina hasta el 14 de diciembre de 2026."),
    "it": ("Risposta automatica", "Sono fuori ufficio fino al 14 dicembre 2026."),
    "nl": ("Automatisch antwoord", "Ik ben afwezig tot 14 december 2026."),
    "pl": ("Odpowiedź automatyczna", "Jestem nieobecna do 14 grudnia 2026."),
    "sv": ("Autosvar", "Jag är frånvarande till 14 december 2026."),
    "da": ("Automatisk svar", "Jeg er fraværende til 14. december 2026."),
    "no": ("Automatisk svar", "Jeg er ikke på kontoret til 14. desember 2026."),
    "pt": ("Resposta automática", "Estou ausente até 14 de dezembro de 2026."),
}


async def test_notes_of_absence_in_eleven_languages_are_no_acknowledgement(
    street: Street, clock: SteppedClock
) -> None:
    clock.now = datetime(2026, 11, 30, 9, tzinfo=UTC)
    async with forwarded(street, clock) as (app, forward):
        notes = [answer(forward, ADA, words, subject=subject) for subject, words in ABSENT.values()]
        dossier = await settled(app, street, *notes)
        reasons = {one.why for one in await app.records.filed()}
        await app.tick()
    assert dossier.complaint.status is Status.FORWARDED
    assert [one for one in names(dossier) if one not in ("rung_reached", "breached", "forwarded")] == [
        "auto_replied",
        "deputy_turn",
        "also_forwarded",
    ]
    assert [street.notices(one).count("forward") for one in (ADA, DAN)] == [1, 1]
    [told_team] = [one for one in street.mailbox(TRIAGE) if one["X-Forthwith-Notice"] == "answer"]
    assert "customers away ada@acme-retail.example --until 2026-12-14" in told_team.get_body().get_content()  # type: ignore[union-attr]
    [told] = [event for event in dossier.history if event.name == "auto_replied"]
    assert (told.actor, told.data["of"], told.data["until"]) == (ADA, "supplier manager", "2026-12-14")
    assert reasons == {"automatic reply FW-1001"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<desk.acme-retail.example>"},
        {"Return_Path": "<>"},
    ],
    ids=lambda headers: next(iter(headers)),
)
async def test_what_a_machine_says_acknowledges_nothing(
    street: Street, clock: SteppedClock, headers: dict[str, str]
) -> None:
    async with forwarded(street, clock) as (app, forward):
        dossier = await settled(app, street, answer(forward, ADA, "Thank you, received.", **headers))
    assert (dossier.complaint.status, names(dossier)) == (Status.FORWARDED, ["auto_replied"])


async def test_an_absence_told_to_the_return_path_alone_is_bound_to_its_notice(
    street: Street, clock: SteppedClock
) -> None:
    async with forwarded(street, clock, bounce_addresses="verp") as (app, _):
        token = (await app.records.show("FW-1001")).notices[0].bounce_token
        note = mail(
            "I am away.", sender=ADA, To=f"privacy+bounce-{token}@msp.example", Auto_Submitted="auto-replied"
        )
        dossier = await settled(app, street, note)
    assert names(dossier) == ["auto_replied", "deputy_turn", "also_forwarded"]


async def test_a_machine_that_answers_a_hundred_times_is_written_down_once_and_answered_never(
    street: Street, clock: SteppedClock
) -> None:
    async with forwarded(street, clock) as (app, forward):
        for number in range(100):
            street.deliver(
                answer(forward, ADA, f"Your mail {number} has come.", Auto_Submitted="auto-replied")
            )
        await app.tick()
        dossier = await app.records.show("FW-1001")
        counts = await app.records.mail_counts()
    assert counts == {"complaint": 1, "filed": 100}
    assert names(dossier) == ["auto_replied"]
    assert (street.notices(ADA), street.notices(TRIAGE)) == (["forward"], [])


async def test_our_own_notices_in_our_own_inbox_go_round_in_no_circle(
    street: Street, clock: SteppedClock
) -> None:
    street.deliver(complaint("Somebody nobody knows is responsible."))
    async with street.desk(clock, triage_team=(INBOX,)) as app:
        for _ in range(4):
            await app.tick()
            for raw in street.smtp.mailbox(INBOX):
                # The server on the way gives a Message-ID of its own, and each copy other bytes.
                renamed = raw.replace(b"Message-ID: <", b"X-Was: <", 1)
                own = email.utils.make_msgid(domain="exchange.example")
                street.deliver(f"Message-ID: {own}\r\n".encode() + renamed)
        await app.tick()
        assert len(await app.records.open_complaints()) == 1
        filed = {one.why for one in await app.records.filed()}
    assert filed == {"our own notice"}
    assert street.notices(INBOX) == ["review"]


def notification(forward: EmailMessage, disposition: str) -> bytes:
    """A read receipt (RFC 8098), which names our message in its second part alone."""
    parts = (
        "--x\r\nContent-Type: text/plain\r\n\r\nYour message was received and read, thank you.\r\n"
        "--x\r\nContent-Type: message/disposition-notification\r\n\r\nReporting-UA: mail.acme-retail.example\r\n"
        f"Final-Recipient: rfc822; {ADA}\r\nOriginal-Message-ID: {forward['Message-ID']}\r\n"
        f"Disposition: manual-action/MDN-sent-manually; {disposition}\r\n\r\n--x--\r\n"
    )
    head = (
        f"From: Ada <{ADA}>\r\nTo: {INBOX}\r\nSubject: Read: Complaint\r\nMessage-ID: <{disposition}@acme-retail.example>\r\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="x"\r\n\r\n'
    )
    return (head + parts).encode()


async def test_read_receipts_are_evidence_and_acknowledge_nothing(
    street: Street, clock: SteppedClock
) -> None:
    async with forwarded(street, clock) as (app, forward):
        dossier = await settled(
            app, street, notification(forward, "displayed"), notification(forward, "deleted")
        )
    assert (dossier.complaint.status, names(dossier)) == (Status.FORWARDED, ["read", "read"])
    assert [event.data["disposition"] for event in dossier.history[-2:]] == ["displayed", "deleted"]


def delivered(token: str, *, action: str = "delivered") -> bytes:
    """A report that a forward has arrived: it gives back nothing but what stood in our envelope (RFC 3461 4.4)."""
    parts = (
        "--x\r\nContent-Type: text/plain\r\n\r\nYour message was delivered.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.acme-retail.example\r\n"
        f"Original-Envelope-Id: {token}\r\n\r\nFinal-Recipient: rfc822; {ADA}\r\nAction: {action}\r\n"
        "Status: 2.1.5\r\nDiagnostic-Code: smtp; 250 2.1.5 stored\r\n\r\n--x--\r\n"
    )
    head = (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.acme-retail.example\r\nTo: {INBOX}\r\nSubject: Success\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
    )
    return (head + parts).encode()


@pytest.mark.parametrize(("action", "event"), [("delivered", "delivered"), ("relayed", "relayed")])
async def test_a_report_of_success_is_bound_by_what_stood_in_our_envelope(
    street: Street, clock: SteppedClock, action: str, event: str
) -> None:
    async with forwarded(street, clock) as (app, _):
        token = (await app.records.show("FW-1001")).notices[0].bounce_token
        dossier = await settled(app, street, delivered(token, action=action), delivered("0" * 24))
    assert (dossier.complaint.status, names(dossier)) == (Status.FORWARDED, [event])
    assert dossier.history[-1].data["reporting_mta"] == "mx.acme-retail.example"


# --- people -------------------------------------------------------------------------------------


@pytest.mark.parametrize("sender", [ADA, "legal@acme-retail.example"])
async def test_a_bare_number_in_the_subject_acknowledges_nothing_and_is_read_by_a_person(
    street: Street, clock: SteppedClock, sender: str
) -> None:
    async with forwarded(street, clock) as (app, _):
        note = mail("Received with thanks.", sender=sender, subject="FW-1001")
        dossier = await settled(app, street, note)
        await app.tick()
    assert (dossier.complaint.status, names(dossier)) == (Status.FORWARDED, ["replied"])
    assert street.notices(TRIAGE) == ["answer"]


@pytest.mark.parametrize("sender", ["legal@acme-retail.example", "lawyer@chambers.example"])
async def test_whoever_is_not_on_file_acknowledges_nothing_and_is_read_by_a_person(
    street: Street, clock: SteppedClock, sender: str
) -> None:
    async with forwarded(street, clock) as (app, forward):
        dossier = await settled(app, street, answer(forward, sender, "Received with thanks."))
        await app.tick()
    assert (dossier.complaint.status, names(dossier)) == (Status.FORWARDED, ["replied"])
    assert street.notices(TRIAGE) == ["answer"]


async def test_a_person_who_speaks_of_a_failure_has_not_bounced_anything(
    street: Street, clock: SteppedClock
) -> None:
    async with forwarded(street, clock) as (app, forward):
        words = (
            "We have it. I sent it on to Dan, but that could not be delivered: 550 5.1.1 user unknown.\n\n"
            f"> Message-ID: {forward['Message-ID']}\n> Subject: {forward['Subject']}\n"
        )
        dossier = await settled(app, street, answer(forward, ADA, words, subject="Re: Undeliverable"))
    # That something could not be delivered is for a person to read.
    assert (dossier.complaint.status, names(dossier)) == (Status.FORWARDED, ["replied"])
    assert street.notices(TRIAGE) == ["answer"]


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        (ADA, "Re: something else entirely"),
        (DAN, "AW: Complaint"),
        ("Ada@Acme-Retail.example", "Re: Complaint"),
        ("ada+complaints@acme-retail.example", "Re: Complaint"),
    ],
)
async def test_the_contacts_on_file_acknowledge_whatever_the_subject(
    street: Street, clock: SteppedClock, sender: str, subject: str
) -> None:
    async with forwarded(street, clock) as (app, forward):
        words = "Received with thanks, we are on it."
        dossier = await settled(app, street, answer(forward, sender, words, subject=subject))
    assert dossier.complaint.status is Status.ACKNOWLEDGED
    assert dossier.history[-1].actor == sender.lower()


@pytest.mark.parametrize(
    ("sender", "verdict"),
    [("eve@evil.example", "pass"), ("ada@acme-retail.example.evil.example", "pass"), (ADA, "fail")],
    ids=["another domain", "a look-alike", "a forged sender"],
)
async def test_a_stranger_acknowledges_nothing(
    street: Street, clock: SteppedClock, sender: str, verdict: str
) -> None:
    async with forwarded(street, clock) as (app, forward):
        street.deliver(answer(forward, sender, "Received with thanks.", verdict=verdict))
        await app.tick()
        complaint_ = (await app.records.show("FW-1001")).complaint
    assert complaint_.status is Status.FORWARDED


@pytest.mark.parametrize(
    "words", ["Wrong customer, this is not ours.", "Das ist nicht für uns, falscher Empfänger.\n\nDanke"]
)
async def test_what_the_customer_sends_back_is_decided_again_its_clock_running(
    street: Street, clock: SteppedClock, words: str
) -> None:
    async with forwarded(street, clock) as (app, forward):
        dossier = await settled(app, street, answer(forward, ADA, words))
        complaint_ = dossier.complaint
        assert (complaint_.status, complaint_.review_reason) == (Status.NEEDS_REVIEW, "sent back")
        assert complaint_.next_rung_at is not None
        assert street.notices(TRIAGE) == ["review"]
        await app.desk.assign("FW-1001", "swift", actor="pat")
        await app.tick()
    assert street.notices("sue@swift-logistics.example") == ["forward"]


async def test_a_question_goes_to_a_person_at_once_and_acknowledges_nothing(
    street: Street, clock: SteppedClock
) -> None:
    async with forwarded(street, clock) as (app, forward):
        words = "Thanks, received. By when do you need our answer?"
        dossier = await settled(app, street, answer(forward, ADA, words))
    assert (dossier.complaint.status, names(dossier)) == (Status.FORWARDED, ["replied"])
    assert street.notices(TRIAGE) == ["answer"]
    shown = street.mailbox(TRIAGE)[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert ADA in shown
    assert "By when do you need" not in shown


async def test_what_the_team_answers_to_an_alert_is_read_by_a_person_and_opens_nothing(
    street: Street, clock: SteppedClock
) -> None:
    street.deliver(complaint("Somebody nobody knows is responsible."))
    async with street.desk(clock) as app:
        await app.tick()
        [review] = street.mailbox(TRIAGE)
        street.deliver(answer(review, TRIAGE, "This is Acme's, please assign it."))
        await app.tick()
        told = street.mailbox(TRIAGE)[-1]
        street.deliver(answer(told, TRIAGE, "Done."))
        await app.tick()
        [_] = await app.records.open_complaints()
    assert street.notices(TRIAGE) == ["review", "answer"]


async def test_what_the_customer_says_of_the_day_to_answer_by_is_read_by_a_person(
    street: Street, clock: SteppedClock
) -> None:
    path = street.folder / "ladder.yaml"
    path.write_text(
        "rungs: [{name: breach, at: 100%, tell: [managers]}]\n"
        "answer: [{name: near, at: 0%, tell: [manager]}]\n"
    )
    street.deliver(complaint())
    async with street.desk(clock, ladder_file=path) as app:
        await app.tick()
        await app.tick()
        reminder = street.mailbox(ADA)[-1]
        assert reminder["X-Forthwith-Notice"] == "answer_due"
        assert "forthwith" not in reminder.get_body(("plain",)).get_content()
        street.deliver(answer(reminder, ADA, "We have answered them last week."))
        await app.tick()
        shown = (await app.records.show("FW-1001")).complaint
    assert shown.status is Status.FORWARDED
    assert street.notices(TRIAGE) == ["answer"]


async def test_of_a_duty_calendar_that_cannot_be_read_the_managers_hear_once_a_day(
    street: Street, clock: SteppedClock
) -> None:
    people = street.folder / "people.yaml"
    people.write_text(
        "people: [{name: Ann, tell: ann@msp.example}]\ngroups: [{name: oncall, calendar: missing.ics}]\n"
    )
    async with street.desk(clock, people_file=people) as app:
        for _ in range(2):
            await app.refresh_rosters()
            await app.tick()
    [told] = street.mailbox(MANAGER)
    assert told["X-Forthwith-Notice"] == "arrangements"
    assert "oncall" in told.get_body(("plain",)).get_content()


async def alarmed(app: App, street: Street, clock: SteppedClock) -> EmailMessage:
    """The first warning about a letter that nobody knows the customer of."""
    await app.tick()
    clock.step(hours=12)
    await app.tick()
    return street.mailbox(TRIAGE)[-1]


@pytest.mark.parametrize(
    ("reply", "paused"),
    [
        ((TRIAGE, "I look after it."), True),
        (("pat@msp.example", "On it"), True),
        ((TRIAGE, "Who is this about?"), False),
        ((TRIAGE, "I am out of the office.", "auto-replied"), False),
        (("stranger@elsewhere.example", "I look after it."), False),
    ],
)
async def test_whoever_answers_an_alert_has_taken_it_up_for_an_hour(
    street: Street, clock: SteppedClock, reply: tuple[str, ...], paused: bool
) -> None:
    street.deliver(complaint("Somebody nobody knows is responsible."))
    sender, words, *machine = reply
    async with street.desk(clock) as app:
        warning = await alarmed(app, street, clock)
        assert warning["X-Forthwith-Notice"] == "warning"
        headers = {"Auto_Submitted": machine[0]} if machine else {}
        street.deliver(answer(warning, sender, words, **headers))
        await app.tick()
        shown = (await app.records.show("FW-1001")).complaint
    assert (shown.paused_until == clock() + timedelta(hours=1)) is paused


async def test_who_confirms_and_asks_for_something_has_it_and_a_person_reads_what_they_ask(
    street: Street, clock: SteppedClock
) -> None:
    async with forwarded(street, clock) as (app, forward):
        words = "Received, thank you. Please keep all data of this person until we say otherwise."
        dossier = await settled(app, street, answer(forward, ADA, words))
        await app.tick()
    assert (dossier.complaint.status, names(dossier)) == (Status.ACKNOWLEDGED, ["replied", "acknowledged"])
    [told] = [mail for mail in street.mailbox(TRIAGE) if mail["X-Forthwith-Notice"] == "answer"]
    assert "says more" in str(told["Subject"])


async def test_who_keeps_the_forward_back_until_somebody_clicks_is_told_of(
    street: Street, clock: SteppedClock
) -> None:
    async with forwarded(street, clock) as (app, forward):
        words = "Please click the link below to have your message delivered to Ada."
        dossier = await settled(app, street, answer(forward, ADA, words, Auto_Submitted="auto-replied"))
        await app.tick()
    assert (dossier.complaint.status, names(dossier)) == (Status.FORWARDED, ["replied"])
    [told] = [mail for mail in street.mailbox(TRIAGE) if mail["X-Forthwith-Notice"] == "answer"]
    assert "kept back" in str(told["Subject"])
