"""A contract's words for the time to forward, read into a value."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from complaints.errors import BadTerms


class Unit(StrEnum):
    """What the amount of a term counts."""

    SECONDS = "seconds"  # elapsed, through nights, weekends and clock changes
    BUSINESS_SECONDS = "business seconds"  # only while the calendar is open
    DAYS = "days"  # of the calendar on the wall
    BUSINESS_DAYS = "business days"
    NEXT_BUSINESS_DAY = "next business day"


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """How long a contract gives us."""

    words: str  # as the contract says it
    unit: Unit
    amount: int
    by: int | None = None  # seconds after local midnight of the last day, or CLOSING; None: none is named
    house: str = ""  # the house number that stands in for vague words; empty: the contract is precise
    cap: "Terms | None" = None  # whichever of the two ends first is the term

    @property
    def is_vague(self) -> bool:
        """Whether the amount is our own reading of words like "without undue delay"."""
        return bool(self.house)

    @property
    def plain(self) -> str:
        """The words; of vague ones the house number, and the cap beside it, for people."""
        parts = [self.words]
        if self.house:
            parts.append(f"house number: {self.house}")
        if self.house and self.cap:
            parts.append(f"at the latest: {self.cap.words}")
        return parts[0] if len(parts) == 1 else f"{parts[0]} ({', '.join(parts[1:])})"


CLOSING = -1
"""Stands for the closing time of the last day, whenever that is."""

LONGEST_DAYS = 3660
"""Ten years: nobody promises later than that, and no search for a deadline goes further."""

_LONGEST_WORDS = 200

_SECONDS = {"s": 1, "m": 60, "h": 3600}
_DAY_SECONDS = 86_400

_LEAD = r"(?:within|(?:no|not) (?:more|later) than|at the latest(?: within)?)"
_QUANTITY = (
    r"(?P<number>\d{1,9}(?:\.\d{1,3})?) ?(?:(?P<kind>business|working|calendar|clock|elapsed) )?"
    r"(?:(?P<s>s|secs?|seconds?)|(?P<m>m|mins?|minutes?)|(?P<h>h|hrs?|hours?(?:\(s\))?)|(?P<d>d|days?(?:\(s\))?))"
)
_NEXT = r"(?P<next>(?:the )?(?:next|following) (?:business|working) day)"
_CLOSE = r"(?:the )?(?:close|end) of (?:business|play)|cob"
_BY = rf"by (?:(?P<close>{_CLOSE})|(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d{{2}}) ?(?P<half>am|pm)?| ?(?P<bare>am|pm)))"
# "By 5 pm on the next business day", "by the end of the second business day": the day goes before its time.
_DAY_LAST = re.compile(
    r"(?:(?:no|not) later than|by) (?P<by>[^;]{1,30}?) (?:on|of) (?P<day>(?:the )?(?:next|following) (?:business|working) day)"
)
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
        ],
        1,
    )
} | {
    "twenty": "20",
    "twenty-four": "24",
    "thirty": "30",
    "thirty-six": "36",
    "forty-eight": "48",
    "seventy-two": "72",
}
_NUMBER = re.compile(rf"\b(?:{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})\b(?! ?-)")
_END_OF_DAY = {"the end": "close of business", "end": "close of business"}
_IN_BRACKETS = re.compile(r"\b(\d{1,9}) \((\d{1,9})\)")
_PLAIN = re.compile(
    rf"(?:{_LEAD} )?(?:{_QUANTITY}|{_NEXT})(?: {_BY})?(?: (?:of|after|from) (?:the )?receipt)?"
)
_VAGUE_WORDS = r"immediately|promptly|forthwith|without (?:undue )?delay|as soon as (?:reasonably )?(?:possible|practicable)"
_VAGUE = re.compile(
    rf"(?P<vague>{_VAGUE_WORDS})(?:,?(?: and| but)?(?: in any (?:event|case),?)? (?P<cap>{_LEAD} .+))?"
)
_CAPPED = re.compile(
    rf"(?P<term>.+?)(?:,(?: and| but)?| and| but)(?: in any (?:event|case),?)? (?P<cap>{_LEAD} .+)"
)
_EARLIER = re.compile(
    r"(?P<term>.+?),? or (?P<cap>.+?),? whichever (?:is|comes) (?:the )?(?:earlier|sooner|first)"
)

_EXAMPLES = (
    "24h, 90 minutes, 4 business hours, 2 business days by 17:00, next business day or without undue delay"
)


def parse_terms(words: str, *, vague: str = "24h") -> Terms:
    """Read a contract's words.

    Hours, minutes and seconds are elapsed time unless called business (or working). Vague words take
    the house number; a cap in the same sentence ("and in any event within 48 hours", "or 1 business day,
    whichever is earlier") is kept beside it.

    Args:
        words: e.g. ``24h``, ``90 business minutes``, ``next business day by 17:00``; never blank, since
            the caller knows its own default.
        vague: the house number, itself no vague word.

    Raises:
        BadTerms: one line with what was read and what would be right.
    """
    text = _tidied(words)
    term, cap = _parted(text)
    if _VAGUE.fullmatch(term):
        house = _plain(_tidied(vague), vague.strip())
        found = replace(house, words=words.strip(), house=vague.strip())
    else:
        found = _plain(term, words.strip())
    return replace(found, cap=_plain(cap, cap)) if cap else found


def _parted(text: str) -> tuple[str, str]:
    """The term and what caps it, where anything does."""
    if match := _VAGUE.fullmatch(text):
        return match["vague"], match["cap"] or ""
    if match := _EARLIER.fullmatch(text) or _CAPPED.fullmatch(text):
        return match["term"], match["cap"]
    return text, ""


def _tidied(words: str) -> str:
    if len(words) > _LONGEST_WORDS:
        raise BadTerms(
            f"terms {words[:40]!r}...: longer than {_LONGEST_WORDS} characters; write e.g. {_EXAMPLES}"
        )
    text = " ".join(words.lower().split()).rstrip(".")
    text = _NUMBER.sub(lambda match: _NUMBER_WORDS[match[0]], text)
    # "Two (2) business days"; two numbers that differ stay as they are, and are refused.
    text = _IN_BRACKETS.sub(lambda match: match[1] if match[1] == match[2] else match[0], text)
    return _DAY_LAST.sub(
        lambda match: f"within {match['day']} by {_END_OF_DAY.get(match['by'], match['by'])}", text
    )


def _plain(text: str, words: str) -> Terms:
    match = _PLAIN.fullmatch(text)
    if match is None:
        raise BadTerms(f"terms {words!r}: not understood; write e.g. {_EXAMPLES}")
    unit, amount = _amount(match, words)
    return Terms(words=words, unit=unit, amount=amount, by=_by(match, unit, amount, words))


def _amount(match: re.Match[str], words: str) -> tuple[Unit, int]:
    if match["next"]:
        return Unit.NEXT_BUSINESS_DAY, 1
    business = match["kind"] in {"business", "working"}
    if match["d"]:
        unit, size = (Unit.BUSINESS_DAYS if business else Unit.DAYS), 1
    else:
        unit = Unit.BUSINESS_SECONDS if business else Unit.SECONDS
        size = next(seconds for name, seconds in _SECONDS.items() if match[name])
    return unit, _whole(Decimal(match["number"]) * size, unit, words)


def _whole(amount: Decimal, unit: Unit, words: str) -> int:
    if amount != int(amount):
        raise BadTerms(
            f"terms {words!r}: comes to {amount.normalize():f} {unit}; write a whole number of them"
        )
    if amount > LONGEST_DAYS * (1 if unit in {Unit.DAYS, Unit.BUSINESS_DAYS} else _DAY_SECONDS):
        raise BadTerms(f"terms {words!r}: longer than ten years")
    return int(amount)


def _by(match: re.Match[str], unit: Unit, amount: int, words: str) -> int | None:
    if match["close"]:
        if unit not in {Unit.BUSINESS_DAYS, Unit.NEXT_BUSINESS_DAY} or not amount:
            raise BadTerms(f"terms {words!r}: only business days have a closing time, e.g. next business day")
        return CLOSING
    if match["hour"] is None:
        return None
    if unit in {Unit.SECONDS, Unit.BUSINESS_SECONDS} or not amount:
        raise BadTerms(
            f"terms {words!r}: only one or more days can end by a time of day, e.g. 2 business days by 17:00"
        )
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"] or match["bare"]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half:
        hour = 99
    seconds = hour * 3600 + minute * 60
    if minute > 59 or seconds > _DAY_SECONDS:
        raise BadTerms(f"terms {words!r}: there is no such time of day; write e.g. by 17:00")
    return seconds
