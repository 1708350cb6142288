"""Which row of a customer counts on which day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from complaints.contracts import Contracts, FiledRow, at_receipt, on_file, within_contract
from complaints.model import Address, Assessment, Customer, Decision, InboundMail, Kind, Matched, Recognition
from complaints.model import Candidate as Proposed

OLD_YEAR, NEW_YEAR = date(2026, 12, 31), date(2027, 1, 1)
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
ACME = Customer(id="acme", name="Acme Ltd", aliases=("Acme",), domains=("acme.example",), sla="24h")
ACME_2026 = replace(ACME, valid_until=OLD_YEAR)
ACME_2027 = replace(ACME, name="Acme Holdings Ltd", aliases=(), sla="4h", valid_from=NEW_YEAR)
SWIFT = Customer(id="swift", name="Swift GmbH")


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2026, 1, 31), False),
        (date(2026, 2, 1), True),
        (date(2026, 2, 28), True),
        (date(2026, 3, 1), False),
    ],
)
def test_a_contract_is_in_force_from_its_first_day_to_its_last(day: date, inside: bool) -> None:
    row = replace(ACME, valid_from=date(2026, 2, 1), valid_until=date(2026, 2, 28))
    assert row.in_force_on(day) is inside


def test_each_day_has_the_row_that_is_in_force_then() -> None:
    contracts = Contracts([ACME_2027, ACME_2026, SWIFT])
    assert contracts.on(ACME, OLD_YEAR) == ACME_2026
    assert contracts.on(ACME, NEW_YEAR) == ACME_2027
    assert contracts.on(SWIFT, NEW_YEAR) == SWIFT
    assert contracts.next_change(TODAY) == NEW_YEAR
    assert contracts.next_change(NEW_YEAR) is None


def test_a_customer_is_known_by_every_name_it_ever_bears() -> None:
    [known] = Contracts([ACME_2026, ACME_2027]).known([ACME_2026, ACME_2027], NEW_YEAR)
    assert known.name == "Acme Holdings Ltd"
    assert known.aliases == ("Acme Ltd", "Acme")
    assert known.domains == ("acme.example",)


def test_who_left_is_known_still_unless_another_bears_the_very_name() -> None:
    heir = replace(ACME, id="acme-2", valid_from=NEW_YEAR)
    rows = [ACME_2026, SWIFT]
    assert Contracts(rows).known(rows, NEW_YEAR) == [SWIFT, ACME_2026]
    rows = [ACME_2026, heir]
    assert Contracts(rows).known(rows, NEW_YEAR) == [heir]
    assert Contracts(rows).known(rows, OLD_YEAR) == [ACME_2026]


def assigned_to(customer: Customer) -> Assessment:
    return Assessment(
        mail=InboundMail(sha256="", subject="", sender=Address(name="", email="c@ico.org.uk")),
        recognition=Recognition(kind=Kind.COMPLAINT, verified=True),
        match=Matched(
            customer=customer, candidates=(Proposed(customer=customer, score=1.0),), why="names it"
        ),
        decision=Decision.ASSIGN,
        why="names it",
    )


def test_a_letter_gets_the_row_of_the_day_on_which_it_came() -> None:
    rows = [ACME_2026, ACME_2027]
    [known] = Contracts(rows).known(rows, OLD_YEAR)
    judged = within_contract(assigned_to(known), Contracts(rows), NEW_YEAR)
    assert isinstance(judged.match, Matched)
    assert judged.match.customer == judged.match.candidates[0].customer == ACME_2027
    assert judged.decision is Decision.ASSIGN


@pytest.mark.parametrize(
    ("row", "day", "why"),
    [
        (ACME_2026, NEW_YEAR, "Acme Ltd was a customer until 2026-12-31"),
        (ACME_2027, OLD_YEAR, "Acme Holdings Ltd is a customer only from 2027-01-01 on"),
    ],
)
def test_i2_who_is_no_customer_that_day_goes_to_a_person(row: Customer, day: date, why: str) -> None:
    judged = within_contract(assigned_to(row), Contracts([row]), day)
    assert (judged.decision, judged.match.why, judged.why) == (Decision.TRIAGE, why, why)
    assert judged.match.candidates[0].customer == row


def filed(customer: Customer, since: datetime, until: datetime | None = None) -> FiledRow:
    return FiledRow(customer=customer, recorded_at=since, retired_at=until)


LONG_AGO, HOUR = datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=1)


def test_i3_terms_are_those_on_file_when_the_letter_came() -> None:
    changed = replace(ACME, sla="1h", supplier_manager_email="new@acme.example")
    rows = [filed(ACME, LONG_AGO, NOW), filed(changed, NOW)]
    assert at_receipt(rows, NOW - HOUR, TODAY) == ACME
    assert at_receipt(rows, NOW, TODAY) == changed
    assert on_file(rows, TODAY) == changed


def test_i3_terms_change_on_their_day_whenever_they_were_filed() -> None:
    rows = [filed(ACME_2026, LONG_AGO), filed(ACME_2027, LONG_AGO)]
    assert at_receipt(rows, NOW, OLD_YEAR) == ACME_2026
    assert at_receipt(rows, NOW, NEW_YEAR) == ACME_2027


def test_a_letter_older_than_the_register_counts_by_what_is_on_file_now() -> None:
    mistaken = replace(ACME, sla="1m")
    rows = [filed(mistaken, NOW - HOUR, NOW), filed(ACME, NOW)]
    assert at_receipt(rows, LONG_AGO, LONG_AGO.date()) == ACME


def test_a_customer_who_left_the_register_is_on_file_no_more() -> None:
    rows = [filed(ACME, LONG_AGO, NOW)]
    assert on_file(rows, TODAY) is None
    assert at_receipt(rows, NOW + HOUR, TODAY) == ACME
    assert at_receipt([], NOW, TODAY) is None
