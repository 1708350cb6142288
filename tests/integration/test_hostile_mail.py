"""Mail written to harm: what is made of it holds no header, no control character and no path of its writer's (I10)."""

import base64
import email
import email.policy
import re
import shutil
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from complaints.assessor import Assessor
from complaints.customers import CustomerRegister
from complaints.inbox.mime import read_mail
from complaints.inbox.text import html_to_text
from complaints.lifecycle import Status
from complaints.model import Arrival, InboundMail, Kind
from complaints.outbox import NoticeKind
from complaints.recognition import House
from complaints.routing import Router
from complaints.store.database import Database
from config.registers import load_bodies
from notifiers.compose import Voice, brief, compose
from tests.conftest import NINE_ON_MONDAY, SteppedClock
from tests.desks import ACME, SWIFT, DeskAtWork
from tests.stored import stored

HOUSE = House(
    organisation="Northgate",
    own_addresses=frozenset({"privacy@msp.example"}),
    authserv_ids=frozenset({"mx.msp.example"}),
)
VOICE = Voice(organisation="Northgate", address="complaints@msp.example", timezone="Europe/London")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
OURS = {
    "from", "to", "reply-to", "subject", "date", "message-id", "references", "auto-submitted", "x-auto-response-suppress",
    "x-forthwith-ref", "x-forthwith-notice", "mime-version", "importance", "x-priority", "content-type",
}  # fmt: skip

# What a writer may put where a word is expected, as it stands in the mail.
INJECTIONS = {
    "encoded line ends": "=?utf-8?Q?x=0D=0ABcc:_victim@evil.example=0D=0A=0D=0Abody?=",
    "encoded line feed": "=?utf-8?B?eApCY2M6IHZpY3RpbUBldmlsLmV4YW1wbGUK?=",
    "folded": "x\n Bcc: victim@evil.example",
    "bare carriage return": "x\rBcc: victim@evil.example\r\r",
    "NUL and escape": "=?utf-8?Q?x=00=1B[31mred=1B]0;title=07?=",
    "C1 controls": "=?utf-8?Q?x=C2=85Bcc:=C2=9B?=",
    "line separators": "=?utf-8?Q?x=E2=80=A8Bcc:_v@evil.example=E2=80=A9?=",
    "turned around": "=?utf-8?Q?=E2=80=AEelpmaxe.live=E2=81=A6?=",
    "double encoding": "=?utf-8?Q?=3D=3Futf-8=3FQ=3F=0D=0ABcc=3A_v=3F=3D?=",
    "utf-7": "=?utf-7?Q?x+AA0-+AAo-Bcc:_v@evil.example?=",
    "markup": "=?utf-8?Q?=3Cscript=3Ealert(1)=3C/script=3E?=",
    "a template": "{{ 7*7 }}{% raw %}",
}


def letter(word: str) -> bytes:
    """An authority's letter, verified, with ``word`` in every header and name that ends up in notices."""
    name = base64.b64encode(b"x").decode()
    return (
        f"Return-Path: <icocasework@ico.org.uk>\n"
        f"Authentication-Results: mx.msp.example; dmarc=pass header.from=ico.org.uk; dkim=pass header.d=ico.org.uk\n"
        f"From: {word} <icocasework@ico.org.uk>\nTo: {word} <privacy@msp.example>\nReply-To: {word} <x@ico.org.uk>\n"
        f"Subject: Complaint IC-372500-S1A1 {word}\nMessage-ID: <{word}@ico.org.uk>\nReferences: <{word}@x> {word}\n"
        f"Date: {word}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n"
        f"--B\nContent-Type: text/plain; charset=utf-8\n\nCase reference: IC-372500-S1A1 {word}\n"
        "We have received a complaint about Acme Ltd. "
        f"Please respond by 3 December 2026 {word}.\n\n"
        f'--B\nContent-Type: application/x-zip\nContent-Disposition: attachment; filename="../../{word}"\n'
        f"Content-Transfer-Encoding: base64\n\n{name}\n--B--\n"
    ).encode()


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor(load_bodies(None, None), HOUSE)


def headers_of(message: EmailMessage) -> set[str]:
    return {name.lower() for name in message}


@pytest.fixture
def sqlite_store(tmp_path: Path, sqlite_template: Path) -> Database:
    shutil.copy(sqlite_template, tmp_path / "store.db")
    return Database(f"sqlite:///{tmp_path / 'store.db'}")


@pytest.mark.parametrize("name", INJECTIONS)
@pytest.mark.parametrize("network", [False, True], ids=["LF", "CRLF"])
async def test_i10_notices_hold_nothing_that_the_mail_injects(
    name: str,
    network: bool,
    sqlite_store: Database,
    clock: SteppedClock,
    assessor: Assessor,
) -> None:
    database = sqlite_store
    desk = DeskAtWork(database, clock)
    await desk.take_customers(ACME, SWIFT)
    router = Router(database, desk.desk, assessor, CustomerRegister(database, clock), clock)
    raw = letter(INJECTIONS[name])
    raw = raw.replace(b"\n", b"\r\n") if network else raw
    await desk.mailroom.receive([Arrival(raw=raw, mailbox="m", server_at=NINE_ON_MONDAY)])
    [routed] = await router.route()
    router.close()
    if routed.outcome == Status.NEEDS_REVIEW:
        await desk.desk.assign(routed.ref, "acme", actor="pat")
    clock.step(hours=30)
    while await desk.desk.escalate():
        pass
    notices = await desk.desk.outbox.claim(100)
    await database.close()

    assert NoticeKind.FORWARD in {notice.kind for notice in notices}
    for notice in notices:
        sent = compose(notice, VOICE, raw if notice.kind is NoticeKind.FORWARD else None)
        head, _, _ = sent.partition(b"\r\n\r\n")
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[^\t\r\n\x20-\x7e]", head)
        message = email.message_from_bytes(sent, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        assert headers_of(message) <= OURS
        assert not any(CONTROLS.search(str(value)) for value in message.values())
        for body in (message.get_body(("plain",)), message.get_body(("html",))):
            assert body is not None
            assert not CONTROLS.search(body.get_content().replace("\r\n", "\n"))
            assert "<script" not in body.get_content() or body.get_content_subtype() == "plain"
            assert "49" not in re.findall(r"\b49\b", body.get_content())
        told = brief(notice, VOICE)
        assert not CONTROLS.search(told.title + told.body)
        assert "\n" not in told.title


# --- names ----------------------------------------------------------------------------------------


def attached(disposition: str) -> InboundMail:
    return read_mail(
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nx\n--B\nContent-Type: x/y\n"
        + f"Content-Disposition: attachment; {disposition}\n\nx\n--B--\n".encode()
    )


@pytest.mark.parametrize(
    "disposition",
    [
        'filename="../../../etc/passwd"',
        'filename="..\\\\..\\\\windows\\\\system32\\\\evil.dll"',
        'filename="/etc/passwd"',
        "filename*=utf-8''..%2F..%2Fetc%2Fpasswd",
        "filename*0*=utf-8''%2e%2e%2f; filename*1*=%2e%2e%2fpasswd",
        'filename="=?utf-8?Q?=2E=2E=2Fpasswd?="',
        'filename="a\x00b"',
        "filename*=utf-8''a%00%0d%0aBcc:%20x",
        "filename*=utf-8''%E2%80%AEfdp.exe",
        "filename*=utf-8''%E2%88%95etc%EF%BC%8Fpasswd",
        'filename=".."',
        'filename="CON"',
        'filename="C:evil"',
        f'filename="{"../" * 1000}x"',
    ],
)
def test_no_file_name_leads_out_of_its_folder_or_holds_a_control(disposition: str) -> None:
    [attachment] = attached(disposition).attachments
    assert attachment.name
    assert not set(attachment.name) & set('/\\<>:"|?*')
    assert attachment.name not in {".", ".."}
    assert not CONTROLS.search(attachment.name)
    assert len(attachment.name) <= 150


@pytest.mark.parametrize(
    "written",
    [
        "I\u200bCO",
        "I\u200dC\u200cO",
        "I\u00adCO",
        "\u202eICO",
        "I\u2060CO",
        "I\U000e0041CO",
        "I\u034fCO",
        "ＩＣＯ",
        "ІСО",
        "\U0001d408\U0001d402\U0001d40e",
    ],
)
def test_a_name_with_letters_that_nobody_sees_is_still_claimed(written: str, assessor: Assessor) -> None:
    raw = (
        f"From: {written} Casework <casework@evil.example>\nTo: privacy@msp.example\n"
        f"Subject: {written} complaint\nContent-Type: text/plain; charset=utf-8\n\n"
        f"The {written} has opened our investigation. Final notice: pay now.\n"
    ).encode()
    assert assessor.read(raw, stored()).recognition.kind is Kind.SUSPICIOUS


# --- bombs ----------------------------------------------------------------------------------------

HEAD = b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\n"


def exponential(levels: int) -> bytes:
    """Each level holds the one below twice."""
    inner = b"Content-Type: text/plain\n\nx\n"
    for level in range(levels):
        mark = b"--b%d\n" % level
        inner = (
            b"Content-Type: multipart/mixed; boundary=b%d\n\n" % level
            + mark
            + inner
            + mark
            + inner
            + b"--b%d--\n" % level
        )
    return HEAD + inner


def wrapped_exponentially(levels: int) -> bytes:
    inner = b"Subject: x\n\nx\n"
    for level in range(levels):
        piece = b"--b%d\nContent-Type: message/rfc822\n\n" % level + inner
        inner = b"Content-Type: multipart/mixed; boundary=b%d\n\n" % level + piece * 4 + b"--b%d--\n" % level
    return HEAD + inner


BOMBS: dict[str, Callable[[], bytes]] = {
    "multiparts that double at each level": lambda: exponential(16),
    "mails that quadruple at each level": lambda: wrapped_exponentially(8),
    "10,000 siblings": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=B\n\n" + b"--B\n\nx\n" * 10_000 + b"--B--\n"
    ),
    "100,000 boundaries and no part": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=B\n\n" + b"--Bx\n" * 100_000
    ),
    "a boundary to be guessed": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=B\n\n" + b"--x\ncontent-" * 100_000
    ),
    "one line of 100 MB": lambda: HEAD + b"\n" + b"a" * 100_000_000,
    "one encoded line of 50 MB": lambda: (
        HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"QUFB" * 12_500_000
    ),
    "50 MB of soft line breaks": lambda: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * 25_000_000
    ),
    "20 uuencoded files without an end": lambda: HEAD + b"\n" + b"begin 644 x\n" * 2_000_000,
    "uuencode that is none": lambda: HEAD + b"\n" + b"begin 644 x\nzz\xff\nend\n" * 500_000,
    "yEnc": lambda: HEAD + b"\n" + b"=ybegin name=x\n" * 1_000_000,
    "200 bytes of header in each of 200 parts": lambda: (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=B\n\n"
        + (b"--B\n" + b"X: y\n" * 40_000 + b"\nx\n") * 200
    ),
    "encoded words without end": lambda: HEAD + b"To: " + b"=?utf-8?Q?a?b" * 1_200 + b"\n\nx",
    "quotes in addresses": lambda: (
        HEAD + b"To: " + b'"\\' * 7_900 + (b"\nCc: " + b'"\\' * 7_900) * 14 + b"\n\nx"
    ),
    "sealed data in sealed data": lambda: (
        HEAD
        + b"Content-Type: application/pkcs7-mime\n\n"
        + bytes.fromhex("308006092a864886f70d010702a080") * 50_000
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little_and_breaks_nothing(name: str) -> None:
    raw = BOMBS[name]()
    began = time.process_time()
    found = read_mail(raw)
    assert time.process_time() - began < 8
    assert not any("could not be parsed" in problem for problem in found.problems)
    assert sum(len(passage.text) for passage in found.passages) < 1_000_000


PAGES = {
    "a million blocks in each other": "<div>" * 1_000_000,
    "a million spans": "<span>x" * 150_000,
    "a huge attribute": f'<p title="{"x" * 900_000}">seen</p>',
    "many attributes": "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">seen",
    "attributes behind a quoted bracket": '<p x="><" ' + " ".join(f"a{n}" for n in range(100_000)) + ">seen",
    "attributes behind a comment": '<!-- <a x=" --><p ' + " ".join(f"a{n}" for n in range(100_000)) + ">seen",
    "attributes parted by slashes": "<p/" + "/".join(f"a{n}" for n in range(100_000)) + ">seen",
    "attributes not parted at all": "<p " + "".join(f'a{n}="1"' for n in range(80_000)) + ">seen",
    "entities": "&#x41;" * 160_000,
    "entities without end": "&" * 900_000,
    "a style for each letter": '<b style="color:red">x</b>' * 38_000,
    "hidden in each other": '<p style="display:none">' * 40_000,
    "a table of cells": "<table>" + "<tr><td>x" * 110_000,
    "unclosed comments": "<!--<!--" * 120_000,
    "quotations in each other": '<blockquote type="cite">' * 4_900 + "x",
    "preformatted": "<pre>\n" * 4_900 + "x",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_to_keep_a_browser_busy_is_read_quickly(name: str) -> None:
    began = time.process_time()
    html_to_text(PAGES[name])
    assert time.process_time() - began < 6


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display:none">about Swift GmbH</p>',
        '<p style="DISPLAY:NONE !important">about Swift GmbH</p>',
        '<p hidden="">about Swift GmbH</p>',
        '<p style="font-size:0">about Swift GmbH</p>',
        '<p style="visibility: hidden">about Swift GmbH</p>',
        "<template>about Swift GmbH</template>",
        "<!-- about Swift GmbH -->",
        "<style>about Swift GmbH</style>",
        "<textarea hidden>about Swift GmbH</textarea>",
        '<p style="mso-hide:all">about Swift GmbH</p>',
        '<p style="opacity:0">about Swift GmbH</p>',
        '<p style="max-height:0;overflow:hidden">about Swift GmbH</p>',
        '<p style="color:transparent">about Swift GmbH</p>',
        '<p style="position:absolute;left:-9999px">about Swift GmbH</p>',
        '<p style="text-indent:-9999px">about Swift GmbH</p>',
        '<p style="transform:scale(0)">about Swift GmbH</p>',
    ],
)
def test_text_that_a_page_hides_by_its_own_style_is_not_read(hidden: str) -> None:
    assert "Swift" not in html_to_text(f"<p>The complaint concerns Acme Ltd.</p>{hidden}<p>Yours</p>")
