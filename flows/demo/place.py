"""The demo's folder: everything it makes lies below it, and every start wipes it."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from complaints.errors import ForthwithError

FOLDER = Path("var/demo")
_MARK = ".forthwith-demo"


class NotOurs(ForthwithError):
    """The demo's folder cannot be wiped; the message says why."""


@contextmanager
def fresh(folder: Path = FOLDER) -> Iterator[Path]:
    """An empty folder, ours alone for as long as the block lasts.

    Raises:
        NotOurs: what is there was not made by a demo, or another demo runs in it.
    """
    _require_ours(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _MARK).open("a") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotOurs(f"another demo runs in {folder}; stop that one first") from None
        _wipe(folder)
        yield folder


def _require_ours(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise NotOurs(f"{folder} is no folder of a demo; move it away")
    # Wiping what somebody else put there would be worse than no demo.
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _MARK).is_file():
        raise NotOurs(f"{folder} holds what no demo has made, and a demo would wipe it; move it away")


def _wipe(folder: Path) -> None:
    for inside in folder.iterdir():
        if inside.name == _MARK:
            continue
        if inside.is_dir() and not inside.is_symlink():
            shutil.rmtree(inside)
        else:
            inside.unlink()
