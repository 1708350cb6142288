"""Looks up the public keys of DKIM signatures in the DNS, within seconds whatever the servers do."""

import time
from collections.abc import Callable

import dns.exception
import dns.resolver

from complaints.inbox.signatures import KeyUnknown

_PAUSE_SECONDS = 60.0
"""How long nothing is asked after a server stayed silent: a burst of mail must not wait for each."""


class DnsKeys:
    """A ``KeyLookup`` over the DNS. Goes to another process as its settings alone.

    Args:
        servers: IP addresses of resolvers; empty: those of this machine.
        seconds: how long one question may take at most.
        port: UDP and TCP port of the resolvers.
        elapsed: seconds that only grow, for the pause.
    """

    def __init__(
        self,
        servers: tuple[str, ...] = (),
        *,
        seconds: float = 4.0,
        port: int = 53,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._servers, self._seconds, self._port, self._elapsed = servers, seconds, port, elapsed
        self._resolver: dns.resolver.Resolver | None = None
        self._silent_until = 0.0

    def __reduce__(self) -> tuple[Callable[..., "DnsKeys"], tuple[object, ...]]:
        """Resolvers and pauses stay where they are."""
        return _again, (self._servers, self._seconds, self._port)

    def __call__(self, name: str) -> bytes | None:
        """The TXT record at ``name``, or None where there is none.

        Raises:
            KeyUnknown: nobody answered in time, or only that something is wrong.
        """
        if self._elapsed() < self._silent_until:
            raise KeyUnknown("the name server did not answer just before")
        try:
            answer = self._resolved().resolve(f"{name}.", "TXT", lifetime=self._seconds, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return None
        except (dns.exception.Timeout, dns.resolver.NoResolverConfiguration, OSError) as error:
            self._silent_until = self._elapsed() + _PAUSE_SECONDS
            raise KeyUnknown(f"the name server did not answer ({type(error).__name__})") from error
        except (dns.exception.DNSException, ValueError) as error:
            raise KeyUnknown(f"the key could not be looked up ({type(error).__name__})") from error
        # RFC 6376 3.6.2.2: the strings of one record are joined; several records are undefined, the first is taken.
        return b"".join(next(iter(answer)).strings)

    def _resolved(self) -> dns.resolver.Resolver:
        if self._resolver is None:
            resolver = dns.resolver.Resolver(configure=not self._servers)
            if self._servers:
                resolver.nameservers = list(self._servers)
                resolver.port = self._port
            resolver.cache = dns.resolver.LRUCache(1_000)
            self._resolver = resolver
        return self._resolver


def _again(servers: tuple[str, ...], seconds: float, port: int) -> DnsKeys:
    return DnsKeys(servers, seconds=seconds, port=port)
