"""Which automatic replies say that somebody is away."""

import pytest

from complaints.answers import asks_for_proof, says_absent, tells_of_failure
from complaints.model import Address, InboundMail, Passage

ABSENT = [
    ("Automatic reply: Complaint", "I am out of the office until 14 December 2026."),
    ("AUTO: Ada is out of the office (returning 09/18/2026)", "I am away on vacation."),
    ("Automatic reply", "Ada no longer works here. Please write to info@acme.example."),
    ("Abwesenheitsnotiz", "Ich bin bis zum 14.12.2026 nicht im Büro."),
    ("Réponse automatique", "Je suis absente jusqu'au 14 décembre."),
    ("Respuesta automática", "Estoy de vacaciones."),
    ("Automaattinen vastaus", "Olen lomalla 14.12. asti."),
    ("Automatická odpověď", "Jsem na dovolené do 14. 12."),
    ("Automatikus válasz", "Szabadságon vagyok."),
    ("Răspuns automat", "Sunt în concediu."),
    ("Автоматический ответ", "Я в отпуске до 14 декабря."),
]
RECEIPTS = [
    ("Automatic reply: Complaint", "Thank you for contacting us. We will be in touch within two days."),
    ("[Ticket 4711] Your request", "Your request has been received and a ticket has been created."),
    ("Automatische Antwort", "Ihre Anfrage ist eingegangen."),
    ("Read: Complaint", "Your message was read on Monday."),
]


def mail(subject: str, words: str) -> InboundMail:
    return InboundMail(
        sha256="",
        subject=subject,
        sender=Address(name="", email="ada@acme.example"),
        passages=(Passage(where="body", text=words),),
    )


CHALLENGES = [
    ("Please confirm your message", "Please click the link below to have your message delivered to Ada."),
    ("Your message is being held", "I only accept mail from approved senders."),
    ("Re: Complaint", "To prevent spam, verify that you are human before your message can be delivered."),
    ("Ihre Nachricht", "Bitte bestätigen Sie Ihre Adresse, damit die Nachricht zugestellt wird."),
    ("Votre message", "Cliquez sur le lien pour que votre message soit délivré."),
    ("Uw bericht", "Klik op de link, dan wordt uw bericht afgeleverd."),
]


@pytest.mark.parametrize(("subject", "words"), CHALLENGES)
def test_a_machine_that_keeps_our_mail_back_is_told_from_receipts(subject: str, words: str) -> None:
    assert asks_for_proof(mail(subject, words))


@pytest.mark.parametrize(("subject", "words"), [*ABSENT, *RECEIPTS])
def test_other_machines_keep_nothing_back(subject: str, words: str) -> None:
    assert not asks_for_proof(mail(subject, words))


@pytest.mark.parametrize(("subject", "words"), ABSENT)
def test_notes_of_absence_are_told_in_many_languages(subject: str, words: str) -> None:
    assert says_absent(mail(subject, words))
    assert not tells_of_failure(mail(subject, words))


@pytest.mark.parametrize(("subject", "words"), RECEIPTS)
def test_receipts_of_machines_say_of_nobody_that_they_are_away(subject: str, words: str) -> None:
    assert not says_absent(mail(subject, words))
