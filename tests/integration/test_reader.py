"""The process that reads mail."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from complaints.inbox.sealed.opener import KeyOpener
from complaints.inbox.sealed.ours import OurKeys
from complaints.model import Kind
from complaints.reader import ReaderFailed, ReaderProcess
from complaints.recognition import House
from config.registers import load_bodies
from tests.keys import OpenSsl, needs_openssl, pair
from tests.stored import stored
from tests.street import AUTHSERV, INBOX, ico_letter


@pytest.fixture
def reader() -> Iterator[ReaderProcess]:
    house = House(
        organisation="Northgate", own_addresses=frozenset({INBOX}), authserv_ids=frozenset({AUTHSERV})
    )
    process = ReaderProcess(load_bodies(None, None), house)
    yield process
    process.stop()


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


@needs_openssl
def test_what_is_encrypted_to_us_is_opened_in_that_process(tmp_path: Path) -> None:
    house = House(
        organisation="Northgate", own_addresses=frozenset({INBOX}), authserv_ids=frozenset({AUTHSERV})
    )
    opener = KeyOpener(ours=OurKeys(smime=(pair(INBOX).both,)))
    process = ReaderProcess(load_bodies(None, None), house, opener=opener)
    head, _, body = ico_letter("About Acme Retail Ltd.").partition(b"\r\n\r\n")
    kept = b"".join(
        one + b"\r\n" for one in head.split(b"\r\n") if not one.lower().startswith((b"content", b"mime"))
    )
    sealed = OpenSsl(tmp_path).encrypt(b"Content-Type: text/plain\r\n\r\n" + body, pair(INBOX))
    try:
        reading = process(kept + sealed, stored())
    finally:
        process.stop()
    assert reading.recognition.kind is Kind.COMPLAINT
    assert reading.mail.opened
