"""Text made to keep patterns busy: what reading and judging costs grows with its length, not with the square."""

import random
import time
from datetime import UTC, datetime

import pytest

from complaints.assessor import Assessor
from complaints.matching import CustomerIndex
from complaints.model import Customer
from complaints.recognition import House
from config.registers import load_bodies
from tests.desks import ACME, SWIFT
from tests.stored import stored

HOUSE = House(
    organisation="Northgate",
    own_addresses=frozenset({"privacy@msp.example"}),
    authserv_ids=frozenset({"mx.msp.example"}),
)
RETAIL = Customer(
    id="retail",
    name="Acme Retail Ltd",
    aliases=("Acme Retail", "ICO"),
    domains=("acme.example",),
    country="GB",
)
INDEX = CustomerIndex.build([ACME, SWIFT, RETAIL])
LONG = 100_000

CHAOS = "".join(random.Random(1).choice("aA1 .-/(<>:@#\n\"'ü") for _ in range(500))
PIECES = {
    "letters": "a",
    "brackets": "(",
    "closing brackets": ")",
    "angles": "<",
    "quotes": '"',
    "backslashes": "\\",
    "addresses of machines": "1.1.1.1",
    "case numbers": "IC-IC-IC",
    "numbers of cases": "IC-123456-A1B2 ",
    "other case numbers": "5.3-2100-40/26 ",
    "keywords": "ref: ",
    "keywords in German": "Az. ",
    "foreign keywords": "your ref ",
    "marks": "> > > >",
    "marks on lines": ">\n",
    "within": "within within ",
    "periods": "within 28 days of 3 March 2026 ",
    "requests": "please respond by ",
    "lists": "we need the following: 1. a ",
    "lists in lists": ": 1. x ; 2. y: a) z ",
    "days that have passed": "please respond by 3 November. We asked by 4 November, ",
    "blanks": "   ",
    "tabs": "\t",
    "line ends": "\n\n\n",
    "carriage returns": "\r",
    "digits": "1234567890",
    "single digits": " 1",
    "digits on lines": "\n1",
    "dashes": "-",
    "slashes": "1/",
    "commas": "1,",
    "dots": ".",
    "dates": "1.1.",
    "months": "3 March ",
    "years": "2026 ",
    "underscores": "_",
    "addresses": "a@",
    "domains": "a.b.",
    "links": "http://",
    "message ids": "<a@b> ",
    "headers": "From: x\nSent: 1\nSubject: x\n",
    "attributions": "On 1 1:00 @ wrote",
    "separators": "---- Forwarded message ----\n",
    "small print": "this email is ",
    "names": "Acme Retail Ltd ",
    "listed names": "Acme Retail, ",
    "legal forms": "& Co. KG ",
    "complaints about": "complaint about the ",
    "capitals": "Aa Bb ",
    "account numbers": "GB82WEST1234",
    "accents": "a\u0301",
    "fullwidth letters": "ＩＣＯ",
    "letters that are not seen": "\u200b",
    "encoded words": "=?utf-8?Q?a",
    "entities": "&#x",
    "chaos": CHAOS,
}


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor(load_bodies(None, None), HOUSE)


def seconds(assessor: Assessor, text: str, subject: str = "x") -> float:
    """Processor time, for the machine may be busy with other things."""
    head = f"From: ICO <a@ico.org.uk>\nTo: b@c.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    raw = head.encode() + text.encode()
    began = time.process_time()
    reading = assessor.read(raw, stored(received_at=datetime(2026, 11, 23, tzinfo=UTC)))
    assessor.judge(reading, INDEX, None)
    return time.process_time() - began


def repeated(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


@pytest.mark.parametrize("name", PIECES)
def test_twice_the_text_costs_about_twice_the_time(name: str, assessor: Assessor) -> None:
    whole = seconds(assessor, repeated(PIECES[name], LONG))
    assert whole < 4
    if whole > 0.5:  # less is noise
        # Once more: the collector of garbage may have had its turn in the first.
        whole = min(whole, seconds(assessor, repeated(PIECES[name], LONG)))
        half = min(seconds(assessor, repeated(PIECES[name], LONG // 2)) for _ in range(2))
        assert whole < 4 * half + 0.3


@pytest.mark.parametrize("name", PIECES)
def test_a_subject_of_it_costs_little(name: str, assessor: Assessor) -> None:
    subject = " ".join(repeated(PIECES[name], 15_000).split())
    assert seconds(assessor, "body", subject) < 1.5
