"""``make bench``: measure, and write docs/benchmarks.md."""

import argparse
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from complaints.clock import system_clock
from tests.benchmarks import reading, throughput, waits
from tests.benchmarks.desk_process import DeskProcess
from tests.benchmarks.letters import letters
from tests.benchmarks.report import Figures, page, percentile
from tests.benchmarks.scene import Scene, postgres, scene

_PAGE = Path("docs/benchmarks.md")


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    letters: int = 500
    rounds: int = 3
    postgres_rounds: int = 1
    singles: int = 40
    alarms: int = 30
    idle_seconds: float = 60


_QUICK = Size(letters=150, rounds=1, postgres_rounds=0, singles=10, alarms=8, idle_seconds=15)


def say(words: str) -> None:
    """A line of progress."""
    print(f"{time.strftime('%H:%M:%S')} {words}", flush=True)  # noqa: T201  for the person who waits


def measure(size: Size) -> Figures:
    """Everything, one after the other."""
    figures = Figures(recognised=reading.letters_a_second(), pdf_ms=reading.pdf_milliseconds())
    say(f"(f) {figures.recognised:.0f} letters a second recognised, {figures.pdf_ms:.0f} ms a PDF")
    with scene() as here:
        say(f"preparing {size.letters} letters")
        here.prepare(list(letters(size.letters)))
        for number in range(size.rounds):
            _burst(here, size, figures, with_postgres=number < size.postgres_rounds)
        _one_by_one(here, size, figures)
    return figures


def _burst(here: Scene, size: Size, figures: Figures, *, with_postgres: bool) -> None:
    yard = throughput.bare(here)
    figures.bare.append(yard)
    say(f"(a) bare loop: {yard.rate:.0f} letters a second")
    _run(here, size, figures, "SQLite")
    if with_postgres:
        with postgres() as url:
            _run(here, size, figures, "PostgreSQL", url)


def _run(here: Scene, size: Size, figures: Figures, store: str, url: str = "") -> None:
    burst = throughput.desk(here, size.letters, url)
    figures.desk.setdefault(store, []).append(burst)
    ratio = burst.rate / figures.bare[-1].rate
    say(f"(a) Forthwith on {store}: {burst.rate:.0f} letters a second, {ratio:.2f} of the bare loop")


def _one_by_one(here: Scene, size: Size, figures: Figures) -> None:
    database = f"sqlite:///{here.folder}/{uuid4().hex}.db"
    with DeskProcess(here.folder, here.settings(database)) as process:
        figures.waits = waits.of_letters(here, size.singles)
        say(f"(b) one letter: p95 {percentile(figures.waits, 95):.2f} s")
        figures.alarms = waits.of_alarms(here, database, size.alarms)
        say(f"(c) an alarm: p95 {percentile(figures.alarms, 95):.2f} s late")
        process.rest()
        _idle(process, size, figures)


def _idle(process: DeskProcess, size: Size, figures: Figures) -> None:
    daemon, prefect = process.groups()
    began, before = time.monotonic(), (daemon.cpu_seconds(), prefect.cpu_seconds())
    time.sleep(size.idle_seconds)
    figures.idle_seconds = time.monotonic() - began
    figures.daemon_share = (daemon.cpu_seconds() - before[0]) / figures.idle_seconds
    figures.prefect_share = (prefect.cpu_seconds() - before[1]) / figures.idle_seconds
    figures.daemon_mb, figures.prefect_mb = daemon.shared_out_mb(), prefect.shared_out_mb()
    say(f"(d) idle: daemon {figures.daemon_share:.1%}, Prefect server {figures.prefect_share:.1%} of a core")


def main() -> None:
    """Read the command line, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a short run; writes nothing unless --to is given"
    )
    parser.add_argument("--to", type=Path, help=f"where to write  [default: {_PAGE}]")
    parser.add_argument(
        "--date", type=date.fromisoformat, default=system_clock().date(), help="of the report"
    )
    given = parser.parse_args()
    figures = measure(_QUICK if given.quick else Size())
    target = given.to or (None if given.quick else _PAGE)
    text = page(figures, given.date, "python -m tests.benchmarks" + (" --quick" if given.quick else ""))
    if target:
        target.write_text(text, encoding="utf-8")
        say(f"written to {target}")
    else:
        print(text)  # noqa: T201  the answer


if __name__ == "__main__":
    main()
