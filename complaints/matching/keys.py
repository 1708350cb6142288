"""The names of a whole register: how much each says, and whom it may mean."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from complaints.matching.lookup import Links, Lookup
from complaints.matching.names import Tier, Words, group_key, names_of
from complaints.matching.parts import Part, Parts, joined, within
from complaints.matching.rows import Ids, Rows
from complaints.model import Customer

_IN_MIND = 1_000  # names; the same come up again and again, and some have many bearers


@dataclass(frozen=True, slots=True)
class Key:
    """A name that may stand in letters, and the customers it may mean."""

    words: Words
    tier: Tier  # the best any customer has it in
    ids: Ids  # who may be meant by it, relatives included
    lower: bool  # the register writes it in lower case


class Keys:
    """Every name of a register; never changed."""

    def __init__(self, names: Lookup, tiers: Part, lower: Part, longest: int, rows: Rows) -> None:
        """``tiers`` and ``lower`` hold a byte for each place in ``names``; ``longest`` is in characters."""
        self._names, self._tiers, self._lower, self._longest = names, tiers, lower, longest
        self._key = lru_cache(maxsize=_IN_MIND)(partial(_key, names, tiers, lower, rows))

    def __len__(self) -> int:
        return len(self._names)

    def in_line(self, words: Sequence[str]) -> Iterator[tuple[Key, int]]:
        """The names among words, and with which word each begins."""
        line, at = _line(words), 0
        for first, word in enumerate(words):
            for number in self._names.beginnings(line[at : at + self._longest]):
                yield self._key(number), first
            at += len(word) + 1

    def of_words(self, words: Sequence[str]) -> Key | None:
        """The name that is just these words, or None."""
        number = self._names.number(_line(words))
        return None if number is None else self._key(number)

    def beginning_with(self, text: str) -> Iterator[Words]:
        """The words of the names that begin with these letters."""
        return map(_words, self._names.beginning_with(text))

    def parts(self) -> Parts:
        """What :meth:`of` makes the same names of."""
        return {
            **joined("names", self._names.parts()),
            "tiers": self._tiers,
            "lower": self._lower,
            "longest": array("I", (self._longest,)).tobytes(),
        }

    @classmethod
    def of(cls, parts: Mapping[str, memoryview], rows: Rows) -> "Keys":
        """The names of which these are the :meth:`parts`, borne by customers in these rows."""
        names = Lookup.of(within("names", parts))
        return cls(names, parts["tiers"], parts["lower"], parts["longest"].cast("I")[0], rows)


def _key(names: Lookup, tiers: Part, lower: Part, rows: Rows, number: int) -> Key:
    return Key(
        words=_words(names.key(number)),
        tier=Tier(tiers[number]),
        ids=rows.ids_at(names.rows_at(number)),
        lower=bool(lower[number]),
    )


class Collector:
    """The names of a register being put together, customer by customer."""

    def __init__(self) -> None:
        self._links = Links()
        self._tiers = bytearray()
        self._lower = bytearray()
        self._alike: dict[
            str, int
        ] = {}  # the words of names that differ by a plural only come down to the same
        self._twins: defaultdict[int, list[int]] = defaultdict(list)  # the others that do, by the first
        self._heads = array("I")  # names whose first words, alone, may mean the row too
        self._head_rows = array("I")

    def add(self, row: int, customer: Customer) -> None:
        """Take in the names of the customer in this row."""
        starts_lower = any(written[:1].islower() for written in (customer.name, *customer.aliases))
        for name in names_of(customer):
            line = _line(name.words)
            number = self._links.add(line, row)
            if number == len(self._tiers):
                self._note_new(line, number)
            self._tiers[number] = max(self._tiers[number], name.tier)
            self._lower[number] |= starts_lower
            if name.heads_family and len(name.words) > 1:
                self._heads.append(number)
                self._head_rows.append(row)

    def _note_new(self, line: str, number: int) -> None:
        self._tiers.append(Tier.LABEL)
        self._lower.append(False)
        alike = _line(group_key(_words(line)))
        # Mostly it is the name itself, of which one copy is enough.
        first = self._alike.setdefault(line if alike == line else alike, number)
        if first != number:
            self._twins[first].append(number)

    def keys(self, hosts: Lookup, rows: Rows) -> Keys:
        """The names of all these rows; one that is among the ``hosts`` may mean whoever runs the site too."""
        self._add_twins()
        self._add_relatives()
        self._add_sites(hosts)
        names, places = self._links.packed()
        tiers, lower = bytearray(len(places)), bytearray(len(places))
        for number, place in enumerate(places):
            tiers[place], lower[place] = self._tiers[number], self._lower[number]
        return Keys(names, tiers, lower, max(map(len, self._links.keys()), default=0), rows)

    def _add_twins(self) -> None:
        """Names that differ by a plural only mean the bearers of each of them."""
        groups = [{first, *others} for first, others in self._twins.items()]
        group_of = {number: group for group in groups for number in group}
        own = [(number, row) for number, row in self._links.pairs() if number in group_of]
        for number, row in own:
            for other in group_of[number]:
                self._links.add_to(other, row)

    def _add_relatives(self) -> None:
        """A name that begins a longer one may mean the bearer of the longer one too.

        What a shorter mention of the same house may say: a branch's company, a subsidiary's brand.
        """
        names = self._links.keys()
        for head, row in zip(self._heads, self._head_rows, strict=True):
            for shorter in _beginnings(names[head]):
                if (number := self._links.number(shorter)) is not None:
                    self._links.add_to(number, row)

    def _add_sites(self, hosts: Lookup) -> None:
        """A web site as an alias is whoever's site it is."""
        for number, line in enumerate(self._links.keys()):
            if len(_words(line)) == 1:
                for row in hosts.rows(line[:-1]):
                    self._links.add_to(number, row)


def _line(words: Sequence[str]) -> str:
    """Words as they are looked for: a name ends where a word ends."""
    return " ".join((*words, ""))


def _words(line: str) -> Words:
    return tuple(line[:-1].split(" "))


def _beginnings(line: str) -> Iterator[str]:
    """The first words of a name: one, two, and so on, but not all."""
    words = _words(line)
    return (_line(words[:length]) for length in range(1, len(words)))
