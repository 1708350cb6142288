"""What a person's decision offers, and that it counts only once it is taken."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from complaints.lessons import (
    DECIDED_BEFORE,
    Lesson,
    LessonState,
    Teaches,
    compared,
    offers,
    taught,
    with_lessons,
)
from complaints.matching import CustomerIndex, match
from complaints.model import (
    Address,
    Assessment,
    Customer,
    Decision,
    InboundMail,
    Kind,
    Match,
    Matched,
    Passage,
    Recognition,
)

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ACME = Customer(
    id="acme", name="Acme Retail Ltd", domains=("acme.example",), supplier_manager_email="a@a.example"
)
SWIFT = Customer(id="swift", name="Swift GmbH", supplier_manager_email="s@s.example")


def said(text: str, *rows: Customer) -> Match:
    mail = InboundMail(
        sha256="",
        subject="",
        sender=Address(name="ICO", email="c@ico.org.uk"),
        passages=(Passage(where="body", text=text),),
    )
    return match(mail, CustomerIndex.build(rows), precedent=None, house_names=("Northgate",), body=None)


def offered(evidence: dict[str, Any], customer: Customer = ACME) -> list[tuple[str, str]]:
    return [(one.what.value, one.value) for one in offers(evidence, customer, 7, NOW, "Ann")]


def test_a_letter_tells_what_the_register_does_not_know() -> None:
    found = said("The controller is Kettlewell Stores Ltd, of www.kettlewell.example.com.", ACME, SWIFT)
    assert not isinstance(found, Matched)
    assert found.unknown[0] == "Kettlewell Stores Ltd"
    assert "example.com" in found.unknown


def test_an_unknown_name_and_a_weak_one_are_offered() -> None:
    evidence = {
        "unknown": ["Kettlewell Stores Ltd", "kettlewell.co.uk", "Acme Retail Ltd"],
        "candidates": [
            {"id": "acme", "evidence": [{"what": "brand", "found": "Zandalee"}]},
            {"id": "swift", "evidence": [{"what": "brand", "found": "Swiftly"}]},
        ],
    }
    assert offered(evidence) == [
        ("alias", "Kettlewell Stores Ltd"),
        ("domain", "kettlewell.co.uk"),
        ("alias", "Zandalee"),
    ]


@pytest.mark.parametrize("value", ["gmail.com", "Next", "co.uk", "", "acme.example"])
def test_what_identifies_nobody_or_is_known_is_not_offered(value: str) -> None:
    assert offered({"unknown": [value]}) == []


def lesson(value: str, state: LessonState = LessonState.TAKEN, what: Teaches = Teaches.ALIAS) -> Lesson:
    return Lesson(
        id=1,
        complaint_id=7,
        customer_id="acme",
        what=what,
        value=value,
        words=compared(value),
        state=state,
        noted_at=NOW,
        noted_by="Ann",
    )


LETTER = "The controller is Kettlewell Stores Ltd. Please let us know what you did."


@pytest.mark.parametrize("state", list(LessonState))
def test_i2_only_what_a_person_took_is_learned(state: LessonState) -> None:
    rows = taught([ACME, SWIFT], [lesson("Kettlewell Stores Ltd", state)])
    assert isinstance(said(LETTER, *rows), Matched) is (state is LessonState.TAKEN)


def test_a_site_that_was_taken_is_a_site_of_the_customer() -> None:
    [row, _] = taught([ACME, SWIFT], [lesson("kettlewell.co.uk", what=Teaches.DOMAIN)])
    assert row == replace(ACME, domains=("acme.example", "kettlewell.co.uk"))


def test_what_was_decided_before_stands_beside_the_candidates_and_decides_nothing() -> None:
    found = said(LETTER, ACME, SWIFT)
    before = Assessment(
        mail=InboundMail(sha256="", subject="", sender=Address(name="", email="c@ico.org.uk")),
        recognition=Recognition(kind=Kind.COMPLAINT),
        match=found,
        decision=Decision.TRIAGE,
        why=found.why,
    )
    lessons = {compared("Kettlewell Stores Ltd"): [lesson("Kettlewell Stores Ltd", LessonState.OFFERED)]}
    after = with_lessons(before, lessons, {"acme": ACME, "swift": SWIFT})
    [candidate] = after.match.candidates
    assert (candidate.customer, candidate.score) == (ACME, 0.0)
    assert [(e.what, e.found, e.where, e.weight) for e in candidate.evidence] == [
        (DECIDED_BEFORE, "Kettlewell Stores Ltd", "FW-1007", 0.0)
    ]
    assert (after.decision, type(after.match)) == (Decision.TRIAGE, type(found))
    assert with_lessons(before, {}, {"acme": ACME}) == before
