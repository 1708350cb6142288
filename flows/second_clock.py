"""The second clock: a process of its own that raises alarms, whatever has become of the daemon.

Prefect tells it which complaints are due when (see ``sla_checks``). At the instant it looks at the complaint
as the daemon does, in the same way and the same store, so that each rung fires once whoever comes first (I7);
Prefect is told afterwards and never waited for (I8). A check is taken from Prefect only once it is done: a
kill at any moment before leaves it there for the next clock.

While Prefect is away it goes by the store's own deadlines, and so it does when something is overdue there
that a living daemon would have raised.
"""

import asyncio
import json
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog

from complaints.clock import Clock, system_clock
from complaints.errors import ForthwithError, StoreUnavailable, UnknownComplaint
from config.alarms import Alarms, open_alarms
from config.settings import Settings
from flows.prefect_api import PrefectApi, PrefectUnavailable, RunState, StateType
from flows.prefect_server import api_url_of
from flows.sla_checks import SlaChecks

log = structlog.get_logger()

_LOOKS_EVERY_SECONDS = 5.0
_AUDIT_LOOKS_SECONDS = 60.0
_LOOKS_AHEAD = timedelta(minutes=1)
_AT_ONCE = 200
_BEATS_EVERY_SECONDS = 15.0
_AFTER_A_FAULT_SECONDS = 1.0
_THE_DAEMON_IS_DEAD_AFTER = timedelta(seconds=30)
_TAKEN_FOR_LOST = timedelta(minutes=1)
_ALONE_WITHOUT_STORE = timedelta(minutes=5)


class Check(NamedTuple):
    """A run in Prefect that stands for a deadline."""

    run_id: str
    ref: str
    at: datetime


class SecondClock:
    """Raises what is due.

    Args:
        alarms: the desk, and what carries its alarms.
        api: Prefect.
        clock: tells the present instant.
    """

    def __init__(self, alarms: Alarms, api: PrefectApi, clock: Clock) -> None:
        self._alarms = alarms
        self._api = api
        self._checks = SlaChecks(api)
        self._clock = clock
        self._held: dict[str, Check] = {}
        self._done: dict[str, str] = {}  # what came of checks that Prefect has not heard of yet, by run
        self._away = False
        self._lost_looked_at: datetime | None = None
        self._beat_at = clock()
        self._woken = {name: asyncio.Event() for name in ("ring", "send", "tell")}
        self._replaced = asyncio.Event()
        self.orphaned = False
        """Nobody is left who would stop us: without a store there is no reason to go on."""

    async def run(self) -> None:
        """Work until cancelled, or until another clock of this name takes over.

        Raises:
            StoreUnavailable: when the database does not answer at the start.
        """
        await self._alarms.sign.take()
        log.info("second_clock_started")
        steps = (
            ("look", self._look),
            ("ring", self._ring),
            ("send", self._send),
            ("tell", self._tell),
            ("audit", self._audit),
        )
        tasks = [asyncio.create_task(self._again_and_again(name, step)) for name, step in steps]
        tasks.append(asyncio.create_task(self._again_and_again("beat", self._beat)))
        try:
            await self._replaced.wait()
            log.info("second_clock_replaced")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _again_and_again(self, name: str, step: Callable[[], Awaitable[float]]) -> None:
        """Take a step whenever woken, and at the latest when it asked to be; a fault stops nothing."""
        woken = self._woken.setdefault(name, asyncio.Event())
        while True:
            woken.clear()
            try:
                rest = await step()
            except StoreUnavailable as error:
                log.warning("second_clock_waits", step=name, why=str(error))
                rest = _AFTER_A_FAULT_SECONDS
            except Exception:
                log.exception("second_clock_failed", step=name)
                rest = _AFTER_A_FAULT_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await woken.wait()

    # --- the timetable -----------------------------------------------------------------------

    async def _look(self) -> float:
        """Learn from Prefect what is due within a minute; what was cancelled meanwhile is let go."""
        now = self._clock()
        try:
            deployment = await self._checks.deployment()
            await self._take_up_lost(deployment, now)
            runs = await self._api.due_runs([deployment], now + _LOOKS_AHEAD, _AT_ONCE)
        except PrefectUnavailable as error:
            self._note(str(error))
            # It may have come back with an empty database.
            self._checks = SlaChecks(self._api)
        else:
            self._note("")
            self._held = {run["id"]: _check(run, now) for run in runs if run["id"] not in self._done}
        self._woken["ring"].set()
        return _LOOKS_EVERY_SECONDS

    async def _take_up_lost(self, deployment: str, now: datetime) -> None:
        """Checks that a clock was killed over while it told Prefect of them can be done again."""
        if self._lost_looked_at is None or now - self._lost_looked_at >= _TAKEN_FOR_LOST:
            await self._api.begin_again([deployment], now - _TAKEN_FOR_LOST)
            self._lost_looked_at = now

    def _note(self, problem: str) -> None:
        if problem and not self._away:
            log.warning("second_clock_goes_by_the_store", why=problem)
        if not problem and self._away:
            log.info("second_clock_goes_by_prefect")
        self._away = bool(problem)

    # --- ringing -----------------------------------------------------------------------------

    async def _ring(self) -> float:
        for check in sorted(self._held.values(), key=lambda one: one.at):
            if check.at <= self._clock():
                await self._carry_out(check)
        overdue = timedelta(0) if self._away else _THE_DAEMON_IS_DEAD_AFTER
        await self._go_by_the_store(overdue)
        return await self._until_next(overdue)

    async def _carry_out(self, check: Check) -> None:
        try:
            moved = await self._alarms.desk.escalate(only=check.ref)
        except UnknownComplaint:
            moved, words = [], "No such complaint"
        else:
            words = "Raised" if moved else "Nothing to raise"
        self._held.pop(check.run_id, None)
        self._done[check.run_id] = words
        self._raised(moved)
        self._woken["tell"].set()

    async def _go_by_the_store(self, overdue: timedelta) -> None:
        first = await self._alarms.desk.next_rung_at()
        if first is None or first + overdue > self._clock():
            return
        while moved := await self._alarms.desk.escalate():
            self._raised(moved)

    def _raised(self, refs: list[str]) -> None:
        if refs:
            log.info("second_clock_raised", refs=refs)
            self._woken["send"].set()

    async def _until_next(self, overdue: timedelta) -> float:
        instants = [check.at for check in self._held.values()]
        first = await self._alarms.desk.next_rung_at()
        if first is not None:
            instants.append(first + overdue)
        waits = [(instant - self._clock()).total_seconds() for instant in instants]
        return max(0.0, min([_LOOKS_EVERY_SECONDS, *waits]))

    async def _send(self) -> float:
        """Get alarms out, also those that a dead daemon has left behind."""
        await self._alarms.send()
        if await self._alarms.synthetic.watch():
            await self._alarms.send()
        return _LOOKS_EVERY_SECONDS

    async def _audit(self) -> float:
        """Audit where the daemon does not any more."""
        found = await self._alarms.auditor.audit_if_due(self._alarms.audit_after)
        if found is not None and found.fresh:
            self._woken["send"].set()
        return _AUDIT_LOOKS_SECONDS

    # --- telling -----------------------------------------------------------------------------

    async def _tell(self) -> float:
        """Tell Prefect what came of checks; what it does not hear, it shows as waiting, and it is done again."""
        for run_id, words in list(self._done.items()):
            with suppress(PrefectUnavailable):
                # Taken first, and refused where it was cancelled or another clock has done it.
                pending = RunState(type=StateType.PENDING, name="Pending")
                if await self._api.set_state(run_id, pending, force=False):
                    await self._api.set_state(run_id, RunState(type=StateType.COMPLETED, name=words))
            del self._done[run_id]
        return _LOOKS_EVERY_SECONDS

    async def _beat(self) -> float:
        now = self._clock()
        try:
            if not await self._alarms.sign.beat():
                self._replaced.set()
            self._beat_at = now
        except Exception:
            if self.orphaned and now - self._beat_at >= _ALONE_WITHOUT_STORE:
                self._replaced.set()
            raise
        return _BEATS_EVERY_SECONDS


def _check(run: dict[str, Any], now: datetime) -> Check:
    at = run.get("next_scheduled_start_time")
    ref = run.get("parameters", {}).get("ref", "")
    return Check(run["id"], str(ref), datetime.fromisoformat(at) if at else now)


async def keep(settings: Settings, clock: Clock = system_clock, *, beside: bool = False) -> None:
    """Be the second clock until SIGINT or SIGTERM, or until another one of this data folder takes over.

    Args:
        settings: checked settings.
        clock: tells the present instant.
        beside: standard input is the lifeline of whoever started us; it ends, we go on.

    Raises:
        ForthwithError: when it cannot begin; one line says what to do.
    """
    api = PrefectApi(api_url_of(settings), settings.prefect_auth_string.get_secret_value())
    async with open_alarms(settings, clock) as alarms:
        second = SecondClock(alarms, api, clock)
        work = asyncio.create_task(second.run())
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, work.cancel)
        if beside:
            loop.add_reader(sys.stdin.fileno(), _note_orphaned, second, loop)
        try:
            with suppress(asyncio.CancelledError):
                await work
        finally:
            await api.aclose()


def _note_orphaned(second: SecondClock, loop: asyncio.AbstractEventLoop) -> None:
    # Nothing is ever written there: it can only have ended.
    loop.remove_reader(sys.stdin.fileno())
    second.orphaned = True
    log.warning("second_clock_goes_on_alone", until="the next `forthwith up` of this data folder")


def main() -> None:
    """Run beside `forthwith up`, whose settings come as one line of JSON on standard input."""
    from flows.log import set_up_log  # noqa: PLC0415  a command sets it up otherwise

    settings = Settings(_env_file=None, **json.loads(sys.stdin.buffer.readline()))
    set_up_log(settings.log_level, as_json=settings.log_json)
    try:
        asyncio.run(keep(settings, beside=True))
    except ForthwithError as error:
        log.error("second_clock_cannot_begin", why=str(error))  # noqa: TRY400  one line says what to do
        sys.exit(1)


if __name__ == "__main__":
    main()
