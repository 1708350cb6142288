"""Enveloped data (RFC 5652, 6; RFC 5083) opened with one of our key pairs.

The library opens what is encrypted by RSA after PKCS #1 v1.5 and in CBC mode alone. Authorities that follow newer
profiles (RFC 8551, 2; BSI TR-03116-4) use OAEP, elliptic curves and GCM, so its parts are put together here.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from asn1crypto import algos, cms, core
from cryptography import x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric import padding as asymmetric
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, GCM
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

from complaints.inbox.sealed.ours import Identity

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_AGREEMENTS: dict[str, type[hashes.HashAlgorithm]] = {
    "1.3.133.16.840.63.0.2": hashes.SHA1,
    "1.3.132.1.11.1": hashes.SHA256,
    "1.3.132.1.11.2": hashes.SHA384,
    "1.3.132.1.11.3": hashes.SHA512,
}
_WRAPS = {"aes128_wrap": 16, "aes192_wrap": 24, "aes256_wrap": 32}
"""How the content's key is wrapped by an agreed one, and how many bytes that has."""


class NotForUs(Exception):
    """It is encrypted to another certificate."""


class _GcmParameters(core.Sequence):  # type: ignore[misc]  # the library has no types
    _fields: ClassVar[list[Any]] = [
        ("nonce", core.OctetString),
        ("tag_length", core.Integer, {"default": 12}),
    ]


class _SharedInfo(core.Sequence):  # type: ignore[misc]
    """ECC-CMS-SharedInfo (RFC 5753, 7.2)."""

    _fields: ClassVar[list[Any]] = [
        ("key_info", core.Any),
        ("entity", core.OctetString, {"explicit": 0, "optional": True}),
        ("bits", core.OctetString, {"explicit": 2}),
    ]


def opened(der: bytes, ours: Identity) -> bytes:
    """What stands in it.

    Raises:
        NotForUs: it is encrypted to another certificate.
        Exception: it is damaged, or of a kind that is not known here; hostile data breaks parsers in many ways.
    """
    info = cms.ContentInfo.load(der)
    data = info["content"]
    key = _content_key(data["recipient_infos"], ours)
    if info["content_type"].native == "authenticated_enveloped_data":
        return _authenticated(data, key)
    return _in_blocks(data["encrypted_content_info"], key)


# --- the key of the content ----------------------------------------------------------------------


def _content_key(recipients: Any, ours: Identity) -> bytes:
    for one in recipients:
        if one.name == "ktri" and is_meant(one.chosen["rid"], ours.certificate):
            return _transported(one.chosen, ours)
        if one.name == "kari":
            for wrapped in _wrapped_for(one.chosen, ours.certificate):
                return _agreed(one.chosen, wrapped, ours)
    raise NotForUs


def is_meant(identifier: Any, certificate: x509.Certificate) -> bool:
    """Whether an identifier of CMS means this certificate: by issuer and serial number, or by its key."""
    if identifier.name == "issuer_and_serial_number":
        same = int(identifier.chosen["serial_number"].native) == certificate.serial_number
        return same and bool(identifier.chosen["issuer"].dump() == certificate.issuer.public_bytes())
    try:
        known = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return False
    said = identifier.native
    return bool((said["subject_key_identifier"] if isinstance(said, dict) else said) == known)


def _transported(recipient: Any, ours: Identity) -> bytes:
    """By RSA (RFC 8017, 7)."""
    assert isinstance(ours.key, rsa.RSAPrivateKey)
    algorithm = recipient["key_encryption_algorithm"]
    how: asymmetric.AsymmetricPadding = asymmetric.PKCS1v15()
    if algorithm["algorithm"].native == "rsaes_oaep":
        told = algorithm["parameters"]
        mask = _HASHES[told["mask_gen_algorithm"]["parameters"]["algorithm"].native]()
        digest = _HASHES[told["hash_algorithm"]["algorithm"].native]()
        label = told["p_source_algorithm"]["parameters"].native or None
        how = asymmetric.OAEP(mgf=asymmetric.MGF1(mask), algorithm=digest, label=label)
    return ours.key.decrypt(recipient["encrypted_key"].native, how)


def _wrapped_for(recipient: Any, certificate: x509.Certificate) -> Iterator[bytes]:
    for one in recipient["recipient_encrypted_keys"]:
        if is_meant(one["rid"], certificate):
            yield one["encrypted_key"].native


def _agreed(recipient: Any, wrapped: bytes, ours: Identity) -> bytes:
    """By a key that is agreed on an elliptic curve (RFC 5753)."""
    assert isinstance(ours.key, ec.EllipticCurvePrivateKey)
    algorithm = recipient["key_encryption_algorithm"]
    wrap = algos.EncryptionAlgorithm.load(algorithm["parameters"].dump())
    length = _WRAPS[wrap["algorithm"].native]
    point = recipient["originator"].chosen["public_key"]
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ours.key.curve, point.contents[1:])
    shared = _SharedInfo({"key_info": core.Any.load(wrap.dump()), "bits": (length * 8).to_bytes(4, "big")})
    if recipient["ukm"].native is not None:
        shared["entity"] = recipient["ukm"].native
    digest = _AGREEMENTS[algorithm["algorithm"].dotted]()
    key = X963KDF(digest, length, shared.dump()).derive(ours.key.exchange(ec.ECDH(), theirs))
    return aes_key_unwrap(key, wrapped)


# --- the content ---------------------------------------------------------------------------------


def _in_blocks(told: Any, key: bytes) -> bytes:
    algorithm = told["content_encryption_algorithm"]
    name, start = algorithm["algorithm"].native, algorithm["parameters"].native
    cipher = TripleDES(key) if name == "tripledes_3key" else AES(key)
    if not name.endswith(("_cbc", "_3key")):
        raise ValueError(name)
    decryptor = Cipher(cipher, CBC(start)).decryptor()
    unpadder = padding.PKCS7(cipher.block_size).unpadder()
    padded = decryptor.update(told["encrypted_content"].native) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()


def _authenticated(data: Any, key: bytes) -> bytes:
    told = data["auth_encrypted_content_info"]
    algorithm = told["content_encryption_algorithm"]
    if not algorithm["algorithm"].native.endswith("_gcm"):
        raise ValueError(algorithm["algorithm"].native)
    nonce = _GcmParameters.load(algorithm["parameters"].dump())["nonce"].native
    decryptor = Cipher(AES(key), GCM(nonce, data["mac"].native, min_tag_length=12)).decryptor()
    if data["auth_attrs"].native:
        # RFC 5083, 2.2: authenticated under the set's own tag, not under the one it travels with.
        decryptor.authenticate_additional_data(b"\x31" + data["auth_attrs"].dump()[1:])
    return decryptor.update(told["encrypted_content"].native) + decryptor.finalize()
