"""Named calendars: read whole and correct or not at all, known by a digest of what they say."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from complaints.agreed import Facts, Urgency
from complaints.deadlines import Calendar, Window, content_of, digest_of, from_content, kept
from complaints.errors import BadRegister, BadSetting
from complaints.model import Customer, Kind
from complaints.policy import Policy
from config.calendars import load_calendars
from config.customers import read_customers
from config.settings import load_settings
from tests.desks import a_policy

FILE = """\
calendars:
  northern-desk:
    timezone: Europe/Berlin
    hours:
      mon-thu: 08:00-12:00 13:00-17:00
      fri: [08:00-12:00]
    holidays: [DE-HH, DK]
    closed:
      2026-12-24: Christmas Eve
      2026-12-31:
  always:
    hours: 24x7
"""
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def load(folder: Path, text: str) -> dict[str, Calendar]:
    path = folder / "calendars.yaml"
    path.write_text(text)
    return dict(load_calendars(path))


def test_a_file_holds_calendars_by_name(tmp_path: Path) -> None:
    found = load(tmp_path, FILE)
    desk = found["northern-desk"]
    assert desk.timezone == "Europe/Berlin"
    assert desk.week[3] == (Window(opens=28_800, closes=43_200), Window(opens=46_800, closes=61_200))
    assert desk.week[4] == (Window(opens=28_800, closes=43_200),)
    assert desk.week[5] == ()
    assert desk.holiday(date(2026, 12, 24)) == "Christmas Eve"
    assert desk.holiday(date(2026, 12, 31)) == "2026-12-31"
    assert desk.holiday(date(2026, 10, 31)) == "Reformation Day"  # Hamburg
    assert desk.holiday(date(2026, 4, 2)) == "Maundy Thursday"  # Denmark
    assert found["always"] == Calendar()
    assert load_calendars(None) == {}


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        (
            "Europe/Berlin",
            "Europe/Berlim",
            "line 3, field northern-desk.timezone: 'Europe/Berlim' is no IANA",
        ),
        ("mon-thu", "mon-foo", "line 5, field northern-desk.hours: 'mon-foo' is no weekday"),
        ("13:00-17:00", "13-17", "line 5, field northern-desk.hours.mon-thu: mon: '13-17' is no window"),
        ("[08:00-12:00]", "{a: b}", "line 6, field northern-desk.hours.fri: plain text or a list"),
        ("DE-HH", "DE-QQ", "line 7, field northern-desk.holidays: the public holidays of 'DE-QQ'"),
        ("2026-12-24", "24.12.2026", "line 9, field northern-desk.closed: '24.12.2026' is no day"),
        ("    closed:", "    shut:", "line 8, field northern-desk.shut: there is no such field"),
        ("  always:", "  house:", "line 11, field house: no name for a calendar"),
        ("  always:", "  northern-desk:", "line 11, field northern-desk: this calendar stands twice"),
        ("    hours: 24x7", "    hours: office", "line 12, field always.hours: 'name: value' lines"),
        ("calendars:", "calenders:", "line 1, field calenders: there is no such field"),
        ("fri: [08:00-12:00]", "fri: [", "broken YAML"),
    ],
)
def test_a_mistake_is_told_with_line_and_field(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    assert before in FILE
    with pytest.raises(BadRegister) as refused:
        load(tmp_path, FILE.replace(before, after))
    assert complaint in str(refused.value)
    assert str(refused.value).startswith("calendars.yaml, line ")


def test_a_version_changes_with_what_its_years_know_of_and_with_nothing_else(tmp_path: Path) -> None:
    desk = load(tmp_path, FILE)["northern-desk"]
    content = content_of(kept(desk, NOON, NOON))
    assert content["closed"]["2026-12-24"] == "Christmas Eve"
    assert content["closed"]["2026-10-03"] == "German Unity Day"
    assert from_content(content) == kept(desk, NOON, NOON)
    for text, same in (
        (FILE.replace("Christmas Eve", "Holy Night"), False),
        (FILE.replace("12:00]", "12:30]"), False),
        (FILE.replace("2026-12-31:", "2027-12-31: stocktaking\n      2026-12-31:"), True),
        (FILE.replace("[DE-HH, DK]", "[DK, DE-HH, DE-HH]"), True),
    ):
        changed = content_of(kept(load(tmp_path, text)["northern-desk"], NOON, NOON))
        assert (digest_of(changed) == digest_of(content)) is same, text


def test_a_customer_names_a_calendar_that_there_is(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(
        "id,name,supplier_manager_email,calendar\nC1,Acme,ada@acme.example,northern-desk\nC2,Bolt,b@bolt.example,\n"
    )
    assert [row.calendar for row in read_customers(path, calendars={"northern-desk"})] == [
        "northern-desk",
        "",
    ]
    with pytest.raises(BadRegister) as refused:
        read_customers(path, calendars=())
    assert "customers.csv, line 2, field calendar: no calendar is called northern-desk" in str(refused.value)
    path.write_text("id,name,supplier_manager_email,calendar\nC1,Acme,ada@acme.example,North Desk\n")
    with pytest.raises(BadRegister, match="no name of a calendar"):
        read_customers(path)


# --- which one counts --------------------------------------------------------------------------------

HOUSE = Calendar.parse(
    {
        "timezone": "Europe/London",
        "hours": {"fri": ["09:00-17:00"], "mon": ["09:00-17:00"]},
        "holidays": "GB-ENG",
    }
)
DANE = Customer(id="D", name="Nordlys A/S", sla="1 business hour", country="DK")
LETTER = Facts(received_at=datetime(2026, 12, 25, 10, tzinfo=UTC), kind=Kind.COMPLAINT, respond_by=None)


def counted(policy: Policy, customer: Customer) -> tuple[str, str]:
    found = policy.deadline(customer, LETTER)
    return found.calendar, found.due_at.strftime("%a %d %H:%M")


def test_the_house_counts_unless_the_customer_or_the_settings_say_otherwise(tmp_path: Path) -> None:
    house = a_policy(calendar=HOUSE, calendars=load(tmp_path, FILE))
    # Friday is Christmas Day in both; on Monday the 28th England makes up for Boxing Day, Denmark does not.
    assert counted(house, DANE) == ("house", "Mon 04 10:00")
    theirs = a_policy(calendar=HOUSE, holidays_of_customers=True)
    assert counted(theirs, DANE) == ("house/DK", "Mon 28 10:00")
    for country in ("", "XK-99", "ZZ"):
        nowhere = Customer(id="N", name="Nowhere", sla="1 business hour", country=country)
        assert counted(theirs, nowhere) == ("house", "Mon 04 10:00")
    named = Customer(id="A", name="Always", sla="1 business hour", country="DK", calendar="always")
    assert counted(house, named) == ("always", "Fri 25 11:00")
    gone = Customer(id="G", name="Gone", sla="1 business hour", calendar="gone")
    assert counted(house, gone) == ("house", "Mon 04 10:00")


def test_terms_that_never_end_fall_back_to_the_houses(tmp_path: Path) -> None:
    calendars = load(tmp_path, "calendars:\n  never:\n    hours: {}\n")
    policy = a_policy(calendar=HOUSE, calendars=calendars)
    customer = Customer(id="N", name="Never", sla="1 business hour", calendar="never")
    found = policy.deadline(customer, LETTER)
    assert (found.terms, found.calendar) == ("24h", "house")


@pytest.mark.parametrize(
    ("kind", "respond_by", "why"),
    [
        (Kind.COMPLAINT, None, ""),
        (Kind.COMPLAINT, date(2026, 11, 30), "an answer is wanted by 2026-11-30, 7 days after receipt"),
        (Kind.COMPLAINT, date(2026, 12, 1), ""),
        (Kind.COMPLAINT, date(2026, 11, 20), "an answer is wanted by 2026-11-20, 3 days before receipt"),
        (Kind.COLLECT, None, "letters of the kind collect are"),
    ],
)
def test_urgent_is_what_wants_its_answer_soon_or_is_so_by_kind(
    kind: Kind, respond_by: date | None, why: str
) -> None:
    urgency = Urgency(days=7, kinds=frozenset({"collect"}))
    letter = Facts(received_at=NOON, kind=kind, respond_by=respond_by)
    assert urgency.why(letter, Calendar()) == why


def test_an_unknown_kind_in_the_settings_is_refused() -> None:
    with pytest.raises(BadSetting, match="'letters' is no kind of letter"):
        load_settings(_env_file=None, urgent_kinds="collect, letters")
