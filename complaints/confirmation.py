"""What a person says who answers a notice: whether it confirms that they have it. Pure.

A forward counts as acknowledged by plain words alone. Whoever says more than that, or something else, says it
to a person of ours: an answer that nobody reads may hold a question, an objection or an order.
"""

import re
from enum import StrEnum

from complaints.answers import own_words
from complaints.model import InboundMail
from complaints.recognition.words import Cue, cues_in

# Our note lists what the letter asks; where an answer repeats it unmarked, nothing is asked of us.
_QUOTED_QUESTION = re.compile(r"[“„«][^“”„«»]{1,400}\?\s?[”“»]")
_QUESTION = re.compile(r"\?(?=[\s\"'”’)\]]|\Z)")
_LINK = re.compile(r"\S+://\S+")
_PLAIN_WORDS = 30
"""A confirmation of more words says more than that."""

_AGREES = re.compile(
    r"\b(?:look(?:ing)? (?:after|into)|tak(?:e|ing) care|deal(?:ing)? with|handling|ok|okay|okey|oké|okej|will do|copy that|all good|consider it done|alles klar|in ordnung|geht klar|kümmer\w{1,3}|"
    r"d['’]accord|c['’]est noté|bien noté|m['’]en occupe|nous en occupons|me ocupo|nos ocupamos|me ne occupo|ce ne occupiamo|de acuerdo|vale|va bene|d['’]accordo|akkoord|regel het|begrepen|genoteerd|"
    r"w porządku|zrozumiałem|uppfattat|forstået|forstått|percebido|de acordo|selvä|rozumím|rozumiem|rendben|"
    r"am înțeles|razumem|razumijem|selge|saprotu|supratau|εντάξει|разбрах|зрозуміло)\b",
    re.IGNORECASE,
)
"""Words that agree, beside those of :data:`Cue.CONFIRMS`; of a letter they would tell nothing."""

_DENIES = re.compile(
    r"\b(?:not|cannot|can['’]?t|don['’]?t|doesn['’]?t|didn['’]?t|isn['’]?t|aren['’]?t|won['’]?t|haven['’]?t|hasn['’]?t|"
    r"no|never|nothing|none|nobody|unable|missing|wrong|mistake|instead|unfortunately|"
    r"nicht|kein\w{0,2}|nie|nichts|niemand|leider|fehlt|fehlen|falsch\w{0,2}|irrtum|"
    r"pas|aucune?|jamais|rien|manque\w{0,2}|erreur|malheureusement|"
    r"ning[uú]n\w?|nunca|nada|falta\w?|equivocad\w|lamentablemente|"
    r"non|nessun\w?|niente|manca\w{0,2}|sbagliat\w|purtroppo|"
    r"niet|geen|nooit|niets|niemand|ontbreekt|ontbreken|verkeerd\w?|helaas|"
    r"brak\w{0,3}|brakuje|nigdy|niestety|błąd|błędn\w{1,3}|inte|ej|aldrig|saknas|fel|tyvärr|"
    r"ikke|aldri|mangler|feil|forkert|desværre|dessverre|não|nunca|nenhum\w?|errad\w|infelizmente|"
    r"ei|eivät|puuttuu|väärä\w{0,2}|valitettavasti|není|nemám\w?|nemůž\w{1,3}|chybí|bohužel|nie je|nemáme|žiaľ|"
    r"nem|hiányzik|sajnos|nu (?:am|pot|este|putem|avem)|lipsește|din păcate|nije|nisam|nismo|žal|nažalost|ni|nimam|nav|nėra|"
    r"δεν|όχι|λάθος|δυστυχώς|не|няма|грешк\w{1,3}|немає)(?![\w'’])|(?<!\w)n['’](?=\w)",
    re.IGNORECASE,
)
"""What denies: a person who has no letter, or cannot open it, often thanks for it first."""

_WANTS = re.compile(
    r"\b(?:please|need|must|should|could you|can you|would you|send|resend|forward|delete\w?|keep|stop|contact|write to|ask|but|however|"
    r"bitte\w{0,2}|benötig\w{1,3}|brauch\w{1,3}|müss\w{1,3}|soll\w{0,3}|senden|schicken|aber|jedoch|wenden|"
    r"veuillez|merci d['’e]|s['’]il vous pla[iî]t|svp|besoin|devez|doit|envoye[rz]|mais|cependant|"
    r"por favor|necesit\w{1,5}|debe\w{0,3}|env[ií]e\w{0,3}|pero|rogamos|"
    r"per favore|per cortesia|prego|bisogno|dovete|inviat\w{1,3}|però|"
    r"graag|alstublieft|aub|nodig|moet\w{0,2}|stuur\w{0,2}|maar|"
    r"prosz\w{1,4}|trzeba|należy|ale|vänligen|behöver|måste|men|venligst|vennligst|skal|må|por gentileza|preciso|deve\w?|mas|"
    r"pyydän|tarvits\w{1,6}|mutta|prosím\w?|potřebuj\w{1,4}|potrebuj\w{1,4}|kérem|kérjük|vă rog|trebuie|dar|molim\w?|prosimo|"
    r"παρακαλ\w{1,4}|πρέπει|αλλά|моля|трябва|но|будь ласка)\b",
    re.IGNORECASE,
)
"""What asks for something."""

_FAREWELL = re.compile(
    r"^[ \t>]*(?:(?:with )?(?:kind|best|warm|many)?[ ]?(?:regards|wishes)|best|sincerely|yours|cheers|"
    r"(?:mit )?(?:freundliche\w?|beste\w?|viele\w?|liebe\w?) (?:grüße\w?|gruß|grüsse\w?)|gruß|grüße|mfg|lg|vg|"
    r"(?:bien )?cordialement|bien à vous|sincères salutations|salutations|(?:un )?(?:cordial )?saludos?|atentamente|"
    r"(?:cordiali|distinti) saluti|saluti|(?:met )?(?:vriendelijke|hartelijke) groet\w{0,2}|groet\w{0,2}|mvg|"
    r"z poważaniem|pozdrawiam|(?:med )?(?:vänlig\w{0,2}|venlig|vennlig) hilsen|(?:med )?vänliga hälsningar|hälsningar|mvh|hilsen|"
    r"com os melhores cumprimentos|cumprimentos|atenciosamente|ystävällisin terveisin|terveisin|s pozdravem|s pozdravom|"
    r"üdvözlettel|cu stimă|lijep pozdrav|lep pozdrav|lugupidamisega|ar cieņu|pagarbiai|με εκτίμηση|с уважение|з повагою)[\s,.!]*$",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_READ = 4_000


class Says(StrEnum):
    """What somebody answers."""

    HAS_IT = "has it"  # and nothing else
    MORE = "has it and says more"  # that a person must read
    NOT_THEIRS = "not theirs"  # sends it back
    ASKS = "asks"  # wants to know something, denies something, or cannot be read: it confirms nothing

    @property
    def confirms(self) -> bool:
        """Whether they say that they have it."""
        return self in (Says.HAS_IT, Says.MORE)


def says(mail: InboundMail) -> Says:
    """What a person answers, in their own words; what they quote was ours."""
    text = own_words(mail)
    cues = cues_in(text)
    if Cue.DISAGREES in cues:
        return Says.NOT_THEIRS
    if mail.encrypted or _QUESTION.search(_LINK.sub(" ", _QUOTED_QUESTION.sub(" ", text))):
        return Says.ASKS
    said = _FAREWELL.split(text, maxsplit=1)[0]
    if _DENIES.search(said[:_LONGEST_READ]) or not (
        Cue.CONFIRMS in cues or _AGREES.search(said[:_LONGEST_READ])
    ):
        return Says.ASKS
    plain = len(said.split()) <= _PLAIN_WORDS and not _WANTS.search(said)
    return Says.HAS_IT if plain else Says.MORE
