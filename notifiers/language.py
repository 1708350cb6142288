"""How a customer's language says things: its phrases, dates, lengths of time and sizes.

The phrases of a language are ``phrases/<language>.yaml``; dates and units are CLDR's, by Babel.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.units import format_unit

from complaints.customer_place import LANGUAGES
from notifiers.instants import instant, zone_named

_PHRASES = Path(__file__).parent / "phrases"
_LOCALES = {"en": "en_GB"}  # where the language alone would mean another country's habits
_TERMS = re.compile(r"(\d{1,5}) ?(business )?(hour|minute|day|h\b|m\b)s?")
_SHORT = {"h": "hour", "m": "minute"}
_FRENCH_BLANK = re.compile(r" (?=[:;!?»])|(?<=«) ")
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
_SIZES = ((1_000_000, "megabyte"), (1000, "kilobyte"))


class NoPhrase(KeyError):
    """A template asks for a phrase that there is none of."""

    def __str__(self) -> str:
        return f"there is no phrase {self.args[0]!r}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """One of the languages that customers are written to in."""

    code: str  # BCP 47
    locale: Locale
    phrases: Mapping[str, str]  # by "section.name"

    def say(self, key: str, **values: object) -> str:
        """A phrase with its fields filled in.

        Raises:
            NoPhrase: there is none of this name, or a field of it was not given.
        """
        try:
            return self.phrases[key].format_map(values)
        except KeyError as missing:
            raise NoPhrase(key if missing.args[0] == key else f"{key} without {missing.args[0]}") from None

    def says(self, key: str) -> bool:
        """Whether there is such a phrase."""
        return key in self.phrases

    def day(self, value: object) -> str:
        """A day, ISO 8601 or a date; what is none is shown as it is."""
        try:
            day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
        except ValueError:
            return str(value)
        return self._dated(day, "long")

    def _dated(self, day: date, form: Literal["long", "full"]) -> str:
        shown = _plain(format_date(day, form, locale=self.locale))
        # French writes the first of a month as an ordinal, which CLDR's patterns cannot.
        return shown.replace("1 ", "1er ", 1) if self.code == "fr" and day.day == 1 else shown

    def when(self, text: object, timezone: str) -> str:
        """An instant (ISO 8601) in the reader's zone, named, and in UTC."""
        at = instant(text)
        if at is None:
            return self.say("times.not_known")
        zone = zone_named(timezone)
        there = at.astimezone(zone)
        shown = f"{self._dated(there.date(), 'full')}, {self.clock(there.time())} {there.tzname()}"
        if zone is UTC:
            return shown
        utc = f"{self.clock(at.time())} UTC"
        in_utc = utc if at.date() == there.date() else f"{self.day(at.date())}, {utc}"
        return f"{shown} ({self.say('both', first=timezone, second=in_utc)})"

    def clock(self, at: time) -> str:
        """A time of day; without an offset, for Babel would look for the zone's name."""
        return _plain(format_time(at, "medium" if at.second else "short", locale=self.locale))

    def short_day(self, day: date) -> str:
        """A day with its day of the week, both in short, and without the year."""
        # Without commas, since it stands in lists.
        return _plain(format_skeleton("MMMEd", day, locale=self.locale)).replace(",", "")

    def listed(self, words: Sequence[str]) -> str:
        """Several things in a row."""
        return str(format_list(words, locale=self.locale))

    def span(self, duration: timedelta) -> str:
        """A length of time in its two largest units."""
        seconds = int(abs(duration).total_seconds())
        counts: list[tuple[int, str]] = []
        for unit, length in _UNITS:
            count, seconds = divmod(seconds, length)
            if count or (unit == "second" and not counts):
                counts.append((count, unit))
        return " ".join(self._units(count, unit) for count, unit in counts[:2] if count or len(counts) == 1)

    def days(self, count: int) -> str:
        """A number of days."""
        return self._units(abs(count), "day")

    def terms(self, line: str) -> str:
        """The contract's line; one that is no more than a length of time, or a common word, in words."""
        plain = " ".join(line.split())
        return self.known_terms(plain) or (self.say("in_english", words=plain) if plain else "")

    def known_terms(self, plain: str) -> str:
        """Such a line in words; empty where there are none for it."""
        if self.says(f"terms.{plain}"):
            return self.say(f"terms.{plain}")
        found = _TERMS.fullmatch(plain)
        if found is None:
            return ""
        count, unit = int(found[1]), _SHORT.get(found[3], found[3])
        if found[2] and unit == "day":
            return self.say("terms.business_day" if count == 1 else "terms.business_days", count=count)
        span = self._units(count, unit)
        return self.say("terms.business_time", span=span) if found[2] else span

    def _units(self, count: int, unit: str) -> str:
        return _plain(format_unit(count, f"duration-{unit}", locale=self.locale))

    def size(self, count: object) -> str:
        """Bytes, in the unit that suits."""
        if not isinstance(count, int | float) or count < 0:
            return self.say("letter.no_size")
        for least, unit in _SIZES:
            if count >= least:
                rounded = round(count / least, 1 if unit == "megabyte" else None)
                return _plain(format_unit(rounded, f"digital-{unit}", length="short", locale=self.locale))
        return self.say("letter.bytes", count=f"{count:.0f}")

    def named(self, code: str) -> str:
        """What another language is called in this one; of a code that nobody knows, the code."""
        try:
            name = Locale.parse(code.replace("-", "_")).get_display_name(self.locale)
        except (ValueError, UnknownLocaleError, TypeError):
            return code
        return name or code

    def quoted(self, words: str) -> str:
        """Somebody else's words."""
        return self.say("quote", words=words)


def _plain(text: str) -> str:
    # CLDR writes narrow and non-breaking spaces, which fonts of mail programs lack at times.
    return text.replace("\u202f", " ").replace("\xa0", " ")


@lru_cache
def language(code: str) -> Language:
    """A language by its code; English for one that we do not write."""
    if code not in LANGUAGES:
        return language(LANGUAGES[0])
    text = (_PHRASES / f"{code}.yaml").read_text(encoding="utf-8")
    locale = Locale.parse(_LOCALES.get(code, code))
    phrases = {key: _typeset(code, phrase) for key, phrase in _flat(yaml.safe_load(text))}
    return Language(code=code, locale=locale, phrases=phrases)


def _typeset(code: str, phrase: str) -> str:
    """A phrase whose signs stay on the line of their word; French has a blank before them."""
    return _FRENCH_BLANK.sub("\xa0", phrase) if code == "fr" else phrase


def _flat(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", str(value)
