"""How a complaint's deadline came about, and whether today's terms would give another."""

from dataclasses import dataclass, replace

from complaints.agreed import Deadline, retold
from complaints.deadlines import Interval, content_of, kept, parse_agreement
from complaints.model import Complaint
from complaints.recalculation import Recalculation
from complaints.records import Records
from complaints.service import ComplaintDesk


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """A deadline with every step to it."""

    complaint: Complaint
    plain_terms: str  # with the house number of vague words
    unless_forbidden: bool  # the contract knows letters of which the customer may not be told
    steps: tuple[Interval, ...]
    kept: bool  # whether the calendar of then was kept; else the steps are counted in today's
    today: Deadline  # what today's register, calendars and settings would give

    @property
    def differs(self) -> bool:
        """Whether today's would give another instant, or let something else end the time."""
        return (self.today.due_at, self.today.until) != (self.complaint.due_at, self.complaint.until)

    @property
    def adds_up(self) -> bool:
        """Whether the steps come to the instant that is written down."""
        return not self.steps or self.steps[-1].end == self.complaint.due_at


async def explanation(desk: ComplaintDesk, records: Records, ref: str) -> Explanation:
    """Explain a deadline from what was written down with it.

    Raises:
        UnknownComplaint: when there is none.
        BadTerms: its terms cannot be read any more.
    """
    one = (await records.show(ref)).complaint
    content = await records.calendar(one.calendar_version) if one.calendar_version else None
    told = one if one.house_number else replace(one, house_number=desk.policy.vague_terms)
    known = content is not None
    if content is None:
        _, calendar = desk.policy.calendar_named(one.calendar)
        content = content_of(kept(calendar, one.received_at, one.due_at))
    _, steps = retold(told, content)
    agreement = parse_agreement(one.terms, vague=told.house_number)
    return Explanation(
        complaint=one,
        plain_terms=agreement.plain,
        unless_forbidden=agreement.unless_forbidden,
        steps=steps,
        kept=known,
        today=await Recalculation(desk.database, desk.policy, desk.clock).today(one),
    )
