"""A letter is decided on by what its papers say; where they cannot be read, by a person."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from typer.testing import CliRunner

from complaints.assessor import Assessor, Reading
from complaints.inbox.papers.reader import Ocr, PaperReader
from complaints.matching import CustomerIndex
from complaints.model import Assessment, Decision, Kind
from complaints.reader import ReaderProcess
from complaints.recognition import House
from complaints.service import _reason
from config.customers import read_customers
from config.registers import load_bodies
from flows.cli import app
from tests.papers.office_files import archive, word
from tests.papers.outlook_files import message_streams, msg, tnef
from tests.papers.pdfs import pdf_with, scanned
from tests.stored import stored
from tests.street import AUTHSERV, CUSTOMERS, INBOX

HOUSE = House(organisation="Northgate", own_addresses=frozenset({INBOX}), authserv_ids=frozenset({AUTHSERV}))
COVER = "Dear Sir or Madam\n\nPlease find our letter IC-372500-S1A1 about Acme Retail Ltd attached.\n\nYours faithfully"
LETTER = (
    "Case reference: IC-372500-S1A1",
    "Dear Sir or Madam",
    "We have received a complaint about how Acme Retail Ltd handled the personal data of one of its customers.",
    "Please respond within 28 days of the date of this letter.",
)
WHOLE = "\n\n".join(
    (*LETTER, "The complainant says that a request for access was left without an answer. " * 12)
)


@pytest.fixture(scope="module")
def assessor() -> Iterator[Assessor]:
    papers = PaperReader()
    yield Assessor(load_bodies(None, None), HOUSE, papers=papers)
    papers.close()


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> CustomerIndex:
    path = tmp_path_factory.mktemp("register") / "customers.csv"
    path.write_text(CUSTOMERS, encoding="utf-8")
    return CustomerIndex.build(read_customers(path))


def mail(
    *files: tuple[str, bytes],
    text: str = COVER,
    sender: str = "icocasework@ico.org.uk",
    subject: str = "Letter",
) -> bytes:
    letter = EmailMessage()
    domain = sender.partition("@")[2]
    letter["Authentication-Results"] = (
        f"{AUTHSERV}; spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    )
    letter["From"] = sender
    letter["To"] = INBOX
    letter["Subject"] = subject
    letter.set_content(text)
    for name, data in files:
        letter.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(letter)


def judged(assessor: Assessor, customers: CustomerIndex, raw: bytes) -> Assessment:
    return assessor.judge(assessor.read(raw, stored()), customers, None)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.docx", word(LETTER)),
        ("letter.pdf", pdf_with("\n".join(LETTER))),
        ("post.zip", archive({"letter.docx": word(LETTER)})),
        ("winmail.dat", tnef(attachments=[("letter.pdf", pdf_with("\n".join(LETTER)))])),
    ],
)
def test_a_letter_is_assigned_by_what_its_paper_says(
    assessor: Assessor, customers: CustomerIndex, name: str, data: bytes
) -> None:
    found = judged(assessor, customers, mail((name, data), text="See the attached letter."))
    assert (found.recognition.kind, found.decision) == (Kind.COMPLAINT, Decision.ASSIGN)
    assert found.recognition.reference == "IC-372500-S1A1"
    assert found.recognition.respond_by is not None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.pdf", scanned("", "")),
        ("letter.pdf", b"%PDF-1.7 cut"),
        ("letter.zip", archive({"letter.docx": word(LETTER)}, locked=True)),
        ("letter.7z", b"7z\xbc\xaf\x27\x1c"),
    ],
)
def test_a_letter_of_which_only_the_cover_is_read_goes_to_a_person(
    assessor: Assessor, customers: CustomerIndex, name: str, data: bytes
) -> None:
    without = judged(assessor, customers, mail())
    assert without.decision is Decision.ASSIGN
    found = judged(assessor, customers, mail((name, data)))
    assert (found.recognition.kind, found.decision) == (Kind.COMPLAINT, Decision.TRIAGE)
    assert found.why.startswith(f"the letter may stand in {name}, which could not be read; ")
    assert _reason(found) == "papers not read"
    unsure = replace(found, why="the sender is not shown to be who it says; names Acme")
    assert _reason(unsure) == "sender not verified"


def test_a_whole_letter_with_a_scanned_enclosure_is_assigned(
    assessor: Assessor, customers: CustomerIndex
) -> None:
    found = judged(assessor, customers, mail(("complaint.pdf", scanned("")), text=WHOLE))
    assert found.decision is Decision.ASSIGN
    long = word([*LETTER, WHOLE])
    found = judged(assessor, customers, mail(("letter.docx", long), ("complaint.pdf", scanned(""))))
    assert found.decision is Decision.ASSIGN


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("someone@elsewhere.example", "Document", "Please see the attachment."),
        ("someone@elsewhere.example", "Out of office", "I am out of the office until Monday."),
    ],
)
def test_nothing_is_ignored_on_its_cover_words_alone(
    assessor: Assessor, customers: CustomerIndex, sender: str, subject: str, text: str
) -> None:
    raw = mail(("scan.pdf", scanned("")), text=text, sender=sender, subject=subject)
    assert judged(assessor, customers, raw).decision is Decision.TRIAGE


def test_a_letter_handed_on_in_an_outlook_file_is_known_as_the_authority_s(
    assessor: Assessor, customers: CustomerIndex
) -> None:
    inner = message_streams(
        sender=("ICO Casework", "icocasework@ico.org.uk"), subject="IC-372500-S1A1", text=WHOLE, embedded=True
    )
    data = msg(sender=("Bo", f"bo@{INBOX.partition('@')[2]}"), subject="FW", text="FYI", wrapped=inner)
    found = judged(
        assessor, customers, mail(("FW.msg", data), text="FYI", sender=f"bo@{INBOX.partition('@')[2]}")
    )
    assert found.recognition.body is not None
    assert found.recognition.body.domain == "ico.org.uk"
    assert (found.recognition.kind, found.decision) == (Kind.COMPLAINT, Decision.ASSIGN)


def test_an_unread_paper_of_a_wrapped_letter_counts_too(assessor: Assessor, customers: CustomerIndex) -> None:
    inner = mail(("letter.pdf", scanned("")))
    outer = mail(("letter.eml", inner), text=WHOLE)
    assert "letter.pdf" in judged(assessor, customers, outer).why


@pytest.fixture
def command(tmp_path: Path) -> str:
    script = tmp_path / "ocr.py"
    script.write_text(f"import sys; sys.stdin.buffer.read(); print({WHOLE!r})", encoding="utf-8")
    return f"{sys.executable} {script}"


def test_the_process_that_reads_mail_recognises_images_where_a_command_is_set(
    customers: CustomerIndex, assessor: Assessor, command: str
) -> None:
    ocr = Ocr(command=tuple(command.split()), seconds=10)
    process = ReaderProcess(load_bodies(None, None), HOUSE, ocr=ocr)
    reading = process(mail(("letter.pdf", scanned(""))), stored())
    process.stop()
    assert isinstance(reading, Reading)
    assert "attachment:letter.pdf (OCR)" in {passage.where for passage in reading.mail.passages}
    assert assessor.judge(reading, customers, None).decision is Decision.ASSIGN


@pytest.mark.parametrize(("set_up", "decision"), [(False, "triage"), (True, "assign")])
def test_assess_reads_papers_as_the_desk_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, set_up: bool, decision: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if set_up:
        monkeypatch.setenv("FORTHWITH_OCR_COMMAND", command)
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "letter.eml").write_bytes(mail(("letter.pdf", scanned(""))))
    asked = ["assess", "letter.eml", "--customers", "customers.csv", "--authserv-id", AUTHSERV, "--json"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["decision"] == decision


def test_the_day_of_a_letter_in_word_counts(assessor: Assessor) -> None:
    raw = mail(("letter.docx", word(["7 October 2026", *LETTER])), text="See the attached letter.")
    found = assessor.read(raw, stored(received_at=datetime(2026, 10, 9, 12, tzinfo=UTC)))
    assert str(found.recognition.respond_by) == "2026-11-04"
