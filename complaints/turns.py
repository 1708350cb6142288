"""Whose turn it is at a customer's when somebody there cannot be reached, or is away.

A handing-over begins with the forward to whom the register or a person chose. Where that is in vain the next
of the customer's chain gets a forward of their own, each of the chain at most once, so that two mailboxes that
answer by themselves cannot keep each other busy.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from complaints.absences import LAST_RESORT
from complaints.handover import Handover, Handovers
from complaints.lifecycle import Status
from complaints.model import Complaint, Kind
from complaints.outbox import Notice, NoticeState
from complaints.policy import Policy
from complaints.store.repository import Repository

AWAY = "the supplier manager's mailbox answers that they are away"
CAME_BACK = "our mail to the supplier manager came back"

_LOST = frozenset({NoticeState.FAILED, NoticeState.CANCELLED})
_OPEN = frozenset({Status.FORWARDING, Status.FORWARDED})


def round_of(forwards: Sequence[Notice]) -> Sequence[Notice]:
    """The forwards of the present handing-over, of all that a complaint has in the order of their writing."""
    first = max((at for at, one in enumerate(forwards) if not one.facts.get("turn")), default=0)
    return forwards[first:]


def role(notice: Notice, complaint: Complaint) -> str:
    """Whom a forward was written to, in a word that may be shown everywhere."""
    person = notice.recipient.lower()
    if person == complaint.manager_email.lower():
        return "supplier manager"
    if person == complaint.deputy_email.lower():
        return "deputy"
    return "fallback address" if notice.facts.get("standing_in") == LAST_RESORT else "stand-in"


class Turns:
    """What one transaction must know of some complaints' forwards, and of who comes next."""

    def __init__(self, forwards: Mapping[int, Sequence[Notice]], handovers: Handovers) -> None:
        self._forwards = forwards
        self._handovers = handovers
        self._lost: set[int] = set()

    @classmethod
    async def read(
        cls, repository: Repository, complaints: Iterable[Complaint], policy: Policy, now: datetime
    ) -> "Turns":
        """Read the forwards of these complaints and what is on file of their customers."""
        every = list(complaints)
        if not every:
            return cls({}, Handovers({}, [], policy, now))
        forwards = await repository.notices.forwards([one.id for one in every])
        return cls(
            forwards, await Handovers.read(repository, {one.customer_id for one in every}, policy, now)
        )

    def lose(self, notice: Notice) -> None:
        """Take a forward for lost."""
        self._lost.add(notice.id)

    def counts(self, complaint: Complaint, notice: Notice) -> bool:
        """Whether it matters that this forward is lost: nobody has it yet, and it is none of an earlier handing-over."""
        return complaint.status in _OPEN and any(one.id == notice.id for one in self._round(complaint))

    def forward_to(self, complaint: Complaint, person: str) -> Notice | None:
        """What went to this person in the present handing-over; None: nothing did."""
        theirs = (one for one in self._round(complaint) if one.recipient.lower() == person.lower())
        return next(theirs, None)

    def is_last(self, complaint: Complaint, notice: Notice) -> bool:
        """Whether nobody was written to after its recipient."""
        return self._round(complaint)[-1].id == notice.id

    def standing(self, complaint: Complaint) -> datetime | None:
        """Since when the relay has one that is not lost; None: it has none."""
        return min((one.sent_at for one in self._alive(complaint) if one.sent_at is not None), default=None)

    def under_way(self, complaint: Complaint) -> bool:
        """Whether one that is not lost waits for the relay."""
        return any(one.sent_at is None for one in self._alive(complaint))

    def next(self, complaint: Complaint, why: str) -> Handover | None:
        """Who comes next, on file today; None: nobody is left.

        Args:
            complaint: as it stands.
            why: it is not the supplier manager, where nothing else has been the reason yet.
        """
        if complaint.kind is Kind.SYNTHETIC:
            return None
        asked = {one.recipient.lower() for one in self._round(complaint)}
        found = self._handovers.of(
            complaint.customer_id,
            complaint.received_at,
            passed_over=asked,
            why=complaint.standing_in or why,
        )
        return found if found is not None and found.recipient is not None else None

    def _round(self, complaint: Complaint) -> Sequence[Notice]:
        return round_of(self._forwards.get(complaint.id, ()))

    def _alive(self, complaint: Complaint) -> list[Notice]:
        return [one for one in self._round(complaint) if one.id not in self._lost and one.state not in _LOST]
