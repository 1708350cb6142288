"""What the connection to a relay was protected by, as evidence of who took the letter."""

import hashlib
from datetime import UTC, datetime
from ssl import SSLObject, cert_time_to_seconds
from typing import Any

_MOST_NAMES = 5


def protection_of(session: SSLObject) -> dict[str, str]:
    """``version``, ``cipher``, and of the certificate ``certificate_name``, ``issuer``, ``not_after`` (ISO 8601, UTC) and ``sha256``.

    The library has compared the names with the relay's and the issuer with those we trust; else there is no session.
    """
    said: dict[str, Any] = session.getpeercert() or {}
    names = [name for _, name in said.get("subjectAltName", ())] or [_common(said.get("subject", ()))]
    cipher = session.cipher()
    return {
        "version": session.version() or "",
        "cipher": cipher[0] if cipher else "",
        "certificate_name": ", ".join(names[:_MOST_NAMES]),
        "issuer": _common(said.get("issuer", ())),
        "not_after": _instant(said.get("notAfter", "")),
        "sha256": hashlib.sha256(session.getpeercert(binary_form=True) or b"").hexdigest(),
    }


def _common(name: Any) -> str:
    """The common name, or where there is none the organisation."""
    parts = {key: value for relative in name for key, value in relative}
    return str(parts.get("commonName") or parts.get("organizationName") or "")


def _instant(text: str) -> str:
    return datetime.fromtimestamp(cert_time_to_seconds(text), UTC).isoformat() if text else ""
