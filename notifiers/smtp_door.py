"""The way into a relay: connect, encrypt, log in; what comes out is a connection ready for a message."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import aiosmtplib

from complaints.errors import BadSetting, ForthwithError
from complaints.token_command import TokenUnavailable, token_from
from notifiers.certificate import protection_of
from notifiers.replies import Stage, quoted

TlsMode = Literal["tls", "starttls", "none"]

_QUIT_SECONDS = 2.0

# ValueError and UnicodeError are what aiosmtplib raises for a login or host name it cannot write.
TROUBLE = (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """One user at one relay."""

    user: str
    password: str = ""
    token_command: str = ""  # set, it prints an OAuth 2 access token: XOAUTH2 in place of the password

    async def at(self, client: aiosmtplib.SMTP) -> None:
        """Log in.

        Raises:
            SMTPException: the relay would not have it, or offers no way.
            TokenUnavailable: the command gave no token.
        """
        if not self.token_command:
            await client.login(self.user, self.password)
            return
        # Asked for each connection: what was printed an hour ago has run out.
        token = await asyncio.to_thread(token_from, self.token_command, "smtp_token_command")
        await client.auth_xoauth2(self.user, token)


@dataclass(kw_only=True, slots=True)
class Line:
    """A connection that is ready for a message."""

    client: aiosmtplib.SMTP
    greeting: str
    tls: dict[str, str] = field(default_factory=dict)  # see notifiers.certificate; empty: in the clear
    sent: int = 0
    free_since: float = 0.0  # the event loop's time

    @property
    def fresh(self) -> bool:
        """Whether no message was given to it yet."""
        return self.sent == 0

    @property
    def size_limit(self) -> int:
        """Octets that the server says it takes at most (RFC 1870); 0: it does not say."""
        said = self.client.esmtp_extensions.get("size", "").split()
        return int(said[0]) if said and said[0].isdecimal() and len(said[0]) < 20 else 0

    def can(self, extension: str) -> bool:
        """Whether the server announced it."""
        return self.client.supports_extension(extension)

    async def hang_up(self) -> None:
        """Say goodbye where anybody listens, and close."""
        if self.client.is_connected:
            with suppress(*TROUBLE):
                await self.client.quit(timeout=_QUIT_SECONDS)
        self.client.close()


class Door:
    """Where a relay is, and how it is entered.

    Args:
        host: name or address; it must match the certificate.
        port: TCP port.
        tls: ``tls`` from the first byte, ``starttls`` (required, never skipped), ``none`` (loopback only).
        ca_file: PEM file of the one authority to trust, or None for the system's.
        login: None where none is wanted.
        timeout: seconds for any answer.

    Raises:
        BadSetting: ``none`` for a host that is not this machine, or a ca_file that cannot be read.
    """

    def __init__(
        self, host: str, port: int, *, tls: TlsMode, ca_file: Path | None, login: Login | None, timeout: float
    ) -> None:
        self._host, self._port, self._tls, self._timeout = host, port, tls, timeout
        self.login = login
        self._context = _tls_context(host, tls, ca_file)
        self._hostname: str | None = None

    @property
    def name(self) -> str:
        """For people and evidence."""
        return f"{self._host}:{self._port}"

    async def open(self) -> Line:
        """A new connection.

        Raises:
            RelayUnusable: at the first step that failed.
        """
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
        session = client.get_transport_info("ssl_object")
        return Line(client=client, greeting=greeting, tls=protection_of(session) if session else {})

    async def _prepare(self, client: aiosmtplib.SMTP) -> str:
        with unusable_at(Stage.CONNECT):
            # aiosmtplib bounds each wait; this bounds them together, name look-up and handshake too.
            async with asyncio.timeout(self._timeout):
                greeting = await client.connect()
                await client.ehlo()
        if self._tls == "starttls":
            with unusable_at(Stage.STARTTLS):
                await client.starttls()
                await client.ehlo()
        if self.login:
            with unusable_at(Stage.LOGIN):
                await self.login.at(client)
        return quoted(greeting.code, greeting.message)


@contextmanager
def unusable_at(stage: Stage) -> Iterator[None]:
    """Turn every failure of this stage into RelayUnusable."""
    try:
        yield
    except aiosmtplib.SMTPResponseException as error:
        raise RelayUnusable(stage, quoted(error.code, error.message)) from error
    except TokenUnavailable as error:
        raise RelayUnusable(stage, str(error)) from None
    except TROUBLE as error:
        raise RelayUnusable(stage, words_of(error)) from error


def words_of(trouble: BaseException) -> str:
    """What went wrong, in one line."""
    if isinstance(trouble, TimeoutError):
        return "no answer in time"
    return quoted(0, str(trouble)) or type(trouble).__name__


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
