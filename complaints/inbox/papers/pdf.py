"""PDF -> text, page by page; what was typed into forms; and whether the pages are images."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from complaints.inbox.papers.answer import DAMAGED, LOCKED, MAX_CHARACTERS, Answer, Refused
from complaints.inbox.papers.pdf_layout import text_in_order

MAX_PAGES = 30
_FEW = 60  # characters that a scanner's own mark or a page number may have
_LARGE = 0.4  # of a page: an image that may be a letter
_MAX_OBJECTS = 2_000  # of a page that are looked at for images
_MAX_ANNOTATIONS = 500
_PASSWORD = 4  # FPDF_ERR_PASSWORD


@dataclass(frozen=True, kw_only=True, slots=True)
class _PageText:
    text: str
    is_image: bool


def read(data: bytes) -> Answer:
    """Read the text layer of a PDF and the values of its form."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused(LOCKED if getattr(error, "err_code", None) == _PASSWORD else DAMAGED) from error
    try:
        count = len(document)
        if document.get_formtype():
            document.init_forms()
        pages = list(_pages(document, min(count, MAX_PAGES)))
    finally:
        document.close()
    text = "\n\n".join(page.text for page in pages)
    images = sum(page.is_image for page in pages)
    return Answer(
        text=text,
        pages=count,
        problem=_what_is_missing(text, count, len(pages), images),
        pictures=images == len(pages) > 0,
        incomplete=images > 0,
    )


def _pages(document: Any, count: int) -> Iterator[_PageText]:
    room = MAX_CHARACTERS + 1
    for number in range(count):
        page = document[number]
        text_page = page.get_textpage()
        text = text_in_order(text_page)
        text_page.close()
        found = "\n".join((text, *_typed(document, page)))[:room]
        yield _PageText(text=found, is_image=_is_image(page, found))
        page.close()
        room -= len(found)
        if room <= 0:
            break


def _what_is_missing(text: str, count: int, read: int, images: int) -> str:
    if images and images == read:
        return f"holds no text layer; it is an image of {count} page{'s' if count > 1 else ''}"
    if not text.strip():
        return "holds no text layer"
    if len(text) > MAX_CHARACTERS:
        return f"was cut after {MAX_CHARACTERS} characters"
    if count > MAX_PAGES:
        return f"was read up to page {MAX_PAGES} of {count}"
    return f"shows images without text on {images} of {count} pages" if images else ""


# --- images ----------------------------------------------------------------------------------


def _is_image(page: Any, text: str) -> bool:
    """Whether the page shows an image in place of text."""
    if len("".join(text.split())) >= _FEW:
        return False
    area = page.get_width() * page.get_height()
    objects = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    return any(_area(one) >= _LARGE * area for one, _ in zip(objects, range(_MAX_OBJECTS), strict=False))


def _area(image: Any) -> float:
    try:
        left, bottom, right, top = image.get_bounds()
    except pypdfium2.PdfiumError:
        return 0.0
    return float((right - left) * (top - bottom))


# --- forms -----------------------------------------------------------------------------------


def _typed(document: Any, page: Any) -> Iterator[str]:
    """What was typed into the fields of a form, or onto the page: ``name: value`` a line."""
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        if not note:
            continue
        if pdfium.FPDFAnnot_GetSubtype(note) == pdfium.FPDF_ANNOT_FREETEXT:
            yield _string(
                lambda out, size, a=note: pdfium.FPDFAnnot_GetStringValue(a, b"Contents", out, size)
            )
        elif document.formenv is not None:
            yield from _field(document.formenv, note)
        pdfium.FPDFPage_CloseAnnot(note)


def _field(form: Any, note: Any) -> Iterator[str]:
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, note)
    if kind not in {pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX}:
        return
    value = _string(lambda out, size: pdfium.FPDFAnnot_GetFormFieldValue(form, note, out, size))
    if value.strip():
        name = _string(lambda out, size: pdfium.FPDFAnnot_GetFormFieldAlternateName(form, note, out, size))
        name = name or _string(lambda out, size: pdfium.FPDFAnnot_GetFormFieldName(form, note, out, size))
        yield f"{name}: {value}" if name else value


def _string(get: Any) -> str:
    """A string of PDFium: asked for its length (bytes of UTF-16, the end mark included), then for itself."""
    size = min(int(get(None, 0)), 2 * MAX_CHARACTERS)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    get(buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
