"""What stands directly beside a name and may make it another company's: "Sky Italia", "Focus Multimedia"."""

import re
from dataclasses import dataclass

from complaints.matching.forms import CAPITAL_FORMS, LEGAL_FORMS, UNMISTAKABLE_FORMS
from complaints.matching.places import country_called
from complaints.matching.tokens import Token
from complaints.matching.words import FUNCTION_WORDS, GENERIC_NEIGHBOURS, TITLES

_TOUCHING = re.compile(r"[ \t]|\r?\n|-|\s?\((?!\s)|\s&\s|[ \t]{2}|\s?/\s?")
_REFERENCE = re.compile(r"\d|[A-Z]{1,4}-?\d")


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What the words beside a name make of it."""

    person: bool = False  # a surname
    other: str = ""  # the longer name that the text writes, where it may be another company's
    country: str = ""  # ISO 3166 alpha-2, where a country is part of the longer name
    form: str = ""  # a legal form behind the name


def neighbourhood(text: str, words: list[Token], first: int, last: int, *, has_form: bool) -> Neighbourhood:
    """Look at the words on both sides of tokens ``first`` to ``last``."""
    if first > 0 and _touch(text, words[first - 1], words[first]):
        before = text[words[first - 1].start : words[first - 1].end]
        if words[first - 1].plain in TITLES:
            return Neighbourhood(person=True)
        if _is_part_of_name(before, words[first - 1]) and not _begins_sentence(text, words[first - 1]):
            return Neighbourhood(other=text[words[first - 1].start : words[last].end])
    if has_form or last + 1 >= len(words) or not _touch(text, words[last], words[last + 1]):
        return Neighbourhood()
    return _behind(text, words, first, last)


def _behind(text: str, words: list[Token], first: int, last: int) -> Neighbourhood:
    token = words[last + 1]
    written = text[token.start : token.end]
    longer = text[words[first].start : token.end]
    if is_form(written, token):
        return Neighbourhood(form=token.plain, other=longer)
    country = country_called(written) if written[:1].isupper() else ""
    if country:
        return Neighbourhood(country=country, other=longer)
    return Neighbourhood(other=longer) if _is_part_of_name(written, token) else Neighbourhood()


def is_form(written: str, token: Token) -> bool:
    """Whether a word is a legal form and nothing else."""
    if token.plain in UNMISTAKABLE_FORMS:
        return True
    shape = written.replace(".", "").replace("/", "").replace(" ", "")
    return token.plain in LEGAL_FORMS and token.plain in CAPITAL_FORMS and shape[:1].isupper() and shape != shape.lower()


def _is_part_of_name(written: str, token: Token) -> bool:
    low = written.casefold().removesuffix("'s")
    if token.plain == "&":
        return True
    return (
        written[:1].isupper()
        and not token.web
        and low not in FUNCTION_WORDS
        and low not in GENERIC_NEIGHBOURS
        and not _REFERENCE.match(written)
    )


def _touch(text: str, left: Token, right: Token) -> bool:
    return left.end <= right.start and _TOUCHING.fullmatch(text, left.end, right.start) is not None


def _begins_sentence(text: str, token: Token) -> bool:
    before = text[max(0, token.start - 3) : token.start].rstrip(" \t\"„“«(")
    return not before or before[-1] in ".!?:;\n" or before.endswith("\n")
