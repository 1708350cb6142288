"""What a complaint must be like for a ladder or a rung to be meant for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from complaints.model import Complaint

NONE = "none"
"""Stands for an empty value: no customer yet, no reason to wait."""

ASKED: Mapping[str, str] = {
    "customer": "customer_id",
    "authority": "body_id",
    "kind": "kind",
    "status": "status",
    "reason": "review_reason",
}
"""What can be asked of a complaint, and the field that answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """Every question must find one of its answers; no question at all fits every complaint."""

    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()  # of ASKED, and the values that fit, lower case

    def holds(self, complaint: Complaint) -> bool:
        """Whether this complaint, as it is now, fits."""
        return all(_value(complaint, name) in fitting for name, fitting in self.answers)


def _value(complaint: Complaint, name: str) -> str:
    return str(getattr(complaint, ASKED[name])).lower() or NONE


ALWAYS = Condition()
"""Fits every complaint."""
