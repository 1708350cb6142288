"""Who wrote: the body behind a mail, and whether that was shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from complaints.inbox.headers import HIDDEN_TEXT
from complaints.matching.webnames import is_within
from complaints.model import Address, Body, Evidence, InboundMail
from complaints.recognition.authentication import Authentication, authenticate, signed_for
from complaints.recognition.decision import CLAIM, RELAY
from complaints.recognition.house import House
from complaints.recognition.impostor import claimed_by_name, signs_as
from complaints.recognition.listing import word_set
from complaints.recognition.reading import Letter
from complaints.recognition.registry import Listed, Registry

_NUMBER = re.compile(r"(?<!\S)(?=\S*\d)(?=\S*[A-Za-z])\S*[/-]\S*\d\S*")  # a case number, whoever's
_COVER = 400  # characters of a few words above a letter that is sent once more
_CERTIFIED = re.compile(r"(?:posta-?certificata|pec)@", re.IGNORECASE)
# Providers of Italian certified mail, who check and sign for the sender whose message they wrap (DPR 68/2005).
_CERTIFIED_PROVIDERS = word_set(
    "pec.aruba.it legalmail.it cert.legalmail.it postacert.poste.it pec.actalis.it namirialtsp.com pec.register.it "
    "telecompost.it pec.infocert.it sicurezzapostale.it pec.intesa.it pec.it"
)
# "Per conto di: protocollo@pec.gpdp.it": whom the provider says it delivers for.
_ON_BEHALF = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,250}")


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
    replies_elsewhere: str = ""  # the domain that answers to a listed sender would go to, where it is another
    evidence: tuple[Evidence, ...] = ()


def find_origin(mail: InboundMail, letters: tuple[Letter, ...], registry: Registry, house: House) -> Origin:
    """The body that wrote the mail or a letter in it, and how that is known."""
    authentication = authenticate(mail, house)
    for sender in mail.senders or (mail.sender,):
        listed = registry.at(sender.domain)
        if listed is not None and (not listed.shared or _second_sign(sender, letters[0], listed, registry)):
            return _direct(mail, _its_letter(letters, listed.body, registry), listed, authentication)
    for letter in letters[1:]:
        if (inner := _written_by(letter, registry)) is not None:
            return _handed_on(mail, letter, inner, authentication, house)
    if authentication.passed and mail.sender.domain in house.own_domains:
        # One of us hands on what somebody wrote whom no register lists: that letter is the one to judge.
        others = (
            one for one in letters[1:] if one.sender.email and one.sender.domain not in house.own_domains
        )
        if (other := next(others, None)) is not None:
            return Origin(letter=other, relayed=True, sure=True, authentication=authentication)
    return Origin(
        letter=letters[0],
        authentication=authentication,
        evidence=(*authentication.doubts, *_masks(mail), *_claims(mail, letters[0], registry)),
    )


def _its_letter(letters: tuple[Letter, ...], body: Body, registry: Registry) -> Letter:
    """The letter itself where its writer sends it once more under a few words; else what the mail says."""
    if len(letters[0].text) > _COVER:
        return letters[0]
    # Of several attached mails some may be another case's; what is forwarded in the text is what the words above speak of.
    attached = (
        0 if _NUMBER.search(letters[0].text) else sum(letter.mail is not None for letter in letters[1:])
    )
    forwarded = (
        letter for letter in letters[1:] if letter.handed_on == "forwarded" or (attached == 1 and letter.mail)
    )
    again = (letter for letter in forwarded if (by := _written_by(letter, registry)) and by.id == body.id)
    return next((letter for letter in again if len(letter.text) > len(letters[0].text)), letters[0])


def _direct(mail: InboundMail, letter: Letter, listed: Listed, authentication: Authentication) -> Origin:
    forged = f"{mail.sender.domain} fails: {authentication.why}" if authentication.failed else ""
    elsewhere = _replies_elsewhere(mail, listed)
    return Origin(
        letter=letter,
        body=listed.body,
        verified=authentication.passed,
        authentication=authentication,
        forged=forged,
        replies_elsewhere=elsewhere,
        evidence=(
            Evidence(what="sender domain", found=listed.domain, where="From", weight=0.5),
            Evidence(
                what="authentication",
                found=authentication.why,
                where="Authentication-Results",
                weight=0.4 if authentication.passed else -0.6 if authentication.failed else 0.0,
            ),
            *authentication.doubts,
            *_masks(mail),
            *_unlike_sender(mail, listed, elsewhere),
            *(() if authentication.passed else (_claim(listed.body, listed.domain, "From"),)),
        ),
    )


def _claim(body: Body, found: str, where: str) -> Evidence:
    """What keeps an unproven mail from being filed away: somebody must look at it."""
    return Evidence(what=CLAIM, found=f"{body.title} ({found})", where=where, weight=-0.1)


def _claims(mail: InboundMail, letter: Letter, registry: Registry) -> Iterator[Evidence]:
    """An authority that writes from an address no register knows yet says who it is; so does who borrows its name."""
    for sender in mail.senders or (mail.sender,):
        if (claimed := claimed_by_name(sender, registry)) is not None:
            yield _claim(claimed[0], claimed[1], "From")
            return
    if (signed := signs_as(letter.text, registry)) is not None:
        yield _claim(signed[0], signed[1], "letterhead or signature")


def _masks(mail: InboundMail) -> Iterator[Evidence]:
    if HIDDEN_TEXT in mail.problems:
        yield Evidence(what="hidden characters", found=HIDDEN_TEXT, where="From", weight=-0.3)
    if len(mail.senders) > 1:
        found = ", ".join(sender.email for sender in mail.senders[:4])
        yield Evidence(what="several senders", found=found, where="From", weight=-0.3)


def _replies_elsewhere(mail: InboundMail, listed: Listed) -> str:
    """Answers to a body go to the body; where they would not, that is told (shared domains have other tenants)."""
    domain = mail.reply_to.domain if mail.reply_to else ""
    known = is_within(domain, listed.domain) or domain in (*listed.body.domains, *listed.body.shared_domains)
    return "" if known else domain


def _unlike_sender(mail: InboundMail, listed: Listed, elsewhere: str) -> Iterator[Evidence]:
    if elsewhere:
        yield Evidence(what="answers go to another domain", found=elsewhere, where="Reply-To", weight=-0.3)
    sent_by = mail.sent_by.domain if mail.sent_by else ""
    if sent_by and not is_within(sent_by, listed.domain):
        yield Evidence(what="sent by another domain", found=sent_by, where="Sender", weight=-0.1)


def _second_sign(sender: Address, letter: Letter, listed: Listed, registry: Registry) -> bool:
    """Of a domain that several institutions share: the listed address, the body's name or its case numbers."""
    if sender.email in listed.body.emails:
        return True
    if registry.names_body(listed.body, f"{sender.name}\n{letter.text}"):
        return True
    return any(number.body.id == listed.body.id for number in registry.numbers_in(letter.text, listed.body))


# --- letters that others hand on -------------------------------------------------------------------


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
    ours = authentication.passed and domain in house.own_domains
    certified = authentication.passed and _is_certified(mail, letter)
    signed = _signed(letter)
    unproven = letter.mail is not None and not (ours or certified or signed)
    return Origin(
        letter=letter,
        body=body,
        verified=certified or bool(signed),
        relayed=True,
        sure=ours or certified or bool(signed),
        authentication=authentication,
        # An original that its writer signed proves itself, whoever carried it.
        forged=f"{domain} fails: {authentication.why}" if authentication.failed and not signed else "",
        evidence=(
            Evidence(
                what="sender domain",
                found=letter.sender.domain or body.domain,
                where=letter.handed_on,
                weight=0.3,
            ),
            Evidence(what=RELAY, found=domain, where="From", weight=0.3 if authentication.passed else 0.0),
            *((_inner_signature(signed, letter),) if signed else ()),
            # An attached original may be a letter that reached nobody else, whatever stands around it.
            *((_claim(body, letter.sender.email, letter.handed_on),) if unproven else ()),
            *authentication.doubts,
            *_masks(mail),
        ),
    )


def _is_certified(mail: InboundMail, letter: Letter) -> bool:
    """Whether the provider vouches for this very letter: it is the one wrapped, not one quoted in what is wrapped."""
    if not _CERTIFIED.match(mail.sender.email) or mail.sender.domain not in _CERTIFIED_PROVIDERS:
        return False
    named = _ON_BEHALF.search(mail.sender.name)
    if named is not None and named[0].lower() != letter.sender.email:
        return False
    return letter.mail is not None and any(letter.mail is inner for inner in mail.wrapped)


def _signed(letter: Letter) -> str:
    """The domain that signed a wrapped original, by our own check; text that was copied carries no signature."""
    inner = letter.mail
    if inner is None or len({sender.email for sender in inner.senders}) != 1 or not letter.sender.domain:
        return ""
    return signed_for(inner.signatures, letter.sender.domain)


def _inner_signature(domain: str, letter: Letter) -> Evidence:
    found = f"valid for {domain} (own DKIM check)"
    return Evidence(what="signature of the original", found=found, where=letter.handed_on, weight=0.5)
