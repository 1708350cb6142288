"""Names that look like a customer's are shown to a person and decide nothing."""

import pytest

from complaints.matching import CustomerIndex, match
from complaints.matching.similar import similar
from complaints.model import Address, Customer, InboundMail, Passage, Unmatched

HARTWELL = Customer(id="hartwell", name="Hartwell Garden Supplies Ltd", aliases=("Hartwell Garden",))
KAUFLAND = Customer(id="kaufland", name="Kaufland GmbH")
SKY = Customer(id="sky", name="Sky UK Ltd", aliases=("Sky",))
INDEX = CustomerIndex.build([HARTWELL, KAUFLAND, SKY])


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("Hartwel Garden Suplies Ltd", {"hartwell"}),
        ("Kauflnad GmbH", {"kaufland"}),
        ("Kaufland Logistik Verwaltungs GmbH", set()),
        ("Skye Ltd", set()),
        ("Meadow Garden Supplies Ltd", set()),
        ("", set()),
        ("\ud800\x00 Ltd", set()),
    ],
)
def test_an_error_or_two_are_seen_through(written: str, ids: set[str]) -> None:
    assert {i for key in similar(written, INDEX) for i in key.ids} == ids


def test_i2_a_similar_name_is_a_candidate_and_no_match() -> None:
    mail = InboundMail(
        sha256="",
        subject="",
        sender=Address(name="ICO", email="c@ico.org.uk"),
        passages=(Passage(where="body", text="The controller is Hartwel Garden Suplies Ltd."),),
    )
    found = match(mail, INDEX, precedent=None, house_names=(), body=None)
    assert isinstance(found, Unmatched)
    [candidate] = found.candidates
    assert (candidate.customer, candidate.score) == (HARTWELL, 0.0)
    assert [(e.what, e.found) for e in candidate.evidence] == [("similar name", "Hartwel Garden Suplies Ltd")]
