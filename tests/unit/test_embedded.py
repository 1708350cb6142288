"""The local mailbox and relay, on which the demo and many tests stand, behave as real ones."""

import asyncio
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from pathlib import Path

import pytest

from complaints.errors import ForthwithError
from flows.embedded import EmbeddedImap, EmbeddedSmtp, Tls

LETTER = (
    b"From: a@ico.example\r\nMessage-ID: <one@ico.example>\r\nSubject: IC-1\r\n\r\nDear \x80\xff sirs\r\n"
)


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[EmbeddedImap]:
    with EmbeddedImap(tmp_path / "mailbox") as server:
        yield server


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[EmbeddedSmtp]:
    with EmbeddedSmtp(tmp_path / "relay") as server:
        yield server


def fetched(server: EmbeddedImap, folder: str = "INBOX") -> dict[int, dict[bytes, object]]:
    with server.connect() as client:
        client.normalise_times = False
        client.select_folder(folder, readonly=True)
        return dict(client.fetch(client.search("ALL"), ["BODY.PEEK[]", "INTERNALDATE", "FLAGS"]))


def uidvalidity(server: EmbeddedImap, folder: str = "INBOX") -> int:
    with server.connect() as client:
        return int(client.folder_status(folder, ["UIDVALIDITY"])[b"UIDVALIDITY"])


def send(relay: EmbeddedSmtp, *recipients: str, raw: bytes = LETTER) -> tuple[int, bytes]:
    with smtplib.SMTP(relay.host, relay.port, timeout=10) as client:
        client.ehlo()
        client.mail("desk@msp.example")
        for recipient in recipients:
            code, reply = client.rcpt(recipient)
            if code >= 400:
                return code, reply
        return client.data(raw)


class TestMailbox:
    def test_gives_back_every_byte_and_the_instant_of_delivery(self, mailbox: EmbeddedImap) -> None:
        at = datetime(2026, 3, 29, 1, 30, tzinfo=timezone(timedelta(hours=2)))
        uid = mailbox.deliver(LETTER, at=at)
        kept = fetched(mailbox)[uid]
        assert kept[b"BODY[]"] == LETTER
        assert kept[b"INTERNALDATE"] == at

    def test_keeps_mail_uids_flags_and_uidvalidity_over_a_crash(self, mailbox: EmbeddedImap) -> None:
        uid = mailbox.deliver(LETTER, "Junk")
        validity = uidvalidity(mailbox, "Junk")
        with mailbox.connect() as client:
            client.select_folder("Junk")
            client.add_flags([uid], [b"\\Seen", b"Forthwith"])
        port = mailbox.port
        mailbox.kill()
        mailbox.start()
        assert mailbox.port == port
        assert uidvalidity(mailbox, "Junk") == validity
        kept = fetched(mailbox, "Junk")
        assert set(kept[uid][b"FLAGS"]) >= {b"\\Seen", b"Forthwith"}
        assert kept[uid][b"BODY[]"] == LETTER

    def test_never_gives_a_uid_twice_even_when_its_message_was_moved_away(
        self, mailbox: EmbeddedImap
    ) -> None:
        first = mailbox.deliver(LETTER)
        with mailbox.connect() as client:
            client.select_folder("INBOX")
            client.move([first], "Junk")
        mailbox.stop()
        mailbox.start()
        assert mailbox.deliver(LETTER) > first
        assert [kept[b"BODY[]"] for kept in fetched(mailbox, "Junk").values()] == [LETTER]

    def test_numbers_a_folder_anew_as_a_restored_one(self, mailbox: EmbeddedImap) -> None:
        uid = mailbox.deliver(LETTER)
        before = uidvalidity(mailbox)
        with pytest.raises(ForthwithError, match="stop the local mailbox"):
            mailbox.renumber()
        mailbox.stop()
        mailbox.renumber()
        mailbox.start()
        assert uidvalidity(mailbox) != before
        assert list(fetched(mailbox)) == [uid + 1000]

    @pytest.mark.parametrize("tls", ["starttls", "tls"])
    def test_speaks_tls_with_a_certificate_of_its_own(self, tmp_path: Path, tls: Tls) -> None:
        with EmbeddedImap(tmp_path, tls=tls) as server:
            uid = server.deliver(LETTER)
            assert list(fetched(server)) == [uid]
            server.ca_file = None
            with pytest.raises(ssl.SSLCertVerificationError):
                server.connect()

    def test_hides_capabilities_that_a_test_wants_missing(self, tmp_path: Path) -> None:
        with EmbeddedImap(tmp_path, without=("IDLE", "MOVE")) as server, server.connect() as client:
            assert not client.has_capability("IDLE")
            assert not client.has_capability("MOVE")

    def test_says_in_one_line_why_it_could_not_start(self, mailbox: EmbeddedImap, tmp_path: Path) -> None:
        with pytest.raises(ForthwithError, match=r"did not start: .*address already in use"):
            EmbeddedImap(tmp_path / "other", port=mailbox.port).start()


class TestRelay:
    def test_delivers_each_recipient_the_bytes_of_the_wire(self, relay: EmbeddedSmtp) -> None:
        code, reply = send(relay, "eve@acme.example", "Bob@Globex.example")
        assert code == 250
        assert reply.startswith(b"2.0.0 Ok: queued as ")
        assert relay.mailbox("eve@acme.example") == [LETTER]
        assert relay.mailbox("bob@globex.example") == [LETTER]

    def test_keeps_the_order_of_arrival(self, relay: EmbeddedSmtp) -> None:
        letters = [b"Subject: %d\r\n\r\n\r\n" % number for number in range(12)]
        for letter in letters:
            send(relay, "eve@acme.example", raw=letter)
        assert relay.mailbox("eve@acme.example") == letters

    @pytest.mark.parametrize("reply", ["550 5.1.1 gone", "450 4.2.0 greylisted"])
    def test_refuses_a_recipient_until_told_otherwise(self, relay: EmbeddedSmtp, reply: str) -> None:
        relay.refuse("eve@acme.example", reply)
        code, words = send(relay, "eve@acme.example")
        assert f"{code} {words.decode()}" == reply
        relay.accept("eve@acme.example")
        assert send(relay, "eve@acme.example")[0] == 250

    def test_refuses_content_after_taking_the_recipient(self, relay: EmbeddedSmtp) -> None:
        relay.refuse_content("eve@acme.example", "554 5.7.1 virus")
        assert send(relay, "eve@acme.example") == (554, b"5.7.1 virus")
        assert relay.mailbox("eve@acme.example") == []

    def test_is_down_and_comes_back_on_the_same_port_with_its_mail(self, relay: EmbeddedSmtp) -> None:
        send(relay, "eve@acme.example")
        relay.stop()
        with pytest.raises(ConnectionRefusedError):
            send(relay, "eve@acme.example")
        relay.start()
        send(relay, "eve@acme.example")
        assert relay.mailbox("eve@acme.example") == [LETTER, LETTER]

    def test_returns_mail_it_accepted_with_a_report_that_names_it(self, relay: EmbeddedSmtp) -> None:
        came_back = threading.Event()
        reports: list[bytes] = []

        def inbox(report: bytes) -> None:
            reports.append(report)
            came_back.set()

        relay.bounce("eve@acme.example", inbox)
        assert send(relay, "eve@acme.example")[0] == 250
        assert came_back.wait(10)
        report = message_from_bytes(reports[0])
        assert report.get_content_type() == "multipart/report"
        _, status, returned = report.get_payload()
        assert status.get_payload()[1]["Final-Recipient"] == "rfc822; eve@acme.example"
        assert status.get_payload()[1]["Status"] == "5.1.1"
        assert "Message-ID: <one@ico.example>" in returned.get_payload()
        assert relay.mailbox("eve@acme.example") == []

    def test_bounces_into_the_local_mailbox(self, relay: EmbeddedSmtp, mailbox: EmbeddedImap) -> None:
        relay.bounce("eve@acme.example", mailbox.deliver)
        send(relay, "eve@acme.example")
        relay.close()
        (kept,) = fetched(mailbox).values()
        assert b"<one@ico.example>" in kept[b"BODY[]"]

    def test_takes_no_mail_without_tls_and_login_when_both_are_demanded(self, tmp_path: Path) -> None:
        with EmbeddedSmtp(tmp_path, starttls=True, user="desk", password="secret") as relay:
            assert send(relay, "eve@acme.example")[0] == 530
            with smtplib.SMTP(relay.host, relay.port, timeout=10) as client:
                client.starttls(context=ssl.create_default_context(cafile=str(relay.ca_file)))
                with pytest.raises(smtplib.SMTPAuthenticationError):
                    client.login("desk", "wrong")
                client.login("desk", "secret")
                client.sendmail("desk@msp.example", ["eve@acme.example"], LETTER)
            assert relay.mailbox("eve@acme.example") == [LETTER]


async def test_both_start_and_stop_inside_a_running_loop(tmp_path: Path) -> None:
    async with EmbeddedImap(tmp_path / "mailbox") as mailbox, EmbeddedSmtp(tmp_path / "relay") as relay:
        uid = await asyncio.to_thread(mailbox.deliver, LETTER, at=datetime(2026, 1, 1, tzinfo=UTC))
        assert uid == 1
        assert (await asyncio.to_thread(send, relay, "eve@acme.example"))[0] == 250


def test_the_mailbox_never_outlives_the_process_that_started_it(tmp_path: Path) -> None:
    program = (
        "import sys, os, pathlib; from flows.embedded import EmbeddedImap\n"
        "server = EmbeddedImap(pathlib.Path(sys.argv[1])).start()\n"
        "print(server.port, flush=True); os.kill(os.getpid(), 9)"
    )
    starter = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert starter.returncode == -9
    assert _refuses_within(10, int(starter.stdout))


def _refuses_within(seconds: float, port: int) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            return True
        except OSError:
            pass
        time.sleep(0.05)
    return False
