"""Later sentences that leave a company out, and those that speak of somebody else."""

import pytest

from complaints.matching import CustomerIndex, match
from complaints.matching.taken_up import says_not_meant
from complaints.model import Address, Customer, InboundMail, Matched, Passage


@pytest.mark.parametrize(
    "behind",
    [
        " passed the letter on, as it should have. It has no part in the matter.",
        " lent the room. The council replied that it held no pictures. It is therefore out of the picture.",
        " heard of it first. We make no complaint about it.",
        " gibt lediglich den Tarif heraus. Gegen ihn richtet sich die Beschwerde nicht.",
        " hat den Vertrag nur vermittelt. Sie ist am Verfahren nicht beteiligt.",
        " lui a vendu son mobile en 2023 ; il n'est pas visé.",
        " les a transmises. Celle-ci est hors de cause.",
        " tramitó el alta. Esta no es parte en el expediente.",
        " ha soltanto inoltrato la richiesta. Essa è estranea ai fatti.",
        " had hij toen een contract, maar dat valt buiten deze klacht.",
        " förmedlade avtalet. Bolaget är inte part i ärendet.",
        " formidlede aftalen. Selskabet er ikke part i sagen.",
        " pośredniczyła w umowie. Ta spółka nie jest stroną postępowania.",
        " intermediou o contrato. Esta não é visada pela queixa.",
    ],
)
def test_a_later_sentence_leaves_it_out(behind: str) -> None:
    assert says_not_meant(behind, "Salford City Council")


@pytest.mark.parametrize(
    "behind",
    [
        ". It has not answered him.",
        " runs the app. The university is not concerned.",
        ", established in Dublin. The trust company is not the subject of this complaint.",
        ". Uber drivers raised the same problem, but this letter is not about them.",
        ". It is the controller and not the council.",
        ". Sie hat nicht geantwortet.",
        ". Die Hochschule ist nicht beteiligt.",
        ". Elle n'a pas répondu à la demande.",
        ". Det är inte första gången.",
        "",
    ],
)
def test_what_is_said_of_others_or_of_a_deed_leaves_nobody_out(behind: str) -> None:
    assert not says_not_meant(behind, "Circuit Launderette Services Limited")


ACME = Customer(id="acme", name="Acme Retail Ltd", supplier_manager_email="a@acme.example")
SWIFT = Customer(id="swift", name="Swift Logistics Ltd", supplier_manager_email="s@swift.example")


def meant(text: str) -> str:
    mail = InboundMail(
        sha256="",
        subject="",
        sender=Address(name="ICO", email="c@ico.org.uk"),
        passages=(Passage(where="body", text=text),),
    )
    found = match(mail, CustomerIndex.build([ACME, SWIFT]), precedent=None, house_names=(), body=None)
    return found.customer.id if isinstance(found, Matched) else ""


def test_who_is_left_out_leaves_the_other() -> None:
    text = "I write about Acme Retail Ltd. Swift Logistics Ltd delivered the parcel. It has no part in the matter."
    assert meant(text) == "acme"


def test_i2_where_two_stand_before_a_pronoun_nobody_is_left_out() -> None:
    text = "Acme Retail Ltd asked Swift Logistics Ltd for the parcel. It has no part in the matter."
    assert meant(text) == ""


def test_i2_the_only_one_named_and_left_out_is_nobody() -> None:
    assert meant("Swift Logistics Ltd delivered the parcel. It is not the respondent.") == ""
