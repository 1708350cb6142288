import asyncio
import base64
import email
import hashlib
import shlex
import ssl
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from complaints.errors import BadSetting
from complaints.outbox import Notice, NoticeKind, Verdict
from notifiers.compose import Voice, compose
from notifiers.maildir import MaildirRelay
from notifiers.smtp import RelayUnusable, SmtpRelay
from tests.integration.smtp_server import (
    HANG_UP,
    SAY_NOTHING,
    TAKE_AND_HANG_UP,
    ScriptedSmtp,
    make_certificate,
    smtp_server,
)

MESSAGE = b"From: <a@msp.example>\r\nTo: <b@customer.example>\r\nMessage-ID: <1@msp.example>\r\n\r\n.dot\r\nHello\r\n"
SENDER, RECIPIENT = "complaints@msp.example", "manager@customer.example"


@pytest.fixture
def server() -> Iterator[ScriptedSmtp]:
    with smtp_server() as running:
        yield running


@asynccontextmanager
async def relay_to(server: ScriptedSmtp, **options: Any) -> AsyncIterator[SmtpRelay]:
    relay = SmtpRelay("127.0.0.1", server.port, **{"tls": "none", "timeout": 5, **options})
    try:
        yield relay
    finally:
        await relay.close()


async def test_an_accepted_message_arrives_as_it_was_and_its_queue_id_is_kept(server: ScriptedSmtp) -> None:
    async with relay_to(server) as relay:
        receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
    assert (receipt.verdict, receipt.queue_id) == (Verdict.SENT, "Q0001")
    assert receipt.reply == "250 2.0.0 Ok: queued as Q0001"
    assert (server.taken[0].sender, server.taken[0].recipient) == (SENDER, RECIPIENT)
    assert server.taken[0].message == MESSAGE


@pytest.mark.parametrize(
    ("command", "reply", "verdict", "reachable"),
    [
        ("RCPT", "450 4.2.1 mailbox busy", Verdict.TEMPORARY, True),
        ("RCPT", "550 5.1.1 no such user", Verdict.PERMANENT, True),
        ("RCPT", "556 5.1.10 domain takes no mail", Verdict.PERMANENT, True),
        ("RCPT", "530 5.7.0 authentication required", Verdict.TEMPORARY, False),
        ("MAIL", "451 4.3.0 try later", Verdict.TEMPORARY, True),
        ("MAIL", "553 5.7.1 sender not owned by user", Verdict.TEMPORARY, False),
        ("MAIL", "552 5.3.4 message too big", Verdict.PERMANENT, True),
        ("DATA", "452 4.3.1 no space", Verdict.TEMPORARY, True),
        ("DATA", "554 5.7.1 content refused", Verdict.PERMANENT, True),
    ],
)
async def test_a_refusal_is_judged_by_who_can_mend_it(
    server: ScriptedSmtp, command: str, reply: str, verdict: Verdict, reachable: bool
) -> None:
    server.script[command].append(reply)
    async with relay_to(server) as relay:
        receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
        assert (receipt.verdict, receipt.reachable) == (verdict, reachable)
        assert receipt.reply.startswith(reply)
        # The refusal leaves nothing behind that would hurt the next letter.
        assert (await relay.send(MESSAGE, SENDER, RECIPIENT)).verdict is Verdict.SENT
    assert len(server.taken) == 1


@pytest.mark.parametrize("reply", ["554 no service here", "421 too busy", "521 no mail here"])
async def test_a_relay_that_greets_with_a_refusal_is_in_trouble_and_the_letter_waits(
    server: ScriptedSmtp, reply: str
) -> None:
    server.script["GREETING"].append(reply)
    async with relay_to(server) as relay:
        receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
        assert (receipt.verdict, receipt.reachable) == (Verdict.TEMPORARY, False)
        assert reply in receipt.reply
        assert (await relay.send(MESSAGE, SENDER, RECIPIENT)).verdict is Verdict.SENT


async def test_a_refused_hello_is_the_relays_trouble(server: ScriptedSmtp) -> None:
    server.script["EHLO"].append("550 go away")
    async with relay_to(server) as relay:
        receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
    assert (receipt.verdict, receipt.reachable) == (Verdict.TEMPORARY, False)


async def test_a_connection_lost_before_the_letter_was_handed_over_is_tried_again_later(
    server: ScriptedSmtp,
) -> None:
    server.script["RCPT"].append(HANG_UP)
    async with relay_to(server) as relay:
        receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
    assert receipt.verdict is Verdict.TEMPORARY
    assert "outcome unknown" not in receipt.reply
    assert server.taken == []


@pytest.mark.parametrize(("ending", "taken"), [(HANG_UP, 0), (TAKE_AND_HANG_UP, 1)])
async def test_a_connection_lost_after_the_letter_was_handed_over_has_an_unknown_outcome(
    server: ScriptedSmtp, ending: str, taken: int
) -> None:
    server.script["DATA"].append(ending)
    async with relay_to(server) as relay:
        receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
        assert receipt.verdict is Verdict.TEMPORARY
        assert receipt.reply.startswith("outcome unknown")
        assert len(server.taken) == taken
        # The next try takes a new connection and carries the same Message-ID.
        assert (await relay.send(MESSAGE, SENDER, RECIPIENT)).verdict is Verdict.SENT
    assert server.connections == 2
    assert {email.message_from_bytes(each.message)["Message-ID"] for each in server.taken} == {
        "<1@msp.example>"
    }


async def test_a_relay_that_says_nothing_costs_one_timeout_and_is_out_of_order(server: ScriptedSmtp) -> None:
    server.script["RCPT"].append(SAY_NOTHING)
    async with relay_to(server, timeout=0.3) as relay:
        receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
    assert (receipt.verdict, receipt.reachable) == (Verdict.TEMPORARY, False)
    assert "no answer in time" in receipt.reply


async def test_one_connection_serves_many_letters(server: ScriptedSmtp) -> None:
    async with relay_to(server) as relay:
        for _ in range(20):
            await relay.send(MESSAGE, SENDER, RECIPIENT)
    assert (len(server.taken), server.connections) == (20, 1)


async def test_never_more_connections_than_allowed(server: ScriptedSmtp) -> None:
    async with relay_to(server, connections=3) as relay:
        receipts = await asyncio.gather(*(relay.send(MESSAGE, SENDER, RECIPIENT) for _ in range(30)))
    assert {receipt.verdict for receipt in receipts} == {Verdict.SENT}
    assert len(server.taken) == 30
    assert server.most_at_once <= 3


async def test_a_kept_connection_that_the_server_gave_up_costs_no_try(server: ScriptedSmtp) -> None:
    async with relay_to(server) as relay:
        await relay.send(MESSAGE, SENDER, RECIPIENT)
        server.script["MAIL"].append("421 4.4.2 idle too long")
        assert (await relay.send(MESSAGE, SENDER, RECIPIENT)).verdict is Verdict.SENT
        server.script["MAIL"].append(HANG_UP)
        assert (await relay.send(MESSAGE, SENDER, RECIPIENT)).verdict is Verdict.SENT
    assert (len(server.taken), server.connections) == (3, 3)


async def test_a_relay_that_comes_back_is_used_again() -> None:
    first = ScriptedSmtp().start()
    async with relay_to(first) as relay:
        assert (await relay.send(MESSAGE, SENDER, RECIPIENT)).verdict is Verdict.SENT
        first.stop()
        down = await relay.send(MESSAGE, SENDER, RECIPIENT)
        assert (down.verdict, down.reachable) == (Verdict.TEMPORARY, False)
        with smtp_server(port=first.port) as second:
            assert (await relay.send(MESSAGE, SENDER, RECIPIENT)).verdict is Verdict.SENT
            assert len(second.taken) == 1


@pytest.mark.parametrize("mode", ["tls", "starttls"])
async def test_a_relay_is_spoken_to_over_tls_and_logged_in_to(tmp_path: Path, mode: str) -> None:
    ca_file, context = make_certificate(tmp_path)
    with smtp_server(tls_context=context, implicit_tls=mode == "tls", login=("us", "secret")) as server:
        async with relay_to(server, tls=mode, ca_file=ca_file, user="us", password="secret") as relay:
            lines = await relay.check()
            receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
    named = ["greeting", "TLS", "login", "size", "reports of delivery", "NOOP"]
    assert [line.partition(":")[0] for line in lines] == named
    assert "certificate verified for 127.0.0.1, issued by relay.test, valid until" in lines[1]
    assert receipt.verdict is Verdict.SENT
    tls, certificate = receipt.evidence["tls"], ssl.PEM_cert_to_DER_cert(ca_file.read_text())
    assert (tls["version"][:5], tls["certificate_name"], tls["issuer"]) == (
        "TLSv1",
        "127.0.0.1",
        "relay.test",
    )
    assert tls["sha256"] == hashlib.sha256(certificate).hexdigest()
    assert datetime.fromisoformat(tls["not_after"]) > datetime.now(UTC)
    assert receipt.evidence["relay"] == f"127.0.0.1:{server.port}"
    assert "TLSv1." in lines[1]


@pytest.mark.parametrize("mode", ["tls", "starttls"])
async def test_a_certificate_of_a_stranger_stops_everything(tmp_path: Path, mode: str) -> None:
    _, context = make_certificate(tmp_path)
    with smtp_server(tls_context=context, implicit_tls=mode == "tls") as server:
        async with relay_to(server, tls=mode) as relay:
            receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
        assert (receipt.verdict, receipt.reachable) == (Verdict.TEMPORARY, False)
        assert "certificate" in receipt.reply.lower()
        assert server.taken == []


async def test_a_relay_without_starttls_is_not_spoken_to_in_the_clear(server: ScriptedSmtp) -> None:
    async with relay_to(server, tls="starttls") as relay:
        receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
        with pytest.raises(RelayUnusable, match="starting TLS"):
            await relay.check()
    assert (receipt.verdict, receipt.reachable) == (Verdict.TEMPORARY, False)
    assert server.taken == []


async def test_a_wrong_password_holds_letters_back_and_names_the_settings(server: ScriptedSmtp) -> None:
    with smtp_server(login=("us", "secret")) as locked:
        async with relay_to(locked, user="us", password="wrong") as relay:
            receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
            with pytest.raises(RelayUnusable, match="smtp_password"):
                await relay.check()
    assert (receipt.verdict, receipt.reachable) == (Verdict.TEMPORARY, False)
    assert "535" in receipt.reply
    assert "wrong" not in receipt.reply


def printing(words: str) -> str:
    return shlex.join([sys.executable, "-c", f"print({words!r})"])


async def test_xoauth2_logs_in_with_what_the_token_command_prints(server: ScriptedSmtp) -> None:
    with smtp_server(login=("us", "unused")) as locked:
        async with relay_to(locked, user="us", token_command=printing("good-token")) as relay:
            receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
    assert receipt.verdict is Verdict.SENT
    assert locked.tokens == ["user=us\1auth=Bearer good-token\1\1"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (printing("stale"), "535"),
        (printing("two words"), "must print the access token"),
        ("/no/such/command", "cannot be run"),
    ],
)
async def test_a_token_that_is_none_holds_letters_back(command: str, words: str) -> None:
    with smtp_server(login=("us", "unused")) as locked:
        async with relay_to(locked, user="us", token_command=command) as relay:
            receipt = await relay.send(MESSAGE, SENDER, RECIPIENT)
    assert (receipt.verdict, receipt.reachable) == (Verdict.TEMPORARY, False)
    assert words in receipt.reply
    assert "two words" not in receipt.reply


@pytest.mark.parametrize("host", ["relay.example", "192.0.2.1", "localhost.example"])
def test_no_tls_is_for_this_machine_alone(host: str) -> None:
    with pytest.raises(BadSetting, match="smtp_tls"):
        SmtpRelay(host, 25, tls="none")


def test_a_ca_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="smtp_ca_file"):
        SmtpRelay("relay.example", 465, tls="tls", ca_file=tmp_path / "missing.pem")


@pytest.mark.parametrize(
    "recipient",
    ["x@y.example>\r\nRCPT TO:<spy@evil.example", "no-at-sign", "a b@y.example", "ä@y.example", "@y"],
)
async def test_an_address_that_cannot_be_written_goes_to_a_person(
    server: ScriptedSmtp, recipient: str
) -> None:
    async with relay_to(server) as relay:
        receipt = await relay.send(MESSAGE, SENDER, recipient)
    assert receipt.verdict is Verdict.PERMANENT
    assert server.taken == []


HEAD = b"From: a@authority.example\r\nSubject: x\r\n\r\n"
NASTY = {
    "CRLF and seven bits": HEAD + b"Dear Sirs,\r\n\r\nplease answer.\r\n",
    "bare LF": HEAD.replace(b"\r\n", b"\n") + b"one\ntwo\n",
    "LF and CRLF mixed": HEAD + b"one\ntwo\r\n",
    "bare CR": HEAD + b"one\rtwo\r\n",
    "LF before CR": HEAD + b"one\n\rtwo\r\n",
    "eight bits": HEAD + "Größe\r\n".encode(),
    "every byte": bytes(range(256)) * 3,
    "NUL": HEAD + b"a\0b\r\n",
    "long lines": HEAD + b"x" * 2000 + b"\r\n",
    "the longest line allowed": HEAD + b"x" * 998 + b"\r\n",
    "one more than allowed": HEAD + b"x" * 999 + b"\r\n",
    "dots": HEAD + b".\r\n..\r\n.x\r\n.\r\n",
    "spaces at line ends": HEAD + b"one \r\ntwo\t\r\n",
    "no final line end": HEAD + b"the end",
    "From at a line's start": HEAD + b"From here on\r\n",
    "a boundary of its own": HEAD + b"--x\r\n\r\n--x--\r\n",
    "many blank lines at the end": HEAD + b"\r\n" * 20,
    "no header": b"only words\r\n",
    "empty": b"",
    "blank": b"\r\n",
}


@pytest.mark.parametrize("original", NASTY.values(), ids=NASTY)
async def test_the_attached_original_has_the_stored_sha256(server: ScriptedSmtp, original: bytes) -> None:
    digest = hashlib.sha256(original).hexdigest()
    notice = Notice(
        id=1,
        kind=NoticeKind.FORWARD,
        complaint_id=1,
        ref="FW-1",
        recipient=RECIPIENT,
        message_id="<n1@msp.example>",
        dedupe_key="k",
        facts={"sha256": digest, "authority": "Größe"},
        mail_id=1,
        created_at=datetime(2026, 3, 3, tzinfo=UTC),
        next_attempt_at=datetime(2026, 3, 3, tzinfo=UTC),
    )
    voice = Voice(organisation="MSP", address=SENDER, timezone="UTC")
    async with relay_to(server) as relay:
        receipt = await relay.send(compose(notice, voice, original), SENDER, RECIPIENT)
    assert receipt.verdict is Verdict.SENT
    assert hashlib.sha256(attached(server.taken[0].message)).hexdigest() == digest


def attached(message: bytes) -> bytes:
    """The attachment, cut out of the message as a mail program cuts it: by its boundary."""
    boundary = email.message_from_bytes(message).get_boundary()
    assert boundary is not None
    part = message.split(f"\r\n--{boundary}".encode())[2]
    head, _, body = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    return base64.b64decode(body) if b"Transfer-Encoding: base64" in head else body


async def test_without_a_relay_mail_lies_in_a_maildir_and_the_reply_says_so(tmp_path: Path) -> None:
    relay = MaildirRelay(tmp_path)
    first = await relay.send(MESSAGE, SENDER, RECIPIENT)
    again = await relay.send(MESSAGE, SENDER, RECIPIENT)
    assert first == again
    assert first.verdict is Verdict.SENT
    assert "no relay is configured" in first.reply
    [file] = (tmp_path / RECIPIENT / "new").iterdir()
    assert (file.name, file.read_bytes()) == (first.queue_id, MESSAGE)
    assert list((tmp_path / RECIPIENT / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    "recipient", ["../../etc/passwd@x", "/abs@x", "..", ".hidden@x", "", "x" * 5000 + "@y"]
)
async def test_no_recipient_names_a_place_outside_of_the_outgoing_folder(
    tmp_path: Path, recipient: str
) -> None:
    inside = tmp_path / "outgoing"
    assert (await MaildirRelay(inside).send(MESSAGE, SENDER, recipient)).verdict is Verdict.SENT
    [file] = files_below(tmp_path)
    assert file.parent.parent.parent == inside
    assert file.parent.name == "new"


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_two_addresses_never_share_a_maildir(tmp_path: Path) -> None:
    relay = MaildirRelay(tmp_path)
    assert relay.mailbox("a/b@x.example") != relay.mailbox("a_b@x.example")
    assert relay.mailbox("A@x.example") != relay.mailbox("a@x.example")


async def test_a_maildir_that_cannot_be_written_is_a_temporary_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    receipt = await MaildirRelay(tmp_path / "file").send(MESSAGE, SENDER, RECIPIENT)
    assert receipt.verdict is Verdict.TEMPORARY
