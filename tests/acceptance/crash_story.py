"""The story that the crash test kills again and again: a desk's day, told in ticks on a stepped clock.

Run as a program it is a zygote: it imports everything once, then forks a child for every order that it
reads from standard input, and prints how that child ended. A child kills itself with SIGKILL at the
point it was told. The points are hooked in from here; the product knows nothing of them.
"""

import asyncio
import gc
import imaplib
import json
import logging
import os
import signal
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from aiosmtplib.protocol import SMTPProtocol
from aiosmtplib.response import SMTPResponse
from sqlalchemy.engine.default import DefaultDialect

from config import bootstrap
from config.bootstrap import App, open_app
from config.registers import load_bodies
from config.settings import Settings
from flows.up import take_register

REHEARSAL = "rehearsal"
"""Tell the story in the zygote itself, so that its children find all lazy imports and templates in place."""

_GIVES_UP_AFTER_SECONDS = 60
_TICKS_AT_MOST = 40
_IDLES_SECONDS = 0.01


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What one child is to do."""

    settings: dict[str, Any]  # of the desk
    instants: list[str]  # ISO 8601; the clock stands at each until all is quiet
    kill_at: str  # at which point the child kills itself, e.g. "after COMMIT 7"; empty: at none
    journal: str  # file that says how far it came: a line a point, a line an instant
    report: str  # file for what the store holds at the end


class Points:
    """Numbers the points at which the process could die, each kind by itself, and dies at one of them."""

    def __init__(self, journal: int, kill_at: str) -> None:
        self._journal, self._kill_at = journal, kill_at
        self._count = Counter[str]()
        self._lock = threading.Lock()  # the mailbox is read in a thread

    def pass_by(self, what: str) -> None:
        with self._lock:
            self._count[what] += 1
            point = f"{what} {self._count[what]}"
            os.write(self._journal, f"point {point}\n".encode())
            if point == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
                signal.pause()

    def note(self, what: str) -> None:
        os.write(self._journal, f"{what}\n".encode())


def hook_commits(pass_by: Callable[[str], None]) -> None:
    commit = DefaultDialect.do_commit

    def do_commit(self: Any, connection: Any) -> None:
        pass_by("before COMMIT")
        commit(self, connection)  # type: ignore[no-untyped-call]
        pass_by("after COMMIT")

    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]


def hook_imap(pass_by: Callable[[str], None]) -> None:
    send, complete = imaplib.IMAP4.send, imaplib.IMAP4._command_complete  # type: ignore[attr-defined]

    def sending(self: Any, data: bytes) -> None:
        words = data.split()
        # Further lines of a command have no tag.
        if len(words) > 1 and words[0].startswith(self.tagpre):
            pass_by(f"before IMAP {_imap_name(words[1:])}")
        send(self, data)

    def completed(self: Any, name: str, tag: bytes) -> Any:
        answer = complete(self, name, tag)
        pass_by(f"after IMAP {name}")
        return answer

    imaplib.IMAP4.send = sending  # type: ignore[method-assign,assignment]
    imaplib.IMAP4._command_complete = completed  # type: ignore[attr-defined]


def _imap_name(words: list[bytes]) -> str:
    name = words[0].decode("ascii", "replace").upper()
    return f"UID {words[1].decode('ascii', 'replace').upper()}" if name == "UID" and len(words) > 1 else name


def hook_smtp(pass_by: Callable[[str], None]) -> None:
    write, received, read = SMTPProtocol.write, SMTPProtocol.data_received, SMTPProtocol.read_response
    last: dict[int, str] = {}

    def writing(self: SMTPProtocol, data: bytes) -> None:
        line = data.split(b"\r\n", 1)[0] if data.count(b"\r\n") == 1 else b"the letter"
        last[id(self)] = "the letter" if line == b"the letter" else line[:4].decode("ascii", "replace")
        write(self, data)

    def arrived(self: SMTPProtocol, data: bytes) -> None:
        pass_by(f"before reply to {last.get(id(self), 'connecting')}")
        received(self, data)

    async def heard(self: SMTPProtocol, timeout: float | None = None) -> SMTPResponse:  # noqa: ASYNC109  aiosmtplib's signature
        reply = await read(self, timeout=timeout)
        pass_by(f"after reply to {last.get(id(self), 'connecting')}")
        return reply

    SMTPProtocol.write = writing  # type: ignore[method-assign]
    SMTPProtocol.data_received = arrived  # type: ignore[method-assign]
    SMTPProtocol.read_response = heard  # type: ignore[method-assign]


class SetClock:
    """Stands where the story put it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


async def tell(order: Order, points: Points) -> None:
    """Live through the instants, as a daemon does after its start, and write down how all ended."""
    settings = Settings(_env_file=None, **order.settings)
    clock = SetClock(datetime.fromisoformat(order.instants[0]))
    async with open_app(settings, clock) as app:
        await take_register(app)
        await app.desk.outbox.release_claims()
        for instant in order.instants:
            clock.now = datetime.fromisoformat(instant)
            points.note(f"instant {instant}")
            await _until_quiet(app)
        for inbox in app.inboxes:
            await inbox.wait(_IDLES_SECONDS)
        report = await _report(app)
    Path(order.report).write_text(json.dumps(report, default=str))  # noqa: ASYNC240  nothing else runs here
    points.note("end")


async def _until_quiet(app: App) -> None:
    """Tick until a whole tick found nothing. A duty that fails ends the story: here nothing may."""
    for _ in range(_TICKS_AT_MOST):
        results = {name: await duty() for name, duty in app.duties()}
        if not any(results.values()):
            return
    raise AssertionError(f"it is never quiet: {results}")


async def _report(app: App) -> dict[str, Any]:
    complaints = await app.records.open_complaints(everything=True)
    dossiers = [await app.records.show(one.ref) for one in complaints]
    return {
        "complaints": [_told(dossier) for dossier in dossiers],
        "filed": [[mail.sha256, mail.kind] for mail in await app.records.filed()],
        "mails": await app.records.mail_counts(),
        "broken": await app.records.broken_histories(),
    }


def _told(dossier: Any) -> dict[str, Any]:
    complaint = dossier.complaint
    return {
        "ref": complaint.ref,
        "sha256": dossier.mail.sha256,
        "state": [
            complaint.status,
            complaint.kind,
            complaint.review_reason,
            complaint.customer_id,
            complaint.manager_email,
            complaint.breached_at,
            complaint.breach_cause,
            complaint.due_at,
            complaint.next_rung_at,
        ],
        "history": [event.name for event in dossier.history],
        "arrivals": len(dossier.arrivals),
        "notices": [asdict(notice) for notice in dossier.notices],
    }


def _live(order: Order) -> int:
    """The child: hook the points in, tell the story; its exit code."""
    signal.alarm(_GIVES_UP_AFTER_SECONDS)
    journal = os.open(order.journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    points = Points(journal, order.kill_at)
    for hook in (hook_commits, hook_imap, hook_smtp):
        hook(points.pass_by)
    try:
        asyncio.run(tell(order, points))
    except BaseException:  # noqa: BLE001  whatever it is, the test shall name it
        points.note(traceback.format_exc())
        return 1
    return 0


def main() -> None:
    """The zygote: an order a line, an end a line."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    bodies = load_bodies()
    bootstrap.load_bodies = lambda *_: bodies  # type: ignore[attr-defined]  # read once for all children
    for line in sys.stdin:
        order = Order(**json.loads(line))
        if order.kill_at == REHEARSAL:
            asyncio.run(tell(order, Points(os.open(os.devnull, os.O_WRONLY), REHEARSAL)))
            _wait_for_threads()
            gc.freeze()  # what is never looked through again is never copied for a child
            _answer(0)
            continue
        child = os.fork()
        if child == 0:
            os._exit(_live(order))
        _, status = os.waitpid(child, 0)
        _answer(os.waitstatus_to_exitcode(status))


def _wait_for_threads() -> None:
    """A fork takes along what other threads hold locked, so there must be none."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(_GIVES_UP_AFTER_SECONDS)
    assert threading.active_count() == 1


def _answer(code: int) -> None:
    sys.stdout.write(f"{code}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
