"""The desk: its verbs, each one transaction, each safe to repeat. With its outbox the only writer of a status."""

import hashlib
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from complaints import drafting, holds
from complaints.agreed import Deadline, Facts
from complaints.assigning import Assigning
from complaints.by_hand import hand_over
from complaints.case import DESK, Case, open_cases, write_cases
from complaints.climbing import climb
from complaints.clock import Clock
from complaints.copies import SecondCopy
from complaints.errors import NotAllowed
from complaints.extending import extend
from complaints.facts import evidence_of, receipt
from complaints.forwarding import Forwarding
from complaints.handover import Handover, Handovers
from complaints.lifecycle import Event, Status
from complaints.model import Assessment, Complaint, Decision, Kind, Matched
from complaints.outbox import NoticeKind
from complaints.outbox_desk import OutboxDesk
from complaints.pauses import pause, resume
from complaints.policy import Policy
from complaints.precedents import CaseKey, own_keys
from complaints.reasons import MAY_STAND_IN, NOT_VERIFIED, PAPERS_NOT_READ
from complaints.recalculation import change_deadline
from complaints.recognition import is_perhaps_forbidden
from complaints.refs import id_of
from complaints.sameness import print_of
from complaints.store.database import Database
from complaints.store.mails import StoredMail
from complaints.store.repository import Repository

log = structlog.get_logger()


class ComplaintDesk:
    """Opens complaints, passes them on, keeps their clock."""

    def __init__(self, database: Database, policy: Policy, clock: Clock, *, name: str = DESK) -> None:
        """Sit down.

        Args:
            database: where everything is kept.
            policy: terms, ladder and people.
            clock: tells the present instant.
            name: of this desk among several on one database; what it claims is marked with it.
        """
        self.database = database
        self.policy = policy
        self.clock = clock
        self.name = name
        self.forwarding = Forwarding(policy)
        self.outbox = OutboxDesk(database, policy, clock, self.forwarding, name=name)
        self._assigning = Assigning(database, policy, self.forwarding)

    # --- opening ---------------------------------------------------------------------------

    async def open(
        self, repository: Repository, judged: Sequence[tuple[StoredMail, Assessment, str]]
    ) -> list[Complaint]:
        """Open a complaint for each mail that needs one, in the caller's transaction.

        Args:
            repository: the transaction.
            judged: mail, what the desk thinks of it, and our reference of the letter it follows.
        """
        now = self.clock()
        ids = {customer_id for _, assessment, _ in judged if (customer_id := _assigned(assessment))}
        handovers = await Handovers.read(repository, ids, self.policy, now)
        held = await self._held(repository, {follows for _, _, follows in judged if follows})
        cases: list[Case] = []
        for stored, assessment, follows in judged:
            handover = handovers.of(_assigned(assessment), stored.received_at)
            deadline = self._deadline(stored.received_at, assessment, handover)
            case = Case(self._draft(stored, assessment, follows, deadline))
            case.calendars[deadline.calendar_version] = deadline.content
            why = holds.by_rule(assessment) or (follows in held and holds.by_precedent(follows))
            self._begin(case, assessment, handover, now, held=why or "")
            cases.append(case)
        await open_cases(repository, cases)
        for case in cases:
            case.notices += self.forwarding.first_notices(case.complaint)
            climb(case, self.policy, now)
        await write_cases(repository, cases, now, self.policy.mail_domain)
        await self._file_under(repository, cases, judged)
        return [case.complaint for case in cases]

    async def _file_under(
        self,
        repository: Repository,
        cases: Sequence[Case],
        judged: Sequence[tuple[StoredMail, Assessment, str]],
    ) -> None:
        """Let later letters and further copies find these."""
        pairs = [(case.complaint, one[1]) for case, one in zip(cases, judged, strict=True)]
        await repository.threads.enter({c.id: own_keys(a.mail, a.recognition) for c, a in pairs})
        await repository.threads.keep([(c.mail_id, c.id, print_of(a.mail, a.recognition)) for c, a in pairs])

    async def join(self, repository: Repository, copies: Sequence[SecondCopy]) -> None:
        """Note that letters of complaints came once more, in the caller's transaction.

        The clock stays that of the first receipt; nothing is forwarded again.
        """
        if not copies:
            return
        now = self.clock()
        locked = await repository.complaints.lock_all(copy.complaint_id for copy in copies)
        cases = {i: Case(complaint) for i, complaint in locked.items()}
        for copy in copies:
            case = cases[copy.complaint_id]
            case.happen(Event.ARRIVED_AGAIN, now, data=_second_arrival(copy))
            self._count_from(case, copy.stored.received_at, now)
        for case in cases.values():
            climb(case, self.policy, now)
        await write_cases(repository, cases.values(), now, self.policy.mail_domain)
        marks: dict[int, list[tuple[CaseKey, bool]]] = {}
        for copy in copies:
            marks.setdefault(copy.complaint_id, []).extend(own_keys(copy.mail, copy.recognition))
        await repository.threads.enter(marks)
        await repository.threads.keep([(copy.stored.id, copy.complaint_id, copy.print) for copy in copies])

    def _count_from(self, case: Case, received_at: datetime, now: datetime) -> None:
        """A copy that lay in its mailbox before the one we read first was the receipt (I3)."""
        before = case.complaint
        if not before.clock_runs or received_at >= before.received_at:
            return
        case.change(received_at=received_at)
        letter = Facts.of(case.complaint)
        deadline = self.policy.by_terms(
            before.terms, before.calendar, letter, house_number=before.house_number
        )
        change_deadline(case, deadline, now)

    def _deadline(self, received_at: datetime, assessment: Assessment, handover: Handover | None) -> Deadline:
        seen = assessment.recognition
        letter = Facts(received_at=received_at, kind=seen.kind, respond_by=seen.respond_by)
        if handover is not None:
            return self.policy.deadline(handover.contract, letter)
        return self.policy.shortest([one.customer for one in assessment.match.candidates], letter)

    def _draft(
        self, stored: StoredMail, assessment: Assessment, follows: str, deadline: Deadline
    ) -> Complaint:
        recognition = assessment.recognition
        body = recognition.body
        return Complaint(
            id=0,
            ref="",
            mail_id=stored.id,
            kind=recognition.kind,
            status=Status.RECEIVED,
            version=0,
            body_id=body.id if body else "",
            party=body.party if body else "",
            body_name=body.title if body else "",
            body_verified=recognition.verified,
            reference=recognition.reference,
            subject=assessment.mail.subject,
            language=recognition.language,
            follows=follows,
            received_at=stored.received_at,
            server_at=stored.server_at,
            header_at=assessment.mail.date,
            stored_at=stored.stored_at,
            **deadline.given(),
            respond_by=recognition.respond_by,
            respond_by_quote=recognition.respond_by_quote,
            why=assessment.why,
            evidence=evidence_of(assessment, stored),
        )

    async def _held(self, repository: Repository, refs: Collection[str]) -> set[str]:
        """Those of these complaints on which a hold lies."""
        found = await repository.complaints.by_id([id_of(ref) for ref in refs])
        return {one.ref for one in found if one.held_at is not None}

    def _begin(
        self, case: Case, assessment: Assessment, handover: Handover | None, now: datetime, *, held: str
    ) -> None:
        case.happen(Event.RECEIVED, now, data=receipt(case.complaint))
        if held:
            holds.put(case, held, now)
        if handover is None:
            reason = "no longer a customer" if _assigned(assessment) else _reason(assessment)
            case.happen(Event.NEEDS_REVIEW, now, review_reason=reason)
            return
        case.happen(Event.MATCHED, now, data={"customer": handover.customer.id}, **handover.given())
        self.forwarding.queue(case, now)

    # --- what people do --------------------------------------------------------------------

    async def assign(self, ref: str, customer_id: str, *, actor: str) -> Complaint:
        """Say whose complaint it is; it is forwarded at once, on that customer's terms from receipt.

        Raises:
            UnknownComplaint, UnknownCustomer: when there is no such one.
            NotAllowed: when it is on its way already.
        """
        now = self.clock()
        async with self._of(ref, now) as (repository, case):
            await self._assigning.assign(repository, case, customer_id, now, actor=actor)
        return case.complaint

    async def split(self, ref: str, customer_ids: Sequence[str], *, actor: str) -> list[Complaint]:
        """Say that the letter concerns several customers; see :meth:`complaints.assigning.Assigning.split`.

        Raises:
            UnknownComplaint, UnknownCustomer: when there is no such one.
            NotAllowed: when it is closed, or no customer is named.
        """
        return await self._assigning.split(ref, customer_ids, self.clock(), actor=actor)

    async def by_letter(self, ref: str) -> list[Complaint]:
        """All complaints by the letter of this one that are not dismissed, the oldest first.

        Raises:
            UnknownComplaint: when there is no such one.
        """
        async with self.database.writing() as repository:
            family = await repository.complaints.family(ref)
        return [one for one in family if one.status is not Status.DISMISSED]

    async def dismiss(self, ref: str, why: str, *, actor: str) -> Complaint:
        """Say that it needs no forwarding, and why.

        Raises:
            UnknownComplaint: when there is no such one.
            NotAllowed: when no reason is given, or it does not wait for a person.
        """
        if not why.strip():
            raise NotAllowed("a complaint is dismissed with a reason; give one with --why")
        return await self._settle_by_hand(ref, Event.DISMISSED, actor, data={"why": why}, stops="closed_at")

    async def acknowledge(self, ref: str, *, actor: str) -> Complaint:
        """Note that the supplier manager has it.

        Raises:
            UnknownComplaint: when there is no such one.
            NotAllowed: when it was not forwarded, or is acknowledged already.
        """
        return await self._settle_by_hand(ref, Event.ACKNOWLEDGED, actor, stops="acknowledged_at")

    async def hand_over(self, ref: str, how: str, *, actor: str) -> Complaint:
        """Note that somebody brought it to the supplier manager; see :func:`complaints.by_hand.hand_over`.

        What waits in the outbox to be forwarded is taken back.

        Raises:
            UnknownComplaint: when there is no such one.
            NotAllowed: when it is nobody's, held, sent already, or it is not told how.
        """
        now = self.clock()
        async with self._of(ref, now) as (repository, case):
            hand_over(case, self.policy, how, now, actor=actor)
            await repository.notices.cancel([case.complaint.id], {NoticeKind.FORWARD})
        return case.complaint

    async def answered(self, ref: str, *, actor: str) -> Complaint:
        """Note that the body has its answer.

        Raises:
            UnknownComplaint: when there is no such one.
            NotAllowed: when it was not forwarded, or is answered already.
        """
        return await self._settle_by_hand(ref, Event.ANSWERED, actor, stops="answered_at")

    async def extend(self, ref: str, until: date, why: str, *, actor: str) -> Complaint:
        """Note that the body gives more time for the answer; see :func:`complaints.extending.extend`.

        Raises:
            UnknownComplaint: when there is no such one.
            NotAllowed: when no reason is given, no answer is awaited, or it is no later day.
        """
        now = self.clock()
        async with self._of(ref, now) as (_, case):
            extend(case, self.policy, until, why, now, actor=actor)
        return case.complaint

    async def pause(self, ref: str, length: timedelta, *, why: str, actor: str) -> Complaint:
        """Take it up: its ladders wait for this time; see :func:`complaints.pauses.pause`.

        Raises:
            UnknownComplaint: when there is no such one.
            NotAllowed: when no reason is given, it is settled, or the time is no sensible one.
        """
        if not why.strip():
            raise NotAllowed("a pause has a reason; give one with --why")
        now = self.clock()
        async with self._of(ref, now) as (_, case):
            pause(case, self.policy, length, now, actor=actor, data={"why": why})
        return case.complaint

    async def resume(self, ref: str, *, actor: str) -> Complaint:
        """Let its ladders go on.

        Raises:
            UnknownComplaint: when there is no such one.
            NotAllowed: when they are not paused.
        """
        now = self.clock()
        async with self._of(ref, now) as (_, case):
            resume(case, self.policy, now, actor=actor)
        return case.complaint

    async def hold(self, ref: str, why: str, *, actor: str) -> Complaint:
        """Lay a legal hold on it, and on every other complaint by the same letter.

        What waits in the outbox for the customers' people is taken back.

        Raises:
            UnknownComplaint: when there is no such one.
            NotAllowed: when no reason is given, or it is settled.
        """
        now = self.clock()
        async with self.database.writing() as repository:
            family = [Case(one) for one in await repository.complaints.family(ref)]
            asked = next(case for case in family if case.complaint.id == id_of(ref))
            cases = [asked, *(case for case in family if case is not asked and holds.may_be_put(case))]
            for case in cases:
                climb(case, self.policy, now)
                holds.put(case, why, now, actor=actor)
                if case.complaint.status is not case.before.status:
                    case.notices += drafting.reviews(self.policy, case.complaint)
                climb(case, self.policy, now)
            await write_cases(repository, cases, now, self.policy.mail_domain)
            for case in cases:
                await repository.notices.withhold(case.complaint.id, holds.people_of(case.complaint))
        return asked.complaint

    async def release(self, ref: str, why: str, *, actor: str) -> Complaint:
        """Lift a legal hold; nothing goes out by that, a person decides.

        Raises:
            UnknownComplaint: when there is no such one.
            NotAllowed: when no reason is given, or no hold lies on it.
        """
        now = self.clock()
        async with self._of(ref, now) as (_, case):
            holds.release(case, self.policy, why, now, actor=actor)
        return case.complaint

    async def close(self, ref: str, *, actor: str) -> Complaint:
        """Note that nothing more is expected.

        Raises:
            UnknownComplaint: when there is no such one.
            NotAllowed: when it was not forwarded.
        """
        return await self._settle_by_hand(ref, Event.CLOSED, actor, stops="closed_at")

    async def _settle_by_hand(
        self, ref: str, event: Event, actor: str, *, stops: str, data: dict[str, Any] | None = None
    ) -> Complaint:
        now = self.clock()
        async with self._of(ref, now) as (_, case):
            climb(case, self.policy, now)
            case.happen(event, now, actor=actor, data=data, **{stops: now})
            climb(case, self.policy, now)
        return case.complaint

    async def resend(self, ref: str, *, actor: str) -> Complaint:
        """Forward once more, to the supplier manager on file today, as a message of its own.

        Raises:
            UnknownComplaint: when there is no such one.
            NotAllowed: when it was never forwarded, or is being forwarded this moment.
        """
        now = self.clock()
        async with self._of(ref, now) as (repository, case):
            about = case.complaint
            if about.held_at is not None:
                raise NotAllowed("a legal hold lies on it and must be released first")
            handover = await self._handover(repository, about.customer_id, about.received_at, now)
            given = handover.given() if handover else {}
            if about.status is Status.NEEDS_REVIEW and handover:
                case.happen(Event.ASSIGNED, now, actor=actor, data={"customer": about.customer_id}, **given)
                self.forwarding.queue(case, now)
            elif handover and not handover.recipient:
                raise NotAllowed(
                    f"nobody at {about.customer_name} can be written to today: all on file are away or cannot be reached"
                )
            else:
                case.happen(Event.RESENT, now, actor=actor, **given)
                if fault := self.forwarding.key_fault(case.complaint, now):
                    raise NotAllowed(
                        f"{about.customer_name}'s contract asks that it be encrypted: {fault.value}; "
                        "`forthwith doctor` tells of every key"
                    )
            case.notices += self.forwarding.first_notices(case.complaint)
            climb(case, self.policy, now)
        return case.complaint

    @asynccontextmanager
    async def _of(self, ref: str, now: datetime) -> AsyncIterator[tuple[Repository, Case]]:
        """One complaint, its row held; what happens to it in the block is written at its end.

        Raises:
            UnknownComplaint: when there is no such one.
        """
        async with self.database.writing() as repository:
            case = Case(await repository.complaints.lock(ref))
            yield repository, case
            await write_cases(repository, [case], now, self.policy.mail_domain)

    async def _handover(
        self, repository: Repository, customer_id: str, received_at: datetime, now: datetime
    ) -> Handover | None:
        handovers = await Handovers.read(repository, [customer_id], self.policy, now)
        return handovers.of(customer_id, received_at)

    # --- the clock -------------------------------------------------------------------------

    async def escalate(self, limit: int = 100, *, only: str = "") -> list[str]:
        """Fire every rung that is due, once each (I7).

        Args:
            limit: how many complaints at most.
            only: our reference of the one that is meant; empty: all.

        Returns:
            Our references of the complaints that moved; when there are ``limit``, more may wait.

        Raises:
            UnknownComplaint: when ``only`` is none of ours.
        """
        now = self.clock()
        first = await self.next_rung_at()
        if first is None or first > now:
            return []
        async with self.database.writing() as repository:
            if only:
                locked = [await repository.complaints.lock(only)]
                due = [c for c in locked if c.next_rung_at is not None and c.next_rung_at <= now]
            else:
                due = await repository.complaints.due_for_a_rung(now, limit)
            cases = [Case(c) for c in due]
            blind = any(f.blind_since for f in await repository.folders.all())
            handovers = await Handovers.read(repository, {c.customer_id for c in due}, self.policy, now)
            for case in cases:
                handover = handovers.of(case.complaint.customer_id, case.complaint.received_at)
                climb(case, self.policy, now, blind=blind, reads=handover.recipient if handover else None)
            await write_cases(repository, cases, now, self.policy.mail_domain)
        return [case.complaint.ref for case in cases]

    async def take_up_ladders(self) -> bool:
        """After a start: where the ladders were changed, every open complaint climbs the new ones from now on.

        Nothing that was told is told again; see :mod:`complaints.escalation`.

        Returns:
            Whether they were changed.
        """
        now = self.clock()
        mark = hashlib.sha256(repr(self.policy.ladder).encode()).hexdigest()
        async with self.database.writing() as repository:
            if not await repository.complaints.ladders_differ(mark):
                return False
            await repository.complaints.climb_all(now, mark)
        log.info("ladders_taken_up")
        return True

    async def next_rung_at(self) -> datetime | None:
        """When the ladder next has something to do."""
        async with self.database.reading() as repository:
            return await repository.complaints.next_rung_at()

    async def next_instant(self) -> datetime | None:
        """When the clock or the outbox next has something to do, as it stands now."""
        async with self.database.reading() as repository:
            instants = [
                await repository.complaints.next_rung_at(),
                await repository.notices.next_attempt_at(),
            ]
        return min((i for i in instants if i is not None), default=None)


def _second_arrival(copy: SecondCopy) -> dict[str, Any]:
    return {
        "mailbox": copy.stored.mailbox,
        "at": copy.stored.received_at.isoformat(),
        "how": copy.how,
        "sha256": copy.stored.sha256,
    }


def _assigned(assessment: Assessment) -> str:
    """The id of the customer that the engine assigns to on its own, or empty."""
    found = assessment.match
    if assessment.decision is Decision.ASSIGN and isinstance(found, Matched):
        return found.customer.id
    return ""


def _reason(assessment: Assessment) -> str:
    """Why a person is asked, in a word or two that the board can show."""
    kind = assessment.recognition.kind
    if assessment.recognition.forbids:
        return holds.ON_HOLD
    if is_perhaps_forbidden(assessment.recognition):
        return holds.MAY_FORBID
    if kind not in (Kind.COMPLAINT, Kind.FOLLOW_UP):
        return kind.value.replace("-", " ")
    if isinstance(assessment.match, Matched):
        return PAPERS_NOT_READ if assessment.why.startswith(MAY_STAND_IN) else NOT_VERIFIED
    return type(assessment.match).__name__.lower()
