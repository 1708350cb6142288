"""Text into comparable words: what differs only in spelling habit becomes equal, and nothing else does."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from complaints.matching.forms import APPENDAGES, FIRST_WORDS, spelling_at
from complaints.matching.webnames import WEB_NAME, host_of, is_top_level

LONGEST_TEXT = 200_000  # characters of one passage that are looked at; letters have some thousand

_AND = frozenset({"&", "and", "und", "et", "y", "e", "en", "og", "och"})
_WORDS_OF_A_LETTER = frozenset({"e", "y", "i", "w"})
"""Words that stand behind a name and are no initials of it: "Sp. j. i", "S.L. y"."""
_NOT_AS_WRITTEN = _AND | APPENDAGES | FIRST_WORDS
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-[ \t]*\r?\n[ \t]*(?=[^\W\d_A-ZÀ-Þ])")
# A short line before a capital is a line of its own (a heading, a salutation), not a wrapped sentence.
_SHORT_LINE = re.compile(r"^(.{1,45})\n(?=[A-ZÀ-Þ])", re.MULTILINE)
_APOSTROPHES = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "‐": "-", "‑": "-", "‒": "-", "−": "-"}
)
_PLAIN_WORD = (
    r"(?P<abbr>(?<![^\W_])(?:[^\W\d_][./]){1,5}[^\W\d_](?![^\W_]))"
    r"|(?P<word>[^\W_]+(?:'s(?![^\W_]))?)"
    r"|(?P<and>&)"
)
_TOKEN = re.compile(
    # The look-ahead spares most words the costly attempt at a host name.
    rf"(?P<web>(?<![\w@.-])(?=[\w@%+:/-]{{1,120}}+\.\w){WEB_NAME})|{_PLAIN_WORD}"
)
_WORD = re.compile(_PLAIN_WORD)
_INITIALS_GAP = re.compile(r"\.\s?")
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss"}
)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss"})


class Token(NamedTuple):
    """A word of a text in its two comparable spellings, and where it stood."""

    plain: str  # ü as u
    german: str  # ü as ue; mostly the same
    start: int
    end: int
    web: bool  # a host name, e-mail address or URL


def tidy(text: str) -> str:
    """Text in which one sign has one spelling, and words broken at a line's end are whole again."""
    composed = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).translate(_APOSTROPHES)
    whole = _BROKEN_WORD.sub("", _INVISIBLE.sub("", composed.replace("\r\n", "\n")))
    return _SHORT_LINE.sub(r"\1\n\n", whole)


@lru_cache(maxsize=50_000)
def fold(word: str) -> tuple[str, str]:
    """A word's two comparable spellings: without any marks, and in German transliteration."""
    low = word.casefold().removesuffix("'s").replace("'", "").replace(".", "").replace("/", "")
    if low.isascii():
        return low, low
    return _bare(low), _bare(unicodedata.normalize("NFC", low).translate(_GERMAN))


def _bare(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.translate(_PLAIN))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def tokens(text: str) -> list[Token]:
    """The words of a text made :func:`tidy`; legal forms in one spelling, initials as one word."""
    return _with_one_form(_with_initials_joined(text, list(_raw_tokens(text))))


def _raw_tokens(text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        if found.lastgroup != "web":
            yield _word(found)
            continue
        host = host_of(found.group())
        if is_top_level(host.rpartition(".")[2]):
            yield Token(host, host, found.start(), found.end(), web=True)
        else:
            # A missing blank after a full stop only looks like a host name.
            yield from map(_word, _WORD.finditer(text, found.start(), found.end()))


def _word(found: re.Match[str]) -> Token:
    # _make takes half the time of the constructor, and this is done for every word of every letter.
    return Token._make((*fold(found[0]), *found.span(), False))


def _with_initials_joined(text: str, found: list[Token]) -> list[Token]:
    """Make "J. P. Boden" and "J.P. Boden", "e. V." and "e.V." the same."""
    joined: list[Token] = []
    for token in found:
        if len(token.plain) == 1 and joined and _are_initials(text, joined[-1], token):
            last = joined[-1]
            joined[-1] = Token(
                last.plain + token.plain, last.german + token.german, last.start, token.end, web=False
            )
        else:
            joined.append(token)
    return joined


def _are_initials(text: str, last: Token, token: Token) -> bool:
    return (
        token.plain.isalpha()
        # "contra Acme, S.L. y Borealis" joins two companies, not initials.
        and not (
            text[token.start].islower()
            and token.plain in _WORDS_OF_A_LETTER
            and text[last.end : token.start][-1:].isspace()
        )
        and last.end - last.start <= 5
        and (last.end - last.start == 1 or "." in text[last.start : last.end])
        and last.plain.isalpha()
        and _INITIALS_GAP.fullmatch(text, last.end, token.start) is not None
    )


def _with_one_form(found: list[Token]) -> list[Token]:
    words = [token.plain for token in found]
    result: list[Token] = []
    at = 0
    while at < len(found):
        if words[at] not in _NOT_AS_WRITTEN:
            result.append(found[at])
            at += 1
            continue
        known = spelling_at(words, at) if words[at] in FIRST_WORDS else None
        length = known[1] if known else 1
        first, last = found[at], found[at + length - 1]
        if known:
            result.append(Token(known[0], known[0], first.start, last.end, web=False))
        elif first.plain in _AND:
            result.append(Token("&", "&", first.start, first.end, web=False))
        elif first.plain not in APPENDAGES or not result:
            result.append(first)
        at += length
    return result


@lru_cache(maxsize=10_000)
def name_words(name: str) -> tuple[tuple[str, ...], ...]:
    """A name of the register as the word sequences a text may write: one, or two where it has umlauts."""
    found = tokens(tidy(name))
    plain = tuple(token.plain for token in found)
    german = tuple(token.german for token in found)
    return (plain,) if plain == german else (plain, german)
