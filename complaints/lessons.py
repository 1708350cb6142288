"""What a person's decision teaches: what letters call a customer that the register does not know.

A lesson is offered and shown as evidence; it counts for matching only once a person has taken it (I2).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from complaints.matching.names import is_ordinary
from complaints.matching.tokens import name_words
from complaints.matching.webnames import is_public_suffix, is_top_level, registrable
from complaints.matching.words import FREEMAIL, PAGE_HOSTS
from complaints.model import Ambiguous, Assessment, Candidate, Customer, Evidence, Matched, Unmatched
from complaints.refs import ref_of

DECIDED_BEFORE = "decided before"
_MOST_OFFERS = 4
_LONGEST = 120  # characters of a name
_TELLING = frozenset({"brand", "site's name", "longer name"})
"""Kinds of evidence that named the customer and were too weak to decide."""


class Teaches(StrEnum):
    """What a lesson would add to the customer's row."""

    ALIAS = "alias"
    DOMAIN = "domain"


class LessonState(StrEnum):
    """offered -> taken | declined; what was taken can be declined again."""

    OFFERED = "offered"
    TAKEN = "taken"
    DECLINED = "declined"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """A name or web site that a letter used, and the customer to whom a person gave that letter."""

    id: int = 0
    complaint_id: int
    customer_id: str
    what: Teaches
    value: str  # as the letter writes it
    words: str  # as it is compared
    state: LessonState = LessonState.OFFERED
    noted_at: datetime
    noted_by: str

    @property
    def ref(self) -> str:
        """Our reference of the complaint it came from."""
        return ref_of(self.complaint_id)


def compared(value: str) -> str:
    """A name or site in the one spelling in which two are compared."""
    return " ".join(next(iter(name_words(value)), ()))[:200]


def offers(
    evidence: Mapping[str, Any], customer: Customer, complaint_id: int, now: datetime, actor: str
) -> list[Lesson]:
    """What can be learned from giving a letter to this customer.

    Args:
        evidence: what the complaint keeps of its recognition and match.
        customer: whom a person gave it to.
        complaint_id: of the complaint.
        now: aware.
        actor: who decided.
    """
    own = {compared(name) for name in (customer.name, *customer.aliases, *customer.domains)}
    found = (*evidence.get("unknown", ()), *_weak_names(evidence, customer.id))
    lessons: dict[str, Lesson] = {}
    for value in found:
        words = compared(value)
        what = Teaches.DOMAIN if _is_site(value) else Teaches.ALIAS
        if words and words not in own and not unfit(value):
            lessons.setdefault(
                words,
                Lesson(
                    complaint_id=complaint_id,
                    customer_id=customer.id,
                    what=what,
                    value=value[:_LONGEST],
                    words=words,
                    noted_at=now,
                    noted_by=actor,
                ),
            )
    return list(lessons.values())[:_MOST_OFFERS]


def _weak_names(evidence: Mapping[str, Any], customer_id: str) -> Iterable[str]:
    for candidate in evidence.get("candidates", ()):
        if candidate.get("id") == customer_id:
            yield from (piece["found"] for piece in candidate["evidence"] if piece["what"] in _TELLING)


def _is_site(value: str) -> bool:
    return "." in value and " " not in value and is_top_level(value.rpartition(".")[2].lower())


def unfit(value: str) -> str:
    """Why a name or site could identify nobody, in words; empty where it can."""
    if _is_site(value):
        site = registrable(value.lower())
        shared = site in FREEMAIL or site in PAGE_HOSTS or is_public_suffix(site)
        return f"anybody may have an address at {value}" if shared else ""
    words = tuple(compared(value).split())
    return "" if words and not is_ordinary(words) else f"“{value}” is too ordinary a name to identify anybody"


def taught(rows: Sequence[Customer], lessons: Iterable[Lesson]) -> list[Customer]:
    """The register with what was learned: each row with the aliases and sites that were taken for it."""
    by_customer: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        if lesson.state is LessonState.TAKEN:
            by_customer.setdefault(lesson.customer_id, []).append(lesson)
    return [_with(row, by_customer[row.id]) if row.id in by_customer else row for row in rows]


def _with(row: Customer, lessons: Iterable[Lesson]) -> Customer:
    values: dict[Teaches, list[str]] = {Teaches.ALIAS: list(row.aliases), Teaches.DOMAIN: list(row.domains)}
    for lesson in lessons:
        values[lesson.what].append(lesson.value)
    return replace(
        row,
        aliases=tuple(dict.fromkeys(values[Teaches.ALIAS])),
        domains=tuple(dict.fromkeys(values[Teaches.DOMAIN])),
    )


def unknown_in(assessments: Iterable[Assessment]) -> list[str]:
    """The words under which lessons about these letters are found."""
    return sorted({words for one in assessments for value in _unknown(one) if (words := compared(value))})


def _unknown(assessment: Assessment) -> tuple[str, ...]:
    found = assessment.match
    return () if isinstance(found, Matched) else found.unknown


def with_lessons(
    assessment: Assessment, lessons: Mapping[str, Sequence[Lesson]], customers: Mapping[str, Customer]
) -> Assessment:
    """Show beside the candidates what people decided before about these names; nothing is decided by it."""
    found = assessment.match
    said: dict[str, list[Evidence]] = {}
    for value in _unknown(assessment):
        for lesson in lessons.get(compared(value), ()):
            piece = Evidence(what=DECIDED_BEFORE, found=lesson.value, where=lesson.ref)
            said.setdefault(lesson.customer_id, []).append(piece)
    if not said or isinstance(found, Matched):
        return assessment
    candidates = [
        replace(one, evidence=(*one.evidence, *said.pop(one.customer.id, ()))) for one in found.candidates
    ]
    for customer_id, evidence in said.items():
        if row := customers.get(customer_id):
            candidates.append(Candidate(customer=row, score=0.0, evidence=tuple(evidence)))
    kept: Ambiguous | Unmatched = replace(found, candidates=tuple(candidates))
    return replace(assessment, match=kept)
