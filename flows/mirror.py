"""Tells Prefect what happened at the desk: one run a complaint, its events, and the board.

It follows the event log by a cursor that the desk keeps. A crash between Prefect and the cursor repeats
the last batch, and every step may be repeated: runs are made under a fixed key, states and tags are set to
what they should be, events carry ids computed from the log. So after an outage it simply goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from logging import ERROR, INFO, WARNING
from typing import NamedTuple
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

import structlog

from complaints.case import DESK
from complaints.clock import Clock
from complaints.lifecycle import Event, Status
from complaints.model import Complaint, LoggedEvent
from complaints.reports import figures
from flows.board import OPEN_AT_MOST, YEAR_AT_MOST, board, listed, month_began, open_table, year_table
from flows.charts import DAYS
from flows.desk_port import MirrorSource
from flows.links import BOARD_KEY, TABLE_KEY, YEAR_KEY, Links
from flows.pages import Pages
from flows.prefect_api import LogLine, PrefectApi, PrefectEvent, RunState, StateType
from flows.signs import Sign, no_signs
from flows.sla_checks import SlaChecks
from flows.standing import Standing
from flows.triage import Triage
from flows.words import authority, customer, instant, one_line, plain_cause, plain_reason

FLOW = "complaint"
"""The runs that stand for complaints belong to a flow of this name; no process ever runs it."""

_BATCH = 50
_SHOWN_AT_MOST = 10_000
_EVERY_SECONDS = 5.0
_GLANCE_SECONDS = 0.25
_GLANCES = 20
_LONGEST_WORDS = 400
_PAGES_AT_ONCE, _LOTS_OF_PAGES = 5, 5
_YEAR_RESTS_A_ROW = timedelta(milliseconds=15)
"""A large table costs more to write and tells less by each change: one of 4,000 rows rests for a minute."""
_BOARD_NOT_SOONER_SECONDS = 3.0
_BOARD_NOT_LATER_SECONDS = 30.0

_log = structlog.get_logger(__name__)

_STATES = {
    Status.RECEIVED: (StateType.RUNNING, "Received"),
    Status.MATCHED: (StateType.RUNNING, "Matched"),
    # Amber asks for attention. The server marks as Late only what is named Scheduled.
    Status.NEEDS_REVIEW: (StateType.SCHEDULED, "Needs review"),
    Status.FORWARDING: (StateType.RUNNING, "Forwarding"),
    Status.FORWARDED: (StateType.COMPLETED, "Forwarded"),
    Status.ACKNOWLEDGED: (StateType.COMPLETED, "Acknowledged"),
    Status.ANSWERED: (StateType.COMPLETED, "Answered"),
    Status.CLOSED: (StateType.COMPLETED, "Closed"),
    Status.DISMISSED: (StateType.CANCELLED, "Dismissed"),
}


_LEVELS: dict[str, int] = {
    Event.BREACHED: ERROR,
    Event.NEEDS_REVIEW: WARNING,
    Event.DELIVERY_FAILED: WARNING,
    Event.DELIVERY_DELAYED: WARNING,
    Event.BOUNCED: WARNING,
    Event.UNDELIVERED: WARNING,
    Event.KEY_LACKING: WARNING,
    Event.DEPUTY_TURN: WARNING,
}
"""Colours in the run's history; by Event, whose members are their own names."""


class Shown(NamedTuple):
    """What a run says about its complaint."""

    name: str
    tags: tuple[str, ...]
    state: RunState


def state_of(complaint: Complaint, zone: ZoneInfo) -> RunState:
    """The state that a person understands at a glance; a breach stays red for good."""
    kind, word = _STATES[complaint.status]
    due = f"due {instant(complaint.due_at, zone)}"
    why = plain_reason(complaint.review_reason)
    if complaint.breached_at is None:
        return RunState(type=kind, name=word, message="; ".join(filter(None, (due, why))))
    late = f"breached {instant(complaint.breached_at, zone)}"
    name = "SLA breached" if complaint.clock_runs else f"{word} late"
    words = (due, late, word.lower(), why)
    return RunState(type=StateType.FAILED, name=name, message="; ".join(filter(None, words)))


def run_name(complaint: Complaint) -> str:
    """What the run is called: our reference, whom it concerns, who wrote (what is cut off tells least)."""
    return " · ".join((complaint.ref, customer(complaint), authority(complaint)))


def tags_of(complaint: Complaint) -> tuple[str, ...]:
    """By these the runs can be filtered."""
    return (
        f"status:{complaint.status.value}",
        *([f"customer:{one_line(complaint.customer_name)}"] if complaint.customer_id else []),
        *([f"authority:{one_line(complaint.body_name)}"] if complaint.body_id else []),
        *(["breached"] if complaint.breached_at else []),
    )


def events_of(complaint: Complaint, events: Sequence[LoggedEvent], run_id: str) -> list[PrefectEvent]:
    """The log's lines for the event feed: ids, names and times, never what the letter says (I9)."""
    return [
        PrefectEvent(
            id=str(uuid5(NAMESPACE_OID, f"{complaint.ref}/{event.seq}/{event.hash}")),
            at=event.at,
            name=f"forthwith.complaint.{event.name}",
            resource=f"complaint.{complaint.ref}",
            resource_name=complaint.ref,
            run_id=run_id,
            payload=_payload(complaint, event, told),
        )
        for event, told in _told(complaint, events)
    ]


def history_of(complaint: Complaint, events: Sequence[LoggedEvent], run_id: str) -> list[LogLine]:
    """The log's lines for the run's own page: what happened when, why, and who did it."""
    return [
        LogLine(run_id=run_id, at=event.at, level=_LEVELS.get(event.name, INFO), text=told)
        for event, told in _told(complaint, events)
    ]


def how_it_came_about(
    complaint: Complaint, events: Sequence[LoggedEvent], run_id: str, zone: ZoneInfo
) -> list[LogLine]:
    """The line that explains the deadline, where it is new."""
    changed = [event for event in events if event.name in (Event.RECEIVED, Event.DEADLINE_CHANGED)]
    if not changed or not complaint.reckoned:
        return []
    words = f"due {instant(complaint.due_at, zone)}, {complaint.terms}: {complaint.reckoned}"
    return [
        LogLine(run_id=run_id, at=changed[-1].at, level=INFO, text=one_line(words, longest=_LONGEST_WORDS))
    ]


def _told(complaint: Complaint, events: Sequence[LoggedEvent]) -> Iterator[tuple[LoggedEvent, str]]:
    """Each event with its line."""
    asked = _last_asked(complaint, events)
    for event in events:
        what = event.name.replace("_", " ")
        if event.actor != DESK:
            # Who confirms by mail is known by an address, which stays in our store (I9).
            what = f"{what} by mail" if "@" in event.actor else f"{what} by {one_line(event.actor)}"
        why = plain_reason(complaint.review_reason) if event is asked else _because(event)
        details = "; ".join(filter(None, (why, _evidence(event))))
        yield event, f"{what}: {details}" if details else what


def _last_asked(complaint: Complaint, events: Sequence[LoggedEvent]) -> LoggedEvent | None:
    """The event of which the complaint's reason speaks: the log tells that a person is asked, and not why."""
    if complaint.status is not Status.NEEDS_REVIEW:
        return None
    last = next((event for event in reversed(events) if event.name in _GIVE_A_REASON), None)
    return last if last is not None and last.name == Event.NEEDS_REVIEW else None


_GIVE_A_REASON = frozenset(
    {
        Event.NEEDS_REVIEW,
        Event.DELIVERY_FAILED,
        Event.BOUNCED,
        Event.SENT_BACK,
        Event.HELD,
        Event.HOLD_RELEASED,
        Event.ALSO_FORWARDED,
    }
)
"""After these another reason stands on the complaint; all but the first say by their names why a person is asked."""


def _because(event: LoggedEvent) -> str:
    """Which rung it was, or why the time ran out: our own words, never what a person typed (I9)."""
    data = event.data
    if event.name == Event.BREACHED:
        return plain_cause(str(data.get("cause", "")))
    if event.name != Event.RUNG_REACHED:
        return ""
    ladder = f" (ladder {one_line(str(data['ladder']))})" if data.get("ladder") else ""
    return one_line(str(data.get("rung", ""))) + ladder


def _evidence(event: LoggedEvent) -> str:
    """What shows a step of a forward: codes, servers' names and roles; their words may hold an address (I9)."""
    said, data = str(event.data.get("reply", "")), event.data
    code = said[:3] if said[:3].isdigit() else ""
    told = {
        "relay's answer": code if event.name in _ANSWERED else "",
        "status": data.get("status", ""),
        "reported by": _host(data.get("reporting_mta", "")),
        "from the": data.get("from", "") if event.name in _TURNS else "",
        "away until": data.get("until", "") if event.name == Event.AUTO_REPLIED else "",
        "receipt says": data.get("disposition", ""),
    }
    return ", ".join(f"{name} {one_line(str(value))}" for name, value in told.items() if value)


def _host(name: object) -> str:
    return "" if "@" in str(name) else str(name)


_ANSWERED = frozenset(
    {Event.FORWARDED, Event.ALSO_FORWARDED, Event.DELIVERY_FAILED, Event.DELIVERY_DELAYED, Event.UNDELIVERED}
)
_TURNS = frozenset({Event.PASSED_ON, Event.DEPUTY_TURN})


def _payload(complaint: Complaint, event: LoggedEvent, told: str) -> dict[str, str | int]:
    return {
        "ref": complaint.ref,
        "seq": event.seq,
        "told": told,
        "customer_id": complaint.customer_id,
        "body_id": complaint.body_id,
        "due_at": complaint.due_at.isoformat(),
    }


class Mirror:
    """Keeps Prefect up to date.

    Args:
        source: the desk's reading side.
        api: Prefect.
        zone: in which people are shown times.
        public_url: address under which people reach the Prefect pages.
        clock: the time of day.
        checks: the second clock's timetable; None: there is no second clock.
        signs: of the parts that work by themselves, for the board.
    """

    def __init__(
        self,
        source: MirrorSource,
        api: PrefectApi,
        zone: ZoneInfo,
        public_url: str,
        clock: Clock,
        *,
        checks: SlaChecks | None = None,
        signs: Callable[[], Awaitable[Sequence[Sign]]] = no_signs,
    ) -> None:
        self._source = source
        self._api = api
        self._zone = zone
        self._links = Links(ui=public_url.rstrip("/"))
        self._clock = clock
        self._checks = checks
        self._checks_whole = False
        self._signs = signs
        self._standing = Standing(source)
        self._triage = Triage(source, api)
        self._pages = Pages(source, api, zone, clock)
        self._tables: dict[str, str] = {}  # as they were written last
        self._year_at: datetime | None = None
        self._shown: dict[str, Shown] = {}
        self._run_ids: dict[str, str] = {}
        self._poked = asyncio.Event()
        self._publishing = asyncio.Lock()
        self.published = asyncio.Event()
        self._board_at: datetime | None = None
        self._behind = True
        self._busy: Callable[[], bool] = lambda: False

    def poke(self) -> None:
        """Something happened: look soon."""
        self._poked.set()

    def link(self, deployments: dict[str, str]) -> None:
        """Where the forms for people's actions are: deployment ids by the name of their flow."""
        self._links = self._links.with_deployments(deployments)
        self._behind = True

    @property
    def board_url(self) -> str:
        """The board's address, the same for as long as Prefect keeps its database."""
        return self._links.artifact(BOARD_KEY)

    async def catch_up(self) -> int:
        """Tell Prefect all that it does not know yet.

        Returns:
            The number of complaints that had news.

        Raises:
            PrefectUnavailable: within seconds; what was told before is not told again.
        """
        told = 0
        await self._give_way()
        while news := await self._tell_next():
            await self._give_way()
            told += news
        return told

    async def _tell_next(self) -> int:
        # The board too brings runs up to date: what it has read must not be shown after what is told here.
        async with self._publishing:
            await self._make_checks_whole()
            if batch := await self._source.unmirrored(_BATCH):
                await self._tell(batch)
        return len(batch)

    async def _make_checks_whole(self) -> None:
        """At the start, and after Prefect was away: it may have lost what it was told before."""
        if self._checks is not None and not self._checks_whole:
            waiting = [c for c in await self._source.open_complaints(_SHOWN_AT_MOST) if c.clock_runs]
            await self._checks.keep(waiting)
            self._checks_whole = True

    async def publish_board(self) -> None:
        """Write the board as it is now.

        Raises:
            PrefectUnavailable: within seconds.
        """
        # Two at once would each make an artifact where there is none yet.
        async with self._publishing:
            await self._publish()

    async def _publish(self) -> None:
        now = self._clock()
        month, lately = month_began(now, self._zone), now - timedelta(days=DAYS)
        await self._standing.read(min(month.replace(month=1), lately))
        complaints = self._standing.open_ones()
        # The board shows the first of each kind.
        shown = listed(complaints, now)
        await self._find_runs(shown)
        await self._triage.keep(complaints, self._known_links(), now)
        await self._pages.find(shown, self._known_links())
        table = open_table(complaints[:OPEN_AT_MOST], now, self._zone)
        await self._put_table(TABLE_KEY, table, "Open complaints, the next deadline first")
        await self._put_year(now, month.replace(month=1))
        text = board(
            complaints,
            figures(self._standing.received_since(month), bounced=self._standing.lost_since(month)),
            await self._source.health(),
            now,
            self._zone,
            links=self._known_links(),
            signs=await self._signs(),
            lately=self._standing.received_since(lately),
        )
        await self._put(BOARD_KEY, "markdown", text, "Open complaints by deadline")
        self._board_at = now
        self._behind = False
        self.published.set()

    async def keep_pages(self) -> bool:
        """Bring a few of the pages up to date that lead elsewhere than they should; all of them, by and by.

        Returns:
            Whether there was any to be looked at.

        Raises:
            PrefectUnavailable: within seconds.
        """
        async with self._publishing:
            may_lead = [*self._standing.open_ones(), *self._standing.dismissed()]
            few = self._pages.unsure(may_lead, self._known_links())
            behind = await self._pages.behind(few, self._known_links())
            if behind:
                await self._write_again(behind[:_PAGES_AT_ONCE])
        return bool(few)

    async def _write_again(self, complaints: Sequence[Complaint]) -> None:
        """Their pages, with the way to their runs."""
        await self._find_runs(complaints)
        # What the board knows of a complaint is less than its page tells.
        whole = await self._source.by_id([one.id for one in complaints])
        await self._pages.write(whole, self._known_links())

    async def _put_year(self, now: datetime, began: datetime) -> None:
        """The table of the year; the larger it is, the less often it is written."""
        received = self._standing.received_since(began)
        rest = _YEAR_RESTS_A_ROW * min(len(received), YEAR_AT_MOST)
        if self._year_at is not None and now - self._year_at < rest:
            return
        table = year_table(received, self._zone)
        about = f"Complaints received in {began:%Y}, the newest first, {YEAR_AT_MOST} at most"
        await self._put_table(YEAR_KEY, table, about)
        self._year_at = now

    async def _put_table(self, key: str, table: str, about: str) -> None:
        """Write a table that differs from what was written last."""
        if self._tables.get(key) != table:
            await self._put(key, "table", table, about)
            self._tables[key] = table

    def _known_links(self) -> Links:
        return self._links.with_complaints(self._run_ids, self._pages.ids, self._triage.runs)

    async def keep_up(self, busy: Callable[[], bool] = lambda: False) -> None:
        """Follow the desk until cancelled; while Prefect is away, wait for it.

        Args:
            busy: whether the desk has letters or notices in hand just now; it goes first.
        """
        self._busy = busy
        away = False
        while True:
            self._poked.clear()
            try:
                if await self.catch_up():
                    self._behind = True
                if self._board_is_due():
                    await self.publish_board()
                await self._keep_some_pages()
                if away:
                    _log.info("mirror_caught_up")
                away = False
            except Exception:  # noqa: BLE001 - the window outlives whatever befalls it, the store's absence too
                if not away:
                    _log.warning("mirror_waits", exc_info=True)
                away = self._behind = True
                self._tables.clear()
                self._pages.forget()
                self._checks_whole = False
            await self._rest(_EVERY_SECONDS)

    async def _keep_some_pages(self) -> None:
        """In small lots: with thousands to be written the board and the news still wait for tenths of a second."""
        for _ in range(_LOTS_OF_PAGES):
            await self._give_way()
            if not await self.keep_pages():
                return

    async def _give_way(self) -> None:
        """Let the desk work off what it has in hand, for a few seconds at most.

        A complaint that is forwarded by then needs one call instead of three.
        """
        for _ in range(_GLANCES):
            if not self._busy():
                return
            await asyncio.sleep(_GLANCE_SECONDS)

    async def _put(self, key: str, kind: str, data: str, about: str) -> None:
        made = await self._api.put_artifact(key=key, kind=kind, data=data, description=about)
        self._links = self._links.with_artifact(key, made)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            # Not wait_for: Python 3.11's forgets a cancellation that meets a poke, and a stop never ends.
            async with asyncio.timeout(seconds):
                await self._poked.wait()

    def _board_is_due(self) -> bool:
        if self._board_at is None:
            return True
        age = (self._clock() - self._board_at).total_seconds()
        return age >= (_BOARD_NOT_SOONER_SECONDS if self._behind else _BOARD_NOT_LATER_SECONDS)

    async def _tell(self, batch: Sequence[tuple[Complaint, Sequence[LoggedEvent], str]]) -> None:
        marks, events, lines, new = [], [], [], []
        for complaint, news, known_run in batch:
            run_id = await self._show(complaint, known_run)
            if not known_run:
                new.append(complaint.ref)
            events += events_of(complaint, news, run_id)
            lines += history_of(complaint, news, run_id)
            lines += how_it_came_about(complaint, news, run_id, self._zone)
            marks.append((complaint.id, max(event.seq for event in news), run_id))
        if self._checks is not None:
            await self._checks.keep([complaint for complaint, _, _ in batch])
        await self._api.emit(events)
        await self._api.log(lines)
        await self._pages.write([complaint for complaint, _, _ in batch], self._known_links(), new=new)
        await self._source.mirrored(marks)

    async def _show(self, complaint: Complaint, run_id: str) -> str:
        """Bring the complaint's run up to date, or make it; its id."""
        shown = Shown(run_name(complaint), tags_of(complaint), state_of(complaint, self._zone))
        if not run_id or not await self._change(run_id, shown):
            run_id = await self._make(complaint, shown)
        self._remember(complaint.ref, run_id, shown)
        return run_id

    async def _change(self, run_id: str, wanted: Shown) -> bool:
        """Whether the run is there; somebody may have deleted it, or Prefect begun with an empty database."""
        before = self._shown.get(run_id)
        if before == wanted:
            return True
        renamed = before is None or before[:2] != wanted[:2]
        if renamed and not await self._api.rename_run(run_id, name=wanted.name, tags=wanted.tags):
            return False
        if before is not None and before.state == wanted.state:
            return True
        return await self._api.set_state(run_id, wanted.state)

    async def _make(self, complaint: Complaint, wanted: Shown) -> str:
        # A run that begins as scheduled is shown as "3 h late" by and by; one that ran before is not.
        waits = wanted.state.type is StateType.SCHEDULED
        first = RunState(type=StateType.RUNNING, name="Received") if waits else wanted.state
        run_id, state = await self._api.create_run(
            flow=FLOW,
            key=f"{complaint.ref}@{complaint.stored_at.isoformat()}",
            name=wanted.name,
            tags=wanted.tags,
            state=first,
            parameters={"ref": complaint.ref},
        )
        if state != wanted.state.name:
            await self._api.rename_run(run_id, name=wanted.name, tags=wanted.tags)
            await self._api.set_state(run_id, wanted.state)
        return run_id

    def _remember(self, ref: str, run_id: str, shown: Shown) -> None:
        if len(self._shown) >= _SHOWN_AT_MOST:
            self._shown.clear()
            self._run_ids.clear()
        self._shown[run_id] = shown
        self._run_ids[ref] = run_id

    async def _find_runs(self, complaints: Sequence[Complaint]) -> None:
        """Runs made before this process began, by the names they bear; those that are lost are made again."""
        missing = {run_name(c): c for c in complaints if c.ref not in self._run_ids}
        found = await self._api.runs_by_name(FLOW, list(missing))
        for name, complaint in missing.items():
            self._run_ids[complaint.ref] = found.get(name) or await self._show(complaint, "")
