"""Terms, calendars and due instants; a slow second implementation checks the quick one."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from complaints.deadlines import (
    BadCalendar,
    Calendar,
    Terms,
    Unit,
    Window,
    answer,
    due_at,
    explain,
    parse_terms,
    repeat_at,
    repeats_passed,
    share,
)
from complaints.errors import BadTerms

WORKING_WEEK = {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
LONDON = Calendar.parse({"timezone": "Europe/London", "hours": WORKING_WEEK, "holidays": "GB-ENG"})
UNEVEN = Calendar.parse(
    {
        "hours": {
            "mon": ["09:00-17:00"],
            "tue": ["10:00-16:00"],
            "wed": ["09:00-17:00"],
            "thu": ["10:00-16:00"],
            "fri": ["09:00-17:00"],
            "sat": ["11:00-14:30"],
        }
    }
)
LUNCH = Calendar.parse(
    {
        "timezone": "Europe/Berlin",
        "hours": {
            **{day: ["08:00-12:00", "13:00-17:00"] for day in ("mon", "tue", "wed", "thu")},
            "fri": ["08:00-12:00"],
        },
    }
)
ALWAYS = Calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def due(words: str, received: str, calendar: Calendar = LONDON) -> str:
    zone = calendar.zone
    return (
        due_at(parse_terms(words), at(received), calendar).astimezone(zone).strftime("%a %Y-%m-%d %H:%M:%S")
    )


# --- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "unit", "amount"),
    [
        ("24h", Unit.SECONDS, 86_400),
        ("48h", Unit.SECONDS, 172_800),
        ("72 H", Unit.SECONDS, 259_200),
        ("8 hours", Unit.SECONDS, 28_800),
        ("1.5 hours", Unit.SECONDS, 5400),
        ("90m", Unit.SECONDS, 5400),
        ("90 minutes", Unit.SECONDS, 5400),
        ("30 seconds", Unit.SECONDS, 30),
        ("within 48 hours of receipt", Unit.SECONDS, 172_800),
        ("no more than 24 hours after receipt", Unit.SECONDS, 86_400),
        ("4 business hours", Unit.BUSINESS_SECONDS, 14_400),
        ("4 working hours", Unit.BUSINESS_SECONDS, 14_400),
        ("90 business minutes", Unit.BUSINESS_SECONDS, 5400),
        ("5400 business seconds", Unit.BUSINESS_SECONDS, 5400),
        ("1 business day", Unit.BUSINESS_DAYS, 1),
        ("within 2  Business Days.", Unit.BUSINESS_DAYS, 2),
        ("1 working day", Unit.BUSINESS_DAYS, 1),
        ("3 days", Unit.DAYS, 3),
        ("3 calendar days", Unit.DAYS, 3),
        ("next business day", Unit.NEXT_BUSINESS_DAY, 1),
        ("the following working day", Unit.NEXT_BUSINESS_DAY, 1),
    ],
)
def test_a_contracts_words_are_read(words: str, unit: Unit, amount: int) -> None:
    terms = parse_terms(words)
    assert (terms.unit, terms.amount, terms.by, terms.is_vague) == (unit, amount, None, False)
    assert terms.words == words.strip()


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("2 business days by 17:00", 61_200),
        ("next business day by 17:00", 61_200),
        ("3 days by 5pm", 61_200),
        ("1 business day by 12:30 am", 1800),
        ("1 business day by 12 pm", 43_200),
        ("1 business day by 24:00", 86_400),
    ],
)
def test_a_day_can_end_by_a_time_of_day(words: str, seconds: int) -> None:
    assert parse_terms(words).by == seconds


@pytest.mark.parametrize(
    "words",
    ["immediately", "Promptly", "without undue delay", "without delay", "as soon as possible", "forthwith"],
)
def test_vague_words_take_the_house_number_and_say_so(words: str) -> None:
    terms = parse_terms(words, vague="4 business hours")
    assert (terms.unit, terms.amount) == (Unit.BUSINESS_SECONDS, 14_400)
    assert terms.is_vague
    assert terms.plain == f"{words} (house number: 4 business hours)"


@pytest.mark.parametrize(
    "words",
    [
        "without undue delay and in any event within 48 hours",
        "without undue delay, and in any event no later than 48 hours after receipt",
        "promptly and within 48 hours",
        "immediately, at the latest within 48 hours",
        "without delay and no more than 48 hours after receipt",
    ],
)
def test_a_cap_ends_the_term_where_it_is_shorter_than_the_house_number(words: str) -> None:
    received = at("2026-11-23T09:00:00+00:00")
    assert due_at(parse_terms(words, vague="72h"), received, ALWAYS) == received + timedelta(hours=48)
    assert due_at(parse_terms(words, vague="24h"), received, ALWAYS) == received + timedelta(hours=24)


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("within two (2) business days", "2 business days"),
        ("within twenty-four (24) hours of receipt", "24h"),
        ("Forty-eight hours", "48h"),
        ("24 hour(s)", "24h"),
        ("by 5pm on the next business day", "next business day by 17:00"),
        ("no later than 12:00 on the following working day", "next business day by 12:00"),
        ("by the end of the next business day", "next business day by close of business"),
        ("next business day by COB", "next business day by the close of business"),
    ],
)
def test_numbers_in_words_and_the_time_before_its_day_mean_the_same(words: str, plain: str) -> None:
    one, other = parse_terms(words), parse_terms(plain)
    assert (one.unit, one.amount, one.by) == (other.unit, other.amount, other.by)
    assert one.words == words


@pytest.mark.parametrize(
    ("words", "received", "expected"),
    [
        ("1 business day by close of business", "2026-11-26T16:00:00+01:00", "Fri 2026-11-27 12:00:00"),
        ("2 business days by close of business", "2026-11-26T16:00:00+01:00", "Mon 2026-11-30 17:00:00"),
        ("promptly and in any event by the end of the next business day", "2026-11-26T08:00:00+01:00", "Fri 2026-11-27 08:00:00"),
        ("promptly and in any event by the end of the next business day", "2026-11-26T16:00:00+01:00", "Fri 2026-11-27 12:00:00"),
    ],
)  # fmt: skip
def test_close_of_business_is_when_we_close_that_day(words: str, received: str, expected: str) -> None:
    assert due(words, received, LUNCH) == expected


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("", "not understood"),
        ("two (3) days", "not understood"),
        ("3 days by close of business", "only business days have a closing time"),
        ("0 business days by close of business", "only business days have a closing time"),
        ("soonish", "not understood"),
        ("24", "not understood"),
        ("-3 hours", "not understood"),
        ("4 hours, give or take", "not understood"),
        ("promptly unless busy", "not understood"),
        ("1.5 business days", "whole number"),
        ("0.001 seconds", "whole number"),
        ("4 business hours by 17:00", "only one or more days"),
        ("0 business days by 17:00", "only one or more days"),
        ("1 business day by 25:00", "no such time of day"),
        ("1 business day by 10:75", "no such time of day"),
        ("1 business day by 13pm", "no such time of day"),
        ("999999999h", "longer than ten years"),
        ("4000 business days", "longer than ten years"),
        ("9" * 500, "longer than 200 characters"),
        ("without undue delay and in any event within reason", "not understood"),
    ],
)
def test_unreadable_terms_are_refused_in_one_precise_line(words: str, complaint: str) -> None:
    with pytest.raises(BadTerms, match=complaint) as refused:
        parse_terms(words)
    assert "\n" not in str(refused.value)


def test_a_vague_house_number_is_refused() -> None:
    with pytest.raises(BadTerms, match="'promptly'"):
        parse_terms("without undue delay", vague="promptly")


@pytest.mark.parametrize(
    "words",
    [
        "24h",
        "48h",
        "72h",
        "8 hours",
        "4 business hours",
        "1 business day",
        "2 business days",
        "next business day",
    ],
)
def test_every_kind_of_term_of_a_register_gives_a_later_instant(words: str) -> None:
    received = at("2026-12-24T16:30:00+00:00")
    assert due_at(parse_terms(words), received, LONDON) > received


# --- elapsed time ----------------------------------------------------------------------------


def test_24_hours_are_86400_seconds_through_both_clock_changes() -> None:
    assert due("24h", "2026-03-28T12:00:00+00:00") == "Sun 2026-03-29 13:00:00"
    assert due("24h", "2026-10-24T12:00:00+01:00") == "Sun 2026-10-25 11:00:00"


def test_days_of_the_calendar_end_at_the_same_time_on_the_wall() -> None:
    assert due("1 day", "2026-03-28T12:00:00+00:00") == "Sun 2026-03-29 12:00:00"
    assert due("3 calendar days by 17:00", "2026-12-24T09:00:00+00:00") == "Sun 2026-12-27 17:00:00"


def test_a_time_that_clocks_skip_is_read_with_the_offset_from_before_the_gap() -> None:
    assert due("1 day", "2026-03-28T01:30:00+00:00") == "Sun 2026-03-29 02:30:00"


def test_a_time_that_comes_twice_means_the_first() -> None:
    calendar = Calendar(timezone="Europe/London")
    result = due_at(parse_terms("1 day"), at("2026-10-24T01:30:00+01:00"), calendar)
    assert result == at("2026-10-25T01:30:00+01:00")


# --- business time ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "received", "expected"),
    [
        ("4 business hours", "2026-11-23T09:00:00+00:00", "Mon 2026-11-23 13:00:00"),
        ("4 business hours", "2026-11-23T13:00:00+00:00", "Mon 2026-11-23 17:00:00"),
        ("4 business hours", "2026-11-23T13:00:01+00:00", "Tue 2026-11-24 09:00:01"),
        ("4 business hours", "2026-11-23T17:00:00+00:00", "Tue 2026-11-24 13:00:00"),
        ("4 business hours", "2026-11-27T16:00:00+00:00", "Mon 2026-11-30 12:00:00"),
        ("90 business minutes", "2026-11-28T11:00:00+00:00", "Mon 2026-11-30 10:30:00"),
        ("5400 business seconds", "2026-11-28T11:00:00+00:00", "Mon 2026-11-30 10:30:00"),
        # Boxing Day 2026 is a Saturday: Monday the 28th stands in for it.
        ("4 business hours", "2026-12-24T15:00:00+00:00", "Tue 2026-12-29 11:00:00"),
        # 3 * 8 hours beyond the new year, whose first day is a holiday.
        ("24 business hours", "2026-12-30T12:00:00+00:00", "Tue 2027-01-05 12:00:00"),
        ("0 business hours", "2026-11-28T11:00:00+00:00", "Mon 2026-11-30 09:00:00"),
    ],
)
def test_business_time_counts_open_hours_only(words: str, received: str, expected: str) -> None:
    assert due(words, received) == expected


def test_a_lunch_break_stops_the_count() -> None:
    assert due("4 business hours", "2026-11-23T10:00:00+01:00", LUNCH) == "Mon 2026-11-23 15:00:00"
    assert due("2 business hours", "2026-11-23T12:30:00+01:00", LUNCH) == "Mon 2026-11-23 15:00:00"


def test_round_the_clock_business_time_is_elapsed_time_and_loses_no_minute_at_midnight() -> None:
    received = at("2026-11-23T23:59:30+00:00")
    assert due_at(parse_terms("48 business hours"), received, ALWAYS) == received + timedelta(hours=48)


def test_the_hour_that_does_not_exist_never_counts_and_the_one_that_comes_twice_counts_twice() -> None:
    nights = Calendar.parse({"timezone": "Europe/London", "hours": {"sun": ["00:00-04:00"]}})
    spring, autumn = at("2026-03-29T00:00:00+00:00"), at("2026-10-25T00:00:00+01:00")
    assert due_at(parse_terms("3 business hours"), spring, nights) == at("2026-03-29T04:00:00+01:00")
    assert due_at(parse_terms("5 business hours"), autumn, nights) == at("2026-10-25T04:00:00+00:00")


def test_a_window_inside_the_hour_that_comes_twice_opens_twice() -> None:
    nights = Calendar.parse({"timezone": "Europe/London", "hours": {"sun": ["01:15-01:45"]}})
    received = at("2026-10-25T00:00:00+01:00")
    assert due_at(parse_terms("40 business minutes"), received, nights) == at("2026-10-25T01:25:00+00:00")


def test_a_holiday_that_starts_the_day_elsewhere_is_a_holiday_of_the_calendars_zone() -> None:
    tokyo = Calendar.parse({"timezone": "Asia/Tokyo", "hours": WORKING_WEEK, "holidays": ["2026-11-24"]})
    assert due("1 business hour", "2026-11-23T16:00:00+00:00", tokyo) == "Wed 2026-11-25 10:00:00"


def test_a_calendar_that_never_opens_gives_an_error_and_not_an_endless_search() -> None:
    never = Calendar.parse({"hours": {}})
    for words in ("1 business hour", "1 business day", "next business day", "1 business day by 17:00"):
        with pytest.raises(BadTerms, match="ten years"):
            due_at(parse_terms(words), at("2026-11-23T09:00:00+00:00"), never)


def test_a_term_of_years_ends_if_it_can() -> None:
    every_week = Calendar.parse({"timezone": "Europe/London", "hours": WORKING_WEEK})
    after_500_weeks = at("2026-11-23T09:00:00+00:00") + timedelta(weeks=500)
    result = due_at(parse_terms("2500 business days"), at("2026-11-23T09:00:00+00:00"), every_week)
    assert result.astimezone(UTC).date() == after_500_weeks.date()
    with pytest.raises(BadTerms, match="ten years"):
        due("87600 business hours", "2026-11-23T09:00:00+00:00")


# --- business days ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "received", "expected"),
    [
        ("1 business day", "2026-11-24T11:00:00+00:00", "Wed 2026-11-25 11:00:00"),
        ("1 business day", "2026-11-27T12:33:00+00:00", "Mon 2026-11-30 12:33:00"),
        ("5 business days", "2026-11-27T12:33:42+00:00", "Fri 2026-12-04 12:33:42"),
        ("1 business day", "2026-12-24T16:50:00+00:00", "Tue 2026-12-29 16:50:00"),
        # Outside open hours the count starts at the next opening.
        ("1 business day", "2026-11-28T11:00:00+00:00", "Tue 2026-12-01 09:00:00"),
        ("1 business day", "2026-11-25T01:54:00+00:00", "Thu 2026-11-26 09:00:00"),
        ("1 business day", "2026-11-25T21:54:00+00:00", "Fri 2026-11-27 09:00:00"),
        ("0 business days", "2026-11-28T12:33:00+00:00", "Mon 2026-11-30 09:00:00"),
        # Clocks change on Sunday the 25th: the same time on the wall, an hour more between.
        ("1 business day", "2026-10-23T16:00:00+01:00", "Mon 2026-10-26 16:00:00"),
        # By a time of day counts from the day of receipt, open or not.
        ("1 business day by 17:00", "2026-11-28T11:00:00+00:00", "Mon 2026-11-30 17:00:00"),
        ("2 business days by 17:00", "2026-11-27T20:00:00+00:00", "Tue 2026-12-01 17:00:00"),
        ("2 business days by 17:00", "2026-12-24T08:00:00+00:00", "Wed 2026-12-30 17:00:00"),
        ("next business day by 17:00", "2026-11-23T08:00:00+00:00", "Tue 2026-11-24 17:00:00"),
        # The earlier of one business day and closing time of the next business day.
        ("next business day", "2026-11-24T11:00:00+00:00", "Wed 2026-11-25 11:00:00"),
        ("next business day", "2026-11-28T11:00:00+00:00", "Mon 2026-11-30 17:00:00"),
        ("next business day", "2026-11-27T19:00:00+00:00", "Mon 2026-11-30 17:00:00"),
    ],
)
def test_business_days_end_at_the_same_time_on_the_wall(words: str, received: str, expected: str) -> None:
    assert due(words, received) == expected


@pytest.mark.parametrize(
    ("words", "received", "expected"),
    [
        ("2 business days", "2006-01-06T12:30:52+00:00", "Mon 2006-01-09 12:30:52"),
        ("2 business days", "2006-01-03T08:00:00+00:00", "Thu 2006-01-05 10:00:00"),
        ("2 business days", "2006-01-03T18:00:00+00:00", "Fri 2006-01-06 09:00:00"),
        ("1 business day", "2006-01-02T16:30:00+00:00", "Wed 2006-01-04 09:00:00"),
        ("1 business day", "2006-01-02T16:00:00+00:00", "Tue 2006-01-03 16:00:00"),
    ],
)
def test_a_business_day_of_other_hours_moves_on_to_the_next_opening(
    words: str, received: str, expected: str
) -> None:
    assert due(words, received, UNEVEN) == expected


# --- calendars -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", [None, "24x7", {}, {"hours": "24x7"}, {"timezone": "UTC", "holidays": []}]
)
def test_no_calendar_is_the_whole_of_utc(written: dict[str, object] | str | None) -> None:
    assert Calendar.parse(written) == ALWAYS


def test_windows_are_sorted_and_those_that_touch_become_one() -> None:
    calendar = Calendar.parse({"hours": {"Monday": ["13:00-17:00", "09:00-12:30", "12:00-13:00"]}})
    assert calendar.week[0] == (Window(opens=9 * 3600, closes=17 * 3600),)


def test_single_dates_and_regions_may_stand_together() -> None:
    calendar = Calendar.parse({"hours": WORKING_WEEK, "holidays": ["2026-12-24", "GB-ENG", "DE-BY"]})
    closed = [day for day in range(1, 32) if calendar.holiday(date(2026, 12, day))]
    assert closed == [24, 25, 26, 28]


def test_a_holiday_closes_a_round_the_clock_calendar_too() -> None:
    calendar = Calendar.parse({"hours": "24x7", "holidays": ["2026-12-25"]})
    assert due("2 business hours", "2026-12-24T23:00:00+00:00", calendar) == "Sat 2026-12-26 01:00:00"


@pytest.mark.parametrize(
    ("written", "field", "complaint"),
    [
        ("nine to five", "as a whole", "no object"),
        ({"holiday": []}, "'holiday'", "no such field"),
        ({"timezone": "Europe/Londno"}, "timezone", "no IANA time zone"),
        ({"timezone": "Europe"}, "timezone", "no IANA time zone"),
        ({"timezone": ""}, "timezone", "no IANA time zone"),
        ({"timezone": "../../etc/passwd"}, "timezone", "no IANA time zone"),
        ({"timezone": None}, "timezone", "no IANA time zone"),
        ({"hours": "office"}, "hours", "neither 24x7"),
        ({"hours": {"moo": []}}, "hours", "no weekday"),
        ({"hours": {"mon": 9}}, "hours", "no list of windows"),
        ({"hours": {"mon": ["9-17"]}}, "hours", "no window"),
        ({"hours": {"mon": ["09:00-25:00"]}}, "hours", "names no time of day"),
        ({"hours": {"mon": ["22:00-06:00"]}}, "hours", "ends before it begins"),
        ({"holidays": 7}, "holidays", "neither a region"),
        ({"holidays": ["25.12.2026"]}, "holidays", "neither a date"),
        ({"holidays": "XX"}, "holidays", "not known"),
        ({"holidays": "GB-QQ"}, "holidays", "not known"),
    ],
)
def test_a_broken_calendar_is_refused_by_field_and_value(
    written: dict[str, object], field: str, complaint: str
) -> None:
    with pytest.raises(BadCalendar, match=complaint) as refused:
        Calendar.parse(written)
    assert refused.value.field == field


# --- explaining ------------------------------------------------------------------------------


def told(words: str, received: str, calendar: Calendar = LONDON) -> list[tuple[str, str, bool]]:
    zone = calendar.zone
    return [
        (interval.end.astimezone(zone).strftime("%d %H:%M"), interval.why, interval.counted)
        for interval in explain(parse_terms(words), at(received), calendar)
    ]


def test_every_skipped_stretch_has_its_reason() -> None:
    assert told("4 business hours", "2026-12-24T15:00:00+00:00") == [
        ("24 17:00", "open", True),
        ("25 00:00", "closed", False),
        ("26 00:00", "holiday Christmas Day", False),
        ("27 00:00", "holiday Boxing Day", False),
        ("28 00:00", "weekend", False),
        ("29 00:00", "holiday Boxing Day (observed)", False),
        ("29 09:00", "closed", False),
        ("29 11:00", "open", True),
    ]


def test_days_are_told_by_number() -> None:
    assert told("2 business days", "2026-11-28T11:00:00+00:00") == [
        ("30 00:00", "weekend", False),
        ("01 00:00", "day the count starts from", False),
        ("02 00:00", "business day 1", True),
        ("02 09:00", "business day 2", True),
    ]
    assert told("2 days", "2026-11-28T11:00:00+00:00") == [
        ("29 00:00", "day the count starts from", False),
        ("30 00:00", "day 1", True),
        ("30 11:00", "day 2", True),
    ]


def test_time_after_the_last_business_day_is_told_as_closed() -> None:
    assert told("1 business day", "2026-11-26T16:00:00+01:00", LUNCH)[-3:] == [
        ("28 00:00", "business day 1", True),
        ("30 00:00", "weekend", False),
        ("30 08:00", "closed", False),
    ]


# --- the line protocol -----------------------------------------------------------------------


def test_a_request_is_answered_in_utc_with_its_explanation() -> None:
    request = {
        "received_at": "2026-07-03T16:30:00+01:00",
        "terms": "4 business hours",
        "calendar": {"timezone": "Europe/London", "hours": WORKING_WEEK, "holidays": "GB-ENG"},
    }
    result = json.loads(json.dumps(answer(request)))
    assert result["due_at"] == "2026-07-06T11:30:00+00:00"
    assert result["explain"][0] == {
        "from": "2026-07-03T15:30:00+00:00",
        "until": "2026-07-03T16:00:00+00:00",
        "counted": True,
        "why": "open",
    }


def test_blank_terms_are_24_hours_and_no_calendar_is_round_the_clock() -> None:
    assert (
        answer({"received_at": "2026-11-23T09:00:00Z", "terms": " "})["due_at"] == "2026-11-24T09:00:00+00:00"
    )


@pytest.mark.parametrize(
    ("request_", "complaint"),
    [
        ({}, "received_at None is no instant"),
        ({"received_at": "yesterday"}, "received_at 'yesterday' is no instant"),
        ({"received_at": "2026-11-23T09:00:00"}, "has no offset"),
        ({"received_at": "0001-01-01T00:00:00+14:00"}, "out of range"),
        ({"received_at": "9999-12-31T23:00:00+00:00"}, "outside 1970 to 2200"),
        ({"received_at": "2026-11-23T09:00:00Z", "terms": 24}, "terms must be text"),
        ({"received_at": "2026-11-23T09:00:00Z", "terms": "soon"}, "not understood"),
        (
            {"received_at": "2026-11-23T09:00:00Z", "calendar": {"timezone": "Mars"}},
            "calendar, timezone: 'Mars'",
        ),
        ([], "the request is no object"),
    ],
)
def test_a_bad_request_is_answered_with_one_line(request_: dict[str, object], complaint: str) -> None:
    result = answer(request_)
    assert list(result) == ["error"]
    assert complaint in result["error"]
    assert "\n" not in result["error"]


def test_a_request_nested_without_end_is_answered_too() -> None:
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    hostile = {"timezone": nested, "hours": {"mon": nested}, "holidays": [nested]}
    for calendar in (nested, *({key: value} for key, value in hostile.items())):
        assert "calendar, " in answer({"received_at": "2026-11-23T09:00:00Z", "calendar": calendar})["error"]
    assert "received_at" in answer({"received_at": nested})["error"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    received=json_values | st.datetimes(timezones=st.just(UTC)).map(str),
    terms=json_values | st.sampled_from(["24h", "3 business days", "promptly"]),
    calendar=json_values
    | st.fixed_dictionaries(
        {},
        optional={
            "timezone": json_values | st.just("Asia/Kathmandu"),
            "hours": json_values | st.dictionaries(st.sampled_from(["mon", "sun"]), json_values),
            "holidays": json_values | st.just("GB"),
        },
    ),
)
@settings(max_examples=150, deadline=None)
def test_no_request_whatever_raises(received: object, terms: object, calendar: object) -> None:
    result = answer({"received_at": received, "terms": terms, "calendar": calendar})
    assert ("due_at" in result) != ("error" in result)


# --- the slow implementation -----------------------------------------------------------------

MINUTE = timedelta(minutes=1)
SEARCH = 16 * 24 * 60


def slow_is_open(calendar: Calendar, instant: datetime) -> bool:
    local = instant.astimezone(ZoneInfo(calendar.timezone))
    if local.date() in calendar.dates:
        return False
    second = local.hour * 3600 + local.minute * 60
    return any(window.opens <= second < window.closes for window in calendar.week[local.weekday()])


def slow_business_minutes(calendar: Calendar, received: datetime, minutes: int) -> datetime | None:
    """Step minute by minute and look at the wall each time."""
    for step in range(SEARCH):
        if slow_is_open(calendar, received + MINUTE * step):
            minutes -= 1
            if minutes == 0:
                return received + MINUTE * (step + 1)
    return None


def slow_business_days(calendar: Calendar, received: datetime, days: int) -> datetime | None:
    zone = ZoneInfo(calendar.timezone)
    instant, start, today = received, None, None
    for _ in range(SEARCH):
        local = instant.astimezone(zone)
        if start is None:
            if slow_is_open(calendar, instant):
                start, today = local, local.date()
        else:
            if local.date() != today:
                today = local.date()
                works = today not in calendar.dates and bool(calendar.week[today.weekday()])
                days -= works
            if days < 0 or (days == 0 and local.time() >= start.time()):
                second = local.hour * 3600 + local.minute * 60
                closing = today not in calendar.dates and any(
                    window.closes == second for window in calendar.week[local.weekday()]
                )
                exact = days == 0 and local.time() == start.time()
                if slow_is_open(calendar, instant) or (exact and closing):
                    return instant
        instant += MINUTE
    return None


zones = st.sampled_from(
    [
        "UTC",
        "Europe/London",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",  # half an hour of summer time
        "Asia/Kathmandu",
        "America/St_Johns",
        "Pacific/Chatham",
        "Africa/Casablanca",
        "America/Santiago",  # changes at midnight
    ]
)


@st.composite
def windows(draw: st.DrawFn) -> list[str]:
    edges = draw(st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(sorted))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [f"{a // 4:02}:{a % 4 * 15:02}-{b // 4:02}:{b % 4 * 15:02}" for a, b in pairs]


# Around the changes of clocks of the zones above, north and south.
CHANGES = [
    at(f"{day}T00:00:00+00:00")
    for day in ("2026-03-07", "2026-03-28", "2026-04-03", "2026-10-24", "2026-10-31")
]


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    days = draw(
        st.lists(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1, unique=True)
    )
    hours = {day: draw(windows()) for day in days}
    offsets = draw(st.lists(st.integers(0, 10), max_size=2))
    dates = [(change + timedelta(days=offset)).date().isoformat() for change in CHANGES for offset in offsets]
    return Calendar.parse({"timezone": draw(zones), "hours": hours, "holidays": dates})


receipts = st.builds(
    lambda change, minutes: change + MINUTE * minutes, st.sampled_from(CHANGES), st.integers(0, 3 * 24 * 60)
)
thorough = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@given(calendar=calendars(), received=receipts, minutes=st.integers(1, 1500))
@example(calendar=LUNCH, received=at("2026-03-28T12:00:00+00:00"), minutes=480)
@thorough
def test_business_time_agrees_with_stepping_minute_by_minute(
    calendar: Calendar, received: datetime, minutes: int
) -> None:
    expected = slow_business_minutes(calendar, received, minutes)
    assume(expected is not None)
    terms = Terms(words="t", unit=Unit.BUSINESS_SECONDS, amount=minutes * 60)
    assert due_at(terms, received, calendar) == expected


@given(calendar=calendars(), received=receipts, days=st.integers(1, 4))
@thorough
def test_business_days_agree_with_stepping_minute_by_minute(
    calendar: Calendar, received: datetime, days: int
) -> None:
    expected = slow_business_days(calendar, received, days)
    assume(expected is not None)
    result = due_at(Terms(words="t", unit=Unit.BUSINESS_DAYS, amount=days), received, calendar)
    # Where the clocks skip that very time the slow one takes the gap's end; the stated policy differs.
    local = result.astimezone(calendar.zone)
    assume((result - MINUTE * 60).astimezone(calendar.zone).utcoffset() == local.utcoffset())
    assert result == expected


unit_terms = (
    st.builds(
        lambda unit, amount: Terms(
            words="t", unit=unit, amount=amount if unit is not Unit.NEXT_BUSINESS_DAY else 1
        ),
        st.sampled_from(Unit),
        st.integers(1, 5),
    )
    | st.builds(
        lambda unit, amount, by: Terms(words="t", unit=unit, amount=amount, by=by),
        st.sampled_from([Unit.DAYS, Unit.BUSINESS_DAYS]),
        st.integers(1, 5),
        st.integers(0, 86_400),
    )
    | st.builds(
        lambda minutes: Terms(words="t", unit=Unit.BUSINESS_SECONDS, amount=minutes * 60),
        st.integers(0, 3000),
    )
)


@given(calendar=calendars(), received=receipts, terms=unit_terms)
@settings(max_examples=200, deadline=None)
def test_an_explanation_runs_from_receipt_to_due_without_a_gap(
    calendar: Calendar, received: datetime, terms: Terms
) -> None:
    due_instant = due_at(terms, received, calendar)
    intervals = explain(terms, received, calendar)
    assert due_instant >= received
    edges = [received, *(interval.end for interval in intervals)]
    assert [interval.start for interval in intervals] == edges[:-1]
    assert edges[-1] == due_instant
    if terms.unit in {Unit.SECONDS, Unit.BUSINESS_SECONDS}:
        counted = sum((i.end - i.start for i in intervals if i.counted), timedelta())
        assert counted == timedelta(seconds=terms.amount)


@given(calendar=calendars(), received=receipts, terms=unit_terms, later=st.integers(0, 3000))
@settings(max_examples=200, deadline=None)
def test_a_later_receipt_is_never_due_earlier(
    calendar: Calendar, received: datetime, terms: Terms, later: int
) -> None:
    # Days on the wall may swap where a clock is turned back: the same reading comes twice.
    assume(terms.unit in {Unit.SECONDS, Unit.BUSINESS_SECONDS} or terms.by is not None)
    assert due_at(terms, received, calendar) <= due_at(terms, received + MINUTE * later, calendar)


# --- steps for the ladder --------------------------------------------------------------------


def test_a_share_is_a_share_of_elapsed_time() -> None:
    received, end = at("2026-11-23T00:00:00+00:00"), at("2026-11-24T00:00:00+00:00")
    assert share(received, end, 0.75) == at("2026-11-23T18:00:00+00:00")
    assert share(received, end, 1.0) == end


@given(every=st.integers(1, 10_000), elapsed=st.integers(-5000, 10**8))
def test_repeats_are_counted_without_stepping_through_them(every: int, elapsed: int) -> None:
    first, step = at("2026-11-23T00:00:00+00:00"), timedelta(seconds=every)
    now = first + timedelta(seconds=elapsed)
    passed = repeats_passed(first, step, now)
    assert repeat_at(first, step, passed) > now
    assert passed == 0 or repeat_at(first, step, passed - 1) <= now
