"""The command line on a real store: what people type, what programs read, how it fails."""

import hashlib
import json
import logging
import mailbox
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner

from complaints.clock import system_clock
from flows.cli import COMMANDS, app, loaded

REGISTER = """\
id,name,aliases,domains,identifiers,supplier_manager_name,supplier_manager_email,deputy_email,sla,country
C1,Brightwater Utilities Ltd,,brightwater.example,,Ann Ames,ann@brightwater.example,dee@brightwater.example,,GB
C2,Calder Books GmbH,,calder-books.example,,Ben Bauer,ben@calder-books.example,,4 business hours,DE
"""
COMMAND = [sys.executable, "-m", "flows.cli"]


def letter(
    number: str = "IC-372500-S1A1",
    *,
    about: str = "Brightwater Utilities Ltd",
    at: datetime | None = None,
    sender: str = "ICO Casework <icocasework@ico.org.uk>",
    text: str = "We have received a complaint about how the controller handled personal data.",
) -> bytes:
    when = format_datetime(at or system_clock())
    domain = sender.rpartition("@")[2].rstrip(">")
    return (
        f"Received: from out.{domain} by mx.msp.example with ESMTPS id X1; {when}\r\n"
        f"Authentication-Results: mx.msp.example; spf=pass smtp.mailfrom={domain}; dmarc=pass header.from={domain}\r\n"
        f"Date: {when}\r\nFrom: {sender}\r\nTo: complaints@msp.example\r\n"
        f"Subject: Data protection complaint {number}\r\nMessage-ID: <{hashlib.sha256(text.encode()).hexdigest()[:12]}.{number}@{domain}>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nCase reference: {number}\r\n\r\nDear Sir or Madam\r\n\r\n"
        f"{about}\r\n\r\n{text}\r\n\r\nYours faithfully\r\n"
    ).encode()


@dataclass
class Answer:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def row(self) -> dict[str, Any]:
        (only,) = self.rows
        return only


def forthwith(*args: str, given: bytes = b"") -> Answer:
    """Run the command in this process."""
    result = CliRunner().invoke(app, list(args), input=given)
    assert "Traceback" not in result.stderr
    return Answer(result.exit_code, result.stdout, result.stderr)


def well(*args: str, given: bytes = b"") -> Answer:
    answer = forthwith(*args, given=given)
    assert answer.code == 0, answer.err
    return answer


@pytest.fixture(autouse=True)
def a_desk_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    settings = {
        "ORGANISATION": "Northgate",
        "ADDRESS": "complaints@msp.example",
        "AUTHSERV_ID": "mx.msp.example",
        "TRIAGE_TEAM": "triage@msp.example",
        "MANAGERS": "boss@msp.example",
        "DATA_DIR": str(tmp_path / "var"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"FORTHWITH_{name}", value)
    # The commands set up the log for a process of their own.
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A store with two customers."""
    register = tmp_path / "customers.csv"
    register.write_text(REGISTER)
    well("migrate")
    well("customers", "import", str(register))
    return tmp_path


def took_in(folder: Path, raw: bytes, *options: str) -> dict[str, Any]:
    path = folder / f"{hashlib.sha256(raw).hexdigest()[:8]}.eml"
    path.write_bytes(raw)
    return well("ingest", str(path), "--json", *options).row


# --- help and errors ---------------------------------------------------------------------------


def test_help_lists_every_command_by_its_own_first_line() -> None:
    told = well("--help").out
    for name, (_, _, first_line) in COMMANDS.items():
        assert f" {name} " in told
        assert loaded(name).help.splitlines()[0] == first_line


def test_help_needs_neither_prefect_nor_the_database() -> None:
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from flows.cli import app\n"
        "for args in (['--help'], ['deadline', '--help'], ['deadline', '--json']):\n"
        "    assert CliRunner().invoke(app, args).exit_code == 0\n"
        "print([name for name in ('prefect', 'sqlalchemy', 'apprise', 'alembic') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["lst"], "Did you mean 'list'?"),
        (["show"], "Missing argument 'REF'"),
        (["customers"], "Missing command"),
        (["dismiss", "FW-1001"], "Missing option '--why'"),
        (["ingest", "x.eml", "--received-at", "yesterday"], "'yesterday' is no instant"),
        (["up", "--once"], "--demo"),
    ],
)
def test_a_command_called_wrongly_ends_with_2_and_one_line(args: list[str], said: str) -> None:
    answer = forthwith(*args)
    assert answer.code == 2
    assert said in answer.err
    assert answer.err.startswith("forthwith: ")
    assert answer.err.count("\n") == 1


def test_a_wrong_setting_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORTHWITH_SMTP_TLS", "perhaps")
    answer = forthwith("list")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "smtp_tls" in answer.err


def test_a_store_without_tables_says_what_to_run() -> None:
    answer = forthwith("list")
    assert answer.code == 1
    assert "run `forthwith migrate`" in answer.err


def test_what_should_not_have_happened_is_one_line_and_its_trace_is_kept(desk: Path) -> None:
    with sqlite3.connect(desk / "var" / "forthwith.db") as store:
        store.execute("drop table notice")
    store.close()
    taken = desk / "one.eml"
    taken.write_bytes(letter())
    answer = forthwith("ingest", str(taken))
    assert answer.code == 1
    assert "this should not have happened: OperationalError" in answer.err.splitlines()[-1]
    trace = desk / "var" / "last-error.txt"
    assert str(trace) in answer.err
    assert "Traceback" in trace.read_text()
    assert trace.stat().st_mode & 0o077 == 0


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("FORTHWITH_DATA_DIR", "taken")
    answer = forthwith("list")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert str(tmp_path / "taken") in answer.err


def test_a_closed_pipe_ends_without_a_word(desk: Path) -> None:
    shell = f"{' '.join(COMMAND)} settings --json | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("141", "")


def test_ctrl_c_ends_without_a_traceback() -> None:
    process = subprocess.Popen(
        [*COMMAND, "deadline", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever is started in the background of a shell inherits that SIGINT is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- the only way, and it only sets a signal
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write('{"received_at": "2026-11-23T09:30:00+00:00", "terms": "4h"}\n')
    process.stdin.flush()
    assert "13:30" in process.stdout.readline()  # it is up, and waits for more
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in err


# --- mail --------------------------------------------------------------------------------------


def test_a_letter_taken_in_is_stored_verbatim_and_routed(desk: Path) -> None:
    raw = letter()
    fate = took_in(desk, raw)
    assert (fate["ref"], fate["status"], fate["customer"], fate["new"]) == (
        "FW-1001",
        "forwarding",
        "C1",
        True,
    )
    well("show", "FW-1001", "--original", "back.eml")
    assert (desk / "back.eml").read_bytes() == raw


def test_the_same_letter_twice_is_one_complaint(desk: Path) -> None:
    raw = letter()
    took_in(desk, raw)
    fate = took_in(desk, raw)
    assert (fate["ref"], fate["new"]) == ("FW-1001", False)
    assert len(well("list", "--json").rows) == 1


def test_the_clock_starts_at_the_time_given(desk: Path) -> None:
    at = (system_clock() - timedelta(hours=5)).replace(microsecond=0)
    fate = took_in(desk, letter(), "--received-at", at.isoformat())
    assert datetime.fromisoformat(fate["received_at"]) == at
    assert datetime.fromisoformat(fate["due_at"]) == at + timedelta(hours=24)


def test_it_is_sent_at_once_only_when_that_is_asked(desk: Path) -> None:
    waiting = took_in(desk, letter())
    assert waiting["status"] == "forwarding"
    assert not (desk / "var" / "outgoing").exists()
    sent = took_in(desk, letter("IC-372501-T2B2"), "--deliver")
    assert sent["status"] == "forwarded"
    delivered = list((desk / "var" / "outgoing").glob("ann@brightwater.example/new/*"))
    assert len(delivered) == 2


def test_a_letter_on_standard_input(desk: Path) -> None:
    fate = well("ingest", "-", "--json", given=letter()).row
    assert (fate["file"], fate["status"]) == ("-", "forwarding")


def test_an_mbox_is_taken_mail_by_mail(desk: Path) -> None:
    box = mailbox.mbox(desk / "old.mbox")
    for number in ("IC-372500-S1A1", "IC-372501-T2B2"):
        box.add(letter(number))
    box.close()
    fates = well("ingest", str(desk / "old.mbox"), "--json").rows
    assert [fate["file"] for fate in fates] == [f"{desk}/old.mbox#1", f"{desk}/old.mbox#2"]
    assert [fate["ref"] for fate in fates] == ["FW-1001", "FW-1002"]


def test_a_file_that_is_missing_takes_nothing_in(desk: Path) -> None:
    (desk / "one.eml").write_bytes(letter())
    answer = forthwith("ingest", str(desk / "one.eml"), "nowhere.eml")
    assert answer.code == 1
    assert "nowhere.eml" in answer.err
    assert well("list", "--json").rows == []


def test_a_file_that_holds_no_mail_does_not_hide_what_became_of_the_others(desk: Path) -> None:
    (desk / "one.eml").write_bytes(letter())
    (desk / "empty.eml").write_bytes(b"")
    answer = forthwith("ingest", "one.eml", "empty.eml", "--json")
    assert answer.code == 1
    assert "empty.eml: holds no mail" in answer.err
    assert answer.row["status"] == "forwarding"


ASSESSED = {
    "file",
    "kind",
    "authority",
    "reference",
    "references",
    "customer",
    "candidates",
    "decision",
    "respond_by",
    "respond_by_quote",
    "language",
    "received_at",
}


def assess(folder: Path, *raws: bytes) -> list[dict[str, Any]]:
    (folder / "register.csv").write_text(REGISTER)
    paths = [folder / f"{number:03}.eml" for number in range(len(raws))]
    for path, raw in zip(paths, raws, strict=True):
        path.write_bytes(raw)
    return well("assess", *map(str, paths), "--customers", str(folder / "register.csv"), "--json").rows


def test_an_assessment_has_the_agreed_fields(tmp_path: Path) -> None:
    (row,) = assess(tmp_path, letter(at=datetime(2026, 10, 7, 8, 10, 52, tzinfo=UTC)))
    assert set(row) >= ASSESSED
    assert set(row["authority"]) == {"id", "name", "domain", "verified"}
    assert (row["kind"], row["decision"], row["customer"]) == ("complaint", "assign", "C1")
    assert (row["authority"]["domain"], row["authority"]["verified"]) == ("ico.org.uk", True)
    assert (row["reference"], row["references"]) == ("IC-372500-S1A1", ["IC-372500-S1A1"])
    assert row["received_at"] == "2026-10-07T08:10:52+00:00"
    assert row["file"] == f"{tmp_path}/000.eml"
    assert {"customer", "score", "evidence"} == set(row["candidates"][0])


def test_an_assessment_keeps_and_sends_nothing(tmp_path: Path) -> None:
    assess(tmp_path, letter())
    assert not (tmp_path / "var").exists()


def test_a_letter_of_next_month_keeps_its_date(tmp_path: Path) -> None:
    at = (system_clock() + timedelta(days=30)).replace(microsecond=0)
    (row,) = assess(tmp_path, letter(at=at))
    assert datetime.fromisoformat(row["received_at"]) == at


def reminder(number: str) -> bytes:
    return letter(
        number,
        about="",
        text="We refer to our earlier letter on this case and remind you that we await your reply.",
    )


def test_a_later_letter_goes_to_the_customer_of_the_earlier_one(tmp_path: Path) -> None:
    _, same, other = assess(tmp_path, letter(), reminder("IC-372500-S1A1"), reminder("IC-399999-Z9Z9"))
    assert (same["decision"], same["customer"]) == ("assign", "C1")
    assert (other["decision"], other["customer"]) == ("triage", None)


def test_the_number_alone_is_no_precedent_from_another_body(tmp_path: Path) -> None:
    noyb = letter(
        "IC-372500-S1A1", about="", sender="noyb <info@noyb.eu>", text="We await your reply on this case."
    )
    _, other = assess(tmp_path, letter(), noyb)
    assert other["decision"] != "assign"


def test_the_desk_decides_as_the_assessment_said(desk: Path) -> None:
    raws = [letter(), reminder("IC-372500-S1A1"), letter("IC-372501-T2B2", about="nobody we know")]
    said = assess(desk, *raws)
    fates = well("ingest", *(row["file"] for row in said), "--json").rows
    assert [fate["customer"] for fate in fates] == [row["customer"] for row in said] == ["C1", "C1", None]


def test_without_a_register_an_assessment_says_what_to_give(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(letter())
    answer = forthwith("assess", "one.eml")
    assert answer.code == 1
    assert "--customers" in answer.err
    assert not (tmp_path / "var").exists()


def test_a_broken_register_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(letter())
    (tmp_path / "bad.csv").write_text(REGISTER.replace("4 business hours", "soonish"))
    answer = forthwith("assess", "one.eml", "--customers", "bad.csv")
    assert answer.code == 1
    assert "bad.csv, line 3, field sla" in answer.err


# --- looking -----------------------------------------------------------------------------------


def test_open_complaints_are_listed_by_deadline(desk: Path) -> None:
    now = system_clock()
    took_in(desk, letter("IC-372500-S1A1", at=now - timedelta(hours=1)))
    took_in(desk, letter("IC-372501-T2B2", at=now - timedelta(hours=30)))
    rows = well("list", "--json").rows
    assert [(row["ref"], row["overdue"]) for row in rows] == [("FW-1002", True), ("FW-1001", False)]
    told = well("list").out
    assert "OVERDUE by 6 h 0 min" in told
    assert "in 22 h 59 min" in told
    assert "Europe/London" in told


def test_a_list_fits_into_a_narrow_terminal(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    took_in(desk, letter())
    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(len, well("list").out.splitlines())) <= 60


def test_settled_ones_are_listed_only_when_asked(desk: Path) -> None:
    took_in(desk, letter("IC-372501-T2B2", about="nobody we know"))
    well("dismiss", "FW-1001", "--why", "no customer of ours")
    assert well("list", "--json").rows == []
    assert [row["status"] for row in well("list", "--all", "--json").rows] == ["dismissed"]


def test_mail_that_needed_no_routing_stays_visible(desk: Path) -> None:
    advert = b"From: sam@privacy-tools.example\r\nSubject: GDPR letters? We help\r\nTo: complaints@msp.example\r\n\r\nBuy our newsletter tool, 20 % off. Unsubscribe here.\r\n"
    assert took_in(desk, advert)["status"] == "filed"
    assert [row["sender"] for row in well("list", "--filed", "--json").rows] == ["sam@privacy-tools.example"]
    assert "sam@privacy-tools.example" in well("list", "--filed").out


def test_show_tells_everything(desk: Path) -> None:
    raw = letter()
    took_in(desk, raw, "--deliver")
    row = well("show", "FW-1001", "--json").row
    assert row["mail"]["sha256"] == hashlib.sha256(raw).hexdigest()
    assert all(row[name] for name in ("received_at", "server_at", "header_at", "stored_at", "due_at"))
    assert [event["name"] for event in row["history"]] == [
        "received",
        "matched",
        "forward_queued",
        "forwarded",
    ]
    (forward,) = row["notices"]
    assert (forward["recipient"], forward["state"]) == ("ann@brightwater.example", "sent")
    assert forward["reply"].startswith("250 ")
    assert forward["queue_id"]
    (ladder,) = row["forwards"]
    assert (ladder["to"], ladder["stands"]) == ("supplier manager", "accepted by the relay")
    assert [step["step"] for step in ladder["steps"]] == ["queued", "accepted by the relay"]
    assert ladder["steps"][1]["words"] == forward["reply"]
    assert row["evidence"]["recognition"]
    assert row["evidence"]["match"]
    assert row["faults"] == []
    told = well("show", "FW-1001").out
    for word in (
        "Brightwater Utilities Ltd",
        "by the server",
        "by its Date header",
        "to the supplier manager, ann@brightwater.example: accepted by the relay",
        forward["message_id"],
        "250 ",
    ):
        assert word in told
    assert "The history is whole." in told


def test_what_a_mail_says_can_do_nothing_to_a_terminal(desk: Path) -> None:
    hostile = letter("IC-372501-T2B2", about="nobody \x1b[2J\x07we know").replace(
        b"Subject: Data", b"Subject: =?utf-8?q?=1B[31m[bold]red=E2=80=AE?= Data"
    )
    took_in(desk, hostile)
    for args in (("show", "FW-1001"), ("list",)):
        told = well(*args).out
        assert "\x1b" not in told
        assert "\x07" not in told
        assert "\u202e" not in told


def test_an_original_is_never_written_over_a_file(desk: Path) -> None:
    took_in(desk, letter())
    (desk / "precious").write_text("mine")
    answer = forthwith("show", "FW-1001", "--original", "precious")
    assert answer.code == 1
    assert (desk / "precious").read_text() == "mine"


def test_a_deadline_is_explained_step_by_step(desk: Path) -> None:
    friday = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    took_in(desk, letter(about="Calder Books GmbH"), "--received-at", friday.isoformat())
    row = well("explain", "FW-1001", "--json").row
    counted = [step for step in row["explain"] if step["counted"]]
    hours = sum(
        (datetime.fromisoformat(s["until"]) - datetime.fromisoformat(s["from"]) for s in counted), timedelta()
    )
    assert hours == timedelta(hours=4)
    assert row["explain"][0]["from"] == friday.isoformat()
    assert row["explain"][-1]["until"] == row["due_at"]
    assert "weekend" in well("explain", "FW-1001").out


def test_a_deadline_that_other_settings_would_move_says_so(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    took_in(desk, letter(about="Calder Books GmbH"), "--received-at", "2026-11-20T16:00:00+00:00")
    monkeypatch.setenv("FORTHWITH_BUSINESS_HOURS", "24x7")
    row = well("explain", "FW-1001", "--json").row
    assert row["due_at"] != row["due_at_by_present_settings"]
    assert "the deadline that is written down holds" in well("explain", "FW-1001").out


def test_a_deadline_is_recalculated_only_when_asked_and_with_a_preview(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    took_in(desk, letter(about="Calder Books GmbH"), "--received-at", "2026-11-20T16:00:00+00:00")
    before = well("explain", "FW-1001", "--json").row
    (desk / "calendars.yaml").write_text("calendars:\n  always:\n    hours: 24x7\n")
    monkeypatch.setenv("FORTHWITH_CALENDARS_FILE", "calendars.yaml")
    header, *rows = REGISTER.strip().splitlines()
    (desk / "next.csv").write_text(
        "\n".join([f"{header},calendar", *(f"{row},always" for row in rows)]) + "\n"
    )
    well("customers", "import", "next.csv")
    assert well("explain", "FW-1001", "--json").row["due_at"] == before["due_at"]
    planned = well("recalculate", "FW-1001", "--dry-run", "--json").row
    assert (planned["changed"], planned["would_change"], planned["to"]["calendar"]) == (False, True, "always")
    assert "would be due" in well("recalculate", "--customer", its_customer(), "--dry-run").out
    done = well("recalculate", "FW-1001", "--as", "Pat", "--json").row
    assert (done["changed"], done["from"]["due_at"], done["to"]) == (True, before["due_at"], planned["to"])
    after = well("explain", "FW-1001", "--json").row
    assert (after["calendar"], after["calendar_kept"], after["deadline_version"]) == ("always", True, 2)
    assert after["due_at"] == after["due_at_by_present_settings"] == done["to"]["due_at"]
    last = well("show", "FW-1001", "--json").row["history"]
    assert any(event["name"] == "deadline_changed" and event["actor"] == "Pat" for event in last)
    assert "stays due" in well("recalculate", "FW-1001").out
    assert forthwith("recalculate").code == 2
    assert forthwith("recalculate", "FW-1001", "--customer", "C2").code == 2
    assert forthwith("recalculate", "FW-4711").code == 4


def its_customer() -> str:
    """The customer of the one open complaint."""
    return str(well("list", "--json").row["customer"])


def test_terms_with_clauses_are_answered_with_their_steps() -> None:
    request = {
        "received_at": "2026-11-23T16:30:00Z",
        "terms": "2 business days by 17:00; received after 16:00 counts as next business day; urgent: 4h",
        "calendar": {
            "timezone": "Europe/London",
            "hours": {d: ["09:00-17:00"] for d in ("mon", "tue", "wed", "thu")},
        },
    }
    lines = "\n".join(
        json.dumps(one) for one in (request, request | {"urgent": True}, request | {"urgent": 1})
    )
    calm, urgent, wrong = well("deadline", "--json", given=lines.encode()).rows
    assert calm["due_at"] == "2026-11-26T17:00:00+00:00"
    assert calm["explain"][0]["why"] == "received after 16:00 counts as next business day"
    assert urgent["due_at"] == "2026-11-24T13:00:00+00:00"
    assert "urgent true or false" in wrong["error"]


def test_a_history_that_was_changed_is_found(desk: Path) -> None:
    took_in(desk, letter())
    assert well("audit", "verify", "--json").row == {"complaints": 1, "broken": {}}
    with sqlite3.connect(desk / "var" / "forthwith.db") as store:
        store.execute("update event set actor = 'nobody' where seq = 2")
    store.close()
    answer = forthwith("audit", "verify")
    assert answer.code == 1
    assert "FW-1001: event 2 was changed" in answer.out


# --- deciding ----------------------------------------------------------------------------------


def test_assigning_puts_a_complaint_on_its_way_on_that_customers_terms(desk: Path) -> None:
    fate = took_in(desk, letter(about="nobody we know"), "--received-at", "2026-11-20T16:00:00+00:00")
    assert fate["status"] == "needs_review"
    row = well("assign", "FW-1001", "C2", "--as", "Ann", "--json").row
    assert (row["status"], row["customer"], row["terms"]) == ("forwarding", "C2", "4 business hours")
    history = well("show", "FW-1001", "--json").row["history"]
    assert ("assigned", "Ann") in {(event["name"], event["actor"]) for event in history}


def test_acknowledging_resending_and_closing(desk: Path) -> None:
    took_in(desk, letter(), "--deliver")
    assert well("acknowledge", "FW-1001", "--json").row["status"] == "acknowledged"
    assert well("resend", "fw-1001", "--json").row["status"] == "forwarding"
    took_in(desk, letter("IC-372501-T2B2"), "--deliver")
    assert "FW-1001 is now closed." in well("close", "FW-1001").out
    assert len(list((desk / "var" / "outgoing").glob("ann@brightwater.example/new/*"))) == 3


def test_a_pause_is_shown_and_ended(desk: Path) -> None:
    took_in(desk, letter(about="nobody we know"))
    told = well("pause", "FW-1001", "--for", "2h", "--why", "Ann telephones", "--as", "Ann").out
    assert "Its alarms wait: paused until" in told
    assert "paused until" in well("list").out
    assert "paused until" in well("show", "FW-1001").out
    assert well("list", "--json").row["paused_until"] is not None
    [event] = [e for e in well("show", "FW-1001", "--json").row["history"] if e["name"] == "paused"]
    assert (event["actor"], event["data"]["why"]) == ("Ann", "Ann telephones")
    assert well("pause", "FW-1001", "--off", "--json").row["paused_until"] is None
    assert "paused until" not in well("list").out


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("--for", "soon", "--why", "x"), 2, "no time such as 30m, 2h or 1d"),
        (("--for", "8d", "--why", "x"), 3, "7 days"),
        (("--for", "1h"), 3, "--why"),
        (("--off",), 3, "its alarms are not paused"),
    ],
)
def test_a_pause_needs_a_sensible_time_and_a_reason(
    desk: Path, args: tuple[str, ...], code: int, words: str
) -> None:
    took_in(desk, letter(about="nobody we know"))
    answer = forthwith("pause", "FW-1001", *args)
    assert answer.code == code
    assert words in answer.err


def test_a_hold_says_what_it_still_keeps_from_the_customer(desk: Path) -> None:
    took_in(desk, letter())
    told = well("hold", "FW-1001", "--why", "an order").out
    assert "A legal hold lies on FW-1001 now: “an order”." in told
    assert "Nothing of it goes to the customer until it is released." in told
    assert "\nDue " in told


def test_a_hold_on_what_was_forwarded_says_that_the_manager_has_it(desk: Path) -> None:
    took_in(desk, letter(), "--deliver")
    told = well("hold", "FW-1001", "--why", "an order").out
    assert "the supplier manager has it already. Nothing more of it goes to the customer." in told
    assert "It was forwarded before, " in told
    assert "is now forwarded" not in told


def test_a_second_hold_says_that_one_lies_there_and_why(desk: Path) -> None:
    took_in(desk, letter())
    well("hold", "FW-1001", "--why", "an order")
    told = well("hold", "FW-1001", "--why", "another order").out
    assert "A legal hold lies on FW-1001 already, since " in told
    assert ": “an order”." in told
    assert "The reason given now is not noted" in told
    assert "already" not in well("hold", "FW-1001", "--why", "an order").out
    assert well("hold", "FW-1001", "--why", "a third", "--json").row["hold_reason"] == "an order"


def test_an_answer_is_noted(desk: Path) -> None:
    took_in(desk, letter(), "--deliver")
    row = well("answered", "FW-1001", "--json").row
    assert (row["status"], row["answered_at"] is None) == ("answered", False)


def test_a_step_that_the_state_does_not_allow_ends_with_3(desk: Path) -> None:
    took_in(desk, letter())
    answer = forthwith("acknowledge", "FW-1001")
    assert (answer.code, answer.err.count("\n")) == (3, 1)


@pytest.mark.parametrize(
    "args",
    [("show", "FW-1999"), ("show", "nonsense"), ("close", "FW-1999"), ("assign", "FW-1001", "C9")],
)
def test_what_does_not_exist_ends_with_4(desk: Path, args: tuple[str, ...]) -> None:
    took_in(desk, letter(about="nobody we know"))
    answer = forthwith(*args)
    assert (answer.code, answer.err.count("\n")) == (4, 1)


def test_a_dismissal_without_a_reason_is_refused(desk: Path) -> None:
    took_in(desk, letter(about="nobody we know"))
    assert forthwith("dismiss", "FW-1001", "--why", " ").code == 3
    assert well("list", "--json").row["status"] == "needs_review"


# --- registers ---------------------------------------------------------------------------------


def test_a_rehearsed_import_changes_nothing(desk: Path) -> None:
    (desk / "new.csv").write_text(REGISTER.replace("C2,Calder", "C3,Calder"))
    row = well("customers", "import", "new.csv", "--dry-run", "--json").row
    assert (row["imported"], row["added"], row["retired"]) == (False, ["C3"], ["C2"])
    assert [one["id"] for one in well("customers", "list", "--json").rows] == ["C1", "C2"]
    well("customers", "import", "new.csv")
    assert [one["id"] for one in well("customers", "list", "--json").rows] == ["C1", "C3"]


def test_a_register_with_a_mistake_is_imported_not_even_in_part(desk: Path) -> None:
    (desk / "bad.csv").write_text(REGISTER.replace("ben@calder-books.example", "ben at calder"))
    for args in (("customers", "check", "bad.csv"), ("customers", "import", "bad.csv")):
        answer = forthwith(*args)
        assert answer.code == 1
        assert "bad.csv, line 3, field supplier_manager_email" in answer.err
    assert len(well("customers", "list", "--json").rows) == 2


def test_the_registers_of_bodies_are_checked_with_our_own_additions(desk: Path) -> None:
    before = well("authorities", "check", "--json").row
    (desk / "ours.yaml").write_text("bodies:\n  - id: xx-ours\n    name: Our Own Watchdog\n")
    after = well("authorities", "check", "ours.yaml", "--json").row
    assert (after["authorities"], after["bodies"]) == (before["authorities"], before["bodies"] + 1)
    (desk / "broken.yaml").write_text("authorities:\n  - id: x\n    name: X\n    country: nowhere\n")
    assert "broken.yaml, line 4" in forthwith("authorities", "check", "broken.yaml").err


# --- deadline ----------------------------------------------------------------------------------


def test_deadlines_are_answered_line_by_line_and_a_broken_line_stops_nothing() -> None:
    request = {
        "received_at": "2026-11-20T16:00:00+00:00",
        "terms": "4 business hours",
        "calendar": {
            "timezone": "Europe/London",
            "hours": {d: ["09:00-17:30"] for d in ("mon", "fri")},
            "holidays": [],
        },
    }
    lines = [json.dumps(request), "{broken", "[]", "", json.dumps(request | {"terms": "24h"})]
    first, second, third, last = well("deadline", "--json", given="\n".join(lines).encode()).rows
    assert first["due_at"] == "2026-11-23T11:30:00+00:00"
    assert "no JSON" in second["error"]
    assert "error" in third
    assert last["due_at"] == "2026-11-21T16:00:00+00:00"


def test_a_deadline_for_people() -> None:
    told = well("deadline", "--received", "2026-11-20T16:00:00Z", "--terms", "4 business hours").out
    assert told.startswith("Due Mon 23 Nov 2026 11:30:00 Europe/London")
    assert "weekend" in told
    answer = forthwith("deadline", "--received", "2026-11-20T16:00:00Z", "--terms", "soonish")
    assert (answer.code, answer.err.count("\n")) == (1, 1)


# --- running -----------------------------------------------------------------------------------


def test_migrating_twice_does_nothing_the_second_time() -> None:
    assert "is now" in well("migrate").out
    assert "already" in well("migrate").out


def test_settings_are_listed_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORTHWITH_SMTP_PASSWORD", "hush")
    for args in (("settings",), ("settings", "--json"), ("settings", "--example")):
        assert "hush" not in well(*args).out
    rows = {row["name"]: row for row in well("settings", "--json").rows}
    assert rows["organisation"]["value"] == "Northgate"
    assert not rows["organisation"]["is_default"]


def test_the_doctor_ends_with_0_when_all_is_well_and_with_1_when_not(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(row["ok"] for row in well("doctor", "--json").rows)
    monkeypatch.setenv("FORTHWITH_MANAGERS", "")
    answer = forthwith("doctor")
    assert answer.code == 1
    assert "WRONG   ladder: managers is empty" in answer.out


def test_the_doctor_tells_of_settings_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORTHWITH_IMAP_PORT", "many")
    answer = forthwith("doctor", "--json")
    assert answer.code == 1
    assert "imap_port" in answer.row["what"]


# --- the log -----------------------------------------------------------------------------------


def test_the_log_tells_no_word_of_a_letter_or_of_an_error(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORTHWITH_LOG_JSON", "true")
    monkeypatch.setenv("FORTHWITH_LOG_LEVEL", "debug")
    with sqlite3.connect(desk / "var" / "forthwith.db") as store:
        store.execute(
            "create trigger full before insert on complaint begin select raise(abort, 'no room'); end"
        )
    store.close()
    (desk / "one.eml").write_bytes(letter(text="Mrs Honeychurch of Windy Corner complains."))
    answer = forthwith("ingest", "one.eml")
    assert answer.code == 1
    logged = [json.loads(line) for line in answer.err.splitlines() if line.startswith("{")]
    assert "mail_stored" in {entry["event"] for entry in logged}
    assert "Honeychurch" not in answer.err
    assert "icocasework" not in answer.err


def test_a_library_is_heard_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    from flows.log import set_up_log  # noqa: PLC0415

    set_up_log("info", as_json=True)
    try:
        int("Mrs Honeychurch")
    except ValueError:
        logging.getLogger("some.library").exception("cannot send to %s", "ann@brightwater.example")
        structlog.get_logger().exception("duty_failed", duty="deliver")
    err = capsys.readouterr().err
    assert "Honeychurch" not in err
    assert "brightwater" not in err
    library, ours = (json.loads(line) for line in err.splitlines())
    assert (library["library"], library["error"]) == ("some.library", "ValueError")
    assert (ours["event"], ours["duty"], ours["error"]) == ("duty_failed", "deliver", "ValueError")
    assert "test_cli.py" in ours["where"]


def test_help_comes_at_once() -> None:
    begun = time.perf_counter()
    subprocess.run([*COMMAND, "--help"], check=True, capture_output=True, env=os.environ | {"COLUMNS": "100"})
    assert time.perf_counter() - begun < 3  # 0.2 s on an idle machine


# --- the register over time ----------------------------------------------------------------------


def days_ahead(days: int) -> str:
    return (system_clock() + timedelta(days=days)).date().isoformat()


def test_a_register_is_imported_ahead_and_says_what_will_change(desk: Path) -> None:
    day, eve = days_ahead(40), days_ahead(39)
    changed = REGISTER.replace(",dee@brightwater.example,,GB", ",dee@brightwater.example,4h,GB")
    changed = "".join(line for line in changed.splitlines(keepends=True) if not line.startswith("C2,"))
    (desk / "next.csv").write_text(changed + "C3,Dorset Dairy Ltd,,,,,d@dorset.example,,,GB\n")
    told = well("customers", "import", "next.csv", "--effective", day, "--dry-run").out
    assert "would be in force" in told
    assert len(well("customers", "list", "--json").rows) == 2
    told = well("customers", "import", "next.csv", "--effective", day).out
    assert told.splitlines() == [
        f"+ C1 Brightwater Utilities Ltd (from {day})",
        f"+ C3 Dorset Dairy Ltd (from {day})",
        f"~ C1 Brightwater Utilities Ltd (until {eve}): valid_until (empty) -> {eve}",
        f"~ C2 Calder Books GmbH (until {eve}): valid_until (empty) -> {eve}",
        f"2 rows will be in force from {day} on: 2 added, 2 changed, 0 retired.",
    ]
    rows = well("customers", "list", "--json").rows
    assert [(one["id"], one["sla"], one["valid_from"], one["valid_until"]) for one in rows] == [
        ("C1", "", None, eve),
        ("C1", "4h", day, None),
        ("C2", "4 business hours", None, eve),
        ("C3", "", day, None),
    ]
    # Until that day everything is as it was.
    assert took_in(desk, letter())["status"] == "forwarding"
    assert took_in(desk, letter("IC-1-A1A1", about="Dorset Dairy Ltd"))["status"] == "needs_review"


def test_a_day_that_is_not_ahead_or_told_twice_is_refused(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = days_ahead(0)
    assert "is not ahead" in forthwith("customers", "import", "customers.csv", "--effective", today).err
    (desk / "dated.csv").write_text(
        REGISTER.replace("country\n", "country,valid_until\n")
        .replace("GB\n", "GB,2030-01-01\n")
        .replace("DE\n", "DE,\n")
    )
    answer = forthwith("customers", "import", "dated.csv", "--effective", days_ahead(3))
    assert "C1 Brightwater Utilities Ltd has days of its own" in answer.err
    monkeypatch.setenv("FORTHWITH_CUSTOMERS_FILE", "customers.csv")
    answer = forthwith("customers", "import", "customers.csv", "--effective", days_ahead(3))
    assert "give its rows their days" in answer.err
    assert [one["valid_until"] for one in well("customers", "list", "--json").rows] == [None, None]


def test_leave_is_noted_listed_and_forgotten(desk: Path) -> None:
    last = days_ahead(5)
    told = well("customers", "away", "ANN@brightwater.example", "--until", last, "--as", "Pat").out
    assert "ann@brightwater.example" in told
    assert [
        (one["email"], one["last_day"], one["noted_by"])
        for one in well("customers", "absences", "--json").rows
    ] == [("ann@brightwater.example", last, "Pat")]
    listed = " ".join(well("customers", "absences").out.split())
    assert (
        f"C1 Brightwater Utilities Ltd: letters go to dee@brightwater.example (the supplier manager is away until {last})."
        in listed
    )
    ref = took_in(desk, letter())["ref"]
    shown = well("show", ref, "--json").row
    assert shown["recipient_email"] == "dee@brightwater.example"
    assert f"dee@brightwater.example: the supplier manager is away until {last}" in " ".join(
        well("show", ref).out.split()
    )
    well("customers", "back", "ann@brightwater.example")
    assert well("customers", "absences").out == "Nobody is away.\n"


def test_a_stand_in_without_the_key_that_is_required_is_warned_of_at_once(desk: Path) -> None:
    header, *rows = REGISTER.strip().splitlines()
    required = "\n".join([f"{header},encryption", *(f"{row},required" for row in rows)])
    (desk / "customers.csv").write_text(required)
    well("customers", "import", str(desk / "customers.csv"))
    away = ("customers", "away", "ann@brightwater.example", "--until", days_ahead(5))
    told = well(*away, "--stand-in", "eve@brightwater.example").out
    assert (
        "warning: C1 Brightwater Utilities Ltd: encryption key missing, for eve@brightwater.example" in told
    )
    assert "warning" not in well(*away, "--stand-in", "eve@brightwater.example", "--json").out


def test_leave_that_would_do_harm_is_refused_in_a_line(desk: Path) -> None:
    answer = forthwith(
        "customers",
        "away",
        "ann@brightwater.example",
        "--until",
        days_ahead(5),
        "--stand-in",
        "ben@calder-books.example",
    )
    assert answer.code == 3
    assert answer.err.count("\n") == 1
    assert "ben@calder-books.example is not at Brightwater Utilities Ltd" in answer.err
    assert well("customers", "absences", "--json").rows == []


def test_an_assignment_tells_what_could_be_learned(desk: Path) -> None:
    ref = took_in(desk, letter(about="The controller is Kettlewell Stores Ltd."))["ref"]
    told = well("assign", ref, "C1").out
    [number] = [one["id"] for one in well("customers", "lessons", "--json").rows]
    assert (
        f"The letter names “Kettlewell Stores Ltd”, which the register does not know. If that is C1: `forthwith customers take {number}`"
        in told
    )
    well("customers", "take", str(number))
    assert well("customers", "list", "--json").rows[0]["aliases"] == ["Kettlewell Stores Ltd"]
    assert (
        took_in(desk, letter("IC-1-A1A1", about="The controller is Kettlewell Stores Ltd."))["status"]
        == "forwarding"
    )
    (desk / "next.eml").write_bytes(letter("IC-2-B2B2", about="The controller is Kettlewell Stores Ltd."))
    assert well("assess", str(desk / "next.eml"), "--json").row["customer"] == "C1"
    well("customers", "decline", str(number))
    assert well("customers", "list", "--json").rows[0]["aliases"] == []
    assert well("customers", "lessons").out == "There is nothing to learn.\n"
    assert [one["state"] for one in well("customers", "lessons", "--all", "--json").rows] == ["declined"]
    assert "there is no lesson 99" in forthwith("customers", "take", "99").err
