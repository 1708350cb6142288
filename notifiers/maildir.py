"""Where mail goes that has no relay: into local Maildirs, one a recipient."""

import asyncio
import hashlib
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from complaints.outbox import Verdict
from notifiers.receipt import NONE, Receipt, Wishes

_NOT_FOR_FOLDERS = re.compile(r"[^a-z0-9@._+-]")


class MaildirRelay:
    """Writes every message into ``folder/<recipient>/new``, durably, and says so in its reply.

    The file is named by the message's content, so that a message given twice is there once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(
        self,
        message: bytes,
        sender: str,  # noqa: ARG002  has no place in a Maildir
        recipient: str,
        wishes: Wishes = NONE,  # noqa: ARG002  there is nobody to ask
    ) -> Receipt:
        """Write one message; a full or read-only disk is a temporary refusal."""
        try:
            name = await asyncio.to_thread(self._deliver, message, recipient)
        except OSError as error:
            words = f"not written to the local Maildir: {error.strerror or type(error).__name__}"
            return Receipt(verdict=Verdict.TEMPORARY, reply=words)
        reply = "250 written to the local Maildir, since no relay is configured; it has left for nobody"
        return Receipt(verdict=Verdict.SENT, reply=reply, queue_id=name)

    def take_turn(self) -> bool:
        """A disk knows no limit."""
        return True

    def troubles(self) -> Mapping[str, str]:
        """What is wrong with a disk each refusal says by itself."""
        return {}

    async def close(self) -> None:
        """Nothing is kept open."""

    def mailbox(self, recipient: str) -> Path:
        """The Maildir of this recipient."""
        return self._folder / _folder_name(recipient)

    def _deliver(self, message: bytes, recipient: str) -> str:
        return put_in(self.mailbox(recipient), message)


def put_in(maildir: Path, message: bytes) -> str:
    """Write a message into a Maildir, durably, the folder made where there is none; the file's name.

    Raises:
        OSError: it could not be written.
    """
    for part in ("tmp", "new", "cur"):
        (maildir / part).mkdir(parents=True, exist_ok=True)
    name = f"{hashlib.sha256(message).hexdigest()[:24]}.forthwith"
    unfinished = maildir / "tmp" / f"{name}.{os.getpid()}"
    try:
        _write_durably(unfinished, message)
        unfinished.rename(maildir / "new" / name)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    _flush_folder(maildir / "new")
    return name


def _folder_name(recipient: str) -> str:
    # Two addresses must never share a folder, and none may name a place outside of ours.
    name = _NOT_FOR_FOLDERS.sub("_", recipient.lower()).lstrip(".")[:120]
    if name and name == recipient:
        return name
    return f"{name or 'nobody'}~{hashlib.sha256(recipient.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    # Without this a rename may be lost with the power although the file is on disk.
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
