"""What an S/MIME file seals or merely wraps: enveloped data is unreadable, signed data holds a mail in clear.

Only the outer layers are looked at (RFC 5652); no signature is checked and nothing is decrypted.
"""

import re

from complaints.inbox.headers import decode_base64

_SIGNED = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_ENVELOPED = (bytes.fromhex("06092a864886f70d010703"), bytes.fromhex("060b2a864886f70d0109100117"))

_OCTETS, _CONSTRUCTED_OCTETS, _EXPLICIT = 0x04, 0x24, 0xA0
_HEAD = 64
"""Bytes within which the type of the content stands."""
_MAX_PIECES = 100_000
_ARMOUR = re.compile(
    rb"\s*(?:-----BEGIN [A-Z0-9 ]+-----)?([A-Za-z0-9+/=\s]+)(?:-----END [A-Z0-9 ]+-----\s*)?"
)


def bare(data: bytes) -> bytes:
    """Signed files are saved as base64 too, with or without PEM's lines around it."""
    if data[:1] == b"\x30":
        return data
    found = _ARMOUR.fullmatch(data)
    return decode_base64(found[1]) if found else data


def is_enveloped(data: bytes) -> bool:
    """Whether this is encrypted to somebody."""
    return any(oid in data[:_HEAD] for oid in _ENVELOPED)


def signed_content(data: bytes) -> bytes | None:
    """The mail that stands in clear within signed data; None where there is none or it is damaged."""
    place = data.find(_DATA)
    if _SIGNED not in data[:_HEAD] or place < 0:
        return None
    try:
        tag, start, _ = _element(data, place + len(_DATA))
        return _octets(data, start) if tag == _EXPLICIT else None
    except IndexError:
        return None


def _element(data: bytes, place: int) -> tuple[int, int, int | None]:
    """Tag, where the content starts, and its length (None: until the end mark)."""
    tag, first = data[place], data[place + 1]
    if first < 0x80:
        return tag, place + 2, first
    count = first & 0x7F
    if count == 0:
        return tag, place + 2, None
    length = int.from_bytes(data[place + 2 : place + 2 + count], "big")
    return tag, place + 2 + count, min(length, len(data))


def _octets(data: bytes, place: int) -> bytes | None:
    tag, start, length = _element(data, place)
    if tag == _OCTETS and length is not None:
        return data[start : start + length]
    if tag != _CONSTRUCTED_OCTETS:
        return None
    end = len(data) if length is None else start + length
    pieces: list[bytes] = []
    while start < end and data[start] == _OCTETS and len(pieces) < _MAX_PIECES:
        _, start, length = _element(data, start)
        pieces.append(data[start : start + (length or 0)])
        start += length or 0
    return b"".join(pieces)
