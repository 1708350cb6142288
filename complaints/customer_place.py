"""In which language and time zone a customer's people are written to: their own, as far as the register tells."""

from functools import lru_cache

from babel.core import get_global
from babel.languages import get_official_languages

from complaints.model import Customer

LANGUAGES = ("en", "de", "fr", "es", "it", "nl")
"""Those that customers can be written to in; the first where nothing says another."""

_MAIN_ZONES = {"DE": "Europe/Berlin", "ES": "Europe/Madrid", "PT": "Europe/Lisbon"}
"""Of countries with more than one where nearly everybody lives by one."""


def language_of(customer: Customer) -> str:
    """What the register says, else the country's where it has just one of ours, else English (BCP 47)."""
    return customer.language or _language_of_country(customer.country)


@lru_cache
def _language_of_country(country: str) -> str:
    spoken = get_official_languages(country, de_facto=True) if country else ()
    ours = [language for language in spoken if language in LANGUAGES]
    return ours[0] if len(ours) == 1 else LANGUAGES[0]


@lru_cache
def zone_of_country(country: str) -> str:
    """The IANA time zone of a country that has one, or one that counts for it; empty where it has several.

    Args:
        country: ISO 3166 alpha-2; empty: not known.
    """
    if country in _MAIN_ZONES:
        return _MAIN_ZONES[country]
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == country]
    return str(zones[0]) if country and len(zones) == 1 else ""
