"""Customers on forms: chosen from a list where the register is small, else named by an id or by their very name."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from itertools import islice

import structlog
from rapidfuzz import fuzz, process

from complaints.errors import NotAllowed
from complaints.matching import CustomerIndex
from complaints.matching.similar import similar
from complaints.matching.tokens import name_words
from flows.words import defused

ALL = "all customers"
LISTED = 500
"""Customers that a list may hold; in a longer one nobody finds anything."""

ReadRegister = Callable[[], Awaitable[CustomerIndex]]

_log = structlog.get_logger(__name__)

_BETWEEN = " · "  # no id holds a blank
_NEAR, _NEAR_ID = 5, 75  # so many are named; of RapidFuzz's hundred


def form_value(customer_id: str, name: str) -> str:
    """What stands for a customer on a form, and what links fill in; its id alone does as well."""
    return f"{customer_id}{_BETWEEN}{defused(name)}"


def id_in(written: str) -> str:
    """The id in what was chosen or filled in, as far as it is one."""
    return written.partition(_BETWEEN)[0].strip()


def choices(index: CustomerIndex) -> tuple[str, ...]:
    """What a form offers; nothing where the register is too long for a list."""
    if len(index) > LISTED:
        return ()
    return tuple(form_value(one.id, one.name) for one in index.customers.values())


def meant_by(written: str, index: CustomerIndex) -> str:
    """The id of the customer that somebody has filled in: by its id, or by a name that it alone bears.

    Raises:
        NotAllowed: it is none, or several bear the name; those that come near are told.
    """
    text = id_in(written)
    for written_id in (text, text.upper(), text.lower()):
        if index.get(written_id):
            return written_id
    bearers = sorted(set(_bearers(text, index)))
    if len(bearers) == 1:
        return bearers[0]
    if bearers:
        raise NotAllowed(f"several customers bear this name; give the id: {_told(bearers, index)}")
    near = _told(_near(text, index), index)
    raise NotAllowed(
        "no customer of the register has this id or name" + (f"; near it come {near}" if near else "")
    )


def _bearers(name: str, index: CustomerIndex) -> Iterator[str]:
    """Who bears this very name, whatever its capitals."""
    for known in filter(None, map(index.named, name_words(name))):
        for one in map(index.get, known.ids):
            if one and name.casefold() in map(str.casefold, (one.name, *one.aliases)):
                yield one.id


def _near(text: str, index: CustomerIndex) -> Iterable[str]:
    """Ids of customers whose name begins so or looks like it, or whose id does."""
    found: dict[str, None] = {}
    for words in name_words(text):
        begun = (index.named(words) for words in islice(index.names_beginning_with(" ".join(words)), _NEAR))
        for key in (*begun, *islice(similar(text, index), _NEAR)):
            found |= dict.fromkeys(sorted(key.ids) if key else ())
    alike = process.extract(
        text,
        list(index.customers),
        scorer=fuzz.ratio,
        processor=str.casefold,
        limit=_NEAR,
        score_cutoff=_NEAR_ID,
    )
    return [*found, *(one for one, _, _ in alike if one not in found)]


def _told(ids: Iterable[str], index: CustomerIndex) -> str:
    known = filter(None, map(index.get, islice(ids, _NEAR)))
    return ", ".join(f"{one.id} ({defused(one.name)})" for one in known)


class Offered:
    """What forms offer as the register stands; a long one that takes its time to be read holds nothing up.

    Args:
        read: gives the register, at once where it has not changed.
    """

    def __init__(self, read: ReadRegister) -> None:
        self._read = read
        self._reading: asyncio.Task[CustomerIndex] | None = None
        self._index: CustomerIndex | None = None
        self._choices: Sequence[str] = ()

    async def look(self, *, patience: float) -> Sequence[str]:
        """What there is to choose from, as far as it is known within so many seconds."""
        self._reading = self._reading or asyncio.create_task(self._known())
        await asyncio.wait({self._reading}, timeout=patience)
        if self._reading.done():
            read, self._reading = self._reading, None
            self._take(read)
        return self._choices

    async def _known(self) -> CustomerIndex:
        return await self._read()

    def _take(self, read: asyncio.Task[CustomerIndex]) -> None:
        if read.cancelled():
            return
        if error := read.exception():
            _log.warning("customers_not_read", error=type(error).__name__)
        elif read.result() is not self._index:
            self._index = read.result()
            self._choices = choices(self._index)
