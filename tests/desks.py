"""A desk on a real store, and letters that somebody has already read."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from complaints.deadlines import Calendar
from complaints.mailroom import Mailroom
from complaints.model import (
    Address,
    Ambiguous,
    Arrival,
    Assessment,
    Body,
    Candidate,
    Complaint,
    Customer,
    Decision,
    InboundMail,
    Kind,
    Match,
    Matched,
    Recognition,
    Unmatched,
)
from complaints.outbox import Notice, NoticeKind, Outcome, Verdict
from complaints.policy import Policy
from complaints.records import Records
from complaints.service import ComplaintDesk
from complaints.store.database import Database
from config.ladder import load_ladder
from tests.conftest import SteppedClock

ICO = Body(id="gb-ico", name="Information Commissioner's Office", domains=("ico.org.uk",))
ACME = Customer(
    id="acme",
    name="Acme Ltd",
    supplier_manager_name="Ada Acme",
    supplier_manager_email="ada@acme.example",
    deputies=("dan@acme.example",),
)
SWIFT = Customer(id="swift", name="Swift GmbH", supplier_manager_email="sue@swift.example", sla="4h")
SILENT = Customer(id="silent", name="Silent plc")
TRIAGE, MANAGER = "triage@msp.example", "boss@msp.example"


def a_policy(**changes: Any) -> Policy:
    values: dict[str, Any] = {
        "organisation": "Northgate",
        "mail_domain": "msp.example",
        "timezone": "Europe/London",
        "calendar": Calendar.parse({"timezone": "Europe/London", "hours": "24x7", "holidays": []}),
        "ladder": replace(load_ladder(None), acknowledgement=None),  # reminders have tests of their own
        "default_terms": "24h",
        "vague_terms": "24h",
        "triage": (TRIAGE,),
        "managers": (MANAGER,),
    }
    return Policy(**(values | changes))


@dataclass
class DeskAtWork:
    """The desk and what surrounds it, with short words for what tests do with it."""

    database: Database
    clock: SteppedClock
    policy: Policy = field(default_factory=a_policy)

    def __post_init__(self) -> None:
        self.desk = ComplaintDesk(self.database, self.policy, self.clock, name="tests")
        self.mailroom = Mailroom(self.database, self.policy, self.clock, blind_after=timedelta(minutes=15))
        self.records = Records(self.database)

    async def take_customers(self, *customers: Customer) -> None:
        async with self.database.writing() as repository:
            new = {one.id for one in customers}
            kept = [row for row in await repository.customers.all() if row.id not in new]
            await repository.customers.replace([*kept, *customers], self.clock())
            await repository.customers.climb("0" * 64)

    async def letter(
        self,
        match: Match,
        *,
        number: int = 1,
        age: timedelta = timedelta(0),
        raw: bytes = b"",
        follows: str = "",
        mail: Mapping[str, Any] | None = None,
        **recognition: Any,
    ) -> Complaint:
        """Let a letter from the ICO come in that was received ``age`` ago; ``mail`` is what was read of it."""
        raw = raw or b"Subject: letter %d\r\n\r\nwords\r\n" % number
        arrival = Arrival(
            raw=raw, mailbox="desk/INBOX", server_at=self.clock() - age, uidvalidity=1, uid=number
        )
        [receipt] = await self.mailroom.receive([arrival])
        judged = assessed(match, **recognition)
        read = {"sha256": hashlib.sha256(raw).hexdigest(), **(mail or {})}
        judged = replace(judged, mail=replace(judged.mail, **read))
        async with self.database.writing() as repository:
            stored = await repository.mails.get(receipt.mail_id)
            [complaint] = await self.desk.open(repository, [(stored, judged, follows)])
            await repository.mails.conclude(stored.id, {"state": "complaint"})
        return complaint

    async def sent(
        self, verdict: Verdict = Verdict.SENT, reply: str = "250 2.0.0 Ok: queued as Q1"
    ) -> list[Notice]:
        """Send everything that is due now, each with this outcome."""
        notices = await self.desk.outbox.claim(1000)
        await self.desk.outbox.settle(
            [Outcome(notice=n, verdict=verdict, reply=reply, queue_id="Q1") for n in notices]
        )
        return notices

    async def events(self, ref: str) -> list[str]:
        dossier = await self.records.show(ref)
        assert dossier.faults == []
        return [event.name for event in dossier.history]


def assessed(match: Match, **recognition: Any) -> Assessment:
    """What the engine might think of a letter from the ICO."""
    values: dict[str, Any] = {"kind": Kind.COMPLAINT, "body": ICO, "verified": True, "reference": "IC-1-A1B2"}
    by_match = Decision.ASSIGN if isinstance(match, Matched) else Decision.TRIAGE
    decision = recognition.pop("decision", by_match)
    return Assessment(
        mail=InboundMail(sha256="", subject="Complaint", sender=Address(name="ICO", email="c@ico.org.uk")),
        recognition=Recognition(**(values | recognition)),
        match=match,
        decision=decision,
        why=match.why,
    )


def matched(customer: Customer) -> Matched:
    return Matched(
        customer=customer, candidates=(Candidate(customer=customer, score=1.0),), why=f"names {customer.name}"
    )


def ambiguous(*customers: Customer) -> Ambiguous:
    return Ambiguous(candidates=tuple(Candidate(customer=c, score=0.5) for c in customers), why="names two")


NOBODY = Unmatched()


def kinds(notices: Sequence[Notice]) -> list[tuple[NoticeKind, str]]:
    return sorted((n.kind, n.recipient) for n in notices)


__all__ = [
    "ACME",
    "ICO",
    "MANAGER",
    "NOBODY",
    "SILENT",
    "SWIFT",
    "TRIAGE",
    "DeskAtWork",
    "a_policy",
    "ambiguous",
    "assessed",
    "kinds",
    "matched",
]
