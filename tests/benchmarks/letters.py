"""What is sent through the street: 200 customers, and letters of the mix that a processor's mailbox holds."""

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from tests.street import ico_letter

_BEGINNINGS = (
    "Bram Cald Dorn Elver Farn Gries Holm Ister Jarr Kest Lund Marl Nev Orr Penn Quill Rost Silv Tarn Ulver"
)
_ENDINGS = "wick mere stone gate field haven brook crest dale port"
_TRADES = "Logistics Retail Insurance Energy Housing Telecom Travel Media Foods Clinics"
_FILLER = (
    "We ask that the records of the processing, the retention schedule and the replies already sent to the person "
    "concerned are put together before the answer is drafted, so that each point of the complaint is met. "
)
_WITH_PDF, _WITH_LARGE_PDF = 0.30, 0.03
_PDF_BYTES, _LARGE_PDF_BYTES = 150_000, 2_000_000
_HEADER = "id,name,aliases,domains,identifiers,supplier_manager_name,supplier_manager_email,deputy_email,sla,country"


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A customer of the made-up register."""

    id: str
    name: str

    @property
    def line(self) -> str:
        """The customer as a line of the customers file."""
        domain = f"{self.id}.example"
        return f"{self.id},{self.name},,{domain},,Manager {self.id},manager@{domain},deputy@{domain},,GB"


def customers() -> list[Named]:
    """Two hundred, each with a name that no other could be taken for."""
    trades = _TRADES.split()
    words = [first + last for first, last in product(_BEGINNINGS.split(), _ENDINGS.split())]
    return [
        Named(id=word.lower(), name=f"{word} {trades[at % len(trades)]} Ltd") for at, word in enumerate(words)
    ]


def register() -> str:
    """The customers file."""
    return "\n".join([_HEADER, *(one.line for one in customers())]) + "\n"


def letters(count: int, *, seed: int = 1) -> Iterator[bytes]:
    """Complaints of the ICO, each naming one customer: 30 % with a PDF of 150 KB, 3 % with one of 2 MB.

    Args:
        count: how many.
        seed: the same seed gives letters of the same shape.
    """
    chance = random.Random(seed)
    known = customers()
    sizes = _sizes(count)
    chance.shuffle(sizes)
    for number, size in enumerate(sizes):
        about = f"The controller is {known[chance.randrange(len(known))].name}, whose systems you operate."
        reference = f"IC-{100_000 + number}-{seed:X}{number % 10}Z{number // 10 % 10}"
        text = f"{about}\n\n{_FILLER * chance.randint(4, 25)}"
        extra = {"pdf": pdf(f"Case reference {reference}. {text}", size, chance)} if size else {}
        yield ico_letter(f"{about} Our letter is attached." if size else text, reference=reference, **extra)


def _sizes(count: int) -> list[int]:
    large, small = round(count * _WITH_LARGE_PDF), round(count * _WITH_PDF)
    return [_LARGE_PDF_BYTES] * large + [_PDF_BYTES] * small + [0] * (count - large - small)


def pdf(text: str, size: int, chance: random.Random) -> bytes:
    """A PDF with a text layer, brought to its size by a picture of noise as a scanned letterhead would."""
    words = text.split()
    lines = [" ".join(words[at : at + 12]) for at in range(0, len(words), 12)]
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    content = zlib.compress(f"BT /F1 10 Tf 12 TL 50 790 Td {shown} ET".encode("ascii"))
    side = int((size - 1_500 - len(content)) ** 0.5)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources 7 0 R >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        _stream(b"/Filter /FlateDecode", content),
        _stream(
            b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8"
            % (side, side),
            chance.randbytes(side * side),
        ),
        b"<< /Font << /F1 4 0 R >> /XObject << /I1 6 0 R >> >>",
    ]
    return _file(objects)


def _stream(entries: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def _file(objects: list[bytes]) -> bytes:
    body = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, len(body))
    )
