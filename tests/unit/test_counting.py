"""How a deadline was counted, in the reader's language or not at all."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.agreed import Facts, Urgency, deadline
from complaints.customer_place import LANGUAGES
from complaints.deadlines import Calendar
from complaints.model import Kind
from complaints.outbox import NoticeKind
from notifiers.compose import compose
from notifiers.counting import counted
from notifiers.language import language
from notifiers.sample import LETTER, sample
from tests.unit.test_compose import VOICE, body, flat

OFFICE = Calendar.parse(
    {
        "timezone": "Europe/Berlin",
        "hours": {day: ["09:00-17:30"] for day in ("mon", "tue", "wed", "thu", "fri")},
        "holidays": ["2026-12-25"],
    }
)
ENGLISH_WORDS = re.compile(r"\b(?:counted|not|to|more|the|hours|closed|holiday|Jul|Mon|Tue)\b")


@pytest.mark.parametrize(
    ("code", "on", "off"),
    [
        ("en", "counted: Mon 6 Jul 09:00 to 13:00", "not counted: the weekend and closed hours"),
        (
            "de",
            "gezählt: Mo. 6. Juli 09:00 bis 13:00",
            "nicht gezählt: das Wochenende und die Zeit außerhalb der Geschäftszeit",
        ),
        (
            "fr",
            "compté : lun. 6 juil. de 09:00 à 13:00",
            "non compté : le week-end et le temps hors heures ouvrées",
        ),
        (
            "es",
            "cuenta: lun 6 jul de 9:00 a 13:00",
            "no cuenta: el fin de semana y el tiempo fuera del horario laboral",
        ),
        (
            "it",
            "contato: lun 6 lug dalle 09:00 alle 13:00",
            "non contato: il fine settimana e il tempo fuori dall’orario lavorativo",
        ),
        ("nl", "geteld: ma 6 jul 09:00 tot 13:00", "niet geteld: het weekend en de tijd buiten werkuren"),
    ],
)
def test_a_note_tells_it_in_its_language_and_in_which_zone(code: str, on: str, off: str) -> None:
    line = "counted: Mon 6 Jul 09:00 to 13:00; not counted: weekend, closed"
    whole = sample(NoticeKind.FORWARD, language=code)
    facts = {**whole.facts, "reckoned": line, "counted_in": "Europe/Berlin"}
    text = flat(body(compose(replace(whole, facts=facts), VOICE, LETTER)))
    semicolon = " ;" if code == "fr" else ";"
    assert f"{on} (Europe/Berlin){semicolon} {off}" in text


@pytest.mark.parametrize(
    ("line", "german"),
    [
        ("every hour counts", "jede Stunde zählt"),
        ("due at once", "sofort fällig"),
        (
            "counted: Tue 14 Jul; not counted: day the count starts from",
            "gezählt: Di. 14. Juli; nicht gezählt: der Ausgangstag",
        ),
        (
            "counted: Mon 30 Nov 09:00 to Tue 1 Dec 10:30:05",
            "gezählt: Mo. 30. Nov. 09:00 bis Di. 1. Dez. 10:30:05",
        ),
        ("counted: Thu 29 Feb, 3 more, Mon 4 Mar", "gezählt: Do. 29. Feb., 3 weitere und Mo. 4. März"),
        (
            "counted: Mon 28 Dec; not counted: holiday Christmas Day, holiday Boxing Day, counted from 2026-12-28",
            "gezählt: Mo. 28. Dez.; nicht gezählt: ein Feiertag und die Zeit vor dem 28. Dezember 2026",
        ),
        (
            "“without undue delay” is 24h by our own rule; every hour counts",
            "„unverzüglich“ nach unserer eigenen Regel: 24 Stunden; jede Stunde zählt",
        ),
        ("at the latest 48h; every hour counts", "spätestens: 48 Stunden; jede Stunde zählt"),
    ],
)
def test_what_the_desk_writes_down_has_words(line: str, german: str) -> None:
    assert counted(language("de"), line, "") == german


@pytest.mark.parametrize(
    "line",
    [
        "urgent (an answer is wanted by 2026-12-01, 3 days after receipt): every hour counts",
        "every hour counts; not counted: after 5pm: the next business day",
        "counted: Mon 31 Feb",
        "counted: soon",
        "something else",
        "",
    ],
)
def test_what_has_no_words_is_left_out_but_in_english(line: str) -> None:
    for code in LANGUAGES:
        assert counted(language(code), line, "Europe/Berlin") == (line if code == "en" else "")


def test_a_contract_s_own_words_are_left_where_they_are_understood() -> None:
    line = "“as fast as we can” is 24h by our own rule; every hour counts"
    assert (
        counted(language("en"), line, "")
        == "“as fast as we can” by our own rule: 24 hours; every hour counts"
    )
    assert counted(language("it"), line, "") == ""


def test_in_english_hours_have_their_zone_even_where_the_rest_has_no_words() -> None:
    line = "urgent (x): counted: Mon 6 Jul 09:00 to 13:00"
    assert counted(language("en"), line, "Europe/Berlin") == f"{line} (Europe/Berlin)"


@given(
    received=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001  given a zone below
    terms=st.sampled_from(
        ("24h", "90m", "4 business hours", "30 business hours", "2 business days", "9 days")
    ),
)
def test_whatever_common_terms_come_to_is_told_whole_and_without_english(
    received: datetime, terms: str
) -> None:
    letter = Facts(received_at=received.replace(tzinfo=UTC), kind=Kind.COMPLAINT, respond_by=None)
    found = deadline(
        terms, letter, house_number="24h", name="house", calendar=OFFICE, urgency=Urgency(days=0)
    )
    for code in LANGUAGES:
        shown = counted(language(code), found.reckoned, str(ZoneInfo("Europe/Berlin")))
        assert shown
        assert code == "en" or not ENGLISH_WORDS.search(shown)
