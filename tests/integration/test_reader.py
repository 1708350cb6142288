"""The process that reads mail."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from complaints.model import Kind
from complaints.reader import ReaderFailed, ReaderProcess
from complaints.recognition import House
from complaints.store.mails import StoredMail
from config.registers import load_bodies
from tests.street import AUTHSERV, INBOX, ico_letter

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def reader() -> Iterator[ReaderProcess]:
    house = House(
        organisation="Northgate", own_addresses=frozenset({INBOX}), authserv_ids=frozenset({AUTHSERV})
    )
    process = ReaderProcess(load_bodies(None, None), house)
    yield process
    process.stop()


def stored(**changes: object) -> StoredMail:
    values = {
        "id": 1,
        "sha256": "0" * 64,
        "size": 1,
        "oversized": False,
        "problem": "",
        "mailbox": "m",
        "received_at": NOON,
        "server_at": NOON,
        "header_at": None,
        "stored_at": NOON,
        "state": "received",
        "kind": "",
        "sender": "",
        "subject": "",
        "message_id": "",
        "why": "",
        "evidence": {},
        "attempts": 1,
    }
    return StoredMail(**(values | changes))  # type: ignore[arg-type]


def test_a_letter_is_read_in_another_process_as_in_this_one(reader: ReaderProcess) -> None:
    reading = reader(ico_letter("About Acme Retail Ltd."), stored())
    assert reading.recognition.kind is Kind.COMPLAINT
    assert reading.recognition.reference == "IC-372500-S1A1"
    assert reading.mail.sha256 == "0" * 64
    assert any("Acme Retail" in passage.text for passage in reading.mail.passages)


def test_a_reader_that_is_killed_costs_one_mail(reader: ReaderProcess) -> None:
    reader(ico_letter("One."), stored())
    assert reader._process is not None
    os.kill(reader._process.pid, signal.SIGKILL)
    reader._process.wait()
    assert reader(ico_letter("Two."), stored()).recognition.kind is Kind.COMPLAINT


def test_a_reader_that_never_starts_is_told(reader: ReaderProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.reader._COMMAND", ("/bin/false",))
    with pytest.raises(ReaderFailed):
        reader(ico_letter("One."), stored())
