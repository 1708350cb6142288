"""Which customer a letter is about: exactly one, several, or none (I2)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import islice

from complaints.matching.context import Stance, says_against_us, says_in_doubt
from complaints.matching.index import CustomerIndex
from complaints.matching.mentions import Mention, Ours, Reading, read
from complaints.matching.names import is_common
from complaints.matching.rows import Ids
from complaints.matching.similar import similar
from complaints.matching.tokens import name_words
from complaints.matching.webnames import is_within, registrable
from complaints.model import (
    Ambiguous,
    Body,
    Candidate,
    Evidence,
    InboundMail,
    Match,
    Matched,
    Precedent,
    Unmatched,
)

SURE = 0.8  # a mention of this weight identifies by itself
ENOUGH = 0.6  # one of this weight needs a second sign beside it
SOME = 0.3  # several of this weight together
_INITIALS = 2  # letters; so short a name is a chance hit
MOST_UNKNOWN = 12  # names and sites of one letter that are told as not known
_MOST_CANDIDATES = 20
_MOST_COMPARED = 4  # unknown names of one letter that are compared with the register's
_MOST_SIMILAR = 5
SIMILAR = "similar name"
PRECEDENT = "precedent"


def match(
    mail: InboundMail,
    index: CustomerIndex,
    *,
    precedent: Precedent | None,
    house_names: Collection[str],
    body: Body | None,
) -> Match:
    """Decide which customer the letter is about.

    Pure: the same letter, register and precedent always give the same answer. ``house_names`` are our own
    names; they, the body's and the sender's never point to a customer. Assigns only where the evidence
    names one customer and no other (I2).
    """
    handed_on = body is not None and not is_within_any(mail.sender.domain, body)
    reading = read(mail, index, _ours(mail, house_names, body), handed_on=handed_on)
    case = _Case(reading, index, precedent)
    if words := says_against_us(reading.text, house_names):
        return case.against_us(words)
    return case.decide()


def is_within_any(host: str, body: Body) -> bool:
    """Whether ``host`` is the body's own, so that the mail comes from itself."""
    return any(is_within(host, domain) for domain in (*body.domains, *body.shared_domains))


def _ours(mail: InboundMail, house_names: Collection[str], body: Body | None) -> Ours:
    bodies = [*((body.name, body.name_en, *body.aliases) if body else ())]
    house = _word_sets(house_names)
    addresses = [mail.sender.email, mail.return_path or "", *(to.email for to in mail.recipients)]
    hosts = [address.rpartition("@")[2] for address in addresses]
    hosts += [*body.domains, *body.shared_domains] if body else []
    return Ours(
        names=house | _word_sets(bodies),
        house=house,
        hosts=frozenset(registrable(host) for host in hosts if host),
    )


def _word_sets(names: Collection[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(words for name in names if name for words in name_words(name) if words)


@dataclass(frozen=True, slots=True)
class _Case:
    """One letter's evidence being weighed."""

    reading: Reading
    index: CustomerIndex
    precedent: Precedent | None

    def decide(self) -> Match:
        pointing = self._pointing()
        if self.precedent and self.precedent.customer_id:
            return self._with_precedent(self.precedent.customer_id, pointing)
        if not pointing:
            return self._unmatched(
                "no customer of the register is named" if not self._seen() else self._why_none()
            )
        pointing = _without_ordinary_words(pointing)
        pointing = _without_bystanders(pointing)
        common = _common(pointing)
        if not common:
            firm = [m for m in pointing if m.stance is not Stance.PASSING or m.weight == 1.0]
            common, pointing = (_common(firm), firm) if firm else (common, pointing)
        if not common:
            return self._ambiguous(
                "several customers are named; one respondent would have made it sure", pointing
            )
        if len(common) > 1:
            common = self._at_place(common, pointing)
        if len(common) > 1:
            return self._ambiguous(
                f"{_quoted(pointing)} fits {len(common)} customers; a web site, number or country would have picked one",
                pointing,
            )
        return self._single(next(iter(common)), pointing)

    def against_us(self, words: str) -> Match:
        """Nobody's case but our own: a person and our data protection officer, never a customer."""
        return self._ambiguous(f"the complaint is against us: “{words}”", self._pointing())

    # --- what points where

    def _pointing(self) -> list[Mention]:
        """The mentions that count, without the customers that the letter excludes."""
        excluded = self._excluded()
        counted = []
        for mention in self.reading.mentions:
            if mention.stance is Stance.EXCLUDED or not mention.weight:
                continue
            left = mention.ids - excluded
            if left and not self._borne_by_others(mention):
                counted.append((mention, left))
        return [_narrowed(mention, left) for mention, left in counted]

    def _excluded(self) -> Ids:
        """Customers that the letter says are not meant; a relative that is named outright stays."""
        outright = {
            next(iter(m.ids))
            for m in self.reading.mentions
            if m.stance is not Stance.EXCLUDED and m.weight >= SURE and len(m.ids) == 1
        }
        excluded: set[str] = set()
        for mention in self.reading.mentions:
            if mention.stance is Stance.EXCLUDED:
                excluded |= mention.ids if len(mention.ids) == 1 else mention.ids - outright
        return frozenset(excluded)

    def _borne_by_others(self, mention: Mention) -> bool:
        return mention.what in {"name", "brand"} and mention.key in self.reading.other_bearers

    def _at_place(self, common: Ids, pointing: list[Mention]) -> Ids:
        """Those of the common customers in the one country that stands beside a name."""
        places = {mention.country for mention in pointing if mention.country and mention.ids & common}
        if len(places) != 1:
            return common
        there = frozenset(i for i in common if (row := self.index.get(i)) and row.country in places)
        return there or common

    # --- the answers

    def _single(self, customer_id: str, pointing: list[Mention]) -> Match:
        if reason := self._objection(customer_id, pointing):
            return self._ambiguous(reason, pointing)
        return self._matched(customer_id, pointing)

    def _objection(self, customer_id: str, pointing: list[Mention]) -> str:
        """Why a person should look although only one customer is left, or empty."""
        own = [mention for mention in pointing if customer_id in mention.ids]
        numbered = any(mention.what.startswith("number") for mention in own)
        if any(m.stance is Stance.EXCLUDED and m.ids == {customer_id} for m in self.reading.mentions):
            return "the letter both names this customer and says that it is not meant"
        if not numbered and (doubt := says_in_doubt(self.reading.text)):
            return f"the sender is not sure who is meant: “{doubt}”"
        if other := self._other_company(customer_id, own, numbered=numbered):
            return other
        if not numbered and not self._is_respondent(own):
            if self.reading.accused:
                return f"the complaint seems to be against “{self.reading.accused[0]}”, no customer"
            if self.reading.strangers:
                return (
                    f"{self.reading.strangers[0]} is named too and is no customer; who is meant is not said"
                )
        return "" if self._is_enough(own) else self._too_little(own)

    def _other_company(self, customer_id: str, own: list[Mention], *, numbered: bool) -> str:
        """Which other company of the same or a similar name may be meant, in words, or empty."""
        if not numbered and (twin := self._twin(customer_id, own)):
            return f"{twin} bears the same name and shares a web site; a number would have picked one"
        rival = self._rival(customer_id)
        return f"the complaint may be against {rival}, another company of a similar name" if rival else ""

    def _twin(self, customer_id: str, own: list[Mention]) -> str:
        """Another row that may be the same company: the full name found is both's, and so is a site; or empty."""
        row = self.index.get(customer_id)
        others = {i for m in own if m.what == "full name" and not m.country for i in m.ids} - {customer_id}
        twins = (other for i in others if (other := self.index.get(i)) is not None)
        if any(
            m.what == "domain" and m.ids == {customer_id} and m.stance is not Stance.EXCLUDED for m in own
        ):
            return ""  # a web site that only this one has
        return next((t.id for t in twins if row and set(t.domains) & set(row.domains)), "")

    def _rival(self, customer_id: str) -> str:
        """A longer name in the respondent's place that begins like another customer's, or empty."""
        longer = [m for m in self.reading.mentions if m.what == "longer name"]
        others = (m for m in longer if customer_id not in m.ids)
        if placed := [m for m in others if m.stance is Stance.RESPONDENT or m.where == "subject"]:
            return placed[0].found
        # Where it begins like this customer's own name, it counts unless the customer is accused by itself.
        own = [m for m in self.reading.mentions if customer_id in m.ids and m.weight]
        accused = [m.found for m in longer if m.stance is Stance.RESPONDENT]
        return accused[0] if accused and not self._is_respondent(own) else ""

    def _is_respondent(self, own: list[Mention]) -> bool:
        if self.reading.accused:
            return False
        return any(m.stance is Stance.RESPONDENT or m.where == "subject" for m in own)

    def _is_enough(self, own: list[Mention]) -> bool:
        firm = [m for m in own if m.stance not in {Stance.DOUBTFUL, Stance.PASSING}]
        if any(m.weight >= SURE for m in firm):
            return True
        placed = any(m.stance is Stance.RESPONDENT or m.where == "subject" for m in firm)
        if placed and any(m.weight >= SURE and m.stance is Stance.PASSING for m in own):
            return True
        if any(m.weight >= ENOUGH for m in firm):
            return placed or len(firm) >= 2 or self._is_the_only_company(own)
        some = [m for m in firm if m.weight >= SOME]
        accused = any(m.stance is Stance.RESPONDENT and m.where != "subject" for m in some)
        return accused or len({(m.what, m.found.casefold()) for m in some}) >= 2

    def _is_the_only_company(self, own: list[Mention]) -> bool:
        """Whether the letter names nobody else at all."""
        others = [m for m in self.reading.mentions if m not in own and m.weight > 0]
        return not (others or self.reading.strangers or self.reading.accused or self.reading.other_bearers)

    def _too_little(self, own: list[Mention]) -> str:
        return (
            f"{_quoted(own)} alone does not identify a customer; the full name, web site or number would have"
        )

    def _with_precedent(self, customer_id: str, pointing: list[Mention]) -> Match:
        row = self.index.get(customer_id)
        if row is None:
            return self._unmatched("the earlier letter's customer is no longer in the register")
        if customer_id in self._excluded():
            return self._ambiguous("the earlier letter's customer is now said not to be meant", pointing)
        if any(
            customer_id not in mention.ids for mention in pointing if mention.stance is not Stance.PASSING
        ):
            return self._ambiguous(
                "the reference belongs to one customer's case, the text names another", pointing
            )
        if self.reading.accused and not pointing:
            return self._ambiguous(
                f"the reference belongs to a customer's case, the text names {self.reading.accused[0]}",
                pointing,
            )
        return self._matched(customer_id, pointing)

    def _matched(self, customer_id: str, pointing: list[Mention]) -> Match:
        candidates = self._candidates(pointing, meant=customer_id)
        first = next(candidate for candidate in candidates if candidate.customer.id == customer_id)
        others = tuple(c for c in candidates if c.customer.id != customer_id)
        return Matched(customer=first.customer, candidates=(first, *others), why=_because(first.evidence))

    def _ambiguous(self, why: str, pointing: list[Mention]) -> Match:
        candidates = self._candidates(pointing)
        if not candidates:
            return self._unmatched(why)
        return Ambiguous(candidates=candidates, why=why, unknown=self._unknown())

    def _unmatched(self, why: str) -> Unmatched:
        candidates = self._candidates([*self.reading.mentions, *self.reading.aside]) or self._similar()
        return Unmatched(candidates=candidates, why=why, unknown=self._unknown())

    def _similar(self) -> tuple[Candidate, ...]:
        """Customers called like somebody in the letter whom nobody knows; shown to a person, never chosen."""
        evidence: dict[str, Evidence] = {}
        for name in self._unknown()[:_MOST_COMPARED]:
            for key in islice(similar(name, self.index), _MOST_SIMILAR):
                piece = Evidence(what=SIMILAR, found=name[:120], where="the letter")
                evidence |= dict.fromkeys(sorted(key.ids)[:_MOST_SIMILAR], piece)
        rows = ((self.index.get(customer_id), piece) for customer_id, piece in evidence.items())
        found = [Candidate(customer=row, score=0.0, evidence=(piece,)) for row, piece in rows if row]
        return tuple(found[:_MOST_SIMILAR])

    def _unknown(self) -> tuple[str, ...]:
        """What the letter may call its respondent and the register does not know, the likeliest first."""
        longer = (m.found for m in self.reading.mentions if m.what == "longer name")
        named = (*self.reading.accused, *longer, *self.reading.strangers, *self.reading.sites)
        return tuple(dict.fromkeys(" ".join(name.split()) for name in named))[:MOST_UNKNOWN]

    def _seen(self) -> bool:
        return bool(self.reading.mentions or self.reading.aside)

    def _why_none(self) -> str:
        if not self.reading.mentions:
            return "customers are named only in quotations, signatures or disclaimers"
        return "the customers named are excluded in words, or their names are part of somebody else's"

    def _candidates(self, pointing: list[Mention], meant: str = "") -> tuple[Candidate, ...]:
        """Everybody any mention may mean; ``meant`` is who the mentions together left over."""
        evidence: defaultdict[str, list[Evidence]] = defaultdict(list)
        if self.precedent and self.precedent.customer_id:
            earlier = Evidence(what=PRECEDENT, found=self.precedent.ref, where="earlier letter", weight=1.0)
            evidence[self.precedent.customer_id].append(earlier)
        for mention in dict.fromkeys((*pointing, *self.reading.mentions)):
            for customer_id in mention.ids:
                evidence[customer_id].append(_evidence(mention, shared=customer_id != meant))
        scored = sorted((-_score(items), i) for i, items in evidence.items() if i in self.index.customers)
        return tuple(
            Candidate(customer=self.index.customers[i], score=-score, evidence=tuple(evidence[i][:20]))
            for score, i in scored[:_MOST_CANDIDATES]
        )


def _common(pointing: list[Mention]) -> Ids:
    sets = [mention.ids for mention in pointing]
    return frozenset.intersection(*sets) if sets else frozenset()


def _without_ordinary_words(pointing: list[Mention]) -> list[Mention]:
    """Beside a name that identifies, "mobile", "on" and "match" are words and no names, unless they are accused."""
    strong = [m for m in pointing if m.weight >= SURE and m.stance in {Stance.RESPONDENT, Stance.PLAIN}]
    meant = frozenset[str]().union(*(m.ids for m in strong))
    if not meant:
        return pointing
    return [m for m in pointing if not _is_mere_word(m) or m.ids & meant]


def _without_bystanders(pointing: list[Mention]) -> list[Mention]:
    """Where one customer stands in the respondent's place, those that are named in passing are not meant."""
    placed = [
        m for m in pointing if m.weight >= SURE and (m.stance is Stance.RESPONDENT or m.where == "subject")
    ]
    meant = _common(placed)
    if len(meant) != 1:
        return pointing
    return [m for m in pointing if m.ids & meant or m.stance not in {Stance.PASSING, Stance.DOUBTFUL}]


def _is_mere_word(mention: Mention) -> bool:
    """A registered name that any text may hold; a surname or three capitals are names all the same."""
    if mention.weight > SOME or mention.stance is Stance.RESPONDENT:
        return False
    return is_common(mention.key) or len("".join(mention.key)) <= _INITIALS


def _narrowed(mention: Mention, ids: Ids) -> Mention:
    return mention if ids == mention.ids else replace(mention, ids=ids)


def _evidence(mention: Mention, *, shared: bool) -> Evidence:
    signed = (
        -mention.weight
        if mention.stance is Stance.EXCLUDED
        else mention.weight / (len(mention.ids) if shared else 1)
    )
    what = mention.what if mention.stance is Stance.PLAIN else f"{mention.what}, {mention.stance}"
    what = f"{what}, with country {mention.country}" if mention.country else what
    return Evidence(what=what, found=mention.found, where=mention.where, weight=round(signed, 3))


def _score(items: list[Evidence]) -> float:
    """Between 0 and 1: one minus the doubt that every piece of evidence leaves."""
    doubt = 1.0
    for item in items:
        doubt *= 1 - min(max(item.weight, 0.0), 0.99)
    against = any(item.weight < 0 for item in items)
    return 0.0 if against else round(1 - doubt, 3)


def _quoted(pointing: list[Mention]) -> str:
    best = max(pointing, key=lambda mention: mention.weight)
    return f"“{best.found}”"


def _because(evidence: tuple[Evidence, ...]) -> str:
    strongest = sorted(evidence, key=lambda item: -item.weight)[:3]
    return "; ".join(dict.fromkeys(f"{item.what} “{item.found}” in {item.where}" for item in strongest))
