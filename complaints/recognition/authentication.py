"""What our own mail server found out about the sender: RFC 8601, read strictly.

Only the topmost ``Authentication-Results`` of our own authserv-id counts (RFC 8601 section 5): every
other one was written by somebody we do not know, or came with the mail.
"""

import re
from dataclasses import dataclass

from complaints.model import InboundMail

_BOUND = 8_000  # characters of one header field; a real one has a few hundred
_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\s*([a-z][a-z0-9-]*)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b([a-z]+\.[a-z0-9_-]+)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One method's verdict."""

    method: str  # spf, dkim, dmarc ...
    verdict: str  # pass, fail, none ...
    properties: tuple[tuple[str, str], ...] = ()

    def domain(self, name: str) -> str:
        """The domain in the property ``name``, or empty."""
        value = next((value for key, value in self.properties if key == name), "")
        return value.rpartition("@")[2].rstrip(".")


@dataclass(frozen=True, kw_only=True, slots=True)
class Authentication:
    """Whether the domain of the From header was shown to be the writer's."""

    passed: bool = False
    failed: bool = False  # somebody else used the domain
    why: str = "no result of our own mail server"


def authenticate(mail: InboundMail, authserv_id: str) -> Authentication:
    """Judge the From domain of ``mail`` by the results that ``authserv_id`` wrote; empty: trust none."""
    if sum(name.lower() == "from" for name, _ in mail.headers) > 1:
        # RFC 7489 6.6.1: with several From fields nobody can say which one was judged.
        return Authentication(failed=True, why="more than one From header")
    results = _own_results(mail, authserv_id.strip().lower())
    domain = mail.sender.domain
    if results is None or not domain:
        return Authentication()
    dmarc = next((r for r in results if r.method == "dmarc"), None)
    if dmarc is not None and dmarc.verdict == "pass" and _same_from(dmarc, domain):
        return Authentication(passed=True, why="dmarc=pass")
    if dmarc is not None and dmarc.verdict == "fail":
        return Authentication(failed=True, why="dmarc=fail")
    return _without_policy(results, domain)


def _without_policy(results: tuple[Result, ...], domain: str) -> Authentication:
    """A domain without DMARC policy passes by the same alignment that DMARC would ask for (RFC 7489 3.1)."""
    for method, name in (("dkim", "header.d"), ("dkim", "header.i"), ("spf", "smtp.mailfrom")):
        for result in results:
            aligned = aligned_domains(result.domain(name), domain)
            if result.method == method and result.verdict == "pass" and aligned:
                return Authentication(passed=True, why=f"{method}=pass for {result.domain(name)}")
    verdicts = {result.method: result.verdict for result in results}
    if verdicts.get("spf") == "fail" and verdicts.get("dkim", "none") in ("none", "fail"):
        return Authentication(failed=True, why="spf=fail and no valid signature")
    return Authentication(why="neither passed nor failed")


def aligned_domains(one: str, other: str) -> bool:
    """Whether two domains are the same or one lies within the other; empty ones never are."""
    if not one or not other:
        return False
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _same_from(dmarc: Result, domain: str) -> bool:
    judged = dmarc.domain("header.from")
    return not judged or aligned_domains(judged, domain)


def _own_results(mail: InboundMail, authserv_id: str) -> tuple[Result, ...] | None:
    if not authserv_id:
        return None
    for name, value in mail.headers:
        if name.lower() == "authentication-results":
            host, results = _parse(value[:_BOUND])
            if host == authserv_id:
                return results
    return None


def _parse(value: str) -> tuple[str, tuple[Result, ...]]:
    head, *rest = _without_comments(value).lower().split(";")
    host = next(iter(head.split()), "")
    return host, tuple(result for part in rest if (result := _result(part)) is not None)


def _without_comments(value: str) -> str:
    for _ in range(5):  # comments nest; deeper ones than this are an attack and stay where they are
        value, found = _COMMENT.subn(" ", value)
        if not found:
            break
    return value


def _result(part: str) -> Result | None:
    found = _RESULT.match(part)
    if found is None:
        return None
    properties = tuple((p[1], p[2]) for p in _PROPERTY.finditer(part, found.end()))
    return Result(method=found[1], verdict=found[2], properties=properties)
