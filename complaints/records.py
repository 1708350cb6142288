"""The reading side: what people and the window are shown. Changes nothing but the window's own cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from complaints.audit import broken_links
from complaints.errors import UnknownCustomer
from complaints.model import Complaint, LoggedEvent
from complaints.outbox import Notice
from complaints.reports import LOSSES, Report, lost_forwards, month_of, report
from complaints.store.database import Database
from complaints.store.mails import StoredMail
from complaints.store.repository import Repository


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """Everything that is known of one complaint."""

    complaint: Complaint
    mail: StoredMail
    arrivals: list[dict[str, Any]]  # mailbox, server_at, stored_at, sha256, message_id of each copy
    history: list[LoggedEvent]
    notices: list[Notice]
    faults: list[str]  # of the history's chain; empty when it is whole


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """What a complaint's page in the window is made from."""

    complaint: Complaint
    history: Sequence[LoggedEvent]
    forwards: Sequence[Notice]  # in the order of their writing


class InboxHealth(NamedTuple):
    """Whether one mailbox can be read."""

    mailbox: str
    last_ok_at: datetime | None
    blind: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """Whether the desk is well."""

    inboxes: Sequence[tuple[str, datetime | None, bool]]  # of InboxHealth
    unread: int  # mails stored and not assessed yet
    oldest_unread_at: datetime | None
    pending_notices: int
    oldest_pending_at: datetime | None
    last_relay_reply: str


class Records:
    """Reads what the desk wrote."""

    def __init__(self, database: Database) -> None:
        """Read from this store."""
        self._database = database

    async def show(self, ref: str) -> Dossier:
        """Everything about one complaint.

        Raises:
            UnknownComplaint: when there is none.
        """
        async with self._database.reading() as repository:
            complaint = await repository.complaints.get(ref)
            history = await repository.complaints.history(complaint.id)
            # What was split off a letter came with it.
            letter_s = await repository.threads.complaint_of(complaint.mail_id)
            return Dossier(
                complaint=complaint,
                mail=await repository.mails.get(complaint.mail_id),
                arrivals=await repository.mails.arrivals(letter_s or complaint.id),
                history=history,
                notices=await repository.notices.of_complaint(complaint.id),
                faults=broken_links(history),
            )

    async def calendar(self, version: str) -> dict[str, Any] | None:
        """What a calendar said when deadlines were counted in it; None where nothing was kept."""
        async with self._database.reading() as repository:
            return await repository.calendars.content(version)

    async def open_complaints(self, limit: int = 5000, *, everything: bool = False) -> list[Complaint]:
        """Those not settled, by deadline; or all, newest first."""
        async with self._database.reading() as repository:
            return await repository.complaints.unsettled(limit, everything=everything)

    async def stories(self, complaints: Sequence[Complaint]) -> list[Story]:
        """The whole history of each of these."""
        async with self._database.reading() as repository:
            histories = await repository.complaints.histories([(one.id, 0) for one in complaints])
            forwards = await repository.notices.forwards(one.id for one in complaints)
        return [
            Story(complaint=one, history=histories[one.id], forwards=forwards.get(one.id, ()))
            for one in complaints
        ]

    async def filed(self, limit: int = 100) -> list[StoredMail]:
        """Mail that needed no routing, newest first."""
        async with self._database.reading() as repository:
            return await repository.mails.filed(limit)

    async def mail_counts(self) -> dict[str, int]:
        """How many mails are in each state."""
        async with self._database.reading() as repository:
            return await repository.mails.counts()

    async def versions(self, since: datetime) -> dict[int, int]:
        """How many events each complaint has that is open or was received from an instant on, by its id."""
        async with self._database.reading() as repository:
            return await repository.complaints.versions(since)

    async def by_id(self, ids: Sequence[int]) -> list[Complaint]:
        """These complaints."""
        async with self._database.reading() as repository:
            return await repository.complaints.by_id(ids)

    async def losses(self, ids: Sequence[int]) -> dict[int, list[datetime]]:
        """When forwards of these complaints came back or were refused, by the ids of those that had any."""
        async with self._database.reading() as repository:
            return await _losses(repository, ids)

    async def report(self, month: str, zone: ZoneInfo, now: datetime, customer_id: str = "") -> Report:
        """How the promise was kept in a month.

        Args:
            month: ``2026-11``.
            zone: in which the month is meant.
            now: aware.
            customer_id: of the register; empty: to all.

        Raises:
            BadMonth: when that is no month, or has not begun.
            UnknownCustomer: when the register lacks the customer and no complaint is its.
        """
        begins, ends = month_of(month, zone, now)
        async with self._database.reading() as repository:
            found = await repository.complaints.received(begins, ends, customer_id)
            if (
                not found
                and customer_id
                and not (await repository.customers.filed([customer_id]))[customer_id]
            ):
                raise UnknownCustomer(
                    f"no customer {customer_id}; `forthwith customers list` shows those there are"
                )
            lost = await _losses(repository, [one.id for one in found])
        return report(found, month, begins, ends, lost=lost)

    async def clocks_running(self) -> int:
        """How many complaints wait for their deadline, not late yet."""
        async with self._database.reading() as repository:
            return await repository.complaints.clocks_running()

    async def health(self) -> Health:
        """Whether the desk is well."""
        async with self._database.reading() as repository:
            unread, oldest_unread = await repository.mails.unread()
            unsent, oldest_unsent = await repository.notices.unsent()
            return Health(
                inboxes=[
                    InboxHealth(
                        mailbox=row.mailbox,
                        last_ok_at=row.read_at,
                        blind=row.blind_since is not None,
                    )
                    for row in await repository.folders.all()
                ],
                unread=unread,
                oldest_unread_at=oldest_unread,
                pending_notices=unsent,
                oldest_pending_at=oldest_unsent,
                last_relay_reply=await repository.notices.last_reply(),
            )

    # --- the window's cursor -----------------------------------------------------------------

    async def unmirrored(self, limit: int) -> list[tuple[Complaint, list[LoggedEvent], str]]:
        """Complaints whose history went on since the window last heard of it.

        Returns:
            Each with the events it has not heard of, and the flow run that stands for the complaint ("": none yet).
        """
        async with self._database.reading() as repository:
            behind = await repository.mirror.behind(limit)
            if not behind:
                return []
            complaints = {c.id: c for c in await repository.complaints.by_id([b[0] for b in behind])}
            events = await repository.complaints.histories([(b[0], b[1]) for b in behind])
        return [(complaints[i], events[i], run) for i, _, run in behind]

    async def mirrored(self, marks: Sequence[tuple[int, int, str]]) -> None:
        """Remember how far the window has heard: complaint id, seq, flow run id."""
        async with self._database.writing() as repository:
            await repository.mirror.tell(marks)

    async def broken_histories(self) -> dict[str, list[str]]:
        """Every complaint whose history is not whole, and what is wrong with it."""
        async with self._database.reading() as repository:
            everything = await repository.complaints.unsettled(10**9, everything=True)
            histories = await repository.complaints.histories([(c.id, 0) for c in everything])
        faults: dict[str, list[str]] = {}
        for complaint in everything:
            found = broken_links(histories[complaint.id])
            if len(histories[complaint.id]) != complaint.version:
                found.append(
                    f"{complaint.version} events are expected, {len(histories[complaint.id])} are there"
                )
            if found:
                faults[complaint.ref] = found
        return faults


async def _losses(repository: Repository, ids: Sequence[int]) -> dict[int, list[datetime]]:
    told: dict[int, list[LoggedEvent]] = {}
    for event in await repository.complaints.told(ids, LOSSES):
        told.setdefault(event.complaint_id, []).append(event)
    return {number: lost for number, events in told.items() if (lost := lost_forwards(events))}
