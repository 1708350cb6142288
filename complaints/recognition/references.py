"""Case numbers in a letter, and which of them is the writer's own for this case."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from complaints.model import Body, Passage, Reference
from complaints.recognition.dates import days_in
from complaints.recognition.registry import Number, Registry, spans_with_numbers

_TEXT_BOUND = 12_000  # characters of a passage that are searched; references stand at the head or the foot
_MOST = 20
_HEAD_BOUND = 6_000  # characters of a passage whose lines may be fields of a letter's head
_ANY_DAY = date(2026, 1, 1)

_KEYWORD = (
    r"our ref(?:erence)?|case (?:ref(?:erence)?|no|number|id)|complaint (?:ref(?:erence)?|no|number)|file (?:ref(?:erence)?|no|number)|reference(?: number| no)?|ref|case|complaint|file|matter|enquiry|inquiry"
    r"|geschäftszeichen|geschäftszahl|aktenzeichen|unser zeichen|gesch\.-?z|gz|az|vorgang(?:snummer)?|beschwerde(?:nummer| nr)?|vorgangs-?nr|zeichen"
    r"|n/réf|références?(?: à rappeler)?|nos réf(?:érences)?|notre réf(?:érence)?|référence|réf|saisine|plainte|réclamation|dossier|affaire"
    r"|expediente|expte|exped|exp|n/ref|nuestra referencia|referencia|procedimiento|reclamación|asunto"
    r"|fascicolo|fasc|protocollo|prot|nostro rif(?:erimento)?|riferimento|rif|pratica|reclamo|doc|numero da indicare|da citare|please quote|quoting"
    r"|ons kenmerk|kenmerk|zaaknummer|zaak|dossiernummer|referentie|klachtnummer|klacht"
    r"|sygn(?:atura|\. akt)?|znak(?: sprawy| pisma)?|nr sprawy|sprawa|numer sprawy"
    r"|diarienummer|diarienr|dnr|vårt diarienummer|vår ref(?:erens)?|ärende(?:nummer|nr|t)?|referens"
    r"|j\.?\s?nr|journalnummer|sagsnummer|sagsnr|sag|vores ref(?:erence)?|vores j\.?nr"
    r"|saksnummer|saksnr|sak|vår referanse|referanse|arkivnr"
    r"|processo|n/ ?ref\.?ª?|nossa ref(?:erência)?|referência|proc|queixa|diaarinumero|dnro|dosar(?:ul)?|posizione|(?:[A-Z]{2,4}-)?fall(?:nummer)?|ügyszám|iktatószám|spis(?:ová)?(?: značka)?|číslo|verfahrensnummer|č\.\s?j|sp\.\s?zn|klasa|številka|zadeva|рег|вх|asja|lieta|bylos|υπόθεση\w*|αρ\. πρωτ|mál"
)
_AFTER_KEYWORD = re.compile(
    rf"(?<![\w/-])({_KEYWORD})\b\.?"
    r"(?:\s(?-i:[A-ZÀ-Þ])[\w.-]{1,15}(?=\s?:))?"  # "Expediente FACUA: 41/2026-3391"
    r"(?:\s?(?:n[°ºo]s?\.?|n\.|nr\.?|no\.?|num(?:ber|mer|ero|éro)?\.?|id))?(?:\s(?:is|ist|lautet|est|es|è|é|är|er|to|heter|hedder)\b)?\s{0,3}[:#.-]?\s{0,3}[(\[\"“«]?"
    r"((?:(?-i:[A-Z]{1,5}(?:-[A-Z]{1,5})?\d{0,3})[ ](?=\d))?(?=[^\s]{0,24}\d)[^\W_][\w.:/#+–-]{0,38}[^\W_](?:\s(?:[IVX]{1,5}#\d{3,5}|\d{5}-[\d/-]{4,14}|[-–]\s\d{2,6}/\d{2,4}))?|\d)",
    re.IGNORECASE,
)
# A field of a letter's head: what stands behind the colon is the number, blanks and all.
_FIELD = re.compile(
    rf"^\W{{0,4}}(?:[^\W\d_]{{2,10}}[ ])?(?:{_KEYWORD})\b[^:\n]{{0,12}}:[ \t]{{0,6}}(\S[^\n\t|;,()]{{2,32}}?)[ ]{{0,3}}(?:$|[ ]{{2}}|\t|[|;,(])",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD_TOKEN = re.compile(r"(?=.*\d)[\w./:#+–-]+|[A-ZÄÖÜ][\w.-]{0,9}|[a-z]{1,6}-[A-Z]{1,6}|[/–-]")
_KEYWORD_AT_END = re.compile(
    rf"(?<![\w/-])(?:{_KEYWORD})\W{{0,5}}(?:n[°ºo]|nr|no)?\W{{0,4}}\Z", re.IGNORECASE
)
_STANDALONE = re.compile(r"(?<![\w@./:-])(?=[^\s]{0,24}\d)([^\W_][\w.:/#-]{2,38}[^\W_])(?![\w@-])")
# Numbers that look like case numbers and are none.
_SPACED = re.compile(
    r"(?<![\w/.-])((?!(?:NO|NR|ART|PO|EN|ISO|HRB|HRA|FN|UK|US|TEL|EUR|GBP|CVR|VAT|NIF|NIP|KRS|REG|SEC)\b)[A-Z]{2,5}\s\d{2,4}[-/:]\d{1,6})(?![\w/-])"
)
_NO_CASE = re.compile(
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d\d|\d{4})|20\d\d-\d\d-\d\d|(?:19|20)\d\d|\d{1,2}:\d\d(?::\d\d)?|\d{1,3}(?:st|nd|rd|th|er|º)?"
    r"|\d{1,3}(?:[.,]\d{3})+(?:[.,]\d\d)?|\d+[.,]\d+|20\d\d/\d{2,4}|(?:19|20)\d\d[–-](?:19|20)\d\d|\d{1,2}-\d{1,2}|[A-Z]{2}\d{2}[A-Z0-9]{10,30}|24/7|www\..*|\+?\d[\d-]*\d?%?"
    r"|[a-z]+\d{0,2}\.(?:pdf|docx?|eml|html?|zip|png|jpe?g)|(?:utf|iso)-?\d.*|covid-19|ISO/IEC.*|\d{4}/679|2016/679|\d+-(?:day|tägig\w*|jährig\w*|year-old|month|week|hour)s?)",
    re.IGNORECASE,
)
_WHOLE_SUBJECT = re.compile(
    r"(?:(?:re|fw|fwd|aw|wg|tr|rv|sv|vs|r|i|rif|odp|vb)\s?:\s*)*((?=\D*\d)[A-Z0-9][A-Z0-9 ./:#-]{4,30}[A-Z0-9])",
    re.IGNORECASE,
)
_DIGITS_LAST = re.compile(r"(?:\A|[:–-]\s?|\s)(\d{6,10})\W*\Z")
# Of two numbers, the one that this letter opens is its own: "IC-... (closed) - IC-... (new)".
_OPENED = re.compile(
    r"[ (:,–-]{1,3}(?:opened|new|neu|nouveau|nouvelle|nuev[oa]|nuov[oa]|nieuw|now[ya]|eröffnet|ouverte?)\b",
    re.IGNORECASE,
)
_KEYWORD_REACH = 48  # characters before a number in which its keyword stands
_JOINED = re.compile(r"[/-]\d[\w/-]{0,12}(?![\w.@])")
# Shapes of years, dates and amounts that a keyword turns into a case number.
_AFTER_A_KEYWORD = re.compile(
    r"\d{4,12}|\d{1,3}\.\d{3}|\d{1,6}[/.-](?:20)?\d\d(?:[/.-]\d{1,6})?|20\d\d[/.-]\d{1,8}"
)
_OF_PARTS = re.compile(r"(?=(?:.*\d){2})[A-Z][A-Za-z]{1,7}(?:[/.-][A-Za-z0-9]{1,10}){2,4}")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NEVER = re.compile(r"(?:19|20)\d\d|2016/679|\d{1,2}[./]\d{1,2}[./](?:20)?\d\d")
# A number after these words is somebody else's, or another case's.
_FOREIGN = re.compile(
    r"(?<![^\W_])(?:your ref(?:erence)?|your case|y/ref|yr ref|customer (?:no|number|ref\w*)|claim(?:ant)?(?: no| number| ref\w*)?|request(?: no| number| ref\w*)?|regist\w+(?: no| number)?|company (?:no|number|reg\w*)|order(?: no| number)?|invoice(?: no| number)?|account(?: no| number)?|ticket(?: no| number)?|policy(?: no| number)?|vat(?: no| number)?|job(?: no| number)?|member(?:ship)?(?: no| number)?|soci[oa]|adhérente?|mitglied\w*|lid(?:nummer)?|sa réponse|its (?:reply|reference)|su respuesta|booking\w*"
    r"|(?:matter|file|case) of (?:hers|his|theirs),|linked (?:to|with)|arising (?:out of|from)(?: complaint| case)?|follow(?:s|ing)(?: complaint| case)|related (?:to|case\w*)|relating to our (?:earlier )?case|see also|formerly|previous(?:ly)?(?: case| ref\w*)?|earlier case|old case|older case|replaces|in addition to|not(?: to be confused with| the same as)?|unlike|different from|separate from|cf\.?|counterpart|lead authority'?s?|their ref(?:erence)?|complainant'?s? ref\w*|noyb(?:'s)? (?:case|ref\w*|no)|imi(?: no| entry| case)?|section|article|art|regulation|tel|phone|fax|room|p\.?o\.? box|box|step|version|postcode"
    r"|ihr zeichen|ihr aktenzeichen|ihre referenz|kundennummer|handelsregister|hrb|hra|ust-id\w*|bestell\w*|rechnung\w*|antrag\w*|verbunden mit|früheres|vgl|artikel|absatz|verordnung|telefon"
    r"|v/réf|vos réf\w*|votre réf\w*|numéro client|siren|siret|rcs|commande|facture|demande|liée? (?:à|au)|télécopie|tél"
    r"|su ref\w*|s/ref|nif|cif|cliente|pedido|factura|solicitud|vinculad\w+|vostro rif\w*|vs\.? rif\w*|partita iva|p\.iva|codice fiscale|ordine|fattura|richiesta|collegat\w+"
    r"|uw kenmerk|uw ref\w*|kvk(?:-nummer)?|klantnummer|bestelling|factuur|verband met|państwa znak|nip|regon|krs|zamówieni\w*|wniosek|er ref\w*|ert diarienummer|org\.?-?\s?nr|organisationsnummer|kundnummer|deres ref\w*|jeres ref\w*|cvr(?:-nr)?|kundenummer|vossa ref\w*|nipc|encomenda|pedido)"
    r"\W{0,4}(?:n[°ºo]s?\.?|n\.|nr\.?|no\.?|number|case|ref(?:erence)?|dossier|fascicolo|expediente|aktenzeichen|az|zaak|sag|sak|is|was)?\W{0,4}\Z",
    re.IGNORECASE,
)
# The number that a case had before: the letter carries that case on.
_FORMER = re.compile(
    r"(?<![^\W_])(?:formerly|previous(?:ly)?|earlier case|old case|older case|replaces|früheres|vorher|bislang|bisher|ancien\w*|précéd\w*|antes|anterior\w*|già|in precedenza|precedente|voorheen|eerder|poprzedni\w*|tidigare|tidligere|anteriormente)"
    r"(?:\W{1,3}(?:our|unser|notre|nuestr\w|nostr\w|ons|vår|vores|case|ref\w*|reference|number|no|n[°ºo]|nr|az|aktenzeichen|dossier|sag|sak|zaak|was))*\W{0,4}\Z",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"(?:our|unser|notre|nos|nuestr|nostr|ons|vår|vores|nossa|n/)\w*\s?(?:ref|zeichen|kenmerk|réf)?",
    re.IGNORECASE,
)
# What a series numbers, in the register's words, and how much less likely that makes its number the case's.
_LETTER_SERIES = re.compile(r"one per letter|of a letter|protocol", re.IGNORECASE)
_OTHER_SERIES = (
    (re.compile(r"published|\bdecision(?: id| number)?\Z", re.IGNORECASE), 5.5),
    (re.compile(r"decision|\bfine|sanction|FOI|freedom|register", re.IGNORECASE), 2.5),
)


# How the registers call series that count documents within a case, and which part of the number that is.
_DOCUMENT_PARTS = (
    ("suffix = document", re.compile(r"-\d{1,4}$")),
    ("case-document", re.compile(r"-\d{1,3}(?=$|/[A-Z]{3}$)")),
    ("number-document/year", re.compile(r"-\s?\d{1,3}(?=/20\d\d$)")),
    ("case/year/document", re.compile(r"/\d{1,4}$")),
    # The Polish authority's clerks add their initials, and their letters a number.
    ("DS.523 = complaint", re.compile(r"(?:\.[A-Z]{2,3}){1,3}(?:\.\d+)?$")),
)
_LETTER_NUMBER = 1.2
"""Weight of a number that the body gives each letter: the case's, where the letter bears no other."""
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
# En and em dashes part words; only between letters and digits are they hyphens.
_DASH_IN_NUMBER = re.compile(r"(?<=[A-Z0-9])[\u2013\u2014](?=[A-Z0-9])")
_ONE_HYPHEN = {0x2010: "-", 0x2011: "-", 0x2212: "-", 0xFE63: "-", 0xFF0D: "-"}
_HYPHENS = re.compile(r"[\s\u2010-\u2015\u2212\ufe58\ufe63\uff0d_-]+")


_Spans = list[tuple[int, int]]
"""Places of a text that a number already takes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mention:
    value: str
    owner: Body | None
    strength: str
    where: str
    weight: float
    start: int
    former: bool = False  # said to be the number that the case had before
    denotes: str = ""  # what its series numbers, in the register's words


def seen(text: str) -> str:
    """What a reader sees of ``text``: characters that look alike made the same, invisible ones left out."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def normalised(reference: str) -> str:
    """One spelling for one case number, by which letters find each other.

    Case, white space, the kinds of hyphens, invisible characters and punctuation at the ends say nothing:
    ``ic 372500–s1a1.`` is ``IC-372500-S1A1``. Slashes and dots inside stay, for they tell cases apart.
    """
    return _HYPHENS.sub("-", seen(reference).strip()).strip(".,:;-").upper()[:200]


def references_in(
    subject: str,
    passages: Sequence[Passage],
    registry: Registry,
    owner: Body | None,
    own_prefix: re.Pattern[str],
) -> tuple[Reference, ...]:
    """Every case number found, the writer's own for this case first, each once.

    Args:
        subject: of the letter.
        passages: of the letter.
        registry: knows the shapes of numbers.
        owner: the body that wrote, where known; its own shapes go before all others.
        own_prefix: matches numbers of ours, which are never an authority's.
    """
    mentions: list[_Mention] = []
    for where, text in (("subject", subject), *((p.where, p.text[:_TEXT_BOUND]) for p in passages)):
        mentions += _in_text(where, _plain(text), registry, owner)
    weights: dict[str, float] = {}
    best: dict[str, _Mention] = {}
    for mention in mentions:
        key = normalised(mention.value)
        if own_prefix.match(mention.value):
            continue
        weights[key] = max(weights.get(key, -9.0), mention.weight) + (0.5 if key in weights else 0.0)
        if key not in best or mention.weight > best[key].weight:
            best[key] = mention
    ordered = sorted(best, key=lambda key: -weights[key])[:_MOST]
    return tuple(_reference(best[key], weights[key]) for key in ordered)


def _plain(text: str) -> str:
    """The text with one kind of hyphen and nothing invisible; white space and dashes between words stay."""
    if text.isascii():
        return text
    return _DASH_IN_NUMBER.sub("-", _INVISIBLE.sub("", text).translate(_ONE_HYPHEN))


def main_reference(references: Sequence[Reference]) -> str:
    """The writer's own number of this case, or empty where none is likely enough."""
    first = next(iter(references), None)
    return first.value if first is not None and first.strength != "foreign" else ""


def _reference(mention: _Mention, weight: float) -> Reference:
    owner = mention.owner.id if mention.owner is not None else ""
    strength = mention.strength if weight >= 1 else "foreign"
    return Reference(
        value=mention.value,
        owner=owner,
        strength=strength,
        where=mention.where,
        former=mention.former,
        case=_without_document(mention),
    )


def _without_document(mention: _Mention) -> str:
    """The number of the case alone, where the series also counts the documents in it; else empty."""
    part = next((part for series, part in _DOCUMENT_PARTS if series in mention.denotes), None)
    shorter = part.sub("", mention.value, count=1) if part else mention.value
    return shorter if shorter != mention.value else ""


def _in_text(where: str, text: str, registry: Registry, owner: Body | None) -> Iterator[_Mention]:
    taken: list[tuple[int, int]] = []
    yield from _of_known_shape(where, text, registry, owner, taken)
    if where == "subject" and not taken:
        yield from _whole_subject(text, taken)
    yield from _in_field(where, text, taken)
    spans = tuple(spans_with_numbers(text, before=_KEYWORD_REACH))
    yield from _after_keyword(where, text, spans, taken)
    yield from _spaced(where, text, taken)
    yield from _last_in_subject(where, text, owner, taken)
    yield from _standing_alone(where, text, spans, taken)


def _of_known_shape(
    where: str, text: str, registry: Registry, owner: Body | None, taken: _Spans
) -> Iterator[_Mention]:
    for number in (_whole(number, text) for number in registry.numbers_in(text, owner)):
        if not _within(taken, number.start, number.end):
            taken.append((number.start, number.end))
            yield _mention_of(number, where, text, owner)


def _whole_subject(text: str, taken: _Spans) -> Iterator[_Mention]:
    """A subject that is nothing but a number, spaces and all."""
    found = _WHOLE_SUBJECT.fullmatch(text.strip()) if text == text.upper() else None
    if found is not None and " " in found[1]:
        taken.append((0, len(text)))
        yield _generic(found[1], "subject", text, 0, 0, keyword=True)


def _last_in_subject(where: str, text: str, owner: Body | None, taken: _Spans) -> Iterator[_Mention]:
    """Authorities that number by digits alone end a subject with them: "Relance - 26014407"."""
    found = _DIGITS_LAST.search(text) if where == "subject" and owner is not None and not taken else None
    if found is not None:
        taken.append(found.span(1))
        yield _generic(found[1], where, text, found.start(1), found.start(1), keyword=False)


def _in_field(where: str, text: str, taken: _Spans) -> Iterator[_Mention]:
    for match in _FIELD.finditer(text[:_HEAD_BOUND]):
        value, tokens = _tidy(match[1]), match[1].split()
        if len(tokens) < 2 or len(tokens) > 4 or _overlaps(taken, match.start(1), match.end(1)):
            continue
        if any(map(str.isdigit, value)) and all(map(_FIELD_TOKEN.fullmatch, tokens)) and not _is_date(value):
            taken.append((match.start(1), match.end(1)))
            yield _generic(value, where, text, match.start(1), match.start(), keyword=True)


def _is_date(value: str) -> bool:
    return bool(days_in(value, _ANY_DAY))


def _after_keyword(
    where: str, text: str, spans: Sequence[tuple[int, int]], taken: _Spans
) -> Iterator[_Mention]:
    for match in (match for start, end in spans for match in _AFTER_KEYWORD.finditer(text, start, end)):
        value = _tidy(match[2])
        if not _overlaps(taken, match.start(2), match.end(2)) and _may_be_case(value, keyword=True):
            taken.append((match.start(2), match.end(2)))
            yield _generic(value, where, text, match.start(2), match.start(1), keyword=True)


def _spaced(where: str, text: str, taken: _Spans) -> Iterator[_Mention]:
    """Small bodies number like "DK 26-14": an abbreviation, a blank, a year and a count."""
    for match in islice(_SPACED.finditer(text), _MOST):
        if not _overlaps(taken, match.start(), match.end()):
            taken.append((match.start(), match.end()))
            mention = _generic(match[1], where, text, match.start(), match.start(), keyword=False)
            yield replace(mention, weight=mention.weight + 1.0)


def _standing_alone(
    where: str, text: str, spans: Sequence[tuple[int, int]], taken: _Spans
) -> Iterator[_Mention]:
    for match in (match for start, end in spans for match in _STANDALONE.finditer(text, start, end)):
        value = _tidy(match[1])
        if not _overlaps(taken, match.start(), match.end()) and _may_be_case(value, keyword=False):
            yield _generic(value, where, text, match.start(1), match.start(1), keyword=False)


def _within(taken: _Spans, start: int, end: int) -> bool:
    """Whether a longer number already holds this one."""
    return any(other <= start and end <= last and last - other > end - start for other, last in taken)


def _whole(number: Number, text: str) -> Number:
    """With the document number or year that some letters join to a known shape."""
    more = _JOINED.match(text, number.end)
    if more is None:
        return number
    return replace(number, value=f"{number.value}{more[0]}", end=more.end())


def _tidy(value: str) -> str:
    return value.rstrip(".:,;/-–")


def _overlaps(taken: _Spans, start: int, end: int) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in taken)


def _mention_of(number: Number, where: str, text: str, owner: Body | None) -> _Mention:
    own = owner is not None and number.body.id == owner.id
    weight = (
        {"strong": 6.0, "medium": 4.5, "weak": 1.5}[number.strength] if own else 2.0 if owner is None else 0.0
    )
    weight -= next((less for series, less in _OTHER_SERIES if series.search(number.denotes)), 0.0)
    weight += _surroundings(where, text, number.start, number.start, number.end)
    if own and _LETTER_SERIES.search(number.denotes):
        weight = min(weight, _LETTER_NUMBER)
    return _Mention(
        value=number.value,
        owner=number.body,
        strength=number.strength,
        where=where,
        weight=weight,
        start=number.start,
        former=_FORMER.search(text[max(0, number.start - 40) : number.start]) is not None,
        denotes=number.denotes,
    )


def _generic(value: str, where: str, text: str, start: int, keyword_start: int, *, keyword: bool) -> _Mention:
    # A number of several parts, letters and digits, is nobody's date, amount or telephone.
    weight = (2.5 if keyword else 1.0 if _OF_PARTS.fullmatch(value) else 0.0) + _surroundings(
        where, text, keyword_start, start, start + len(value)
    )
    return _Mention(value=value, owner=None, strength="weak", where=where, weight=weight, start=start)


def _surroundings(where: str, text: str, start: int, value_start: int, end: int) -> float:
    """What the place speaks for; ``start`` is the keyword's where one goes before the value."""
    before = text[max(0, start - 44) : start]
    line = text[text.rfind("\n", 0, start) + 1 : start]
    weight = 1.5 if where == "subject" else 0.0
    if not line.strip() and not text[end : end + 60].partition("\n")[0].strip(" .:"):
        weight += 1.0  # alone on its line, as the head of a letter has it
    if _KEYWORD_AT_END.search(before):
        weight += 1.0
    if _OWN.search(before[-16:]):
        weight += 1.0
    if _OPENED.match(text, end):
        weight += 3.0
    if _FOREIGN.search(text[max(0, value_start - 56) : value_start]):
        weight -= 7.0
    return weight


def _may_be_case(value: str, *, keyword: bool) -> bool:
    """Whether ``value`` can be a case number; after a keyword plain numbers can, elsewhere they say nothing."""
    if "@" in value or len(value) > 40:
        return False
    if keyword and _AFTER_A_KEYWORD.fullmatch(value):
        return _NEVER.fullmatch(value) is None
    if _NO_CASE.fullmatch(value):
        return False
    separators = sum(value.count(mark) for mark in "-/.#:")
    letters = sum(character.isalpha() for character in value)
    if keyword:
        return bool(separators or letters or value.isdigit())
    shouted = not value.islower() or _YEAR.search(value) is not None
    return separators >= 1 and (letters >= 2 or separators >= 2) and shouted
