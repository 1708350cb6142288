"""Strings and the rows that belong to them, packed: a million take some megabytes and are loaded at once."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence

from marisa_trie import Trie

from complaints.matching.parts import Parts

_ROW_BITS = 32
_ROW = (1 << _ROW_BITS) - 1


class Lookup:
    """From strings to the numbers of rows, ascending; never changed."""

    def __init__(self, trie: Trie, starts: Sequence[int], rows: Sequence[int]) -> None:
        """``rows`` from ``starts[n]`` to ``starts[n + 1]`` are those of the string that ``trie`` numbers n."""
        self._trie, self._starts, self._rows = trie, starts, rows

    def __len__(self) -> int:
        return len(self._trie)

    def number(self, key: str) -> int | None:
        """The place of a string among all, or None."""
        try:
            found: int | None = self._trie.get(_without_nul(key))
        except UnicodeEncodeError:  # half a character, from a mail's header; no register has it
            return None
        return found

    def key(self, number: int) -> str:
        """The string at a place."""
        return _with_nul(self._trie.restore_key(number))

    def rows_at(self, number: int) -> Sequence[int]:
        """The rows of the string at a place."""
        return self._rows[self._starts[number] : self._starts[number + 1]]

    def rows(self, key: str) -> Sequence[int]:
        """The rows of a string; none where it is unknown."""
        number = self.number(key)
        return () if number is None else self.rows_at(number)

    def beginnings(self, text: str) -> Sequence[int]:
        """The places of the strings that ``text``, which is made of words, begins with; the shortest first."""
        return [number for _, number in self._trie.iter_prefixes_with_ids(text)]

    def beginning_with(self, text: str) -> Iterator[str]:
        """The strings that begin with ``text``."""
        try:
            yield from map(_with_nul, self._trie.iterkeys(_without_nul(text)))
        except UnicodeEncodeError:
            return

    def parts(self) -> Parts:
        """What :meth:`of` makes the same lookup of."""
        return {
            "trie": self._trie.tobytes(),
            "starts": array("I", self._starts).tobytes(),
            "rows": array("I", self._rows).tobytes(),
        }

    @classmethod
    def of(cls, parts: Mapping[str, memoryview]) -> "Lookup":
        """The lookup of which these are the :meth:`parts`."""
        trie = Trie().frombytes(parts["trie"].tobytes())
        return cls(trie, parts["starts"].cast("I"), parts["rows"].cast("I"))


class Links:
    """Strings and rows being put together for a :class:`Lookup`."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        # One number for each pair, not two objects: there are millions.
        self._pairs = array("Q")

    def add(self, key: str, row: int) -> int:
        """Say that a row belongs to a string; answers the string's number here, in the order of the first."""
        number = self._numbers.setdefault(key, len(self._numbers))
        self.add_to(number, row)
        return number

    def add_to(self, number: int, row: int) -> None:
        """Say that a row belongs to the string with this number."""
        self._pairs.append(number << _ROW_BITS | row)

    def number(self, key: str) -> int | None:
        """The number of a string here, or None."""
        return self._numbers.get(key)

    def keys(self) -> list[str]:
        """The strings, by number."""
        return list(self._numbers)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """What was added: numbers of strings, and rows."""
        return ((pair >> _ROW_BITS, pair & _ROW) for pair in self._pairs)

    def packed(self) -> tuple[Lookup, Sequence[int]]:
        """The lookup, and at which place of it each string of here is, by number."""
        trie = Trie(map(_without_nul, self._numbers))
        places = array("I", (trie[_without_nul(key)] for key in self._numbers))
        ordered = sorted({places[number] << _ROW_BITS | row for number, row in self.pairs()})
        return Lookup(
            trie, _starts(ordered, len(places)), array("I", (one & _ROW for one in ordered))
        ), places


def _starts(ordered: Iterable[int], places: int) -> Sequence[int]:
    counts = array("I", bytes(4 * (places + 1)))
    for one in ordered:
        counts[(one >> _ROW_BITS) + 1] += 1
    for place in range(places):
        counts[place + 1] += counts[place]
    return counts


def _without_nul(key: str) -> str:
    """A string as the trie takes it: it loses keys with NULs."""
    return key.replace("\1", "\1\2").replace("\0", "\1\3")


def _with_nul(key: str) -> str:
    return key.replace("\1\3", "\0").replace("\1\2", "\1")
