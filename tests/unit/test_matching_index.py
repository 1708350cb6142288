"""The customers index on disk: it answers as the built one does, and nothing but a whole file of its own is taken."""

import os
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.matching import CustomerIndex, match, parts
from complaints.matching.lookup import Links
from complaints.matching.names import names_of
from complaints.matching.numbers import parse_identifier
from complaints.matching.tokens import tidy, tokens
from complaints.model import Customer
from tests.unit.test_matching import REGISTER, mail

KEY = "a" * 64
TEXTS = (
    *(f"We have received a complaint against {one.name}." for one in REGISTER),
    *(f"Beschwerde über {alias}: keine Antwort." for one in REGISTER for alias in one.aliases),
    *(f"See https://www.{site} and write to dpo@{site}." for one in REGISTER for site in one.domains),
    *(f"Company number {entry.partition(':')[2]}." for one in REGISTER for entry in one.identifiers),
    "Stroeer, Ströer and Stroer; the sites nextdoor-watch.uk and sky.it",
)


def kept(index: CustomerIndex, folder: Path, key: str = KEY) -> CustomerIndex:
    index.save(folder / "index", key=key)
    loaded = CustomerIndex.load(folder / "index", key=key)
    assert loaded is not None
    return loaded


def answers(index: CustomerIndex, text: str) -> object:
    """All that an index says of a text."""
    words = tokens(tidy(text))
    hosts = [word.plain for word in words if word.web]
    return (
        index.names_in(words),
        [index.customers_at(host) for host in hosts],
        [index.owner_of(host) for host in hosts],
        [index.key_like_label(host) for host in hosts],
        [index.numbered(word.plain) for word in words],
        repr(match(mail(("body", text)), index, precedent=None, house_names=("Processor",), body=None)),
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    CustomerIndex.build(REGISTER).save(tmp_path / "index", key=KEY)
    return tmp_path / "index"


# --- what is loaded is what was saved


def test_a_loaded_index_answers_as_the_built_one(tmp_path: Path) -> None:
    built = CustomerIndex.build(REGISTER)
    loaded = kept(built, tmp_path)
    assert [answers(loaded, text) for text in TEXTS] == [answers(built, text) for text in TEXTS]
    for one in REGISTER:
        for value in {parse_identifier(entry).value for entry in one.identifiers}:
            assert loaded.numbered(value) == built.numbered(value) != ()


def test_a_loaded_index_holds_the_register_in_its_order(tmp_path: Path) -> None:
    loaded = kept(CustomerIndex.build(REGISTER), tmp_path)
    assert tuple(loaded.customers.values()) == REGISTER
    assert list(loaded.customers) == [one.id for one in REGISTER]
    assert len(loaded) == len(REGISTER)
    assert loaded.get("sky-uk") == REGISTER[0]
    assert loaded.get("sky") is None
    assert "sky" not in loaded.customers


def test_every_field_of_a_customer_comes_back(tmp_path: Path) -> None:
    told: dict[type | str, object] = {str: 'a "quoted" \\ word\n', tuple[str, ...]: ("Schöne „Grüße“", "b")}
    filled = {field.name: told[field.type] for field in fields(Customer) if field.type in told}
    customer = Customer(**{**filled, "id": "one", "aliases": ("Äpfel",), "identifiers": ("vat:DE 1",)})
    assert kept(CustomerIndex.build([customer]), tmp_path).get("one") == customer


def test_an_empty_register_is_kept_too(tmp_path: Path) -> None:
    loaded = kept(CustomerIndex.build(()), tmp_path)
    assert (len(loaded), loaded.names, dict(loaded.customers)) == (0, 0, {})
    assert loaded.names_in(tokens("Acme Ltd")) == []


def test_a_register_may_come_row_by_row() -> None:
    assert CustomerIndex.build(iter(REGISTER)).customers == CustomerIndex.build(REGISTER).customers


def test_two_customers_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="sky-uk"):
        CustomerIndex.build([*REGISTER, REGISTER[0]])


_WORDS = (
    "Sky",
    "Skys",
    "UK",
    "Bank",
    "Banks",
    "Müller",
    "Acme",
    "acme",
    "Ltd",
    "GmbH",
    "S.A.",
    "&",
    "sky.example",
)
_NAMES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join)
_SITES = st.sampled_from(
    ("sky.example", "bank.co.uk", "acme.de", "acme.de/uk", "müller.de", "help.sky.example")
)
_REGISTERS = st.lists(
    st.builds(
        Customer,
        id=st.text(st.characters(codec="utf-8"), min_size=1, max_size=4),
        name=_NAMES,
        aliases=st.lists(_NAMES, max_size=2).map(tuple),
        domains=st.lists(_SITES, max_size=2).map(tuple),
        identifiers=st.lists(st.sampled_from(("vat:DE 123456", "hrb:Hamburg 123456", "x:")), max_size=2).map(
            tuple
        ),
        supplier_manager_email=st.sampled_from(("", "m@acme.de", "M@Mail.Sky.Example")),
        country=st.sampled_from(("", "GB", "DE")),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example overwrites the file
@given(_REGISTERS, st.lists(st.one_of(_NAMES, _SITES, st.just("123456")), max_size=6).map(", ".join))
def test_any_register_answers_alike_from_the_file(
    tmp_path: Path, register: list[Customer], text: str
) -> None:
    built = CustomerIndex.build(register)
    loaded = kept(built, tmp_path)
    assert list(loaded.customers.items()) == [(one.id, one) for one in register]
    assert answers(loaded, text) == answers(built, text)


@given(_REGISTERS)
def test_every_name_of_a_register_is_found_and_may_mean_its_bearer(register: list[Customer]) -> None:
    index = CustomerIndex.build(register)
    assert index.names == len({name.words for one in register for name in names_of(one)})
    for one in register:
        for hit in index.names_in(tokens(tidy(one.name))):
            bearers = {other.id for other in register if hit.key.words in {n.words for n in names_of(other)}}
            assert bearers <= hit.key.ids
            assert hit.key.tier == max(
                n.tier for other in register for n in names_of(other) if n.words == hit.key.words
            )


@given(st.lists(st.text(st.sampled_from("\0\1\2\3a"), max_size=4), unique=True))
def test_no_string_is_lost(keys: list[str]) -> None:
    links = Links()
    for row, key in enumerate(keys):
        links.add(key, row)
    lookup, places = links.packed()
    assert [list(lookup.rows(key)) for key in keys] == [[row] for row in range(len(keys))]
    assert [lookup.key(place) for place in places] == keys
    assert [lookup.number(key) for key in keys] == list(places)


def test_half_a_character_is_nobodys() -> None:
    index = CustomerIndex.build(REGISTER)
    assert index.owner_of("\udcff.example") is None
    assert index.get("\ud800") is None


# --- what is not such a file is refused


def test_another_key_has_another_index(file: Path) -> None:
    assert CustomerIndex.load(file, key="b" * 64) is None
    assert CustomerIndex.load(file, key=KEY) is not None


def test_other_rules_have_another_index(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "EDITION", "of tomorrow")
    assert CustomerIndex.load(file, key=KEY) is None


def test_no_file_is_no_index(tmp_path: Path) -> None:
    assert CustomerIndex.load(tmp_path / "index", key=KEY) is None
    assert CustomerIndex.load(tmp_path, key=KEY) is None


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the file is only read
def test_one_changed_byte_is_enough(file: Path, tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(file.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    damaged = tmp_path / "damaged"
    damaged.write_bytes(whole)
    assert CustomerIndex.load(damaged, key=KEY) is None


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the file is only read
def test_a_file_cut_short_or_run_on_is_refused(file: Path, tmp_path: Path, data: st.DataObject) -> None:
    whole = file.read_bytes()
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    damaged = tmp_path / "damaged"
    for other in (cut, whole + b"\0", whole + whole):
        damaged.write_bytes(other)
        assert CustomerIndex.load(damaged, key=KEY) is None


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"PK\x03\x04",
        bytes(8),
        (2).to_bytes(8, "big") + b"{}",
        (4).to_bytes(8, "big") + b"null",
        (1).to_bytes(8, "big") + b"\xff",
        (200_000).to_bytes(8, "big") + b"[" * 200_000,
        (1 << 63).to_bytes(8, "big") + b"{}",
    ],
)
def test_somebody_elses_file_is_refused(tmp_path: Path, told: bytes) -> None:
    foreign = tmp_path / "foreign"
    foreign.write_bytes(told)
    assert CustomerIndex.load(foreign, key=KEY) is None
    foreign.write_bytes(parts.sha256(told).digest() + told)
    assert CustomerIndex.load(foreign, key=KEY) is None


# --- saving


def test_a_file_is_replaced_at_once_or_not_at_all(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            CustomerIndex.build(()).save(file, key="b")
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_an_index_in_use_outlives_its_file(file: Path) -> None:
    loaded = CustomerIndex.load(file, key=KEY)
    assert loaded is not None
    CustomerIndex.build(()).save(file, key="b")
    file.unlink()
    assert [answers(loaded, text) for text in TEXTS] == [
        answers(CustomerIndex.build(REGISTER), text) for text in TEXTS
    ]


def test_the_file_is_its_owners_alone(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_same_register_makes_the_same_file(file: Path, tmp_path: Path) -> None:
    CustomerIndex.build(REGISTER).save(tmp_path / "again", key=KEY)
    assert (tmp_path / "again").read_bytes() == file.read_bytes()
