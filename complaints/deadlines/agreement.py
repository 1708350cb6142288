"""What a contract says about the time to forward, read from one line into a value.

The line is made of clauses with semicolons between them. The first is the time; the others, in any order,
say when a letter counts as received, from when the time is counted, what ends it, and for which letters
another time holds::

    2 business days by 17:00; received after 16:00 counts as next business day; until acknowledged; urgent: 4h

=====================================================  ==========================================================
``received after 16:00 counts as WHEN``                a letter that comes later than that counts as received then
``received before 10:00 counts as 09:00``              one that comes earlier (``of the same day`` may be added)
``not received before 10:00 counts as WHEN``           one that comes at 10:00 or later
``received outside business hours counts as WHEN``     while the calendar is closed
``received on a closed day counts as WHEN``            on a weekend or a holiday
``counted from the next business day``                 that day is the first of the term (from its 00:00)
``counted from the day after``                         so is the day after the one of receipt
``until sent`` / ``delivered`` / ``acknowledged``      what ends the time; sent where nothing is said
``urgent: 4h`` or ``4h when urgent``                   the time for an urgent letter
``follow-up: 5 business days``                         the time for letters of this kind; several with commas
``unless forbidden``                                   the customer may not be told where the law forbids it
=====================================================  ==========================================================

WHEN is a day (``next business day``, ``next day``), with or without a time (``next business day at 09:00``,
``09:00 of the next business day``), or ``next opening``. A business day without a time means when it opens, any
other day its 00:00. Of several rules about receipt the first that fits counts.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from complaints.deadlines.terms import Terms, parse_terms
from complaints.errors import BadTerms
from complaints.model import Kind

T = TypeVar("T")


class When(StrEnum):
    """Which letters a rule about receipt is for."""

    AFTER = "after"  # later than a time of day
    FROM = "from"  # at a time of day or later
    BEFORE = "before"  # earlier than a time of day
    OUTSIDE = "outside business hours"
    CLOSED_DAY = "on a closed day"


class Day(StrEnum):
    """On which day a letter counts as received instead."""

    SAME = "same day"
    NEXT = "next day"
    NEXT_BUSINESS = "next business day"
    NEXT_OPENING = "next opening"


class Start(StrEnum):
    """From when the time is counted."""

    RECEIPT = "receipt"
    NEXT_BUSINESS_DAY = "next business day"
    DAY_AFTER = "day after"


class End(StrEnum):
    """What must have happened when the time is up."""

    SENT = "sent"  # the relay has accepted the forward
    DELIVERED = "delivered"  # the same, and no report says that it is still under way
    ACKNOWLEDGED = "acknowledged"  # the customer has said that it is there


@dataclass(frozen=True, kw_only=True, slots=True)
class DeemedReceipt:
    """When a letter counts as received that came at some other time."""

    words: str
    when: When
    clock: int = 0  # seconds after local midnight that ``when`` speaks of
    day: Day
    at: int | None = None  # seconds after local midnight; None: the day's opening or beginning


@dataclass(frozen=True, kw_only=True, slots=True)
class Tier:
    """Another time for some letters."""

    kind: str  # a kind of letter, or URGENT
    time: Terms


URGENT = "urgent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """A contract's clauses on forwarding."""

    words: str  # the line as it is kept
    time: Terms
    tiers: tuple[Tier, ...] = ()
    receipts: tuple[DeemedReceipt, ...] = ()
    start: Start = Start.RECEIPT
    end: End = End.SENT
    unless_forbidden: bool = False  # the contract knows letters of which the customer may not be told

    def time_for(self, kind: str = "", *, urgent: bool = False) -> Terms:
        """The time for a letter: the urgent one where it is urgent, else that of its kind, else the first."""
        wanted = ([URGENT] if urgent else []) + [kind]
        return next((tier.time for name in wanted for tier in self.tiers if tier.kind == name), self.time)

    def tier_of(self, kind: str = "", *, urgent: bool = False) -> str:
        """Which tier a letter is in, for people; empty where the contract's first time holds."""
        names = {tier.kind for tier in self.tiers}
        return URGENT if urgent and URGENT in names else kind if kind in names else ""

    @property
    def plain(self) -> str:
        """The words, with the house number where they are vague, for people."""
        vague = [term for term in (self.time, *(tier.time for tier in self.tiers)) if term.is_vague]
        if self.words == self.time.words:
            return self.time.plain
        return f"{self.words} (house number: {vague[0].house})" if vague else self.words


LONGEST_LINE = 600
"""Characters of a whole agreement."""

_CLOCK = r"(?:\d{1,2}[:.]\d{2}(?: ?[ap]m)?|\d{1,2} ?[ap]m|noon|midnight)"
_DAYS: dict[str, Day] = {
    "same day": Day.SAME,
    "that day": Day.SAME,
    "next day": Day.NEXT,
    "following day": Day.NEXT,
    "next business day": Day.NEXT_BUSINESS,
    "next working day": Day.NEXT_BUSINESS,
    "following business day": Day.NEXT_BUSINESS,
    "following working day": Day.NEXT_BUSINESS,
    "next opening": Day.NEXT_OPENING,
}
_DAY = f"(?:the )?(?P<day>{'|'.join(_DAYS)})"
_COUNTS_AS = re.compile(rf"(?:(?P<early>{_CLOCK})(?: (?:of|on) )?)?(?:{_DAY})?(?:,? at (?P<late>{_CLOCK}))?")
_RECEIVED = re.compile(
    rf"(?P<negated>not )?received (?:(?P<word>after|before) (?P<clock>{_CLOCK})"
    r"|(?P<outside>outside (?:of )?(?:business|working|office) hours)"
    r"|(?P<closed>on (?:a closed day|a day that is no (?:business|working) day)))"
    r" counts as (?:received )?(?P<as>.+)"
)
_START = re.compile(
    r"(?:is )?(?:counted|counting|runs|starts|starting) (?:from |on )?(?:the )?"
    r"(?P<start>receipt|(?:next|following) (?:business|working) day|(?:next|following) day|day after(?: receipt)?)"
)
_END = re.compile(r"until (?:it is )?(?P<end>sent|forwarded|delivered|acknowledged)")
_FORBIDDEN = re.compile(
    r"(?:unless|except where)(?: this is| it is)? (?:forbidden|prohibited)(?: by (?:applicable )?law)?"
    r"|(?:unless|except where) the law forbids it"
)
_TIER = re.compile(r"(?P<names>[a-z][a-z, -]*[a-z]): ?(?P<time>.+)")
_WHEN_URGENT = re.compile(r"(?P<time>.+?),? (?:when|if) urgent")
_CLAUSES = (
    "received after 16:00 counts as next business day; counted from the next business day; until acknowledged;"
    " urgent: 4h; follow-up: 5 business days; unless forbidden"
)
_KINDS = {kind.value for kind in Kind}


@dataclass(slots=True)
class _Found:
    """What the clauses after the first say, gathered."""

    tiers: list[Tier] = field(default_factory=list)
    receipts: list[DeemedReceipt] = field(default_factory=list)
    start: Start | None = None
    end: End | None = None
    forbidden: bool = False


def parse_agreement(line: str, *, vague: str = "24h") -> Agreement:
    """Read a contract's line.

    Args:
        line: as the module says; never blank.
        vague: the house number for vague words.

    Raises:
        BadTerms: one line with the clause that was read and what would be right.
    """
    words = " ".join(line.split())
    if ";" not in words:
        return Agreement(words=words, time=parse_terms(words, vague=vague))
    if len(words) > LONGEST_LINE:
        raise BadTerms(f"terms {words[:40]!r}...: longer than {LONGEST_LINE} characters")
    first, *clauses = [clause.strip() for clause in words.rstrip("; ").split(";")]
    time, found = parse_terms(first, vague=vague), _Found()
    for clause in clauses:
        _read(clause, found, vague)
    return Agreement(
        words=words,
        time=time,
        tiers=tuple(found.tiers),
        receipts=tuple(found.receipts),
        start=found.start or Start.RECEIPT,
        end=found.end or End.SENT,
        unless_forbidden=found.forbidden,
    )


def _read(clause: str, found: _Found, vague: str) -> None:
    text = clause.lower().rstrip(".")
    if match := _RECEIVED.fullmatch(text):
        found.receipts.append(_deemed(clause, match))
    elif match := _START.fullmatch(text):
        found.start = _once(clause, found.start, _start(match["start"]))
    elif match := _END.fullmatch(text):
        end = End.SENT if match["end"] == "forwarded" else End(match["end"])
        found.end = _once(clause, found.end, end)
    elif _FORBIDDEN.fullmatch(text):
        found.forbidden = True
    elif match := _TIER.fullmatch(text):
        for name in match["names"].split(","):
            _add_tier(clause, found, name.strip(), clause[match.start("time") :], vague)
    elif match := _WHEN_URGENT.fullmatch(text):
        _add_tier(clause, found, URGENT, clause[: match.end("time")], vague)
    else:
        raise BadTerms(f"terms, clause {clause!r}: not understood; write e.g. {_CLAUSES}")


def _once(clause: str, before: T | None, now: T) -> T:
    if before is not None:
        raise BadTerms(f"terms, clause {clause!r}: says again what an earlier clause says; leave one out")
    return now


def _start(word: str) -> Start:
    if word == "receipt":
        return Start.RECEIPT
    return Start.NEXT_BUSINESS_DAY if "business" in word or "working" in word else Start.DAY_AFTER


def _add_tier(clause: str, found: _Found, name: str, time: str, vague: str) -> None:
    if name != URGENT and name not in _KINDS:
        raise BadTerms(
            f"terms, clause {clause!r}: {name!r} is no kind of letter; there are urgent, {', '.join(sorted(_KINDS))}"
        )
    if any(tier.kind == name for tier in found.tiers):
        raise BadTerms(f"terms, clause {clause!r}: there is a time for {name} already; leave one out")
    found.tiers.append(Tier(kind=name, time=parse_terms(time, vague=vague)))


def _deemed(clause: str, match: re.Match[str]) -> DeemedReceipt:
    when = _when(clause, match)
    named = _COUNTS_AS.fullmatch(match["as"])
    if named is None or not any(named.groups()) or (named["early"] and named["late"]):
        raise BadTerms(
            f"terms, clause {clause!r}: {match['as']!r} tells no day; write e.g. next business day at 09:00,"
            " 09:00 of the next business day, or next opening"
        )
    day = _DAYS[named["day"]] if named["day"] else Day.SAME
    written = named["early"] or named["late"]
    at = _seconds(clause, written) if written else None
    if day is Day.SAME and (when is not When.BEFORE or at is None):
        raise BadTerms(
            f"terms, clause {clause!r}: say which later day, e.g. next business day{' at ' + written if written else ''}"
        )
    if day is Day.NEXT_OPENING and at is not None:
        raise BadTerms(f"terms, clause {clause!r}: the next opening has its own time; leave {written} out")
    clock = _seconds(clause, match["clock"]) if match["clock"] else 0
    return DeemedReceipt(words=clause, when=when, clock=clock, day=day, at=at)


def _when(clause: str, match: re.Match[str]) -> When:
    if match["negated"]:
        if match["word"] != "before":
            raise BadTerms(
                f"terms, clause {clause!r}: only 'not received before' a time of day is understood"
            )
        return When.FROM
    if match["word"]:
        return When(match["word"])
    return When.OUTSIDE if match["outside"] else When.CLOSED_DAY


def _seconds(clause: str, written: str) -> int:
    if written in {"noon", "midnight"}:
        return 43_200 if written == "noon" else 0
    half = written[-2:] if written[-1] == "m" else ""
    hour, _, minute = written.removesuffix(half).strip().replace(".", ":").partition(":")
    hours, minutes = int(hour), int(minute or 0)
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0) if 1 <= hours <= 12 else 99
    seconds = hours * 3600 + minutes * 60
    if minutes > 59 or seconds > 86_400:
        raise BadTerms(
            f"terms, clause {clause!r}: there is no such time of day as {written}; write e.g. 17:00"
        )
    return seconds
