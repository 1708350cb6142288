"""The ladder's file and the house's calendar: what is read, and how a mistake is named."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from complaints.conditions import Condition
from complaints.deadlines import due_at, parse_terms
from complaints.errors import BadRegister, BadSetting
from complaints.escalation import Rung, Until
from config.calendars import house_calendar
from config.ladder import load_ladder, unreachable
from config.settings import Settings, load_settings


def test_the_delivered_ladder_is_the_promised_one() -> None:
    ladders = load_ladder(None)
    rungs = [(rung.at, rung.every, rung.is_breach, rung.tells) for rung in ladders.default.rungs]
    four_hours = timedelta(hours=4)
    assert rungs == [
        (0.5, None, False, ("triage",)),
        (0.75, None, False, ("triage", "deputy")),
        (0.9, None, False, ("triage", "deputy", "managers")),
        (1.0, None, True, ("triage", "managers")),
        (four_hours, four_hours, False, ("managers", "triage")),
    ]
    assert ladders.acknowledgement is not None
    assert [(rung.at, rung.every, rung.tells) for rung in ladders.acknowledgement.rungs] == [
        (timedelta(days=1), None, ("manager",)),
        (timedelta(days=3), timedelta(days=7), ("manager", "triage")),
    ]
    assert (ladders.special, ladders.answer) == ((), None)


def written(folder: Path, text: str) -> Path:
    path = folder / "ladder.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_ladder_of_ones_own_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
rungs:
  - {name: soon, at: -90m, tell: triage}
  - {name: breach, at: 100%, tell: [managers, "slack://token/a", boss@msp.example]}
  - {name: a day late, at: +1d, tell: [managers]}
  - {name: again, at: +25h, every: 30 minutes, tell: [managers]}
""",
    )
    soon, breach, late, again = load_ladder(path).default.rungs
    assert soon == Rung(name="soon", at=timedelta(minutes=-90), tells=("triage",))
    assert breach.tells == ("managers", "slack://token/a", "boss@msp.example")
    assert late.at == timedelta(days=1)
    assert again.every == timedelta(minutes=30)


RICH = """
rungs:
  - {name: half, at: 50%, tell: [triage], when: {authority: [gb-ico, fr-cnil], status: needs_review}}
  - {name: soon after, after: 30m, tell: [Ann Lee, oncall]}
  - {name: breach, at: 100%, tell: [managers]}
  - {name: again, at: +4h, every: 4h, until: acknowledged, tell: [managers]}
  - {name: and louder, at: +1d, every: 1h, tell: ["slack://token/a"]}
ladders:
  - name: hospitals
    for: {customer: [stmary, stjohn]}
    rungs:
      - {name: at once, at: 0%, tell: [oncall]}
      - {name: breach, at: 100%, tell: [oncall, managers]}
acknowledgement:
  - {name: no word yet, at: +1d, every: 1d, tell: [manager]}
answer:
  - {name: a week, at: -7d, tell: [triage]}
  - {name: daily, at: -2d, every: 1d, tell: [manager, triage]}
"""


def test_a_file_may_hold_several_ladders_conditions_and_people(tmp_path: Path) -> None:
    ladders = load_ladder(written(tmp_path, RICH), names={"ann lee", "oncall"})
    half, after, _, again, louder = ladders.default.rungs
    assert half.when == Condition(
        answers=(("authority", ("fr-cnil", "gb-ico")), ("status", ("needs_review",)))
    )
    assert (after.after, after.tells) == (timedelta(minutes=30), ("ann lee", "oncall"))
    assert (again.until, louder.until) == (Until.ACKNOWLEDGED, Until.FORWARDED)
    [hospitals] = ladders.special
    assert hospitals.fits == Condition(answers=(("customer", ("stjohn", "stmary")),))
    assert [name for name, _ in ladders.every_one] == ["", "hospitals", "acknowledgement", "answer"]


FOR = "ladders:\n  - name: x\n    for: {customer: acme}\n    rungs:\n      - {name: b, at: 100%, tell: triage}\n"


@pytest.mark.parametrize(
    ("text", "line", "field", "complaint"),
    [
        ("ladders: []", 5, "ladders", "at least one entry"),
        ("ladders:\n  - {name: x, rungs: []}", 6, "for", "every further ladder"),
        (FOR.replace("{customer: acme}", "{}"), 7, "for", "asks nothing"),
        (FOR.replace("{customer: acme}", "{client: acme}"), 7, "client", "there are customer, authority"),
        (FOR.replace("{customer: acme}", "acme"), 7, "for", "here must stand fields"),
        (FOR.replace("{customer: acme}", "{kind: complain}"), 7, "for.kind", "'complain' is none of"),
        (FOR.replace("100%", "50%"), 9, "at", "no rung is at 100%"),
        (FOR.replace("name: x", "name: answer"), 6, "name", "a ladder's name already"),
        (FOR + FOR.removeprefix("ladders:\n"), 10, "name", "two ladders are called 'x'"),
        ("acknowledgement:\n  - {name: a, at: 50%, tell: manager}", 6, "at", "after the forward"),
        (
            "acknowledgement:\n  - {name: a, at: +1d, until: forwarded, every: 1d, tell: manager}",
            6,
            "until",
            "end with",
        ),
        ("answer:\n  - {name: a, after: 1d, tell: manager}", 6, "after", "no rung before it"),
        ("answer: soon", 5, "answer", "at least one rung"),
    ],
)
def test_a_mistake_in_a_further_ladder_is_named_as_well(
    tmp_path: Path, text: str, line: int, field: str, complaint: str
) -> None:
    path = written(tmp_path, GOOD + text)
    with pytest.raises(BadRegister) as refused:
        load_ladder(path)
    message = str(refused.value)
    assert message.startswith(f"{path}, line {line}, field {field}: ")
    assert complaint in message


GOOD = "rungs:\n  - name: breach\n    at: 100%\n    tell: [managers]\n"


@pytest.mark.parametrize(
    ("text", "line", "field", "complaint"),
    [
        ("", 1, "rungs", "here must stand fields"),
        ("- 1", 1, "rungs", "here must stand fields"),
        ("rungs: []", 1, "rungs", "at least one rung"),
        ("rungs: all", 1, "rungs", "at least one rung"),
        ("steps: []", 1, "steps", "no such field"),
        ("rungs:\n  - breach", 2, "name", "here must stand fields"),
        ("rungs:\n  - name: x\n    at: 100%", 2, "tell", "every rung needs one"),
        (GOOD + "    whom: me", 5, "whom", "no such field"),
        (GOOD + "    at: 50%", 5, "at", "stands here twice"),
        (GOOD.replace("100%", "5O%"), 3, "at", "'5O%' cannot be read"),
        (GOOD.replace("100%", "0.5"), 3, "at", "'0.5' cannot be read"),
        (GOOD.replace("100%", "150%"), 3, "at", "between 0% and 100%"),
        (GOOD.replace("100%", "-2 business hours"), 3, "at", "no elapsed time"),
        (GOOD.replace("100%", "+soon"), 3, "at", "no elapsed time"),
        (GOOD.replace("100%", "[1]"), 3, "at", "one value"),
        (GOOD.replace("100%", "50%"), 2, "at", "no rung is at 100%"),
        (GOOD.replace("[managers]", "[]"), 4, "tell", "tells nobody"),
        (GOOD.replace("[managers]", "[bosses]"), 4, "tell", "'bosses' is neither"),
        (GOOD.replace("[managers]", '["a@b.example\\nBcc: c@d.example"]'), 4, "tell", "is neither"),
        (GOOD.replace("breach", '"two\\nlines"'), 2, "name", "one line"),
        (GOOD + GOOD.removeprefix("rungs:\n"), 5, "name", "two rungs are called 'breach'"),
        (GOOD + GOOD.removeprefix("rungs:\n").replace("breach", "more"), 5, "at", "second rung"),
        (GOOD + "  - {name: again, at: +4h, every: promptly, tell: triage}", 5, "every", "no elapsed time"),
        (GOOD + "    after: 1h", 3, "at", "at or after"),
        (GOOD + "    until: acknowledged", 5, "until", "only a rung with every"),
        (GOOD + "    when: {customer: acme}", 5, "when", "a breach is told"),
        (
            GOOD + "  - {name: early, at: 10%, tell: [triage], when: {urgent: maybe}}",
            5,
            "when.urgent",
            "'maybe' is none of yes, no",
        ),
        (GOOD + "    until: closed", 5, "until", "neither forwarded nor acknowledged"),
        (GOOD.replace("[managers]", "[manager]"), 4, "tell", "by the forward alone"),
        (GOOD + "  - {name: again, at: +4h, every: 0h, tell: triage}", 5, "every", "after some time"),
    ],
)
def test_a_mistake_is_named_by_file_line_and_field(
    tmp_path: Path, text: str, line: int, field: str, complaint: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(BadRegister) as refused:
        load_ladder(path)
    message = str(refused.value)
    assert message.startswith(f"{path}, line {line}, field {field}: ")
    assert complaint in message
    assert "\n" not in message


def test_a_file_that_is_no_yaml_is_named_by_line(tmp_path: Path) -> None:
    path = written(tmp_path, "rungs:\n  - {name: x\n")
    with pytest.raises(BadRegister, match=r"ladder\.yaml, line \d+: is no YAML"):
        load_ladder(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRegister, match=r"none\.yaml: cannot be read"):
        load_ladder(tmp_path / "none.yaml")


def test_rungs_that_reach_nobody_are_found_beforehand() -> None:
    ladder = load_ladder(None)
    assert unreachable(ladder, {"managers": ("max@msp.example",)}) == (
        "half of the time is gone",
        "three quarters of the time are gone",
    )
    assert unreachable(ladder, {"triage": ("tia@msp.example",)}) == ()


# --- the house's calendar --------------------------------------------------------------------


def due(words: str, received: datetime, **changed: str) -> str:
    calendar = house_calendar(Settings(_env_file=None, **changed))
    return due_at(parse_terms(words), received, calendar).astimezone(calendar.zone).strftime("%a %d %H:%M")


FRIDAY = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
CHRISTMAS_EVE = datetime(2026, 12, 24, 16, 30, tzinfo=UTC)


def test_the_delivered_house_works_from_monday_to_friday_and_keeps_englands_holidays() -> None:
    assert due("4 business hours", FRIDAY) == "Mon 30 12:00"
    assert due("4 business hours", CHRISTMAS_EVE) == "Tue 29 12:00"


def test_business_hours_may_differ_by_day_and_hold_a_break() -> None:
    hours = "Mon-Thu 08:00-12:00 13:00-17:00, fri 08:00-12:00"
    assert due("6 business hours", FRIDAY, business_hours=hours, timezone="Europe/Berlin") == "Mon 30 15:00"


def test_a_range_may_run_over_the_weekend_and_a_house_may_never_close() -> None:
    assert due("1 business hour", FRIDAY, business_hours="sat–mon 10:00-16:00") == "Sat 28 11:00"
    assert due("4 business hours", FRIDAY, business_hours="24x7") == "Fri 27 20:30"


def test_holidays_may_name_regions_and_days_or_none_at_all() -> None:
    assert due("4 business hours", CHRISTMAS_EVE, holidays="GB-ENG, 2026-12-29") == "Wed 30 12:00"
    assert due("4 business hours", CHRISTMAS_EVE, holidays="") == "Fri 25 12:00"


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"timezone": "Europe/Londno"}, "setting timezone (FORTHWITH_TIMEZONE) is 'Europe/Londno': "),
        (
            {"holidays": "GB-QQ"},
            "setting holidays (FORTHWITH_HOLIDAYS) is 'GB-QQ': the public holidays of 'GB-QQ'",
        ),
        ({"business_hours": ""}, "setting business_hours (FORTHWITH_BUSINESS_HOURS) is '': '' has no hours"),
        ({"business_hours": "mon-fri"}, "'mon-fri' has no hours"),
        ({"business_hours": "moo 09:00-17:00"}, "'moo' is no weekday"),
        ({"business_hours": "mon-fri 9-17"}, "mon: '9-17' is no window"),
        ({"business_hours": "mon-fri 17:00-09:00"}, "ends before it begins"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value(changed: dict[str, str], complaint: str) -> None:
    with pytest.raises(BadSetting) as refused:
        house_calendar(load_settings(_env_file=None, **changed))
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)
