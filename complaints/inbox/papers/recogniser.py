"""Text in images, by the command that the operator named."""

import os
import resource
import shlex
import subprocess
from collections.abc import Sequence

from complaints.inbox.papers.answer import Answer, Refused


def read(data: bytes, command: Sequence[str], seconds: float) -> Answer:
    """Hand the file to the command on its standard input and take its text.

    Args:
        data: a PDF or an image.
        command: to run, word by word.
        seconds: after which it is killed.
    """
    try:
        done = subprocess.run(  # noqa: S603 -- the operator's own command; no input is in it
            list(command),
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            preexec_fn=lambda: _release(seconds),
        )
    except subprocess.TimeoutExpired as late:
        raise Refused(f"not recognised within {seconds:.3g} s") from late
    except OSError as error:
        raise Refused(f"{shlex.join(command)[:80]} did not start") from error
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0 and not text.strip():
        raise Refused(f"{command[0]} ended with {done.returncode}")
    return Answer(text=text, problem="" if text.strip() else "no text was recognised")


def _release(seconds: float) -> None:
    """Give the command computing time of its own; its memory stays bounded like the worker's."""
    limit = int(seconds) * (os.cpu_count() or 1) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
