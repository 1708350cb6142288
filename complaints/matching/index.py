"""The customers register, prepared for looking names, sites and numbers up in letters."""

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from ahocorasick_rs import AhoCorasick

from complaints.matching.names import Name, Tier, Words, group_key, names_of
from complaints.matching.numbers import Number, parse_identifier
from complaints.matching.tokens import Token, fold
from complaints.matching.webnames import host_and_path, hosts_upward, is_public_suffix, label_of, registrable
from complaints.matching.words import FREEMAIL, PAGE_HOSTS
from complaints.model import Customer

Ids = frozenset[str]
NOBODY: Ids = frozenset()


@dataclass(frozen=True, slots=True)
class Key:
    """A name that may stand in letters, and the customers it may mean."""

    words: Words
    tier: Tier  # the best any customer has it in
    ids: Ids  # who may be meant by it, relatives included
    lower: bool  # the register writes it in lower case


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in a text: tokens ``first`` to ``last``, both included."""

    key: Key
    first: int
    last: int


class CustomerIndex:
    """Built once for a register, never changed, shared by all."""

    def __init__(
        self,
        *,
        customers: dict[str, Customer],
        keys: tuple[Key, ...],
        hosts: dict[str, Ids],
        numbers: dict[str, tuple[tuple[Number, str], ...]],
    ) -> None:
        self.customers = MappingProxyType(customers)
        self._keys = keys
        self._automaton = AhoCorasick([f" {' '.join(key.words)} " for key in keys])
        self._hosts = hosts
        self._numbers = numbers
        self._sites = _by_registrable(hosts)
        self._people = _by_registrable(_mail_hosts(customers.values()))
        self._single = {key.words[0]: key for key in keys if len(key.words) == 1}

    @classmethod
    def build(cls, customers: Iterable[Customer]) -> "CustomerIndex":
        """Prepare a register. Ids must be unique; :func:`config.customers.read_customers` sees to that."""
        rows = {customer.id: customer for customer in customers}
        with _uncollected():
            hosts = _hosts(rows.values())
            return cls(
                customers=rows,
                keys=_keys(rows.values(), hosts),
                hosts=hosts,
                numbers=_numbers(rows.values()),
            )

    def __len__(self) -> int:
        return len(self.customers)

    @property
    def names(self) -> int:
        """How many different names the register knows."""
        return len(self._keys)

    def get(self, customer_id: str) -> Customer | None:
        """The customer with this id, or None."""
        return self.customers.get(customer_id)

    def names_in(self, words: list[Token]) -> list[Hit]:
        """Names in a text, the longest where one stands inside another, in order."""
        found = {hit: None for spelling in _spellings(words) for hit in self._raw_hits(spelling)}
        longest_first = sorted(found, key=lambda hit: (hit.first - hit.last, hit.first))
        taken: set[int] = set()
        kept = []
        for hit in longest_first:
            span = range(hit.first, hit.last + 1)
            if taken.isdisjoint(span):
                kept.append(hit)
                taken.update(span)
        return sorted(kept, key=lambda hit: hit.first)

    def _raw_hits(self, spelling: tuple[str, dict[int, int]]) -> Iterator[Hit]:
        haystack, starts = spelling
        for at, start, end in self._automaton.find_matches_as_indexes(haystack, overlapping=True):
            first = starts[start + 1]
            yield Hit(self._keys[at], first, first + haystack.count(" ", start + 1, end - 1))

    def customers_at(self, written: str) -> tuple[Ids, bool]:
        """Who runs this site, and whether the register lists exactly this host (or path) for them."""
        host, path = host_and_path(written)
        if path and (listed := self._at_path(host, path)):
            return listed, True
        for parent in hosts_upward(host):
            if parent in self._hosts:
                return self._hosts[parent], True
        return self._sites.get(registrable(host), NOBODY), False

    def owner_of(self, host: str) -> Customer | None:
        """The one customer whose people write from ``host``; None where others may.

        The register knows it as a site of the customer, or as where its supplier manager has a mailbox. A
        site that several customers share, a mailbox host of the public and a public suffix are nobody's.
        """
        site = registrable(host)
        if not host or is_public_suffix(host) or site in FREEMAIL or site in PAGE_HOSTS:
            return None
        _, listed = self.customers_at(host)
        there = self._sites.get(site, NOBODY) | self._people.get(site, NOBODY)
        if len(there) != 1 or not (listed or site in self._people):
            return None
        return self.get(next(iter(there)))

    def _at_path(self, host: str, path: str) -> Ids | None:
        segments = path.split("/")
        return next(
            (
                ids
                for n in range(len(segments), 0, -1)
                if (ids := self._hosts.get("/".join((host, *segments[:n]))))
            ),
            None,
        )

    def key_like_label(self, host: str) -> Key | None:
        """A customer's one-word name that a foreign host bears or begins with: nextdoor of nextdoor-watch.uk."""
        label = label_of(host)
        return next(
            (key for part in (label, *label.split("-")) if (key := self._single.get(fold(part)[0]))), None
        )

    def numbered(self, value: str) -> tuple[tuple[Number, str], ...]:
        """Registered numbers with this value, each with its customer's id."""
        return self._numbers.get(value, ())


@contextmanager
def _uncollected() -> Iterator[None]:
    """Build without the collector of garbage, and keep what was built out of its way for good.

    Millions of lasting objects would make it look through them again and again; they hold no cycles, so
    that an index goes when the last who uses it lets go.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


def _spellings(words: list[Token]) -> Iterator[tuple[str, dict[int, int]]]:
    """The text as one line of words, and which word begins at which character of it."""
    yield _line([token.plain for token in words])
    if any(token.plain != token.german for token in words):
        yield _line([token.german for token in words])


def _line(words: list[str]) -> tuple[str, dict[int, int]]:
    starts, at = {}, 1
    for number, word in enumerate(words):
        starts[at] = number
        at += len(word) + 1
    return f" {' '.join(words)} ", starts


def _keys(customers: Iterable[Customer], hosts: Mapping[str, Ids]) -> tuple[Key, ...]:
    rows = [(customer, tuple(names_of(customer))) for customer in customers]
    tiers: dict[Words, Tier] = {}
    alike: dict[Words, Words] = {}  # the words of names that differ by a plural only come down to the same
    ids: defaultdict[Words, set[str]] = defaultdict(set)
    twins: defaultdict[Words, set[str]] = defaultdict(set)
    lower: set[Words] = set()
    for customer, names in rows:
        starts_lower = any(written[:1].islower() for written in (customer.name, *customer.aliases))
        for name in names:
            words = name.words
            if words not in alike:
                alike[words] = group_key(words)
            tiers[words] = max(tiers.get(words, Tier.LABEL), name.tier)
            ids[words].add(customer.id)
            twins[alike[words]].add(customer.id)
            if starts_lower:
                lower.add(words)
    _add_relatives(rows, ids)
    for words in ids:
        if len(words) == 1 and words[0] in hosts:  # a web site as an alias is whoever's site it is
            ids[words] |= hosts[words[0]]
    sets = _Sets()
    return tuple(
        Key(words, tier, sets.of(ids[words] | twins[alike[words]]), words in lower)
        for words, tier in tiers.items()
    )


def _add_relatives(
    rows: Iterable[tuple[Customer, tuple[Name, ...]]], ids: defaultdict[Words, set[str]]
) -> None:
    """A name that begins a longer one may mean the bearer of the longer one too."""
    known = frozenset(ids)
    for customer, names in rows:
        for name in names:
            for prefix in _prefixes(name):
                if prefix in known:
                    ids[prefix].add(customer.id)


class _Sets:
    """One frozen set for all names of one customer: most names are one customer's alone."""

    def __init__(self) -> None:
        self._single: dict[str, Ids] = {}

    def of(self, ids: set[str]) -> Ids:
        if len(ids) != 1:
            return frozenset(ids)
        one = next(iter(ids))
        return self._single.setdefault(one, frozenset(ids))


def _prefixes(name: Name) -> Iterator[Words]:
    """What a shorter mention of the same house may say: a branch's company, a subsidiary's brand."""
    if name.heads_family:
        yield from (name.words[:length] for length in range(1, len(name.words)))


def _hosts(customers: Iterable[Customer]) -> dict[str, Ids]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for customer in customers:
        for domain in customer.domains:
            host, path = host_and_path(domain)
            found[f"{host}/{path}" if path else host].add(customer.id)
    sets = _Sets()
    return {host: sets.of(ids) for host, ids in found.items()}


def _mail_hosts(customers: Iterable[Customer]) -> dict[str, Ids]:
    """Where the people on file of each customer have their mailboxes."""
    hosts: defaultdict[str, set[str]] = defaultdict(set)
    for customer in customers:
        for email in (customer.supplier_manager_email, *customer.deputies, customer.fallback_email):
            if host := email.rpartition("@")[2].lower():
                hosts[host].add(customer.id)
    sets = _Sets()
    return {host: sets.of(ids) for host, ids in hosts.items()}


def _by_registrable(hosts: dict[str, Ids]) -> dict[str, Ids]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for host, ids in hosts.items():
        found[registrable(host.partition("/")[0])] |= ids
    sets = _Sets()
    return {site: sets.of(ids) for site, ids in found.items()}


def _numbers(customers: Iterable[Customer]) -> dict[str, tuple[tuple[Number, str], ...]]:
    found: defaultdict[str, list[tuple[Number, str]]] = defaultdict(list)
    for customer in customers:
        for entry in customer.identifiers:
            number = parse_identifier(entry)
            found[number.value].append((number, customer.id))
    return {value: tuple(entries) for value, entries in found.items()}
