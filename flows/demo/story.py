"""The story, in order: who hands in which letter when, and what is waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from complaints.clock import system_clock
from complaints.lifecycle import Status
from complaints.records import Dossier, Records
from flows.demo.checks import Check, judge
from flows.demo.letters import SCENES, TERM, Fate, Letter, Scene, sender_of, write
from flows.demo.narrator import Narrator, clock_face, pause
from flows.demo.stage import Stage
from flows.demo.witness import look

_READING_SECONDS = 2.0  # a person's, between two letters
_SETTLES_SECONDS = 20.0
_LOOK_SECONDS = 0.25
_STILL_SECONDS = 3.0
_CHECKS_TAKE_SECONDS = 60.0
_COUNTED_DOWN = (45, 30, 15, 5)  # seconds; told where no terminal shows the countdown


class Story:
    """Tells it on a stage.

    Args:
        stage: the parts.
        records: what the desk wrote.
        narrator: tells what happens.
        stop: set when somebody wants it to end.
    """

    def __init__(self, stage: Stage, records: Records, narrator: Narrator, stop: asyncio.Event) -> None:
        self._stage = stage
        self._records = records
        self._narrator = narrator
        self._stop = stop
        self._zone = ZoneInfo(stage.settings.timezone)
        self.letters: list[Letter] = []

    async def tell(self) -> None:
        """Hand in every letter, then wait for the time to run out; ends early when asked to stop."""
        for scene in SCENES:
            if self._stop.is_set():
                return
            await self._hand_in(scene)
            await pause(_READING_SECONDS, self._stop)
        await self._count_down()

    async def refs(self) -> dict[str, str]:
        """Our references by the name of the scene."""
        found = {letter.scene.name: await self._dossier(letter) for letter in self.letters}
        return {name: dossier.complaint.ref for name, dossier in found.items() if dossier}

    async def check(self) -> list[Check]:
        """Every claim of the story, once all hold, and still hold a moment later; or what was found in time."""
        until = system_clock() + timedelta(seconds=_CHECKS_TAKE_SECONDS)
        while not all_hold(checks := await self._look()) and system_clock() < until:
            if not await pause(1.0, self._stop):
                return checks
        await pause(_STILL_SECONDS, self._stop)
        return await self._look()

    async def _look(self) -> list[Check]:
        return judge(self.letters, await look(self.letters, self._stage, self._records))

    async def _hand_in(self, scene: Scene) -> None:
        letter = write(scene, system_clock(), self._zone)
        self._narrator.plain()
        self._narrator.say(scene.told, "bold")
        self._narrator.say(f"letter from {sender_of(scene)}", "dim", indent=2)
        self.letters.append(letter)
        await asyncio.to_thread(self._stage.imap.deliver, letter.raw, "INBOX", letter.delivered_at)
        if scene.fate is Fate.FILED:
            await self._until(lambda: self._is_filed(letter))
        elif scene.fate is Fate.BOUNCED:
            await self._send_back(letter)
        else:
            await self._until(lambda: self._has_settled(letter))

    async def _send_back(self, letter: Letter) -> None:
        if not await self._until(lambda: self._is(letter, Status.FORWARDED)):
            return
        if not await pause(_READING_SECONDS, self._stop):
            return
        if not await self._until(self._report_is_written):
            return
        self._narrator.say("The report of non-delivery comes back into the inbox.", "bold")
        await asyncio.to_thread(self._stage.imap.deliver, self._stage.reports.get_nowait())
        await self._until(lambda: self._is(letter, Status.NEEDS_REVIEW))

    async def _count_down(self) -> None:
        """To the end of the time of the letter that nobody could match, and on to its alert."""
        letter = next(one for one in self.letters if one.scene.fate is Fate.BREACHED)
        dossier = await self._dossier(letter)
        ref, due = (dossier.complaint.ref if dossier else "it"), letter.delivered_at + TERM
        self._narrator.plain()
        self._narrator.say(f"Nobody takes care of {ref}. Its 24 hours are over in a moment ...", "bold")
        told = set(_COUNTED_DOWN)
        while (left := due - system_clock()) > timedelta(0) and not self._stop.is_set():
            self._narrator.wait(f"{ref} breaches in {clock_face(left)}")
            self._tell_mark(ref, left, told)
            await pause(_LOOK_SECONDS, self._stop)
        self._narrator.done_waiting()
        await self._until(lambda: self._has_breached(letter))

    def _tell_mark(self, ref: str, left: timedelta, told: set[int]) -> None:
        marks = {mark for mark in told if left.total_seconds() <= mark}
        if marks and not self._narrator.console.is_terminal:
            self._narrator.say(f"{ref} breaches in {clock_face(left)}", "dim", indent=2)
        told -= marks

    # --- what is waited for --------------------------------------------------------------------

    async def _until(self, holds: Callable[[], Awaitable[bool]]) -> bool:
        until = system_clock() + timedelta(seconds=_SETTLES_SECONDS)
        while not await holds():
            if system_clock() > until or not await pause(_LOOK_SECONDS, self._stop):
                return False
        return True

    async def _dossier(self, letter: Letter) -> Dossier | None:
        for complaint in await self._records.open_complaints(everything=True):
            dossier = await self._records.show(complaint.ref)
            if dossier.mail.sha256 == letter.sha256:
                return dossier
        return None

    async def _is(self, letter: Letter, status: Status) -> bool:
        dossier = await self._dossier(letter)
        return dossier is not None and dossier.complaint.status is status

    async def _has_settled(self, letter: Letter) -> bool:
        return await self._is(letter, Status.FORWARDED) or await self._is(letter, Status.NEEDS_REVIEW)

    async def _has_breached(self, letter: Letter) -> bool:
        dossier = await self._dossier(letter)
        return dossier is not None and dossier.complaint.breached_at is not None

    async def _report_is_written(self) -> bool:
        return not self._stage.reports.empty()

    async def _is_filed(self, letter: Letter) -> bool:
        return any(mail.sha256 == letter.sha256 for mail in await self._records.filed())


def all_hold(checks: list[Check]) -> bool:
    """Whether nothing is wrong."""
    return not any(check.wrong for check in checks)
