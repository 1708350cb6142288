"""Mail that broke other parsers: each is read in little time, and none is lost on its way through the desk.

Besides the committed selection and what Python's own test suite holds where it is installed, every mail in the
folder that FORTHWITH_MAIL_COLLECTIONS names is read.
"""

import email
import email.policy
import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from complaints.assessor import Assessor
from complaints.customers import CustomerRegister
from complaints.errors import ForthwithError
from complaints.inbox.files import read_paths
from complaints.matching import CustomerIndex
from complaints.model import Arrival, Decision, Kind
from complaints.recognition import House
from complaints.routing import Routed, Router
from complaints.store.database import Database
from config.registers import load_bodies
from tests.conftest import SteppedClock
from tests.desks import ACME, SILENT, SWIFT, DeskAtWork
from tests.stored import stored

MALFORMED = Path(__file__).parents[1] / "corpus" / "malformed"
HOUSE = House(
    organisation="Northgate",
    own_addresses=frozenset({"privacy@msp.example"}),
    authserv_ids=frozenset({"mx.msp.example"}),
)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECONDS = 5.0
"""Of processor time that any one of these mails may take; the slowest takes 0.2."""


def files() -> Iterator[Path]:
    yield from sorted(MALFORMED.glob("*.eml"))
    bundled = Path(email.__file__).parents[1] / "test" / "test_email" / "data"
    yield from sorted(bundled.glob("msg_*.txt"))
    if more := os.environ.get("FORTHWITH_MAIL_COLLECTIONS"):
        yield from (path for path in sorted(Path(more).rglob("*")) if path.is_file())


def arrivals() -> list[Arrival]:
    found: list[Arrival] = []
    for path in files():
        try:
            found += read_paths([path], received_at=NOON, stdin=b"", now=NOON)
        except ForthwithError:
            continue  # an empty file
    return found


ARRIVALS = arrivals()


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor(load_bodies(None, None), HOUSE)


def test_there_is_something_to_read() -> None:
    assert len(list(MALFORMED.glob("*.eml"))) >= 50


def test_every_malformed_mail_is_read_and_judged_in_little_time(assessor: Assessor) -> None:
    index = CustomerIndex.build([ACME, SWIFT, SILENT])
    for arrival in ARRIVALS:
        began = time.process_time()
        reading = assessor.read(arrival.raw, stored())
        assessment = assessor.judge(reading, index, None)
        assert time.process_time() - began < SECONDS, arrival.place
        assert not any("could not be parsed" in problem for problem in reading.mail.problems), arrival.place
        assert assessment.why, arrival.place


def test_what_shows_nothing_of_its_sender_is_never_ignored(assessor: Assessor) -> None:
    index = CustomerIndex.build([ACME])
    for arrival in ARRIVALS:
        assessment = assessor.judge(assessor.read(arrival.raw, stored()), index, None)
        if assessment.recognition.kind in {Kind.UNREADABLE, Kind.BOUNCE}:
            assert assessment.decision is Decision.TRIAGE, arrival.place


async def test_i1_every_malformed_mail_ends_in_exactly_one_state(
    database: Database, clock: SteppedClock, assessor: Assessor
) -> None:
    desk = DeskAtWork(database, clock)
    await desk.take_customers(ACME, SWIFT, SILENT)
    router = Router(database, desk.desk, assessor, CustomerRegister(database, clock), clock)
    receipts = await desk.mailroom.receive(ARRIVALS)
    routed: list[Routed] = []
    while await router.waiting():  # a follower given back at the end of one round is the next one's
        routed += [one async for lot in router.route_in_lots(10_000, 50) for one in lot]
    router.close()

    mails = {receipt.mail_id for receipt in receipts}
    assert sorted(one.mail_id for one in routed) == sorted(mails)
    assert await router.waiting() == 0
    async with database.reading() as repository:
        stood = [
            (
                (await repository.mails.get(mail)).state,
                await repository.threads.complaint_of(mail) is not None,
            )
            for mail in mails
        ]
    states = Counter(stood)
    assert set(states) <= {("complaint", True), ("filed", False), ("copy", True)}
    assert sum(states.values()) == len(mails)
    assert await desk.records.broken_histories() == {}


# --- what a person sees in them, we read ---------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("flufl-simple_36", Kind.BOUNCE),
        ("flufl-sina_01", Kind.BOUNCE),
        ("flufl-qmail_06", Kind.BOUNCE),
        ("flufl-yahoo_12", Kind.BOUNCE),
        ("flufl-simple_39", Kind.BOUNCE),
        ("flufl-llnl_01", Kind.BOUNCE),
        ("flufl-simple_03", Kind.BOUNCE),
    ],
)
def test_failures_of_delivery_are_known_however_they_are_written(
    name: str, kind: Kind, assessor: Assessor
) -> None:
    assert assessor.read((MALFORMED / f"{name}.eml").read_bytes(), stored()).recognition.kind is kind


@pytest.mark.parametrize("name", [path.stem for path in sorted(MALFORMED.glob("*.eml"))])
def test_no_subject_or_sender_that_python_reads_is_lost(name: str, assessor: Assessor) -> None:
    raw = (MALFORMED / f"{name}.eml").read_bytes()
    theirs = email.message_from_bytes(raw, policy=email.policy.default)
    ours = assessor.read(raw, stored()).mail
    if (wanted := theirs["subject"]) and "\ufffd" not in wanted:
        assert wanted.split() == ours.subject.split()
    if "From names more than one sender" in ours.problems:
        return  # of which Python reads the first, or breaks
    senders = theirs["from"].addresses if theirs["from"] else ()
    if len(senders) == 1 and senders[0].domain and senders[0].addr_spec.isascii():
        assert ours.sender.email == senders[0].addr_spec.lower()


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("mime4j-russian-headers", "Список.doc"),
        ("enmime-mime-bad-8bit-filename", "管理.doc"),
        ("cpython-msg_26", "clock.bmp"),
        ("mime4j-boundary-name-clash", "Daily_Stats-2022-05-12-0700.pdf"),
    ],
)
def test_files_have_their_names(name: str, file: str, assessor: Assessor) -> None:
    mail = assessor.read((MALFORMED / f"{name}.eml").read_bytes(), stored()).mail
    assert [attachment.name for attachment in mail.attachments] == [file]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mime4j-missing-inner-boundary", "AAA"),
        ("enmime-bad-header-start", "A text section"),
        ("enmime-incorrect-charset", "Using Unicode/UTF-8"),
        ("enmime-mime-bad-content-transfer-encoding", "nispplul swunkglap"),
        ("enmime-multimixed-no-closing-boundary", "Hello,"),
        ("cpython-msg_41", "Blah blah blah"),
        ("cpython-msg_35", "there's no separating newline here"),
        ("flufl-sina_01", "邮件无法发送到您指定的地址中"),
    ],
)
def test_text_that_a_person_sees_is_read(name: str, words: str, assessor: Assessor) -> None:
    mail = assessor.read((MALFORMED / f"{name}.eml").read_bytes(), stored()).mail
    assert words in "\n".join(passage.text for passage in mail.passages if passage.where != "subject")
