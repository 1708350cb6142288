"""What a forward's fate does to its complaint, gathered on its case: queued, accepted, lost, gone on to the next."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from complaints import drafting
from complaints.case import DESK, NOBODY_HAS_IT, Case
from complaints.climbing import climb
from complaints.confidential import KEY_FAULTS, Encryption, KeyFault
from complaints.handover import Handover
from complaints.holds import ON_HOLD
from complaints.lifecycle import TRANSITIONS, Event, Status
from complaints.model import Complaint, Kind
from complaints.outbox import OUTCOME_UNKNOWN, NewNotice, Notice, NoticeState, Outcome, Verdict
from complaints.policy import Policy
from complaints.reasons import ALL_AWAY, BOUNCED, NO_MANAGER, REFUSED, TOO_BIG
from complaints.store.notices import Try
from complaints.store.repository import Repository
from complaints.turns import AWAY, CAME_BACK, Turns, role

RELAY = "relay"
"""The actor of what a mail server reports."""

_FAILURES = frozenset(TRANSITIONS) & {
    (status, event) for status in Status for event in (Event.BOUNCED, Event.DELIVERY_FAILED)
} | {(Status.FORWARDED, Event.DELIVERY_FAILED)}
"""When a forward that is lost is more than evidence; of two in one handing-over the second may be refused."""


_ACTORS = {Event.BOUNCED: RELAY, Event.DELIVERY_FAILED: DESK}


class Forwarding:
    """The one place by which anything goes to a customer.

    Args:
        policy: who is told, and the ladders.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def queue(self, case: Case, now: datetime) -> None:
        """Let it go to the recipient on the complaint; where there is none, a person is asked."""
        complaint = case.complaint
        if complaint.held_at is not None:
            case.happen(Event.NEEDS_REVIEW, now, review_reason=ON_HOLD)
            return
        if not complaint.recipient_email:
            reason = ALL_AWAY if complaint.manager_email else NO_MANAGER
            case.happen(Event.NEEDS_REVIEW, now, review_reason=reason)
            return
        if fault := self.key_fault(complaint, now):
            case.happen(Event.NEEDS_REVIEW, now, review_reason=fault.value)
            return
        case.happen(Event.FORWARD_QUEUED, now, data=_addressed(complaint), review_reason="")

    def key_fault(self, complaint: Complaint, now: datetime) -> KeyFault | None:
        """Why it must not go to its recipient now: it may go encrypted alone, and cannot be; None: it may go."""
        if complaint.encryption != Encryption.REQUIRED:
            return None
        return self._policy.keys.fault(complaint.recipient_email, now)

    def first_notices(self, complaint: Complaint, *, turn: str = "") -> list[NewNotice]:
        """The forward of a complaint that has just been queued, else what asks a person."""
        if complaint.review_reason in KEY_FAULTS:
            return drafting.key_lacking(self._policy, complaint, KeyFault(complaint.review_reason))
        if complaint.status is not Status.FORWARDING:
            return drafting.reviews(self._policy, complaint)
        forward = drafting.forward(self._policy, complaint, turn=turn)
        return [forward, *drafting.last_resort(self._policy, complaint)]

    def concluded(self, case: Case, notice: Notice, outcome: Outcome, turns: Turns, now: datetime) -> None:
        """Move the complaint as its forward went. An answer about an older forward moves nothing."""
        evidence = _evidence(notice, outcome)
        status = case.complaint.status
        if outcome.withheld:
            self._withheld(case, KeyFault(outcome.withheld), evidence, now)
        elif outcome.verdict is Verdict.PERMANENT:
            octets = int(outcome.receipt.get("octets", 0)) if outcome.too_big else 0
            self.lost(case, turns, notice, evidence, now, how=Event.DELIVERY_FAILED, octets=octets)
        elif outcome.verdict is Verdict.TEMPORARY:
            if outcome.reply != notice.reply and status in (Status.FORWARDING, Status.FORWARDED):
                data = {**evidence, "try": notice.attempts}
                kept = {} if status is Status.FORWARDING else {"delivery": case.complaint.delivery}
                case.happen(Event.DELIVERY_DELAYED, now, data=data, **kept)
        elif status is Status.FORWARDING:
            self._accepted(case, evidence, now, since=case.complaint.forwarded_at)
        elif case.complaint.held_at is not None:
            # It was with the relay already when the hold came, and cannot be called back.
            data = {**evidence, "despite": ON_HOLD}
            case.happen(Event.ALSO_FORWARDED, now, data=data, review_reason="on its way when held")
            case.notices += drafting.reviews(self._policy, case.complaint)
        else:
            case.happen(Event.ALSO_FORWARDED, now, data=dict(evidence))

    def _withheld(self, case: Case, fault: KeyFault, evidence: Mapping[str, Any], now: datetime) -> None:
        """The key became unusable between the writing and the sending: as if there had been none at once."""
        if case.complaint.status is Status.FORWARDING:
            # What the contract came to ask since counts from now on, or it would go on at once and stop again.
            changes = {"review_reason": fault.value, "encryption": Encryption.REQUIRED.value}
            case.happen(Event.DELIVERY_FAILED, now, data=dict(evidence), **NOBODY_HAS_IT, **changes)
        else:
            case.happen(Event.KEY_LACKING, now, data={**evidence, "fault": fault.value})
        case.notices += drafting.key_lacking(self._policy, case.complaint, fault)
        climb(case, self._policy, now)

    def _accepted(
        self, case: Case, evidence: Mapping[str, Any], now: datetime, *, since: datetime | None = None
    ) -> None:
        # A letter that goes out after its time was late, though no tick had noticed it before.
        climb(case, self._policy, now)
        data = dict(evidence) | ({"since": since.isoformat()} if since else {})
        case.happen(Event.FORWARDED, now, data=data, forwarded_at=since or now, held_up=False)
        climb(case, self._policy, now)

    def lost(
        self,
        case: Case,
        turns: Turns,
        notice: Notice,
        evidence: Mapping[str, Any],
        now: datetime,
        *,
        how: Event,
        octets: int = 0,
    ) -> None:
        """A forward was refused for good or came back.

        What it proved is undone (I5), everybody who can act is told, and the next of the customer's chain is
        written to at once, on the same clock. Where somebody else of the customer's has the letter, or has said
        so, it is evidence and undoes nothing. What is too big for our relays (``octets``) goes to nobody else, who
        could not have it either: it is kept until a person has brought it.
        """
        about = case.complaint
        if not turns.counts(about, notice) or (about.status, how) not in _FAILURES:
            _note_loss(case, evidence, now, how)
            return
        turns.lose(notice)
        goes_on = turns.is_last(about, notice) and about.held_at is None and not octets
        following = turns.next(about, CAME_BACK) if goes_on else None
        if about.status is Status.FORWARDED and turns.standing(about) == about.forwarded_at:
            _note_loss(case, evidence, now, how)
            self._tell_of_loss(case, notice, evidence, following, now, octets=octets)
            if following is not None:
                self._write_to_another(case, following, notice, now)
            return
        reason = BOUNCED if how is Event.BOUNCED else TOO_BIG if octets else REFUSED
        undone: Mapping[str, Any] = NOBODY_HAS_IT
        data = dict(evidence)
        if about.forwarded_at is not None and about.forwarded_at < notice.created_at:
            # It was sent once more: what the first forward proved stands.
            undone, data["stands"] = {}, about.forwarded_at.isoformat()
        case.happen(how, now, actor=_ACTORS[how], data=data, review_reason=reason, **undone)
        self._tell_of_loss(case, notice, evidence, following, now, octets=octets)
        climb(case, self._policy, now)
        if following is not None:
            case.happen(Event.PASSED_ON, now, data=_passed_on(notice, case.complaint), **following.given())
            self.queue(case, now)
            case.notices += self.first_notices(case.complaint, turn=reason)
            climb(case, self._policy, now)
        else:
            self._rest_on_another(case, turns, notice, now)

    def _rest_on_another(self, case: Case, turns: Turns, notice: Notice, now: datetime) -> None:
        """Somebody was written to after who could not be reached: that forward is now the one that counts."""
        standing = turns.standing(case.complaint)
        if standing is None and not turns.under_way(case.complaint):
            return
        case.happen(Event.PASSED_ON, now, data=_passed_on(notice, case.complaint))
        case.happen(Event.FORWARD_QUEUED, now, data=_addressed(case.complaint), review_reason="")
        if standing is not None:
            self._accepted(case, {"reply": "accepted before the other came back"}, now, since=standing)

    def _tell_of_loss(
        self,
        case: Case,
        notice: Notice,
        evidence: Mapping[str, Any],
        following: Handover | None,
        now: datetime,
        *,
        octets: int = 0,
    ) -> None:
        case.notices += drafting.forward_failed(
            self._policy,
            case.complaint,
            notice,
            str(evidence["reply"]),
            goes_on=self._reader(case.complaint, following, now),
            octets=octets,
        )
        if octets:
            case.notices += drafting.withheld(self._policy, case.complaint, notice, octets)

    def _write_to_another(self, case: Case, handover: Handover, notice: Notice, now: datetime) -> None:
        """The next of the chain gets the letter as well; who has it keeps it, and so does its forward."""
        case.happen(Event.DEPUTY_TURN, now, data=_passed_on(notice, case.complaint), **handover.given())
        if fault := self.key_fault(case.complaint, now):
            case.happen(Event.KEY_LACKING, now, data={"fault": fault.value})
            case.notices += drafting.key_lacking(self._policy, case.complaint, fault)
            return
        case.notices.append(drafting.forward(self._policy, case.complaint, turn="away"))
        case.notices += drafting.last_resort(self._policy, case.complaint)

    def _reader(self, complaint: Complaint, following: Handover | None, now: datetime) -> str:
        """Whom it goes on to by itself; empty: nobody, or somebody to whom it cannot be encrypted as it must."""
        given = following.given() if following is not None else {}
        next_one = replace(complaint, **given)
        return next_one.recipient_email if given and not self.key_fault(next_one, now) else ""

    def is_away(self, case: Case, turns: Turns, notice: Notice, until: date | None, now: datetime) -> None:
        """Who was written to is away: the next of the chain gets it too, and the team hears of it.

        Args:
            case: its complaint, the row held.
            turns: what is known of its forwards.
            notice: the forward whose mailbox answered.
            until: the last day that it names; None: it names none.
            now: aware.
        """
        about = case.complaint
        last = turns.counts(about, notice) and turns.is_last(about, notice)
        if about.kind is Kind.SYNTHETIC or about.status is not Status.FORWARDED or not last:
            return
        handover = turns.next(about, AWAY) if about.held_at is None else None
        case.notices += drafting.absence(
            self._policy, about, notice, until, goes_on=self._reader(about, handover, now)
        )
        if handover is not None:
            self._write_to_another(case, handover, notice, now)

    async def known_to_be_there(
        self, repository: Repository, case: Case, notice: Notice, by: str, now: datetime
    ) -> None:
        """What arrived was accepted: that settles a try whose outcome nobody knew, and no copy is sent again."""
        tried = notice.attempts and notice.state in (NoticeState.PENDING, NoticeState.SENDING)
        if case.complaint.status is not Status.FORWARDING or not tried:
            return
        words = f"{OUTCOME_UNKNOWN} before; settled by {by}"
        evidence = {"reply": words, "message_id": notice.message_id}
        self._accepted(case, evidence, now, since=case.complaint.forwarded_at)
        settled = Try(
            id=notice.id,
            state=NoticeState.SENT,
            reply=words,
            queue_id=notice.queue_id,
            sent_at=now,
            next_attempt_at=now,
            receipt=notice.receipt,
        )
        await repository.notices.conclude([settled])


def _note_loss(case: Case, evidence: Mapping[str, Any], now: datetime, how: Event) -> None:
    case.happen(Event.UNDELIVERED, now, actor=_ACTORS[how], data={**evidence, "how": how.value})


def _passed_on(notice: Notice, complaint: Complaint) -> dict[str, Any]:
    """Whom a forward was in vain to, without personal data."""
    return {"from": role(notice, complaint), "message_id": notice.message_id}


def _addressed(complaint: Complaint) -> dict[str, Any]:
    """Whom a forward goes to, without personal data."""
    if not complaint.standing_in:
        return {"to": "supplier manager"}
    return {"to": "stand-in", "why": complaint.standing_in}


def _evidence(notice: Notice, outcome: Outcome) -> dict[str, Any]:
    """What shows how a try ended, for the history."""
    evidence: dict[str, Any] = {
        "reply": outcome.reply,
        "queue_id": outcome.queue_id,
        "message_id": notice.message_id,
    }
    before = notice.reply if notice.reply.startswith(OUTCOME_UNKNOWN) else ""
    told = {"receipt": dict(outcome.receipt), "sealed": outcome.sealed, "before": before}
    return evidence | {name: what for name, what in told.items() if what}
