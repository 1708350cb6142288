"""Reads mail in a process of its own: bursts are read on another core, and what breaks the reader breaks no daemon.

Objects are pickled both ways. A mail that took over the reader could so reach the daemon, in which it would
have been read otherwise; papers, the likeliest to, are opened in yet another process that speaks bytes alone.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import BinaryIO

from complaints.assessor import Assessor, Reading
from complaints.errors import ForthwithError
from complaints.inbox.mime import DkimCheck
from complaints.inbox.papers.reader import Ocr, PaperReader
from complaints.inbox.sealed.opened import Opener
from complaints.model import Body
from complaints.recognition import House
from complaints.store.mails import StoredMail

_COMMAND = (sys.executable, "-m", "complaints.reader")


class ReaderFailed(ForthwithError):
    """The process that reads mail broke on this one; the next mail gets another."""


class ReaderProcess:
    """Calls ``Assessor.read`` in a process that starts with the first mail, or before, and is reused.

    One mail is read at a time. The process ends with this one, however this one ends.

    Args:
        bodies: the register of bodies.
        house: how the house is known in letters.
        ocr: recognises the text of images, where there is such a command.
        dkim: checks signatures, in that process; must be one that can be pickled.
        opener: opens what is encrypted, likewise.
    """

    def __init__(
        self,
        bodies: Sequence[Body],
        house: House,
        *,
        ocr: Ocr | None = None,
        dkim: DkimCheck | None = None,
        opener: Opener | None = None,
    ) -> None:
        self._registers = (tuple(bodies), house, ocr, dkim, opener)
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Let the process get ready."""
        with self._lock:
            self._running()

    def __call__(self, raw: bytes, stored: StoredMail) -> Reading:
        """Read and recognise one mail.

        Raises:
            ReaderFailed: when that could not be done.
        """
        with self._lock:
            try:
                answer = self._exchange(self._running(), (raw, stored))
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                self.stop()
                raise ReaderFailed(f"the process that reads mail ended ({type(error).__name__})") from error
        if not isinstance(answer, Reading):
            raise ReaderFailed(f"reading it failed with {answer}")
        return answer

    def stop(self) -> None:
        """End the process at once, whatever it is reading; a later mail starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # unsent bytes of a process that is gone
                pipe.close()  # type: ignore[union-attr]  # both are pipes
        process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            # A session of its own: Ctrl-C in the terminal is for the daemon, which then stops us.
            self._process = subprocess.Popen(  # noqa: S603 -- the command is ours, no input is in it
                _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
            assert self._process.stdin is not None
            pickle.dump(self._registers, self._process.stdin)
        return self._process

    @staticmethod
    def _exchange(process: subprocess.Popen[bytes], request: tuple[bytes, StoredMail]) -> object:
        assert process.stdin is not None
        assert process.stdout is not None
        pickle.dump(request, process.stdin)
        process.stdin.flush()
        answer: object = pickle.load(process.stdout)  # noqa: S301 -- see the module's words
        return answer


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer mails one by one until the other side closes."""
    bodies, house, ocr, dkim, opener = pickle.load(requests)  # noqa: S301 -- from the daemon
    papers = PaperReader(ocr=ocr)
    assessor = Assessor(bodies, house, papers=papers, dkim=dkim, opener=opener)
    try:
        while True:
            raw, stored = pickle.load(requests)  # noqa: S301 -- from the daemon
            pickle.dump(_read(assessor, raw, stored), answers)
            answers.flush()
    except EOFError:
        papers.close()


def _read(assessor: Assessor, raw: bytes, stored: StoredMail) -> Reading | str:
    try:
        return assessor.read(raw, stored)
    except Exception as error:  # noqa: BLE001 -- whatever a mail breaks, the next one must be read
        return type(error).__name__


def main() -> None:
    """Serve on standard input and output; what anybody prints goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
