"""The IMAP inbox: which mail is new, in what portions it is handed over, what is done with it after."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from complaints.clock import Clock
from complaints.errors import BadSetting, InboxUnavailable
from complaints.inbox.imap_session import Facts, ImapAccount, Refused, Session
from complaints.inbox.port import FolderState, Ledger
from complaints.inbox.stamps import topmost_received
from complaints.model import Arrival

__all__ = ["ImapAccount", "ImapInbox"]

log = structlog.get_logger()

T = TypeVar("T")

BATCH_COUNT = 50
BATCH_BYTES = 32 * 2**20
RELIST_AFTER = timedelta(hours=1)
_TRIES = 3
_IDLE_AT_MOST = 8.5 * 60  # seconds; some servers and routers forget a connection after nine minutes
_GOODBYE = 2.0  # seconds


class ImapInbox:
    """One folder of one IMAP account.

    Nothing is asked of the server's flags: what is new is decided by UIDVALIDITY, UID and the ledger.
    """

    def __init__(
        self,
        account: ImapAccount,
        folder: str,
        ledger: Ledger,
        *,
        clock: Clock,
        max_bytes: int,
        start_from: datetime | None = None,
        done_flag: str = "",
        done_folder: str = "",
        batch_count: int = BATCH_COUNT,
        batch_bytes: int = BATCH_BYTES,
    ) -> None:
        """Prepare; the connection is made by the first :meth:`fetch`.

        Args:
            account: where and as whom.
            folder: which folder, e.g. ``INBOX``.
            ledger: says what is known.
            clock: tells the present instant.
            max_bytes: of a larger message only the header section is fetched.
            start_from: aware; what lies there at the first connection and is older is skipped. None: all
                that lies there then.
            done_flag: keyword to set on mail after its commit; empty sets none.
            done_folder: folder to move mail to after its commit; empty moves none.
            batch_count: messages in a batch, at most.
            batch_bytes: bytes in a batch, at most, unless a single message is larger.

        Raises:
            BadSetting: the folder read is also the folder that mail is moved to.
        """
        if done_folder and done_folder.lower() == folder.lower():
            raise BadSetting(
                f"setting imap_done_folder is {done_folder!r}, which is itself read: name another folder"
            )
        self.name = f"{account.user}/{folder}"
        self._account = account
        self._folder = folder
        self._ledger = ledger
        self._clock = clock
        self._max_bytes = max_bytes
        self._start_from = start_from
        self._done_flag = done_flag
        self._done_folder = done_folder
        self._batch_count = batch_count
        self._batch_bytes = batch_bytes
        # IMAPClient blocks and is not to be shared: one connection, one thread.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"imap-{folder}")
        self._session: Session | None = None
        self._closed = asyncio.Event()
        self._highest = 0  # UID up to which this connection has listed
        self._handed_over: set[int] = set()  # and not yet said to be committed
        self._listed_at: datetime | None = None
        self._suspects: set[int] = set()  # were being fetched when a connection broke
        self._failures: Counter[int] = Counter()

    # --- the port -----------------------------------------------------------------------------

    async def fetch(self) -> AsyncIterator[list[Arrival]]:
        """See :meth:`complaints.inbox.port.Inbox.fetch`."""
        session = self._session or await self._connect()
        stream = self._stream(session, await self._unknown(session))
        ahead = self._next_of(stream)
        try:
            while (batch := await ahead) is not None:
                # Read while the caller commits: over a slow line the two take equally long.
                ahead = self._next_of(stream)
                yield batch
        finally:
            # Whoever stops early asks no more what became of it.
            ahead.add_done_callback(lambda task: task.cancelled() or task.exception())
            ahead.cancel()

    def _next_of(self, stream: Iterator[list[Arrival]]) -> "asyncio.Task[list[Arrival] | None]":
        return asyncio.create_task(self._run(partial(next, stream, None)))

    async def done(self, arrivals: Sequence[Arrival]) -> None:
        """See :meth:`complaints.inbox.port.Inbox.done`."""
        session = self._session
        uids = [a.uid for a in arrivals if a.uid is not None]
        self._handed_over.difference_update(uids)
        if session is None or not (self._done_flag or self._done_folder):
            return
        # After a reconnection the numbers may mean other messages.
        ours = [a.uid for a in arrivals if a.uid is not None and a.uidvalidity == session.uidvalidity]
        await self._run(lambda: session.mark(ours, flag=self._done_flag, folder=self._done_folder))

    async def wait(self, seconds: float) -> bool:
        """See :meth:`complaints.inbox.port.Inbox.wait`."""
        session = self._session
        if session is None or not session.can_idle:
            await self._closed_within(seconds)
            return False
        if await self._run(lambda: session.uids_above(self._highest)):
            return True
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0 and not self._closed.is_set() and session.can_idle:
            if await self._idle(session, min(left, _IDLE_AT_MOST)):
                return True
        return False

    async def close(self) -> None:
        """See :meth:`complaints.inbox.port.Inbox.close`."""
        self._closed.set()
        session, self._session = self._session, None
        if session is not None:
            goodbye = asyncio.get_running_loop().run_in_executor(self._thread, session.log_out)
            await asyncio.wait([goodbye], timeout=_GOODBYE)
            session.drop()
        self._thread.shutdown(wait=False)

    # --- connection ---------------------------------------------------------------------------

    async def _connect(self) -> Session:
        session = await self._run(self._connected)
        log.info("inbox_connected", mailbox=self.name, uidvalidity=session.uidvalidity)
        return session

    def _connected(self) -> Session:
        # Kept here, in the thread: who waits for it may be cancelled meanwhile, and it must still be closed.
        session = Session(self._account, self._folder, marks=bool(self._done_flag or self._done_folder))
        self._session, self._listed_at = session, None
        if self._closed.is_set():
            session.drop()
        return session

    async def _run(self, work: Callable[[], T]) -> T:
        if self._closed.is_set():
            raise InboxUnavailable(f"{self.name}: it was closed")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except (InboxUnavailable, Refused) as problem:
            session, self._session = self._session, None
            if session is not None:
                session.drop()
            if isinstance(problem, InboxUnavailable):
                raise
            raise InboxUnavailable(f"{self.name}: {problem}") from problem

    async def _closed_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        except TimeoutError:
            return False
        return True

    async def _idle(self, session: Session, seconds: float) -> bool:
        descriptor = await self._run(session.start_idle)
        if descriptor is None:
            return await self._run(session.end_idle)
        loop = asyncio.get_running_loop()
        spoke = asyncio.Event()
        loop.add_reader(descriptor, spoke.set)
        waits = [asyncio.ensure_future(event.wait()) for event in (spoke, self._closed)]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # A cancelled wait leaves IDLE open; the session ends it before its next command.
            loop.remove_reader(descriptor)
            for wait in waits:
                wait.cancel()
        return False if self._closed.is_set() else await self._run(session.end_idle)

    # --- which mail is new --------------------------------------------------------------------

    async def _unknown(self, session: Session) -> list[int]:
        if self._must_list_all():
            fresh = await self._list_all(session)
        else:
            fresh = sorted(await self._run(lambda: session.uids_above(self._highest)))
            self._highest = max([self._highest, *fresh])
        self._handed_over = set(fresh)
        return fresh

    def _must_list_all(self) -> bool:
        # What was handed over and never committed would otherwise wait for the hourly listing.
        return (
            self._listed_at is None
            or bool(self._handed_over)
            or self._clock() - self._listed_at >= RELIST_AFTER
        )

    async def _list_all(self, session: Session) -> list[int]:
        present = await self._run(session.uids)
        known = await self._ledger.known_uids(self.name, session.uidvalidity)
        fresh = sorted(set(present) - known)
        state = await self._ledger.folder(self.name)
        if state is None or state.uidvalidity != session.uidvalidity:
            fresh = await self._open(session, state, fresh, begun=bool(known))
        self._highest = max(present, default=0)
        self._listed_at = self._clock()
        return fresh

    async def _open(
        self, session: Session, state: FolderState | None, fresh: list[int], *, begun: bool
    ) -> list[int]:
        """Skip what is older than the watermark, then note that the folder is open.

        In this order, so that a crash between the two repeats the first. ``begun`` says that this happened:
        what is unknown then has come since, and is taken.
        """
        # INTERNALDATE has whole seconds: mail of this very second must not look older than it.
        now = self._clock().replace(microsecond=0)
        start_from = state.start_from if state else self._start_from or now
        facts = [] if begun else await self._run(lambda: session.facts(fresh))
        old = [fact.uid for fact in facts if fact.at is not None and fact.at < start_from]
        if old:
            await self._ledger.skip(self.name, session.uidvalidity, old)
        await self._ledger.open_folder(self.name, session.uidvalidity, start_from)
        log.info("folder_opened", mailbox=self.name, uidvalidity=session.uidvalidity, skipped=len(old))
        self._suspects.clear()
        self._failures.clear()
        return sorted(set(fresh) - set(old))

    # --- fetching, in the thread --------------------------------------------------------------

    def _stream(self, session: Session, uids: Sequence[int]) -> Iterator[list[Arrival]]:
        for start in range(0, len(uids), self._batch_count):
            for batch in self._batches(session.facts(uids[start : start + self._batch_count])):
                if arrivals := self._take(session, batch):
                    yield arrivals

    def _batches(self, facts: Sequence[Facts]) -> Iterator[list[Facts]]:
        batch: list[Facts] = []
        size = 0
        for fact in facts:
            takes = 0 if self._is_oversized(fact) else fact.size
            if batch and size + takes > self._batch_bytes:
                yield batch
                batch, size = [], 0
            batch.append(fact)
            size += takes
        if batch:
            yield batch

    def _is_oversized(self, fact: Facts) -> bool:
        return fact.size > self._max_bytes

    def _take(self, session: Session, batch: Sequence[Facts]) -> list[Arrival]:
        together = [f.uid for f in batch if not self._is_oversized(f) and f.uid not in self._suspects]
        try:
            contents = session.contents(together)
        except Refused:
            contents = {}
        except InboxUnavailable:
            # One of them may be why. Next time each is fetched alone, so that the others get through.
            self._suspects.update(together)
            raise
        arrivals = [self._arrival(session, fact, contents.get(fact.uid)) for fact in batch]
        return [arrival for arrival in arrivals if arrival is not None]

    def _arrival(self, session: Session, fact: Facts, raw: bytes | None) -> Arrival | None:
        if raw is not None:
            return self._whole(session, fact, raw)
        reason = ""
        while self._failures[fact.uid] < _TRIES and not self._is_oversized(fact):
            try:
                return self._whole(session, fact, self._counted(session.content, fact.uid))
            except Refused as refusal:
                reason = str(refusal)
            if not session.is_there(fact.uid):
                return None
        return self._what_can_be_had(session, fact, reason or "the connection broke each time it was fetched")

    def _what_can_be_had(self, session: Session, fact: Facts, reason: str) -> Arrival | None:
        head = b""
        while self._failures[fact.uid] < 2 * _TRIES and not head:
            try:
                head = self._counted(session.header, fact.uid)
            except Refused as refusal:
                reason = str(refusal)
            if not head and not session.is_there(fact.uid):
                return None
        if head and self._is_oversized(fact):
            return self._partly(session, fact, head, problem="")
        log.warning("mail_not_fetched", mailbox=self.name, uid=fact.uid, cause=reason)
        return self._partly(session, fact, head, problem=f"could not be fetched: {reason}")

    def _counted(self, fetch: Callable[[int], bytes], uid: int) -> bytes:
        self._failures[uid] += 1
        raw = fetch(uid)
        self._failures[uid] -= 1
        return raw

    def _whole(self, session: Session, fact: Facts, raw: bytes) -> Arrival:
        self._suspects.discard(fact.uid)
        self._failures.pop(fact.uid, None)
        return Arrival(
            raw=raw,
            mailbox=self.name,
            server_at=self._delivered_at(fact, raw),
            uidvalidity=session.uidvalidity,
            uid=fact.uid,
            size=len(raw),
        )

    def _partly(self, session: Session, fact: Facts, head: bytes, *, problem: str) -> Arrival:
        return Arrival(
            raw=head,
            mailbox=self.name,
            server_at=self._delivered_at(fact, head),
            uidvalidity=session.uidvalidity,
            uid=fact.uid,
            size=fact.size,
            oversized=self._is_oversized(fact),
            problem=problem,
        )

    def _delivered_at(self, fact: Facts, raw: bytes) -> datetime:
        return fact.at or topmost_received(raw) or self._clock()
