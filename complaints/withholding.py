"""What waits for a key goes on once there is one; and what was written before a contract asked for more obeys it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from complaints.case import Case, write_cases
from complaints.climbing import climb
from complaints.confidential import KEY_FAULTS, Encryption, asked_by, strictest
from complaints.customer_facts import UNNAMED
from complaints.forwarding import Forwarding
from complaints.lifecycle import Event, Status
from complaints.model import Complaint
from complaints.outbox import Notice, NoticeKind
from complaints.policy import Policy
from complaints.store.database import Database
from complaints.store.repository import Repository


async def go_on(database: Database, policy: Policy, forwarding: Forwarding, now: datetime) -> list[str]:
    """Send on what waited for a key that can be used now, to the very reader it was meant for; safe to repeat.

    Returns:
        Our references of the complaints that go on.
    """
    async with database.reading() as repository:
        waiting = await repository.complaints.waiting_for(KEY_FAULTS)
    ready = [one.id for one in waiting if _may_go(one, forwarding, now)]
    if not ready:
        return []
    async with database.writing() as repository:
        locked = await repository.complaints.lock_all(ready)
        cases = [Case(one) for one in locked.values() if _may_go(one, forwarding, now)]
        for case in cases:
            case.happen(Event.KEY_FOUND, now)
            forwarding.queue(case, now)
            case.notices += forwarding.first_notices(case.complaint)
            climb(case, policy, now)
        await write_cases(repository, cases, now, policy.mail_domain)
    return [case.complaint.ref for case in cases]


def _may_go(one: Complaint, forwarding: Forwarding, now: datetime) -> bool:
    # Others may have taken it up between the look and the lock.
    waits = one.status is Status.NEEDS_REVIEW and one.review_reason in KEY_FAULTS and one.held_at is None
    return waits and not forwarding.key_fault(one, now)


async def as_asked_today(
    repository: Repository, notices: Sequence[Notice], policy: Policy, now: datetime
) -> list[Notice]:
    """These notices, each to be sealed as strictly as it was written or as the register asks by now.

    A contract that came to ask for encryption while a letter waited for the relay counts for that letter too. What
    must ring though it cannot be encrypted as the contract asks does so without naming the authority or its number.
    """
    day = policy.day(now)
    ids = {one.facts["customer_id"] for one in notices if _is_to_a_customer(one)}
    filed = await repository.customers.filed(ids) if ids else {}
    asked = {customer_id: asked_by(rows, day) for customer_id, rows in filed.items()}
    strict = (
        _at_least(one, asked.get(str(one.facts.get("customer_id")), Encryption.NONE)) for one in notices
    )
    return [_unnamed(one) if _is_bare(one, policy, now) else one for one in strict]


def _is_to_a_customer(notice: Notice) -> bool:
    return bool(notice.facts.get("customer_id")) and notice.goes_to_a_customer


def _at_least(notice: Notice, asked: Encryption) -> Notice:
    if asked is Encryption.NONE or not notice.goes_to_a_customer:
        return notice
    written = str(notice.facts.get("encryption", Encryption.NONE))
    return replace(notice, facts=notice.facts | {"encryption": strictest((written, asked)).value})


def _is_bare(notice: Notice, policy: Policy, now: datetime) -> bool:
    """Whether an alert goes out in the clear though the contract asks for encryption; a forward does not go at all."""
    strict = notice.facts.get("encryption") == Encryption.REQUIRED and notice.kind is not NoticeKind.FORWARD
    return strict and notice.goes_to_a_customer and bool(policy.keys.fault(notice.recipient, now))


def _unnamed(notice: Notice) -> Notice:
    return replace(notice, facts={**notice.facts, **UNNAMED})
