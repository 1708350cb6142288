"""Everything that is not mail: chats, telephones, web hooks, by apprise.

A recipient here is an apprise URL, which often holds a secret: it is never logged and never part of a
reply.
"""

import asyncio
import logging
import threading
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor

from complaints.outbox import Verdict
from notifiers.compose import Brief
from notifiers.receipt import Receipt


class Channels:
    """Sends short messages to apprise URLs.

    Args:
        timeout: seconds after which a message counts as not sent (it may arrive later all the same).
        threads: how many at once; apprise blocks while it sends.
        threads_each: how many of them one channel can take up, so that one that hangs leaves room for others.
    """

    def __init__(self, *, timeout: float = 20, threads: int = 16, threads_each: int = 2) -> None:
        self._timeout = timeout
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="channels")
        self._threads_each = threads_each
        self._under_way: Counter[str] = Counter()
        self._counting = threading.Lock()
        # apprise's own lines name hosts and tokens; what happened is told by our receipts.
        logging.getLogger("apprise").propagate = False

    async def send(self, brief: Brief, url: str) -> Receipt:
        """Send one message; never raises for what the other side does."""
        with self._counting:
            if self._under_way[url] >= self._threads_each:
                return Receipt(
                    verdict=Verdict.TEMPORARY,
                    reply=f"not tried: {scheme(url)} has not answered to earlier messages yet",
                )
            self._under_way[url] += 1
        sending = self._threads.submit(_notify, brief, url)
        sending.add_done_callback(lambda done: self._finished(url, done))
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.wrap_future(sending)
        except TimeoutError:
            return Receipt(verdict=Verdict.TEMPORARY, reply=f"no answer within {self._timeout:g} seconds")

    def _finished(self, url: str, _sending: Future[Receipt]) -> None:
        """The thread is free again, which is later than the giving up on one that hangs."""
        with self._counting:
            self._under_way[url] -= 1
            if not self._under_way[url]:
                del self._under_way[url]

    async def close(self) -> None:
        """Start nothing more; what hangs is left behind."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def scheme(url: str) -> str:
    """What may be shown of a URL: how it is reached."""
    return url.partition("://")[0].lower()


def _notify(brief: Brief, url: str) -> Receipt:
    # apprise takes long to import and most installations never need it.
    import apprise  # noqa: PLC0415

    try:
        channel = apprise.Apprise()
        if not channel.add(url):
            return Receipt(
                verdict=Verdict.PERMANENT, reply=f"not an address that apprise can use: {scheme(url)}://..."
            )
        sent = channel.notify(title=brief.title, body=brief.body, body_format=apprise.NotifyFormat.TEXT)
    except Exception as error:  # noqa: BLE001  a plug-in may raise anything, and no alert may die of it
        return Receipt(verdict=Verdict.TEMPORARY, reply=f"{scheme(url)}: {type(error).__name__}")
    if sent:
        return Receipt(verdict=Verdict.SENT, reply=f"accepted by {scheme(url)}")
    # apprise tells no more than this; a wrong token and a network that is down look alike.
    return Receipt(verdict=Verdict.TEMPORARY, reply=f"not accepted by {scheme(url)}")
