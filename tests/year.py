"""A year at the desk, stepped through: letters at all hours, outages, clock changes, holidays.

The ladder is reckoned a second time here, in the plainest way, and the history must tell the same: every rung
once, none early, none later than the first tick after its instant.
"""

import random
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from complaints.deadlines import Calendar, due_at, parse_terms
from complaints.lifecycle import Event
from complaints.model import Arrival, Complaint, Customer, LoggedEvent
from complaints.outbox import LETTERS, Outcome, Verdict
from complaints.store.database import Database
from complaints.store.rows import Claim
from tests.conftest import SteppedClock
from tests.desks import NOBODY, DeskAtWork, a_policy, assessed, matched

BEGIN = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
END = BEGIN + timedelta(days=365)
TERMS = (
    "24h",
    "4h",
    "48h",
    "4 business hours",
    "1 business day",
    "2 business days by 17:00",
    "90m",
    "3 days",
)
HOUSE = Calendar.parse(
    {
        "timezone": "Europe/London",
        "hours": {day: ["09:00-12:30", "13:15-17:30"] for day in ("mon", "tue", "wed", "thu", "fri")},
        "holidays": "GB-ENG",
    }
)
CUSTOMERS = [
    Customer(
        id=f"c{number}",
        name=f"Customer {number} Ltd",
        supplier_manager_email=f"m{number}@customer.example",
        deputies=(f"d{number}@customer.example",) if number % 2 else (),
        sla=terms,
    )
    for number, terms in enumerate(TERMS)
]
SHARES = {
    "half of the time is gone": 0.5,
    "three quarters of the time are gone": 0.75,
    "nine tenths of the time are gone": 0.9,
    "the deadline has passed": 1.0,
}
REPEATING, EVERY = "still not forwarded", timedelta(hours=4)
_AT_ONCE = 500  # complaints, or notices, a call
_LAST_TO_GO = timedelta(days=10)


@dataclass(kw_only=True)
class Plan:
    """What happens to one letter."""

    number: int
    received_at: datetime
    customer: Customer
    decided_after: timedelta | None  # how long a person takes; None: the engine assigns it at once


@dataclass
class Told:
    """What the year came to."""

    complaints: int = 0
    rungs: int = 0
    breaches: int = 0
    faults: list[str] = field(default_factory=list)
    looked: list[datetime] = field(default_factory=list)  # every tick

    def noticed(self, instant: datetime) -> datetime:
        """The first tick from this instant on."""
        return self.looked[bisect_left(self.looked, instant)]


def plans(count: int, chance: random.Random) -> list[Plan]:
    """Letters over the year; many come in lots, some around the changes of the clocks."""
    found = []
    for number in range(count):
        at = BEGIN + timedelta(seconds=chance.randrange(int((END - _LAST_TO_GO - BEGIN).total_seconds())))
        if not number % 40:
            at = datetime(2026, *chance.choice(((3, 28), (10, 24))), chance.randrange(24), 30, tzinfo=UTC)
        waits = chance.random() < 0.4
        found.append(
            Plan(
                number=number,
                received_at=at,
                customer=chance.choice(CUSTOMERS),
                decided_after=timedelta(minutes=chance.randrange(5, 6000)) if waits else None,
            )
        )
    return sorted(found, key=lambda plan: plan.received_at)


def ticks(chance: random.Random) -> Iterator[tuple[datetime, bool]]:
    """When the desk looks, and whether the relay takes mail then; some days the desk is down for hours."""
    now, relay_back = BEGIN, BEGIN
    while now < END:
        if chance.random() < 0.006:
            now += timedelta(hours=chance.randrange(2, 40))
        if chance.random() < 0.008:
            relay_back = now + timedelta(hours=chance.randrange(1, 48))
        yield now, now >= relay_back
        now += timedelta(minutes=chance.randrange(20, 340))


async def lived_through(
    database: Database, count: int, seed: int = 1, progress: Callable[[str], None] = lambda _: None
) -> Told:
    """Live the year, then compare what the history tells with what should have been.

    Args:
        database: an empty store.
        count: of letters.
        seed: of chance.
        progress: hears of each month that is over.
    """
    chance = random.Random(seed)
    clock = SteppedClock(BEGIN)
    desk = DeskAtWork(database, clock, policy=a_policy(calendar=HOUSE))
    await desk.take_customers(*CUSTOMERS)
    coming = deque(plans(count, chance))
    waiting: list[tuple[datetime, str, str]] = []
    looked: list[datetime] = []
    for now, relay_is_up in ticks(chance):
        if looked and looked[-1].month != now.month:
            progress(f"{looked[-1]:%B} is over; {count - len(coming)} letters have come")
        clock.now = now
        looked.append(now)
        due = []
        while coming and coming[0].received_at <= now:
            due.append(coming.popleft())
        for plan, complaint in await _taken_in(desk, due):
            if plan.decided_after is not None:
                waiting.append((plan.received_at + plan.decided_after, complaint.ref, plan.customer.id))
        for _, ref, customer_id in [one for one in waiting if one[0] <= now]:
            await desk.desk.assign(ref, customer_id, actor="a person")
        waiting = [one for one in waiting if one[0] > now]
        while len(await desk.desk.escalate(_AT_ONCE)) == _AT_ONCE:
            pass
        await _sent(desk, relay_is_up=relay_is_up)
    return await _compared(desk, looked)


async def _taken_in(desk: DeskAtWork, due: Sequence[Plan]) -> list[tuple[Plan, Complaint]]:
    if not due:
        return []
    arrivals = [
        Arrival(
            raw=b"Subject: letter %d\r\n\r\nwords\r\n" % plan.number,
            mailbox="desk/INBOX",
            server_at=plan.received_at,
            uidvalidity=1,
            uid=plan.number + 1,
        )
        for plan in due
    ]
    receipts = await desk.mailroom.receive(arrivals)
    async with desk.database.writing() as repository:
        now = desk.clock()
        claim = Claim(by="tests", at=now, until=now + timedelta(minutes=1))
        stored = {one.id: one for one in await repository.mails.claim_unread(len(due), claim, tried=False)}
        judged = [
            (
                stored[receipt.mail_id],
                assessed(matched(plan.customer) if plan.decided_after is None else NOBODY),
                "",
            )
            for plan, receipt in zip(due, receipts, strict=True)
        ]
        opened = await desk.desk.open(repository, judged)
        await repository.mails.conclude_all({one.id: {"state": "complaint"} for one, _, _ in judged})
    return list(zip(due, opened, strict=True))


async def _sent(desk: DeskAtWork, *, relay_is_up: bool) -> None:
    """As the dispatcher does it: while the relay is out of order one letter is tried, and the alarms."""
    if not relay_is_up:
        notices = await desk.desk.outbox.claim(_AT_ONCE)
        letters = [one for one in notices if one.kind in LETTERS]
        tried = [one for one in notices if one.kind not in LETTERS] + letters[:1]
        await desk.desk.outbox.settle(
            [
                Outcome(notice=one, verdict=Verdict.TEMPORARY, reply="451 4.3.0 later", relay_down=True)
                for one in tried
            ]
        )
        await desk.desk.outbox.put_off(letters[1:])
        return
    claimed = _AT_ONCE
    while claimed == _AT_ONCE:
        notices = await desk.desk.outbox.claim(_AT_ONCE)
        claimed = len(notices)
        await desk.desk.outbox.settle(
            [Outcome(notice=one, verdict=Verdict.SENT, reply="250 2.0.0 Ok") for one in notices]
        )


async def _compared(desk: DeskAtWork, looked: Sequence[datetime]) -> Told:
    told = Told(looked=list(looked))
    everything = await desk.records.open_complaints(10**9, everything=True)
    async with desk.database.reading() as repository:
        histories = await repository.complaints.histories([(one.id, 0) for one in everything])
    for complaint in everything:
        told.complaints += 1
        told.breaches += complaint.breached_at is not None
        _compare(complaint, histories[complaint.id], looked, told)
    return told


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """A time for which a complaint was on one deadline, its clock running."""

    begins: datetime  # the tick at which it began
    ends: datetime | None  # the tick at which it was forwarded or put on another deadline; None: never
    forwarded: bool = False  # what was due by then was late, though no tick had noticed it before
    terms: str

    def has(self, tick: datetime) -> bool:
        """Whether a tick had to look at the complaint in this stretch."""
        if tick == self.begins or self.ends is None:
            return True  # what has passed already is told at once
        return tick < self.ends or (self.forwarded and tick == self.ends)


def _stretches(history: Sequence[LoggedEvent]) -> list[Stretch]:
    found: list[Stretch] = []
    terms, begins = str(history[0].data["terms"]), history[0].at
    for event in history:
        if event.name == Event.DEADLINE_CHANGED.value:
            found.append(Stretch(begins=begins, ends=event.at, terms=terms))
            terms, begins = str(event.data["to"][0]), event.at
        elif event.name == Event.FORWARDED.value:
            found.append(Stretch(begins=begins, ends=event.at, terms=terms, forwarded=True))
            return found
    return [*found, Stretch(begins=begins, ends=None, terms=terms)]


def _compare(
    complaint: Complaint, history: Sequence[LoggedEvent], looked: Sequence[datetime], told: Told
) -> None:
    expected: Counter[tuple[str, datetime, datetime]] = Counter()
    for stretch in _stretches(history):
        due = due_at(parse_terms(stretch.terms), complaint.received_at, HOUSE)
        for name, instant, at in _reckoned(stretch, complaint.received_at, due, looked):
            expected[name, instant, at] += 1
    happened: Counter[tuple[str, datetime, datetime]] = Counter()
    for event in history:
        if event.name in (Event.RUNG_REACHED.value, Event.BREACHED.value):
            instant = datetime.fromisoformat(event.data["due"])
            happened[event.data["rung"], instant, event.at] += 1
    told.rungs += happened.total()
    if happened != expected:
        told.faults.append(
            f"{complaint.ref} {complaint.received_at:%d %b %H:%M} {complaint.terms}:"
            f" missing {sorted((expected - happened).elements())}, too many {sorted((happened - expected).elements())}"
        )


def _reckoned(
    stretch: Stretch, received_at: datetime, due: datetime, looked: Sequence[datetime]
) -> Iterator[tuple[str, datetime, datetime]]:
    """Each rung, its instant, and the tick at which it had to be noticed."""
    since = bisect_left(looked, stretch.begins)
    own = list(takewhile(stretch.has, looked[since:]))
    instants = {name: received_at + (due - received_at) * share for name, share in SHARES.items()}
    for name, instant in instants.items():
        if (tick := next((tick for tick in own if tick >= instant), None)) is not None:
            yield name, instant, tick
    first = due + EVERY
    passed = 0
    for tick in own:
        reached = 0 if tick < first else (tick - first) // EVERY + 1
        if reached > passed:
            yield REPEATING, first + EVERY * (reached - 1), tick
            passed = reached
