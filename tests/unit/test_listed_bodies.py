"""Every body of the registers is recognised by its domain, and by each of its own numbers."""

import re
from datetime import UTC, datetime

import pytest

from complaints.inbox.mime import read_mail
from complaints.model import Body, Kind, ReferencePattern
from complaints.recognition import House, Registry, recognise
from config.registers import load_bodies

BODIES = load_bodies()
REGISTRY = Registry(BODIES)
HOUSE = House(
    organisation="Northgate",
    own_addresses=frozenset({"privacy@msp.example"}),
    authserv_ids=frozenset({"mx.msp.example"}),
)
# Numbers of decisions are no numbers of cases: cited, they must not be taken for one.
NO_CASE = re.compile(r"decision|sanction|published", re.IGNORECASE)
EXAMPLES = [
    (body, series, example)
    for body in BODIES
    if body.domain
    for series in body.references
    for example in series.examples
]
PLACES = (
    "Ref: {}\n\nDear Sirs,\n\nWe have received a complaint about Acme Ltd. Please send us your observations within 14 days.",
    (
        "{}\n\nDear Sirs,\n\nWe have received a complaint about Acme Ltd (company number 09876543), order 2231-77/B. "
        "Please send us your observations by 12 December 2026.\n\nTel. +44 303 123 1113"
    ),
)


def _letter(body: Body, text: str) -> bytes:
    address = body.emails[0] if body.emails else f"office@{body.domain}"
    head = (
        f"Authentication-Results: mx.msp.example; dmarc=pass header.from={address.partition('@')[2]}\n"
        f"From: Case Officer <{address}>\nTo: privacy@msp.example\nSubject: Complaint\n"
        "Date: Tue, 24 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
    )
    return (head + text).encode()


def _plain(value: str) -> str:
    return re.sub(r"\s+", "", value).upper()


@pytest.mark.parametrize("place", PLACES, ids=("in a field", "alone on its line"))
@pytest.mark.parametrize(("body", "series", "example"), EXAMPLES, ids=lambda one: str(getattr(one, "id", "")))
def test_each_number_of_the_registers_is_found_in_a_letter_of_its_body(
    body: Body, series: ReferencePattern, example: str, place: str
) -> None:
    mail = read_mail(_letter(body, place.format(example)))
    found = recognise(mail, REGISTRY, HOUSE, received_at=datetime(2026, 11, 24, 10, tzinfo=UTC))
    assert (found.kind, found.body, found.verified) == (Kind.COMPLAINT, body, True)
    if not NO_CASE.search(series.denotes):
        # The keyword before a number ("saisine n° 19009370") is no part of it.
        assert found.reference
        assert _plain(example).endswith(_plain(found.reference))
