"""The register's rows as the bytes they are kept in: of a million customers a letter needs a few."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial

from pydantic import TypeAdapter

from complaints.matching.lookup import Links, Lookup
from complaints.matching.parts import Part, Parts, joined, within
from complaints.model import Customer

_IN_MIND = 5_000  # rows; the same customers come up again and again
_JSON = TypeAdapter(Customer)  # whatever fields a customer has

Ids = frozenset[str]
NOBODY: Ids = frozenset()


class Rows(Mapping[str, Customer]):
    """The customers by id, in the register's order; each is made when it is asked for."""

    def __init__(self, ids: Lookup, places: Sequence[int], starts: Sequence[int], packed: Part) -> None:
        """``packed`` from ``starts[n]`` to ``starts[n + 1]`` is row n, and ``places[n]`` the place of its id."""
        self._ids, self._places, self._starts, self._packed = ids, places, starts, packed
        self._row = lru_cache(maxsize=_IN_MIND)(partial(_read, starts, memoryview(packed)))

    @classmethod
    def pack(cls, customers: Iterable[Customer]) -> "Rows":
        """Keep these customers; raises ValueError where two have one id."""
        ids, starts, packed = Links(), array("Q", (0,)), bytearray()
        for row, customer in enumerate(customers):
            if ids.add(customer.id, row) != row:
                raise ValueError(f"the register has the id {customer.id} twice")
            packed += _JSON.dump_json(customer, exclude_defaults=True)
            starts.append(len(packed))
        return cls(*ids.packed(), starts, packed)

    def __getitem__(self, customer_id: str) -> Customer:
        row = next(iter(self._ids.rows(customer_id)), None)
        if row is None:
            raise KeyError(customer_id)
        return self._row(row)

    def __iter__(self) -> Iterator[str]:
        return map(self._ids.key, self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, customer_id: object) -> bool:
        return isinstance(customer_id, str) and self._ids.number(customer_id) is not None

    def at(self, row: int) -> Customer:
        """The customer in a row."""
        return self._row(row)

    def ids_at(self, rows: Iterable[int]) -> Ids:
        """The ids of the customers in these rows."""
        return frozenset(self._ids.key(self._places[row]) for row in rows)

    def parts(self) -> Parts:
        """What :meth:`of` makes the same rows of."""
        return {
            **joined("ids", self._ids.parts()),
            "places": array("I", self._places).tobytes(),
            "starts": array("Q", self._starts).tobytes(),
            "packed": self._packed,
        }

    @classmethod
    def of(cls, parts: Mapping[str, memoryview]) -> "Rows":
        """The rows of which these are the :meth:`parts`."""
        ids = Lookup.of(within("ids", parts))
        return cls(ids, parts["places"].cast("I"), parts["starts"].cast("Q"), parts["packed"])


def _read(starts: Sequence[int], packed: memoryview, row: int) -> Customer:
    return _JSON.validate_json(bytes(packed[starts[row] : starts[row + 1]]))
