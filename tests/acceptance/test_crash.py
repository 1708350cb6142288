"""Nothing is lost and nobody is left out, wherever the power fails.

In the manner of notmuch's atomicity test: a story is told once to count the points at which its process
could die, then again for each point, dying there by SIGKILL; what a second process makes of what is left
must equal the end of the undisturbed story.
"""

import asyncio
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from queue import Queue
from typing import Any, Self

import asyncpg
import pytest
import structlog
from sqlalchemy import make_url

from complaints.clock import system_clock
from config.bootstrap import open_app
from config.settings import Settings
from flows.embedded import EmbeddedImap, EmbeddedSmtp, Reply, non_delivery_report
from flows.up import take_register
from tests.acceptance.crash_story import REHEARSAL, Order
from tests.conftest import NINE_ON_MONDAY
from tests.street import ico_letter, settings_for

log = structlog.get_logger()

LANES = 3
SEEN_OUTSIDE = (
    "after COMMIT",
    *(
        f"after IMAP {command}"
        for command in ("APPEND", "CREATE", "UID STORE", "UID COPY", "UID MOVE", "UID EXPUNGE", "EXPUNGE")
    ),
    "before reply to the letter",
)
"""Points right behind something that others can see. FORTHWITH_EVERY_DEATH=1 in the environment dies at all points."""
BETWEEN = 8
"""Which share of the other points is died at on SQLite: every eighth."""
SPREAD_OVER = 24
"""How many points of the story are died at on PostgreSQL, beside those after a COMMIT."""

ADA, BO, CY = "ada@acme-retail.example", "bo@borealis.example", "cy@cygnus.example"
CYGNUS = "cygnus,Cygnus Optics plc,Cygnus Optics,cygnus.example,,Cy Cygnus,cy@cygnus.example,,,GB\n"

HOURS = (0, 2.75)
INSTANTS = [(NINE_ON_MONDAY + timedelta(hours=hours)).isoformat() for hours in HOURS]


@dataclass(frozen=True)
class Letter:
    raw: bytes
    at: datetime
    forwards_to: str = ""  # the mailbox in which the forward must lie at the end

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


def _letter(about: str, number: int, hours_ago: float, forwards_to: str = "") -> Letter:
    at = NINE_ON_MONDAY - timedelta(hours=hours_ago)
    return Letter(ico_letter(about, reference=f"IC-37250{number}-S1A{number}", at=at), at, forwards_to)


LETTERS = (
    _letter("The controller is Acme Retail Ltd, whose systems you operate.", 1, 1, ADA),
    _letter("The complaint concerns both Acme Retail Ltd and Swift Logistics GmbH.", 2, 1),
    _letter("The controller is Borealis Energy AB, whose systems you operate.", 3, 1),
    _letter("The controller is Cygnus Optics plc, whose systems you operate.", 4, 1, CY),
    _letter("Somebody nobody knows is responsible.", 5, 25),
)


class PromptRelay(EmbeddedSmtp):
    """Refuses Bo, and has Cy's bounce in our inbox before it has answered us."""

    def __init__(self, directory: Path, imap: EmbeddedImap) -> None:
        super().__init__(directory)
        self.imap = imap
        self.inbox = "INBOX"
        self.refuse(BO, "550 5.1.1 no such user here")

    def take(self, sender: str, recipients: Sequence[str], raw: bytes) -> Reply:
        reply = super().take(sender, recipients, raw)
        if CY in recipients:
            report = non_delivery_report(
                sender=sender, recipient=CY, status="550 5.1.1 moved away", raw=raw, at=system_clock()
            )
            self.imap.deliver(report, self.inbox, NINE_ON_MONDAY)
        return reply

    def everything(self) -> Iterator[tuple[str, bytes]]:
        for path in sorted(self.directory.glob("*/new/*")):
            yield path.parent.parent.name, path.read_bytes()


class Zygote:
    """Starts children of the story cheaply, one after the other."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.crash_story"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, order: Order) -> int:
        """Returns: the child's exit code, -9 when it killed itself."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(order), default=str) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


@dataclass
class Store:
    """Makes a fresh store for each run: a copy of one that is migrated and holds the register."""

    template: str
    server: str = ""

    @property
    def is_sqlite(self) -> bool:
        return not self.server

    def fresh(self, folder: Path) -> str:
        if self.is_sqlite:
            shutil.copy(self.template.removeprefix("sqlite:///"), folder / "store.db")
            return f"sqlite:///{folder / 'store.db'}"
        name = f"c{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {_name_in(self.template)}")
        return self.server.replace("/postgres?", f"/{name}?")

    def wait_for_the_dead(self, url: str) -> None:
        """Until the server has noticed that the killed process is gone, its rows are still locked."""
        if not self.is_sqlite:
            asyncio.run(_nobody_in(self.server, _name_in(url)))

    def drop(self, url: str) -> None:
        if not self.is_sqlite:
            self._execute(f"DROP DATABASE {_name_in(url)} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        asyncio.run(_execute(self.server, statement))


def _name_in(url: str) -> str:
    return make_url(url).database or ""


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


_WHO_IS_IN = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1"


async def _nobody_in(server: str, name: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        async with asyncio.timeout(10):
            # The server's own list; nothing tells when it changes.
            while await connection.fetchval(_WHO_IS_IN, name):  # noqa: ASYNC110  no event of ours
                await asyncio.sleep(0.002)
    finally:
        await connection.close()


@dataclass
class Outcome:
    """What one telling of the story left behind."""

    kill_at: str
    killed: bool = False
    points: list[str] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)
    mailboxes: list[tuple[str, bytes]] = field(default_factory=list)
    inbox: list[bytes] = field(default_factory=list)
    deleted: int = 0
    trouble: str = ""

    @property
    def notices(self) -> list[tuple[str, dict[str, Any]]]:
        return [(one["sha256"], notice) for one in self.report["complaints"] for notice in one["notices"]]

    @property
    def states(self) -> dict[str, list[Any]]:
        return {one["sha256"]: one["state"] for one in self.report["complaints"]}

    @property
    def said(self) -> Counter[tuple[str, ...]]:
        """Who was told what about which letter, and how that went."""
        return Counter(
            (sha, n["kind"], n["recipient"], n["facts"].get("rung", ""), n["state"])
            for sha, n in self.notices
        )

    @property
    def copies(self) -> Counter[tuple[str, str]]:
        return Counter((address, _message_id(raw)) for address, raw in self.mailboxes)


def _message_id(raw: bytes) -> str:
    [found] = re.findall(rb"^Message-ID: (<[^>]+>)\r$", raw.partition(b"\r\n\r\n")[0], re.MULTILINE)
    return str(found, "ascii")


class Lane:
    """One relay, one zygote, and a folder of the shared mailbox for each run."""

    def __init__(self, imap: EmbeddedImap, store: Store, folder: Path, stack: ExitStack) -> None:
        self._imap, self._store, self._folder = imap, store, folder
        self._runs = 0
        self._relay = stack.enter_context(PromptRelay(folder / "mail", imap))
        self._zygote = stack.enter_context(Zygote())
        self._client = imap.connect()
        stack.callback(self._client.logout)
        assert not self.tell(REHEARSAL).trouble

    def tell(self, kill_at: str) -> Outcome:
        self._runs += 1
        folder = self._folder / f"run{self._runs}"
        folder.mkdir()
        inbox = f"{self._folder.name}-{self._runs}"
        self._fill(inbox, folder)
        url = self._store.fresh(folder)
        try:
            return self._through(self._settings(folder, url, inbox), folder, kill_at, inbox)
        finally:
            self._store.drop(url)

    def _fill(self, inbox: str, folder: Path) -> None:
        self._client.create_folder(inbox)
        for letter in LETTERS:
            self._client.append(inbox, letter.raw, msg_time=letter.at)
        self._relay.inbox = inbox
        self._relay.directory = folder / "mail"

    def _settings(self, folder: Path, url: str, inbox: str) -> dict[str, Any]:
        settings = settings_for(folder, self._imap, self._relay, url)
        return settings | {
            "customers_file": None,  # the template holds the register
            "imap_folders": [inbox],
            "imap_done_flag": "Forthwith",
            "imap_done_folder": f"{inbox}-done",
            "smtp_connections": 1,
        }

    def _through(self, settings: dict[str, Any], folder: Path, kill_at: str, inbox: str) -> Outcome:
        outcome = Outcome(kill_at)
        order = Order(
            settings=settings,
            instants=INSTANTS,
            kill_at=kill_at,
            journal=str(folder / "journal"),
            report=str(folder / "report.json"),
        )
        code = self._zygote.run(order)
        if kill_at == REHEARSAL:
            return outcome
        lines = Path(order.journal).read_text().splitlines()
        if code == -9:
            outcome.killed = True
            self._store.wait_for_the_dead(str(settings["database_url"]))
            reached = [line.split()[1] for line in lines if line.startswith("instant ")]
            left = INSTANTS[INSTANTS.index(reached[-1]) :] if reached else INSTANTS
            second = Order(
                settings=settings,
                instants=left,
                kill_at="",
                journal=str(folder / "journal-2"),
                report=order.report,
            )
            code = self._zygote.run(second)
            lines = Path(second.journal).read_text().splitlines()
        if code != 0:
            outcome.trouble = f"ended with {code}: {' | '.join(lines[-30:])}"
            return outcome
        outcome.points = [line.removeprefix("point ") for line in lines if line.startswith("point ")]
        outcome.report = json.loads(Path(order.report).read_text())
        outcome.mailboxes = list(self._relay.everything())
        for name in (inbox, f"{inbox}-done"):
            self._look_into(name, outcome)
        return outcome

    def _look_into(self, name: str, outcome: Outcome) -> None:
        if not self._client.folder_exists(name):
            return
        self._client.select_folder(name, readonly=True)
        for answer in self._client.fetch(self._client.search("ALL"), ["BODY.PEEK[]", "FLAGS"]).values():
            outcome.inbox.append(answer[b"BODY[]"])
            outcome.deleted += b"\\Deleted" in answer[b"FLAGS"]


def faults_of(outcome: Outcome, reference: Outcome) -> Iterator[str]:
    """What a death made different that it must not."""
    if outcome.trouble:
        yield outcome.trouble
        return
    yield from _lost(outcome, reference)
    yield from _untold(outcome, reference)


def _lost(outcome: Outcome, reference: Outcome) -> Iterator[str]:
    if missing := {letter.sha256 for letter in LETTERS} - set(outcome.states):
        yield f"letters without a complaint: {missing}"
    if set(outcome.report["mails"]) != {"complaint", "filed"} or outcome.report["mails"]["complaint"] != len(
        LETTERS
    ):
        yield f"mails in other states: {outcome.report['mails']}"
    if outcome.report["broken"]:
        yield f"histories that are not whole: {outcome.report['broken']}"
    for sha, state in outcome.states.items():
        if state != reference.states.get(sha):
            yield f"another end: {state}, not {reference.states.get(sha)}"
    bounces = sum(address == CY for address, _ in outcome.mailboxes)
    if {letter.raw for letter in LETTERS} - set(outcome.inbox) or len(outcome.inbox) != len(
        LETTERS
    ) + bounces:
        yield f"the mailbox holds {len(outcome.inbox)} messages, {len(LETTERS)} letters and {bounces} bounces came"
    if outcome.deleted:
        yield f"{outcome.deleted} messages are marked as deleted"


def _untold(outcome: Outcome, reference: Outcome) -> Iterator[str]:
    if outcome.said != reference.said:
        yield f"not told: {reference.said - outcome.said}; told beside: {outcome.said - reference.said}"
    for field_name in ("dedupe_key", "message_id"):
        twice = [key for key, n in Counter(n[field_name] for _, n in outcome.notices).items() if n > 1]
        if twice:
            yield f"{field_name} twice: {twice}"
    known = {(n["recipient"], n["message_id"]): n for _, n in outcome.notices}
    copies = outcome.copies
    for key, notice in known.items():
        if notice["state"] == "sent" and not copies[key]:
            yield f"said to be sent and is not there: {notice['dedupe_key']}"
    if strangers := set(copies) - set(known):
        yield f"in mailboxes and not in the store: {strangers}"
    if len(set(outcome.mailboxes)) != len(copies):
        yield "two messages of one Message-ID differ"
    for letter in LETTERS:
        forwards = [n for sha, n in outcome.notices if sha == letter.sha256 and n["kind"] == "forward"]
        if letter.forwards_to and not any(copies[letter.forwards_to, n["message_id"]] for n in forwards):
            yield f"no forward for {letter.forwards_to}"


@pytest.fixture
def imap(tmp_path: Path) -> Iterator[EmbeddedImap]:
    with EmbeddedImap(tmp_path / "imap") as server:
        yield server


@pytest.fixture
def store(tmp_path: Path, database_url: str, imap: EmbeddedImap, request: pytest.FixtureRequest) -> Store:
    settings = settings_for(tmp_path, imap, EmbeddedSmtp(tmp_path, port=25), database_url) | {"smtp_host": ""}
    register = tmp_path / "customers.csv"
    register.write_text(register.read_text() + CYGNUS)

    async def prepare() -> None:
        async with open_app(Settings(_env_file=None, **settings | {"imap_host": ""})) as app:
            await take_register(app)

    asyncio.run(prepare())
    server = "" if database_url.startswith("sqlite") else request.getfixturevalue("postgres_server")
    return Store(template=database_url, server=server)


@pytest.mark.timeout(600)
def test_i1_i6_i7_killed_anywhere_it_ends_as_if_nothing_had_been(
    imap: EmbeddedImap, store: Store, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        lanes: Queue[Lane] = Queue()
        for name in range(LANES):
            folder = tmp_path / f"lane{name}"
            folder.mkdir()
            lanes.put(Lane(imap, store, folder, stack))

        def tell(kill_at: str) -> Outcome:
            lane = lanes.get()
            try:
                return lane.tell(kill_at)
            finally:
                lanes.put(lane)

        reference = tell("")
        assert list(faults_of(reference, reference)) == []
        deaths = _deaths(reference.points, everything=store.is_sqlite)
        with ThreadPoolExecutor(LANES) as pool:
            outcomes = list(pool.map(tell, deaths))
    faults = [f"{one.kill_at}: {fault}" for one in outcomes for fault in faults_of(one, reference)]
    survived = [one.kill_at for one in outcomes if not one.killed]
    log.info(
        "crash_test",
        points=len(reference.points),
        killed=len(outcomes) - len(survived),
        survived=survived,
        repeated=sum(len(one.mailboxes) - len(one.copies) for one in outcomes),
    )
    assert faults == []
    # How many commits and connections there are is a matter of milliseconds, so the last few of these
    # points do not come every time.
    assert len(survived) <= 10
    assert all("COMMIT" in point or "EHLO" in point for point in survived)


def _deaths(points: Sequence[str], *, everything: bool) -> list[str]:
    """The points to die at.

    What a death leaves behind differs only by what the world outside has seen: commits, commands to the
    mailbox, letters taken by the relay. Each of these is died at; of the points between them, which leave
    the same traces, some.
    """
    if os.environ.get("FORTHWITH_EVERY_DEATH"):
        return list(points)
    step = BETWEEN if everything else max(1, len(points) // SPREAD_OVER)
    seen = SEEN_OUTSIDE if everything else SEEN_OUTSIDE[:1]
    return [point for at, point in enumerate(points) if point.startswith(seen) or at % step == 0]
