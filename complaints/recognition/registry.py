"""The registers of bodies, indexed once: by domain, by name, by the shape of their case numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from ahocorasick_rs import AhoCorasick, MatchKind

from complaints.model import Body
from complaints.recognition.listing import word_set

_NAME_BOUND = 24_000
# Capitals of Cyrillic and Greek that are drawn as Latin ones: who writes an abbreviation with them hides it.
_DRAWN_LIKE = str.maketrans("АВСЕНІЈКМОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABCEHIJKMOPSTXYABEZHIKMNOPTYX")
_WINDOW_BEFORE = 26
_WINDOW_AFTER = 30
_WINDOWS_MOST = 60
# A number, and whatever it is joined to, is where a case number can be; the rest of a letter is not searched.
_NUMBERED = re.compile(r"\S{0,24}\d\S{0,40}")

# Some shapes need a keyword to be told from any number; it is no part of the number.
_LEADING_KEYWORD = re.compile(r"[^\W\d_]?[^\W\d_A-Z]{3,}[.\s/]*(?:n\.?\s?[°ºo]?|nr|no)?[.:\s]*(?=\d)")

# Names that ordinary companies, departments and people bear too: they prove nothing by themselves.
_COMMON = frozenset(
    """data protection office|data protection authority|personal data protection office|personal data protection authority
    |personal data protection commission|national privacy commission|privacy network|privacy first|liberty|which?|epic|deco
    |xnet|effi|dtest|statewatch|commissioner|citizen d|chambre contentieuse|data protection commissioner|foxglove|eko|awo|fundación
    |information regulator|attorney general|consumer reports|amnesty|vrijschrift|ombudsman|federal trade commission""".replace(
        "\n", ""
    )
    .replace("    ", "")
    .split("|")
)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "\xa0": " ", "–": "-"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A body that mails from a domain."""

    body: Body
    domain: str  # the listed domain that fits
    shared: bool  # other institutions mail from it too


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """A case number that has the shape of a body's own."""

    value: str
    body: Body
    strength: str
    denotes: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shape:
    """A body's pattern, compiled."""

    pattern: re.Pattern[str]
    body: Body
    strength: str
    denotes: str


class Registry:
    """What recognition asks the registers.

    Args:
        bodies: every supervisory authority and public-interest body that is known.
    """

    def __init__(self, bodies: Sequence[Body]) -> None:
        self.bodies = tuple(bodies)
        self._domains = {
            domain: Listed(body=body, domain=domain, shared=shared)
            for body in bodies
            for domains, shared in ((body.domains, False), (body.shared_domains, True))
            for domain in domains
        }
        self._labels = _labels(self._domains)
        self._names, self._named = _name_index(bodies)
        self._acronyms = _acronyms(bodies)
        self._shapes = {body.id: _shapes(body) for body in bodies}
        self._strong = tuple(s for shapes in self._shapes.values() for s in shapes if s.strength == "strong")
        self._any_strong = re.compile("|".join(_embedded(s.pattern.pattern) for s in self._strong) or r"(?!)")

    def at(self, domain: str) -> Listed | None:
        """The body that mails from ``domain`` or from a domain above it; never by substring."""
        while domain:
            if (listed := self._domains.get(domain)) is not None:
                return listed
            domain = domain.partition(".")[2]
        return None

    def exactly_at(self, domain: str) -> Listed | None:
        """The body that is listed with ``domain`` itself."""
        return self._domains.get(domain)

    def domains_with_label(self, label: str) -> tuple[Listed, ...]:
        """The listed domains whose own word (``ico`` of ico.org.uk) is ``label``."""
        return self._labels.get(label, ())

    @property
    def labels(self) -> frozenset[str]:
        """Every listed domain's own word."""
        return frozenset(self._labels)

    def named_in(self, text: str) -> tuple[tuple[Body, str], ...]:
        """The bodies that ``text`` names, by full name or unmistakable abbreviation, with the name found."""
        text = text[:_NAME_BOUND].translate(_QUOTES)
        if not text.isascii():
            text = normalize("NFKC", text)  # fullwidth and styled letters are read as what they look like
        found: dict[str, tuple[Body, str]] = {}
        for body, name in (*self._full_names(text), *self._abbreviations(text)):
            found.setdefault(body.id, (body, name))
        return tuple(found.values())

    def names_body(self, body: Body, text: str) -> str:
        """The name of ``body`` that stands in ``text``, or empty."""
        return next((name for named, name in self.named_in(text) if named.id == body.id), "")

    def _full_names(self, text: str) -> Iterator[tuple[Body, str]]:
        lowered = text.lower()
        if len(lowered) != len(text):  # a few letters of other scripts change their length
            text = lowered
        for index, start, end in self._names.find_matches_as_indexes(lowered):
            if _whole_word(lowered, start, end):
                for body in self._named[index]:
                    yield body, text[start:end]

    def _abbreviations(self, text: str) -> Iterator[tuple[Body, str]]:
        for word in re.findall(r"(?<![\w.@/-])[^\W\d_]{3,9}(?![\w@])", text):
            for body in self._acronyms.get(word if word.isascii() else word.translate(_DRAWN_LIKE), ()):
                yield body, word

    def numbers_in(self, text: str, owner: Body | None = None) -> tuple[Number, ...]:
        """Case numbers of a body's own shape: every body's strong ones, and all of ``owner``'s, by place."""
        own = self._shapes.get(owner.id, ()) if owner is not None else ()
        found: dict[tuple[int, int], Number] = {}
        for offset, end in spans_with_numbers(text):
            rest = window = text[offset:end]
            for shape in own:
                _collect(found, shape, window, offset)
                rest = shape.pattern.sub(_blank, rest)
            # Most windows hold a date or an amount: one look at all shapes together spares them each its own.
            for shape in self._strong if self._any_strong.search(rest) else ():
                _collect(found, shape, rest, offset)
        return tuple(sorted(found.values(), key=lambda number: number.start))


def _shapes(body: Body) -> tuple[_Shape, ...]:
    return tuple(
        _Shape(pattern=re.compile(r.pattern), body=body, strength=r.strength, denotes=r.denotes)
        for r in body.references
    )


def _embedded(pattern: str) -> str:
    """``pattern`` as a part of a larger one: global flags hold for their own part only, groups count for nothing."""
    return f"(?i:{pattern.removeprefix('(?i)')})" if pattern.startswith("(?i)") else f"(?:{pattern})"


def _blank(match: re.Match[str]) -> str:
    """What the writer's own shape has taken is nobody else's number."""
    return " " * len(match[0])


def _collect(found: dict[tuple[int, int], Number], shape: _Shape, window: str, offset: int) -> None:
    for match in shape.pattern.finditer(window):
        group = next((index for index, value in enumerate(match.groups(), 1) if value), 0)
        keyword = _LEADING_KEYWORD.match(match[group])
        skipped = keyword.end() if keyword else 0
        start, end = offset + match.start(group) + skipped, offset + match.end(group)
        value = " ".join(match[group][skipped:].split())
        found.setdefault(
            (start, end),
            Number(
                value=value,
                body=shape.body,
                strength=shape.strength,
                denotes=shape.denotes,
                start=start,
                end=end,
            ),
        )


def spans_with_numbers(text: str, before: int = _WINDOW_BEFORE) -> Iterator[tuple[int, int]]:
    """Stretches of ``text`` around numbers, bounded in count, that do not overlap."""
    last: tuple[int, int] | None = None
    count = 0
    for hit in _NUMBERED.finditer(text):
        start, end = max(0, hit.start() - before), hit.end() + _WINDOW_AFTER
        if last is not None and start <= last[1]:
            last = (last[0], end)
            continue
        if last is not None:
            yield last
        count += 1
        if count > _WINDOWS_MOST:
            return
        last = (start, end)
    if last is not None:
        yield last


def _whole_word(text: str, start: int, end: int) -> bool:
    return not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())


def names_of(body: Body) -> tuple[str, ...]:
    """Every name and alias, without remarks in brackets, bilingual names taken apart."""
    raw = (body.name, body.name_en.partition(";")[0], *body.aliases)
    parts = (part for name in raw for part in re.split(r" / | – ", re.sub(r"\s*\([^)]*\)", "", name)))
    return tuple(dict.fromkeys(part.strip().translate(_QUOTES) for part in parts if part.strip()))


def _is_acronym(name: str) -> bool:
    return " " not in name and "-" not in name and len(name) <= 8 and sum(c.isupper() for c in name) >= 2


def _name_index(bodies: Sequence[Body]) -> tuple[AhoCorasick, list[list[Body]]]:
    owners: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        for name in names_of(body):
            lowered = name.lower()
            if len(name) >= 6 and lowered not in _COMMON and not _is_acronym(name):
                owners[lowered].append(body)
    return AhoCorasick(list(owners), matchkind=MatchKind.LeftmostLongest), list(owners.values())


def _acronyms(bodies: Sequence[Body]) -> dict[str, tuple[Body, ...]]:
    """Abbreviations of three letters or more; those of public-interest bodies are often words of other trades."""
    owners: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        least = 3 if body.kind == "supervisory-authority" else 4
        for name in names_of(body):
            if (
                len(name) >= least
                and name.lower() not in _COMMON
                and (_is_acronym(name) or name in ("noyb", "vzbv"))
            ):
                owners[name].append(body)
    return {name: tuple(named) for name, named in owners.items()}


def _labels(domains: dict[str, Listed]) -> dict[str, tuple[Listed, ...]]:
    labels: dict[str, list[Listed]] = defaultdict(list)
    for domain, listed in domains.items():
        if not listed.shared:
            labels[own_label(domain)].append(listed)
    return {label: tuple(owners) for label, owners in labels.items()}


# Second levels under which registries sell names, as far as listed bodies and their imitators use them.
_SECOND_LEVELS = word_set("ac bund bwl co com edu gob gouv gov go gub gv net nic nom or org police")


def own_label(domain: str) -> str:
    """The word that the holder of ``domain`` chose: ``ico`` of ico.org.uk, ``lfd`` of lfd.niedersachsen.de."""
    labels = domain.split(".")
    if len(labels) > 2 and labels[-2] in _SECOND_LEVELS:
        return labels[-3]
    return labels[0] if len(labels) > 2 else labels[-2] if len(labels) == 2 else domain
