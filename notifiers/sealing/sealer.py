"""Seals what goes to a customer as its contract asks.

A message is sealed anew for every try: its content is composed to the same bytes and the same Message-ID each
time (I6), while session key and signature differ. Nothing sealed is kept, so a key that was replaced meanwhile
counts for the next try.
"""

from dataclasses import dataclass

import structlog
from pysequoia import PySigner

from complaints.clock import Clock
from complaints.confidential import Encryption, KeyFault
from complaints.errors import BadSetting
from complaints.inbox.sealed.ours import Identity, OurKeys, identities, passwords, pgp_keys
from complaints.outbox import Notice, NoticeKind
from notifiers.sealing.envelope import parted
from notifiers.sealing.keyring import Keyring
from notifiers.sealing.smime import Certificate

log = structlog.get_logger()


class NotSealed(Exception):
    """It may go out encrypted alone, and there is no usable key: nothing must be sent."""

    def __init__(self, fault: KeyFault) -> None:
        self.fault = fault
        super().__init__(fault.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """A message as it goes to the relay."""

    message: bytes
    how: str = ""  # with what it was encrypted and signed, or why it was not; empty: nobody asked for it


class Sealer:
    """Encrypts to the keys of a keyring and signs with our own.

    Args:
        keyring: of those who are written to.
        ours: our keys; the first of each standard signs. Without one mail is encrypted and not signed.
        clock: by which keys expire.

    Raises:
        BadSetting: our own keys cannot be used.
    """

    def __init__(self, keyring: Keyring, ours: OurKeys, clock: Clock) -> None:
        self._keyring = keyring
        self._clock = clock
        self._identity = next(iter(identities(ours)), None)
        self._signer = _pgp_signer(ours)

    def seal(self, notice: Notice, message: bytes) -> Sealed:
        """Seal a composed message to the notice's recipient, where the customer's contract asks for it.

        Raises:
            NotSealed: it must not be sent as it is.
        """
        asked = Encryption(notice.facts.get("encryption", Encryption.NONE))
        if asked is Encryption.NONE or not notice.goes_to_a_customer:
            return Sealed(message=message)
        key = self._keyring.held(notice.recipient, self._clock())
        if isinstance(key, KeyFault):
            return self._unsealed(notice, message, asked, key)
        # Read by the type, for each standard has a signer of its own.
        content = parted(message, notice.ref)
        if isinstance(key, Certificate):
            signer: Identity | PySigner | None = self._identity
            body = key.seal(content.payload, self._identity)
        else:
            signer, body = self._signer, key.seal(content.payload, self._signer)
        signed = "signed" if signer is not None else "not signed"
        return Sealed(message=content.outer + body, how=f"{key.label}, {signed}")

    def _unsealed(self, notice: Notice, message: bytes, asked: Encryption, fault: KeyFault) -> Sealed:
        # An alarm that finds no key names neither the authority nor its number (complaints.withholding), and must ring.
        if asked is Encryption.REQUIRED and notice.kind is NoticeKind.FORWARD:
            raise NotSealed(fault)
        log.warning("sent_unencrypted", notice=notice.id, ref=notice.ref, why=fault.value)
        return Sealed(message=message, how=f"not encrypted: {fault.value}")


def _pgp_signer(ours: OurKeys) -> PySigner | None:
    for key in pgp_keys(ours)[:1]:
        for password in passwords(ours):
            try:
                return key.signer(password)
            except Exception:  # noqa: BLE001, S112  the library's word for a wrong password
                continue
        raise BadSetting("setting pgp_key_password does not open the first of pgp_key_files for signing")
    return None
