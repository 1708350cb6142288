"""What reading and recognising cost by themselves, on one core."""

import time
from datetime import datetime
from pathlib import Path
from statistics import median

from complaints.clock import system_clock
from complaints.inbox.mime import read_mail
from complaints.inbox.papers import kinds
from complaints.inbox.papers.reader import PaperReader
from complaints.recognition import House, Registry, recognise
from config.registers import load_bodies
from tests.papers.pdfs import pdf_with

_LETTERS = Path(__file__).parent.parent / "corpus/letters"
_HOUSE = House(
    organisation="Northgate Managed Services",
    own_addresses=frozenset({"privacy@northgate-ms.example"}),
    authserv_ids=frozenset({"mx.northgate-ms.example"}),
)
_PAGE = "\n".join(
    f"{n}. The complainant says that her account was opened without her consent." for n in range(45)
)
PAGES = 20


def letters_a_second(rounds: int = 20) -> float:
    """Sample letters without attachments, parsed and recognised by one process in one second of its own time."""
    registry = Registry(load_bodies())
    raws = [raw for path in sorted(_LETTERS.glob("*.eml")) if b"filename=" not in (raw := path.read_bytes())]
    now = system_clock()
    _round(raws, registry, now)
    began = time.process_time()
    for _ in range(rounds):
        _round(raws, registry, now)
    return rounds * len(raws) / (time.process_time() - began)


def _round(raws: list[bytes], registry: Registry, now: datetime) -> None:
    for raw in raws:
        recognise(read_mail(raw), registry, _HOUSE, received_at=now)


def pdf_milliseconds(rounds: int = 9) -> float:
    """A PDF of 20 full pages through the process that opens papers, warm: the median."""
    pdf, took = pdf_with(*[_PAGE] * PAGES), list[float]()
    reader = PaperReader()
    try:
        for _ in range(rounds + 1):
            began = time.perf_counter()
            assert "complainant" in reader(kinds.PDF, pdf).text
            took.append(1000 * (time.perf_counter() - began))
    finally:
        reader.close()
    return median(took[1:])
