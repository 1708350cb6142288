"""TNEF (MS-OXTNEF), the winmail.dat of Outlook: the body that the sender saw, and the attachments."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from complaints.inbox.papers import message, rich_text
from complaints.inbox.papers.answer import DAMAGED, Answer, Refused
from complaints.inbox.papers.message import Message
from complaints.inbox.papers.packed_rtf import unpacked

_MARK = b"\x78\x9f\x3e\x22"
_MAX_DEPTH = 4
_MAX_ATTACHMENTS = 100
_MAX_PROPERTIES = 5_000

# Attributes, by the lower half of their numbers (2.1.1).
_TITLE, _DATA, _BODY, _PROPERTIES = 0x8010, 0x800F, 0x800C, 0x9003
_NEXT_ATTACHMENT, _ATTACHMENT, _CODE_PAGE = 0x9002, 0x9005, 0x9007
# Properties (MS-OXPROPS).
_SUBJECT, _HEADERS, _MESSAGE_ID, _SUBMITTED = 0x0037, 0x007D, 0x1035, 0x0039
_TEXT, _RTF, _HTML, _INTERNET_CODE_PAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
_SENDER_NAMES = (0x0042, 0x0C1A)
_SENDER_EMAILS = (0x5D02, 0x5D01, 0x0065, 0x0C1F)
_LONG_NAME, _SHOWN_NAME, _FILE = 0x3707, 0x3001, 0x3701
# How many bytes a value takes, by its type; the others say so themselves (MS-OXCDATA 2.11.1).
_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_WIDE_TEXT, _MANY, _NAMED = 0x1F, 0x1000, 0x8000
_A_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


@dataclass(slots=True)
class _Content:
    """What a TNEF stream, or one attachment in it, holds."""

    title: bytes = b""
    data: bytes = b""
    body: bytes = b""
    codec: str = "cp1252"
    properties: dict[int, tuple[int, bytes]] = field(default_factory=dict)  # by number: type and value
    attachments: list["_Content"] = field(default_factory=list)

    def text(self, *numbers: int) -> str:
        """The first of these that says something."""
        return next((text for number in numbers if (text := self._text(number).strip())), "")

    def _text(self, number: int) -> str:
        kind, value = self.properties.get(number, (0, b""))
        return value.decode("utf-16-le" if kind == _WIDE_TEXT else self.codec, "replace").strip("\0")

    def binary(self, number: int) -> bytes:
        return self.properties.get(number, (0, b""))[1]


def read(data: bytes) -> Answer:
    """Read a TNEF file; the body is a member without a name."""
    content = _parsed(data)
    plain, html = _bodies(content)
    answer = Answer(members=[_attachment(one, 0) for one in content.attachments])
    if html.strip():
        answer.members.insert(0, ("", "text/html", html.decode(_html_codec(content), "replace").encode()))
    elif plain.strip():
        answer.members.insert(0, ("", "text/plain", plain.encode("utf-8", "replace")))
    return answer


def _bodies(content: _Content) -> tuple[str, bytes]:
    plain = content.text(_TEXT) or content.body.decode(content.codec, "replace").strip("\0")
    html = content.binary(_HTML).strip(b"\0")
    if not plain.strip() and not html.strip() and (packed := content.binary(_RTF)):
        plain = rich_text.text_of(unpacked(packed))
    return plain, html


def _html_codec(content: _Content) -> str:
    return rich_text.code_page(int.from_bytes(content.binary(_INTERNET_CODE_PAGE), "little")) or "utf-8"


def _attachment(one: _Content, depth: int) -> tuple[str, str, bytes]:
    title = one.title.decode(one.codec, "replace").strip("\0 ")
    name = one.text(_LONG_NAME) or title or one.text(_SHOWN_NAME) or "unnamed"
    embedded = one.binary(_FILE)
    if embedded.startswith(_A_MESSAGE):
        return f"{name}.eml", "message/rfc822", _as_mail(_parsed(embedded[len(_A_MESSAGE) :]), depth + 1)
    return name, "application/octet-stream", one.data or embedded


def _as_mail(content: _Content, depth: int) -> bytes:
    if depth > _MAX_DEPTH:
        raise Refused(f"holds messages more than {_MAX_DEPTH} deep and was not read")
    plain, html = _bodies(content)
    return message.as_mail(
        Message(
            transport_headers=content.text(_HEADERS),
            sender_name=content.text(*_SENDER_NAMES),
            sender_email=next((a for n in _SENDER_EMAILS if "@" in (a := content.text(n))), ""),
            subject=content.text(_SUBJECT),
            message_id=content.text(_MESSAGE_ID),
            date=message.instant_of(int.from_bytes(content.binary(_SUBMITTED)[:8], "little")),
            plain=plain,
            html=html,
            html_charset=_html_codec(content),
            attachments=tuple(_attachment(one, depth) for one in content.attachments),
        )
    )


# --- the format ------------------------------------------------------------------------------


def _parsed(data: bytes) -> _Content:
    """Take the stream apart as far as it goes.

    Raises:
        Refused: it is none, or cut off so that files may be missing.
    """
    if not data.startswith(_MARK):
        raise Refused(DAMAGED)
    whole = _Content()
    for number, value in _attributes(data):
        if number == _NEXT_ATTACHMENT and len(whole.attachments) < _MAX_ATTACHMENTS:
            whole.attachments.append(_Content(codec=whole.codec))
        elif number == _CODE_PAGE:
            whole.codec = rich_text.code_page(int.from_bytes(value[:4], "little")) or whole.codec
        elif number == _BODY:
            whole.body = value
        elif number == _PROPERTIES:
            whole.properties.update(_properties(value))
        elif whole.attachments:
            _add(whole.attachments[-1], number, value)
    return whole


def _add(attachment: _Content, number: int, value: bytes) -> None:
    if number == _TITLE:
        attachment.title = value
    elif number == _DATA:
        attachment.data = value
    elif number == _ATTACHMENT:
        attachment.properties.update(_properties(value))


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Level, number, length, value, checksum: one after the other (2.1.3.2)."""
    at = 6
    while at + 9 <= len(data):
        size = int.from_bytes(data[at + 5 : at + 9], "little")
        if at + 9 + size > len(data):
            raise Refused(DAMAGED)
        yield int.from_bytes(data[at + 1 : at + 3], "little"), data[at + 9 : at + 9 + size]
        at += 9 + size + 2


def _properties(data: bytes) -> Iterable[tuple[int, tuple[int, bytes]]]:
    """The properties of a message or attachment, of several values the first (2.1.3.4)."""
    found: list[tuple[int, tuple[int, bytes]]] = []
    count, at = _number(data, 0), 4
    while len(found) < min(count, _MAX_PROPERTIES) and at + 4 <= len(data):
        head = _number(data, at)
        kind, number, at = head & 0xFFFF, head >> 16, at + 4
        if number >= _NAMED:
            is_text = _number(data, at + 16)
            at += 20 + (4 + _padded(_number(data, at + 20)) if is_text else 4)
        values = 1
        if kind & _MANY or kind & ~_MANY not in _SIZES:
            values, at = _number(data, at), at + 4
        value, at = _values(data, at, kind & ~_MANY, min(values, len(data)))
        found.append((number, (kind & ~_MANY, value)))
    return found


def _values(data: bytes, at: int, kind: int, count: int) -> tuple[bytes, int]:
    """The first of so many values, and where the next property stands."""
    first = b""
    for number in range(count):
        if at >= len(data):
            break
        size = _SIZES.get(kind)
        if size is None:
            size, at = _number(data, at), at + 4
        if number == 0:
            first = data[at : at + size]
        at += _padded(size)
    return first, at


def _padded(size: int) -> int:
    return size + -size % 4


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")
