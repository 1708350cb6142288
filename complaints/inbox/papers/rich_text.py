"""Rich Text Format (RTF 1.9.1) -> text, letterheads, feet and text boxes included."""

import codecs
import re
from dataclasses import dataclass, field, replace

from complaints.inbox.papers.answer import MAX_CHARACTERS, Answer, Refused
from complaints.inbox.papers.layout import in_paragraphs

_TOKEN = re.compile(
    rb"\\'([0-9A-Fa-f]{2})|\\([A-Za-z]{1,32})(-?[0-9]{1,10})? ?|\\([^A-Za-z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\"
)
_MANY_LINES = re.compile(r"\n{3,}")
_MAX_NESTING = 10_000

# Groups that hold no text of the page. Groups marked with \* are skipped too, but for those of _STARRED.
_NOT_SHOWN = frozenset({
    "colortbl", "stylesheet", "info", "pict", "nonshppict", "objdata", "fldinst", "sn", "sv", "shprslt",
    "xe", "tc", "rxe", "txe", "private", "template", "listtable", "listoverridetable", "revtbl", "rsidtbl",
    "generator", "filetbl", "pgptbl", "latentstyles", "themedata", "datastore", "xmlnstbl", "ftnsep",
    "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "bkmkstart", "bkmkend", "atnid", "atnauthor",
    "annotation", "formfield", "htmltag", "mhtmltag", "pntxta", "pntxtb", "do", "falt", "panose", "ffname",
    "ffdeftext", "ud",
})  # fmt: skip
_STARRED = frozenset({"shpinst", "shptxt", "pntext"})
_APART = frozenset({
    "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "footnote",
    "shptxt",
})  # fmt: skip
_SHOWN_AS = {
    "par": "\n", "line": "\n", "sect": "\n\n", "page": "\n\n", "row": "\n", "cell": "\t", "nestcell": "\t",
    "nestrow": "\n", "tab": "\t", "emdash": "\u2014", "endash": "\u2013", "emspace": " ", "enspace": " ", "qmspace": " ",
    "bullet": "\u2022", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d",
}  # fmt: skip
_SIGNS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n", b"-": ""}
_CODE_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
# Of fonts, by \fcharset.
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds within a pair of braces."""

    skipped: bool = False
    starred: bool = False  # a \* was just read
    in_fonts: bool = False
    hidden: bool = False
    apart: bool = False  # a head, a foot, a note or a box
    as_html: bool = False  # what repeats the HTML that the text was made from
    font: int = -1
    after_unicode: int = 1  # characters that stand for a \u where it is not known


@dataclass(slots=True)
class _Page:
    """Gathers text while groups open and close."""

    codec: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    group: _Group = field(default_factory=_Group)
    outer: list[_Group] = field(default_factory=list)
    default_font: int = -1
    pending: bytearray = field(default_factory=bytearray)  # bytes of one charset that belong together
    pieces: list[str] = field(default_factory=list)
    size: int = 0
    skip: int = 0  # characters that still stand for the last \u
    high: int = 0  # first half of a character written as two

    @property
    def shown(self) -> bool:
        group = self.group
        return not (group.skipped or group.hidden or group.as_html)

    def flush(self) -> None:
        if self.pending:
            self._add(self.pending.decode(self.fonts.get(self.group.font, self.codec), "replace"))
            self.pending.clear()

    def say(self, text: str) -> None:
        self.flush()
        self._add(text)

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self.size += len(text)
        if self.size > 4 * MAX_CHARACTERS:
            raise Refused("holds more text than a letter and was not read")

    def take(self, data: bytes) -> None:
        """Bytes of text."""
        dropped = min(self.skip, len(data))
        self.skip -= dropped
        if self.shown:
            self.pending += data[dropped:]

    def open(self) -> None:
        self.flush()
        self.skip = 0
        if len(self.outer) >= _MAX_NESTING:
            raise Refused("nests deeper than any letter and was not read")
        self.outer.append(self.group)
        self.group = replace(self.group, starred=False)

    def close(self) -> None:
        self.flush()
        self.skip = 0
        if self.outer:
            was_apart = self.shown and self.group.apart
            self.group = self.outer.pop()
            if was_apart and not self.group.apart:
                self.say("\n\n")


def read(data: bytes) -> Answer:
    """Read an RTF file."""
    return Answer(text=text_of(data))


def text_of(data: bytes) -> str:
    """The text of an RTF file, decoded by the charsets of its fonts.

    Raises:
        Refused: it is none, or nests beyond reason.
    """
    if not data.lstrip()[:5] == b"{\\rtf":
        raise Refused("is no rich text and was not read")
    page = _Page()
    place = 0
    while place < len(data) and (found := _TOKEN.match(data, place)):
        place = found.end()
        kind = found.lastindex
        if kind == 6:
            page.take(found[6])
        elif found[2]:
            place += _word(page, found[2].decode("ascii"), found[3])
        elif kind == 1:
            page.take(bytes.fromhex(found[1].decode("ascii")))
        elif kind == 5:
            page.open() if found[5] == b"{" else page.close()
            if found[5] == b"}" and not page.outer:
                break  # what follows the last brace is not shown
        elif kind == 4:
            _sign(page, found[4])
    page.flush()
    return _MANY_LINES.sub("\n\n", in_paragraphs("".join(page.pieces).split("\n"))).strip()


def _sign(page: _Page, sign: bytes) -> None:
    if sign == b"*":
        page.group = replace(page.group, starred=True)
    elif page.shown and sign in _SIGNS:
        page.say(_SIGNS[sign])


def _word(page: _Page, word: str, argument: bytes | None) -> int:
    """Obey one control word; how many bytes of raw data follow it."""
    number = int(argument) if argument else None
    starred = page.group.starred
    if starred:
        page.group = replace(page.group, starred=False)
    if word == "bin":
        return max(0, number or 0)
    if word in _NOT_SHOWN or (starred and word not in _STARRED):
        page.flush()
        page.group = replace(page.group, skipped=True)
    elif page.shown and word in _SHOWN_AS:
        page.skip = 0
        page.say(_SHOWN_AS[word])
    elif page.shown and word in _APART:
        page.say("\n\n")
        page.group = replace(page.group, apart=True)
    elif word == "u":
        _unicode(page, number or 0)
    else:
        _setting(page, word, number)
    return 0


def _unicode(page: _Page, number: int) -> None:
    code = number & 0xFFFF
    page.skip = page.group.after_unicode
    if not page.shown:
        return
    if 0xD800 <= code < 0xDC00:
        page.high = code
    elif 0xDC00 <= code < 0xE000:
        page.say(chr(0x10000 + ((page.high - 0xD800) << 10) + code - 0xDC00) if page.high else "\ufffd")
        page.high = 0
    else:
        page.say(chr(code))


def _setting(page: _Page, word: str, number: int | None) -> None:
    """What holds from here to the end of the group."""
    on = number != 0
    if word == "uc":
        page.group = replace(page.group, after_unicode=max(0, min(number or 0, 10)))
    elif word in {"v", "deleted"}:
        page.flush()
        page.group = replace(page.group, hidden=on)
    elif word == "htmlrtf":
        page.flush()
        page.group = replace(page.group, as_html=on)
    elif word in _CODE_PAGES:
        page.codec = _CODE_PAGES[word]
    elif word == "ansicpg":
        page.codec = code_page(number or 0) or page.codec
    else:
        _font(page, word, -1 if number is None else number)


def _font(page: _Page, word: str, number: int) -> None:
    """Bytes are of the charset of their font."""
    if word == "fonttbl":
        page.group = replace(page.group, skipped=True, in_fonts=True)
    elif word == "fcharset" and page.group.in_fonts and number in _CHARSETS:
        page.fonts[page.group.font] = _CHARSETS[number]
    elif word == "f":
        page.flush()
        page.group = replace(page.group, font=number)
    elif word == "plain":
        page.flush()
        page.group = replace(page.group, font=page.default_font, hidden=False)
    elif word == "deff":
        page.default_font = number


def code_page(number: int) -> str:
    """The codec of a code page of Windows; empty where none is known."""
    name = {65001: "utf-8", 20127: "ascii", 28591: "cp1252", 28605: "iso8859-15"}.get(number, f"cp{number}")
    if 28592 <= number <= 28604:
        name = f"iso8859-{number - 28590}"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
