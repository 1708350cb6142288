"""What a letter asks of its reader, in its own words: questions, and sentences that tell somebody to do something.

Verbatim and incomplete on purpose: a program that puts a request in words of its own may leave out what matters.
Courtesies and what every letter says at its end ("please quote our reference") are not asked.
"""

import re
from collections.abc import Iterator, Sequence

from complaints.model import Passage
from complaints.recognition.answer_words import BREAK
from complaints.recognition.leads import points_below, unrolled, wants_list

MOST = 10
"""How many are quoted; who reads more reads the letter."""

_TEXT_BOUND = 24_000  # characters of a letter that are searched
_LONGEST = 300  # characters of a quote
_SHORTEST = 20
_SHORTEST_ITEM = 5
_ITEMS_MOST = 12

# What is asked in each language: the words by which one asks, and those by which one tells to do.
_ASKS = re.compile(
    r"""(?ix)(?:
    # English
      \bplease\s+(?:also\s+|now\s+|therefore\s+)?(?:provide|send|confirm|tell|explain|let\s+(?:us|me)\s+(?:know|have)|supply|respond|reply|answer
        |set\s+out|describe|state|clarify|disclose|submit|give|identify|specify|indicate|address|enclose|return|produce|erase|delete|take|write\s+to)\b
    | \bwe\s+(?:would\s+|must\s+|therefore\s+|now\s+|hereby\s+)*(?:ask|request|require|invite|call\s+(?:up)?on|need|expect)\s+(?:that\s+)?(?:you|your|the\s+controller|from\s+you)\b
    | \bI\s+(?:would\s+|must\s+|therefore\s+|now\s+)*(?:ask|request|require|invite|need)\s+(?:that\s+)?(?:you|your)\b
    | \byou\s+(?:must|are\s+(?:required|requested|asked|invited|ordered)\s+to|should\s+(?:now\s+)?(?:provide|send|respond|reply|answer|explain|confirm))\b
    | \b(?:could|would|can|will)\s+you\s+(?:please\s+|kindly\s+)?(?:provide|send|confirm|tell|explain|let|supply|respond|reply|answer|set|clarify)\b
    | \b(?:asks|requests|requires|invites|directs|orders)\s+(?:that\s+)?(?:you|the\s+controller|from\s+you)\b
    | \bkindly\s+(?:provide|send|confirm|tell|explain|let|supply|respond|reply|answer|set|describe|state|clarify|submit)\b
    | \b(?:would|['’]d)\s+(?:like\s+to\s+(?:know|learn|hear|see|have|receive)|welcome|be\s+(?:grateful|glad|obliged|interested)|appreciate)\b | \blook\s+forward\s+to\s+(?:receiving\s+)?your\s+(?:representation|response|repl|answer|comment|explanation|account)\w*
    | \b(?:is|are)\s+(?:hereby\s+)?(?:required|requested|ordered|asked|invited)\s+to\s+(?:provide|send|confirm|explain|submit|respond|reply|answer|produce|state|comment|erase)\b
    # German
    | \b(?:wir|ich)\s+(?:bitten?|ersuchen?|fordern?|verlangen?)\b.{0,40}?\b(?:sie|ihnen|um)\b | \b(?:bitten?|ersuchen?|fordern?)\s+(?:wir|ich)\b.{0,20}?\b(?:sie|ihnen|um)\b
    | \b(?:bittet|ersucht|fordert)\b.{0,40}?\b(?:sie|um)\b | \b(?:möchten?|würden?|wüssten?)\s+(?:wir|ich)\b.{0,40}?\b(?:wissen|erfahren|gern\w*)\b | \b(?:wir|ich)\s+(?:möchten?|wüssten?)\b.{0,60}?\b(?:wissen|erfahren)\b | \buns\s+interessiert\b
    | \bbitte\s+(?:\w+\s+){0,3}?(?:teilen|übersenden|übermitteln|nehmen|erläutern|beantworten|legen|bestätigen|senden|geben|nennen|erklären|beschreiben|schildern|reichen|stellen)\b
    | \bsie\s+(?:haben|werden)\b.{0,160}?\b(?:aufgefordert|ersucht|gebeten)\b | \bum\s+(?:ihre\s+)?(?:stellungnahme|äußerung|auskunft|übersendung|mitteilung)\b.{0,80}?\b(?:gebeten|bitten|ersucht)\b
    # French
    | \bveuillez\s+(?:\w+\s+){0,2}?(?:nous|me|fournir|communiquer|transmettre|adresser|indiquer|préciser|expliquer|répondre|produire|justifier|confirmer)\b
    | \b(?:je|nous)\s+(?:vous\s+)?(?:prie|prions|demande|demandons|invite|invitons|enjoins|enjoignons|saurai[s]?\s+gré|saurions\s+gré|mets\s+en\s+demeure|mettons\s+en\s+demeure)\b.{0,30}?\b(?:de|d['’]|à)
    | \bvous\s+(?:prie|demande|invite|enjoint|met\s+en\s+demeure)\b | \b(?:voudrions|souhaitons|souhaite|aimerions|voudrais)\s+(?:savoir|connaître|obtenir|recevoir|disposer|apprendre)\b
    | \bmerci\s+de\s+(?:bien\s+vouloir\s+)?(?:nous|me|fournir|communiquer|transmettre|adresser|indiquer|préciser|répondre|confirmer)\b
    | \bvous\s+(?:êtes\s+(?:prié|invité|tenu)\w*|devez|voudrez\s+bien)\b
    # Spanish
    | \b(?:le|les|se\s+le|se\s+les|os)\s+(?:rogamos|ruego|solicitamos|solicito|requerimos|requiere|solicita|pedimos)\b | \b(?:solicitamos|requerimos|rogamos)\s+(?:que|nos|a\s+usted)\b
    | \bdeberán?\s+(?:remitir|aportar|facilitar|informar|presentar|contestar|indicar|acreditar)\b | \bs[ií]rvan?se\b
    # Italian
    | \b(?:si|vi|le)\s+(?:chiede|chiediamo|richiede|richiediamo|invita|invitiamo|prega|preghiamo)\b | \bvogliate\b | \bvoglia\s+(?:\w+\s+)?(?:fornire|comunicare|indicare|trasmettere|far)
    | \bdovr(?:à|ete|anno)\s+(?:fornire|trasmettere|comunicare|far\s+pervenire|indicare|rispondere)\b
    # Dutch
    | \b(?:wij|ik)\s+(?:verzoeken?|vragen?|vorderen?|sommeren?)\s+(?:wij\s+)?u\b | \b(?:verzoeken?|verzoek|vragen?|vraag)\s+(?:wij|ik)\s+u\b | \b(?:verzoekt|vraagt|vordert)\s+u\b | \bvertelt\s+u\b | \b(?:wij|ik|we)\s+(?:horen?|vernemen?|ontvangen?)\b.{0,20}?\bgraag\b | \bgelieve\b | \bwilt\s+u\b | \bgraag\s+(?:ontvangen|vernemen)\s+(?:wij|ik)\b
    )"""
)
_COURTESIES = re.compile(
    r"""(?ix)(?:
      \bplease\s+(?:do\s+not|don['’]?t|quote|note|find|see|visit|contact|feel|consider|call|be\s+(?:aware|advised|assured)|accept|disregard|ignore|use|refer)\b
    | \bif\s+you\s+(?:have\s+any|need|would\s+like|require|wish|are\s+not)\b | \bany\s+(?:further\s+)?questions?\b | \bdo\s+not\s+reply\b | \bunsubscribe\b | \bprivacy\s+notice\b
    | \b(?:quote|quoting|state|stating)\b.{0,20}\breference\b.{0,50}\b(?:correspondence|reply|replies|contact|answer)\b | \bintended\s+recipient\b | \breceived\s+this\s+(?:e-?mail|message)\s+in\s+error\b
    | \b(?:nicht|keine)\b.{0,30}\bantworten\b | \bbitte\s+(?:beachten|geben\s+sie\s+(?:stets|bei|immer)|wenden)\b | \brückfragen\b | \baktenzeichen\b.{0,30}\b(?:angeben|anzugeben)\b
    | \bagréer\b | \bveuillez\s+(?:trouver|noter|croire|recevoir)\b | \bne\s+pas\s+répondre\b | \brappeler\b.{0,30}\bréférence\b
    | \bno\s+responda\b | \batentamente\b | \b(?:se\s+)?ruega\s+(?:citar|no)\b | \bdistinti\s+saluti\b | \bsi\s+prega\s+di\s+(?:non|citare|indicare\s+(?:il|nella))\b
    | \bniet\s+(?:te\s+)?beantwoorden\b | \bheeft\s+u\s+(?:nog\s+)?vragen\b | \b(?:vermeld|vermelden)\b.{0,30}\bkenmerk\b
    )"""
)
_QUESTION = re.compile(
    r"(?i)\b(?:what|which|when|why|how|who|where|whether|did|does|do|has|have|is|are|was|were|welche\w*|wann|warum|wie|wer|wo|hat|haben|wurde\w*|ist|quel\w*|quand|pourquoi|comment|qui|avez|est-ce|qué|cuándo|por\squé|cómo|quién|quali?|quando|perché|come|chi|welke|wanneer|waarom|hoe|wie|heeft)\b"
)
_BLANK = re.compile(r"\n[^\S\n]*\n")
_ITEM = re.compile(r"^\s{0,12}(?:\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)°]|\d{1,2}[/-]|[-–—•*·▪◦‣➢►])\s+(?=\S)")
_OPENS_LIST = re.compile(r"\W*(?:\d|[aAiI]\W|\W\s)")


def asked(passages: Sequence[Passage]) -> tuple[str, ...]:
    """What the letter asks, sentence by sentence, in its own words and order; each once, ``MOST`` at most.

    Args:
        passages: what the letter says itself.
    """
    found: dict[str, None] = {}
    for passage in passages:
        for quote in _in_text(passage.text[:_TEXT_BOUND]):
            found.setdefault(quote)
            if len(found) == MOST:
                return tuple(found)
    return tuple(found)


def _in_text(text: str) -> Iterator[str]:
    listing = _Listing()
    for block in _BLANK.split(text):
        for part in _BLANK.split(unrolled(block)):
            lines = part.splitlines()
            items = [at for at, line in enumerate(lines) if _ITEM.match(line)]
            for sentence in _sentences("\n".join(lines[: items[0]] if items else lines)):
                yield from listing.sentence(sentence)
            for start, end in zip(items[:_ITEMS_MOST], [*items[1:], len(lines)], strict=False):
                yield from listing.item(lines[start], " ".join(" ".join(lines[start:end]).split()))


class _Listing:
    """Sentences that ask; where one leads to a list, the items below it as well."""

    def __init__(self) -> None:
        self._lead = ""  # wants the list that is to begin, and is quoted only if one does
        self._begins = False
        self._marks: set[str] = set()  # how the items are marked of the lists that are asked for

    def sentence(self, sentence: str) -> Iterator[str]:
        """A sentence outside of any list."""
        self._marks.clear()
        is_asked = _is_asked(sentence)
        self._begins = points_below(sentence) and not _COURTESIES.search(sentence) and _wants(sentence)
        self._lead = sentence if self._begins and not is_asked else ""
        if is_asked:
            yield _cut(sentence)

    def item(self, first_line: str, item: str) -> Iterator[str]:
        """An item of a list."""
        mark = _mark_of(first_line)
        # "R. Castaing" is somebody's name, below a letter without a list.
        self._begins = self._begins and _OPENS_LIST.match(first_line) is not None
        if self._begins:
            self._marks.add(mark)
            yield from [_cut(self._lead)] if self._lead else []
        wanted = mark in self._marks and len(item) >= _SHORTEST_ITEM
        if wanted or any(_is_asked(one) for one in _sentences(item)):
            yield _cut(item)
        self._begins, self._lead = item.endswith(":") and (wanted or _wants(item)), ""


def _wants(lead: str) -> bool:
    """Whether the list below these words is wanted, though they may be too few to ask for anything themselves."""
    return wants_list(lead) or _ASKS.search(lead[:700]) is not None


def _mark_of(line: str) -> str:
    """Of what kind the mark is: a digit, a letter, or the sign itself."""
    mark = line.strip().lstrip("(")[0]
    return "1" if mark.isdigit() else "a" if mark.isalpha() else mark


def _sentences(text: str) -> Iterator[str]:
    """Each with its mark at the end."""
    start = 0
    for ending in BREAK.finditer(text):
        yield " ".join(text[start : ending.end()].split())
        start = ending.end()
    if rest := " ".join(text[start:].split()):
        yield rest


def _is_asked(sentence: str) -> bool:
    if len(sentence) < _SHORTEST or _COURTESIES.search(sentence):
        return False
    is_question = sentence.endswith("?") and _QUESTION.search(sentence) is not None
    return is_question or _ASKS.search(sentence[:700]) is not None


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST else sentence[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
