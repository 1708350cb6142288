"""Domains that imitate a listed body's: by what they hold, by how they are drawn, by where they end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from complaints.matching.webnames import registrable
from complaints.model import Body
from complaints.recognition.confusables import latin, scripts, skeleton
from complaints.recognition.listing import word_set
from complaints.recognition.registry import Listed, Registry, own_label

# What imitators put around a body's own word: casework-ico.example, cnil-fr.example, ico-uk-org.example.
_FILLERS = word_set("""uk gb eu org gov co com net fr de es it ie nl pl se dk no pt at be ch lu fi europa europe casework case cases complaint complaints
    data protection privacy dataprotection gdpr rgpd dsgvo office official online portal secure security mail email info service services
    pec support help enforcement compliance authority commissioner commission regulator fine fines penalty notice notices verify fee fees pay payment payments
    register registration plainte plaintes beschwerde datenschutz reclamo reclamos klacht team www web my notification notifications alert legal law
    contact investigation investigations""")
# Run together with the body's word without a hyphen they must be long enough not to arise by chance: icocasework.
_LONG_FILLERS = frozenset(word for word in _FILLERS if len(word) >= 6)
_TYPO_LEAST = 5
"""Letters from which on one wrong letter still shows whose word it was; shorter words are neighbours by chance."""
_TYPO_ANYWHERE = 9
"""Letters from which on that holds under any ending; between the two the ending must be the body's own."""
_RUN_TOGETHER_LEAST = 6
_OTHER_ENDING = "its word under another ending"
# Other offices and firms bear these (justice.gov.uk, dsb.ruhr, ada.com), and nearly every word of three letters.
_COMMON_WORDS = word_set("justice ombudsman doj oag epic which liberty effi deco")


@dataclass(frozen=True, kw_only=True, slots=True)
class Resemblance:
    """A listed body's domain that another one imitates."""

    body: Body
    domain: str  # the listed one
    trick: str  # how, in words for people
    weak: bool = (
        False  # honest firms bear that word too: it says something only of a mail that names the body
    )


def look_alike(domain: str, registry: Registry) -> Resemblance | None:
    """The listed domain that ``domain`` imitates, or None. Ask only for domains that are not listed."""
    if not domain or len(domain) > 253:
        return None
    shown = _shown(domain.lower())
    readable = latin(shown)
    strange = readable != shown and not shown.isascii()
    found = next(_resemblances(readable, registry, strange=strange), None)
    if found is None:
        return None
    listed, trick = found
    mixed = any(len(scripts(label)) > 1 for label in shown.split("."))
    more = ", in letters of several scripts" if mixed else ", in letters of another script" if strange else ""
    word = own_label(listed.domain)
    weak = trick == _OTHER_ENDING and (len(word) <= 3 or word in _COMMON_WORDS)
    return Resemblance(body=listed.body, domain=listed.domain, trick=trick + more, weak=weak)


def _shown(domain: str) -> str:
    """As a mail program would show it: A-labels decoded (RFC 5891), each by itself, since one may be broken."""
    return ".".join(_label(label) for label in domain.split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except (UnicodeError, ValueError):
        pass
    try:  # IDNA 2008 knows labels that the codec of 2003 refuses; an imitator's mail is read by what it shows
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _resemblances(domain: str, registry: Registry, *, strange: bool) -> Iterator[tuple[Listed, str]]:
    if strange and (same := registry.at(domain)) is not None and not same.shared:
        yield same, "drawn like it"
    yield from _contained(domain, registry)
    yield from _dressed_up(domain, registry)
    yield from _drawn_alike(domain, registry)
    yield from _typo(domain, registry)


def _contained(domain: str, registry: Registry) -> Iterator[tuple[Listed, str]]:
    """ico.org.uk.evil.example, ico-org-uk.example and icoorguk.example, where the dots are gone, and ico.org."""
    short = next((one for one in _joined(registry).values() if one.domain.startswith(f"{domain}.")), None)
    if short is not None and domain == registrable(domain):
        yield short, "its beginning"
    labels = domain.split(".")
    for end in range(len(labels) - 1, 1, -1):
        for start in range(end - 1):
            if (listed := registry.at(".".join(labels[start:end]))) is not None and not listed.shared:
                yield listed, "holds it as a sub-domain"
    for label in labels[:-1]:
        words = label.split("-")
        spans = ((i, j) for i in range(len(words)) for j in range(i + 2, min(len(words), i + 5) + 1))
        for start, end in spans:
            listed = registry.exactly_at(".".join(words[start:end]))
            if listed is not None and not listed.shared:
                yield listed, "holds it with hyphens for dots"
        if len(label) >= _RUN_TOGETHER_LEAST and (listed := _joined(registry).get(label)) is not None:
            yield listed, "holds it without its dots"


def _dressed_up(domain: str, registry: Registry) -> Iterator[tuple[Listed, str]]:
    """The body's own word among fillers only, or under another top-level domain."""
    labels = domain.split(".")[:-1]
    chosen = registrable(domain).partition(".")[0]
    for label in labels:
        words = [word for word in re.split(r"[-_]", label) if word]
        for place, word in enumerate(words):
            listed = next(iter(registry.domains_with_label(word)), None)
            rest = words[:place] + words[place + 1 :]
            if listed is None or len(word) < 3 or word in _FILLERS:
                continue
            # bfdi-bund.de: the other words of its own domain are as good as fillers.
            if not _FILLERS.union(listed.domain.split(".")).issuperset(rest):
                continue
            if rest:
                yield listed, "its word with others"
            elif label == chosen or all(
                other in _FILLERS or other == chosen for other in labels if other != label
            ):
                yield listed, _OTHER_ENDING
        if (listed := _with_long_filler(label, registry)) is not None:
            yield listed, "its word with others"


def _with_long_filler(label: str, registry: Registry) -> Listed | None:
    if "-" in label:
        return None
    for filler in _LONG_FILLERS:
        for rest in (label.removesuffix(filler), label.removeprefix(filler)):
            if rest not in (label, "") and rest not in _FILLERS:
                listed = next(iter(registry.domains_with_label(rest)), None)
                if listed is not None and listed.body.kind == "supervisory-authority":
                    return listed
    return None


def _drawn_alike(domain: str, registry: Registry) -> Iterator[tuple[Listed, str]]:
    label = own_label(domain)
    alike = _drawings(registry).get(skeleton(label), ())
    for listed in sorted(alike, key=lambda one: _ending(one.domain) != _ending(domain)):
        if own_label(listed.domain) != label and _ends_alike(domain, listed.domain, label):
            yield listed, "drawn like it"


def _ends_alike(domain: str, listed: str, label: str) -> bool:
    """Short words are drawn like others by chance (lco, oo): they imitate where the ending is the body's too."""
    return len(label) >= _TYPO_LEAST or _ending(domain) == _ending(listed)


def _typo(domain: str, registry: Registry) -> Iterator[tuple[Listed, str]]:
    label, ending = own_label(domain), _ending(domain)
    for known in registry.labels if len(label) >= 4 else ():
        if known == label or abs(len(known) - len(label)) > 1:
            continue
        for listed in sorted(
            registry.domains_with_label(known), key=lambda one: _ending(one.domain) != ending
        ):
            if _is_typo(known, label, same_ending=ending == _ending(listed.domain)):
                yield listed, "one letter off"


def _is_typo(known: str, label: str, *, same_ending: bool) -> bool:
    if len(known) >= (_TYPO_LEAST if same_ending else _TYPO_ANYWHERE):
        return _near(known, label)
    # Of four letters only two that changed places are a slip and no other word: aedp.es.
    return same_ending and len(known) == 4 and sorted(known) == sorted(label) and _near(known, label)


def _ending(domain: str) -> str:
    return registrable(domain).partition(".")[2]


def _near(one: str, other: str) -> bool:
    """Whether one edit (a letter more, less, other, or two swapped) makes ``other`` of ``one``."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, others = one[start:], other[start:]
    swapped = rest[:2] == others[:2][::-1] and rest[2:] == others[2:]
    return swapped or rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]


@lru_cache(maxsize=4)
def _drawings(registry: Registry) -> dict[str, tuple[Listed, ...]]:
    found: dict[str, tuple[Listed, ...]] = {}
    for label in sorted(registry.labels):
        drawing = skeleton(label)
        found[drawing] = (*found.get(drawing, ()), *registry.domains_with_label(label))
    return found


@lru_cache(maxsize=4)
def _joined(registry: Registry) -> dict[str, Listed]:
    listed = (one for label in registry.labels for one in registry.domains_with_label(label))
    return {one.domain.replace(".", ""): one for one in listed}
