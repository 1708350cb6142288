"""Outlook's .msg files (MS-OXMSG) -> mails."""

from typing import Any

from complaints.inbox.papers import message, rich_text
from complaints.inbox.papers.answer import MAX_UNPACKED, Refused
from complaints.inbox.papers.message import Message
from complaints.inbox.papers.packed_rtf import unpacked

_MAX_DEPTH = 4
_MAX_ATTACHMENTS = 100

# Properties (MS-OXPROPS), by their numbers.
_SUBJECT, _HEADERS, _TO, _MESSAGE_ID = "0037", "007D", "0E04", "1035"
_BODY, _RTF, _HTML = "1000", "1009", "1013"
_SENDER_NAMES = ("0042", "0C1A")  # on whose behalf, else who sent
_SENDER_EMAILS = ("5D02", "5D01", "0065", "0C1F")
_SUBMITTED, _DELIVERED = 0x0039, 0x0E06
_INTERNET_CODE_PAGE, _CODE_PAGE = 0x3FDE, 0x3FFD
_FILE, _LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _MIME_TYPE = "3701", "3707", "3704", "3001", "370E"

_OF_TOP, _OF_EMBEDDED, _ENTRY = 32, 24, 16  # bytes of a property stream's head, and of an entry


def as_mail(file: Any) -> bytes:
    """Write the message that an open compound file holds as a mail.

    Args:
        file: an ``olefile.OleFileIO``.
    """
    return _Storage(file, (), _OF_TOP).as_mail(0)


class _Storage:
    """A message in a compound file: the file itself, or one attached to another."""

    def __init__(self, file: Any, path: tuple[str, ...], head: int) -> None:
        self._file = file
        self._path = path
        numbers = self._stream("__properties_version1.0")[head:]
        self._numbers = {
            int.from_bytes(numbers[at + 2 : at + 4], "little"): int.from_bytes(
                numbers[at + 8 : at + 16], "little"
            )
            for at in range(0, len(numbers) - _ENTRY + 1, _ENTRY)
        }
        self._codec = _codec(self._numbers.get(_CODE_PAGE, 0) & 0xFFFFFFFF) or "cp1252"

    def as_mail(self, depth: int) -> bytes:
        if depth > _MAX_DEPTH:
            raise Refused(f"holds messages more than {_MAX_DEPTH} deep and was not read")
        date = self._numbers.get(_SUBMITTED) or self._numbers.get(_DELIVERED) or 0
        plain, html = self._text(_BODY), self._data(_HTML) or self._text(_HTML).encode()
        page = _codec(self._numbers.get(_INTERNET_CODE_PAGE, 0) & 0xFFFFFFFF)
        if not plain.strip() and not html.strip():
            plain = self._from_rich_text()
        return message.as_mail(
            Message(
                transport_headers=self._text(_HEADERS),
                sender_name=self._first(_SENDER_NAMES),
                sender_email=next((a for n in _SENDER_EMAILS if "@" in (a := self._text(n))), ""),
                to=self._text(_TO),
                subject=self._text(_SUBJECT),
                message_id=self._text(_MESSAGE_ID),
                date=message.instant_of(date),
                plain=plain,
                html=html,
                html_charset=page or "utf-8",
                attachments=tuple(self._attachments(depth)),
            )
        )

    def _first(self, numbers: tuple[str, ...]) -> str:
        return next((text for number in numbers if (text := self._text(number).strip())), "")

    def _from_rich_text(self) -> str:
        data = self._data(_RTF)
        return rich_text.text_of(unpacked(data)) if data else ""

    def _attachments(self, depth: int) -> list[tuple[str, str, bytes]]:
        found: list[tuple[str, str, bytes]] = []
        size = 0
        for name in self._storages("__attach_version1.0_")[:_MAX_ATTACHMENTS]:
            found.append(self._attachment(name, depth))
            size += len(found[-1][2])
            if size > MAX_UNPACKED:
                raise Refused("unpacks to more than a letter holds and was not read")
        return found

    def _attachment(self, name: str, depth: int) -> tuple[str, str, bytes]:
        inner = (*self._path, name)
        if self._file.exists([*inner, f"__substg1.0_{_FILE}000D", "__properties_version1.0"]):
            wrapped = _Storage(self._file, (*inner, f"__substg1.0_{_FILE}000D"), _OF_EMBEDDED)
            return "message.eml", "message/rfc822", wrapped.as_mail(depth + 1)
        at = _Texts(self._file, inner, self._codec)
        shown = at.text(_LONG_NAME) or at.text(_SHOWN_NAME) or at.text(_SHORT_NAME)
        return shown or "unnamed", at.text(_MIME_TYPE), at.data(_FILE)

    def _storages(self, prefix: str) -> list[str]:
        depth = len(self._path)
        every = self._file.listdir(streams=False, storages=True)
        return sorted(
            path[depth]
            for path in every
            if len(path) == depth + 1 and tuple(path[:depth]) == self._path and path[depth].startswith(prefix)
        )

    def _text(self, number: str) -> str:
        return _Texts(self._file, self._path, self._codec).text(number)

    def _data(self, number: str) -> bytes:
        return _Texts(self._file, self._path, self._codec).data(number)

    def _stream(self, name: str) -> bytes:
        return _read(self._file, [*self._path, name])


class _Texts:
    """The values of one storage that stand in streams of their own."""

    def __init__(self, file: Any, path: tuple[str, ...], codec: str) -> None:
        self._file, self._path, self._codec = file, path, codec

    def text(self, number: str) -> str:
        if wide := _read(self._file, [*self._path, f"__substg1.0_{number}001F"]):
            return wide.decode("utf-16-le", "replace").strip("\0")
        narrow = _read(self._file, [*self._path, f"__substg1.0_{number}001E"])
        return narrow.decode(self._codec, "replace").strip("\0")

    def data(self, number: str) -> bytes:
        return _read(self._file, [*self._path, f"__substg1.0_{number}0102"])


def _read(file: Any, path: list[str]) -> bytes:
    if not file.exists(path):
        return b""
    with file.openstream(path) as stream:
        data: bytes = stream.read(MAX_UNPACKED)
    return data


def _codec(page: int) -> str:
    return rich_text.code_page(page)
