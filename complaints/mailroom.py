"""The mail room: takes mail in, keeps the ledger, and says when an inbox can't be read."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from complaints.case import Case, write_cases
from complaints.clock import Clock
from complaints.inbox.port import FolderState
from complaints.lifecycle import Event
from complaints.model import Arrival
from complaints.outbox import NewNotice, NoticeKind
from complaints.policy import Policy
from complaints.store.database import Database
from complaints.store.folders import FolderRow
from complaints.store.mails import Receipt
from complaints.store.notices import Draft
from complaints.store.repository import Repository

log = structlog.get_logger()


class Mailroom:
    """Stores what arrives (I1) and watches that something can arrive. The inboxes' ledger."""

    def __init__(self, database: Database, policy: Policy, clock: Clock, *, blind_after: timedelta) -> None:
        """Open the mail room.

        Args:
            database: where mail is kept.
            policy: who is told of a blind inbox.
            clock: tells the present instant.
            blind_after: how long an inbox may be unreadable before the managers hear of it.
        """
        self._database = database
        self._policy = policy
        self._clock = clock
        self._blind_after = blind_after
        self._started_at = clock()
        self.watching: frozenset[str] = frozenset()
        """The mailboxes that ought to be read; of others nobody expects anything."""

    async def receive(self, arrivals: Sequence[Arrival]) -> list[Receipt]:
        """Commit a batch: raw bytes, ledger, and a line on complaints whose letter came once more."""
        if not arrivals:
            return []
        now = self._clock()
        async with self._database.writing() as repository:
            receipts = await repository.mails.store(arrivals, now)
            again = [(a, r) for a, r in zip(arrivals, receipts, strict=True) if r.again]
            for arrival, receipt in again:
                await self._note_second_copy(repository, arrival, receipt, now)
        log.info("mail_stored", new=sum(r.new for r in receipts), again=len(again))
        return receipts

    async def _note_second_copy(
        self, repository: Repository, arrival: Arrival, receipt: Receipt, now: datetime
    ) -> None:
        complaint_id = await repository.threads.complaint_of(receipt.mail_id)
        if complaint_id is None:
            return
        case = Case((await repository.complaints.lock_all([complaint_id]))[complaint_id])
        case.happen(
            Event.ARRIVED_AGAIN, now, data={"mailbox": arrival.mailbox, "at": arrival.server_at.isoformat()}
        )
        await write_cases(repository, [case], now, self._policy.mail_domain)

    # --- the ledger (complaints.inbox.port.Ledger) --------------------------------------------

    async def folder(self, mailbox: str) -> FolderState | None:
        """What is known of a folder; None before its first connection."""
        async with self._database.reading() as repository:
            row = await repository.folders.get(mailbox)
        if row is None or row.start_from is None:
            return None
        return FolderState(mailbox=mailbox, uidvalidity=row.uidvalidity, start_from=row.start_from)

    async def open_folder(self, mailbox: str, uidvalidity: int, start_from: datetime) -> None:
        """Note a folder's first connection, or its new UIDVALIDITY."""
        async with self._database.writing() as repository:
            await repository.folders.put(mailbox, uidvalidity=uidvalidity, start_from=start_from)

    async def known_uids(self, mailbox: str, uidvalidity: int) -> set[int]:
        """Every UID that was taken or skipped."""
        async with self._database.reading() as repository:
            return await repository.mails.known_uids(mailbox, uidvalidity)

    async def known_places(self, mailbox: str) -> set[str]:
        """Every file of a Maildir that was taken."""
        async with self._database.reading() as repository:
            return await repository.mails.known_places(mailbox)

    async def skip(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> None:
        """Note mail older than the watermark; nothing is done with it."""
        async with self._database.writing() as repository:
            await repository.mails.skip(mailbox, uidvalidity, uids, self._clock())

    async def skip_places(self, mailbox: str, places: Sequence[str]) -> None:
        """The same for a folder without UIDs."""
        async with self._database.writing() as repository:
            await repository.mails.skip_places(mailbox, places, self._clock())

    # --- can it be read? ----------------------------------------------------------------------

    async def looked(self, mailbox: str) -> None:
        """An inbox was read to its end. Who heard that it was blind hears that it is not."""
        now = self._clock()
        async with self._database.writing() as repository:
            row = await repository.folders.lock(mailbox)
            await repository.folders.put(
                mailbox, read_at=now, failing_since=None, blind_since=None, problem=""
            )
            if row is not None and row.blind_since is not None:
                await self._tell(repository, row, NoticeKind.INBOX_BACK, now)
                log.info("inbox_back", mailbox=mailbox)

    async def failed(self, mailbox: str, problem: str) -> None:
        """An inbox could not be read. After a while the managers hear of it, once."""
        now = self._clock()
        async with self._database.writing() as repository:
            row = await repository.folders.lock(mailbox)
            since = (row.failing_since if row else None) or now
            await repository.folders.put(mailbox, failing_since=since, problem=problem)

    async def watch(self) -> list[str]:
        """Tell the managers of every inbox that has been unreadable for too long.

        Returns:
            The mailboxes that went blind just now.
        """
        now = self._clock()
        async with self._database.reading() as repository:
            suspects = [row.mailbox for row in await repository.folders.all() if self._is_blind(row, now)]
        went: list[str] = []
        for mailbox in suspects:
            async with self._database.writing() as repository:
                row = await repository.folders.lock(mailbox)
                if row is not None and self._is_blind(row, now):
                    await repository.folders.update(mailbox, blind_since=now)
                    await self._tell(repository, row, NoticeKind.INBOX_BLIND, now)
                    went.append(mailbox)
                    log.error("inbox_blind", mailbox=mailbox)
        return went

    def _is_blind(self, row: FolderRow, now: datetime) -> bool:
        if row.mailbox not in self.watching or row.blind_since is not None:
            return False
        return now - self._unread_since(row, now) >= self._blind_after

    def _unread_since(self, row: FolderRow, now: datetime) -> datetime:
        """Since when nothing could have been read.

        A failing inbox counts from its last good look: a desk that was down read nothing either. One
        that neither fails nor succeeds hangs, and counts from then on or from this desk's start.
        """
        if row.failing_since is not None:
            return row.read_at or row.failing_since
        return max(row.read_at or now, self._started_at)

    async def _tell(self, repository: Repository, row: FolderRow, kind: NoticeKind, now: datetime) -> None:
        since = row.read_at or row.failing_since or now
        facts = {
            "mailbox": row.mailbox,
            "since": since.isoformat(),
            "problem": row.problem,
            "organisation": self._policy.organisation,
            "timezone": self._policy.timezone,
            "dashboard_url": self._policy.dashboard_url,
        }
        people = dict.fromkeys((*self._policy.managers, *self._policy.triage))
        drafts = [
            Draft(
                notice=NewNotice(
                    kind=kind,
                    recipient=person,
                    dedupe_key=f"{kind.value}:{row.mailbox}:{(row.blind_since or now).isoformat()}:{person}",
                    facts=facts,
                )
            )
            for person in people
        ]
        await repository.notices.write(drafts, now, self._policy.mail_domain)
