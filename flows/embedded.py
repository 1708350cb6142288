"""Real local servers for ``forthwith up --demo`` and for the tests: a mailbox and a relay.

Both listen on 127.0.0.1 alone, keep what they hold in a folder, and come back on the same port with the
same content after a stop, a crash or a restart.
"""

import asyncio
import json
import secrets
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from imapclient import IMAPClient

from complaints.clock import system_clock
from complaints.errors import ForthwithError

Tls = Literal["none", "starttls", "tls"]

_START_TAKES_AT_MOST = 30.0  # seconds
_LARGEST_MAIL = 100 * 2**20  # bytes


class EmbeddedImap:
    """An IMAP server (IDLE, MOVE, UIDPLUS, any keyword) as a child process.

    Messages, UIDs, flags and UIDVALIDITY outlive the process; every byte comes back as it was given.

    Args:
        directory: where mail is kept; made when missing.
        user: login name of its one account.
        password: of that account.
        folders: made at start, beside INBOX.
        tls: ``none``, ``starttls`` or ``tls`` from the first byte, with a certificate of its own
            (:attr:`ca_file`).
        port: TCP port; 0 takes a free one and keeps it for later starts.
        without: capabilities to hide, e.g. ``("IDLE", "MOVE")``.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        directory: Path,
        *,
        user: str = "privacy@msp.example",
        password: str = "local-demo",  # noqa: S107 -- a mailbox on loopback that holds made-up letters
        folders: Sequence[str] = ("Junk",),
        tls: Tls = "none",
        port: int = 0,
        without: Sequence[str] = (),
    ) -> None:
        self.directory = directory
        self.user = user
        self.password = password
        self.folders = tuple(folders)
        self.tls: Tls = tls
        self.port = port
        self.without = tuple(without)
        self.ca_file: Path | None = None
        self._key: Path | None = None
        self._process: subprocess.Popen[str] | None = None
        self._client: IMAPClient | None = None
        self._lock = threading.Lock()

    def start(self) -> Self:
        """Start and wait until it listens.

        Raises:
            ForthwithError: with the last line it wrote.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        if self.tls != "none" and self.ca_file is None:
            self.ca_file, self._key = self_signed(self.directory)
        log = self.directory / "server.log"
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flows.embedded_imapd"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.port = self._announced_port(self._process, log)
        return self

    def _announced_port(self, process: "subprocess.Popen[str]", log: Path) -> int:
        assert process.stdin is not None
        assert process.stdout is not None
        patience = threading.Timer(_START_TAKES_AT_MOST, process.kill)
        patience.start()
        try:
            process.stdin.write(json.dumps(self._order()) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        finally:
            patience.cancel()
        if not line:
            self.stop()
            last = (log.read_text().strip().splitlines() or ["it said nothing"])[-1]
            raise ForthwithError(f"the local mailbox did not start: {last}")
        return int(line)

    def _order(self) -> dict[str, Any]:
        return {
            "directory": str(self.directory),
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "folders": self.folders,
            "tls": self.tls,
            "certificate": str(self.ca_file),
            "key": str(self._key),
            "without": self.without,
        }

    def stop(self) -> None:
        """End it; mail stays."""
        self._end(lambda process: process.stdin.close() if process.stdin else None)

    def kill(self) -> None:
        """End it as a crash would (SIGKILL)."""
        self._end(lambda process: process.kill())

    def _end(self, how: Callable[["subprocess.Popen[str]"], None]) -> None:
        process, self._process = self._process, None
        self._hang_up()
        if process is None:
            return
        how(process)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.start)

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.stop)

    def connect(self) -> IMAPClient:
        """Open a new connection, logged in; the caller logs out."""
        # Without a file this trusts what the machine trusts, which the certificate of a test is not.
        context = ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
        client = IMAPClient(
            self.host, self.port, ssl=self.tls == "tls", ssl_context=context, timeout=_START_TAKES_AT_MOST
        )
        try:
            # APPEND ends with a small write of its own, which would wait 40 ms for an acknowledgement.
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls == "starttls":
                client.starttls(context)
            client.login(self.user, self.password)
        except Exception:
            # A handshake that failed has closed the socket already.
            with suppress(OSError):
                client.shutdown()
            raise
        return client

    def deliver(self, raw: bytes, folder: str = "INBOX", at: datetime | None = None) -> int:
        """Put a message into a folder, as a delivery agent would.

        Args:
            raw: the message; stored verbatim, but that a bare LF becomes CRLF, as IMAP demands.
            folder: an existing folder.
            at: INTERNALDATE, aware; the present instant when None.

        Returns:
            its UID.
        """
        with self._lock:
            if self._client is None:
                self._client = self.connect()
            # A naive instant would be read in this machine's zone; IMAP carries the offset.
            answer = self._client.append(folder, raw, msg_time=at or system_clock())
        return int(answer.rpartition(b"]")[0].split()[-1])

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError):
                client.shutdown()

    def renumber(self, folder: str = "INBOX") -> None:
        """Give a folder a new UIDVALIDITY and its messages new UIDs, as a restored mailbox has them.

        Only while the server is stopped.
        """
        if self._process is not None:
            raise ForthwithError("stop the local mailbox before its folders are numbered anew")
        place = self.directory / quote(folder, safe="")
        state = json.loads((place / "folder.json").read_text())
        state["uidvalidity"] += 1
        for path in sorted(place.glob("*.eml"), reverse=True):
            uid, rest = path.name.split(",", 1)
            path.rename(path.with_name(f"{int(uid) + 1000:08d},{rest}"))
        (place / "folder.json").write_text(json.dumps(state))


Reply = str
"""An SMTP reply with its codes, e.g. ``550 5.1.1 no such user``."""


class EmbeddedSmtp:
    """An SMTP relay in a thread, which delivers into Maildir folders that one can read.

    ``directory/ADDRESS/new`` holds the mail of each recipient, byte for byte as it came over the wire.
    It can be told to refuse recipients or content, to be down, and to accept mail that then bounces.

    Args:
        directory: where mail is kept; made when missing.
        port: TCP port; 0 takes a free one and keeps it for later starts.
        starttls: offer STARTTLS with a certificate of its own (:attr:`ca_file`) and take no mail without.
        user: login name that is then demanded; empty demands none.
        password: of that login.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        directory: Path,
        *,
        port: int = 0,
        starttls: bool = False,
        user: str = "",
        password: str = "",
    ) -> None:
        self.directory = directory
        self.port = port
        self.user = user
        self.password = password
        self.starttls = starttls
        self.ca_file: Path | None = None
        self.refused_recipients: dict[str, Reply] = {}
        self.refused_content: dict[str, Reply] = {}
        self._bouncing: dict[str, tuple[Callable[[bytes], object], Reply]] = {}
        self._controller: Controller | None = None
        self._post: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._taken = 0

    def start(self) -> Self:
        """Start and wait until it listens."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        # A name of its own: resolving this machine's can take seconds where there is no DNS.
        options: dict[str, Any] = {
            "server_hostname": "relay.localhost",
            "ident": "ESMTP",
            "enable_SMTPUTF8": True,
        }
        options |= {"data_size_limit": _LARGEST_MAIL}
        if self.starttls:
            self.ca_file, key = self_signed(self.directory)
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self.ca_file, key)
            options |= {"tls_context": context, "require_starttls": True}
        if self.user:
            options |= {
                "authenticator": self._authenticate,
                "auth_required": True,
                "auth_require_tls": self.starttls,
            }
        self._post = self._post or ThreadPoolExecutor(max_workers=1, thread_name_prefix="bounces")
        self._controller = Controller(_Postman(self), hostname=self.host, port=self.port, **options)
        self._controller.start()
        return self

    def stop(self) -> None:
        """Go down: connections are cut, new ones refused; mail and behaviour stay for the next start."""
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.stop()

    def close(self) -> None:
        """Go down after the bounces that are under way."""
        self.stop()
        post, self._post = self._post, None
        if post is not None:
            post.shutdown()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.start)

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.close)

    def refuse(self, address: str, reply: Reply = "550 5.1.1 no such mailbox") -> None:
        """Answer RCPT for this address with ``reply``: 5xx for good, 4xx for now."""
        self.refused_recipients[address.lower()] = reply

    def refuse_content(self, address: str, reply: Reply = "554 5.7.1 content rejected") -> None:
        """Take the recipient, then answer the whole content with ``reply``."""
        self.refused_content[address.lower()] = reply

    def bounce(
        self,
        address: str,
        give_back: Callable[[bytes], object],
        status: Reply = "550 5.1.1 mailbox moved away",
    ) -> None:
        """Accept mail for this address, then hand a report of non-delivery to ``give_back``.

        Args:
            address: the recipient.
            give_back: is called in a thread, e.g. :meth:`EmbeddedImap.deliver`.
            status: what the next server said, for the report.
        """
        self._bouncing[address.lower()] = (give_back, status)

    def accept(self, address: str) -> None:
        """Behave well again towards this address."""
        for rules in (self.refused_recipients, self.refused_content, self._bouncing):
            rules.pop(address.lower(), None)

    def mailbox(self, address: str) -> list[bytes]:
        """What was delivered to an address, in order of arrival."""
        return [path.read_bytes() for path in sorted((self.folder(address) / "new").glob("*"))]

    def folder(self, address: str) -> Path:
        """The Maildir of an address, whether or not anything came yet."""
        return self.directory / quote(address.lower(), safe="@+=")

    def _authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        del server, session, envelope, mechanism
        wanted = LoginPassword(self.user.encode(), self.password.encode())
        return AuthResult(success=data == wanted, handled=False)

    def take(self, sender: str, recipients: Sequence[str], raw: bytes) -> Reply:
        """Deliver one mail to each recipient and answer for the relay."""
        for address in recipients:
            if reply := self.refused_content.get(address.lower()):
                return reply
        with self._lock:
            self._taken += 1
            queue_id = f"{self._taken:06d}{secrets.token_hex(3).upper()}"
        for address in recipients:
            if (rule := self._bouncing.get(address.lower())) and self._post:
                self._post.submit(self._give_back, rule, sender, address, raw)
            else:
                self._deliver(address, queue_id, raw)
        return f"250 2.0.0 Ok: queued as {queue_id}"

    def _give_back(
        self, rule: tuple[Callable[[bytes], object], Reply], sender: str, address: str, raw: bytes
    ) -> None:
        give_back, status = rule
        give_back(
            non_delivery_report(sender=sender, recipient=address, status=status, raw=raw, at=system_clock())
        )

    def _deliver(self, address: str, queue_id: str, raw: bytes) -> None:
        place = self.folder(address)
        for part in ("tmp", "new", "cur"):
            (place / part).mkdir(parents=True, exist_ok=True)
        # The number of arrival follows the seconds, so that names sort in order of arrival.
        name = f"{int(system_clock().timestamp())}.{queue_id}.relay"
        (place / "tmp" / name).write_bytes(raw)
        (place / "tmp" / name).rename(place / "new" / name)


class _Postman:
    """Answers the relay's SMTP commands."""

    def __init__(self, relay: EmbeddedSmtp) -> None:
        self._relay = relay

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it so
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> Reply:
        del server, session
        if reply := self._relay.refused_recipients.get(address.lower()):
            return reply
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> Reply:  # noqa: N802
        del server, session
        return self._relay.take(envelope.mail_from or "", envelope.rcpt_tos, envelope.original_content)


def free_port() -> int:
    """Find a TCP port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def non_delivery_report(*, sender: str, recipient: str, status: Reply, raw: bytes, at: datetime) -> bytes:
    """Write the report of RFC 3464 that says a mail could not be delivered.

    Args:
        sender: to whom it goes back: the envelope sender.
        recipient: who could not be reached.
        status: the other server's reply, e.g. ``550 5.1.1 no such user``.
        raw: the mail; its header section is given back (RFC 3462).
        at: when, aware.
    """
    code = next((word for word in status.split() if word.count(".") == 2), "5.0.0")
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = "Mail Delivery System <MAILER-DAEMON@relay.localhost>"
    report["To"] = sender
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Date"] = format_datetime(at)
    report["Message-ID"] = make_msgid(domain="relay.localhost")
    report["Auto-Submitted"] = "auto-replied"
    report["Return-Path"] = "<>"
    report.attach(MIMEText(f"Your mail could not be delivered to <{recipient}>:\n\n    {status}\n"))
    report.attach(_delivery_status(recipient, code, status, at))
    report.attach(_returned_headers(raw))
    return report.as_bytes(policy=SMTP)


def _delivery_status(recipient: str, code: str, status: Reply, at: datetime) -> Message:
    part = MIMENonMultipart("message", "delivery-status")
    about_the_mail, about_the_recipient = Message(), Message()
    about_the_mail["Reporting-MTA"] = "dns; relay.localhost"
    about_the_mail["Arrival-Date"] = format_datetime(at)
    about_the_recipient["Final-Recipient"] = f"rfc822; {recipient}"
    about_the_recipient["Action"] = "failed"
    about_the_recipient["Status"] = code
    about_the_recipient["Diagnostic-Code"] = f"smtp; {status}"
    part.set_payload([about_the_mail, about_the_recipient])
    return part


def _returned_headers(raw: bytes) -> Message:
    part = MIMENonMultipart("text", "rfc822-headers")
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    part.set_payload(head.decode("ascii", "replace") + "\n")
    return part


def self_signed(directory: Path) -> tuple[Path, Path]:
    """Write a certificate for 127.0.0.1 and localhost that signs itself, and its key.

    Returns:
        the PEM files of certificate and key; those already there are kept.
    """
    from cryptography import x509  # noqa: PLC0415 -- slow to import, and only needed for TLS
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    directory.mkdir(parents=True, exist_ok=True)
    certificate_file, key_file = directory / "certificate.pem", directory / "key.pem"
    if certificate_file.exists() and key_file.exists():
        return certificate_file, key_file
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    now = system_clock()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return certificate_file, key_file
