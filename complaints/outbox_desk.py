"""The outbox's side of the desk: what is sent, what became of it, and what is heard of it later."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import structlog

from complaints import drafting
from complaints.case import Case, write_cases
from complaints.climbing import climb
from complaints.clock import Clock
from complaints.deadlines import End, shifted, sooner
from complaints.delivery_report import Fate, Report
from complaints.forwarding import RELAY, Forwarding
from complaints.lifecycle import Event, Status
from complaints.outbox import (
    ALARM_TRIES,
    CLAIM_LASTS,
    RELAY_LOOKED_AT,
    RUNGS,
    NewNotice,
    Notice,
    NoticeKind,
    NoticeState,
    Outcome,
    Verdict,
    retry_at,
)
from complaints.policy import Policy
from complaints.store.database import Database
from complaints.store.notices import Draft, Try
from complaints.store.repository import Repository
from complaints.store.rows import Claim
from complaints.turns import Turns
from complaints.withholding import as_asked_today, go_on

log = structlog.get_logger()

_REPORTED = {
    Fate.DELAYED: Event.DELIVERY_DELAYED,
    Fate.RELAYED: Event.RELAYED,
    Fate.DELIVERED: Event.DELIVERED,
}


class OutboxDesk:
    """Gives notices out to be sent, and writes down what is known of them; each verb is one transaction."""

    def __init__(
        self, database: Database, policy: Policy, clock: Clock, forwarding: Forwarding, *, name: str
    ) -> None:
        """Open it.

        Args:
            database: where everything is kept.
            policy: ladder and people.
            clock: tells the present instant.
            forwarding: what follows for a complaint.
            name: of this desk among several on one database; what it claims is marked with it.
        """
        self._database = database
        self._policy = policy
        self._clock = clock
        self._forwarding = forwarding
        self._name = name

    async def claim(self, limit: int, *, alarms_alone: bool = False) -> list[Notice]:
        """Take notices that are due to be sent; alarms first (or alone), then by deadline."""
        now = self._clock()
        claim = Claim(by=self._name, at=now, until=now + CLAIM_LASTS)
        async with self._database.writing() as repository:
            notices = await repository.notices.claim(limit, claim, alarms_alone=alarms_alone)
            return await as_asked_today(repository, notices, self._policy, now)

    async def put_off(self, letters: Sequence[Notice]) -> None:
        """The relay is out of order: these were claimed and not tried, and no letter is for a moment.

        They keep their number of tries, and their order: by deadline all go once the relay is back.
        """
        now = self._clock()
        async with self._database.writing() as repository:
            ids = [letter.id for letter in letters]
            await repository.notices.put_off(ids, self._name, shifted(now, RELAY_LOOKED_AT))

    async def take_up_keys(self) -> list[str]:
        """Send on what waited for a key that can be used by now; returns our references. Safe to repeat."""
        return await go_on(self._database, self._policy, self._forwarding, self._clock())

    async def release_claims(self) -> None:
        """After a start: take up what a desk of this name was busy with when it was stopped."""
        async with self._database.writing() as repository:
            await repository.notices.release(self._name)
            await repository.mails.release(self._name)

    async def original(self, mail_id: int) -> bytes:
        """The verbatim bytes of a stored mail."""
        async with self._database.reading() as repository:
            return (await repository.mails.raw([mail_id]))[mail_id]

    async def may_go(self, notice: Notice) -> bool:
        """Whether nothing has taken it back since it was claimed: a legal hold does."""
        async with self._database.reading() as repository:
            return await repository.notices.state(notice.id) is NoticeState.SENDING

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write what became of tries to send: notices and complaints in one transaction (I5, I7)."""
        if not outcomes:
            return
        now = self._clock()
        async with self._database.writing() as repository:
            notices = await repository.notices.lock(one.notice for one in outcomes)
            cases = await self._cases_of(repository, notices.values())
            tries: list[Try] = []
            own: list[Draft] = []
            refused = {o.notice.complaint_id for o in outcomes if _is_refused_forward(o)}
            turns = await Turns.read(
                repository, (c.complaint for i, c in cases.items() if i in refused), self._policy, now
            )
            for one in outcomes:
                notice = notices[one.notice.id]
                if notice.state in (NoticeState.SENT, NoticeState.FAILED):
                    # An answer, a report or another desk has settled it meanwhile.
                    tries += _said_later(notice, one)
                    continue
                case = cases.get(notice.complaint_id or 0)
                tries.append(self._concluded(notice, one, case, now))
                if case is not None and notice.kind is NoticeKind.FORWARD:
                    self._forwarding.concluded(case, notice, one, turns, now)
                elif one.verdict is Verdict.PERMANENT or _in_vain(notice, one):
                    own += self._unheard(notice, one.reply, case)
            await repository.notices.conclude(tries)
            await write_cases(repository, cases.values(), now, self._policy.mail_domain)
            await repository.notices.write(own, now, self._policy.mail_domain)

    def _concluded(self, notice: Notice, outcome: Outcome, case: Case | None, now: datetime) -> Try:
        deadline = case.complaint.due_at if case and case.complaint.clock_runs else None
        state, again = NoticeState.SENT, now
        if outcome.verdict is Verdict.TEMPORARY:
            state, again = NoticeState.PENDING, retry_at(notice.attempts, now, deadline)
            if outcome.relay_down:
                again = sooner(again, shifted(now, RELAY_LOOKED_AT))
            if notice.state is NoticeState.CANCELLED:
                state = NoticeState.CANCELLED
        elif outcome.verdict is Verdict.PERMANENT:
            state = NoticeState.FAILED
        return Try(
            id=notice.id,
            state=state,
            reply=outcome.reply,
            queue_id=outcome.queue_id,
            sent_at=now if state is NoticeState.SENT else None,
            next_attempt_at=again,
            receipt=outcome.receipt,
        )

    async def away(self, message_id: str, until: date | None) -> None:
        """A mailbox at a customer's answers that its person is away: the next of the chain gets the letter too.

        The team is told, once a forward, and what to note down. Who has acknowledged had it read.

        Args:
            message_id: of the forward, or of a reminder to the same person.
            until: the last day that the answer names; None: it names none.
        """
        now = self._clock()
        async with self._database.writing() as repository:
            meant = await repository.notices.by_message_id([message_id])
            cases = await self._cases_of(repository, meant)
            turns = await Turns.read(repository, (c.complaint for c in cases.values()), self._policy, now)
            for notice in meant:
                case = cases.get(notice.complaint_id or 0)
                forward = turns.forward_to(case.complaint, notice.recipient) if case else None
                if case is not None and forward is not None:
                    self._forwarding.is_away(case, turns, forward, until, now)
            await write_cases(repository, cases.values(), now, self._policy.mail_domain)

    def _unheard(self, notice: Notice, reply: str, case: Case | None) -> list[Draft]:
        log.error("alarm_unheard", notice=notice.id, kind=notice.kind.value, ref=notice.ref)
        complaint = case.complaint if case else None
        drafts = drafting.alarm_failed(self._policy, notice, reply)
        return [Draft(notice=draft, complaint=complaint) for draft in drafts]

    async def reported(self, message_ids: Sequence[str], report: Report) -> list[str]:
        """A delivery report says that a forward is delayed, handed on, or has arrived: nothing is undone.

        Where the contract's time ends with delivery, a delay lets it run on until a report says that the
        forward arrived or the customer says so. What has arrived was accepted, though no answer to our DATA
        told so.

        Returns:
            Our references of the notices concerned; empty when no notice of ours is meant.
        """
        now = self._clock()
        async with self._database.writing() as repository:
            meant = await repository.notices.by_message_id(message_ids)
            cases = await self._cases_of(repository, meant)
            for notice in meant:
                case = cases.get(notice.complaint_id or 0)
                if case is None or notice.kind is not NoticeKind.FORWARD:
                    continue
                if report.fate is not Fate.DELAYED:
                    await self._forwarding.known_to_be_there(
                        repository, case, notice, "a delivery report", now
                    )
                data = {**report.data(), "message_id": notice.message_id}
                case.happen(_REPORTED[report.fate], now, actor=RELAY, data=data)
                self._hold_up(case, now, held_up=report.fate is Fate.DELAYED)
            await write_cases(repository, cases.values(), now, self._policy.mail_domain)
        return [notice.ref or "desk" for notice in meant]

    def _hold_up(self, case: Case, now: datetime, *, held_up: bool) -> None:
        if case.complaint.status is not Status.FORWARDED or case.complaint.until != End.DELIVERED:
            return
        climb(case, self._policy, now)
        case.change(held_up=held_up)
        climb(case, self._policy, now)

    async def bounced(self, message_ids: Sequence[str], reply: str, *, status: str = "") -> list[str]:
        """A notice of ours came back. A forward that did is undone (I5), everybody who can act is told.

        Args:
            message_ids: of notices, perhaps of ours.
            reply: what the report says.
            status: its code (RFC 3463), where it has one.

        Returns:
            Our references of the complaints concerned; empty when no notice of ours is meant.
        """
        now = self._clock()
        async with self._database.writing() as repository:
            meant = await repository.notices.by_message_id(message_ids)
            cases = await self._cases_of(repository, meant)
            turns = await Turns.read(repository, (c.complaint for c in cases.values()), self._policy, now)
            own: list[Draft] = []
            for notice in meant:
                case = cases.get(notice.complaint_id or 0)
                if case is None or notice.kind is not NoticeKind.FORWARD:
                    own += self._unheard(notice, reply, case)
                elif notice.state is not NoticeState.FAILED:
                    evidence = {"reply": reply, "status": status, "message_id": notice.message_id}
                    self._forwarding.lost(case, turns, notice, evidence, now, how=Event.BOUNCED)
            await repository.notices.conclude([_come_back(n, reply, now) for n in meant])
            await write_cases(repository, cases.values(), now, self._policy.mail_domain)
            await repository.notices.write(own, now, self._policy.mail_domain)
        return [notice.ref or "desk" for notice in meant]

    async def _cases_of(self, repository: Repository, notices: Iterable[Notice]) -> dict[int, Case]:
        ids = {n.complaint_id for n in notices if n.complaint_id is not None}
        return {i: Case(c) for i, c in (await repository.complaints.lock_all(ids)).items()}

    async def raise_alarm(self, key: str, problem: str) -> None:
        """Tell the managers, once a day, that something of the house's own arrangements is amiss."""
        now = self._clock()
        await self._write(drafting.arrangements(self._policy, key, problem, now), now)

    async def relay_in_trouble(self, relay: str, words: str) -> None:
        """Tell the managers, once a day, that a relay is out of order."""
        now = self._clock()
        await self._write(drafting.relay_trouble(self._policy, relay, words, now), now)

    async def _write(self, notices: Iterable[NewNotice], now: datetime) -> None:
        """Put notices that are about no complaint into the outbox."""
        async with self._database.writing() as repository:
            drafts = [Draft(notice=one) for one in notices]
            await repository.notices.write(drafts, now, self._policy.mail_domain)


def _in_vain(notice: Notice, outcome: Outcome) -> bool:
    """Whether an alarm has been tried so often that others must hear of it; it is tried further all the same."""
    tired = notice.kind in RUNGS and notice.attempts == ALARM_TRIES
    return tired and outcome.verdict is Verdict.TEMPORARY


def _is_refused_forward(outcome: Outcome) -> bool:
    return outcome.verdict is Verdict.PERMANENT and outcome.notice.kind is NoticeKind.FORWARD


def _said_later(notice: Notice, outcome: Outcome) -> list[Try]:
    """The relay's acceptance of what is known to have arrived: its words are kept, nothing else changes."""
    if notice.state is not NoticeState.SENT or outcome.verdict is not Verdict.SENT:
        return []
    said = Try(
        id=notice.id,
        state=NoticeState.SENT,
        reply=outcome.reply,
        queue_id=outcome.queue_id,
        sent_at=notice.sent_at,
        next_attempt_at=notice.next_attempt_at,
        receipt=outcome.receipt,
    )
    return [said]


def _come_back(notice: Notice, reply: str, now: datetime) -> Try:
    return Try(
        id=notice.id,
        state=NoticeState.FAILED,
        reply=reply,
        queue_id=notice.queue_id,
        sent_at=notice.sent_at,
        next_attempt_at=now,
        receipt=notice.receipt,
    )
