"""To whom a customer's complaints are handed today, and on which terms."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from complaints.absences import Absence, Recipient, recipient
from complaints.contracts import FiledRow, at_receipt, on_file
from complaints.customer_place import language_of
from complaints.model import Customer
from complaints.policy import Policy
from complaints.store.repository import Repository


@dataclass(frozen=True, kw_only=True, slots=True)
class Handover:
    """What a complaint is given of its customer."""

    customer: Customer  # as on file today
    contract: Customer | None  # the row in force at receipt, whose terms and calendar count (I3)
    recipient: Recipient | None  # None: nobody on file can be written to
    timezone: str = ""  # IANA, of its people; empty: the house's

    def given(self) -> dict[str, Any]:
        """The fields of the complaint."""
        row, reader = self.customer, self.recipient
        return {
            "customer_id": row.id,
            "customer_name": row.name,
            "customer_language": language_of(row),
            "customer_timezone": self.timezone,
            "manager_name": row.supplier_manager_name,
            "manager_email": row.supplier_manager_email,
            "deputy_email": row.deputies[0] if row.deputies else "",
            "recipient_email": reader.email if reader else "",
            "standing_in": reader.standing_in if reader else "",
            "encryption": row.encryption,
        }


class Handovers:
    """The handovers of one transaction: register and absences are read once for all its complaints."""

    def __init__(
        self,
        filed: Mapping[str, Sequence[FiledRow]],
        absences: Sequence[Absence],
        policy: Policy,
        now: datetime,
    ) -> None:
        self._filed = filed
        self._absences = absences
        self._policy = policy
        self._today = policy.day(now)

    @classmethod
    async def read(
        cls, repository: Repository, ids: Iterable[str], policy: Policy, now: datetime
    ) -> "Handovers":
        """Read what is on file of these customers."""
        wanted = {customer_id for customer_id in ids if customer_id}
        if not wanted:
            return cls({}, [], policy, now)
        filed = await repository.customers.filed(wanted)
        return cls(filed, await repository.absences.since(policy.day(now)), policy, now)

    def of(
        self, customer_id: str, received_at: datetime, *, passed_over: Collection[str] = (), why: str = ""
    ) -> Handover | None:
        """The handover of a complaint received at this instant; None where the register lacks the customer.

        Args:
            customer_id: of the register.
            received_at: aware.
            passed_over: who was written to in vain, lower case.
            why: they were, in words without personal data.
        """
        filed = self._filed.get(customer_id, ())
        today = on_file(filed, self._today)
        if today is None:
            return None
        then = at_receipt(filed, received_at, self._policy.day(received_at))
        return Handover(
            customer=today,
            contract=then,
            recipient=recipient(today, self._absences, self._today, passed_over=passed_over, why=why),
            timezone=self._policy.timezone_of(today),
        )
