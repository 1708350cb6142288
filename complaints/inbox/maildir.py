"""Mail in a Maildir: files that a delivery agent renames into ``new/`` once they are whole.

What lies in ``tmp/`` is half written and never looked at. A file is known by the part of its name before
``:2,``, which stays the same when a mail client moves it to ``cur/`` or changes its flags.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import structlog

from complaints.clock import Clock
from complaints.errors import InboxUnavailable
from complaints.inbox.port import Ledger
from complaints.inbox.stamps import HEAD_MAY_TAKE, header_section
from complaints.model import Arrival

log = structlog.get_logger()

BATCH_COUNT = 50
BATCH_BYTES = 32 * 2**20
_LOOK_EVERY = 0.5  # seconds between two looks at the folder's time stamps
_TRIES = 3
_STAMP = re.compile(r"(\d{9,11})\.")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class MaildirFile:
    """A message of a Maildir."""

    path: Path
    size: int  # bytes
    delivered_at: datetime

    @property
    def place(self) -> str:
        """The part of the name that never changes."""
        return base_of(self.path.name)


def base_of(name: str) -> str:
    """Return a file's name without its flags."""
    return name.partition(":2,")[0]


def is_maildir(path: Path) -> bool:
    """Whether this folder is a Maildir."""
    return (path / "new").is_dir() and (path / "cur").is_dir()


def files_of(path: Path, now: datetime) -> list[MaildirFile]:
    """List the messages of a Maildir, earliest delivery first.

    Raises:
        OSError: the folder cannot be read.
    """
    found = [file for part in ("new", "cur") for file in _files_in(path / part, now)]
    return sorted(found, key=lambda file: (file.delivered_at, file.place))


def _files_in(folder: Path, now: datetime) -> Iterator[MaildirFile]:
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                if entry.name.startswith(".") or not entry.is_file(follow_symlinks=False):
                    continue
                stat = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # a mail client has moved it meanwhile; the next look finds it
            yield MaildirFile(
                path=Path(entry.path),
                size=stat.st_size,
                delivered_at=delivered_at(entry.name, stat.st_mtime, now),
            )


def delivered_at(name: str, mtime: float, now: datetime) -> datetime:
    """Say when a file of a Maildir was delivered.

    The name begins with the second of delivery and survives copying; the time of change survives a move
    between folders, where servers give a new name. Neither can be earlier than the delivery, unless
    somebody set it, so the earlier of the two is taken, and never one that is yet to come.

    Args:
        name: the file's name.
        mtime: its time of change, in Unix seconds.
        now: aware.
    """
    changed = datetime.fromtimestamp(mtime, UTC)
    stamp = _STAMP.match(name)
    named = datetime.fromtimestamp(int(stamp[1]), UTC) if stamp else changed
    return min(changed, named if named >= _EARLIEST else changed, now)


def read_bounded(path: Path, size: int, max_bytes: int) -> bytes:
    """Read a message file; of one that is too large its header section alone."""
    if size <= max_bytes:
        return path.read_bytes()
    with path.open("rb") as file:
        return header_section(file.read(HEAD_MAY_TAKE))


class MaildirInbox:
    """One Maildir; sub-folders such as ``.Junk`` are Maildirs of their own."""

    def __init__(
        self,
        path: Path,
        ledger: Ledger,
        *,
        clock: Clock,
        max_bytes: int,
        start_from: datetime | None = None,
        batch_count: int = BATCH_COUNT,
        batch_bytes: int = BATCH_BYTES,
    ) -> None:
        """Prepare; nothing is read before :meth:`fetch`.

        Args:
            path: the folder that holds ``new``, ``cur`` and ``tmp``.
            ledger: says what is known.
            clock: tells the present instant.
            max_bytes: of a larger message only the header section is read.
            start_from: aware; what lies there at the first look and is older is skipped. None: all that
                lies there then.
            batch_count: messages in a batch, at most.
            batch_bytes: bytes in a batch, at most, unless a single message is larger.
        """
        self.name = str(path)
        self._path = path
        self._ledger = ledger
        self._clock = clock
        self._max_bytes = max_bytes
        self._start_from = start_from
        self._batch_count = batch_count
        self._batch_bytes = batch_bytes
        self._closed = asyncio.Event()
        self._seen: tuple[int, ...] = ()

    # --- the port -----------------------------------------------------------------------------

    async def fetch(self) -> AsyncIterator[list[Arrival]]:
        """See :meth:`complaints.inbox.port.Inbox.fetch`."""
        for batch in self._batches(await self._unknown()):
            arrivals = await asyncio.to_thread(self._read, batch)
            if arrivals:
                yield arrivals

    async def done(self, arrivals: Sequence[Arrival]) -> None:
        """Move what lies in ``new/`` to ``cur/``, unread as it is; nothing is deleted."""
        await asyncio.to_thread(self._settle, [arrival.place for arrival in arrivals])

    async def wait(self, seconds: float) -> bool:
        """See :meth:`complaints.inbox.port.Inbox.wait`."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0 and not self._closed.is_set():
            if await asyncio.to_thread(self._stamps) != self._seen:
                return True
            try:
                async with asyncio.timeout(min(_LOOK_EVERY, left)):
                    await self._closed.wait()
            except TimeoutError:
                continue
        return False

    async def close(self) -> None:
        """See :meth:`complaints.inbox.port.Inbox.close`."""
        self._closed.set()

    # --- which mail is new --------------------------------------------------------------------

    async def _unknown(self) -> list[MaildirFile]:
        try:
            # Before the listing, so that what comes during it wakes the next wait.
            self._seen = await asyncio.to_thread(self._stamps)
            present = await asyncio.to_thread(partial(files_of, self._path, self._clock()))
        except OSError as error:
            raise InboxUnavailable(f"{self._path}: the Maildir cannot be read: {error.strerror}") from error
        known = await self._ledger.known_places(self.name)
        fresh = [file for file in present if file.place not in known]
        if await self._ledger.folder(self.name) is None:
            fresh = await self._open(fresh, begun=bool(known))
        return fresh

    async def _open(self, fresh: list[MaildirFile], *, begun: bool) -> list[MaildirFile]:
        """Skip what is older than the watermark, then note that the folder is open (see the IMAP inbox)."""
        start_from = self._start_from or self._clock().replace(microsecond=0)
        old = [] if begun else [file.place for file in fresh if file.delivered_at < start_from]
        if old:
            await self._ledger.skip_places(self.name, old)
        await self._ledger.open_folder(self.name, 0, start_from)
        log.info("folder_opened", mailbox=self.name, skipped=len(old))
        skipped = set(old)
        return [file for file in fresh if file.place not in skipped]

    def _stamps(self) -> tuple[int, ...]:
        try:
            return tuple((self._path / part).stat().st_mtime_ns for part in ("new", "cur"))
        except OSError as error:
            raise InboxUnavailable(
                f"{self._path}: is not a Maildir that can be read: {error.strerror}"
            ) from error

    # --- files, in a thread -------------------------------------------------------------------

    def _batches(self, files: Sequence[MaildirFile]) -> Iterator[list[MaildirFile]]:
        batch: list[MaildirFile] = []
        size = 0
        for file in files:
            takes = min(file.size, HEAD_MAY_TAKE) if file.size > self._max_bytes else file.size
            if batch and (len(batch) == self._batch_count or size + takes > self._batch_bytes):
                yield batch
                batch, size = [], 0
            batch.append(file)
            size += takes
        if batch:
            yield batch

    def _read(self, batch: Sequence[MaildirFile]) -> list[Arrival]:
        arrivals = [self._arrival(file) for file in batch]
        return [arrival for arrival in arrivals if arrival is not None]

    def _arrival(self, file: MaildirFile) -> Arrival | None:
        raw, problem = b"", ""
        for _ in range(_TRIES):
            path = self._present_path(file)
            if path is None:
                return None
            try:
                raw, problem = read_bounded(path, file.size, self._max_bytes), ""
                break
            except OSError as error:
                problem = f"could not be read: {error.strerror}"
        if problem:
            log.warning("mail_not_read", mailbox=self.name, place=file.place, cause=problem)
        return Arrival(
            raw=raw,
            mailbox=self.name,
            server_at=file.delivered_at,
            place=file.place,
            size=file.size,
            oversized=file.size > self._max_bytes,
            problem=problem,
        )

    def _present_path(self, file: MaildirFile) -> Path | None:
        """Find a file again that a mail client may have moved or flagged; None when it is gone."""
        if file.path.exists():
            return file.path
        moved = (path for path in (self._path / "cur").iterdir() if base_of(path.name) == file.place)
        return next(moved, None)

    def _settle(self, places: Sequence[str]) -> None:
        for place in places:
            source, target = self._path / "new" / place, self._path / "cur" / f"{place}:2,"
            # A rename would replace a file of the same name, which is a way to lose mail.
            if target.exists():
                continue
            try:
                source.rename(target)
            except FileNotFoundError:
                continue  # it lay in cur/ already, or a mail client was quicker
            except OSError as error:
                log.warning("mail_not_marked", mailbox=self.name, place=place, cause=error.strerror)
