"""Orders not to tell the customer are seen; the usual words on confidence, and other matters, are none."""

import pytest

from complaints.model import Passage
from complaints.recognition.forbidding import forbidding


def said(text: str) -> str:
    return forbidding([Passage(text=text, where="body")])


@pytest.mark.parametrize(
    "order",
    [
        "You must not inform your customer of this notice.",
        "Please do not disclose the existence of this investigation to the controller.",
        "You are prohibited from notifying the data controller that this notice was served.",
        "The information is to be given to us without alerting the controller.",
        "Sie dürfen den Verantwortlichen hiervon nicht unterrichten.",
        "Es ist Ihnen untersagt, den Auftraggeber über dieses Ersuchen zu informieren.",
        "Vous ne devez pas informer le responsable de traitement de la présente demande.",
        "No debe comunicar este requerimiento al responsable del tratamiento.",
        "Non deve informare il titolare del trattamento della presente richiesta.",
        "U mag de verwerkingsverantwoordelijke hierover niet informeren.",
    ],
)
def test_an_order_of_secrecy_is_quoted(order: str) -> None:
    assert said(f"Dear Sir or Madam,\n\n{order} Please answer by Friday.") in " ".join(order.split())
    assert said(order)


@pytest.mark.parametrize(
    "other",
    [
        "Please do not disclose the complainant's identity to the controller.",
        "This e-mail is confidential and intended solely for the addressee; do not disclose it to anyone.",
        "We have not informed the controller of this complaint yet.",
        "Please inform the controller without delay.",
        "Please pass this letter on to your customer.",
        "Bitte leiten Sie das Schreiben an den Verantwortlichen weiter.",
        "Merci de transmettre ce courrier au responsable de traitement sans délai.",
        "You must not delete the data.",
    ],
)
def test_other_words_are_none(other: str) -> None:
    assert said(other) == ""
