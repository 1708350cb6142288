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


LEADS = (
    "Veuillez nous communiquer les éléments suivants :",
    "Nous souhaiterions obtenir les éléments suivants :",
    "Nous avons besoin des informations suivantes :",
    "Je vous remercie de bien vouloir me communiquer :",
    "Vous voudrez bien nous faire parvenir :",
    "Votre réponse devra préciser les points suivants :",
    "Les pièces suivantes sont requises :",
    "Please provide the following:",
    "We require the following information:",
    "In order to progress the complaint the following is needed:",
    "I should be grateful for the following documents:",
    "Your response should address the following questions:",
    "Wir benötigen folgende Unterlagen:",
    "Bitte beantworten Sie folgende Fragen:",
    "Für die weitere Prüfung erbitten wir folgende Angaben:",
    "Es wird um Vorlage folgender Unterlagen gebeten:",
    "Sie haben uns folgende Unterlagen vorzulegen:",
    "Se solicita la siguiente documentación:",
    "Deberá remitir la siguiente información:",
    "Necesitamos que nos faciliten lo siguiente:",
    "Si chiede di fornire le seguenti informazioni:",
    "Sono richiesti i seguenti documenti:",
    "Vogliate trasmettere quanto segue:",
    "Graag ontvangen wij de volgende stukken:",
    "Wij hebben de volgende informatie nodig:",
    "Wij verzoeken u de volgende vragen te beantwoorden:",
    "Prosimy o przekazanie następujących informacji:",
    "Vi behöver följande uppgifter:",
    "Vi beder om følgende oplysninger:",
    "Vi trenger følgende opplysninger:",
    "Solicita-se o envio dos seguintes elementos:",
)
MARKS = (
    ("1.", "2."),
    ("1)", "2)"),
    ("(1)", "(2)"),
    ("1°", "2°"),
    ("1/", "2/"),
    ("1-", "2-"),
    ("a)", "b)"),
    ("(a)", "(b)"),
    ("i)", "ii)"),
)
BULLETS = (("-", "-"), ("•", "•"), ("▪", "▪"))


@pytest.mark.parametrize("lead", LEADS)
def test_what_a_list_holds_is_asked_by_the_words_that_lead_to_it(lead: str) -> None:
    items = ["1. the register;", "2. how long pictures are kept."]
    for between in ("\n", "\n\n"):
        text = f"Case 7.\n\n{lead}{between}{items[0]}\n{items[1]}\n\nYours faithfully\nA. Clerk"
        assert asks(text) == [lead, *items]


@pytest.mark.parametrize("marks", MARKS + BULLETS)
def test_lists_are_marked_in_many_ways(marks: tuple[str, str]) -> None:
    first, second = f"{marks[0]} le registre", f"{marks[1]} la durée de conservation\n   des images"
    text = f"Veuillez nous communiquer les éléments suivants :\n\n{first}\n{second}\n\nCordialement"
    assert asks(text)[1:] == [first, " ".join(second.split())]


@pytest.mark.parametrize("marks", MARKS + BULLETS)
def test_a_list_within_its_sentence_is_taken_apart(marks: tuple[str, str]) -> None:
    text = (
        f"Objet : 1. Plainte. Veuillez nous communiquer les éléments suivants : {marks[0]} le registre\ndes traitements (art. 30) ; "
        f"{marks[1]} la durée de conservation. Nous vous en remercions."
    )
    assert asks(text) == [
        "Veuillez nous communiquer les éléments suivants :",
        f"{marks[0]} le registre des traitements (art. 30) ;",
        f"{marks[1]} la durée de conservation.",
    ]


@pytest.mark.parametrize(
    "lead",
    [
        "We have received the following documents:",
        "The complainant alleges the following:",
        "You sent us the following documents on 1 June:",
        "La plaignante nous a communiqué les éléments suivants :",
        "Vous nous avez transmis les pièces suivantes :",
        "Die Beschwerdeführerin trägt Folgendes vor:",
        "Sie haben uns folgende Unterlagen vorgelegt:",
        "El reclamante manifiesta lo siguiente:",
        "Il reclamante lamenta quanto segue:",
        "Klaagster stelt het volgende:",
        "Our working hours are the following:",
    ],
)
def test_a_list_of_what_was_said_or_sent_is_not_asked(lead: str) -> None:
    assert asks(f"{lead}\n\n1. the register of processing operations;\n2. how long pictures are kept.") == []


def test_a_list_below_an_item_belongs_to_it() -> None:
    text = (
        "Please answer the following questions:\n\n1. Retention\n2. For each system, provide:\n\n"
        "   a) its name\n   b) its logs\n\n3. Recipients"
    )
    assert asks(text)[1:] == [
        "1. Retention", "2. For each system, provide:", "a) its name", "b) its logs", "3. Recipients",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["R. Castaing", "Y. Lescouarnec"])
def test_a_name_below_a_letter_is_no_item(name: str) -> None:
    asked_for = "Vos explications sont attendues dans le mois suivant la réception de ce message."
    assert name not in asks(f"Madame,\n\n{asked_for}\n\n{name}")
    assert name not in asks(f"Madame,\n\nVeuillez nous communiquer les éléments suivants :\n\n{name}")


@pytest.mark.parametrize(
    "lead",
    [
        "Please provide the following documents and information",
        "Nous vous prions de nous communiquer les éléments suivants.",
        "Bitte übersenden Sie uns die folgenden Unterlagen",
    ],
)
def test_words_may_lead_to_a_list_without_a_colon(lead: str) -> None:
    assert asks(f"{lead}\n\n- the register\n- the logs") == [lead, "- the register", "- the logs"]


def test_words_that_lead_to_no_list_are_not_quoted() -> None:
    assert asks("We require the following information:\n\nYours faithfully\nA. Clerk") == []


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
