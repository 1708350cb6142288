"""`forthwith up --demo`: the main job, told and checked on embedded parts with made-up letters."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, redirect_stderr
from pathlib import Path
from zoneinfo import ZoneInfo

from complaints.records import Records
from flows.demo.letters import MANAGERS, TRIAGE
from flows.demo.narrator import Narrator, pause
from flows.demo.place import fresh
from flows.demo.stage import Stage, set_up
from flows.demo.story import Story, all_hold
from flows.demo.witness import board_page
from flows.log import set_up_log
from flows.show import console

__all__ = ["run_demo"]

_WINDOW_OPENS_SECONDS = 75.0
_BOARD_COMES_SECONDS = 15.0


def run_demo(once: bool) -> int:
    """Tell the story until Ctrl-C; with ``once``, until every claim of it has been checked.

    Returns:
        0 after Ctrl-C, or when every claim holds; 1 when one does not.

    Raises:
        ForthwithError: when it cannot begin; one line says what to do.
    """
    with fresh() as folder, (folder / "forthwith.log").open("a", buffering=1, encoding="utf-8") as log:
        narrator = Narrator(console(), ZoneInfo("Europe/London"))
        # The terminal belongs to the story; whatever else is said goes to the log.
        with redirect_stderr(log):
            set_up_log("info")
            try:
                return asyncio.run(_play(folder, narrator, once=once))
            finally:
                narrator.done_waiting()


async def _play(folder: Path, narrator: Narrator, *, once: bool) -> int:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    narrator.plain("Forthwith, the demo: made-up letters, real servers, all of it on this machine.", "bold")
    async with set_up(folder) as stage, _desk(stage, narrator, stop) as records:
        story = Story(stage, records, narrator, stop)
        await story.tell()
        # The last lines of the story are still on their way to the terminal.
        await pause(1.5, stop)
        narrator.plain()
        if once:
            code = await _checked(story, narrator, stop)
        else:
            code = await _kept_running(stage, story, narrator, stop)
        narrator.plain("\nStopping ...", "dim")
    return code


@asynccontextmanager
async def _desk(stage: Stage, narrator: Narrator, stop: asyncio.Event) -> AsyncIterator[Records]:
    """The desk at work, as `forthwith up` runs it, and the narrator beside it."""
    from flows.up import running  # noqa: PLC0415  Prefect, which reads its environment when imported

    _introduce(stage, narrator)
    open_window = asyncio.Event()

    def hear(line: str) -> None:
        if "is up" in line:
            open_window.set()
        if not line.startswith("Board:"):
            narrator.say(line)

    async with running(stage.settings, say=hear) as app:
        telling = asyncio.create_task(narrator.follow(app.records))
        try:
            await _first_of(open_window, stop, _WINDOW_OPENS_SECONDS)
            await _tell_board(stage, narrator, stop)
            yield app.records
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)


async def _first_of(one: asyncio.Event, other: asyncio.Event, seconds: float) -> None:
    waits = [asyncio.create_task(event.wait()) for event in (one, other)]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def _tell_board(stage: Stage, narrator: Narrator, stop: asyncio.Event) -> None:
    for _ in range(int(_BOARD_COMES_SECONDS)):
        if page := await board_page(stage):
            narrator.say(f"Board: {page}", "bold")
            return
        if not await pause(1.0, stop):
            return


def _introduce(stage: Stage, narrator: Narrator) -> None:
    folder = stage.folder
    narrator.plain(f"  everything is kept below  {folder} (every start wipes it)")
    narrator.plain(f"  the inbox                 {folder / 'inbox'}")
    narrator.plain(f"  mail that went out        {folder / 'mail'}/ADDRESS/new, a folder for each address")
    narrator.plain(f"  triage team, managers     {TRIAGE}, {MANAGERS}")
    narrator.plain(f"  the log                   {folder / 'forthwith.log'}")
    narrator.plain()


async def _kept_running(stage: Stage, story: Story, narrator: Narrator, stop: asyncio.Event) -> int:
    if not stop.is_set():
        await _say_what_to_try(stage, await story.refs(), narrator)
        narrator.plain("It keeps running, and what you do is told here. Ctrl-C ends it.")
        await stop.wait()
    return 0


async def _say_what_to_try(stage: Stage, refs: Mapping[str, str], narrator: Narrator) -> None:
    command = f"FORTHWITH_CONFIG={stage.config} {_program()}"
    narrator.plain("That was the story. Look and try, in another terminal:", "bold")
    for words in (
        "list",
        f"show {refs.get('german', 'REF')}",
        f"explain {refs.get('overdue', 'REF')}",
        f"assign {refs.get('two', 'REF')} C05",
    ):
        narrator.plain(f"  {command} {words}")
    if page := await board_page(stage):
        narrator.plain(f"  board: {page}")
    narrator.plain()


def _program() -> str:
    """The command as it can be typed here."""
    program = Path(sys.argv[0])
    if program.name != "forthwith":
        return "forthwith"
    return str(program.relative_to(Path.cwd())) if program.is_relative_to(Path.cwd()) else str(program)


async def _checked(story: Story, narrator: Narrator, stop: asyncio.Event) -> int:
    if stop.is_set():
        narrator.plain("Stopped before everything could be checked.", "red")
        return 1
    narrator.plain("Checking, in the mailboxes, the store and Prefect:", "bold")
    checks = await story.check()
    for check in checks:
        mark, style = ("✗", "red") if check.wrong else ("✓", "green")
        narrator.plain(f"  {mark} {check.claim}" + (f": {check.wrong}" if check.wrong else ""), style)
    wrong = sum(bool(check.wrong) for check in checks)
    narrator.plain(f"{wrong} of {len(checks)} do not hold." if wrong else f"All {len(checks)} hold.", "bold")
    return 0 if all_hold(checks) else 1
