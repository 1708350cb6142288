"""What is known of each mail folder: its UIDVALIDITY, its watermark, whether it can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from complaints.store.rows import Rows
from complaints.store.tables import folder

_ALL = select(folder).order_by(folder.c.mailbox)


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderRow:
    """A folder's row."""

    mailbox: str
    uidvalidity: int
    start_from: datetime | None
    read_at: datetime | None  # the last successful look
    failing_since: datetime | None  # the first failed look since
    blind_since: datetime | None  # set once the managers were told
    problem: str


class FolderRows(Rows):
    """The table ``folder``."""

    async def get(self, mailbox: str) -> FolderRow | None:
        """One folder, or None before its first connection."""
        row = (await self.connection.execute(select(folder).where(folder.c.mailbox == mailbox))).first()
        return None if row is None else _folder(row)

    async def all(self) -> Sequence[FolderRow]:
        """Every folder that was ever looked at."""
        return [_folder(row) for row in await self.connection.execute(_ALL)]

    async def put(self, mailbox: str, **values: Any) -> None:
        """Write some columns of a folder, making the row when there is none."""
        fresh = {"uidvalidity": 0, "problem": "", **values}
        insert = self._insert(folder).values(mailbox=mailbox, **fresh)
        await self.connection.execute(insert.on_conflict_do_update(index_elements=["mailbox"], set_=values))

    async def lock(self, mailbox: str) -> FolderRow | None:
        """One folder, its row locked for this transaction."""
        query = self._locked(select(folder).where(folder.c.mailbox == mailbox))
        row = (await self.connection.execute(query)).first()
        return None if row is None else _folder(row)

    async def update(self, mailbox: str, **values: Any) -> None:
        """Write some columns of a folder that exists."""
        await self.connection.execute(update(folder).where(folder.c.mailbox == mailbox).values(**values))


def _folder(row: Row[Any]) -> FolderRow:
    return FolderRow(**{name: getattr(row, name) for name in FolderRow.__slots__})
