import base64
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from markdown_it import MarkdownIt

from complaints.lifecycle import SETTLED, TRANSITIONS, Event, Status
from complaints.model import Complaint, LoggedEvent
from complaints.outbox import Notice, NoticeKind, NoticeState
from complaints.records import Story
from complaints.reports import figures
from flows.board import board
from flows.charts import DAYS, received_chart, time_chart
from flows.complaint_page import PAGE_PREFIX, page, page_key
from flows.links import Links
from flows.serve import FORMS
from tests.desk_fake import NOON, FakeHealth, a_complaint, an_event
from tests.unit.test_board import HOSTILE

LONDON = ZoneInfo("Europe/London")
VERBS = [name.removesuffix("-complaint") for name in FORMS if name.endswith("-complaint")]
LINKS = Links(
    ui="http://127.0.0.1:4200",
    runs={"FW-1001": "run-1"},
    deployments={f"{verb}-complaint": f"id-{verb}" for verb in VERBS},
)


def a_forward(complaint: Complaint) -> Notice:
    return Notice(
        id=1,
        kind=NoticeKind.FORWARD,
        complaint_id=complaint.id,
        ref=complaint.ref,
        recipient=complaint.manager_email,
        message_id="<m@msp.example>",
        bounce_token="t",
        dedupe_key="k",
        facts={},
        mail_id=1,
        state=NoticeState.SENT,
        attempts=1,
        created_at=complaint.stored_at,
        next_attempt_at=complaint.stored_at,
    )


def made(
    complaint: Complaint,
    history: list[LoggedEvent] | None = None,
    forwards: list[Notice] | None = None,
    *,
    links: Links = LINKS,
) -> str:
    story = Story(complaint=complaint, history=history or [], forwards=forwards or [])
    return page(story, NOON, LONDON, links)


def verbs(text: str) -> list[str]:
    return re.findall(r"\[(\w+)\]\(http://127\.0\.0\.1:4200/v2/deployments", text)


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({"status": Status.NEEDS_REVIEW}, ["assign", "split", "dismiss", "extend", "pause", "hold"]),
        (
            {"status": Status.NEEDS_REVIEW, "held_at": NOON},
            ["release", "assign", "split", "dismiss", "extend", "pause"],
        ),
        ({"status": Status.FORWARDING}, ["split", "extend", "pause", "hold"]),
        (
            {"status": Status.FORWARDED},
            ["acknowledge", "answered", "extend", "resend", "split", "pause", "hold", "close"],
        ),
        ({"status": Status.ANSWERED}, ["close"]),
        ({"status": Status.CLOSED}, []),
        ({"status": Status.DISMISSED}, ["assign"]),
    ],
)
def test_the_page_leads_to_the_forms_of_what_can_be_done(changes: dict[str, Any], offered: list[str]) -> None:
    assert verbs(made(a_complaint(**changes))) == offered


_MOVES = {
    "assign": Event.ASSIGNED,
    "dismiss": Event.DISMISSED,
    "acknowledge": Event.ACKNOWLEDGED,
    "answered": Event.ANSWERED,
    "resend": Event.RESENT,
    "hold": Event.HELD,
    "close": Event.CLOSED,
}


def allowed(verb: str, one: Complaint) -> bool:
    """What the desk would say."""
    if verb == "release":
        return one.held_at is not None
    if one.held_at is not None and verb in ("hold", "resend"):
        return False
    if verb in ("split", "pause", "extend"):
        return one.status not in SETTLED | {Status.ANSWERED}
    return (one.status, _MOVES[verb]) in TRANSITIONS


@pytest.mark.parametrize("held_at", [None, NOON])
@pytest.mark.parametrize("status", Status)
def test_nothing_is_offered_that_the_lifecycle_refuses(status: Status, held_at: datetime | None) -> None:
    one = a_complaint(status=status, held_at=held_at)
    on_board = board([one], figures([one]), FakeHealth(), NOON, LONDON, links=LINKS)

    for text in (made(one), on_board):
        assert [verb for verb in verbs(text) if not allowed(verb, one)] == []


def test_the_page_leads_to_the_run_that_waits_for_a_decision_as_long_as_it_waits() -> None:
    decide = "[decide](http://127.0.0.1:4200/v2/runs/flow-run/run-2)"
    links = LINKS.with_complaints(LINKS.runs, {}, {"FW-1001": "run-2"})

    assert decide in made(a_complaint(status=Status.NEEDS_REVIEW), links=links)
    assert decide not in made(a_complaint(status=Status.FORWARDING), links=links)


@pytest.mark.parametrize(("days", "told"), [(-2, True), (0, False), (3, False)])
def test_a_day_to_answer_by_that_the_letter_came_too_late_for_is_told_so(days: int, told: bool) -> None:
    one = a_complaint()
    text = made(replace(one, respond_by=one.received_at.date() + timedelta(days=days)))
    assert "Body wants an answer by" in text
    assert ("which had passed when the letter came" in text) is told


def test_the_page_tells_how_the_forward_went_and_which_alarms_were_raised() -> None:
    one = a_complaint(status=Status.FORWARDED, forwarded_at=NOON)
    history = [
        an_event(one, 1, Event.RUNG_REACHED, rung="half of the time is gone"),
        an_event(
            one,
            2,
            Event.FORWARDED,
            reply="250 2.0.0 Ok: queued as Q1 for mary@acme.example",
            queue_id="Q1",
            message_id="<m@msp.example>",
            receipt={"tls": {"version": "TLSv1.3", "certificate_name": "mx.acme.example"}},
        ),
    ]

    text = made(one, history, [a_forward(one)])

    assert "To the supplier manager:" in text
    assert "accepted by the relay" in text
    assert "TLS TLSv1" in text
    assert "half of the time is gone" in text
    assert "Forwarded | 23 Nov 12:00, 1 h 0 min after receipt" in text


def test_the_page_says_nothing_of_what_the_letter_says_or_of_anybodys_address() -> None:
    candidates = [
        {
            "id": "acme",
            "name": "Acme Ltd",
            "score": 2.0,
            "evidence": [{"what": "full name", "weight": 2.0, "found": "Jane Roe of Acme Ltd"}],
        }
    ]
    recognition = [{"what": "sender domain", "weight": 1.0, "found": "jane.roe@ico.org.uk"}]
    one = a_complaint(
        status=Status.NEEDS_REVIEW,
        hold_reason="Jane Roe asked for it",
        held_at=NOON,
        evidence={
            "candidates": candidates,
            "recognition": recognition,
            "mail": {"sender": "jane@roe.example"},
        },
    )

    text = made(one, [an_event(one, 1, "received", said="Jane Roe")], [a_forward(one)])

    assert "full name +2.00" in text
    assert "sender domain +1.00" in text
    assert not re.search(r"Jane|[Rr]oe|@|Mary|Complaint by", text)


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_from_outside_is_read_as_markup(name: str) -> None:
    evidence = {
        "recognition": [{"what": name, "weight": 1.0}],
        "candidates": [{"id": "x", "name": name, "score": 1.0, "evidence": [{"what": name, "weight": 1.0}]}],
    }
    plain, hostile = (
        a_complaint(
            status=Status.NEEDS_REVIEW,
            customer_name=words,
            body_name=words,
            reference=words,
            review_reason=words,
            terms=words,
            reckoned=words,
            breached_at=NOON,
            breach_cause=words,
            evidence=evidence
            if words is name
            else {
                "recognition": [{"what": "word", "weight": 1.0}],
                "candidates": [
                    {"id": "x", "name": "word", "score": 1.0, "evidence": [{"what": "word", "weight": 1.0}]}
                ],
            },
        )
        for words in ("word", name)
    )

    def tags(complaint: Complaint) -> list[str]:
        reader = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table")
        found = re.findall(r"<[^>]*>", str(reader.render(made(complaint))))
        # What a link fills into a form is percent-encoded, and differs with the name.
        return [re.sub(r"(\?parameters=)[\w%.~-]*", r"\1", tag) for tag in found]

    assert tags(hostile) == tags(plain)
    assert not re.search(r"https?://(?!127\.0\.0\.1)|www\.|\w@\w", made(hostile))


def test_a_page_has_a_key_that_prefect_takes() -> None:
    assert page_key("FW-1001") == "complaint-fw-1001" == f"{PAGE_PREFIX}1001"


def picture(markdown: str) -> ET.Element:
    code = re.search(r"base64,([^)]*)\)", markdown)
    assert code
    return ET.fromstring(base64.b64decode(code[1]))


def bars(markdown: str) -> list[tuple[str, float]]:
    rects = picture(markdown).iter("{http://www.w3.org/2000/svg}rect")
    return [(one.attrib["fill"], float(one.attrib["height"])) for one in rects]


def test_the_chart_of_days_counts_each_day_and_shows_the_late_ones_in_red() -> None:
    today = [a_complaint(n, received_at=NOON) for n in range(1, 4)]
    earlier = replace(a_complaint(9, received_at=NOON - timedelta(days=2)), breached_at=NOON)
    too_old = a_complaint(10, received_at=NOON - timedelta(days=DAYS))

    chart = received_chart([too_old, earlier, *today], NOON, LONDON)

    assert chart.startswith(f"Received a day in {DAYS} days: 4, past their time 1")
    heights = bars(chart)
    blue = [height for colour, height in heights if colour == heights[-1][0]]
    assert len(heights) == 3  # two days with complaints, one of which has a red part
    assert max(blue) == pytest.approx(3 * min(blue), abs=0.2)


def test_the_chart_of_times_puts_each_where_it_belongs() -> None:
    quick = [a_complaint(n, forwarded_at=NOON - timedelta(minutes=58)) for n in range(1, 3)]
    slow = a_complaint(3, received_at=NOON - timedelta(days=3), forwarded_at=NOON, breached_at=NOON)

    chart = time_chart([*quick, slow, a_complaint(4)])

    numbers = [one.text for one in picture(chart).iter("{http://www.w3.org/2000/svg}text")]
    assert "of 3 in" in chart
    assert numbers[:2] == ["2", "1"]
    assert len(bars(chart)) == 3
