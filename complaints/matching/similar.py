"""Customers whose names look like one that nobody bears: a typing error, perhaps, for a person to see.

Nothing is decided by it (I2): a company whose name resembles a customer's is mostly another company.
"""

from collections.abc import Iterator
from itertools import islice

from rapidfuzz import fuzz

from complaints.matching.forms import split_form
from complaints.matching.index import CustomerIndex
from complaints.matching.keys import Key
from complaints.matching.tokens import name_words

_ALIKE = 86  # of RapidFuzz's hundred: an error or two in a name of some length
_SHORTEST = 5  # letters; shorter names are like many others
_BLOCK = 4  # letters that must be right at the beginning, so that no register is gone through
_LOOKED_AT = 2_000


def similar(name: str, index: CustomerIndex) -> Iterator[Key]:
    """The register's names that look like ``name``, as they come; none where it is short or common."""
    words = next(iter(name_words(name)), ())
    core = " ".join(split_form(words)[0])
    if len(core) < _SHORTEST:
        return
    for known in islice(index.names_beginning_with(core[:_BLOCK]), _LOOKED_AT):
        other = " ".join(split_form(known)[0])
        alike = len(other) >= _SHORTEST and other != core and fuzz.ratio(core, other, score_cutoff=_ALIKE)
        if alike and (key := index.named(known)):
            yield key
