"""How the flows behind the forms get at the desk, and how they tell what came of it.

In the daemon it puts its own ways here; in a worker's process they are made by the settings.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from contextvars import ContextVar
from datetime import date, timedelta
from logging import INFO, WARNING
from typing import Any, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import LogCreate
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from complaints.clock import system_clock
from complaints.errors import ForthwithError, NotAllowed, UnknownCustomer
from complaints.matching import CustomerIndex
from complaints.model import Complaint
from flows.form_customers import ReadRegister, id_in, meant_by

T = TypeVar("T")


class Desk(Protocol):
    """The verbs of the desk that people use."""

    async def assign(self, ref: str, customer_id: str, *, actor: str) -> Complaint:
        """Say whom a complaint concerns."""

    async def resend(self, ref: str, *, actor: str) -> Complaint:
        """Send the forward again."""

    async def acknowledge(self, ref: str, *, actor: str) -> Complaint:
        """Note that the supplier manager has confirmed it."""

    async def hold(self, ref: str, why: str, *, actor: str) -> Complaint:
        """Let nothing of it go to a customer."""

    async def release(self, ref: str, why: str, *, actor: str) -> Complaint:
        """Lift a hold."""

    async def dismiss(self, ref: str, why: str, *, actor: str) -> Complaint:
        """Say that it is no complaint to forward."""

    async def split(self, ref: str, customer_ids: Sequence[str], *, actor: str) -> Sequence[Complaint]:
        """Say that the letter concerns several customers."""

    async def by_letter(self, ref: str) -> Sequence[Complaint]:
        """All complaints by the letter of this one."""

    async def extend(self, ref: str, until: date, why: str, *, actor: str) -> Complaint:
        """Note that the body gives more time for the answer."""

    async def answered(self, ref: str, *, actor: str) -> Complaint:
        """Note that the body has its answer."""

    async def pause(self, ref: str, length: timedelta, *, why: str, actor: str) -> Complaint:
        """Say that somebody looks after it."""

    async def resume(self, ref: str, *, actor: str) -> Complaint:
        """Let its alarms go on."""

    async def close(self, ref: str, *, actor: str) -> Complaint:
        """Say that nothing more is expected."""


OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]


@asynccontextmanager
async def _desk_of_the_settings() -> AsyncIterator[Desk]:
    from config.bootstrap import open_desk  # noqa: PLC0415 - forms are made without a database
    from config.settings import load_settings  # noqa: PLC0415

    async with open_desk(load_settings()) as desk:
        yield desk


OPEN_DESK: ContextVar[OpenDesk] = ContextVar("open_desk", default=_desk_of_the_settings)
"""How a flow gets at the desk; the daemon puts its own way here."""

REFRESH: ContextVar[Callable[[], Awaitable[None]] | None] = ContextVar("refresh", default=None)
"""How a flow writes the board anew."""


async def _send_by_the_settings() -> object:
    from config.bootstrap import open_app  # noqa: PLC0415
    from config.settings import load_settings  # noqa: PLC0415
    from config.synthetic import send_synthetic as send  # noqa: PLC0415

    async with open_app(load_settings(), migrate=False) as app:
        return await send(app)


async def _report_by_the_settings(month: str, customer_id: str) -> str:
    from config.bootstrap import open_app  # noqa: PLC0415
    from config.settings import load_settings  # noqa: PLC0415
    from flows.report import report_page  # noqa: PLC0415

    async with open_app(load_settings(), migrate=False) as app:
        return await report_page(app, month, customer_id)


async def _register_by_the_settings() -> CustomerIndex:
    from config.bootstrap import open_app  # noqa: PLC0415
    from config.settings import load_settings  # noqa: PLC0415

    async with open_app(load_settings(), migrate=False) as app:
        return (await app.customers.on(app.policy.day(app.clock()))).index


SEND_SYNTHETIC: ContextVar[Callable[[], Awaitable[object]]] = ContextVar(
    "send_synthetic", default=_send_by_the_settings
)
"""How a flow sends a made-up complaint."""

REPORT: ContextVar[Callable[[str, str], Awaitable[str]]] = ContextVar(
    "report", default=_report_by_the_settings
)
"""How a flow has the report of a month (empty: this one), of one customer (empty: all), as markdown."""

REGISTER: ContextVar[ReadRegister] = ContextVar("register", default=_register_by_the_settings)
"""How a flow finds the customer that somebody has filled in otherwise than by its id."""


def _zone_of_the_settings() -> ZoneInfo:
    from config.settings import load_settings  # noqa: PLC0415

    return ZoneInfo(load_settings().timezone)


ZONE: ContextVar[Callable[[], ZoneInfo]] = ContextVar("zone", default=_zone_of_the_settings)
"""In which times are told."""


async def for_customers(written: Sequence[str], act: Callable[[Sequence[str]], Awaitable[T]]) -> T:
    """Do it for these customers; the register is gone through only where one was not named by its id.

    Raises:
        NotAllowed: the register has no such one; the message tells which come near.
    """
    try:
        return await act([id_in(one) for one in written])
    except UnknownCustomer:
        index = await REGISTER.get()()
        return await act([meant_by(one, index) for one in written])


async def carry_out(
    done: str, act: Callable[[Desk], Awaitable[T]], told: Callable[[T, ZoneInfo], str]
) -> Any:
    """Have the desk do it.

    Args:
        done: the name of the state in which the run ends.
        act: what it is.
        told: what has become of it, in words without personal data.
    """

    async def at_the_desk() -> str:
        zone = ZONE.get()()
        async with OPEN_DESK.get()() as desk:
            return told(await act(desk), zone)

    return await attempt(done, at_the_desk)


async def attempt(done: str, act: Callable[[], Awaitable[str]]) -> Any:
    """Do what gives the words for it, or say why not; never raise, since Prefect pickles what is raised to disk."""
    state: State[Any]
    try:
        state = Completed(name=done, message=await act())
    except NotAllowed as refusal:
        state = Failed(name="Refused", message=str(refusal))
    except ForthwithError as refusal:
        # The words of the instance may name somebody; those of the class don't.
        state = Failed(name="Refused", message=(type(refusal).__doc__ or "").strip())
    except Exception as error:  # noqa: BLE001 - its text may hold anything
        state = Failed(name="Failed", message=type(error).__name__)
    await _show(state)
    return state


async def _show(state: State[Any]) -> None:
    """Write the words where the run's page shows them first; of its state it shows the name alone."""
    if not (run_id := flow_run.id):
        return
    line = LogCreate(
        name="forthwith",
        level=INFO if state.is_completed() else WARNING,
        message=state.message or state.name or "",
        timestamp=system_clock(),
        flow_run_id=UUID(run_id),
    )
    with suppress(Exception):  # it is done, or refused, whether it is told or not
        async with get_client() as client:
            await client.create_logs([line])
