"""TNEF (MS-OXTNEF), the winmail.dat of Outlook: the body that the sender saw, and the attachments."""

import logging
from collections.abc import Iterable
from typing import Any

from tnefparse import TNEF

from complaints.inbox.papers import message, rich_text
from complaints.inbox.papers.answer import Answer, Refused
from complaints.inbox.papers.message import Message
from complaints.inbox.papers.packed_rtf import unpacked

logging.getLogger("tnefparse").setLevel(logging.CRITICAL)

_MAX_DEPTH = 4
_MAX_ATTACHMENTS = 100
_SUBJECT, _HEADERS, _MESSAGE_ID = 0x0037, 0x007D, 0x1035
_SENDER_NAMES = (0x0042, 0x0C1A)
_SENDER_EMAILS = (0x5D02, 0x5D01, 0x0065, 0x0C1F)


def read(data: bytes) -> Answer:
    """Read a TNEF file; the body is a member without a name."""
    parsed = TNEF(data, do_checksum=False)
    plain, html = _bodies(parsed)
    answer = Answer(members=_attachments(parsed, 0))
    if html.strip():
        answer.members.insert(0, ("", "text/html", html))
    elif plain.strip():
        answer.members.insert(0, ("", "text/plain", plain.encode("utf-8", "replace")))
    if not answer.members:
        answer.problem = "holds no text and no files"
    return answer


def _bodies(parsed: Any) -> tuple[str, bytes]:
    plain, html = _text(parsed.body), parsed.htmlbody or b""
    if isinstance(html, str):
        html = html.encode("utf-8", "replace")
    if not plain.strip() and not html.strip() and parsed._rtfbody:  # noqa: SLF001 -- its own unpacking wants another package
        plain = rich_text.text_of(unpacked(parsed._rtfbody))  # noqa: SLF001
    return plain, html


def _attachments(parsed: Any, depth: int) -> list[tuple[str, str, bytes]]:
    return [_attachment(one, depth) for one in parsed.attachments[:_MAX_ATTACHMENTS]]


def _attachment(one: Any, depth: int) -> tuple[str, str, bytes]:
    name = _text(one.long_filename() or one.name).strip("\0 ") or "unnamed"
    embedded = getattr(one, "embed", None)
    if embedded is not None:
        return f"{name}.eml", "message/rfc822", _as_mail(embedded, depth + 1)
    return name, "application/octet-stream", bytes(one.data or b"")


def _as_mail(parsed: Any, depth: int) -> bytes:
    if depth > _MAX_DEPTH:
        raise Refused(f"holds messages more than {_MAX_DEPTH} deep and was not read")
    plain, html = _bodies(parsed)
    values = {one.name: _text(one.data) for one in parsed.mapiprops if isinstance(one.data, str | bytes)}
    return message.as_mail(
        Message(
            transport_headers=values.get(_HEADERS, ""),
            sender_name=_first(values.get(number, "") for number in _SENDER_NAMES),
            sender_email=_first(a for n in _SENDER_EMAILS if "@" in (a := values.get(n, ""))),
            subject=values.get(_SUBJECT, ""),
            message_id=values.get(_MESSAGE_ID, ""),
            plain=plain,
            html=html,
            attachments=tuple(_attachments(parsed, depth)),
        )
    )


def _first(texts: Iterable[str]) -> str:
    return next((text.strip() for text in texts if text.strip()), "")


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    text = value.decode("cp1252", "replace") if isinstance(value, bytes) else str(value or "")
    return text.strip("\0")
