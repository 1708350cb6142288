"""Our own Prefect server: a child process on the loopback address, with all it keeps in one folder."""

import asyncio
import hashlib
import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import structlog

from complaints.errors import ForthwithError
from config.settings import Settings
from flows.lifeline import Child
from flows.prefect_app import OWNER_HEADER

HOST = "127.0.0.1"
Progress = Callable[[float], None]
"""Called while the server starts, with the seconds waited so far."""

_log = structlog.get_logger(__name__)
_LEFTOVER_GOES_SECONDS = 8.0
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_LONG_LIFE_SECONDS = 120.0


class PortTaken(ForthwithError):
    """Something else listens on the port of the Prefect server."""


class ServerFailed(ForthwithError):
    """The Prefect server does not start; its log says why."""


def client_environment(*, api_url: str, data_dir: Path, auth: str = "") -> dict[str, str]:
    """Environment for a process that runs flows; put it in place before Prefect is imported.

    Without the heartbeat an empty flow takes 0.1 s in place of a second; logs stay out of Prefect,
    since a log line may carry what must stay in our own store (I9).
    """
    home = _made(data_dir.resolve() / "prefect" / "client")
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api_url,
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_CLIENT_MAX_RETRIES": "1",
        "PREFECT_API_REQUEST_TIMEOUT": "10",
        "PREFECT_CLI_PROMPT": "false",
        "DO_NOT_TRACK": "1",
        **({"PREFECT_API_AUTH_STRING": auth} if auth else {}),
    }


def api_url_of(settings: Settings) -> str:
    """Where programs reach the Prefect that these settings name: a server of the operator's, or our own."""
    return settings.prefect_api_url or f"http://{HOST}:{settings.prefect_port}/api"


@dataclass(frozen=True, kw_only=True, slots=True)
class Keeps:
    """For how long a server keeps what it was told; what is kept in our own store is not meant."""

    runs: timedelta = timedelta(days=400)  # from their end; their pages and logs go with them
    events: timedelta = timedelta(days=30)


KEEPS = Keeps()


class PrefectServer:
    """Starts, watches and stops the server.

    Args:
        data_dir: folder of ours; the server keeps everything in ``prefect`` below it.
        port: TCP port on the loopback address.
        auth: ``user:password`` that its API asks for; empty for none.
        public_url: address under which people reach it, where that is another one.
        keeps: for how long it keeps what.
        database_url: ``postgresql://...``; empty: SQLite in its folder.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int,
        auth: str = "",
        *,
        public_url: str = "",
        keeps: Keeps = KEEPS,
        database_url: str = "",
    ) -> None:
        self._data_dir = data_dir.resolve()
        self._home = self._data_dir / "prefect"
        self._port = port
        self._auth = auth
        self._public_url = public_url
        self._keeps = keeps
        self._database_url = database_url
        self._child: Child | None = None

    @property
    def ui_url(self) -> str:
        """Where a person at this machine opens it."""
        return f"http://{HOST}:{self._port}"

    @property
    def api_url(self) -> str:
        """Where programs reach it."""
        return f"{self.ui_url}/api"

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._child.pid if self._child else None

    def client_environment(self) -> dict[str, str]:
        """Environment for the process that runs flows against this server."""
        return client_environment(api_url=self.api_url, data_dir=self._data_dir, auth=self._auth)

    async def start(self, *, seconds: float = 90.0, progress: Progress = lambda _: None) -> None:
        """Start the server and return once it answers: 8-12 s the first time, then 4-6 s.

        Raises:
            PortTaken: with the way out in its message.
            ServerFailed: when it ends or stays silent.
        """
        await self._require_free_port()
        self._child = Child(
            [sys.executable, "-m", "flows.prefect_app"],
            environment=self._environment(),
            folder=_made(self._home),
            log=self._log_file,
        )
        await self._child.start()
        await self._wait_until_it_answers(seconds, progress)

    async def supervise(self) -> None:
        """Start it again whenever it dies, until cancelled; waits longer each time it dies young."""
        wait = _FIRST_WAIT
        while True:
            born = time.monotonic()
            code = await self._child.ended() if self._child else 0
            wait = _FIRST_WAIT if time.monotonic() - born > _LONG_LIFE_SECONDS else wait
            _log.warning("prefect_server_ended", exit_code=code, restart_in_seconds=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
            try:
                await self.start()
            except ForthwithError as error:
                _log.warning("prefect_server_failed", why=str(error))
                await self.stop()
            else:
                _log.info("prefect_server_restarted", pid=self.pid)

    async def stop(self) -> None:
        """End it; harmless when it does not run."""
        if self._child:
            await self._child.stop()

    @property
    def _log_file(self) -> Path:
        return self._home / "server.log"

    @property
    def _owner(self) -> str:
        return hashlib.sha256(str(self._data_dir).encode()).hexdigest()[:16]

    async def _wait_until_it_answers(self, seconds: float, progress: Progress) -> None:
        assert self._child is not None
        began = time.monotonic()
        while (waited := time.monotonic() - began) < seconds:
            if await self._owner_on_port() == self._owner:
                return
            if not self._child.alive:
                break
            progress(waited)
            await asyncio.sleep(0.25)
        await self.stop()
        raise ServerFailed(f"the Prefect server did not start in {waited:.0f} s; see {self._log_file}")

    async def _require_free_port(self) -> None:
        began = time.monotonic()
        while not _free(self._port):
            owner = await self._owner_on_port()
            # One whose daemon was killed a moment ago is about to notice and go by itself.
            if owner != self._owner or time.monotonic() - began > _LEFTOVER_GOES_SECONDS:
                raise PortTaken(self._who_has_it(owner))
            await asyncio.sleep(0.25)

    def _who_has_it(self, owner: str | None) -> str:
        taken = f"port {self._port} on {HOST} is taken"
        other = "set prefect_port (FORTHWITH_PREFECT_PORT) to a free port"
        if owner is None:
            return f"{taken} by another program; {other}"
        if owner == self._owner:
            return f"{taken} by the Prefect server of {self._data_dir}: stop the `forthwith up` that runs it"
        if owner:
            return f"{taken} by the Prefect server of another Forthwith; {other}"
        use = f"set prefect_api_url (FORTHWITH_PREFECT_API_URL) to {self.api_url} to use it"
        return f"{taken} by a Prefect server that is not ours; {use}, or {other}"

    async def _owner_on_port(self) -> str | None:
        """The owner that the server on the port names; "" where a Prefect names none, None for no Prefect."""
        try:
            async with httpx.AsyncClient(timeout=1.0, trust_env=False) as client:
                answer = await client.get(f"{self.api_url}/health")
        except httpx.HTTPError:
            return None
        return answer.headers.get(OWNER_HEADER, "") if answer.text == "true" else None

    def _database(self) -> str:
        if not self._database_url:
            return f"sqlite+aiosqlite:///{self._home / 'prefect.db'}"
        return f"postgresql+asyncpg://{self._database_url.partition('://')[2]}"

    def _environment(self) -> dict[str, str]:
        """Nothing of a Prefect set-up that the caller may have leaks in."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        hosts = {HOST, "localhost", urlsplit(self._public_url).hostname or HOST}
        return {
            **inherited,
            **_SETTINGS,
            "PREFECT_HOME": str(self._home),
            "PREFECT_API_DATABASE_CONNECTION_URL": self._database(),
            "PREFECT_UI_STATIC_DIRECTORY": str(self._home / "ui"),
            "PREFECT_SERVER_API_PORT": str(self._port),
            "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": f"P{self._keeps.runs.days}D",
            "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{self._keeps.events.days}D",
            "FORTHWITH_PREFECT_HOSTS": ",".join(sorted(hosts)),
            "FORTHWITH_PREFECT_OWNER": self._owner,
            **({"PREFECT_SERVER_API_AUTH_STRING": self._auth} if self._auth else {}),
        }


_SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_API_HOST": HOST,
    # Relative, so that the pages work under every name and port by which they are reached.
    "PREFECT_UI_API_URL": "/api",
    "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "http://127.0.0.1",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    # Flow runs would live for ever. What belongs to them, logs and pages, goes with them.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    # We have no workers and no work pools; looking for them costs CPU all day.
    "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_ENABLED": "false",
    # The rest looks round less often than by default: a fifth less CPU at idle.
    "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "10",
    "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "30",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS": "60",
}


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
