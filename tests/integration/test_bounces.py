"""Bounces of public collections answer our forwards: each is known, and bound to its own. On both databases."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from complaints.assessor import Assessor
from complaints.correspondence import KEPT_BACK, Correspondence
from complaints.delivery_report import Fate, read_report
from complaints.model import Kind
from complaints.outbox import Notice
from complaints.recognition import House
from complaints.return_path import return_path
from complaints.store.database import Database
from config.registers import load_bodies
from tests.bounces import collected, giving_back, others, to_return_path
from tests.conftest import SteppedClock
from tests.desks import ACME, DeskAtWork, matched
from tests.stored import stored

INBOX = "privacy@msp.example"
HOUSE = House(
    organisation="Northgate",
    own_addresses=frozenset({INBOX}),
    authserv_ids=frozenset({"mx.msp.example"}),
)
AT_LEAST = 0.97
DELAYED = {
    f"flufl-{name}"
    for name in ("dsn_06", "dsn_08", "simple_03", "simple_21", "simple_22", "simple_28", "simple_35")
}


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor(load_bodies(None, None), HOUSE)


@dataclass
class Tally:
    """How many of the answers were bound, and which were not."""

    bound: int = 0
    missed: list[str] = field(default_factory=list)

    def note(self, path: Path, *, bound: bool) -> None:
        self.bound += bound
        self.missed += [] if bound else [path.stem]

    def check(self) -> None:
        assert self.bound >= AT_LEAST * (self.bound + len(self.missed)), self.missed


async def forwards(at_work: DeskAtWork, count: int) -> list[Notice]:
    for number in range(1, count + 1):
        await at_work.letter(matched(ACME), number=number)
    return await at_work.sent()


async def settled(
    database: Database, at_work: DeskAtWork, assessor: Assessor, answers: list[tuple[Path, Notice, bytes]]
) -> Tally:
    correspondence = Correspondence(database, at_work.desk, assessor, at_work.clock)
    readings = [(number, assessor.read(raw, stored())) for number, (_, _, raw) in enumerate(answers)]
    found = await correspondence.settle(readings)
    tally = Tally()
    for number, (path, notice, _) in enumerate(answers):
        one = found.get(number)
        assert one is None or one.outcome not in ("acknowledgement", "reply"), path.stem
        tally.note(path, bound=one is not None and one.outcome == "bounce" and one.refs == (notice.ref,))
    return tally


async def test_bounces_that_come_to_the_return_path_are_bound_to_their_forward(
    database: Database, clock: SteppedClock, assessor: Assessor
) -> None:
    at_work = DeskAtWork(database, clock)
    await at_work.take_customers(ACME)
    paths = list(collected())
    answers = [
        (path, notice, to_return_path(path.read_bytes(), return_path(INBOX, notice.bounce_token)))
        for path, notice in zip(paths, await forwards(at_work, len(paths)), strict=True)
    ]
    (await settled(database, at_work, assessor, answers)).check()


async def test_bounces_that_give_our_message_back_are_bound_to_their_forward(
    database: Database, clock: SteppedClock, assessor: Assessor
) -> None:
    at_work = DeskAtWork(database, clock)
    await at_work.take_customers(ACME)
    paths = list(collected())
    pairs = zip(paths, await forwards(at_work, len(paths)), strict=True)
    made = [(path, n, giving_back(path.read_bytes(), n.message_id)) for path, n in pairs]
    answers = [(path, notice, raw) for path, notice, raw in made if raw is not None]
    assert len(answers) >= 30
    (await settled(database, at_work, assessor, answers)).check()


@pytest.mark.parametrize("path", list(collected()), ids=lambda path: path.stem)
def test_no_bounce_is_taken_for_a_letter_or_an_acknowledgement(path: Path, assessor: Assessor) -> None:
    assert assessor.read(path.read_bytes(), stored()).recognition.kind in (Kind.BOUNCE, Kind.OTHER)


def test_bounces_are_known_by_themselves_too(assessor: Assessor) -> None:
    tally = Tally()
    for path in collected():
        kind = assessor.read(path.read_bytes(), stored()).recognition.kind
        tally.note(path, bound=kind is Kind.BOUNCE)
    tally.check()


def test_of_the_bounces_those_alone_that_say_so_are_delayed(assessor: Assessor) -> None:
    readings = {path.stem: assessor.read(path.read_bytes(), stored()) for path in collected()}
    fates = {stem: read_report(one.mail, one.failures).fate for stem, one in readings.items()}
    assert {stem for stem, fate in fates.items() if fate is Fate.DELAYED} == DELAYED
    assert set(fates.values()) == {Fate.DELAYED, Fate.FAILED}


async def test_what_else_comes_to_the_return_path_is_no_bounce_and_acknowledges_nothing(
    database: Database, clock: SteppedClock, assessor: Assessor
) -> None:
    at_work = DeskAtWork(database, clock)
    await at_work.take_customers(ACME)
    (notice,) = await forwards(at_work, 1)
    address = return_path(INBOX, notice.bounce_token)
    raws = [to_return_path(path.read_bytes(), address) for path in others()]
    correspondence = Correspondence(database, at_work.desk, assessor, at_work.clock)
    readings = [(number, assessor.read(raw, stored())) for number, raw in enumerate(raws)]
    found = await correspondence.settle(readings)
    # One of the collections' is of a mailbox that lets nobody in who has not asked for it.
    outcomes = [one.outcome for one in found.values()]
    assert outcomes.count(KEPT_BACK) == 1
    assert set(outcomes) <= {"automatic reply", "reply", KEPT_BACK}
    assert len(found) == len(raws)
    assert not {Kind.BOUNCE, Kind.COMPLAINT} & {reading.recognition.kind for _, reading in readings}
