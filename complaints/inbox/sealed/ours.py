"""Our own keys: they open what is sent to us, and the first of each standard signs what we send."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key, pkcs12
from pysequoia import Tsk

from complaints.errors import BadSetting

_PRIVATE = re.compile(rb"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.+?-----END \1-----", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class OurKeys:
    """Key files as they were read; never shown."""

    smime: tuple[bytes, ...] = field(default=(), repr=False)  # PEM with key and certificates, or PKCS #12
    smime_password: str = field(default="", repr=False)
    pgp: tuple[bytes, ...] = field(default=(), repr=False)  # secret keys, armoured or not
    pgp_password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """One of our S/MIME key pairs."""

    key: PrivateKeyTypes = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()  # the authorities above it, as far as the file holds them


def identities(ours: OurKeys) -> tuple[Identity, ...]:
    """Our S/MIME key pairs in the order of the setting.

    Raises:
        BadSetting: a file that holds none, or another password opens it.
    """
    return tuple(_identity(data, ours.smime_password) for data in ours.smime)


def pgp_keys(ours: OurKeys) -> tuple[Tsk, ...]:
    """Our OpenPGP keys in the order of the setting.

    Raises:
        BadSetting: a file that holds no secret key.
    """
    return tuple(_pgp_key(data) for data in ours.pgp)


def signing_ends(ours: OurKeys) -> Iterator[tuple[str, datetime]]:
    """When the keys by which we sign expire, and what each is.

    Raises:
        BadSetting: a file cannot be used.
    """
    for one in identities(ours)[:1]:
        yield "S/MIME certificate", one.certificate.not_valid_after_utc
    for key in pgp_keys(ours)[:1]:
        if (until := key.extract_certificate().expiration) is not None:
            yield "OpenPGP key", until


def passwords(ours: OurKeys) -> Iterator[str | None]:
    """What may open an OpenPGP key: the library refuses a password for a key that has none."""
    yield None
    if ours.pgp_password:
        yield ours.pgp_password


def _pgp_key(data: bytes) -> Tsk:
    try:
        return Tsk.from_bytes(data)
    except Exception:  # noqa: BLE001  the library raises what its parser does
        raise BadSetting(
            "setting pgp_key_files: a file holds no OpenPGP secret key; `gpg --export-secret-keys` writes one"
        ) from None


def _identity(data: bytes, password: str) -> Identity:
    secret = password.encode() or None
    try:
        key, certificates = _of_pem(data, secret) if b"-----BEGIN" in data else _of_pkcs12(data, secret)
        own = next(one for one in certificates if _spki(one.public_key()) == _spki(key.public_key()))
    except (ValueError, TypeError, StopIteration):
        raise BadSetting(
            "setting smime_key_files: a file cannot be used: it must hold a private key and its certificate (PEM or "
            "PKCS #12), and smime_key_password must be its password"
        ) from None
    return Identity(key=key, certificate=own, chain=tuple(one for one in certificates if one != own))


def _of_pem(data: bytes, secret: bytes | None) -> tuple[PrivateKeyTypes, list[x509.Certificate]]:
    block = _PRIVATE.search(data)
    if block is None:
        raise ValueError("no private key")
    encrypted = b"ENCRYPTED" in block[0]
    return load_pem_private_key(block[0], secret if encrypted else None), x509.load_pem_x509_certificates(
        data
    )


def _of_pkcs12(data: bytes, secret: bytes | None) -> tuple[PrivateKeyTypes, list[x509.Certificate]]:
    key, own, others = pkcs12.load_key_and_certificates(data, secret)
    if key is None or own is None:
        raise ValueError("no key pair")
    return key, [own, *others]


def _spki(key: object) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    return encoded
