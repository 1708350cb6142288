"""Files of Outlook and of old Word: compound ones, written by extract-msg's writer, and TNEF."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO

import compressed_rtf
from extract_msg import OleWriter

Attachments = Sequence[tuple[str, bytes]]
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams, by their paths."""
    writer = OleWriter()
    for path, data in streams.items():
        writer.addEntry(path.split("/"), data)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def msg(
    *,
    sender: tuple[str, str],
    subject: str,
    text: str = "",
    html: bytes = b"",
    rtf: bytes = b"",
    date: datetime | None = None,
    headers: str = "",
    attachments: Attachments = (),
    wrapped: Mapping[str, bytes] | None = None,
) -> bytes:
    """An Outlook message.

    Args:
        wrapped: streams of a message that is attached to this one, as ``message_streams`` gives them.
    """
    streams = message_streams(
        sender=sender, subject=subject, text=text, html=html, rtf=rtf, date=date, headers=headers
    )
    for number, (name, data) in enumerate(attachments):
        place = f"__attach_version1.0_#{number:08X}"
        streams[f"{place}/__properties_version1.0"] = bytes(8)
        streams[f"{place}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[f"{place}/__substg1.0_37010102"] = data
    if wrapped is not None:
        place = f"__attach_version1.0_#{len(attachments):08X}"
        streams[f"{place}/__properties_version1.0"] = bytes(8)
        for path, data in wrapped.items():
            streams[f"{place}/__substg1.0_3701000D/{path}"] = data
    return compound(streams)


def message_streams(
    *,
    sender: tuple[str, str],
    subject: str,
    text: str = "",
    html: bytes = b"",
    rtf: bytes = b"",
    date: datetime | None = None,
    headers: str = "",
    embedded: bool = False,
) -> dict[str, bytes]:
    """The streams of one message."""
    texts = {
        "001A": "IPM.Note",
        "0037": subject,
        "0C1A": sender[0],
        "5D01": sender[1],
        "1000": text,
        "007D": headers,
    }
    streams = {
        f"__substg1.0_{number}001F": words.encode("utf-16-le") for number, words in texts.items() if words
    }
    if html:
        streams["__substg1.0_10130102"] = html
    if rtf:
        streams["__substg1.0_10090102"] = compressed_rtf.compress(rtf)
    numbers = struct.pack("<HHIQ", 0x0003, 0x3FDE, 6, 65001)
    if date:
        ticks = int((date - _EPOCH).total_seconds()) * 10_000_000
        numbers += struct.pack("<HHIQ", 0x0040, 0x0039, 6, ticks)
    streams["__properties_version1.0"] = bytes(24 if embedded else 32) + numbers
    return streams


def old_word(text: str, *, locked: bool = False, wide: bool = False) -> bytes:
    """A Word 97 file of one piece of text (MS-DOC)."""
    body = text.encode("utf-16-le" if wide else "cp1252")
    start = 0x800
    head = bytearray(start)
    struct.pack_into("<H", head, 0, 0xA5EC)
    struct.pack_into("<H", head, 0x0A, 0x0200 | (0x0100 if locked else 0))
    place = start if wide else (start * 2) | 0x4000_0000
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, place, 0)
    table = b"\x01" + struct.pack("<H", 3) + b"abc" + b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", head, 0x01A2, 16, len(table))
    padded = bytes(head) + body + bytes(max(0, 5_000 - len(body)))
    return compound({"WordDocument": padded, "1Table": bytes(16) + table + bytes(5_000)})


def tnef(
    *,
    html: bytes = b"",
    rtf: bytes = b"",
    text: str = "",
    attachments: Attachments = (),
    wrapped: bytes = b"",
) -> bytes:
    """A winmail.dat (MS-OXTNEF)."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += _attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    out += _attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
    bodies = [(0x1013, html)] * bool(html) + [(0x1009, compressed_rtf.compress(rtf) if rtf else b"")] * bool(
        rtf
    )
    if bodies:
        out += _attribute(1, 0x00069003, _properties(bodies))
    if text:
        out += _attribute(1, 0x0002800C, text.encode("cp1252") + b"\0")
    for name, data in attachments:
        out += _attribute(2, 0x00069002, bytes(14))
        out += _attribute(2, 0x00018010, name.encode("cp1252") + b"\0")
        out += _attribute(2, 0x0006800F, data)
    if wrapped:
        message = bytes.fromhex("0703020000000000c000000000000046") + wrapped
        out += _attribute(2, 0x00069002, bytes(14)) + _attribute(
            2, 0x00069005, _properties([(0x3701, message)], 0x0D)
        )
    return out


def _attribute(level: int, number: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _properties(bodies: Sequence[tuple[int, bytes]], kind: int = 0x0102) -> bytes:
    out = struct.pack("<I", len(bodies))
    for number, data in bodies:
        out += struct.pack("<HHII", kind, number, 1, len(data)) + data + bytes(-len(data) % 4)
    return out


def png(width: int = 300, height: int = 300) -> bytes:
    """An image of noise, larger than any logo."""
    import random  # noqa: PLC0415

    rows = b"".join(b"\0" + random.Random(row).randbytes(width) for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    )
