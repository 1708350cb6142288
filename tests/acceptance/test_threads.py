"""Which letters belong together, and which are one letter that came twice. Real servers, both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints.lifecycle import Status
from complaints.model import Complaint
from config.bootstrap import App
from tests.conftest import SteppedClock
from tests.letters import NUMBER, complaint, mail
from tests.papers.pdfs import pdf_with
from tests.street import TRIAGE, Street

ADA = "ada@acme-retail.example"
REMINDER = "We have had no answer to our letter. This is a reminder; please let us have your answer now."


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2))


async def opened(app: App) -> list[Complaint]:
    return sorted(await app.records.open_complaints(), key=lambda one: one.id)


async def follow(
    street: Street, clock: SteppedClock, first: bytes, later: bytes
) -> tuple[Complaint, Complaint]:
    """Both letters, a tick each; the two complaints."""
    street.deliver(first)
    async with street.desk(clock) as app:
        await app.tick()
        street.deliver(later)
        await app.tick()
        one, two = await opened(app)
        assert (await app.records.broken_histories()) == {}
    return one, two


# --- later letters ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "ic-372500-s1a1",
        "IC\u2011372500\u2011S1A1",
        "IC\u2013372500\u2013S1A1.",
        "IC-3725\u00ad00-S1A1",
    ],
    ids=["small letters", "hyphens that do not break", "dashes and a full stop", "a soft hyphen"],
)
async def test_a_number_is_the_same_however_it_is_written(
    street: Street, clock: SteppedClock, written: str
) -> None:
    later = mail(f"Our reference: {written}\n\n{REMINDER}", subject=f"Reminder {written}")
    one, two = await follow(street, clock, complaint(), later)
    assert (two.follows, two.customer_id, two.status) == (one.ref, "acme", Status.FORWARDED)


async def test_a_reply_in_the_thread_joins_without_any_number(street: Street, clock: SteppedClock) -> None:
    later = mail(REMINDER, subject="Reminder", In_Reply_To="<first@ico.org.uk>")
    one, two = await follow(street, clock, complaint(message_id="<first@ico.org.uk>"), later)
    assert (two.follows, two.customer_id, two.status) == (one.ref, "acme", Status.FORWARDED)


async def test_a_reply_to_a_notice_of_ours_joins_where_the_body_is_the_cases(
    street: Street, clock: SteppedClock
) -> None:
    street.deliver(complaint())
    async with street.desk(clock) as app:
        await app.tick()
        [forward] = street.mailbox(ADA)
        street.deliver(mail(REMINDER, subject="Reminder", References=str(forward["Message-ID"])))
        await app.tick()
        one, two = await opened(app)
    assert (two.follows, two.customer_id) == (one.ref, "acme")
    assert one.status is Status.FORWARDED  # an authority's letter acknowledges nothing


async def test_two_replies_to_a_mail_we_never_saw_hang_together_and_a_person_says_whose_it_is(
    street: Street, clock: SteppedClock
) -> None:
    first = complaint(In_Reply_To="<never.seen@msp.example>")
    later = mail(REMINDER, subject="Reminder", In_Reply_To="<never.seen@msp.example>")
    one, two = await follow(street, clock, first, later)
    assert (two.follows, two.customer_id, two.status) == (one.ref, "", Status.NEEDS_REVIEW)


@pytest.mark.parametrize(
    ("names", "goes_to"),
    [("", ""), ("It concerns Swift Logistics GmbH. ", "swift"), ("It concerns Acme Retail Ltd. ", "acme")],
    ids=["neither", "the one", "the other"],
)
async def test_after_a_split_a_later_letter_goes_to_whom_it_names_alone(
    street: Street, clock: SteppedClock, names: str, goes_to: str
) -> None:
    """I2: a number that is two customers' case says of itself nothing about whose letter this is."""
    street.deliver(complaint("It concerns both Acme Retail Ltd and Swift Logistics GmbH."))
    async with street.desk(clock) as app:
        await app.tick()
        [first] = await opened(app)
        await app.desk.split(first.ref, ["acme", "swift"], actor="ann")
        street.deliver(mail(f"{names}{REMINDER}\n\nOur reference: {NUMBER}", subject=f"Reminder {NUMBER}"))
        await app.tick()
        *_, later = await opened(app)
    assert later.customer_id == goes_to
    assert later.status is (Status.FORWARDED if goes_to else Status.NEEDS_REVIEW)


async def test_a_number_of_its_own_goes_before_the_thread(street: Street, clock: SteppedClock) -> None:
    later = complaint(
        "Somebody nobody knows is responsible.", number="IC-400000-B2B2", In_Reply_To="<first@ico.org.uk>"
    )
    _, two = await follow(street, clock, complaint(message_id="<first@ico.org.uk>"), later)
    assert (two.follows, two.customer_id, two.status) == ("", "", Status.NEEDS_REVIEW)


async def test_an_investigation_that_says_which_number_it_had_goes_on_with_its_case(
    street: Street, clock: SteppedClock
) -> None:
    later = mail(
        f"Our reference: IC-555000-C3C3 (formerly {NUMBER})\n\nWe have opened an investigation into this matter.",
        subject="IC-555000-C3C3",
    )
    one, two = await follow(street, clock, complaint(), later)
    assert (two.reference, two.follows, two.customer_id) == ("IC-555000-C3C3", one.ref, "acme")


async def test_a_number_merely_mentioned_says_nothing_of_the_customer(
    street: Street, clock: SteppedClock
) -> None:
    later = mail(
        f"Our reference: IC-555000-C3C3\n\nYou may wish to compare {NUMBER}, which raises similar questions.",
        subject="IC-555000-C3C3",
    )
    _, two = await follow(street, clock, complaint(), later)
    assert (two.customer_id, two.status) == ("", Status.NEEDS_REVIEW)


@pytest.mark.parametrize(
    ("sender", "verdict"),
    [
        ("Casework <casework@somewhere-else.example>", "pass"),
        ("Garante <protocollo@gpdp.it>", "pass"),
        ("Jo Public <jo.public@gmail.com>", "pass"),
        ("ICO Casework <icocasework@ico.org.uk>", "fail"),
    ],
    ids=["another domain", "another authority", "an individual", "a forged sender"],
)
async def test_a_stranger_who_quotes_number_and_message_id_never_joins(
    street: Street, clock: SteppedClock, sender: str, verdict: str
) -> None:
    words = (
        f"My complaint about my personal data is {NUMBER}. You have not answered our letter. This is a reminder; "
        "we have received a complaint and require an answer."
    )
    street.deliver(complaint(message_id="<first@ico.org.uk>"))
    async with street.desk(clock) as app:
        await app.tick()
        street.deliver(
            mail(
                words,
                sender=sender,
                verdict=verdict,
                subject=f"Re: Data protection complaint {NUMBER}",
                In_Reply_To="<first@ico.org.uk>",
            )
        )
        await app.tick()
        others = [one for one in await app.records.open_complaints() if one.mail_id != 1]
        first = (await app.records.show("FW-1001")).history
    assert [(one.follows, one.customer_id) for one in others] in ([], [("", "")])
    assert "arrived_again" not in [event.name for event in first]
    assert street.notices(ADA) == ["forward"]


async def test_who_hands_on_an_authoritys_words_joins_no_case(street: Street, clock: SteppedClock) -> None:
    words = (
        "Please see below.\n\n---------- Forwarded message ----------\nFrom: ICO Casework <icocasework@ico.org.uk>\n"
        f"Date: Mon, 23 Nov 2026 09:00\nSubject: Complaint {NUMBER}\n\nCase reference: {NUMBER}\n\n{REMINDER}"
    )
    street.deliver(complaint())
    async with street.desk(clock) as app:
        await app.tick()
        street.deliver(mail(words, sender="Sam <sam@somewhere-else.example>", subject="Fwd: Complaint"))
        await app.tick()
        others = [one for one in await opened(app) if one.ref != "FW-1001"]
    assert all((one.follows, one.customer_id) == ("", "") for one in others)
    assert street.notices(ADA) == ["forward"]


# --- one letter that comes twice -----------------------------------------------------------------


def with_other_trace(letter: bytes) -> bytes:
    """The same mail as another mailbox's server stamps it."""
    return (
        b"Delivered-To: dpo@msp.example\r\nReceived: from mx2 by store2; Mon, 23 Nov 2026 09:30:01 +0000\r\n"
        b"X-Spam-Score: 0.1\r\n" + letter
    )


async def is_one(street: Street, clock: SteppedClock, first: bytes, second: bytes, *, at_once: bool) -> None:
    """Assert that both mails are one complaint with two arrivals, forwarded once."""
    before = clock()
    street.deliver(first, at=before - timedelta(hours=2))
    async with street.desk(clock) as app:
        if not at_once:
            await app.tick()
        street.deliver(second, folder="Junk", at=before - timedelta(hours=1))
        await app.tick()
        await app.tick()
        [one] = await opened(app)
        dossier = await app.records.show(one.ref)
        counts = await app.records.mail_counts()
    assert one.received_at == before - timedelta(hours=2)
    assert (one.status, dossier.faults) == (Status.FORWARDED, [])
    assert [arrival["mailbox"].rpartition("/")[2] for arrival in dossier.arrivals] == ["INBOX", "Junk"]
    assert [event.name for event in dossier.history].count("arrived_again") == 1
    assert counts == {"complaint": 1, "copy": 1}
    assert street.notices(ADA) == ["forward"]


@pytest.mark.parametrize("at_once", [True, False], ids=["one tick", "two ticks"])
async def test_the_same_letter_in_two_mailboxes_is_one_complaint(
    street: Street, clock: SteppedClock, at_once: bool
) -> None:
    letter = complaint()
    await is_one(street, clock, letter, with_other_trace(letter), at_once=at_once)


@pytest.mark.parametrize("at_once", [True, False], ids=["one tick", "two ticks"])
async def test_the_same_words_under_another_message_id_are_one_complaint(
    street: Street, clock: SteppedClock, at_once: bool
) -> None:
    await is_one(street, clock, complaint(), complaint(at=datetime.now(UTC)), at_once=at_once)


async def test_the_paper_letters_file_with_another_covering_note_is_one_complaint(
    street: Street, clock: SteppedClock
) -> None:
    pdf = pdf_with("We have received a complaint about Acme Retail Ltd.")
    note = f"Case reference: {NUMBER}\n\nPlease find our letter about Acme Retail Ltd attached."
    again = (
        f"Case reference: {NUMBER}\n\nThe attached letter about Acme Retail Ltd was sent to you by post, too."
    )
    first, second = (mail(words, subject=NUMBER, pdf=pdf) for words in (note, again))
    await is_one(street, clock, first, second, at_once=False)


@pytest.mark.parametrize(
    "second",
    [
        complaint("The controller is Acme Retail Ltd. We have received a complaint; answer by 1 March 2027."),
        complaint(
            message_id="<first@ico.org.uk>", about="The controller is Acme Retail Ltd. Other words, same id."
        ),
        complaint(pdf=pdf_with("A letter that the first mail did not have.")),
        mail(f"Case reference: {NUMBER}\n\n{REMINDER}", subject=f"Reminder {NUMBER}"),
    ],
    ids=["another day to answer by", "a Message-ID used again", "another attachment", "a reminder"],
)
async def test_what_differs_in_substance_is_a_new_letter_with_a_clock_of_its_own(
    street: Street, clock: SteppedClock, second: bytes
) -> None:
    one, two = await follow(street, clock, complaint(message_id="<first@ico.org.uk>"), second)
    assert (two.follows, two.customer_id) == (one.ref, "acme")
    assert street.notices(ADA) == ["forward", "forward"]


async def test_the_same_words_weeks_later_are_a_new_letter(street: Street, clock: SteppedClock) -> None:
    street.deliver(complaint(), at=clock() - timedelta(days=20))
    async with street.desk(clock) as app:
        await app.tick()
        street.deliver(complaint(), at=clock())
        await app.tick()
        assert len(await opened(app)) == 2
    assert street.notices(ADA) == ["forward", "forward"]


async def test_a_letter_shown_to_be_genuine_is_no_copy_of_one_that_was_not(
    street: Street, clock: SteppedClock
) -> None:
    letter = complaint(message_id="<first@ico.org.uk>")
    unproved = complaint(message_id="<first@ico.org.uk>", verdict="")
    one, two = await follow(street, clock, unproved, letter)
    assert (one.status, two.status) == (Status.NEEDS_REVIEW, Status.FORWARDED)
    assert "review" in street.notices(TRIAGE)


async def test_a_copy_that_was_received_earlier_moves_the_clock_of_what_is_not_forwarded_yet(
    street: Street, clock: SteppedClock
) -> None:
    letter = complaint("Somebody nobody knows is responsible for this.")
    street.deliver(letter, at=clock() - timedelta(hours=1))
    async with street.desk(clock) as app:
        await app.tick()
        street.deliver(with_other_trace(letter), folder="Junk", at=clock() - timedelta(hours=3))
        await app.tick()
        [one] = await opened(app)
    assert one.received_at == clock() - timedelta(hours=3)
    assert one.due_at == clock() + timedelta(hours=21)
