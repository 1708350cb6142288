"""A year at the desk with ten thousand letters: every rung exactly once, none early, none late by more than a tick.

``python -m tests.benchmarks.year [COUNT]``; its section of docs/benchmarks.md is written anew when it is whole.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import structlog

from complaints.store.database import Database
from complaints.store.upgrade import upgrade
from tests.year import Told, lived_through

_PAGE = Path("docs/benchmarks.md")
_TITLE = "## (h) A simulated year"
_NEXT = "## How to run"
_SECTION = """\
{title}

Written by `python -m tests.benchmarks.year` on {day}. {count} letters on SQLite, seed {seed}: {ticks} ticks, outages of the desk up to
40 hours and of the relay up to two days, both changes of the clocks, public holidays; {rungs} rungs and {breaches} breaches, each
compared with a second reckoning: {faults}. {wall:.0f} s, of which {cpu:.0f} s processor.

"""


def main() -> int:
    """Live it, and say what it came to; 1 where anything differed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=10_000, help="letters")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    # As `forthwith up` sets it: SQLite's thread and the loop take turns many times a letter.
    sys.setswitchinterval(0.0005)
    wall, cpu = time.perf_counter(), time.process_time()
    told = asyncio.run(_live(given.count, given.seed))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    faults = f"{len(told.faults)} differences" if told.faults else "no difference"
    section = _SECTION.format(
        title=_TITLE,
        day=date.today(),  # noqa: DTZ011  the day a person reads
        count=f"{told.complaints:,}",
        seed=given.seed,
        ticks=f"{len(told.looked):,}",
        rungs=f"{told.rungs:,}",
        breaches=f"{told.breaches:,}",
        faults=faults,
        wall=wall,
        cpu=cpu,
    )
    _say(section)
    for fault in told.faults[:20]:
        _say(fault)
    if not told.faults and given.count >= 10_000:
        _write(section)
    return 1 if told.faults else 0


async def _live(count: int, seed: int) -> Told:
    with tempfile.TemporaryDirectory() as place:
        store = Database(f"sqlite:///{place}/store.db")
        await upgrade(store)
        try:
            return await lived_through(store, count, seed, progress=_say)
        finally:
            await store.close()


def _write(section: str) -> None:
    page = _PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_TITLE)
    behind = rest.partition(_NEXT)[2] if rest else page.partition(_NEXT)[2]
    before = before if rest else page.partition(_NEXT)[0]
    _PAGE.write_text(f"{before}{section}{_NEXT}{behind}", encoding="utf-8")


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201  the answer


if __name__ == "__main__":
    sys.exit(main())
