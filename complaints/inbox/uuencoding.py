"""Files that older mail programs write into the text itself: uuencode, and yEnc, which is only named."""

import binascii
import re
from collections.abc import Iterator

_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?$", re.MULTILINE)
_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
_MOST = 20
"""Files taken out of one text."""
_YENC = re.compile(rb"^=ybegin [^\r\n]{0,200}?name=([^\r\n]{1,200})", re.MULTILINE)


def uuencoded(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files in a text: name and content."""
    for _, _, name, content in _found(data):
        yield name, content


def without_uuencoded(data: bytes) -> bytes:
    """The text around the files."""
    place, kept = 0, list[bytes]()
    for start, end, _, _ in _found(data):
        kept.append(data[place:start])
        place = end
    return b"".join([*kept, data[place:]])


def yenc_names(data: bytes) -> list[str]:
    """The names of files in yEnc, which nobody sends letters in."""
    return [found[1].decode("utf-8", "surrogateescape") for found in _YENC.finditer(data[:_LOOKED_AT])][
        :_MOST
    ]


_LOOKED_AT = 1 << 20


def _found(data: bytes) -> Iterator[tuple[int, int, str, bytes]]:
    place = 0
    for _ in range(_MOST):
        begun = _BEGIN.search(data, place)
        ended = _END.search(data, begun.end()) if begun else None
        if begun is None or ended is None:
            return
        content = _decoded(data[begun.end() : ended.start()])
        if content:
            yield begun.start(), ended.end(), begun[1].decode("utf-8", "surrogateescape"), content
        place = ended.end() if content else begun.end()


def _decoded(body: bytes) -> bytes:
    """The content; empty where the lines are none of uuencode."""
    pieces: list[bytes] = []
    for line in body.split(b"\n"):
        bare = line.strip(b"\r\n")
        if not bare:
            continue
        length = (bare[0] - 32) & 63
        needed = 1 + (length + 2) // 3 * 4
        # Blanks at the end of a line are lost on the way; more behind it is a checksum.
        try:
            pieces.append(binascii.a2b_uu(bare[:needed].ljust(needed)))
        except binascii.Error:
            return b""
    return b"".join(pieces)
