"""Orders not to tell the customer are seen; the usual words on confidence, and other matters, are none."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from complaints.model import Assessment, Decision, Passage
from complaints.recognition.forbidding import Silence, forbidding
from tests.judging import MX, assessed, raw

SENTENCES = Path(__file__).parent.parent / "corpus/secrecy"
# The sets that were written before the words were, and what of their orders must not be lost again, in percent.
KEPT_ASIDE = ("second", "third", "fourth")
HELD, HELD_OR_STOPPED = 95, 98
GENUINE = f"{MX}; dmarc=pass header.from=ico.org.uk"
LETTER = """Dear Sir or Madam,

We have received a complaint about Acme Retail Ltd (your customer), our reference IC-123456-A1B2.
{}

Please let us have your answer within 28 days.

Yours faithfully
Jo Bloggs
Case officer
"""


def of_set(name: str) -> Iterator[tuple[str, str]]:
    """Each sentence with what must come of it: hold, stop, none or foot."""
    for line in (SENTENCES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            _, verdict, sentence = line.split(" | ", 2)
            yield verdict, sentence


def heard(text: str, where: str = "body") -> Silence:
    return forbidding([Passage(text=text, where=where)])


def verdict_on(text: str, where: str = "body") -> str:
    found = heard(text, where)
    return "hold" if found.certain else "stop" if found.near else "none"


def sentences(*verdicts: str, sets: tuple[str, ...] = ("sentences",)) -> list[str]:
    return [sentence for name in sets for verdict, sentence in of_set(name) if verdict in verdicts]


@pytest.mark.parametrize("order", sentences("hold"))
def test_an_order_of_silence_is_quoted(order: str) -> None:
    quote = heard(order).certain
    assert quote
    assert quote.rstrip(".") in order
    assert heard(f"Dear Sir or Madam,\n\n{order} Please answer by Friday.\n\nYours faithfully").certain


@pytest.mark.parametrize("near", sentences("stop"))
def test_words_of_secrecy_that_order_nothing_for_sure_are_a_near_miss(near: str) -> None:
    assert verdict_on(near) == "stop"


@pytest.mark.parametrize("other", sentences("none", sets=("sentences", *KEPT_ASIDE)))
def test_other_words_are_none(other: str) -> None:
    assert verdict_on(other) == "none"


@pytest.mark.parametrize("footer", sentences("foot", sets=("sentences", *KEPT_ASIDE)))
def test_the_small_print_below_a_mail_is_none(footer: str) -> None:
    assert verdict_on(footer) == "none"
    assert verdict_on(footer, "disclaimer") == "none"
    assert verdict_on(f"Please answer by Friday.\nYours faithfully\nJo Bloggs\n{footer}") == "none"


def test_what_was_reached_on_the_sets_kept_aside_is_not_lost() -> None:
    found = Counter(verdict_on(order) for order in sentences("hold", sets=KEPT_ASIDE))
    assert 100 * found["hold"] / found.total() >= HELD
    assert 100 * (found["hold"] + found["stop"]) / found.total() >= HELD_OR_STOPPED


def test_no_word_is_read_beyond_its_paragraph() -> None:
    assert verdict_on("You must not\n\ninform the controller of this request.") == "none"
    assert verdict_on("You must not\ninform the\ncontroller of\nthis request.") == "hold"


def test_an_order_among_small_print_is_one() -> None:
    order = "This e-mail is confidential. You must not inform your client of this request."
    assert verdict_on(order) == verdict_on(order, "disclaimer") == "hold"


# --- whole letters ---------------------------------------------------------------------------------------


def letter(words: str, subject: str = "Complaint about Acme Retail Ltd, IC-123456-A1B2") -> Assessment:
    return assessed(raw("ICO <casework@ico.org.uk>", subject, LETTER.format(words), GENUINE))


def test_a_letter_without_such_words_is_assigned() -> None:
    assert letter("It wants to know who has its data.").decision is Decision.ASSIGN


@pytest.mark.parametrize(
    "order",
    [
        "You must not inform Acme Retail of this inquiry.",
        "Acme Retail must not learn of this request.",
        "ACME RETAIL LTD is not to be told of our enquiry.",
        "Keep this investigation confidential vis-à-vis Acme Retail.",
        "Please send us the logs without telling Acme Retail.",
    ],
)
def test_a_customer_may_be_called_by_name(order: str) -> None:
    found = letter(order)
    assert found.decision is Decision.TRIAGE
    assert found.recognition.forbids == order
    assert found.why.startswith("it forbids telling the customer")


@pytest.mark.parametrize(
    "words",
    [
        "Acme Retail must not inform its subscribers of offers.",
        "Acme Retail's customers must not be told by text message.",
        "Acme Retail changed its terms without telling anybody.",
        "You must not tell Mr Jones of this letter.",
    ],
)
def test_a_name_that_is_not_the_one_to_be_told_forbids_nothing(words: str) -> None:
    assert letter(words).decision is Decision.ASSIGN


def test_a_near_miss_goes_to_a_person_who_is_told_why() -> None:
    found = letter("Please treat this letter as strictly confidential.")
    assert found.decision is Decision.TRIAGE
    assert (found.recognition.forbids, found.recognition.kind.value) == ("", "complaint")
    assert "it may forbid telling the customer (“Please treat this letter" in found.why


def test_an_organisation_that_no_register_knows_may_be_the_customer() -> None:
    found = letter("You must not inform Brightside Stores of this inquiry.")
    assert (found.decision, found.recognition.forbids) == (Decision.TRIAGE, "")


def test_an_order_in_the_subject_is_one() -> None:
    found = letter(
        "", subject="Not to be disclosed: do not inform your client of this request, IC-123456-A1B2"
    )
    assert found.recognition.forbids


@pytest.mark.parametrize("footer", sentences("foot", sets=("sentences", *KEPT_ASIDE)))
def test_a_letter_with_small_print_is_assigned(footer: str) -> None:
    assert letter(f"It wants to know who has its data.\n\n{footer}").decision is Decision.ASSIGN
    assert (
        assessed(
            raw(
                "ICO <casework@ico.org.uk>",
                "Complaint, IC-123456-A1B2",
                f"{LETTER.format('')}\n{footer}",
                GENUINE,
            )
        ).decision
        is Decision.ASSIGN
    )


def test_a_newsletter_on_secrecy_is_no_letter_and_asks_nobody() -> None:
    found = assessed(
        raw(
            "ICO <news@ico.org.uk>",
            "Newsletter November",
            "Our newsletter: please treat this request as confidential, says a guide. To unsubscribe click here.",
            GENUINE,
            ("List-Unsubscribe: <https://ico.org.uk/u>", "Precedence: bulk"),
        )
    )
    assert found.decision is Decision.IGNORE
