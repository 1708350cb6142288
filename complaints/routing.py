"""Routing: every stored mail nobody has looked at is read, judged and settled or opened."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import structlog

from complaints.assessor import Assessor, Reading, unread
from complaints.clock import Clock
from complaints.contracts import within_contract
from complaints.copies import SecondCopy, copy_keys, second_copy
from complaints.correspondence import Correspondence, Settled
from complaints.customers import CustomerRegister, Register
from complaints.facts import evidence_of
from complaints.inbox.mime import read_mail
from complaints.inbox.papers.reader import Ocr
from complaints.lessons import unknown_in, with_lessons
from complaints.model import Assessment, Decision, InboundMail, Kind
from complaints.outbox import CLAIM_LASTS
from complaints.precedents import CaseKey, Precedents, all_keys, asked
from complaints.reader import ReaderProcess
from complaints.refs import ref_of
from complaints.service import ComplaintDesk
from complaints.store.database import Database
from complaints.store.mails import StoredMail
from complaints.store.repository import Repository
from complaints.store.rows import Claim
from complaints.synthetic import SyntheticDesk

log = structlog.get_logger()

_READ_SECONDS = 60.0
"""How long reading one mail may take before it is left to a person."""
_TRIES = 3
"""How often a mail is read whose reader never came back; then it goes to a person unread."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Routed:
    """What became of one mail."""

    mail_id: int
    ref: str  # our reference of the complaint it opened or belongs to; empty when it was filed
    outcome: str  # forwarding, needs_review, arrived_again, filed, bounce, acknowledgement ...


class Router:
    """Reads and settles what the mail room stored."""

    def __init__(
        self,
        database: Database,
        desk: ComplaintDesk,
        assessor: Assessor,
        customers: CustomerRegister,
        clock: Clock,
        *,
        ocr: Ocr | None = None,
        synthetic: SyntheticDesk | None = None,
    ) -> None:
        """Take up the work of routing."""
        self._synthetic = synthetic
        self._ocr = ocr
        self._database = database
        self._desk = desk
        self._assessor = assessor
        self._customers = customers
        self._clock = clock
        self._correspondence = Correspondence(database, desk, assessor, clock)
        self._thread = ThreadPoolExecutor(1, "read-mail")
        self._process: ReaderProcess | None = None

    def read_apart(self) -> None:
        """From now on read mail in a process of its own, as befits who works for days and in bursts."""
        self._process = ReaderProcess(
            self._assessor.bodies,
            self._assessor.house,
            ocr=self._ocr,
            dkim=self._assessor.dkim,
            opener=self._assessor.opener,
        )
        self._thread.submit(self._process.start)

    def close(self) -> None:
        """Let the reading thread go, and the process."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        if self._process:
            self._process.stop()

    async def waiting(self) -> int:
        """How many stored mails could be routed now."""
        async with self._database.reading() as repository:
            return await repository.mails.claimable(self._clock())

    async def route(self, limit: int = 50) -> list[Routed]:
        """Settle up to ``limit`` mails; an empty list means that nothing waits."""
        return await self._settle(*await self._take(limit))

    async def route_in_lots(self, limit: int, lot: int) -> AsyncGenerator[list[Routed], None]:
        """Settle up to ``limit`` mails, some at a time; while a lot is settled the next is read."""
        ahead = asyncio.create_task(self._take(min(lot, limit)))
        try:
            while (taken := await ahead)[0]:
                limit -= len(taken[0])
                ahead = asyncio.create_task(self._take(min(lot, limit)))
                yield await self._settle(*taken)
        finally:
            # Like the lot at which something failed, what it has claimed is free again when the claim runs out.
            ahead.cancel()

    async def _take(self, limit: int) -> tuple[list[StoredMail], dict[int, Reading | Assessment]]:
        claimed = await self._claim(limit) if limit > 0 else []
        return claimed, await self._read(claimed) if claimed else {}

    async def _settle(
        self, claimed: Sequence[StoredMail], readings: dict[int, Reading | Assessment]
    ) -> list[Routed]:
        if not claimed:
            return []
        register = await self._customers.on(self._desk.policy.day(self._clock()))
        routed = await self._settle_made_up(claimed, readings)
        routed += await self._settle_answers([m for m in claimed if m.id in readings], readings)
        async with self._database.writing() as repository:
            await repository.threads.hold(
                key for one in readings.values() if isinstance(one, Reading) for key in all_keys(one)
            )
            unsettled = await repository.mails.still_unread(list(readings))
            mine = [mail for mail in claimed if mail.id in unsettled]
            first, followers = _first_of_each_case(mine, readings)
            # What an earlier letter on the case was about is only known once that one has been settled.
            await repository.mails.give_back([mail.id for mail in followers])
            copies = await self._second_copies(repository, first, readings)
            routed += await self._join(repository, copies)
            known = {copy.stored.id for copy in copies}
            judged = await self._judge(
                repository, [m for m in first if m.id not in known], readings, register
            )
            routed += await self._conclude(repository, judged)
        return routed

    async def _claim(self, limit: int) -> list[StoredMail]:
        now = self._clock()
        claim = Claim(by=self._desk.name, at=now, until=now + CLAIM_LASTS)
        async with self._database.writing() as repository:
            fresh = await repository.mails.claim_unread(limit, claim, tried=False)
            # What was tried before may have killed its reader: it comes last and alone, and takes no other with it.
            return fresh or await repository.mails.claim_unread(1, claim, tried=True)

    async def _read(self, claimed: Sequence[StoredMail]) -> dict[int, Reading | Assessment]:
        async with self._database.reading() as repository:
            raws = await repository.mails.raw([mail.id for mail in claimed])
        readings: dict[int, Reading | Assessment] = {
            mail.id: _unread(mail, "reading it failed again and again")
            for mail in claimed
            if mail.attempts > _TRIES
        }
        hopeful = [mail for mail in claimed if mail.id not in readings]
        begun: dict[int, asyncio.Future[Reading]] = {}
        if self._process:
            # All at once: the thread goes from one mail to the next without waiting for this loop's turn.
            begun = {mail.id: self._begin(mail, raws[mail.id]) for mail in hopeful}
        for mail in hopeful:
            reading = begun.get(mail.id) or self._begin(mail, raws[mail.id])
            readings[mail.id] = await self._reading(mail, reading)
        return readings

    def _begin(self, mail: StoredMail, raw: bytes) -> asyncio.Future[Reading]:
        read = self._process or self._assessor.read
        return asyncio.get_running_loop().run_in_executor(self._thread, read, raw, mail)

    async def _reading(self, mail: StoredMail, begun: asyncio.Future[Reading]) -> Reading | Assessment:
        """What came of reading one mail; its time counts from when the one before was done."""
        try:
            # Not wait_for: Python 3.11's forgets a cancellation that meets the answer, and a stop never ends.
            async with asyncio.timeout(_READ_SECONDS):
                return await begun
        except TimeoutError:
            if self._process:
                self._process.stop()
            else:
                self._thread = ThreadPoolExecutor(1, "read-mail")  # the old one is still busy with that mail
            return _unread(mail, f"reading it took more than {_READ_SECONDS:.0f} s")
        except Exception as error:
            log.exception("mail_unread", mail=mail.id)
            return _unread(mail, f"reading it failed ({type(error).__name__})")

    async def _second_copies(
        self,
        repository: Repository,
        mails: Sequence[StoredMail],
        readings: dict[int, Reading | Assessment],
    ) -> list[SecondCopy]:
        """Those that bring a letter once more which a complaint was opened for."""
        read = [(mail, one) for mail in mails if isinstance(one := readings[mail.id], Reading)]
        known = await repository.threads.letters(key for _, one in read for key in copy_keys(one))
        found = (second_copy(mail, one, known) for mail, one in read if known)
        return [copy for copy in found if copy is not None]

    async def _join(self, repository: Repository, copies: Sequence[SecondCopy]) -> list[Routed]:
        """Note further arrivals of letters; their mails open nothing."""
        await self._desk.join(repository, copies)
        await repository.mails.conclude_all(
            {
                copy.stored.id: _summary(copy.mail, copy.recognition.kind)
                | {"state": "copy", "why": f"{copy.how}: {ref_of(copy.complaint_id)}", "evidence": {}}
                for copy in copies
            }
        )
        for copy in copies:
            log.info("letter_again", ref=ref_of(copy.complaint_id), mail=copy.stored.id)
        return [
            Routed(mail_id=copy.stored.id, ref=ref_of(copy.complaint_id), outcome="arrived_again")
            for copy in copies
        ]

    async def _judge(
        self,
        repository: Repository,
        mails: Sequence[StoredMail],
        readings: dict[int, Reading | Assessment],
        register: Register,
    ) -> list[tuple[StoredMail, Assessment, str]]:
        """Judge each by what it says and by what earlier letters on its case were about."""
        read = [one for one in readings.values() if isinstance(one, Reading)]
        precedents = Precedents(await repository.threads.precedents(asked(read)))

        def judge_all() -> list[tuple[StoredMail, Assessment, str]]:
            return [(mail, *self._judged(mail, readings[mail.id], precedents, register)) for mail in mails]

        # In a thread: a letter built to be costly must not keep the clock and the relay waiting.
        judged = await asyncio.to_thread(judge_all)
        lessons = await repository.lessons.about(unknown_in(one for _, one, _ in judged))
        if lessons:
            known = register.index.customers
            judged = [(mail, with_lessons(one, lessons, known), ref) for mail, one, ref in judged]
        return judged

    def _judged(
        self, mail: StoredMail, reading: Reading | Assessment, precedents: Precedents, register: Register
    ) -> tuple[Assessment, str]:
        """What the desk thinks of a mail, and our reference of the letter it follows."""
        if isinstance(reading, Assessment):
            return reading, ""
        before = precedents.before(reading)
        assessment = self._assessor.judge(reading, register.index, before)
        day = self._desk.policy.day(mail.received_at)
        return within_contract(assessment, register.contracts, day), before.ref if before else ""

    async def _conclude(
        self, repository: Repository, judged: Sequence[tuple[StoredMail, Assessment, str]]
    ) -> list[Routed]:
        """Open what must be opened and file the rest."""
        opening = [one for one in judged if _opens(one[1])]
        opened = await self._desk.open(repository, opening)
        await repository.mails.conclude_all(
            {mail.id: _conclusion(mail, assessment) for mail, assessment, _ in judged}
        )
        routed: list[Routed] = []
        for (mail, _, _), complaint in zip(opening, opened, strict=True):
            log.info("complaint_opened", ref=complaint.ref, mail=mail.id, status=complaint.status.value)
            routed.append(Routed(mail_id=mail.id, ref=complaint.ref, outcome=complaint.status.value))
        for mail, assessment, _ in judged:
            if not _opens(assessment):
                log.info("mail_filed", mail=mail.id, kind=assessment.recognition.kind.value)
                routed.append(Routed(mail_id=mail.id, ref="", outcome="filed"))
        return routed

    async def _settle_made_up(
        self, claimed: Sequence[StoredMail], readings: dict[int, Reading | Assessment]
    ) -> list[Routed]:
        """Settle what belongs to a made-up complaint, and take it out of ``readings``."""
        passed = await self._synthetic.settle(claimed, readings) if self._synthetic else {}
        for mail_id in passed:
            del readings[mail_id]
        return [Routed(mail_id=mail_id, ref=one.ref, outcome=one.outcome) for mail_id, one in passed.items()]

    # --- answers to what we sent ---------------------------------------------------------------

    async def _settle_answers(
        self, claimed: Sequence[StoredMail], readings: dict[int, Reading | Assessment]
    ) -> list[Routed]:
        """Settle the mails that answer a notice of ours, and take them out of ``readings``."""
        read = [(mail.id, one) for mail in claimed if isinstance(one := readings[mail.id], Reading)]
        answers = await self._correspondence.settle(read)
        for mail_id, reading in read:
            if mail_id in answers:
                await self._file(mail_id, reading, answers[mail_id])
                del readings[mail_id]
        return [
            Routed(mail_id=mail_id, ref=next(iter(one.refs), ""), outcome=one.outcome)
            for mail_id, one in answers.items()
        ]

    async def _file(self, mail_id: int, reading: Reading, settled: Settled) -> None:
        values = _summary(reading.mail, reading.recognition.kind) | {
            "state": "filed",
            "why": f"{settled.outcome} {', '.join(settled.refs)}".strip(),
            "evidence": {},
        }
        async with self._database.writing() as repository:
            await repository.mails.conclude(mail_id, values)
        log.info("mail_filed", mail=mail_id, kind=settled.outcome, refs=settled.refs)


def _unread(mail: StoredMail, why: str) -> Assessment:
    return unread(mail, read_mail(b""), f"{why}; look at it by hand")


def _first_of_each_case(
    mails: Sequence[StoredMail], readings: dict[int, Reading | Assessment]
) -> tuple[list[StoredMail], list[StoredMail]]:
    """The mails that can be judged now, and those that follow another one of the same lot."""
    first: list[StoredMail] = []
    followers: list[StoredMail] = []
    seen: set[CaseKey] = set()
    for mail in mails:
        reading = readings[mail.id]
        keys = all_keys(reading) if isinstance(reading, Reading) else []
        (first if seen.isdisjoint(keys) else followers).append(mail)
        seen.update(keys)
    return first, followers


def _opens(assessment: Assessment) -> bool:
    return assessment.decision is not Decision.IGNORE


def _conclusion(mail: StoredMail, assessment: Assessment) -> dict[str, Any]:
    state = "complaint" if _opens(assessment) else "filed"
    return _summary(assessment.mail, assessment.recognition.kind) | {
        "state": state,
        "why": assessment.why,
        "evidence": {} if state == "complaint" else evidence_of(assessment, mail),
    }


def _summary(letter: InboundMail, kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "sender": letter.sender.email,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "header_at": letter.date,
    }
