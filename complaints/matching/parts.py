"""What an index is made of, as named runs of bytes: in memory, and in the file that keeps it.

A file begins with the SHA-256 of all that follows, so that nothing of a damaged one is ever looked at.
"""

import json
import os
import sys
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import version
from inspect import signature
from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import NamedTemporaryFile

from complaints.model import Customer

Part = bytes | bytearray | memoryview  # of bytes
Parts = dict[str, Part]

_DIGEST = sha256().digest_size
_LENGTH = 8  # bytes of the number that says how long the head is


def joined(name: str, parts: Mapping[str, Part]) -> Parts:
    """Parts under the name of what they belong to."""
    return {f"{name}.{part}": data for part, data in parts.items()}


def within(name: str, parts: Mapping[str, memoryview]) -> dict[str, memoryview]:
    """Those of the parts that belong to what bears this name."""
    return {
        part.removeprefix(f"{name}."): data for part, data in parts.items() if part.startswith(f"{name}.")
    }


def write(path: Path, parts: Mapping[str, Part], *, key: str) -> None:
    """Put parts into a file, for :func:`read` with the same key.

    The file is there whole or not at all, and for its owner alone: it holds what the register holds.

    Raises:
        OSError: the file cannot be written; what was there before still is.
    """
    sizes = {name: len(data) for name, data in parts.items()}
    head = json.dumps({"edition": EDITION, "key": key, "sizes": sizes}).encode()
    pieces = (len(head).to_bytes(_LENGTH, "big"), head, *parts.values())
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.writelines((digest.digest(), *pieces))
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def read(path: Path, *, key: str) -> dict[str, memoryview] | None:
    """The parts in a file; None where it is missing, damaged, of another key or of another edition."""
    try:
        whole = memoryview(path.read_bytes())
    except OSError:
        return None
    digest, rest = whole[:_DIGEST], whole[_DIGEST:]
    return _parts(rest, key) if sha256(rest).digest() == digest else None


def _parts(rest: memoryview, key: str) -> dict[str, memoryview] | None:
    begin = _LENGTH + int.from_bytes(rest[:_LENGTH], "big")
    try:
        head = json.loads(bytes(rest[_LENGTH:begin]))
        if (head["edition"], head["key"]) != (EDITION, key):
            return None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None  # whole, but nothing that write() wrote
    bounds = pairwise(accumulate(head["sizes"].values(), initial=begin))
    return {name: rest[start:end] for name, (start, end) in zip(head["sizes"], bounds, strict=True)}


def _edition() -> str:
    """What else than the register decides what is in an index: the rules, their data and the machine.

    The rules are this folder's source, so that whoever changes them need not think of old files.
    """
    told = sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        told.update(source.read_bytes())
    told.update(str(signature(Customer)).encode())  # its fields, their types and defaults
    libraries = (version("publicsuffixlist"), version("marisa-trie"), unicodedata.unidata_version)
    return " ".join((told.hexdigest(), *libraries, sys.byteorder))


# Looked at when the rules are loaded: an update may put other source there while they run.
EDITION = _edition()
