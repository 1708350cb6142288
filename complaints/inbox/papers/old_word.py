"""Word 97-2003 (MS-DOC): the text by the table of its pieces; nothing else of that format is looked at."""

import re
from typing import Any

from complaints.inbox.papers.answer import DAMAGED, LOCKED, MAX_CHARACTERS, MAX_UNPACKED, Answer, Refused

_WORD_97 = 0xA5EC
_LOCKED, _OTHER_TABLE = 0x0100, 0x0200  # of the flags
_PIECES_AT = 0x01A2  # where the head says where the table of pieces stands, and how long it is
_NARROW = 0x4000_0000

# A field is instructions, then what is shown; both marks and the instructions go.
_INSTRUCTIONS = re.compile("\x13[^\x13\x14\x15]*\x14?")
_SHOWN_AS = str.maketrans(
    {
        "\r": "\n",
        "\x07": "\t",
        "\x0b": "\n",
        "\x0c": "\n\n",
        "\x0e": "\n",
        "\x1e": "-",
        "\x1f": "",
        **dict.fromkeys("\x00\x01\x02\x03\x04\x05\x06\x08\x14\x15", ""),
    }
)
_ROW_END = re.compile("\x07\x07")


def read(file: Any) -> Answer:
    """Read the text of the letter, its notes, heads, feet and boxes, in the order in which they are kept.

    Args:
        file: an ``olefile.OleFileIO``.

    Raises:
        Refused: it is locked, older than Word 97, or damaged.
    """
    document = _stream(file, "WordDocument")
    flags = _number(document, 0x0A, 2)
    if _number(document, 0, 2) != _WORD_97:
        raise Refused(DAMAGED)
    if flags & _LOCKED:
        raise Refused(LOCKED)
    table = _stream(file, "1Table" if flags & _OTHER_TABLE else "0Table")
    start, size = _number(document, _PIECES_AT, 4), _number(document, _PIECES_AT + 4, 4)
    text = "".join(_pieces(document, _piece_table(table[start : start + size])))
    return Answer(text=_as_shown(text))


def _stream(file: Any, name: str) -> bytes:
    with file.openstream(name) as stream:
        data: bytes = stream.read(MAX_UNPACKED)
    return data


def _number(data: bytes, at: int, size: int) -> int:
    if at + size > len(data):
        raise Refused(DAMAGED)
    return int.from_bytes(data[at : at + size], "little")


def _piece_table(data: bytes) -> bytes:
    """Step over the descriptions of formats to the table of pieces (MS-DOC, 2.9.38)."""
    at = 0
    while data[at : at + 1] == b"\x01":
        at += 3 + _number(data, at + 1, 2)
    if data[at : at + 1] != b"\x02":
        raise Refused(DAMAGED)
    return data[at + 5 : at + 5 + _number(data, at + 1, 4)]


def _pieces(document: bytes, table: bytes) -> list[str]:
    count = (len(table) - 4) // 12
    found: list[str] = []
    room = 2 * MAX_CHARACTERS
    for number in range(count):
        length = _number(table, 4 * number + 4, 4) - _number(table, 4 * number, 4)
        place = _number(table, 4 * (count + 1) + 8 * number + 2, 4)
        length = max(0, min(length, room))
        room -= length
        if place & _NARROW:
            start = (place & (_NARROW - 1)) // 2
            found.append(document[start : start + length].decode("cp1252", "replace"))
        else:
            found.append(document[place : place + 2 * length].decode("utf-16-le", "replace"))
    return found


def _as_shown(text: str) -> str:
    for _ in range(5):  # fields stand in fields
        text, changed = _INSTRUCTIONS.subn("", text)
        if not changed:
            break
    return _ROW_END.sub("\n", text).translate(_SHOWN_AS).strip()
