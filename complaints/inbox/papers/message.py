"""A message that came as a file of Outlook's -> a mail (RFC 5322), so that it is read like any other."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

_LINE_END = re.compile(r"\r\n?|\n")
# The parts are packed anew, so what the headers said of the old ones is no longer true.
_OF_THE_PARTS = re.compile(r"content-|mime-version:", re.IGNORECASE)
_BREAKS = re.compile(r"[\x00-\x1f\x7f]+")
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What Outlook keeps of a message."""

    transport_headers: str = ""  # as the last server saw them; empty for what was never sent by mail
    sender_name: str = ""
    sender_email: str = ""
    to: str = ""
    subject: str = ""
    message_id: str = ""
    date: datetime | None = None
    plain: str = ""
    html: bytes = b""
    html_charset: str = "utf-8"
    attachments: tuple[tuple[str, str, bytes], ...] = ()  # name, content type, data


def as_mail(message: Message) -> bytes:
    """Write the mail."""
    parts = [*_bodies(message), *(_part(*one) for one in message.attachments)]
    boundary = "=_" + base64.b32encode(hash_of(parts)).decode("ascii").strip("=")
    head = [*_headers(message), "MIME-Version: 1.0", f'Content-Type: multipart/mixed; boundary="{boundary}"']
    mark = f"--{boundary}".encode()
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts)
    return "\r\n".join((*head, "", "")).encode("utf-8", "replace") + body + mark + b"--\r\n"


def hash_of(parts: list[bytes]) -> bytes:
    """What no part can hold by chance, for the boundary between them."""
    import hashlib  # noqa: PLC0415 -- costs a PDF nothing

    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()[:20]


def instant_of(filetime: int) -> datetime | None:
    """A time of Windows: tenths of microseconds since 1601, UTC."""
    try:
        return _EPOCH + timedelta(microseconds=filetime // 10) if filetime > 0 else None
    except OverflowError:
        return None


def _headers(message: Message) -> Iterator[str]:
    kept = list(_transport_lines(message.transport_headers))
    there = {line.partition(":")[0].lower() for line in kept}
    yield from kept
    sender = f'"{_plain(message.sender_name)}" <{_plain(message.sender_email)}>'
    date = format_datetime(message.date) if message.date else ""
    known = {
        "From": sender if message.sender_name or message.sender_email else "",
        "To": message.to,
        "Subject": message.subject,
        "Date": date,
        "Message-ID": message.message_id,
    }
    yield from (
        f"{name}: {_BREAKS.sub(' ', value)[:8_000]}"
        for name, value in known.items()
        if value.strip() and name.lower() not in there
    )


def _transport_lines(text: str) -> Iterator[str]:
    kept = True
    for line in _LINE_END.split(text.strip("\r\n\0 ")):
        if not line.strip():
            continue  # an empty line would end the headers
        if line[0] not in " \t":
            kept = ":" in line and not _OF_THE_PARTS.match(line)
        if kept:
            yield line.replace("\0", "")


def _plain(text: str) -> str:
    return re.sub(r'[\\"<>\x00-\x1f\x7f]+', " ", text).strip()


def _bodies(message: Message) -> Iterator[bytes]:
    plain = _text_part("text/plain; charset=utf-8", message.plain.encode("utf-8", "replace"))
    html = _text_part(f"text/html; charset={message.html_charset}", message.html)
    if message.plain.strip() and message.html.strip():
        both = b"".join(b"--=_both\r\n" + part + b"\r\n" for part in (plain, html))
        yield b'Content-Type: multipart/alternative; boundary="=_both"\r\n\r\n' + both + b"--=_both--"
    elif message.plain.strip() or message.html.strip():
        yield plain if message.plain.strip() else html


def _text_part(content_type: str, data: bytes) -> bytes:
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode("ascii", "replace") + base64.encodebytes(data)


def _part(name: str, content_type: str, data: bytes) -> bytes:
    shown = _plain(name).encode("utf-8", "replace").decode("utf-8")
    kind = content_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", content_type) else "application/octet-stream"
    head = f'Content-Type: {kind}\r\nContent-Disposition: attachment; filename="{shown}"\r\n'
    if kind == "message/rfc822":
        return (head + "\r\n").encode() + data
    return (head + "Content-Transfer-Encoding: base64\r\n\r\n").encode() + base64.encodebytes(data)
