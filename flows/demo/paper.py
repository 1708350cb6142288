"""A letter on paper: plain text set as a PDF of A4 pages with a text layer, by the least that PDF needs."""

from collections.abc import Sequence

_TOP, _LEFT, _LEADING, _SIZE = 780, 64, 14.5, 10.5  # points
_LINES = 48  # of a page


def pdf(text: str) -> bytes:
    """Set a letter; its first line is the letterhead, in bold.

    Args:
        text: lines of at most 95 characters of Latin-1 and the common punctuation of Windows-1252.
    """
    lines = text.strip().split("\n")
    pages = [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)]
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _font("Helvetica"),
        _font("Helvetica-Bold"),
    ]
    for number, page in enumerate(pages):
        objects += [_page(6 + 2 * number), _stream(_marks(page, letterhead=number == 0))]
    return _file(objects)


def _font(name: str) -> bytes:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()


def _page(content: int) -> bytes:
    fonts = "<< /Font << /F1 3 0 R /F2 4 0 R >> >>"
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources {fonts} /Contents {content} 0 R >>"
    ).encode()


def _marks(lines: Sequence[str], *, letterhead: bool) -> bytes:
    marks = [f"BT {_LEADING} TL {_LEFT} {_TOP} Td".encode()]
    for number, line in enumerate(lines):
        font = "F2" if letterhead and number == 0 else "F1"
        marks.append(f"/{font} {_SIZE} Tf (".encode() + _string(line) + b") Tj T*")
    return b"\n".join([*marks, b"ET"])


def _string(line: str) -> bytes:
    plain = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return plain.encode("cp1252", "replace")


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _file(objects: Sequence[bytes]) -> bytes:
    """Number the objects and write the table of their places (ISO 32000-1, 7.5)."""
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return out + head + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(out))
