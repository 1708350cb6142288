"""Stand-ins for our own ports, held to the same contract as the real ones."""

from collections.abc import Sequence
from datetime import datetime

from complaints.inbox.port import FolderState
from complaints.model import Arrival


class MemoryLedger:
    """The ledger of the inboxes, in memory."""

    def __init__(self) -> None:
        self.folders: dict[str, FolderState] = {}
        self.taken: list[Arrival] = []
        self.skipped_uids: set[tuple[str, int, int]] = set()
        self.skipped_places: set[tuple[str, str]] = set()

    def commit(self, arrivals: Sequence[Arrival]) -> None:
        """Do what the desk does with a batch."""
        self.taken.extend(arrivals)

    async def folder(self, mailbox: str) -> FolderState | None:
        return self.folders.get(mailbox)

    async def open_folder(self, mailbox: str, uidvalidity: int, start_from: datetime) -> None:
        self.folders[mailbox] = FolderState(mailbox=mailbox, uidvalidity=uidvalidity, start_from=start_from)

    async def known_uids(self, mailbox: str, uidvalidity: int) -> set[int]:
        taken = {a.uid for a in self.taken if (a.mailbox, a.uidvalidity) == (mailbox, uidvalidity)}
        skipped = {
            uid for box, validity, uid in self.skipped_uids if (box, validity) == (mailbox, uidvalidity)
        }
        return {uid for uid in taken if uid is not None} | skipped

    async def known_places(self, mailbox: str) -> set[str]:
        taken = {a.place for a in self.taken if a.mailbox == mailbox and a.place}
        return taken | {place for box, place in self.skipped_places if box == mailbox}

    async def skip(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> None:
        self.skipped_uids.update((mailbox, uidvalidity, uid) for uid in uids)

    async def skip_places(self, mailbox: str, places: Sequence[str]) -> None:
        self.skipped_places.update((mailbox, place) for place in places)
