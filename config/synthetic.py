"""Getting a made-up complaint on its way: through the relay, or into the inbox where there is none."""

import asyncio
from pathlib import Path

from complaints.errors import BadSetting, ForthwithError
from complaints.inbox.imap_session import Session
from complaints.outbox import Verdict
from config.bootstrap import App, account_of
from config.settings import Settings
from notifiers.maildir import put_in
from notifiers.receipt import Relay

_TRIES = 3
_PAUSE_SECONDS = 15.0


class NotSent(ForthwithError):
    """The made-up complaint could not be sent."""


async def send_synthetic(app: App, slot: str = "") -> str:
    """Make one and send it; the daemon that reads our inbox does the rest.

    Args:
        app: the desk.
        slot: of the timetable; empty: by hand.

    Returns:
        Its token; empty when that of this slot was sent already.

    Raises:
        NotSent: in one line, with what the relay or the mailbox said. It is written down all the same, and an
            alarm when its time is over.
        BadSetting: it has no way into an inbox.
    """
    require_a_way(app.settings)
    made = await app.synthetic.begin(slot)
    if made is None:
        return ""
    try:
        await _hand_over(app.settings, app.relay, made.raw)
    except (ForthwithError, OSError) as error:
        words = str(error) or type(error).__name__
        await app.synthetic.stuck(made.token, f"it could not be sent: {words}")
        raise NotSent(f"the made-up complaint could not be sent: {words}") from error
    await app.synthetic.sent(made.token)
    return made.token


def require_a_way(settings: Settings) -> None:
    """Refuse where a letter of ours could come into no inbox.

    Raises:
        BadSetting: what to set.
    """
    if not (settings.imap_host or settings.maildirs):
        raise BadSetting(
            "no inbox is set, so a made-up complaint could not come in; set imap_host or maildirs"
        )


async def _hand_over(settings: Settings, relay: Relay, raw: bytes) -> None:
    if settings.relays:
        await _by_relay(relay, raw, str(settings.address))
    elif settings.maildirs:
        await asyncio.to_thread(put_in, Path(settings.maildirs[0]), raw)
    else:
        await asyncio.to_thread(_by_imap, settings, raw)


async def _by_relay(relay: Relay, raw: bytes, address: str) -> None:
    for left in reversed(range(_TRIES)):
        receipt = await relay.send(raw, address, address)
        if receipt.verdict is Verdict.SENT:
            return
        if receipt.verdict is Verdict.PERMANENT or not left:
            raise NotSent(receipt.reply)
        await asyncio.sleep(_PAUSE_SECONDS)


def _by_imap(settings: Settings, raw: bytes) -> None:
    session = Session(account_of(settings), settings.imap_folders[0], marks=True)
    try:
        session.put(settings.imap_folders[0], raw)
    finally:
        session.log_out()


def slot_at(seconds_since_epoch: float, every_hours: float) -> str:
    """The slot of the timetable that an instant lies in; the same for every daemon on one database."""
    length = round(every_hours * 3600)
    return f"every {length} s, number {int(seconds_since_epoch // length)}"
