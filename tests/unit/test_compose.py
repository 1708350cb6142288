import email
import email.policy
import hashlib
import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.outbox import Notice, NoticeKind
from notifiers.addresses import UnsendableAddress
from notifiers.compose import URGENT, MissingOriginal, OriginalChanged, Voice, brief, compose
from notifiers.customer_note import is_for_customer
from notifiers.replies import Stage, judge, queue_id, quoted
from notifiers.wording import span

VOICE = Voice(
    organisation="Northwind Managed Services", address="complaints@msp.example", timezone="Europe/London"
)
LETTER = b"From: a@dataprotection.ie\r\nSubject: x\r\n\r\nplease answer\r\n"
FACTS: dict[str, Any] = {
    "ref": "FW-1001",
    "kind": "complaint",
    "authority": "Data Protection Commission",
    "authority_verified": True,
    "reference": "C-26-3-417",
    "customer": "Hibernia Credit Union",
    "customer_id": "hibernia",
    "manager_name": "Aoife Ní Bhriain",
    "subject": "Complaint by Jane Roe",
    "received_at": "2026-07-03T23:40:00+00:00",
    "stored_at": "2026-07-03T23:40:05+00:00",
    "header_at": None,
    "due_at": "2026-07-04T23:40:00+00:00",
    "terms": "24h",
    "respond_by": "2026-07-24",
    "respond_by_quote": "within 21 days of the date of this letter",
    "why": "one customer is named",
    "evidence": {
        "recognition": [{"what": "sender domain", "found": "dataprotection.ie", "where": "from"}],
        "match": [{"what": "name", "found": "Hibernia Credit Union", "where": "subject"}],
    },
    "sha256": hashlib.sha256(LETTER).hexdigest(),
    "mailbox": "privacy@msp.example/INBOX",
    "attachments": [{"name": "letter.pdf", "content_type": "application/pdf", "size": 150123}],
    "sender": "complaints@dataprotection.ie",
    "timezone": "Europe/Dublin",
}
TWO = [
    {
        "id": "hibernia",
        "name": "Hibernia Credit Union",
        "score": 0.8,
        "evidence": [{"what": "name", "found": "Hibernia"}],
    },
    {"id": "other one", "name": "Other Customer", "score": 0.7, "evidence": []},
]


ABOUT_THE_DESK = (
    NoticeKind.INBOX_BLIND,
    NoticeKind.INBOX_BACK,
    NoticeKind.SYNTHETIC_LOST,
    NoticeKind.AUDIT,
    NoticeKind.RELAY_TROUBLE,
)


def notice(kind: NoticeKind = NoticeKind.FORWARD, *, hours: float = 0.1, **facts: Any) -> Notice:
    return Notice(
        id=7,
        kind=kind,
        complaint_id=1,
        ref="" if kind in ABOUT_THE_DESK else "FW-1001",
        recipient="aoife@hibernia.example",
        message_id="<n7.ab12@msp.example>",
        dedupe_key="k",
        facts={**FACTS, **facts},
        mail_id=1,
        created_at=datetime(2026, 7, 3, 23, 40, tzinfo=UTC) + timedelta(hours=hours),
        next_attempt_at=datetime(2026, 7, 4, tzinfo=UTC),
    )


def read(message: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def body(message: bytes, subtype: str = "plain") -> str:
    part = read(message).get_body((subtype,))
    assert part is not None
    return str(part.get_content())


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_retry_is_the_same_bytes() -> None:
    assert compose(notice(), VOICE, LETTER) == compose(notice(), VOICE, LETTER)


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_can_be_written_however_little_is_known(kind: NoticeKind) -> None:
    bare = Notice(
        id=1,
        kind=kind,
        complaint_id=None,
        ref="FW-1",
        recipient="a@b.example",
        message_id="<1@b.example>",
        dedupe_key="k",
        created_at=datetime(2026, 7, 3, tzinfo=UTC),
        next_attempt_at=datetime(2026, 7, 3, tzinfo=UTC),
    )
    for facts in (
        {},
        dict.fromkeys(FACTS),
        {**dict.fromkeys(FACTS, 7)},
        {"evidence": [], "attachments": [None]},
    ):
        filled = Notice(
            **{**{name: getattr(bare, name) for name in bare.__slots__}, "facts": facts | {"sha256": ""}}
        )
        text = body(compose(filled, VOICE, LETTER))
        assert "None" not in text
        assert "FW-1" in text or kind in ABOUT_THE_DESK
        assert brief(filled, VOICE).title


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_machine_may_say_that_a_customers_person_is_away_and_answers_no_alert(kind: NoticeKind) -> None:
    asked = notice(kind)
    message = read(compose(asked, VOICE, LETTER))
    suppressed = {word.strip() for word in str(message["X-Auto-Response-Suppress"] or "").split(",")} - {""}
    # All, DR and NDR would keep Exchange from telling what became of it.
    assert not suppressed & {"All", "DR", "NDR"}
    assert (message["Auto-Submitted"] is None) is (not suppressed) is is_for_customer(asked)


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_mail_leads_back_to_us(kind: NoticeKind) -> None:
    message = read(compose(notice(kind), VOICE, LETTER))
    assert message["From"].addresses[0].addr_spec == "complaints@msp.example"
    assert message["From"].addresses[0].display_name == "Northwind Managed Services"
    assert message["Reply-To"].addresses[0].addr_spec == "complaints@msp.example"
    assert message["To"] == "aoife@hibernia.example"
    assert message["Message-ID"] == "<n7.ab12@msp.example>"
    assert message["Date"].datetime == notice(kind).created_at
    assert message["X-Forthwith-Notice"] == kind.value
    assert (message["Importance"] == "high") is (kind in URGENT)
    if notice(kind).ref:
        assert message["Subject"].startswith("[FW-1001] ")
        assert "FW-1001" in message["Reply-To"].addresses[0].display_name
        assert message["X-Forthwith-Ref"] == "FW-1001"
        assert message["References"] == "<case.fw-1001@msp.example>"
    assert message.defects == []


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_mail_is_clean_for_seven_bits_and_short_lines(kind: NoticeKind) -> None:
    message = compose(notice(kind, subject="Größe " * 400, problem="日本" * 900), VOICE, LETTER)
    assert message.isascii()
    assert b"\0" not in message
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", message)
    assert max(map(len, message.split(b"\r\n"))) <= 998


def test_the_covering_note_tells_the_manager_what_came_from_whom_and_by_when() -> None:
    text = flat(body(compose(notice(), VOICE, LETTER)))
    for expected in (
        "Dear Aoife Ní Bhriain",
        "Data Protection Commission has written to us about Hibernia Credit Union",
        "It asks for an answer by 24 July 2026",
        "“within 21 days of the date of this letter”",
        "Saturday, 4 July 2026, 00:40 IST (Europe/Dublin; 3 July 2026, 23:40 UTC)",
        "24 hours, until Sunday, 5 July 2026, 00:40 IST",
        "6 minutes after receipt",
        "The sender was verified as Data Protection Commission: - sender domain: dataprotection.ie",
        "Not checked by us",
        "We have not answered Data Protection Commission",
        "letter.pdf, application/pdf, 150 kB",
        "What points to you: - name: Hibernia Credit Union (subject)",
        FACTS["sha256"],
        "privacy@msp.example/INBOX",
    ):
        assert expected in text


def test_an_unverified_sender_is_never_presented_as_the_authority() -> None:
    message = compose(notice(authority_verified=False), VOICE, LETTER)
    assert "NOT VERIFIED" in body(message)
    assert "was verified" not in body(message)
    assert "in the name of Data Protection Commission" in read(message)["Subject"]
    assert "NOT VERIFIED:" in body(message, "html")


def test_a_letter_without_a_date_is_said_to_have_none() -> None:
    message = compose(notice(respond_by=None, respond_by_quote=""), VOICE, LETTER)
    assert "We found no date for an answer" in flat(body(message))
    assert "WHEN AN ANSWER IS DUE" not in body(message)


def test_a_late_forward_admits_it() -> None:
    assert "after the agreed time" in flat(body(compose(notice(hours=25), VOICE, LETTER)))
    assert "after the agreed time" not in flat(body(compose(notice(hours=23), VOICE, LETTER)))


def test_a_forward_names_no_other_customer() -> None:
    message = compose(notice(candidates=TWO), VOICE, LETTER)
    assert "Other Customer" not in body(message)
    assert "Other Customer" not in body(message, "html")


@pytest.mark.parametrize(
    ("original", "content_type", "words"),
    [
        (LETTER, "message/rfc822", "as a message"),
        (LETTER + b"\xe9\r\n", "application/octet-stream", "as a file"),
    ],
)
def test_the_note_says_how_the_original_is_attached(original: bytes, content_type: str, words: str) -> None:
    message = compose(notice(sha256=hashlib.sha256(original).hexdigest()), VOICE, original)
    part = next(iter(read(message).iter_attachments()))
    assert (part.get_content_type(), part.get_filename()) == (content_type, "FW-1001-original.eml")
    assert f"attached {words}" in flat(body(message))


def test_a_letter_that_is_not_the_received_one_is_never_sent() -> None:
    with pytest.raises(OriginalChanged):
        compose(notice(), VOICE, LETTER + b"x")
    with pytest.raises(MissingOriginal):
        compose(notice(), VOICE, None)


def test_a_review_asks_for_a_decision_names_the_candidates_and_the_commands() -> None:
    message = compose(notice(NoticeKind.REVIEW, customer="", customer_id="", candidates=TWO), VOICE, LETTER)
    text = body(message)
    assert text.startswith("A person must decide about this letter by Sunday 5 July 2026, 00:40")
    for command in (
        "forthwith assign FW-1001 hibernia",
        "forthwith assign FW-1001 'other one'",
        "forthwith show FW-1001",
        'forthwith dismiss FW-1001 --why "..."',
    ):
        assert command in text
    assert "please answer" not in message.decode()
    assert [part.get_content_type() for part in read(message).walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize(
    "kind", [NoticeKind.WARNING, NoticeKind.BREACH, NoticeKind.REMINDER, NoticeKind.DELIVERY_FAILED]
)
def test_alerts_carry_no_complainant_and_no_letter(kind: NoticeKind) -> None:
    message = compose(notice(kind), VOICE, LETTER)
    short = brief(notice(kind), VOICE)
    for text in (message.decode(), body(message), body(message, "html"), short.title, short.body):
        assert "Jane Roe" not in text
        assert "please answer" not in text
        assert "within 21 days" not in text


def test_a_breach_opens_with_what_is_wrong_and_gives_its_cause() -> None:
    message = compose(
        notice(NoticeKind.BREACH, hours=24.1, cause="relay_down", reply="451 try later"), VOICE, None
    )
    text = flat(body(message))
    assert text.startswith("The agreed time to forward FW-1001 to Hibernia Credit Union has run out")
    assert "THE CAUSE Relay down. 451 try later" in text
    assert "SLA BREACHED" in read(message)["Subject"]


def test_a_failed_delivery_names_the_recipient_the_reply_and_the_next_step() -> None:
    message = compose(
        notice(NoticeKind.DELIVERY_FAILED, recipient_failed="old@hibernia.example", reply="550 5.1.1 gone"),
        VOICE,
        None,
    )
    text = flat(body(message))
    for expected in ("old@hibernia.example", "550 5.1.1 gone", "forthwith assign FW-1001 hibernia"):
        assert expected in text


def test_an_alert_that_failed_is_not_told_as_a_forward_that_failed() -> None:
    failed = notice(
        NoticeKind.DELIVERY_FAILED, rung="75 %", recipient_failed="boss@msp.example", reply="550 gone"
    )
    message = compose(failed, VOICE, None)
    assert "An alert about FW-1001 did not reach boss@msp.example" in flat(body(message))
    assert "NOT DELIVERED: an alert" in read(message)["Subject"]
    assert "customers import" not in body(message)


def test_a_channels_secret_is_not_told_when_it_failed() -> None:
    failed = notice(NoticeKind.DELIVERY_FAILED, rung="75 %", recipient_failed="slack://s3cret/t0ken")
    message = compose(failed, VOICE, None).decode()
    assert "the slack channel" in message
    assert "s3cret" not in message


def test_a_blind_inbox_says_since_when_and_what_to_do() -> None:
    message = compose(
        notice(NoticeKind.INBOX_BLIND, since="2026-07-03T23:20:00+00:00", problem="login refused"),
        VOICE,
        None,
    )
    assert "INBOX BLIND for 26 min" in read(message)["Subject"]
    assert "login refused" in body(message)
    assert "forthwith doctor" in body(message)


def test_html_shows_hostile_words_as_words() -> None:
    nasty = '<script>alert("x")</script><img src=http://evil.example>'
    message = compose(
        notice(subject=nasty, authority=nasty, why=nasty, respond_by_quote=nasty), VOICE, LETTER
    )
    html = body(message, "html")
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_a_board_that_is_no_web_address_becomes_no_link() -> None:
    url = "javascript:alert(1)"
    html = body(compose(notice(NoticeKind.BREACH, dashboard_url=url), VOICE, None), "html")
    assert url not in html


HOSTILE = st.text(st.characters(codec="utf-16", exclude_categories=()), max_size=60)


@settings(max_examples=150, deadline=None)
@given(words=HOSTILE, name=HOSTILE)
def test_nothing_in_the_facts_adds_a_header_or_a_recipient(words: str, name: str) -> None:
    words, name = f"{words}\r\nBcc: spy@evil.example\n{words}", f'{name}"\r\nBcc: spy@evil.example\r\n\r\n'
    facts = dict.fromkeys(("authority", "customer", "reference", "manager_name", "mailbox", "cause"), words)
    voice = Voice(organisation=name, address=VOICE.address, timezone=words)
    for kind in (NoticeKind.FORWARD, NoticeKind.BREACH):
        composed = compose(notice(kind, **facts, organisation=name, timezone=words), voice, LETTER)
        message = read(composed)
        assert composed.isascii()
        assert message["Bcc"] is None
        assert [one.addr_spec for one in message["To"].addresses] == ["aoife@hibernia.example"]
        assert [one.addr_spec for one in message["From"].addresses] == ["complaints@msp.example"]
        assert message.get_content_type() in ("multipart/mixed", "multipart/alternative")


def test_words_that_look_encoded_are_shown_as_they_are() -> None:
    trick = "=?utf-8?q?Bank=20details?="
    assert trick in read(compose(notice(reference=trick), VOICE, LETTER))["Subject"]


def test_text_is_not_turned_around_by_overrides() -> None:
    assert "\u202e" not in body(compose(notice(subject="\u202efdp.exe"), VOICE, LETTER))


@pytest.mark.parametrize(
    "address", ["", "x", "a@b\r\nBcc: c@d.example", "a@b>, <c@d.example", "Jane <a@b.example>"]
)
def test_a_recipient_that_is_no_plain_address_is_refused(address: str) -> None:
    values = {name: getattr(notice(), name) for name in Notice.__slots__}
    with pytest.raises(UnsendableAddress):
        compose(Notice(**{**values, "recipient": address}), VOICE, LETTER)


def test_a_recipient_in_an_international_domain_is_written_in_ascii() -> None:
    values = {name: getattr(notice(), name) for name in Notice.__slots__}
    message = read(compose(Notice(**{**values, "recipient": "a@bücher.example"}), VOICE, LETTER))
    assert message["To"] == "a@xn--bcher-kva.example"


def test_the_writing_time_may_come_in_any_zone() -> None:
    values = {name: getattr(notice(), name) for name in Notice.__slots__}
    elsewhere = Notice(
        **{**values, "created_at": notice().created_at.astimezone(timezone(timedelta(hours=9)))}
    )
    assert compose(elsewhere, VOICE, LETTER) == compose(notice(), VOICE, LETTER)


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=1, seconds=59), "1 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=2, hours=3, minutes=4), "2 d 3 h"),
        (-timedelta(hours=4), "4 h"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(duration: timedelta, words: str) -> None:
    assert span(duration) == words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2.0.0 Ok: queued as 4FJ9kL0v0Vz1", "4FJ9kL0v0Vz1"),
        ("OK id=1tAbCd-0000000Q1aB-2cDe", "1tAbCd-0000000Q1aB-2cDe"),
        ("2.6.0 <x@y> [InternalId=4711, Hostname=h] 1 bytes in 0.1, queued mail for delivery", "4711"),
        ("2.0.0 OK  1717171717 d2e1a72fcca58-70.12 - gsmtp", "d2e1a72fcca58-70.12"),
        ("2.0.0 46RABCDE012345 Message accepted for delivery", "46RABCDE012345"),
        ("ok 1717171717 qp 4711", "4711"),
        ("Message Queued (A1B2-C3.1)", "A1B2-C3.1"),
        (
            "Ok 0102018f2a3b4c5d-1111-2222-3333-444455556666-000000",
            "0102018f2a3b4c5d-1111-2222-3333-444455556666-000000",
        ),
        ("OK", ""),
    ],
)
def test_the_queue_id_is_read_from_the_common_servers_words(text: str, name: str) -> None:
    assert queue_id(text) == name


@pytest.mark.parametrize("stage", Stage)
def test_a_closing_service_is_never_held_against_the_recipient(stage: Stage) -> None:
    assert judge(421, stage).value == "temporary"


def test_a_reply_is_kept_on_one_bounded_line() -> None:
    kept = quoted(550, "no\r\nsuch\x00 user\n" + "x" * 5000)
    assert kept.startswith("550 no such user x")
    assert len(kept) <= 510
    assert kept.isprintable()


# --- the day to answer by, for a calendar ------------------------------------------------------


def entry_of(message: bytes) -> EmailMessage | None:
    parts = read(message).iter_attachments()
    found = next((part for part in parts if part.get_content_type() == "text/calendar"), None)
    assert found is None or isinstance(found, EmailMessage)
    return found


def test_a_forward_carries_the_day_to_answer_by_for_a_calendar() -> None:
    message = compose(notice(respond_by="2026-12-11", respond_by_quote="SECRET WORDS"), VOICE, LETTER)
    part = entry_of(message)
    assert part is not None
    assert (part.get_filename(), part.get_param("method")) == ("FW-1001-answer-by.ics", "PUBLISH")
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    assert b"SECRET" not in raw
    calendar = icalendar.Calendar.from_ical(raw)
    [event] = calendar.walk("VEVENT")
    assert event.decoded("dtstart") == date(2026, 12, 11)
    assert str(event["uid"]) == "fw-1001.answer@msp.example"
    assert "FW-1001" in str(event["summary"])
    assert [one.decoded("trigger").days for one in event.walk("VALARM")] == [-7, -1]
    assert compose(notice(respond_by="2026-12-11"), VOICE, LETTER) == compose(
        notice(respond_by="2026-12-11"), VOICE, LETTER
    )


@pytest.mark.parametrize("day", ["", None, "soon", "2026-01-05"])
def test_without_such_a_day_there_is_no_entry(day: str | None) -> None:
    assert entry_of(compose(notice(respond_by=day), VOICE, LETTER)) is None


def test_alerts_carry_no_entry() -> None:
    assert entry_of(compose(notice(NoticeKind.BREACH, respond_by="2026-12-11"), VOICE, None)) is None
