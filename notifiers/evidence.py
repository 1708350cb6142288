"""What was found in a letter, told to a customer in their language."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from notifiers.language import Language

_OUR_OWN_WORDS = frozenset({"hidden characters", "forged Authentication-Results"})
"""Pieces whose finding is a sentence of ours in English; their name says as much."""

_TOLD_ELSEWHERE = ("kind ", "answer by")
_DKIM = (
    ("valid but too little for ", "evidence.dkim_too_little"),
    ("not valid for ", "evidence.dkim_not_valid"),
    ("not known for ", "evidence.dkim_not_known"),
    ("valid for ", "evidence.dkim_valid"),
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_RESULT = re.compile(r"[a-z]+=[a-z]+")


def found(language: Language, pieces: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A line for each piece of evidence that the reader is not told elsewhere."""
    for piece in pieces:
        what, words, where = (str(piece.get(key) or "") for key in ("what", "found", "where"))
        if not what.startswith(_TOLD_ELSEWHERE):
            yield _line(language, what, words, where)


def _line(language: Language, what: str, words: str, where: str) -> str:
    if what == "runs on":
        day = _DAY.search(words)
        return language.say("evidence.runs on", day=language.day(day[0] if day else words))
    told = _finding(language, what, words)
    named = _named(language, what)
    line = language.say("pair", what=named, found=told) if told and named else told or named
    place = _place(language, where)
    return f"{line} ({place})" if place else line


def _named(language: Language, what: str) -> str:
    """The kind of evidence; of a name, how exactly the letter mentions it is for our own people."""
    kind, scheme = what.partition(", ")[0], ""
    if kind.startswith("number ("):
        kind, _, scheme = kind.partition(" ")
    named = language.say(f"evidence.{kind}") if language.says(f"evidence.{kind}") else what
    return f"{named} {scheme}".strip()


def _finding(language: Language, what: str, words: str) -> str:
    if what in _OUR_OWN_WORDS:
        return ""
    if what == "authentication":
        shown = words.replace(" for ", ", ")
        return shown if _RESULT.match(words) else language.say("evidence.not_shown")
    if what in ("own DKIM check", "signature of the original"):
        for start, key in _DKIM:
            if words.startswith(start):
                return language.say(key, domain=words.removeprefix(start).split(" ")[0])
    return words


def _place(language: Language, where: str) -> str:
    kind, _, name = where.partition(":")
    if kind == "attachment" and name:
        return language.say("where.attachment", name=name)
    return language.say(f"where.{kind}") if language.says(f"where.{kind}") else where
