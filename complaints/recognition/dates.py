"""Find days and periods of time in the text of letters, in the languages of the registers. No clock, no guessing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from complaints.recognition.listing import word_set

_MONTH_WORDS = (
    "january jan januar januari janvier enero gennaio stycznia styczeń styczen janeiro januar. ene genn sty jänner tammikuuta tammikuun ledna januára január januárja ianuarie gener ιανουαρίου jaanuar janvāris janvārim sausio siječnja januarja січня януари jaanuariks ionawr",
    "february feb februar februari février fevrier febrero febbraio lutego luty fevereiro fév lut fev helmikuuta helmikuun února februára február februarie febrer φεβρουαρίου veebruar februāris vasario veljače februarja лютого февруари veebruariks chwefror",
    "march mar märz maerz maart mars marzo marca marzec março marco mrz maaliskuuta maaliskuun března március martie març μαρτίου märts marts kovo ožujka березня март märtsiks mawrth",
    "april apr avril abril aprile kwietnia kwiecień avr abr kwi huhtikuuta huhtikuun dubna apríla április aprilie απριλίου aprill balandžio travnja aprila квітня април ebrill",
    "may mai mayo maggio mei maja maj maio toukokuuta toukokuun května mája május maig μαΐου μαϊου gegužės svibnja травня май",
    "june jun juni juin junio giugno czerwca czerwiec junho giu cze kesäkuuta kesäkuun června júna június iunie ιουνίου juuni birželio lipnja junija червня юни mehefin",
    "july jul juli juillet julio luglio lipca lipiec julho lug lip heinäkuuta heinäkuun července júla július iulie juliol ιουλίου juuli liepos srpnja julija липня юли gorffennaf",
    "august aug août aout agosto augustus sierpnia sierpień augusti ago elokuuta elokuun srpna augusta augusztus agost αυγούστου rugpjūčio kolovoza avgusta серпня август awst",
    "september sep sept septembre septiembre settembre września wrzesień setembro wrz setiembre syyskuuta syyskuun září septembra szeptember septembrie setembre σεπτεμβρίου rugsėjo rujna вересня септември medi",
    "october oct oktober octobre octubre ottobre października październik outubro okt ott paź lokakuuta lokakuun října októbra október octombrie οκτωβρίου oktoober spalio жовтня октомври oktoobriks hydref",
    "november nov novembre noviembre listopada listopad novembro marraskuuta marraskuun listopadu novembra noiembrie νοεμβρίου lapkričio studenoga studenog листопада ноември novembriks tachwedd",
    "december dec dezember décembre decembre diciembre dicembre grudnia grudzień dezembro dez déc dic gru desember joulukuuta joulukuun prosince decembra decembrie desembre δεκεμβρίου detsember detsembriks gruodžio prosinca грудня декември rhagfyr",
)
MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}

# Only English puts the month first; elsewhere "Mai 5" is a heading and "des 7." an article and a day.
_ENGLISH_MONTHS = {
    word: MONTHS[word]
    for word in word_set(
        "january february march april may june july august september october november december "
        "jan feb mar apr jun jul aug sep sept oct nov dec"
    )
}

_NUMBER_WORDS = {
    1: "one a an ein eine einen einem einer eines un une uno una een één jeden jednego en ett ét én et um uma yhden první jednoho egy o unei yhdessä ühe viena vienu jedan enega mēneša",
    2: "two zwei deux dos due twee dwóch dwa dwie två to dois duas couple kahden dvou két două dues dve kahe divu dviejų dveh dva doi tveggja",
    3: "three drei trois tres tre drie trzech trzy três kolmen tří három trei kolme trīs trijų tri treh tři τριών þriggja troch",
    4: "four vier quatre cuatro quattro czterech cztery fyra fire quatro neljän čtyř négy patru",
    5: "five fünf cinq cinco cinque vijf pięciu pięć fem viiden pěti öt cinci cinc viie piecu penkių penkias pet piatich πέντε fimm петте",
    6: "six sechs seis sei zes sześciu sześć sex seks kuuden šesti hat șase sis kuue sešu šešių šest",
    7: "seven sieben sept siete sette zeven siedmiu siedem sju syv sete seitsemän sedmi hét șapte set seitsme septiņu septynių septynias sedem sedam siedmich επτά sjö седем",
    8: "eight acht huit ocho otto ośmiu osiem åtta otte åtte oito kahdeksan osmi nyolc opt vuit kaheksa astoņu aštuonių osem osam",
    9: "nine neun neuf nueve nove negen dziewięciu dziewięć nio ni",
    10: "ten zehn dix diez dieci tien dziesięciu dziesięć tio ti dez kymmenen deseti tíz zece deu kümne desmit dešimt dešimties deset desetih desiatich δέκα tíu десет",
    12: "twelve zwölf douze doce dodici twaalf dwunastu tolv doze",
    13: "thirteen dreizehn treize",
    16: "sixteen sechzehn seize",
    18: "eighteen achtzehn dix-huit",
    25: "twenty-five fünfundzwanzig vingt-cinq veinticinco venticinque",
    40: "forty vierzig quarante cuarenta quaranta veertig fyrtio",
    14: "fourteen vierzehn quatorze catorce quattordici veertien czternastu fjorton fjorten catorze neljäntoista čtrnácti paisprezece neljateistkümne četrpadsmit keturiolika štirinajst četrnaest štrnástich δεκατεσσάρων fjórtán четиринадесет",
    15: "fifteen fünfzehn quinze quince quindici vijftien piętnastu femton femten viidentoista patnácti tizenöt cincisprezece viieteistkümne piecpadsmit penkiolika petnajst petnaest pätnástich δεκαπέντε fimmtán петнадесет",
    20: "twenty zwanzig vingt veinte venti twintig dwudziestu tjugo tyve vinte kahdenkymmenen dvaceti húsz douăzeci vint kahekümne divdesmit dvidešimt dvajset dvadeset dvadsiatich είκοσι tuttugu двадесет",
    21: "twenty-one einundzwanzig vingt-et-un veintiún veintiuno ventuno eenentwintig tjugoen enogtyve tjueen",
    28: "twenty-eight achtundzwanzig vingt-huit veintiocho ventotto achtentwintig tjugoåtta otteogtyve tjueåtte",
    30: "thirty dreißig dreissig trente treinta trenta dertig trzydziestu trettio tredive tretti trinta kolmenkymmenen třiceti harminc treizeci kolmekümne trīsdesmit trisdešimt trideset tridsiatich τριάντα þrjátíu тридесет",
    45: "forty-five quarante-cinq quarantacinque",
    60: "sixty sechzig soixante sesenta sessanta zestig sześćdziesięciu sextio tres seksti sessenta",
    70: "seventy siebzig septante setenta settanta zeventig siedemdziesiąt sjuttio halvfjerds sytti",
    90: "ninety neunzig quatre-vingt-dix noventa novanta negentig dziewięćdziesięciu nittio halvfems nitti",
}
_NUMBERS = {word: number for number, words in reversed(_NUMBER_WORDS.items()) for word in words.split()}

_DAYS = "days day tage tagen tag jours jour días dias día dia giorni giorno dagen dag dni dnia dzień dagar dage dager päivän päivää dnů dní nap napon napos zile zi dies dana ημερών ημέρες päeva päevaks dienu dienas dienām dienų dienas dana daga dögum dneh dnevih dan dagen dní дни дена kalenderdagen kalenderdag kalendertage kalendertagen kalenderdagar kalenderdage kalenderdager ημέρα dnech"
_WORKING = "werktage werktagen werktag arbeitstage arbeitstagen arbeitstag werkdagen werkdag arbetsdagar arbetsdag arbejdsdage arbejdsdag hverdage virkedager virkedagar arbeidsdager arbeidsdagen arkipäivän työpäivän munkanapon munkanap tööpäeva tööpäevaks munkanapos helgfria hverdager bankdagar bankdage"
_WEEKS = "weeks week wochen woche semaines semaine semanas semana settimane settimana weken tygodni tygodnie tygodnia tydzień veckor vecka uger uge uker uke viikon viikkoa týdnů týdny hét héten săptămâni săptămână setmanes setmana tjedna εβδομάδων nädala nedēļu savaičių nedēļas savaites tednov tednih tedna tjedana εβδομάδες séptimanas viknu vikna vikur týždňov týždne седмици viikkoon"
_MONTH_UNITS = "months month monate monaten monat monats mois meses mes mesi mese maanden maand miesięcy miesiące miesiąca miesiąc månader månad måneder måned mês kuukauden kuukautta měsíce měsíců měsíc mesiaca hónap hónapon luni lună mesos mjeseca μήνα μηνός kuu mēneša mėnesio mesecev mesecih meseca mesecu mjeseci μηνών mēnešu mėnesių mánaðar mánuð месец месеца mesiacov lunii hónapos"
_HOURS = "hours stunden heures horas ore uur godzin timmar timer tunnin hodin óra órán"
_ADJECTIVAL = "tägige tägigen tägiger tages дневен napos dagars dages"
_UNITS = {
    **dict.fromkeys(_ADJECTIVAL.split(), "day"),
    **dict.fromkeys(_DAYS.split(), "day"),
    **dict.fromkeys(_WORKING.split(), "working day"),
    **dict.fromkeys(_WEEKS.split(), "week"),
    **dict.fromkeys(_MONTH_UNITS.split(), "month"),
    **dict.fromkeys(_HOURS.split(), "hour"),
}
# One word that holds number and unit together.
_WHOLE = {
    "fortnight": (2, "week"),
    "monatsfrist": (1, "month"),
    "wochenfrist": (1, "week"),
    "zweiwochenfrist": (2, "week"),
    "quinzaine": (15, "day"),
    "huitaine": (8, "day"),
    "zweimonatsfrist": (2, "month"),
    "vierwochenfrist": (4, "week"),
    "dreiwochenfrist": (3, "week"),
    **{
        f"{number}{length}{ending}": (count, unit)
        for count, number in (
            (1, "ein"),
            (2, "zwei"),
            (3, "drei"),
            (4, "vier"),
            (6, "sechs"),
            (10, "zehn"),
            (14, "vierzehn"),
        )
        for length, unit in (("tägige", "day"), ("wöchige", "week"), ("monatige", "month"))
        for ending in ("", "n", "r")
    },
}
# "w terminie miesiąca" and "w ciągu tygodnia" count one without saying so.
_BARE_ONE = frozenset({"miesiąca", "tygodnia", "miesiąc", "tydzień"})
_ADJECTIVES_BEFORE = word_set(
    "working business calendar clear full consecutive further more another kalendarzowych roboczych kolejnych whole "
    "weitere weiteren volle vollen yderligere ytterligare ulteriori otros más aufeinanderfolgenden kalendarzowe pracovních "
    "pracovných lucrătoare calendaristice radnih εργάσιμων darbo darba delovnih kalendorinių kalendāra kalendārā kalendarskih koledarskih radna работни календарни εργάσιμες ημερολογιακών virkra de naptári calendarista helgfria kompletta hele hela complete completi"
)
_WORKING_BEFORE = word_set(
    "working business roboczych pracovních pracovných radnih radna εργάσιμων εργάσιμες darbo darba delovnih работни virkra helgfria"
)
_WORKING_AFTER = re.compile(
    r"\s{1,3}(?:ouvrés|ouvrables|ouvré|ouvrable|hábiles|habiles|lavorativi|úteis|uteis|robocz\w{1,3}|hàbils|feiners|laborables|lucrătoare|lucratoare|pracovn\w{1,3})\b",
    re.IGNORECASE,
)

_UNIT_WORDS = frozenset(_UNITS) | frozenset(_WHOLE)
_UNIT_WORD = re.compile(r"[^\W\d_]{3,17}")
_COUNT = re.compile(r"(?:(?<![\w./])(\d{1,3})(?:st|nd|rd|th)?|([^\W\d_]+(?:-[^\W\d_]+){0,2}))\s*[.-]?\s*\Z")
_COUNT_BEHIND = re.compile(
    r"\s(\d{1,3})(?:\s\([^()]{1,24}\))?(?![\w./-])"
)  # nel termine di giorni 15 (quindici)
_THE_NEXT = re.compile(r"\bdans l[ea] \Z", re.IGNORECASE)  # dans le mois suivant la réception
_IN_BRACKETS = re.compile(r"\(\s*[^()]{1,24}\)\s*\Z")
_LAST_WORD = re.compile(r"([^\W\d_]+)[\s-]{1,3}\Z")

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{3,14}")
_Span = tuple[int, int]
_ISO = re.compile(r"(?<![\w/-])(20\d\d)-(\d\d)-(\d\d)(?![\w/-])")
_NUMERIC = re.compile(r"(?<![\w/.-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?['’]?(20\d\d|\d\d)(?![\w/-])")
_DANISH = re.compile(r"(?<![\w/.-])(\d{1,2})/(\d{1,2})[- ](20\d\d)(?![\w/-])")  # 18/12-2026
_SHORT_NUMERIC = re.compile(r"(?<![\w/.-])(\d{1,2})\.\s?(\d{1,2})\.(?!\s?\d)")
_DAY_FIRST = re.compile(
    r"(?<![\w/.,:-])(\d{1,2})(?:\.º|\.|st|nd|rd|th|er|º|ª|°|:e)?(?:\s{1,3}|-)(?:day\s)?(?:(?:of|de|di)\s+)?"
    r"([^\W\d_]{3,12})\.?(?:,?(?:\s+|-)(?:(?:de|del)\s+)?(20\d\d))?(?![\w])",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"\b([^\W\d_]{3,12})\.?\s{1,2}(\d{1,2})(?:st|nd|rd|th)?(?:,?\s{1,2}(20\d\d))?(?![\w/.-]*\d)",
    re.IGNORECASE,
)


_SPELLED = {
    word: number
    for number, words in enumerate(
        (
            "first premier primero ersten",
            "second zweiten",
            "third dritten",
            "fourth vierten",
            "fifth fünften",
            "sixth sechsten",
            "seventh siebten",
            "eighth achten",
            "ninth neunten",
            "tenth zehnten",
            "eleventh elften onze undici",
            "twelfth zwölften",
            "thirteenth dreizehnten treize trece tredici",
            "fourteenth vierzehnten",
            "fifteenth fünfzehnten",
            "sixteenth sechzehnten seize dieciséis sedici",
            "seventeenth siebzehnten dix-sept diecisiete diciassette",
            "eighteenth achtzehnten dix-huit dieciocho diciotto",
            "nineteenth neunzehnten dix-neuf diecinueve diciannove",
            "twentieth zwanzigsten",
            "twenty-first einundzwanzigsten",
            "twenty-second zweiundzwanzigsten vingt-deux veintidós ventidue",
            "twenty-third dreiundzwanzigsten vingt-trois veintitrés ventitré",
            "twenty-fourth vierundzwanzigsten vingt-quatre veinticuatro ventiquattro",
            "twenty-fifth fünfundzwanzigsten vingt-cinq veinticinco venticinque",
            "twenty-sixth sechsundzwanzigsten vingt-six veintiséis ventisei",
            "twenty-seventh siebenundzwanzigsten vingt-sept veintisiete ventisette",
            "twenty-eighth achtundzwanzigsten",
            "twenty-ninth neunundzwanzigsten vingt-neuf veintinueve ventinove",
            "thirtieth dreißigsten",
            "thirty-first einunddreißigsten trente-et-un treintaiuno trentuno",
        ),
        1,
    )
    for word in words.split()
}
_SPELLED_BEFORE = re.compile(r"([^\W\d_]{3,20}(?:-[^\W\d_]{2,9}){0,2})\s(?:(?:day\s)?(?:of|de)\s)?\Z")
_YEAR_BEHIND = re.compile(r",?\s(?:del?\s)?(20\d\d)\b")
_YEAR_FIRST = re.compile(
    r"(?<![\w/.-])(20\d\d)\.?\s(?:m\.\s)?([^\W\d_]{3,12})\s(\d{1,2})(?=[\s.,;-]|\Z)"
)  # 2026. december 15-ig


@dataclass(frozen=True, kw_only=True, slots=True)
class DayFound:
    """A day that a text names."""

    day: date
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodFound:
    """A length of time that a text names."""

    count: int
    unit: str  # day, working day, week, month, hour
    start: int
    end: int


@lru_cache(maxsize=512)  # the lines of a letter's head are looked at again and again
def days_in(text: str, near: date) -> tuple[DayFound, ...]:
    """Every day named in ``text``, by place; one without a year is the nearest, rather ahead of ``near`` than behind."""
    found: list[DayFound] = []
    for hit in sorted(_readings(text, near), key=lambda hit: (hit.start, -hit.end)):
        if not found or hit.start >= found[-1].end:
            found.append(hit)
    return tuple(found)


def _readings(text: str, near: date) -> Iterator[DayFound]:
    for (start, end), year, month, day in _parts(text) if _DIGIT.search(text) else _spelled(text):
        if (value := _day(year, month, day, near)) is not None:
            yield DayFound(day=value, start=start, end=end)


def _parts(text: str) -> Iterator[tuple[_Span, str | None, int, str]]:
    for m in _ISO.finditer(text):
        yield m.span(), m[1], int(m[2]), m[3]
    for m in _NUMERIC.finditer(text):
        yield m.span(), m[4], int(m[3]), m[1]
    for m in _DANISH.finditer(text):
        yield m.span(), m[3], int(m[2]), m[1]
    for m in _SHORT_NUMERIC.finditer(text):
        yield m.span(), None, int(m[2]), m[1]
    for m in _DAY_FIRST.finditer(text):
        yield m.span(), m[3], MONTHS.get(m[2].lower(), 0), m[1]
    for m in _MONTH_FIRST.finditer(text):
        yield m.span(), m[3], _ENGLISH_MONTHS.get(m[1].lower(), 0), m[2]
    for m in _YEAR_FIRST.finditer(text):
        yield m.span(), m[1], MONTHS.get(m[2].lower(), 0), m[3]
    yield from _spelled(text)


def _spelled(text: str) -> Iterator[tuple[_Span, str | None, int, str]]:
    """The fifteenth of January: a day in words right before its month."""
    for month in _WORD.finditer(text):
        number = MONTHS.get(month[0].lower(), 0)
        # Months are small words of other meaning too: "one may".
        if not number or (month[0].lower() in _ENGLISH_MONTHS and not month[0][0].isupper()):
            continue
        before = _SPELLED_BEFORE.search(text[max(0, month.start() - 40) : month.start()])
        day = _spelled_number(before[1].lower()) if before else 0
        if before and day:
            year = _YEAR_BEHIND.match(text, month.end())
            start = max(0, month.start() - 40) + before.start(1)
            yield (start, (year or month).end()), year[1] if year else None, number, str(day)


def _spelled_number(word: str) -> int:
    number = _SPELLED.get(word) or _NUMBERS.get(word, 0)
    return number if number > 1 or word in _SPELLED else 0


def _day(year: str | None, month: int, day: str, near: date) -> date | None:
    if not 1 <= month <= 12:
        return None
    try:
        if year is not None:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
        return _nearest(month, int(day), near)
    except ValueError:
        return None


_LONGEST_PAST = 150  # days; stories reach further back than answers are set ahead without naming the year


def _nearest(month: int, day: int, near: date) -> date:
    here = date(near.year, month, day)
    if here < near - timedelta(days=_LONGEST_PAST):
        return date(near.year + 1, month, day)
    if here > near + timedelta(days=365 - _LONGEST_PAST):
        return date(near.year - 1, month, day)
    return here


def periods_in(text: str) -> tuple[PeriodFound, ...]:
    """Every counted length of time in ``text``, by place."""
    if _UNIT_WORDS.isdisjoint(_UNIT_WORD.findall(text.lower())):
        return ()
    return tuple(found for word in _UNIT_WORD.finditer(text) if (found := _period(text, word)) is not None)


def _period(text: str, word: re.Match[str]) -> PeriodFound | None:
    lowered = word[0].lower()
    if lowered in _WHOLE:
        count, unit = _WHOLE[lowered]
        return PeriodFound(count=count, unit=unit, start=word.start(), end=word.end())
    unit = _UNITS.get(lowered, "")
    if not unit:
        return None
    before, working = _without_adjectives(text[max(0, word.start() - 60) : word.start()])
    after = _WORKING_AFTER.match(text, word.end())
    if unit == "day" and (working or after):
        unit = "working day"
    counted = _count(before)
    end = after.end() if after else word.end()
    if counted is None and _THE_NEXT.search(before):
        return PeriodFound(count=1, unit=unit, start=word.start(), end=word.end())
    if counted is None and (behind := _COUNT_BEHIND.match(text, word.end())):
        return PeriodFound(count=int(behind[1]), unit=unit, start=word.start(), end=behind.end())
    if counted is None:
        return PeriodFound(count=1, unit=unit, start=word.start(), end=end) if lowered in _BARE_ONE else None
    count, offset = counted
    start = max(0, word.start() - 60) + offset
    return PeriodFound(count=count, unit=unit, start=start, end=end) if 0 < count <= 400 else None


def _without_adjectives(before: str) -> tuple[str, bool]:
    working = False
    for _ in range(3):
        last = _LAST_WORD.search(before)
        if last is None or last[1].lower() not in _ADJECTIVES_BEFORE:
            break
        working = working or last[1].lower() in _WORKING_BEFORE
        before = before[: last.start()]
    return before, working


def _count(before: str) -> tuple[int, int] | None:
    """The number that ends ``before`` and where it begins."""
    bracket = _IN_BRACKETS.search(before)
    rest = before[: bracket.start()] if bracket else before
    found = _COUNT.search(rest)
    number = (int(found[1]) if found[1] else _number_word(rest, found[2])) if found else None
    if number is None and bracket:
        inside = re.search(r"\d{1,3}", bracket[0])
        number = int(inside[0]) if inside else None
    if number is None:
        return None
    return number, found.start() if found else len(rest)


def _number_word(rest: str, word: str) -> int | None:
    number = _NUMBERS.get(word.lower())
    two = re.search(r"([^\W\d_]+)\s+(?:(?:et|y|e|i)\s+)?" + re.escape(word) + r"\s*[.-]?\s*\Z", rest)
    tens = _NUMBERS.get(two[1].lower()) if two else None
    if number is not None and number < 10 and tens in (20, 30, 40, 60, 70, 90):
        return tens + number
    return number
