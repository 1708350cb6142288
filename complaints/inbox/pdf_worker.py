"""The process that reads PDFs: it may hang or crash on a hostile file without taking the daemon along.

It imports nothing of the product and speaks frames of bytes instead of pickles, since whoever takes
over a PDF library must not be able to hand objects to the daemon. Requests on standard input: eight
bytes of length, then the file. Answers on standard output: eight bytes of length, then JSON.
"""

import json
import resource
import sys
from itertools import accumulate, pairwise
from statistics import median
from typing import Any, BinaryIO

import pypdfium2

MAX_PAGES = 30
MAX_CHARACTERS = 200_000
_MAX_MEMORY = 2 << 30
_CPU_SECONDS_A_FILE = 30
_WIDE = 1.4  # times the usual distance of lines: between paragraphs


def extract(data: bytes) -> dict[str, object]:
    """Read the text layer of a PDF.

    Returns:
        ``text``, ``pages`` (how many the file has) and ``problem`` (empty when all was read).
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == 4  # FPDF_ERR_PASSWORD
        return _answer(problem="is locked by a password" if locked else "is damaged and could not be read")
    try:
        pages = len(document)
        text = _text_of(document, min(pages, MAX_PAGES))
    finally:
        document.close()
    return _answer(text=text, pages=pages, problem=_what_is_missing(text, pages))


def _text_of(document: Any, pages: int) -> str:
    kept: list[str] = []
    room = MAX_CHARACTERS + 1
    for number in range(pages):
        page = document[number]
        text_page = page.get_textpage()
        kept.append(_in_paragraphs(text_page)[:room])
        text_page.close()
        page.close()
        room -= len(kept[-1])
        if room <= 0:
            break
    return "\n\n".join(kept)


def _in_paragraphs(text_page: Any) -> str:
    """The page's text, an empty line put where the paper leaves more room than between lines.

    PDF knows no paragraphs; without them a letterhead, its date and the letter run into one sentence.
    """
    lines = text_page.get_text_range().split("\r\n")
    starts = accumulate((len(line) + 2 for line in lines[:-1]), initial=0)
    feet = [_foot(text_page, at) if line.strip() else None for at, line in zip(starts, lines, strict=True)]
    gaps = [a - b if a and b and a > b else 0.0 for a, b in pairwise(feet)]
    usual = median([gap for gap in gaps if gap] or [0.0])
    parted = ("\n" * (gap > _WIDE * usual) + line for gap, line in zip(gaps, lines[1:], strict=True))
    return "\n".join([lines[0], *parted])


def _foot(text_page: Any, at: int) -> float | None:
    try:
        return float(text_page.get_charbox(at, loose=True)[1])
    except (pypdfium2.PdfiumError, IndexError):
        return None


def _what_is_missing(text: str, pages: int) -> str:
    if not text.strip():
        return "holds no text layer"
    if len(text) > MAX_CHARACTERS:
        return f"was cut after {MAX_CHARACTERS} characters"
    if pages > MAX_PAGES:
        return f"was read up to page {MAX_PAGES} of {pages}"
    return ""


def _answer(*, text: str = "", pages: int = 0, problem: str = "") -> dict[str, object]:
    return {"text": text[:MAX_CHARACTERS], "pages": pages, "problem": problem}


def _confine() -> None:
    """Bound this file's computing time, so that an orphan stops by itself too."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + _CPU_SECONDS_A_FILE
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer files one by one until the other side closes."""
    while len(head := requests.read(8)) == 8:
        data = requests.read(int.from_bytes(head, "big"))
        _confine()
        try:
            answer = extract(data)
        except Exception:  # noqa: BLE001 -- whatever a hostile file breaks, the next one must be read
            answer = _answer(problem="is damaged and could not be read")
        payload = json.dumps(answer).encode()
        answers.write(len(payload).to_bytes(8, "big") + payload)
        answers.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
    serve(sys.stdin.buffer, sys.stdout.buffer)
