"""By which day the writer of a letter wants to hear from us, and the words that say so. Never invented.

A day counts only where the words around it ask for an answer; hearings, events, deletions, appeals
and terms set for somebody else do not. Of several the earliest counts; an extension replaces what it
extends.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from complaints.model import Passage
from complaints.recognition.dates import DayFound, PeriodFound, add_period, days_in, periods_in

_TEXT_BOUND = 24_000  # characters of a letter that are searched
_SENTENCE_BOUND = 700
_QUOTE_BOUND = 240


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerBy:
    """The day an answer is wanted by."""

    day: date
    quote: str  # the sentence that says so
    where: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """The days that periods are counted from."""

    mail: date  # of the Date header, or of the forwarded mail's own
    receipt: date  # the local day on which our server took the mail
    country: str  # ISO 3166 alpha-2, for working days


def _words(*languages: str) -> str:
    return "|".join(part.strip() for language in languages for part in language.split("|"))


_ANSWER = re.compile(
    r"\b(?:"
    + _words(
        r"repl(?:y|ies)|respond|responses?|answers?|observations|comments|representations|submissions?|your views|let us (?:know|have)"
        r"|tell us|inform us|hear from you|need to know|provide|send|supply|furnish|submit|explain|confirm|write (?:back )?to us|come back to us"
        r"|get back to us|revert|reach(?:es)? us|return|be (?:with|received by) us|your (?:position|account|side|explanation)|forward (?:us|to us)|let me (?:know|have)|tell me|deadline|requested|disclose|produce|comply",
        r"antwort\w*|stellungnahme\w*|äußer\w*|mitteil\w*|mitzuteilen|teilen sie|übersend\w*|zu übermitteln|übermitteln|vorzulegen|vorlage|auskunft|rückmeldung|rückäußerung|erklär\w*|frist|beantwort\w*|einzureichen|hören|nehmen sie|bitte(?:n)?",
        r"répon\w*|réponse\w*|observations|éléments|explications|faire parvenir|transmettre|communiquer|indiquer|préciser|adresser|fournir|nous faire|vos précisions|justificatifs|retour|remercie|prie|conclusions|attendue?s?|échéance",
        r"respon\w*|contest\w*|respuesta|alegaciones|informe|remit\w*|inform\w*|comuni\w*|facilit\w*|aport\w*|observaciones|explicaciones|plazo|indiqu\w*|envi\w*|requiere",
        r"riscontro|rispo\w*|osservazioni|far pervenire|fornire|comunicare|trasmettere|inviare|chiarimenti|informazioni|memorie|deduzioni|termine|voglia|si chiede|si invita|pregasi|elementi",
        r"antwoord\w*|reactie|reageren|reageer|zienswijze|toelichting|laten weten|laat ons|verzoek\w*|ontvangen wij|vernemen|toe te sturen|te verstrekken|verstrekken|stuur\w*|inlichtingen|zenden|graag",
        r"odpowied\w*|wyjaśnie\w*|ustosunkow\w*|udziel\w*|przesła\w*|przekaza\w*|nadesła\w*|stanowisk\w*|informacj\w*|złożeni\w*|termin\w*|prosi\w*|proszę|wskaza\w*",
        r"svar\w*|yttr\w*|inkom\w*|redogör\w*|synpunkter|lämna|skicka|besvar\w*|tillhanda|återkom\w*|upplys\w*|förklar\w*",
        r"svar\w*|besvar\w*|bemærkninger|udtalelse|redegørelse|oplys\w*|sende|fremsende|høringssvar|modtage|hører|frist\w*|vende tilbage|bedes|redegør\w*",
        r"svar\w*|besvar\w*|uttalelse|redegjørelse|merknader|tilbakemelding|opplys\w*|oversend\w*|innsend\w*|redegjør\w*|kommentarer",
        r"respond\w*|resposta|pronunci\w*|esclarec\w*|prest\w*|observações|inform\w*|enviar|envio|remeter|comunicar|prazo|queira\w*|solicit\w*|apresent\w*",
    )
    + r")\b",
    re.IGNORECASE,
)

# What makes a day a last day: stands some words before it.
_LIMIT = re.compile(
    r"\b(?:"
    + _words(
        r"by|before|until|till|no later than|not later than|at the latest|within|in the next|deadline\w*|due|period of|time limit|up to|extended to|ahead of|latest",
        r"bis|spätestens|innerhalb|binnen|\w*frist\w*|auf den|längstens",
        r"avant|au plus tard|d'ici|d’ici|dans|sous|délai|jusqu'au|jusqu’au|échéance|date limite",
        r"antes|hasta|plazo|dentro de|a más tardar|límite|entro|termine|non oltre|prima del|scadenza|fino al",
        r"uiterlijk|binnen|vóór|termijn|\w*termijn|op zijn laatst|w terminie|w ciągu|terminie|\w*termin|najpóźniej|nie później niż|przed",
        r"senast|inom|före|t\.o\.m|tidsfrist|frist\w*|senest|inden|innen|før|até|prazo|dentro|limite",
    )
    + r")\b",
    re.IGNORECASE,
)
# These little words do so only right before it.
_LIMIT_AT_HAND = re.compile(
    r"\b(?:requested|expected|erwartet|attendue?s?|requerid[oa]|richiest[oa]|to|in|have|allow|allowed|allows|vor|termin|zum|von|pour le|au|le|en|para el|al|voor|tot|do|till|den|til|for|em|a)"
    r"(?: (?:the|den|le|el|il|dnia|o|um|einen|een|un|dem))?\W{1,3}(?:[^\W\d_]+\W{1,2})?\Z",
    re.IGNORECASE,
)
_LIMIT_AFTER = re.compile(
    r"\W{0,3}(?:at the latest|the latest|or (?:before|earlier)|au plus tard|spätestens|al più tardi|a más tardar"
    r"|op zijn laatst|najpóźniej|is (?:extended|prorog))",
    re.IGNORECASE,
)
# These alone make a sentence ask by their very meaning, so no other word is needed.
_DEADLINE = re.compile(
    r"\b(?:deadline|response date|reply date|due date|frist(?:ende)?|abgabefrist|äußerungsfrist|antwortfrist|échéance|date limite|délai de réponse|fecha límite|plazo de respuesta"
    r"|scadenza|reactietermijn|svarsfrist|svarfrist|svarstid|termin odpowiedzi|prazo de resposta)\b",
    re.IGNORECASE,
)
# The day belongs to something else than an answer to be given: stands before it in the same clause.
_OTHER_MATTER = re.compile(
    r"\b(?:"
    + _words(
        r"was due|were due|fell due|should have|(?:had|(?<!you )has|(?<!you )have) (?:until|till)|expired|expires?|we (?:have )?(?:received|wrote|asked)|you (?:wrote|replied|asked|told)|lapsed|webinar|register before|hearing|meeting|appeal\w*|interview|inspection|visit"
        r"|delet\w+|eras\w+|retain\w*|kept|stor(?:e|ed)|preserve\w*|renew\w*|fee|pay|review (?:the|this|it|our)|valid until|since|the controller (?:must|has|was|is|should)"
        r"|(?:has|have|was|were|is|are) (?:also |been |separately |itself )*(?:asked|given|told|invited|ordered|directed|written to)|(?:they|it|he|she) (?:must|has|have|had|will) |must be (?:kept|retained|deleted)|we (?:aim|hope|expect|intend|will|shall)|our next|next update|survey|consultation",
        r"abgelaufen|lief|endete|wurde aufgefordert|wurde gebeten|hat der verantwortliche|der verantwortliche|anhörungstermin|anhörung am|löschung|gelöscht|aufbewahr\w*|widerspruch|klage kann|rechtsbehelf\w*|verhandlung|speicher\w*|hätten|waren|eingegangen am",
        r"expiré|expirait|deviez|aviez|recours|audience|suppression|conserv\w*|responsable du traitement (?:a|doit|dispose)|a été (?:invité\w*|prié\w*|saisi\w*)|devait|contrôle sur place|vencía",
        r"venció|vencía|finalizó|recurso|vista|suprim\w*|conserv\w*|debía|el responsable (?:debe|ha|dispone|tiene)|ha sido requerid\w*",
        r"scaduto|scadeva|ricorso|opposizione|udienza|audizione|cancell\w*|conserv\w*|avrebbe dovuto|doveva|il titolare (?:deve|ha|è)|è stat[oa] (?:invitat|richiest)\w*",
        r"verstreken|verliep|bezwaar|beroep|zitting|hoorzitting|verwijder\w*|bewaar\w*|bewaren|had(?:den)? moeten|de verwerkingsverantwoordelijke (?:heeft|moet|is|dient)|is verzocht",
        r"upłynął|upłynęło|odwołani\w*|skarg[ęai] do sądu|rozpraw\w*|usunię\w*|przechow\w*|administrator (?:ma|powinien|został|jest)|został\w* wezwan\w*",
        r"gick ut|skulle|överklag\w*|förhandling|radera\w*|gallra\w*|bevara\w*|sparas|den personuppgiftsansvarige (?:har|ska)|har ombetts",
        r"udløb|skulle|klagefrist|klage over|påklag\w*|slett\w*|opbevar\w*|høring den|møde|den dataansvarlige (?:har|skal)|er blevet bedt",
        r"utløp|gikk ut|klagefrist|påklag\w*|slett\w*|oppbevar\w*|møte|den behandlingsansvarlige (?:har|skal|er)|er bedt",
        r"expirou|terminou|terminava|recurso|impugn\w*|audiência|apag\w*|conserv\w*|devia|o responsável (?:deve|tem|foi)|foi notificad\w*",
    )
    + r")\b",
    re.IGNORECASE,
)
_EXTENDED = re.compile(
    r"\b(?:extend\w*|extension|further time|verlänger\w*|fristverlängerung|prolong\w*|prorog\w*|ampli\w*|prórroga|verleng\w*|uitstel|przedłuż\w*|förläng\w*|anstånd\w*|forlæng\w*|forleng\w*|utsatt\w*|prorrog\w*)\b",
    re.IGNORECASE,
)
_EXTENDED_BY = re.compile(
    r"\b(?:by|um|de|di|met|o|med|em|por|per|with)(?: (?:a|further|another|weitere|ytterligare|yderligere|nog))?\s\Z",
    re.IGNORECASE,
)
_FROM_RECEIPT = re.compile(
    r"\b(?:receipt|receiving|received|receive|zugang|erhalt|eingang|zustellung|réception|recevoir|recepción|recibo|recibir|notificación|ricezione|ricevimento|notifica|ontvangst|otrzymania|doręczenia|mottagande\w*|mottagit|modtagelse\w*|mottak\w*|receção|recepção|recebimento|notificação)\b",
    re.IGNORECASE,
)
_FROM_TODAY = re.compile(
    r"\b(?:today|heute|aujourd'hui|aujourd’hui|hoy|oggi|vandaag|dzisiaj|dziś|i ?dag|hoje)\b", re.IGNORECASE
)
_ATTACHED = re.compile(
    r"\b(?:attached|enclosed|beigefügt\w*|anliegend\w*|ci-joint\w*|adjunt\w*|allegat\w*|bijgevoegd\w*|załączon\w*|bifogad\w*|vedhæft\w*|vedlagt\w*|anexo|em anexo)\b",
    re.IGNORECASE,
)
_TOMORROW = re.compile(
    r"\b(?:tomorrow|demain|mañana|domani|jutra|i ?morgon|i ?morgen|amanhã|bis morgen|uiterlijk morgen)\b",
    re.IGNORECASE,
)
_CHRISTMAS = re.compile(
    r"\b(?:christmas|weihnachten|noël|navidad|natale|kerst(?:mis)?|bożym narodzeniem|jul|natal)\b",
    re.IGNORECASE,
)
_END_OF = re.compile(
    r"\b(?:the end of (?:the|this) (week|month)|ende (?:der|dieser) (woche)|ende (?:des|dieses) (monats)|la fin (?:de la|du|de cette|de ce) (semaine|mois)|einde van de (week|maand)|fin de (semana|mes)|fine (?:del |della |di )?(settimana|mese)|slutet av (veckan|månaden))\b",
    re.IGNORECASE,
)
_WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            "monday montag lundi lunes lunedì maandag poniedziałku måndag mandag segunda-feira",
            "tuesday dienstag mardi martes martedì dinsdag wtorku tisdag tirsdag terça-feira",
            "wednesday mittwoch mercredi miércoles mercoledì woensdag środy onsdag quarta-feira",
            "thursday donnerstag jeudi jueves giovedì donderdag czwartku torsdag quinta-feira",
            "friday freitag vendredi viernes venerdì vrijdag piątku fredag sexta-feira",
        )
    )
    for word in words.split()
}
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)

_WORD = re.compile(r"[^\W\d_]+(?:-feira)?")
_RELATIVE = frozenset(_WEEKDAYS) | frozenset(
    "tomorrow demain mañana domani jutra morgon morgen imorgon imorgen amanhã christmas weihnachten noël navidad natale "
    "kerst kerstmis bożym jul natal end ende fin einde fine slutet".split()
)

# A full stop ends a sentence after a word of three letters, a year, or before a capital; the German
# "3. Dezember" and "Art. 5" do not end there.
_BREAK = re.compile(
    r"(?<=[^\W\d_][^\W\d_][^\W\d_])[.!?;]+[\s\"”»]+|(?<=[)\"”»’])[.!?;]+\s+|(?<=\d{4})[.!?;]+\s+"
    r"|(?<!\b\d)(?<!\b\d\d)\.\s+(?=[A-ZÀ-ÖØ-ÝĄĆĘŁŃÓŚŹŻ])|[!?]\s+|\n\s*\n"
)
_CLAUSE = re.compile(
    r"[,;:()–—]\s|\s[–—-]\s|\b(?:and|but|und|aber|et|mais|pero|ma|maar|ale|men|mas)\b", re.IGNORECASE
)
_LETTER_DATE_LINE = re.compile(
    r"(?:date|datum|fecha|data|dato|dated|le|den|d\.|el|il|dnia|lì|,|:|\.|\s|r)*", re.IGNORECASE
)


def answer_by(passages: Sequence[Passage], days: Days) -> AnswerBy | None:
    """The earliest day by which ``passages`` ask for an answer, or None where they name none."""
    attached = _attached_date(passages, days.mail)
    wanted: list[AnswerBy] = []
    extended: list[AnswerBy] = []
    for passage in passages:
        text = passage.text[:_TEXT_BOUND]
        base = letter_date(text, days.mail)
        for found, extension in _in_text(text, passage.where, base, attached, days):
            (extended if extension else wanted).append(found)
    return min(extended or wanted, key=lambda found: found.day, default=None)


def letter_date(text: str, near: date) -> date | None:
    """The day a letter says it was written on: a line that holds a date and hardly anything else."""
    lines = [line.strip() for line in text[:6_000].splitlines() if line.strip()]
    for line in (*lines[:25], *lines[-4:]):
        if len(line) <= 70 and (found := days_in(line, near)) and len(found) == 1:
            rest = line[: found[0].start] + line[found[0].end :]
            if found[0].day <= near + timedelta(days=1) and _is_place_and_date(rest):
                return found[0].day
    return None


def _is_place_and_date(rest: str) -> bool:
    if any(character.isdigit() for character in rest) or _LIMIT.search(rest):
        return False
    if _LETTER_DATE_LINE.fullmatch(rest):
        return True
    words = re.findall(r"[^\W\d_]+", rest)
    place = len(words) <= 4 and rest.strip()[:1].isupper()
    return (
        place and not _ANSWER.search(rest) and ("," in rest or ":" in rest) and not _OTHER_MATTER.search(rest)
    )


def _attached_date(passages: Sequence[Passage], near: date) -> date | None:
    found = (letter_date(p.text[:_TEXT_BOUND], near) for p in passages if p.where.startswith("attachment"))
    return next((day for day in found if day is not None), None)


def _in_text(
    text: str, where: str, base: date | None, attached: date | None, days: Days
) -> Iterator[tuple[AnswerBy, bool]]:
    sentences = [s for s in (" ".join(part.split()) for part in _BREAK.split(text)) if s]
    for index, whole in enumerate(sentences):
        sentence = whole[:_SENTENCE_BOUND]
        near = partial(_any_asks, sentences[max(0, index - 1) : index + 2])
        from_day = base or (attached if attached and _ATTACHED.search(sentence) else None) or days.mail
        for day, extension in _days_wanted(sentence, from_day, days, near):
            yield AnswerBy(day=day, quote=sentence[:_QUOTE_BOUND], where=where), extension


def _any_asks(sentences: Sequence[str]) -> bool:
    return any(_ANSWER.search(sentence[:_SENTENCE_BOUND]) for sentence in sentences)


def _days_wanted(
    sentence: str, base: date, days: Days, asks_near: Callable[[], bool]
) -> Iterator[tuple[date, bool]]:
    """The days wanted in one sentence, each with whether it is an extension."""
    named = days_in(sentence, days.mail)
    periods = periods_in(sentence)
    if not named and not periods:
        yield from ((day, False) for day in _by_word(sentence, days.mail, asks_near))
        return
    if not any(_is_limited(sentence, found.start, found.end) for found in (*named, *periods)):
        return
    extension = bool(_EXTENDED.search(sentence))
    if extension and (longer := next((p for p in periods if _EXTENDED_BY.search(sentence[: p.start])), None)):
        # "extended by two weeks" counts from the old day; where that is not named, nobody can tell.
        if named:
            yield add_period(max(day.day for day in named), longer, days.country), True
        return
    bases = {day.start: day.day for period in periods for day in named if _is_base(period, day, base)}
    rest = [
        day for day in named if day.start not in bases and (day.day > base or day.day == base == days.mail)
    ]
    wanted = [d.day for d in rest if _is_wanted(sentence, d.start, d.end, asks_near, extension)]
    if not wanted:
        wanted = list(_by_period(sentence, periods, bases, base, days, asks_near, extension))
    yield from ((day, extension) for day in ([max(wanted)] if extension and wanted else wanted))


def _by_period(
    sentence: str,
    periods: Sequence[PeriodFound],
    bases: Mapping[int, date],
    base: date,
    days: Days,
    asks_near: Callable[[], bool],
    extension: bool,
) -> Iterator[date]:
    for period in periods:
        if _is_wanted(sentence, period.start, period.end, asks_near, extension):
            named = next((day for start, day in bases.items() if start >= period.end), None)
            yield add_period(named or _start(sentence, period, base, days), period, days.country)


def _is_base(period: PeriodFound, day: DayFound, base: date) -> bool:
    """Whether ``day`` is what ``period`` runs from: "thirty days from the date of this letter, 2 December"."""
    return period.end <= day.start <= period.end + 90 and day.day <= base + timedelta(days=1)


def _start(sentence: str, period: PeriodFound, base: date, days: Days) -> date:
    # The words before the period matter too: "ab Erhalt dieses Schreibens binnen zwei Wochen".
    after = sentence[period.end : period.end + 70]
    before = sentence[max(0, period.start - 45) : period.start]
    if (
        _FROM_RECEIPT.search(after)
        or re.search(r"\b(?:ab|nach|après|od|upon|on|from|of)\b.{0,20}\Z", before)
        and _FROM_RECEIPT.search(before)
    ):
        return days.receipt
    return days.mail if _FROM_TODAY.search(after) else base


def _is_wanted(sentence: str, start: int, end: int, asks_near: Callable[[], bool], extension: bool) -> bool:
    if not _is_limited(sentence, start, end) or _OTHER_MATTER.search(_CLAUSE.split(sentence[:start])[-1]):
        return False
    return extension or bool(_DEADLINE.search(sentence)) or bool(_ANSWER.search(sentence)) or asks_near()


def _is_limited(sentence: str, start: int, end: int) -> bool:
    before = sentence[max(0, start - 52) : start]
    return bool(
        _LIMIT.search(before) or _LIMIT_AT_HAND.search(before[-22:]) or _LIMIT_AFTER.match(sentence, end)
    )


def _by_word(sentence: str, mail: date, asks_near: Callable[[], bool]) -> Iterator[date]:
    if _RELATIVE.isdisjoint(_WORD.findall(sentence.lower())):
        return
    for pattern, day in (
        (_TOMORROW, _tomorrow),
        (_CHRISTMAS, _christmas),
        (_END_OF, _end_of),
        (_WEEKDAY, _weekday),
    ):
        found = pattern.search(sentence)
        if found and _is_wanted(sentence, found.start(), found.end(), asks_near, extension=False):
            yield day(found, mail)
            return


def _tomorrow(found: re.Match[str], mail: date) -> date:
    return mail + timedelta(days=1)


def _christmas(found: re.Match[str], mail: date) -> date:
    this_year = date(mail.year, 12, 25)
    return this_year if this_year >= mail else date(mail.year + 1, 12, 25)


def _end_of(found: re.Match[str], mail: date) -> date:
    unit = next(group for group in found.groups() if group).lower()
    if unit.startswith(("w", "s", "v")) and unit not in ("mes", "mese"):
        return mail + timedelta(days=(4 - mail.weekday()) % 7)
    first_of_next = (mail.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next - timedelta(days=1)


def _weekday(found: re.Match[str], mail: date) -> date:
    ahead = (_WEEKDAYS[found[0].lower()] - mail.weekday()) % 7
    return mail + timedelta(days=ahead or 7)
