"""Walks the store and tells the people in charge of every difference, once."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from complaints import drafting
from complaints.agreed import recounted
from complaints.auditor.audit import findings_of
from complaints.auditor.finding import Finding, What
from complaints.auditor.proof import File
from complaints.auditor.rungs import Rules
from complaints.clock import Clock
from complaints.deadlines import Calendar, from_content, shifted
from complaints.errors import BadTerms
from complaints.model import Complaint
from complaints.policy import Policy
from complaints.signs import LifeSign, signs_of
from complaints.store.database import Database
from complaints.store.notices import Draft
from complaints.store.repository import Repository

log = structlog.get_logger()

AUDITOR = "auditor"
"""The part whose sign of life tells when an audit was last made."""

_AT_ONCE = 20  # complaints between two breaths: nothing else waits longer for the processor
_MARGIN = timedelta(hours=1)  # what was settled shortly before the last audit is looked at once more


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """What one audit came to."""

    looked_at: int  # complaints
    findings: tuple[Finding, ...]
    fresh: tuple[Finding, ...] = ()  # of them, those that people hear of now


class Auditor:
    """Compares the records with what they should be.

    Args:
        database: the store.
        policy: ladders and people.
        clock: tells the present instant.
        tolerance: so much later than it should be is no difference.
        place: names where this auditor runs.
    """

    def __init__(
        self, database: Database, policy: Policy, clock: Clock, *, tolerance: timedelta, place: str
    ) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock
        self._tolerance = tolerance
        self._sign = LifeSign(database, f"{AUDITOR} {place}", clock)

    async def audit_if_due(self, every: timedelta) -> Audit | None:
        """Audit, unless one was made less than ``every`` ago, here or elsewhere.

        Raises:
            StoreUnavailable: when the database does not answer.
        """
        last = await self.last_at()
        return await self.audit() if last is None or last + every <= self._clock() else None

    async def audit(self) -> Audit:
        """Look at every open complaint, and at those settled since the last audit; tell what is new.

        Raises:
            StoreUnavailable: when the database does not answer.
        """
        last = await self.last_at()
        looked_at, findings = await self._walk(shifted(last, -_MARGIN) if last else None)
        fresh = await self._tell(looked_at, findings)
        await self._sign.take()
        if findings:
            await self._sign.complain(f"{len(findings)} differences")
        return Audit(looked_at=len(looked_at), findings=tuple(findings), fresh=tuple(fresh))

    async def check(self, refs: Sequence[str] = ()) -> Audit:
        """The same for these complaints, or for all there ever were; nobody is told.

        Raises:
            StoreUnavailable: when the database does not answer.
            UnknownComplaint: a reference is none of ours.
        """
        if not refs:
            looked_at, findings = await self._walk(None)
            return Audit(looked_at=len(looked_at), findings=tuple(findings))
        async with self._database.reading() as repository:
            ids = [(await repository.complaints.get(ref)).id for ref in refs]
        return Audit(looked_at=len(ids), findings=tuple(await self._look(ids)))

    async def standing(self) -> tuple[datetime | None, int]:
        """When the last audit was made (None: never), and how many differences stand."""
        async with self._database.reading() as repository:
            differences = await repository.audits.standing()
        return await self.last_at(), differences

    async def last_at(self) -> datetime | None:
        """When an audit was last made, wherever; None: never."""
        signs = await signs_of(self._database, AUDITOR)
        return signs[0].at if signs else None

    async def _walk(self, settled_since: datetime | None) -> tuple[list[int], list[Finding]]:
        looked_at: list[int] = []
        findings = await self._orphans()
        last = 0
        while True:
            async with self._database.reading() as repository:
                ids = await repository.audits.due(last, settled_since, _AT_ONCE)
            if not ids:
                return looked_at, findings
            findings += await self._look(ids)
            looked_at += ids
            last = ids[-1]
            await asyncio.sleep(0)

    async def _look(self, ids: Sequence[int]) -> list[Finding]:
        async with self._database.reading() as repository:
            suspects = {one.complaint_id for one in await self._findings(repository, ids)}
        if not suspects:
            return []
        # What moves while it is read can look like a difference: the second look holds it still.
        async with self._database.writing() as repository:
            held = await repository.complaints.lock_all(one for one in suspects if one is not None)
            return await self._findings(repository, list(held))

    async def _findings(self, repository: Repository, ids: Sequence[int]) -> list[Finding]:
        rules = Rules(
            ladders=self._policy.ladder,
            since=await repository.complaints.ladders_since(),
            zone=ZoneInfo(self._policy.timezone),
            tolerance=self._tolerance,
            now=self._clock(),
        )
        files = await _files(repository, ids)
        return [finding for file in files for finding in findings_of(file, rules)]

    async def _orphans(self) -> list[Finding]:
        async with self._database.reading() as repository:
            suspects = await repository.audits.orphans()
        if not suspects:
            return []
        async with self._database.writing() as repository:
            return [_orphan(mail_id) for mail_id in await repository.audits.orphans()]

    async def _tell(self, looked_at: Sequence[int], findings: Sequence[Finding]) -> list[Finding]:
        now = self._clock()
        async with self._database.reading() as repository:
            standing = await repository.audits.standing()
        if not findings and not standing:
            return []
        async with self._database.writing() as repository:
            await repository.audits.forget([*looked_at, None], [one.key for one in findings], now)
            fresh = await repository.audits.note(findings, now)
            if fresh:
                drafts = [Draft(notice=one) for one in drafting.audit(self._policy, fresh, now)]
                await repository.notices.write(drafts, now, self._policy.mail_domain)
        for one in fresh:
            log.error("audit_finding", ref=one.ref, what=one.what.value)
        return fresh


async def _files(repository: Repository, ids: Sequence[int]) -> list[File]:
    complaints = sorted(await repository.complaints.by_id(ids), key=lambda one: one.id)
    histories = await repository.complaints.histories([(one.id, 0) for one in complaints])
    notices = await repository.audits.outlines([one.id for one in complaints])
    letters = await repository.audits.letters([one.mail_id for one in complaints])
    contents = await repository.calendars.contents(one.calendar_version for one in complaints)
    calendars = {version: _calendar(content) for version, content in contents.items()}
    return [
        File(
            complaint=one,
            history=histories[one.id],
            notices=notices[one.id],
            sha256=letters.get(one.mail_id, ""),
            reckoned=_reckoned(one, calendars.get(one.calendar_version)),
        )
        for one in complaints
    ]


def _calendar(content: Mapping[str, Any]) -> Calendar | None:
    try:
        return from_content(content)
    except (KeyError, ValueError, TypeError):
        return None


def _reckoned(complaint: Complaint, calendar: Calendar | None) -> datetime | None:
    try:
        return recounted(complaint, calendar).due_at if calendar else None
    except BadTerms:
        return None


def _orphan(mail_id: int) -> Finding:
    words = f"stored letter {mail_id} counts as that of a complaint and belongs to none"
    return Finding(complaint_id=None, ref="", what=What.LOST, mark=f"mail:{mail_id}", words=words)
