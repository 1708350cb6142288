"""A day to answer by that had gone by when the letter came is the day to answer by; days of a letter's story are not."""

from datetime import date

import pytest

from complaints.model import Passage
from complaints.recognition.answer_by import AnswerBy, answer_by
from complaints.recognition.relative_days import relative_days
from complaints.recognition.request import Days
from tests.judging import assessed, raw

RECEIVED = date(2026, 7, 10)  # a Friday
DEMANDED = (
    ("Please respond by 8 July 2026.", "2026-07-08"),
    ("You hold the transfer log. We now require it by 9 July.", "2026-07-09"),
    ("Your response is required no later than noon on 3 July 2026.", "2026-07-03"),
    ("Please let us have your comments on or before 1 July.", "2026-07-01"),
    ("You have until 8 July 2026 to respond.", "2026-07-08"),
    ("Deadline for your reply: 8 July 2026", "2026-07-08"),
    ("The deadline for your reply is 8 July 2026.", "2026-07-08"),
    (
        "Please explain the outage and send us the logs by close of business on Tuesday 7 July.",
        "2026-07-07",
    ),
    ("Please respond before 8 July.", "2026-07-08"),
    ("Please respond by the end of June.", "2026-06-30"),
    ("As we have received no answer, please respond by 8 July.", "2026-07-08"),
    ("We received your note of 1 June, but not the log; please send it by 8 July.", "2026-07-08"),
    ("Unless we hear from you before 8 July, we will proceed on the papers.", "2026-07-08"),
    ('Please explain the term "household link" and respond by 8 July 2026.', "2026-07-08"),
    ("The time for your reply is extended to 8 July 2026.", "2026-07-08"),
    ("We agree to a further 7 days; your response is now due on 8 July.", "2026-07-08"),
    ("Your answer, due by\t8 July 2026\nThe hearing\t19 January 2027", "2026-07-08"),
    ("Please respond by 1 July. We must have it by 8 July.", "2026-07-08"),
    ("Bitte antworten Sie bis zum 8. Juli 2026.", "2026-07-08"),
    ("Wir bitten um Stellungnahme bis spätestens 8. Juli 2026.", "2026-07-08"),
    ("Ihre Stellungnahme erwarten wir bis zum Ablauf des 8. Juli.", "2026-07-08"),
    ("Um Antwort wird bis 08.07.2026 gebeten.", "2026-07-08"),
    ("Frist zur Äußerung: 8. Juli 2026", "2026-07-08"),
    ("Die Frist wird bis zum 8. Juli verlängert.", "2026-07-08"),
    ("Sie werden aufgefordert, uns die Unterlagen bis zum 8. Juli vorzulegen.", "2026-07-08"),
    ("Die Stellungnahme ist uns bis zum 8. Juli vorzulegen.", "2026-07-08"),
    ("Bitte antworten Sie bis Ende Juni.", "2026-06-30"),
    (
        "Da bislang keine Antwort eingegangen ist, bitten wir nunmehr um Äußerung bis zum 8. Juli.",
        "2026-07-08",
    ),
    ("Veuillez répondre avant le 8 juillet 2026.", "2026-07-08"),
    (
        "Nous vous prions de nous faire parvenir vos observations au plus tard le mercredi 8 juillet.",
        "2026-07-08",
    ),
    ("Votre réponse est attendue d'ici au 8 juillet 2026.", "2026-07-08"),
    ("Date limite de réponse : 08/07/2026", "2026-07-08"),
    ("Vous avez jusqu'au 8 juillet 2026 pour produire vos observations.", "2026-07-08"),
    ("N'ayant rien reçu, nous vous demandons de répondre avant le 8 juillet.", "2026-07-08"),
    ("Le rogamos su respuesta a más tardar el 8 de julio de 2026.", "2026-07-08"),
    ("Deberá remitir sus alegaciones antes del 8 de julio.", "2026-07-08"),
    ("Tiene hasta el día 8 de julio de 2026 para contestar.", "2026-07-08"),
    ("Si prega di fornire riscontro entro l'8 luglio 2026.", "2026-07-08"),
    ("Si invita a far pervenire osservazioni entro e non oltre il 07.07.2026.", "2026-07-07"),
    ("Attendiamo un Vostro riscontro per il 7 luglio.", "2026-07-07"),
    ("Wij verzoeken u vóór 8 juli 2026 te reageren.", "2026-07-08"),
    ("Graag ontvangen wij uw reactie uiterlijk op woensdag 8 juli.", "2026-07-08"),
    ("U heeft tot en met 8 juli de tijd om te antwoorden.", "2026-07-08"),
    ("Stuur ons de stukken voor 8 juli.", "2026-07-08"),
    ("Prosimy o odpowiedź do 8 lipca 2026 r.", "2026-07-08"),
    ("Svara senast den 8 juli 2026.", "2026-07-08"),
    ("Vi beder om jeres svar senest den 8. juli 2026.", "2026-07-08"),
    ("Vi ber om svar innen 8. juli 2026.", "2026-07-08"),
    ("Agradecemos a vossa resposta até 8 de julho de 2026.", "2026-07-08"),
)
OVERTAKEN = (
    ("Please respond by 8 July 2026. We now require it by 20 July.", "2026-07-20"),
    ("Please respond by 8 July, at the latest by Tuesday.", "2026-07-14"),
    ("Bitte antworten Sie bis zum 8. Juli. Die Frist wird bis zum 20. Juli verlängert.", "2026-07-20"),
    ("Veuillez répondre avant le 8 juillet, et au plus tard dans les dix jours.", "2026-07-20"),
    ("The reply, due on 8 July, is extended by 7 days.", "2026-07-15"),
)
HISTORY = (
    "You were asked to respond by 3 March 2025 and did not.",
    "You were asked to respond by 3 July 2026 and did not.",
    "You were kindly requested to respond by 3 July 2026.",
    "We asked you to respond by 3 July.",
    "In our letter of 1 June we requested that you please respond by 3 July 2026.",
    "Your answer was due on 3 July. Please send it by return.",
    "Your response, which we expected by 3 July, is outstanding.",
    "You had until 3 July to respond.",
    "The deadline of 3 July has passed.",
    "The deadline of 3 July for your reply is noted.",
    "Please tell us why the company did not answer the complainant by 3 July.",
    "Please send the logs from 1 to 8 July.",
    "Please send all entries up to 8 July 2026.",
    "Please provide the logs until 8 July.",
    "Please explain the message sent by the company on 3 July.",
    "Please confirm whether the data, requested by the complainant on 5 July, were erased.",
    "Our letter asked: “Please respond by 8 July.” We have had no answer.",
    "The controller has been given until 3 July.",
    "The company promised the complainant an answer by 3 July 2026.",
    "By the end of June the company had answered. Please comment.",
    "1 July 2026\tComplainant writes\n8 July 2026\tYour answer was due",
    "Please respond by 8 May 2026.",  # two months ago
    "Sie wurden gebeten, bis zum 3. Juli 2026 zu antworten.",
    "Mit Schreiben vom 3. Juni haben wir Sie gebeten, uns Ihre Stellungnahme bis zum 3. Juli vorzulegen.",
    "Die Frist zur Stellungnahme lief am 3. Juli ab.",
    "Die am 3. Juli abgelaufene Frist betrachten wir als letzte Kulanz.",
    "Bitte übersenden Sie die Protokolle vom 1. bis 8. Juli.",
    "Wir bitten um Auskunft über die Nacht zum 3. Juli.",
    "Sie hatten bis zum 3. Juli Zeit, sich zu äußern.",
    "Eine Antwort bis zum 3. Juli ist nicht eingegangen.",
    "Unser Schreiben lautete: „Bitte antworten Sie bis zum 8. Juli.“",
    "Vous étiez invités à répondre avant le 3 juillet 2026.",
    "Nous vous avons demandé de répondre avant le 3 juillet.",
    "Vous deviez nous répondre au plus tard le 3 juillet.",
    "Le délai de réponse a expiré le 3 juillet.",
    "Veuillez nous transmettre les journaux du 1er au 8 juillet.",
    "Veuillez indiquer si la société avait répondu au plaignant avant le 3 juillet.",
    "Le technicien est passé le 3 juillet. Merci de nous répondre.",
    "Se le requirió para que contestase antes del 3 de julio.",
    "Debía contestar antes del 3 de julio.",
    "El plazo para contestar venció el 3 de julio.",
    "Rogamos remitan los registros del 1 al 8 de julio.",
    "Dovevate rispondere entro il 3 luglio.",
    "Vi abbiamo chiesto di rispondere entro il 3 luglio.",
    "Il termine per rispondere è scaduto il 3 luglio.",
    "Vogliate trasmettere i log dal 1° all'8 luglio.",
    "U werd verzocht vóór 3 juli te reageren.",
    "Wij hebben u gevraagd uiterlijk op 3 juli te antwoorden.",
    "Wij hebben u verzocht uw reactie uiterlijk op 3 juli te geven.",
    "De reactietermijn is op 3 juli verstreken.",
    "Stuur ons de logregels van 1 tot 8 juli.",
)


def _found(text: str, received: date = RECEIVED, mailed: date | None = None) -> AnswerBy | None:
    letter = Passage(where="body", text=f"Dear Sirs,\n\n{text}\n\nYours\nA. Clerk")
    return answer_by((letter,), Days(mail=mailed or received, receipt=received, country="GB"))


@pytest.mark.parametrize(("text", "by"), DEMANDED)
def test_a_day_that_passed_before_the_letter_came_is_still_the_day_to_answer_by(text: str, by: str) -> None:
    found = _found(text)
    assert found is not None
    assert (found.day.isoformat(), found.passed) == (by, True)
    assert " ".join(found.quote.split()) in " ".join(text.split())


@pytest.mark.parametrize(("text", "by"), OVERTAKEN)
def test_a_day_ahead_overtakes_one_that_has_passed(text: str, by: str) -> None:
    found = _found(text)
    assert found is not None
    assert (found.day.isoformat(), found.passed) == (by, False)


@pytest.mark.parametrize("text", HISTORY)
def test_a_day_of_the_story_is_not_demanded(text: str) -> None:
    assert _found(text) is None


@pytest.mark.parametrize(
    ("received", "passed"),
    [("2026-07-08", False), ("2026-07-09", True), ("2026-08-19", True), ("2026-08-20", None)],
)
def test_a_letter_may_come_up_to_six_weeks_too_late(received: str, passed: bool | None) -> None:
    found = _found("Please respond by 8 July 2026.", date.fromisoformat(received))
    assert (found and found.passed) == passed


def test_a_letter_that_was_mailed_in_time_and_lay_long_keeps_its_day() -> None:
    found = _found("Please respond by 8 July 2026.", date(2026, 10, 1), date(2026, 6, 20))
    assert found is not None
    assert (found.day, found.passed) == (date(2026, 7, 8), False)


@pytest.mark.parametrize(
    ("words", "mailed", "day"),
    [
        ("by the end of June", "2026-07-10", "2026-06-30"),
        ("by the end of June", "2026-09-01", "2027-06-30"),
        ("by the end of June 2027", "2026-07-10", "2027-06-30"),
        ("by the end of December", "2027-01-10", "2026-12-31"),
        ("avant la fin juin", "2026-07-10", "2026-06-30"),
        ("before Christmas", "2027-01-04", "2026-12-25"),
        ("before Christmas", "2027-03-04", "2027-12-25"),
        ("before Christmas", "2026-12-28", "2026-12-25"),
        ("before Christmas", "2026-12-20", "2026-12-25"),
    ],
)
def test_a_day_without_a_year_that_is_just_over_is_not_taken_for_that_of_next_year(
    words: str, mailed: str, day: str
) -> None:
    [(_, _, found)] = relative_days(words, date.fromisoformat(mailed))
    assert found.isoformat() == day


@pytest.mark.parametrize(
    "text",
    [
        "An answer before the 8th of July would help.",
        "Vi ser frem til at høre fra jer senest onsdag den 8. juli 2026.",
        "Pedimos que nos digam até ao dia 8 de julho quem decide.",
    ],
)
def test_a_day_with_its_month_is_never_that_day_of_the_next_month(text: str) -> None:
    found = _found(text)
    assert found is None or found.day == date(2026, 7, 8)


def test_a_letter_that_came_too_late_says_so_in_what_was_recognised() -> None:
    words = "Dear Sirs\n\nA complaint about Acme Retail Ltd has reached us (IC-123456-A1B2). Please respond by 27 November 2026."
    seen = assessed(raw("ICO <icocasework@ico.org.uk>", "Complaint IC-123456-A1B2", words)).recognition
    assert (seen.kind.value, seen.respond_by) == ("complaint", date(2026, 11, 27))
    assert seen.respond_by_quote == "Please respond by 27 November 2026."
