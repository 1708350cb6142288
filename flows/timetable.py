"""Made-up complaints by the timetable, and the watch over those on their way."""

import asyncio

import structlog

from complaints.errors import ForthwithError
from config.bootstrap import App
from config.synthetic import send_synthetic, slot_at

_log = structlog.get_logger(__name__)
_LOOKS_EVERY_SECONDS = 5.0


async def send_by_timetable(app: App) -> None:
    """Send one whenever its time has come, and raise the alarm for what is lost, until cancelled."""
    slot = ""
    while True:
        try:
            slot = await _send_of_slot(app, slot)
            await app.synthetic.watch()
        except ForthwithError as error:
            _log.warning("synthetic_waits", why=type(error).__name__)
        except Exception:  # noqa: BLE001  the next round is tried
            _log.exception("synthetic_failed")
        await asyncio.sleep(_LOOKS_EVERY_SECONDS)


async def _send_of_slot(app: App, last: str) -> str:
    every = app.settings.synthetic_every_hours
    slot = slot_at(app.clock().timestamp(), every) if every else ""
    if slot == last:
        return slot
    try:
        if await send_synthetic(app, slot):
            _log.info("synthetic_sent")
    except ForthwithError as error:
        # It is written down, and an alarm when its time is over.
        _log.warning("synthetic_not_sent", why=type(error).__name__)
    return slot
