"""The yardstick: the least a program would do by hand. It recognises, matches, reads and remembers nothing.

imaplib, the email package with every part decoded, one SQLite commit a message, aiosmtplib on one kept
connection. ``python -m tests.benchmarks.bare_loop`` reads a line of JSON (imap_port, user, password, folder,
smtp_port, database) and prints the seconds it took, from the first command to the last mail accepted.
"""

import asyncio
import email
import email.policy
import imaplib
import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from typing import Any

import aiosmtplib

_AT_ONCE = 50


def fetched(order: dict[str, Any]) -> Iterator[tuple[int, bytes]]:
    """Every mail of the folder, fifty a command."""
    client = imaplib.IMAP4("127.0.0.1", order["imap_port"])
    client.login(order["user"], order["password"])
    client.select(order["folder"], readonly=True)
    uids = client.uid("SEARCH", "ALL")[1][0].split()
    for start in range(0, len(uids), _AT_ONCE):
        numbers = b",".join(uids[start : start + _AT_ONCE]).decode()
        answers = [one for one in client.uid("FETCH", numbers, "(BODY.PEEK[])")[1] if isinstance(one, tuple)]
        for uid, (_, raw) in zip(uids[start:], answers, strict=False):
            yield int(uid), raw
    client.logout()


def decoded(raw: bytes) -> int:
    """Parse and decode all there is."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return sum(len(part.get_content()) for part in message.walk() if not part.is_multipart())


async def forward_all(order: dict[str, Any]) -> int:
    """One by one."""
    store = sqlite3.connect(order["database"], isolation_level=None)
    store.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE mail (uid, size, raw);"
    )
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=order["smtp_port"], start_tls=False)
    count = 0
    async with client:
        for uid, raw in fetched(order):
            store.execute("INSERT INTO mail VALUES (?, ?, ?)", (uid, decoded(raw), raw))
            await client.sendmail("privacy@msp.example", ["manager@customer.example"], raw)
            count += 1
    return count


def main() -> None:
    """Run once and tell."""
    order = json.loads(sys.stdin.readline())
    began = time.perf_counter()
    count = asyncio.run(forward_all(order))
    print(json.dumps({"count": count, "seconds": time.perf_counter() - began}))  # noqa: T201 -- the answer


if __name__ == "__main__":
    main()
