"""The XML of word processors -> text as a reader of the page sees it: Word (ECMA-376) and OpenDocument.

A stream of elements is followed with the parser of the standard library; a document type, which carries
every known attack by entities, ends the reading at once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from xml.parsers import expat

from complaints.inbox.papers.answer import DAMAGED, LOCKED, MAX_CHARACTERS, Answer, Refused
from complaints.inbox.papers.layout import in_paragraphs

if TYPE_CHECKING:
    from complaints.inbox.papers.zipped import Archive

_MAX_DEPTH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tongue:
    """What the elements of a format mean; names without their namespace."""

    texts: frozenset[str] | None  # elements whose characters are text; None: all within a paragraph
    paragraphs: frozenset[str]
    row: str
    cell: str
    boxes: frozenset[str]  # stand beside the paragraph that they are anchored in
    unseen: frozenset[str]  # nothing in them is shown
    marks: dict[str, str]  # elements that stand for a character


_WORD = _Tongue(
    texts=frozenset({"t"}),
    paragraphs=frozenset({"p"}),
    row="tr",
    cell="tc",
    boxes=frozenset({"txbxContent"}),
    # A Fallback repeats what stands beside it for older programs.
    unseen=frozenset({"Fallback", "moveFrom", "del", "fldData"}),
    marks={"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"},
)
_OPENDOCUMENT = _Tongue(
    texts=None,
    paragraphs=frozenset({"p", "h"}),
    row="table-row",
    cell="table-cell",
    boxes=frozenset({"text-box", "note-body"}),
    unseen=frozenset(
        {"annotation", "tracked-changes", "script", "note-citation", "desc", "title", "ruby-text"}
    ),
    marks={"tab": "\t", "line-break": "\n"},
)
_HEADS = replace(
    _OPENDOCUMENT, unseen=_OPENDOCUMENT.unseen | {"footer", "footer-left", "footer-first", "styles"}
)
_FEET = replace(
    _OPENDOCUMENT, unseen=_OPENDOCUMENT.unseen | {"header", "header-left", "header-first", "styles"}
)
_PRETTY = re.compile(r"[ \t\r\n]+")
_OFF = frozenset({"0", "false", "off", "none"})


def read_word(archive: "Archive") -> Answer:
    """Read the letterhead, the text, the notes and the foot of a Word file."""
    names = archive.names()
    kept = [
        *_every(archive, names, r"word/header\d*\.xml", _WORD),
        text_of(archive.read("word/document.xml"), _WORD),
        *_every(archive, names, r"word/(?:foot|end)notes\.xml", _WORD),
        *_every(archive, names, r"word/footer\d*\.xml", _WORD),
    ]
    answer = Answer(text=_joined(kept))
    pictures = any(re.fullmatch(r"word/media/.*\.(?:png|jpe?g|tiff?|emf|wmf|bmp)", name) for name in names)
    if pictures and len(answer.text.strip()) < 60:
        answer.problem = "holds next to no text; it shows images"
        answer.incomplete = answer.pictures = True
    return answer


def read_opendocument(archive: "Archive") -> Answer:
    """Read an OpenDocument text; heads and feet of its pages stand in the styles."""
    names = archive.names()
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Refused(LOCKED)
    styles = archive.read("styles.xml") if "styles.xml" in names else b"<none/>"
    body = text_of(archive.read("content.xml"), _OPENDOCUMENT)
    return Answer(text=_joined([text_of(styles, _HEADS), body, text_of(styles, _FEET)]))


def _every(archive: "Archive", names: Iterable[str], pattern: str, tongue: _Tongue) -> list[str]:
    return [text_of(archive.read(name), tongue) for name in sorted(names) if re.fullmatch(pattern, name)]


def _joined(texts: Iterable[str]) -> str:
    """One after the other; the same head of first and later pages is shown once."""
    return "\n\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def text_of(xml: bytes, tongue: _Tongue = _WORD) -> str:
    """The text of one XML part.

    Raises:
        Refused: it declares a document type, or nests beyond reason.
    """
    page = _Page(tongue)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = page.start
    parser.EndElementHandler = page.end
    parser.CharacterDataHandler = page.characters
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise Refused(DAMAGED) from error
    return page.text


def _refuse_doctype(*_: object) -> None:
    raise Refused("declares a document type, as no letter does, and was not read")


@dataclass(slots=True)
class _Page:
    """Gathers lines while elements come and go."""

    tongue: _Tongue
    blocks: list[str] = field(default_factory=list)  # finished paragraphs and rows
    size: int = 0
    depth: int = 0
    hidden_at: int = 0  # depth of the element within which nothing is shown; 0: none
    line: list[str] | None = None  # the paragraph that is being written
    outer: list[list[str] | None] = field(default_factory=list)  # paragraphs that boxes stand in
    cells: list[list[list[str]]] = field(
        default_factory=list
    )  # rows that are open, each its cells' paragraphs
    reading: bool = False  # within an element of text
    run_hidden: bool = False

    @property
    def text(self) -> str:
        return in_paragraphs(self.blocks)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise Refused(f"nests deeper than {_MAX_DEPTH} elements and was not read")
        local = name.rpartition(" ")[2]
        if not self.hidden_at and local in self.tongue.unseen:
            self.hidden_at = self.depth
        if not self.hidden_at:
            self._begin(local, attributes)

    def _begin(self, local: str, attributes: dict[str, str]) -> None:
        tongue = self.tongue
        if local in tongue.paragraphs:
            self._open_paragraph()
        elif local in tongue.boxes:
            self.outer.append(self.line)
            self.line = None
        elif local == tongue.row:
            self.cells.append([])
        elif local == tongue.cell and self.cells:
            self.cells[-1].append([])
        elif local == "vanish":
            self.run_hidden = _attribute(attributes, "val") not in _OFF
        elif local == "r":
            self.run_hidden = False
        elif self.line is not None:
            self._mark(local, attributes)

    def end(self, name: str) -> None:
        if self.hidden_at:
            self.hidden_at = 0 if self.depth == self.hidden_at else self.hidden_at
            self.depth -= 1
            return
        self.depth -= 1
        local, tongue = name.rpartition(" ")[2], self.tongue
        if local in tongue.paragraphs:
            self.flush()
        elif local in tongue.boxes and self.outer:
            self.flush()
            self.line = self.outer.pop()
        elif local == tongue.row and self.cells:
            self._close_row()
        elif tongue.texts is not None and local in tongue.texts:
            self.reading = False

    def characters(self, data: str) -> None:
        if self.hidden_at or self.run_hidden or self.line is None:
            return
        if self.tongue.texts is None:
            self.line.append(_PRETTY.sub(" ", data))
        elif self.reading:
            self.line.append(data)

    def flush(self) -> None:
        """End the paragraph that is being written."""
        if self.line is None:
            return
        text = "".join(self.line).strip(" ")
        self.line = None
        if self.cells and self.cells[-1]:
            self.cells[-1][-1].append(text)
        else:
            self._add(text)

    def _open_paragraph(self) -> None:
        if self.line is not None:
            # A paragraph in a paragraph without a box between is damage, or somebody's trick: the outer one ends.
            self.flush()
        self.line = []

    def _mark(self, local: str, attributes: dict[str, str]) -> None:
        assert self.line is not None
        if self.tongue.texts is not None and local in self.tongue.texts:
            self.reading = True
        elif local in self.tongue.marks and not self.run_hidden:
            self.line.append(self.tongue.marks[local])
        elif local == "s" and self.tongue.texts is None:
            count = _attribute(attributes, "c")
            self.line.append(" " * min(20, int(count) if count.isdecimal() else 1))

    def _close_row(self) -> None:
        """Cells of one line each stand side by side; longer ones are columns, read one after the other."""
        row = [[line for line in cell if line.strip()] for cell in self.cells.pop()]
        shown = [cell for cell in row if cell]
        if all(len(cell) == 1 for cell in shown):
            text = "\t".join(cell[0] for cell in shown)
        else:
            text = "\n".join(line for cell in shown for line in (*cell, ""))
        if self.cells and self.cells[-1]:
            self.cells[-1][-1].append(text)
        else:
            self._add(text)

    def _add(self, text: str) -> None:
        self.size += len(text) + 1
        self.blocks.append(text)
        if self.size > 4 * MAX_CHARACTERS:
            raise Refused("holds more text than a letter and was not read")


def _attribute(attributes: dict[str, str], local: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(" ")[2] == local), "")
