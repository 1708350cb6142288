"""The RTF that messages of Outlook keep compressed (MS-OXRTFCP)."""

from complaints.inbox.papers.answer import DAMAGED, Refused

_MAX_UNPACKED = 10 << 20  # bytes
_HEAD = 16
_WINDOW = 4_096
# What every window begins with (2.1.2.1).
_BEGINNING = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans Serif"
    b"SymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def unpacked(data: bytes) -> bytes:
    """Unpack it; what was cut off is left out, and checksums are nobody's business here.

    Raises:
        Refused: it is not packed so, or unpacks to more than a letter holds.
    """
    mark = data[8:12]
    if mark == b"MELA":
        return data[_HEAD:]
    if mark != b"LZFu":
        raise Refused(DAMAGED)
    out = bytearray(_BEGINNING)
    at = _HEAD
    while at < len(data):
        flags, at = data[at], at + 1
        for bit in range(8):
            if at + (flags >> bit & 1) >= len(data):
                return bytes(out[len(_BEGINNING) :])
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
            elif not _repeat(out, int.from_bytes(data[at : at + 2], "big")):
                return bytes(out[len(_BEGINNING) :])
            else:
                at += 2
        if len(out) > _MAX_UNPACKED:
            raise Refused("unpacks to more than a letter holds and was not read")
    return bytes(out[len(_BEGINNING) :])


def _repeat(out: bytearray, reference: int) -> bool:
    """Write again what stands in the window; False at the end mark, which points to where the next byte goes."""
    place, length = reference >> 4, (reference & 0xF) + 2
    back = (len(out) - place) % _WINDOW
    if back == 0:
        return False
    for _ in range(length):
        # Before the beginning the window holds blanks.
        out.append(out[-back] if back <= len(out) else 0x20)
    return True
