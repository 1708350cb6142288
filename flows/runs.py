"""Bodies run as flows, and the promise never waits for it (I8).

A body is started exactly once a call. Normally the flow starts it; when Prefect is away, or has not begun
the flow within two seconds, it is started directly. Its result is returned when the body is done, whatever
Prefect still has to say about the flow.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

import structlog

from flows.prefect_api import PrefectApi

T = TypeVar("T")

_log = structlog.get_logger(__name__)

_BEGINS_WITHIN_SECONDS = 2.0
_LOOK_AGAIN_SECONDS = 5.0
_LEAVE_ALONE_SECONDS = 30.0
_UNFINISHED_AT_MOST = 4
_FAREWELL_SECONDS = 2.0


class Once(Generic[T]):
    """A body that runs once, however often and from wherever it is asked for."""

    def __init__(
        self, body: Callable[[], Awaitable[T]], final: Callable[[T], str], turn: asyncio.Lock
    ) -> None:
        self._body = body
        self._final = final
        self._turn = turn
        self._task: asyncio.Task[T] | None = None
        self.begun = asyncio.Event()

    async def result(self) -> T:
        """Start the body if nobody has, and wait for it."""
        if self._task is None:
            self._task = asyncio.ensure_future(_awaited(self._body))
            self.begun.set()
        # A caller that gives up must not stop the work under another one that still waits.
        return await asyncio.shield(self._task)

    async def words(self) -> str:
        """The name of the final state, once the body is done.

        While the body works, others may talk to Prefect.
        """
        self._turn.release()
        try:
            return self._final(await self.result())
        finally:
            await self._turn.acquire()

    def cancel(self) -> None:
        """Stop the body."""
        if self._task:
            self._task.cancel()


async def _awaited(body: Callable[[], Awaitable[T]]) -> T:
    return await body()


CURRENT: ContextVar[Once[Any]] = ContextVar("current_body")
"""The body of the flow that is being started; never a parameter, since Prefect stores parameters."""


def words_of_count(verb: str, noun: str) -> Callable[[Any], str]:
    """Final words from a count: ``Routed 1 complaint``, ``Routed 12 complaints``; ``Routed`` without one."""

    def words(result: Any) -> str:
        if not isinstance(result, int):
            return verb
        return f"{verb} {result} {noun if result == 1 else noun + 's'}"

    return words


class FlowRunner:
    """Runs bodies as flows while Prefect is there, and as they are while it is not.

    Args:
        api: tells whether Prefect is there.
    """

    def __init__(self, api: PrefectApi) -> None:
        self._api = api
        self._reachable: bool | None = None
        self._looked_at = float("-inf")
        self._shunned_until = float("-inf")
        self._unfinished: set[asyncio.Task[None]] = set()
        self._looking: asyncio.Task[None] | None = None

    async def run(
        self,
        flow: Callable[..., Coroutine[Any, Any, Any]],
        body: Callable[[], Awaitable[T]],
        *,
        parameters: dict[str, int | str] | None = None,
        final: Callable[[T], str],
        tags: Sequence[str] = (),
    ) -> T:
        """Run ``body`` inside ``flow``, or without it.

        Args:
            flow: a flow whose function ends with ``await conclude()``.
            body: what is to be done.
            parameters: of the flow: ids and counts alone (I9).
            final: names the final state by the body's result.
            tags: for the flow run.

        Raises:
            Exception: what the body raises.
        """
        once = Once(body, final, self._api.turn)
        try:
            if await self._prefect_is_there():
                await self._begin(flow, once, parameters or {}, tags)
            return await once.result()
        except asyncio.CancelledError:
            once.cancel()
            raise

    async def aclose(self) -> None:
        """Give unfinished flow runs two seconds to tell Prefect how they ended."""
        tasks = [*self._unfinished, *([self._looking] if self._looking else [])]
        if tasks:
            await asyncio.wait(tasks, timeout=_FAREWELL_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _begin(
        self,
        flow: Callable[..., Coroutine[Any, Any, Any]],
        once: Once[Any],
        parameters: dict[str, int | str],
        tags: Sequence[str],
    ) -> None:
        task = asyncio.create_task(self._as_flow(flow, once, parameters, tags))
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        begun = asyncio.create_task(once.begun.wait())
        await asyncio.wait({task, begun}, timeout=_BEGINS_WITHIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        if not once.begun.is_set():
            self._shunned_until = time.monotonic() + _LEAVE_ALONE_SECONDS
            self._note(reachable=False)

    async def _as_flow(
        self,
        flow: Callable[..., Coroutine[Any, Any, Any]],
        once: Once[Any],
        parameters: dict[str, int | str],
        tags: Sequence[str],
    ) -> None:
        from prefect import tags as tagged  # noqa: PLC0415 - a second of import that only flows need

        CURRENT.set(once)
        try:
            async with self._api.turn:
                with tagged(*tags):
                    await flow(**parameters, return_state=True)
        except Exception as error:  # noqa: BLE001 - whatever Prefect raises, the body's outcome stands
            _log.warning("flow_run_lost", flow=getattr(flow, "name", ""), error=type(error).__name__)

    async def _prefect_is_there(self) -> bool:
        now = time.monotonic()
        if now < self._shunned_until or len(self._unfinished) >= _UNFINISHED_AT_MOST:
            return False
        if now - self._looked_at >= _LOOK_AGAIN_SECONDS:
            # Known to be away: ask beside the work, so that only the first call ever waits.
            if self._reachable is False:
                self._look_beside()
            else:
                await self._look()
        return bool(self._reachable)

    def _look_beside(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        reachable = await self._api.healthy()
        self._looked_at = time.monotonic()
        self._note(reachable=reachable)

    def _note(self, *, reachable: bool) -> None:
        if not reachable and self._reachable is not False:
            _log.warning("prefect_unreachable")
        if reachable and self._reachable is False:
            _log.info("prefect_back")
        self._reachable = reachable


async def conclude() -> Any:
    """The end of every flow that a FlowRunner runs: the body's outcome as a final state.

    Nothing is raised, since Prefect would pickle the exception and its text to disk (I9).
    """
    from prefect.states import Cancelled, Completed, Failed  # noqa: PLC0415 - a second of import

    once = CURRENT.get(None)
    if once is None:
        return Failed(name="Refused", message="This flow is run by the Forthwith daemon alone.")
    with suppress(asyncio.CancelledError):
        try:
            return Completed(name=await once.words())
        except Exception as error:  # noqa: BLE001 - the caller gets it from the body itself
            return Failed(name="Failed", message=type(error).__name__)
    return Cancelled(name="Stopped")
