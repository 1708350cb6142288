"""`forthwith up`: the daemon, and the window beside it. The daemon waits for nobody (I8)."""

import asyncio
import hashlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog

from complaints.clock import Clock, system_clock
from complaints.errors import BadSetting, ForthwithError
from complaints.matching import CustomerIndex
from config.bootstrap import App, open_app
from config.customers import read_customers
from config.settings import Settings
from config.synthetic import send_synthetic
from flows.clock_process import ClockProcess
from flows.heartbeat import Heartbeat
from flows.prefect_api import PrefectApi
from flows.prefect_server import Keeps, PortTaken, PrefectServer, client_environment
from flows.report import report_page
from flows.timetable import send_by_timetable
from notifiers.own_templates import alarm_key

if TYPE_CHECKING:
    from flows.mirror import Mirror

log = structlog.get_logger()

Say = Callable[[str], None]

_PORT_SETTLES_SECONDS = 1.0
_TURN_SECONDS = 0.0005


async def up(settings: Settings, *, clock: Clock = system_clock, say: Say = print) -> int:
    """Run until SIGINT or SIGTERM.

    Args:
        settings: checked settings.
        clock: tells the present instant.
        say: where lines for the person at the terminal go.

    Returns:
        0 after a clean stop.

    Raises:
        ForthwithError: when it cannot begin; one line says what to do.
    """
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    # The threads that hold the reader's pipe and SQLite need the interpreter for microseconds, many times a
    # letter; with Python's 5 ms a turn they wait for the loop most of a burst (55 letters a second, then 80).
    sys.setswitchinterval(_TURN_SECONDS)
    async with running(settings, clock=clock, say=say):
        await stop.wait()
        say("Stopping; what is half done is taken up again at the next start.")
    return 0


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock = system_clock, say: Say = print) -> AsyncIterator[App]:
    """The whole desk at work, for as long as the block lasts.

    Raises:
        ForthwithError: when it cannot begin.
    """
    _require_people(settings)
    async with AsyncExitStack() as stack:
        server, api_url = None, settings.prefect_api_url
        if not api_url:
            auth = settings.prefect_auth_string.get_secret_value()
            server = PrefectServer(
                settings.data_dir,
                settings.prefect_port,
                auth,
                public_url=settings.prefect_public_url,
                database_url=settings.prefect_database_url.get_secret_value(),
                keeps=Keeps(
                    runs=timedelta(days=settings.prefect_keep_days),
                    events=timedelta(days=settings.prefect_keep_events_days),
                ),
            )
            api_url = server.api_url
        _use_prefect(settings, api_url)
        app = await stack.enter_async_context(open_app(settings, clock))
        await take_register(app)
        await _tell_of_templates(app, say)
        if settings.second_clock:
            second = ClockProcess(settings)
            stack.push_async_callback(second.stop)
            await _beside(stack, "second clock", second.supervise())
        await stack.enter_async_context(_at_work(app, api_url, server, say))
        yield app


async def _tell_of_templates(app: App, say: Say) -> None:
    """Of broken ones the person at the terminal and the managers hear before a letter needs them."""
    for problem in app.voice.templates.problems:
        say(f"Template not used, ours stands in for it: {problem}")
        await app.desk.outbox.raise_alarm(alarm_key(problem), problem)


def _use_prefect(settings: Settings, api_url: str) -> None:
    """Tell the Prefect client where to go; it reads its environment once, when it is imported."""
    auth = settings.prefect_auth_string.get_secret_value()
    os.environ.update(client_environment(api_url=api_url, data_dir=settings.data_dir, auth=auth))


@asynccontextmanager
async def _at_work(app: App, api_url: str, server: PrefectServer | None, say: Say) -> AsyncIterator[None]:
    from flows.daemon import Daemon  # noqa: PLC0415  imports Prefect, whose environment is set by now
    from flows.mirror import Mirror  # noqa: PLC0415
    from flows.runs import FlowRunner  # noqa: PLC0415
    from flows.serve import Clerk  # noqa: PLC0415
    from flows.signs import signs_for_board  # noqa: PLC0415
    from flows.sla_checks import SlaChecks  # noqa: PLC0415

    settings = app.settings
    api = PrefectApi(api_url, settings.prefect_auth_string.get_secret_value())
    public_url = settings.prefect_public_url or (server.ui_url if server else api_url.removesuffix("/api"))
    checks = SlaChecks(api) if settings.second_clock else None
    zone = ZoneInfo(settings.timezone)
    signs = partial(signs_for_board, app, checks, zone)
    mirror = Mirror(app.records, api, zone, public_url, app.clock, checks=checks, signs=signs)
    runner = FlowRunner(api)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(api.aclose)
        if server is not None:
            stack.push_async_callback(server.stop)
            await _begin_server(stack, server, say)
        daemon = await stack.enter_async_context(Daemon(app, runner, told=mirror.poke))
        stack.push_async_callback(runner.aclose)
        clerk = Clerk(
            api,
            app.clock,
            board_url=lambda: mirror.board_url,
            open_desk=_WithWake(app, daemon.wake).open,
            refresh=mirror.publish_board,
            send_synthetic=partial(send_synthetic, app),
            report=partial(report_page, app),
            zone=zone,
            register=partial(_register_of_today, app),
            pool=settings.prefect_work_pool,
        )
        await _beside(stack, "mirror", mirror.keep_up(busy=lambda: daemon.busy))
        await _beside(stack, "forms", clerk.serve(lambda ids: mirror.link(dict(ids))))
        await _beside(stack, "made-up complaints", send_by_timetable(app))
        if settings.heartbeat_url:
            await _beside(stack, "heartbeat", Heartbeat(app, lambda: daemon.looked_at).keep_up())
        _announce(app, say)
        await _beside(stack, "address of the board", _tell_address(mirror, say))
        yield


async def _register_of_today(app: App) -> CustomerIndex:
    return (await app.customers.on(app.policy.day(app.clock()))).index


class _WithWake:
    """The desk as forms get it: what they do is carried out at once."""

    def __init__(self, app: App, wake: Callable[[], None]) -> None:
        self._app = app
        self._wake = wake

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Any]:
        yield self._app.desk
        self._wake()


async def _begin_server(stack: AsyncExitStack, server: PrefectServer, say: Say) -> None:
    """Start the server beside the daemon; only a port that is taken keeps everything from starting."""
    say("Starting the Prefect server (some ten seconds the first time) ...")
    starting = await _beside(stack, "prefect server", _serve(server, say))
    await asyncio.wait({starting}, timeout=_PORT_SETTLES_SECONDS)
    if starting.done():
        starting.result()


async def _serve(server: PrefectServer, say: Say) -> None:
    try:
        await server.start()
        say("The Prefect server is up.")
    except PortTaken:
        raise
    except ForthwithError as error:
        say(f"{error}; complaints are forwarded all the same, and it is tried again.")
    await server.supervise()


async def _beside(stack: AsyncExitStack, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_note_end)

    async def end() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(end)
    return task


def _note_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("window_part_ended", part=task.get_name(), error=type(task.exception()).__name__)


async def _tell_address(mirror: "Mirror", say: Say) -> None:
    """Once the board is there; nothing waits for it."""
    await mirror.published.wait()
    say(f"Board: {mirror.board_url}")


def _announce(app: App, say: Say) -> None:
    settings = app.settings
    for inbox in app.inboxes:
        say(f"Reading {inbox.name}, at least every {settings.poll_seconds:.0f} s.")
    if not app.inboxes:
        say("No inbox is set (imap_host or maildirs): only what `forthwith ingest` brings is forwarded.")
    if not settings.relays:
        say(f"No relay is set (smtp_host): mail is written to {settings.data_dir / 'outgoing'}, a Maildir.")


async def take_register(app: App) -> bool:
    """Import the customers file of the settings when it changed since the last import.

    Returns:
        Whether it was imported.

    Raises:
        BadRegister: what is wrong with the file; the register in force stays.
    """
    path = app.settings.customers_file
    if path is None:
        return False
    digest = hashlib.sha256(await asyncio.to_thread(path.read_bytes)).hexdigest()
    if digest == await app.customers.source():
        return False
    await app.customers.replace(read_customers(path, calendars=app.policy.calendars), source_sha256=digest)
    return True


def _require_people(settings: Settings) -> None:
    if not settings.managers or not settings.triage_team:
        missing = "managers" if not settings.managers else "triage_team"
        raise BadSetting(
            f"setting {missing} (FORTHWITH_{missing.upper()}) is empty, so nobody would hear of a late complaint; "
            "give at least one mail address"
        )
