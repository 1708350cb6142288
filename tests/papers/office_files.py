"""Word and OpenDocument files, written by python-docx and odfpy, and zip archives."""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import docx
from odf import style, table, text
from odf.opendocument import OpenDocumentText

WORD_XML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def word(paragraphs: Sequence[str], *, head: str = "", foot: str = "", cells: Sequence[str] = ()) -> bytes:
    """A Word file."""
    file = docx.Document()
    section = file.sections[0]
    section.header.paragraphs[0].text = head
    section.footer.paragraphs[0].text = foot
    for paragraph in paragraphs:
        file.add_paragraph(paragraph)
    if cells:
        row = file.add_table(1, len(cells)).rows[0]
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def raw_word(body: str, *, prolog: str = "", **parts: bytes) -> bytes:
    """A Word file of which the XML is written by hand; ``parts`` are further files of ``word/``, without ``.xml``."""
    xml = f'{prolog}<w:document xmlns:w="{WORD_XML}" xmlns:mc="urn:mc" xmlns:v="urn:v"><w:body>{body}</w:body></w:document>'
    more = {f"word/{name}.xml": data for name, data in parts.items()}
    return archive({"[Content_Types].xml": TYPES, "word/document.xml": xml.encode(), **more})


def paragraph(words: str, properties: str = "") -> str:
    """A paragraph of a Word file."""
    return f"<w:p><w:r>{properties}<w:t>{words}</w:t></w:r></w:p>"


def opendocument(
    paragraphs: Sequence[str], *, head: str = "", foot: str = "", cells: Sequence[str] = ()
) -> bytes:
    """An OpenDocument text."""
    file: Any = OpenDocumentText()
    layout = style.PageLayout(name="page")
    file.automaticstyles.addElement(layout)
    master = style.MasterPage(name="Standard", pagelayoutname=layout)
    for kind, words in ((style.Header, head), (style.Footer, foot)):
        part = kind()
        part.addElement(text.P(text=words))
        master.addElement(part)
    file.masterstyles.addElement(master)
    for words in paragraphs:
        file.text.addElement(text.P(text=words))
    if cells:
        file.text.addElement(_table(cells))
    out = BytesIO()
    file.write(out)
    return out.getvalue()


def _table(cells: Sequence[str]) -> Any:
    found, row = table.Table(name="t"), table.TableRow()
    for words in cells:
        cell = table.TableCell()
        cell.addElement(text.P(text=words))
        row.addElement(cell)
    found.addElement(row)
    return found


def archive(files: Mapping[str, bytes], *, locked: bool = False) -> bytes:
    """A zip archive; a locked one is marked as such, which is all that a reader without the password sees."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return _mark_locked(out.getvalue()) if locked else out.getvalue()


def _mark_locked(data: bytes) -> bytes:
    """Set the first bit of each file's flags, locally (APPNOTE 4.3.7) and in the directory (4.3.12)."""
    out = bytearray(data)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = out.find(mark)
        while place >= 0:
            out[place + flags] |= 1
            place = out.find(mark, place + 4)
    return bytes(out)
