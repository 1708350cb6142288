"""Which notices an occasion calls for: who is written to, about what, under which key."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from complaints.absences import LAST_RESORT, Recipient
from complaints.auditor.finding import Finding
from complaints.confidential import Encryption, KeyFault
from complaints.customer_facts import facts_for_customer
from complaints.escalation import ReachedRung, is_url
from complaints.facts import facts_of_complaint
from complaints.lifecycle import Status
from complaints.model import Complaint, Kind
from complaints.outbox import NewNotice, Notice, NoticeKind
from complaints.policy import Policy
from complaints.reasons import cause_in_words
from complaints.sequences import FORWARD, Sequence

_LONGEST_IN_A_KEY = 200


def facts(policy: Policy, complaint: Complaint) -> dict[str, Any]:
    """What every notice about this complaint says."""
    return facts_of_complaint(
        complaint,
        organisation=policy.organisation,
        timezone=policy.timezone,
        dashboard_url=policy.dashboard_url,
    )


def forward(policy: Policy, complaint: Complaint, *, turn: str = "") -> NewNotice:
    """The complaint itself, to the supplier manager on file or who stands in.

    Args:
        policy: who speaks.
        complaint: as it stands.
        turn: why it is the next one's of the customer's chain; empty: it begins a handing-over.
    """
    return NewNotice(
        kind=NoticeKind.FORWARD,
        recipient=complaint.recipient_email,
        # The version makes a forward after a bounce, or one sent again by a person, a message of its own.
        dedupe_key=f"forward:{complaint.id}:{complaint.version}",
        facts=facts(policy, complaint)
        | facts_for_customer(complaint)
        | {"counted_in": _zone_of_its_calendar(policy, complaint)}
        | ({"turn": turn} if turn else {})
        | _sealing(complaint),
        mail_id=complaint.mail_id,
    )


def _zone_of_its_calendar(policy: Policy, complaint: Complaint) -> str:
    """The time zone (IANA) in which its deadline was counted; empty where the settings do not know it any more."""
    name, calendar = policy.calendar_named(complaint.calendar)
    return calendar.timezone if name == (complaint.calendar or name) else ""


def _sealing(complaint: Complaint) -> dict[str, Any]:
    """How the letter is to travel, and whether it came encrypted itself."""
    asked = {} if complaint.encryption == Encryption.NONE else {"encryption": complaint.encryption}
    opened = complaint.evidence.get("mail", {}).get("opened")
    return asked | ({"opened": opened} if opened else {})


def key_lacking(policy: Policy, complaint: Complaint, fault: KeyFault) -> list[NewNotice]:
    """To everybody who can act: it may go out encrypted alone, and there is no usable key.

    Args:
        policy: who is told.
        complaint: as it stands now.
        fault: what is wrong with the key of its recipient.
    """
    said = facts(policy, complaint) | {"cause": fault.value, "recipient_failed": complaint.recipient_email}
    # Where the letter is with somebody already, nothing more goes out by itself.
    waits = {"waits": "yes"} if complaint.status is Status.NEEDS_REVIEW else {}
    key = f"key-lacking:{complaint.id}:{complaint.version}"
    return _to_each(NoticeKind.KEY_LACKING, (*policy.triage, *policy.managers), key, said | waits)


def reviews(policy: Policy, complaint: Complaint) -> list[NewNotice]:
    """To the triage team (without one, to the managers): a person must decide."""
    said = facts(policy, complaint) | {"candidates": complaint.evidence.get("candidates", [])}
    key = f"review:{complaint.id}:{complaint.version}"
    return _to_each(NoticeKind.REVIEW, policy.triage or policy.managers, key, said)


def last_resort(policy: Policy, complaint: Complaint) -> list[NewNotice]:
    """To the triage team and the managers: only the fallback address was left; whether anybody reads it is open."""
    if complaint.standing_in != LAST_RESORT:
        return []
    key = f"last-resort:{complaint.id}:{complaint.version}"
    everybody = (*policy.triage, *policy.managers)
    return _to_each(NoticeKind.LAST_RESORT, everybody, key, facts(policy, complaint))


def answer(policy: Policy, complaint: Complaint, answered: Notice, what: str, **said: str) -> list[NewNotice]:
    """To the triage team: something answered a notice, and a person must read it. Once for each notice.

    Args:
        policy: who is told.
        complaint: what the notice was about.
        answered: the notice.
        what: ``question``, ``more``, ``remark``, ``outsider``, ``absence``, ``challenge`` or ``bounce``.
        said: further facts: ``answered_by``, ``reply``, ``until``, ``goes_on``.
    """
    return _answers(
        policy, f"answer:{answered.id}:{what}", facts(policy, complaint) | {"answer": what} | said
    )


def absence(
    policy: Policy, complaint: Complaint, forward: Notice, until: date | None, *, goes_on: str
) -> list[NewNotice]:
    """To the triage team: who was written to is away. Once for each forward.

    Args:
        policy: who is told.
        complaint: what it was about.
        forward: that their mailbox answered.
        until: the last day that it names; None: it names none.
        goes_on: who gets the letter as well; empty: nobody of the chain is left.
    """
    said = {"until": until.isoformat() if until else "", "goes_on": goes_on}
    return answer(policy, complaint, forward, "absence", answered_by=forward.recipient, **said)


def stray_report(policy: Policy, about: str, day: str) -> list[NewNotice]:
    """To the triage team: a delivery report fits nothing that we sent. Once a day, for spam brings many."""
    said = _of_the_house(policy) | {"answer": "stray", "answered_by": about}
    return _answers(policy, f"stray:{day}:{about}", said)


def _answers(policy: Policy, key: str, said: dict[str, Any]) -> list[NewNotice]:
    return _to_each(NoticeKind.ANSWER, policy.triage or policy.managers, key, said)


def alarm(
    policy: Policy,
    complaint: Complaint,
    sequence: Sequence,
    reached: ReachedRung,
    *,
    person: str,
    cause: str,
    not_before: datetime | None = None,
    reads: Recipient | None = None,
) -> NewNotice:
    """A rung of a ladder, to one person; its key makes it fire once (I7).

    Args:
        policy: who speaks.
        complaint: as it stands.
        sequence: the ladder.
        reached: its rung.
        person: who is told.
        cause: why it has not happened yet.
        not_before: the end of their quiet hours.
        reads: who reads the customer's letters today; None: whom the complaint goes to.
    """
    said: dict[str, Any] = {
        "rung": reached.name,
        "rung_due_at": reached.at.isoformat(),
        "cause": cause_in_words(cause),
    }
    theirs = (complaint.recipient_email, complaint.manager_email, complaint.deputy_email)
    if person.lower() in {one.lower() for one in theirs if one}:
        said |= facts_for_customer(complaint, person) | _sealing(complaint)
    elif reads is not None and reads.standing_in and not complaint.standing_in:
        # It went to a supplier manager who is away by now, and our people are to ask somebody who is there.
        said |= {"reads_today": reads.email, "away": reads.standing_in}
    # Not the forward: what was told before it is not told again after it.
    counted = complaint.deadline_version if sequence.name in _OF_THE_TERM else sequence.counts_for
    whose = () if sequence.name in _OF_THE_TERM else (sequence.name,)
    key = (complaint.id, *whose, counted, reached.name, reached.at.isoformat(), _short(person))
    return NewNotice(
        kind=sequence.kind or reached.kind,
        recipient=person,
        dedupe_key="rung:" + ":".join(map(str, key)),
        facts=facts(policy, complaint) | said,
        not_before=not_before,
    )


_OF_THE_TERM = (FORWARD, "reminding")


def _short(person: str) -> str:
    """An address as a key holds it; those of web hooks can be very long."""
    return person if len(person) <= _LONGEST_IN_A_KEY else hashlib.sha256(person.encode()).hexdigest()


def unheard_rung(
    policy: Policy, complaint: Complaint, reached: ReachedRung, now: datetime
) -> list[NewNotice]:
    """To the managers, once a day: this rung reaches nobody whom it names; who was told instead."""
    named = ", ".join(_shown(one) for one in reached.instead or reached.tells)
    problem = f"the rung “{reached.name}” of the ladder reaches nobody: {named} stands for no address now"
    return arrangements(policy, f"rung:{reached.name}", problem, now, complaint)


def arrangements(
    policy: Policy, key: str, problem: str, now: datetime, complaint: Complaint | None = None
) -> list[NewNotice]:
    """To the managers (without any, to the triage team), once a day: something of the house's own is amiss."""
    said = (facts(policy, complaint) if complaint else {}) | _of_the_house(policy) | {"problem": problem}
    key = f"arrangements:{policy.day(now)}:{key}"
    return _to_each(NoticeKind.ARRANGEMENTS, policy.managers or policy.triage, key, said)


def relay_trouble(policy: Policy, relay: str, words: str, now: datetime) -> list[NewNotice]:
    """To the managers (without any, to the triage team), once a day: this relay has been out of order for a while."""
    said = _of_the_house(policy) | {"relay": relay, "reply": words}
    key = f"relay:{policy.day(now)}:{relay}"
    return _to_each(NoticeKind.RELAY_TROUBLE, policy.managers or policy.triage, key, said)


def withheld(policy: Policy, complaint: Complaint, forward: Notice, octets: int) -> list[NewNotice]:
    """To whoever should have had the letter: it is too big to be mailed, and waits to be collected."""
    if complaint.kind is Kind.SYNTHETIC:
        return []
    theirs = facts_for_customer(complaint, forward.recipient)
    said = facts(policy, complaint) | theirs | {"octets": octets} | _sealing(complaint)
    if complaint.encryption != Encryption.NONE:
        # A note that finds no key goes in the clear: of such a contract's letters it says nothing.
        said |= {"subject": "", "attachments": []}
    else:
        said["words"] = True
    notices = _to_each(NoticeKind.WITHHELD, [forward.recipient], f"withheld:{forward.id}", said)
    return [replace(one, mail_id=complaint.mail_id) for one in notices]


def audit(policy: Policy, findings: Collection[Finding], now: datetime) -> list[NewNotice]:
    """To everybody who can act: what should have been told or done differs from what was."""
    told = [{"ref": one.ref, "what": one.what.value, "words": one.words} for one in findings]
    said = _of_the_house(policy) | {"findings": told, "finding_count": len(findings)}
    everybody = (*policy.managers, *policy.triage)
    return _to_each(NoticeKind.AUDIT, everybody, f"audit:{now.isoformat()}", said)


def _shown(named: str) -> str:
    return f"{named.partition('://')[0]}://..." if is_url(named) else named


def forward_failed(
    policy: Policy, complaint: Complaint, notice: Notice, reply: str, *, goes_on: str = "", octets: int = 0
) -> list[NewNotice]:
    """To everybody who can act: the forward was refused for good, or came back.

    Args:
        policy: who is told.
        complaint: what it was about.
        notice: the forward.
        reply: what was said of it.
        goes_on: to whom of the customer's chain it goes now by itself; empty: to nobody.
        octets: of a message that is too big for every relay; else 0.
    """
    if complaint.kind is Kind.SYNTHETIC:
        return []  # it has an alarm of its own
    said = facts(policy, complaint) | {"goes_on": goes_on} | ({"octets": octets} if octets else {})
    return _failures(notice, reply, said, (*policy.triage, *policy.managers))


def alarm_failed(policy: Policy, notice: Notice, reply: str) -> list[NewNotice]:
    """To everybody else who can act: an alarm could not reach its person.

    Of a failure's own notice there are none: its twins went to all the others already.
    """
    if notice.kind is NoticeKind.DELIVERY_FAILED:
        return []
    others = (person for person in (*policy.managers, *policy.triage) if person != notice.recipient)
    # What a customer's people were to be told is told to our own in our own way.
    said = notice.facts | {"to_customer": "", "timezone": policy.timezone}
    return _failures(notice, reply, said, others)


def _failures(notice: Notice, reply: str, said: dict[str, Any], people: Iterable[str]) -> list[NewNotice]:
    said = said | {"reply": reply, "recipient_failed": notice.recipient}
    return _to_each(NoticeKind.DELIVERY_FAILED, people, f"failed:{notice.id}", said)


def _to_each(kind: NoticeKind, people: Iterable[str], key: str, said: dict[str, Any]) -> list[NewNotice]:
    """The same to each of these people, once for each key."""
    return [
        NewNotice(kind=kind, recipient=person, dedupe_key=f"{key}:{_short(person)}", facts=said)
        for person in dict.fromkeys(people)
    ]


def _of_the_house(policy: Policy) -> dict[str, Any]:
    """What a notice says that is about the desk itself."""
    return {
        "organisation": policy.organisation,
        "timezone": policy.timezone,
        "dashboard_url": policy.dashboard_url,
    }
