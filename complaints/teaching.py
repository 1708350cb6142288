"""Lessons taken and declined by people."""

from collections.abc import Sequence

import structlog

from complaints.clock import Clock
from complaints.errors import NotAllowed
from complaints.lessons import Lesson, LessonState, Teaches, compared, unfit
from complaints.model import Customer
from complaints.store.database import Database
from complaints.store.repository import Repository

log = structlog.get_logger()


class Teaching:
    """Adds to the register what people's decisions offer, when a person says so."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Open the book of lessons."""
        self._database = database
        self._clock = clock

    async def lessons(self, *, everything: bool = False) -> list[Lesson]:
        """Those that are offered; or all."""
        states = tuple(LessonState) if everything else (LessonState.OFFERED,)
        async with self._database.reading() as repository:
            return await repository.lessons.all(*states)

    async def offered(self, complaint_id: int) -> list[Lesson]:
        """What the decision about one complaint offers."""
        async with self._database.reading() as repository:
            return await repository.lessons.of_complaint(complaint_id)

    async def take(self, lesson_id: int, *, actor: str) -> Lesson:
        """Add the name or site to the customer; letters are matched by it from now on.

        It stays when the register is imported anew, until it is declined.

        Raises:
            NotAllowed: there is no such lesson, or it would make letters fit two customers.
        """
        async with self._database.writing() as repository:
            lesson = await self._get(repository, lesson_id)
            rows = await repository.customers.all()
            if lesson.customer_id not in {row.id for row in rows}:
                raise NotAllowed(f"{lesson.customer_id} is no longer in the register")
            if reason := _harm(lesson, rows):
                raise NotAllowed(f"{reason}; nothing was added")
            await self._settle(repository, lesson, LessonState.TAKEN, actor)
        log.info("lesson_taken", lesson=lesson.id, customer=lesson.customer_id)
        return lesson

    async def decline(self, lesson_id: int, *, actor: str) -> Lesson:
        """Do not learn it, or no longer.

        Raises:
            NotAllowed: there is no such lesson.
        """
        async with self._database.writing() as repository:
            lesson = await self._get(repository, lesson_id)
            await self._settle(repository, lesson, LessonState.DECLINED, actor)
        log.info("lesson_declined", lesson=lesson.id, customer=lesson.customer_id)
        return lesson

    async def _get(self, repository: Repository, lesson_id: int) -> Lesson:
        found = await repository.lessons.get(lesson_id)
        if found is None:
            raise NotAllowed(
                f"there is no lesson {lesson_id}; `forthwith customers lessons` shows those there are"
            )
        return found

    async def _settle(self, repository: Repository, lesson: Lesson, state: LessonState, actor: str) -> None:
        await repository.lessons.settle(lesson.id, state, self._clock(), actor)
        if LessonState.TAKEN in (state, lesson.state):
            await repository.customers.climb(await repository.customers.source())


def _harm(lesson: Lesson, rows: Sequence[Customer]) -> str:
    """Why taking the lesson would do harm, or empty."""
    if reason := unfit(lesson.value):
        return reason
    for row in rows:
        known = row.domains if lesson.what is Teaches.DOMAIN else (row.name, *row.aliases)
        if row.id != lesson.customer_id and lesson.words in {compared(name) for name in known}:
            return f"“{lesson.value}” is {row.id} {row.name} too"
    return ""
