"""The parts of a message, byte by byte.

Written by hand and not by ``email.generator`` for two reasons: the original must leave exactly as it
came, and a message with a large attachment is put together hundreds of times in a burst.
"""

import binascii
import re
from dataclasses import dataclass

Pieces = list[bytes]
"""What a part consists of, joined once at the very end: a copy of a large letter costs as much as a note."""

_LONGEST_LINE = 998  # RFC 5322 2.1.1, without CRLF
_BASE64_LINE = 76  # RFC 2045 6.8
_STARTS_WITH_HEADER = re.compile(rb"[!-9;-~]+:")


@dataclass(frozen=True, kw_only=True, slots=True)
class Original:
    """How the letter travels: as an attached message, or as a file in base64."""

    raw: bytes
    filename: str  # ASCII, no quotes
    as_message: bool  # message/rfc822; else application/octet-stream


def attach(raw: bytes, filename: str, boundary: str) -> Original:
    """Choose how the path carries these bytes unchanged."""
    as_message = _survives_as_message(raw) and boundary.encode("ascii") not in raw
    return Original(raw=raw, filename=filename, as_message=as_message)


def _survives_as_message(raw: bytes) -> bool:
    """Whether every server on the way leaves these bytes alone inside a message/rfc822 part.

    RFC 2046 5.2.1 forbids to encode such a part, so whatever 7bit (RFC 2045 2.7) does not allow would
    have to be changed: bytes beyond ASCII, NUL, lines that do not end in CRLF or are too long. White
    space at line ends and lines that start with "From " are allowed and get lost in old gateways and
    mbox files all the same. A letter of none of these kinds is the common one: mail that was sent with
    quoted-printable or base64.
    """
    if not raw.isascii() or b"\0" in raw or b"\nFrom " in raw or not _STARTS_WITH_HEADER.match(raw):
        return False
    lines = raw.splitlines()
    return (
        # bytes.splitlines ends a line at CRLF, CR and LF: the three agree only where all ends are CRLF.
        len(lines) == raw.count(b"\n") == raw.count(b"\r")
        and max(map(len, lines)) <= _LONGEST_LINE
        and not {line[-1:] for line in lines} & {b" ", b"\t"}
        and raw.endswith(b"\r\n")
    )


def original_part(original: Original) -> Pieces:
    """The attachment, its headers first."""
    kind = "message/rfc822" if original.as_message else "application/octet-stream"
    encoding = "7bit" if original.as_message else "base64"
    head = (
        f'Content-Type: {kind}; name="{original.filename}"\r\n'
        f'Content-Disposition: attachment; filename="{original.filename}"\r\n'
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return [head.encode("ascii"), original.raw if original.as_message else base64_lines(original.raw)]


def file_part(content_type: str, data: bytes, filename: str) -> Pieces:
    """A file of ours as an attachment, its headers first."""
    head = (
        f'Content-Type: {content_type}; name="{filename}"\r\n'
        f'Content-Disposition: attachment; filename="{filename}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return [head.encode("ascii"), base64_lines(data)]


def text_part(subtype: str, text: str) -> Pieces:
    """Readable text, always clean for seven bits: as it is, or quoted-printable."""
    data = "\r\n".join(text.splitlines()).encode("utf-8", "replace") + b"\r\n"
    plain = data.isascii() and max(map(len, data.split(b"\r\n"))) <= _LONGEST_LINE
    encoding = "7bit" if plain else "quoted-printable"
    head = (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Disposition: inline\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return [head.encode("ascii"), data if plain else binascii.b2a_qp(data, istext=True)]


def multipart(subtype: str, boundary: str, parts: list[Pieces], *, about: str = "") -> Pieces:
    """The parts between their boundaries (RFC 2046 5.1.1), headers first.

    Args:
        subtype: of ``multipart``.
        boundary: in none of the parts.
        parts: each with its headers.
        about: further parameters of the Content-Type.
    """
    delimiter = f"\r\n--{boundary}\r\n".encode("ascii")
    more = f";\r\n {about}" if about else ""
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"{more}\r\n'.encode("ascii")
    end = f"\r\n--{boundary}--\r\n".encode("ascii")
    return [head, *(piece for part in parts for piece in (delimiter, *part)), end]


def base64_lines(data: bytes) -> bytes:
    """Base64 in lines that no server on the way touches."""
    encoded = binascii.b2a_base64(data, newline=False)
    return b"\r\n".join([encoded[at : at + _BASE64_LINE] for at in range(0, len(encoded), _BASE64_LINE)])
