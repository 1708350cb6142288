"""Bringing a complaint's ladders up to now: events, breach and alarms, gathered on its case."""

from datetime import UTC, datetime
from typing import Any

import structlog

from complaints import drafting
from complaints.absences import Recipient
from complaints.case import Case
from complaints.escalation import ReachedRung, due_rungs, meant, next_after, people, tell
from complaints.lifecycle import Event, Status
from complaints.model import Complaint, Kind
from complaints.outbox import MAY_WAIT, NoticeKind
from complaints.policy import Policy
from complaints.reasons import cause_of_waiting
from complaints.sequences import FORWARD, Sequence, sequences_of

log = structlog.get_logger()


def climb(
    case: Case,
    policy: Policy,
    now: datetime,
    *,
    blind: bool = False,
    reads: Recipient | None = None,
) -> None:
    """Fire the rungs that are due, of every ladder that the complaint climbs as it stands.

    Args:
        case: the complaint, its row held.
        policy: ladders and people.
        now: aware.
        blind: an inbox cannot be read at present.
        reads: who reads the customer's letters today; None: that was not asked.
    """
    if case.complaint.kind is Kind.SYNTHETIC:
        return
    climber = _Climber(case, policy, now, blind=blind, reads=reads)
    instants = [climber.bring_up(sequence) for sequence in sequences_of(policy, case.complaint)]
    case.change(next_rung_at=min((at for at in instants if at is not None), default=None))


class _Climber:
    """Brings one complaint up to one instant."""

    def __init__(
        self, case: Case, policy: Policy, now: datetime, *, blind: bool, reads: Recipient | None
    ) -> None:
        self._case, self._policy, self._now, self._blind = case, policy, now, blind
        self._reads = reads
        self._groups = policy.groups(case.complaint, now)

    def bring_up(self, sequence: Sequence) -> datetime | None:
        """Climb one ladder; when it next has something to do."""
        case, now = self._case, self._now
        paused = sequence.paused(case.complaint)
        if paused is not None and now < paused:
            waiting = next_after(sequence.ladder, sequence.done, sequence.start, sequence.due)
            return waiting and max(waiting, paused)
        found = due_rungs(sequence.ladder, sequence.done, sequence.start, sequence.due, now)
        # What lies between is empty otherwise, and the row need not be written for it.
        if found.reached or sequence.done is None:
            done = {"for": sequence.counts_for, "done": found.done.astimezone(UTC).isoformat()}
            case.change(climbs=case.complaint.climbs | {sequence.name: done})
        rungs = meant(found.reached, case.complaint, self._groups)
        for rung in rungs:
            self._reach(sequence, rung)
        for person, rung in tell(rungs, self._groups).items():
            self._tell(sequence, rung, person)
        for rung in rungs:
            if rung.instead or not people(rung.tells, self._groups):
                log.error("rung_unheard", ref=case.complaint.ref, rung=rung.name)
                case.notices += drafting.unheard_rung(self._policy, case.complaint, rung, now)
        return found.next_at

    def _reach(self, sequence: Sequence, rung: ReachedRung) -> None:
        data = {"rung": rung.name, "due": rung.at.isoformat()}
        ladder = sequence.ladder.name if sequence.name == FORWARD else sequence.name
        if ladder:
            data["ladder"] = ladder
        if sequence.kind is not None or rung.kind is not NoticeKind.BREACH:
            self._case.happen(Event.RUNG_REACHED, self._now, data=data)
            return
        cause = self._cause(sequence)
        # On the record stand the first instant and its cause; a later deadline may be missed for another one.
        before = self._case.complaint
        first: dict[str, Any] = {
            "breached_at": before.breached_at or rung.at,
            "breach_cause": before.breach_cause or cause,
        }
        self._case.happen(Event.BREACHED, self._now, data=data | {"cause": cause}, **first)

    def _tell(self, sequence: Sequence, rung: ReachedRung, person: str) -> None:
        directory, kind = self._policy.people, sequence.kind or rung.kind
        ahead = sequence.due if kind is NoticeKind.WARNING else None
        quiet = directory.quiet_until(person, self._now, ahead) if kind in MAY_WAIT else None
        complaint = self._case.complaint
        cause = (complaint.breach_cause if sequence.kind is None else "") or self._cause(sequence)
        self._case.notices.append(
            drafting.alarm(
                self._policy,
                complaint,
                sequence,
                rung,
                person=person,
                cause=cause,
                not_before=quiet,
                reads=self._reads,
            )
        )
        if directory.has_quiet_hours(person):
            # The rungs of the promise are one ladder, whatever their alerts are called.
            held = sequence.kind or NoticeKind.WARNING
            self._case.superseded.setdefault(held, []).append(person)

    def _cause(self, sequence: Sequence) -> str:
        if sequence.kind is NoticeKind.UNACKNOWLEDGED:
            return "the supplier manager has not said that they have it"
        if sequence.kind is NoticeKind.ANSWER_DUE:
            return "nobody has noted an answer"
        return cause_of(self._case.complaint, blind=self._blind)


def cause_of(complaint: Complaint, *, blind: bool) -> str:
    """Why the promise is not kept yet, in words without personal data."""
    if complaint.held_at is not None:
        return "a legal hold forbids telling the customer"
    if complaint.stored_at >= complaint.due_at:
        return "the mail was read only after its time was over"
    if complaint.status is Status.FORWARDING:
        return "the relay has not accepted the forward"
    if complaint.status is Status.FORWARDED:
        return (
            "forwarded, but not acknowledged"
            if complaint.until == "acknowledged"
            else "forwarded, but not delivered yet"
        )
    if complaint.review_reason:
        return cause_of_waiting(complaint.review_reason)
    return "the inbox could not be read" if blind else "not decided yet"
