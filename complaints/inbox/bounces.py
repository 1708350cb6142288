"""What reports of non-delivery say that have words of their own instead of a report part.

The only module that knows flufl.bounce. Its detectors search line by line for the phrases of servers of
thirty years; what is handed to them is bounded first, and what they raise says nothing (I10).
"""

import email
import email.policy
import logging
import re
from dataclasses import dataclass

from flufl.bounce import all_failures

_MOST_BYTES = 64 << 10
_LONGEST_LINE = 998  # RFC 5322 2.1.1; beyond it stands no report
_MOST_ADDRESSES = 20
_LONG = re.compile(rb"(?m)^(.{%d}).+$" % _LONGEST_LINE)

# It tells each detector by name, and every exception twice.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Failures:
    """Who could not be reached, lower case."""

    permanent: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()


def failures_in(raw: bytes) -> Failures:
    """The recipients that a report speaks of; none where it is no report, or cannot be read."""
    bounded = _LONG.sub(rb"\1", raw[:_MOST_BYTES])
    try:
        # The detectors were written for this policy's messages.
        temporary, permanent = all_failures(email.message_from_bytes(bounded, policy=email.policy.compat32))
    except Exception:  # noqa: BLE001 -- a report that breaks a detector is one that says nothing
        return Failures()
    return Failures(permanent=_tidy(permanent), temporary=_tidy(temporary))


def _tidy(found: frozenset[bytes]) -> tuple[str, ...]:
    addresses = (one.decode("utf-8", "replace").strip(" <>\"'").lower() for one in found if b"@" in one)
    return tuple(sorted(one for one in addresses if len(one) <= 320))[:_MOST_ADDRESSES]
