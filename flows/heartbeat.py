"""The sign of life for a watch outside, which raises the alarm when it stays away.

Sent only while the desk is really well, so that also a daemon that runs and does nothing is noticed. It has
a task of its own and a time limit: nothing here waits for it.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx
import structlog

from complaints.errors import StoreUnavailable
from complaints.signs import LifeSign
from complaints.wellbeing import HEARTBEAT, troubles
from config.bootstrap import App, instance_of

_log = structlog.get_logger(__name__)
_TIMEOUT_SECONDS = 10.0
_STARTS_AFTER_SECONDS = 5.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Heartbeat:
    """Tells the watch outside that the desk is well.

    Args:
        app: the desk.
        looked_at: when the daemon last saw to it that all rungs that are due are raised.
    """

    def __init__(self, app: App, looked_at: Callable[[], datetime | None]) -> None:
        self._app = app
        self._looked_at = looked_at
        self._url = app.settings.heartbeat_url
        self._sign = LifeSign(app.database, f"{HEARTBEAT} {instance_of(app.settings)}", app.clock)
        self._problem = ""
        self._taken = False
        self._since = app.clock()  # a desk that has just begun has made no audit yet

    async def keep_up(self) -> None:
        """Tell it again and again, until cancelled."""
        # The first look at the inboxes has been had by then; the watch outside need not hear of the start.
        await asyncio.sleep(_STARTS_AFTER_SECONDS)
        while True:
            await self.beat()
            await asyncio.sleep(self._app.settings.heartbeat_seconds)

    async def beat(self) -> str:
        """Tell it once, if all is well.

        Returns:
            Why it was not told, in words without the address, which is a secret; empty when it was.
        """
        try:
            problem = await self._troubles() or await self._tell()
            await self._note(problem)
        except StoreUnavailable as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001  whatever it is, the next beat is tried
            problem = type(error).__name__
        if problem and problem != self._problem:
            _log.warning("heartbeat_held_back", why=problem)
        if self._problem and not problem:
            _log.info("heartbeat_again")
        self._problem = problem
        return problem

    async def _troubles(self) -> str:
        app = self._app
        found = troubles(
            await app.records.health(),
            self._looked_at(),
            app.clock(),
            inboxes=[inbox.name for inbox in app.inboxes],
            read_within=timedelta(seconds=2 * app.settings.poll_seconds + 60),
            audited_at=await app.auditor.last_at() or self._since,
            audit_within=timedelta(minutes=3 * app.settings.audit_minutes),
        )
        return "; ".join(found)

    async def _tell(self) -> str:
        loopback = urlsplit(self._url).hostname in _LOOPBACK
        try:
            async with (
                asyncio.timeout(_TIMEOUT_SECONDS),
                httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=not loopback) as client,
            ):
                answer = await client.get(self._url)
        except (httpx.HTTPError, TimeoutError) as error:
            return f"heartbeat_url does not answer ({type(error).__name__})"
        return "" if answer.is_success else f"heartbeat_url answers {answer.status_code}"

    async def _note(self, problem: str) -> None:
        """For `doctor`, which may not send a sign of life in the daemon's stead."""
        if problem:
            await self._sign.complain(problem)
        elif not self._taken or not await self._sign.beat():
            await self._sign.take()
            self._taken = True
