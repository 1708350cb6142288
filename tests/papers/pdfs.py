"""PDFs, by the least that the format needs."""

import zlib
from collections.abc import Iterable, Sequence

A4 = b"/MediaBox[0 0 595 842]"
GREY = zlib.compress(b"\x80" * 100)
"""An image of ten by ten grey points."""


def pdf_with(*pages: str) -> bytes:
    """One page a text; an empty text makes a page without a text layer."""
    return pdf_of([_marks(page.split("\n")) if page else b"" for page in pages])


def scanned(*pages: str, scale: int = 500) -> bytes:
    """Pages that are images, with what little text a scanner adds."""
    image = b"q %d 0 0 %d 40 40 cm /Im1 Do Q " % (scale, scale * 7 // 5)
    return pdf_of([image + (_marks([page]) if page else b"") for page in pages])


def placed(*texts: tuple[float, float, str]) -> bytes:
    """One page; each text at its place (points from the lower left), painted in this order."""
    return pdf_of([b" ".join(_at(x, y, text) for x, y, text in texts)])


def pdf_of(
    contents: Sequence[bytes], *, more: Iterable[bytes] = (), catalogue: bytes = b"", page: bytes = b""
) -> bytes:
    """A file of pages.

    Args:
        contents: what each page paints.
        more: objects from number 5 on.
        catalogue, page: entries of theirs.
    """
    image = (
        b"<</Type/XObject/Subtype/Image/Width 10/Height 10/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(GREY), GREY)
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue, b"", font, image, *more]
    kids = []
    for content in contents:
        stream = zlib.compress(content)
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        resources = b"<</Font<</F1 3 0 R>>/XObject<</Im1 4 0 R>>>>"
        objects.append(
            b"<</Type/Page/Parent 2 0 R%s/Resources%s/Contents %d 0 R%s>>"
            % (A4, resources, len(objects), page)
        )
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    return _numbered(objects)


def _numbered(objects: Sequence[bytes]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.6\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return bytes(out) + head + trailer


def _marks(lines: Sequence[str]) -> bytes:
    return b" ".join(_at(50, 800 - 14 * number, line) for number, line in enumerate(lines))


def _at(x: float, y: float, text: str) -> bytes:
    shown = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F1 11 Tf %d %d Td (%s) Tj ET" % (x, y, shown)


def locked() -> bytes:
    """A file that asks for a password that nobody has (ISO 32000-1, 7.6.3)."""
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (b"41" * 32, b"42" * 32)
    return pdf_with("secret").replace(b"/Root 1 0 R", lock + b"/Root 1 0 R")
