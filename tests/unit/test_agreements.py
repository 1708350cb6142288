"""Contracts' clauses: what is read, what it means, what is refused; and how law counts days."""

from datetime import datetime
from pathlib import Path

import pytest

from complaints.deadlines import Calendar, End, parse_agreement, reckon
from complaints.deadlines.agreement import Day, Start, When
from complaints.errors import BadRegister, BadTerms
from config.customers import read_customers

WORKING_WEEK = {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
LONDON = Calendar.parse({"timezone": "Europe/London", "hours": WORKING_WEEK, "holidays": "GB-ENG"})
WHOLE = (
    "2 business days by 17:00 and in any event within 96h; received after 16:00 counts as next business day at 09:00;"
    " received on a closed day counts as next opening; counted from the next business day; until acknowledged;"
    " urgent: 4h; follow-up, collect: 5 business days; unless forbidden"
)


def due(
    line: str, received: str, calendar: Calendar = LONDON, *, kind: str = "", urgent: bool = False
) -> str:
    found = reckon(
        parse_agreement(line), datetime.fromisoformat(received), calendar, kind=kind, urgent=urgent
    )
    return found.due_at.astimezone(calendar.zone).strftime("%a %Y-%m-%d %H:%M")


# --- what is read ----------------------------------------------------------------------------------


def test_every_clause_of_a_line_is_read() -> None:
    found = parse_agreement(WHOLE)
    assert (found.time.amount, found.time.by, found.time.cap.words if found.time.cap else "") == (
        2,
        61_200,
        "within 96h",
    )
    after, closed = found.receipts
    assert (after.when, after.clock, after.day, after.at) == (When.AFTER, 57_600, Day.NEXT_BUSINESS, 32_400)
    assert (closed.when, closed.day, closed.at) == (When.CLOSED_DAY, Day.NEXT_OPENING, None)
    assert (found.start, found.end, found.unless_forbidden) == (
        Start.NEXT_BUSINESS_DAY,
        End.ACKNOWLEDGED,
        True,
    )
    assert [(tier.kind, tier.time.words) for tier in found.tiers] == [
        ("urgent", "4h"),
        ("follow-up", "5 business days"),
        ("collect", "5 business days"),
    ]
    assert found.plain == found.words == WHOLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("24h; urgent: 4h", "24h; 4h when urgent"),
        ("24h; until sent", "24h; until forwarded"),
        ("24h; received after 17:00 counts as next business day", "24h; Received after 5pm counts as the next working day."),
        ("24h; not received before 10:00 counts as 09:00 of the next business day", "24h; not received before 10.00 am counts as next business day at 9am"),
        ("24h; received before 10:00 counts as 09:00", "24h; received before 10:00 counts as 09:00 of the same day"),
        ("24h; counted from the day after", "24h; counted from the day after receipt"),
        ("24h; unless forbidden", "24h; except where prohibited by applicable law"),
    ],
)  # fmt: skip
def test_the_same_can_be_said_in_other_words(one: str, other: str) -> None:
    first, second = parse_agreement(one), parse_agreement(other)
    assert (first.start, first.end, first.unless_forbidden) == (
        second.start,
        second.end,
        second.unless_forbidden,
    )
    assert [(r.when, r.clock, r.day, r.at) for r in first.receipts] == [
        (r.when, r.clock, r.day, r.at) for r in second.receipts
    ]
    assert [(t.kind, t.time) for t in first.tiers] == [(t.kind, t.time) for t in second.tiers]


def test_vague_words_show_their_house_number_in_a_line_of_clauses_too() -> None:
    found = parse_agreement("promptly; until acknowledged", vague="8 business hours")
    assert found.plain == "promptly; until acknowledged (house number: 8 business hours)"
    tier = parse_agreement("24h; urgent: immediately", vague="2h")
    assert tier.time_for(urgent=True).amount == 7200
    assert tier.plain.endswith("(house number: 2h)")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("24h; soon", "clause 'soon': not understood"),
        ("24h; until read", "clause 'until read': not understood"),
        ("24h; until sent; until acknowledged", "says again"),
        ("24h; counted from receipt; counted from the day after", "says again"),
        ("24h; urgent: 4h; urgent: 2h", "a time for urgent already"),
        ("24h; letters: 4h", "'letters' is no kind of letter"),
        ("24h; urgent: quick", "'quick': not understood"),
        ("24h; received after 25:00 counts as next business day", "no such time of day as 25:00"),
        ("24h; received after 17:00 counts as 09:00", "say which later day"),
        ("24h; received after 17:00 counts as same day at 18:00", "say which later day"),
        ("24h; received after 17:00 counts as soon", "'soon' tells no day"),
        ("24h; received after 17:00 counts as next opening at 09:00", "has its own time"),
        ("24h; not received after 17:00 counts as next day", "only 'not received before'"),
        ("; 24h", "'': not understood"),
        ("24h; " + "x" * 700, "longer than 600 characters"),
    ],
)
def test_an_unreadable_clause_is_refused_in_one_line_that_quotes_it(line: str, complaint: str) -> None:
    with pytest.raises(BadTerms) as refused:
        parse_agreement(line)
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)


# --- what it means -----------------------------------------------------------------------------------

CUT_OFF = "; received after 16:00 counts as next business day at 09:00"


@pytest.mark.parametrize(
    ("line", "received", "expected"),
    [
        # A cut-off: at 16:00 sharp the letter is still in time.
        ("4 business hours" + CUT_OFF, "2026-11-23T16:00:00+00:00", "Tue 2026-11-24 12:00"),
        ("4 business hours" + CUT_OFF, "2026-11-23T16:00:01+00:00", "Tue 2026-11-24 13:00"),
        ("24h" + CUT_OFF, "2026-11-27T16:30:00+00:00", "Tue 2026-12-01 09:00"),
        ("2 business days by 17:00" + CUT_OFF, "2026-11-27T16:30:00+00:00", "Wed 2026-12-02 17:00"),
        # The morning of a holiday is not after 16:00: the letter counts as received then.
        ("24h" + CUT_OFF, "2026-12-25T08:00:00+00:00", "Sat 2026-12-26 08:00"),
        ("24h; received on a closed day counts as next opening", "2026-12-25T08:00:00+00:00", "Wed 2026-12-30 09:00"),
        ("24h; received outside business hours counts as next opening", "2026-11-24T02:00:00+00:00", "Wed 2026-11-25 09:00"),
        ("24h; received outside business hours counts as next business day", "2026-11-24T02:00:00+00:00", "Thu 2026-11-26 09:00"),
        ("24h; received outside business hours counts as next opening", "2026-11-24T10:00:00+00:00", "Wed 2026-11-25 10:00"),
        ("24h; received outside business hours counts as next opening", "2026-11-24T17:00:00+00:00", "Thu 2026-11-26 09:00"),
        ("24h; received after 17:00 counts as next day", "2026-11-27T18:00:00+00:00", "Sun 2026-11-29 00:00"),
        # Early birds, and those that came while the clock stood between.
        ("2h; received before 10:00 counts as 09:00", "2026-11-24T07:00:00+00:00", "Tue 2026-11-24 11:00"),
        ("2h; received before 10:00 counts as 09:00", "2026-11-24T09:30:00+00:00", "Tue 2026-11-24 11:00"),
        ("2h; received before 10:00 counts as 09:00", "2026-11-24T10:00:00+00:00", "Tue 2026-11-24 12:00"),
        ("10m; received before 10:00 counts as 09:00", "2026-11-24T09:30:00+00:00", "Tue 2026-11-24 09:30"),
        ("2h; not received before 10:00 counts as 09:00 of the next business day", "2026-11-24T10:00:00+00:00", "Wed 2026-11-25 11:00"),
        # The first rule that fits counts.
        ("1h; received after 12:00 counts as next day; received after 10:00 counts as next opening", "2026-11-24T13:00:00+00:00", "Wed 2026-11-25 01:00"),
        # From when it is counted: that day is the first, and days are whole ones.
        ("24h; counted from the next business day", "2026-11-27T10:00:00+00:00", "Tue 2026-12-01 00:00"),
        ("4 business hours; counted from the next business day", "2026-11-27T10:00:00+00:00", "Mon 2026-11-30 13:00"),
        ("2 business days; counted from the next business day", "2026-11-27T10:00:00+00:00", "Tue 2026-12-01 17:00"),
        ("2 business days by 12:00; counted from the next business day", "2026-11-27T10:00:00+00:00", "Tue 2026-12-01 12:00"),
        ("2 days; counted from the day after", "2026-11-27T10:00:00+00:00", "Mon 2026-11-30 00:00"),
        ("0 days; counted from the day after", "2026-11-27T10:00:00+00:00", "Sat 2026-11-28 00:00"),
        ("0 business days; counted from the day after", "2026-11-27T10:00:00+00:00", "Mon 2026-11-30 09:00"),
        ("3 days by 17:00; counted from the next business day", "2026-11-27T10:00:00+00:00", "Wed 2026-12-02 17:00"),
        # Caps, whatever the term: from receipt, even where the term starts later.
        ("4 business hours and in any event within 24h", "2026-11-27T16:00:00+00:00", "Sat 2026-11-28 16:00"),
        ("4 business hours and in any event within 24h", "2026-11-23T09:00:00+00:00", "Mon 2026-11-23 13:00"),
        ("2 business days; counted from the next business day", "2026-11-23T10:00:00+00:00", "Wed 2026-11-25 17:00"),
        ("2 business days and in any event within 48h; counted from the next business day", "2026-11-23T10:00:00+00:00", "Wed 2026-11-25 10:00"),
        ("24h or 1 business day, whichever is earlier", "2026-11-28T11:00:00+00:00", "Sun 2026-11-29 11:00"),
        ("next business day by 12:00, but in any case no later than 12 hours", "2026-11-23T10:00:00+00:00", "Mon 2026-11-23 22:00"),
        # Clocks go forward on the 29th of March, back on the 25th of October.
        ("24h; received after 16:00 counts as next day", "2026-03-28T17:00:00+00:00", "Mon 2026-03-30 01:00"),
        ("24h; received after 16:00 counts as next day", "2026-10-24T17:00:00+01:00", "Sun 2026-10-25 23:00"),
        ("1h; received after 16:00 counts as next day at 01:30", "2026-03-28T17:00:00+00:00", "Sun 2026-03-29 03:30"),
        ("1h; received after 16:00 counts as next day at 01:30", "2026-10-24T17:00:00+01:00", "Sun 2026-10-25 01:30"),
    ],
)  # fmt: skip
def test_a_clause_moves_the_due_instant(line: str, received: str, expected: str) -> None:
    assert due(line, received) == expected


def test_tiers_go_by_urgency_first_then_by_kind() -> None:
    received = "2026-11-23T10:00:00+00:00"
    line = "2 business days; urgent: 4h; follow-up: 5 business days"
    assert due(line, received) == "Wed 2026-11-25 10:00"
    assert due(line, received, kind="follow-up") == "Mon 2026-11-30 10:00"
    assert due(line, received, kind="follow-up", urgent=True) == "Mon 2026-11-23 14:00"
    assert due("2 business days", received, kind="follow-up", urgent=True) == "Wed 2026-11-25 10:00"


def test_a_calendar_that_never_opens_gives_an_error_and_no_endless_search() -> None:
    never = Calendar.parse({"hours": {}})
    for line in (
        "1h; received after 10:00 counts as next business day",
        "1h; received outside business hours counts as next opening",
        "1h; counted from the next business day",
    ):
        with pytest.raises(BadTerms, match="ten years"):
            due(line, "2026-11-23T12:00:00+00:00", never)


# --- how law counts ----------------------------------------------------------------------------------

ANY_PART_OF_THE_UK = Calendar.parse(
    {
        "timezone": "Europe/London",
        "hours": {day: ["00:00-24:00"] for day in WORKING_WEEK},
        "holidays": ["GB-ENG", "GB-WLS", "GB-SCT", "GB-NIR"],
    }
)
# CPR 6.26, item 5: sent on a business day before 4.30 p.m., on that day; in any other case, the next business day.
CPR_6_26 = "0m; not received before 16:30 counts as next business day; received on a closed day counts as next business day"


@pytest.mark.parametrize(
    ("line", "received", "expected", "calendar"),
    [
        # Freedom of Information Act 2000, section 10(1): "not later than the twentieth working day following the
        # date of receipt", working days being those of every part of the United Kingdom (section 10(6)); the two
        # dates of https://confirmordeny.org.uk/2014/11/23/what-a-difference-a-day-makes/ (1 December 2014 was a
        # bank holiday in Scotland, which a date of receipt may be: foiwiki.com, ICO line to take LTT47).
        ("20 business days by 24:00", "2014-12-01T11:00:00+00:00", "Thu 2015-01-01 00:00", ANY_PART_OF_THE_UK),
        ("20 business days by 24:00", "2014-12-02T11:00:00+00:00", "Tue 2015-01-06 00:00", ANY_PART_OF_THE_UK),
        ("20 business days; counted from the day after", "2014-12-02T11:00:00+00:00", "Tue 2015-01-06 00:00", ANY_PART_OF_THE_UK),
        # Civil Procedure Rules (England and Wales), rule 2.8(3), example (iii), as the rules print it: a claim form served on 2 October, particulars within 14 days: the last day
        # is 16 October. Example (ii): at least 28 days after notice on 1 October: the earliest day is 30 October.
        ("14 days by 24:00", "2026-10-02T11:00:00+01:00", "Sat 2026-10-17 00:00", LONDON),
        ("28 days; counted from the day after", "2026-10-01T11:00:00+01:00", "Fri 2026-10-30 00:00", LONDON),
        # CPR 6.14: "the second business day after" the step; Thursday to Monday, and with Good Friday and Easter
        # Monday between (2 April 2026 is the Thursday before) to Wednesday.
        ("2 business days by 24:00", "2026-11-26T11:00:00+00:00", "Tue 2026-12-01 00:00", LONDON),
        ("2 business days by 24:00", "2026-04-02T11:00:00+01:00", "Thu 2026-04-09 00:00", LONDON),
        # CPR 6.26 with the examples of Practice Direction 6A, paragraph 10: on a Saturday by 4.30 p.m.: Monday, or
        # Tuesday where that is a bank holiday; after 4.30 p.m. on the Thursday before Good Friday: Tuesday.
        (CPR_6_26, "2026-11-23T16:29:00+00:00", "Mon 2026-11-23 16:29", LONDON),
        (CPR_6_26, "2026-11-23T16:30:00+00:00", "Tue 2026-11-24 09:00", LONDON),
        (CPR_6_26, "2026-11-28T11:00:00+00:00", "Mon 2026-11-30 09:00", LONDON),
        (CPR_6_26, "2026-05-02T11:00:00+01:00", "Tue 2026-05-05 09:00", LONDON),
        (CPR_6_26, "2026-04-02T16:45:00+01:00", "Tue 2026-04-07 09:00", LONDON),
        # Practice Direction 5B, 4.2: an e-mail received at or after 4.00 p.m. counts as received on the next day
        # the office is open; on a Friday, on Monday.
        ("0m; not received before 16:00 counts as next business day", "2026-11-27T16:00:00+00:00", "Mon 2026-11-30 09:00", LONDON),
        # Regulation (EEC, Euratom) 1182/71, article 3(1), second sentence: the day of the event is not counted;
        # 3(2)(b): days run from the first hour of the first day to the expiry of the last hour of the last;
        # 3(3): public holidays, Saturdays and Sundays count in days, and do not in working days (2(2)).
        ("5 days; counted from the day after", "2026-11-26T11:00:00+00:00", "Wed 2026-12-02 00:00", LONDON),
        ("5 days by 24:00", "2026-11-26T11:00:00+00:00", "Wed 2026-12-02 00:00", LONDON),
        ("5 business days by 24:00", "2026-11-26T11:00:00+00:00", "Fri 2026-12-04 00:00", LONDON),
        # GDPR, article 33(1): 72 hours, through the weekend.
        ("72h", "2026-11-27T16:00:00+00:00", "Mon 2026-11-30 16:00", LONDON),
    ],
)  # fmt: skip
def test_days_are_counted_as_law_and_its_guides_count_them(
    line: str, received: str, expected: str, calendar: Calendar
) -> None:
    assert due(line, received, calendar) == expected


# --- the mapping in a register -------------------------------------------------------------------------

MAPPING = """\
- id: C1
  name: Hartwell Ltd
  supplier_manager_email: ada@hartwell.example
  sla:
    within: 2 business days by 17:00
    at_the_latest: 96h
    received:
      - {after: 16:00, counts_as: next business day at 09:00}
      - {on: closed day, counts_as: next opening}
    counted_from: next business day
    until: acknowledged
    urgent: 4h
    kinds:
      follow-up, collect: 5 business days
    unless_forbidden: yes
"""


def read(folder: Path, text: str) -> str:
    path = folder / "customers.yaml"
    path.write_text(text)
    return read_customers(path)[0].sla


def test_the_mapping_comes_down_to_the_same_line(tmp_path: Path) -> None:
    line = read(tmp_path, MAPPING)
    assert line == WHOLE
    assert parse_agreement(line) == parse_agreement(WHOLE)


def test_a_line_may_stand_in_yaml_and_csv_alike(tmp_path: Path) -> None:
    head = MAPPING.partition("  sla:")[0]
    assert read(tmp_path, f'{head}  sla: "24h; urgent: 4h"\n') == "24h; urgent: 4h"
    path = tmp_path / "customers.csv"
    path.write_text(f'id,name,supplier_manager_email,sla\nC1,Hartwell,ada@hartwell.example,"{WHOLE}"\n')
    assert read_customers(path)[0].sla == WHOLE


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        (
            "within: 2 business days by 17:00",
            "within: 2 bananas",
            "line 5, field sla.within: terms '2 bananas'",
        ),
        ("    within: 2 business days by 17:00\n", "", "line 5, field sla.within: this field is missing"),
        ("at_the_latest: 96h", "at_the_latest: soon", "line 6, field sla.at_the_latest: terms 'soon'"),
        ("after: 16:00", "after: 26:00", "line 8, field sla.received: terms, clause"),
        ("after: 16:00", "around: 16:00", "line 8, field sla.received: a rule has two fields"),
        ("next opening", "tea time", "line 9, field sla.received: terms, clause"),
        ("counted_from: next business day", "counted_from: next year", "line 10, field sla.counted_from"),
        ("until: acknowledged", "until: read", "line 11, field sla.until"),
        ("urgent: 4h", "urgent: [4h]", "line 12, field sla.urgent: plain text is expected"),
        ("urgent: 4h", "urgnet: 4h", "line 12, field sla.urgnet: unknown field; did you mean urgent?"),
        ("urgent: 4h", "until: sent", "line 12, field sla.until: this field stands twice"),
        ("urgent: 4h", "urgent: 4h; until sent", "line 12, field sla.urgent: holds a semicolon"),
        ("follow-up, collect:", "letters:", "line 14, field sla.kinds.letters: terms, clause"),
        ("unless_forbidden: yes", "unless_forbidden: maybe", "line 15, field sla.unless_forbidden"),
    ],
)
def test_a_mistake_in_the_mapping_is_told_with_line_and_field(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    assert before in MAPPING
    with pytest.raises(BadRegister) as refused:
        read(tmp_path, MAPPING.replace(before, after))
    assert f"customers.yaml, {complaint}" in str(refused.value)
    assert "\n" not in str(refused.value)
