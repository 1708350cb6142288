"""Days to answer by that had gone by before the letter came, and days of its story that look like them.

A letter may lie in the post, in a spam folder or with whoever forwards it; the shorter its time, the likelier it comes
too late. Such a day counts only where the letter still demands an answer by it: not told of in the past tense, right
behind the words that limit it, and not long ago.
"""

import re
from datetime import date

from complaints.recognition.answer_words import (
    CLAUSE,
    DEADLINE,
    EXTENDED,
    GRANTED,
    LIMIT,
    LIMIT_AFTER,
    RESULT,
)
from complaints.recognition.listing import word_set
from complaints.recognition.relative_days import LATE, WEEKDAYS

_REACH = 60  # characters before a day in which its limit stands
_STEPS = 9  # words between the limit and the day: "by close of business on Friday the"
_HEADING = 40  # characters of "Deadline for your reply:"
_BARE = 12  # characters of a clause that says nothing by itself
# What stands between "by" and the day: times of day, weekdays, articles.
_FILL = frozenset(WEEKDAYS) | word_set(
    "the a an on at of end close start cob close business noon midday midnight morning evening day date and including "
    "inclusive incl am pm hrs hours latest very "
    "der dem den des am zum spätestens einschließlich ablauf ende mittag uhr tag "
    "le la l au du de d fin soir midi heures h jour plus tard inclus minuit "
    "el del al las los día dia horas mediodía final tardar "
    "il lo gli ore giorno mezzogiorno fine dell e "
    "de het op en met uiterlijk einde uur dag aan "
    "dnia dzień o godz końca r kl klockan den slutet dagen o do a ao às fim próximo próxima "
    "måndagen tisdagen onsdagen torsdagen fredagen gmt bst utc cet"
)
_BLANKS = " ,.()–—'’"
_TIME = re.compile(r"\d{1,2}(?:[:.h]\d{0,2})?(?:am|pm|h|uhr)?")
# "Please send the logs up to 8 July": the end of a stretch of data, unless the words before grant time.
_STRETCH = re.compile(
    r"\b(?:until|till?|up to|up to and including|hasta|fino al?|jusqu['’]au|tot|tot en met|t\.o\.m|til)\Z",
    re.IGNORECASE,
)
# Little words that limit only right before a day.
_SMALL = re.compile(r"\b(?:pour|para|per|voor|tot|tegen|do|till?)\Z", re.IGNORECASE)
# "The deadline for your reply is the 8th of July."
_IS = re.compile(
    r"\b(?:is|ist|est|es|è|er|är|jest)\s(?:now\s|nun\s)?(?:on\s|the\s|der\s|am\s|le\s|el\s|il\s|op\s|den\s)?\Z",
    re.IGNORECASE,
)
# "the deadline of 3 July" and "el plazo de 11 de noviembre" are spoken of, not set.
_NO_LIMIT = re.compile(
    r"\b(?:zum|passé le|plazo|prazo|termine?|délai|\w*frist\w*|\w*termijn|\w*termin\w*|deadline\w*|scadenza|échéance|date limite|límite|period of|time limit)\Z",
    re.IGNORECASE,
)
# "vom 1. bis 8. Juli": the first day has no month of its own.
_FROM_NUMBER = re.compile(
    r"\b\d{1,2}(?:\.|st|nd|rd|th|er|º|°)?\s?(?:to|and|until|till|bis|auf|und|au|et|al|all['’]|y|e|tot|en|do|och|til|og|a|–|-)\s?(?:the |zum |el |il |le |den )?\Z",
    re.IGNORECASE,
)
# A demand between quotation marks is told of. Marks that stand in pairs before it enclose something else.
_QUOTATION = re.compile(r"„[^„“]*“|“[^“”]*”|«[^«»]*»|»[^»«]*«|\"[^\"]*\"")
_OPENING_MARK = re.compile(r"[“„«»\"]")

# Words by which one demands now: what the sentence tells before their clause is not of the demand.
_DEMANDS = re.compile(
    r"""(?ix)\b(?:
      please|kindly|hereby|(?:let|tell)\s(?:us|me)|(?:we|i)\s(?:now\s|therefore\s|still\s|must\s){0,2}(?:require|request|ask|expect|need|await|insist|would)
    | (?:er)?bitten?|ersuchen?|erwarten?|fordern?|verlangen?|sehen\swir|gelegenheit
    | veuillez|prière\sde|merci\sde|(?:nous|je)\svous\s\w{3,12}|(?:nous|je)\s(?:demand|attend|souhait|exige)\w{0,4}
    | rogamos|ruego|sírva(?:n)?se|deber(?:á|án)|solicit(?:o|amos)|se\s(?:le\s|les\s)?(?:solicita|requiere|ruega)|requerimos|pedimos|esperamos
    | (?:si|vi|le)\s(?:prega|preghiamo|chiede|chiediamo|richiede|invita|invitiamo)|vogli(?:a|ate)|vorr(?:à|ete)|dovr(?:à|ete)|attend(?:o|iamo)|chied(?:o|iamo)
    | verzoek(?:en|t)?|(?:wij|we|ik)\svra(?:gen|ag)|verwachten?|graag|gelieve|ontvangen\swij|wilt\su
    | proszę|prosimy|oczekujemy|wzywam\w{0,2}|vänligen|(?:ber|begär)\s(?:vi|jag|er)|beder|bedes|venligst|vennligst|bes|solicitamos|solicita-se|queiram?|agradecemos|aguardamos
    )\b"""
)
# Words of what has been: the demand is told of, or its day has gone by already for the writer too.
_BYGONE = re.compile(
    r"""(?ix)\b(?:
      was|were|(?<!if\s)had|did(?:n['’]t)?|has\sbeen|have\sbeen|(?<!if\swe\s)ha(?:s|ve)\snot|haven['’]t|hasn['’]t|failed|(?:is|are|still|remains?)\soutstanding|overdue|expired|elapsed|lapsed|(?:has|have)\spassed|without\s(?:an?y?\s)?(?:reply|answer|response)
    | (?:we|i|you|they|he|she|it|who|which|that|complainant|controller|company|commissioner|letter|e-?mail)\s(?:\w+ly\s|also\s|first\s|then\s|have\s|has\s)?(?:asked|requested|invited|required|wrote|written|sent|told|gave|given|set|allowed|received|heard|expected|promised|agreed|replied|responded|answered)
    # German
    | wurden?|war(?:en)?|hatten?|worden|gewesen|bat(?:en)?|forderten?|ersuchten?|setzten?|erhielt(?:en)?|ging(?:en)?|lief|endete|abgelaufen\w{0,2}|verstrichen\w{0,2}|versäumt|unbeantwortet|erfolgte|steh(?:t|en)\s(?:noch\s|immer\s|bislang\s){0,2}aus|aussteh(?:t|en)
    | nicht\s(?:\w+\s){0,2}(?:geantwortet|beantwortet|eingegangen|erhalten|reagiert|nachgekommen|vorgelegt|vor)
    | haben?\s(?:wir|sie|ich)\b.{0,90}?\b(?:gebeten|aufgefordert|ersucht|angeschrieben|gesetzt|eingeräumt|erhalten|gewährt)|(?:gebeten|aufgefordert|ersucht|gesetzt)\shaben
    # French
    | (?:av|ét|dev)(?:ais|ait|aient|iez|ions)|(?:est|sont|soit)\spassée?s?|fut|furent|a\sété|ont\sété|avez\sété|expir(?:é|ée|ait|aient)|échue?s?|dépassée?s?|restée?s?|n['’](?:avez|avons|a|ai|ont)\s(?:pas|jamais|rien)
    | (?:avons|avez|ai|a|ont)\s(?:\w+\s){0,2}(?:demandé|prié|invité|fixé|accordé|imparti|reçu|répondu|écrit|sollicité|adressé|donné|laissé|obtenu)\w{0,2}
    # Spanish
    | (?:deb|ten|hab|ven[cs])ía[ns]?|eran?|fue(?:ron)?|estaban?|solicitó|solicitaron|requirió|requirieron|concedió|concedieron|pidió|pidieron|venció|vencid[oa]|expiró|expirad[oa]|finalizó|finalizado|transcurrid[oa]|recib(?:ió|imos|ido)|contestó|respondió|no\s(?:ha|han|hemos|he)|se\s(?:le|les)\sha|(?:hemos|he|han)\s\w{2,12}[aei]do|ha\ssido|han\ssido
    # Italian
    | (?:dov|av|scad)ev(?:a|ano|ate|amo)|era(?:no|vate)?|fu(?:rono)?|scadut[oaie]|trascors[oaie]|avrebbe(?:ro)?|avreste|(?:è|sono|siete)\sstat[oaie]|(?:abbiamo|avete|ha|hanno|ho)\s\w{2,12}(?:to|so)|(?:chiese|invitò|pervenut[oaie])
    # Dutch
    | had(?:den)?|werd|werden\s(?:\w+\s){0,4}?(?:verzocht|gevraagd|uitgenodigd)|verzochten|vroeg(?:en)?|moest(?:en)?|verliep(?:en)?|verstreken|verlopen|ontvingen|kreeg|kregen|niet\s(?:\w+\s){0,2}(?:ontvangen|gereageerd|beantwoord|geantwoord|voldaan)|(?:hebben|heb|heeft|bent|is)\s(?:\w+\s){0,5}?(?:verzocht|gevraagd|ontvangen|gereageerd|geantwoord|gesteld|gegeven)
    # Polish, Swedish, Danish, Norwegian, Portuguese
    | był[aoyi]?|został\w{0,4}|prosiliśmy|wzywaliśmy|upłyn\w{2,4}|minął|mieli|nie\s(?:otrzymali\w{0,3}|odpowiedzi\w{0,4}|wpłyn\w{2,4})
    | hade|havde|hadde|skulle|bad|blev|ble|ombads|begärde|gick|löpte|udløb|utløp|in?te\s(?:svarat|kommit|fått)|ikke\s(?:svar[et]{2}|modtaget|mottatt)|har\s(?:\w+\s){0,3}(?:bett|bedt|begärt|anmodet)
    | devia[m]?|tinha[m]?|foi|foram|expirou|terminou|solicitámos|não\s(?:recebemos|respond\w{2,5}|obtivemos)
    # Further languages of the registers
    | měli?|byl\w{0,2}|nebyl\w{0,2}|uplynul\w{0,2}|vypršel\w{0,2}|vyzvali|žádali|žiadali|mali|kértük|volt|lejárt|felhívtuk|trebuia|a\sexpirat|am\ssolicitat|v-am
    | oli\w{0,4}|pyydettiin|pyysimme|päättyi|umpeutui|palusime|möödus|prašėme|buvo|baigėsi|pasibaigė|lūdzām|bija|beidzās|bio|bila|bilo|istekao|tražili|potekel|prosili|zaprosili|niste
    | беше|изтече|поискахме|просили|минув|закінчився|був|ζητήσαμε|έληξε|ήταν|έπρεπε|óskuðum|rann|havia|vam|vençut|roedd|gofynnwyd
    )\b"""
)


def is_late(day: date, receipt: date) -> bool:
    """Whether a day before the receipt is near enough to be one that the letter came too late for."""
    return receipt - LATE <= day <= receipt


def still_demands(text: str, start: int, end: int) -> bool:
    """Whether the sentence demands an answer by the day at ``start`` to ``end``, and does not tell of such a demand."""
    begins, ends = _clause(text, start, end)
    if _OPENING_MARK.search(_QUOTATION.sub("", text[:start])) or _ends_stretch(text, start):
        return False
    if _is_heading(text, start):
        return _BYGONE.search(text[:start]) is None
    names_term = DEADLINE.search(text[begins:start]) and _IS.search(text[:start])
    if not (names_term or _is_limited(text, begins, start, end)):
        return False
    return _BYGONE.search(text[_told_from(text, begins, start) : ends]) is None


def is_term(label: str) -> bool:
    """Whether this is what a table calls the day to answer by."""
    return (
        len(label) <= _HEADING
        and bool(DEADLINE.search(label) or LIMIT.search(label))
        and not _BYGONE.search(label)
    )


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the clause of a day begins and ends; one of hardly a word belongs to the one before it."""
    breaks = [0, *(found.end() for found in CLAUSE.finditer(text, 0, start))]
    bare = len(breaks) > 1 and len(text[breaks[-1] : start].strip()) <= _BARE
    ends = next((found.start() for found in CLAUSE.finditer(text, end)), len(text))
    return breaks[-2 if bare else -1], ends


def _ends_stretch(text: str, start: int) -> bool:
    return _FROM_NUMBER.search(text[:start]) is not None and not EXTENDED.search(text)


def _told_from(text: str, begins: int, start: int) -> int:
    """Where the clause begins that demands, where one does; history before it is why."""
    demands = [found.start() for found in _DEMANDS.finditer(text, 0, start)]
    breaks = [found.end() for found in CLAUSE.finditer(text, 0, min(begins, demands[-1]))] if demands else []
    return breaks[-1] if breaks else 0


def _is_heading(text: str, start: int) -> bool:
    head = text[:start].rstrip()
    term = DEADLINE.search(head) or LIMIT.search(head)
    return len(head) <= _HEADING and head.endswith(":") and term is not None


def _is_limited(text: str, begins: int, start: int, end: int) -> bool:
    """Whether a word that limits stands right before the day, or behind it."""
    if LIMIT_AFTER.match(text, end) or (EXTENDED.search(text) and RESULT.search(text[:start])):
        return True
    before = text[max(begins, start - _REACH) : start].rstrip(_BLANKS)
    for _ in range(_STEPS):
        if _ends_in_limit(before):
            granted = GRANTED.search(text[begins:end]) or EXTENDED.search(text)
            return not _STRETCH.search(before) or bool(granted)
        rest, _, word = before.rpartition(" ")
        if word.lower().strip(_BLANKS) not in _FILL and not _TIME.fullmatch(word.lower()):
            return False
        before = rest.rstrip(_BLANKS)
    return False


def _ends_in_limit(before: str) -> bool:
    if _NO_LIMIT.search(before):
        return False
    return bool(_SMALL.search(before)) or any(found.end() == len(before) for found in LIMIT.finditer(before))
