"""S/MIME (RFC 8551): signed with our key, encrypted to the reader's certificate."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7EnvelopeBuilder,
    PKCS7Options,
    PKCS7SignatureBuilder,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from complaints.confidential import KeyFault
from complaints.inbox.sealed.certificates import addresses_in, fingerprint
from complaints.inbox.sealed.ours import Identity
from notifiers.parts import Pieces, base64_lines, multipart

_SEALED_HEAD = (
    b'Content-Type: application/pkcs7-mime; smime-type=enveloped-data;\r\n name="smime.p7m"\r\n'
    b'Content-Disposition: attachment; filename="smime.p7m"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n"
)
_SIGNATURE_HEAD = (
    b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n'
    b'Content-Disposition: attachment; filename="smime.p7s"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n"
)
_FOR_MAIL = {ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate of somebody we write to. That it is theirs was checked by whoever put it into the folder."""

    x509: x509.Certificate

    @property
    def until(self) -> datetime:
        """When it expires."""
        return self.x509.not_valid_after_utc

    @property
    def label(self) -> str:
        """What it is known by, without personal data."""
        return f"S/MIME, certificate SHA-256 {fingerprint(self.x509)[:16]}"

    def fault(self, address: str, now: datetime) -> KeyFault | None:
        """Why nothing can be encrypted to this address with it at this instant; None: it can."""
        if now > self.until:
            return KeyFault.EXPIRED
        if now < self.x509.not_valid_before_utc:
            return KeyFault.NOT_YET
        if address.lower() not in addresses_in(self.x509):
            return KeyFault.ANOTHERS
        return None if _is_fit(self.x509) else KeyFault.UNFIT

    def seal(self, payload: bytes, signer: Identity | None) -> bytes:
        """The body of a message, its Content-Type first, that only the certificate's owner can read."""
        builder = PKCS7EnvelopeBuilder().add_recipient(self.x509).set_content_encryption_algorithm(AES256)
        inner = b"".join(_signed(payload, signer)) if signer else payload
        sealed = builder.set_data(inner).encrypt(Encoding.DER, [PKCS7Options.Binary])
        return b"".join([_SEALED_HEAD, base64_lines(sealed), b"\r\n"])


def certificate(data: bytes) -> Certificate:
    """Read one, PEM or DER.

    Raises:
        ValueError: it is none.
    """
    pem = b"-----BEGIN" in data
    return Certificate(x509.load_pem_x509_certificate(data) if pem else x509.load_der_x509_certificate(data))


def _is_fit(one: x509.Certificate) -> bool:
    """Whether it is for encrypting mail, and of a kind that the library can encrypt to."""
    if not isinstance(one.public_key(), rsa.RSAPublicKey):
        return False
    found = {extension.oid: extension.value for extension in one.extensions}
    usage = found.get(x509.KeyUsage.oid)
    purposes = found.get(x509.ExtendedKeyUsage.oid)
    may_encipher = not isinstance(usage, x509.KeyUsage) or usage.key_encipherment
    for_mail = not isinstance(purposes, x509.ExtendedKeyUsage) or not _FOR_MAIL.isdisjoint(purposes)
    return may_encipher and for_mail


def _signed(payload: bytes, signer: Identity) -> Pieces:
    """multipart/signed (RFC 1847), so that the original within stays as it is."""
    # RFC 8551, 3.1.1: what is signed ends its lines with CRLF; compose sees to that.
    assert isinstance(signer.key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    builder = PKCS7SignatureBuilder().set_data(payload).add_signer(signer.certificate, signer.key, SHA256())
    for above in signer.chain:
        builder = builder.add_certificate(above)
    options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary]
    signature = [_SIGNATURE_HEAD, base64_lines(builder.sign(Encoding.DER, options))]
    boundary = f"=_signed{hashlib.sha256(payload).hexdigest()[:32]}"
    about = 'protocol="application/pkcs7-signature"; micalg=sha-256'
    return multipart("signed", boundary, [[payload], signature], about=about)
