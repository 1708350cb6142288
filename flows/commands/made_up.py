"""Made-up complaints at the terminal: sent, waited for, and how far they came."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from complaints.store.synthetic import Synthetic
from config.bootstrap import App, open_app
from config.settings import Settings
from config.synthetic import send_synthetic
from flows import show

_SHOWN = 10
_LOOKS_EVERY_SECONDS = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Journey:
    """How far one came."""

    begun_at: datetime
    through_at: datetime | None
    stations: dict[str, float | None]  # seconds from its making to each; None: not reached
    alarmed_at: datetime | None
    problem: str

    def told(self, zone: ZoneInfo) -> str:
        """One line for people."""
        came = ", ".join(f"{name} {at:.1f} s" for name, at in self.stations.items() if at is not None)
        end = "through" if self.through_at else "LOST, people were told" if self.alarmed_at else "on its way"
        problem = f" ({self.problem})" if self.problem else ""
        return f"{show.instant(self.begun_at, zone)}  {end}: {came or 'not sent'}{problem}"


async def last_ten(settings: Settings) -> list[Journey]:
    """How far the last ones came, newest first.

    Raises:
        StoreUnavailable: when the database does not answer.
    """
    async with open_app(settings) as app:
        return [_journey(app, one) for one in await app.synthetic.newest(_SHOWN)]


async def sent(settings: Settings, wait: float) -> list[Journey]:
    """Send one and wait for it; how far it came.

    Args:
        settings: checked settings.
        wait: seconds at most; 0 does not wait.

    Raises:
        NotSent: with what the relay or the mailbox said.
        BadSetting: it has no way into an inbox.
    """
    async with open_app(settings) as app:
        token = await send_synthetic(app)
        journey = await _now(app, token)
        end = asyncio.get_running_loop().time() + wait
        while journey.through_at is None and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(_LOOKS_EVERY_SECONDS)
            journey = await _now(app, token)
    return [journey]


async def _now(app: App, token: str) -> Journey:
    async with app.database.reading() as repository:
        return _journey(app, (await repository.synthetic.by_token([token]))[token])


def _journey(app: App, one: Synthetic) -> Journey:
    stations = {
        name: None if at is None else round((at - one.begun_at).total_seconds(), 3)
        for name, at in one.stations.items()
    }
    return Journey(
        begun_at=one.begun_at,
        through_at=app.synthetic.through(one),
        stations=stations,
        alarmed_at=one.alarmed_at,
        problem=one.problem,
    )
