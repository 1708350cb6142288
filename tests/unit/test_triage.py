import pytest

from flows.triage import Decision, form
from tests.desk_fake import a_complaint


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
