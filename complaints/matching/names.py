"""The names a customer goes by, and how much each of them says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from complaints.matching.forms import LEGAL_FORMS, split_form
from complaints.matching.tokens import name_words
from complaints.matching.webnames import host_and_path, label_of
from complaints.matching.words import GROUP_WORDS, ORDINARY, SHARED_NAMES
from complaints.model import Customer

Words = tuple[str, ...]


class Tier(IntEnum):
    """How much a name says: more is surer."""

    LABEL = 0  # of a web site that is called otherwise than its owner: others may go by it too
    BRAND = 1  # what is left of a name without the words that a group's companies add
    ALIAS = 2  # a registered alias, or the name without its legal form
    LEGAL = 3  # the whole name with its legal form


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write a customer's name."""

    words: Words
    tier: Tier
    heads_family: bool  # its first words, alone, may mean this row too


_PARENTHESIS = re.compile(r"\s*\(([^()]{1,60})\)")
# The label of an authority's host is a place more often than a brand: salford.gov.uk.
_PUBLIC_BODY = re.compile(r"\.(?:gov|police|nhs|ac|sch|edu|mil)\.[a-z]{2}\Z|\.(?:gov|edu|mil)(?:\.scot)?\Z")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def names_of(customer: Customer) -> Iterator[Name]:
    """Every name of a customer, the register's spelling first."""
    for written, of_name in ((customer.name, True), *((alias, False) for alias in customer.aliases)):
        for spelling in _spellings(written):
            for words in name_words(spelling):
                yield from _tiers(words, of_name=of_name)
    yield from _brands(customer)


def _spellings(written: str) -> Iterator[str]:
    yield written
    bare = _PARENTHESIS.sub("", written).strip()
    if bare and bare != written:
        yield bare
        yield from (
            inside for inside in _PARENTHESIS.findall(written) if inside.isupper() and len(inside) >= 3
        )
    if " / " in written:
        # "Cassa di Risparmio / Sparkasse AG" has two names, "Johannisgemeinde am Sandbach / Cremlingen" a place.
        yield from (part for part in written.split(" / ") if " " in part.strip())
    if len(written) >= 8 and " " not in written and "." not in written and _CAMEL.search(written):
        yield _CAMEL.sub(" ", written)


def _tiers(words: Words, *, of_name: bool) -> Iterator[Name]:
    if not words:
        return
    core, form = split_form(words)
    has_form = any(word in LEGAL_FORMS for word in words[1:])  # a branch's name has it in the middle
    # The alias of another legal person ("Facebook Technologies Ireland Ltd") lends its first words to nobody.
    yield Name(words, Tier.LEGAL if form or has_form else Tier.ALIAS, of_name or not has_form)
    if core != words:
        yield Name(core, Tier.ALIAS, of_name)


def _brands(customer: Customer) -> Iterator[Name]:
    hosts = [host_and_path(domain)[0] for domain in customer.domains]
    labels = {label_of(host) for host in hosts if not _PUBLIC_BODY.search(host)}
    for words in name_words(customer.name):
        core = split_form(words)[0]
        brand = without_group_words(core)
        if brand != core:
            yield Name(brand, Tier.BRAND, heads_family=True)
        for length in range(1, len(core)):
            if "".join(core[:length]).replace("&", "and") in labels or "".join(core[:length]) in labels:
                yield Name(core[:length], Tier.BRAND, heads_family=True)
    for label in labels:
        if len(label) >= 5 and label.isalpha():
            yield Name((label,), Tier.BRAND if _is_like(label, customer) else Tier.LABEL, heads_family=False)


def _is_like(label: str, customer: Customer) -> bool:
    """Whether a site is called like its owner, or like one of the owner's registered names."""
    written = [words for name in (customer.name, *customer.aliases) for words in name_words(name)]
    return any(label in words or "".join(words).startswith(label) for words in written)


def without_group_words(words: Words) -> Words:
    """The name without "Ireland", "Group", "EMEA" and the like at its end."""
    end = len(words)
    while end > 1 and words[end - 1] in GROUP_WORDS:
        end -= 1
    return words[:end]


def is_common(words: Words) -> bool:
    """Whether a name is made of words of the language and of numbers alone."""
    return all(word in ORDINARY or word.isdigit() for word in words if word != "&")


def is_ordinary(words: Words) -> bool:
    """Whether a name is made of words so common, or so short, that it identifies nobody by itself."""
    telling = [word for word in words if word != "&"]
    return (
        is_common(words) or (len(telling) == 1 and telling[0] in SHARED_NAMES) or len("".join(telling)) <= 3
    )


def group_key(words: Words) -> Words:
    """The same for names that differ by a plural only: too alike to tell one legal person from another."""
    return tuple(word.removesuffix("s") if len(word) > 3 else word for word in words)
