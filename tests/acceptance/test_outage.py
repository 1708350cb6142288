"""Two days without a relay: all forwards that wait go once, by their deadlines, as soon as it is back."""

import os
import socket
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from complaints.auditor.auditor import Auditor
from complaints.model import Customer
from complaints.outbox import NoticeKind
from complaints.store.database import Database
from complaints.store.upgrade import upgrade
from flows.embedded import EmbeddedSmtp
from notifiers.channels import Channels
from notifiers.compose import Voice
from notifiers.dispatcher import Dispatcher
from notifiers.relays import Relays
from notifiers.smtp import SmtpRelay
from tests.conftest import NINE_ON_MONDAY, SteppedClock
from tests.desks import DeskAtWork, matched

COUNT = int(os.environ.get("FORTHWITH_FORWARDS_WAITING", "60"))
VOICE = Voice(organisation="Northgate", address="privacy@msp.example", timezone="Europe/London")
OUTAGE = timedelta(hours=48)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_i6_after_two_days_without_a_relay_all_go_once_by_their_deadlines(tmp_path: Path) -> None:
    store = Database(f"sqlite:///{tmp_path / 'store.db'}")
    await upgrade(store)
    clock = SteppedClock(NINE_ON_MONDAY)
    work = DeskAtWork(store, clock)
    # Deadlines from one hour to four days, in no order.
    terms = [Customer(id=f"c{n}", name=f"C{n}", supplier_manager_email=f"m{n}@c.example", sla=f"{1 + n * 37 % 96}h")
             for n in range(COUNT)]  # fmt: skip
    await work.take_customers(*terms)
    for number, customer in enumerate(terms):
        await work.letter(matched(customer), number=number + 1)
    port = free_port()
    relay = Relays([SmtpRelay("127.0.0.1", port, tls="none", timeout=5)], clock)
    dispatcher = Dispatcher(work.desk.outbox, relay, Channels(), VOICE, concurrency=8)
    back = clock() + OUTAGE
    while clock() < back:
        await work.desk.escalate(COUNT)
        await dispatcher.drain()
        clock.now = min(back, clock() + timedelta(minutes=47))
    with EmbeddedSmtp(tmp_path / "mail", port=port):
        while clock() < back + timedelta(minutes=1):
            clock.step(seconds=10)
            while await dispatcher.drain():
                pass
        await relay.close()
    forwards = []
    for one in await work.records.open_complaints(COUNT):
        dossier = await work.records.show(one.ref)
        [forward] = [notice for notice in dossier.notices if notice.kind is NoticeKind.FORWARD]
        assert one.forwarded_at is not None
        assert one.forwarded_at <= back + timedelta(minutes=1)
        assert (one.breached_at is not None) == (one.due_at <= back)
        forwards.append((forward.queue_id, one.due_at))
    assert len(forwards) == COUNT
    # What was said of the ladders stands up to being reckoned a second time.
    made = await Auditor(store, work.policy, clock, tolerance=timedelta(minutes=48), place="tests").check()
    assert made.findings == ()
    received = sorted((tmp_path / "mail").rglob("*"), key=lambda path: path.stat().st_mtime_ns)
    letters = [path.read_bytes() for path in received if path.is_file()]
    letters = [raw for raw in letters if b"X-Forthwith-Notice: forward" in raw]
    assert len(letters) == COUNT
    due = {one.ref: one.due_at for one in await work.records.open_complaints(COUNT)}
    order = [due[_ref(raw)] for raw in letters]
    # Eight are under way at once, so a letter may overtake its neighbours.
    assert all(order[at] <= order[at + 16] for at in range(len(order) - 16))
    await store.close()


def _ref(raw: bytes) -> str:
    line = next(line for line in raw.splitlines() if line.startswith(b"X-Forthwith-Ref: "))
    return line.partition(b": ")[2].decode()
