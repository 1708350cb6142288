r"""One connection to one IMAP folder: blocking, for a thread of its own.

Only reads, but for :meth:`Session.mark` and :meth:`Session.put`. Every command leaves the mailbox as it was (BODY.PEEK, EXAMINE
where nothing is to be marked), and nothing here can delete: there is no EXPUNGE and no \Deleted.
"""

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, TypeVar

import structlog
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from complaints.clock import require_aware
from complaints.errors import BadSetting, InboxUnavailable
from complaints.token_command import TokenUnavailable, token_from

log = structlog.get_logger()

_AT_ONCE = 100  # UIDs in one command, which keeps its line under RFC 7162's 8000 octets
_UIDS_A_SEARCH = 50_000  # keeps an answer under the megabyte a line may have in imaplib
_HEADER_BYTES = 256 * 1024
_CONNECT_SECONDS = 20

T = TypeVar("T")


class Refused(Exception):
    """The server answered NO, or with something that cannot be read. The connection is sound."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImapAccount:
    """How to reach a mailbox.

    Raises:
        BadSetting: mail would cross a network in the clear.
    """

    host: str
    port: int = 993
    tls: Literal["tls", "starttls", "none"] = "tls"
    ca_file: Path | None = None  # None: the authorities this machine trusts
    user: str
    password: str = field(default="", repr=False)
    token_command: str = field(default="", repr=False)  # set: XOAUTH2, and what it prints is the token
    timeout_seconds: float = 60  # for any answer

    def __post_init__(self) -> None:
        if self.tls == "none" and not _is_loopback(self.host):
            raise BadSetting(
                f"setting imap_tls is 'none' for {self.host}: mail may cross a network only with 'tls' or "
                "'starttls'; 'none' is for 127.0.0.1, ::1 and localhost"
            )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the server says of a message without its content."""

    uid: int
    size: int = 0  # RFC822.SIZE in bytes; 0 when it would not say
    at: datetime | None = None  # INTERNALDATE in UTC; None when it would not say


class Session:
    """A folder, opened. Made in the thread that uses it."""

    def __init__(self, account: ImapAccount, folder: str, *, marks: bool) -> None:
        """Connect, log in and open the folder.

        Args:
            account: where and as whom.
            folder: its name as people see it.
            marks: whether :meth:`mark` will be used; otherwise the folder is opened read-only.

        Raises:
            InboxUnavailable: in one line, with the cause.
        """
        self._what = f"{account.user}/{folder} on {account.host}:{account.port}"
        self._idling = False
        self._news = False  # told before IDLE began
        self._client: Any = None
        with self._cause_named("cannot connect"):
            self._client = _connected(account)
        with self._cause_named("login failed"):
            _log_in(self._client, account)
        with self._cause_named("the folder cannot be opened"):
            answer = self._client.select_folder(folder, readonly=not marks)
            self.uidvalidity = int(answer[b"UIDVALIDITY"])
            self._uidnext = int(answer.get(b"UIDNEXT", 0))
            self.can_idle = bool(self._client.has_capability("IDLE"))

    @contextmanager
    def _cause_named(self, what: str) -> Iterator[None]:
        try:
            yield
        except InboxUnavailable:
            self.drop()
            raise
        except Exception as error:
            self.drop()
            raise InboxUnavailable(f"{self._what}: {what}: {_one_line(error)}") from error

    def _ask(self, command: Callable[[], T]) -> T:
        """Give a command.

        Raises:
            InboxUnavailable: the connection is lost.
            Refused: anything else that went wrong; the next command may well succeed.
        """
        try:
            self._leave_idle()
            return command()
        except (IMAPClientAbortError, OSError, EOFError) as error:
            self.drop()
            raise InboxUnavailable(f"{self._what}: the connection was lost: {_one_line(error)}") from error
        except Exception as error:
            # The answer was read to its end; what it holds is hostile, and any way to trip over it counts.
            raise Refused(_one_line(error)) from error

    # --- what is there ------------------------------------------------------------------------

    def uids(self) -> list[int]:
        """Every UID of the folder."""
        self._ask(self._client.noop)
        found: list[int] = []
        last = max(self._uidnext, 1)
        for first in range(1, last, _UIDS_A_SEARCH):
            found += self._search(f"{first}:{min(first + _UIDS_A_SEARCH, last) - 1}")
        return found + self.uids_above(last - 1)

    def uids_above(self, highest: int) -> list[int]:
        """Every UID above ``highest``: what came since."""
        # NOOP first: some servers search the folder as it was after the last command.
        self._ask(self._client.noop)
        # "n:*" always names the last message, even below n (RFC 3501, 6.4.8).
        return [uid for uid in self._search(f"{highest + 1}:*") if uid > highest]

    def is_there(self, uid: int) -> bool:
        """Whether a message still lies in the folder."""
        self._ask(self._client.noop)
        return uid in self._search(str(uid))

    def _search(self, uids: str) -> list[int]:
        # By number alone: mail that a colleague has read is mail all the same.
        try:
            return [int(uid) for uid in self._ask(lambda: self._client.search(["UID", uids]))]
        except Refused as refusal:
            raise InboxUnavailable(f"{self._what}: the folder cannot be listed: {refusal}") from refusal

    def facts(self, uids: Sequence[int]) -> list[Facts]:
        """Size and INTERNALDATE of messages, in the order given; what the server hides is left open."""
        found: dict[int, dict[bytes, Any]] = {}
        for start in range(0, len(uids), _AT_ONCE):
            found |= self._facts_of(uids[start : start + _AT_ONCE])
        return [_facts(uid, found.get(uid, {})) for uid in uids]

    def _facts_of(self, uids: Sequence[int]) -> dict[int, dict[bytes, Any]]:
        try:
            return self._fetch(uids, "RFC822.SIZE", "INTERNALDATE")
        except Refused:
            if len(uids) == 1:
                return {}
        one_by_one = [self._facts_of([uid]) for uid in uids]
        return {uid: answer for answers in one_by_one for uid, answer in answers.items()}

    def _fetch(self, uids: Sequence[int], *items: str) -> dict[int, dict[bytes, Any]]:
        return dict(self._ask(lambda: self._client.fetch(list(uids), list(items))))

    # --- content ------------------------------------------------------------------------------

    def contents(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The messages verbatim; those missing from the answer were not given."""
        if not uids:
            return {}
        answers = self._fetch(uids, "BODY.PEEK[]")
        return {
            uid: raw for uid, answer in answers.items() if isinstance(raw := answer.get(b"BODY[]"), bytes)
        }

    def content(self, uid: int) -> bytes:
        """One message verbatim.

        Raises:
            Refused: the server would not give it.
        """
        raw = self.contents([uid]).get(uid)
        if raw is None:
            raise Refused("the server gave no content")
        return raw

    def header(self, uid: int) -> bytes:
        """The header section of one message, of 256 KiB at most.

        Raises:
            Refused: the server would not give it.
        """
        answer = self._fetch([uid], f"BODY.PEEK[HEADER]<0.{_HEADER_BYTES}>").get(uid, {})
        raw = answer.get(b"BODY[HEADER]<0>")
        if not isinstance(raw, bytes):
            raise Refused("the server gave no header section")
        return raw

    # --- marks --------------------------------------------------------------------------------

    def mark(self, uids: Sequence[int], *, flag: str, folder: str) -> None:
        """Set a keyword, move to a folder, or both. What the server refuses is logged and stays as it was."""
        for start in range(0, len(uids), _AT_ONCE):
            part = list(uids[start : start + _AT_ONCE])
            if flag:
                self._try("flag", partial(self._client.add_flags, part, [flag], silent=True))
            if folder:
                self._try("move", partial(self._put_away, part, folder))

    def put(self, folder: str, raw: bytes) -> None:
        """Lay a message of our own into a folder.

        Raises:
            InboxUnavailable: in one line, with the cause.
        """
        with self._cause_named("the message cannot be put into the folder"):
            self._client.append(folder, raw)

    def _put_away(self, uids: list[int], folder: str) -> None:
        if not self._client.folder_exists(folder):
            self._client.create_folder(folder)
        if self._client.has_capability("MOVE"):
            self._client.move(uids, folder)
        else:
            # Without MOVE the original could only be removed by expunging, which we never do.
            self._client.copy(uids, folder)
            log.info("mail_copied_not_moved", mailbox=self._what, uids=uids)

    def _try(self, what: str, command: Callable[[], object]) -> None:
        try:
            self._ask(command)
        except Refused as refusal:
            log.warning("mail_not_marked", mailbox=self._what, step=what, cause=str(refusal))

    # --- waiting ------------------------------------------------------------------------------

    def start_idle(self) -> int | None:
        """Begin IDLE (RFC 2177).

        Returns:
            the descriptor that turns readable when the server speaks; None when it has spoken already, or
            will not idle after all.
        """
        with self._cause_named("IDLE failed"):
            self._leave_idle()
            self._news = not self._server_agrees_to_idle() or self._has_spoken()
            return None if self._news else int(self._client.socket().fileno())

    def _server_agrees_to_idle(self) -> bool:
        imap = self._client._imap  # noqa: SLF001 -- IMAPClient gives up where a server tells news first
        try:
            self._client.idle()
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            # News came before the "+" that agrees; or, with our tag, a refusal.
            tag = self._client._idle_tag  # noqa: SLF001
            while not (refused := imap.tagged_commands.get(tag)) and imap._get_response() is not None:  # noqa: SLF001
                pass
            self.can_idle = self._idling = not refused
            return False
        self._idling = True
        return True

    def _has_spoken(self) -> bool:
        """Whether words of the server lie in a buffer, where they make no descriptor readable."""
        sock = self._client.socket()
        patience = sock.gettimeout()
        sock.setblocking(False)
        try:
            return bool(self._client._imap.file.peek(1))  # noqa: SLF001
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            sock.settimeout(patience)

    def end_idle(self) -> bool:
        """End IDLE; answers whether the server spoke of new mail meanwhile."""
        with self._cause_named("the connection was lost"):
            told = any(_announces_mail(word) for word in self._leave_idle())
            return told or self._news

    def _leave_idle(self) -> list[Any]:
        if not self._idling:
            return []
        self._idling = False
        return list(self._client.idle_done()[1])

    # --- the end ------------------------------------------------------------------------------

    def log_out(self) -> None:
        """Say good-bye, then hang up."""
        with suppress(Exception):
            self._leave_idle()
            self._client.logout()
        self.drop()

    def drop(self) -> None:
        """Hang up at once; may be called from another thread to end a command that hangs."""
        if self._client is None:
            return
        # The socket first: closing the reader waits for the one who reads.
        with suppress(Exception):
            self._client.socket().shutdown(socket.SHUT_RDWR)
        with suppress(Exception):
            self._client.shutdown()


def _connected(account: ImapAccount) -> Any:
    # Without a file: what this machine trusts. Host name and chain are always checked.
    context = ssl.create_default_context(cafile=str(account.ca_file) if account.ca_file else None)
    timeout = SocketTimeout(
        connect=min(_CONNECT_SECONDS, account.timeout_seconds), read=account.timeout_seconds
    )
    client = IMAPClient(
        account.host, account.port, ssl=account.tls == "tls", ssl_context=context, timeout=timeout
    )
    # IMAPClient asks for imaplib's most talkative level, which writes out every line, letters included.
    client._imap.debug = 0  # noqa: SLF001
    # IMAPClient sends SEARCH in pieces; each would wait 40 ms for the acknowledgement of the one before.
    client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.normalise_times = False  # else INTERNALDATE loses its offset to this machine's zone
    if account.tls == "starttls":
        try:
            client.starttls(context)
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
    return client


def _log_in(client: Any, account: ImapAccount) -> None:
    if account.token_command:
        try:
            token = token_from(account.token_command, "imap_token_command")
        except TokenUnavailable as error:
            raise InboxUnavailable(str(error)) from None
        client.oauth2_login(account.user, token)
    elif account.password.isascii() and not client.has_capability("LOGINDISABLED"):
        client.login(account.user, account.password)
    else:
        client.plain_login(account.user, account.password)


def _facts(uid: int, answer: dict[bytes, Any]) -> Facts:
    at, size = answer.get(b"INTERNALDATE"), answer.get(b"RFC822.SIZE")
    return Facts(
        uid=uid,
        size=size if isinstance(size, int) else 0,
        at=require_aware(at) if isinstance(at, datetime) and at.utcoffset() is not None else None,
    )


def _announces_mail(word: Any) -> bool:
    return isinstance(word, tuple) and len(word) > 1 and word[1] in {b"EXISTS", b"RECENT"}


def _one_line(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    words = " ".join(str(error).split()) or type(error).__name__
    return words[:200]
