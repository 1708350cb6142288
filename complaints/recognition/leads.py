"""Lists of what is wanted: the words that lead to one, and lists that stand within their sentence."""

import re
from collections.abc import Iterator
from itertools import pairwise

from complaints.recognition.answer_words import BREAK

_LONGEST = 700  # characters of a sentence that are searched

# Who writes wants what the list below holds; what others want, said or sent leads to lists of facts.
_WANTS = re.compile(
    r"""(?ix)\b(?:
    # English
      (?:we|i)\s(?:now\s|also\s|therefore\s|would\s|should\s|will\s|shall\s|must\s|do\s|hereby\s){0,3}(?:need|require|request|want|seek|ask|like|appreciate|welcome|be\s(?:grateful|glad|obliged))
    | (?:is|are)\s(?:now\s|also\s|hereby\s|therefore\s)?(?:needed|required|requested|sought|wanted)|(?:information|documents?|particulars)\s(?:requested|required|sought|needed)
    | (?:repl(?:y|ies)|response|answer|observations|account)\s(?:should|must|needs?\sto|has\sto|is\sto)
    # German
    | (?:wir|ich)\s(?:benötig|brauch|bitt|erbitt|wünsch|verlang|forder|ersuch|erwart|möcht|hätt)\w{0,4}|(?:benötigen?|brauchen?|(?:er)?bitten?|erwarten?|verlangen?|fordern?|ersuchen?)\s(?:wir|ich)
    | (?:wird|werden)\b.{0,90}?\b(?:gebeten|erbeten|benötigt|ersucht|verlangt|aufgefordert)|\w{2,6}zu(?:legen|senden|reichen|teilen|weisen|geben|stellen)|zu\s(?:übersenden|übermitteln|beantworten|erteilen|benennen|nennen|machen)|angeforderte
    # French
    | (?:nous|je)\s(?:vous\s)?(?:souhait\w{1,7}|désir\w{1,6}|voudri\w{1,4}|aimeri\w{1,4}|demand(?:e|ons)|sollicit(?:e|ons)|attend(?:s|ons)|remerci(?:e|ons)|pri(?:e|ons)|invit(?:e|ons)|requiers|requérons)
    | nous\savons\sbesoin|ai\sbesoin|(?:est|sont)\s(?:requise?s?|demandée?s?|nécessaires?|attendue?s?|sollicitée?s?)|(?:pièces|éléments|documents|informations)\s(?:demandée?s|requise?s)|réponse\s(?:devra|doit)
    # Spanish
    | se\s(?:le\s|les\s)?(?:solicita|requiere|ruega|pide)n?|solicitamos|requerimos|rogamos|ruego|pedimos|necesit(?:amos|o)|precisamos|agradecer(?:emos|íamos|ía)|deber(?:á|án)|sírva(?:n)?se|(?:es|son)\snecesari[oa]s?|(?:documentación|información)\s(?:requerida|solicitada)
    # Italian
    | si\s(?:chied(?:e|ono)|richied(?:e|ono)|prega|invita)|chied(?:o|iamo)|richiediamo|occorr(?:e|ono)|serv(?:e|ono)|vorremmo|attendiamo|invitiamo|preghiamo|abbiamo\sbisogno|vogli(?:a|ate)|dovr(?:à|anno|ete)|(?:è|sono)\s(?:richiest|necessari)\w|(?:documenti|informazioni)\srichiest\w
    # Dutch
    | (?:wij|we|ik)\s(?:ontvangen?|vernemen?|verzoeken?|vragen?|verlangen?|willen?|wensen?)|(?:ontvangen|vernemen|verzoeken|vragen)\s(?:wij|we|ik)|graag|gelieve|nodig|(?:dient|moet)\su|u\s(?:dient|moet)|gevraagde
    # Polish, Swedish, Danish, Norwegian, Portuguese, and more
    | pros(?:zę|imy)|wnosimy|należy|wzywa(?:m|my)|żąda(?:m|my)|potrzebujemy|oczekujemy|(?:vi|jag)\s(?:ber|begär|behöver|önskar|vill)|(?:vi|jeg)\s(?:beder|ber|anmoder|ønsker|trenger|skal\sbede|har\sbrug)|bedes|bes
    | solicita-se|solicitamos|pedimos|necessitamos|queiram?|dever(?:á|ão)|agradecemos|pyydämme|tarvitsemme|žádáme|potřebujeme|kérjük|kérem|solicităm|rugăm
    )\b"""
)
_HEADING = re.compile(
    r"\A\W{0,3}(?:(?:our|unsere|nos|les|onze|nuestras|le nostre)\s)?(?:questions|fragen|vragen|domande|preguntas|pytania|frågor|spørgsmål|spørsmål|perguntas)\s?:\Z",
    re.IGNORECASE,
)
# An item that begins with an order and ends in a colon leads to a list of its own: "For each system, state:".
_ORDER = re.compile(
    r"(?:\A\W{0,3}(?:\w{1,3}[.)]\s)?|,\s)(?:provide|list|state|explain|describe|give|attach|enclose|confirm|indicate|specify|identify)\b[^.]{0,60}:\Z",
    re.IGNORECASE,
)
# "the following documents and information", without a colon; "suivant la réception" points at nothing.
_FOLLOWING = re.compile(
    r"\b(?:following|folgende\w{0,2}|suivantes?|suivants|siguientes?|seguent[ei]|volgende|następując\w{1,4}|följande|følgende|seguintes?|quanto segue|lo siguiente)"
    r"(?:\s(?!receipt|the\b|this|your|our)\w+){0,4}\W?\Z",
    re.IGNORECASE,
)
_NEAR_THE_END = 80  # characters

# ": 1. the register; 2. the logs": the first mark right behind the colon, on its line.
_FIRST = re.compile(
    r":[^\S\n]+(?P<opens>\(?)(?P<mark>1(?=[.)°/-])|[aAi](?=[.)])|[-–•▪])(?P<closes>[.)°/-]?)\s"
)
_SERIES = (
    tuple(str(number) for number in range(1, 13)),
    tuple("abcdefghijkl"),
    tuple("ABCDEFGHIJKL"),
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"),
)
_MOST = 12
_FURTHEST = 1_500  # characters from one mark to the next


def points_below(sentence: str) -> bool:
    """Whether the sentence says that something follows: a colon at its end, or "the following documents"."""
    return sentence.endswith(":") or _FOLLOWING.search(sentence[-_NEAR_THE_END:]) is not None


def wants_list(sentence: str) -> bool:
    """Whether what is listed below ``sentence`` is wanted."""
    return any(words.search(sentence[-_LONGEST:]) for words in (_HEADING, _ORDER, _WANTS))


def unrolled(block: str) -> str:
    """``block``, a list that stands within its sentence set on lines of its own; what follows it begins anew."""
    lists = [list(_marks(block, first)) for first in _FIRST.finditer(block)]
    lists = [marks for marks in lists if len(marks) > 1]
    if not lists:
        return block
    # "Re: 1. complaint. Please send: 1. the log; 2. ..." has one list, the nearer.
    starts = [marks for marks in lists if marks[0] < lists[0][1]][-1]
    ended = BREAK.search(block, starts[-1] + 4)
    end = ended.end() if ended else len(block)
    items = (" ".join(block[start:stop].split()) for start, stop in pairwise([*starts, end]))
    return "\n".join((block[: starts[0]].rstrip(), *items)) + f"\n\n{block[end:]}"


def _marks(block: str, first: re.Match[str]) -> Iterator[int]:
    """Where the items begin, as long as their marks count on."""
    mark = first["mark"]
    series = next((one for one in _SERIES if one[0] == mark), (mark,) * _MOST)
    # A dash stands within items too; between two of them a stop is before it.
    behind = r"(?<=[;,.]\s)" if mark in "-–" else r"(?<=\s)"
    at = first.start("opens")
    yield at
    for mark in series[1:]:
        label = re.compile(rf"{behind}{re.escape(first['opens'] + mark + first['closes'])}\s")
        found = label.search(block, at + 3, at + _FURTHEST)
        if found is None:
            return
        at = found.start()
        yield at
