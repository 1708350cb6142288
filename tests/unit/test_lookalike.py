"""Domains and names that imitate a body's, and honest ones that must not be taken for it."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.model import Address
from complaints.recognition import Registry
from complaints.recognition.confusables import latin, skeleton
from complaints.recognition.impostor import claimed_by_name, signs_as
from complaints.recognition.lookalike import look_alike
from config.customers import read_customers
from config.registers import load_bodies

REGISTRY = Registry(load_bodies())
CUSTOMERS = Path(__file__).parent.parent / "corpus/letters/customers.csv"


@pytest.mark.parametrize(
    ("domain", "listed", "trick"),
    [
        ("ico.org.uk.evil.example", "ico.org.uk", "sub-domain"),
        ("mail.cnil.fr.secure-case.example", "cnil.fr", "sub-domain"),
        ("ico-org-uk.example", "ico.org.uk", "hyphens"),
        ("www-ico-org-uk.help", "ico.org.uk", "hyphens"),
        ("dataprotection-ie.com", "dataprotection.ie", "hyphens"),
        ("icoorguk.com", "ico.org.uk", "without its dots"),
        ("ico.org", "ico.org.uk", "its beginning"),
        ("cnil.com", "cnil.fr", "another ending"),
        ("noyb.org", "noyb.eu", "another ending"),
        ("cnil.gouv.fr", "cnil.fr", "another ending"),
        ("ico-casework.example", "ico.org.uk", "with others"),
        ("casework-ico-gov.example", "ico.org.uk", "with others"),
        ("ico_payments.example", "ico.org.uk", "with others"),
        ("bfdi-bund.de", "bfdi.bund.de", "with others"),
        ("icocasework.example", "ico.org.uk", "with others"),
        ("1co.org.uk", "ico.org.uk", "drawn like it"),
        ("lco.org.uk", "ico.org.uk", "drawn like it"),
        ("ic0.org.uk", "ico.org.uk", "drawn like it"),
        ("cni1.fr", "cnil.fr", "drawn like it"),
        ("dataprotectlon.ie", "dataprotection.ie", "drawn like it"),
        ("dataprotecton.ie", "dataprotection.ie", "one letter off"),
        ("aedp.es", "aepd.es", "one letter off"),
        ("autoriteitpersoonsgegeven.nl", "autoriteitpersoonsgegevens.nl", "one letter off"),
        ("\u0456co.org.uk", "ico.org.uk", "several scripts"),
        ("\u0456\u0441\u043e.org.uk", "ico.org.uk", "another script"),
        ("xn--co-goc.org.uk", "ico.org.uk", "several scripts"),
        ("xn--n1af6d.org.uk", "ico.org.uk", "another script"),
        ("xn--cnl-khd.fr", "cnil.fr", "several scripts"),
        ("\uff49\uff43\uff4f.org.uk", "ico.org.uk", "drawn like it"),
    ],
)
def test_an_imitation_is_seen_and_how_it_is_done(domain: str, listed: str, trick: str) -> None:
    assert REGISTRY.at(domain) is None
    found = look_alike(domain, REGISTRY)
    assert found is not None
    assert found.domain == listed
    assert trick in found.trick


@pytest.mark.parametrize(
    "domain",
    [
        "icasework.com",  # a case-management vendor of British councils
        "donotreply.icasework.com",
        "foi.scot",
        "itspublicknowledge.info",
        "icon.org.uk",
        "icos.org.uk",
        "nico.org.uk",
        "ioc.org",
        "picopower.com",
        "cnil-avocats.fr",
        "mexico-tours.example",
        "privacy.example",
        "data-protection-services.example",
        "gmail.com",
        "pec.aruba.it",
        "xn--mnchen-3ya.de",
        "\u044f\u043d\u0434\u0435\u043a\u0441.\u0440\u0444",
        "uk",
        "",
        "xn--.example",
        "a" * 300,
    ],
)
def test_an_honest_neighbour_is_not_taken_for_a_body(domain: str) -> None:
    found = look_alike(domain, REGISTRY)
    assert found is None or found.weak


def test_no_customer_s_domain_is_taken_for_a_body_s() -> None:
    domains = {domain for customer in read_customers(CUSTOMERS) for domain in customer.domains}
    assert len(domains) > 300
    taken = {d: look for d in domains if (look := look_alike(d.partition("/")[0], REGISTRY)) is not None}
    assert {d: look for d, look in taken.items() if not look.weak} == {}
    assert len(taken) <= 2


def test_a_word_that_others_bear_says_something_only_of_a_mail_that_names_the_body() -> None:
    found = look_alike("ada.com", REGISTRY)
    assert found is not None
    assert found.weak


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=80))
def test_no_domain_makes_it_fail(domain: str) -> None:
    look_alike(domain, REGISTRY)
    assert len(skeleton(domain)) <= 20 * len(domain) + 1


def test_a_long_domain_costs_no_more_than_a_moment() -> None:
    begun = time.process_time()
    for domain in ("-".join("abcdefghij" * 12), ".".join("a" * 120), "xn--" + "9" * 240, "ico-" * 60):
        look_alike(domain, REGISTRY)
    assert time.process_time() - begun < 1


# --- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("ICO Casework", "gb-ico"),
        ("icocasework@ico.org.uk", "gb-ico"),
        ("ICOcasework@ico.org.uk via secure mail", "gb-ico"),
        ("ico.org.uk", "gb-ico"),
        ("\u0406\u0421\u041e", "gb-ico"),
        ("Inf\u043ermation Commissioner\u2019s Office", "gb-ico"),
        ("CNIL - Service des plaintes", "fr-cnil"),
        ("Nico Casework", None),
        ("Tom <ico>", None),
        ("ico.org.uk.evil.example", None),
        ("\u041a\u043e\u043c\u0438\u0441\u0438\u044f", None),
        ("", None),
    ],
)
def test_a_name_or_an_address_shown_as_a_name_is_a_claim(name: str, claimed: str | None) -> None:
    found = claimed_by_name(Address(name=name, email="x@evil.example"), REGISTRY)
    assert (found[0].id if found else None) == claimed


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("Subject\nInformation Commissioner's Office\nWycliffe House\n\nDear Sirs", True),
        ("Subject\nDear Sirs\n\nPlease answer.\n\nYours\nA. Smith\nInformation Commissioner's Office", True),
        (
            "Subject\nDear Sirs\nWe are the Information Commissioner's Office and ask you to answer.\n"
            + "x\n" * 20,
            True,
        ),
        ("Subject\nWir sind noyb und handeln f\u00fcr Frau X.\n" + "x\n" * 20, True),
        (
            "Subject\nDear Sirs\nWe have told the Information Commissioner's Office about this.\n"
            + "x\n" * 20,
            False,
        ),
        ("Subject\nDear Sirs\nYou may complain to the Information Commissioner's Office.", False),
        ("Subject", False),
        ("", False),
    ],
)
def test_a_letterhead_a_signature_and_plain_words_are_claims_and_a_mention_is_not(
    text: str, signed: bool
) -> None:
    assert bool(signs_as(text, REGISTRY)) is signed


def test_honest_letters_of_another_script_keep_their_own() -> None:
    assert latin("M\u00fcller") == "Muller"
    assert not re.search("[\u0400-\u04ff]", latin("\u0456\u0441\u043e"))
    assert latin("plain ASCII 10") == "plain ASCII 10"
