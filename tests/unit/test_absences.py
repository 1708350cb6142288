"""Who reads a customer's letters when somebody is away."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.absences import LAST_RESORT, Absence, Recipient, check, recipient
from complaints.errors import NotAllowed
from complaints.model import Customer

TODAY = date(2026, 11, 26)
ACME = Customer(
    id="acme",
    name="Acme Ltd",
    domains=("acme.example",),
    supplier_manager_email="Ada@acme.example",
    deputies=("dan@acme.example", "eve@acme.example"),
    fallback_email="privacy@acme.example",
)
OTHER = Customer(id="swift", name="Swift GmbH", supplier_manager_email="sue@swift.example")


def away(email: str, stand_in: str = "", first: date = TODAY, last: date = date(2026, 12, 1)) -> Absence:
    return Absence(
        email=email,
        first_day=first,
        last_day=last,
        stand_in=stand_in,
        noted_at=datetime(2026, 11, 26, 9, 0, tzinfo=UTC),
        noted_by="tests",
    )


MANAGER_AWAY = "the supplier manager is away until 2026-12-01"


@pytest.mark.parametrize(
    ("absences", "reader", "why"),
    [
        ((), "Ada@acme.example", ""),
        ((away("ada@acme.example"),), "dan@acme.example", MANAGER_AWAY),
        ((away("ada@acme.example", "zoe@acme.example"),), "zoe@acme.example", MANAGER_AWAY),
        ((away("ada@acme.example"), away("dan@acme.example")), "eve@acme.example", MANAGER_AWAY),
        (
            (away("ada@acme.example", "zoe@acme.example"), away("zoe@acme.example")),
            "dan@acme.example",
            MANAGER_AWAY,
        ),
        (
            (away("ada@acme.example"), away("dan@acme.example"), away("eve@acme.example")),
            "privacy@acme.example",
            LAST_RESORT,
        ),
        ((away("ada@acme.example", first=date(2026, 11, 27)),), "Ada@acme.example", ""),
        ((away("ada@acme.example", last=date(2026, 11, 25)),), "Ada@acme.example", ""),
        ((away("dan@acme.example"),), "Ada@acme.example", ""),
    ],
    ids=[
        "nobody away",
        "manager",
        "manager, who named somebody",
        "manager and deputy",
        "manager and whom they named",
        "all of them",
        "from tomorrow",
        "until yesterday",
        "the deputy alone",
    ],
)
def test_the_chain_says_who_reads(absences: tuple[Absence, ...], reader: str, why: str) -> None:
    assert recipient(ACME, absences, TODAY) == Recipient(email=reader, standing_in=why)


def test_when_nobody_is_left_nobody_is_named() -> None:
    everybody = [away(person.lower()) for person in (ACME.supplier_manager_email, *ACME.deputies)]
    assert recipient(replace(ACME, fallback_email=""), everybody, TODAY) is None
    assert recipient(ACME, [*everybody, away("privacy@acme.example")], TODAY) is None


def test_stand_ins_who_name_each_other_hold_nothing_up() -> None:
    circle = [away("ada@acme.example", "dan@acme.example"), away("dan@acme.example", "ada@acme.example")]
    assert recipient(ACME, circle, TODAY) == Recipient(email="eve@acme.example", standing_in=MANAGER_AWAY)


PEOPLE = (
    "ada@acme.example",
    "dan@acme.example",
    "eve@acme.example",
    "privacy@acme.example",
    "x@acme.example",
)


@given(st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(("", *PEOPLE))))
def test_whoever_reads_is_there(absent: dict[str, str]) -> None:
    found = recipient(ACME, [away(person, stand_in) for person, stand_in in absent.items()], TODAY)
    chain = ("ada@acme.example", "dan@acme.example", "eve@acme.example", "privacy@acme.example")
    if found is None:
        assert all(person in absent for person in chain)
    else:
        assert found.email.lower() not in absent


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (away("ada@acme.example", last=date(2026, 11, 25)), "lies before the first"),
        (
            away("ada@acme.example", first=date(2026, 11, 1), last=date(2026, 11, 25)),
            "2026-11-25 is over already",
        ),
        (away("nobody@acme.example"), "nobody in the register has the address nobody@acme.example"),
        (away("ada@acme.example", "sue@swift.example"), "sue@swift.example is not at Acme Ltd"),
        (away("ada@acme.example", "ada@gmail.com"), "ada@gmail.com is not at Acme Ltd"),
        (
            away("ada@acme.example", "dan@acme.example"),
            "nobody would be left: ada@acme.example -> dan@acme.example -> ada@acme.example",
        ),
    ],
    ids=["days", "over", "unknown", "i2 another customer's", "a public mailbox", "circle"],
)
def test_what_would_do_harm_is_refused(new: Absence, told: str) -> None:
    known = [away("dan@acme.example", "ada@acme.example")]
    with pytest.raises(NotAllowed, match=told):
        check(new, known, [ACME, OTHER], TODAY)


def test_stand_ins_who_are_away_at_other_times_are_no_circle() -> None:
    known = [away("dan@acme.example", "ada@acme.example", first=date(2026, 12, 24), last=date(2026, 12, 31))]
    check(away("ada@acme.example", "dan@acme.example"), known, [ACME, OTHER], TODAY)
