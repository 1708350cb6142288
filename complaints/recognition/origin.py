"""Who wrote: the body behind a mail, and whether that was shown."""

import re
from dataclasses import dataclass, field

from complaints.model import Address, Body, Evidence, InboundMail
from complaints.recognition.authentication import Authentication, authenticate
from complaints.recognition.decision import RELAY
from complaints.recognition.house import House
from complaints.recognition.listing import word_set
from complaints.recognition.reading import Letter
from complaints.recognition.registry import Listed, Registry

_CERTIFIED = re.compile(r"(?:posta-?certificata|pec)@", re.IGNORECASE)
# Providers of Italian certified mail, who check and sign for the sender whose message they wrap (DPR 68/2005).
_CERTIFIED_PROVIDERS = word_set(
    "pec.aruba.it legalmail.it cert.legalmail.it postacert.poste.it pec.actalis.it namirialtsp.com pec.register.it "
    "telecompost.it pec.infocert.it sicurezzapostale.it pec.intesa.it pec.it"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a mail comes from."""

    letter: Letter  # the one that the body wrote; the mail itself where no body did
    body: Body | None = None
    verified: bool = False
    relayed: bool = False  # somebody else handed the body's letter on
    sure: bool = False  # whoever handed it on is one of us, or a provider that vouches for the sender
    authentication: Authentication = field(default_factory=Authentication)
    forged: str = ""  # why the listed sender is not believed
    evidence: tuple[Evidence, ...] = ()


def find_origin(mail: InboundMail, letters: tuple[Letter, ...], registry: Registry, house: House) -> Origin:
    """The body that wrote the mail or a letter in it, and how that is known."""
    authentication = authenticate(mail, house.authserv_id)
    listed = registry.at(mail.sender.domain)
    if listed is not None and (not listed.shared or _second_sign(mail.sender, letters[0], listed, registry)):
        return _direct(mail, letters[0], listed, authentication)
    for letter in letters[1:]:
        if (inner := _written_by(letter, registry)) is not None:
            return _handed_on(mail, letter, inner, authentication, house)
    return Origin(letter=letters[0], authentication=authentication)


def _direct(mail: InboundMail, letter: Letter, listed: Listed, authentication: Authentication) -> Origin:
    forged = f"{mail.sender.domain} fails: {authentication.why}" if authentication.failed else ""
    return Origin(
        letter=letter,
        body=listed.body,
        verified=authentication.passed,
        authentication=authentication,
        forged=forged,
        evidence=(
            Evidence(what="sender domain", found=listed.domain, where="From", weight=0.5),
            Evidence(
                what="authentication",
                found=authentication.why,
                where="Authentication-Results",
                weight=0.4 if authentication.passed else -0.6 if authentication.failed else 0.0,
            ),
        ),
    )


def _second_sign(sender: Address, letter: Letter, listed: Listed, registry: Registry) -> bool:
    """Of a domain that several institutions share: the listed address, the body's name or its case numbers."""
    if sender.email in listed.body.emails:
        return True
    if registry.names_body(listed.body, f"{sender.name}\n{letter.text}"):
        return True
    return any(number.body.id == listed.body.id for number in registry.numbers_in(letter.text, listed.body))


def _written_by(letter: Letter, registry: Registry) -> Body | None:
    listed = registry.at(letter.sender.domain)
    if listed is not None:
        return listed.body
    # A forwarded block often shows the name alone; then the case number must have the body's own shape.
    if letter.sender.email:
        return None
    named = registry.named_in(f"{letter.sender.name}\n{letter.text[:3_000]}")
    shapes = {number.body.id for number in registry.numbers_in(letter.text[:6_000])}
    return next((body for body, _ in named if body.id in shapes), None)


def _handed_on(
    mail: InboundMail, letter: Letter, body: Body, authentication: Authentication, house: House
) -> Origin:
    domain = mail.sender.domain
    ours = domain in house.own_domains
    certified = bool(_CERTIFIED.match(mail.sender.email)) and domain in _CERTIFIED_PROVIDERS
    trusted = authentication.passed and (ours or certified)
    return Origin(
        letter=letter,
        body=body,
        verified=authentication.passed and certified,
        relayed=True,
        sure=trusted,
        authentication=authentication,
        forged=f"{domain} fails: {authentication.why}" if authentication.failed else "",
        evidence=(
            Evidence(
                what="sender domain",
                found=letter.sender.domain or body.domain,
                where=letter.handed_on,
                weight=0.3,
            ),
            Evidence(what=RELAY, found=domain, where="From", weight=0.3 if authentication.passed else 0.0),
        ),
    )
