"""By which day the writer of a letter wants to hear from us, and the words that say so. Never invented.

A day counts only where the words around it ask for an answer; hearings, events, deletions, appeals
and terms set for somebody else do not. Of several the earliest counts; an extension replaces what it
extends.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from complaints.model import Passage
from complaints.recognition.answer_words import (
    ANSWER,
    ATTACHED,
    BREAK,
    DATE_COLUMN,
    DEADLINE,
    HEAD_FIELDS,
    LETTER_DATE_FIELD,
    LETTER_DATE_LINE,
    LIMIT,
    OTHER_MATTER,
    PLACE_BEFORE_DATE,
    PLACE_LAST,
    YEAR_IN_WORDS,
)
from complaints.recognition.dates import DayFound, days_in
from complaints.recognition.other_matters import NOTHING_WANTED, is_elsewhere
from complaints.recognition.passed import is_late, is_term
from complaints.recognition.request import STRONG, SURE, Days, Request
from complaints.recognition.schedule import Row, due_from_us, header_of, rows_in

__all__ = ["AnswerBy", "Days", "answer_by", "letter_date"]

_TEXT_BOUND = 24_000  # characters of a letter that are searched
_LINE_BOUND = 110  # characters of a line of a letter's head
_OLDEST_LETTER = timedelta(days=120)
_SENTENCE_BOUND = 700
_QUOTE_BOUND = 240


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerBy:
    """The day an answer is wanted by."""

    day: date
    quote: str  # the sentence that says so
    where: str
    counted: bool = False  # from a period, not named by the letter
    extends: bool = False  # it replaces an earlier day
    passed: bool = False  # it had gone by before the letter came
    weight: float = SURE  # how much speaks for it


def answer_by(passages: Sequence[Passage], days: Days, us: str = "") -> AnswerBy | None:
    """The earliest day by which ``passages`` ask for an answer, or None where they name none.

    Args:
        passages: what the letter says itself.
        days: that its periods are counted from.
        us: our name as tables of dates write it.
    """
    attached = _attached_date(passages, days.mail)
    wanted: list[AnswerBy] = []
    extended: list[AnswerBy] = []
    passed: list[AnswerBy] = []
    for passage in passages:
        text = passage.text[:_TEXT_BOUND]
        line, base = _letter_date_line(text, days.mail) or ("", None)
        # The head of a letter runs into its date: without this line no day is asked for there.
        text = text.replace(line, "\n\n", 1) if line else text
        rows = rows_in(text, days.mail, us)
        asks = bool(rows) and DEADLINE.search(header_of(text, rows)) is not None
        for row in rows:
            text = text.replace(row.line, "\n\n", 1)
        in_rows = _in_rows(rows, passage.where, base, days, asks=asks)
        for found in (*in_rows, *_in_text(text, passage.where, base, attached, days)):
            (passed if found.passed else extended if found.extends else wanted).append(found)
    if extended:
        return min(extended, key=lambda found: found.day)
    if strong := [found for found in wanted if found.weight >= STRONG]:
        return min(strong, key=lambda found: found.day)
    if _wants_nothing(passages):
        wanted = []
    if sure := [found for found in wanted if found.weight >= SURE]:
        return min(sure, key=lambda found: found.day)
    # A day ahead overtakes those that have passed, and of these the last the others: it was demanded again.
    if passed:
        return max(passed, key=lambda found: found.day)
    return min(wanted, key=lambda found: (-found.weight, found.day), default=None)


def _wants_nothing(passages: Sequence[Passage]) -> bool:
    """Whether the letter says that no answer is needed."""
    return any(NOTHING_WANTED.search(passage.text[:_TEXT_BOUND]) for passage in passages)


def letter_date(text: str, near: date) -> date | None:
    """The day a letter says it was written on: a line that holds a date and hardly anything else."""
    found = _letter_date_line(text, near)
    return found[1] if found else None


def _letter_date_line(text: str, near: date) -> tuple[str, date] | None:
    lines = [line.strip() for line in text[:6_000].splitlines() if line.strip()]
    for above, line in zip(("", *lines[:24], *lines[-5:-1]), (*lines[:25], *lines[-4:]), strict=False):
        if len(line) <= _LINE_BOUND and (day := _date_of_line(line, near, above)) is not None:
            return line, day
    return None


def _date_of_line(line: str, near: date, above: str = "") -> date | None:
    """The date that a line of a letter's head gives, if it gives one: a field of it, or place and date."""
    if (last := _last_in(line, near)) is not None and (
        PLACE_LAST.search(line[: last.start]) or DATE_COLUMN.search(above)
    ):
        return last.day
    parts = HEAD_FIELDS.split(line) if days_in(line, near) else []
    for part in parts:
        found = days_in(part, near)
        # "3 Sept   Complainant phones the bank" is a line of a story.
        if (
            len(parts) > 1
            and not re.search(r"\d{4}|\.\d\d\b", part)
            and any(len(other.split()) > 3 for other in parts)
        ):
            continue
        # Nor is the day beside "Your answer, due by".
        if any(is_term(other) and not days_in(other, near) for other in parts):
            continue
        if len(found) == 1 and near - _OLDEST_LETTER <= found[0].day <= near + timedelta(days=1):
            before, behind = part[: found[0].start], part[found[0].end :]
            if LETTER_DATE_FIELD.search(before) or _is_place_and_date(before, behind):
                return found[0].day
    return None


def _last_in(line: str, near: date) -> DayFound | None:
    """The day that ends ``line``, where it is one that a letter may bear."""
    found = days_in(line, near)
    ends = found and not line[found[-1].end :].strip(" .") and near - _OLDEST_LETTER <= found[-1].day <= near
    return found[-1] if ends else None


def _is_place_and_date(before: str, behind: str) -> bool:
    rest = before + YEAR_IN_WORDS.sub("", behind)
    if any(character.isdigit() for character in rest) or LIMIT.search(rest):
        return False
    if LETTER_DATE_LINE.fullmatch(rest):
        return True
    if len(re.findall(r"[^\W\d_]+", rest)) > 5 or PLACE_BEFORE_DATE.fullmatch(before) is None:
        return False
    return not ANSWER.search(rest) and not OTHER_MATTER.search(rest)


def _attached_date(passages: Sequence[Passage], near: date) -> date | None:
    found = (letter_date(p.text[:_TEXT_BOUND], near) for p in passages if p.where.startswith("attachment"))
    return next((day for day in found if day is not None), None)


def _in_rows(
    rows: Sequence[Row], where: str, base: date | None, days: Days, *, asks: bool
) -> Iterator[AnswerBy]:
    for row in due_from_us(rows):
        wanted = row.ours or asks or ANSWER.search(row.what)
        other = not row.named and (OTHER_MATTER.search(row.what) or is_elsewhere(row.what, 0, 0))
        passed = row.day.day <= (base or days.mail)
        overdue = passed and is_late(row.day.day, days.receipt) and is_term(row.what)
        if wanted and not other and (overdue or not passed):
            yield AnswerBy(
                day=row.day.day, quote=row.line[:_QUOTE_BOUND], where=where, passed=passed, weight=STRONG
            )


def _in_text(
    text: str, where: str, base: date | None, attached: date | None, days: Days
) -> Iterator[AnswerBy]:
    sentences = [s[:_SENTENCE_BOUND] for s in (" ".join(part.split()) for part in BREAK.split(text)) if s]
    for index, sentence in enumerate(sentences):
        from_day = base or (attached if attached and ATTACHED.search(sentence) else None) or days.mail
        request = Request(
            text=sentence, around=tuple(sentences[max(0, index - 2) : index + 2]), base=from_day, days=days
        )
        for wanted in request.wanted():
            yield AnswerBy(
                day=wanted.day,
                quote=sentence[:_QUOTE_BOUND],
                where=where,
                counted=wanted.counted,
                extends=wanted.extends,
                passed=wanted.passed,
                weight=wanted.weight,
            )
