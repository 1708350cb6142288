"""Whose complaint it is, as a person says it: one customer's, or several customers', each of whom gets its own."""

from collections.abc import Sequence
from datetime import datetime

from complaints.agreed import Facts
from complaints.case import NOBODY_HAS_IT, Case, open_cases, write_cases
from complaints.climbing import climb
from complaints.errors import NotAllowed, UnknownCustomer
from complaints.facts import receipt
from complaints.forwarding import Forwarding
from complaints.handover import Handover, Handovers
from complaints.holds import put
from complaints.lessons import offers
from complaints.lifecycle import Event, Status
from complaints.model import Complaint, Customer
from complaints.other_customers import called
from complaints.policy import Policy
from complaints.reasons import SENT_BACK
from complaints.recalculation import change_deadline
from complaints.refs import id_of
from complaints.store.database import Database
from complaints.store.repository import Repository


class Assigning:
    """Gives complaints to customers.

    Args:
        database: where everything is kept.
        policy: terms, ladder and people.
        forwarding: the way to a customer.
    """

    def __init__(self, database: Database, policy: Policy, forwarding: Forwarding) -> None:
        self._database = database
        self._policy = policy
        self._forwarding = forwarding

    async def assign(
        self, repository: Repository, case: Case, customer_id: str, now: datetime, *, actor: str
    ) -> None:
        """Give it to a customer, on whose terms it counts from receipt; it is forwarded at once.

        Raises:
            UnknownCustomer: when there is no such one.
            NotAllowed: when it is on its way already.
        """
        handovers = await Handovers.read(repository, [customer_id], self._policy, now)
        handover = _known(handovers, customer_id, case.complaint.received_at)
        case.happen(
            Event.ASSIGNED,
            now,
            actor=actor,
            data={"customer": customer_id},
            **handover.given(),
            closed_at=None,
            **(NOBODY_HAS_IT if customer_id != case.complaint.customer_id else {}),
        )
        change_deadline(case, self._policy.deadline(handover.contract, Facts.of(case.complaint)), now)
        await self._learn(repository, case.complaint, handover, now, actor)
        self._forwarding.queue(case, now)
        case.notices += self._forwarding.first_notices(case.complaint)
        climb(case, self._policy, now)

    async def _learn(
        self, repository: Repository, complaint: Complaint, handover: Handover, now: datetime, actor: str
    ) -> None:
        """Offer what the letter calls this customer; what an earlier decision offered is taken back."""
        await repository.lessons.withdraw(complaint.id, now, actor)
        lessons = offers(complaint.evidence, handover.customer, complaint.id, now, actor)
        await repository.lessons.offer(lessons)

    async def split(
        self, ref: str, customer_ids: Sequence[str], now: datetime, *, actor: str
    ) -> list[Complaint]:
        """Say that the letter concerns all of these: whoever has no complaint by it gets one.

        The complaint itself goes to the first of them if it waits for a person and is nobody's, or was sent back
        by a customer who is not among them; each of the
        others gets a complaint of its own, received when the letter was, on that customer's terms. What lies
        under a hold is held for all. Safe to repeat.

        Returns:
            All complaints by this letter that are not dismissed, the oldest first.

        Raises:
            UnknownComplaint, UnknownCustomer: when there is no such one.
            NotAllowed: when it is closed, or no customer is named.
        """
        async with self._database.writing() as repository:
            family = [Case(one) for one in await repository.complaints.family(ref)]
            asked = next(case for case in family if case.complaint.id == id_of(ref))
            if asked.complaint.status is Status.CLOSED or not customer_ids:
                raise NotAllowed(
                    "it is closed" if customer_ids else "it is split between customers; name each of them"
                )
            missing = _without(customer_ids, family)
            handovers = await Handovers.read(repository, missing, self._policy, now)
            _name_each_other(
                family,
                [_known(handovers, one, asked.complaint.received_at).customer for one in missing],
            )
            if missing and _is_nobodys(asked.complaint, customer_ids):
                await self.assign(repository, asked, missing.pop(0), now, actor=actor)
            last = max(case.complaint.part for case in family)
            parts = [
                self._part(
                    asked.complaint,
                    last + number,
                    _known(handovers, customer_id, asked.complaint.received_at),
                    now,
                    actor,
                )
                for number, customer_id in enumerate(missing, 1)
            ]
            await open_cases(repository, parts)
            for case in parts:
                about = {"into": case.complaint.ref, "customer": case.complaint.customer_id}
                asked.happen(Event.SPLIT, now, actor=actor, data=about)
                case.notices += self._forwarding.first_notices(case.complaint)
                climb(case, self._policy, now)
            await write_cases(repository, [*family, *parts], now, self._policy.mail_domain)
        everybody = [case.complaint for case in (*family, *parts)]
        return [one for one in everybody if one.status is not Status.DISMISSED]

    def _part(self, of: Complaint, part: int, handover: Handover, now: datetime, actor: str) -> Case:
        deadline = self._policy.deadline(handover.contract, Facts.of(of))
        case = Case(
            Complaint(
                id=0,
                ref="",
                mail_id=of.mail_id,
                part=part,
                kind=of.kind,
                status=Status.RECEIVED,
                version=0,
                body_id=of.body_id,
                party=of.party,
                body_name=of.body_name,
                body_verified=of.body_verified,
                reference=of.reference,
                subject=of.subject,
                language=of.language,
                follows=of.follows,
                received_at=of.received_at,
                server_at=of.server_at,
                header_at=of.header_at,
                stored_at=of.stored_at,
                **deadline.given(),
                respond_by=of.respond_by,
                respond_by_quote=of.respond_by_quote,
                why=f"a person split it off {of.ref}",
                evidence=of.evidence,
            )
        )
        case.calendars[deadline.calendar_version] = deadline.content
        case.happen(Event.RECEIVED, now, actor=actor, data={**receipt(case.complaint), "split_off": of.ref})
        if of.held_at is not None:
            put(case, of.hold_reason, now, actor=actor)
        about = {"customer": handover.customer.id}
        case.happen(Event.MATCHED, now, actor=actor, data=about, **handover.given())
        self._forwarding.queue(case, now)
        return case


def _known(handovers: Handovers, customer_id: str, received_at: datetime) -> Handover:
    handover = handovers.of(customer_id, received_at)
    if handover is None:
        raise UnknownCustomer(f"no customer {customer_id}; `forthwith customers list` shows those there are")
    return handover


def _name_each_other(family: Sequence[Case], customers: Sequence[Customer]) -> None:
    """Note on each what the others of a letter are called, whom the engine may not have found in it (I2)."""
    served = {case.complaint.customer_id: [case.complaint.customer_name] for case in family}
    names = served | {one.id: called(one) for one in customers}
    names.pop("", None)
    for case in family:
        before = case.complaint.evidence
        case.change(evidence={**before, "called": names | before.get("called", {})})


def _without(customer_ids: Sequence[str], family: Sequence[Case]) -> list[str]:
    """Those who have no complaint by the letter yet."""
    served = {case.complaint.customer_id for case in family if case.complaint.status is not Status.DISMISSED}
    return [one for one in dict.fromkeys(customer_ids) if one not in served]


def _is_nobodys(complaint: Complaint, customer_ids: Sequence[str]) -> bool:
    """Whether it waits and is no customer's, or one's who sent it back and is not among those it concerns."""
    if complaint.status is not Status.NEEDS_REVIEW:
        return complaint.status is Status.DISMISSED
    owner = complaint.customer_id
    return not owner or (complaint.review_reason == SENT_BACK and owner not in customer_ids)
