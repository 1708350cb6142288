"""Registration numbers: how the register writes them and how letters do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# What letters write before a number of each kind. Authorities name the register of their own country.
_KEYWORDS = {
    "companies-house": r"compan(?:y|ies)(?: house)?(?: registration)?(?: registered)?(?: no| number| nr|:)|registered(?: in "
    r"england(?: and wales)?)?(?: under)?(?: no| number)|companies house|crn\b|registration n(?:o|umber)",
    "ico": r"ico\b|registration|registered|register|za|zb|zc",
    "cro": r"cro\b|company|companies registration|registered|registration",
    "siren": r"siren|siret|rcs|tva|immatricul",
    "nif": r"n\.?i\.?f|c\.?i\.?f|identificación fiscal|tax",
    "cvr": r"cvr|se-nr|virksomhed",
    "kvk": r"kvk|k\.v\.k|kamer van koophandel|handelsregister|chamber of commerce",
    "orgnr": r"org\.? ?(?:nr|nummer|no)|organisation(?:s)?(?:nr|nummer|nnummer)?|organisasjon\w*|foretaks\w*|reg(?:istration)?\b",
    "hrb": r"hr ?b|handelsregister|amtsgericht|registergericht",
    "fn": r"\bfn\b|firmenbuch",
    "krs": r"krs",
    "nip": r"nip\b",
    "regon": r"regon",
    "lei": r"lei\b|legal entity identifier",
    "rea": r"rea\b|r\.e\.a",
    "vat": r"vat|ust|umsatzsteuer|mwst|btw|tva|iva|moms|alv",
    "y-tunnus": r"y-tunnus|business id|fo-nummer",
}
_ANY_KEYWORD = r"\b(?:no|nr|number|nummer|numéro|número|numero|n°|id|reg)\b|№"
_KEYWORD = {scheme: re.compile(words, re.IGNORECASE) for scheme, words in _KEYWORDS.items()}
_FALLBACK = re.compile(_ANY_KEYWORD, re.IGNORECASE)

# Bounded, and with the groupings people write: 556194-4841, 869 475 475, B-89225216, 177533b.
_NUMBER = re.compile(r"(?<![\w])(?:[A-Za-z]{1,4}[ .-]?)?\d(?:[ .\-/]?\d){4,24}[ -]?[A-Za-z]?\d?(?![\w])")
_ENOUGH_DIGITS = re.compile(
    r"\d(?:[ .\-/]?\d){4}"
)  # stand in each; letters without one are looked through at once
_DISTINCT = re.compile(r"Z[A-C]?\d{6,7}|[A-Z]\d{8}|[A-Z]{2}\d{9,12}|\d{20}|[A-Z0-9]{18}\d{2}")
_SEPARATORS = re.compile(r"[^0-9A-Z]")
_REACH = 48  # characters before a number in which its keyword stands


@dataclass(frozen=True, slots=True)
class Number:
    """A registration number as the register holds it."""

    scheme: str
    value: str  # capitals and digits alone
    court: str = ""  # HRB numbers are each court's own


@dataclass(frozen=True, slots=True)
class Sighting:
    """A number in a text that looks like a registration number."""

    value: str
    written: str
    start: int
    end: int


def parse_identifier(entry: str) -> Number:
    """A register's ``scheme:value``."""
    scheme, _, value = entry.partition(":")
    scheme = scheme.strip().lower()
    if scheme == "hrb" and " " in value.strip():
        court, _, number = value.strip().rpartition(" ")
        return Number(scheme, squash(number), court.split("-")[0].split(" ")[0].casefold())
    return Number(scheme, squash(value))


def squash(value: str) -> str:
    """A number without what people group it by; a leading zero is as good as none."""
    return _SEPARATORS.sub("", value.upper()).lstrip("0")


def sightings(text: str) -> Iterator[Sighting]:
    """Everything that might be a registration number, in all readings of it."""
    if not _ENOUGH_DIGITS.search(text):
        return
    for found in _NUMBER.finditer(text):
        written = found.group()
        whole = squash(written)
        for value in dict.fromkeys(
            (whole, whole.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").lstrip("0"), *_inner(whole))
        ):
            if len(value) >= 4:
                yield Sighting(value, written, found.start(), found.end())


def _inner(value: str) -> tuple[str, ...]:
    """Numbers that contain another: a SIRET its SIREN, a French or Spanish VAT number the SIREN or NIF."""
    if re.fullmatch(r"\d{14}", value):
        return (value[:9],)
    if re.fullmatch(r"FR\w{2}\d{9}", value):
        return (value[4:],)
    return (value[2:],) if re.fullmatch(r"[A-Z]{2}[A-Z]\d{8}", value) else ()


def is_named(number: Number, sighting: Sighting, text: str) -> bool:
    """Whether the text calls the number what the register calls it, or its shape alone says so."""
    digits = sighting.start + next(n for n, sign in enumerate(sighting.written) if sign.isdigit())
    before = text[max(0, digits - _REACH) : digits]
    if number.scheme == "hrb":
        around = text[max(0, sighting.start - 90) : sighting.end + 90].casefold()
        return bool(_KEYWORD["hrb"].search(before)) and number.court in around
    if _DISTINCT.fullmatch(_SEPARATORS.sub("", sighting.written.upper())):
        return True
    keyword = _KEYWORD.get(number.scheme, _FALLBACK)
    return bool(keyword.search(before) or keyword.search(_well_read(before)))


def _well_read(text: str) -> str:
    """Words as they stood before a scanner took "m" for "rn", "l" for a one and "o" for a nought."""
    return text.replace("rn", "m").replace("1", "l").replace("0", "o")
