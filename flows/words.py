"""How names and times are written for people, and how what came from outside is made harmless."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from complaints.model import Complaint
from complaints.reasons import cause_in_words, in_words

_WORD_JOINER = "\N{WORD JOINER}"
# A browser's page or a markdown reader finds an address by these; a joiner inside breaks it up.
_LINKS = re.compile(r"(?i)(?<=\w)([.@:])(?=[\w/])|(?<=:)(/)(?=/)")
_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#!|~$&\"'^]")
_READ_BY_MARKDOWN = re.compile(r"[\\`*_\[\]<>|]")


def one_line(text: str, *, longest: int = 60) -> str:
    """Text as one line of printable characters, cut to ``longest``."""
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    tidy = " ".join(plain.split())
    return tidy if len(tidy) <= longest else tidy[: longest - 1].rstrip() + "…"


@lru_cache(maxsize=10_000)
def escaped(text: str, *, longest: int = 60) -> str:
    """Text from outside, safe in markdown and HTML (I10): no markup, link, image, URL or address survives.

    Every character that either language could read gets markdown's backslash (one of the two pages shows
    character references as they are written), and URLs and addresses are broken up by an invisible joiner,
    so that no reader makes a link of them by itself.
    """
    return _MARKUP.sub(r"\\\g<0>", _broken(one_line(text, longest=longest)))


@lru_cache(maxsize=10_000)
def defused(text: str, *, longest: int = 60) -> str:
    """Text from outside for a place that one page shows as it is and another takes for markdown.

    Such are the cells of Prefect's tables and the words of a link.
    """
    return _broken(one_line(_READ_BY_MARKDOWN.sub(" ", text), longest=longest))


def _broken(text: str) -> str:
    return _LINKS.sub(lambda found: _WORD_JOINER + found.group(0), text)


def authority(complaint: Complaint) -> str:
    """Who wrote. A name that only the mail itself claims may be a person's: it is not shown (I9)."""
    if not complaint.body_id:
        return "sender unclear"
    # "Autoriteit Persoonsgegevens (Dutch Data Protection Authority)": the team reads the short English name.
    own, _, english = complaint.body_name.removesuffix(")").rpartition(" (")
    return one_line(english if own and complaint.body_name.endswith(")") else complaint.body_name, longest=40)


def customer(complaint: Complaint) -> str:
    """Whom it concerns, as far as that is known."""
    return one_line(complaint.customer_name, longest=40) if complaint.customer_id else "customer unclear"


def reason(word: str) -> str:
    """Why something waits for a person, in words for people; those that a letter or a person gave are escaped."""
    return escaped(in_words(word))


def plain_reason(word: str) -> str:
    """The same for a place that shows text as it is."""
    return defused(in_words(word))


def came_too_late(day: date, received_at: datetime, zone: ZoneInfo) -> bool:
    """Whether a letter came after the day by which it wants its answer."""
    return day < received_at.astimezone(zone).date()


def share(part: int, whole: int) -> str:
    """A share in percent, rounded down: 999 of 1000 is no 100 %."""
    return f"{part * 1000 // whole / 10:g} %" if whole else "–"


def cause(what: str) -> str:
    """Why a time was missed, in words for people: ``waiting for a person: no customer fits``."""
    return escaped(cause_in_words(what), longest=100)


def plain_cause(what: str) -> str:
    """The same for a place that shows text as it is."""
    return defused(cause_in_words(what), longest=100)


def instant(when: datetime, zone: ZoneInfo) -> str:
    """An instant as people say it: ``23 Nov 14:05 Europe/London``."""
    return f"{short(when, zone)} {zone.key}"


def short(when: datetime, zone: ZoneInfo) -> str:
    """An instant where the zone is told elsewhere: ``23 Nov 14:05``."""
    local = when.astimezone(zone)
    return f"{local.day} {local:%b %H:%M}"


def span(length: timedelta) -> str:
    """A length of time in at most two units: ``2 d 3 h``, ``3 h 5 min``, ``40 s``."""
    seconds = abs(int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 60:
        return f"{minutes} min"
    if hours < 48:
        return f"{hours} h {minutes % 60} min"
    return f"{days} d {hours % 24} h"
