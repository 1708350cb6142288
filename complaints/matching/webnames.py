"""Host names, addresses and URLs in running text, and whom they belong to."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

# Bounded repetitions: the text is hostile. A path is kept where it follows, since registers
# tell country units apart by it (paypal.com/uk).
WEB_NAME = (
    r"(?:https?://)?(?:[\w.+%-]{1,64}@)?"
    r"(?<![^\W_])(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:[a-z]{2,24}|[A-Z]{2,24})"
    r"(?![\w-]|\.[^\W_A-ZÀ-Þ])(?::\d{1,5})?(?:/[\w/.%~-]{0,200})?"
)
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)


@lru_cache(maxsize=10_000)
def is_top_level(label: str) -> bool:
    """Whether a host name can end so; "example" can, being reserved (RFC 2606)."""
    return label in {"example", "test"} or _known().publicsuffix(label) is not None


@cache
def _known() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


@lru_cache(maxsize=10_000)
def host_of(written: str) -> str:
    """The host of an address, URL or plain host name, lower case and without ``www.``."""
    host, _ = host_and_path(written)
    return host


@lru_cache(maxsize=10_000)
def host_and_path(written: str) -> tuple[str, str]:
    """Host and path of what a text or a register writes for a web site."""
    rest = _SCHEME.sub("", written.strip().lower()).rpartition("@")[2]
    host, _, path = rest.partition("/")
    return host.partition(":")[0].rstrip(".").removeprefix("www."), path.strip("/.")


@lru_cache(maxsize=10_000)
def registrable(host: str) -> str:
    """The part of a host name that is registered as a whole: ``sky.co.uk`` of ``help.sky.co.uk``."""
    return _suffixes().privatesuffix(host) or host


@lru_cache(maxsize=10_000)
def is_public_suffix(host: str) -> bool:
    """Whether registries sell names right below ``host``, so that it belongs to nobody: ``co.uk``, ``gov.uk``."""
    return _suffixes().is_public(host)


def label_of(host: str) -> str:
    """The registered label alone: ``sky`` of ``help.sky.co.uk``."""
    return registrable(host).partition(".")[0]


def is_within(host: str, domain: str) -> bool:
    """Whether ``host`` is ``domain`` or lies below it; never by substring."""
    return host == domain or host.endswith(f".{domain}")


def hosts_upward(host: str) -> Iterator[str]:
    """The host, then its parents, down to what is registered."""
    last = registrable(host)
    while host != last and "." in host:
        yield host
        host = host.partition(".")[2]
    yield last
