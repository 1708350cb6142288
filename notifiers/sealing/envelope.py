"""A composed message parted into what everybody sees and what only its reader does (RFC 9788).

Inside stand all of its headers and its body, byte for byte as composed; outside the same headers with a
Subject that tells the reference alone. Which of them were shown outside is noted inside (``HP-Outer``), so
that a mail program can tell that the real subject was hidden.
"""

import re
from dataclasses import dataclass

from notifiers.headers import plain_header

_FIELD = re.compile(rb"[!-9;-~]+:.*?\r\n(?![ \t])", re.DOTALL)
_STRUCTURAL = (b"content-", b"mime-version:")
_SUBJECT = b"subject:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parted:
    """A message before it is sealed."""

    outer: bytes  # headers that everybody sees; without those that tell what the body is
    payload: bytes  # a MIME entity: headers, then the body


def parted(message: bytes, ref: str) -> Parted:
    """Part a composed message.

    Args:
        message: as ``compose`` makes it: CRLF line ends, headers first.
        ref: our reference; all that the outer Subject tells.
    """
    head, _, body = message.partition(b"\r\n\r\n")
    fields = _FIELD.findall(head + b"\r\n")
    structural = [one for one in fields if one.lower().startswith(_STRUCTURAL)]
    shown = [one for one in fields if one not in structural]
    subject = plain_header("Subject", f"[{ref}] encrypted message" if ref else "encrypted message")
    outer = [subject if one.lower().startswith(_SUBJECT) else one for one in shown]
    noted = [b"HP-Outer: " + one for one in outer]
    entity = [_marked(one) for one in structural if one.lower().startswith(b"content-")]
    payload = b"".join([*shown, *noted, *entity, b"\r\n", body])
    return Parted(outer=b"".join([*outer, b"MIME-Version: 1.0\r\n"]), payload=payload)


def _marked(field: bytes) -> bytes:
    """The Content-Type that says the headers beside it are the message's own; older programs know the second word."""
    if not field.lower().startswith(b"content-type:"):
        return field
    return field.removesuffix(b"\r\n") + b';\r\n hp="cipher"; protected-headers="v1"\r\n'
