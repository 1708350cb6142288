"""Serves the forms: registers a deployment for each action and runs what people ask for, in this process.

Prefect's own ``serve`` starts a process of 100 MB and some two seconds of CPU for every click, and holds
another one all day to look for clicks. One small request every two seconds does it here; a click costs a
tenth of a second of CPU, and nothing needs watching over, since it lives and dies with the daemon.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from complaints.clock import Clock
from flows.form_customers import Offered, ReadRegister
from flows.form_schema import asks_for_customers, shown
from flows.pool import make_pool
from flows.prefect_api import PrefectApi, PrefectUnavailable, RunState, StateType

_log = structlog.get_logger(__name__)

_REGISTERS_WITHIN_SECONDS = 60.0
_REGISTER_READ_WITHIN_SECONDS = 5.0
_LONGEST_WAIT_SECONDS = 10.0
_TAKEN_FOR_DEAD = timedelta(minutes=2)
_LOOKS_FOR_THE_DEAD_EVERY = timedelta(seconds=30)
_WORKERS_HAVE = timedelta(seconds=20)
"""A worker looks every second; what none has taken by then is done here, so that no form waits for workers."""


class Form(NamedTuple):
    """A deployment's name; the board's sorts first."""

    name: str
    about: str


FORMS = {
    "refresh-board": Form("00 board", "**[Open the board]({board})**"),
    "assign-complaint": Form("assign", "A person says which customer a complaint concerns. [Board]({board})"),
    "triage-complaint": Form(
        "decide", "Not to be run by hand: runs that wait for a decision belong to it. [Board]({board})"
    ),
    "acknowledge-complaint": Form(
        "acknowledge", "The supplier manager has confirmed the forward. [Board]({board})"
    ),
    "split-complaint": Form("split", "The letter concerns several customers. [Board]({board})"),
    "extend-complaint": Form("extend", "The body wants its answer by a later day. [Board]({board})"),
    "resend-complaint": Form("resend", "The forward is sent once more. [Board]({board})"),
    "dismiss-complaint": Form("dismiss", "Nothing to forward. [Board]({board})"),
    "pause-complaint": Form("pause", "Somebody looks after it; its next alarms wait. [Board]({board})"),
    "answered-complaint": Form("answered", "The body has its answer. [Board]({board})"),
    "hold-complaint": Form("hold", "Nothing of it may go to the customer. [Board]({board})"),
    "release-complaint": Form("release", "A hold is lifted; assign or resend it then. [Board]({board})"),
    "close-complaint": Form("close", "Nothing more is expected. [Board]({board})"),
    "send-synthetic": Form("synthetic", "A made-up complaint is sent the whole way. [Board]({board})"),
    "make-report": Form("report", "How the promise was kept in a month. [Board]({board})"),
}


_DAEMON_S = ("refresh-board", "triage-complaint")


class Clerk:
    """Takes what people ask for from Prefect and does it.

    Args:
        api: Prefect.
        clock: the time of day.
        board_url: where the forms' descriptions lead to.
        open_desk: a context manager that yields the desk.
        refresh: writes the board anew; also called after each action.
        send_synthetic: sends a made-up complaint.
        report: gives the report of a month, of one customer or all, as markdown.
        zone: in which the forms tell times.
        register: gives the customers, at once where they are still the same; from a short list forms let choose.
        pool: a work pool whose workers do what is asked for; empty, and where none of them comes: it is done here.
        seconds: between two looks.
    """

    def __init__(
        self,
        api: PrefectApi,
        clock: Clock,
        *,
        board_url: Callable[[], str],
        open_desk: Callable[[], Any],
        refresh: Callable[[], Awaitable[None]],
        send_synthetic: Callable[[], Awaitable[object]],
        report: Callable[[str, str], Awaitable[str]],
        zone: ZoneInfo,
        register: ReadRegister,
        pool: str = "",
        seconds: float = 2.0,
    ) -> None:
        self._api = api
        self._clock = clock
        self._board_url = board_url
        self._open_desk = open_desk
        self._refresh = refresh
        self._send_synthetic = send_synthetic
        self._report = report
        self._zone = zone
        self._register = register
        self._offered = Offered(register)
        self._customers: Sequence[str] = ()  # that the forms let choose from
        self._pool = pool
        self._seconds = seconds
        self._deployments: dict[str, str] = {}  # all of them
        self._workers: dict[str, str] = {}  # those of which workers do the runs
        self._looked_for_dead: datetime | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def register(self) -> Mapping[str, str]:
        """Make or renew the forms.

        Returns:
            Deployment ids by the name of their flow.

        Raises:
            PrefectUnavailable: when that does not work at once.
        """
        from flows.actions import FLOWS  # noqa: PLC0415 - a second of import

        try:
            async with asyncio.timeout(_REGISTERS_WITHIN_SECONDS):
                if self._pool:
                    await make_pool(self._pool)
                offered = await self._offered.look(patience=_REGISTER_READ_WITHIN_SECONDS)
                ids = {flow.name: str(await self._deploy(flow, offered)) for flow in FLOWS}
        except Exception as error:
            raise PrefectUnavailable(f"the forms cannot be registered: {type(error).__name__}") from error
        self._deployments, self._customers = ids, offered
        self._workers = {name: made for name, made in ids.items() if self._pool_of(name)}
        return ids

    async def serve(self, on_registered: Callable[[Mapping[str, str]], None] = lambda _: None) -> None:
        """Serve until cancelled; after Prefect was away, look whether the forms are still there."""
        wait, away = self._seconds, True
        while True:
            try:
                if away:
                    on_registered(await self._open())
                    away = False
                await self.serve_once()
                wait = self._seconds
            except Exception:  # noqa: BLE001 - one look that failed must not be the last
                if not away:
                    _log.warning("forms_wait", exc_info=True)
                away, wait = True, min(wait * 2, _LONGEST_WAIT_SECONDS)
            await asyncio.sleep(wait)

    async def _open(self) -> Mapping[str, str]:
        ids = list(self._deployments.values())
        if not ids or not await self._api.has_deployments(ids):
            # The forms lead to the board, so it must be there first.
            await self._refresh()
            await self.register()
        self._looked_for_dead = None
        _log.info("forms_served", count=len(self._deployments))
        return self._deployments

    async def serve_once(self) -> int:
        """Begin all that was asked for since the last look; how many that were."""
        now = self._clock()
        await self._begin_again(now)
        await self._renew_customers()
        ours = [made for name, made in self._deployments.items() if name not in self._workers]
        runs = await self._api.due_runs(ours, now)
        if self._workers:
            runs += await self._api.due_runs(list(self._workers.values()), now - _WORKERS_HAVE)
        taken = [run for run in runs if await self._take(run)]
        for run in taken:
            task = asyncio.create_task(self._do(run))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(taken)

    async def _begin_again(self, now: datetime) -> None:
        """Put back what somebody took who was killed since; what a form asks for can be done twice."""
        if self._looked_for_dead is not None and now - self._looked_for_dead < _LOOKS_FOR_THE_DEAD_EVERY:
            return
        again = await self._api.begin_again(list(self._deployments.values()), now - _TAKEN_FOR_DEAD)
        self._looked_for_dead = now
        if again:
            _log.warning("forms_begun_again", count=again)

    async def _renew_customers(self) -> None:
        """Let people choose from the register as it is now; nothing is done while it stays the same."""
        from flows.actions import FLOWS  # noqa: PLC0415 - a second of import

        now = await self._offered.look(patience=0)
        if now == self._customers:
            return
        for flow in FLOWS:
            if asks_for_customers(flow.fn):
                await self._deploy(flow, now)
        self._customers = now
        _log.info("forms_renewed", customers=len(now))

    async def finish(self) -> None:
        """Wait for what has begun."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _take(self, run: Mapping[str, Any]) -> bool:
        """Whether the run is ours: Prefect lets one process alone move it to pending."""
        return await self._api.set_state(
            run["id"], RunState(type=StateType.PENDING, name="Pending"), force=False
        )

    async def _do(self, run: Mapping[str, Any]) -> None:
        from prefect.client.orchestration import get_client  # noqa: PLC0415 - a second of import
        from prefect.flow_engine import run_flow_async  # noqa: PLC0415

        from flows import actions, form_desk  # noqa: PLC0415

        form_desk.OPEN_DESK.set(self._open_desk)
        form_desk.REFRESH.set(self._refresh)
        form_desk.SEND_SYNTHETIC.set(self._send_synthetic)
        form_desk.REPORT.set(self._report)
        form_desk.ZONE.set(lambda: self._zone)
        form_desk.REGISTER.set(self._register)
        try:
            async with get_client() as client:
                flow_run = await client.read_flow_run(UUID(run["id"]))
            flow = self._flow_of(run, actions.FLOWS)
            await run_flow_async(flow, flow_run=flow_run, parameters=flow_run.parameters, return_type="state")
            await self._refresh()
        except Exception as error:  # noqa: BLE001 - one click must not stop the next
            _log.warning("action_lost", flow_run=run["id"], error=type(error).__name__)
        else:
            _log.info("action_done", flow=flow.name, flow_run=run["id"])

    def _flow_of(self, run: Mapping[str, Any], flows: tuple[Any, ...]) -> Any:
        name = next(name for name, found in self._deployments.items() if found == run["deployment_id"])
        return next(flow for flow in flows if flow.name == name)

    def _pool_of(self, flow: str) -> str:
        """The pool that does a flow's runs; empty: they are done here, where the board is written."""
        return "" if flow in _DAEMON_S else self._pool

    async def _deploy(self, flow: Any, customers: Sequence[str]) -> UUID:
        from prefect.types.entrypoint import EntrypointType  # noqa: PLC0415 - a second of import

        form = FORMS[flow.name]
        made = await flow.ato_deployment(
            name=form.name,
            description=form.about.format(board=self._board_url()),
            entrypoint_type=EntrypointType.MODULE_PATH,
            tags=["forthwith"],
            work_pool_name=self._pool_of(flow.name) or None,
            # A worker reads its settings where it was started, as every command does.
            job_variables={"working_dir": "."} if self._pool_of(flow.name) else None,
        )
        # There is no other way in: whatever is given to Prefect, it puts its own in this place.
        fields = made._parameter_openapi_schema  # noqa: SLF001
        fields.properties = shown(fields.properties, flow.fn, customers)
        deployment_id: UUID = await made.aapply()
        return deployment_id
