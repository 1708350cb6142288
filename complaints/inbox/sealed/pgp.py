"""OpenPGP as it comes in, opened in a process of its own that ends with the message."""

import base64
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from complaints.inbox.sealed.opened import NO_KEY, OPENPGP, UNFIT, Opened
from complaints.inbox.sealed.ours import OurKeys, passwords
from complaints.model import SealedBy, SealVerdict

SECONDS = 10.0
# -P keeps the working directory off the module path.
_WORKER = (sys.executable, "-P", "-m", "complaints.inbox.sealed.pgp_worker")
_PROBLEMS = {"no key": NO_KEY, "damaged": UNFIT}


def decrypt(message: bytes, ours: OurKeys, certs: Sequence[bytes], seconds: float) -> Opened:
    """Open a message with the first of our keys that fits, and say who signed what stands in it.

    Args:
        message: armoured or not.
        ours: our keys.
        certs: public keys of those who may have signed.
        seconds: that it may take.
    """
    if not ours.pgp:
        return Opened(problem="no key of ours is set for OpenPGP")
    told = {"do": "decrypt", "keys": [_text(one) for one in ours.pgp], "passwords": [*passwords(ours)]}
    return _asked(
        told, message, certs, seconds, "the message is compressed, or nobody's key is held who signed it"
    )


def check(signed: bytes, signature: bytes | None, certs: Sequence[bytes], seconds: float) -> Opened:
    """Who signed something, by a signature apart or (None) by its own; its content, where that can be checked."""
    told = {"do": "check", "signature": _text(signature) if signature else ""}
    # The library does not tell a signature that is too weak from a content that was altered.
    why = "its signer's key is not held, it was altered, or it is too weak"
    found = _asked(told, signed, certs, seconds, why)
    if found.content is not None or found.signers:
        return found
    return replace(
        found, signers=(SealedBy(standard=OPENPGP, verdict=SealVerdict.UNKNOWN, why=found.problem or why),)
    )


def _asked(
    told: dict[str, Any], data: bytes, certs: Sequence[bytes], seconds: float, unchecked: str
) -> Opened:
    request = json.dumps(told | {"certs": [_text(one) for one in certs]}).encode()
    sent = b"".join(len(one).to_bytes(8, "big") + one for one in (request, data))
    began, limit = time.monotonic(), max(0.0, min(SECONDS, seconds))
    try:
        done = subprocess.run(  # noqa: S603 -- the command is ours, no input is in it
            _WORKER,
            input=sent,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limit,
            check=False,
            start_new_session=True,
        )
        head, content = _frames(done.stdout)
    except subprocess.TimeoutExpired:
        return Opened(problem=f"no end within {limit:.3g} s", timed_out=True, seconds=limit)
    except (OSError, ValueError):
        return Opened(problem=UNFIT, seconds=time.monotonic() - began)
    problem = str(head.get("problem", ""))
    return Opened(
        content=None if problem else content,
        signers=tuple(_signers(head, unchecked)),
        problem=_PROBLEMS.get(problem, problem),
        seconds=time.monotonic() - began,
    )


def _signers(head: dict[str, Any], unchecked: str) -> list[SealedBy]:
    found = [_signer(one, SealVerdict.INTACT, "") for one in head.get("signers", ())]
    if found or not unchecked or not head.get("asked"):
        return found
    claimed = [_signer(one, SealVerdict.UNKNOWN, unchecked) for one in head.get("claimed", ())]
    return claimed or [SealedBy(standard=OPENPGP, verdict=SealVerdict.UNKNOWN, why=unchecked)]


def _signer(told: dict[str, Any], verdict: SealVerdict, why: str) -> SealedBy:
    emails = tuple(str(mail).lower() for mail in told["emails"])
    return SealedBy(standard=OPENPGP, verdict=verdict, name=str(told["name"]), emails=emails, why=why)


def _frames(answer: bytes) -> tuple[dict[str, Any], bytes]:
    size = int.from_bytes(answer[:8], "big")
    head: dict[str, Any] = json.loads(answer[8 : 8 + size])
    return head, answer[16 + size :]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
