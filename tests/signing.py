"""Mails signed with DKIM keys that are made here."""

import base64
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

LETTER = (
    b"From: ICO Casework <icocasework@ico.org.uk>\r\nTo: privacy@msp.example\r\nSubject: IC-400100-A1B2\r\n"
    b"Date: Tue, 01 Dec 2026 09:58:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"We have received a complaint.\r\n\r\nPlease reply.\r\n"
)
SIGNED = (b"from", b"to", b"subject", b"date", b"content-type")
NAME = "sel1._domainkey.ico.org.uk"


@cache
def key(bits: int) -> tuple[bytes, bytes]:
    """A private key in PEM, and the record that publishes it."""
    return _published(rsa.generate_private_key(public_exponent=65537, key_size=bits))


def _published(private: rsa.RSAPrivateKey) -> tuple[bytes, bytes]:
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


# The primes of a key of 512 bits: nothing makes one so short any more.
SHORT_PRIMES = (
    0xD48A96F2965B4CC1E599EAD75F9AE9FFE8257BF21FEBD56EDD967A6E45DA0C9D,
    0xD3763A105A0BD1B82E9BDEDFDAF882EE24FB914AA637D6CC0A02D2913FBBF1AD,
)


def short_key() -> tuple[bytes, bytes]:
    p, q = SHORT_PRIMES
    e, phi = 65537, (p - 1) * (q - 1)
    d = pow(e, -1, phi)
    public = rsa.RSAPublicNumbers(e, p * q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public)
    return _published(numbers.private_key(unsafe_skip_rsa_key_validation=True))


def sign(
    letter: bytes = LETTER, *, bits: int = 2048, headers: tuple[bytes, ...] = SIGNED, **more: object
) -> bytes:
    domain = more.pop("domain", b"ico.org.uk")
    return dkim.sign(letter, b"sel1", domain, key(bits)[0], include_headers=list(headers), **more) + letter


def signed_with(letter: bytes, tag: bytes) -> bytes:
    """``letter`` signed with a tag that the library does not write itself."""
    signer = dkim.DKIM(letter)
    inner = signer.gen_header

    def gen_header(fields: list[tuple[bytes, bytes]], *rest: object, **named: object) -> bytes:
        name, _, value = tag.partition(b"=")
        return inner([*fields[:-1], (name, value), fields[-1]], *rest, **named)  # type: ignore[no-any-return]

    signer.gen_header = gen_header
    return signer.sign(b"sel1", b"ico.org.uk", key(2048)[0], include_headers=list(SIGNED)) + letter
