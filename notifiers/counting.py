"""How a deadline was counted, told in the reader's language.

The desk writes it down in one English line (:mod:`complaints.deadlines.brief`) that is kept with the complaint. Here
it is taken apart again. A line that cannot be told whole in a language is not told in it: half of it would mislead.
"""

import re
from collections.abc import Callable
from datetime import date, time
from functools import reduce

from notifiers.language import Language

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = rf"(?:{'|'.join(_WEEKDAYS)}) \d{{1,2}} (?:{'|'.join(_MONTHS)})"
_CLOCK = r"\d\d:\d\d(?::\d\d)?"
_STRETCH = re.compile(rf"(?P<day>{_DAY})(?: (?P<start>{_CLOCK}) to (?:(?P<last>{_DAY}) )?(?P<end>{_CLOCK}))?")
_MORE = re.compile(r"(?P<count>\d+) more")
_FROM = re.compile(r"counted from (?P<day>\d{4}-\d\d-\d\d)")
_RULE = re.compile(r"“(?P<words>[^”]+)” is (?P<time>[^;]+) by our own rule; (?P<rest>.+)")
_CAP = re.compile(r"at the latest (?P<time>[^;]+); (?P<rest>.+)")
_WHOLE = {"every hour counts": "times.every_hour", "due at once": "times.at_once"}
_REASONS = {
    "weekend": "counting.weekend",
    "closed": "counting.closed",
    "day the count starts from": "counting.first_day",
}
_ANY_YEARS = range(2000, 2028)
"""In these every day of the year falls on every day of the week; the line tells no year."""


class _Untold(Exception):
    """The language has no words for a part of it."""


def counted(language: Language, line: str, zone: str) -> str:
    """The line in a language's words; empty where it has none for all of it.

    Args:
        language: the reader's.
        line: as kept.
        zone: of the calendar that its times are in (IANA); empty: not known.
    """
    try:
        return _told(language, line, zone)
    except _Untold:
        # In English it needs no words of ours.
        spoken = f"{line} ({zone})" if zone and re.search(_CLOCK, line) else line
        return spoken if language.code == "en" else ""


def _told(language: Language, line: str, zone: str) -> str:
    if found := _RULE.fullmatch(line):
        words = _known(language, found["words"])
        return language.say(
            "counting.by_our_rule",
            words=words,
            time=_known(language, found["time"]),
            counted=_told(language, found["rest"], zone),
        )
    if found := _CAP.fullmatch(line):
        rest = _told(language, found["rest"], zone)
        return language.say("counting.at_the_latest", time=_known(language, found["time"]), counted=rest)
    clauses = (_clause(language, clause, zone) for clause in line.split("; "))
    return reduce(lambda first, second: language.say("both", first=first, second=second), clauses)


def _known(language: Language, terms: str) -> str:
    words = language.known_terms(terms) or (terms if language.code == "en" else "")
    if not words:
        raise _Untold
    return words


def _clause(language: Language, clause: str, zone: str) -> str:
    if clause in _WHOLE:
        return language.say(_WHOLE[clause])
    kind, _, pieces = clause.partition(": ")
    if kind == "counted":
        stretches = _each(language, pieces, _stretch)
        return language.say("counting.counted", what=f"{stretches} ({zone})" if zone else stretches)
    if kind == "not counted":
        return language.say("counting.not_counted", what=_each(language, pieces, _reason))
    raise _Untold


def _each(language: Language, pieces: str, told: Callable[[Language, str], str]) -> str:
    """The pieces of a list, each once; of several holidays a language may have one word."""
    words = [
        language.say("counting.more", count=found["count"])
        if (found := _MORE.fullmatch(piece))
        else told(language, piece)
        for piece in pieces.split(", ")
    ]
    return language.listed([*dict.fromkeys(words)])


def _stretch(language: Language, piece: str) -> str:
    found = _STRETCH.fullmatch(piece)
    if found is None:
        raise _Untold
    day = _day(language, found["day"])
    if not found["start"]:
        return day
    start, end = (language.clock(time.fromisoformat(found[name])) for name in ("start", "end"))
    if found["last"]:
        return language.say(
            "counting.over_days", day=day, start=start, last=_day(language, found["last"]), end=end
        )
    return language.say("counting.on_a_day", day=day, start=start, end=end)


def _day(language: Language, words: str) -> str:
    weekday, number, month = words.split(" ")
    for year in _ANY_YEARS:
        try:
            day = date(year, _MONTHS.index(month) + 1, int(number))
        except ValueError:
            continue
        if _WEEKDAYS[day.weekday()] == weekday:
            return language.short_day(day)
    raise _Untold


def _reason(language: Language, piece: str) -> str:
    if piece in _REASONS:
        return language.say(_REASONS[piece])
    if piece.startswith("holiday "):
        return language.say("counting.holiday", name=piece.removeprefix("holiday "))
    if found := _FROM.fullmatch(piece):
        return language.say("counting.from_day", day=language.day(found["day"]))
    # A clause in the contract's own words.
    raise _Untold
