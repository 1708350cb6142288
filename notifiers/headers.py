"""Header lines: what they hold may be hostile, what they are is one line each, ASCII, folded."""

import re
from email.header import Header

from notifiers.addresses import sendable

# Everything that a mail program may take for the end of a line, or that turns text around: C0 and C1
# controls, line and paragraph separators, the bidirectional overrides, half surrogate pairs.
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_SPACES = re.compile(r"\s+")


def one_line(text: str, limit: int = 2000) -> str:
    """The text without controls and line ends, white space tidied, at most ``limit`` characters."""
    # Most texts are tidy already; a printable one holds no space but the common one.
    if len(text) <= limit and text.isprintable() and "  " not in text and text.strip() == text:
        return text
    tidy = _SPACES.sub(" ", _UNWANTED.sub(" ", text[: 4 * limit])).strip()
    return tidy if len(tidy) <= limit else f"{tidy[: limit - 1]}…"


def text_header(name: str, text: str) -> bytes:
    """An unstructured header (RFC 5322 2.2.1), beyond ASCII as encoded words (RFC 2047)."""
    tidy = one_line(text, 400)
    # Text that looks like an encoded word would be decoded by the reader into something else.
    charset = "us-ascii" if tidy.isascii() and "=?" not in tidy else "utf-8"
    folded = Header(tidy, charset, maxlinelen=76, header_name=name).encode(linesep="\r\n")
    return f"{name}: {folded}\r\n".encode("ascii")


def mailbox_header(name: str, display: str, address: str) -> bytes:
    """An address header with one mailbox (RFC 5322 3.4; in UTF-8 where the address needs it, RFC 6532 3.2).

    Raises:
        UnsendableAddress: when the address is none.
    """
    return f"{name}: {_display(one_line(display, 150))}<{sendable(address)}>\r\n".encode()


def plain_header(name: str, value: str) -> bytes:
    """A header whose value is ours and in ASCII already.

    Raises:
        ValueError: when it is not, or would not stay on one line.
    """
    if not (value.isascii() and value.isprintable()):
        raise ValueError(f"{name} would hold more than one line of ASCII")
    return f"{name}: {value}\r\n".encode("ascii")


def _display(text: str) -> str:
    if not text:
        return ""
    if text.isascii() and "=?" not in text:
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"\r\n '
    encoded = Header(text, "utf-8", maxlinelen=72).encode(linesep="\r\n")
    return f"{encoded}\r\n "
