"""(b) How long one letter takes while nothing else happens, and (c) how late an alarm is."""

import asyncio
import random
import time
from datetime import UTC, datetime, timedelta

from complaints.records import Records
from complaints.refs import id_of
from complaints.store.database import Database
from tests.benchmarks.letters import letters
from tests.benchmarks.scene import Scene
from tests.street import ico_letter

_GAP_SECONDS = 0.6, 2.4
_AHEAD_SECONDS = 10
_TERMS = timedelta(hours=24)
_AT_MOST_SECONDS = 60.0


def of_letters(scene: Scene, count: int) -> list[float]:
    """Seconds from the answer to APPEND to the relay's acceptance of the forward, letters coming at random."""
    chance = random.Random(2)
    delivered = []
    for raw in letters(count, seed=2):
        time.sleep(chance.uniform(*_GAP_SECONDS))
        scene.imap.deliver(raw)
        delivered.append(time.time())
    accepted = scene.sink.wait_for(count, "forward", seconds=_AT_MOST_SECONDS)
    return [one.at - at for one, at in zip(accepted, delivered, strict=True)]


def of_alarms(scene: Scene, database: str, count: int) -> list[float]:
    """Seconds from a deadline to the relay's acceptance of each breach alert; a deadline a second.

    The letters name nobody, and the mailbox says that they came a day ago less a few seconds.
    """
    first = datetime.now(UTC).replace(microsecond=0) - _TERMS + timedelta(seconds=_AHEAD_SECONDS)
    for number in range(count):
        text = "Somebody whom nobody knows is responsible."
        raw = ico_letter(text, reference=f"IC-{700_000 + number}-B{number % 10}R{number // 10}")
        scene.imap.deliver(raw, at=first + timedelta(seconds=number))
    alerts = scene.sink.wait_for(2 * count, "breach", seconds=count + _AHEAD_SECONDS + _AT_MOST_SECONDS)
    due = asyncio.run(deadlines(database))
    return [one.at - due[id_of(one.ref)].timestamp() for one in alerts]


async def deadlines(url: str) -> dict[int, datetime]:
    """When each complaint of a store is due, by its id."""
    database = Database(url)
    try:
        complaints = await Records(database).open_complaints(everything=True)
    finally:
        await database.close()
    return {complaint.id: complaint.due_at for complaint in complaints}
