"""Confidential by contract: what a customer wants encrypted, and what stands in its way. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from complaints.contracts import FiledRow, on_file


class Encryption(StrEnum):
    """What a contract says of encrypting the forwards."""

    NONE = "none"
    OPPORTUNISTIC = "opportunistic"  # where a usable key of the reader is held
    REQUIRED = "required"  # without one nothing is sent, and a person is asked


class KeyFault(StrEnum):
    """Why nothing can be encrypted to somebody; a reason why a person is asked, without personal data."""

    MISSING = "encryption key missing"
    EXPIRED = "encryption key expired"
    NOT_YET = "encryption key not valid yet"
    UNREADABLE = "encryption key unreadable"
    ANOTHERS = "encryption key of another address"
    UNFIT = "encryption key unfit for encryption"


KEY_FAULTS = frozenset(fault.value for fault in KeyFault)


class Keys(Protocol):
    """The keys of those we write to."""

    def fault(self, address: str, now: datetime) -> KeyFault | None:
        """What is wrong with the key held of a mail address; None: it can be encrypted to."""
        ...


class NoKeys:
    """Nobody's key is held."""

    def fault(self, address: str, now: datetime) -> KeyFault | None:  # noqa: ARG002  the port's
        """Every key is missing."""
        return KeyFault.MISSING


_STRICTNESS = tuple(Encryption)


def strictest(asked: Iterable[str]) -> Encryption:
    """The strictest of these; of nothing, none."""
    return max((Encryption(one) for one in asked), key=_STRICTNESS.index, default=Encryption.NONE)


def asked_by(filed: Sequence[FiledRow], day: date) -> Encryption:
    """What the register asks for a customer today; of one that it lacks today, what it asked last."""
    row = on_file(filed, day) or (filed[-1].customer if filed else None)
    return Encryption(row.encryption) if row else Encryption.NONE
