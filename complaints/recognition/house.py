"""Who we are, as far as recognising a mail depends on it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """The processor whose inbox is read."""

    organisation: str  # our name as letters write it
    own_addresses: frozenset[str]  # lower case; mail to these reaches the inbox
    authserv_ids: frozenset[str] = frozenset()
    """Lower case; what our servers write first in Authentication-Results. Empty: no result is trusted."""
    timezone: str = "Europe/London"  # IANA name; the day of receipt is counted there

    @property
    def own_domains(self) -> frozenset[str]:
        """The domains of our own addresses."""
        return frozenset(address.rpartition("@")[2] for address in self.own_addresses)
