"""Opens mail with our own keys, wherever it is read; can be pickled into the process that reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from complaints.inbox.sealed import cms, pgp
from complaints.inbox.sealed.opened import Opened
from complaints.inbox.sealed.ours import OurKeys, identities
from complaints.model import SealedBy

_PUBLIC = (".asc", ".gpg")
_MOST_KEYS = 500
_LARGEST_KEY = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyOpener:
    """Our keys, and the folder of the keys of others, by which OpenPGP signatures are checked."""

    ours: OurKeys
    folder: Path | None = None

    def decrypt_smime(self, der: bytes) -> Opened:
        """See :class:`~complaints.inbox.sealed.opened.Opener`."""
        return cms.decrypt(der, identities(self.ours))

    def check_smime(self, der: bytes, content: bytes) -> tuple[SealedBy, ...]:
        """See :class:`~complaints.inbox.sealed.opened.Opener`."""
        return cms.signers(der, content)

    def decrypt_pgp(self, message: bytes, seconds: float) -> Opened:
        """See :class:`~complaints.inbox.sealed.opened.Opener`."""
        return pgp.decrypt(message, self.ours, [*self._public_keys()], seconds)

    def check_pgp(self, signed: bytes, signature: bytes | None, seconds: float) -> Opened:
        """See :class:`~complaints.inbox.sealed.opened.Opener`."""
        return pgp.check(signed, signature, [*self._public_keys()], seconds)

    def _public_keys(self) -> Iterator[bytes]:
        if self.folder is None or not self.folder.is_dir():
            return
        files = sorted(path for path in self.folder.iterdir() if path.suffix in _PUBLIC)
        for path in files[:_MOST_KEYS]:
            try:
                if path.stat().st_size <= _LARGEST_KEY:
                    yield path.read_bytes()
            except OSError:
                continue
