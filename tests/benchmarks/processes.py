"""What a process and its children use, read from Linux's /proc."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Some processes that do one thing together."""

    pids: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """Computing time used so far."""
        return sum(_cpu_seconds(pid) for pid in self.pids)

    def peak_mb(self) -> float:
        """Each process's highest resident memory, added up."""
        return sum(_field(pid, "status", "VmHWM") for pid in self.pids) / 1000

    def shared_out_mb(self) -> float:
        """Resident memory now, pages that several share counted in parts (PSS)."""
        return sum(_field(pid, "smaps_rollup", "Pss") for pid in self.pids) / 1000


def family(root: int) -> tuple[Group, Group]:
    """The daemon with its helpers, and the Prefect server that it started."""
    everybody = [root, *_descendants(root)]
    prefect = [pid for pid in everybody if pid != root and b"flows.prefect_app" in _command(pid)]
    prefect += [pid for one in prefect for pid in _descendants(one)]
    others = [pid for pid in everybody if pid not in prefect]
    return Group(pids=tuple(others)), Group(pids=tuple(dict.fromkeys(prefect)))


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for pid in _all():
        children.setdefault(_parent(pid), []).append(pid)
    found, open_ = [], [root]
    while open_:
        news = children.get(open_.pop(), [])
        found += news
        open_ += news
    return found


def _all() -> Iterable[int]:
    return (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())


def _stat(pid: int) -> list[str]:
    # The name stands in brackets and may hold anything; what follows the last one is plain.
    return _read(pid, "stat").decode("ascii", "replace").rpartition(")")[2].split()


def _parent(pid: int) -> int:
    return int((_stat(pid) or ["", "0"])[1])


def _cpu_seconds(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def _command(pid: int) -> bytes:
    return _read(pid, "cmdline")


def _field(pid: int, file: str, name: str) -> int:
    for line in _read(pid, file).decode("ascii", "replace").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


def _read(pid: int, file: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{file}").read_bytes()
    except OSError:
        return b""
