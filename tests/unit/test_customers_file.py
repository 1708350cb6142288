"""The customers register: read whole and correct, or not at all."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from complaints.errors import BadRegister
from complaints.model import Customer
from config.customers import check_customers, diff_customers, effective_from, read_customers

HEADER = "id,name,aliases,domains,identifiers,supplier_manager_name,supplier_manager_email,deputy_email,sla,country"
DATED = f"{HEADER},valid_from,valid_until"
TODAY = date(2026, 11, 26)
GOOD = "C1,Hartwell Ltd,Hartwell;Hartwell Online,hartwell.example,ico:ZA123456,Ada Quill,ada@hartwell.example,,4 business hours,GB"
QUOTED = '"Hartwell;Hartwell Online"'


def write(folder: Path, text: str | bytes, name: str = "customers.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def mistake(folder: Path, text: str | bytes, name: str = "customers.csv") -> str:
    with pytest.raises(BadRegister) as caught:
        read_customers(write(folder, text, name))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_row_becomes_a_customer(tmp_path: Path) -> None:
    assert read_customers(write(tmp_path, f"{HEADER}\n{GOOD}\n")) == (
        Customer(
            id="C1",
            name="Hartwell Ltd",
            aliases=("Hartwell", "Hartwell Online"),
            domains=("hartwell.example",),
            identifiers=("ico:ZA123456",),
            supplier_manager_name="Ada Quill",
            supplier_manager_email="ada@hartwell.example",
            sla="4 business hours",
            country="GB",
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{HEADER}\r\n{GOOD}\r\n".encode(),
        f"{HEADER}\n{GOOD}\n".encode("utf-16"),
        f"\n{HEADER}\n\n{GOOD}\n\n".encode(),
        f"{HEADER}\n{GOOD.replace('Hartwell;Hartwell Online', QUOTED)}".replace(",", ";").encode(),
        f"sep=,\r\n{HEADER}\r\n{GOOD}".encode(),
        f"{HEADER.upper()}\n{GOOD}".encode(),
    ],
    ids=["bom-crlf", "utf-16", "blank-lines", "semicolons", "sep-line", "capitals"],
)
def test_the_habits_of_spreadsheets_are_understood(tmp_path: Path, text: bytes) -> None:
    (customer,) = read_customers(write(tmp_path, text))
    assert (customer.id, customer.aliases) == ("C1", ("Hartwell", "Hartwell Online"))


def test_a_quoted_cell_may_hold_line_breaks_and_later_lines_keep_their_numbers(tmp_path: Path) -> None:
    row = GOOD.replace("Hartwell Ltd", '"Hartwell\r\nLtd"')
    assert read_customers(write(tmp_path, f"{HEADER}\n{row}\n"))[0].name == "Hartwell Ltd"
    assert "line 4, field id" in mistake(tmp_path, f"{HEADER}\n{row}\n{GOOD}\n")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (GOOD.replace("C1,", ",", 1), "line 2, field id: is empty"),
        (GOOD.replace("Hartwell Ltd", " "), "line 2, field name: is empty"),
        (
            GOOD.replace("ada@hartwell.example", "ada.hartwell.example"),
            "line 2, field supplier_manager_email: 'ada.hartwell.example'",
        ),
        (GOOD.replace("4 business hours", "soonish"), "line 2, field sla: "),
        (GOOD.removesuffix("GB") + "UK", "line 2, field country: 'UK' is no country; did you mean GB?"),
        (GOOD.removesuffix("GB") + "Britain", "line 2, field country: 'Britain' is no country"),
        (
            GOOD.replace("hartwell.example,ico", "hartwell,ico"),
            "line 2, field domains: 'hartwell' is no domain",
        ),
        (GOOD.replace("ico:ZA123456", "ZA123456"), "line 2, field identifiers: 'ZA123456' is no identifier"),
        (
            GOOD.replace("Ada Quill", "Ada\x00Quill"),
            "line 2, field supplier_manager_name: holds a control character",
        ),
        (GOOD.removesuffix(",GB"), "line 2, field country: the line ends before this column"),
        (f"{GOOD},more", "line 2: 11 cells where the first line names 10 columns"),
        (f'{GOOD}\n"C2,never closed', "line 3: broken CSV"),
        (f"{GOOD}\n{GOOD.replace('C1', 'c1', 1)}", "line 3, field id: c1 stands already in line 2"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_field(tmp_path: Path, row: str, told: str) -> None:
    assert mistake(tmp_path, f"{HEADER}\n{row}\n").startswith(f"customers.csv, {told}")


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (HEADER.replace("domains", "domain"), "field domain: unknown column; did you mean domains?"),
        (
            HEADER.replace("supplier_manager_email", "deputy_email"),
            "field deputy_email: this column stands twice",
        ),
        ("id,name,sla", "field supplier_manager_email: this column is missing"),
    ],
)
def test_the_columns_are_checked_before_any_row(tmp_path: Path, header: str, told: str) -> None:
    assert mistake(tmp_path, f"{header}\n{GOOD}\n") == f"customers.csv, line 1, {told}"


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(tmp_path: Path) -> None:
    text = f"{HEADER}\n{GOOD.replace('Hartwell Ltd', 'Müller')}\n".encode("latin-1")
    assert mistake(tmp_path, text).startswith("customers.csv, line 2: not UTF-8")


def test_an_empty_register_would_retire_everybody_and_is_refused(tmp_path: Path) -> None:
    assert "holds no customers" in mistake(tmp_path, f"{HEADER}\n")
    assert "is empty" in mistake(tmp_path, "")


def test_yaml_takes_lists_and_never_reads_norway_as_false(tmp_path: Path) -> None:
    text = """
customers:
  - id: 0123
    name: Nordlys AS
    aliases: [Nordlys, Nordlys Kort]
    domains: nordlys.example; nordlys.example/dk
    supplier_manager_email: signe@nordlys.example
    country: NO
"""
    (customer,) = read_customers(write(tmp_path, text, "customers.yaml"))
    assert (customer.id, customer.country) == ("0123", "NO")
    assert customer.aliases == ("Nordlys", "Nordlys Kort")
    assert customer.domains == ("nordlys.example", "nordlys.example/dk")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "- id: C1\n  name: A\n  supplier_manager_email: no address\n",
            "line 3, field supplier_manager_email",
        ),
        (
            "- id: C1\n  name: A\n  supplier_manager_mail: a@b.example\n",
            "did you mean supplier_manager_email?",
        ),
        ("- id: C1\n  name: [A]\n", "line 2, field name: plain text is expected"),
        ("- id: C1\n  name: A\n", "line 1, field supplier_manager_email: this field is missing"),
        ("- id: [\n", "broken YAML"),
        ("id: C1\n", "a list of customers is expected"),
        ("- C1\n", "line 1: a customer is expected"),
    ],
)
def test_mistakes_in_yaml_have_lines_too(tmp_path: Path, text: str, told: str) -> None:
    assert told in mistake(tmp_path, text, "customers.yaml")


def test_the_delivered_examples_are_right(tmp_path: Path) -> None:
    delivered = Path(__file__).parents[2] / "config"
    for name in ("customers.csv", "customers.yaml"):
        path = write(tmp_path, (delivered / f"{name}.example").read_bytes(), name)
        assert check_customers(read_customers(path), TODAY) == ()


def customer(id_: str, name: str, **more: object) -> Customer:
    return Customer(**{"id": id_, "name": name, "supplier_manager_email": "m@x.example", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            (customer("A", "Brixo Ltd", supplier_manager_email=""),),
            "A Brixo Ltd: no supplier manager can be reached",
        ),
        ((customer("A", "Brixo Ltd"), customer("B", "Brixo Limited")), "A and B bear the same name “brixo"),
        (
            (
                customer("A", "Brixo UAB", domains=("b.example",)),
                customer("B", "Calda UAB", domains=("b.example",)),
            ),
            "A and B share the domain b.example",
        ),
        ((customer("A", "Brixo Ltd", domains=("gmx.net",)),), "the public has mailboxes at gmx.net"),
        ((customer("A", "Orange SA"),), "“orange” is an ordinary word"),
    ],
)
def test_what_will_send_letters_to_a_person_is_warned_of(rows: tuple[Customer, ...], told: str) -> None:
    assert any(told in warning for warning in check_customers(rows, TODAY))


def test_a_difference_names_what_was_added_changed_and_retired() -> None:
    old = (customer("A", "Brixo Ltd"), customer("B", "Calda Ltd"))
    new = (customer("A", "Brixo Ltd", sla="24h"), customer("C", "Dorma Ltd"))
    diff = diff_customers(old, new)
    assert str(diff) == "+ C Dorma Ltd\n~ A Brixo Ltd: sla (empty) -> 24h\n- B Calda Ltd"
    assert not diff_customers(old, old)
    assert str(diff_customers(old, old)) == "no change"


# --- contracts, chains and what changes on a day -----------------------------------------------


def test_a_customer_may_have_a_row_for_each_time(tmp_path: Path) -> None:
    text = f"{DATED}\n{GOOD},,2026-12-31\n{GOOD.replace('4 business hours', '24h')},2027-01-01,\n"
    old, new = read_customers(write(tmp_path, text))
    assert (old.id, old.valid_from, old.valid_until) == ("C1", None, date(2026, 12, 31))
    assert (new.id, new.valid_from, new.valid_until, new.sla) == ("C1", date(2027, 1, 1), None, "24h")


def test_deputies_come_in_their_order(tmp_path: Path) -> None:
    row = GOOD.replace(
        "ada@hartwell.example,,", "ada@hartwell.example,dan@hartwell.example; eve@hartwell.example,"
    )
    [customer] = read_customers(write(tmp_path, f"{HEADER}\n{row}\n"))
    assert customer.deputies == ("dan@hartwell.example", "eve@hartwell.example")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([",,2026-12-31", ",2026-12-31,"], "line 3, field id: C1 stands already in line 2"),
        ([",,", ",2026-12-31,"], "line 3, field id: C1 stands already in line 2"),
        ([",31/12/2026,"], "line 2, field valid_from: '31/12/2026' is no day; write it like 2026-12-31"),
        ([",2026-02-30,"], "line 2, field valid_from"),
        (
            [",2027-01-01,2026-12-31"],
            "line 2, field valid_until: 2026-12-31 lies before valid_from, 2027-01-01",
        ),
    ],
)
def test_days_that_cannot_be_have_line_and_field(tmp_path: Path, rows: list[str], told: str) -> None:
    assert told in mistake(tmp_path, "\n".join([DATED, *(GOOD + row for row in rows)]))


@pytest.mark.parametrize(
    ("deputies", "told"),
    [
        ("Ada@hartwell.example", "field deputy_email: Ada@hartwell.example stands in the chain already"),
        (
            "dan@hartwell.example;dan@hartwell.example",
            "field deputy_email: dan@hartwell.example stands in the chain",
        ),
        ("dan at hartwell", "field deputy_email: 'dan at hartwell' is no mail address"),
    ],
)
def test_a_chain_of_deputies_does_not_come_back_to_itself(tmp_path: Path, deputies: str, told: str) -> None:
    row = GOOD.replace("ada@hartwell.example,,", f"ada@hartwell.example,{deputies},")
    assert told in mistake(tmp_path, f"{HEADER}\n{row}\n")


def test_a_fallback_that_was_asked_before_is_none(tmp_path: Path) -> None:
    told = mistake(tmp_path, f"{HEADER},fallback_email\n{GOOD},ada@hartwell.example\n")
    assert "field fallback_email: ada@hartwell.example is asked before already" in told


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            (customer("A", "Brixo Ltd", valid_until=date(2026, 11, 25)),),
            "A Brixo Ltd: its contract ended on 2026-11-25",
        ),
        (
            (
                customer("A", "Brixo Ltd", deputies=("dan@calda.example",)),
                customer("B", "Calda Ltd", domains=("www.calda.example",)),
            ),
            "A Brixo Ltd: dan@calda.example is at a web site of B, and would read its complaints",
        ),
    ],
)
def test_contracts_and_people_are_looked_at(rows: tuple[Customer, ...], told: str) -> None:
    assert any(told in warning for warning in check_customers(rows, TODAY))


def test_what_has_ended_is_told_and_looked_at_no_further() -> None:
    old = customer("A", "Brixo Ltd", valid_until=date(2026, 11, 25))
    assert len(check_customers((old, customer("B", "Brixo Ltd")), TODAY)) == 1
    going_on = replace(old, valid_from=date(2026, 11, 26), valid_until=None)
    assert check_customers((old, going_on), TODAY) == ()


DAY, EVE = date(2027, 1, 1), date(2026, 12, 31)


def test_from_a_day_on_the_new_register_counts_and_until_then_the_old() -> None:
    same, gone = customer("A", "Brixo Ltd"), customer("B", "Calda Ltd")
    changed, new = customer("C", "Dorma Ltd", sla="24h"), customer("D", "Elvo Ltd")
    rows = effective_from([same, gone, changed], [same, replace(changed, sla="4h"), new], DAY)
    assert set(rows) == {
        same,
        replace(gone, valid_until=EVE),
        replace(changed, valid_until=EVE),
        replace(changed, sla="4h", valid_from=DAY),
        replace(new, valid_from=DAY),
    }


def test_a_second_change_for_the_same_day_takes_the_place_of_the_first() -> None:
    acme = customer("A", "Brixo Ltd", sla="24h")
    first = effective_from([acme], [replace(acme, sla="4h")], DAY)
    assert set(effective_from(first, [replace(acme, sla="2h")], DAY)) == {
        replace(acme, valid_until=EVE),
        replace(acme, sla="2h", valid_from=DAY),
    }


def test_a_change_that_is_called_off_leaves_the_register_as_it_was() -> None:
    acme = customer("A", "Brixo Ltd", sla="24h")
    first = effective_from([acme], [replace(acme, sla="4h")], DAY)
    assert effective_from(first, [acme], DAY) == (acme,)


def test_days_are_not_told_twice() -> None:
    with pytest.raises(BadRegister, match="A Brixo Ltd has days of its own"):
        effective_from([], [customer("A", "Brixo Ltd", valid_from=DAY)], DAY)


@pytest.mark.parametrize(("written", "read_as"), [("", ""), ("de", "de"), (" FR ", "fr")])
def test_a_customer_s_language_is_a_column_that_may_be_there(
    tmp_path: Path, written: str, read_as: str
) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(f"id,name,supplier_manager_email,language\nA,Acme,a@acme.example,{written}\n")
    assert [one.language for one in read_customers(path)] == [read_as]


@pytest.mark.parametrize(
    ("written", "told"), [("de-AT", "did you mean de?"), ("german", "there are en, de, fr, es, it, nl")]
)
def test_a_language_that_nobody_is_written_to_in_is_told(tmp_path: Path, written: str, told: str) -> None:
    path = tmp_path / "customers.yaml"
    path.write_text(
        f"- id: A\n  name: Acme\n  supplier_manager_email: a@acme.example\n  language: {written}\n"
    )
    with pytest.raises(BadRegister) as found:
        read_customers(path)
    assert f"customers.yaml, line 4, field language: '{written}' is no language" in str(found.value)
    assert told in str(found.value)
