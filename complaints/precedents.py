"""What earlier letters of the same body with the same number were about, while mails are judged in order."""

from collections.abc import Mapping

from complaints.assessor import Reading
from complaints.model import Assessment, Decision, Matched, Precedent

CaseKey = tuple[str, str]
"""Which body, and its own number of a case: never one alone."""


def case_key(reading: Reading) -> CaseKey | None:
    """By what a later letter is known to belong to an earlier one; None without body or number."""
    body, reference = reading.recognition.body, reading.recognition.reference
    return (body.party, reference) if body and body.party and reference else None


class Precedents:
    """The store's precedents, and over them those of the mails judged since it was asked.

    Args:
        known: what the store knew, by case.
    """

    def __init__(self, known: Mapping[CaseKey, Precedent] | None = None) -> None:
        self._known = dict(known or {})

    def before(self, reading: Reading) -> Precedent | None:
        """The newest earlier letter on this case."""
        key = case_key(reading)
        return self._known.get(key) if key else None

    def remember(self, reading: Reading, assessment: Assessment) -> None:
        """Let later letters know of this one; a mail that opens no complaint sets no precedent."""
        key = case_key(reading)
        if key is None or assessment.decision is Decision.IGNORE:
            return
        before = self._known.get(key)
        self._known[key] = Precedent(customer_id=_customer_of(assessment), ref=before.ref if before else "")


def _customer_of(assessment: Assessment) -> str | None:
    found = assessment.match
    if assessment.decision is Decision.ASSIGN and isinstance(found, Matched):
        return found.customer.id
    return None
