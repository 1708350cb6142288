"""What the board says of the parts that work by themselves: the second clock, the made-up complaint."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from complaints.signs import signs_of
from complaints.store.synthetic import Synthetic
from config.alarms import CLOCK
from config.bootstrap import App
from flows.sla_checks import SlaChecks
from flows.words import short, span

_SILENT = timedelta(minutes=1)


class Sign(NamedTuple):
    """What one part shows."""

    line: str  # markdown, for the foot of the board
    alarm: str = ""  # words for its head, where the part is not well
    form: str = ""  # the flow whose form sees to it


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockHealth:
    """Whether the second clock is well."""

    beat_at: datetime | None  # its last sign of life; None: it has never run
    checks: int  # that Prefect holds for instants to come, or has not been relieved of
    waiting: int  # complaints whose deadline is still to come

    def is_silent(self, now: datetime) -> bool:
        """Whether nobody would ring."""
        return self.beat_at is None or now - self.beat_at > _SILENT


async def no_signs() -> Sequence[Sign]:
    """Nothing works by itself."""
    return ()


async def signs_for_board(app: App, checks: SlaChecks | None, zone: ZoneInfo) -> Sequence[Sign]:
    """What each of these parts shows now.

    Raises:
        PrefectUnavailable: within seconds.
    """
    now = app.clock()
    found = []
    if checks is not None:
        found.append(clock_sign(await clock_health(app, checks), now, zone))
    found.append(audit_sign(await app.auditor.standing(), now, zone, app.settings.audit_minutes))
    made_up = await app.synthetic.newest()
    one = made_up[0] if made_up else None
    through = app.synthetic.through(one) if one else None
    found.append(synthetic_sign(one, through, app.settings.synthetic_wait, now, zone))
    return found


async def clock_health(app: App, checks: SlaChecks) -> ClockHealth:
    """How the second clock is.

    Raises:
        PrefectUnavailable: within seconds.
    """
    seen = await signs_of(app.database, CLOCK)
    return ClockHealth(
        beat_at=seen[0].at if seen else None,
        checks=await checks.count(),
        waiting=await app.records.clocks_running(),
    )


def clock_sign(health: ClockHealth, now: datetime, zone: ZoneInfo) -> Sign:
    """Its line."""
    if health.beat_at is None:
        seen = "not seen yet"
    else:
        seen = f"seen {span(now - health.beat_at)} ago ({short(health.beat_at, zone)})"
    silent = health.is_silent(now)
    line = (
        f"Second clock: {'**SILENT**, ' if silent else ''}{seen}; "
        f"{health.checks} checks for {health.waiting} open deadlines"
    )
    return Sign(line, "SECOND CLOCK SILENT" if silent else "")


def audit_sign(standing: tuple[datetime | None, int], now: datetime, zone: ZoneInfo, minutes: float) -> Sign:
    """Its line: when the last audit was made, and how many differences stand."""
    last, differences = standing
    if last is None:
        return Sign("Audit: none made yet")
    silent = now - last > timedelta(minutes=3 * minutes)
    found = f"**{differences} DIFFERENCES**, see `forthwith audit check`" if differences else "no difference"
    line = f"Audit: {'**SILENT**, ' if silent else ''}{span(now - last)} ago ({short(last, zone)}), {found}"
    alarms = (["AUDIT SILENT"] if silent else []) + (["AUDIT: DIFFERENCES"] if differences else [])
    return Sign(line, " · ".join(alarms))


def synthetic_sign(
    one: Synthetic | None, through: datetime | None, wait: timedelta, now: datetime, zone: ZoneInfo
) -> Sign:
    """The line of the made-up complaint that was sent last; None: there was none yet."""
    if one is None:
        return Sign("Made-up complaint: never sent", form="send-synthetic")
    sent = f"Made-up complaint of {short(one.begun_at, zone)}"
    if through is not None:
        return Sign(f"{sent}: through in {span(through - one.begun_at)}")
    came = [name for name, at in one.stations.items() if at is not None]
    where = f"last seen: {came[-1]}" if came else "not sent"
    if now - one.begun_at <= wait:
        return Sign(f"{sent}: on its way, {where}")
    return Sign(
        f"{sent}: **LOST**, {where}; `forthwith synthetic --show` tells more", "MADE-UP COMPLAINT LOST"
    )
