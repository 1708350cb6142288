from typing import Any

import pytest

from complaints.records import Story
from flows.settled import how_settled
from flows.triage import Decision, form
from tests.desk_fake import a_complaint, an_event


@pytest.mark.parametrize("customer_id", ["acme", "x][acme", "a[b]", "[acme]", "Ünïcode-1"])
def test_what_is_chosen_is_the_very_customer_whatever_its_id_looks_like(customer_id: str) -> None:
    candidates = [{"id": customer_id, "name": "Some [acme] Ltd", "score": 1.0, "evidence": []}]
    offered = form(a_complaint(evidence={"candidates": candidates}))["properties"]["decision"]["enum"]

    assert Decision(decision=offered[0], who="AB").assigned_to == customer_id


def test_another_customer_without_an_id_is_nobody() -> None:
    with pytest.raises(ValueError, match="id was not filled in"):
        _ = Decision(decision="another customer", who="AB").assigned_to


def test_what_is_suspicious_is_dismissed_as_forged_whatever_else_was_filled_in() -> None:
    decided = Decision(decision="suspicious", customer_id="acme", why="duplicate", who="AB")

    assert (decided.assigned_to, decided.dismissed_as) == ("", "forged or spam")


@pytest.mark.parametrize(
    ("happened", "told"),
    [
        (
            ("assigned", {"customer": "acme", "actor": "AB"}),
            "Assigned to Acme Ltd, by AB with a form or a command.",
        ),
        (
            ("assigned", {"customer": "swift", "actor": "AB"}),
            "Assigned to swift, by AB with a form or a command.",
        ),
        (
            ("dismissed", {"why": "duplicate", "actor": "AB"}),
            "Dismissed (duplicate), by AB with a form or a command.",
        ),
        (
            ("dismissed", {"why": "Jane Roe rang", "actor": "AB"}),
            "Dismissed, by AB with a form or a command.",
        ),
        (("key_found", {}), "Sent on once there was a key to encrypt it with, by the desk itself."),
        (
            ("handed_over", {"how": "to Mary", "actor": "ann@msp.example"}),
            "Brought to the supplier manager by hand, by mail.",
        ),
    ],
)
def test_a_run_that_is_closed_says_what_was_decided_and_by_which_way(
    happened: tuple[str, dict[str, Any]], told: str
) -> None:
    one = a_complaint()
    name, data = happened
    history = [
        an_event(one, 1, "needs_review"),
        an_event(one, 2, name, **data),
        an_event(one, 3, "forward_queued"),
    ]

    assert how_settled(Story(complaint=one, history=history, forwards=())) == told


def test_a_run_whose_complaint_nobody_decided_says_nothing_of_it() -> None:
    one = a_complaint()
    assert how_settled(Story(complaint=one, history=[an_event(one, 1, "needs_review")], forwards=())) == ""
