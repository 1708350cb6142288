"""What in a letter's words names another customer than the reader (I2)."""

from typing import Any

import pytest

from complaints.customer_facts import facts_for_customer
from complaints.other_customers import OtherCustomers
from tests.unit.test_board import a_complaint

CALLED = {
    "acme": ["Acme Retail Ltd", "ACR", "acme-retail.example"],
    "swift": ["Swift Logistics GmbH", "swift-logistics.example"],
    "on": ["On AG"],
}


def beside(own: str, name: str, **evidence: Any) -> OtherCustomers:
    found = a_complaint(customer_id=own, customer_name=name, evidence={"called": CALLED, **evidence})
    return OtherCustomers.of(found)


SWIFT = beside("swift", "Swift Logistics GmbH")


@pytest.mark.parametrize(
    "text",
    [
        "Complaints about Acme Retail Ltd and Swift Logistics GmbH",
        "ACME RETAIL LIMITED",
        "what acme retail keeps",
        "Acme-Retail's answer",
        "the ACR case",
        "see https://www.acme-retail.example/privacy",
        "payroll@acme-retail.example",
        "payroll@acmeretail.org",
        "On: two complaints",
    ],
)
def test_another_is_named_however_it_is_spelt(text: str) -> None:
    assert SWIFT.named_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "Complaint about Swift Logistics GmbH",
        "what is on file, and on whom",
        "an acme of care",
        "c@ico.org.uk",
        "info@swift-logistics.example",
    ],
)
def test_nobody_else_is_named(text: str | None) -> None:
    assert not SWIFT.named_in(text)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("Acme Retail Ltd - payroll.txt", True),
        ("acme_retail-payroll.PDF", True),
        ("AcmeRetail.zip", True),
        ("2026acmeretailpayroll.pdf", True),
        ("ACR.xlsx", True),
        ("Swift Logistics GmbH.pdf", False),
        ("location.pdf", False),
        ("", False),
    ],
)
def test_a_file_s_name_may_do_without_blanks(name: str, theirs: bool) -> None:
    assert SWIFT.named_in_file(name) is theirs


def test_a_name_within_the_reader_s_own_is_the_reader_s() -> None:
    called = {"short": ["Acme Ltd"], "long": ["Acme Retail Ltd"]}
    long = beside("long", "Acme Retail Ltd", called=called)
    assert not long.named_in("about Acme Retail")
    assert long.named_in("about Acme")
    assert not long.named_in_file("acmeretail.pdf")
    short = beside("short", "Acme Ltd", called=called)
    assert short.named_in("about Acme Retail")
    assert not short.named_in("about Acme")
    assert short.named_in_file("acmeretail.pdf")


def test_what_the_letter_calls_another_counts_and_what_it_calls_both_does_not() -> None:
    candidates = [
        {"id": "swift", "name": "Swift", "evidence": [{"what": "brand", "found": "the Courier Group"}]},
        {
            "id": "acme",
            "name": "Acme",
            "evidence": [
                {"what": "name, respondent", "found": "Payroll House"},
                {"what": "brand", "found": "the Courier Group"},
                {"what": "similar name", "found": "Swift Logistik"},
                {"what": "precedent", "found": "FW-1001"},
            ],
        },
    ]
    found = beside("swift", "Swift Logistics GmbH", candidates=candidates)
    assert found.named_in("the payroll house")
    assert not found.named_in("the Courier Group, FW-1001, Swift Logistik")


def test_a_complaint_of_before_knows_the_candidates_names_alone() -> None:
    candidates = [{"id": "acme", "name": "Acme Retail Ltd", "evidence": []}]
    found = beside("swift", "Swift Logistics GmbH", called={}, candidates=candidates)
    assert found.named_in("Acme Retail Limited")


def test_the_evidence_of_a_note_names_neither_another_nor_a_place_that_does() -> None:
    pieces = [
        {
            "what": "full name",
            "found": "Swift Logistics GmbH",
            "where": "attachment:Acme Retail.pdf",
            "weight": 1,
        },
        {"what": "full name", "found": "Swift Logistics GmbH", "where": "body", "weight": 1},
    ]
    candidates = [{"id": "swift", "name": "Swift Logistics GmbH", "evidence": pieces}]
    handed_on = [{"what": "relayed by", "found": "acme-retail.example", "where": "From"}]
    complaint = a_complaint(
        customer_id="swift",
        customer_name="Swift Logistics GmbH",
        evidence={
            "called": CALLED,
            "candidates": candidates,
            "recognition": handed_on,
            "mail": {"sender": "ada@acme-retail.example", "sender_name": "Ada", "problem": "Acme Retail.pdf"},
        },
    )
    facts = facts_for_customer(complaint)
    assert "acme" not in str(facts).casefold()
    assert [one["where"] for one in facts["evidence"]["match"]] == ["", "body"]
    assert facts["left_out"] == ["sender", "problem"]
