"""What people's decisions teach."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from complaints.lessons import Lesson, LessonState, Teaches
from complaints.store.rows import Rows, chunks, insert_or_leave
from complaints.store.tables import lesson

_COLUMNS = tuple(name for name in Lesson.__slots__)


class LessonRows(Rows):
    """The table ``lesson``."""

    async def offer(self, lessons: Sequence[Lesson]) -> None:
        """Offer what was not offered before; what was declined once is not offered again."""
        rows = [
            {name: getattr(one, name) for name in _COLUMNS if name != "id"}
            | {"what": one.what.value, "state": one.state.value, "settled_by": ""}
            for one in lessons
        ]
        if rows:
            await self.connection.execute(insert_or_leave(lesson), rows)

    async def all(self, *states: LessonState) -> list[Lesson]:
        """Those in one of these states, oldest first."""
        query = select(lesson).where(lesson.c.state.in_([state.value for state in states]))
        return [_lesson(row) for row in await self.connection.execute(query.order_by(lesson.c.id))]

    async def of_complaint(self, complaint_id: int) -> list[Lesson]:
        """What one decision offers still."""
        query = select(lesson).where(
            lesson.c.complaint_id == complaint_id, lesson.c.state == LessonState.OFFERED.value
        )
        return [_lesson(row) for row in await self.connection.execute(query.order_by(lesson.c.id))]

    async def about(self, words: Iterable[str]) -> dict[str, list[Lesson]]:
        """What is offered under these words, as compared."""
        found: dict[str, list[Lesson]] = {}
        for part in chunks(sorted(set(words))):
            query = select(lesson).where(
                lesson.c.words.in_(part), lesson.c.state == LessonState.OFFERED.value
            )
            for row in await self.connection.execute(query.order_by(lesson.c.id)):
                found.setdefault(row.words, []).append(_lesson(row))
        return found

    async def get(self, lesson_id: int) -> Lesson | None:
        """One lesson."""
        row = (await self.connection.execute(select(lesson).where(lesson.c.id == lesson_id))).first()
        return None if row is None else _lesson(row)

    async def settle(self, lesson_id: int, state: LessonState, now: datetime, actor: str) -> None:
        """Write down what a person decided about a lesson."""
        await self.connection.execute(
            update(lesson)
            .where(lesson.c.id == lesson_id)
            .values(state=state.value, settled_at=now, settled_by=actor)
        )

    async def withdraw(self, complaint_id: int, now: datetime, actor: str) -> None:
        """Take back what a decision offers that was undone."""
        await self.connection.execute(
            update(lesson)
            .where(lesson.c.complaint_id == complaint_id, lesson.c.state == LessonState.OFFERED.value)
            .values(state=LessonState.DECLINED.value, settled_at=now, settled_by=actor)
        )


def _lesson(row: Row[Any]) -> Lesson:
    values = {name: getattr(row, name) for name in _COLUMNS}
    return Lesson(**values | {"what": Teaches(row.what), "state": LessonState(row.state)})
