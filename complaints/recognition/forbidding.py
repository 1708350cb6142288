"""Whether a letter forbids telling the customer of it: an order of silence, not the usual words on confidence.

A duty not to tell binds whatever a contract says; see also the exception of the GDPR, article 28(3)(a), for a
processor whom the law forbids to inform its controller on important grounds of public interest.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from complaints.model import Passage
from complaints.recognition.answer_words import BREAK
from complaints.recognition.secrecy_rules import Strength, names_the_matter, row, strength_of
from complaints.recognition.secrecy_words import CLUES, FOOTER, MARKS, TONGUES

SMALL_PRINT = "disclaimer"
"""Where a passage stands that is boilerplate."""

_TEXT_BOUND = 24_000
_QUOTE_BOUND = 240
_SENTENCE_BOUND = 700  # characters; what is longer is no sentence, and is read in pieces
_OVERLAP = 200
_FOOTER_REACH = 2  # sentences beside one that shows small print which may belong to it
_NAMED = "\ue000"  # stands for each letter of a customer's name
_SHORTEST_NAME = 3

# A company that is called by its whole name is told of as a party: whom else would an authority name there?
_COMPANY = (
    r"(?-i:[A-ZÀ-Þ][\w&.'’-]{0,30}(?: (?:[A-ZÀ-Þ&][\w&.'’-]{0,30}|of|de|und|y|e|et)){0,5},? "
    r"(?:Ltd|Limited|plc|PLC|LLP|Inc|GmbH|mbH|AG|SE|KG|OHG|UG|SA|S\.A|SAS|SARL|S\.?L|SLU|S\.?p\.?A|S\.?r\.?l|B\.?V|N\.?V|AB|ApS|Oy))(?!['’]s\b)"
)
_BLANK = re.compile(r"\n[^\S\n]*\n")
_FOOTER = re.compile(rf"(?<!\w)(?:{FOOTER})", re.IGNORECASE)


def _tongue(words: Mapping[str, str]) -> re.Pattern[str]:
    """What reads a sentence as marks in one look; an elided "d'" ends a phrase as a blank does."""
    sorts = "|".join(rf"(?P<{name}>{words[name]})" for name in MARKS if name in words)
    return re.compile(
        rf"(?<!\w)(?:{sorts})(?:(?!\w)|(?<=['’]))|(?P<customer>{_NAMED}+)|(?<!\w)(?P<firm>{_COMPANY})(?!\w)"
        r"|(?P<name>(?<=\w )(?-i:[A-ZÀ-Þ])\w{2,})|(?P<comma>[,;:])|(?P<word>\w{1,7}['’](?=\w{3})|\w+(?:['’-]\w+)*)",
        re.IGNORECASE,
    )


_TONGUES = tuple((clues, _tongue(words)) for clues, words in zip(CLUES, TONGUES, strict=True))


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """The words by which a letter forbids telling the customer, as far as it does."""

    certain: str = ""
    near: str = ""  # words of secrecy that may mean it; a person reads the letter


def forbidding(passages: Iterable[Passage], names: Collection[str] = ()) -> Silence:
    """Whether a letter forbids telling the customer, and the words by which it does.

    Args:
        passages: what the letter says itself, and its small print.
        names: of the customers that it may be about, as it and the register write them; where they are given,
            only the sentences are judged that hold one.
    """
    near = ""
    pattern = _pattern_of(names)
    for passage in passages:
        for sentence, strength in _judged(passage, pattern):
            quote = sentence.strip(" ,;:")[:_QUOTE_BOUND]
            if strength is Strength.CERTAIN:
                return Silence(certain=quote)
            near = near or quote
    return Silence(near=near)


def _pattern_of(names: Collection[str]) -> re.Pattern[str] | None:
    """What finds a customer's name; what is the customer's ("Acme's staff") is not the customer."""
    longest_first = sorted({one for one in names if len(one) >= _SHORTEST_NAME}, key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w|['’]s (?!knowledge))")


def _judged(passage: Passage, names: re.Pattern[str] | None) -> Iterator[tuple[str, Strength]]:
    """The sentences that forbid or nearly do, small print left out."""
    for block in _BLANK.split(passage.text[:_TEXT_BOUND]):
        sentences = list(_sentences(block))
        for at, sentence in enumerate(sentences):
            strength, plain = _strength_of(sentence, names)
            if strength is Strength.NONE:
                continue
            beside = sentences[max(0, at - _FOOTER_REACH) : at + _FOOTER_REACH + 1]
            small = passage.where == SMALL_PRINT or any(map(_FOOTER.search, beside))
            if plain or not small:
                yield sentence, strength


def _sentences(block: str) -> Iterator[str]:
    start = 0
    for end in (*(found.end() for found in BREAK.finditer(block)), len(block)):
        sentence = " ".join(block[start:end].split())
        start = end
        for at in range(0, max(1, len(sentence) - _OVERLAP), _SENTENCE_BOUND - _OVERLAP):
            yield sentence[at : at + _SENTENCE_BOUND]


def _strength_of(sentence: str, names: re.Pattern[str] | None) -> tuple[Strength, bool]:
    """How surely a sentence forbids, and whether it does so in words that no small print has."""
    best, plain = Strength.NONE, False
    text, many = names.subn(lambda found: _NAMED * len(found[0]), sentence) if names else (sentence, 1)
    if not many:  # it was judged without the names
        return best, plain
    lowered = f"{sentence.lower()} "
    is_question = sentence.rstrip(' )"”»’').endswith("?")
    for clues, tongue in _TONGUES:
        if any(clue in lowered for clue in clues):
            marks = row(_marks(text, tongue))
            strength = strength_of(marks, is_question=is_question)
            if strength > best:
                best, plain = strength, strength is Strength.CERTAIN and names_the_matter(marks)
    return best, plain


def _marks(text: str, tongue: re.Pattern[str]) -> Iterator[str]:
    for found in tongue.finditer(text):
        sort = found.lastgroup or "word"
        yield "party" if sort == "customer" else sort
