"""Mail from files that somebody names: .eml, mbox, Maildir, folders of .eml, standard input."""

import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from complaints.clock import require_aware
from complaints.errors import ForthwithError
from complaints.inbox.maildir import files_of, is_maildir, read_bounded
from complaints.inbox.stamps import header_section, instant_of, topmost_received
from complaints.model import Arrival

MAILBOX = "file"
STANDARD_INPUT = "-"

_MAX_BYTES = 50 * 2**20
# The asctime of RFC 4155, and the zones that some writers put before or after the year.
_FROM_DATE = re.compile(
    rb"(?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}) +(?P<time>\d{1,2}:\d\d(?::\d\d)?)"
    rb"(?: +(?P<before>[+-]\d{4}|[A-Z]{2,4}))? +(?P<year>\d{4})(?: +(?P<after>[+-]\d{4}))?"
)
_QUOTED_FROM = re.compile(rb">+From ")


def read_paths(
    paths: Iterable[str | Path],
    *,
    received_at: datetime | None,
    stdin: bytes,
    now: datetime,
    max_bytes: int = _MAX_BYTES,
) -> Iterator[Arrival]:
    """Read mail from files, in the order given.

    Args:
        paths: files, folders, or ``-`` for standard input. A file that begins with ``From `` is an mbox.
        received_at: aware; when the mail was delivered, where the caller knows better than the files.
        stdin: what standard input held.
        now: aware; no mail is taken to have come later.
        max_bytes: of a larger mail only the header section is handed over.

    Yields:
        arrivals; ``place`` is the file, with ``#`` and a number within an mbox, and empty for standard
        input. ``server_at`` is ``received_at``; else the topmost Received header's date; else that of the
        mbox's ``From `` line; else the file's time of delivery or change (I3).

    Raises:
        ForthwithError: a path is missing, cannot be read or holds no mail. Missing ones are named before
            the first mail is handed over.
    """
    wanted = [str(path) for path in paths]
    for path in wanted:
        if path != STANDARD_INPUT and not Path(path).exists():
            raise ForthwithError(f"{path}: there is no such file or folder")
    reader = _Reader(
        None if received_at is None else require_aware(received_at), require_aware(now), max_bytes
    )
    for path in wanted:
        yield from _at_least_one(path, reader.read(path, stdin))


def _at_least_one(path: str, arrivals: Iterator[Arrival]) -> Iterator[Arrival]:
    empty = True
    try:
        for arrival in arrivals:
            empty = False
            yield arrival
    except OSError as error:
        raise ForthwithError(f"{path}: cannot be read: {error.strerror}") from error
    if empty:
        what = "standard input" if path == STANDARD_INPUT else path
        raise ForthwithError(f"{what}: holds no mail (expected .eml files, an mbox or a Maildir)")


class _Reader:
    """Turns one path after the other into arrivals."""

    def __init__(self, received_at: datetime | None, now: datetime, max_bytes: int) -> None:
        self._received_at = received_at
        self._now = now
        self._max_bytes = max_bytes

    def read(self, name: str, stdin: bytes) -> Iterator[Arrival]:
        if name == STANDARD_INPUT:
            yield from self._stream(BytesIO(stdin), "", self._now)
        elif is_maildir(path := Path(name)):
            yield from self._maildir(path)
        elif path.is_dir():
            for file in _eml_files(path):
                yield from self._file(file)
        else:
            yield from self._file(path)

    def _maildir(self, path: Path) -> Iterator[Arrival]:
        for file in files_of(path, self._now):
            raw = read_bounded(file.path, file.size, self._max_bytes)
            yield self._arrival(raw, file.size, str(file.path), file.delivered_at)

    def _file(self, path: Path) -> Iterator[Arrival]:
        stat = path.stat()
        changed = datetime.fromtimestamp(stat.st_mtime, UTC)
        with path.open("rb") as stream:
            is_mbox = stream.read(5) == b"From "
        if is_mbox:
            with path.open("rb") as stream:
                yield from self._mbox(stream, str(path), changed)
        elif stat.st_size:
            yield self._arrival(
                read_bounded(path, stat.st_size, self._max_bytes), stat.st_size, str(path), changed
            )

    def _stream(self, stream: BytesIO, place: str, at: datetime) -> Iterator[Arrival]:
        raw = stream.getvalue()
        if raw.startswith(b"From "):
            yield from self._mbox(stream, place, at)
        elif raw.strip():
            kept = raw if len(raw) <= self._max_bytes else header_section(raw)
            yield self._arrival(kept, len(raw), place, at)

    def _mbox(self, stream: BinaryIO, place: str, changed: datetime) -> Iterator[Arrival]:
        for number, (separator, raw, size) in enumerate(split_mbox(stream, self._max_bytes), start=1):
            at = from_line_date(separator) or changed
            yield self._arrival(raw, size, f"{place}#{number}" if place else "", at)

    def _arrival(self, raw: bytes, size: int, place: str, at: datetime) -> Arrival:
        server_at = self._received_at or topmost_received(raw) or at
        return Arrival(
            raw=raw,
            mailbox=MAILBOX,
            server_at=min(server_at, self._now),
            place=place,
            size=size,
            oversized=size > self._max_bytes,
        )


def _eml_files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(".eml"):
                yield Path(place) / name


def split_mbox(stream: BinaryIO, max_bytes: int) -> Iterator[tuple[bytes, bytes, int]]:
    """Split an mbox (mboxrd, RFC 4155) into separator line, message and the message's size.

    A message larger than ``max_bytes`` is cut to its header section. One ``>`` is taken off quoted
    ``From `` lines. A ``From `` line in the middle of a message counts as a separator only after an empty
    line and with a date, since not every writer quotes.
    """
    separator, kept, size, after_gap = b"", bytearray(), 0, True
    for line in stream:
        if after_gap and line.startswith(b"From ") and (not separator or _FROM_DATE.search(line)):
            if separator:
                yield _message(separator, kept, size, max_bytes)
            separator, kept, size, after_gap = line, bytearray(), 0, False
            continue
        text = line[1:] if _QUOTED_FROM.match(line) else line
        size += len(text)
        if size <= max_bytes or len(kept) < max_bytes:
            kept += text
        after_gap = line in {b"\n", b"\r\n"}
    if separator:
        yield _message(separator, kept, size, max_bytes)


def _message(separator: bytes, kept: bytearray, size: int, max_bytes: int) -> tuple[bytes, bytes, int]:
    raw = bytes(kept)
    if size > max_bytes:
        return separator, header_section(raw), size
    # The empty line before the next separator belongs to the mbox, not to the message.
    gap = next((end for end in (b"\r\n", b"\n") if raw.endswith(end * 2)), b"")
    return separator, raw.removesuffix(gap), size - len(gap)


def from_line_date(line: bytes) -> datetime | None:
    """Read the date of an mbox's ``From `` line: UTC where it names no zone (RFC 4155)."""
    found = _FROM_DATE.search(line)
    if found is None:
        return None
    day, month, year, time = (found[part].decode() for part in ("day", "month", "year", "time"))
    zone = (found["before"] or found["after"] or b"+0000").decode()
    return instant_of(f"{day} {month} {year} {time} {zone}")
