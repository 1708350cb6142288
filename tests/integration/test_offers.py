"""What a complaint's page offers, the desk does: each form of each status, tried at a real desk."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from complaints.lifecycle import Status
from complaints.model import Complaint
from complaints.service import ComplaintDesk
from complaints.store.database import Database
from flows.links import Links
from flows.offers import on_board, on_page
from flows.serve import FORMS
from tests.conftest import SteppedClock
from tests.desks import ACME, SWIFT, DeskAtWork, ambiguous, matched

LINKS = Links(ui="http://ui", deployments={name: name for name in FORMS})
BY: dict[str, Any] = {"actor": "ann"}
VERBS: dict[str, Callable[[ComplaintDesk, str], Awaitable[object]]] = {
    "assign": lambda desk, ref: desk.assign(ref, "swift", **BY),
    "split": lambda desk, ref: desk.split(ref, ["swift"], **BY),
    "dismiss": lambda desk, ref: desk.dismiss(ref, "duplicate", **BY),
    "extend": lambda desk, ref: desk.extend(ref, date(2027, 3, 1), "the body wrote so", **BY),
    "pause": lambda desk, ref: desk.pause(ref, timedelta(hours=1), why="I look after it", **BY),
    "hold": lambda desk, ref: desk.hold(ref, "our lawyers ask for it", **BY),
    "release": lambda desk, ref: desk.release(ref, "held by mistake", **BY),
    "acknowledge": lambda desk, ref: desk.acknowledge(ref, **BY),
    "answered": lambda desk, ref: desk.answered(ref, **BY),
    "resend": lambda desk, ref: desk.resend(ref, **BY),
    "close": lambda desk, ref: desk.close(ref, **BY),
}
STEPS: dict[Status, Sequence[str]] = {
    Status.NEEDS_REVIEW: (),
    Status.FORWARDING: (),
    Status.FORWARDED: (),
    Status.ACKNOWLEDGED: ("acknowledge",),
    Status.ANSWERED: ("answered",),
    Status.DISMISSED: ("dismiss",),
}
"""By which forms a complaint comes there, beyond its receipt and the relay's answer."""


@pytest.fixture
async def work(database: Database, clock: SteppedClock) -> DeskAtWork:
    at_work = DeskAtWork(database, clock)
    await at_work.take_customers(ACME, SWIFT)
    return at_work


async def brought_to(work: DeskAtWork, status: Status, number: int, *, held: bool) -> Complaint:
    waits = status in (Status.NEEDS_REVIEW, Status.DISMISSED)
    match = ambiguous(ACME, SWIFT) if waits else matched(ACME)
    ref = (await work.letter(match, number=number)).ref
    if status is not Status.FORWARDING:
        await work.sent()
    for step in (*STEPS[status], *(["hold"] if held else [])):
        await VERBS[step](work.desk, ref)
    return (await work.records.show(ref)).complaint


def offered(one: Complaint) -> set[str]:
    ways = f"{on_page(one, LINKS)} · {on_board(one, LINKS)}".split(" · ")
    return {way.partition("]")[0].removeprefix("[") for way in ways if way}


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("status", STEPS)
async def test_every_form_that_is_offered_does_something(
    work: DeskAtWork, status: Status, *, held: bool
) -> None:
    if held and status is Status.DISMISSED:
        return  # none can be laid on it
    first = await brought_to(work, status, 1, held=held)
    for number, verb in enumerate(sorted(offered(first)), 2):
        one = await brought_to(work, status, number, held=held)
        await VERBS[verb](work.desk, one.ref)
        after = (await work.records.show(one.ref)).complaint
        assert after.version > one.version, verb
