"""The register as people live with it: leave, changes ahead, names learned. Real servers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from complaints.attendance import Attendance
from complaints.lifecycle import Status
from complaints.teaching import Teaching
from config.customers import read_customers
from tests.conftest import SteppedClock
from tests.street import CUSTOMERS, MANAGER, TRIAGE, Street, ico_letter

ADA, DAN = "ada@acme-retail.example", "dan@acme-retail.example"
ABOUT_ACME = "The controller is Acme Retail Ltd, whose systems you operate."


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2))


async def test_the_deputy_is_told_whose_place_they_take(street: Street, clock: SteppedClock) -> None:
    async with street.desk(clock) as app:
        last = app.policy.day(clock()) + timedelta(days=3)
        book = Attendance(app.database, app.policy, clock)
        await book.away(ADA, first_day=None, last_day=last, stand_in="", actor="tests")
        street.deliver(ico_letter(ABOUT_ACME))
        await app.tick()
    assert street.mailbox(ADA) == []
    [forward] = street.mailbox(DAN)
    body = forward.get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    assert (
        "Dear colleague, You receive this in place of Ada Acme: "
        f"the supplier manager is away until {last.day} {last:%B %Y}." in text
    )


async def test_the_deputys_reply_acknowledges(street: Street, clock: SteppedClock) -> None:
    async with street.desk(clock) as app:
        book = Attendance(app.database, app.policy, clock)
        await book.away(
            ADA,
            first_day=None,
            last_day=app.policy.day(clock()),
            stand_in="zoe@acme-retail.example",
            actor="t",
        )
        street.deliver(ico_letter(ABOUT_ACME))
        await app.tick()
        [forward] = street.mailbox("zoe@acme-retail.example")
        street.deliver(reply_to(str(forward["Message-ID"]), "zoe@acme-retail.example"))
        await app.tick()
        [complaint] = await app.records.open_complaints()
    assert complaint.status is Status.ACKNOWLEDGED


def reply_to(message_id: str, sender: str) -> bytes:
    return (
        f"From: {sender}\r\nTo: privacy@msp.example\r\nSubject: Re: your letter\r\nMessage-ID: <r1@acme>\r\n"
        f"In-Reply-To: {message_id}\r\n\r\nThank you, I have it.\r\n"
    ).encode()


async def test_a_register_imported_anew_is_matched_without_a_restart(
    street: Street, clock: SteppedClock
) -> None:
    async with street.desk(clock) as app:
        await app.tick()
        path = street.folder / "next.csv"
        path.write_text(f"{CUSTOMERS}kettlewell,Kettlewell Stores Ltd,,,,,k@kettlewell.example,,,GB\n")
        street.deliver(ico_letter("The controller is Kettlewell Stores Ltd."))
        await app.customers.replace(read_customers(path), source_sha256="1")
        await app.tick()
    assert len(street.mailbox("k@kettlewell.example")) == 1


async def test_i2_a_contract_that_has_ended_sends_nothing_to_anybody_but_a_person(
    street: Street, clock: SteppedClock
) -> None:
    async with street.desk(clock) as app:
        yesterday = app.policy.day(clock()) - timedelta(days=1)
        rows = [
            replace(row, valid_until=yesterday) if row.id == "acme" else row
            for row in await app.customers.all()
        ]
        await app.customers.replace(rows, source_sha256="1")
        street.deliver(ico_letter(ABOUT_ACME))
        await app.tick()
        [complaint] = await app.records.open_complaints()
    assert complaint.status is Status.NEEDS_REVIEW
    assert complaint.why == f"Acme Retail Ltd was a customer until {yesterday}"
    assert street.mailbox(ADA) == []
    assert street.notices(TRIAGE) == ["review"]


async def test_i2_a_name_is_learned_when_a_person_says_so_and_not_before(
    street: Street, clock: SteppedClock
) -> None:
    unknown = "The controller is Kettlewell Stores Ltd, whose systems you operate."
    async with street.desk(clock) as app:
        book = Teaching(app.database, clock)
        street.deliver(ico_letter(unknown))
        await app.tick()
        [complaint] = await app.records.open_complaints()
        await app.desk.assign(complaint.ref, "acme", actor="Ann")
        await app.tick()
        assert len(street.mailbox(ADA)) == 1
        # The next letter is shown what was decided, and still waits for a person.
        street.deliver(ico_letter(unknown, reference="IC-400000-B2B2"))
        await app.tick()
        assert len(street.mailbox(ADA)) == 1
        review = street.mailbox(TRIAGE)[-1].get_body(("plain",))
        assert review is not None
        assert f"decided before: Kettlewell Stores Ltd ({complaint.ref})" in review.get_content()
        [lesson] = await book.lessons()
        await book.take(lesson.id, actor="Ann")
        street.deliver(ico_letter(unknown, reference="IC-500000-C3C3"))
        await app.tick()
    assert len(street.mailbox(ADA)) == 2
    assert street.notices(MANAGER) == []
