"""What stands directly beside a name and may make it another company's: "Sky Italia", "Focus Multimedia"."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from complaints.matching.forms import CAPITAL_FORMS, LEGAL_FORMS, UNMISTAKABLE_FORMS
from complaints.matching.places import country_called
from complaints.matching.tokens import Token
from complaints.matching.words import FUNCTION_WORDS, GENERIC_NEIGHBOURS, INTRODUCTIONS, TITLES

# Forms that are small words at the beginning of a sentence: "As our office is closed".
SMALL_WORDS = frozenset({"as", "se", "sa", "ab", "eg", "ag"})
_TOUCHING = re.compile(r"[ \t]|[”“\"»’] |\.|\r?\n|-|\s?\((?!\s)|\s&\s|[ \t]{2}|\s?/\s?")
_SCRAP = 3  # letters at most of what a typing error left of a word
_CASE_NUMBER = re.compile(r"[A-Z]{1,5}[-/.]\d")
_REFERENCE = re.compile(r"\d|[A-Z]{1,4}-?\d")


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What the words beside a name make of it."""

    person: bool = False  # a surname
    other: str = ""  # the longer name that the text writes, where it may be another company's
    country: str = ""  # ISO 3166 alpha-2, where a country is part of the longer name
    form: str = ""  # a legal form behind the name


def neighbourhood(
    text: str, words: list[Token], first: int, last: int, *, whole: bool, lower: bool, named: Collection[int]
) -> Neighbourhood:
    """Look at the words on both sides of tokens ``first`` to ``last``.

    Args:
        text: the passage.
        words: its tokens.
        first: the name's first token.
        last: its last token.
        whole: the name is complete as it stands: it ends in its legal form, or is a web site's.
        lower: the text begins the name with a small letter, where the register does not.
        named: tokens that belong to customers' names.
    """
    if in_front := _in_front(text, words, first, last, lower=lower, named=named):
        return in_front
    return Neighbourhood() if whole else _behind(text, words, first, last, named)


def _in_front(
    text: str, words: list[Token], first: int, last: int, *, lower: bool, named: Collection[int]
) -> Neighbourhood | None:
    before = words[first - 1] if first else None
    if before is None or _joins_names(first - 1, words, named) or not _touch(text, before, words[first]):
        return None
    written = text[before.start : before.end]
    if before.plain in TITLES:
        return Neighbourhood(person=True)
    known = before.plain in FUNCTION_WORDS or written.casefold() in INTRODUCTIONS
    adjacent = (_is_part_of_name(written, before) and not known and not written.isdigit()) or (
        lower and not known
    )
    if adjacent and not _begins_sentence(text, before):
        return Neighbourhood(other=text[before.start : words[last].end])
    return None


def _behind(text: str, words: list[Token], first: int, last: int, named: Collection[int]) -> Neighbourhood:
    """Follow the name to where it really ends, and say what was added to what the register knows."""
    country = form = ""
    residue = False
    at = last + 1
    if _is_torn(text, words, last):
        return Neighbourhood(other=text[words[first].start : words[last + 2].end])
    while at < len(words) and at - last < 8 and not _joins_names(at, words, named):
        token = words[at]
        written = text[token.start : token.end]
        hyphenated = (
            text[words[at - 1].end : token.start] == "-" and written.casefold() not in GENERIC_NEIGHBOURS
        )
        if not _touch(text, words[at - 1], token) or not (hyphenated or _is_addition(written, token)):
            break
        if _CASE_NUMBER.match(text, token.start):
            break
        form = token.plain if is_form(written, token) else form
        place = country_called(written)
        residue = residue or not (place or is_form(written, token))
        country = country or place
        at += 1
    if at == last + 1:
        return Neighbourhood()
    longer = text[words[first].start : words[at - 1].end]
    return Neighbourhood(other=longer) if residue else Neighbourhood(other=longer, country=country, form=form)


def _is_torn(text: str, words: list[Token], last: int) -> bool:
    """Whether a scrap and a legal form follow: "Lime te. Ltd." is a misspelt company, not Lime."""
    if last + 2 >= len(words) or not _touch(text, words[last], words[last + 1]):
        return False
    scrap, form = words[last + 1], words[last + 2]
    written = text[scrap.start : scrap.end]
    joined = text[scrap.end : form.start].strip(" .") == ""
    return (
        written.islower() and len(written) <= _SCRAP and joined and is_form(text[form.start : form.end], form)
    )


def _is_addition(written: str, token: Token) -> bool:
    return (
        is_form(written, token)
        or _is_part_of_name(written, token)
        or bool(written[:1].isupper() and country_called(written))
    )


def _joins_names(at: int, words: list[Token], named: Collection[int]) -> bool:
    """Whether the word is a customer's name itself, or an "and" between two of them."""
    return at in named or (words[at].plain == "&" and at - 1 in named and at + 1 in named)


def is_form(written: str, token: Token) -> bool:
    """Whether a word is a legal form and nothing else."""
    if token.plain in UNMISTAKABLE_FORMS:
        return True
    shape = written.replace(".", "").replace("/", "").replace(" ", "")
    return (
        token.plain in LEGAL_FORMS
        and token.plain in CAPITAL_FORMS
        and shape[:1].isupper()
        and (shape == shape.upper() or shape.lower() not in SMALL_WORDS)
    )


def _is_part_of_name(written: str, token: Token) -> bool:
    low = written.casefold().removesuffix("'s")
    if token.plain == "&":
        return written == "&"
    if written.isdigit():
        return len(written) <= 2
    if written.isupper() and len(written) >= 2 and not _REFERENCE.match(written):
        return low not in GENERIC_NEIGHBOURS
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
    before = text[max(0, token.start - 3) : token.start].rstrip(' \t"„“«(')
    return not before or before[-1] in ".!?:;\n" or before.endswith("\n")
