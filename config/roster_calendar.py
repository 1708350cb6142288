"""A duty roster that somebody keeps in a calendar: read beside the work, answered from memory.

What an iCalendar file can hold is bounded by nobody, so it is taken apart in a process of its own, with little
memory and time. The last good copy is kept on disk and serves while the calendar cannot be read: an alert
never waits for somebody else's server.
"""

import asyncio
import hashlib
import json
import os
import re
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from complaints.deadlines import shifted
from complaints.errors import ForthwithError
from complaints.escalation import one_way
from complaints.people import People, Person
from complaints.rosters import Shift, Shifts

if TYPE_CHECKING:
    import httpx

log = structlog.get_logger()

_LARGEST = 2_000_000  # bytes
_FETCH_SECONDS = 15.0
_READ_SECONDS = 20.0
_MOST_REDIRECTS = 3
_BEHIND, _AHEAD = timedelta(days=2), timedelta(days=180)
_LOOPBACK = ("http://127.0.0.1", "http://localhost")
_WORDS = re.compile(r"\w+")


class RosterUnavailable(ForthwithError):
    """The duty calendar cannot be read; `forthwith doctor` says why."""


def is_calendar_url(source: str) -> bool:
    """Whether a calendar may be fetched from there: over TLS, or from this machine."""
    return source.startswith(("https://", *_LOOPBACK))


class CalendarRoster:
    """Who is on duty by a calendar.

    Args:
        name: of the group.
        place: an https address (which may hold a secret: it is shown nowhere), or a file.
        timezone: IANA; of events without one.
        persons: whom its events can name.
        kept_at: folder for the last good copy.
    """

    def __init__(
        self, name: str, place: str, *, timezone: str, persons: Sequence[Person], kept_at: Path
    ) -> None:
        self.name = name
        self._place, self._timezone = place, timezone
        self._by_address = {one_way(a): p.name for p in persons for a in p.addresses}
        self._by_words = {tuple(_words(p.name)): p.name for p in persons}
        self._kept = kept_at / f"{hashlib.sha256(place.encode()).hexdigest()[:24]}.json"
        self._shifts = Shifts(shifts=self._last_good())

    def __repr__(self) -> str:
        """Without the address."""
        return f"CalendarRoster({self.name!r})"

    def on_duty(self, at: datetime) -> Sequence[str]:
        """The names of those on duty, by the last good copy."""
        return self._shifts.on_duty(at)

    async def refresh(self, now: datetime) -> None:
        """Read the calendar anew.

        Raises:
            RosterUnavailable: it cannot be read, or names nobody; what was read last serves on.
        """
        found = await _taken_apart(await self._fetched(), self._timezone, now)
        shifts = tuple(self._shift(*one) for one in found)
        named = tuple(shift for shift in shifts if shift.names)
        if not named:
            raise RosterUnavailable(f"the duty calendar of “{self.name}” names nobody of the people file")
        self._shifts = Shifts(shifts=named)
        self._keep(named)
        log.info("roster_read", group=self.name, shifts=len(named), unnamed=len(shifts) - len(named))

    def _shift(self, starts: str, ends: str, named: Sequence[str], summary: str) -> Shift:
        attendees = [name for one in named if (name := self._person(one))]
        return Shift(
            starts=datetime.fromisoformat(starts),
            ends=datetime.fromisoformat(ends),
            names=tuple(dict.fromkeys(attendees)) or self._persons_in(summary),
        )

    def _person(self, named: str) -> str:
        return self._by_address.get(one_way(named)) or self._by_words.get(tuple(_words(named)), "")

    def _persons_in(self, summary: str) -> tuple[str, ...]:
        """Everybody whose whole name a summary such as “On call: Ann Lee” holds."""
        words = _words(summary)
        return tuple(
            name
            for wanted, name in self._by_words.items()
            if any(tuple(words[at : at + len(wanted)]) == wanted for at in range(len(words)))
        )

    async def _fetched(self) -> bytes:
        try:
            async with asyncio.timeout(_FETCH_SECONDS):
                if is_calendar_url(self._place):
                    return await _downloaded(self._place)
                return await asyncio.to_thread(_read, Path(self._place))
        except TimeoutError:
            raise RosterUnavailable(f"the duty calendar of “{self.name}” does not answer in time") from None
        except (OSError, _Refused) as error:
            # An error of the system may name the place.
            why = str(error) if isinstance(error, _Refused) else type(error).__name__
            raise RosterUnavailable(f"the duty calendar of “{self.name}” cannot be read: {why}") from None

    def _last_good(self) -> tuple[Shift, ...]:
        try:
            rows = json.loads(self._kept.read_text(encoding="utf-8"))
            return tuple(
                Shift(
                    starts=datetime.fromisoformat(starts),
                    ends=datetime.fromisoformat(ends),
                    names=tuple(name for name in names if name in self._by_words.values()),
                )
                for starts, ends, names in rows
            )
        except (OSError, ValueError, TypeError):
            return ()

    def _keep(self, shifts: Sequence[Shift]) -> None:
        rows = [[one.starts.isoformat(), one.ends.isoformat(), one.names] for one in shifts]
        new = self._kept.with_suffix(f".{os.getpid()}.new")
        try:
            self._kept.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(rows), encoding="utf-8")
            new.replace(self._kept)
        except OSError as error:
            log.warning("roster_not_kept", group=self.name, error=type(error).__name__)


def calendars_of(people: People) -> list[CalendarRoster]:
    """The rosters that are read from calendars."""
    return [group.roster for group in people.groups if isinstance(group.roster, CalendarRoster)]


class _Refused(Exception):
    """Why what came is not taken."""


async def _downloaded(url: str) -> bytes:
    import httpx  # noqa: PLC0415  most houses have no such calendar

    try:
        async with httpx.AsyncClient(
            timeout=_FETCH_SECONDS, trust_env=not url.startswith(_LOOPBACK)
        ) as client:
            return await _followed(client, url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _Refused(type(error).__name__) from None


async def _followed(client: "httpx.AsyncClient", url: str) -> bytes:
    for _ in range(_MOST_REDIRECTS + 1):
        async with client.stream("GET", url) as answer:
            if answer.next_request is None:
                return await _body(answer)
            url = str(answer.next_request.url)
        if not is_calendar_url(url):
            raise _Refused("it is redirected to an address without TLS")
    raise _Refused("it is redirected again and again")


async def _body(answer: "httpx.Response") -> bytes:
    if not answer.is_success:
        raise _Refused(f"the server answers {answer.status_code}")
    whole = bytearray()
    async for piece in answer.aiter_bytes():
        whole += piece
        if len(whole) > _LARGEST:
            raise _Refused(f"it is larger than {_LARGEST / 1e6:g} MB")
    return bytes(whole)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        whole = file.read(_LARGEST + 1)
    if len(whole) > _LARGEST:
        raise _Refused(f"it is larger than {_LARGEST / 1e6:g} MB")
    return whole


async def _taken_apart(raw: bytes, timezone: str, now: datetime) -> list[tuple[str, str, list[str], str]]:
    """The calendar's events, each with its ends, whom it invites, and its summary."""
    window = (shifted(now, -_BEHIND).isoformat(), shifted(now, _AHEAD).isoformat())
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "config.roster_worker", timezone, *window),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_READ_SECONDS):
            told, _ = await process.communicate(raw)
        return [tuple(row) for row in json.loads(told)]
    except (TimeoutError, ValueError, TypeError):
        raise RosterUnavailable("a duty calendar is no iCalendar, or too large to be taken apart") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())
