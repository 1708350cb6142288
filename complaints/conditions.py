"""What a complaint must be like for a ladder or a rung to be meant for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from complaints.model import Complaint

NONE = "none"
"""Stands for an empty value: no customer yet, no reason to wait."""


class Urgent(StrEnum):
    """Whether the house calls a letter urgent."""

    YES = "yes"
    NO = "no"

    @classmethod
    def of(cls, complaint: Complaint) -> "Urgent":
        """Of this one."""
        return cls.YES if complaint.urgent else cls.NO


ASKED: Mapping[str, Callable[[Complaint], str]] = {
    "customer": lambda complaint: complaint.customer_id,
    "authority": lambda complaint: complaint.body_id,
    "kind": lambda complaint: complaint.kind.value,
    "urgent": lambda complaint: Urgent.of(complaint).value,
    "status": lambda complaint: complaint.status.value,
    "reason": lambda complaint: complaint.review_reason,
}
"""What can be asked of a complaint, and what it answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """Every question must find one of its answers; no question at all fits every complaint."""

    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()  # of ASKED, and the values that fit, lower case

    def holds(self, complaint: Complaint) -> bool:
        """Whether this complaint, as it is now, fits."""
        return all((ASKED[name](complaint).lower() or NONE) in fitting for name, fitting in self.answers)


ALWAYS = Condition()
"""Fits every complaint."""
