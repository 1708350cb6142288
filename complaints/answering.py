"""What the desk does with answers to its notices: each verb one transaction, each safe to repeat."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import structlog

from complaints import drafting
from complaints.case import NOBODY_HAS_IT, Case, write_cases
from complaints.climbing import climb
from complaints.clock import Clock
from complaints.confirmation import Says
from complaints.contacts import Contacts, mailbox
from complaints.contracts import on_file
from complaints.errors import UnknownComplaint
from complaints.forwarding import Forwarding
from complaints.lifecycle import SETTLED, TRANSITIONS, Event, Status
from complaints.model import Complaint
from complaints.outbox import CANCELLED_BY_FORWARD, RUNGS, NewNotice, Notice, NoticeKind
from complaints.pauses import pause
from complaints.policy import Policy
from complaints.reasons import SENT_BACK
from complaints.refs import ref_of
from complaints.store.database import Database
from complaints.store.notices import Draft
from complaints.store.repository import Repository
from complaints.turns import role, round_of

log = structlog.get_logger()

_MACHINES_MOST = 10
"""Automatic replies that one complaint's history takes in; what answers a hundred times has said it by then."""

_ASKS_THEM = frozenset({NoticeKind.FORWARD, NoticeKind.UNACKNOWLEDGED, NoticeKind.ANSWER_DUE})
"""What goes to the customer's people: their answers to an alert say of the forward what they say."""

_DESK = "desk"
"""Stands for a reference where a notice was about the desk itself."""


class AnswerDesk:
    """Takes answers to notices: of people, of machines, of servers that are not sure."""

    def __init__(self, database: Database, policy: Policy, clock: Clock, own_domains: frozenset[str]) -> None:
        """Sit down beside the complaints' desk.

        Args:
            database: where everything is kept.
            policy: who is told.
            clock: tells the present instant.
            own_domains: of the house's people.
        """
        self._database = database
        self._policy = policy
        self._clock = clock
        self._own_domains = own_domains
        self._forwarding = Forwarding(policy)

    async def replied(
        self, notice: Notice, sender: str, said: Says, *, outsiders: bool = False
    ) -> tuple[str, bool]:
        """A person answered a notice.

        A forward's answer counts from the contacts on file and from those it was sent to: it acknowledges, or
        it sends the complaint back, or a person is asked to read it. Whoever else answers, though at the
        customer's own domain, is evidence that a person reads.

        Args:
            notice: of ours.
            sender: lower case.
            said: what they say.
            outsiders: whether an answer of somebody whom nobody on file knows is taken as one.

        Returns:
            Our reference of the complaint, empty when the answer came from a stranger; and whether it counted.
        """
        now = self._clock()
        async with self._database.writing() as repository:
            if notice.complaint_id is None:
                return (_DESK if self._is_ours(notice, sender) else ""), False
            [case] = await _locked(repository, [notice.complaint_id])
            contacts = await self._contacts(repository, case.complaint, now)
            counts = notice.kind in _ASKS_THEM and mailbox(sender) in contacts.known
            if counts:
                if notice.kind is NoticeKind.FORWARD and said.confirms:
                    await self._forwarding.known_to_be_there(repository, case, notice, "an answer to it", now)
                self._answer_to_forward(case, notice, sender, said, now)
                if notice.kind is NoticeKind.ANSWER_DUE and said.confirms:
                    # Whether the body has its answer, a person must read.
                    self._remark(case, notice, sender, now)
                if case.complaint.review_reason == SENT_BACK:
                    await repository.lessons.withdraw(case.complaint.id, now, sender)
            elif notice.kind is not NoticeKind.FORWARD and self._is_ours(notice, sender):
                self._answer_to_alert(case, notice, sender, said, now)
            elif notice.kind in _ASKS_THEM and (outsiders or contacts.is_colleague(sender)):
                self._outsider(case, notice, sender, contacts, now)
            else:
                return "", False
            await write_cases(repository, [case], now, self._policy.mail_domain)
            if case.before.clock_runs and not case.complaint.clock_runs:
                await repository.notices.cancel([case.complaint.id], CANCELLED_BY_FORWARD)
        return case.complaint.ref, counts

    async def named(self, ref: str, sender: str) -> str:
        """Somebody on file names our reference, in a mail that answers none of ours: a person reads it.

        Returns:
            Our reference of the complaint; empty when they are nobody of its customer's.
        """
        now = self._clock()
        async with self._database.writing() as repository:
            try:
                case = Case(await repository.complaints.lock(ref))
            except UnknownComplaint:
                return ""
            contacts = await self._contacts(repository, case.complaint, now)
            if not contacts.forwards or not (
                mailbox(sender) in contacts.known or contacts.is_colleague(sender)
            ):
                return ""
            self._outsider(case, contacts.forwards[-1], sender, contacts, now)
            await write_cases(repository, [case], now, self._policy.mail_domain)
        return case.complaint.ref

    async def _contacts(self, repository: Repository, complaint: Complaint, now: datetime) -> Contacts:
        filed = await repository.customers.filed([complaint.customer_id])
        forwards = (await repository.notices.forwards([complaint.id])).get(complaint.id, ())
        row = on_file(filed.get(complaint.customer_id, ()), self._policy.day(now))
        return Contacts.of(complaint, row, round_of(forwards))

    def _outsider(self, case: Case, notice: Notice, sender: str, contacts: Contacts, now: datetime) -> None:
        whose = "a colleague" if contacts.is_colleague(sender) else "somebody else"
        whose = "the contact on file, in no thread" if mailbox(sender) in contacts.known else whose
        data = {"says": "not read", "by": whose, "message_id": notice.message_id}
        case.happen(Event.REPLIED, now, actor=sender, data=data)
        case.notices += self._ask(case.complaint, notice, "outsider", sender)

    def _answer_to_forward(self, case: Case, notice: Notice, sender: str, said: Says, now: datetime) -> None:
        status = case.complaint.status
        if said is Says.NOT_THEIRS and (status, Event.SENT_BACK) in TRANSITIONS:
            self._send_back(case, sender, now)
            return
        if said is not Says.HAS_IT:
            case.happen(Event.REPLIED, now, actor=sender, data={"says": said.value})
            what = "more" if said.confirms else "question"
            case.notices += self._ask(case.complaint, notice, what, sender)
        if said.confirms and status is Status.FORWARDED:
            climb(case, self._policy, now)  # where this ends the time, it may come late
            data = {"by": "reply", "message_id": notice.message_id}
            case.happen(Event.ACKNOWLEDGED, now, actor=sender, data=data, acknowledged_at=now)
            climb(case, self._policy, now)

    def _send_back(self, case: Case, sender: str, now: datetime) -> None:
        """The customer says that it is not theirs: whose it is has to be decided again, its clock running (I2)."""
        why = f"{case.complaint.customer_name or 'the customer'} sent it back as not theirs; it had been given to them because: {case.complaint.why}"
        case.happen(
            Event.SENT_BACK,
            now,
            actor=sender,
            data={"customer": case.complaint.customer_id},
            review_reason=SENT_BACK,
            why=why,
            **NOBODY_HAS_IT,
        )
        case.notices += drafting.reviews(self._policy, case.complaint)
        climb(case, self._policy, now)

    def _answer_to_alert(self, case: Case, notice: Notice, sender: str, said: Says, now: datetime) -> None:
        """Somebody answers an alert: who neither asks nor objects has taken it up. The team reads it anyhow.

        An answer to what tells of an answer is only kept.
        """
        if notice.kind is NoticeKind.ANSWER:
            return
        if notice.kind in RUNGS and said.confirms and case.complaint.status not in SETTLED:
            length = self._policy.pause_after_reply
            pause(case, self._policy, length, now, actor=sender, data={"by": "reply"})
        self._remark(case, notice, sender, now)

    def _remark(self, case: Case, notice: Notice, sender: str, now: datetime) -> None:
        """An answer that nobody but the team can read."""
        said = f"something to our {notice.kind.value.replace('_', ' ')}"
        case.happen(Event.REPLIED, now, actor=sender, data={"says": said})
        case.notices += self._ask(case.complaint, notice, "remark", sender)

    def _ask(self, complaint: Complaint, notice: Notice, what: str, sender: str) -> list[NewNotice]:
        return drafting.answer(self._policy, complaint, notice, what, answered_by=sender)

    def _is_ours(self, notice: Notice, sender: str) -> bool:
        return sender == notice.recipient.lower() or sender.rpartition("@")[2] in self._own_domains

    async def replied_by_machine(self, notice: Notice, sender: str, until: date | None) -> str:
        """A machine answered a notice: the history tells that its person is away. Nothing else comes of it."""
        now = self._clock()
        if notice.complaint_id is None:
            return _DESK
        async with self._database.writing() as repository:
            [case] = await _locked(repository, [notice.complaint_id])
            if notice.kind is NoticeKind.FORWARD:
                await self._forwarding.known_to_be_there(repository, case, notice, "an automatic reply", now)
            told = [
                event.data.get("message_id")
                for event in await repository.complaints.history(notice.complaint_id)
                if event.name == Event.AUTO_REPLIED.value
            ]
            if notice.message_id not in told and len(told) < _MACHINES_MOST:
                data = {
                    "of": _role(notice, case.complaint),
                    "until": until.isoformat() if until else "",
                    "message_id": notice.message_id,
                }
                case.happen(Event.AUTO_REPLIED, now, actor=sender or "a machine", data=data)
            await write_cases(repository, [case], now, self._policy.mail_domain)
        return ref_of(notice.complaint_id)

    async def challenged(self, notice: Notice, sender: str) -> str:
        """A machine keeps a notice back until somebody proves to be a person: the team is asked to, once a notice."""
        if notice.complaint_id is None:
            return _DESK
        now = self._clock()
        async with self._database.writing() as repository:
            [case] = await _locked(repository, [notice.complaint_id])
            data = {"says": "keeps it back until somebody clicks or answers", "message_id": notice.message_id}
            case.happen(Event.REPLIED, now, actor=sender or "a machine", data=data)
            case.notices += self._ask(case.complaint, notice, "challenge", sender or notice.recipient)
            await write_cases(repository, [case], now, self._policy.mail_domain)
        return case.complaint.ref

    async def read(self, notice: Notice, sender: str, seen: str) -> str:
        """A read receipt came for a notice: evidence of what was done with it, and no acknowledgement."""
        if notice.complaint_id is None:
            return _DESK
        now = self._clock()
        async with self._database.writing() as repository:
            [case] = await _locked(repository, [notice.complaint_id])
            data = {"of": _role(notice, case.complaint), "disposition": seen, "message_id": notice.message_id}
            case.happen(Event.READ, now, actor=sender or "a machine", data=data)
            await write_cases(repository, [case], now, self._policy.mail_domain)
        return case.complaint.ref

    async def doubted(self, notices: Sequence[Notice], report: str) -> list[str]:
        """A report of non-delivery may be about these notices, and does not prove it: a person is asked.

        Returns:
            Our references of the complaints concerned.
        """
        now = self._clock()
        by_complaint = {n.complaint_id: n for n in reversed(notices) if n.complaint_id is not None}
        async with self._database.writing() as repository:
            cases = await _locked(repository, by_complaint)
            for case in cases:
                notice = by_complaint[case.complaint.id]
                case.happen(Event.BOUNCE_DOUBTED, now, actor="relay", data={"reply": report})
                case.notices += drafting.answer(
                    self._policy,
                    case.complaint,
                    notice,
                    "bounce",
                    answered_by=notice.recipient,
                    reply=report,
                )
            await write_cases(repository, cases, now, self._policy.mail_domain)
        return [case.complaint.ref for case in cases]

    async def stray(self, about: str) -> None:
        """A report of non-delivery fits nothing that we sent: the team hears of it, of spam's once a day.

        Args:
            about: the address it is about, where we have written to that lately; else empty.
        """
        now = self._clock()
        drafts = drafting.stray_report(self._policy, about, now.date().isoformat())
        async with self._database.writing() as repository:
            await repository.notices.write(
                [Draft(notice=draft) for draft in drafts], now, self._policy.mail_domain
            )


async def _locked(repository: Repository, ids: Iterable[int]) -> list[Case]:
    return [Case(complaint) for complaint in (await repository.complaints.lock_all(ids)).values()]


def _role(notice: Notice, complaint: Complaint) -> str:
    """Whose machine answered, in a word that may be shown everywhere."""
    if notice.kind is NoticeKind.FORWARD:
        return role(notice, complaint)
    return "deputy" if notice.recipient.lower() == complaint.deputy_email.lower() else "a person alerted"
