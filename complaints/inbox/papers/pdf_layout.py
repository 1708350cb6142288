"""A PDF page's runs of characters -> lines and paragraphs in the order in which a person reads them.

PDFium hands out text in the order in which it was painted: most often that of reading, but letterheads may
be painted after the letter, and what stands in two columns may come line by line across both.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_WIDE = 1.4  # times the usual distance of lines: between paragraphs
_FAR = 4.0  # times that distance: between a letterhead and the letter
_COLUMN_GAP = 2.0  # times the height of a character: between columns
_SAME_PLACE = 6.0  # points that the beginnings of a column's lines may differ by
_CELL_LINES = 1.7  # that a cell of a table has more than its neighbour, at most
_MOST_RUNS = 200  # of a page that are put in order

# PDFium marks a hyphen at a line's end like this, and goes on without a line end.
_HYPHEN = ("\x02", "\ufffe")
_LINES = re.compile("([^\r\n\x02\ufffe]*)([\x02\ufffe]?)((?:\r?\n)?)")
_PARTED_NUMBER = re.compile(r"\d-$")
_LABELLED = re.compile(r"[^:]{2,40}:\s*\S")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """One line of one column; its box in points from the lower left corner of the page."""

    text: str
    left: float
    right: float
    foot: float
    height: float
    row: int  # lines that were handed out as one share it
    placed: bool = True  # False: where it stands is not known


def text_in_order(page: Any) -> str:
    """The text of a page, an empty line where the paper leaves more room than between lines.

    PDF knows no paragraphs; without them a letterhead, its date and the letter run into one sentence.

    Args:
        page: a ``pypdfium2.PdfTextPage``.
    """
    lines = _in_columns(_lines(page))
    usual = median([gap for gap in _gaps(lines) if gap > 0] or [0.0])
    runs = _in_order(list(_runs(lines, usual)))
    texts = [_as_text(run, usual) for run in runs]
    return texts[0] + "".join(
        ("\n\n" if _stands_apart(before, run, usual) else "\n") + text
        for before, run, text in zip(runs, runs[1:], texts[1:], strict=False)
    )


# --- where lines stand -----------------------------------------------------------------------


def _lines(page: Any) -> Iterator[_Line]:
    text = page.get_text_range()
    for row, found in enumerate(_LINES.finditer(text)):
        if found[0] or found.start() < len(text):
            yield from _columns_of(page, found[1] + found[2], found.start(), row)


def _columns_of(page: Any, line: str, start: int, row: int) -> Iterator[_Line]:
    """The line, parted where PDFium put one blank for the room between two columns."""
    if not line.strip():
        yield _Line(text="", left=0, right=0, foot=0, height=0, row=row, placed=False)
        return
    begin = 0
    for at in _column_gaps(page, line, start):
        yield _placed(page, line[begin:at], start + begin, row)
        begin = at + 1
    yield _placed(page, line[begin:], start + begin, row)


def _column_gaps(page: Any, line: str, start: int) -> list[int]:
    """The blanks that stand for more room than any between words."""
    rooms: dict[int, float] = {}  # in heights of a character
    for at in _generated_blanks(page, line, start):
        before, after = _box(page, start + at - 1), _box(page, start + at + 1)
        if before and after:
            rooms[at] = (after[0] - before[2]) / max(1.0, before[3] - before[1])
    if (
        len(rooms) > 1
        and len(rooms) == line.strip().count(" ")
        and max(rooms.values()) < 1.5 * min(rooms.values())
    ):
        return []  # words drawn apart to fill a narrow line
    return [at for at, room in rooms.items() if room > _COLUMN_GAP]


def _generated_blanks(page: Any, line: str, start: int) -> Iterator[int]:
    handle, is_generated = page.raw, pdfium.FPDFText_IsGenerated  # asked for every blank of a letter
    at = line.find(" ", 1)
    while 0 < at < len(line) - 1:
        if is_generated(handle, start + at) == 1:
            yield at
        at = line.find(" ", at + 1)


def _placed(page: Any, text: str, start: int, row: int) -> _Line:
    first = _box(page, start + len(text) - len(text.lstrip()))
    last = _box(page, start + len(text.rstrip()) - 1)
    if first is None or last is None:
        return _Line(text=text, left=0, right=0, foot=0, height=0, row=row, placed=False)
    return _Line(
        text=text, left=first[0], right=last[2], foot=first[1], height=max(1.0, first[3] - first[1]), row=row
    )


def _box(page: Any, index: int) -> tuple[float, float, float, float] | None:
    """Left, bottom, right, top of a character."""
    try:
        left, bottom, right, top = page.get_charbox(index, loose=True)
    except (pypdfium2.PdfiumError, IndexError):
        return None
    return left, bottom, right, top


# --- columns ---------------------------------------------------------------------------------


def _in_columns(lines: Iterable[_Line]) -> list[_Line]:
    """Lines that run across columns, each column after the other where they are such; else parted by tabs."""
    rows = [list(row) for _, row in groupby(lines, key=lambda line: line.row)]
    kept: list[_Line] = []
    for _, block in groupby(_numbered(rows), key=lambda one: one[0]):
        block_rows = [row for _, row in block]
        if len(block_rows) > 1 and len(block_rows[0]) > 1 and _are_labelled(block_rows):
            kept += [row[column] for column in range(len(block_rows[0])) for row in block_rows]
        else:
            kept += [_side_by_side(row) for row in block_rows]
    return kept


def _numbered(rows: list[list[_Line]]) -> Iterator[tuple[int, list[_Line]]]:
    """Rows with the number of the block of equal columns that they belong to."""
    block = 0
    for number, row in enumerate(rows):
        block += number > 0 and not _same_columns(rows[number - 1], row)
        yield block, row


def _same_columns(row: list[_Line], other: list[_Line]) -> bool:
    places = zip(row, other, strict=False)
    return len(row) == len(other) > 1 and all(abs(a.left - b.left) < _SAME_PLACE for a, b in places)


def _are_labelled(rows: list[list[_Line]]) -> bool:
    """Whether a later column has labels of its own: then it is no column of values, and is read by itself."""
    return any(
        2 * sum(_LABELLED.match(row[column].text) is not None for row in rows) >= len(rows)
        for column in range(1, len(rows[0]))
    )


def _side_by_side(row: list[_Line]) -> _Line:
    if len(row) == 1:
        return row[0]
    return replace(row[0], text="\t".join(line.text for line in row), right=row[-1].right)


# --- order -----------------------------------------------------------------------------------


def _gaps(lines: list[_Line]) -> Iterator[float]:
    """From each line down to the next; negative upwards, 0 where it is not known."""
    return (a.foot - b.foot if a.placed and b.placed else 0.0 for a, b in pairwise(lines))


def _runs(lines: list[_Line], usual: float) -> Iterator[list[_Line]]:
    """Lines that go down the page without a jump."""
    run = lines[:1]
    for gap, line in zip(_gaps(lines), lines[1:], strict=True):
        if gap < -line.height / 2 or gap > _FAR * usual > 0:
            yield run
            run = []
        run.append(line)
    yield run


def _in_order(runs: list[list[_Line]]) -> list[list[_Line]]:
    """Runs from the top to the bottom; those beside each other from left to right, or as they were painted."""
    placed: list[tuple[list[_Line], _Extent | None]] = []
    for run in runs:
        extent = _extent(run)
        at = len(placed)
        while at > 0 and len(runs) <= _MOST_RUNS and _comes_before(extent, placed[at - 1][1]):
            at -= 1
        placed.insert(at, (run, extent))
    return [run for run, _ in placed]


@dataclass(frozen=True, slots=True)
class _Extent:
    top: float
    bottom: float
    left: float
    right: float


def _extent(run: list[_Line]) -> _Extent | None:
    lines = [line for line in run if line.placed]
    if not lines:
        return None
    return _Extent(
        top=max(line.foot + line.height for line in lines),
        bottom=min(line.foot for line in lines),
        left=min(line.left for line in lines),
        right=max(line.right for line in lines),
    )


def _comes_before(run: _Extent | None, other: _Extent | None) -> bool:
    if run is None or other is None:
        return False
    above = run.bottom >= other.top - 2
    beside = run.bottom < other.top and other.bottom < run.top
    return above or (beside and run.right <= other.left)


def _stands_apart(before: list[_Line], run: list[_Line], usual: float) -> bool:
    """Not so the cells of a table, of which the next begins a line or two above the end of the one before."""
    if not before or not run:
        return True
    gap = next(_gaps([before[-1], run[0]]))
    return not -_CELL_LINES * usual < gap <= _WIDE * usual


# --- text ------------------------------------------------------------------------------------


def _as_text(run: list[_Line], usual: float) -> str:
    kept = [run[0].text] if run else []
    for gap, line in zip(_gaps(run), run[1:], strict=True):
        if kept[-1].endswith(_HYPHEN):
            kept[-1] = _rejoined(kept[-1][:-1], line.text)
        elif _PARTED_NUMBER.search(kept[-1]) and line.text[:1].isalnum():
            kept[-1] += line.text  # PDFium knows hyphens of words alone
        else:
            kept.append("\n" * (gap > _WIDE * usual) + line.text)
    return "\n".join(kept).replace(_HYPHEN[0], "-").replace(_HYPHEN[1], "-")


def _rejoined(line: str, following: str) -> str:
    # Before a small letter a hyphen split a word; before anything else it may belong to a case number.
    return line + ("" if following[:1].islower() else "-") + following
