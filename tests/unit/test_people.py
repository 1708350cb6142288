"""People, their quiet hours, and who is on duty."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path

import pytest

from complaints.errors import BadRegister
from complaints.people import People
from config.people import load_people
from config.roster_calendar import CalendarRoster, RosterUnavailable, calendars_of

LONDON = "Europe/London"
MONDAY_NIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANN = "people:\n  - {name: Ann Lee, tell: [ann@msp.example, 'slack://s/1'], quiet: {mon-fri: 22:00-07:00}}\n"
TWO = ANN + "  - {name: Bob, tell: bob@msp.example}\n"


def read(folder: Path, text: str) -> People:
    path = folder / "people.yaml"
    path.write_text(text, encoding="utf-8")
    return load_people(path, LONDON, folder / "kept")


def test_the_example_can_be_read() -> None:
    example = resources.files("config").joinpath("people.yaml.example")
    with resources.as_file(example) as path:
        people = load_people(path, LONDON, Path("nowhere"))
    assert people.names == {"ann lee", "bob roe", "leads", "oncall", "holidays", "night"}


def test_whoever_is_named_is_told_at_every_address(tmp_path: Path) -> None:
    people = read(tmp_path, TWO + "groups:\n  - {name: all, members: [Ann Lee, bob, x@msp.example]}\n")
    book = people.book(MONDAY_NIGHT)
    assert book["all"] == ("ann@msp.example", "slack://s/1", "bob@msp.example", "x@msp.example")
    assert book["ann lee"] == ("ann@msp.example", "slack://s/1")


def test_a_warning_waits_for_the_end_of_the_quiet_hours_if_enough_time_is_left_then(tmp_path: Path) -> None:
    people = read(tmp_path, ANN)
    morning = MONDAY_NIGHT + 8 * HOUR
    assert people.quiet_until("Ann@msp.example", MONDAY_NIGHT, MONDAY_NIGHT + 16 * HOUR) == morning
    assert people.quiet_until("ann@msp.example", MONDAY_NIGHT, MONDAY_NIGHT + 15 * HOUR) is None
    assert people.quiet_until("ann@msp.example", MONDAY_NIGHT, None) == morning
    assert people.quiet_until("bob@msp.example", MONDAY_NIGHT, None) is None
    assert people.quiet_until("ann@msp.example", morning, None) is None


def test_quiet_hours_are_those_of_the_persons_own_clock(tmp_path: Path) -> None:
    people = read(tmp_path, ANN.replace("quiet:", "timezone: America/New_York, quiet:"))
    assert people.quiet_until("ann@msp.example", MONDAY_NIGHT, None) is None
    night = MONDAY_NIGHT + 5 * HOUR
    assert people.quiet_until("ann@msp.example", night, None) == MONDAY_NIGHT + 13 * HOUR


def test_a_quiet_weekend_is_one_stretch(tmp_path: Path) -> None:
    people = read(tmp_path, ANN.replace("mon-fri: 22:00-07:00", "sat-sun: 00:00-24:00, fri: 18:00-24:00"))
    friday = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
    assert people.quiet_until("ann@msp.example", friday, None) == datetime(2026, 11, 30, tzinfo=UTC)


def test_turns_change_by_the_clock_on_the_wall(tmp_path: Path) -> None:
    turns = (
        "groups:\n  - {name: oncall, turns: {from: 2026-10-19 09:00, every: 1w, people: [Ann Lee, Bob]}}\n"
    )
    [oncall] = read(tmp_path, TWO + turns).groups
    assert oncall.roster is not None
    change = datetime(2026, 10, 26, 9, 0, tzinfo=UTC)  # clocks went back the day before
    assert oncall.roster.on_duty(change - timedelta(seconds=1)) == ("Ann Lee",)
    assert oncall.roster.on_duty(change) == ("Bob",)
    assert oncall.roster.on_duty(change + timedelta(days=7)) == ("Ann Lee",)
    assert oncall.roster.on_duty(datetime(2026, 10, 1, tzinfo=UTC)) == ()


def test_between_shifts_nobody_is_on_duty(tmp_path: Path) -> None:
    shifts = "groups:\n  - name: oncall\n    shifts:\n      - {who: [Bob], from: 2026-11-23 18:00, until: 2026-11-24 06:00}\n"
    people = read(tmp_path, TWO + shifts)
    assert people.book(MONDAY_NIGHT)["oncall"] == ("bob@msp.example",)
    assert people.book(MONDAY_NIGHT + 7 * HOUR)["oncall"] == ()


@pytest.mark.parametrize(
    ("text", "line", "field", "complaint"),
    [
        ("people: []", 1, "people", "at least one entry"),
        ("folk: []", 1, "folk", "no such field"),
        ("people:\n  - {name: Ann}", 2, "tell", "everybody needs one"),
        ("people:\n  - {name: Ann, tell: ann}", 2, "tell", "neither a mail address"),
        ("people:\n  - {name: triage, tell: a@b.example}", 2, "name", "already"),
        ("people:\n  - {name: '<b>', tell: a@b.example}", 2, "name", "no name of letters"),
        (ANN.replace("mon-fri", "mon-fry"), 2, "quiet", "no weekday"),
        (ANN.replace("22:00-07:00", "10pm"), 2, "quiet", "no hours"),
        (ANN.replace("22:00-07:00", "22:00-25:00"), 2, "quiet", "25:00"),
        (ANN.replace("quiet:", "timezone: Mars/Base, quiet:"), 2, "timezone", "no IANA"),
        (ANN + "groups:\n  - {name: x}", 4, "members", "has one of"),
        (ANN + "groups:\n  - {name: x, members: [Zoe]}", 4, "members", "nobody of this file"),
        (ANN + "groups:\n  - {name: x, calendar: 'http://cal.example/x.ics'}", 4, "calendar", "https"),
        (
            ANN + "groups:\n  - {name: x, turns: {from: soon, every: 1w, people: Ann Lee}}",
            4,
            "from",
            "no time such",
        ),
        (
            ANN + "groups:\n  - {name: x, turns: {from: 2026-11-23, every: 5h, people: Ann Lee}}",
            4,
            "every",
            "days or weeks",
        ),
        (
            ANN + "groups:\n  - {name: x, shifts: [{who: Ann Lee, from: 2026-11-23, until: 2026-11-22}]}",
            4,
            "until",
            "ends before",
        ),
    ],
)
def test_a_mistake_is_named_by_file_line_and_field(
    tmp_path: Path, text: str, line: int, field: str, complaint: str
) -> None:
    with pytest.raises(BadRegister) as refused:
        read(tmp_path, text)
    message = str(refused.value)
    assert message.startswith(f"{tmp_path / 'people.yaml'}, line {line}, field {field}: ")
    assert complaint in message


# --- calendars -------------------------------------------------------------------------------

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:1
DTSTART;TZID=Europe/London:20261123T180000
DTEND;TZID=Europe/London:20261124T060000
RRULE:FREQ=WEEKLY
SUMMARY:On call: ann LEE
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART:20261124T180000Z
DTEND:20261125T060000Z
SUMMARY:night duty
ATTENDEE;CN=Bob;PARTSTAT=ACCEPTED:mailto:somebody@elsewhere.example
ATTENDEE;PARTSTAT=DECLINED:mailto:ann@msp.example
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:20261126T180000Z
DTEND:20261127T060000Z
SUMMARY:night duty: Zoe
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def roster_of(folder: Path, place: str) -> CalendarRoster:
    people = read(folder, f"{TWO}groups:\n  - {{name: night, calendar: '{place}'}}\n")
    [roster] = calendars_of(people)
    return roster


async def test_a_calendar_says_who_is_on_duty_and_its_last_good_copy_serves(tmp_path: Path) -> None:
    (tmp_path / "duty.ics").write_bytes(CALENDAR.encode())
    roster = roster_of(tmp_path, "duty.ics")
    assert roster.on_duty(MONDAY_NIGHT) == ()
    await roster.refresh(MONDAY_NIGHT)
    (tmp_path / "duty.ics").write_text("no calendar")
    with pytest.raises(RosterUnavailable, match="no iCalendar"):
        await roster.refresh(MONDAY_NIGHT)
    for one in (roster, roster_of(tmp_path, "duty.ics")):
        assert one.on_duty(MONDAY_NIGHT) == ("Ann Lee",)
        assert one.on_duty(MONDAY_NIGHT + timedelta(weeks=9)) == ("Ann Lee",)
        assert one.on_duty(MONDAY_NIGHT + 24 * HOUR) == ("Bob",)
        assert one.on_duty(MONDAY_NIGHT + 72 * HOUR) == ()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"x" * 2_000_001, "larger than 2 MB"),
        (CALENDAR.replace("ann LEE", "nobody").replace("CN=Bob", "CN=Rob").encode(), "names nobody"),
        (CALENDAR.replace("FREQ=WEEKLY", "FREQ=SECONDLY").encode(), "no iCalendar, or too large"),
    ],
)
async def test_what_a_calendar_must_not_be_is_refused_in_bounded_time(
    tmp_path: Path, content: bytes, why: str
) -> None:
    (tmp_path / "duty.ics").write_bytes(content)
    async with asyncio.timeout(40):
        with pytest.raises(RosterUnavailable, match=why):
            await roster_of(tmp_path, "duty.ics").refresh(MONDAY_NIGHT)


class _Calendars(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://calendars.example/x.ics")
            self.end_headers()
            return
        self.send_response(200 if self.path == "/s3cret.ics" else 404)
        self.end_headers()
        self.wfile.write(CALENDAR.encode())

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def calendar_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Calendars)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


async def test_a_calendar_is_fetched_and_its_address_shown_nowhere(
    tmp_path: Path, calendar_server: str
) -> None:
    roster = roster_of(tmp_path, f"{calendar_server}/s3cret.ics")
    await roster.refresh(MONDAY_NIGHT)
    assert roster.on_duty(MONDAY_NIGHT) == ("Ann Lee",)
    for path, why in (("gone-s3cret", "answers 404"), ("away", "without TLS")):
        with pytest.raises(RosterUnavailable, match=why) as refused:
            await roster_of(tmp_path, f"{calendar_server}/{path}").refresh(MONDAY_NIGHT)
        assert calendar_server not in str(refused.value)
        assert "s3cret" not in repr(roster)
