"""What kind of mail it is: one decision after the other, the safest first."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from complaints.model import Body, Evidence, InboundMail, Kind, Reference
from complaints.recognition.house import House
from complaints.recognition.impostor import (
    MONEY,
    claimed_by_name,
    is_secure_mail_host,
    look_alike,
)
from complaints.recognition.listing import word_set
from complaints.recognition.machines import is_automatic, is_bounce
from complaints.recognition.origin import Origin
from complaints.recognition.registry import Registry
from complaints.recognition.words import Cue, Cues, cues_in

_FIRST_WORDS = 120  # characters in which a machine's mail says what it is
_SHORT = 700  # characters of a confirmation or a notice at most
_REPLY = re.compile(r"\s*(?:re|aw|antw|sv|vs|odp|rif|ris|res|r)\s?(?:\[\d+\])?:", re.IGNORECASE)
# A formal demand concerns us where it says that we are addressed for our own duties.
_AS_PROCESSOR = re.compile(
    r"\b(?:you|your)\b.{0,60}\bprocessor|third.party information notice|addressed to you|your own (?:duty|duties|obligations?)"
    r"|als auftragsverarbeiter\w*.{0,80}(?:selbst|eigen\w+|verpflichtet)|an sie (?:selbst )?als auftragsverarbeiter"
    r"|en (?:votre )?qualité de sous-traitant|en (?:su )?(?:condición|calidad) de encargad[ao]|in (?:qualità|veste) di responsabile del trattamento"
    r"|in (?:uw )?hoedanigheid van verwerker|jako podmiot(?:owi)? przetwarzając\w+|i egenskap av personuppgiftsbiträde|i (?:jeres )?egenskab af databehandler"
    r"|i egenskap av databehandler|na qualidade de subcontratante"
)
_AUTOMATIC = re.compile(
    r"\W*(?:auto|out of office|abwesen|réponse auto|respuesta auto|risposta auto|odpowiedź auto|resposta auto|αυτόματ)",
    re.IGNORECASE,
)
_NO_REPLY = re.compile(r"(?:no|do-?not|nicht)[._-]?(?:reply|responder|antworten)", re.IGNORECASE)
_SURVEY = re.compile(
    r"\b(?:surveys?|how did we do|your feedback|umfrage|befragung|enquête de satisfaction|sondage|encuesta|sondaggio|klanttevredenheid\w*|tevredenheidsonderzoek|ankiet\w*|enkät|spørgeundersøgelse|brukerundersøkelse|tilfredshed\w*|inquérito de satisfação)\b",
    re.IGNORECASE,
)
_MAILERS = re.compile(
    r"(?:kurs|kurser|courses?|formations?|cursos?|corsi|cursus|news|newsletter|nieuwsbrief|infolettre|boletin|biuletyn|enqu[eê]te|umfrage|veranstaltung(?:en)?|evenements?|eventos?|eventi|szkolenia|konferenc\w*|seminare?|akademie|academy|events?|press|presse|prensa|stampa|media|e-?news(?:letter)?|marketing|jobs|karriere|careers|survey|fees?|registration"
    r"|webinars?|training|feedback|customer-?insight|recruitment|consultations?|consultazioni?|consultas?|communications?|info-?brief|bulletin|kommunikation|comunicazione|nyhetsbrev|nyhedsbrev|boletin|noreply-news)"
    r"(?:[@+._-]|\Z)",
    re.IGNORECASE,
)


_LEAVES = frozenset(
    (
        "unsubscribe",
        "abbestellen",
        "se désabonner",
        "désinscrire",
        "darse de baja",
        "uitschrijven",
        "avprenumerera",
    )
)
"""By which a reader leaves a mailing; no letter on a case offers that."""
_FOR_A_CLIENT = frozenset(
    ("our client", "my client", "we act for", "i act for", "we are instructed", "instructed by")
)
_INSTRUCTED = r"our client|my client|act(?:ing)? for|instructed by|on behalf of|mandantin|mandant|mandatée?s? par|notre cliente?|nuestr[ao] client[ea]|nostr[ao] (?:assistit[ao]|cliente)|onze cliënte?|klienta|vår klient|vores klient"
_OPENING_OF_A_LETTER = 3_000
# Single words that no complainant's story holds.
_PLAIN_ENOUGH = word_set("abschlussmitteilung ponaglenie przedłużam anståndet insistimos reiteramos")


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything the kind is decided from."""

    mail: InboundMail
    origin: Origin
    registry: Registry
    house: House
    cues: Cues  # of the letter that the body wrote, or of the mail itself
    outer_cues: Cues  # of the mail itself
    subject_cues: Cues
    head_cues: Cues  # of the subject and the first lines
    opening_cues: Cues  # of the subject and the first paragraphs
    references: tuple[Reference, ...]
    asks: bool  # a day to answer by was found
    extends: bool = False  # and it replaces an earlier one

    def hits(self, *cues: Cue) -> tuple[str, ...]:
        """The phrases of these kinds found in the letter."""
        return tuple(phrase for cue in cues for phrase in self.cues.get(cue, ()))

    @property
    def length(self) -> int:
        """Characters of the mail's own text."""
        return sum(len(passage.text) for passage in self.mail.passages if passage.where == "body")

    @property
    def numbered(self) -> bool:
        """Whether the letter bears a likely number of its writer's own."""
        return bool(self.references) and self.references[0].strength != "foreign"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The kind, how sure it is, why, and the body where it is one that no register lists."""

    kind: Kind
    score: float
    why: str  # the words or facts that decided
    body: Body | None = None


def judge(facts: Facts) -> Verdict:
    """The first rule that knows the mail; ``other`` where none does."""
    return next(verdict for rule in _RULES if (verdict := rule(facts)) is not None)


def evidence_of(verdict: Verdict) -> Evidence:
    """The verdict's reason in the form that people are shown."""
    return Evidence(
        what=f"kind {verdict.kind.value}", found=verdict.why[:200], where="mail", weight=verdict.score
    )


# --- rules, in order --------------------------------------------------------------------------------


def _bounce(facts: Facts) -> Verdict | None:
    why = is_bounce(facts.mail, facts.outer_cues, facts.subject_cues)
    return Verdict(kind=Kind.BOUNCE, score=0.95, why=why) if why else None


def _forged(facts: Facts) -> Verdict | None:
    forged = facts.origin.forged
    return Verdict(kind=Kind.SUSPICIOUS, score=0.95, why=forged) if forged else None


def _automatic(facts: Facts) -> Verdict | None:
    why = is_automatic(facts.mail, facts.outer_cues, facts.subject_cues)
    by_words_alone = why.startswith(("says so", "the subject"))
    # A letter that asks for an answer is no receipt, whatever its footer says: losing it is the graver error.
    letter = by_words_alone and (facts.asks or Cue.FIRST in facts.cues)
    if not why or (
        letter
        and not _is_called_automatic(facts)
        and (facts.asks or not _NO_REPLY.match(facts.mail.sender.email))
    ):
        return None
    # "Absence de réponse" heads a reminder of an authority; its own machines call themselves that.
    direct = facts.origin.body is not None and not facts.origin.relayed
    if by_words_alone and (
        _impostor(facts) or _collect(facts) or (direct and Cue.MACHINE not in facts.outer_cues)
    ):
        return None
    if letter and direct and facts.numbered and _is_in_papers(facts):
        return None  # a covering note says something of receipts; the letter is attached
    # One that calls itself automatic and yet asks goes to a person, unless its subject begins so and names no case.
    doubtful = letter and (facts.numbered or not _AUTOMATIC.match(facts.mail.subject))
    return Verdict(kind=Kind.AUTO_REPLY, score=0.45 if doubtful else 0.9, why=why)


def _is_in_papers(facts: Facts) -> bool:
    """Whether what is asked stands in an attached paper."""
    return facts.asks and any(
        p.where.startswith("attachment") and p.text.strip() for p in facts.mail.passages
    )


def _is_called_automatic(facts: Facts) -> bool:
    if _AUTOMATIC.match(facts.mail.subject):
        return True
    opening = next((passage.text for passage in facts.mail.passages if passage.where == "body"), "")[
        :_FIRST_WORDS
    ]
    return Cue.MACHINE in cues_in(opening)


def _unreadable(facts: Facts) -> Verdict | None:
    if facts.mail.encrypted:
        shut = next((one for one in facts.mail.problems if "could not be opened" in one), "")
        return Verdict(kind=Kind.UNREADABLE, score=0.9, why=f"encrypted; {shut}" if shut else "encrypted")
    if not facts.length and facts.mail.problems and not facts.origin.letter.text.strip():
        return Verdict(kind=Kind.UNREADABLE, score=0.8, why="; ".join(facts.mail.problems[:3]))
    return None


def _acknowledgement(facts: Facts) -> Verdict | None:
    reply = _answers_us(facts)
    if not reply and not (facts.numbered or Cue.CONFIRMS in facts.subject_cues):
        return None
    if not _may_confirm(facts):
        return None
    if Cue.DISAGREES in facts.outer_cues:
        return Verdict(kind=Kind.OTHER, score=0.3, why=f"sends it back: {facts.outer_cues[Cue.DISAGREES][0]}")
    confirms = facts.outer_cues.get(Cue.CONFIRMS, ())
    if not confirms or (not reply and facts.asks):
        return None
    return Verdict(kind=Kind.ACKNOWLEDGEMENT, score=0.9 if reply else 0.75, why=f"confirms: {confirms[0]}")


def _answers_us(facts: Facts) -> bool:
    named = facts.mail.in_reply_to + facts.mail.references
    ours = any(ident.rpartition("@")[2].strip("> ") in facts.house.own_domains for ident in named)
    return ours or bool(_REPLY.match(facts.mail.subject))


def _may_confirm(facts: Facts) -> bool:
    """Whether a person at a customer's may have written this, and no body, portal or salesman."""
    if facts.origin.body is not None and not facts.origin.relayed:
        return False
    if is_secure_mail_host(facts.mail.sender.domain) or Cue.SALES in facts.outer_cues:
        return False
    # "Thank you for your letter to our client" is a lawyer's and confirms nothing.
    if any(phrase in _FOR_A_CLIENT for phrase in facts.outer_cues.get(Cue.ADVOCATE, ())):
        return False
    # Under a reply's few words stands small print that nothing sets apart.
    brief = facts.length <= _SHORT or (
        _answers_us(facts) and facts.length <= 3 * _SHORT and Cue.CONFIRMS in facts.opening_cues
    )
    return brief and _from_a_person(facts)


def _from_a_person(facts: Facts) -> bool:
    claims = claimed_by_name(facts.mail.sender, facts.registry) is not None
    like = look_alike(facts.mail.sender.domain, facts.registry)
    return not claims and (like is None or like.weak or like.body.kind == "public-interest-body")


def _impostor(facts: Facts) -> Verdict | None:
    mail, domain = facts.mail, facts.mail.sender.domain
    if (facts.origin.body is not None and not facts.origin.relayed) or domain in facts.house.own_domains:
        return None
    named = claimed_by_name(mail.sender, facts.registry)
    claimed = facts.registry.named_in(
        f"{mail.sender.name}\n{mail.subject}\n{facts.origin.letter.text[:4_000]}"
    )
    claims = bool(claimed)
    listed_number = any(reference.owner for reference in facts.references)
    like = look_alike(domain, facts.registry)
    if like is not None and (like.weak or like.body.kind == "public-interest-body"):
        # Their words (epic, which, liberty) are in many honest domains: the mail must name the body itself.
        like = like if any(body.id == like.body.id for body, _ in claimed) else None
    if like is not None and (claims or listed_number or Cue.LURE in facts.outer_cues):
        return Verdict(
            kind=Kind.SUSPICIOUS, score=0.95, why=f"{domain} looks like {like.domain}: {like.trick}"
        )
    if named is not None and not facts.origin.relayed and not is_secure_mail_host(domain):
        return Verdict(
            kind=Kind.SUSPICIOUS, score=0.9, why=f"shows the name {named[1]} and writes from {domain}"
        )
    return _borrowed(facts, claims=claims, listed_number=listed_number)


def _unproven(facts: Facts) -> Verdict | None:
    """A listed address that nothing proves, and what imitators of one want: money, a login, answers elsewhere."""
    origin = facts.origin
    if origin.body is None or origin.relayed or origin.verified:
        return None
    lure = facts.outer_cues.get(Cue.LURE, ())
    lure = lure if origin.replies_elsewhere else tuple(word for word in lure if word in MONEY)
    if not lure:
        return None
    elsewhere = f", and answers go to {origin.replies_elsewhere}" if origin.replies_elsewhere else ""
    return Verdict(
        kind=Kind.SUSPICIOUS, score=0.85, why=f"nothing shows who sent it, it says “{lure[0]}”{elsewhere}"
    )


def _borrowed(facts: Facts, *, claims: bool, listed_number: bool) -> Verdict | None:
    """Speaks as a body in the text, from a domain that is not the body's."""
    if facts.origin.relayed and facts.origin.sure:
        return None
    lure, voice = facts.outer_cues.get(Cue.LURE, ()), facts.outer_cues.get(Cue.AUTHORITY_VOICE, ())
    person = Cue.INDIVIDUAL in facts.outer_cues or Cue.ADVOCATE in facts.outer_cues
    if is_secure_mail_host(facts.mail.sender.domain) or Cue.SALES in facts.outer_cues:
        return None
    if len(facts.outer_cues.get(Cue.ADMINISTRATIVE, ())) > 1 and not listed_number:
        return None  # an advert for a course about authorities
    if claims and lure and (voice or listed_number) and not person:
        return Verdict(kind=Kind.SUSPICIOUS, score=0.85, why=f"speaks for a body and asks to {lure[0]}")
    if (
        claims
        and listed_number
        and voice
        and not person
        and not facts.origin.relayed
        and not _REPLY.match(facts.mail.subject)
    ):
        return Verdict(
            kind=Kind.SUSPICIOUS, score=0.8, why=f"speaks as a body ({voice[0]}) from another domain"
        )
    return None


def _collect(facts: Facts) -> Verdict | None:
    waits = facts.outer_cues.get(Cue.SECURE, ())
    fetched = not facts.origin.relayed or Cue.SECURE in facts.subject_cues
    if is_secure_mail_host(facts.mail.sender.domain) and fetched and not facts.mail.wrapped:
        return Verdict(kind=Kind.COLLECT, score=0.85, why="from a service that keeps messages to be fetched")
    direct = facts.origin.body is not None and not facts.origin.relayed
    by_subject = Cue.SECURE in facts.subject_cues
    # The day until which a message can be fetched looks like one to answer by.
    told = (len(waits) > 1 and by_subject) if facts.asks else bool(waits)
    if told and facts.length < _SHORT and (direct or by_subject):
        return Verdict(kind=Kind.COLLECT, score=0.75, why=f"says so: {waits[0]}")
    return None


def _individual_hands_on(facts: Facts) -> Verdict | None:
    """People send us what an authority wrote to them; that letter is not addressed to us."""
    mine = facts.outer_cues.get(Cue.INDIVIDUAL, ())
    if facts.origin.relayed and len(mine) > 1 and facts.mail.sender.domain not in facts.house.own_domains:
        return Verdict(kind=Kind.DATA_SUBJECT, score=0.75, why=mine[0])
    return None


def _body_s_mail(facts: Facts) -> Verdict | None:
    body = facts.origin.body
    if body is None:
        return None
    if (why := _administrative_words(facts)) and not facts.origin.relayed:
        # What bears a case number is filed by a person alone: a reminder dressed as a survey must not be lost (I1).
        doubtful = facts.numbered or (facts.asks and not _can_be_left(facts))
        return Verdict(kind=Kind.ADMINISTRATIVE, score=0.45 if doubtful else 0.85, why=why)
    notice = facts.hits(Cue.NOTICE)
    if notice and _addressed_to_us(facts):
        return Verdict(kind=Kind.NOTICE_TO_PROCESSOR, score=0.8, why=notice[0])
    if body.kind == "public-interest-body" and not (
        facts.numbered or facts.asks or facts.hits(Cue.CASE, Cue.LATER) or facts.hits(Cue.ACTS_FOR)
    ):
        return Verdict(kind=Kind.OTHER, score=0.4, why="no word of a case from a public-interest body")
    return _letter(facts)


def _administrative_words(facts: Facts) -> str:
    words = facts.hits(Cue.ADMINISTRATIVE)
    local = facts.mail.sender.email.partition("@")[0]
    listed = bool(facts.mail.header("List-Unsubscribe") or facts.mail.header("List-Id"))
    bulk = 2 * bool(_MAILERS.match(local)) + 2 * listed + 2 * _can_be_left(facts)
    owned = bool(facts.references) and facts.references[0].owner == (
        facts.origin.body.id if facts.origin.body else ""
    )
    case = (
        (3 if owned else 1) * facts.numbered
        + min(2, len(facts.hits(Cue.CASE)))
        + 2 * bool(facts.hits(Cue.FIRST))
    )
    is_case = facts.numbered or facts.hits(Cue.CASE)
    headed = Cue.ADMINISTRATIVE in facts.subject_cues and not facts.hits(Cue.ACTS_FOR, Cue.FIRST)
    if is_case and not headed and facts.asks and not bulk and not _SURVEY.search(facts.mail.subject):
        return ""
    survey = _SURVEY.search(facts.mail.subject) and len(words) > 1
    if facts.numbered and facts.hits(Cue.CASE) and not bulk and not survey:
        return ""  # a complaint about newsletters is full of their words
    if not words and bulk < 4 and not (bulk and not facts.numbered):
        return ""
    # What the subject and the head say goes for the whole mail.
    at_head = len(facts.subject_cues.get(Cue.ADMINISTRATIVE, ())) + len(
        facts.head_cues.get(Cue.ADMINISTRATIVE, ())
    )
    weight = len(words) + at_head + bulk + 6 * bool(survey)
    return ", ".join((*words[:3], *((local,) if bulk else ()))) if weight > case else ""


def _can_be_left(facts: Facts) -> bool:
    """Whether it bears no number and says how to get no more of its kind."""
    return not facts.numbered and any(word in _LEAVES for word in facts.hits(Cue.ADMINISTRATIVE))


def _addressed_to_us(facts: Facts) -> bool:
    text = facts.origin.letter.text.lower()
    us = facts.house.organisation.lower()
    return bool(_AS_PROCESSOR.search(text)) or (bool(us) and f"notice to {us}" in text)


def _letter(facts: Facts) -> Verdict:
    later = _later(facts)
    first = facts.hits(Cue.FIRST)
    kind = Kind.FOLLOW_UP if later and not first else Kind.COMPLAINT
    why = (
        later
        if kind is Kind.FOLLOW_UP
        else next(iter((*first, *facts.hits(Cue.CASE))), "a letter of a listed body")
    )
    return Verdict(kind=kind, score=_trust(facts), why=why)


def _later(facts: Facts) -> str:
    """Phrases count where a letter begins; a single word may belong to the story told and counts at the head only."""
    if facts.extends:
        return "gives more time"
    opening = facts.opening_cues.get(Cue.LATER, ())
    phrases = (phrase for phrase in opening if " " in phrase or phrase in _PLAIN_ENOUGH)
    return next(phrases, next(iter(facts.head_cues.get(Cue.LATER, ())), ""))


def _trust(facts: Facts) -> float:
    origin = facts.origin
    if origin.verified:
        return 0.95
    if origin.relayed:
        return 0.8 if origin.sure else 0.6
    return 0.55


def _lawyer_of_a_body(facts: Facts) -> Verdict | None:
    """A law firm that writes for a listed body: the body's letter, which nobody vouches for."""
    text = facts.origin.letter.text[:_OPENING_OF_A_LETTER]
    for body, name in facts.registry.named_in(text) if facts.hits(Cue.ADVOCATE) else ():
        if re.search(
            rf"(?:{_INSTRUCTED})\W{{1,3}}(?:the |die |der |das |la |le |il |de )?{re.escape(name)}",
            text,
            re.IGNORECASE,
        ):
            kind = Kind.FOLLOW_UP if _later(facts) or _REPLY.match(facts.mail.subject) else Kind.COMPLAINT
            return Verdict(kind=kind, score=0.55, why=f"a lawyer writes for {name}", body=body)
    return None


def _is_small_body(facts: Facts) -> bool:
    says, personal = facts.hits(Cue.NON_PROFIT), len(facts.hits(Cue.INDIVIDUAL))
    if not says or not facts.mail.sender.domain or facts.hits(Cue.NO_BODY):
        return False
    # Associations too "represent" people; lawyers say little of purposes.
    if len(facts.hits(Cue.ADVOCATE)) >= len(says):
        return False
    if not facts.hits(Cue.ACTS_FOR) and len(says) < 2:
        return False
    # An organisation quotes what its people say; a number of its own and more than one word for itself outweigh that.
    if personal > 1 + facts.numbered + (len(says) > 1):
        return False
    return (
        len(facts.hits(Cue.SALES)) <= facts.numbered
        and len(facts.hits(Cue.ADMINISTRATIVE)) <= 1 + facts.numbered
    )


def _small_body(facts: Facts) -> Verdict | None:
    """Small bodies stand in no register: an organisation that says what it is and for whom it acts is one."""
    if not _is_small_body(facts):
        return None
    says, acts = facts.hits(Cue.NON_PROFIT), facts.hits(Cue.ACTS_FOR)
    # RFC 7489: without a policy, alignment of SPF or DKIM is all that a small domain can show.
    # What one of us hands on was written by whoever it says, as far as anybody knows.
    shown = facts.origin.authentication.passed and not facts.origin.relayed
    sender = facts.origin.letter.sender if facts.origin.sure else facts.mail.sender
    later = _later(facts)
    return Verdict(
        kind=Kind.FOLLOW_UP if later and not facts.hits(Cue.FIRST) else Kind.COMPLAINT,
        # Nobody vouches for what it says of itself: only the clearest go on without a person (I2).
        score=0.75 if shown and acts and facts.numbered and not facts.hits(Cue.INDIVIDUAL) else 0.55,
        why="; ".join((says[0], *acts[:1])),
        body=Body.unlisted(sender),
    )


def _press(facts: Facts) -> Verdict | None:
    words = facts.hits(Cue.PRESS)
    # A person looks: what a journalist knows of a case may be the first that anybody hears of it.
    return (
        Verdict(kind=Kind.OTHER, score=0.45, why=words[0]) if words and not facts.hits(Cue.ADVOCATE) else None
    )


def _data_subject(facts: Facts) -> Verdict | None:
    words = facts.hits(Cue.NO_BODY, Cue.INDIVIDUAL, Cue.ADVOCATE)
    if not words or (Cue.SALES in facts.cues and len(words) < 2) or len(facts.hits(Cue.ADMINISTRATIVE)) > 2:
        return None
    return Verdict(kind=Kind.DATA_SUBJECT, score=0.8, why=words[0])


def _sales(facts: Facts) -> Verdict | None:
    words = facts.hits(Cue.SALES)
    return (
        Verdict(kind=Kind.OTHER, score=0.75, why=", ".join(words[:3]))
        if words and not facts.numbered
        else None
    )


def _unlisted_administrative(facts: Facts) -> Verdict | None:
    words = facts.hits(Cue.ADMINISTRATIVE)
    bulk = bool(facts.mail.header("List-Unsubscribe") or _MAILERS.match(facts.mail.sender.email))
    if not words or (len(words) < 2 and not bulk) or facts.numbered or facts.asks:
        return None
    return Verdict(kind=Kind.ADMINISTRATIVE, score=0.6, why=", ".join(words[:3]))


def _about_a_case(facts: Facts) -> Verdict | None:
    """Nobody we know, yet words of a complaint: a group or a person, and a person must look."""
    # The bare word "complaint" is in many mails.
    if group := tuple(phrase for phrase in facts.hits(Cue.ACTS_FOR) if phrase not in facts.hits(Cue.CASE)):
        return Verdict(kind=Kind.DATA_SUBJECT, score=0.45, why=group[0])
    words = facts.hits(Cue.CASE)
    return Verdict(kind=Kind.OTHER, score=0.45, why=words[0]) if words else None


def _other(_: Facts) -> Verdict:
    return Verdict(kind=Kind.OTHER, score=0.4, why="no sign of any kind")


_RULES: tuple[Callable[[Facts], Verdict | None], ...] = (
    _bounce,
    _forged,
    _automatic,
    _acknowledgement,
    _impostor,
    _unproven,
    _unreadable,
    _collect,
    _individual_hands_on,
    _body_s_mail,
    _lawyer_of_a_body,
    _small_body,
    _press,
    _data_subject,
    _sales,
    _unlisted_administrative,
    _about_a_case,
    _other,
)
