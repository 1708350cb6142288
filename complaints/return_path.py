"""The return path of a notice: an address of its own, so that what comes back tells what it is about.

Sub-addressing (RFC 5233): ``complaints+bounce-<token>@our.domain``. The token is random and stands in no
header of the notice, so whoever merely knows its Message-ID cannot write it.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from complaints.model import Address

_TAG = "+bounce-"
_TOKEN = re.compile(r"[0-9a-f]{16,40}")
_LONGEST_LOCAL_PART = 64  # octets, RFC 5321 4.5.3.1.1


def return_path(address: str, token: str) -> str:
    """The envelope sender for a notice with this token; plainly ``address`` where no room is left for one."""
    local, _, domain = address.rpartition("@")
    own = f"{local}{_TAG}{token}"
    return f"{own}@{domain}" if token and len(own) <= _LONGEST_LOCAL_PART else address


def is_token(text: str) -> bool:
    """Whether it has a token's form, as what a relay gives back of our envelope (ENVID, RFC 3461 4.4) may."""
    return _TOKEN.fullmatch(text) is not None


def tokens_in(recipients: Iterable[Address], own_addresses: Collection[str]) -> Iterator[str]:
    """The tokens of return paths of ours that a mail was sent to."""
    for one in recipients:
        local, _, domain = one.email.rpartition("@")
        name, found, token = local.partition(_TAG)
        if found and _TOKEN.fullmatch(token) and f"{name}@{domain}" in own_addresses:
            yield token
