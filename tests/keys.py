"""Keys of made-up people, and the real programs, openssl and gpg, by which others read and write sealed mail."""

import os
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR_AWAY = datetime(2100, 1, 1, tzinfo=UTC)

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the program openssl is not there")
needs_gpg = pytest.mark.skipif(shutil.which("gpg") is None, reason="the program gpg is not there")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A key and its certificate, PEM."""

    key: bytes
    certificate: bytes

    @property
    def both(self) -> bytes:
        return self.key + self.certificate


@lru_cache
def _private(owner: str, curve: bool) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    if curve:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pair(
    address: str,
    *,
    begins: datetime = LONG_AGO,
    ends: datetime = FAR_AWAY,
    curve: bool = False,
    enciphers: bool = True,
    password: bytes = b"",
) -> Pair:
    """A self-signed S/MIME key pair for an address; one address has one key, however often it is certified."""
    key = _private(address, curve)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address.partition("@")[0].title())])
    usage = dict.fromkeys(("content_commitment", "data_encipherment", "key_cert_sign", "crl_sign"), False) | {
        "key_agreement": curve,
        "encipher_only": False,
        "decipher_only": False,
    }
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(zlib.crc32(f"{address} {begins} {ends} {curve}".encode()) + 1)
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
        .add_extension(
            x509.KeyUsage(digital_signature=True, key_encipherment=enciphers, **usage), critical=True
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(key, hashes.SHA256())
    )
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return Pair(
        key=key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock),
        certificate=certificate.public_bytes(serialization.Encoding.PEM),
    )


def soon(now: datetime, **by: float) -> datetime:
    return now + timedelta(**by)


class OpenSsl:
    """The program, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, name: str, content: bytes) -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def run(self, *words: str, given: bytes = b"") -> bytes:
        done = subprocess.run(["openssl", *words], input=given, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def encrypt(self, entity: bytes, to: Pair, *options: str) -> bytes:
        """A mail without headers of its own, but for those of S/MIME."""
        words = options or ("-aes-256-cbc",)
        # Options of keys belong to the recipient that stands before them.
        return self.run(
            "cms",
            "-encrypt",
            *words[:1],
            "-recip",
            self.file("to.pem", to.certificate),
            *words[1:],
            given=entity,
        )

    def sign(self, entity: bytes, by: Pair, *options: str) -> bytes:
        signer = self.file("by.pem", by.both)
        return self.run("cms", "-sign", "-signer", signer, *options, given=entity)

    def decrypt(self, mail: bytes, to: Pair) -> bytes:
        return self.run("cms", "-decrypt", "-recip", self.file("to.pem", to.both), given=mail)

    def verify(self, mail: bytes, by: Pair) -> bytes:
        """What was signed; it fails where the signature does not hold."""
        anchor = self.file("anchor.pem", by.certificate)
        return self.run("cms", "-verify", "-CAfile", anchor, "-purpose", "any", given=mail)


class Gpg:
    """The program with a home of its own and no agent that outlives it."""

    def __init__(self, home: Path) -> None:
        self.environment = os.environ | {"GNUPGHOME": str(home)}

    def run(self, *words: str, given: bytes = b"") -> bytes:
        return self.told(*words, given=given)[0]

    def told(self, *words: str, given: bytes = b"") -> tuple[bytes, str]:
        """Its output, and what it said of it."""
        quiet = (
            "--batch",
            "--yes",
            "--pinentry-mode",
            "loopback",
            "--trust-model",
            "always",
            "--status-fd",
            "2",
        )
        done = subprocess.run(
            ["gpg", *quiet, *words], input=given, capture_output=True, check=False, env=self.environment
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout, done.stderr.decode("utf-8", "replace")

    def new_key(self, person: str, *, password: str = "", until: str = "0") -> None:
        self.run("--passphrase", password, "--quick-gen-key", person, "default", "default", until)

    def public(self, address: str) -> bytes:
        return self.run("--armor", "--export", address)

    def secret(self, address: str, *, password: str = "") -> bytes:
        return self.run("--passphrase", password, "--export-secret-keys", address)


@contextmanager
def gpg_at_home() -> Iterator[Gpg]:
    # Sockets of the agent have short names at most.
    with tempfile.TemporaryDirectory(prefix="gpg", dir="/tmp") as home:
        Path(home).chmod(0o700)
        gpg = Gpg(Path(home))
        try:
            yield gpg
        finally:
            subprocess.run(["gpgconf", "--kill", "all"], env=gpg.environment, check=False)
