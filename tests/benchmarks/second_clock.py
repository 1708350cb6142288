"""How late alarms are by the daemon's clock alone and by the second clock alone, and what that one costs.

``python -m tests.benchmarks.second_clock``; its section of docs/benchmarks.md is written anew.
"""

import argparse
import asyncio
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx

from complaints.clock import system_clock
from complaints.refs import id_of
from tests.benchmarks.desk_process import DeskProcess
from tests.benchmarks.processes import Group
from tests.benchmarks.report import percentile
from tests.benchmarks.scene import Scene, scene
from tests.benchmarks.waits import deadlines
from tests.street import ico_letter

_PAGE = Path("docs/benchmarks.md")
_TITLE = "## (g) Alarms by the daemon's clock and by the second clock"
_NEXT = "## How to run"
_TERMS = timedelta(hours=24)
_AHEAD_SECONDS = 45
_AT_MOST_SECONDS = 60.0
_SECTION = """\
{title}

Written by `python -m tests.benchmarks.second_clock` on {day}. {count} deadlines, one a second, two alerts each; from
the deadline to the relay's acceptance.

| who raises them | p50 | p95 | p99 | latest |
|---|---|---|---|---|
{rows}

The daemon's clock alone is `up` with `second_clock = false`. The second clock alone is the same `up` with its daemon
stopped (SIGSTOP) before the first deadline, the checks in its Prefect server; in the last row the daemon was killed, its
server with it.

The second clock's process takes **{mb:.0f} MB** (PSS) and **{share:.2%}** of a core at idle; the Prefect server takes
{asked:.2%} of a core with it and {alone:.2%} without.

"""


@dataclass(kw_only=True)
class Figures:
    """Everything that was measured."""

    late: dict[str, list[float]] = field(default_factory=dict)  # seconds, by who raised it
    clock_mb: float = 0
    clock_share: float = 0
    server_with: float = 0
    server_without: float = 0


def say(words: str) -> None:
    """A line of progress."""
    print(f"{time.strftime('%H:%M:%S')} {words}", flush=True)  # noqa: T201  for the person who waits


@contextmanager
def _desk(here: Scene, *, second_clock: bool) -> Iterator[tuple[DeskProcess, str, str]]:
    """A desk on a store of its own: the process, the store's and Prefect's addresses."""
    database = f"sqlite:///{here.folder}/{uuid4().hex}.db"
    settings = here.settings(database) | {"second_clock": second_clock}
    with DeskProcess(here.folder, settings) as process:
        yield process, database, f"http://127.0.0.1:{settings['prefect_port']}/api"


def _deliver(here: Scene, count: int) -> None:
    first = datetime.now(UTC).replace(microsecond=0) - _TERMS + timedelta(seconds=_AHEAD_SECONDS)
    tag = uuid4().int % 1000
    for number in range(count):
        text = f"Somebody whom nobody knows is responsible, {tag}."
        raw = ico_letter(text, reference=f"IC-{600_000 + number}-B{tag % 10}R{tag // 10 % 10}")
        here.imap.deliver(raw, at=first + timedelta(seconds=number))


def _late(here: Scene, database: str, count: int) -> list[float]:
    alerts = here.sink.wait_for(2 * count, "breach", seconds=count + _AHEAD_SECONDS + _AT_MOST_SECONDS)
    due = asyncio.run(deadlines(database))
    return [one.at - due[id_of(one.ref)].timestamp() for one in alerts]


def _wait_for_checks(api: str, count: int) -> None:
    body = {
        "flows": {"name": {"any_": ["sla-check"]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    }
    end = time.monotonic() + _AHEAD_SECONDS
    while int(httpx.post(f"{api}/flow_runs/count", json=body, trust_env=False).json()) < count:
        if time.monotonic() > end:
            raise RuntimeError("the checks are not in Prefect before the first deadline")
        time.sleep(0.2)


def _clock_of(process: DeskProcess) -> int:
    return int(re.findall(r"second_clock_runs pid=(\d+)", process.log.read_text())[-1])


def _share(group: Group, seconds: float) -> float:
    before, began = group.cpu_seconds(), time.monotonic()
    time.sleep(seconds)
    return (group.cpu_seconds() - before) / (time.monotonic() - began)


def measure(count: int, idle_seconds: float) -> Figures:
    """Everything, one after the other."""
    figures = Figures()
    with scene() as here, _desk(here, second_clock=False) as (process, database, _):
        figures.server_without = _share(process.groups()[1], idle_seconds)
        _deliver(here, count)
        _note(figures, "the daemon's clock alone", _late(here, database, count))
    _by_the_second(figures, "the second clock alone, the daemon hung", count, idle_seconds, _hang)
    _by_the_second(figures, "the second clock alone, daemon and Prefect dead", count, 0, _kill)
    return figures


def _by_the_second(
    figures: Figures,
    name: str,
    count: int,
    idle_seconds: float,
    end: Callable[[DeskProcess], None],
) -> None:
    with scene() as here, _desk(here, second_clock=True) as (process, database, api):
        if idle_seconds:
            _weigh(process, figures, idle_seconds)
        _deliver(here, count)
        _wait_for_checks(api, count)
        clock = _clock_of(process)
        end(process)
        try:
            _note(figures, name, _late(here, database, count))
        finally:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGCONT)
            _end(clock)


def _end(pid: int) -> None:
    with suppress(OSError):
        os.kill(pid, signal.SIGTERM)
        while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.1)


def _weigh(process: DeskProcess, figures: Figures, seconds: float) -> None:
    clock = Group(pids=(_clock_of(process),))
    began, before = time.monotonic(), (clock.cpu_seconds(), process.groups()[1].cpu_seconds())
    time.sleep(seconds)
    lasted = time.monotonic() - began
    figures.clock_share = (clock.cpu_seconds() - before[0]) / lasted
    figures.server_with = (process.groups()[1].cpu_seconds() - before[1]) / lasted
    figures.clock_mb = clock.shared_out_mb()
    say(f"idle: {figures.clock_mb:.0f} MB, {figures.clock_share:.2%} of a core")


def _hang(process: DeskProcess) -> None:
    os.kill(process.pid, signal.SIGSTOP)


def _kill(process: DeskProcess) -> None:
    os.kill(process.pid, signal.SIGKILL)


def _note(figures: Figures, name: str, late: list[float]) -> None:
    figures.late[name] = late
    say(
        f"{name}: p50 {percentile(late, 50):.2f} s, p99 {percentile(late, 99):.2f} s, latest {max(late):.2f} s"
    )


def section(figures: Figures, count: int, day: date) -> str:
    """The section in Markdown."""
    rows = "\n".join(
        f"| {name} | {' | '.join(f'{percentile(late, part):.2f} s' for part in (50, 95))} "
        f"| **{percentile(late, 99):.2f} s** | {max(late):.2f} s |"
        for name, late in figures.late.items()
    )
    return _SECTION.format(
        title=_TITLE,
        day=day.isoformat(),
        count=count,
        rows=rows,
        mb=figures.clock_mb,
        share=figures.clock_share,
        asked=figures.server_with,
        alone=figures.server_without,
    )


def put_into(page: str, text: str) -> str:
    """The page with this section in the place of the former one."""
    before, found, rest = page.partition(_TITLE)
    if found:
        rest = _NEXT + rest.partition(_NEXT)[2]
    else:
        before, found, rest = page.partition(_NEXT)
        rest = found + rest
    return before + text + rest


def main() -> None:
    """Read the command line, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.second_clock", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="deadlines  [default: 100]")
    parser.add_argument("--idle", type=float, default=60, help="seconds to weigh it idle  [default: 60]")
    parser.add_argument("--dry", action="store_true", help="print the section, write nothing")
    parser.add_argument(
        "--date", type=date.fromisoformat, default=system_clock().date(), help="of the report"
    )
    given = parser.parse_args()
    text = section(measure(given.count, given.idle), given.count, given.date)
    if given.dry:
        print(text)  # noqa: T201  the answer
        return
    _PAGE.write_text(put_into(_PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")
    say(f"written to {_PAGE}")


if __name__ == "__main__":
    main()
