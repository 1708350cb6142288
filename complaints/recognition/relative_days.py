"""Days that are named by their place: tomorrow, Friday, the end of the month, Christmas."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from complaints.recognition.dates import MONTHS
from complaints.recognition.listing import word_set

LATE = timedelta(weeks=6)
"""How long before its letter came a day to answer by may lie: mail programs empty their folders of spam after thirty
days, and post from abroad or a forward by a colleague may take a fortnight more. What lies further back is history."""

TOMORROW = re.compile(
    r"\b(?:tomorrow|demain|mañana|domani|jutra|i ?morgon|i ?morgen|amanhã|bis morgen|uiterlijk morgen)\b",
    re.IGNORECASE,
)
CHRISTMAS = re.compile(
    r"\b(?:christmas|weihnachten|noël|navidad|natale|kerst(?:mis)?|bożym narodzeniem|jul|natal)\b",
    re.IGNORECASE,
)
_MONTHS = "|".join(sorted(MONTHS, key=len, reverse=True))
# The word that says "end", whatever stands between, and what ends: "by the end of next week", "Ende November".
END_OF = re.compile(
    r"\b(?:end|last day|último dia|ostatnim dniu|ostatni dzień|sista dagen|sidste dag|siste dag|poslední den|letzten tag|dernier jour|último día|ultimo giorno|laatste dag|ende|fin|fine|einde|eind|końca|slutet|utgången|udgangen|utgangen|slutten|fim|final|loppuun|konce|végéig|finele|sfârșitul)\b"
    r"(?:\s(?:of|de|du|der|des|dem|van|av|af|do|di|del|della|la|le|el|den|the|het|this|dieser|dieses|cette|ce|esta|este|questo|questa|deze|denne|denna|i|d[ae]))*?"
    r"\s?(?P<next>\b(?:next|following|nächste[rns]|kommende[rns]|próxim[ao]|prossim[ao]|volgende|næste|neste|nästa|przyszłego)\b)?"
    r"\s?\b(?P<unit>week|month|year|woche|monats?|jahres|semaine|mois|année|semana|mes|año|settimana|mese|anno|maand|jaar|tygodnia|miesiąca|roku|veckan|månaden|månad|året|ugen|måneden|uken|mês|ano"
    rf"|{_MONTHS})\b(?:\s(?P<later>next|prochaine?|que viene|prossim[ao]|próxim[ao])|\s(?:del?\s)?(?P<year>20\d\d)\b)?",
    re.IGNORECASE,
)
# English alone writes a bare ordinal for a day of the month.
ORDINAL = re.compile(
    r"\bthe (\d{1,2})(?:st|nd|rd|th)(?: of (this|next) month|\s(instant|inst\b|proximo|prox\b))?",
    re.IGNORECASE,
)
# "até ao próximo dia 27", "uiterlijk de 22e": a day of the month by its number alone, nothing but a stop behind.
_NUMBERED = re.compile(
    r"\b(?:(?:o |ao |no )?(?:próximo )?dia|(?:el |al )?(?:próximo )?día|(?:il |al )?(?:prossimo )?giorno|op de|de|le|am|den|dnia)\s(?P<day>\d{1,2})(?:\.|º|e|ste|:e)?"
    r"(?=\s?(?:[,;)?]|\.(?:\s|\Z)|\Z|p\.v|in huis|van deze|de este|do corrente|del corriente|c\.m))",
    re.IGNORECASE,
)
_NEXT_WEEK = re.compile(
    r"\b(?:(?:of |in )?(?:next|following) week|week\b|(?:der )?(?:nächster|kommender|nächsten|kommenden) woche|la semaine prochaine|de la semana próxima|della prossima settimana|(?:van )?volgende week|i nästa vecka|nästa vecka|i næste uge|neste uke|przyszłego tygodnia|da próxima semana)\b",
    re.IGNORECASE,
)
WEEKDAYS = {
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
WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})\b", re.IGNORECASE)

_YEARS = word_set("year jahres année año anno jaar roku året ano")
_WEEKS = word_set("week woche semaine semana settimana tygodnia veckan ugen uken")

WORD = re.compile(r"[^\W\d_]+(?:-feira)?")
RELATIVE = frozenset(WEEKDAYS) | word_set(
    "tomorrow demain mañana domani jutra morgon morgen imorgon imorgen amanhã christmas weihnachten noël navidad natale "
    "kerst kerstmis bożym jul natal end day tag jour día giorno dag ende fin einde eind fine slutet końca utgången udgangen utgangen slutten fim final loppuun konce végéig dia dniu dzień dagen den"
)
_DIGIT = re.compile(r"\d")
_NTH = re.compile(r"\d(?:st|nd|rd|th)\b")


def relative_days(sentence: str, mail: date) -> Iterator[tuple[int, int, date]]:
    """Where such a day stands in ``sentence`` (start, end), and which it is, seen from the day of the mail."""
    if (
        RELATIVE.isdisjoint(WORD.findall(sentence.lower()))
        and not _NTH.search(sentence)
        and not (_DIGIT.search(sentence) and _NUMBERED.search(sentence))
    ):
        return
    if found := TOMORROW.search(sentence):
        yield found.start(), found.end(), mail + timedelta(days=1)
    if found := CHRISTMAS.search(sentence):
        yield found.start(), found.end(), _christmas(mail)
    if (found := END_OF.search(sentence)) and (day := _end_of(found, mail)):
        yield found.start(), found.end(), day
    for found in ORDINAL.finditer(sentence):
        if day := _day_of_month(int(found[1]), (found[2] or found[3] or "").lower(), mail):
            yield found.start(), found.end(), day
    for found in _NUMBERED.finditer(sentence):
        if day := _day_of_month(int(found["day"]), "", mail):
            yield found.start(), found.end(), day
    for found in WEEKDAY.finditer(sentence):
        yield found.start(), found.end(), _weekday(found, sentence, mail)


def _weekday(found: re.Match[str], sentence: str, mail: date) -> date:
    number = WEEKDAYS[found[0].lower()]
    if _NEXT_WEEK.match(sentence[found.end() : found.end() + 40].lstrip(" ,")):
        return mail + timedelta(days=7 - mail.weekday() + number)
    return mail + timedelta(days=(number - mail.weekday()) % 7 or 7)


def _christmas(mail: date) -> date:
    last = date(mail.year - (mail <= date(mail.year, 12, 25)), 12, 25)
    # In January "before Christmas" is hardly said of the next one: the letter came late.
    return last if last >= mail - LATE else date(last.year + 1, 12, 25)


def _day_of_month(number: int, which: str, mail: date) -> date | None:
    """The day of this number in the month that ``which`` says; where it says none, the next such day."""
    this_month = mail.replace(day=1)
    if which not in ("", "this", "next"):
        which = "next" if "prox" in which else "this"
    later = which == "next" or (not which and number <= mail.day)
    month = (this_month + timedelta(days=32)).replace(day=1) if later else this_month
    try:
        return month.replace(day=number)
    except ValueError:
        return None


def _end_of(found: re.Match[str], mail: date) -> date | None:
    """The Friday of a week, or the last day of a month or year."""
    unit = found["unit"].lower()
    steps = int(bool(found["next"] or found["later"]))
    if unit in MONTHS:
        return _end_of_month(MONTHS[unit], found["year"], mail)
    if unit in _YEARS:
        return date(mail.year + steps, 12, 31)
    if unit in _WEEKS:
        return mail + timedelta(days=4 - mail.weekday() + 7 * (steps or mail.weekday() > 4))
    return _last_of_month((mail.replace(day=1) + timedelta(days=32)).replace(day=1) if steps else mail)


def _end_of_month(month: int, year: str | None, mail: date) -> date:
    """The end of the month that is named; without a year of the last such month if it is just over, else of the next."""
    if year:
        return _last_of_month(date(int(year), month, 1))
    last = _last_of_month(date(mail.year - (month > mail.month), month, 1))
    if last >= mail - LATE:
        return last
    return _last_of_month(date(mail.year + (month < mail.month), month, 1))


def _last_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
