"""What a person must decide, as runs that wait for input: one for each complaint that needs review.

No process waits: such a run is made through the API in the state that Prefect's own ``suspend_flow_run`` would leave
it in, with the form that it shows. When somebody resumes it, the server checks what was filled in against the form,
keeps it with the run and puts the run to be taken; only then is it carried out, like any other form's.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from logging import INFO
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from complaints.lifecycle import Status
from complaints.model import Complaint
from complaints.refs import id_of
from flows.complaint_page import evidence
from flows.desk_port import MirrorSource
from flows.form_fields import Who, Why
from flows.links import Links
from flows.prefect_api import DeploymentRun, LogLine, PrefectApi, RunState, StateType
from flows.settled import how_settled
from flows.words import authority, defused, escaped, one_line, reason

FLOW = "triage-complaint"
KEYS = {part: f"suspended-triage-{part}" for part in ("description", "response", "schema")}
"""Under which the form, and what was filled in, are kept with a run."""

ANOTHER, NO_COMPLAINT, SUSPICIOUS = "another customer", "not a complaint", "suspicious"

_AT_MOST = 200  # runs that wait at once, those for the next deadlines
_MADE_AT_ONCE = 25
_LOOKED_INTO_AT_ONCE = 10
_WAITS = timedelta(days=3650)  # longer than any deadline; the ladder sees to it, not Prefect
_CANDIDATES = 8
_PREPARING = "Preparing"
_MADE_WITHIN = timedelta(seconds=30)  # a handful of calls, each of which answers within seconds
_TAKEN_FOR_DEAD = timedelta(minutes=5)
_ENDED = frozenset({StateType.COMPLETED, StateType.FAILED, StateType.CANCELLED, StateType.CRASHED})
_ANEW = RunState(
    type=StateType.CANCELLED, name="Asked anew", message="It was no use any more; another waits."
)
_HOW = "To decide, choose Resume in the menu at the top right of this page."
_ID = re.compile(r" \[(\S+)\]$")  # ids have no spaces


class Decision(BaseModel):
    """What a person has filled in."""

    model_config = ConfigDict(extra="ignore")

    decision: str
    customer_id: str = ""
    why: Why = "not a complaint"
    who: Who

    @property
    def assigned_to(self) -> str:
        """The customer's id; empty: it is dismissed.

        Raises:
            ValueError: another customer is meant, and none is named.
        """
        if self.decision in (NO_COMPLAINT, SUSPICIOUS):
            return ""
        chosen = _ID.search(self.decision)
        found = chosen[1] if chosen else self.customer_id.strip()
        if not found:
            raise ValueError("another customer was chosen, and its id was not filled in")
        return found

    @property
    def dismissed_as(self) -> str:
        """The reason that the audit will read."""
        return "forged or spam" if self.decision == SUSPICIOUS else self.why


def form(one: Complaint) -> dict[str, Any]:
    """The form's JSON schema, with this complaint's candidates to choose from."""
    choices = (*map(_choice, _candidates(one)), ANOTHER, NO_COMPLAINT, SUSPICIOUS)
    made = create_model(
        "Triage",
        decision=(
            Literal[choices],  # type: ignore[arg-type]  # known when a complaint waits alone
            Field(title="Whose complaint is it?", description="Assigned, it is forwarded at once."),
        ),
        who=(
            Who,
            Field(
                description="Your initials or team; it is kept in the complaint's history.",
            ),
        ),
        customer_id=(
            str,
            Field(
                "",
                title="Another customer's id",
                description="As the register has it; only where another customer is chosen.",
                max_length=64,
                pattern=r"^[^\s<>]*$",
            ),
        ),
        why=(
            Why,
            Field(
                "not a complaint", title="Why it is dismissed", description="Only where it is no complaint."
            ),
        ),
    )
    return made.model_json_schema()


def description(one: Complaint) -> str:
    """What the form says above its fields; the evidence, and nothing of the letter (I9)."""
    lines = [
        f"**{one.ref}** from {escaped(authority(one))}: {reason(one.review_reason)}.",
        "" if one.body_verified else "**The sender is not verified.**",
        evidence(one, Links(ui="")),
    ]
    return "\n\n".join(line for line in lines if line)


def _candidates(one: Complaint) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = one.evidence.get("candidates", ())
    return found[:_CANDIDATES]


def _choice(found: Mapping[str, Any]) -> str:
    name = defused(str(found.get("name", "")), longest=40)
    return f"{name}, score {float(found.get('score', 0)):.2f} [{found.get('id', '')}]"


class Triage:
    """Keeps the runs as the complaints stand.

    Args:
        source: the desk's reading side.
        api: Prefect.
    """

    def __init__(self, source: MirrorSource, api: PrefectApi) -> None:
        self._source = source
        self._api = api
        self._runs: dict[str, str] = {}
        self._looked_into: set[str] = set()

    @property
    def runs(self) -> Mapping[str, str]:
        """The runs that wait, by our reference."""
        return self._runs

    async def keep(self, complaints: Sequence[Complaint], links: Links, now: datetime) -> None:
        """Make a run for each that needs a person and has none; close those whose complaint was settled elsewhere.

        Args:
            complaints: the open ones, by deadline.
            links: with the deployments; without the triage's own nothing is done yet.
            now: aware.

        Raises:
            PrefectUnavailable: within seconds; safe to repeat.
        """
        deployment = links.deployments.get(FLOW)
        if deployment is None:
            return
        wanted = {one.ref: one for one in complaints if one.status is Status.NEEDS_REVIEW}
        there = await self._api.waiting_runs(deployment)
        useless = await self._useless(there, now)
        for run_id in useless:
            await self._api.set_state(run_id, _ANEW)
        left = [run for run in there if run.id not in useless]
        waiting = [run for run in left if run.type == StateType.PAUSED]
        await self._settle([run for run in waiting if run.ref not in wanted])
        self._runs = {run.ref: run.id for run in waiting if run.ref in wanted}
        # Those that somebody has answered are being carried out.
        taken = {run.ref for run in left}
        lacking = [one for ref, one in wanted.items() if ref not in taken]
        room = max(0, min(_MADE_AT_ONCE, _AT_MOST - len(self._runs)))
        await self._ask(deployment, lacking[:room], now)

    async def _useless(self, there: Sequence[DeploymentRun], now: datetime) -> set[str]:
        """Those that broke off, and those that hold an answer already, for which Prefect refuses every other."""
        broken = {run.id for run in there if _is_broken(run, now)}
        return broken | await self._answered([run.id for run in there if run.type == StateType.PAUSED])

    async def _answered(self, suspended: Sequence[str]) -> set[str]:
        """The next few are looked into at each look, all of them by and by."""
        few = [run_id for run_id in suspended if run_id not in self._looked_into][:_LOOKED_INTO_AT_ONCE]
        if not few:
            self._looked_into.clear()
        self._looked_into.update(few)
        return {run_id for run_id in few if await self._api.has_input(run_id, KEYS["response"])}

    async def _settle(self, runs: Sequence[DeploymentRun]) -> None:
        """Close these, and say what was decided."""
        numbers = [id_of(run.ref) for run in runs]
        complaints = await self._source.by_id(numbers) if numbers else ()
        stories = await self._source.stories(complaints) if complaints else ()
        told = {story.complaint.ref: how_settled(story) for story in stories}
        for run in runs:
            state = RunState(
                type=StateType.CANCELLED, name="Settled elsewhere", message=told.get(run.ref, "")
            )
            await self._api.set_state(run.id, state)

    async def _ask(self, deployment: str, lacking: Sequence[Complaint], now: datetime) -> None:
        """Make a run for each of these.

        It is made under the name of the attempt before it, so that several daemons make it once and each new
        attempt is a new run.
        """
        last = await self._api.newest_runs(deployment, [one.ref for one in lacking])
        # Where the last one has not ended, another daemon has just made it.
        free = [one for one in lacking if one.ref not in last or last[one.ref].type in _ENDED]
        for one in await self._source.by_id([one.id for one in free]):
            before = last[one.ref].id if one.ref in last else "nothing"
            if run_id := await self._make(deployment, one, f"triage:{one.ref}:after:{before}", now):
                self._runs[one.ref] = run_id

    async def _make(self, deployment: str, one: Complaint, key: str, now: datetime) -> str:
        """It waits only once its form is there; empty: another daemon has made it."""
        run_id, state = await self._api.begin_run(
            deployment,
            key=key,
            # As the flow will call it when it is carried out.
            name=f"decide {one.ref}",
            tags=["triage", one.ref, *([f"authority:{one_line(one.body_name)}"] if one.body_id else [])],
            state=RunState(type=StateType.RUNNING, name=_PREPARING),
            ref=one.ref,
        )
        if state != _PREPARING:
            return ""
        await self._api.put_input(run_id, KEYS["description"], json.dumps(description(one)))
        await self._api.put_input(run_id, KEYS["schema"], json.dumps(form(one)))
        # Without force Prefect suspends a run once: one that was answered meanwhile stays answered.
        if not await self._api.set_state(run_id, _suspended(now), force=False):
            return ""
        await self._api.log([LogLine(run_id=run_id, at=now, level=INFO, text=_HOW)])
        return run_id


def _suspended(now: datetime) -> RunState:
    """As Prefect's own ``suspend_flow_run`` would leave a run."""
    details = {
        "pause_timeout": (now + _WAITS).isoformat(),
        "pause_reschedule": True,
        "pause_key": "triage",
        "run_input_keyset": KEYS,
    }
    return RunState(type=StateType.PAUSED, name="Suspended", details=details)


def _is_broken(run: DeploymentRun, now: datetime) -> bool:
    """Whether whoever made it, or carried it out, was killed meanwhile."""
    if run.type != StateType.RUNNING:
        return False
    return now - run.since > (_MADE_WITHIN if run.state == _PREPARING else _TAKEN_FOR_DEAD)
