"""A real SMTP server in a thread, whose replies a test can script."""
# ruff: noqa: N802  aiosmtpd finds its hooks by names like handle_EHLO

import asyncio
import base64
import ipaddress
import ssl
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HANG_UP = "(hang up)"  # close the connection instead of a reply
TAKE_AND_HANG_UP = "(take, then hang up)"  # the message is there, its reply never comes
SAY_NOTHING = "(say nothing)"  # until the server is stopped


@dataclass(frozen=True)
class Taken:
    """A message as it came over the wire, dots unstuffed."""

    sender: str
    recipient: str
    message: bytes


class ScriptedSmtp:
    """Accepts everything, except where ``script`` says what to answer next.

    ``script["RCPT"].append("450 later")`` scripts one reply; GREETING, EHLO, MAIL, RCPT and DATA can be.
    """

    def __init__(
        self,
        *,
        tls_context: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        login: tuple[str, str] | None = None,
        port: int = 0,
    ) -> None:
        self.tokens: list[str] = []  # what XOAUTH2 brought
        self.script: dict[str, list[str]] = defaultdict(list)
        self.always: dict[str, str] = {}
        self.taken: list[Taken] = []
        self.connections = 0
        self.most_at_once = 0
        self.now_open = 0
        self.port = port
        self._tls, self._implicit, self._login = tls_context, implicit_tls, login
        self._loop = asyncio.new_event_loop()
        self._protocols: set[_Smtp] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.released = threading.Event()

    def start(self) -> "ScriptedSmtp":
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def stop(self) -> None:
        self.released.set()
        asyncio.run_coroutine_threadsafe(self._silence(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def stop_listening(self) -> None:
        """Refuse new connections, as a relay does that is down."""
        self._loop.call_soon_threadsafe(self._server.close)

    def reply(self, command: str) -> str | None:
        waiting = self.script[command]
        return waiting.pop(0) if waiting else self.always.get(command)

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(
            lambda: _Smtp(self, tls=self._tls, implicit=self._implicit, login=self._login),
            "127.0.0.1",
            self.port,
            ssl=self._tls if self._implicit else None,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _silence(self) -> None:
        self._server.close()
        for protocol in list(self._protocols):
            if protocol.transport is not None:
                # Python before 3.11.4 forgets that a closed TLS transport may be aborted too.
                with suppress(AttributeError):
                    protocol.transport.abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._server.wait_closed()


class _Smtp(SMTP):
    def __init__(
        self,
        owner: ScriptedSmtp,
        *,
        tls: ssl.SSLContext | None,
        implicit: bool,
        login: tuple[str, str] | None,
    ) -> None:
        self._owner = owner
        super().__init__(
            _Handler(owner),
            hostname="relay.test",
            loop=owner._loop,
            tls_context=None if implicit else tls,
            require_starttls=tls is not None and not implicit,
            auth_require_tls=False,
            authenticator=lambda *args: AuthResult(
                handled=False,
                success=login is not None and (args[4].login.decode(), args[4].password.decode()) == login,
            ),
        )
        # Not by the constructor, which warns of a login without TLS: that is what a test may want.
        self._auth_required = login is not None

    async def auth_XOAUTH2(self, _server: Any, args: list[str]) -> AuthResult:
        said = base64.b64decode(args[1]).decode()
        self._owner.tokens.append(said)
        good = "good" in said
        return AuthResult(success=good, handled=good, auth_data="us")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self.transport is None:
            self._owner.connections += 1
            self._owner.now_open += 1
            self._owner.most_at_once = max(self._owner.most_at_once, self._owner.now_open)
            self._owner._protocols.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self in self._owner._protocols:
            self._owner._protocols.discard(self)
            self._owner.now_open -= 1
        super().connection_lost(error)

    async def push(self, status: Any) -> None:
        if isinstance(status, str) and status.startswith("220 relay.test"):
            status = self._owner.reply("GREETING") or status
        await super().push(status)


class _Handler:
    def __init__(self, owner: ScriptedSmtp) -> None:
        self._owner = owner

    async def _answer(self, server: _Smtp, command: str, usual: str) -> str:
        reply = self._owner.reply(command)
        if reply == HANG_UP:
            return await self._hang_up(server)
        if reply == SAY_NOTHING:
            await asyncio.get_running_loop().run_in_executor(None, self._owner.released.wait)
            return await self._hang_up(server)
        return reply or usual

    async def _hang_up(self, server: _Smtp) -> str:
        assert server.transport is not None
        server.transport.abort()
        return "421 gone"

    async def handle_EHLO(
        self, server: _Smtp, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        refusal = self._owner.reply("EHLO")
        return [refusal] if refusal else responses

    async def handle_MAIL(
        self, server: _Smtp, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        reply = await self._answer(server, "MAIL", "250 OK")
        if reply.startswith("2"):
            envelope.mail_from = address
        return reply

    async def handle_RCPT(
        self, server: _Smtp, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        reply = await self._answer(server, "RCPT", "250 OK")
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: _Smtp, session: Any, envelope: Any) -> str:
        taken = Taken(envelope.mail_from, envelope.rcpt_tos[0], envelope.original_content)
        if self._owner.script["DATA"][:1] == [TAKE_AND_HANG_UP]:
            self._owner.script["DATA"].pop(0)
            self._owner.taken.append(taken)
            return await self._hang_up(server)
        count = len(self._owner.taken) + 1
        reply = await self._answer(server, "DATA", f"250 2.0.0 Ok: queued as Q{count:04d}")
        if reply.startswith("2"):
            self._owner.taken.append(taken)
        return reply


@contextmanager
def smtp_server(**options: Any) -> Iterator[ScriptedSmtp]:
    server = ScriptedSmtp(**options).start()
    try:
        yield server
    finally:
        server.stop()


def make_certificate(folder: Path, name: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for this address: the file to trust, and the server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    ca_file, key_file = folder / "ca.pem", folder / "key.pem"
    ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca_file, key_file)
    return ca_file, context
