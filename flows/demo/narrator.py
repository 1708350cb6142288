"""Tells at the terminal what the desk does, as it does it."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from complaints.clock import system_clock
from complaints.records import Records
from flows.demo.telling import Line, of_event, of_filed, of_notice
from flows.words import one_line

_LOOK_SECONDS = 0.5
_LONGEST = 400
_NEWS = 200


class Narrator:
    """Says what happened since it last looked.

    Args:
        console: where to.
        zone: in which times are shown.
    """

    def __init__(self, console: Console, zone: ZoneInfo) -> None:
        self.console = console
        self._zone = zone
        self._status: Status | None = None
        self._versions: dict[str, int] = {}
        self._told: set[tuple[str, int]] = set()
        self._mails: set[int] = set()

    def say(self, text: str, style: str = "", *, indent: int = 0) -> None:
        """A line of the story itself."""
        self._print(system_clock(), " " * indent, text, style)

    def tell(self, line: Line) -> None:
        """Something the desk did."""
        self._print(line.at, f"  {line.ref:<8}", line.text, line.style)

    def plain(self, text: str = "", style: str = "") -> None:
        """A line without a time."""
        self.console.print(Text(text, style=style), soft_wrap=True)

    def _print(self, at: datetime, lead: str, text: str, style: str) -> None:
        # In a grid, what is too long for the terminal goes on under its own beginning.
        row = Table.grid()
        row.add_column(no_wrap=True)
        row.add_column(overflow="fold")
        head = (
            Text().append(f"{at.astimezone(self._zone):%H:%M:%S}  ", style="dim").append(lead, style="bold")
        )
        row.add_row(head, Text(one_line(text, longest=_LONGEST), style=style))
        self.console.print(row)

    async def follow(self, records: Records) -> None:
        """Tell what happens until cancelled."""
        while True:
            await self.tell_news(records)
            await asyncio.sleep(_LOOK_SECONDS)

    async def tell_news(self, records: Records) -> None:
        """Tell what happened since the last time, in the order in which it happened."""
        lines: list[Line] = []
        for complaint in await records.open_complaints(_NEWS, everything=True):
            lines += await self._news(records, complaint.ref)
        for mail in await records.filed(_NEWS):
            if mail.id not in self._mails:
                self._mails.add(mail.id)
                lines.append(of_filed(mail))
        for line in sorted(lines, key=lambda line: line.at):
            self.tell(line)

    async def _news(self, records: Records, ref: str) -> list[Line]:
        dossier = await records.show(ref)
        seen = self._versions.get(ref, 0)
        self._versions[ref] = dossier.complaint.version
        events = [of_event(dossier.complaint, e, self._zone) for e in dossier.history if e.seq > seen]
        notices = [of_notice(notice) for notice in dossier.notices if (ref, notice.id) not in self._told]
        self._told |= {(ref, n.id) for n in dossier.notices if of_notice(n)}
        return [line for line in (*events, *notices) if line]

    def wait(self, text: str) -> None:
        """Show what is waited for at the foot of a terminal; elsewhere nothing."""
        if not self.console.is_terminal:
            return
        if self._status is None:
            self._status = self.console.status(text, spinner="dots", refresh_per_second=4)
            self._status.start()
        self._status.update(text)

    def done_waiting(self) -> None:
        """Take the foot away."""
        status, self._status = self._status, None
        if status is not None:
            status.stop()


def clock_face(left: timedelta) -> str:
    """``0:42``, as a countdown shows it."""
    seconds = max(0, int(left.total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02d}"


async def pause(seconds: float, stop: asyncio.Event) -> bool:
    """Give the reader time; whether to go on."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return not stop.is_set()
