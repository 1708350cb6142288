"""What makes two spellings of a name the same, and what does not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.matching import context
from complaints.matching.context import Stance, says_against_us, says_in_doubt, stance_of
from complaints.matching.forms import split_form
from complaints.matching.names import is_ordinary
from complaints.matching.numbers import parse_identifier, squash
from complaints.matching.places import place_beside
from complaints.matching.tokens import name_words, tidy, tokens
from complaints.matching.webnames import host_and_path, registrable


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Globus Fachmärkte GmbH & Co. KG", "GLOBUS FACHMÄRKTE GmbH und Co KG"),
        ("Sky UK Limited", "Sky UK Ltd."),
        ("Auxiliant S.à.r.l", "Auxiliant S.à r.l."),
        ("Auxiliant SARL", "Auxiliant S.à rl"),
        ("GTT S.p.A.", "GTT SpA"),
        ("Morele.net Sp. z o.o.", "morele.net sp. z o. o."),
        ("Ikano Bank AB (publ)", "Ikano Bank AB"),
        ("SOS-Kinderdorf e.V.", "SOS Kinderdorf e. V."),
        ("J. P. Boden", "J.P. Boden"),
        ("Mumby’s Homecare", "Mumby's Homecare"),
        ("Trustpilot A/S", "Trustpilot AS"),
        ("Condé Nast", "Conde Nast"),
    ],
)
def test_spelling_habits_make_no_difference(one: str, other: str) -> None:
    assert set(name_words(one)) & set(name_words(other))


@pytest.mark.parametrize("written", ["Ströer", "Stroeer", "Stroer"])
def test_umlauts_are_found_in_every_transliteration(written: str) -> None:
    assert set(name_words("Ströer")) & set(name_words(written))


def test_two_transliterations_of_different_names_stay_apart() -> None:
    assert not set(name_words("Blue")) & set(name_words("Blu"))


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Kaufland Polska Markety sp. z o.o.", "kaufland polska markety"),
        ("Otto GmbH & Co. KGaA", "otto"),
        ("Marks & Spencer plc", "marks & spencer"),
        ("UAB Vinted", "vinted"),
        ("The Book Depository Ltd", "book depository"),
        ("Ltd", "ltd"),
    ],
)
def test_a_name_without_its_legal_form(name: str, core: str) -> None:
    assert " ".join(split_form(name_words(name)[0])[0]) == core


def test_a_host_name_is_one_word_and_a_missing_blank_is_none() -> None:
    words = [
        token.plain for token in tokens(tidy("See nextdoor-watch.uk.Then Sky.Please answer x@sky.co.uk"))
    ]
    assert "nextdoor" not in words
    assert words[-4:] == ["sky", "please", "answer", "sky.co.uk"]


@given(st.text(max_size=300))
def test_any_text_has_words_that_stand_where_they_say(text: str) -> None:
    clean = tidy(text)
    found = tokens(clean)
    assert all(0 <= token.start < token.end <= len(clean) for token in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("before", "after", "stance"),
    [
        ("Complaint against ", " about marketing", Stance.RESPONDENT),
        ("This is not a complaint against ", "", Stance.EXCLUDED),
        ("She has not received a reply from ", "", Stance.PLAIN),
        ("It is not only ", " but others", Stance.PLAIN),
        ("She saw it on ", " in May", Stance.PASSING),
        ("", " is not the respondent", Stance.EXCLUDED),
        ("", ", its sister, is not", Stance.PLAIN),
        ("Beschwerdegegnerin: ", "", Stance.RESPONDENT),
        ("", " ist ausdrücklich nicht gemeint", Stance.EXCLUDED),
        ("", " ne sont pas en cause", Stance.EXCLUDED),
    ],
)
def test_how_a_sentence_mentions_a_name(before: str, after: str, stance: Stance) -> None:
    assert stance_of(before, after) is stance


@pytest.mark.parametrize(
    "text",
    [
        "We cannot tell the print house from the website operator.",
        "It is unclear which company is meant.",
        "Uns ist nicht bekannt, welche Gesellschaft verantwortlich ist.",
        "Nous ignorons quelle société est visée.",
        "No consta qué empresa es.",
        "Het is onduidelijk welke onderneming het is.",
    ],
)
def test_a_sender_who_does_not_know_who_is_meant_is_heard(text: str) -> None:
    assert says_in_doubt(text)


def test_a_sender_who_knows_is_not_in_doubt() -> None:
    assert not says_in_doubt("She could not log in. Please say which data you hold, and whether you host it.")


@pytest.mark.parametrize(
    ("before", "after", "country"),
    [
        ("", " i Sverige, inte", "SE"),
        ("the Irish ", "", "IE"),
        ("", " (Deutschland)", "DE"),
        ("", " told us", ""),
        ("", " US Inc", "US"),
    ],
)
def test_a_country_beside_a_name(before: str, after: str, country: str) -> None:
    assert place_beside(before, after) == country


@pytest.mark.parametrize(
    ("name", "ordinary"),
    [(("orange",), True), (("on",), True), (("m", "&", "s"), True), (("trustpilot",), False)],
)
def test_ordinary_words_are_told_from_names(name: tuple[str, ...], ordinary: bool) -> None:
    assert is_ordinary(name) is ordinary


def test_sites_are_compared_by_host_and_path() -> None:
    assert host_and_path("https://www.PayPal.com/uk/") == ("paypal.com", "uk")
    assert registrable("help.sky.co.uk") == "sky.co.uk"


def test_numbers_are_compared_without_grouping_and_leading_zeros() -> None:
    assert squash("0290 6991") == squash("2906991")
    number = parse_identifier("hrb:Berlin-Charlottenburg 39609")
    assert (number.value, number.court) == ("39609", "berlin")


@given(st.from_regex(context._AGAINST_YOU))
def test_the_quick_look_for_hints_overlooks_no_phrase_against_us(phrase: str) -> None:
    found = context._AGAINST_YOU.search(phrase)
    assert says_against_us(phrase, ()) == (" ".join(found.group().split())[:80] if found else "")


@pytest.mark.parametrize("written", ["NORTHGATE", "Northgate", "NorthGate"])
def test_our_own_name_is_found_in_any_case(written: str) -> None:
    assert says_against_us(f"A complaint agaİnst {written}.", ("Northgate Managed Services",))
