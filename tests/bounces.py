"""Bounces of public collections, made to answer a notice of ours."""

import re
from collections.abc import Iterator
from pathlib import Path

BOUNCES = Path(__file__).parent / "corpus" / "bounces"
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_RETURNED_ID = re.compile(rb"(?im)^([ \t>*]*(?:original-)?message-id:\s*(?:\r?\n[ \t]+)?)<?[^<>\s]+>?")


def collected() -> Iterator[Path]:
    """The committed sample."""
    yield from sorted(BOUNCES.glob("*.eml"))


def others() -> Iterator[Path]:
    """What comes to return paths as well and reports no failure: out of office, abuse reports, people's answers."""
    yield from sorted((BOUNCES / "others").glob("*.eml"))


def to_return_path(raw: bytes, address: str) -> bytes:
    """The same as our own server delivers it to a return path of ours."""
    return b"Delivered-To: " + address.encode() + b"\r\n" + _without_mbox_line(raw)


def giving_back(raw: bytes, message_id: str) -> bytes | None:
    """The same as if the message that it gives back were ours; None where it gives none back."""
    mail = _without_mbox_line(raw)
    found = _END_OF_HEADERS.search(mail)
    at = found.end() if found else len(mail)
    body, count = _RETURNED_ID.subn(lambda m: m[1] + message_id.encode(), mail[at:])
    return mail[:at] + body if count else None


def _without_mbox_line(raw: bytes) -> bytes:
    return re.sub(rb"\A>?From [^\n]*\n", b"", raw.lstrip())
