"""Checks the DKIM signatures of a mail's stored bytes (RFC 6376), with keys from wherever it is told.

Stricter than the standard where it would let somebody put words into a signed letter: a signature counts
only if it covers the whole body, every From and every Subject, with a key and a hash that still hold
(RFC 8301). What cannot be found out is not known, never a failure: mail is changed on honest ways too.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import dkim
from dkim.canonicalization import CanonicalizationPolicy

from complaints.errors import ForthwithError
from complaints.model import DkimResult, DkimVerdict

KeyLookup = Callable[[str], bytes | None]
"""From a name (``selector._domainkey.domain``) to the TXT record there, or None where there is none.

Raises KeyUnknown when that could not be found out."""

LEAST_RSA_BITS = 1024
_MOST_BYTES = 25_000_000
_MOST_SIGNATURES = 4  # of one mail; each may cost a question to a server
_MOST_HEAD = 256 << 10
_MOST_LINES = 2_000_000
_MOST_BLANKS = (
    20_000_000  # squared lengths of runs of blanks, which the library's patterns walk again and again
)
_ALGORITHMS = frozenset({b"rsa-sha256", b"ed25519-sha256"})  # RFC 8301 3.1 forbids SHA-1
_ONCE = (b"from", b"subject")
# Repeated, the one a reader takes may be one that nobody signed.
_NEVER_TWICE = (b"content-type", b"content-transfer-encoding", b"mime-version")
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9])?")
_RUNS = re.compile(rb"[ \t]{64,}")


class KeyUnknown(ForthwithError):
    """The key could not be looked up; whether the signature is valid stays open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureCheck:
    """Checks mails by the keys of one look-up; can be sent to another process if the look-up can."""

    look_up: KeyLookup

    def __call__(self, raw: bytes) -> tuple[DkimResult, ...]:
        """Check every signature of a mail, up to a few; never fails."""
        count = _signatures(raw)
        if not count:
            return ()
        if len(raw) > _MOST_BYTES or _is_wearing(raw):
            return (_unknown("", "the mail is too large to check"),)
        return tuple(self._check(raw, index) for index in range(min(count, _MOST_SIGNATURES)))

    def _check(self, raw: bytes, index: int) -> DkimResult:
        asked = _Asked(self.look_up)
        try:
            mail = dkim.DKIM(raw, minkey=LEAST_RSA_BITS)
            valid = mail.verify(index, dnsfunc=asked)
        except Exception as error:  # noqa: BLE001 -- the library raises of many kinds at what is malformed
            return _open(asked, _domain(raw, index), type(error).__name__)
        domain = _text(mail.domain or b"")
        if not valid:
            return _open(asked, domain, "the signature does not fit the mail")
        lacks = _lacks(mail, asked.record)
        return DkimResult(
            domain=domain, verdict=DkimVerdict.NOT_COUNTED if lacks else DkimVerdict.VALID, why=lacks
        )


@dataclass(slots=True)
class _Asked:
    """The library's way of asking for a key, which remembers what came of it."""

    look_up: KeyLookup
    record: bytes = b""
    unknown: str = ""

    def __call__(self, name: bytes, timeout: float = 0) -> bytes | None:  # noqa: ARG002 -- the library's signature
        plain = _text(name).rstrip(".")
        if not _NAME.fullmatch(plain):
            return None
        try:
            self.record = self.look_up(plain) or b""
        except KeyUnknown as error:
            self.unknown = str(error) or "the key could not be looked up"
        return self.record or None


def _open(asked: _Asked, domain: str, why: str) -> DkimResult:
    if asked.unknown:
        return _unknown(domain, asked.unknown)
    return DkimResult(
        domain=domain, verdict=DkimVerdict.INVALID, why=why if asked.record else f"no key; {why}"
    )


def _unknown(domain: str, why: str) -> DkimResult:
    return DkimResult(domain=domain, verdict=DkimVerdict.UNKNOWN, why=why)


# --- what a valid signature must cover -------------------------------------------------------------


def _lacks(mail: dkim.DKIM, record: bytes) -> str:
    """Why a valid signature does not count, or empty."""
    fields = mail.signature_fields
    if fields.get(b"a", b"").lower() not in _ALGORITHMS:
        return "its hash is no longer safe"
    return _uncovered_headers(mail) or _uncovered_body(mail) or _weak_key(fields, record)


def _uncovered_headers(mail: dkim.DKIM) -> str:
    there = Counter(name.lower() for name, _ in mail.headers)
    signed = Counter(mail.include_headers)
    for name in _ONCE:
        if not signed[name] or signed[name] < there[name]:
            return f"{_text(name).title()} is not signed"
    twice = next((name for name in _NEVER_TWICE if there[name] > 1), b"")
    return f"{_text(twice).title()} stands there twice" if twice else ""


def _uncovered_body(mail: dkim.DKIM) -> str:
    length = mail.signature_fields.get(b"l")
    if length is None:
        return ""
    policy = CanonicalizationPolicy.from_c_value(mail.signature_fields.get(b"c", b"simple/simple"))
    whole = len(policy.canonicalize_body(mail.body))
    # RFC 6376 8.2: whatever stands behind l= bytes was written by anybody.
    return "" if length.isdigit() and int(length) >= whole else "it leaves the end of the body unsigned"


def _weak_key(fields: dict[bytes, bytes], record: bytes) -> str:
    """RFC 6376 3.6.1: what the key's owner says of the key."""
    tags = dict(_tag(part) for part in record.split(b";") if b"=" in part)
    flags = {flag.strip() for flag in tags.get(b"t", b"").split(b":")}
    hashes = {name.strip() for name in tags.get(b"h", b"sha256").split(b":")}
    if b"y" in flags:
        return "the key's owner is only testing"
    if b"sha256" not in hashes:
        return "the key is not for this hash"
    identity = fields.get(b"i", b"").rpartition(b"@")[2].lower()
    if b"s" in flags and identity and identity != fields.get(b"d", b"").lower():
        return "the key is not for sub-domains"
    return ""


def _tag(part: bytes) -> tuple[bytes, bytes]:
    name, _, value = part.partition(b"=")
    return name.strip().lower(), value.strip().lower()


# --- the bytes --------------------------------------------------------------------------------------

_FIELD = re.compile(rb"^dkim-signature[ \t]*:((?:[^\n]|\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_END = re.compile(rb"\n\r?\n")
_SIGNER = re.compile(rb"[;\s]d\s*=\s*([\w.-]{1,253})", re.IGNORECASE)


def _fields(raw: bytes) -> list[bytes]:
    end = _END.search(raw)
    head = raw[: end.start() + 1 if end else len(raw)]
    return [found[1] for found in _FIELD.finditer(head[:_MOST_HEAD])]


def _signatures(raw: bytes) -> int:
    return len(_fields(raw))


def _domain(raw: bytes, index: int) -> str:
    """Who signed, of a signature that the library could not read to its end."""
    fields = _fields(raw)
    found = _SIGNER.search(b";" + fields[index]) if index < len(fields) else None
    return _text(found[1]) if found else ""


def _is_wearing(raw: bytes) -> bool:
    end = _END.search(raw)
    if (end.start() if end else len(raw)) > _MOST_HEAD or raw.count(b"\n") > _MOST_LINES:
        return True
    return sum(len(run[0]) ** 2 for run in _RUNS.finditer(raw)) > _MOST_BLANKS


def _text(raw: bytes) -> str:
    return raw.decode("ascii", "replace").lower()
