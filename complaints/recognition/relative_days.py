"""Days that are named by their place: tomorrow, Friday, the end of the month, Christmas."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from complaints.recognition.listing import word_set

TOMORROW = re.compile(
    r"\b(?:tomorrow|demain|mañana|domani|jutra|i ?morgon|i ?morgen|amanhã|bis morgen|uiterlijk morgen)\b",
    re.IGNORECASE,
)
CHRISTMAS = re.compile(
    r"\b(?:christmas|weihnachten|noël|navidad|natale|kerst(?:mis)?|bożym narodzeniem|jul|natal)\b",
    re.IGNORECASE,
)
END_OF = re.compile(
    r"\b(?:the end of (?:the|this) (week|month)|ende (?:der|dieser) (woche)|ende (?:des|dieses) (monats)|la fin (?:de la|du|de cette|de ce) (semaine|mois)|einde van de (week|maand)|fin de (semana|mes)|fine (?:del |della |di )?(settimana|mese)|slutet av (veckan|månaden))\b",
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

WORD = re.compile(r"[^\W\d_]+(?:-feira)?")
RELATIVE = frozenset(WEEKDAYS) | word_set(
    "tomorrow demain mañana domani jutra morgon morgen imorgon imorgen amanhã christmas weihnachten noël navidad natale "
    "kerst kerstmis bożym jul natal end ende fin einde fine slutet"
)


def relative_days(sentence: str, mail: date) -> Iterator[tuple[int, int, date]]:
    """Where such a day stands in ``sentence`` (start, end), and which it is, seen from the day of the mail."""
    if RELATIVE.isdisjoint(WORD.findall(sentence.lower())):
        return
    if found := TOMORROW.search(sentence):
        yield found.start(), found.end(), mail + timedelta(days=1)
    if found := CHRISTMAS.search(sentence):
        yield found.start(), found.end(), _christmas(mail)
    if found := END_OF.search(sentence):
        yield found.start(), found.end(), _end_of(next(unit for unit in found.groups() if unit), mail)
    if found := WEEKDAY.search(sentence):
        ahead = (WEEKDAYS[found[0].lower()] - mail.weekday()) % 7
        yield found.start(), found.end(), mail + timedelta(days=ahead or 7)


def _christmas(mail: date) -> date:
    this_year = date(mail.year, 12, 25)
    return this_year if this_year >= mail else date(mail.year + 1, 12, 25)


def _end_of(unit: str, mail: date) -> date:
    """Friday of the week, or the last day of the month, whose word begins with m in every language here."""
    if not unit.lower().startswith("m"):
        return mail + timedelta(days=(4 - mail.weekday()) % 7)
    return (mail.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
