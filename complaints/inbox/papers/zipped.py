"""Files that are zip archives: Word, OpenDocument, and plain archives of letters. Bounded in all they unpack."""

import zipfile
from io import BytesIO

from complaints.inbox.papers import office
from complaints.inbox.papers.answer import LOCKED, MAX_UNPACKED, NOT_READ, Answer, Refused

MAX_MEMBERS = 50
_MAX_ENTRIES = 5_000
_MAX_RATIO = 200
"""Bytes out for a byte in; text compresses ten times, a bomb a thousand."""
_SMALL = 1 << 20  # bytes that no ratio makes a bomb
_CHUNK = 1 << 20
_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_IS_ENCRYPTED = 0x1


class Archive:
    """An open archive and what may still be unpacked of it."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(BytesIO(data))
        self._room = MAX_UNPACKED
        self.entries = [one for one in self._zip.infolist() if not one.is_dir()]
        if len(self.entries) > _MAX_ENTRIES:
            raise Refused(f"holds {len(self.entries)} files and was not read")

    def names(self) -> list[str]:
        """Of all files in it, in order."""
        return [one.filename for one in self.entries]

    def read(self, entry: zipfile.ZipInfo | str) -> bytes:
        """Unpack one file.

        Raises:
            Refused: it unpacks to more than a letter holds.
        """
        info = self._zip.getinfo(entry) if isinstance(entry, str) else entry
        if info.flag_bits & _IS_ENCRYPTED:
            raise Refused(LOCKED)
        most = max(_SMALL, min(self._room, info.compress_size * _MAX_RATIO))
        pieces, size = list[bytes](), 0
        with self._zip.open(info) as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                pieces.append(piece)
                if size > most or size > self._room:
                    raise Refused("unpacks to more than a letter holds and was not read")
        self._room -= size
        return b"".join(pieces)


def read(data: bytes) -> Answer:
    """Read what the archive turns out to be."""
    archive = Archive(data)
    names = set(archive.names())
    if "word/document.xml" in names:
        return office.read_word(archive)
    if "content.xml" in names and ("mimetype" in names or "META-INF/manifest.xml" in names):
        return office.read_opendocument(archive)
    if "[Content_Types].xml" in names:
        raise Refused(NOT_READ)  # a spreadsheet or slides
    return _members(archive)


def _members(archive: Archive) -> Answer:
    wanted = [one for one in archive.entries if not _is_junk(one.filename)]
    answer = Answer()
    left: dict[str, list[str]] = {}
    for entry in wanted[:MAX_MEMBERS]:
        try:
            answer.members.append((entry.filename, "application/octet-stream", archive.read(entry)))
        except Refused as refusal:
            left.setdefault(str(refusal), []).append(entry.filename)
        except (NotImplementedError, zipfile.BadZipFile, RuntimeError, OSError, EOFError, ValueError):
            left.setdefault("could not be unpacked", []).append(entry.filename)
    answer.problem = _told(left, len(wanted))
    answer.incomplete = bool(answer.problem)
    return answer


def _is_junk(name: str) -> bool:
    return name.startswith(_JUNK[0]) or name.endswith(_JUNK[1:])


def _told(left: dict[str, list[str]], count: int) -> str:
    if count == 0:
        return "is an empty archive"
    if list(left) == [LOCKED] and len(left[LOCKED]) == count:
        return LOCKED
    told = [f"{names[0][:100]}{_more(names)} {why}" for why, names in left.items()]
    if count > MAX_MEMBERS:
        told.append(f"only the first {MAX_MEMBERS} of {count} files were read")
    return "holds what was not read: " + "; ".join(told) if told else ""


def _more(names: list[str]) -> str:
    return f" and {len(names) - 1} more" if len(names) > 1 else ""
