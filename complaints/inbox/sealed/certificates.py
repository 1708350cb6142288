"""What X.509 certificates say of mail addresses and names (RFC 8550, 3)."""

from contextlib import suppress

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID


def addresses_in(certificate: x509.Certificate) -> tuple[str, ...]:
    """The mail addresses that a certificate is made out for, lower case."""
    found: list[str] = []
    with suppress(x509.ExtensionNotFound):
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found += names.get_values_for_type(x509.RFC822Name)
    found += _of(certificate.subject, NameOID.EMAIL_ADDRESS)
    return tuple(dict.fromkeys(one.lower() for one in found))


def name_in(name: x509.Name) -> str:
    """The common name of a subject or an issuer, or all that it is called by."""
    return next(iter(_of(name, NameOID.COMMON_NAME)), "") or name.rfc4514_string()


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, in hexadecimal digits."""
    return certificate.fingerprint(SHA256()).hex()


def _of(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(one.value) for one in name.get_attributes_for_oid(oid)]
