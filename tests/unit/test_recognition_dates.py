"""By when a letter wants an answer: words and counting, in eleven languages."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.model import Passage
from complaints.recognition.answer_by import AnswerBy, Days, answer_by
from complaints.recognition.counting import add_period
from complaints.recognition.dates import PeriodFound, days_in, periods_in

ASKED = (
    (
        "7 October 2026\n\nCase reference: IC-372500-S1A1\n\nPlease tell us when the review was flagged, and by whom, within 28 days of the date of this letter.",
        "2026-10-07",
        "2026-11-04",
    ),
    (
        "Our complainant lives next door. We need to know by 10 November 2026 whether you host it.",
        "2026-10-20",
        "2026-11-10",
    ),
    (
        "Kindly furnish the restore log no later than 10 working days after receipt.",
        "2026-11-02",
        "2026-11-16",
    ),
    (
        "Je vous remercie de vos observations dans un délai de quinze jours à compter de la date du présent courrier, soit le 9 novembre 2026.",
        "2026-11-09",
        "2026-11-24",
    ),
    ("Your answer was due on 4 November. Please send it by 18 November 2026.", "2026-11-11", "2026-11-18"),
    ("rügt Videoaufnahmen.\n\nFrist zur Äußerung: 3. Dezember 2026.", "2026-11-12", "2026-12-03"),
    (
        "5.3-2100-40/26: Die Frist wird antragsgemäß vom 3. auf den 17. Dezember 2026 verlängert.",
        "2026-11-27",
        "2026-12-17",
    ),
    (
        "Antwoord graag binnen een maand na dagtekening van deze e-mail. Kenmerk: BoF-2026-61",
        "2026-11-16",
        "2026-12-16",
    ),
    ("Your observations are requested by 16 December 2026.", "2026-11-25", "2026-12-16"),
    (
        "Si chiede riscontro entro trenta giorni dalla data della presente, 2 dicembre 2026.",
        "2026-12-02",
        "2027-01-01",
    ),
    (
        "Could you or they explain? No particular hurry, but before Christmas would be kind. Case HDJ/9.",
        "2026-12-04",
        "2026-12-25",
    ),
    ("Please respond by 4 January 2027.", "2026-12-07", "2027-01-04"),
    ("Kunden fick fel kreditupplysning. Svar senast 2027-01-11.", "2026-12-09", "2027-01-11"),
    (
        "Wir bitten um Stellungnahme innerhalb von zwei Wochen nach Zugang dieses Schreibens.",
        "2026-12-01",
        "2026-12-15",
    ),
    ("Bitte nehmen Sie bis zum 15.12.2026 Stellung.", "2026-12-01", "2026-12-15"),
    (
        "Prosimy o udzielenie wyjaśnień w terminie 7 dni od dnia doręczenia niniejszego pisma.",
        "2026-12-01",
        "2026-12-08",
    ),
    (
        "Se le concede un plazo de diez días hábiles para remitir la información solicitada.",
        "2026-11-02",
        "2026-11-16",
    ),
    ("Datatilsynet skal anmode om en udtalelse senest den 3. december 2026.", "2026-11-02", "2026-12-03"),
    ("Vi ber om svar innen tre uker fra brevets dato.", "2026-11-02", "2026-11-23"),
    ("Solicita-se resposta no prazo de 10 dias úteis a contar da receção.", "2026-11-02", "2026-11-16"),
    (
        "The controller has been asked to answer by 20 November 2026. Please let us have your own account by 27 November 2026.",
        "2026-11-02",
        "2026-11-27",
    ),
    ("We have extended the deadline from 20 November to 4 December 2026.", "2026-11-18", "2026-12-04"),
    (
        "If we have not heard by Friday 4 December 2026 we will decide without your reply.",
        "2026-11-18",
        "2026-12-04",
    ),
    ("Please reply within a fortnight.", "2026-11-18", "2026-12-02"),
    ("Merci de nous répondre sous huit jours.", "2026-11-18", "2026-11-26"),
    ("Prosimy o odpowiedź do dnia 18 grudnia 2026 r.", "2026-11-18", "2026-12-18"),
    ("Please answer within twenty-one (21) days of the date of this letter.", "2026-11-18", "2026-12-09"),
    (
        "The Information Commissioner\n\nDate: 14 November 2026\n\nPlease let us have your answers within 14 days of the date of this letter. You may complain to the tribunal within 28 days.",
        "2026-11-18",
        "2026-11-28",
    ),
    ("Por favor, conteste antes del 3 de diciembre de 2026.", "2026-11-18", "2026-12-03"),
    ("We would be grateful for a reply by tomorrow.", "2026-11-18", "2026-11-19"),
    (
        "The incident happened on 3 December 2025 and the complainant wrote on 4 January 2026. We ask you to answer by 1 December 2026.",
        "2026-11-18",
        "2026-12-01",
    ),
    (
        "Veuillez nous adresser vos éléments de réponse avant le 1er décembre 2026.",
        "2026-11-18",
        "2026-12-01",
    ),
    (
        "The meeting is on 30 November 2026; please send the log by 25 November 2026.",
        "2026-11-18",
        "2026-11-25",
    ),
    (
        "Please provide your response by close of business on Friday, 18 December 2026.",
        "2026-12-01",
        "2026-12-18",
    ),
    ("We ask that you reply on or before 5 January 2027.", "2026-12-01", "2027-01-05"),
    ("Kindly revert to us not later than the 15th of December.", "2026-12-01", "2026-12-15"),
    ("Please treat this as urgent: we need your answer by tomorrow.", "2026-12-01", "2026-12-02"),
    ("You have 21 calendar days from the date of this email to respond.", "2026-12-01", "2026-12-22"),
    ("Wir erwarten Ihre Stellungnahme spätestens am 8. Januar 2027.", "2026-12-01", "2027-01-08"),
    ("Für Ihre Antwort haben wir uns den 18.12.2026 vorgemerkt.", "2026-12-01", "2026-12-18"),
    ("Bitte antworten Sie binnen eines Monats nach Erhalt dieses Schreibens.", "2026-12-01", "2027-01-01"),
    (
        "Wir bitten um Übersendung der Protokolle innerhalb von vier Wochen ab Datum dieses Schreibens.",
        "2026-12-01",
        "2026-12-29",
    ),
    ("Bitte lassen Sie uns Ihre Antwort bis Ende der Woche zukommen.", "2026-12-01", "2026-12-04"),
    (
        "Nous vous prions de bien vouloir répondre dans un délai d'un mois à compter de la réception de la présente.",
        "2026-12-01",
        "2027-01-01",
    ),
    ("Votre réponse est attendue pour le 15 décembre 2026.", "2026-12-01", "2026-12-15"),
    ("Vos observations devront nous parvenir avant le 8 janvier.", "2026-12-01", "2027-01-08"),
    (
        "dans un délai de 10 jours ouvrés à compter de la réception, vous voudrez bien nous transmettre les journaux.",
        "2026-12-01",
        "2026-12-15",
    ),
    ("Deberá contestar en el plazo de 10 días naturales desde la notificación.", "2026-12-01", "2026-12-11"),
    ("Le rogamos que responda a más tardar el 20 de diciembre de 2026.", "2026-12-01", "2026-12-20"),
    (
        "Si invita codesta società a fornire riscontro entro e non oltre il 18 dicembre 2026.",
        "2026-12-01",
        "2026-12-18",
    ),
    (
        "Voglia fornire chiarimenti entro venti giorni dal ricevimento della presente.",
        "2026-12-01",
        "2026-12-21",
    ),
    (
        "Wij verzoeken u binnen twee weken na dagtekening van deze brief te reageren.",
        "2026-12-01",
        "2026-12-15",
    ),
    ("Graag ontvangen wij uw reactie vóór 24 december 2026.", "2026-12-01", "2026-12-24"),
    (
        "Wzywam do udzielenia odpowiedzi w terminie 14 dni od dnia otrzymania niniejszego pisma.",
        "2026-12-01",
        "2026-12-15",
    ),
    ("Prosimy o nadesłanie wyjaśnień nie później niż 18.12.2026 r.", "2026-12-01", "2026-12-18"),
    ("Termin na odpowiedź upływa 18 grudnia 2026 r.", "2026-12-01", "2026-12-18"),
    ("Ni ska svara inom tre veckor från det att ni tog emot denna skrivelse.", "2026-12-01", "2026-12-22"),
    ("Yttrandet ska ha kommit in till IMY senast den 8 januari 2027.", "2026-12-01", "2027-01-08"),
    (
        "Vi beder jer besvare spørgsmålene inden 14 dage fra modtagelsen af dette brev.",
        "2026-12-01",
        "2026-12-15",
    ),
    ("Svaret skal være os i hænde senest fredag den 18. december 2026.", "2026-12-01", "2026-12-18"),
    ("Frist for svar er 11. januar 2027.", "2026-12-01", "2027-01-11"),
    ("Vi ber om tilbakemelding innen 10 virkedager.", "2026-12-01", "2026-12-15"),
    ("Agradecemos a vossa resposta até ao dia 18 de dezembro de 2026.", "2026-12-01", "2026-12-18"),
    ("Deverão responder no prazo de quinze dias a contar da notificação.", "2026-12-01", "2026-12-16"),
    (
        "We have asked Trustpilot to reply by 20 December 2026 and you to reply by 22 December 2026.",
        "2026-12-01",
        "2026-12-22",
    ),
    ("The deadline of 4 December 2026 is extended by two weeks.", "2026-12-01", "2026-12-18"),
    ("The time for your response is extended to 15 January 2027.", "2026-12-01", "2027-01-15"),
    ("Le délai qui vous était imparti est prolongé jusqu'au 15 janvier 2027.", "2026-12-01", "2027-01-15"),
    ("Il termine è prorogato al 15 gennaio 2027.", "2026-12-01", "2027-01-15"),
    ("Anståndet beviljas till den 15 januari 2027.", "2026-12-01", "2027-01-15"),
    ("De termijn wordt verlengd tot 15 januari 2027.", "2026-12-01", "2027-01-15"),
    ("Please answer within 5 working days of receipt.", "2026-12-22", "2026-12-31"),
    (
        "The mailbox is closed from 24 December 2026 until 4 January 2027. Please reply by 18 December 2026.",
        "2026-12-01",
        "2026-12-18",
    ),
    (
        "Please send the answers, which the law requires within one month, by 18 December 2026.",
        "2026-12-01",
        "2026-12-18",
    ),
    ("Response deadline\n18 December 2026\n\nThank you", "2026-12-01", "2026-12-18"),
    ("Please reply by Friday.", "2026-12-01", "2026-12-04"),
    ("Please respond by 12/01/2027.", "2026-12-01", "2027-01-12"),
    ("We would like your views by the end of the month.", "2026-12-01", "2026-12-31"),
    ("Reply requested: 18 Dec 2026", "2026-12-01", "2026-12-18"),
    ("Answers due 18 December 2026", "2026-12-01", "2026-12-18"),
    ("Please reply no later than one week from today.", "2026-12-01", "2026-12-08"),
    (
        "London, 27 November 2026\n\nWe would be grateful for a reply within fourteen days of the date hereof.",
        "2026-12-01",
        "2026-12-11",
    ),
    (
        "Hannover, den 26.11.2026\n\nWir bitten um Antwort innerhalb von drei Wochen.",
        "2026-12-01",
        "2026-12-17",
    ),
    (
        "Please reply within 10 days of receiving this letter. The events took place between 1 and 5 November 2026.",
        "2026-12-01",
        "2026-12-11",
    ),
    (
        "Please respond by 4 January 2027. If you need more time, tell us by 18 December 2026.",
        "2026-12-01",
        "2026-12-18",
    ),
    (
        "Personuppgifterna raderas den 31 december 2026. Svara gärna senast den 20 december.",
        "2026-12-01",
        "2026-12-20",
    ),
)

NOT_ASKED = (
    ("Thank you, that answers our question. The case is closed as regards Northgate.", "2026-12-01"),
    ("You have the right to appeal within 28 days.", "2026-11-02"),
    ("Please reply by return.", "2026-11-18"),
    (
        "The hearing will take place on 9 December 2026. Logs must be kept until 31 January 2027.",
        "2026-11-18",
    ),
    (
        "Our file will be destroyed after 31 January 2027. The tribunal hearing is on 14 January 2027.",
        "2026-12-01",
    ),
    ("We will review the matter on 15 January 2027. No reply is needed.", "2026-12-01"),
    ("The complainant expects to hear from the controller by 20 December 2026.", "2026-12-01"),
    ("You may seek a review of this decision within 28 days.", "2026-12-01"),
    ("Contre cette décision, un recours peut être formé dans un délai de deux mois.", "2026-12-01"),
    ("Gegen diesen Bescheid kann innerhalb eines Monats Klage erhoben werden.", "2026-12-01"),
    ("Under Article 12(3) the controller must respond within one month.", "2026-12-01"),
    ("The controller replied to the data subject within 30 days.", "2026-12-01"),
    (
        "She asked for her data on 1 October and should have been answered within one month. Please comment at your earliest convenience.",
        "2026-12-01",
    ),
    ("Please confirm by return that you are the processor.", "2026-12-01"),
    ("We will close the case on 30 December 2026 unless we hear from you before then.", "2026-12-01"),
)


def _wanted(text: str, day: str, country: str = "GB") -> AnswerBy | None:
    mailed = date.fromisoformat(day)
    return answer_by((Passage(where="body", text=text),), Days(mail=mailed, receipt=mailed, country=country))


@pytest.mark.parametrize(("text", "mailed", "by"), ASKED)
def test_the_day_an_answer_is_wanted_by_is_read_from_the_words(text: str, mailed: str, by: str) -> None:
    found = _wanted(text, mailed)
    assert found is not None
    assert found.day == date.fromisoformat(by)
    assert found.quote
    assert found.quote in " ".join(text.split())


@pytest.mark.parametrize(("text", "mailed"), NOT_ASKED)
def test_no_day_is_invented_where_none_is_set_for_an_answer(text: str, mailed: str) -> None:
    assert _wanted(text, mailed) is None


def test_a_period_from_receipt_counts_from_the_day_of_receipt() -> None:
    days = Days(mail=date(2026, 12, 1), receipt=date(2026, 12, 3), country="GB")
    text = "Please reply within 14 days of receipt."
    found = answer_by((Passage(where="body", text=text),), days)
    assert found is not None
    assert found.day == date(2026, 12, 17)


def test_the_date_of_an_attached_letter_goes_before_the_date_of_the_mail() -> None:
    passages = (
        Passage(where="body", text="Please see the attached letter."),
        Passage(
            where="attachment:letter.pdf",
            text="16 November 2026\n\nPlease reply within 28 days of the date of this letter.",
        ),
    )
    found = answer_by(passages, Days(mail=date(2026, 11, 20), receipt=date(2026, 11, 20), country="GB"))
    assert found is not None
    assert (found.day, found.where) == (date(2026, 12, 14), "attachment:letter.pdf")


def test_working_days_skip_the_holidays_of_the_senders_country() -> None:
    text = "Solicita-se resposta no prazo de 10 dias úteis a contar da receção."
    # 1 and 8 December are holidays in Portugal and working days in England.
    portugal, england = _wanted(text, "2026-11-27", "PT"), _wanted(text, "2026-11-27", "GB")
    assert portugal is not None
    assert england is not None
    assert (portugal.day, england.day) == (date(2026, 12, 15), date(2026, 12, 11))


def test_a_month_ends_on_the_same_day_number_or_the_last_there_is() -> None:
    month = PeriodFound(count=1, unit="month", start=0, end=0)
    assert add_period(date(2026, 12, 31), month, "GB") == date(2027, 1, 31)
    assert add_period(date(2027, 1, 31), month, "GB") == date(2027, 2, 28)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(1, 60))
def test_working_days_never_end_on_a_weekend_and_never_before_calendar_days(base: date, count: int) -> None:
    working = add_period(base, PeriodFound(count=count, unit="working day", start=0, end=0), "GB")
    calendar = add_period(base, PeriodFound(count=count, unit="day", start=0, end=0), "GB")
    assert working.weekday() < 5
    assert working >= calendar


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_a_date_with_its_year_is_read_whatever_the_day_of_the_mail(day: date) -> None:
    for written in (day.isoformat(), f"{day.day}.{day.month}.{day.year}", f"{day.day} {day:%B} {day.year}"):
        assert [found.day for found in days_in(f"on {written}, please", date(2026, 12, 1))] == [day]


@given(st.text(max_size=400))
def test_no_text_makes_the_search_for_days_fail(text: str) -> None:
    for found in (*days_in(text, date(2026, 12, 1)), *periods_in(text)):
        assert 0 <= found.start < found.end <= len(text)
    wanted = _wanted(text, "2026-12-01")
    assert wanted is None or wanted.day >= date(2026, 12, 1)


def test_a_date_without_a_year_is_the_nearest_one() -> None:
    assert [d.day for d in days_in("by 4 January", date(2026, 12, 7))] == [date(2027, 1, 4)]
    assert [d.day for d in days_in("on 4 November", date(2026, 12, 7))] == [date(2026, 11, 4)]


@pytest.mark.parametrize(
    "dated",
    ["Wiesbaden, den 23. November 2026", "Wiesbaden, 23. November 2026", "Wiesbaden, den 23.11.2026"],
)
def test_the_date_of_a_letter_is_no_answer_date_though_its_head_runs_into_it(dated: str) -> None:
    text = (
        "Der Hessische Beauftragte für Datenschutz und Informationsfreiheit\nPostfach 3163 · 65021 Wiesbaden\n\n"
        f"Northgate\nPrivacy Team\n\nGeschäftszeichen: 90.21.44:0731\nBearbeiterin: Frau Hollstein\n{dated}\n\n"
        "Beschwerde nach Art. 77 DS-GVO\nAnhörung\n\n"
        "Ihre Stellungnahme erwarte ich innerhalb von zwei Wochen nach Zugang dieses Schreibens.\n"
    )
    found = _wanted(text, "2026-11-23", "DE")
    assert found is not None
    assert found.day == date(2026, 12, 7)
    assert found.quote.startswith("Ihre Stellungnahme")
