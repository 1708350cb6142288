"""The keys by which mail is encrypted and opened: reads our own, and tells what is wrong with anybody's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from complaints.confidential import Encryption, KeyFault
from complaints.errors import BadSetting
from complaints.inbox.sealed.ours import OurKeys, identities, pgp_keys, signing_ends
from complaints.model import Customer
from config.settings import Settings
from notifiers.sealing.keyring import ENDINGS, Keyring


def our_keys(settings: Settings) -> OurKeys:
    """Our own key files as they are, each tried.

    Raises:
        BadSetting: one cannot be read or used.
    """
    keys = OurKeys(
        smime=_contents("smime_key_files", settings.smime_key_files),
        smime_password=settings.smime_key_password.get_secret_value(),
        pgp=_contents("pgp_key_files", settings.pgp_key_files),
        pgp_password=settings.pgp_key_password.get_secret_value(),
    )
    identities(keys)
    pgp_keys(keys)
    return keys


def _contents(setting: str, files: Sequence[str]) -> tuple[bytes, ...]:
    found: list[bytes] = []
    for name in files:
        try:
            found.append(Path(name).read_bytes())
        except OSError as error:
            raise BadSetting(f"setting {setting}: {name} cannot be read ({error.strerror})") from None
    return tuple(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyRemark:
    """One key that somebody must see to."""

    words: str
    wrong: bool = False  # it cannot be used now; else it will not be for much longer


class KeyCheck:
    """Tells of keys that are missing, expire soon or cannot be used, for people.

    Args:
        settings: where keys are, and how early their end is told.
        now: aware.
    """

    def __init__(self, settings: Settings, now: datetime) -> None:
        self._keyring = Keyring(settings.keys_dir)
        self._now = now
        self._soon = timedelta(days=settings.key_warning_days)
        self._settings = settings

    def lines(self, row: Customer) -> Iterator[str]:
        """What is wrong with the keys of the people who get this customer's complaints; one line each."""
        return (one.words for one in self.of_customer(row))

    def of_customer(self, row: Customer) -> Iterator[KeyRemark]:
        """The same, telling what is wrong from what will be."""
        for person in (row.supplier_manager_email, *row.deputies, row.fallback_email):
            if person and (remark := self.of_person(row, person)) is not None:
                yield remark

    def of_person(self, row: Customer, person: str) -> KeyRemark | None:
        """What is wrong, or will be, with the key of one who reads this customer's letters."""
        if row.encryption == Encryption.NONE:
            return None
        fault, required = self._keyring.fault(person, self._now), row.encryption == Encryption.REQUIRED
        if fault is not None:
            # Who has none is written to as ever where that is allowed; a key that is held and fails is a mistake.
            if fault is KeyFault.MISSING and not required:
                return None
            outcome = "nothing is sent there" if required else "it is written to in the clear"
            return KeyRemark(words=f"{row.id} {row.name}: {fault.value}, for {person}: {outcome}", wrong=True)
        until = self._keyring.until(person, self._now)
        if until is None or until - self._now > self._soon:
            return None
        return KeyRemark(words=f"{row.id} {row.name}: the key of {person} expires on {until:%Y-%m-%d}")

    def of_folder(self) -> Iterator[KeyRemark]:
        """What is wrong with the folder itself: it is not there, or holds files that nobody will ever look at."""
        folder = self._settings.keys_dir
        if folder is None:
            return
        if not folder.is_dir():
            yield KeyRemark(words=f"keys_dir is {folder}, which is no folder", wrong=True)
            return
        for path in sorted(folder.iterdir()):
            if path.name != path.name.lower() or path.suffix not in ENDINGS:
                told = f"an address in lower case and one of {', '.join(ENDINGS)}"
                yield KeyRemark(words=f"{path} is never looked at: its name must be {told}", wrong=True)

    def of_ours(self) -> Iterator[KeyRemark]:
        """What is wrong with our own keys: those by which we sign end soon, or others can read a file.

        Raises:
            BadSetting: a file of ours cannot be read or used.
        """
        keys = our_keys(self._settings)
        for name in (*self._settings.smime_key_files, *self._settings.pgp_key_files):
            if Path(name).stat().st_mode & 0o077:
                yield KeyRemark(
                    words=f"{name} holds a private key and can be read by others: chmod 600 {name}"
                )
        for what, until in signing_ends(keys):
            if until - self._now <= self._soon:
                over = until <= self._now
                word = "expired" if over else "expires"
                yield KeyRemark(words=f"our {what}, by which we sign, {word} on {until:%Y-%m-%d}", wrong=over)
