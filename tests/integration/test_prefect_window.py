"""The window against a real Prefect server of our own: one for all tests here."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from prefect.context import refresh_global_settings_context
from prefect.settings import PREFECT_API_URL, temporary_settings

from complaints.clock import system_clock
from complaints.errors import NotAllowed, StoreUnavailable, UnknownComplaint, UnknownCustomer
from complaints.lifecycle import Status
from complaints.matching import CustomerIndex
from complaints.model import Complaint, Customer
from complaints.reports import month_of
from flows.complaint_page import page_key
from flows.embedded import free_port
from flows.links import TABLE_KEY, YEAR_KEY
from flows.mirror import Mirror
from flows.prefect_api import PrefectApi, PrefectUnavailable, RunState, StateType
from flows.prefect_server import PortTaken, PrefectServer
from flows.route_complaints import route_complaints, words
from flows.runs import FlowRunner, words_of_count
from flows.serve import Clerk
from flows.signs import no_signs
from flows.sla_checks import SlaChecks
from tests.desk_fake import NOON, FakeDesk, FakeHealth, a_complaint

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.usefixtures("forgotten_sockets"),
    pytest.mark.asyncio(loop_scope="session"),
    # Prefect's own client leaves closing its sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


@dataclass
class House:
    server: PrefectServer
    api: PrefectApi
    rest: httpx.AsyncClient
    folder: Path

    async def runs(self, **wanted: Any) -> list[dict[str, Any]]:
        body = {"flow_runs": wanted, "sort": "START_TIME_ASC", "limit": 200}
        return list((await self.rest.post("/flow_runs/filter", json=body)).json())

    async def run(self, run_id: str) -> dict[str, Any]:
        return dict((await self.rest.get(f"/flow_runs/{run_id}")).json())


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(
    tmp_path_factory: pytest.TempPathFactory, prepared: Callable[[Path], Path]
) -> AsyncIterator[House]:
    folder = prepared(tmp_path_factory.mktemp("house"))
    server = PrefectServer(folder, free_port())
    await server.start()
    before = dict(os.environ)
    os.environ.update(server.client_environment())
    _read_prefect_settings_again()
    api = PrefectApi(server.api_url)
    async with httpx.AsyncClient(base_url=server.api_url) as rest:
        yield House(server, api, rest, folder)
    await api.aclose()
    await server.stop()
    os.environ.clear()
    os.environ.update(before)


def _read_prefect_settings_again() -> None:
    # Prefect reads its environment when it is imported, which was before this server had a port.
    refresh_global_settings_context()


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def mirror(house: House, desk: FakeDesk) -> Mirror:
    return Mirror(desk, house.api, LONDON, house.server.ui_url, system_clock)


_numbers = iter(range(1, 10_000))


def fresh(**changes: Any) -> Any:
    """A complaint that no other test here has."""
    received = system_clock() - HOUR
    return a_complaint(next(_numbers), received_at=received, **changes)


# --- the server --------------------------------------------------------------------------------


async def test_the_pages_may_fetch_nothing_from_elsewhere(house: House) -> None:
    page = await house.rest.get(f"{house.server.ui_url}/v2/", headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert "connect-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
async def test_other_sites_get_no_answer(house: House, headers: dict[str, str]) -> None:
    answer = await house.rest.post("/flow_runs/filter", json={}, headers=headers)

    assert answer.status_code == 403


async def test_all_that_prefect_keeps_is_in_our_folder(house: House) -> None:
    assert (house.folder / "prefect" / "prefect.db").exists()
    assert (house.folder / "prefect" / "ui" / "v2" / "index.html").exists()


async def test_no_click_is_refused_because_others_write_at_that_moment(house: House) -> None:
    flow = (await house.rest.post("/flows/", json={"name": "clicked"})).json()["id"]
    made = await house.rest.post("/deployments/", json={"name": "clicked", "flow_id": flow})
    path = f"/deployments/{made.json()['id']}/create_flow_run"

    answers = [
        answer.status_code
        for _ in range(25)
        for answer in await asyncio.gather(*(house.rest.post(path, json={}) for _ in range(4)))
    ]

    assert answers == [201] * 100


async def test_a_port_held_by_another_program_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"port {port} .* by another program; set prefect_port"):
            await PrefectServer(tmp_path, port).start()


async def test_a_port_held_by_another_forthwith_is_told_apart(house: House, tmp_path: Path) -> None:
    port = int(house.server.ui_url.rpartition(":")[2])

    with pytest.raises(PortTaken, match="Prefect server of another Forthwith"):
        await PrefectServer(tmp_path, port).start()


_PARENT = """
import asyncio, sys
from pathlib import Path
from flows.lifeline import Child
program = "from flows.lifeline import end_with_parent; end_with_parent(); import time; print('x', flush=True); time.sleep(60)"
async def main():
    folder = Path(sys.argv[1])
    child = Child([sys.executable, "-c", program], environment={}, folder=Path.cwd(), log=folder / "log")
    await child.start()
    print(child.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PARENT, str(tmp_path), stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    await until(lambda: (tmp_path / "log").read_bytes() != b"")
    parent.kill()
    await parent.wait()

    await until(lambda: not _alive(child))


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def until(done: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.05)


# --- the mirror --------------------------------------------------------------------------------


async def test_one_run_stands_for_a_complaint_all_its_life(
    house: House, desk: FakeDesk, mirror: Mirror
) -> None:
    new = desk.has(fresh(status=Status.NEEDS_REVIEW, customer_id="", review_reason="unmatched"), "received")
    states = []
    for changes in (
        {},
        {"status": Status.FORWARDING, "customer_id": "acme", "customer_name": "Acme Ltd"},
        {"status": Status.FORWARDED},
        {"status": Status.ACKNOWLEDGED},
        {"status": Status.CLOSED},
    ):
        desk.moves(new.id, "a_move", **changes)
        await mirror.catch_up()
        run = await house.run(desk.runs[new.id])
        states.append((run["state_type"], run["state_name"]))

    assert states == [
        ("SCHEDULED", "Needs review"),
        ("RUNNING", "Forwarding"),
        ("COMPLETED", "Forwarded"),
        ("COMPLETED", "Acknowledged"),
        ("COMPLETED", "Closed"),
    ]
    assert run["name"] == f"{new.ref} · Acme Ltd · Information Commissioner's Office"
    assert set(run["tags"]) == {
        "status:closed",
        "customer:Acme Ltd",
        "authority:Information Commissioner's Office",
    }
    assert len(await house.runs(name={"like_": f"{new.ref} "})) == 1


async def test_a_breach_stays_red_after_the_forward(house: House, desk: FakeDesk, mirror: Mirror) -> None:
    late = desk.has(fresh(breached_at=system_clock()), "received", "breached")
    await mirror.catch_up()
    first = await house.run(desk.runs[late.id])
    desk.moves(late.id, "forwarded", status=Status.FORWARDED)
    await mirror.catch_up()
    then = await house.run(desk.runs[late.id])

    assert (first["state_type"], first["state_name"]) == ("FAILED", "SLA breached")
    assert (then["state_type"], then["state_name"]) == ("FAILED", "Forwarded late")
    assert "breached" in then["tags"]


async def test_a_waiting_complaint_is_not_shown_as_a_late_run(
    house: House, desk: FakeDesk, mirror: Mirror
) -> None:
    waiting = desk.has(fresh(status=Status.NEEDS_REVIEW), "received")
    await mirror.catch_up()

    run = await house.run(desk.runs[waiting.id])

    assert run["start_time"] is not None
    assert run["estimated_start_time_delta"] < 1


async def test_a_crash_before_the_cursor_moved_repeats_harmlessly(
    house: House, desk: FakeDesk, mirror: Mirror
) -> None:
    new = desk.has(fresh(status=Status.FORWARDED), "received", "matched", "forwarded")
    desk.cursor_breaks = True
    with pytest.raises(ConnectionError):
        await mirror.catch_up()
    desk.cursor_breaks = False
    after_restart = Mirror(desk, house.api, LONDON, house.server.ui_url, system_clock)
    desk.moves(new.id, "acknowledged", status=Status.ACKNOWLEDGED)

    assert await after_restart.catch_up() == 1

    runs = await house.runs(name={"like_": f"{new.ref} "})
    assert [run["state_name"] for run in runs] == ["Acknowledged"]
    assert await _events(house, new.ref, 4) == ["acknowledged", "forwarded", "matched", "received"]


async def _events(house: House, ref: str, count: int) -> list[str]:
    """Names in the event feed, newest first; the server writes them with some seconds' delay."""
    found: list[str] = []
    for _ in range(100):
        body = {"filter": {"resource": {"id": [f"complaint.{ref}"]}}}
        page = (await house.rest.post("/events/filter", json=body)).json()
        found = [event["event"].removeprefix("forthwith.complaint.") for event in page["events"]]
        if len(found) >= count:
            break
        await asyncio.sleep(0.2)
    return found


async def test_the_run_tells_the_history(house: House, desk: FakeDesk, mirror: Mirror) -> None:
    new = desk.has(fresh(status=Status.FORWARDED), "received", "breached", "forwarded")
    desk.has(replace(new, status=Status.ACKNOWLEDGED), "acknowledged", actor="mary@acme.example")
    await mirror.catch_up()

    body = {"logs": {"flow_run_id": {"any_": [desk.runs[new.id]]}}, "sort": "TIMESTAMP_ASC"}
    lines = (await house.rest.post("/logs/filter", json=body)).json()

    assert [(line["level"], line["message"]) for line in lines] == [
        (20, "received"),
        (40, "breached"),
        (20, "forwarded"),
        (20, "acknowledged by mail"),
    ]


async def test_a_run_that_somebody_deleted_is_made_again(
    house: House, desk: FakeDesk, mirror: Mirror
) -> None:
    new = desk.has(fresh(), "received")
    await mirror.catch_up()
    first = desk.runs[new.id]
    await house.rest.delete(f"/flow_runs/{first}")
    desk.moves(new.id, "forwarded", status=Status.FORWARDED)
    await Mirror(desk, house.api, LONDON, house.server.ui_url, system_clock).catch_up()

    assert desk.runs[new.id] != first
    assert (await house.run(desk.runs[new.id]))["state_name"] == "Forwarded"


async def test_nothing_personal_reaches_prefect(house: House, desk: FakeDesk, mirror: Mirror) -> None:
    secret = "Xylophonia Quux"
    told = fresh(
        status=Status.NEEDS_REVIEW,
        subject=f"Complaint by {secret}",
        why=f"the letter names {secret}",
        body_id="",
        body_name=secret,
        manager_name=secret,
        respond_by_quote=f"answer {secret}",
        evidence={"mail": {"sender": secret}, "candidates": []},
    )
    desk.has(told, "received", said=secret, actor="xylophonia@quux.example")
    desk.state = FakeHealth(last_relay_reply=f"550 {secret}")
    await mirror.catch_up()
    await mirror.publish_board()
    assert await _events(house, told.ref, 1) == ["received"]

    kept = b"".join(path.read_bytes() for path in (house.folder / "prefect").glob("prefect.db*"))

    assert told.ref.encode() in kept
    assert secret.encode() not in kept
    assert b"xylophonia@quux" not in kept


async def test_the_board_is_changed_in_place(house: House, desk: FakeDesk, mirror: Mirror) -> None:
    one = desk.has(fresh(), "received")
    await mirror.catch_up()
    await mirror.publish_board()
    address = mirror.board_url
    another = desk.has(fresh(), "received")
    # A mirror that has just started knows neither the board nor the runs made before.
    restarted = Mirror(desk, house.api, LONDON, house.server.ui_url, system_clock)
    await restarted.publish_board()

    assert restarted.board_url == address
    text = (await house.rest.get(f"/artifacts/{address.rpartition('/')[2]}")).json()["data"]
    assert f"[{one.ref}]({house.server.ui_url}/v2/artifacts/artifact/{await page_of(house, one)})" in text
    assert another.ref in text


async def page_of(house: House, complaint: Complaint) -> str:
    pages = await house.api.artifacts_of([page_key(complaint.ref)])
    return pages[page_key(complaint.ref)]


async def test_a_complaint_has_a_page_that_is_changed_in_place(
    house: House, desk: FakeDesk, mirror: Mirror
) -> None:
    one = desk.has(fresh(status=Status.NEEDS_REVIEW, customer_id=""), "received", "needs_review")
    await mirror.catch_up()
    address = await page_of(house, one)
    desk.moves(one.id, "assigned", status=Status.FORWARDING, customer_id="acme")
    # A mirror that has just started does not know that there is a page already.
    await Mirror(desk, house.api, LONDON, house.server.ui_url, system_clock).catch_up()

    assert await page_of(house, one) == address
    text = (await house.rest.get(f"/artifacts/{address}")).json()["data"]
    assert f"{one.ref} · forwarding" in text
    assert "Acme Ltd" in text


async def test_a_page_that_somebody_deleted_is_made_again(
    house: House, desk: FakeDesk, mirror: Mirror
) -> None:
    one = desk.has(fresh(), "received")
    await mirror.catch_up()
    gone = await page_of(house, one)
    await house.rest.delete(f"/artifacts/{gone}")

    desk.moves(one.id, "forwarded", status=Status.FORWARDED)
    await mirror.catch_up()

    assert await page_of(house, one) != gone


async def test_a_lost_page_is_made_again_with_all_that_is_known(
    house: House, desk: FakeDesk, mirror: Mirror
) -> None:
    one = desk.has(undecided(), "received", "needs_review")
    # Somebody has deleted it, or it was never made: the cursor says that Prefect has heard of it all.
    await desk.mirrored([(one.id, 2, "")])
    await mirror.publish_board()

    assert "| 0.50 |" in await text_of(house, one)


async def text_of(house: House, complaint: Complaint) -> str:
    page = await house.rest.get(f"/artifacts/{await page_of(house, complaint)}")
    return str(page.json()["data"])


async def test_the_tables_hold_the_open_ones_and_those_of_the_year(
    house: House, desk: FakeDesk, mirror: Mirror
) -> None:
    one = desk.has(fresh(), "received")
    other = desk.has(fresh(status=Status.CLOSED), "received", "closed")
    await mirror.publish_board()

    found = await house.api.artifacts_of([TABLE_KEY, YEAR_KEY])
    tables = {key: (await house.rest.get(f"/artifacts/{made}")).json()["data"] for key, made in found.items()}
    assert {row["Ref"] for row in json.loads(tables[TABLE_KEY])} == {one.ref}
    assert {row["Ref"] for row in json.loads(tables[YEAR_KEY])} >= {one.ref, other.ref}


async def test_a_board_that_somebody_deleted_is_made_again(house: House, mirror: Mirror) -> None:
    await mirror.publish_board()
    gone = mirror.board_url.rpartition("/")[2]
    await house.rest.delete(f"/artifacts/{gone}")

    await mirror.publish_board()

    made = mirror.board_url.rpartition("/")[2]
    assert made != gone
    assert (await house.rest.get(f"/artifacts/{made}")).status_code == 200


@asynccontextmanager
async def wedged_server() -> AsyncIterator[str]:
    """It accepts and never answers."""
    held: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"
    finally:
        server.close()
        for writer in held:
            writer.close()


async def test_catching_up_with_a_wedged_server_fails_within_three_seconds(desk: FakeDesk) -> None:
    desk.has(fresh(), "received")
    async with wedged_server() as url:
        api = PrefectApi(url)
        began = time.monotonic()
        with pytest.raises(PrefectUnavailable):
            await Mirror(desk, api, LONDON, "http://127.0.0.1", system_clock).catch_up()
        await api.aclose()

    assert time.monotonic() - began < 3
    assert desk.cursor == {}


# --- what people ask for -----------------------------------------------------------------------


CUSTOMERS = {
    "acme": "Acme Retail Ltd",
    "swift": "Swift Logistics GmbH",
    "pennine": "Pennine Parcel Ltd",
    "fjord": "Fjord Energi AS",
}


def register_of(names: Mapping[str, str]) -> CustomerIndex:
    return CustomerIndex.build(Customer(id=number, name=name) for number, name in names.items())


class Verbs:
    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.register = register_of(CUSTOMERS)

    async def known(self) -> CustomerIndex:
        return self.register

    async def assign(self, ref: str, customer_id: str, *, actor: str) -> Complaint:
        if ref == "FW-9999":
            raise UnknownComplaint(f"{ref} of Jane Roe is not there")
        if customer_id == "surprise":
            raise ValueError("Jane Roe")
        if customer_id not in CUSTOMERS:
            raise UnknownCustomer(f"no customer {customer_id}")
        self.asked.append((ref, customer_id, actor))
        return a_complaint()

    async def pause(self, ref: str, length: timedelta, *, why: str, actor: str) -> Complaint:
        self.asked.append((ref, str(length), why, actor))
        return a_complaint(paused_until=NOON)

    async def resume(self, ref: str, *, actor: str) -> Complaint:
        self.asked.append((ref, actor))
        return a_complaint()

    async def dismiss(self, ref: str, why: str, *, actor: str) -> Complaint:
        self.asked.append((ref, why, actor))
        return a_complaint(status=Status.DISMISSED)

    async def by_letter(self, _: str) -> list[Complaint]:
        return []

    async def split(self, ref: str, customer_ids: list[str], *, actor: str) -> list[Complaint]:
        self.asked.append((ref, *customer_ids, actor))
        return [a_complaint()]

    async def extend(self, ref: str, until: date, why: str, *, actor: str) -> Complaint:
        self.asked.append((ref, until.isoformat(), why, actor))
        return a_complaint(respond_by=until)

    async def synthetic(self) -> None:
        self.asked.append(("made up",))

    async def report(self, month: str, customer_id: str) -> str:
        month_of(month, LONDON, system_clock())
        return f"# {month} of {customer_id or 'all'}"

    async def close(self, ref: str, *, actor: str) -> None:
        raise NotAllowed("a complaint that is received cannot be closed")


@dataclass
class Counter:
    house: House
    clerk: Clerk
    verbs: Verbs
    refreshed: list[bool]

    @property
    def forms(self) -> dict[str, str]:
        return self.clerk._deployments

    async def fields(self, flow: str) -> list[dict[str, Any]]:
        """What a form shows, in its order."""
        form = (await self.house.rest.get(f"/deployments/{self.forms[flow]}")).json()
        fields = form["parameter_openapi_schema"]["properties"].values()
        return sorted(fields, key=lambda field: field["position"])

    async def ask(self, flow: str, **parameters: str | list[str]) -> dict[str, Any]:
        """Fill in a form, as the pages do, and wait for the outcome."""
        path = f"/deployments/{self.forms[flow]}/create_flow_run"
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        made = (await self.house.rest.post(path, json=body)).json()
        assert "id" in made, made
        assert await self.clerk.serve_once() == 1
        await self.clerk.finish()
        return await self.house.run(made["id"])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def open_counter(house: House) -> Counter:
    verbs, refreshed = Verbs(), []

    @asynccontextmanager
    async def open_desk() -> AsyncIterator[Verbs]:
        yield verbs

    async def refresh() -> None:
        refreshed.append(True)

    clerk = Clerk(
        house.api,
        system_clock,
        board_url=lambda: "http://board",
        open_desk=open_desk,
        refresh=refresh,
        send_synthetic=verbs.synthetic,
        report=verbs.report,
        register=verbs.known,
        zone=LONDON,
    )
    await clerk.register()
    return Counter(house, clerk, verbs, refreshed)


@pytest.fixture
def counter(open_counter: Counter) -> Counter:
    """One for all tests, at which nobody has asked for anything: to make the forms takes seconds."""
    open_counter.verbs.asked.clear()
    open_counter.refreshed.clear()
    return open_counter


async def test_what_a_person_asks_for_is_done_in_their_name(counter: Counter) -> None:
    run = await counter.ask("assign-complaint", ref="FW-1001", customer_id="acme", who="AB")

    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "Assigned")
    assert run["name"] == "assign FW-1001 to acme"
    assert run["state"]["message"].startswith("FW-1001 concerns Acme Ltd. It goes out at once")
    assert counter.verbs.asked == [("FW-1001", "acme", "AB")]
    assert counter.refreshed


async def test_the_words_stand_where_the_page_of_a_run_shows_them_first(counter: Counter) -> None:
    done = await counter.ask("assign-complaint", ref="FW-1001", customer_id="acme", who="AB")
    refused = await counter.ask("close-complaint", ref="FW-1001", who="AB")

    for run, level in ((done, 20), (refused, 30)):
        body = {"logs": {"flow_run_id": {"any_": [run["id"]]}}}
        lines = (await counter.house.rest.post("/logs/filter", json=body)).json()
        assert [(line["level"], line["message"]) for line in lines] == [(level, run["state"]["message"])]


async def test_who_looks_after_a_complaint_lets_its_alarms_wait_and_go_on(counter: Counter) -> None:
    run = await counter.ask("pause-complaint", ref="FW-1001", who="AB", length="2 hours")
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "Paused")
    run = await counter.ask("pause-complaint", ref="FW-1001", who="AB", length="go on now")
    assert run["state_name"] == "Alarms go on"
    assert counter.verbs.asked == [("FW-1001", "2:00:00", "I look after it", "AB"), ("FW-1001", "AB")]


async def test_a_letter_is_split_and_the_body_s_day_is_moved(counter: Counter) -> None:
    run = await counter.ask("split-complaint", ref="FW-1001", customer_ids=["acme", "swift"], who="AB")
    assert (run["name"], run["state_name"]) == ("split FW-1001", "Split")
    run = await counter.ask(
        "extend-complaint", ref="FW-1001", until="2026-12-18", why="the body wrote so", who="AB"
    )
    assert run["state_name"] == "Extended"
    assert counter.verbs.asked == [
        ("FW-1001", "acme", "swift", "AB"),
        ("FW-1001", "2026-12-18", "the body wrote so", "AB"),
    ]


async def test_a_made_up_complaint_is_sent_by_a_form(counter: Counter) -> None:
    run = await counter.ask("send-synthetic")
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "Sent")
    assert counter.verbs.asked == [("made up",)]


async def test_the_report_is_a_page_of_its_run(counter: Counter) -> None:
    run = await counter.ask("make-report", month="2026-11", customer_id="acme")
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "Reported")
    found = await counter.house.rest.post(
        "/artifacts/filter", json={"artifacts": {"flow_run_id": {"any_": [run["id"]]}}}
    )
    [page] = found.json()
    assert (page["key"], page["data"]) == ("report", "# 2026-11 of acme")
    refused = await counter.ask("make-report", month="0000-01")
    assert (refused["state_name"], refused["state"]["message"]) == (
        "Refused",
        "That is no month; write it as 2026-11.",
    )
    refused = await counter.ask("make-report", month="2999-01")
    assert (refused["state_name"], refused["state"]["message"]) == (
        "Refused",
        "That month has not begun; there is nothing to report of it yet.",
    )


def ways(field: dict[str, Any]) -> dict[str, Any]:
    """The ways to fill in a field, by their titles."""
    return {way["title"]: way for way in field["anyOf"]}


async def test_customers_are_chosen_from_the_register_or_filled_in(counter: Counter) -> None:
    _, customer, _ = await counter.fields("assign-complaint")
    assert ways(customer)["From the register"]["enum"] == [
        f"{number} · {name}" for number, name in CUSTOMERS.items()
    ]
    _, customers, _ = await counter.fields("split-complaint")
    assert ways(customers)["From the register"]["items"]["enum"][0] == "acme · Acme Retail Ltd"
    _, customer = await counter.fields("make-report")
    assert ways(customer)["From the register"]["enum"][0] == customer["default"] == "all customers"

    for filled_in in ("acme · Acme Retail Ltd", "acme", "acme · Acme as it was", "ACME RETAIL LTD"):
        run = await counter.ask("assign-complaint", ref="FW-1001", customer_id=filled_in, who="AB")
        assert run["state_name"] == "Assigned"
    assert counter.verbs.asked == [("FW-1001", "acme", "AB")] * 4


async def test_who_is_no_customer_is_refused_with_those_that_come_near(counter: Counter) -> None:
    run = await counter.ask("assign-complaint", ref="FW-1001", customer_id="Swift Logistic", who="AB")

    assert (run["state_type"], run["state_name"]) == ("FAILED", "Refused")
    assert run["state"]["message"].endswith("near it come swift (Swift Logistics GmbH)")
    assert counter.verbs.asked == []


async def test_forms_follow_the_register(counter: Counter) -> None:
    before = dict(counter.forms)
    counter.verbs.register = register_of({"acme": "Acme plc", "new": "Newcomer Ltd"})
    await counter.clerk.serve_once()
    await counter.clerk.serve_once()
    _, customer, _ = await counter.fields("assign-complaint")
    assert ways(customer)["From the register"]["enum"] == ["acme · Acme plc", "new · Newcomer Ltd"]

    counter.verbs.register = register_of({f"C{n}": f"Customer {n} Ltd" for n in range(501)})
    await counter.clerk.serve_once()
    await counter.clerk.serve_once()
    _, customer, _ = await counter.fields("assign-complaint")
    assert (customer["type"], customer["title"]) == ("string", "Customer")
    assert dict(counter.forms) == before

    counter.verbs.register = register_of(CUSTOMERS)
    await counter.clerk.serve_once()
    await counter.clerk.serve_once()


async def test_a_report_is_of_all_customers_or_of_the_one_that_was_chosen(counter: Counter) -> None:
    for chosen, whom in (("all customers", "all"), ("acme · Acme Retail Ltd", "acme")):
        run = await counter.ask("make-report", month="2026-11", customer_id=chosen)
        found = await counter.house.rest.post(
            "/artifacts/filter", json={"artifacts": {"flow_run_id": {"any_": [run["id"]]}}}
        )
        assert [page["data"] for page in found.json()] == [f"# 2026-11 of {whom}"]


async def test_a_refused_action_says_why_and_names_nobody(counter: Counter) -> None:
    run = await counter.ask("assign-complaint", ref="FW-9999", customer_id="acme", who="AB")

    assert (run["state_type"], run["state_name"]) == ("FAILED", "Refused")
    assert run["state"]["message"].startswith("No complaint has this reference")


async def test_a_step_out_of_turn_is_refused(counter: Counter) -> None:
    run = await counter.ask("close-complaint", ref="FW-1001", who="AB")

    assert run["state"]["message"] == "a complaint that is received cannot be closed"


async def test_a_surprise_leaves_no_words_behind(counter: Counter, house: House) -> None:
    run = await counter.ask("assign-complaint", ref="FW-1001", customer_id="surprise", who="AB")

    assert (run["state_name"], run["state"]["message"]) == ("Failed", "ValueError")
    storage = house.folder / "prefect" / "client" / "storage"
    assert not any(b"Jane" in path.read_bytes() for path in storage.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("filled_in", "told"),
    [
        ({"ref": "the one of Jane Roe"}, "'our reference, such as FW-1001' was expected"),
        ({"ref": "FW-"}, "'our reference, such as FW-1001' was expected"),
        (
            {"who": "Jane Roe told me on the telephone"},
            "'your initials or team, 2 to 20 letters' was expected",
        ),
    ],
)
async def test_a_form_takes_no_prose_and_says_what_it_wants(
    counter: Counter, filled_in: dict[str, str], told: str
) -> None:
    path = f"/deployments/{counter.forms['acknowledge-complaint']}/create_flow_run"
    parameters = {"ref": "FW-1001", "who": "AB"} | filled_in

    answer = await counter.house.rest.post(path, json={"parameters": parameters})

    assert answer.status_code == 409
    assert answer.json()["detail"].endswith(told)
    assert "Jane" not in answer.text


@pytest.mark.parametrize("written", ["fw-1001", " FW-1001 ", "1001", "fw 1001"])
async def test_a_reference_may_be_written_as_people_write_it(counter: Counter, written: str) -> None:
    run = await counter.ask("assign-complaint", ref=written, customer_id="acme", who="AB")

    assert (run["state_name"], run["name"]) == ("Assigned", "assign FW-1001 to acme")
    assert counter.verbs.asked == [("FW-1001", "acme", "AB")]


async def test_a_form_shows_titles_in_words_and_asks_last_who_acts(counter: Counter) -> None:
    asked = {name: (await counter.fields(name)) for name in counter.forms}

    assert all(
        field["title"][0].isupper() and field["description"] and "_" not in field["title"]
        for fields in asked.values()
        for field in fields
    )
    assert [field["title"] for field in asked["pause-complaint"]] == [
        "Our reference",
        "How long",
        "Reason",
        "Your initials",
    ]


# --- what a person must decide ------------------------------------------------------------------


CANDIDATES = [
    {
        "id": "larkfield",
        "name": "Larkfield [<b>Optical</b>](javascript:x) Ltd",
        "score": 1.0,
        "evidence": [{"what": "full name", "weight": 1.0, "found": "Jane Roe of Larkfield"}],
    },
    {"id": "pennine", "name": "Pennine Parcel Ltd", "score": 0.5, "evidence": []},
]


def undecided() -> Any:
    return fresh(
        status=Status.NEEDS_REVIEW,
        customer_id="",
        review_reason="ambiguous",
        evidence={"candidates": CANDIDATES},
    )


@dataclass
class Waiting:
    """A complaint that waits for a decision, and the run that stands for that."""

    counter: Counter
    mirror: Mirror
    desk: FakeDesk

    async def runs(self, complaint: Complaint, *types: str) -> list[dict[str, Any]]:
        found = await self.counter.house.runs(tags={"all_": ["triage"]})
        about = [run for run in found if run["parameters"]["ref"] == complaint.ref]
        return [run for run in about if not types or run["state_type"] in types]

    async def resume(self, run_id: str, **filled_in: str) -> dict[str, Any]:
        """Fill in the form of a suspended run, as the page does; what the server answers."""
        rest = self.counter.house.rest
        return dict((await rest.post(f"/flow_runs/{run_id}/resume", json={"run_input": filled_in})).json())

    async def decided(self, run_id: str, **filled_in: str) -> dict[str, Any]:
        """The same, carried out."""
        answer = await self.resume(run_id, **filled_in)
        assert answer.get("status") == "ACCEPT", answer
        assert await self.counter.clerk.serve_once() == 1
        await self.counter.clerk.finish()
        return await self.counter.house.run(run_id)

    def beside(self, api: PrefectApi | None = None, *, ahead: timedelta = timedelta(0)) -> Mirror:
        """The mirror of another daemon, or of this one started anew."""
        api = api or self.counter.house.api
        other = Mirror(self.desk, api, LONDON, "http://ui", lambda: system_clock() + ahead)
        other.link(self.counter.forms)
        return other

    async def kept(self, run_id: str, part: str) -> str:
        answer = await self.counter.house.rest.get(f"/flow_runs/{run_id}/input/suspended-triage-{part}")
        return str(answer.json())


@pytest.fixture
def waiting(counter: Counter, mirror: Mirror, desk: FakeDesk) -> Waiting:
    mirror.link(counter.forms)
    return Waiting(counter, mirror, desk)


async def test_a_complaint_that_needs_a_person_waits_as_one_suspended_run(waiting: Waiting) -> None:
    one = waiting.desk.has(undecided(), "received", "needs_review")
    await waiting.mirror.publish_board()
    await waiting.mirror.publish_board()
    # A mirror that has just started knows of none.
    await waiting.beside().publish_board()

    [run] = await waiting.runs(one)
    assert (run["state_type"], run["state_name"]) == ("PAUSED", "Suspended")
    board = waiting.mirror.board_url.rpartition("/")[2]
    text = (await waiting.counter.house.rest.get(f"/artifacts/{board}")).json()["data"]
    assert f"/v2/runs/flow-run/{run['id']})" in text


async def test_pages_written_before_the_forms_were_there_lead_to_them_by_and_by(
    counter: Counter, mirror: Mirror, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = counter.house
    waits = desk.has(undecided(), "received", "needs_review")
    gone = desk.has(fresh(status=Status.DISMISSED), "received", "dismissed")
    others = [desk.has(fresh(), "received") for _ in range(30)]
    await mirror.catch_up()
    await mirror.publish_board()
    await mirror.keep_pages()
    assert "/deployments/" not in await text_of(house, waits)

    mirror.link(counter.forms)
    await mirror.publish_board()
    written: list[str] = []
    write = house.api.write_artifact

    async def counted(known: str, *, key: str, **told: Any) -> str:
        written.append(key)
        return await write(known, key=key, **told)

    monkeypatch.setattr(house.api, "write_artifact", counted)
    counts = []
    while await mirror.keep_pages():
        counts.append(len(written))

    assert counts[:7] == [5, 10, 15, 20, 25, 30, 32]
    assert counts[-1] == 32
    text = await text_of(house, waits)
    assert "[assign](" in text
    [run] = await house.runs(tags={"all_": ["triage", waits.ref]})
    assert f"[decide]({house.server.ui_url}/v2/runs/flow-run/{run['id']})" in text
    assert "[assign](" in await text_of(house, gone)
    assert "[History](" in await text_of(house, others[-1])

    again = Mirror(desk, house.api, LONDON, house.server.ui_url, system_clock)
    again.link(counter.forms)
    await again.publish_board()
    written.clear()
    while await again.keep_pages():
        pass
    assert written == [], "after a start they are looked at, and left as they are"


async def test_a_page_leads_to_the_run_that_asks_again(waiting: Waiting) -> None:
    one = waiting.desk.has(undecided(), "received", "needs_review")
    await waiting.mirror.catch_up()
    for _ in range(2):
        await waiting.mirror.publish_board()
        await waiting.mirror.keep_pages()
        [run] = await waiting.runs(one, "PAUSED")
        assert f"/v2/runs/flow-run/{run['id']})" in await text_of(waiting.counter.house, one)
        await waiting.decided(run["id"], decision="another customer", customer_id="nobody", who="AB")


async def test_what_the_form_shows_is_evidence_and_nothing_of_the_letter(waiting: Waiting) -> None:
    one = waiting.desk.has(undecided(), "received", "needs_review")
    await waiting.mirror.publish_board()
    [run] = await waiting.runs(one)

    words, shown = await waiting.kept(run["id"], "description"), await waiting.kept(run["id"], "schema")

    assert "full name +1.00" in words
    assert "Pennine Parcel Ltd, score 0.50 [pennine]" in shown
    for text in (words, shown):
        assert "Jane" not in text
        assert "javascript:x" not in text
    assert "<b>" not in words.replace("\\<", "")


async def test_resuming_assigns_in_the_name_of_who_decides(waiting: Waiting) -> None:
    one = waiting.desk.has(undecided(), "received", "needs_review")
    await waiting.mirror.publish_board()
    [run] = await waiting.runs(one)

    done = await waiting.decided(run["id"], decision="Pennine Parcel Ltd, score 0.50 [pennine]", who="AB")

    assert done["name"] == run["name"] == f"decide {one.ref}"
    assert (done["state_type"], done["state_name"]) == ("COMPLETED", "Assigned")
    assert waiting.counter.verbs.asked == [(one.ref, "pennine", "AB")]


async def test_another_customer_is_named_by_its_id(waiting: Waiting) -> None:
    one = waiting.desk.has(undecided(), "received", "needs_review")
    await waiting.mirror.publish_board()
    [run] = await waiting.runs(one)

    await waiting.decided(run["id"], decision="another customer", customer_id="fjord", who="AB")

    assert waiting.counter.verbs.asked == [(one.ref, "fjord", "AB")]


@pytest.mark.parametrize(
    ("filled_in", "why"),
    [
        ({"decision": "suspicious"}, "forged or spam"),
        ({"decision": "not a complaint", "why": "duplicate"}, "duplicate"),
    ],
)
async def test_what_is_nothing_to_forward_is_dismissed_with_a_reason(
    waiting: Waiting, filled_in: dict[str, str], why: str
) -> None:
    one = waiting.desk.has(undecided(), "received", "needs_review")
    await waiting.mirror.publish_board()
    [run] = await waiting.runs(one)

    done = await waiting.decided(run["id"], who="AB", **filled_in)

    assert done["state_name"] == "Dismissed"
    assert waiting.counter.verbs.asked == [(one.ref, why, "AB")]


@pytest.mark.parametrize(
    "filled_in",
    [
        {"decision": "somebody else", "who": "AB"},
        {"decision": "suspicious"},
        {"decision": "suspicious", "who": "Jane Roe told me on the telephone that it is hers"},
        {"decision": "not a complaint", "why": "because", "who": "AB"},
    ],
)
async def test_what_the_form_does_not_offer_is_not_taken(waiting: Waiting, filled_in: dict[str, str]) -> None:
    one = waiting.desk.has(undecided(), "received", "needs_review")
    await waiting.mirror.publish_board()
    [run] = await waiting.runs(one)

    answer = await waiting.resume(run["id"], **filled_in)

    assert answer["status"] == "REJECT"
    assert await waiting.counter.clerk.serve_once() == 0
    [still] = await waiting.runs(one)
    assert still["state_name"] == "Suspended"


@pytest.mark.parametrize("customer_id", ["", "nobody"])
async def test_a_decision_that_is_refused_is_asked_for_again_however_soon(
    waiting: Waiting, customer_id: str
) -> None:
    one = waiting.desk.has(undecided(), "received", "needs_review")
    for _ in range(2):
        await waiting.mirror.publish_board()
        [run] = await waiting.runs(one, "PAUSED")
        done = await waiting.decided(
            run["id"], decision="another customer", customer_id=customer_id, who="AB"
        )
        assert (done["state_type"], done["state_name"]) == ("FAILED", "Refused")
    await waiting.mirror.publish_board()

    assert waiting.counter.verbs.asked == []
    assert sorted(run["state_name"] for run in await waiting.runs(one)) == ["Refused", "Refused", "Suspended"]
    [run] = await waiting.runs(one, "PAUSED")
    done = await waiting.decided(run["id"], decision="another customer", customer_id="pennine", who="AB")
    assert done["state_name"] == "Assigned"


async def test_two_daemons_that_ask_at_once_ask_once(waiting: Waiting) -> None:
    one = waiting.desk.has(undecided(), "received", "needs_review")
    apis = [PrefectApi(waiting.counter.house.server.api_url) for _ in range(2)]
    mirrors = [waiting.beside(api) for api in apis]

    for attempt in (1, 2):
        await asyncio.gather(*(mirror.publish_board() for mirror in mirrors))
        [run] = await waiting.runs(one, "PAUSED")
        assert len(await waiting.runs(one)) == attempt
        await waiting.decided(run["id"], decision="another customer", customer_id="nobody", who="AB")
    for api in apis:
        await api.aclose()


async def test_a_suspended_run_that_holds_an_answer_already_is_replaced(waiting: Waiting) -> None:
    one = waiting.desk.has(undecided(), "received", "needs_review")
    await waiting.mirror.publish_board()
    [run] = await waiting.runs(one)
    # So an earlier Forthwith left runs behind: revived, with what had been refused still in them.
    await waiting.counter.house.api.put_input(run["id"], "suspended-triage-response", "{}")
    await waiting.beside().publish_board()

    assert (await waiting.counter.house.run(run["id"]))["state_type"] == "CANCELLED"
    [other] = await waiting.runs(one, "PAUSED")
    done = await waiting.decided(other["id"], decision="suspicious", who="AB")
    assert done["state_name"] == "Dismissed"


async def test_what_was_settled_elsewhere_waits_no_longer_and_is_asked_about_anew_when_it_comes_back(
    waiting: Waiting,
) -> None:
    one = waiting.desk.has(undecided(), "received", "needs_review")
    await waiting.mirror.publish_board()
    assigned = replace(waiting.desk.complaints[one.id], status=Status.FORWARDING, customer_id="pennine")
    waiting.desk.has(assigned, "assigned", actor="AB", customer="pennine")
    await waiting.mirror.publish_board()

    [run] = await waiting.runs(one)
    assert (run["state_type"], run["state_name"]) == ("CANCELLED", "Settled elsewhere")
    assert run["state"]["message"] == "Assigned to Acme Ltd, by AB with a form or a command."
    assert (await waiting.resume(run["id"], decision="suspicious", who="AB"))["status"] != "ACCEPT"

    waiting.desk.moves(one.id, "bounced", status=Status.NEEDS_REVIEW)
    await waiting.mirror.publish_board()
    assert len(await waiting.runs(one, "PAUSED")) == 1


@pytest.mark.parametrize(
    ("state", "minutes"),
    [("Preparing", 1), ("Running", 6)],
    ids=["while it was made", "while it was carried out"],
)
async def test_a_run_that_broke_off_is_made_anew(waiting: Waiting, state: str, minutes: int) -> None:
    one = waiting.desk.has(undecided(), "received", "needs_review")
    broken, _ = await waiting.counter.house.api.begin_run(
        waiting.counter.forms["triage-complaint"],
        key=f"{one.ref} broke off",
        name="Triage",
        tags=["triage"],
        state=RunState(type=StateType.RUNNING, name=state),
        ref=one.ref,
    )
    await waiting.beside(ahead=timedelta(minutes=minutes)).publish_board()

    assert (await waiting.counter.house.run(broken))["state_type"] == "CANCELLED"
    assert len(await waiting.runs(one, "PAUSED")) == 1


@pytest.mark.parametrize("state", ["Pending", "Running"])
async def test_what_a_killed_daemon_had_taken_is_done_after_all(counter: Counter, state: str) -> None:
    path = f"/deployments/{counter.forms['assign-complaint']}/create_flow_run"
    parameters = {"ref": "FW-1001", "customer_id": "acme", "who": "AB"}
    asked = await counter.house.rest.post(path, json={"parameters": parameters})
    taken = {"state": {"type": state.upper(), "name": state}, "force": True}
    await counter.house.rest.post(f"/flow_runs/{asked.json()['id']}/set_state", json=taken)
    ids = list(counter.forms.values())

    too_early = await counter.house.api.begin_again(ids, system_clock() - HOUR)
    assert (too_early, await counter.clerk.serve_once()) == (0, 0)
    assert await counter.house.api.begin_again(ids, system_clock() + HOUR) == 1
    assert await counter.clerk.serve_once() == 1
    await counter.clerk.finish()

    assert counter.verbs.asked == [("FW-1001", "acme", "AB")]


async def test_forms_that_somebody_deleted_are_made_again(counter: Counter) -> None:
    lost = counter.forms["close-complaint"]
    await counter.house.rest.delete(f"/deployments/{lost}")
    told: list[dict[str, str]] = []

    serving = asyncio.create_task(counter.clerk.serve(lambda ids: told.append(dict(ids))))
    await until(lambda: bool(told))
    serving.cancel()

    assert told[0]["close-complaint"] != lost
    assert await counter.house.api.has_deployments(list(told[0].values()))


async def test_the_way_to_the_board_sorts_first(counter: Counter) -> None:
    body = {"sort": "NAME_ASC", "limit": 1}
    first = (await counter.house.rest.post("/deployments/filter", json=body)).json()[0]

    assert first["name"] == "00 board"
    assert "http://board" in first["description"]


# --- flows -------------------------------------------------------------------------------------


@dataclass
class Body:
    """Work that can be counted."""

    result: int = 2
    started: int = 0
    error: Exception | None = None

    async def __call__(self) -> int:
        self.started += 1
        if self.error:
            raise self.error
        return self.result


@asynccontextmanager
async def runner_at(api_url: str) -> AsyncIterator[FlowRunner]:
    api = PrefectApi(api_url)
    runner = FlowRunner(api)
    try:
        yield runner
    finally:
        await runner.aclose()
        await api.aclose()


async def route(runner: FlowRunner, body: Callable[[], Awaitable[int]]) -> int:
    return await runner.run(route_complaints, body, final=words, parameters={"waiting": 2}, tags=("t:route",))


async def test_a_body_runs_as_a_flow_that_says_what_it_did(house: House) -> None:
    body = Body()
    async with runner_at(house.server.api_url) as runner:
        assert await route(runner, body) == 2

    run = (await house.runs(tags={"all_": ["t:route"]}))[-1]
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "Routed 2 complaints")
    assert run["parameters"] == {"waiting": 2}
    assert body.started == 1


async def test_a_body_that_fails_tells_its_caller_all_and_prefect_its_kind(house: House) -> None:
    body = Body(error=ValueError("Jane Roe"))
    async with runner_at(house.server.api_url) as runner:
        with pytest.raises(ValueError, match="Jane Roe"):
            await route(runner, body)

    run = (await house.runs(tags={"all_": ["t:route"]}))[-1]
    assert (run["state_name"], run["state"]["message"]) == ("Failed", "ValueError")


async def test_without_prefect_a_body_runs_at_once() -> None:
    body = Body()
    async with runner_at(f"http://127.0.0.1:{free_port()}/api") as runner:
        began = time.monotonic()
        assert await route(runner, body) == 2

    assert time.monotonic() - began < 1
    assert body.started == 1


async def test_a_wedged_server_delays_a_body_once_and_briefly() -> None:
    body = Body()
    async with wedged_server() as url, runner_at(url) as runner:
        began = time.monotonic()
        await route(runner, body)
        first = time.monotonic() - began
        await route(runner, body)
        second = time.monotonic() - began - first

    assert first < 3
    assert second < 0.5
    assert body.started == 2


async def test_a_server_that_wedges_after_it_was_seen_well_delays_a_body_briefly(
    house: House,
) -> None:
    body = Body()
    async with wedged_server() as url, runner_at(house.server.api_url) as runner:
        assert await runner._prefect_is_there()
        with temporary_settings({PREFECT_API_URL: url}):
            began = time.monotonic()
            await route(runner, body)
            took = time.monotonic() - began

    assert took < 3
    assert body.started == 1


async def test_a_server_lost_in_the_middle_does_not_hold_the_result(house: House) -> None:
    assert house.server.pid is not None

    async def body() -> int:
        # From here on the server is silent: whatever the flow still wants to tell it hangs.
        os.kill(house.server.pid or 0, signal.SIGSTOP)
        return 7

    async with runner_at(house.server.api_url) as runner:
        began = time.monotonic()
        try:
            assert await route(runner, body) == 7
            took = time.monotonic() - began
        finally:
            os.kill(house.server.pid, signal.SIGCONT)

    assert took < 3


async def test_a_caller_that_gives_up_stops_its_body(house: House) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def body() -> int:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        return 0

    async with runner_at(house.server.api_url) as runner:
        call = asyncio.create_task(route(runner, body))
        await begun.wait()
        call.cancel()
        with suppress(asyncio.CancelledError):
            await call
        await asyncio.wait_for(ended.wait(), 1)


async def test_final_words_count_in_plain_english() -> None:
    told = words_of_count("Routed", "complaint")

    assert [told(n) for n in (0, 1, 12)] == [
        "Routed 0 complaints",
        "Routed 1 complaint",
        "Routed 12 complaints",
    ]
    assert told(None) == "Routed"


@pytest.mark.parametrize("trouble", [StoreUnavailable("the database does not answer"), KeyError("anything")])
async def test_what_befalls_the_window_once_does_not_end_it(
    desk: FakeDesk, mirror: Mirror, trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = desk.has(fresh(), "received")
    unmirrored, met = desk.unmirrored, asyncio.Event()

    async def troubled(limit: int) -> Any:
        if not met.is_set():
            met.set()
            mirror.poke()
            raise trouble
        return await unmirrored(limit)

    monkeypatch.setattr(desk, "unmirrored", troubled)
    follow = asyncio.create_task(mirror.keep_up())
    await until(lambda: desk.runs.get(new.id, "") != "")
    follow.cancel()
    await asyncio.gather(follow, return_exceptions=True)
    assert met.is_set()


# --- the server again: last, since it stops it ---------------------------------------------------


async def test_a_server_that_dies_is_started_again_and_the_board_is_right_within_a_minute(
    house: House, desk: FakeDesk, mirror: Mirror
) -> None:
    watch = asyncio.create_task(house.server.supervise())
    follow = asyncio.create_task(mirror.keep_up())
    try:
        await asyncio.wait_for(mirror.published.wait(), 10)
        first = house.server.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        new = desk.has(fresh(), "received")
        mirror.poke()
        await until(lambda: desk.runs.get(new.id, "") != "", 60)
        await until(lambda: not mirror._behind, 10)
    finally:
        watch.cancel()
        follow.cancel()
        await asyncio.gather(watch, follow, return_exceptions=True)

    text = (await house.rest.get(f"/artifacts/{mirror.board_url.rpartition('/')[2]}")).json()["data"]
    assert new.ref in text
    assert house.server.pid != first


# --- the second clock's timetable --------------------------------------------------------------


@dataclass
class Timetable:
    house: House
    checks: SlaChecks

    async def of(self, *complaints: Complaint) -> list[tuple[str, str]]:
        """What Prefect holds for these: when it begins, and in which state it is."""
        runs = await self.house.runs(tags={"any_": [one.ref for one in complaints]})
        mine = [run for run in runs if run["deployment_id"] == await self.checks.deployment()]
        return sorted((run["expected_start_time"], run["state_name"]) for run in mine)


@pytest.fixture
def timetable(house: House) -> Timetable:
    return Timetable(house, SlaChecks(house.api))


@pytest.fixture
def watched(house: House, desk: FakeDesk, timetable: Timetable) -> Mirror:
    return Mirror(
        desk, house.api, LONDON, house.server.ui_url, system_clock, checks=timetable.checks, signs=no_signs
    )


async def test_each_open_complaint_has_one_check_however_often_the_window_is_told(
    desk: FakeDesk, watched: Mirror, timetable: Timetable
) -> None:
    one = desk.has(fresh(status=Status.NEEDS_REVIEW), "received", "needs_review")
    desk.cursor_breaks = True
    with suppress(ConnectionError):
        await watched.catch_up()
    desk.cursor_breaks = False
    await watched.catch_up()

    [(begins, state)] = await timetable.of(one)
    assert (datetime.fromisoformat(begins), state) == (one.due_at, "Scheduled")


async def test_a_forward_cancels_the_check_and_a_bounce_puts_it_on_again(
    desk: FakeDesk, watched: Mirror, timetable: Timetable
) -> None:
    one = desk.has(fresh(status=Status.NEEDS_REVIEW), "received", "needs_review")
    await watched.catch_up()
    forwarded = desk.moves(one.id, "forwarded", status=Status.FORWARDED, forwarded_at=system_clock())
    await watched.catch_up()
    assert [state for _, state in await timetable.of(forwarded)] == ["Forwarded in time"]

    bounced = desk.moves(one.id, "bounced", status=Status.NEEDS_REVIEW, forwarded_at=None)
    await watched.catch_up()
    [(_, state)] = await timetable.of(bounced)
    assert state == "Scheduled"
    due = await timetable.house.api.due_runs([await timetable.checks.deployment()], one.due_at + HOUR, 200)
    assert one.ref in [run["parameters"]["ref"] for run in due]


async def test_checks_that_somebody_deleted_are_there_again_after_the_next_start(
    house: House, desk: FakeDesk, watched: Mirror, timetable: Timetable
) -> None:
    one = desk.has(fresh(status=Status.NEEDS_REVIEW), "received", "needs_review")
    await watched.catch_up()
    deployment = await timetable.checks.deployment()
    assert (await house.rest.delete(f"/deployments/{deployment}")).is_success
    for run in await house.runs(tags={"any_": [one.ref]}):
        await house.rest.delete(f"/flow_runs/{run['id']}")

    again = Timetable(house, SlaChecks(house.api))
    await Mirror(desk, house.api, LONDON, house.server.ui_url, system_clock, checks=again.checks).catch_up()
    assert [state for _, state in await again.of(one)] == ["Scheduled"]


async def test_what_was_forwarded_before_the_window_heard_of_it_gets_no_check(
    desk: FakeDesk, watched: Mirror, timetable: Timetable
) -> None:
    one = desk.has(
        fresh(status=Status.FORWARDED, forwarded_at=system_clock()), "received", "matched", "forwarded"
    )
    await watched.catch_up()
    assert await timetable.of(one) == []
