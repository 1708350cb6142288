"""Whether the domain of the From header was shown to be the writer's, by our own server and our own check.

Only the topmost ``Authentication-Results`` of our own authserv-id helps (RFC 8601 section 5): every other
one was written by somebody we do not know, or came with the mail. Further ones under our name can only
raise doubt.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from complaints.matching.webnames import is_public_suffix, is_within
from complaints.model import DkimResult, DkimVerdict, Evidence, InboundMail
from complaints.recognition.authres import Field, Result
from complaints.recognition.house import House
from complaints.recognition.seals import seals
from complaints.recognition.trace import OwnResults, own_results

FORGED = "forged Authentication-Results"
_WHERE = "Authentication-Results"
_OWN_CHECK = "own DKIM check"
# Methods that speak for the From domain, and may be said by several servers' fields of one house.
_JUDGED = ("dmarc", "dkim", "spf")


@dataclass(frozen=True, kw_only=True, slots=True)
class Authentication:
    """Whether the domain of the From header was shown to be the writer's."""

    passed: bool = False
    failed: bool = False  # somebody else used the domain
    why: str = "no result of our own mail server"
    doubts: tuple[Evidence, ...] = ()  # what was noticed beside; never helps


def authenticate(mail: InboundMail, house: House) -> Authentication:
    """Judge the From domain of ``mail`` by what the house's own servers wrote and by our own DKIM check."""
    if (several := _several_senders(mail)) is not None:
        return several
    own = own_results(mail, house.authserv_ids, house.own_domains)
    domain, doubts = mail.sender.domain, (*_doubts(own, mail.signatures), *seals(mail))
    if not domain:
        return Authentication(doubts=doubts)
    judged = _judged(own, domain)
    signed = signed_for(mail.signatures, domain)
    if signed and judged.failed:
        # One of the two is mistaken, and nothing here tells which: a person looks.
        why = f"{judged.why}, yet {_OWN_CHECK}: valid for {signed}"
        return Authentication(why=why, doubts=doubts)
    if signed and not judged.passed:
        return Authentication(passed=True, why=f"{_OWN_CHECK}: valid for {signed}", doubts=doubts)
    return Authentication(passed=judged.passed, failed=judged.failed, why=judged.why, doubts=doubts)


def _several_senders(mail: InboundMail) -> Authentication | None:
    # RFC 7489 6.6.1: with several From fields or addresses nobody can say which one was judged.
    if sum(name.lower() == "from" for name, _ in mail.headers) > 1:
        return Authentication(failed=True, why="more than one From header")
    if len({sender.domain for sender in mail.senders}) > 1:
        return Authentication(failed=True, why="From names senders of different domains")
    return None


def signed_for(signatures: tuple[DkimResult, ...], domain: str) -> str:
    """The domain of a signature that we checked ourselves, found valid, and that is aligned with ``domain``."""
    return next(
        (
            one.domain
            for one in signatures
            if one.verdict is DkimVerdict.VALID and aligned_domains(one.domain, domain)
        ),
        "",
    )


def _doubts(own: OwnResults, signatures: tuple[DkimResult, ...]) -> Iterator[Evidence]:
    if own.forged:
        found = "a field under our server's name stands below another's trace: it came with the mail"
        yield Evidence(what=FORGED, found=found, where=_WHERE, weight=-0.4)
    if _contradictory(own.fields):
        found = "fields under our server's name contradict each other"
        yield Evidence(what=FORGED, found=found, where=_WHERE, weight=-0.4)
    if any(not one.sound for one in own.fields):
        yield Evidence(
            what=FORGED, found="a field under our server's name is malformed", where=_WHERE, weight=-0.2
        )
    for one in signatures:
        found = f"{one.verdict.value} for {one.domain or 'no domain'}{f' ({one.why})' if one.why else ''}"
        yield Evidence(what=_OWN_CHECK, found=found, where="DKIM-Signature")


# --- our server's results --------------------------------------------------------------------------


def _judged(own: OwnResults, domain: str) -> Authentication:
    if not own.fields:
        came = "a result under our server's name came with the mail"
        return Authentication(why=came) if own.forged else Authentication()
    judged = _by_results(own.fields[0].results, domain)
    if judged.passed and _contradictory(own.fields):
        return Authentication(why="results under our server's name contradict each other")
    return judged


def _contradictory(fields: tuple[Field, ...]) -> bool:
    """Whether a lower field says of a method what the topmost does not, or that DMARC failed.

    Several fields of one server are common: each of its filters writes its own, on another method.
    """
    if len(fields) < 2:
        return False
    top = _verdicts(fields[0])
    lower = [_verdicts(one) for one in fields[1:]]
    differs = any(method in top and top[method] != said for one in lower for method, said in one.items())
    return differs or any("fail" in one.get("dmarc", ()) for one in lower)


def _verdicts(one: Field) -> dict[str, frozenset[str]]:
    said = {r.method for r in one.results if r.method in _JUDGED}
    return {m: frozenset(r.verdict for r in one.results if r.method == m) for m in said}


def _by_results(results: tuple[Result, ...], domain: str) -> Authentication:
    dmarc = [result for result in results if result.method == "dmarc"]
    if any(result.verdict == "fail" for result in dmarc):
        return Authentication(failed=True, why="dmarc=fail")
    if dmarc and all(result.verdict == "pass" and _same_from(result, domain) for result in dmarc):
        return Authentication(passed=True, why="dmarc=pass")
    return _without_policy(results, domain)


def _same_from(dmarc: Result, domain: str) -> bool:
    # Some appliances write d= where RFC 8601 wants header.from.
    judged = dmarc.domain("header.from") or dmarc.domain("d")
    named = any(key in ("header.from", "d") for key, _ in dmarc.properties)
    return aligned_domains(judged, domain) if named else True


def _without_policy(results: tuple[Result, ...], domain: str) -> Authentication:
    """A domain without DMARC policy passes by the same alignment that DMARC would ask for (RFC 7489 3.1)."""
    for method, name in (("dkim", "header.d"), ("dkim", "header.i"), ("spf", "smtp.mailfrom")):
        for result in results:
            aligned = aligned_domains(result.domain(name), domain)
            if result.method == method and result.verdict == "pass" and aligned:
                return Authentication(passed=True, why=f"{method}=pass for {result.domain(name)}")
    spf = {result.verdict for result in results if result.method == "spf"}
    dkim = {result.verdict for result in results if result.method == "dkim"}
    if "fail" in spf and dkim <= {"none", "fail"}:
        return Authentication(failed=True, why="spf=fail and no valid signature")
    return Authentication(why="neither passed nor failed")


def aligned_domains(one: str, other: str) -> bool:
    """Whether two domains are the same or one lies within the other; empty ones and public suffixes never are."""
    shorter, longer = sorted((one, other), key=len)
    if not shorter or is_public_suffix(shorter):
        return False
    return is_within(longer, shorter)
