"""The people whom ladders tell: their addresses, their quiet hours, and who is on duty when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from complaints.deadlines import Calendar, closes_at, half_of_what_is_left
from complaints.escalation import one_way


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who can be told."""

    name: str
    addresses: tuple[str, ...]  # mail addresses and apprise URLs; all are told
    quiet: Calendar | None = None  # the hours in which warnings wait, in the person's own zone


class Roster(Protocol):
    """Says who is on duty."""

    def on_duty(self, at: datetime) -> Sequence[str]:
        """The names or addresses of those on duty at this instant; answers at once, from memory."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Several people under one name."""

    name: str
    members: tuple[str, ...] = ()  # names of people, mail addresses, apprise URLs
    roster: Roster | None = None  # of a group whose members change with the hour


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """Everybody of the people file."""

    persons: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    _quiet: Mapping[str, Calendar] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make quiet hours known by address: a setting names somebody by it, too."""
        quiet = {
            one_way(address): person.quiet
            for person in self.persons
            if person.quiet is not None
            for address in person.addresses
        }
        object.__setattr__(self, "_quiet", quiet)

    @property
    def names(self) -> frozenset[str]:
        """What a rung can name, in lower case."""
        return frozenset(
            {one.name.lower() for one in self.persons} | {one.name.lower() for one in self.groups}
        )

    def book(self, now: datetime) -> dict[str, tuple[str, ...]]:
        """The addresses behind each name at this instant."""
        persons = {person.name.lower(): person.addresses for person in self.persons}
        return persons | {group.name.lower(): _members(group, persons, now) for group in self.groups}

    def has_quiet_hours(self, address: str) -> bool:
        """Whether warnings to this address ever wait."""
        return one_way(address) in self._quiet

    def quiet_until(self, address: str, now: datetime, due: datetime | None) -> datetime | None:
        """Until when a warning to this address waits; None: it goes at once.

        It waits for the end of the quiet hours if at least half of the time that is left now is left then:
        a warning that comes when nothing can be done any more is none. What has no deadline always waits.
        """
        hours = self._quiet.get(one_way(address))
        ends = closes_at(hours, now) if hours is not None else None
        if ends is None or due is None:
            return ends
        return ends if ends <= half_of_what_is_left(now, due) else None


def _members(group: Group, persons: Mapping[str, Sequence[str]], now: datetime) -> tuple[str, ...]:
    names = (*group.members, *(group.roster.on_duty(now) if group.roster else ()))
    return tuple(address for name in names for address in persons.get(name.lower(), _address(name)))


def _address(name: str) -> tuple[str, ...]:
    return (name,) if "@" in name or "://" in name else ()


NOBODY_MORE = People()
"""Of a house without a people file."""
