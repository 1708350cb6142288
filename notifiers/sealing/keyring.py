"""The keys of those we write to: a folder, each file named after the mail address it belongs to."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from complaints.confidential import KeyFault
from notifiers.sealing.openpgp import PublicKey, public_key
from notifiers.sealing.smime import Certificate, certificate

Key = Certificate | PublicKey

_READERS: Mapping[str, Callable[[bytes], Key]] = {
    ".pem": certificate,
    ".crt": certificate,
    ".cer": certificate,
    ".asc": public_key,
    ".gpg": public_key,
}
"""Endings of files, S/MIME before OpenPGP: of somebody with both the first that can be used counts."""
ENDINGS = tuple(_READERS)
LARGEST_FILE = 1 << 20


class Keyring:
    """Reads the folder anew whenever a file in it changed, so that a new key counts at once.

    Args:
        folder: with files such as ``ada@customer.example.pem`` (lower case); None: nobody's key is held.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._read: dict[Path, tuple[tuple[int, int], Key | None]] = {}

    def fault(self, address: str, now: datetime) -> KeyFault | None:
        """What is wrong with the key held of a mail address; None: it can be encrypted to."""
        found = self.held(address, now)
        return found if isinstance(found, KeyFault) else None

    def held(self, address: str, now: datetime) -> Key | KeyFault:
        """The key to encrypt to this address with at this instant, or why there is none."""
        faults: list[KeyFault] = []
        for path in self.files(address):
            key = self._key(path)
            fault = KeyFault.UNREADABLE if key is None else key.fault(address, now)
            if key is not None and fault is None:
                return key
            faults.append(fault or KeyFault.UNREADABLE)
        return faults[0] if faults else KeyFault.MISSING

    def files(self, address: str) -> Iterator[Path]:
        """The files of an address, by ending."""
        name = address.lower()
        # A local part may hold a slash, and must not lead out of the folder.
        if self.folder is None or not name or "/" in name or "\0" in name:
            return
        for ending in _READERS:
            path = self.folder / f"{name}{ending}"
            if path.is_file():
                yield path

    def until(self, address: str, now: datetime) -> datetime | None:
        """When the key of this address expires; None: never, or there is none that can be used."""
        found = self.held(address, now)
        return None if isinstance(found, KeyFault) else found.until

    def _key(self, path: Path) -> Key | None:
        """What a file holds; None: it cannot be read."""
        try:
            stat = path.stat()
            mark = stat.st_mtime_ns, stat.st_size
            kept = self._read.get(path)
            if kept is None or kept[0] != mark:
                kept = self._read[path] = mark, _parsed(path, stat.st_size)
        except OSError:
            return None
        return kept[1]


def _parsed(path: Path, size: int) -> Key | None:
    try:
        return _READERS[path.suffix](path.read_bytes()) if size <= LARGEST_FILE else None
    except ValueError:
        return None
