"""What the board says of the parts that work by themselves."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from complaints.reports import figures
from complaints.store.synthetic import Synthetic
from flows.board import board
from flows.links import Links
from flows.signs import ClockHealth, Sign, clock_sign, synthetic_sign
from tests.desk_fake import FakeHealth

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
QUARTER = timedelta(minutes=15)


def made_up(**changes: object) -> Synthetic:
    values = dict.fromkeys(Synthetic.__slots__) | {"id": 1, "token": "t", "begun_at": NOW, "problem": ""}
    return Synthetic(**(values | changes))


def test_a_clock_that_was_seen_lately_is_one_quiet_line() -> None:
    health = ClockHealth(beat_at=NOW - timedelta(seconds=12), checks=3, waiting=3)
    sign = clock_sign(health, NOW, LONDON)
    assert sign.line.startswith("Second clock: seen 12 s ago")
    assert sign.line.endswith("3 checks for 3 open deadlines")
    assert sign.alarm == ""


def test_a_clock_that_is_silent_stands_at_the_head_of_the_board() -> None:
    health = ClockHealth(beat_at=NOW - timedelta(minutes=2), checks=0, waiting=3)
    signs = [
        clock_sign(health, NOW, LONDON),
        clock_sign(ClockHealth(beat_at=None, checks=0, waiting=0), NOW, LONDON),
    ]
    text = board([], figures([]), FakeHealth(), NOW, LONDON, links=Links(ui=""), signs=signs)
    assert (
        text.index("SECOND CLOCK SILENT")
        < text.index("The desk itself")
        < text.index("Second clock: **SILENT**")
    )
    assert "not seen yet" in text


def test_a_made_up_complaint_is_on_its_way_then_through_or_lost() -> None:
    one = made_up(sent_at=NOW + timedelta(seconds=1))
    assert synthetic_sign(one, None, QUARTER, NOW + timedelta(minutes=3), LONDON).line.endswith(
        "on its way, last seen: sent"
    )
    lost = synthetic_sign(one, None, QUARTER, NOW + timedelta(minutes=16), LONDON)
    assert lost.alarm == "MADE-UP COMPLAINT LOST"
    assert "last seen: sent" in lost.line
    through = synthetic_sign(one, NOW + timedelta(seconds=9), QUARTER, NOW + timedelta(hours=1), LONDON)
    assert through == Sign("Made-up complaint of 23 Nov 09:00: through in 9 s")


def test_that_none_was_ever_sent_is_said_with_the_way_to_send_one() -> None:
    sign = synthetic_sign(None, None, QUARTER, NOW, LONDON)
    links = Links(ui="http://ui", deployments={"send-synthetic": "d1"})
    text = board([], figures([]), FakeHealth(), NOW, LONDON, links=links, signs=[sign])
    form = "http://ui/v2/deployments/deployment/d1/run"
    assert f"- Made-up complaint: never sent; [send one]({form})\n" in text
    text = board([], figures([]), FakeHealth(), NOW, LONDON, links=Links(ui=""), signs=[sign])
    assert "- Made-up complaint: never sent\n" in text
