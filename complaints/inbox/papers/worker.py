"""The process that opens papers: it may hang or crash on a hostile file without taking the daemon along.

It imports nothing of the product but this package, each reader only when the first file of its kind comes,
and speaks frames of bytes instead of pickles, since whoever takes over a library in here must not be able
to hand objects to the daemon. A frame is eight bytes of length and as many bytes. A request on standard
input is a frame of JSON (``kind``, and what that reader is told) and one with the file; its answer on
standard output is a frame of JSON.
"""

import importlib
import json
import os
import resource
import sys
from typing import Any, BinaryIO

from complaints.inbox.papers.answer import DAMAGED, Answer, Refused
from complaints.inbox.papers.kinds import COMPOUND, IMAGE, PDF, RTF, TNEF, ZIPPED

_MAX_MEMORY = 1 << 30
_CPU_SECONDS_A_FILE = 30
_MAX_HEAD = 64 << 10

_READERS = {
    PDF: "pdf",
    RTF: "rich_text",
    ZIPPED: "zipped",
    COMPOUND: "compound",
    TNEF: "tnef",
    IMAGE: "recogniser",
}


def answer(head: dict[str, Any], data: bytes) -> Answer:
    """Read one file; whatever it breaks, the next one must be read."""
    try:
        reader = importlib.import_module(f"complaints.inbox.papers.{_READERS[head['kind']]}")
        found: Answer = reader.read(data, **head.get("told", {}))
    except Refused as refusal:
        return Answer(problem=str(refusal))
    except MemoryError:
        return Answer(problem="needs more memory than a letter may and was not read")
    except Exception:  # noqa: BLE001 -- hostile files break libraries in ways nobody lists
        return Answer(problem=DAMAGED)
    return found


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer files one by one until the other side closes."""
    while (head := _frame(requests)) and len(head) < _MAX_HEAD:
        data = _frame(requests)
        if data is None:
            return
        _confine()
        payload = json.dumps(answer(json.loads(head), data).as_json()).encode()
        answers.write(len(payload).to_bytes(8, "big") + payload)
        answers.flush()


def _frame(stream: BinaryIO) -> bytes | None:
    size = stream.read(8)
    if len(size) < 8:
        return None
    return stream.read(int.from_bytes(size, "big"))


def _confine() -> None:
    """Bound this file's computing time, so that an orphan stops by itself too."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + _CPU_SECONDS_A_FILE
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def main() -> None:
    """Serve on standard input and output; what a library prints goes nowhere near the frames."""
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
