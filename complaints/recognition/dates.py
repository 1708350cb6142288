"""Find days and periods of time in the text of letters, in eleven languages. No clock, no guessing."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from complaints.recognition.listing import word_set

_MONTH_WORDS = (
    "january jan januar januari janvier enero gennaio stycznia styczeń styczen janeiro januar. ene genn sty jänner",
    "february feb februar februari février fevrier febrero febbraio lutego luty fevereiro fév lut fev",
    "march mar märz maerz maart mars marzo marca marzec março marco mrz",
    "april apr avril abril aprile kwietnia kwiecień avr abr kwi",
    "may mai mayo maggio mei maja maj maio",
    "june jun juni juin junio giugno czerwca czerwiec junho giu cze",
    "july jul juli juillet julio luglio lipca lipiec julho lug lip",
    "august aug août aout agosto augustus sierpnia sierpień augusti ago",
    "september sep sept septembre septiembre settembre września wrzesień setembro wrz setiembre",
    "october oct oktober octobre octubre ottobre października październik outubro okt ott paź",
    "november nov novembre noviembre listopada listopad novembro",
    "december dec dezember décembre decembre diciembre dicembre grudnia grudzień dezembro dez déc dic gru desember",
)
_MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}

# Only English puts the month first; elsewhere "Mai 5" is a heading and "des 7." an article and a day.
_ENGLISH_MONTHS = {
    word: _MONTHS[word]
    for word in word_set(
        "january february march april may june july august september october november december "
        "jan feb mar apr jun jul aug sep sept oct nov dec"
    )
}

_NUMBER_WORDS = {
    1: "one a an ein eine einen einem einer eines un une uno una een één jeden jednego en ett ét et um uma one",
    2: "two zwei deux dos due twee dwóch dwa dwie två to dois duas couple",
    3: "three drei trois tres tre drie trzech trzy três",
    4: "four vier quatre cuatro quattro czterech cztery fyra fire quatro",
    5: "five fünf cinq cinco cinque vijf pięciu pięć fem",
    6: "six sechs seis sei zes sześciu sześć sex seks",
    7: "seven sieben sept siete sette zeven siedmiu siedem sju syv sete",
    8: "eight acht huit ocho otto ośmiu osiem åtta otte åtte oito",
    9: "nine neun neuf nueve nove negen dziewięciu dziewięć nio ni",
    10: "ten zehn dix diez dieci tien dziesięciu dziesięć tio ti dez",
    12: "twelve zwölf douze doce dodici twaalf dwunastu tolv doze",
    14: "fourteen vierzehn quatorze catorce quattordici veertien czternastu fjorton fjorten catorze",
    15: "fifteen fünfzehn quinze quince quindici vijftien piętnastu femton femten",
    20: "twenty zwanzig vingt veinte venti twintig dwudziestu tjugo tyve vinte",
    21: "twenty-one einundzwanzig vingt-et-un veintiún veintiuno ventuno eenentwintig tjugoen enogtyve tjueen",
    28: "twenty-eight achtundzwanzig vingt-huit veintiocho ventotto achtentwintig tjugoåtta otteogtyve tjueåtte",
    30: "thirty dreißig dreissig trente treinta trenta dertig trzydziestu trettio tredive tretti trinta",
    45: "forty-five quarante-cinq quarantacinque",
    60: "sixty sechzig soixante sesenta sessanta zestig sześćdziesięciu sextio tres seksti sessenta",
    90: "ninety neunzig quatre-vingt-dix noventa novanta negentig dziewięćdziesięciu nittio halvfems nitti",
}
_NUMBERS = {word: number for number, words in reversed(_NUMBER_WORDS.items()) for word in words.split()}

_DAYS = "days day tage tagen tag jours jour días dias día dia giorni giorno dagen dag dni dnia dzień dagar dage dager"
_WORKING = "werktage werktagen werktag arbeitstage arbeitstagen arbeitstag werkdagen werkdag arbetsdagar arbetsdag arbejdsdage arbejdsdag hverdage virkedager virkedagar arbeidsdager arbeidsdagen"
_WEEKS = "weeks week wochen woche semaines semaine semanas semana settimane settimana weken tygodni tygodnie tygodnia tydzień veckor vecka uger uge uker uke"
_MONTH_UNITS = "months month monate monaten monat monats mois meses mes mesi mese maanden maand miesięcy miesiące miesiąca miesiąc månader månad måneder måned mês"
_HOURS = "hours stunden heures horas ore uur godzin timmar timer"
_UNITS = {
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
}
# "w terminie miesiąca" and "w ciągu tygodnia" count one without saying so.
_BARE_ONE = frozenset({"miesiąca", "tygodnia"})
_ADJECTIVES_BEFORE = word_set(
    "working business calendar clear full consecutive further more another kalendarzowych roboczych kolejnych whole "
    "weitere weiteren volle vollen yderligere ytterligare ulteriori otros más"
)
_WORKING_BEFORE = frozenset({"working", "business", "roboczych"})
_WORKING_AFTER = re.compile(
    r"\s{1,3}(?:ouvrés|ouvrables|ouvré|ouvrable|hábiles|habiles|lavorativi|úteis|uteis|robocz\w{1,3})\b",
    re.IGNORECASE,
)

_UNIT_WORDS = frozenset(_UNITS) | frozenset(_WHOLE)
_UNIT_WORD = re.compile(r"[^\W\d_]{3,17}")
_COUNT = re.compile(r"(?:(?<![\w./])(\d{1,3})|([^\W\d_]+(?:-[^\W\d_]+){0,2}))\s*[.-]?\s*\Z")
_IN_BRACKETS = re.compile(r"\(\s*[^()]{1,24}\)\s*\Z")
_LAST_WORD = re.compile(r"([^\W\d_]+)[\s-]{1,3}\Z")

_DIGIT = re.compile(r"\d")
_ISO = re.compile(r"(?<![\w/-])(20\d\d)-(\d\d)-(\d\d)(?![\w/-])")
_NUMERIC = re.compile(r"(?<![\w/.-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(20\d\d|\d\d)(?![\w/-])")
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


def days_in(text: str, near: date) -> tuple[DayFound, ...]:
    """Every day named in ``text``, by place; one without a year lies between 60 days before ``near`` and a year on."""
    found: list[DayFound] = []
    for hit in sorted(_readings(text, near), key=lambda hit: (hit.start, -hit.end)):
        if not found or hit.start >= found[-1].end:
            found.append(hit)
    return tuple(found)


def _readings(text: str, near: date) -> Iterator[DayFound]:
    if _DIGIT.search(text) is None:
        return
    for match, year, month, day in _parts(text):
        if (value := _day(year, month, day, near)) is not None:
            yield DayFound(day=value, start=match.start(), end=match.end())


def _parts(text: str) -> Iterator[tuple[re.Match[str], str | None, int, str]]:
    for m in _ISO.finditer(text):
        yield m, m[1], int(m[2]), m[3]
    for m in _NUMERIC.finditer(text):
        yield m, m[4], int(m[3]), m[1]
    for m in _DANISH.finditer(text):
        yield m, m[3], int(m[2]), m[1]
    for m in _SHORT_NUMERIC.finditer(text):
        yield m, None, int(m[2]), m[1]
    for m in _DAY_FIRST.finditer(text):
        yield m, m[3], _MONTHS.get(m[2].lower(), 0), m[1]
    for m in _MONTH_FIRST.finditer(text):
        yield m, m[3], _ENGLISH_MONTHS.get(m[1].lower(), 0), m[2]


def _day(year: str | None, month: int, day: str, near: date) -> date | None:
    if not 1 <= month <= 12:
        return None
    try:
        if year is not None:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
        return _nearest(month, int(day), near)
    except ValueError:
        return None


def _nearest(month: int, day: int, near: date) -> date:
    here = date(near.year, month, day)
    if here < near - timedelta(days=60):
        return date(near.year + 1, month, day)
    if here > near + timedelta(days=305):
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
    two = re.search(r"([^\W\d_]+)\s+" + re.escape(word) + r"\s*[.-]?\s*\Z", rest)
    tens = _NUMBERS.get(two[1].lower()) if two else None
    if number is not None and number < 10 and tens in (20, 30, 60, 90):
        return tens + number
    return number


# --- counting -------------------------------------------------------------------------------------


def add_period(base: date, period: PeriodFound, country: str) -> date:
    """The last day of ``period``; the first day is not counted.

    Args:
        base: the day the period runs from.
        period: weeks are seven days, a month ends on the same day number (or the month's last day).
        country: ISO 3166 alpha-2, whose public holidays working days skip; GB means England and Wales.
    """
    if period.unit == "working day":
        return _add_working_days(base, period.count, country)
    if period.unit == "month":
        return _add_months(base, period.count)
    days = {"day": period.count, "week": 7 * period.count, "hour": -(-period.count // 24)}[period.unit]
    return base + timedelta(days=days)


def _add_months(base: date, count: int) -> date:
    years, month = divmod(base.month - 1 + count, 12)
    year = base.year + years
    return date(year, month + 1, min(base.day, calendar.monthrange(year, month + 1)[1]))


def _add_working_days(base: date, count: int, country: str) -> date:
    day = base
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in _holidays(country, day.year):
            count -= 1
    return day


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        subdivision = "ENG" if country == "GB" else None
        return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError:
        return frozenset()
