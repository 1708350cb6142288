"""What a letter asks, in its own words: what is asked is found, and courtesies are not."""

import pytest

from complaints.customer_facts import facts_for_customer
from complaints.model import Passage
from complaints.recognition.asked import MOST, asked
from tests.desk_fake import a_complaint


def asks(text: str) -> list[str]:
    return list(asked([Passage(where="body", text=text)]))


@pytest.mark.parametrize(
    "sentence",
    [
        "Please provide a copy of the record of processing by 4 January 2027.",
        "The Commissioner requires you, as processor, to furnish the information in Annex 1.",
        "Who had access to the recordings between March and May?",
        "To assist, kindly provide us with a description of the data that the app sends to you.",
        "Wir bitten Sie, zu den Vorwürfen Stellung zu nehmen.",
        "Die Behörde fordert Sie auf, die Protokolle vorzulegen.",
        "Nous vous prions de nous communiquer le registre des traitements.",
        "Veuillez nous indiquer la durée de conservation des images.",
        "Le requerimos que aporte copia del contrato de encargo.",
        "Si invita codesta società a far pervenire ogni informazione utile.",
        "Wij verzoeken u te verklaren of u een datalek hebt vastgesteld.",
    ],
)
def test_a_request_is_found_in_its_own_words(sentence: str) -> None:
    text = f"Dear Sirs,\n\nA complaint about your customer has reached us. {sentence}\n\nYours faithfully\nA. Clerk"
    assert asks(text) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Please quote our reference in all correspondence with us.",
        "If you have any questions, please contact the case officer.",
        "Please do not reply to this message, as the mailbox is not read.",
        "Our letter is attached; no hard copy will follow.",
        "Bitte geben Sie bei Antworten stets unser Aktenzeichen an.",
        "Veuillez agréer, Madame, Monsieur, l'expression de nos salutations distinguées.",
        "Nous accusons réception de votre courriel de vendredi.",
        "We have closed the case and no action is needed on your part.",
    ],
)
def test_courtesies_and_news_are_not_asked(sentence: str) -> None:
    assert asks(f"Dear Sirs,\n\n{sentence}\n\nYours faithfully") == []


def test_the_items_of_a_list_belong_to_the_sentence_above_it() -> None:
    text = (
        "De AP vraagt u daarom om:\n\n  a. een beschrijving van de ontkoppeling van accounts;\n"
        "  b. de logregels over het account van klaagster\n     van 1 tot en met 30 juni 2026;\n\n"
        "1. Dit is een andere lijst, van feiten en niet van vragen."
    )
    assert asks(text) == [
        "De AP vraagt u daarom om:",
        "a. een beschrijving van de ontkoppeling van accounts;",
        "b. de logregels over het account van klaagster van 1 tot en met 30 juni 2026;",
    ]


def test_what_is_asked_twice_is_quoted_once_and_never_too_much() -> None:
    question = "Please explain the purpose of the recording."
    assert asks(f"{question}\n\n{question}") == [question]
    many = "\n\n".join(f"Please explain the purpose of recording number {n}." for n in range(30))
    assert len(asks(many)) == MOST
    [long] = asks("Please explain " + "why and since when " * 40)
    assert len(long) <= 300
    assert long.endswith("…")


def test_i2_a_customer_is_not_shown_what_is_asked_of_another() -> None:
    candidates = [
        {"id": "acme", "name": "Acme Ltd", "evidence": [{"found": "Acme Ltd"}]},
        {"id": "swift", "name": "Swift Logistics GmbH", "evidence": [{"found": "Swift"}]},
    ]
    quotes = ["Please tell us what Acme Ltd keeps.", "What does Swift keep?", "Since when?"]
    complaint = a_complaint(evidence={"asked": quotes, "candidates": candidates})
    assert facts_for_customer(complaint)["asked"] == [quotes[0], quotes[2]]
