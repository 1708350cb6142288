"""The figures, and the page that tells them."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median, quantiles

from tests.benchmarks import reading
from tests.benchmarks.throughput import Burst

_HOW = """\
# Benchmarks

Written by `make bench` ({command}) on {day}: {cores} cores, Python {python}, {system}.
Both sides of a comparison run one after the other on the same servers, so that **ratios** mean more than seconds.

"""
_BURST = """\
## (a) From a full mailbox to the relay

{letters} letters, medians of {rounds} round(s). 30 % carry a PDF of 150 KB and 3 % one of 2 MB, each with a text layer
and no two alike; the rest have a few KB. Each is a complaint that names one of 200 customers.

| | letters a second | of the bare loop | computing time a letter: daemon / Prefect server |
|---|---|---|---|
{rows}

The bare loop is imaplib, the email package with every part decoded, one SQLite commit a message (WAL, synchronous
FULL, as in Forthwith) and aiosmtplib on one kept connection: no recognising, no matching, no PDF read, no history,
no covering note, no Prefect. It sends the letter as it came. Forthwith runs as `forthwith up` with its own Prefect
server, idle when all letters appear in the inbox at one stroke (an IMAP MOVE); the clock runs from that command to
the last acceptance. The aim is 0.6 of the bare loop and 40 letters a second.

"""
_REST = """\
## (b) One letter while nothing else happens

From the answer to APPEND to the relay's acceptance of the forward, by IDLE, with Prefect running, {letters} letters of
the same mix at random intervals: p50 **{p50:.2f} s**, p95 **{p95:.2f} s** (aim: p95 under 1 s).

## (c) An alarm after its instant

From the deadline to the relay's acceptance of each breach alert, {alarms} alerts, a deadline a second:
p50 **{late50:.2f} s**, p95 **{late95:.2f} s** (aim: p95 under 1 s).

## (d) and (e) What it costs

| | idle, share of a core over {idle:.0f} s | memory when idle (PSS) | highest memory in (a) |
|---|---|---|---|
| daemon, with the processes that read mail and PDFs | {daemon_share:.1%} | {daemon_mb:.0f} MB | {daemon_peak:.0f} MB |
| Prefect server | {prefect_share:.1%} | {prefect_mb:.0f} MB | {prefect_peak:.0f} MB |

Idle means: IDLE on the mailbox, {complaints} complaints on the board, nobody looking at it. The highest memory is the
sum of each process's peak of resident memory, shared pages counted in each.

## (f) Reading and recognising alone

One core parses and recognises **{recognised:.0f}** letters without attachments a second (aim: 20). A PDF of {pages} full pages
takes **{pdf_ms:.0f} ms** (aim: under 300 ms).

## How to run, and what is not measured

`make bench` takes about seven minutes, `make bench ARGS=--quick` two. It needs Linux (`/proc`), and a machine that
does nothing else: the two cores of a small one are shared by daemon, reader, Prefect server, mailbox and relay, while
the bare loop has nearly one to itself.

The mailbox is the local one of the demo, the relay takes everything at once (about 0.4 ms a mail); both are processes
of their own and serve both sides. Not measured: TLS, slow networks, relays that make one wait, several daemons on one
database, people using the board meanwhile.
"""


@dataclass(kw_only=True)
class Figures:
    """Everything that was measured."""

    bare: list[Burst] = field(default_factory=list)
    desk: dict[str, list[Burst]] = field(default_factory=dict)  # by the store's name
    waits: list[float] = field(default_factory=list)
    alarms: list[float] = field(default_factory=list)
    idle_seconds: float = 0
    daemon_share: float = 0
    prefect_share: float = 0
    daemon_mb: float = 0
    prefect_mb: float = 0
    recognised: float = 0  # letters a second of one core
    pdf_ms: float = 0


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def page(figures: Figures, day: date, command: str) -> str:
    """The whole page in Markdown."""
    first = next(iter(figures.desk.values()))
    return (
        _HOW.format(
            command=f"`{command}`",
            day=day.isoformat(),
            cores=os.cpu_count(),
            python=platform.python_version(),
            system=platform.system(),
        )
        + _BURST.format(letters=first[0].letters, rounds=len(figures.bare), rows=_rows(figures))
        + _REST.format(
            letters=len(figures.waits),
            p50=percentile(figures.waits, 50),
            p95=percentile(figures.waits, 95),
            alarms=len(figures.alarms),
            late50=percentile(figures.alarms, 50),
            late95=percentile(figures.alarms, 95),
            idle=figures.idle_seconds,
            complaints=len(figures.alarms) // 2,
            daemon_share=figures.daemon_share,
            prefect_share=figures.prefect_share,
            daemon_mb=figures.daemon_mb,
            prefect_mb=figures.prefect_mb,
            daemon_peak=max(burst.daemon_mb for burst in first),
            prefect_peak=max(burst.prefect_mb for burst in first),
            recognised=figures.recognised,
            pages=reading.PAGES,
            pdf_ms=figures.pdf_ms,
        )
    )


def _rows(figures: Figures) -> str:
    bare = median(burst.rate for burst in figures.bare)
    rows = [f"| bare loop, SQLite | {bare:.0f} | 1 | |"]
    for store, bursts in figures.desk.items():
        rate = median(burst.rate for burst in bursts)
        ratio = median(rate_of / yard.rate for rate_of, yard in _paired(bursts, figures.bare))
        daemon = median(1000 * burst.daemon_cpu / burst.letters for burst in bursts)
        prefect = median(1000 * burst.prefect_cpu / burst.letters for burst in bursts)
        rows.append(
            f"| Forthwith, {store} | **{rate:.0f}** | **{ratio:.2f}** | {daemon:.1f} / {prefect:.1f} ms |"
        )
    return "\n".join(rows)


def _paired(bursts: Sequence[Burst], bare: Sequence[Burst]) -> list[tuple[float, Burst]]:
    return [(burst.rate, yard) for burst, yard in zip(bursts, bare, strict=False)]
