"""The daemon: every duty asks which rows are due and acts on them; timers and hints only wake it.

Each duty is a loop of its own, so that a slow relay never keeps mail from being read, and an alarm
never waits for either. What is due is read from our database, never from a timer (I4).
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import fastapi.encoders  # noqa: F401  Prefect's first flow run would import it while a letter waits
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from complaints.errors import StoreUnavailable
from complaints.inbox.port import Inbox
from complaints.routing import Routed
from config.bootstrap import ROUTE_AT_ONCE, App
from flows.escalate_complaints import escalate_complaints
from flows.escalate_complaints import words as escalated
from flows.route_complaints import route_complaints
from flows.route_complaints import words as routed
from flows.runs import FlowRunner

log = structlog.get_logger()

_PULSE_SECONDS = 2.0
"""Between two looks at the store for what another process (a person at a terminal, a form) has put there."""
_FIRST_BACKOFF_SECONDS = 1.0
_LONGEST_BACKOFF_SECONDS = 60.0
_AFTER_A_FAULT_SECONDS = 5.0
_FIRST_AUDIT_SECONDS = 15.0
_AUDIT_LOOKS_SECONDS = 15.0


_FEW = 3
_LOT = 40
"""Letters that are judged and committed together."""


def _words_of_routing(done: list[Routed]) -> str:
    """What the flow run's final state says."""
    if len(done) != 1:
        return routed(len(done))
    outcome = done[0].outcome.replace("_", " ").capitalize()
    return f"{outcome}: {done[0].ref}" if done[0].ref else outcome


class Duty:
    """One kind of work: woken, it works until nothing is due, then sleeps."""

    def __init__(self, name: str, work: Callable[[], Awaitable[bool]]) -> None:
        """Name the duty.

        Args:
            name: for the log.
            work: does some of what is due; False: nothing was.
        """
        self.name = name
        self._work = work
        self._woken = asyncio.Event()
        self._woken.set()
        self.working = False

    def wake(self) -> None:
        """Something may be due."""
        self._woken.set()

    async def run(self) -> None:
        """Work whenever woken, until cancelled; a fault is logged, and the work taken up again."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            self.working = True
            try:
                while await self._work():
                    pass
            except Exception:
                log.exception("duty_failed", duty=self.name)
                self.working = False
                await asyncio.sleep(_AFTER_A_FAULT_SECONDS)
                self.wake()
            self.working = False


class Daemon:
    """Keeps the promise until told to stop."""

    def __init__(self, app: App, runner: FlowRunner | None, told: Callable[[], None] = lambda: None) -> None:
        """Arrange the duties.

        Args:
            app: the desk and its tools.
            runner: runs routing and escalation as Prefect flows; None: without Prefect.
            told: called after anything happened that the window should show.
        """
        self.app = app
        self._runner = runner
        self._told = told
        self._routing = Duty("route", self._route)
        self._delivering = Duty("deliver", self._deliver)
        self._escalating = Duty("escalate", self._escalate)
        self._arming = Duty("arm", self._arm)
        self.looked_at: datetime | None = None
        """When it was last seen to that all rungs that are due are raised."""
        self._tasks: list[asyncio.Task[None]] = []
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    async def __aenter__(self) -> Self:
        """Start every duty."""
        self.app.router.read_apart()
        await self.app.desk.outbox.release_claims()
        await self.app.desk.take_up_ladders()
        duties = (self._routing, self._delivering, self._escalating, self._arming)
        self._tasks = [asyncio.create_task(duty.run(), name=duty.name) for duty in duties]
        self._tasks += [
            asyncio.create_task(self._attend(inbox), name=f"inbox {inbox.name}") for inbox in self.app.inboxes
        ]
        self._tasks.append(asyncio.create_task(self._keep_rosters(), name="rosters"))
        self._tasks.append(asyncio.create_task(self._keep_auditing(), name="audit"))
        # Late is better than never, and once is enough, however many pulses a suspended machine has missed.
        self._scheduler.configure(
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._scheduler.add_job(
            self._pulse, IntervalTrigger(seconds=int(_PULSE_SECONDS), timezone=UTC), id="pulse"
        )
        self._scheduler.start()
        log.info("daemon_started", inboxes=len(self.app.inboxes))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop cleanly: what is half done is taken up again at the next start."""
        self._scheduler.shutdown(wait=False)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(StoreUnavailable):
            # Another daemon, or our next start, need not wait for claims to end.
            await self.app.desk.outbox.release_claims()
        log.info("daemon_stopped")

    def wake(self) -> None:
        """Look at everything now."""
        for duty in (self._routing, self._delivering, self._escalating):
            duty.wake()

    @property
    def busy(self) -> bool:
        """Whether letters are being routed or notices delivered this moment."""
        return self._routing.working or self._delivering.working

    # --- duties ------------------------------------------------------------------------------

    async def _attend(self, inbox: Inbox) -> None:
        """Read one inbox again and again: after a hint, and at the latest after the polling time."""
        backoff = _FIRST_BACKOFF_SECONDS
        while True:
            try:
                if await self.app.ingest_from(inbox, came=self._routing.wake) is not None:
                    backoff = _FIRST_BACKOFF_SECONDS
                    await inbox.wait(self.app.settings.poll_seconds)
                    continue
            except Exception:
                log.exception("duty_failed", duty="ingest", mailbox=inbox.name)
            await asyncio.sleep(backoff * random.uniform(0.5, 1.0))  # noqa: S311  jitter, no secret
            backoff = min(backoff * 2, _LONGEST_BACKOFF_SECONDS, self.app.settings.poll_seconds)

    async def _keep_rosters(self) -> None:
        """Read the duty calendars now and then, and look at the keys, beside everything else."""
        while True:
            for name, look in (("rosters", self.app.refresh_rosters), ("keys", self.app.watch_keys)):
                try:
                    await look()
                except Exception:
                    log.exception("duty_failed", duty=name)
            await asyncio.sleep(self.app.settings.roster_minutes * 60)

    async def _keep_auditing(self) -> None:
        """Reckon now and then what should have been told, beside everything else."""
        every = timedelta(minutes=self.app.settings.audit_minutes)
        # What a start finds overdue is told first.
        await asyncio.sleep(_FIRST_AUDIT_SECONDS)
        while True:
            try:
                found = await self.app.auditor.audit_if_due(every)
                if found is not None and found.fresh:
                    self._happened()
            except Exception:
                log.exception("duty_failed", duty="audit")
            await asyncio.sleep(_AUDIT_LOOKS_SECONDS)

    async def _route(self) -> bool:
        waiting = await self.app.router.waiting()
        if not waiting:
            return False
        done = await self._run_routing(waiting)
        if done:
            self._happened()
        return bool(done)

    async def _run_routing(self, waiting: int) -> list[Routed]:
        """A flow run for each of a few letters, one for the lot of many (a run costs as much as 17 letters)."""
        at_once = 1 if waiting <= _FEW else ROUTE_AT_ONCE
        if self._runner is None:
            return await self._route_up_to(at_once)
        return await self._runner.run(
            route_complaints,
            lambda: self._route_up_to(at_once),
            parameters={"waiting": waiting},
            final=_words_of_routing,
        )

    async def _route_up_to(self, limit: int) -> list[Routed]:
        """Route in lots, so that the first letters go out while the others are still read."""
        done: list[Routed] = []
        async with aclosing(self.app.router.route_in_lots(limit, min(limit, _LOT))) as lots:
            async for lot in lots:
                done += lot
                self._delivering.wake()
        return done

    async def _deliver(self) -> bool:
        if not await self.app.deliver():
            return False
        self._happened()
        return True

    async def _escalate(self) -> bool:
        await self.app.mailroom.watch()
        if not await self._is_due():
            self.looked_at = self.app.clock()
            return False
        moved = await self._run_escalation()
        if moved:
            self._happened()
        return bool(moved)

    async def _run_escalation(self) -> list[str]:
        if self._runner is None:
            return await self.app.escalate()
        return await self._runner.run(
            escalate_complaints, self.app.escalate, final=lambda moved: escalated(len(moved))
        )

    async def _is_due(self) -> bool:
        instant = await self.app.desk.next_rung_at()
        return instant is not None and instant <= self.app.clock()

    def _happened(self) -> None:
        """Something moved: letters may go out, an instant may have changed, the window is behind."""
        self._delivering.wake()
        self._arming.wake()
        self._told()

    # --- waking ------------------------------------------------------------------------------

    async def _pulse(self) -> None:
        """See whether another process has left us something to do."""
        self._escalating.wake()
        self._arming.wake()
        self._routing.wake()

    async def _arm(self) -> bool:
        """Set the alarm clock to the next instant at which a rung or a retry is due."""
        instant = await self.app.desk.next_instant()
        if instant is None:
            return False
        if instant <= self.app.clock():
            self._ring()
        else:
            self._scheduler.add_job(
                self._ring, DateTrigger(instant), id="next instant", replace_existing=True
            )
        return False

    def _ring(self) -> None:
        self._delivering.wake()
        self._escalating.wake()
