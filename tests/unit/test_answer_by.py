"""By when an answer is wanted, in the words of sixteen languages: each line is one way to say it, or not to say it."""

from datetime import date

import pytest

from complaints.model import Passage
from complaints.recognition.answer_by import AnswerBy, answer_by
from complaints.recognition.counting import add_period, is_working_day, next_working_day
from complaints.recognition.dates import PeriodFound
from complaints.recognition.request import Days

MAILED, RECEIVED = date(2026, 11, 24), date(2026, 11, 25)  # a Tuesday and a Wednesday
COUNTRY = {
    "en": "GB", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL", "pl": "PL", "sv": "SE", "da": "DK",
    "no": "NO", "pt": "PT", "fi": "FI", "cs": "CZ", "ca": "ES", "hu": "HU", "ro": "RO",
}  # fmt: skip
SAID = (
    ("en", "Please respond by close of business on Friday 4 December.", "2026-12-04"),
    ("en", "We need your reply no later than noon on 15/12/2026.", "2026-12-15"),
    (
        "en",
        "Kindly let us have your comments within fourteen (14) days of receipt of this letter.",
        "2026-12-09",
    ),
    ("en", "Please reply within one calendar month.", "2026-12-24"),
    ("en", "You have until 3 December 2026 to respond.", "2026-12-03"),
    ("en", "We would be grateful for a response by the 18th of December.", "2026-12-18"),
    ("en", "We would be grateful for a response by the 18th of next month.", "2026-12-18"),
    ("en", "Please answer by the 30th of this month.", "2026-11-30"),
    ("en", "Please answer by the 30th.", "2026-11-30"),
    ("en", "Please let me have your answers in the next ten working days.", "2026-12-08"),
    ("en", "Please reply not later than 28 days from today.", "2026-12-22"),
    ("en", "Please answer a fortnight from the date above.", "2026-12-08"),
    ("en", "A reply within a fortnight would be appreciated.", "2026-12-08"),
    ("en", "Please reply by the end of next week.", "2026-12-04"),
    ("en", "Please reply by the end of November.", "2026-11-30"),
    ("en", "Please reply before the end of the year.", "2026-12-31"),
    ("en", "Response deadline: 2027-01-11", "2027-01-11"),
    ("en", "Reply due: 14.12.2026", "2026-12-14"),
    ("en", "Kindly revert by Jan. 15th, 2027.", "2027-01-15"),
    ("en", "Your response is required by the fifteenth of January 2027.", "2027-01-15"),
    ("en", "I should like your answers by the first of December.", "2026-12-01"),
    ("en", "Answer please, three weeks today at the latest.", "2026-12-15"),
    ("en", "We expect your observations in 14 days' time.", "2026-12-08"),
    ("en", "We expect to hear from you within 48 hours.", "2026-11-26"),
    ("en", "Please reply on or before 7 December 2026.", "2026-12-07"),
    ("en", "I look forward to hearing from you by 9 December.", "2026-12-09"),
    (
        "en",
        "The controller has until 24 December; your own answer should reach us by 10 December.",
        "2026-12-10",
    ),
    (
        "en",
        "Your answer should reach us by 10 December. The controller has been given until 3 December.",
        "2026-12-10",
    ),
    (
        "en",
        "The incident happened on 3 December 2025 and the complainant wrote on 5 January 2026. Please comment by 8 January 2027.",
        "2027-01-08",
    ),
    ("en", "Please describe, within fourteen days of the date of this letter, who has access.", "2026-12-08"),
    ("en", "Please answer by the end of the 15th working day after the date of this letter.", "2026-12-15"),
    ("en", "Please reply by 14 December. Acme Retail has until 3 December.", "2026-12-14"),
    (
        "en",
        "Please reply by 14 December. The shop has its own questions, to which it is to reply by 7 December.",
        "2026-12-14",
    ),
    (
        "en",
        "Please let us have the log from 1 September on within fifteen days of the date of this letter.",
        "2026-12-09",
    ),
    (
        "en",
        "You asked for an extension to 20 December. That is refused: please answer by 30 November.",
        "2026-11-30",
    ),
    ("en", "Instead of today, you have a further fourteen days, counted from today.", "2026-12-08"),
    ("en", "Please answer by 18 December. Our office is closed from 24 December to 3 January.", "2026-12-18"),
    ("en", "No further action is required from you. The complainant may appeal until 4 January 2027.", None),
    ("en", "I look at my open files on 18 December, but that is not a deadline for you.", None),
    ("en", "The hospital must notify within 72 hours; we hope to hear from you.", None),
    (
        "de",
        "Bitte antworten Sie bis 14. Dezember. Ein Erörterungstermin ist für den 1. Dezember in Ansbach angesetzt.",
        "2026-12-14",
    ),
    ("de", "Bitte antworten Sie bis 14. Dezember; die MVG hat bis zum 3. Dezember Zeit.", "2026-12-14"),
    ("fr", "Merci de nous répondre dans les vingt et un jours de la date de la présente.", "2026-12-15"),
    (
        "it",
        "Vogliate rispondere entro il 14 dicembre. ATM dovrà depositare le memorie entro il 3 dicembre.",
        "2026-12-14",
    ),
    ("it", "Vogliate fornire riscontro nel termine di giorni 15 (quindici) dal ricevimento.", "2026-12-10"),
    ("nl", "Graag ontvangen wij uw reactie binnen vijftien kalenderdagen na ontvangst.", "2026-12-10"),
    ("pl", "Czekamy na wyjaśnienia do 14 grudnia. Skarga zostanie rozpoznana do 4 grudnia.", "2026-12-14"),
    ("no", "Vi ber om redegjørelsen, og ikke senere enn mandag 14. desember.", "2026-12-14"),
    (
        "ro",
        "Vă solicităm să ne comunicați, cel mai târziu la data de 8 ianuarie 2027, ce date dețineți.",
        "2027-01-08",
    ),
    ("en", "Let us have the company's answer within 14 days.", "2026-12-08"),
    ("en", "Please let me have the controller’s own response in two weeks.", "2026-12-08"),
    ("en", "Kindly forward us the bank's answer within 10 working days of receipt.", "2026-12-09"),
    ("en", "May we have the company's answer in a fortnight?", "2026-12-08"),
    ("en", "Please provide the customer's response by 14 December.", "2026-12-14"),
    ("en", "The company’s reply is due within 14 days.", None),
    ("en", "The company's answer must reach us within 14 days.", None),
    ("en", "We have asked for the controller's answer within 14 days.", None),
    (
        "de",
        "Bitte lassen Sie uns die Stellungnahme der Verantwortlichen binnen 14 Tagen zukommen.",
        "2026-12-08",
    ),
    ("de", "Bitte übermitteln Sie uns die Antwort des Verantwortlichen binnen 14 Tagen.", "2026-12-08"),
    ("de", "Der Verantwortlichen wurde eine Frist von 14 Tagen gesetzt.", None),
    ("fr", "Veuillez nous transmettre la réponse de la société sous 14 jours.", "2026-12-08"),
    ("es", "Deberá remitir la respuesta de la empresa en el plazo de 14 días.", "2026-12-08"),
    ("it", "Vogliate inoltrarci il riscontro della società entro quindici giorni.", "2026-12-09"),
    ("nl", "Graag ontvangen wij het antwoord van het bedrijf binnen 14 dagen na ontvangst.", "2026-12-09"),
    ("en", "Please confirm by return.", None),
    ("en", "Please send your answers at your convenience.", None),
    ("en", "You may appeal within 28 days of this decision.", None),
    ("en", "Records must be kept until 31 December 2027.", None),
    ("en", "Please ensure that we have the logs in our hands by 5pm, 11 December 2026.", "2026-12-11"),
    ("en", "Time limit for response: 21 days", "2026-12-15"),
    ("en", "Respond: 21 days", "2026-12-15"),
    (
        "en",
        "The time for your response is four weeks, counted from the day on which this reaches you.",
        "2026-12-23",
    ),
    ("en", "We ask for a substantive answer; two weeks ought to be sufficient.", "2026-12-08"),
    ("en", "Ten working days are allowed for your answer.", "2026-12-08"),
    ("en", "If we have not heard by 14 December we shall assume you do not wish to comment.", "2026-12-14"),
    ("en", "Unless we hear from you before 14 December, we will proceed on the papers.", "2026-12-14"),
    ("en", "Tell us what happened. Latest: Monday 7 December.", "2026-12-07"),
    ("en", "We have allowed you 35 calendar days.", "2026-12-29"),
    ("en", "Deadline 12 noon, Thursday 10th December 2026", "2026-12-10"),
    (
        "en",
        "The deadline in our letter of 2 November is moved from 30 November to 14 December.",
        "2026-12-14",
    ),
    ("en", "We agree to a further 7 days; your response is now due on 8 December.", "2026-12-08"),
    ("en", "You asked for more time. We can give you one further week, to 8 December 2026.", "2026-12-08"),
    ("en", "Please treat 8 December 2026 as the date for reply.", "2026-12-08"),
    ("en", "A response is awaited by Wednesday.", "2026-11-25"),
    ("en", "Please get this to me by Friday of next week.", "2026-12-04"),
    ("en", "The hearing is on 14 January 2027; written answers must arrive 14 days before it.", None),
    ("de", "Wir bitten um Stellungnahme bis zum 15. Dezember 2026.", "2026-12-15"),
    ("de", "Ihre Antwort erbitten wir bis spätestens 15.12.2026.", "2026-12-15"),
    ("de", "Bitte äußern Sie sich innerhalb von drei Wochen nach Zugang dieses Schreibens.", "2026-12-16"),
    ("de", "Sie werden aufgefordert, binnen eines Monats Stellung zu nehmen.", "2026-12-24"),
    ("de", "Zur Stellungnahme wird eine Frist von 14 Tagen gesetzt.", "2026-12-08"),
    ("de", "Frist: 15.12.2026", "2026-12-15"),
    ("de", "Um Antwort wird bis Ende des Monats gebeten.", "2026-11-30"),
    ("de", "Um Antwort wird bis 15.12. gebeten.", "2026-12-15"),
    (
        "de",
        "Bitte teilen Sie uns bis Freitag, den 11. Dezember, mit, ob Sie die Daten verarbeiten.",
        "2026-12-11",
    ),
    ("de", "Wir sehen Ihrer Antwort bis zum Ablauf des 15. Dezember entgegen.", "2026-12-15"),
    ("de", "Zur Äußerung haben Sie vierzehn Tage ab Datum dieses Schreibens Zeit.", "2026-12-08"),
    ("de", "Für Ihre Rückmeldung haben wir uns den 10. Dezember 2026 vorgemerkt.", "2026-12-10"),
    ("de", "Wir ersuchen Sie, innert 20 Tagen Stellung zu nehmen.", "2026-12-14"),
    (
        "de",
        "Es wird Ihnen Gelegenheit gegeben, binnen zwei Wochen ab Zustellung dieses Schreibens Stellung zu nehmen.",
        "2026-12-09",
    ),
    ("de", "Ich bitte Sie, mir die Unterlagen binnen 10 Werktagen zuzuleiten.", "2026-12-08"),
    ("de", "Ihre Stellungnahme erwarte ich zum 4. Januar 2027.", "2027-01-04"),
    (
        "de",
        "Der Beschwerdeführer hatte am 3. Dezember 2025 Auskunft verlangt; die Monatsfrist ist abgelaufen. Bitte nehmen Sie bis zum 18.12.26 Stellung.",
        "2026-12-18",
    ),
    ("de", "Gegen diesen Bescheid kann innerhalb eines Monats Klage erhoben werden.", None),
    ("de", "Bitte antworten Sie bis Mitte der nächsten Woche.", None),
    ("de", "Bitte antworten Sie bis Ende nächster Woche.", "2026-12-04"),
    ("de", "Die Frist verlängere ich bis zum 8. Januar 2027.", "2027-01-08"),
    ("de", "Wir gewähren Fristverlängerung bis einschließlich 8. Januar 2027.", "2027-01-08"),
    ("fr", "Nous vous prions de nous répondre sous quinzaine.", "2026-12-09"),
    ("fr", "Merci de nous répondre sous huitaine.", "2026-12-02"),
    (
        "fr",
        "Vous disposez d'un délai de deux mois à compter de la réception de la présente pour répondre.",
        "2027-01-25",
    ),
    (
        "fr",
        "Je vous saurais gré de bien vouloir me faire parvenir vos observations avant le 15 décembre.",
        "2026-12-15",
    ),
    ("fr", "Votre réponse est attendue d'ici au 15 décembre 2026.", "2026-12-15"),
    ("fr", "Veuillez répondre au plus tard le vendredi 11 décembre 2026.", "2026-12-11"),
    ("fr", "Merci de répondre sous 15 jours ouvrés.", "2026-12-15"),
    ("fr", "Vous voudrez bien nous adresser vos éléments dans les quinze jours.", "2026-12-09"),
    ("fr", "Réponse souhaitée pour le 1er décembre.", "2026-12-01"),
    ("fr", "Date limite de réponse : 15/12/2026", "2026-12-15"),
    ("fr", "Je vous invite à présenter vos observations dans le délai d'un mois.", "2026-12-24"),
    ("fr", "Vous avez jusqu'au 15 janvier 2027 pour produire vos observations.", "2027-01-15"),
    ("fr", "Un recours peut être formé dans un délai de deux mois.", None),
    ("fr", "Passé le 15 décembre 2026, nous considérerons que vous n'avez pas d'observations.", "2026-12-15"),
    ("fr", "Sans réponse de votre part avant la fin du mois, nous poursuivrons l'instruction.", "2026-11-30"),
    (
        "fr",
        "Il vous est demandé de faire connaître votre position dans un délai de 8 jours à réception.",
        "2026-12-03",
    ),
    ("es", "Deberá remitir sus alegaciones en el plazo de diez días hábiles.", "2026-12-09"),
    ("es", "Se le requiere para que conteste antes del 15 de diciembre.", "2026-12-15"),
    ("es", "Le rogamos su respuesta a más tardar el 11 de diciembre de 2026.", "2026-12-11"),
    ("es", "Tiene hasta el día 15 de diciembre de 2026 para contestar.", "2026-12-15"),
    (
        "es",
        "Se concede un plazo máximo de un mes contado desde la recepción para informar a esta Agencia.",
        "2026-12-25",
    ),
    (
        "es",
        "Deberá facilitar la información dentro de los 10 días hábiles siguientes a la notificación.",
        "2026-12-10",
    ),
    ("es", "Contra esta resolución cabe recurso en el plazo de un mes.", None),
    (
        "es",
        "Quedamos a la espera de su contestación, que deberá recibirse antes de las 14:00 del viernes 11 de diciembre.",
        "2026-12-11",
    ),
    ("it", "Si prega di fornire riscontro entro il 15 dicembre 2026.", "2026-12-15"),
    ("it", "Si invita a far pervenire osservazioni entro e non oltre il 15.12.2026.", "2026-12-15"),
    ("it", "Si chiede di rispondere entro 20 giorni dal ricevimento della presente.", "2026-12-15"),
    (
        "it",
        "Codesta Società è invitata a comunicare, nel termine di quindici giorni, quanto segue.",
        "2026-12-09",
    ),
    ("it", "Attendiamo un Vostro riscontro per il 4 dicembre p.v.", "2026-12-04"),
    ("it", "Entro la fine del mese vogliate trasmettere le informazioni.", "2026-11-30"),
    ("it", "Avverso il provvedimento può essere proposta opposizione entro trenta giorni.", None),
    ("nl", "Wij verzoeken u vóór 15 december 2026 te reageren.", "2026-12-15"),
    ("nl", "Graag ontvangen wij uw reactie uiterlijk op vrijdag 11 december.", "2026-12-11"),
    ("nl", "U kunt binnen vier weken na dagtekening van deze brief uw zienswijze geven.", "2026-12-22"),
    ("nl", "Wij verwachten uw antwoord binnen twee weken na ontvangst van deze e-mail.", "2026-12-09"),
    ("nl", "U heeft tot en met 15 december de tijd om te antwoorden.", "2026-12-15"),
    ("nl", "Stuur ons de stukken voor 15 december a.s.", "2026-12-15"),
    ("nl", "Uw reactie zien wij graag voor het eind van de maand tegemoet.", "2026-11-30"),
    ("nl", "Tegen dit besluit kunt u binnen zes weken bezwaar maken.", None),
    (
        "pl",
        "Prosimy o złożenie wyjaśnień w terminie 7 dni od dnia doręczenia niniejszego pisma.",
        "2026-12-02",
    ),
    ("pl", "Wyjaśnienia należy przesłać do dnia 15 grudnia 2026 r.", "2026-12-15"),
    ("pl", "Prosimy o odpowiedź do 15 grudnia br.", "2026-12-15"),
    ("pl", "Odpowiedzi oczekujemy nie później niż do 11.12.2026.", "2026-12-11"),
    ("pl", "Prosimy ustosunkować się w terminie czternastu dni od daty otrzymania pisma.", "2026-12-09"),
    ("pl", "Proszę o odpowiedź w ciągu 10 dni roboczych.", "2026-12-08"),
    ("pl", "Na decyzję przysługuje skarga w terminie 30 dni.", None),
    ("sv", "Svara senast den 15 december 2026.", "2026-12-15"),
    ("sv", "Ert yttrande ska ha kommit in till oss senast 2026-12-15.", "2026-12-15"),
    ("sv", "Vi önskar ert svar inom tre veckor från mottagandet.", "2026-12-16"),
    ("sv", "Ni har 14 dagar på er att yttra er.", "2026-12-08"),
    ("sv", "Yttrandet ska ha inkommit före utgången av december.", "2026-12-31"),
    ("sv", "Beslutet kan överklagas inom tre veckor.", None),
    ("da", "Vi beder om jeres svar senest den 15. december 2026.", "2026-12-15"),
    ("da", "Vi skal anmode om en udtalelse inden 14 dage fra dags dato.", "2026-12-08"),
    ("da", "Svarfrist: tre uger", "2026-12-15"),
    (
        "da",
        "Datatilsynet skal have modtaget jeres bemærkninger senest mandag den 14. december.",
        "2026-12-14",
    ),
    ("da", "Bemærkningerne bedes sendt inden for fire uger efter modtagelsen af dette brev.", "2026-12-23"),
    ("no", "Vi ber om svar innen 15. desember 2026.", "2026-12-15"),
    ("no", "Redegjørelsen må være oss i hende innen tre uker fra dere mottar dette brevet.", "2026-12-16"),
    ("no", "Frist for å svare er 18.12.2026.", "2026-12-18"),
    ("no", "Vi ber om tilbakemelding i løpet av ti virkedager.", "2026-12-08"),
    ("pt", "Solicita-se que se pronunciem no prazo de 10 dias úteis.", "2026-12-10"),
    ("pt", "Agradecemos a vossa resposta até 15 de dezembro de 2026.", "2026-12-15"),
    ("pt", "Queiram enviar os esclarecimentos até ao dia 15 de dezembro.", "2026-12-15"),
    ("pt", "Dispõe de um mês a contar da receção da presente para responder.", "2026-12-25"),
    ("pt", "Da decisão cabe recurso no prazo de 15 dias.", None),
    ("fi", "Pyydämme vastaustanne viimeistään 15.12.2026.", "2026-12-15"),
    ("fi", "Selvitys on annettava 15. joulukuuta 2026 mennessä.", "2026-12-15"),
    (
        "fi",
        "Pyydämme antamaan selvityksen kahden viikon kuluessa tämän kirjeen vastaanottamisesta.",
        "2026-12-09",
    ),
    ("fi", "Vastatkaa 14 päivän kuluessa.", "2026-12-08"),
    ("cs", "Žádáme Vás o vyjádření ve lhůtě 15 dnů od doručení.", "2026-12-10"),
    ("cs", "Odpověď zašlete do 15. prosince 2026.", "2026-12-15"),
    ("ca", "Disposeu d'un termini de deu dies hàbils per presentar al·legacions.", "2026-12-09"),
    ("hu", "Kérjük, hogy válaszát 2026. december 15-ig küldje meg.", "2026-12-15"),
    ("hu", "Kérem, hogy 15 napon belül nyilatkozzon.", "2026-12-09"),
    (
        "ro",
        "Vă rugăm să ne transmiteți răspunsul în termen de 5 zile lucrătoare de la primire.",
        "2026-12-04",
    ),
    ("ro", "Răspunsul este așteptat până la 15 decembrie 2026.", "2026-12-15"),
)


def _wanted(text: str, country: str, mailed: date = MAILED) -> AnswerBy | None:
    letter = Passage(where="body", text=f"Dear Sirs,\n\n{text}\n\nYours\nA. Clerk")
    return answer_by((letter,), Days(mail=mailed, receipt=max(mailed, RECEIVED), country=country))


@pytest.mark.parametrize(("language", "text", "by"), SAID)
def test_the_day_is_read_from_the_words_of_the_letter_and_never_invented(
    language: str, text: str, by: str | None
) -> None:
    found = _wanted(text, COUNTRY[language])
    assert (found.day.isoformat() if found else None) == by
    assert found is None or found.quote in " ".join(text.split())


def test_a_term_of_the_union_runs_on_to_its_next_working_day() -> None:
    # Regulation 1182/71, article 3(4): 24 December to 2 January are holidays of the Commission.
    month = PeriodFound(count=1, unit="month", start=0, end=0)
    last = add_period(MAILED, month, "EU")
    assert last == date(2026, 12, 24)
    assert next_working_day(last, "EU") == date(2027, 1, 4)


def test_working_days_of_the_union_skip_its_own_holidays() -> None:
    assert not is_working_day(date(2027, 5, 7), "EU")  # the day after Ascension
    assert is_working_day(date(2027, 5, 7), "BE")
    five = PeriodFound(count=5, unit="working day", start=0, end=0)
    assert add_period(date(2026, 12, 22), five, "EU") == date(2027, 1, 7)
    assert add_period(date(2026, 12, 22), five, "GB") == date(2026, 12, 31)


def test_of_a_table_that_names_the_parties_only_our_rows_count() -> None:
    table = "Who owes what:\nAcme Retail\tPrivacy notice\t1 December 2026\nNorthgate\tExport logs\t14 December 2026\nTribunal\tHearing\t19 January 2027"
    days = Days(mail=MAILED, receipt=RECEIVED, country="GB")
    found = answer_by([Passage(where="body", text=table)], days, "Northgate")
    assert found is not None
    assert found.day == date(2026, 12, 14)


def test_a_row_of_a_chronology_is_not_the_date_of_the_letter() -> None:
    text = "Chronology\n\n3 Sept   Complainant telephones the bank and is told to wait\n\nKindly answer within four weeks of the date of this email."
    days = Days(mail=MAILED, receipt=RECEIVED, country="GB")
    found = answer_by([Passage(where="body", text=text)], days)
    assert found is not None
    assert found.day == date(2026, 12, 22)


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("within 14 days", "2026-11-16"),  # of the letter's own date
        ("within 14 days of the date of this letter", "2026-11-16"),
        ("within 14 days of receipt", "2026-12-09"),
        ("within 14 days of today", "2026-12-08"),  # of the mail's day
    ],
)
def test_a_letter_that_bears_a_date_counts_from_it_and_one_that_bears_none_from_that_of_the_mail(
    words: str, by: str
) -> None:
    asked = f"Please let us have the company's answer {words}."
    found = _wanted(f"London, 2 November 2026\n\n{asked}", "GB")
    assert found is not None
    assert found.day.isoformat() == by
    undated = _wanted(asked, "GB")
    assert undated is not None
    assert undated.day.isoformat() == ("2026-12-09" if "receipt" in words else "2026-12-08")
