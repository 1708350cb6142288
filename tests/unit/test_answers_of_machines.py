"""Which automatic replies say that somebody is away, and until when."""

from datetime import date

import pytest

from complaints.answers import absent_until, asks_for_proof, says_absent, tells_of_failure
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


TODAY = date(2026, 7, 10)
OURS = "[FW-1001]: complaint about Acme Ltd (ICO), answer asked by 1 August 2026"


@pytest.mark.parametrize(
    ("subject", "words", "until"),
    [
        (f"Automatic reply: {OURS}", "I am out of the office until 20 July.", "2026-07-20"),
        (f"Automatic reply: {OURS}", "I am out of the office.", None),
        (f"Out of office until 20 July: {OURS}", "I am away.", "2026-07-20"),
        (f"Out of office until 20 July: {OURS}", "I am away until 22 July.", "2026-07-22"),
        (f"Away to 30 July. {OURS}", "I am out of the office from 6 to 20 July.", "2026-07-20"),
        (f"Abwesend bis 20.07.2026: {OURS}", "Ich bin seit 1. Juli nicht im Büro.", "2026-07-20"),
        ("Automatische Antwort: [fw-1001]: Antwort erbeten bis 1. August", "Ich bin bis 20. Juli im Urlaub.", "2026-07-20"),
        ("Réponse automatique : [FW-1001] : réponse demandée pour le 1er août", "Je suis absente jusqu'au 20 juillet.", "2026-07-20"),
        ("Respuesta automática: [FW-1001]: respuesta antes del 1 de agosto", "Estoy de vacaciones hasta el 20 de julio.", "2026-07-20"),
        ("Risposta automatica: [FW-1001]: risposta entro il 1 agosto", "Sono in ferie fino al 20 luglio.", "2026-07-20"),
        ("Automatisch antwoord: [FW-1001]: antwoord vóór 1 augustus", "Ik ben afwezig tot en met 20 juli.", "2026-07-20"),
        # Some repeat the subject of what they answer.
        (f"Automatic reply: {OURS}", f"Your message “{OURS}” has come. I am away until 20 July.", "2026-07-20"),
        (f"AUTO: {OURS}", f"I am away. Subject: {OURS}", None),
        # A subject of their own has no mark of ours.
        ("Ada is away until 20 July", "Please write to Bob.", "2026-07-20"),
        # Neither what is over nor what is too far away is the end of an absence.
        ("Automatic reply", "I was away until 1 July.", None),
        ("Automatic reply", "Our office has been here since 1 August 2020; we move on 1 August 2028.", None),
    ],
)  # fmt: skip
def test_an_absence_ends_on_the_day_its_own_words_name(subject: str, words: str, until: str | None) -> None:
    found = absent_until(mail(subject, words), TODAY)
    assert (found and found.isoformat()) == until
