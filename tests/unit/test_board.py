import json
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from markdown_it import MarkdownIt

from complaints.lifecycle import Status
from complaints.model import Complaint, Kind
from complaints.reports import figures
from flows.board import YEAR_AT_MOST, board, month_began, open_table, year_table
from flows.form_customers import form_value
from flows.links import Links
from flows.mirror import events_of, history_of, how_it_came_about
from flows.words import defused, escaped, one_line, span
from tests.desk_fake import NOON, FakeHealth, a_complaint, an_event

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
WELL = FakeHealth(inboxes=[("privacy@msp.example/INBOX", NOON, False)])
LINKS = Links(
    ui="http://127.0.0.1:4200",
    runs={"FW-1001": "run-1"},
    deployments={f"{verb}-complaint": f"id-{verb}" for verb in ("assign", "dismiss", "acknowledge", "close")},
)
HOSTILE = [
    "Smith & Sons <b>bold</b>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](http://evil.example/x)",
    "![pixel](https://evil.example/p.png)",
    "[click](javascript:alert(1))",
    "https://evil.example/path",
    "www.evil.example",
    "<https://evil.example>",
    "someone@evil.example",
    "a | b | c",
    "a\n\n# heading\n\n* item",
    "`code` *em* **strong** __u__ ~~s~~",
    "$x^2$ \\[ \\",
    "&lt;b&gt; &#60;i&#62;",
    "\u202egnorw\u200b\x00\x1b[31m",
    "<!-- hidden",
    "</td></tr></table><h1>x",
    "[ref]: http://evil.example",
]


def shown(*complaints: Complaint, health: FakeHealth = WELL) -> str:
    return board(complaints, figures(complaints), health, NOON, LONDON, links=LINKS)


def rendered(markdown: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_that_came_from_outside_is_read_as_markup(name: str) -> None:
    html = rendered(f"| head |\n|:--|\n| {escaped(name)} |\n")

    cell = html.partition("<tbody>")[2].partition("</tbody>")[0]
    assert re.findall(r"<[^>]*>", cell) == ["<tr>", '<td style="text-align:left">', "</td>", "</tr>"]
    assert html.count("<td") == 1


@pytest.mark.parametrize("make", [escaped, defused])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_address_is_left_that_a_reader_could_make_a_link_of(make: object, name: str) -> None:
    text = make(name)  # type: ignore[operator]

    assert not re.search(r"https?://|www\.|\w@\w|\w\.example|javascript:\w", text)
    assert "\n" not in text
    assert text.replace("\N{WORD JOINER}", "").isprintable()


def test_a_link_whose_words_came_from_outside_stays_one_link_to_our_form() -> None:
    candidates = [{"id": "x", "name": "](http://evil.example) <b> `", "score": 1.0, "evidence": []}]
    unsure = a_complaint(status=Status.NEEDS_REVIEW, customer_id="", evidence={"candidates": candidates})

    html = rendered(shown(unsure))

    targets = re.findall(r'href="([^"]*)"', html)
    assert targets
    assert all(target.startswith("http://127.0.0.1:4200/v2/") for target in targets)


def test_the_first_line_says_what_is_overdue_and_what_waits() -> None:
    late = a_complaint(1, status=Status.NEEDS_REVIEW, due_at=NOON - HOUR)
    waiting = a_complaint(2, status=Status.NEEDS_REVIEW, due_at=NOON + HOUR)

    first = shown(late, waiting).splitlines()[0]

    assert first == "## 1 OVERDUE · 1 waiting for a person · 1 due within 4 hours"


def test_the_first_line_counts_what_is_stuck_and_due_soon() -> None:
    stuck = a_complaint(1, due_at=NOON + HOUR, delivery="delayed")
    at_ease = a_complaint(2, due_at=NOON + 5 * HOUR)

    assert shown(stuck, at_ease).splitlines()[0] == "## 1 due within 4 hours"


def test_a_quiet_desk_says_so() -> None:
    text = shown()

    assert text.startswith("## Nothing overdue, nothing waits for a person\n\nThe desk is well.")


def test_a_complaint_stands_in_one_place_only() -> None:
    everywhere = [
        a_complaint(1, status=Status.NEEDS_REVIEW, due_at=NOON - HOUR),
        a_complaint(2, status=Status.NEEDS_REVIEW),
        a_complaint(3, status=Status.FORWARDING),
        a_complaint(4, status=Status.FORWARDED, forwarded_at=NOON),
        a_complaint(5, status=Status.FORWARDING, due_at=NOON),
    ]

    rows = [line for line in shown(*everywhere).splitlines() if line.startswith("| **")]

    assert sorted(re.findall(r"FW-\d+", "".join(row[:20] for row in rows))) == [c.ref for c in everywhere]


def test_a_complaint_is_overdue_at_its_due_instant() -> None:
    assert "1 OVERDUE" in shown(a_complaint(due_at=NOON))
    assert "OVERDUE" not in shown(a_complaint(due_at=NOON + timedelta(seconds=1)))


def test_times_are_shown_in_the_zone_and_the_zone_is_named() -> None:
    summer = NOON.replace(month=7)
    text = board([], figures([]), WELL, summer, LONDON, links=LINKS)

    assert "Made 23 Jul 13:00:00. Times are Europe/London." in text


def test_the_month_begins_at_midnight_where_the_people_are() -> None:
    kiritimati = ZoneInfo("Pacific/Kiritimati")

    assert month_began(NOON.replace(day=30), kiritimati).isoformat() == "2026-12-01T00:00:00+14:00"


def test_the_forms_come_with_the_reference_and_the_likely_customer_filled_in() -> None:
    candidates = [{"id": "acme-fin", "name": "Acme Finance", "score": 0.6, "evidence": []}]
    unsure = a_complaint(status=Status.NEEDS_REVIEW, customer_id="", evidence={"candidates": candidates})

    text = shown(unsure)

    assert "deployment/id-dismiss/run?parameters=%7B%22ref%22%3A%20%22FW-1001%22%7D" in text
    filled_in = {"ref": "FW-1001", "customer_id": form_value("acme-fin", "Acme Finance")}
    assert f"parameters={quote(json.dumps(filled_in), safe='')}" in text


def test_nothing_of_the_letter_and_no_person_is_on_the_board() -> None:
    told = a_complaint(
        status=Status.NEEDS_REVIEW,
        body_id="",
        body_name="Jane Roe",
        evidence={"mail": {"sender": "jane@home.example"}, "candidates": []},
        respond_by_quote="answer Jane Roe by Friday",
    )
    health = replace(WELL, last_relay_reply="550 5.1.1 <mary@acme.example>: unknown", pending_notices=1)

    text = shown(told, health=health) + open_table([told], NOON, LONDON)

    for word in ("Jane", "Roe", "jane", "mary", "Mary", "handling"):
        assert word not in text
    assert "the relay last said 550" in text


def test_a_blind_inbox_and_stuck_mail_are_told_at_the_top() -> None:
    ill = FakeHealth(
        inboxes=[("INBOX", NOON - HOUR, True)],
        pending_notices=2,
        oldest_pending_at=NOON - timedelta(minutes=6),
    )

    assert "**1 INBOX BLIND · MAIL DOES NOT GO OUT**" in shown(health=ill)


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        ("accepted", "unacknowledged"),
        ("delayed", "**delayed on its way**, unacknowledged"),
        ("delivered", "delivered, unacknowledged"),
        ("relayed", "handed on, unacknowledged"),
    ],
)
def test_how_far_a_forward_has_come_stands_beside_its_status(delivery: str, words: str) -> None:
    assert words in shown(a_complaint(1, status=Status.FORWARDED, forwarded_at=NOON, delivery=delivery))


def test_what_is_delayed_or_not_acknowledged_for_long_is_counted() -> None:
    sent = {"status": Status.FORWARDED, "forwarded_at": NOON - 25 * HOUR}
    text = shown(
        a_complaint(1, **sent), a_complaint(2, delivery="delayed", **(sent | {"forwarded_at": NOON}))
    )
    assert "- Delayed on their way, by reports: **1**" in text
    assert "- Not acknowledged for a day or longer: **1**, the oldest for 25 h" in text


def test_forwards_in_trouble_are_the_open_ones_and_the_month_counts_what_went_on_since() -> None:
    review = {"status": Status.NEEDS_REVIEW}
    stands = [
        a_complaint(1, review_reason="bounced", **review),
        a_complaint(2, review_reason="refused", **review),
        a_complaint(3, review_reason="unmatched", **review),
        a_complaint(4, received_at=NOON - 40 * 24 * HOUR),
    ]
    quiet = [a_complaint(5, status=Status.FORWARDED, forwarded_at=NOON)]

    text = shown(*stands)
    assert "- Came back or refused, waiting for a person: **2**" in text
    assert "- Not taken by the relay yet: **1**" in text
    text = board(quiet, figures(quiet, bounced=3), WELL, NOON, LONDON, links=LINKS)
    assert "Forwards in trouble" not in text
    assert "Forwards that came back or were refused: **3**" in text


def test_a_runs_history_tells_codes_and_roles_and_no_address() -> None:
    complaint = a_complaint(1)
    events = [
        an_event(complaint, 1, "forwarded", reply="250 2.1.5 <ada@acme.example> ok"),
        an_event(complaint, 2, "bounced", actor="relay", reply="550 ada@acme.example", status="5.1.1"),
        an_event(complaint, 3, "passed_on", **{"from": "supplier manager"}),
        an_event(complaint, 4, "delivered", actor="relay", reporting_mta="mx.acme.example", status="2.1.5"),
        an_event(complaint, 5, "read", actor="ada@acme.example", disposition="displayed"),
    ]
    assert [line.text for line in history_of(complaint, events, "run")] == [
        "forwarded: relay's answer 250",
        "bounced by relay: status 5.1.1",
        "passed on: from the supplier manager",
        "delivered by relay: status 2.1.5, reported by mx.acme.example",
        "read by mail: receipt says displayed",
    ]


def test_a_runs_history_says_which_rung_was_reached_and_why_a_person_is_asked() -> None:
    waits = a_complaint(1, status=Status.NEEDS_REVIEW, review_reason="unmatched")
    events = [
        an_event(waits, 1, "received"),
        an_event(waits, 2, "needs_review"),
        an_event(waits, 3, "rung_reached", rung="half of the time is gone"),
        an_event(waits, 4, "rung_reached", rung="every day", ladder="acknowledgement"),
        an_event(waits, 5, "breached", rung="over", cause="waiting for a person: unmatched"),
        an_event(waits, 6, "paused", actor="AB", why="Jane Roe asked for it"),
    ]
    told = [
        "received",
        "needs review: no customer fits",
        "rung reached: half of the time is gone",
        "rung reached: every day (ladder acknowledgement)",
        "breached: waiting for a person: no customer fits",
        "paused by AB",
    ]
    assert [line.text for line in history_of(waits, events, "run")] == told
    assert [event.payload["told"] for event in events_of(waits, events, "run")] == told


def test_a_runs_history_gives_no_reason_that_is_another_ones() -> None:
    waits = a_complaint(1, status=Status.NEEDS_REVIEW, review_reason="on hold")
    events = [
        an_event(waits, 1, "needs_review"),
        an_event(waits, 2, "needs_review"),
        an_event(waits, 3, "held", why="Jane Roe"),
    ]
    lines = [line.text for line in history_of(waits, events, "run")]
    assert lines == ["needs review", "needs review", "held"]
    assert [line.text for line in history_of(waits, events[:2], "run")] == [
        "needs review",
        "needs review: a legal hold lies on it",
    ]
    assert [line.text for line in history_of(replace(waits, status=Status.MATCHED), events[:1], "run")] == [
        "needs review"
    ]


def test_a_runs_history_explains_the_deadline_where_it_is_new() -> None:
    complaint = a_complaint(1, reckoned="every hour counts")
    received, matched = an_event(complaint, 1, "received"), an_event(complaint, 2, "matched")
    [line] = how_it_came_about(complaint, [received, matched], "run", LONDON)
    assert line.text.startswith("due ")
    assert line.text.endswith(f", {complaint.terms}: every hour counts")
    assert how_it_came_about(complaint, [matched], "run", LONDON) == []


def test_a_share_is_never_rounded_up_to_all() -> None:
    sent = [a_complaint(n, status=Status.FORWARDED, forwarded_at=NOON) for n in range(1, 2001)]
    sent[0] = replace(sent[0], forwarded_at=sent[0].due_at + HOUR, breached_at=sent[0].due_at)

    assert "| 99.9 % |" in shown(*sent)


def test_what_is_late_and_still_here_counts_as_much_as_what_went_out_late() -> None:
    sent = a_complaint(1, status=Status.FORWARDED, forwarded_at=NOON)
    waiting = a_complaint(2, status=Status.NEEDS_REVIEW, breached_at=NOON)

    assert "| 50 % |" in shown(sent, waiting)


def test_no_customer_is_proposed_at_a_click_for_a_letter_that_may_be_forged() -> None:
    evidence = {"candidates": [{"id": "acme", "name": "Acme Ltd"}]}
    doubtful = a_complaint(1, status=Status.NEEDS_REVIEW, kind=Kind.SUSPICIOUS, evidence=evidence)
    plain = a_complaint(1, status=Status.NEEDS_REVIEW, evidence=evidence)
    links = Links(ui="http://ui").with_deployments({"assign-complaint": "d1"})

    assert "→ Acme" not in board([doubtful], figures([doubtful]), FakeHealth(), NOON, LONDON, links=links)
    assert "→ Acme" in board([plain], figures([plain]), FakeHealth(), NOON, LONDON, links=links)


def test_a_letter_that_fits_several_can_be_split_between_them_at_a_click() -> None:
    evidence = {"candidates": [{"id": "acme", "name": "Acme Ltd"}, {"id": "swift", "name": "Swift GmbH"}]}
    several = a_complaint(1, status=Status.NEEDS_REVIEW, review_reason="ambiguous", evidence=evidence)
    bounced = replace(several, review_reason="bounced")
    links = Links(ui="http://ui").with_deployments({"assign-complaint": "d1", "split-complaint": "d2"})

    page = board([several], figures([several]), FakeHealth(), NOON, LONDON, links=links)
    everybody = [form_value("acme", "Acme Ltd"), form_value("swift", "Swift GmbH")]
    filled_in = quote(json.dumps({"ref": "FW-1001", "customer_ids": everybody}), safe="")
    assert f"[→ each of them](http://ui/v2/deployments/deployment/d2/run?parameters={filled_in})" in page
    assert "each of them" not in board([bounced], figures([bounced]), FakeHealth(), NOON, LONDON, links=links)


def test_a_long_list_ends_with_the_way_to_the_rest() -> None:
    many = [a_complaint(n, status=Status.NEEDS_REVIEW) for n in range(1, 41)]

    text = shown(*many)

    assert "Waiting for a person (40)" in text
    assert "and 25 more in [the table]" in text


def test_the_table_has_a_row_for_each_open_complaint() -> None:
    rows = json.loads(open_table([a_complaint(1), a_complaint(2, customer_name="A & B <i>")], NOON, LONDON))

    assert [row["Ref"] for row in rows] == ["FW-1001", "FW-1002"]
    assert rows[1]["Customer"] == "A & B i"


def rows_of(table: str) -> list[dict[str, str]]:
    return list(json.loads(table))


def test_the_open_table_is_in_the_order_of_its_deadlines() -> None:
    gone = a_complaint(1, status=Status.FORWARDED, forwarded_at=NOON, due_at=NOON - HOUR)
    late = a_complaint(2, status=Status.NEEDS_REVIEW, due_at=NOON - 2 * HOUR)
    next_year = a_complaint(3, due_at=NOON.replace(year=2027, month=1))
    last_year = a_complaint(4, status=Status.FORWARDED, forwarded_at=NOON, due_at=NOON.replace(year=2025))

    rows = rows_of(open_table([next_year, gone, late, last_year], NOON, LONDON))

    assert [(row["Due"], row["Ref"]) for row in rows] == [
        ("23 Nov 2025 12:00", "FW-1004"),
        ("23 Nov 10:00", "FW-1002"),
        ("23 Nov 11:00", "FW-1001"),
        ("23 Jan 2027 12:00", "FW-1003"),
    ]
    assert rows[1]["Status"].startswith("OVERDUE, ")


def test_the_table_of_the_year_has_the_newest_first_by_receipt_and_tells_most_on_the_left() -> None:
    read_late = a_complaint(9, received_at=NOON - 90 * HOUR)
    sent = a_complaint(3, status=Status.FORWARDED, received_at=NOON - 2 * HOUR, forwarded_at=NOON)
    newest = a_complaint(2, received_at=NOON - HOUR, customer_name="Northern Lincolnshire Housing")

    rows = rows_of(year_table([newest, sent, read_late], LONDON))

    assert [row["Ref"] for row in rows] == ["FW-1002", "FW-1003", "FW-1009"]
    assert list(rows[1].items())[:6] == [
        ("Received", "23 Nov 10:00"),
        ("Ref", "FW-1003"),
        ("Customer", "Acme Ltd"),
        ("Took", "2 h 0 min"),
        ("Kept", "yes"),
        ("Status", "forwarded"),
    ]
    assert (rows[0]["Customer"], rows[0]["Name in full"]) == (
        "Northern Lincolnshire…",
        "Northern Lincolnshire Housing",
    )
    assert rows[1]["Name in full"] == ""


def test_a_long_year_keeps_its_newest() -> None:
    many = [a_complaint(n, received_at=NOON - n * HOUR) for n in range(YEAR_AT_MOST + 1, 0, -1)]

    rows = rows_of(year_table(many, LONDON))

    assert (len(rows), rows[0]["Ref"]) == (YEAR_AT_MOST, "FW-1001")


@pytest.mark.parametrize("count", [1, 2, 5, 19, 20, 40, 100, 101])
def test_the_time_within_which_95_of_100_were_forwarded_is_one_of_the_real_ones(count: int) -> None:
    sent = [
        a_complaint(n, status=Status.FORWARDED, forwarded_at=NOON - HOUR + timedelta(seconds=n))
        for n in range(1, count + 1)
    ]
    found = figures(sent).p95_seconds

    assert found in range(1, count + 1)
    assert sum(n <= found for n in range(1, count + 1)) >= 0.95 * count
    assert sum(n < found for n in range(1, count + 1)) < 0.95 * count


def test_the_way_to_a_complaint_s_events_shows_more_than_those_of_a_day() -> None:
    assert LINKS.around("FW-1001").count("&rangeType=span&seconds=-2592000)") == 1


def test_a_long_name_is_cut_to_one_short_line() -> None:
    assert one_line("x" * 500, longest=10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3600, "1 h 0 min"),
        (-7260, "2 h 1 min"),
        (200_000, "2 d 7 h"),
    ],
)
def test_a_length_of_time_is_told_in_two_units(seconds: int, words: str) -> None:
    assert span(timedelta(seconds=seconds)) == words
