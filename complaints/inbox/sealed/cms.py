"""S/MIME as it comes in: enveloped data is decrypted, and signatures of signed data are checked (RFC 5652).

Only that the content is the one that was signed, with the key of the certificate that came along. Whether
that certificate is to be trusted is not looked at: who it belongs to is shown, and proves nobody an authority.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from complaints.inbox.sealed.certificates import addresses_in, name_in
from complaints.inbox.sealed.enveloped import NotForUs, is_meant, opened
from complaints.inbox.sealed.opened import NO_KEY, SMIME, UNFIT, Opened
from complaints.inbox.sealed.ours import Identity
from complaints.model import SealedBy, SealVerdict

_HASHES: dict[str, Any] = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}
_MOST_SIGNERS = 5
_LARGEST_SIGNATURE = 1 << 20  # bytes beside the content: certificates, and what they are given along with


class _Unchecked(Exception):
    """Why a signature cannot be checked; the message is for people."""


def decrypt(der: bytes, identities: Sequence[Identity]) -> Opened:
    """Open enveloped data with the first of our keys that fits."""
    if not identities:
        return Opened(problem="no key of ours is set for S/MIME")
    problem = NO_KEY
    for one in identities:
        try:
            return Opened(content=opened(der, one))
        except NotForUs:
            continue
        except Exception:  # noqa: BLE001  damaged, or of a kind that is not known
            problem = UNFIT
    return Opened(problem=problem)


def signers(der: bytes, content: bytes) -> tuple[SealedBy, ...]:
    """Who signed ``content``, which may stand in the signed data itself; never raises."""
    if len(der) > _LARGEST_SIGNATURE and len(der) > len(content) + len(content) // 20 + _LARGEST_SIGNATURE:
        return (SealedBy(standard=SMIME, verdict=SealVerdict.UNKNOWN, why="the signature is too large"),)
    try:
        info = cms.ContentInfo.load(der)
        if info["content_type"].native != "signed_data":
            return ()
        return tuple(_signers(info["content"], content))
    except Exception:  # noqa: BLE001  hostile data breaks the parser in ways nobody lists
        return (SealedBy(standard=SMIME, verdict=SealVerdict.UNKNOWN, why="the signature is damaged"),)


def _signers(signed: Any, content: bytes) -> Iterator[SealedBy]:
    certificates = [_loaded(one) for one in signed["certificates"] or () if one.name == "certificate"]
    for signer in list(signed["signer_infos"])[:_MOST_SIGNERS]:
        certificate = next(
            (one for one in certificates if one is not None and is_meant(signer["sid"], one)), None
        )
        if certificate is None:
            why = "the signer's certificate did not come along"
            yield SealedBy(standard=SMIME, verdict=SealVerdict.UNKNOWN, why=why)
            continue
        verdict, why = _checked(signer, certificate, content)
        own = certificate.issuer == certificate.subject
        yield SealedBy(
            standard=SMIME,
            verdict=verdict,
            name=name_in(certificate.subject),
            emails=addresses_in(certificate),
            issuer="" if own else name_in(certificate.issuer),
            why=why,
        )


def _loaded(choice: Any) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(choice.chosen.dump())
    except ValueError:
        return None


def _checked(signer: Any, certificate: x509.Certificate, content: bytes) -> tuple[SealVerdict, str]:
    try:
        _verify(signer, certificate, content)
    except _Unchecked as reason:
        return SealVerdict.UNKNOWN, str(reason)
    except InvalidSignature:
        return SealVerdict.ALTERED, ""
    return SealVerdict.INTACT, ""


def _verify(signer: Any, certificate: x509.Certificate, content: bytes) -> None:
    name = signer["digest_algorithm"]["algorithm"].native
    if name not in _HASHES:
        raise _Unchecked(f"{name} is too weak to rely on, or not known")
    attributes = signer["signed_attrs"]
    said = content
    if attributes:
        digests = [one["values"][0].native for one in attributes if one["type"].native == "message_digest"]
        if digests != [hashlib.new(name, content).digest()]:
            raise InvalidSignature
        # RFC 5652, 5.4: the set is signed under its own tag, not under the one it travels with.
        said = b"\x31" + attributes.dump()[1:]
    _verify_bytes(signer, certificate.public_key(), said, _HASHES[name]())


def _verify_bytes(signer: Any, key: Any, said: bytes, digest: hashes.HashAlgorithm) -> None:
    signature = signer["signature"].native
    algorithm = signer["signature_algorithm"]
    if isinstance(key, rsa.RSAPublicKey):
        if algorithm["algorithm"].native == "rsassa_pss":
            salt = algorithm["parameters"]["salt_length"].native
            key.verify(signature, said, padding.PSS(padding.MGF1(digest), salt), digest)
        else:
            key.verify(signature, said, padding.PKCS1v15(), digest)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, said, ec.ECDSA(digest))
    elif isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, said)
    else:
        raise _Unchecked("the signer's kind of key is not known here")
