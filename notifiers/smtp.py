"""Mail over SMTP: kept connections, no silent downgrade, and a receipt for every try.

Beside its own parts (:mod:`notifiers.smtp_door`, :mod:`notifiers.smtp_transaction`) the only module that knows
aiosmtplib.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from complaints.clock import Clock, system_clock
from complaints.outbox import Verdict
from notifiers.addresses import UnsendableAddress, sendable
from notifiers.maildir import MaildirRelay
from notifiers.pace import Pace
from notifiers.receipt import NONE, Receipt, Relay, Wishes
from notifiers.replies import Stage, quoted
from notifiers.smtp_door import Door, Line, Login, RelayUnusable, TlsMode, unusable_at
from notifiers.smtp_transaction import BeginAgain, Letter, hand_over

__all__ = ["MaildirRelay", "Receipt", "Relay", "RelayUnusable", "SmtpRelay", "TlsMode"]

_IDLE_SECONDS = 30.0  # servers hang up on idle clients after a minute or more
_SLOWEST_BYTES_PER_SECOND = 50_000


class SmtpRelay:
    """A relay spoken to over a few kept connections; :class:`notifiers.relays.Relays` keeps count of its troubles.

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
        each: messages on one connection; many servers stop at a number.
        a_minute: letters in a minute, as :meth:`take_turn` hands out; 0: no limit.
        max_bytes: octets of the largest message, whatever the server announces; 0: what it announces.
        clock: for ``a_minute``.

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
        each: int = 100,
        a_minute: int = 0,
        max_bytes: int = 0,
        clock: Clock = system_clock,
    ) -> None:
        login = Login(user=user, password=password, token_command=token_command) if user else None
        self._door = Door(host, port, tls=tls, ca_file=ca_file, login=login, timeout=timeout)
        self._timeout, self._each, self._max_bytes = timeout, each, max_bytes
        self._pace = Pace(a_minute, clock)
        self._slots = asyncio.Semaphore(connections + spare)
        self._free: list[Line] = []
        self._open = 0
        self._knows_options = True
        self.valid_until: datetime | None = None
        """When the certificate ends that :meth:`check` has seen; None: none was shown."""

    @property
    def name(self) -> str:
        """Host and port."""
        return self._door.name

    async def send(self, message: bytes, sender: str, recipient: str, wishes: Wishes = NONE) -> Receipt:
        """Hand one message over for one recipient.

        Args:
            message: CRLF line ends; seven bits, unless an address needs more.
            sender: the envelope's return path.
            recipient: one address, so that a refusal always speaks of it alone.
            wishes: what else is asked of the relay.
        """
        try:
            letter = Letter(
                message=message,
                sender=sendable(sender),
                recipient=sendable(recipient),
                wishes=wishes,
                seconds=self._time_for(message),
            )
        except UnsendableAddress as error:
            return Receipt(verdict=Verdict.PERMANENT, reply=str(error))
        async with self._slots:
            try:
                receipt = await self._send(letter)
            except RelayUnusable as error:
                # Where other connections live, the relay merely has no room for one more.
                receipt = Receipt(
                    verdict=Verdict.TEMPORARY, reply=str(error), reachable=self._open > 0, elsewhere=True
                )
        evidence = {"relay": self.name, "octets": len(message)} | dict(receipt.evidence)
        return replace(receipt, evidence=evidence)

    def take_turn(self) -> bool:
        """Whether one more letter may be given to it in this minute; if so, it is counted."""
        return self._pace.take()

    async def check(self) -> list[str]:
        """Greeting, TLS, login, what is announced and a NOOP, on a connection of its own.

        Raises:
            RelayUnusable: at the first step that fails, with what to do about it.
        """
        line = await self._connect()
        try:
            with unusable_at(Stage.CONNECT):
                reply = await line.client.noop()
            ends = line.tls.get("not_after")
            self.valid_until = datetime.fromisoformat(ends) if ends else None
            return [*self._describe(line), f"NOOP: {quoted(reply.code, reply.message)}"]
        finally:
            await self._hang_up(line)

    async def close(self) -> None:
        """Say goodbye on every kept connection."""
        lines, self._free = self._free, []
        await asyncio.gather(*(self._hang_up(line) for line in lines))

    async def _send(self, letter: Letter) -> Receipt:
        new = False
        # A kept connection may be dead, and options refused: each once, so the third try is the last.
        while True:
            async with self._line(new=new) as line:
                objection = self._objection(line, letter)
                if objection is not None:
                    return objection
                try:
                    return await hand_over(line, letter, options=self._knows_options)
                except BeginAgain as again:
                    new, self._knows_options = True, self._knows_options and not again.options_refused

    def _objection(self, line: Line, letter: Letter) -> Receipt | None:
        """Why this server need not be asked at all."""
        size = len(letter.message)
        limits = [limit for limit in (line.size_limit, self._max_bytes) if limit]
        if limits and size > min(limits):
            words = f"not tried: the message has {size} bytes, and the relay takes {min(limits)} at most"
            return Receipt(verdict=Verdict.PERMANENT, reply=words, too_big=True)
        if letter.utf8 and not (line.can("smtputf8") and line.can("8bitmime")):
            words = (
                "not tried: the mail address has letters beyond ASCII before the @, and the relay cannot carry "
                "those (SMTPUTF8); put an address in plain letters into the register"
            )
            return Receipt(verdict=Verdict.PERMANENT, reply=words, elsewhere=True)
        return None

    @asynccontextmanager
    async def _line(self, *, new: bool) -> AsyncIterator[Line]:
        line = (None if new else await self._kept()) or await self._connect()
        try:
            yield line
        finally:
            if line.client.is_connected and line.sent < self._each:
                line.free_since = asyncio.get_running_loop().time()
                self._free.append(line)
            else:
                await self._hang_up(line)

    async def _kept(self) -> Line | None:
        """The kept connection used last, those that idled too long put away."""
        oldest = asyncio.get_running_loop().time() - _IDLE_SECONDS
        while self._free:
            line = self._free.pop()
            if line.client.is_connected and line.free_since >= oldest:
                return line
            await self._hang_up(line)
        return None

    async def _connect(self) -> Line:
        line = await self._door.open()
        self._open += 1
        return line

    async def _hang_up(self, line: Line) -> None:
        self._open -= 1
        await line.hang_up()

    def _time_for(self, message: bytes) -> float:
        # RFC 5321 4.5.3.2.6 wants ten minutes of patience here, since giving up on a letter that was
        # taken means sending it twice. Its own transfer is part of this wait.
        return self._timeout + len(message) / _SLOWEST_BYTES_PER_SECOND

    def _describe(self, line: Line) -> list[str]:
        login, limit, tls = self._door.login, line.size_limit, line.tls
        shown = (
            (
                f"{tls['version']}, certificate verified for {tls['certificate_name']}, issued by {tls['issuer']}, "
                f"valid until {tls['not_after'][:10]}"
            )
            if tls
            else "none (loopback)"
        )
        return [
            f"greeting: {line.greeting}",
            f"TLS: {shown}",
            f"login: accepted for {login.user}" if login else "login: none wanted",
            f"size: {limit} bytes at most" if limit else "size: no limit announced",
            f"reports of delivery: {'can be asked for' if line.can('dsn') else 'not announced (DSN)'}",
        ]
