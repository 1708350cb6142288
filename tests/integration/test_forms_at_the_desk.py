"""What forms say when it is done, and when it is not, by a real desk. On both databases."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from complaints.attendance import Attendance
from complaints.matching import CustomerIndex
from complaints.service import ComplaintDesk
from complaints.store.database import Database
from flows import actions, form_desk
from tests.conftest import SteppedClock
from tests.desks import ACME, NOBODY, SILENT, SWIFT, DeskAtWork, ambiguous, matched

LONDON = ZoneInfo("Europe/London")
REGISTER = (ACME, SWIFT, SILENT)
ACTOR = "Xylophonia"
PERSONS = ("@", "Ada", ACTOR)


@pytest.fixture
async def work(database: Database, clock: SteppedClock) -> DeskAtWork:
    at_work = DeskAtWork(database, clock)
    await at_work.take_customers(*REGISTER)
    return at_work


@pytest.fixture(autouse=True)
def at_the_desk(work: DeskAtWork) -> Iterator[None]:
    @asynccontextmanager
    async def open_desk() -> AsyncIterator[ComplaintDesk]:
        yield work.desk

    async def register() -> CustomerIndex:
        return CustomerIndex.build(REGISTER)

    desk, customers = form_desk.OPEN_DESK.set(open_desk), form_desk.REGISTER.set(register)
    zone = form_desk.ZONE.set(lambda: LONDON)
    yield
    form_desk.OPEN_DESK.reset(desk)
    form_desk.REGISTER.reset(customers)
    form_desk.ZONE.reset(zone)


async def said(flow: Any, ends: str, *filled_in: object) -> str:
    """What a form says whose run ends so; it names nobody."""
    state = await flow.fn(*(ACTOR if one == "ann" else one for one in filled_in))
    assert state.name == ends
    assert not any(person in state.message for person in PERSONS)
    return str(state.message)


async def test_an_assignment_says_to_whom_it_goes_and_by_when(work: DeskAtWork) -> None:
    ref = (await work.letter(NOBODY)).ref

    assert await said(actions.assign_complaint, "Assigned", ref, "swift · Swift GmbH", "ann") == (
        f"{ref} concerns Swift GmbH. It goes out at once, to the supplier manager. "
        "The forward is due 23 Nov 13:00 Europe/London."
    )


async def test_an_assignment_that_sends_nothing_says_so(work: DeskAtWork) -> None:
    ref = (await work.letter(NOBODY, age=timedelta(hours=25))).ref

    assert await said(actions.assign_complaint, "Assigned", ref, "silent", "ann") == (
        f"{ref} concerns Silent plc. It is not sent and waits for a person: no manager on file. "
        "The forward was due 23 Nov 08:00 Europe/London: it is late."
    )


async def test_who_stands_in_is_told_by_the_part_they_have(work: DeskAtWork) -> None:
    ref = (await work.letter(matched(ACME))).ref
    await work.sent()
    await Attendance(work.database, work.policy, work.clock).away(
        "ada@acme.example", first_day=None, last_day=date(2026, 12, 1), stand_in="", actor="ann"
    )

    assert await said(actions.resend_complaint, "Resent", ref, "ann") == (
        # The promise was kept by the first forward: nothing is due.
        f"{ref}, of Acme Ltd: It goes out at once, to who stands in, since the supplier manager is away until "
        "2026-12-01."
    )


async def test_a_split_names_the_new_references_and_the_old(work: DeskAtWork) -> None:
    ref = (await work.letter(ambiguous(ACME, SWIFT))).ref

    assert await said(actions.split_complaint, "Split", ref, ["acme", "swift"], "ann") == (
        f"{ref} concerns Acme Ltd. It goes out at once, to the supplier manager. "
        "The forward is due 24 Nov 09:00 Europe/London. "
        "FW-1002 concerns Swift GmbH. It goes out at once, to the supplier manager. "
        "The forward is due 23 Nov 13:00 Europe/London."
    )
    told = await said(actions.split_complaint, "Split", ref, ["silent"], "ann")
    assert told.startswith("FW-1003 concerns Silent plc.")
    assert told.endswith(f"{ref} concerns Acme Ltd as before. FW-1002 concerns Swift GmbH as before.")


async def test_a_split_that_changes_nothing_is_refused(work: DeskAtWork) -> None:
    ref = (await work.letter(matched(ACME))).ref

    assert await said(actions.split_complaint, "Refused", ref, ["acme"], "ann") == (
        f"each of these customers has a complaint by this letter already: {ref} (Acme Ltd)"
    )


async def test_who_is_named_by_no_id_is_found_by_the_name(work: DeskAtWork) -> None:
    ref = (await work.letter(NOBODY)).ref

    await said(actions.split_complaint, "Split", ref, ["ACME LTD", "swift"], "ann")
    assert await said(actions.assign_complaint, "Refused", ref, "Acm", "ann") == (
        "no customer of the register has this id or name; near it come acme (Acme Ltd)"
    )


async def test_each_step_before_the_forward_says_what_follows(work: DeskAtWork) -> None:
    ref = (await work.letter(NOBODY)).ref
    due = "The forward is due 24 Nov 09:00 Europe/London."

    assert await said(actions.pause_complaint, "Paused", ref, "ann", "2 hours") == (
        f"The alarms of {ref} wait until 23 Nov 11:00 Europe/London; no deadline waits with them. {due}"
    )
    assert await said(actions.pause_complaint, "Alarms go on", ref, "ann", "go on now") == (
        f"The alarms of {ref} go on; what has come meanwhile is told at once. {due}"
    )
    assert await said(actions.hold_complaint, "Held", ref, "our lawyers ask for it", "ann") == (
        f"Nothing of {ref}, nor of others by its letter, goes to a customer until it is released. "
        f"Its clock runs on. {due}"
    )
    assert await said(actions.release_complaint, "Released", ref, "held by mistake", "ann") == (
        f"The hold on {ref} is lifted. Nothing has gone out by that: assign it, or resend it. {due}"
    )
    assert await said(actions.dismiss_complaint, "Dismissed", ref, "duplicate", "ann") == (
        f"{ref} is not forwarded, and its clock has stopped. Assigning it brings it back."
    )


async def test_each_step_after_the_forward_says_what_follows(work: DeskAtWork) -> None:
    ref = (await work.letter(matched(ACME))).ref
    await work.sent()

    new_day = (ref, date(2026, 12, 18), "the body wrote so", "ann")
    assert await said(actions.extend_complaint, "Extended", *new_day) == (
        f"The body wants its answer to {ref} by 18 December 2026 now; reminders go by that day. "
        "The time to forward it stays as it is."
    )
    assert await said(actions.acknowledge_complaint, "Acknowledged", ref, "ann") == (
        f"It is noted that the supplier manager has {ref}. The body wants its answer by 18 December 2026. "
        "It stays open until it is noted as answered, or closed."
    )
    assert await said(actions.acknowledge_complaint, "Refused", ref, "ann") == (
        "a complaint that is acknowledged cannot be acknowledged again"
    )
    assert await said(actions.answered_complaint, "Answered", ref, "ann") == (
        f"It is noted that the body has its answer to {ref}; no reminder of it comes any more. "
        "Close it when nothing more is expected."
    )
    assert await said(actions.close_complaint, "Closed", ref, "ann") == (
        f"Nothing more is expected about {ref}; no alarm and no reminder of it comes any more."
    )


async def test_no_name_of_a_customer_becomes_markup(work: DeskAtWork) -> None:
    hostile = replace(ACME, id="hostile", name="<img src=x> [pay](javascript:alert(1))")
    await work.take_customers(hostile)
    ref = (await work.letter(NOBODY)).ref

    told = await said(actions.assign_complaint, "Assigned", ref, "hostile", "ann")

    assert "<" not in told
    assert "](" not in told


async def test_no_complaint_of_this_reference_is_told_without_words_of_a_terminal_alone() -> None:
    told = await said(actions.close_complaint, "Refused", "FW-9999", "ann")

    assert told.startswith("No complaint has this reference; the board's tables")
