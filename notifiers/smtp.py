"""Mail over SMTP: kept connections, no silent downgrade, and a receipt for every try.

The only module that knows aiosmtplib.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

import aiosmtplib

from complaints.errors import BadSetting, ForthwithError
from complaints.outbox import Verdict
from complaints.token_command import TokenUnavailable, token_from
from notifiers.addresses import UnsendableAddress, sendable
from notifiers.maildir import MaildirRelay
from notifiers.receipt import Receipt, Relay
from notifiers.replies import Stage, is_relay_trouble, judge, queue_id, quoted

__all__ = ["MaildirRelay", "Receipt", "Relay", "RelayUnusable", "SmtpRelay", "TlsMode"]

TlsMode = Literal["tls", "starttls", "none"]

_IDLE_SECONDS = 30.0  # servers hang up on idle clients after a minute or more
_MOST_MESSAGES = 100  # on one connection; many servers stop at a number like this
_QUIT_SECONDS = 2.0
_SLOWEST_BYTES_PER_SECOND = 50_000

# ValueError and UnicodeError are what aiosmtplib raises for a login or host name it cannot write.
_TROUBLE = (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError)


class RelayUnusable(ForthwithError):
    """The relay cannot be used; `forthwith doctor` says why."""

    def __init__(self, stage: Stage, words: str) -> None:
        self.stage = stage
        super().__init__(f"the relay cannot be used, it failed at {stage.value}: {words}. {_ADVICE[stage]}")


_ADVICE = {
    Stage.CONNECT: "Check smtp_host, smtp_port and smtp_tls, the network, and that the server is up",
    Stage.STARTTLS: "Check smtp_tls and smtp_ca_file: the connection is never used without TLS",
    Stage.LOGIN: "Check smtp_user and smtp_password: letters wait until the login works",
}


@dataclass(kw_only=True, slots=True)
class _Line:
    """A connection that is ready for a message."""

    client: aiosmtplib.SMTP
    greeting: str
    sent: int = 0
    free_since: float = 0.0  # the event loop's time

    @property
    def fresh(self) -> bool:
        return self.sent == 0


class SmtpRelay:
    """A relay spoken to over a few kept connections.

    Args:
        host: name or address; it must match the certificate.
        port: TCP port.
        tls: ``tls`` from the first byte, ``starttls`` (required, never skipped), ``none`` (loopback only).
        ca_file: PEM file of the one authority to trust, or None for the system's.
        user: login name; empty for no login.
        password: of the login.
        token_command: prints an OAuth 2 access token; set, XOAUTH2 is used instead of the password.
        timeout: seconds to wait for any answer; handing over a large message may take longer.
        connections: how many at once for letters; alarms have ``spare`` ones beside them.
        spare: how many more there can be.

    Raises:
        BadSetting: ``none`` for a host that is not this machine, or a ca_file that cannot be read.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tls: TlsMode,
        ca_file: Path | None = None,
        user: str = "",
        password: str = "",
        token_command: str = "",
        timeout: float = 30,
        connections: int = 8,
        spare: int = 0,
    ) -> None:
        self._host, self._port, self._tls = host, port, tls
        self._login: dict[str, Any] = {"username": user, "password": password} if user else {}
        self._token_command = token_command
        self._context = _tls_context(host, tls, ca_file)
        self._timeout = timeout
        self._slots = asyncio.Semaphore(connections + spare)
        self._free: list[_Line] = []
        self._open = 0
        self._hostname: str | None = None

    async def send(self, message: bytes, sender: str, recipient: str) -> Receipt:
        """Hand one message over for one recipient.

        Args:
            message: CRLF line ends, seven bits.
            sender: the envelope's return path.
            recipient: one address, so that a refusal always speaks of it alone.
        """
        try:
            envelope = sendable(sender), sendable(recipient)
        except UnsendableAddress as error:
            return Receipt(verdict=Verdict.PERMANENT, reply=str(error))
        async with self._slots:
            try:
                return await self._send(message, *envelope)
            except RelayUnusable as error:
                # Where other connections live, the relay merely has no room for one more.
                return Receipt(verdict=Verdict.TEMPORARY, reply=str(error), reachable=self._open > 0)

    async def check(self) -> list[str]:
        """Greeting, TLS, login and a NOOP on a connection of its own.

        Raises:
            RelayUnusable: at the first step that fails, with what to do about it.
        """
        line = await self._connect()
        try:
            with _as_unusable(Stage.CONNECT):
                reply = await line.client.noop()
            return [*self._describe(line), f"NOOP: {quoted(reply.code, reply.message)}"]
        finally:
            await self._hang_up(line)

    async def close(self) -> None:
        """Say goodbye on every kept connection."""
        lines, self._free = self._free, []
        await asyncio.gather(*(self._hang_up(line) for line in lines))

    async def _send(self, message: bytes, sender: str, recipient: str) -> Receipt:
        async with self._line() as line:
            receipt = await self._converse(line, message, sender, recipient)
        if receipt is not None:
            return receipt
        # The server had hung up on a kept connection before it heard of the letter: no try was made.
        async with self._line(new=True) as line:
            receipt = await self._converse(line, message, sender, recipient)
        assert receipt is not None
        return receipt

    async def _converse(self, line: _Line, message: bytes, sender: str, recipient: str) -> Receipt | None:
        """One mail transaction; None when a kept connection turns out to be dead at its first command."""
        client, stage = line.client, Stage.MAIL
        was_kept = not line.fresh
        line.sent += 1
        try:
            await client.mail(sender, options=_size_option(client, message))
            stage = Stage.RCPT
            await client.rcpt(recipient)
            stage = Stage.DATA
            answer = await _hand_over(client, message, self._time_for(message))
        except aiosmtplib.SMTPResponseException as refusal:
            if was_kept and stage is Stage.MAIL and refusal.code == 421:
                client.close()
                return None
            return await self._refused(client, stage, refusal)
        except _TROUBLE as trouble:
            client.close()
            return None if was_kept and stage is Stage.MAIL else _broken_off(stage, trouble)
        except BaseException:
            # Cancelled halfway: nobody knows what the server would answer next on this connection.
            client.close()
            raise
        words = answer.message
        return Receipt(verdict=Verdict.SENT, reply=quoted(answer.code, words), queue_id=queue_id(words))

    async def _refused(
        self, client: aiosmtplib.SMTP, stage: Stage, refusal: aiosmtplib.SMTPResponseException
    ) -> Receipt:
        # A code of -1 is aiosmtplib's for an answer that is none.
        code, text = refusal.code, refusal.message
        await self._reset(client, usable=400 <= code < 600 and code != 421)
        trouble = is_relay_trouble(code, stage, text)
        words = quoted(code, text)
        if trouble:
            words = f"{words} (the relay refused while {stage.value}; this is not about the recipient)"
        return Receipt(verdict=judge(code, stage, text), reply=words, reachable=not trouble)

    async def _reset(self, client: aiosmtplib.SMTP, *, usable: bool) -> None:
        """Clear the envelope, or drop a connection on which that cannot be done."""
        if usable and client.is_connected:
            with suppress(*_TROUBLE):
                await client.rset()
                return
        client.close()

    @asynccontextmanager
    async def _line(self, *, new: bool = False) -> AsyncIterator[_Line]:
        line = (None if new else await self._kept()) or await self._connect()
        try:
            yield line
        finally:
            if line.client.is_connected and line.sent < _MOST_MESSAGES:
                line.free_since = asyncio.get_running_loop().time()
                self._free.append(line)
            else:
                await self._hang_up(line)

    async def _kept(self) -> _Line | None:
        """The kept connection used last, those that idled too long put away."""
        oldest = asyncio.get_running_loop().time() - _IDLE_SECONDS
        while self._free:
            line = self._free.pop()
            if line.client.is_connected and line.free_since >= oldest:
                return line
            await self._hang_up(line)
        return None

    async def _connect(self) -> _Line:
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            local_hostname=self._hostname,
            timeout=self._timeout,
            use_tls=self._tls == "tls",
            start_tls=False,
            tls_context=self._context,
        )
        try:
            greeting = await self._prepare(client)
        except BaseException:
            client.close()
            raise
        self._hostname = client.local_hostname
        self._open += 1
        return _Line(client=client, greeting=greeting)

    async def _prepare(self, client: aiosmtplib.SMTP) -> str:
        """Connect, encrypt and log in as the settings say; the server's greeting."""
        with _as_unusable(Stage.CONNECT):
            # aiosmtplib bounds each wait; this bounds them together, name look-up and handshake too.
            async with asyncio.timeout(self._timeout):
                greeting = await client.connect()
                await client.ehlo()
        if self._tls == "starttls":
            with _as_unusable(Stage.STARTTLS):
                await client.starttls()
                await client.ehlo()
        if self._login:
            await self._log_in(client)
        return quoted(greeting.code, greeting.message)

    async def _log_in(self, client: aiosmtplib.SMTP) -> None:
        user = self._login["username"]
        if not self._token_command:
            with _as_unusable(Stage.LOGIN):
                await client.login(user, self._login["password"])
            return
        try:
            # Asked for each connection: what was printed an hour ago has run out.
            token = await asyncio.to_thread(token_from, self._token_command, "smtp_token_command")
        except TokenUnavailable as error:
            raise RelayUnusable(Stage.LOGIN, str(error)) from None
        with _as_unusable(Stage.LOGIN):
            await client.auth_xoauth2(user, token)

    async def _hang_up(self, line: _Line) -> None:
        self._open -= 1
        if line.client.is_connected:
            with suppress(*_TROUBLE):
                await line.client.quit(timeout=_QUIT_SECONDS)
        line.client.close()

    def _time_for(self, message: bytes) -> float:
        # RFC 5321 4.5.3.2.6 wants ten minutes of patience here, since giving up on a letter that was
        # taken means sending it twice. Its own transfer is part of this wait.
        return self._timeout + len(message) / _SLOWEST_BYTES_PER_SECOND

    def _describe(self, line: _Line) -> list[str]:
        session = line.client.get_transport_info("ssl_object")
        tls = f"TLS: {session.version()}, certificate verified" if session else "TLS: none (loopback)"
        login = f"login: accepted for {self._login['username']}" if self._login else "login: none wanted"
        return [f"greeting: {line.greeting}", tls, login]


class _as_unusable:  # noqa: N801  reads as a word of the with statement
    """Turns every failure of one stage into RelayUnusable."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, aiosmtplib.SMTPResponseException):
            raise RelayUnusable(self._stage, quoted(error.code, error.message)) from error
        if isinstance(error, _TROUBLE):
            raise RelayUnusable(self._stage, _words(error)) from error


def _tls_context(host: str, tls: TlsMode, ca_file: Path | None) -> ssl.SSLContext | None:
    if tls == "none":
        if not _is_loopback(host):
            raise BadSetting(
                f"setting smtp_tls is 'none' and smtp_host is {host!r}: only a relay on this machine "
                "(127.0.0.1, ::1, localhost) may be spoken to without TLS; set tls or starttls"
            )
        return None
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise BadSetting(
            f"setting smtp_ca_file is '{ca_file}': no PEM certificate can be read ({error})"
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _size_option(client: aiosmtplib.SMTP, message: bytes) -> list[str]:
    # RFC 1870: a message that is too large is refused before it is transferred.
    return [f"SIZE={len(message)}"] if client.supports_extension("size") else []


async def _hand_over(client: aiosmtplib.SMTP, message: bytes, seconds: float) -> aiosmtplib.SMTPResponse:
    """DATA. The client's own method mends line ends first, which for ours takes as long as all the rest.

    Raises:
        SMTPDataError: the server would not have it.
    """
    protocol = client.protocol
    if protocol is None:
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    protocol.write(b"DATA\r\n")
    answer = await protocol.read_response(timeout=seconds)
    if answer.code == aiosmtplib.SMTPStatus.start_input:
        # RFC 5321, 4.5.2: a line that begins with a full stop gets another.
        protocol.write(message.replace(b"\n.", b"\n..") + b".\r\n")
        answer = await protocol.read_response(timeout=seconds)
        if answer.code == aiosmtplib.SMTPStatus.completed:
            return answer
    raise aiosmtplib.SMTPDataError(answer.code, answer.message)


def _broken_off(stage: Stage, trouble: BaseException) -> Receipt:
    if stage is Stage.DATA:
        words = (
            f"outcome unknown: the connection broke while {stage.value} ({_words(trouble)}); the relay may have "
            "taken the message, which is sent again under the same Message-ID"
        )
    else:
        words = f"the connection broke while {stage.value}: {_words(trouble)}"
    # A server that let us wait in vain will do so with the next letter; one that hung up may not.
    return Receipt(verdict=Verdict.TEMPORARY, reply=words, reachable=not isinstance(trouble, TimeoutError))


def _words(trouble: BaseException) -> str:
    if isinstance(trouble, TimeoutError):
        return "no answer in time"
    return quoted(0, str(trouble)) or type(trouble).__name__
