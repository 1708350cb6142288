"""Putting open complaints on today's terms and calendars: only when somebody asks for it, and on the record (I3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from complaints.agreed import Deadline, Facts
from complaints.case import DESK, Case, write_cases
from complaints.climbing import climb
from complaints.clock import Clock
from complaints.contracts import at_receipt, on_file
from complaints.lifecycle import Event
from complaints.model import Complaint, Customer
from complaints.outbox import CANCELLED_BY_FORWARD
from complaints.policy import Policy
from complaints.store.database import Database
from complaints.store.repository import Repository


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a complaint's deadline is, and what it would be or has become."""

    before: Complaint
    after: Deadline | None  # None: its time runs no more, so that nothing is left to recalculate

    @property
    def moves(self) -> bool:
        """Whether anything differs."""
        return self.after is not None and _differs(self.before, self.after)


class Recalculation:
    """Reckons deadlines anew from the same receipt."""

    def __init__(self, database: Database, policy: Policy, clock: Clock) -> None:
        """Nothing is read before it is asked for."""
        self._database = database
        self._policy = policy
        self._clock = clock

    async def of_customer(self, customer_id: str) -> list[str]:
        """Our references of a customer's complaints that are not settled."""
        async with self._database.reading() as repository:
            return await repository.complaints.of_customer(customer_id)

    async def preview(self, refs: Sequence[str]) -> list[Change]:
        """What would become of these complaints; changes nothing.

        Raises:
            UnknownComplaint: when there is none of such a reference.
        """
        async with self._database.reading() as repository:
            return [await self._change(repository, await repository.complaints.get(ref)) for ref in refs]

    async def apply(self, refs: Sequence[str], *, actor: str) -> list[Change]:
        """Recalculate, all in one transaction. Breaches that are recorded stay; the ladder begins anew.

        Raises:
            UnknownComplaint: when there is none of such a reference.
        """
        now = self._clock()
        async with self._database.writing() as repository:
            cases = [Case(await repository.complaints.lock(ref)) for ref in sorted(set(refs))]
            changes = [await self._change(repository, case.complaint) for case in cases]
            for case, change in zip(cases, changes, strict=True):
                if change.after is not None and change.moves:
                    change_deadline(case, change.after, now, actor=actor)
                    climb(case, self._policy, now)
            await write_cases(repository, cases, now, self._policy.mail_domain)
            stopped = [c.complaint.id for c in cases if c.before.clock_runs and not c.complaint.clock_runs]
            await repository.notices.cancel(stopped, CANCELLED_BY_FORWARD)
        return changes

    async def _change(self, repository: Repository, complaint: Complaint) -> Change:
        if not complaint.clock_runs:
            return Change(before=complaint, after=None)
        return Change(before=complaint, after=await self._today(repository, complaint))

    async def today(self, complaint: Complaint) -> Deadline:
        """The deadline that today's register, calendars and settings would give."""
        async with self._database.reading() as repository:
            return await self._today(repository, complaint)

    async def _today(self, repository: Repository, complaint: Complaint) -> Deadline:
        letter = Facts.of(complaint)
        if complaint.customer_id:
            [row] = await self._rows(repository, complaint, [complaint.customer_id])
            return self._policy.deadline(row, letter)
        named = [str(one["id"]) for one in complaint.evidence.get("candidates", ())]
        rows = await self._rows(repository, complaint, named)
        return self._policy.shortest([row for row in rows if row], letter)

    async def _rows(
        self, repository: Repository, complaint: Complaint, ids: Sequence[str]
    ) -> list[Customer | None]:
        """What is on file today of these customers for the day of receipt; of former ones, what was."""
        filed = await repository.customers.filed(ids)
        received, day = complaint.received_at, self._policy.day(complaint.received_at)
        return [on_file(filed[one], day) or at_receipt(filed[one], received, day) for one in ids]


def change_deadline(case: Case, deadline: Deadline, now: datetime, *, actor: str = DESK) -> None:
    """Put a complaint on another deadline, visibly; the same one changes nothing."""
    before = case.complaint
    case.calendars[deadline.calendar_version] = deadline.content
    if not _differs(before, deadline):
        case.change(reckoned=deadline.reckoned)
        return
    case.happen(
        Event.DEADLINE_CHANGED,
        now,
        actor=actor,
        data=_told(before, deadline),
        **deadline.given(),
        **_anew(before, deadline),
    )


def _anew(before: Complaint, after: Deadline) -> dict[str, Any]:
    """The ladder begins anew, unless only what the deadline is explained by has changed."""
    if (before.terms, before.due_at, before.until) == (after.terms, after.due_at, after.until):
        return {}
    return {"deadline_version": before.deadline_version + 1}


def _differs(before: Complaint, after: Deadline) -> bool:
    """What counts is the instant, what ends the time, and by which words and calendar both can be explained."""
    given = after.given()
    return any(getattr(before, name) != value for name, value in given.items() if name != "reckoned")


def _told(before: Complaint, after: Deadline) -> dict[str, Any]:
    def calendar(name: str, version: str) -> str:
        return f"{name} {version}".strip()

    return {
        "from": [before.terms, before.due_at.isoformat()],
        "to": [after.terms, after.due_at.isoformat()],
        "calendars": [
            calendar(before.calendar, before.calendar_version),
            calendar(after.calendar, after.calendar_version),
        ],
        "until": [before.until, after.until],
    }
