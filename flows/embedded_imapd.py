"""The mailbox server of the demo and the tests: pymap, keeping its mail on disk.

Run as a child process by :class:`flows.embedded.EmbeddedImap`. It reads one line of JSON from standard
input, prints the port it listens on, and ends when its standard input is closed, so that it can never
outlive the process that started it, however that one ended.

pymap's own Maildir backend parses and re-writes every message, and reads its whole index for each; this
one gives back the bytes it was given. Each message is one file, ``UID,EPOCH,FLAGS.eml``: a change of
flags and a move are one atomic rename, and killing the process loses nothing that was answered with OK.
"""

import asyncio
import json
import logging
import os
import signal
import ssl
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, DictBackend, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import (
    LoadedMessage,
    MailboxData,
    MailboxSet,
    Message,
    _ContentCache,
    _ThreadCache,
)
from pymap.config import BackendCapability
from pymap.flags import FlagOp
from pymap.imap import IMAPServer
from pymap.interfaces.message import CachedMessage
from pymap.mime import MessageContent
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement, ObjectId
from pymap.parsing.specials.flag import Flag, Wildcard, get_system_flags
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from complaints.clock import system_clock


class Verbatim(MessageContent):
    """A message that is parsed only when a part of it is asked for, and never re-written."""

    def __init__(self, data: bytes) -> None:
        self._raw = memoryview(data)
        self._parsed: MessageContent | None = None

    @property
    def _parts(self) -> MessageContent:
        if self._parsed is None:
            self._parsed = MessageContent.parse(bytes(self._raw))
        return self._parsed

    @property  # type: ignore[misc]  # parsed when asked for, not at once
    def header(self) -> Any:
        """The header section."""
        return self._parts.header

    @property  # type: ignore[misc]  # parsed when asked for, not at once
    def body(self) -> Any:
        """What follows the header section."""
        return self._parts.body

    @property  # type: ignore[misc]  # parsed when asked for, not at once
    def lines(self) -> int:
        """How many lines there are."""
        return self._parts.lines


class KeptMessage(Message):
    """A message whose content lies in a file."""

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        uid, epoch, flags = path.stem.split(",")
        super().__init__(
            int(uid),
            datetime.fromtimestamp(int(epoch), UTC),
            frozenset(Flag(unquote(flag)) for flag in flags.split("+") if flag),
            email_id=ObjectId.random_email_id(),
            thread_id=ObjectId.random_thread_id(),
        )
        self.path = path

    async def load_content(self, requirement: FetchRequirement) -> LoadedMessage:
        """Read the file; one that went meanwhile has no content."""
        try:
            return LoadedMessage(self, requirement, Verbatim(self.path.read_bytes()))
        except FileNotFoundError:
            return LoadedMessage(self, requirement, None)

    def rename_to_flags(self) -> None:
        """Write the present flags into the file's name."""
        new = self.path.with_name(file_name(self.uid, self.internal_date, self.permanent_flags))
        self.path.rename(new)
        self.path = new


def file_name(uid: int, at: datetime, flags: Iterable[Flag]) -> str:
    """Name the file of a message after all that IMAP knows of it beside its bytes."""
    words = "+".join(sorted(quote(str(flag), safe="") for flag in flags))
    return f"{uid:08d},{int(at.timestamp())},{words}.eml"


class KeptFolder(MailboxData):
    """A folder whose messages, UIDs and UIDVALIDITY survive the process."""

    def __init__(self, place: Path) -> None:
        super().__init__(_ContentCache(), _ThreadCache())
        self.place = place
        self._max_uid = 0
        place.mkdir(parents=True, exist_ok=True)
        self._read()

    @property
    def permanent_flags(self) -> frozenset[Flag]:
        """Any keyword may be set."""
        return get_system_flags() | {Wildcard}

    def _read(self) -> None:
        state = self.place / "folder.json"
        if state.exists():
            kept = json.loads(state.read_text())
            self._uid_validity, self._max_uid = kept["uidvalidity"], kept["max_uid"]
        for path in sorted(self.place.glob("*.eml")):
            message = KeptMessage(path)
            self._messages[message.uid] = message
            self._max_uid = max(self._max_uid, message.uid)
        self._mod_sequences.update(list(self._messages))
        self._write_state()

    def _write_state(self) -> None:
        half = self.place / "folder.json.tmp"
        half.write_text(json.dumps({"uidvalidity": self._uid_validity, "max_uid": self._max_uid}))
        half.replace(self.place / "folder.json")

    def next_uid(self) -> int:
        """Take the next UID; it is never given again."""
        self._max_uid += 1
        self._write_state()
        return self._max_uid

    def add_file(self, path: Path, *, recent: bool) -> KeptMessage:
        """Take in a file that lies in place, and wake who waits in IDLE."""
        message = KeptMessage(path)
        message.recent = recent
        self._messages[message.uid] = message
        self._mod_sequences.update([message.uid])
        self._updated.set()
        return message

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        """Write the message beside, then rename it into place."""
        async with self.messages_lock.write_lock():
            name = file_name(self.next_uid(), append_msg.when or system_clock(), append_msg.flag_set)
            half = self.place / "half-written"
            half.write_bytes(append_msg.literal)
            return self.add_file(half.rename(self.place / name), recent=recent)

    async def copy(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        """Copy into another folder; answer the new UID."""
        async with destination.messages_lock.write_lock():
            source = self._messages.get(uid)
            if not isinstance(source, KeptMessage) or not isinstance(destination, KeptFolder):
                return None
            name = file_name(destination.next_uid(), source.internal_date, source.permanent_flags)
            os.link(source.path, destination.place / name)
            return destination.add_file(destination.place / name, recent=recent).uid

    async def move(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        """Rename into another folder; answer the new UID."""
        async with self.messages_lock.write_lock():
            source = self._messages.pop(uid, None)
            if not isinstance(source, KeptMessage) or not isinstance(destination, KeptFolder):
                return None
            self._mod_sequences.expunge([uid])
            self._updated.set()
        async with destination.messages_lock.write_lock():
            name = file_name(destination.next_uid(), source.internal_date, source.permanent_flags)
            return destination.add_file(source.path.rename(destination.place / name), recent=recent).uid

    async def update(
        self, uid: int, cached_msg: CachedMessage, flag_set: frozenset[Flag], mode: FlagOp
    ) -> Message:
        """Change flags, in the file's name too."""
        message = await super().update(uid, cached_msg, flag_set, mode)
        if isinstance(message, KeptMessage):
            message.rename_to_flags()
        return message

    async def delete(self, uids: Iterable[int]) -> None:
        """Expunge; only a person with a mail client ever asks for it."""
        doomed = [message for uid in uids if (message := self._messages.get(uid))]
        await super().delete([message.uid for message in doomed])
        for message in doomed:
            if isinstance(message, KeptMessage):
                message.path.unlink(missing_ok=True)


class KeptFolders(MailboxSet):
    """The folders of the one account there is."""

    def __init__(self, root: Path, names: Sequence[str]) -> None:
        super().__init__()
        self._root = root
        on_disk = {unquote(path.name) for path in root.iterdir() if path.is_dir()}
        kept = {name: KeptFolder(root / quote(name, safe="")) for name in sorted({"INBOX", *names} | on_disk)}
        self._inbox = kept.pop("INBOX")
        self._set.update(kept)

    async def add_mailbox(self, name: str) -> ObjectId:
        """Create a folder."""
        if name in self._set:
            raise ValueError(name)
        folder = self._set[name] = KeptFolder(self._root / quote(name, safe=""))
        return folder.mailbox_id


class DemoConfig(Config):
    """Settings of pymap, with the capabilities that a test wants to be missing taken away."""

    def __init__(self, *args: Any, without: Sequence[str], **extra: Any) -> None:
        super().__init__(*args, **extra)
        self._without = frozenset(word.encode() for word in without)

    @property
    def backend_capability(self) -> BackendCapability:
        """What the backend can do."""
        return BackendCapability(idle=b"IDLE" not in self._without, object_id=True, multi_append=True)

    @property
    def login_capability(self) -> Sequence[bytes]:
        """What is announced after the login."""
        return [word for word in super().login_capability if word not in self._without]


async def prepared_backend(order: dict[str, Any]) -> DictBackend:
    """Make the one account and its folders."""
    config = DemoConfig(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        host="127.0.0.1",
        port=order["port"],
        demo_data=False,
        demo_user=order["user"],
        demo_password=order["password"],
        tls_enabled=order["tls"] == "starttls",
        ssl_context=server_context(order),
        hash_context=Cleartext(),
        reject_dnsbl=False,
        without=order["without"],
    )
    config.apply_context()
    login = Login(config)
    await login.demo_user_identity.set(UserMetadata(config, order["user"], password=order["password"]))
    config.set_cache[order["user"]] = KeptFolders(Path(order["directory"]), order["folders"]), FilterSet()
    return DictBackend(login, config)


def server_context(order: dict[str, Any]) -> ssl.SSLContext | None:
    """Load the certificate, where there is one."""
    if order["tls"] == "none":
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(order["certificate"], order["key"])
    return context


async def serve(order: dict[str, Any]) -> None:
    """Listen until standard input is closed."""
    backend = await prepared_backend(order)
    config = backend.config
    answer = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
    from_the_start = config.ssl_context if order["tls"] == "tls" else None
    server = await asyncio.start_server(answer, "127.0.0.1", order["port"], ssl=from_the_start)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 -- the starter waits for this line
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    # Open IDLE connections would keep a polite farewell waiting for ever.
    os._exit(0)


def main() -> None:
    """Serve as the line on standard input says."""
    # Ctrl-C in a terminal reaches the whole group; the daemon ends this server when it has finished.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(serve(json.loads(sys.stdin.readline())))


if __name__ == "__main__":
    main()
