"""PDF text, read in a process of its own that can be killed."""

import atexit
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Timer

MAX_BYTES = 25 << 20
SECONDS = 10.0

# -P keeps this folder off the module path, where mail modules could shadow others.
_WORKER = (sys.executable, "-P", str(Path(__file__).with_name("pdf_worker.py")))

# PDFium marks a hyphen at a line's end like this.
_LINE_END_HYPHEN = re.compile("[\x02\ufffe]\r?\n?(?P<next>[a-zà-öø-ÿ])?")


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfText:
    """What a PDF says."""

    text: str = ""
    pages: int = 0  # how many the file has, read or not
    problem: str = ""  # a predicate without its subject, e.g. "holds no text layer"
    timed_out: bool = False


PdfExtractor = Callable[[bytes], PdfText]


class PdfReader:
    """Reads PDFs in a worker that starts with the first file and is reused.

    Safe to call from several threads; one file is read at a time. A file that takes too long, or
    breaks the worker, costs that worker: the next file gets another.

    Args:
        seconds: how long one file may take.
        worker: the command that speaks the frames of ``pdf_worker``.
    """

    def __init__(self, *, seconds: float = SECONDS, worker: Sequence[str] = _WORKER) -> None:
        self._seconds = seconds
        self._command = tuple(worker)
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def __call__(self, data: bytes) -> PdfText:
        """Return the text layer of ``data``; what could not be read is told in ``problem``. Never raises."""
        if len(data) > MAX_BYTES:
            return PdfText(problem=f"is larger than {MAX_BYTES >> 20} MB and was not read")
        with self._lock:
            return self._read(data)

    def close(self) -> None:
        """End the worker; a later call starts another."""
        with self._lock:
            self._end_worker()
        atexit.unregister(self.close)

    def _read(self, data: bytes) -> PdfText:
        try:
            process = self._running_worker()
        except OSError:
            return PdfText(problem="was not read, the PDF reader did not start")
        expired = Event()
        alarm = Timer(self._seconds, _stop, (process, expired))
        alarm.daemon = True
        alarm.start()
        try:
            return _exchange(process, data)
        except (OSError, ValueError, KeyError, TypeError):
            self._end_worker()
            return (
                self._too_slow() if expired.is_set() else PdfText(problem="is damaged and could not be read")
            )
        finally:
            alarm.cancel()

    def _too_slow(self) -> PdfText:
        return PdfText(problem=f"could not be read within {self._seconds:g} s", timed_out=True)

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
        process.kill()
        for pipe in (process.stdin, process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                continue  # unsent bytes of a worker that is gone
        process.wait()


def _stop(process: subprocess.Popen[bytes], expired: Event) -> None:
    expired.set()
    process.kill()


def _exchange(process: subprocess.Popen[bytes], data: bytes) -> PdfText:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(len(data).to_bytes(8, "big") + data)
    process.stdin.flush()
    head = process.stdout.read(8)
    size = int.from_bytes(head, "big")
    if len(head) < 8 or size > MAX_BYTES:
        raise ValueError(size)
    answer = json.loads(process.stdout.read(size))
    text = _LINE_END_HYPHEN.sub(_rejoin, str(answer["text"]))
    return PdfText(text=text, pages=int(answer["pages"]), problem=str(answer["problem"]))


def _rejoin(found: re.Match[str]) -> str:
    # Before a small letter it split a word; before anything else it may belong to a case number.
    return found["next"] or "-"


def pdf_to_text(data: bytes) -> str:
    """Read the text layer of one PDF in a worker that lives for this call alone; empty when there is none."""
    reader = PdfReader()
    try:
        return reader(data).text
    finally:
        reader.close()
