"""The second clock's timetable in Prefect: for each complaint a check at the instant at which it is due.

Made from the event log by the mirror, so it catches up after any outage of Prefect. A check is known by its
complaint and the version of its deadline, so that making it twice makes it once.
"""

from collections.abc import Sequence

from complaints.model import Complaint
from flows.prefect_api import FoundRun, PrefectApi, PrefectUnavailable, RunState, StateType

FLOW = "sla-check"
DEPLOYMENT = "sla-check"
ENTRYPOINT = "flows.second_clock:main"

_ABOUT = (
    "The second clock: one run for each open complaint, at its deadline. They are carried out by "
    "`forthwith clock`, which `forthwith up` starts; no worker and no form is needed."
)
_WAITING = (StateType.SCHEDULED, StateType.PENDING)


class SlaChecks:
    """Keeps the timetable.

    Args:
        api: Prefect.
    """

    def __init__(self, api: PrefectApi) -> None:
        self._api = api
        self._deployment = ""

    async def keep(self, complaints: Sequence[Complaint]) -> None:
        """Make, move and cancel checks so that they are as these complaints stand. Safe to repeat.

        Raises:
            PrefectUnavailable: within seconds.
        """
        if not complaints:
            return
        try:
            deployment = await self.deployment()
            keys = [key for one in complaints for key in _keys(one)]
            there = await self._api.runs_by_key(deployment, keys)
            for one in complaints:
                await self._keep(deployment, one, there)
        except PrefectUnavailable:
            # Somebody may have given Prefect an empty database, without the deployment.
            self._deployment = ""
            raise

    async def deployment(self) -> str:
        """Id of the deployment that the checks belong to, made where it is not there yet.

        Raises:
            PrefectUnavailable: within seconds.
        """
        if not self._deployment:
            self._deployment = await self._api.put_deployment(
                FLOW, name=DEPLOYMENT, entrypoint=ENTRYPOINT, about=_ABOUT
            )
        return self._deployment

    async def count(self) -> int:
        """How many checks wait for their instant.

        Raises:
            PrefectUnavailable: within seconds.
        """
        return await self._api.count_scheduled(await self.deployment())

    async def _keep(self, deployment: str, one: Complaint, there: dict[str, FoundRun]) -> None:
        *former, present = _keys(one)
        for key in former:
            await self._cancel(there.get(key), "Deadline changed")
        if not one.clock_runs:
            await self._cancel(there.get(present), _ending(one))
        elif one.breached_at is None:
            await self._schedule(deployment, one, present, there.get(present))

    async def _schedule(self, deployment: str, one: Complaint, key: str, found: FoundRun | None) -> None:
        if found is None:
            await self._api.schedule_run(
                deployment,
                key=key,
                name=f"{one.ref} due",
                tags=("forthwith", one.ref),
                at=one.due_at,
                ref=one.ref,
            )
        elif found.type not in (*_WAITING, StateType.RUNNING):
            # A forward that came back sets the clock going again.
            again = RunState(type=StateType.SCHEDULED, name="Scheduled", at=one.due_at)
            await self._api.set_state(found.id, again)

    async def _cancel(self, found: FoundRun | None, why: str) -> None:
        if found is not None and found.type in _WAITING:
            await self._api.set_state(found.id, RunState(type=StateType.CANCELLED, name=why))


def _keys(one: Complaint) -> list[str]:
    """Of every version of the deadline, the present one last. A second database counts its complaints anew."""
    since = one.stored_at.isoformat()
    return [f"sla:{one.ref}@{since}:{version}" for version in range(1, one.deadline_version + 1)]


def _ending(one: Complaint) -> str:
    if one.forwarded_at is None:
        return one.status.value.replace("_", " ").capitalize()
    return "Forwarded in time" if one.forwarded_at <= one.due_at else "Forwarded late"
