"""Where in a mail something is encrypted or signed, and what came of opening it within the mail's budget."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from complaints.inbox.headers import decode_value
from complaints.inbox.papers.paper import Member
from complaints.inbox.parts import Budget, Part
from complaints.inbox.sealed.opened import Opened, Opener
from complaints.inbox.smime import bare
from complaints.inbox.text import clean_text, decode_text
from complaints.model import SealedBy

INLINE = "-----BEGIN PGP MESSAGE-----"
_ENDINGS = (".asc", ".pgp", ".gpg")
_MAY_BE_PGP = frozenset({"application/octet-stream", "application/pgp", "application/pgp-encrypted"})
_ARMOURED = re.compile(rb"\s*-----BEGIN PGP MESSAGE-----")
_PACKET = frozenset({0x84, 0x85, 0xC1})  # how a session key for somebody begins (RFC 9580, 4.2 and 5.1)
_IN_TEXT = re.compile(
    r"-----BEGIN PGP (MESSAGE|SIGNED MESSAGE)-----.+?-----END PGP (?:MESSAGE|SIGNATURE)-----", re.DOTALL
)
_SHOWN_ABOVE = ("From", "To", "Cc", "Date", "Subject", "Message-ID")


# --- what is encrypted ---------------------------------------------------------------------------


def decrypted_smime(der: bytes, opener: Opener, budget: Budget) -> Opened:
    """Open enveloped data."""
    return _within(budget, lambda: opener.decrypt_smime(der))


def decrypted_pgp(message: bytes, opener: Opener, budget: Budget) -> Opened:
    """Open an OpenPGP message."""
    return _within(budget, lambda: opener.decrypt_pgp(message, budget.seconds))


def _within(budget: Budget, open_it: Callable[[], Opened]) -> Opened:
    """Open something, unless the mail has used up what may be spent on it."""
    if budget.openings <= 0 or budget.seconds <= 0:
        return Opened(problem="too much in the mail is encrypted or signed")
    budget.openings -= 1
    found = open_it()
    # What hangs is no chance twice.
    budget.seconds = 0.0 if found.timed_out else budget.seconds - found.seconds
    if found.content is not None and len(found.content) > budget.unpacked:
        return Opened(problem="it holds more than a letter may")
    budget.unpacked -= len(found.content or b"")
    return found


def is_pgp(part: Part, lower_name: str) -> bool:
    """Whether a file is an OpenPGP message, as mail servers that know no PGP/MIME leave it too."""
    if not (lower_name.endswith(_ENDINGS) or part.content_type in _MAY_BE_PGP):
        return False
    head = part.decoded(200)
    binary = lower_name.endswith(_ENDINGS) and head[:1] and head[0] in _PACKET
    return bool(binary or _ARMOURED.match(head))


def piece(name: str, standard: str, content: bytes) -> Member:
    """What was opened as it is handed on: a part of a mail as a message, anything else as the file it is."""
    if is_entity(content):
        return Member(name=f"{name} ({standard})", content_type="message/rfc822", data=content)
    return Member(name=without_ending(name), data=content)


def is_entity(content: bytes) -> bool:
    """Whether it begins with headers of a part."""
    return (
        re.match(rb"(?:[!-9;-~]+:.*?\r?\n(?:[ \t].*\r?\n)*)*?content-type:", content[:8000], re.IGNORECASE)
        is not None
    )


def without_ending(name: str) -> str:
    """The name that a file had before it was encrypted."""
    return re.sub(r"\.(?:asc|pgp|gpg|p7m)$", "", name, flags=re.IGNORECASE) or "opened"


def protected_subject(part: Part) -> str:
    """The subject that stands within what was encrypted (RFC 9788, and the form before it)."""
    marks = {"hp", "protected-headers"} & part.parameters.keys()
    return decode_value(part.headers.first("subject") or "")[:2_000] if marks else ""


def with_headers(opened: Member, raw: bytes) -> Member:
    """A piece that is a message, with the headers of the mail that it stood in, where it has none of its own."""
    if opened.content_type != "message/rfc822":
        return opened
    head = raw[: raw.find(b"\r\n\r\n") + 2] if b"\r\n\r\n" in raw else raw[: raw.find(b"\n\n") + 1]
    own = opened.data[:8000].partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    above = [found[0] for name in _SHOWN_ABOVE if not _field(name, own) and (found := _field(name, head))]
    return replace(opened, data=b"".join(above) + opened.data)


def _field(name: str, head: bytes) -> re.Match[bytes] | None:
    return re.search(
        rb"^" + name.encode() + rb":.*\r?\n(?:[ \t].*\r?\n)*", head, re.IGNORECASE | re.MULTILINE
    )


# --- what is signed ------------------------------------------------------------------------------


def checked(part: Part, opener: Opener, budget: Budget) -> Sequence[SealedBy]:
    """Who signed the first part of multipart/signed by the second (RFC 1847)."""
    content, signature = part.children
    der = signature.decoded()
    if "pkcs7" in signature.content_type:
        return _agreed(content, lambda said: opener.check_smime(bare(der), said), budget)
    if signature.content_type == "application/pgp-signature":
        return _agreed(content, lambda said: opener.check_pgp(said, der, budget.seconds).signers, budget)
    return ()


def verified(der: bytes, content: bytes, opener: Opener, budget: Budget) -> Sequence[SealedBy]:
    """Who signed what stands in signed data."""
    if budget.openings <= 0:
        return ()
    budget.openings -= 1
    return opener.check_smime(der, content)


def _agreed(
    content: Part, check: Callable[[bytes], Sequence[SealedBy]], budget: Budget
) -> Sequence[SealedBy]:
    """Check what was signed: with CRLF at the ends of lines, whatever the mail was stored with (RFC 3156, 5)."""
    if budget.openings <= 0:
        return ()
    budget.openings -= 1
    canonical = re.sub(rb"\r?\n", b"\r\n", bytes(content.verbatim))
    return check(canonical)


# --- what stands in a text -----------------------------------------------------------------------


def inline_pieces(
    text: str, opener: Opener, budget: Budget
) -> tuple[str, list[Member], list[SealedBy], list[str]]:
    """A text with the OpenPGP messages in it opened.

    Returns:
        the text; what was encrypted in it; who signed; why something of it could not be opened.
    """
    opened: list[Member] = []
    signers: list[SealedBy] = []
    problems: list[str] = []

    def put_in(found: re.Match[str]) -> str:
        message = found[0].encode("utf-8", "replace")
        if found[1] == "SIGNED MESSAGE":
            signed = _within(budget, lambda: opener.check_pgp(message, None, budget.seconds))
            signers.extend(signed.signers)
            return found[0] if signed.content is None else _text(signed.content)
        one = decrypted_pgp(message, opener, budget)
        signers.extend(one.signers)
        if one.content is None:
            problems.append(one.problem)
            return found[0]
        opened.append(Member(name="text.txt", data=one.content))
        return _text(one.content)

    return _IN_TEXT.sub(put_in, text), opened, signers, problems


def _text(content: bytes) -> str:
    return clean_text(decode_text(content, "")[0])
