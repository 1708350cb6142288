"""The process that opens one OpenPGP message and ends: what it holds may be built to take all memory or never end.

It reads a frame of JSON (what to do, with which keys) and one with the message, and answers with a frame of JSON
and one with what stood in it. A frame is eight bytes of length and as many bytes. It gets the keys this way and no
other, so that neither a command line nor an environment shows them.
"""

import base64
import json
import resource
import sys
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any, BinaryIO

from pysequoia import Cert, Sig, Tsk, decrypt, verify

_MAX_MEMORY = 1 << 30
_CPU_SECONDS = 30
_MOST_BYTES = 60 << 20  # of what stands in a message
_NO_KEY = "No key to decrypt"


def answer(told: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """Do what is told; what came of it, and the content."""
    certs = list(_certs(told["certs"]))
    asked: list[str] = []

    def store(ids: list[str]) -> list[Cert]:
        asked.extend(ids)
        return certs

    try:
        content, signed = (
            _decrypted(told, data, store) if told["do"] == "decrypt" else _checked(told, data, store)
        )
    except MemoryError:
        return {"problem": "it needs more memory than a letter may"}, b""
    except Exception as error:  # noqa: BLE001  how the library says whatever it says
        return {"problem": "no key" if _NO_KEY in str(error) else "damaged", **_asked(asked, certs)}, b""
    if len(content) > _MOST_BYTES:
        return {"problem": "it holds more than a letter may"}, b""
    signers = [_told(one) for one in certs if one.fingerprint in {sig.certificate for sig in signed}]
    return {"signers": signers, **_asked(asked, certs)}, content


def _asked(asked: list[str], certs: list[Cert]) -> dict[str, Any]:
    """The keys that signatures name, and whose they are as far as they are held."""
    return {"asked": asked, "claimed": [_told(one) for one in certs if one.fingerprint in asked]}


def _decrypted(told: dict[str, Any], data: bytes, store: Any) -> tuple[bytes, list[Any]]:
    error: Exception = ValueError(_NO_KEY)
    for key in told["keys"]:
        for password in told["passwords"]:
            try:
                decryptor = Tsk.from_bytes(base64.b64decode(key)).decryptor(password)
                plain = decrypt(decryptor=decryptor, bytes=data)
            except Exception as failed:  # noqa: BLE001
                error = failed if _NO_KEY not in str(failed) else error
                continue
            return plain.bytes or b"", _signatures_within(decryptor, data, store)
    raise error


def _signatures_within(decryptor: Any, data: bytes, store: Any) -> list[Any]:
    """Who signed what is encrypted; the library looks at no signature within compressed data."""
    try:
        return list(decrypt(decryptor=decryptor, bytes=data, store=store).valid_sigs)
    except Exception:  # noqa: BLE001  not signed, or by nobody whose key is held
        return []


def _checked(told: dict[str, Any], data: bytes, store: Any) -> tuple[bytes, list[Any]]:
    apart = base64.b64decode(told["signature"]) if told["signature"] else None
    found = (
        verify(bytes=data, store=store, signature=Sig.from_bytes(apart))
        if apart
        else verify(bytes=data, store=store)
    )
    return data if apart else found.bytes or b"", list(found.valid_sigs)


def _certs(encoded: list[str]) -> Iterator[Cert]:
    for one in encoded:
        try:
            yield Cert.from_bytes(base64.b64decode(one))
        except Exception:  # noqa: BLE001, S112  a file that is no key is told of elsewhere
            continue


def _told(cert: Cert) -> dict[str, Any]:
    people = [parseaddr(str(one)) for one in cert.user_ids]
    return {
        "name": next((name for name, _ in people if name), ""),
        "emails": [mail for _, mail in people if mail],
    }


def _frame(stream: BinaryIO) -> bytes:
    return stream.read(int.from_bytes(stream.read(8), "big"))


def main() -> None:
    """Answer one request on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    told = json.loads(_frame(sys.stdin.buffer))
    head, content = answer(told, _frame(sys.stdin.buffer))
    for frame in (json.dumps(head).encode(), content):
        sys.stdout.buffer.write(len(frame).to_bytes(8, "big") + frame)


if __name__ == "__main__":
    main()
