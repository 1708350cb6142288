"""Customers on forms: what there is to choose from, and who is meant by what was filled in."""

import asyncio
from dataclasses import replace

import pytest

from complaints.errors import NotAllowed
from complaints.matching import CustomerIndex
from complaints.model import Customer
from flows.form_customers import LISTED, Offered, choices, form_value, id_in, meant_by

ACME = Customer(id="C001", name="Acme Retail Ltd", aliases=("Acme Stores",))
SWIFT = Customer(id="C002", name="Swift Logistics GmbH")
NORTH = Customer(id="C003", name="North Bank")
NORTH_TOO = Customer(id="C004", name="North Bank")
INDEX = CustomerIndex.build((ACME, SWIFT, NORTH, NORTH_TOO))


def many(count: int) -> CustomerIndex:
    return CustomerIndex.build(Customer(id=f"K{n:06}", name=f"Customer {n} Ltd") for n in range(count))


def test_a_short_register_is_a_list_and_a_long_one_is_none() -> None:
    assert choices(INDEX)[:2] == ("C001 · Acme Retail Ltd", "C002 · Swift Logistics GmbH")
    assert len(choices(many(LISTED))) == LISTED
    assert choices(many(LISTED + 1)) == ()
    assert choices(CustomerIndex.build(())) == ()


def test_a_hostile_name_is_harmless_in_a_list() -> None:
    told = form_value("C9", "<img src=x> [pay](javascript:alert(1)) https://evil.example")

    assert "<" not in told
    assert "https://" not in told


@pytest.mark.parametrize(
    ("written", "customer_id"),
    [
        ("C001", "C001"),
        (" c001 ", "C001"),
        ("C001 · Acme Retail Ltd", "C001"),
        ("C001 · As it was called last year", "C001"),
        ("acme RETAIL ltd", "C001"),
        ("Acme Stores", "C001"),
        ("swift logistics gmbh", "C002"),
    ],
)
def test_a_customer_is_meant_by_its_id_or_by_a_name_that_it_alone_bears(
    written: str, customer_id: str
) -> None:
    assert meant_by(written, INDEX) == customer_id


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "north bank",
            "several customers bear this name; give the id: C003 (North Bank), C004 (North Bank)",
        ),
        ("Acme", "no customer of the register has this id or name; near it come C001 (Acme Retail Ltd)"),
        ("Swift Logistiks", "near it come C002 (Swift Logistics GmbH)"),
        ("Zanzibar Ferries", "no customer of the register has this id or name"),
    ],
)
def test_who_is_meant_by_no_name_alone_is_told_with_those_that_come_near(written: str, told: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        meant_by(written, INDEX)

    assert str(refused.value).endswith(told)
    assert "Zanzibar" not in str(refused.value), "what was filled in may be somebody's name"


def test_of_a_long_register_at_most_five_are_told() -> None:
    with pytest.raises(NotAllowed) as refused:
        meant_by("K00001", many(20_000))

    assert str(refused.value).count("(Customer") == 5
    assert "K000001 (Customer 1 Ltd)" in str(refused.value)


def test_an_id_is_read_off_what_was_chosen() -> None:
    assert [id_in(each) for each in ("C001 · Acme · Retail", "C001", " C001 ")] == ["C001"] * 3


async def test_what_is_offered_follows_the_register_and_waits_for_no_long_one() -> None:
    index, read = INDEX, asyncio.Event()

    async def register() -> CustomerIndex:
        await read.wait()
        return index

    offered = Offered(register)
    assert await offered.look(patience=0) == ()
    read.set()
    assert len(await offered.look(patience=1)) == 4
    index = CustomerIndex.build((replace(ACME, name="Acme plc"),))
    assert await offered.look(patience=1) == ("C001 · Acme plc",)


async def test_a_register_that_cannot_be_read_leaves_what_was_offered() -> None:
    answers: list[CustomerIndex | Exception] = [INDEX, OSError("away"), INDEX]

    async def register() -> CustomerIndex:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    offered = Offered(register)
    assert [len(await offered.look(patience=1)) for _ in range(3)] == [4, 4, 4]
