"""Papers, read in a process of its own that can be killed."""

import atexit
import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Event, Lock, Timer
from typing import Any

from complaints.inbox.papers.kinds import IMAGE, PDF
from complaints.inbox.papers.paper import Member, Paper

MAX_BYTES = 25 << 20
SECONDS = 10.0
_MAX_ANSWER = 64 << 20
_RECOGNITION = "image"  # the worker's reader that hands a file to the command

# -P keeps the working directory off the module path.
_WORKER = (sys.executable, "-P", "-m", "complaints.inbox.papers.worker")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ocr:
    """The command that recognises text in images."""

    command: tuple[str, ...]  # reads a PDF or an image on standard input, prints text (UTF-8)
    seconds: float = 20.0  # how long one file may take


class PaperReader:
    """Reads papers in a worker that starts with the first file and is reused.

    Safe to call from several threads; one file is read at a time. A file that takes too long, or
    breaks the worker, costs that worker: the next file gets another.

    Args:
        seconds: how long one file may take, recognition of images aside.
        ocr: recognises the text of images; without it images and PDFs of images are said to be such.
        worker: the command that speaks the frames of ``worker``.
    """

    def __init__(
        self, *, seconds: float = SECONDS, ocr: Ocr | None = None, worker: Sequence[str] = _WORKER
    ) -> None:
        self.ocr = ocr
        self._seconds = seconds
        self._command = tuple(worker)
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def __call__(self, kind: str, data: bytes, seconds: float = float("inf")) -> Paper:
        """Read a file.

        Args:
            kind: of ``kinds``.
            data: the file.
            seconds: what may be spent on it at most, where that is less than what every file may take.

        Returns:
            What it says; what could not be read is told in ``problem``. Never raises.
        """
        if len(data) > MAX_BYTES:
            return Paper(problem=f"is larger than {MAX_BYTES >> 20} MB and was not read")
        began = time.monotonic()
        with self._lock:
            paper = self._opened(kind, data, seconds)
        return replace(paper, seconds=time.monotonic() - began)

    def close(self) -> None:
        """End the worker; a later call starts another."""
        with self._lock:
            self._end_worker()
        atexit.unregister(self.close)

    def _opened(self, kind: str, data: bytes, seconds: float) -> Paper:
        if kind == IMAGE:
            return self._recognised(data, Paper(problem="is an image and was not read"), seconds)
        began = time.monotonic()
        paper = self._read({"kind": kind}, data, min(self._seconds, seconds))
        if kind == PDF and paper.pictures:
            return self._recognised(data, paper, seconds - (time.monotonic() - began))
        return paper

    def _recognised(self, data: bytes, paper: Paper, seconds: float) -> Paper:
        if self.ocr is None:
            return paper
        limit = min(self.ocr.seconds, seconds)
        told = {"command": self.ocr.command, "seconds": limit}
        # The worker stops the command by itself; the second more is for the case that it cannot.
        found = self._read({"kind": _RECOGNITION, "told": told}, data, limit + 1)
        if not found.text.strip():
            words = f"{paper.problem}; OCR: {found.problem}"
            return replace(paper, problem=words, timed_out=found.timed_out)
        text = f"{paper.text}\n\n{found.text}".strip()
        return replace(
            paper, text=text, by_ocr=True, incomplete=False, problem=found.problem or "was read by OCR"
        )

    def _read(self, head: dict[str, Any], data: bytes, seconds: float) -> Paper:
        try:
            process = self._running_worker()
        except OSError:
            return Paper(problem="was not read, the reader of papers did not start")
        expired = Event()
        alarm = Timer(max(0.0, seconds), _stop, (process, expired))
        alarm.daemon = True
        alarm.start()
        try:
            return _exchange(process, json.dumps(head).encode(), data)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self._end_worker()
            if expired.is_set():
                return Paper(problem=f"could not be read within {seconds:.3g} s", timed_out=True)
            return Paper(problem="is damaged and could not be read")
        finally:
            alarm.cancel()

    def _running_worker(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end_worker()
            # A session of its own: Ctrl-C in the terminal is for the daemon, which then closes us.
            self._process = subprocess.Popen(  # noqa: S603 -- the command is ours, no input is in it
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self._process

    def _end_worker(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # unsent bytes of a worker that is gone
                pipe.close()  # type: ignore[union-attr]  # both are pipes
        process.wait()


def _stop(process: subprocess.Popen[bytes], expired: Event) -> None:
    expired.set()
    _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the worker and what it has started; it leads a group of its own."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _exchange(process: subprocess.Popen[bytes], head: bytes, data: bytes) -> Paper:
    assert process.stdin is not None
    assert process.stdout is not None
    for frame in (head, data):
        process.stdin.write(len(frame).to_bytes(8, "big") + frame)
    process.stdin.flush()
    length = process.stdout.read(8)
    size = int.from_bytes(length, "big")
    if len(length) < 8 or size > _MAX_ANSWER:
        raise ValueError(size)
    return _paper(json.loads(process.stdout.read(size)))


def _paper(answer: dict[str, Any]) -> Paper:
    return Paper(
        text=str(answer["text"]),
        pages=int(answer["pages"]),
        problem=str(answer["problem"]),
        pictures=bool(answer["pictures"]),
        incomplete=bool(answer["incomplete"]),
        members=tuple(
            Member(
                name=str(one["name"]), content_type=str(one["type"]), data=base64.b64decode(str(one["data"]))
            )
            for one in answer["members"]
        ),
    )
