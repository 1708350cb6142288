"""The values the desk works with: frozen, keyword-only, every instant aware and in UTC."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from complaints.lifecycle import Status, clock_runs


class Kind(StrEnum):
    """What a mail is."""

    COMPLAINT = "complaint"
    FOLLOW_UP = "follow-up"
    ACKNOWLEDGEMENT = "acknowledgement"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto-reply"
    SUSPICIOUS = "suspicious"  # claims to be an authority and isn't shown to be
    DATA_SUBJECT = "data-subject"  # an individual writes directly
    NOTICE_TO_PROCESSOR = "notice-to-processor"  # a formal demand addressed to us: legal hold
    COLLECT = "collect"  # the message itself waits in a portal
    ADMINISTRATIVE = "administrative"  # fees, newsletters, events
    UNREADABLE = "unreadable"  # encrypted, malformed or too large
    OTHER = "other"
    SYNTHETIC = "synthetic"  # made up by us, to see that letters get through


class Decision(StrEnum):
    """What the engine does with a mail on its own."""

    ASSIGN = "assign"  # forward to the one customer it names
    TRIAGE = "triage"  # a person decides, the clock running
    IGNORE = "ignore"  # kept and visible, nothing to route


# --- the registers -------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Customer:
    """One row of the customers register: a controller we process for, and its contract while this row is in force.

    A customer whose terms or people change on a day has a row for each time, under one id.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()  # "scheme:value", e.g. companies-house:11437420
    supplier_manager_name: str = ""
    supplier_manager_email: str = ""  # empty: nobody can be reached, a person decides
    deputies: tuple[str, ...] = ()  # mail addresses, in the order in which they stand in for the manager
    fallback_email: str = ""  # the customer's own, for when the manager and every deputy are away
    sla: str = ""  # the contract's words; empty means the house's default
    country: str = ""  # ISO 3166 alpha-2
    language: str = ""  # BCP 47, that its people are written to in; empty: by its country
    calendar: str = ""  # name of the one its time is counted in; empty: the house's
    encryption: str = "none"  # of forwards: none, opportunistic or required
    valid_from: date | None = None  # the first day in force, in the house's time zone; None: ever since
    valid_until: date | None = None  # the last day in force; None: until further notice

    def in_force_on(self, day: date) -> bool:
        """Whether the contract is in force on this day of the house's time zone."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReferencePattern:
    """How one body's case numbers look."""

    pattern: str
    strength: str  # strong: says whose it is; medium: with domain or name; weak: with a keyword too
    denotes: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A supervisory authority or a public-interest body, as the registers describe it."""

    id: str
    name: str
    name_en: str = ""
    kind: str = "supervisory-authority"  # or public-interest-body
    country: str = ""  # ISO 3166 alpha-2
    languages: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    shared_domains: tuple[str, ...] = ()  # other institutions mail from these too
    emails: tuple[str, ...] = ()
    references: tuple[ReferencePattern, ...] = ()
    main_domain: str = ""  # the one listed first; empty: the first of domains

    @classmethod
    def unlisted(cls, writer: "Address") -> "Body":
        """A public-interest body that no register lists: all that is known of it is where it writes from."""
        return cls(
            id="",
            name=writer.name or writer.domain,
            kind="public-interest-body",
            domains=(writer.domain,),
        )

    @property
    def own_name(self) -> str:
        """What it calls itself; of several languages the first."""
        return self.name.split(" / ")[0]

    @property
    def title(self) -> str:
        """The name people are shown: its own, and in parentheses the English one where that is another."""
        own = self.own_name
        english = self.name_en.split(";")[0].split(" (")[0].strip()
        return own if not english or english.casefold() in own.casefold() else f"{own} ({english})"

    @property
    def party(self) -> str:
        """What tells this body from every other: its id, or the domain of one that no register lists."""
        return self.id or self.domain

    @property
    def domain(self) -> str:
        """The body's main mail domain, or empty where none is known."""
        return self.main_domain or next(iter((*self.domains, *self.shared_domains)), "")


# --- mail ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """A mail as an inbox hands it to the desk."""

    raw: bytes  # the message verbatim; of an oversized one its header section alone
    mailbox: str  # where it lay, e.g. "privacy@msp.example/INBOX" or "file"
    server_at: datetime  # INTERNALDATE, or the delivery time of the file (I3)
    uidvalidity: int | None = None  # IMAP only
    uid: int | None = None  # IMAP only
    place: str = ""  # how to find it again where there is no UID: the file's name
    size: int = 0  # bytes on the server; larger than len(raw) when only the headers were fetched
    oversized: bool = False  # only the headers were fetched
    problem: str = ""  # why it could not be fetched whole, where that is so


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A mailbox of a header: the name shown and the address behind it."""

    name: str
    email: str  # lower case; empty when the header holds none

    @property
    def domain(self) -> str:
        """What stands behind the last @."""
        return self.email.rpartition("@")[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A stretch of readable text and where in the mail it stood."""

    where: str  # subject, body, forwarded, quoted, attachment:NAME ...
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """What is known of an attached file without opening it."""

    name: str
    content_type: str
    size: int  # bytes after decoding
    sha256: str = ""  # of the decoded bytes


class DkimVerdict(StrEnum):
    """What our own check of a signature came to."""

    VALID = "valid"
    INVALID = "not valid"
    NOT_COUNTED = "valid but too little"  # leaves out what matters, or is too weak to rely on
    UNKNOWN = "not known"  # the key could not be looked up, or the check was left out


@dataclass(frozen=True, kw_only=True, slots=True)
class DkimResult:
    """One DKIM signature of a mail, as we checked it ourselves (RFC 6376)."""

    domain: str  # d=, lower case: who signed; empty where the signature does not say
    verdict: DkimVerdict
    why: str = ""  # why it is not simply valid


class SealVerdict(StrEnum):
    """What checking an S/MIME or OpenPGP signature came to."""

    INTACT = "unaltered since it was signed"
    ALTERED = "ALTERED since it was signed, or the signature is forged"
    UNKNOWN = "not checked"  # the signer's key is not held, or the kind of signature is not known


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedBy:
    """Who signed a mail by S/MIME or OpenPGP. It says that nothing was altered, never by itself who an authority is."""

    standard: str  # S/MIME or OpenPGP
    verdict: SealVerdict
    name: str = ""  # of the signer, as the certificate or key calls them
    emails: tuple[str, ...] = ()  # that it is made out for, lower case
    issuer: str = ""  # who made the certificate out; empty: the signer, or nobody knows
    why: str = ""  # why it is not simply intact


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundMail:
    """A parsed mail. Parsing never fails: what could not be read is listed in ``problems``."""

    sha256: str
    subject: str
    sender: Address  # the first of ``senders``
    senders: tuple[Address, ...] = ()  # every mailbox that a From field names; more than one is a sign
    sent_by: Address | None = None  # the Sender field
    recipients: tuple[Address, ...] = ()
    reply_to: Address | None = None
    return_path: str | None = None  # empty string: the null sender of a bounce
    date: datetime | None = None  # the Date header's claim, UTC; never a clock's start
    received_at: datetime | None = None  # our own server's topmost Received stamp, UTC
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()  # decoded, in order, names as written; trace fields undecoded
    signatures: tuple[DkimResult, ...] = ()  # its DKIM signatures, where we check them ourselves
    passages: tuple[Passage, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    wrapped: tuple["InboundMail", ...] = ()  # attached message/rfc822, outermost first
    encrypted: bool = False  # something in it is, and we could not open it
    opened: tuple[
        str, ...
    ] = ()  # what came encrypted and was opened with a key of ours: its name and standard
    sealed_by: tuple[SealedBy, ...] = ()  # its S/MIME and OpenPGP signatures
    unread: tuple[str, ...] = ()  # attached papers that may hold the letter and of which nothing was read
    returned_message_ids: tuple[str, ...] = ()  # of mails that it gives back, whole or in lines of its text
    problems: tuple[str, ...] = ()
    content_sha256: str = ""  # of what every copy has alike: sender, subject, date, body; empty without body

    def header(self, name: str) -> str:
        """The first header of this name (any case), or empty."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


# --- what the desk thinks of a mail ----------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One thing that was found and speaks for (or, negative, against) a conclusion."""

    what: str  # e.g. "sender domain", "name", "identifier", "case reference"
    found: str  # the words or value found
    where: str = ""  # where in the mail
    weight: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A case number found in a mail."""

    value: str  # as written, white space tidied
    owner: str = ""  # id of the body whose format it has; empty when unknown
    strength: str = "weak"
    where: str = ""
    former: bool = False  # the letter says that the case had this number before
    case: str = ""  # without what numbers the single document, where the series does; else empty

    @property
    def of_case(self) -> str:
        """What all letters on the case bear."""
        return self.case or self.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognition:
    """What kind of mail it is, who wrote it, how sure that is, and by when they want an answer."""

    kind: Kind
    body: Body | None = None
    verified: bool = False  # the sender was shown to be that body
    reference: str = ""  # the body's own number for this case
    references: tuple[Reference, ...] = ()
    respond_by: date | None = None
    respond_by_quote: str = ""
    language: str = ""  # BCP 47
    score: float = 0.0  # 0..1, how sure the kind is
    evidence: tuple[Evidence, ...] = ()
    letter: InboundMail | None = None  # the wrapped mail that the body wrote, where an outsider handed it on
    forged: bool = False  # our own server says that somebody else used the sender's domain
    asked: tuple[str, ...] = ()  # what it asks of its reader, in its own words
    forbids: str = ""  # the words by which it forbids telling the customer
    may_forbid: str = ""  # words of secrecy by which it perhaps does; a person reads it
    said: tuple[
        Passage, ...
    ] = ()  # the letter itself, to be read once more when the customer's name is known

    @property
    def case_number(self) -> str:
        """The number of the case, which a later letter bears too, whatever its own document number is."""
        return next((one.of_case for one in self.references if one.value == self.reference), self.reference)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A customer the mail may be about."""

    customer: Customer
    score: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Matched:
    """Exactly one customer is meant."""

    customer: Customer
    candidates: tuple[Candidate, ...]
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ambiguous:
    """More than one customer may be meant; a person decides."""

    candidates: tuple[Candidate, ...]
    why: str
    unknown: tuple[str, ...] = ()  # names and web sites in the letter that the register does not know


@dataclass(frozen=True, kw_only=True, slots=True)
class Unmatched:
    """No customer is named well enough."""

    candidates: tuple[Candidate, ...] = ()
    why: str = "no customer of the register is named"
    unknown: tuple[str, ...] = ()  # as of Ambiguous


Match = Matched | Ambiguous | Unmatched


@dataclass(frozen=True, kw_only=True, slots=True)
class Precedent:
    """What an earlier letter of the same body with the same reference was about."""

    customer_id: str | None  # None: nobody has said yet, or the link is too loose to say it
    ref: str  # our reference of that complaint
    reference: str = ""  # the body's own number, normalised
    main: bool = True  # that complaint's own mark; else it merely named it
    shown: bool = True  # its sender was shown to be the body
    candidates: frozenset[str] = frozenset()  # of one that nobody has decided yet: who came into question


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """Everything the desk concludes from one mail before it acts."""

    mail: InboundMail
    recognition: Recognition
    match: Match
    decision: Decision
    why: str  # one line for people


# --- what the store remembers ----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Complaint:
    """One letter on its way to a supplier manager."""

    id: int
    ref: str  # ours, e.g. FW-1001
    mail_id: int
    part: int = 0  # 0: the letter's own; 1, 2 …: of the customers whom it concerns besides
    kind: Kind
    status: Status
    version: int  # climbs by one with every event
    body_id: str  # of the register; empty: no listed body
    party: str  # who wrote, as told apart from all others: body_id, or the domain of an unlisted body
    body_name: str
    body_verified: bool
    reference: str  # the body's own number
    subject: str  # personal data: never leaves our store except in the forward
    language: str
    follows: str = ""  # our reference of the earlier letter on this case
    customer_id: str = ""
    customer_name: str = ""
    customer_language: str = ""  # BCP 47, that its people are written to in
    customer_timezone: str = ""  # IANA, in which they are shown times; empty: the house's
    manager_name: str = ""  # as on file at receipt or assignment
    manager_email: str = ""
    deputy_email: str = ""  # the first deputy on file
    recipient_email: str = ""  # whom it is forwarded to: the manager, or who stands in
    standing_in: str = ""  # why it is not the manager, in words without personal data; empty: it is
    encryption: str = "none"  # what the customer's contract asks of the forward
    received_at: datetime  # the clock's start (I3)
    server_at: datetime
    header_at: datetime | None  # what the Date header claims
    stored_at: datetime
    terms: str  # the contract's words the deadline came from
    house_number: str = ""  # what vague words in them stood for
    calendar: str = ""  # name of the calendar it was counted in
    calendar_version: str = ""  # digest of what that calendar said; empty: reckoned before this was kept
    urgent: str = ""  # why the letter is urgent; empty: it is not
    until: str = "sent"  # what ends the time: sent, delivered or acknowledged
    delivery: str = ""  # how far its forward has come: queued, accepted, delayed, delivered, bounced ...
    held_up: bool = False  # a report says that the forward is still under way
    reckoned: str = ""  # how the deadline was counted, in one line
    due_at: datetime
    deadline_version: int = 1
    next_rung_at: datetime | None = None  # the first of all its ladders; None: they have come to their end
    climbs: dict[str, Any] = field(default_factory=dict)  # of each ladder: what it counts for, and up to when
    paused_until: datetime | None = None  # somebody has taken it up: until then no ladder is climbed
    breached_at: datetime | None = None
    breach_cause: str = ""
    respond_by: date | None = None
    respond_by_quote: str = ""
    held_at: datetime | None = None  # a legal hold lies on it: nothing of it goes to a customer
    hold_reason: str = ""
    review_reason: str = ""  # while a person is asked: unmatched, ambiguous, suspicious, bounced ...
    why: str = ""  # why this customer, or why a person is asked
    evidence: dict[str, Any] = field(default_factory=dict)  # recognition and match, as shown
    forwarded_at: datetime | None = None
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def clock_runs(self) -> bool:
        """What the contract promises has not happened yet."""
        return clock_runs(self.status, self.until, held_up=self.held_up, met=self.met_at is not None)

    @property
    def met_at(self) -> datetime | None:
        """When what the contract promises happened: it was sent or, where that is agreed, acknowledged."""
        return self.acknowledged_at if self.until == "acknowledged" else self.forwarded_at


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedEvent:
    """One line of a complaint's history, chained to the one before."""

    complaint_id: int
    seq: int  # 1, 2, 3 ... within the complaint
    at: datetime
    name: str  # of lifecycle.Event
    actor: str  # "forthwith", or who did it
    data: dict[str, Any]
    previous_hash: str
    hash: str
