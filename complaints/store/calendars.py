"""What calendars said when deadlines were counted in them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from complaints.store.rows import Rows, insert_or_leave
from complaints.store.tables import calendar


class CalendarRows(Rows):
    """The table ``calendar``."""

    async def keep(self, contents: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Write down these versions; those that are known stay as they are."""
        rows = [
            {"version": version, "content": dict(content)}
            for version, content in sorted(dict(contents).items())
        ]
        if rows:
            await self.connection.execute(insert_or_leave(calendar), rows)

    async def contents(self, versions: Iterable[str]) -> dict[str, Mapping[str, Any]]:
        """What several versions said, those left out that were never kept."""
        query = select(calendar).where(calendar.c.version.in_(sorted(set(versions))))
        return {row.version: row.content for row in await self.connection.execute(query)}

    async def content(self, version: str) -> dict[str, Any] | None:
        """What a version said, or None where it was never kept."""
        query = select(calendar.c.content).where(calendar.c.version == version)
        found: dict[str, Any] | None = (await self.connection.execute(query)).scalar()
        return found
