"""Which rungs should have been told and when, reckoned from the history in the plainest way, against those that were. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from complaints.auditor.finding import Finding, What, at
from complaints.auditor.replay import Pause, Stand
from complaints.conditions import NONE, Condition, Urgent
from complaints.deadlines import morning_of, repeat_at, repeats_passed, share, shifted
from complaints.escalation import Ladder, Ladders, Rung, Until
from complaints.lifecycle import Event, Status
from complaints.model import Complaint, LoggedEvent
from complaints.sequences import ANSWER_HOUR

_FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """By what is judged."""

    ladders: Ladders
    since: datetime | None  # from when on these ladders are climbed; None: from the first
    zone: ZoneInfo  # the house's
    tolerance: timedelta  # so much later is no difference
    now: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A time in which a ladder had to be watched."""

    begins: datetime
    ends: datetime | None
    first: int  # events from this number on, up to and without ``last``, happened in it
    last: int | None
    pause: Pause | None
    stand: Stand


@dataclass(frozen=True, kw_only=True)
class Course:
    """One ladder with one deadline, and the times in which it had to be watched."""

    label: str  # how events name the ladder; empty: the one for all others
    ladder: Ladder
    start: datetime
    due: datetime
    after: datetime  # up to then (included) rungs are told already, or by other rules
    is_forward: bool
    spans: list[Span] = field(default_factory=list)

    def holds(self, seq: int) -> bool:
        """Whether an event of this number happened in it."""
        return any(span.first <= seq and (span.last is None or seq < span.last) for span in self.spans)

    def moment(self, instant: datetime, tolerance: timedelta) -> tuple[datetime, Span] | None:
        """When a rung of this instant had to be told at the latest, and in which span; None: it had not to be."""
        for span in self.spans:
            told = max(instant, span.begins)
            held = _held_until(span.pause, self.due, is_forward=self.is_forward)
            if held is not None and told < held:
                told = held
            if span.ends is None or told + tolerance < span.ends:
                return told, span
        return None

    def instants(self) -> Iterator[tuple[Rung, datetime]]:
        """Each rung and when it first comes."""
        before = self.start
        for rung in self.ladder.rungs:
            if rung.after is not None:
                before = shifted(before, rung.after)
            elif self.due < self.start:
                # The day to answer by had passed when the letter came: no rung waits for the receipt.
                before = shifted(self.due, rung.at) if isinstance(rung.at, timedelta) else self.due
            elif isinstance(rung.at, timedelta):
                before = max(self.start, shifted(self.due, rung.at))
            else:
                before = share(self.start, self.due, rung.at or 0.0)
            yield rung, before


def rung_findings(
    complaint: Complaint, history: Sequence[LoggedEvent], stands: Sequence[Stand], rules: Rules
) -> Iterator[Finding]:
    """Every rung that is missing, late or told without reason, and an alarm to come that would not ring."""
    told = [e for e in history if e.name in (Event.RUNG_REACHED, Event.BREACHED)]
    courses, unsure = _courses(complaint, stands, rules)
    known: set[int] = set()
    for course in courses:
        own = [e for e in told if e.data.get("ladder", "") == course.label and course.holds(e.seq)]
        for rung, first in course.instants():
            true = [e for e in own if e.data.get("rung") == rung.name and _is_instant(rung, first, e)]
            known |= {event.seq for event in true}
            step = _Step(complaint=complaint, course=course, rung=rung, first=first, told=true)
            yield from _compared(step, rules)
    for event in told:
        judged = not any(stand.first <= event.seq < last for stand, last in unsure)
        if event.seq not in known and judged and event.at >= (rules.since or _FIRST):
            words = f"“{event.data.get('rung')}” of {event.data.get('due')} was told at {at(event.at)}, which no ladder asks for"
            yield _finding(complaint, What.TOLD_WRONGLY, str(event.seq), words)
    yield from _ahead(complaint, courses, stands[-1], rules, unsure=bool(unsure and unsure[-1][1] == _OPEN))


_OPEN = 1 << 60


def _courses(
    complaint: Complaint, stands: Sequence[Stand], rules: Rules
) -> tuple[list[Course], list[tuple[Stand, int]]]:
    """What had to be watched, and the stands of which that cannot be told, each with the number of its end."""
    found: dict[tuple[object, ...], Course] = {}
    unsure: list[tuple[Stand, int]] = []
    since = rules.since or _FIRST
    version = 0
    for stand, later in zip(stands, (*stands[1:], None), strict=True):
        last = later.first if later else None
        span = Span(
            begins=stand.begins,
            ends=stand.ends,
            first=stand.first,
            last=last,
            pause=stand.pause,
            stand=stand,
        )
        ladder = _ladder_of(rules.ladders, complaint, stand) if stand.runs else None
        if stand.runs is None or (stand.runs and ladder is None):
            unsure.append((stand, last or _OPEN))
        elif ladder is not None:
            key = (ladder.name, stand.version, stand.received_at, stand.due_at)
            # Where the ladder changes and the deadline stays, what came before is behind it in part.
            after = since if stand.version != version else max(since, stand.begins)
            version = stand.version
            found.setdefault(
                key,
                Course(
                    label=ladder.name,
                    ladder=ladder,
                    start=stand.received_at,
                    due=stand.due_at,
                    after=after,
                    is_forward=True,
                ),
            ).spans.append(span)
        for name, course in _further(complaint, stand, rules):
            found.setdefault(name, course).spans.append(span)
    return list(found.values()), unsure


def _further(complaint: Complaint, stand: Stand, rules: Rules) -> Iterator[tuple[tuple[object, ...], Course]]:
    """The ladders behind the forward: to its acknowledgement, and to the answer."""
    since, ladders = rules.since or _FIRST, rules.ladders
    sent = stand.forwarded_at
    if stand.status is Status.FORWARDED and sent is not None and not stand.held:
        ladder = _ladder_of(ladders, complaint, stand)
        if stand.runs is False and ladder is not None:
            rungs = tuple(r for r in ladder.rungs if r.every is not None and r.until is Until.ACKNOWLEDGED)
            yield (
                ("reminding", stand.version, sent),
                Course(
                    label="reminding",
                    ladder=Ladder(rungs=rungs),
                    start=stand.received_at,
                    due=stand.due_at,
                    after=max(since, sent),
                    is_forward=False,
                ),
            )
        if ladders.acknowledgement is not None:
            yield (
                ("acknowledgement", sent),
                Course(
                    label="acknowledgement",
                    ladder=ladders.acknowledgement,
                    start=sent,
                    due=sent,
                    after=since,
                    is_forward=False,
                ),
            )
    has_it = stand.status in (Status.FORWARDED, Status.ACKNOWLEDGED)
    if has_it and stand.respond_by is not None and ladders.answer is not None:
        yield (
            ("answer", stand.respond_by),
            Course(
                label="answer",
                ladder=ladders.answer,
                start=stand.received_at,
                due=morning_of(stand.respond_by, ANSWER_HOUR, rules.zone),
                after=since,
                is_forward=False,
            ),
        )


def _held_until(pause: Pause | None, due: datetime, *, is_forward: bool) -> datetime | None:
    """What was said before a deadline does not hold up the news that it has passed."""
    if pause is None:
        return None
    return min(pause.until, due) if is_forward and pause.said_at < due else pause.until


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """One rung of one course, and when it was told."""

    complaint: Complaint
    course: Course
    rung: Rung
    first: datetime  # when it first comes
    told: Sequence[LoggedEvent]  # for an instant of its own


def _compared(step: _Step, rules: Rules) -> Iterator[Finding]:
    name = step.rung.name
    for event in step.told:
        if event.at < _due(event):
            words = f"“{name}” of {at(_due(event))} was told before that, at {at(event.at)}"
            yield _finding(step.complaint, What.TOLD_WRONGLY, str(event.seq), words)
    for one, other in pairwise(sorted(_due(event) for event in step.told)):
        if one == other:
            words = f"“{name}” of {at(one)} was told more than once"
            yield _finding(step.complaint, What.TOLD_WRONGLY, f"{name}:{one.isoformat()}", words)
    for instant in _demanded(step, rules):
        yield from _missed(step, instant, rules)


def _demanded(step: _Step, rules: Rules) -> Iterator[datetime]:
    """The instants for which it had to be told: of a repeated one the first behind each telling.

    Of several that were missed the newest alone is told.
    """
    if step.rung.every is None:
        yield step.first
        return
    last = step.course.after
    for due in (*sorted(_due(event) for event in step.told), None):
        yield _next(step.rung, step.first, last)
        if due is None or due > rules.now:
            return
        last = max(last, due)


def _missed(step: _Step, instant: datetime, rules: Rules) -> Iterator[Finding]:
    found = step.course.moment(instant, rules.tolerance)
    if instant <= step.course.after or found is None:
        return
    moment, span = found
    if moment + rules.tolerance > rules.now or _holds(step.rung.when, step.complaint, span.stand) is not True:
        return
    name = step.rung.name
    mark = f"{name}:{instant.isoformat()}"
    told = min((e for e in step.told if _due(e) >= instant), key=lambda e: e.at, default=None)
    if told is None:
        words = f"“{name}” of {at(instant)} was due to be told at {at(moment)} and was not"
        yield _finding(step.complaint, What.NOT_TOLD, mark, words)
    elif told.at - moment > rules.tolerance:
        words = f"“{name}” of {at(instant)} was told at {at(told.at)}, {_span(told.at - moment)} late"
        yield _finding(step.complaint, What.TOLD_LATE, mark, words)


def _ahead(
    complaint: Complaint, courses: Sequence[Course], now_stands: Stand, rules: Rules, *, unsure: bool
) -> Iterator[Finding]:
    """An alarm to come for which nothing would wake the clock: found before it is missed."""
    coming: list[datetime] = []
    for course in courses:
        if course.spans[-1].stand is not now_stands:
            continue
        held = _held_until(now_stands.pause, course.due, is_forward=course.is_forward)
        after = max(rules.now, course.after)
        for rung, first in course.instants():
            instant = _next(rung, first, after) if rung.every else first
            if instant > after:
                coming.append(max(instant, held) if held else instant)
    if unsure or not coming:
        return
    first_of_all, kept = min(coming), complaint.next_rung_at
    if kept is None or kept > first_of_all:
        words = f"the next alarm comes at {at(first_of_all)}, and the clock is set to {at(kept) if kept else 'nothing'}"
        yield _finding(complaint, What.WILL_NOT_RING, first_of_all.isoformat(), words)


def _ladder_of(ladders: Ladders, complaint: Complaint, stand: Stand) -> Ladder | None:
    """Which ladder was climbed then; None: the history does not tell."""
    for ladder in ladders.special:
        fits = _holds(ladder.fits, complaint, stand)
        if fits is not False:
            return ladder if fits else None
    return ladders.default


def _holds(condition: Condition, complaint: Complaint, stand: Stand) -> bool | None:
    """Whether a condition held then; None: the history does not tell."""
    known: Mapping[str, str] = {
        "customer": stand.customer_id,
        "authority": complaint.body_id,
        "kind": complaint.kind.value,
        "urgent": Urgent.of(complaint).value,
        "status": stand.status.value,
    }
    asked = [
        (name in known, (known.get(name, "").lower() or NONE) in fitting)
        for name, fitting in condition.answers
    ]
    if any(is_known and not fits for is_known, fits in asked):
        return False
    return True if all(is_known for is_known, _ in asked) else None


def _is_instant(rung: Rung, first: datetime, event: LoggedEvent) -> bool:
    due = _due(event)
    if rung.every is None:
        return due == first
    return due >= first and repeat_at(first, rung.every, repeats_passed(first, rung.every, due) - 1) == due


def _next(rung: Rung, first: datetime, after: datetime) -> datetime:
    """When a rung that comes again and again comes next."""
    assert rung.every is not None
    return first if first > after else repeat_at(first, rung.every, repeats_passed(first, rung.every, after))


def _due(event: LoggedEvent) -> datetime:
    return datetime.fromisoformat(str(event.data["due"]))


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def _finding(complaint: Complaint, what: What, mark: str, words: str) -> Finding:
    return Finding(complaint_id=complaint.id, ref=complaint.ref, what=what, mark=mark, words=words)
