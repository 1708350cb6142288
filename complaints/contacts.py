"""Who at a customer's can acknowledge a complaint: exactly those on file, and those it was sent to. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.matching.webnames import is_within
from complaints.matching.words import FREEMAIL
from complaints.model import Complaint, Customer
from complaints.outbox import Notice


def mailbox(address: str) -> str:
    """An address as it is compared: lower case, without what follows a plus (RFC 5233)."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contacts:
    """The people of one complaint's customer."""

    known: frozenset[str]  # mailboxes of the contacts on file and of those written to
    domains: frozenset[str]  # the customer's own
    forwards: Sequence[Notice]  # of the present handing-over

    @classmethod
    def of(cls, complaint: Complaint, customer: Customer | None, forwards: Sequence[Notice]) -> "Contacts":
        """Those of a complaint.

        Args:
            complaint: as it stands.
            customer: its row in force; None: it has left the register.
            forwards: of the present handing-over.
        """
        noted = (complaint.manager_email, complaint.recipient_email, complaint.deputy_email)
        filed = (
            (customer.supplier_manager_email, *customer.deputies, customer.fallback_email) if customer else ()
        )
        people = {mailbox(one) for one in (*noted, *filed, *(n.recipient for n in forwards)) if one}
        at_home = {
            mailbox(complaint.manager_email).rpartition("@")[2],
            *(customer.domains if customer else ()),
        }
        return cls(
            known=frozenset(people), domains=frozenset(at_home - FREEMAIL - {""}), forwards=tuple(forwards)
        )

    def is_colleague(self, sender: str) -> bool:
        """Whether somebody writes from the customer's own domains; a public mailbox shows nothing."""
        domain = sender.rpartition("@")[2]
        return any(is_within(domain, one) for one in self.domains)
