"""Tables of dates: who owes what by when, a row each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from complaints.recognition.answer_words import YOURS
from complaints.recognition.dates import DayFound, days_in

_CELLS = re.compile(
    r"(?=[\s.:])(?:\t+|\s{3,}|\s?\.{4,}\s?|\s?\.{2,}\s?(?=\d)|\s\|\s|\s?:\s(?=\d{1,2}[./])|(?<=\b20\d\d)\s?:\s)"
)
_HEAD = 12  # lines in which a letter gives its own date
_LONGEST_CELL = 24  # characters beside the day in its own cell: "by noon on Friday"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A line of a table that puts one day beside what is due on it."""

    line: str
    what: str  # its other cells
    day: DayFound
    ours: bool  # it names us; where a table names the parties, the other rows are theirs
    named: bool = False  # by our name, not only by "your"


def rows_in(text: str, near: date, us: str) -> tuple[Row, ...]:
    """The rows of ``text`` that hold a day in a cell of its own.

    Args:
        text: of a passage, its line breaks kept.
        near: days without a year are the nearest to it.
        us: our name as tables write it.
    """
    lines = [line.strip() for line in text.splitlines()]
    found = [row for line in lines if (row := _row(line, near, us)) is not None]
    # Cells that fell on lines of their own no longer say which row they belong to.
    return (
        tuple(found) if len(found) > 1 and not any(_is_lone_day(line, near) for line in lines[_HEAD:]) else ()
    )


def header_of(text: str, rows: Sequence[Row]) -> str:
    """The line above the first row, which says what its columns hold."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    at = next((number for number, line in enumerate(lines) if rows and line == rows[0].line), 0)
    return lines[at - 1] if at else ""


def due_from_us(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows that may ask us for something: ours where some are, otherwise all."""
    return tuple(row for row in rows if row.ours) or tuple(rows)


def _is_lone_day(line: str, near: date) -> bool:
    days = days_in(line, near) if len(line) <= _LONGEST_CELL + 10 else ()
    return len(days) == 1 and days[0].end - days[0].start == len(line)


def _row(line: str, near: date, us: str) -> Row | None:
    cells = [cell for cell in _CELLS.split(line) if cell.strip()]
    if len(cells) < 2:
        return None
    for index, cell in enumerate(cells):
        days = days_in(cell, near)
        if len(days) == 1 and len(cell) - (days[0].end - days[0].start) <= _LONGEST_CELL:
            what = " ".join([*cells[:index], *cells[index + 1 :]])
            named = bool(us) and us.lower() in what.lower()
            ours = named or YOURS.search(what) is not None
            return Row(line=line, what=what, day=days[0], ours=ours, named=named)
    return None
