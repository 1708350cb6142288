"""The customers register, prepared for looking names, sites and numbers up in letters."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from complaints.matching import parts
from complaints.matching.keys import Collector, Key, Keys
from complaints.matching.lookup import Links, Lookup
from complaints.matching.names import Words
from complaints.matching.numbers import Number, parse_identifier
from complaints.matching.rows import NOBODY, Ids, Rows
from complaints.matching.tokens import Token, fold
from complaints.matching.webnames import host_and_path, hosts_upward, is_public_suffix, label_of, registrable
from complaints.matching.words import FREEMAIL, PAGE_HOSTS
from complaints.model import Customer


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in a text: tokens ``first`` to ``last``, both included."""

    key: Key
    first: int
    last: int


class CustomerIndex:
    """Built once for a register, never changed, shared by all."""

    def __init__(
        self, *, rows: Rows, keys: Keys, hosts: Lookup, sites: Lookup, people: Lookup, numbers: Lookup
    ) -> None:
        """Made by :meth:`build` or :meth:`load`."""
        self._rows, self._keys, self._numbers = rows, keys, numbers
        self._hosts = hosts  # and paths on them, as the register lists them
        self._sites = sites  # the same by what is registered as a whole
        self._people = people  # where the people on file have their mailboxes, likewise

    @classmethod
    def build(cls, customers: Iterable[Customer]) -> "CustomerIndex":
        """Prepare a register.

        Raises:
            ValueError: two customers have one id; :func:`config.customers.read_customers` sees to that.
        """
        names, hosts, sites, people, numbers = Collector(), Links(), Links(), Links(), Links()

        def taken_in() -> Iterator[Customer]:
            for row, customer in enumerate(customers):
                names.add(row, customer)
                for host in map(_host, customer.domains):
                    hosts.add(host, row)
                    sites.add(registrable(host.partition("/")[0]), row)
                for host in _mail_hosts(customer):
                    people.add(registrable(host), row)
                for entry in customer.identifiers:
                    numbers.add(parse_identifier(entry).value, row)
                yield customer

        rows = Rows.pack(taken_in())
        there, _ = hosts.packed()
        return cls(
            rows=rows,
            keys=names.keys(there, rows),
            hosts=there,
            sites=sites.packed()[0],
            people=people.packed()[0],
            numbers=numbers.packed()[0],
        )

    def save(self, path: Path, *, key: str) -> None:
        """Keep the index in a file, for :meth:`load`; it holds what the register holds, managers included.

        Args:
            path: the file; what it held is replaced at once, or not at all.
            key: what the index was built from, such as the SHA-256 of the register.

        Raises:
            OSError: the file cannot be written.
        """
        found: parts.Parts = {}
        for name, part in self._pieces().items():
            found |= parts.joined(name, part.parts())
        parts.write(path, found, key=key)

    def _pieces(self) -> Mapping[str, Rows | Keys | Lookup]:
        return {
            "rows": self._rows,
            "keys": self._keys,
            "hosts": self._hosts,
            "sites": self._sites,
            "people": self._people,
            "numbers": self._numbers,
        }

    @classmethod
    def load(cls, path: Path, *, key: str) -> "CustomerIndex | None":
        """The index that :meth:`save` kept under the same key, or None: then it has to be built.

        None also where the file is missing or damaged, or was written under other rules of matching.
        """
        found = parts.read(path, key=key)
        if found is None:
            return None
        rows = Rows.of(parts.within("rows", found))
        return cls(
            rows=rows,
            keys=Keys.of(parts.within("keys", found), rows),
            hosts=Lookup.of(parts.within("hosts", found)),
            sites=Lookup.of(parts.within("sites", found)),
            people=Lookup.of(parts.within("people", found)),
            numbers=Lookup.of(parts.within("numbers", found)),
        )

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def customers(self) -> Mapping[str, Customer]:
        """The register's rows by id, in its order; each is made when it is asked for."""
        return self._rows

    @property
    def names(self) -> int:
        """How many different names the register knows."""
        return len(self._keys)

    def get(self, customer_id: str) -> Customer | None:
        """The customer with this id, or None."""
        return self._rows.get(customer_id)

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

    def _raw_hits(self, words: list[str]) -> Iterator[Hit]:
        for key, first in self._keys.in_line(words):
            yield Hit(key, first, first + len(key.words) - 1)

    def customers_at(self, written: str) -> tuple[Ids, bool]:
        """Who runs this site, and whether the register lists exactly this host (or path) for them."""
        host, path = host_and_path(written)
        if path and (listed := self._at_path(host, path)):
            return listed, True
        for parent in hosts_upward(host):
            if rows := self._hosts.rows(parent):
                return self._rows.ids_at(rows), True
        return self._rows.ids_at(self._sites.rows(registrable(host))), False

    def owner_of(self, host: str) -> Customer | None:
        """The one customer whose people write from ``host``; None where others may.

        The register knows it as a site of the customer, or as where its supplier manager has a mailbox. A
        site that several customers share, a mailbox host of the public and a public suffix are nobody's.
        """
        site = registrable(host)
        if not host or is_public_suffix(host) or site in FREEMAIL or site in PAGE_HOSTS:
            return None
        _, listed = self.customers_at(host)
        people = self._people.rows(site)
        there = {*self._sites.rows(site), *people}
        if len(there) != 1 or not (listed or people):
            return None
        return self._rows.at(there.pop())

    def _at_path(self, host: str, path: str) -> Ids:
        segments = path.split("/")
        for n in range(len(segments), 0, -1):
            if rows := self._hosts.rows("/".join((host, *segments[:n]))):
                return self._rows.ids_at(rows)
        return NOBODY

    def key_like_label(self, host: str) -> Key | None:
        """A customer's one-word name that a foreign host bears or begins with: nextdoor of nextdoor-watch.uk."""
        label = label_of(host)
        spelled = (label, *label.split("-"))
        found = (self._keys.of_words((fold(part)[0],)) for part in spelled)
        return next((key for key in found if key), None)

    def names_beginning_with(self, text: str) -> Iterator[Words]:
        """The words of the names, as they are compared, that begin with these letters."""
        return self._keys.beginning_with(text)

    def named(self, words: Words) -> Key | None:
        """The name that is just these words, or None."""
        return self._keys.of_words(words)

    def numbered(self, value: str) -> tuple[tuple[Number, str], ...]:
        """Registered numbers with this value, each with its customer's id."""
        holders = map(self._rows.at, self._numbers.rows(value))
        return tuple(
            (number, customer.id)
            for customer in holders
            for number in map(parse_identifier, customer.identifiers)
            if number.value == value
        )


def _host(domain: str) -> str:
    """A listed site as it is looked up."""
    host, path = host_and_path(domain)
    return f"{host}/{path}" if path else host


def _mail_hosts(customer: Customer) -> Iterator[str]:
    """Where the people on file have their mailboxes."""
    for email in (customer.supplier_manager_email, *customer.deputies, customer.fallback_email):
        if host := email.rpartition("@")[2].lower():
            yield host


def _spellings(words: list[Token]) -> Iterator[list[str]]:
    """The text's words, and its words in German transliteration where that is another."""
    yield [token.plain for token in words]
    if any(token.plain != token.german for token in words):
        yield [token.german for token in words]
