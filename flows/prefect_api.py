"""The few calls of Prefect's REST API that the window needs: short time-outs, one kind of failure.

Prefect's own client retries and waits (up to 148 s for a server that went away), and importing it takes
more than a second; here a call answers or fails within seconds, since the mirror can always come again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from complaints.errors import ForthwithError

# On SQLite the server answers 503 when another of its writers has the database; every call here may be
# made twice, and the next try mostly succeeds.
_WAITS_WHEN_BUSY = (0.1, 0.3, 0.6)
_PAGE = 200  # runs; more the server does not give at once
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class PrefectUnavailable(ForthwithError):
    """The Prefect API does not answer as it should; the dashboard catches up when it does."""


class StateType(StrEnum):
    """Prefect's kinds of state: they give a run its colour."""

    SCHEDULED = "SCHEDULED"  # amber
    RUNNING = "RUNNING"  # blue
    COMPLETED = "COMPLETED"  # green
    FAILED = "FAILED"  # red
    CRASHED = "CRASHED"  # red; the process behind it is gone
    CANCELLED = "CANCELLED"  # grey
    PAUSED = "PAUSED"  # waits for a person
    PENDING = "PENDING"  # about to run, taken by one process


@dataclass(frozen=True, kw_only=True, slots=True)
class RunState:
    """What a run shows: its colour, the word on it, and one line behind the word."""

    type: StateType
    name: str
    message: str = ""
    at: datetime | None = None  # of a scheduled run: when it is to begin
    details: Mapping[str, Any] = field(default_factory=dict)  # of a suspended run: what it waits for


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundRun:
    """A run that is there already."""

    id: str
    type: str  # of its state
    at: datetime | None  # when it is to begin, or was


@dataclass(frozen=True, kw_only=True, slots=True)
class DeploymentRun:
    """A run of a deployment."""

    id: str
    ref: str  # our reference that it is about
    type: str  # of its state
    state: str  # its state's name
    since: datetime  # aware


@dataclass(frozen=True, kw_only=True, slots=True)
class PrefectEvent:
    """One line for the event feed; the id makes a repetition harmless."""

    id: str  # a UUID
    at: datetime
    name: str
    resource: str
    resource_name: str
    run_id: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class LogLine:
    """One line of a run's log."""

    run_id: str
    at: datetime
    level: int  # of the logging module
    text: str


class PrefectApi:
    """A connection to one server; close it with ``aclose``.

    Args:
        url: of the API, e.g. ``http://127.0.0.1:4200/api``.
        auth: ``user:password``, where it asks for one.
        seconds: how long one call may take.
    """

    def __init__(self, url: str, auth: str = "", *, seconds: float = 2.5) -> None:
        user, _, password = auth.partition(":")
        self._client = httpx.AsyncClient(
            base_url=url.rstrip("/"),
            timeout=seconds,
            auth=httpx.BasicAuth(user, password) if auth else None,
            trust_env=urlsplit(url).hostname not in _LOOPBACK,
        )
        self._seconds = seconds
        # On SQLite Prefect's server makes whoever writes second wait for seconds or answers 503; with one
        # writer at a time on our side, flow runs begin in a tenth of a second while the mirror is busy.
        self.turn = asyncio.Lock()
        self._flow_ids: dict[str, str] = {}
        self._artifact_ids: dict[str, str] = {}

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def healthy(self, *, seconds: float = 1.0) -> bool:
        """Whether the API answers in time."""
        try:
            answer = await self._client.get("/health", timeout=seconds)
        except httpx.HTTPError:
            return False
        return answer.is_success

    async def create_run(
        self,
        *,
        flow: str,
        key: str,
        name: str,
        tags: Sequence[str],
        state: RunState,
        parameters: dict[str, str],
    ) -> tuple[str, str]:
        """A run without a process, or the one made with this key before.

        Returns:
            Its id, and the name of the state that it is in.
        """
        body = {
            "flow_id": await self._flow_id(flow),
            "idempotency_key": key,
            "name": name,
            "tags": list(tags),
            "state": _state_json(state),
            "parameters": parameters,
        }
        made = await self._json("POST", "/flow_runs/", body)
        return str(made["id"]), str(made["state"]["name"])

    async def put_deployment(self, flow: str, *, name: str, entrypoint: str, about: str) -> str:
        """Make or renew a deployment that no pool of workers serves.

        Returns:
            Its id.
        """
        ref = {"type": "string", "title": "Complaint", "description": "Our reference, such as FW-1001."}
        body = {
            "flow_id": await self._flow_id(flow),
            "name": name,
            "entrypoint": entrypoint,
            "description": about,
            "tags": ["forthwith"],
            "parameter_openapi_schema": {"type": "object", "properties": {"ref": ref}, "required": ["ref"]},
        }
        return str((await self._json("POST", "/deployments/", body))["id"])

    async def schedule_run(
        self, deployment: str, *, key: str, name: str, tags: Sequence[str], at: datetime, ref: str
    ) -> None:
        """Let a run of a deployment begin at an instant; the one made with this key before stays as it is.

        Raises:
            PrefectUnavailable: also where the deployment is gone.
        """
        body = {
            "idempotency_key": key,
            "name": name,
            "tags": list(tags),
            "parameters": {"ref": ref},
            "state": _state_json(RunState(type=StateType.SCHEDULED, name="Scheduled", at=at)),
        }
        await self._json("POST", f"/deployments/{deployment}/create_flow_run", body)

    async def begin_run(
        self, deployment: str, *, key: str, name: str, tags: Sequence[str], state: RunState, ref: str
    ) -> tuple[str, str]:
        """A run of a deployment in this state, or the one that was made with this key before.

        Returns:
            Its id, and the name of the state that it is in.
        """
        body = {
            "idempotency_key": key,
            "name": name,
            "tags": list(tags),
            "parameters": {"ref": ref},
            "state": _state_json(state),
        }
        made = await self._json("POST", f"/deployments/{deployment}/create_flow_run", body)
        return str(made["id"]), str(made["state"]["name"])

    async def put_input(self, run_id: str, key: str, value: str) -> None:
        """Keep something with a run, as JSON; what is kept under the key already stays."""
        answer = await self._send("POST", f"/flow_runs/{run_id}/input", {"key": key, "value": value})
        if answer.status_code != httpx.codes.CONFLICT:
            _checked(answer)

    async def has_input(self, run_id: str, key: str) -> bool:
        """Whether something is kept with a run under this key."""
        return _found(await self._send("GET", f"/flow_runs/{run_id}/input/{key}"))

    async def waiting_runs(self, deployment: str) -> list[DeploymentRun]:
        """The runs of a deployment that have not ended."""
        not_ended = (StateType.PAUSED, StateType.RUNNING, StateType.SCHEDULED, StateType.PENDING)
        found: list[DeploymentRun] = []
        while True:
            body = {
                "deployments": {"id": {"any_": [deployment]}},
                "flow_runs": {"state": {"type": {"any_": not_ended}}},
                "sort": "ID_DESC",
                "limit": _PAGE,
                "offset": len(found),
            }
            rows = await self._json("POST", "/flow_runs/filter", body)
            found += map(_run_of, rows)
            if len(rows) < _PAGE:
                return found

    async def newest_runs(self, deployment: str, tags: Sequence[str]) -> dict[str, DeploymentRun]:
        """Of a deployment's runs with each of these tags the one that began last, whether or not it has ended."""
        wanted, offset = set(tags), 0
        found: dict[str, DeploymentRun] = {}
        while wanted:
            body = {
                "deployments": {"id": {"any_": [deployment]}},
                "flow_runs": {"tags": {"any_": list(tags)}},
                "sort": "START_TIME_ASC",
                "limit": _PAGE,
                "offset": offset,
            }
            rows = await self._json("POST", "/flow_runs/filter", body)
            found |= {tag: _run_of(row) for row in rows for tag in wanted.intersection(row["tags"])}
            offset += len(rows)
            if len(rows) < _PAGE:
                break
        return found

    async def runs_by_key(self, deployment: str, keys: Sequence[str]) -> dict[str, FoundRun]:
        """The runs of a deployment that were made with these keys."""
        found: dict[str, FoundRun] = {}
        for start in range(0, len(keys), _PAGE):
            body = {
                "deployments": {"id": {"any_": [deployment]}},
                "flow_runs": {"idempotency_key": {"any_": list(keys[start : start + _PAGE])}},
                "limit": _PAGE,
            }
            for run in await self._json("POST", "/flow_runs/filter", body):
                at = run["next_scheduled_start_time"]
                found[run["idempotency_key"]] = FoundRun(
                    id=run["id"], type=run["state_type"], at=datetime.fromisoformat(at) if at else None
                )
        return found

    async def count_scheduled(self, deployment: str) -> int:
        """How many runs of a deployment wait for their instant."""
        body = {
            "deployments": {"id": {"any_": [deployment]}},
            "flow_runs": {"state": {"type": {"any_": [StateType.SCHEDULED]}}},
        }
        return int(await self._json("POST", "/flow_runs/count", body))

    async def rename_run(self, run_id: str, *, name: str, tags: Sequence[str]) -> bool:
        """Give a run a new name and new tags; False when there is no such run."""
        answer = await self._send("PATCH", f"/flow_runs/{run_id}", {"name": name, "tags": list(tags)})
        return _found(answer)

    async def set_state(self, run_id: str, state: RunState, *, force: bool = True) -> bool:
        """Put a run into a state; without ``force`` Prefect may refuse, which gives False."""
        body = {"state": _state_json(state), "force": force}
        answer = await self._send("POST", f"/flow_runs/{run_id}/set_state", body)
        return _found(answer) and answer.json().get("status") == "ACCEPT"

    async def runs_by_name(self, flow: str, names: Sequence[str]) -> dict[str, str]:
        """Ids of the runs that bear these names."""
        body = {
            "flows": {"name": {"any_": [flow]}},
            "flow_runs": {"name": {"any_": list(names)}},
            "limit": 200,
        }
        runs = await self._json("POST", "/flow_runs/filter", body) if names else []
        return {run["name"]: run["id"] for run in runs}

    async def emit(self, events: Sequence[PrefectEvent]) -> None:
        """Write lines into the event feed."""
        if events:
            _checked(await self._send("POST", "/events", [_event_json(event) for event in events]))

    async def log(self, lines: Sequence[LogLine]) -> None:
        """Write lines into runs' logs."""
        if lines:
            _checked(await self._send("POST", "/logs/", [_line_json(line) for line in lines]))

    async def put_artifact(self, *, key: str, kind: str, data: str, description: str) -> str:
        """Make the artifact of this key, or change it in place so that its address stays.

        Returns:
            Its id.
        """
        known = self._artifact_ids.get(key) or (await self.artifacts_of([key])).get(key, "")
        self._artifact_ids[key] = await self.write_artifact(
            known, key=key, kind=kind, data=data, description=description
        )
        return self._artifact_ids[key]

    async def artifacts_of(self, keys: Sequence[str]) -> dict[str, str]:
        """The ids of the artifacts of these keys, those left out that there are none of."""
        return {str(row["key"]): str(row["latest_id"]) for row in await self._latest(keys)}

    async def texts_of(self, keys: Sequence[str]) -> dict[str, str]:
        """What the artifacts of these keys show, those left out that there are none of."""
        return {str(row["key"]): str(row["data"]) for row in await self._latest(keys)}

    async def _latest(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for start in range(0, len(keys), _PAGE):
            part = list(keys[start : start + _PAGE])
            body = {"artifacts": {"key": {"any_": part}}, "limit": _PAGE}
            found += await self._json("POST", "/artifacts/latest/filter", body)
        return found

    async def write_artifact(
        self, known: str, *, key: str, kind: str, data: str, description: str, run_id: str = ""
    ) -> str:
        """Change an artifact in place, or make it where there is none.

        Args:
            known: its id; empty: it is new.
            key: which it is kept under.
            kind: markdown or table.
            data: what it shows.
            description: what it is.
            run_id: of the run that it belongs to, with which it is shown and pruned; empty: to none.

        Returns:
            Its id.
        """
        shown = {"data": data, "description": description}
        if known and _found(await self._send("PATCH", f"/artifacts/{known}", shown)):
            return known
        body = {"key": key, "type": kind, "data": data, "description": description}
        if run_id:
            body["flow_run_id"] = run_id
        return str((await self._json("POST", "/artifacts/", body))["id"])

    async def remove_artifacts(self, keys: Sequence[str], *, prefix: str) -> int:
        """Delete the artifacts of these keys, and of all keys that begin so; how many there were."""
        gone = 0
        for wanted in ({"any_": list(keys)}, {"like_": prefix}):
            body = {"artifacts": {"key": wanted}, "limit": _PAGE}
            while found := await self._json("POST", "/artifacts/filter", body):
                for row in found:
                    _found(await self._send("DELETE", f"/artifacts/{row['id']}"))
                gone += len(found)
        return gone

    async def remove_flows(self, names: Sequence[str]) -> int:
        """Delete the flows of these names with their deployments and runs; how many there were."""
        found = await self._json("POST", "/flows/filter", {"flows": {"name": {"any_": list(names)}}})
        for row in found:
            _found(await self._send("DELETE", f"/flows/{row['id']}"))
        self._flow_ids.clear()
        return len(found)

    async def remove_pool(self, name: str) -> None:
        """Delete a work pool; where there is none nothing happens."""
        _found(await self._send("DELETE", f"/work_pools/{name}"))

    async def has_deployments(self, deployments: Sequence[str]) -> bool:
        """Whether all of these are there."""
        body = {"deployments": {"id": {"any_": list(deployments)}}}
        return int(await self._json("POST", "/deployments/count", body)) == len(deployments)

    async def begin_again(self, deployments: Sequence[str], before: datetime) -> int:
        """Put runs that were taken or begun before an instant, and not ended since, back to be taken; how many."""
        body = {
            "deployments": {"id": {"any_": list(deployments)}},
            "flow_runs": {"state": {"type": {"any_": [StateType.PENDING, StateType.RUNNING]}}},
            "limit": 20,
        }
        runs = await self._json("POST", "/flow_runs/filter", body)
        lost = [r for r in runs if datetime.fromisoformat(r["state"]["timestamp"]) < before]
        for run in lost:
            await self.set_state(run["id"], RunState(type=StateType.SCHEDULED, name="Scheduled"))
        return len(lost)

    async def due_runs(
        self, deployments: Sequence[str], now: datetime, limit: int = 20
    ) -> list[dict[str, Any]]:
        """Runs of these deployments that somebody asked for and nobody has begun, the earliest first."""
        body = {"deployment_ids": list(deployments), "scheduled_before": now.isoformat(), "limit": limit}
        rows: list[dict[str, Any]] = await self._json("POST", "/deployments/get_scheduled_flow_runs", body)
        return rows

    async def _flow_id(self, name: str) -> str:
        if name not in self._flow_ids:
            self._flow_ids[name] = str((await self._json("POST", "/flows/", {"name": name}))["id"])
        return self._flow_ids[name]

    async def _json(self, method: str, path: str, body: object = None) -> Any:
        answer = await self._send(method, path, body)
        if not answer.is_success:
            # The flows may be gone: somebody has given Prefect an empty database.
            self._flow_ids.clear()
        return _checked(answer).json()

    async def _send(self, method: str, path: str, body: object = None) -> httpx.Response:
        try:
            async with asyncio.timeout(self._seconds):
                await self.turn.acquire()
        except TimeoutError:
            raise PrefectUnavailable("the Prefect API is busy with a flow run") from None
        try:
            return await self._ask(method, path, body)
        finally:
            self.turn.release()

    async def _ask(self, method: str, path: str, body: object) -> httpx.Response:
        try:
            answer = await self._client.request(method, path, json=body)
            if answer.status_code == httpx.codes.FORBIDDEN and "CSRF" in answer.text:
                await self._fetch_csrf_token()
                answer = await self._client.request(method, path, json=body)
            for wait in _WAITS_WHEN_BUSY:
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    break
                await asyncio.sleep(wait)
                answer = await self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise PrefectUnavailable(f"the Prefect API does not answer: {type(error).__name__}") from None
        if answer.is_server_error or answer.status_code in (401, 403):
            raise PrefectUnavailable(f"the Prefect API answers {answer.status_code}")
        return answer

    async def _fetch_csrf_token(self) -> None:
        client = str(uuid4())
        answer = await self._client.get("/csrf-token", params={"client": client})
        if answer.is_success:
            token = answer.json()["token"]
            self._client.headers.update({"Prefect-Csrf-Client": client, "Prefect-Csrf-Token": token})


def _run_of(row: Mapping[str, Any]) -> DeploymentRun:
    return DeploymentRun(
        id=row["id"],
        ref=str(row["parameters"].get("ref", "")),
        type=row["state_type"],
        state=row["state_name"],
        since=datetime.fromisoformat(row["state"]["timestamp"]),
    )


def _found(answer: httpx.Response) -> bool:
    return answer.status_code != httpx.codes.NOT_FOUND and bool(_checked(answer))


def _checked(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        raise PrefectUnavailable(f"the Prefect API answers {answer.status_code} to {answer.request.url.path}")
    return answer


def _state_json(state: RunState) -> dict[str, Any]:
    written: dict[str, Any] = {"type": state.type, "name": state.name, "message": state.message}
    if state.at is not None:
        written["state_details"] = {"scheduled_time": state.at.isoformat()}
    if state.details:
        written["state_details"] = dict(state.details)
    return written


def _line_json(line: LogLine) -> dict[str, Any]:
    return {
        "name": "forthwith",
        "level": line.level,
        "message": line.text,
        "timestamp": line.at.isoformat(),
        "flow_run_id": line.run_id,
    }


def _event_json(event: PrefectEvent) -> dict[str, Any]:
    run = {"prefect.resource.id": f"prefect.flow-run.{event.run_id}", "prefect.resource.role": "flow-run"}
    return {
        "id": event.id,
        "occurred": event.at.isoformat(),
        "event": event.name,
        "resource": {"prefect.resource.id": event.resource, "prefect.resource.name": event.resource_name},
        "related": [run],
        "payload": dict(event.payload),
    }
