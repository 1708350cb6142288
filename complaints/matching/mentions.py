"""Finds in a letter everything that points to a customer: names, sites, numbers."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from complaints.matching.context import (
    AGAINST,
    Stance,
    names_against,
    sentence_after,
    sentence_before,
    stance_of,
)
from complaints.matching.forms import LEADING_FORMS, LEGAL_FORMS, split_form
from complaints.matching.index import CustomerIndex, Hit
from complaints.matching.names import Tier, is_ordinary
from complaints.matching.neighbours import Neighbourhood, is_form, neighbourhood
from complaints.matching.numbers import is_named, sightings
from complaints.matching.places import place_beside
from complaints.matching.rows import Ids
from complaints.matching.taken_up import REACH, says_not_meant
from complaints.matching.tokens import Token, name_words, tidy, tokens
from complaints.matching.webnames import host_and_path, host_of, registrable
from complaints.matching.words import FREEMAIL, FUNCTION_WORDS, GENERIC_NEIGHBOURS, PAGE_HOSTS, TITLES
from complaints.model import InboundMail, Passage

# Organisations in these are never the customer complained about.
ASIDE = ("quoted", "signature", "disclaimer")
MOST_PASSAGES = 100
_TWO_LETTERS = 2  # so short a name decides nothing, even where a respondent stands
WEAK = 0.5  # below it a name is an ordinary word
MOST_STRANGERS = 50
MOST_NAMES = 2_000  # in one passage; the text is hostile


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """Something in a letter that points to one or several customers."""

    what: str  # name, alias, brand, domain, address, number
    found: str
    where: str
    ids: Ids
    weight: float  # 0..1: how much it says that these are meant, and not somebody else
    stance: Stance = Stance.PLAIN
    country: str = ""  # written beside it
    key: tuple[str, ...] = ()  # the comparable words of a name
    at: int = 0  # the character of its passage at which it begins


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """All that one letter says about who is meant."""

    mentions: tuple[Mention, ...] = ()
    aside: tuple[Mention, ...] = ()  # in quotations, signatures and disclaimers
    strangers: tuple[str, ...] = ()  # companies that are no customers of ours
    accused: tuple[str, ...] = ()  # strangers in the respondent's place
    sites: tuple[str, ...] = ()  # hosts that nobody known runs
    other_bearers: frozenset[tuple[str, ...]] = frozenset()  # names that somebody else bears in this letter
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ours:
    """Names and hosts that never point to a customer: ours, the body's, the sender's."""

    names: frozenset[tuple[str, ...]] = frozenset()
    hosts: frozenset[str] = frozenset()
    house: frozenset[tuple[str, ...]] = frozenset()  # those of the names that are ours


def passages_of(mail: InboundMail, depth: int = 0) -> Iterator[Passage]:
    """A mail's readable text with that of the mails it carries."""
    yield from mail.passages
    if depth < 5:
        for inner in mail.wrapped:
            yield from passages_of(inner, depth + 1)


def read(mail: InboundMail, index: CustomerIndex, ours: Ours, *, handed_on: bool = False) -> Reading:
    """Read a letter through.

    Args:
        mail: the letter.
        index: the register's names.
        ours: what never points to a customer.
        handed_on: somebody else forwards a body's letter in the text; what they say above it names nobody.
    """
    carried = handed_on and any(passage.where == "forwarded" for passage in mail.passages)
    mentions: list[Mention] = []
    aside: list[Mention] = []
    strangers: dict[str, bool] = {}
    sites: dict[str, None] = {}
    bearers: set[tuple[str, ...]] = set()
    texts = []
    for passage in list(passages_of(mail))[:MOST_PASSAGES]:
        page = _Page(passage.where, tidy(passage.text), index, ours)
        if passage.where.startswith(ASIDE) or (carried and passage.where in {"subject", "body"}):
            aside.extend(page.mentions)
            continue
        texts.append(page.text)
        mentions.extend(page.said)
        aside.extend(page.below)
        bearers |= page.bearers
        sites.update(page.foreign)
        for name, accused in islice(page.strangers(), MOST_STRANGERS):
            strangers[name] = strangers.get(name, False) or accused
    return Reading(
        mentions=tuple(mentions),
        aside=tuple(aside),
        strangers=tuple(strangers),
        accused=tuple(name for name, accused in strangers.items() if accused),
        sites=tuple(islice(sites, MOST_STRANGERS)),
        other_bearers=frozenset(bearers),
        text="\n\n".join(texts),
    )


class _Page:
    """One passage being read."""

    def __init__(self, where: str, text: str, index: CustomerIndex, ours: Ours) -> None:
        self.where, self.text, self.index, self.ours = where, text, index, ours
        self.words = tokens(text)
        self.bearers: set[tuple[str, ...]] = set()
        self.foreign: dict[str, None] = {}
        self._own = self._spans_of(ours.names)
        self._hits = [hit for hit in index.names_in(self.words)[:MOST_NAMES] if self._is_name(hit)]
        self._named = frozenset(n for hit in self._hits for n in range(hit.first, hit.last + 1))
        self.mentions = [*self._names(), *self._sites(), *self._numbers()]
        signed = _signed_at(self.text)
        self.said = [mention for mention in self.mentions if mention.at < signed]
        self.below = [mention for mention in self.mentions if mention.at >= signed]

    def _spans_of(self, names: Collection[tuple[str, ...]]) -> set[int]:
        spans: set[int] = set()
        if not names:
            return spans
        plain = [token.plain for token in self.words]
        firsts = {name[0] for name in names}
        for at, word in enumerate(plain):
            if word in firsts:
                for name in names:
                    if tuple(plain[at : at + len(name)]) == name:
                        spans.update(range(at, at + len(name)))
        return spans

    # --- names

    def _is_name(self, hit: Hit) -> bool:
        """Neither part of our own names nor an ordinary word in small letters."""
        if not self._own.isdisjoint(range(hit.first, hit.last + 1)) or self._is_form_in_front(hit):
            return False
        written = self.text[self.words[hit.first].start : self.words[hit.last].end]
        return hit.key.lower or self.words[hit.first].web or _is_written_as_name(written)

    def _is_form_in_front(self, hit: Hit) -> bool:
        """Whether this is a legal form that stands before a company's name: SIA Wolt Latvija."""
        if (
            hit.first != hit.last
            or self.words[hit.first].plain not in LEADING_FORMS
            or hit.last + 1 >= len(self.words)
        ):
            return False
        token, behind = self.words[hit.last], self.words[hit.last + 1]
        gap = self.text[token.end : behind.start]
        return self.text[behind.start].isupper() and re.fullmatch(r"\s[\"„“«']?", gap) is not None

    def _names(self) -> Iterator[Mention]:
        chains = _chains(self.text, self.words, self._hits)
        for at, (hit, (left, start, end, right)) in enumerate(zip(self._hits, chains, strict=True)):
            before, after = sentence_before(self.text, start), sentence_after(self.text, end)
            near = (
                before[-(start - left) :] if start > left else "",
                after[: right - end],
                after[right - end :],
            )
            if mention := self._name(hit, near):
                yield replace(mention, stance=Stance.EXCLUDED) if self._is_left_out(at) else mention

    def _is_left_out(self, at: int) -> bool:
        """Whether a later sentence says of the company named here, and of no other, that it is not meant."""
        hit = self._hits[at]
        start, end = self.words[hit.first].start, self.words[hit.last].end
        if at and self.words[self._hits[at - 1].last].end > start - len(sentence_before(self.text, start)):
            return False
        others = (
            self.words[other.first].start for other in self._hits[at + 1 :] if other.key.ids != hit.key.ids
        )
        behind = self.text[end : min(end + REACH, next(others, len(self.text)))]
        return says_not_meant(behind, self.text[start:end])

    def _name(self, hit: Hit, near: tuple[str, str, str]) -> Mention | None:
        key = hit.key
        start, end = self.words[hit.first].start, self.words[hit.last].end
        written = self.text[start:end]
        web = all(token.web for token in self.words[hit.first : hit.last + 1])
        if web and ("@" in written or key.tier is Tier.BRAND):
            return None
        beside = neighbourhood(
            self.text,
            self.words,
            hit.first,
            hit.last,
            whole=key.tier is Tier.LEGAL or web,
            lower=written[:1].islower() and not key.lower,
            named=self._named | self._own,
        )
        if beside.person:
            return None
        stance = Stance.RESPONDENT if self._stands_alone(start, end) else stance_of(*near)
        if stance is Stance.RESPONDENT and _weight(hit) < WEAK and self._goes_on(hit.last):
            stance = Stance.PLAIN  # "complaint about SEN records", "about Next steps"
        mention = Mention(
            what={
                Tier.LEGAL: "full name",
                Tier.ALIAS: "name",
                Tier.BRAND: "brand",
                Tier.LABEL: "site's name",
            }[key.tier],
            found=" ".join(written.split())[:120],
            where=self.where,
            ids=key.ids,
            weight=_weight(hit),
            stance=stance,
            country=place_beside(self.text[max(0, start - 40) : start], self.text[end : end + 40]),
            key=key.words,
            at=start,
        )
        if key.tier is Tier.LEGAL and _BRANCH.match(self.text, end):
            return replace(
                mention, weight=0.3, stance=Stance.DOUBTFUL if stance is not Stance.EXCLUDED else stance
            )
        return self._as_longer_name(mention, beside)

    def _as_longer_name(self, mention: Mention, beside: Neighbourhood) -> Mention | None:
        """Judge "Sky Italia" or "Trustpilot GmbH", of which the register knows only the beginning."""
        if not beside.other:
            return mention
        rows = [row for row in map(self.index.get, mention.ids) if row]
        if beside.form and not beside.country and mention.what == "name":
            same = frozenset(row.id for row in rows if _may_bear(row.name, mention.key, beside.form))
            if same:
                return replace(mention, ids=same)
        if beside.country and not beside.form:
            there = frozenset(row.id for row in rows if row.country == beside.country)
            if there:
                return replace(mention, ids=there, country=beside.country)
        if mention.stance is Stance.EXCLUDED:
            return mention
        self.bearers.add(mention.key)
        return replace(mention, found=" ".join(beside.other.split())[:120], weight=0.0, what="longer name")

    def _goes_on(self, last: int) -> bool:
        """Whether a word follows that makes an ordinary name part of a phrase."""
        if last + 1 >= len(self.words):
            return False
        token = self.words[last + 1]
        written = self.text[token.start : token.end]
        adjacent = self.text[self.words[last].end : token.start] in {" ", "-", "\n"}
        return adjacent and written.islower() and written not in FUNCTION_WORDS

    def _stands_alone(self, start: int, end: int) -> bool:
        """A line with the name alone heads a letter; a subject line names the one concerned."""
        line_start = self.text.rfind("\n", 0, start) + 1
        line_end = self.text.find("\n", end)
        rest = self.text[line_start:start] + self.text[end : line_end if line_end >= 0 else len(self.text)]
        return not re.search(r"[^\W\d_]{2}", rest)

    # --- sites and addresses

    def _sites(self) -> Iterator[Mention]:
        for at, token in enumerate(self.words):
            if token.web and at not in self._own:
                yield from self._site(token)

    def _site(self, token: Token) -> Iterator[Mention]:
        written = self.text[token.start : token.end]
        host = host_of(written)
        if registrable(host) in self.ours.hosts or registrable(host) in FREEMAIL:
            return
        ids, listed = self.index.customers_at(written)
        if not ids:
            self.foreign[registrable(host)] = None
            self._note_bearer(host)
            return
        address = "@" in written
        page = host_and_path(written)[1] and registrable(host) in PAGE_HOSTS
        before, after = sentence_before(self.text, token.start), sentence_after(self.text, token.end)
        yield Mention(
            what="address" if address else "domain",
            found=written[:120],
            where=self.where,
            ids=ids,
            weight=(0.5 if address else 0.9) if listed else 0.1,
            stance=Stance.PASSING if page else stance_of(before, after),
            at=token.start,
        )

    def _note_bearer(self, host: str) -> None:
        """A foreign site under a customer's name: nextdoor-watch.uk, or sky.it where the register has sky.com."""
        key = self.index.key_like_label(host)
        if key is None:
            return
        suffix = host.rpartition(".")[2]
        at_home = {row.country.lower().replace("gb", "uk") for row in map(self.index.get, key.ids) if row}
        if "-" in host.partition(".")[0] or (len(suffix) == 2 and suffix not in at_home):
            self.bearers.add(key.words)

    # --- registration numbers

    def _numbers(self) -> Iterator[Mention]:
        for sighting in sightings(self.text):
            named = [
                (n, owner)
                for n, owner in self.index.numbered(sighting.value)
                if is_named(n, sighting, self.text)
            ]
            if named:
                before = sentence_before(self.text, sighting.start)
                yield Mention(
                    what=f"number ({named[0][0].scheme})",
                    found=sighting.written,
                    where=self.where,
                    ids=frozenset(owner for _, owner in named),
                    weight=1.0,
                    stance=stance_of(before, sentence_after(self.text, sighting.end)),
                    at=sighting.start,
                )

    # --- companies that are no customers

    def strangers(self) -> Iterator[tuple[str, bool]]:
        """Companies with a legal form that no row of the register explains, and whether they are accused."""
        covered = self._named | self._own
        yield from self._complained_of(covered)
        for at, token in enumerate(self.words):
            if token.plain not in LEGAL_FORMS or not at or at in covered or at - 1 in covered:
                continue
            if is_form(self.text[token.start : token.end], token):
                first = self._name_start(at, covered)
                if first < at:
                    start = self.words[first].start
                    yield self.text[start : token.end], self._is_accused(start, token.end)

    def _complained_of(self, covered: Collection[int]) -> Iterator[tuple[str, bool]]:
        """What stands where letters name whom a complaint is against, legal form or not."""
        house = {self.words[n].start for n in self._spans_of(self.ours.house)}
        taken = {self.words[n].start for n in covered}
        for found in chain(_COMPLAINT_AGAINST.finditer(self.text), _AGAINST_QUOTED.finditer(self.text)):
            span = range(*found.span("name"))
            words = {word.casefold() for word in found.group("name").split()}
            if not house.isdisjoint(span):
                yield found.group("name"), True
            elif taken.isdisjoint(span) and not words & (TITLES | FUNCTION_WORDS | GENERIC_NEIGHBOURS):
                yield found.group("name"), False

    def _name_start(self, at: int, covered: Collection[int]) -> int:
        first = at
        while first > 0 and at - first < 6 and first - 1 not in covered and self._is_capital(first - 1):
            first -= 1
        return first

    def _is_capital(self, at: int) -> bool:
        token = self.words[at]
        written = self.text[token.start : token.end]
        gap = self.text[token.end : self.words[at + 1].start]
        proper = written[:1].isupper() or written[:1].isdigit() or token.plain == "&"
        return proper and len(gap) <= 2 and "\n\n" not in gap and written.casefold() not in FUNCTION_WORDS

    def _is_accused(self, start: int, end: int) -> bool:
        before, after = sentence_before(self.text, start), sentence_after(self.text, end)
        if stance_of(before, after) in {Stance.EXCLUDED, Stance.PASSING}:
            return False
        return self.where == "subject" or names_against(before) or self._stands_alone(start, end)


# Behind the words that close a letter stand names, footers and adverts.
_VALEDICTION = re.compile(
    r"^[ \t]*(?:(?:yours|your) (?:sincerely|faithfully|truly)|(?:kind|best|warm|with kind|with best) (?:regards|wishes)|regards|sincerely|is mise(?:,? le meas)?|le meas|thank you"
    r"|mit (?:freundlichen?|besten|vielen|herzlichen) (?:grüßen|gruß|grüssen)|(?:freundliche|beste|herzliche|viele) grüße|hochachtungsvoll|im auftrag|i\. ?a\."
    r"|(?:bien )?cordialement|sincères salutations|salutations (?:distinguées|cordiales)|(?:veuillez|je vous prie de|nous vous prions d)\b.{0,60}salutations.{0,30}"
    r"|(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?|atentamente|(?:le|les) saludan? atentamente|(?:distinti|cordiali) saluti|cordialità|cordialmente"
    r"|met (?:vriendelijke|hartelijke) groet(?:en)?|hoogachtend|z poważaniem|z wyrazami szacunku|(?:med )?vänlig(?:a)? hälsning(?:ar)?|(?:med )?venlig hilsen|(?:med )?vennlig hilsen|bedste hilsner|beste hilsen|hilsen"
    r"|com os melhores cumprimentos|atenciosamente|(?:ystävällisin )?terveisin|s pozdravem|s pozdravom|üdvözlettel|tisztelettel|cu stimă|s poštovanjem|lep pozdrav|lugupidamisega)"
    r"[^\n]{0,24}$",
    re.IGNORECASE | re.MULTILINE,
)
_FOOT_AT_MOST = 1_500  # characters; what is longer is a letter that goes on


def _signed_at(text: str) -> int:
    """Where the writer signs: behind it nothing is said; the text's end where nobody does."""
    *_, last = (None, *_VALEDICTION.finditer(text))
    return last.end() if last is not None and len(text) - last.end() <= _FOOT_AT_MOST else len(text)


# A branch of a company is the same legal person in another place: a person decides unless the register has it.
_BRANCH = re.compile(
    r"[\s,.–-]{1,4}(?:\(publ\))?[\s,–-]{0,4}(?:(?!(?:and|und|et|y|e|og|och|en|i|oraz) )\w+ )?(?:zweigniederlassung|niederlassung|filial\w*|branch|succursale|sucursal|sivuliike|oddział|"
    r"pobočka)\b",
    re.IGNORECASE,
)
_COMPLAINT_AGAINST = re.compile(
    r"\b(?:[Cc]omplain(?:t|ts|ed|s)|[Bb]eschwerden?|[Pp]laintes?|[Rr]eclamaci[oó]n|[Rr]eclamo|[Kk]lacht|[Kk]lagomål|[Kk]lage|[Ss]karg[aęi])"
    r"\s+(?:[a-zà-þ]+\s+){0,3}?"
    r"(?:against|about|concerning|gegen|contre|contra|contro|tegen|mot|mod|over|przeciwko|na)\s+"
    r"(?:(?:the|der|die|das|den|la|le|les|el|il|lo|de|het)\s+)?(?P<name>[A-ZÀ-Þ][\w&'-]{2,30}(?:[ ][A-ZÀ-Þ][\w&'-]{1,30}){0,3})"
)
# A name in quotation marks behind "against", whatever the language.
_AGAINST_QUOTED = re.compile(
    rf"\b(?:{AGAINST})\s+(?:[^\W\d_]{{1,14}}\s+){{0,3}}[«„“\"]\s?(?P<name>[^\W\d_][\w .&'-]{{2,60}}?)\s?[»”“\"]",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\s*(?:,|&|/|\band\b|\bor\b|\bnor\b|\bund\b|\boder\b|\bnoch\b|\bet\b|\bou\b|\bni\b|\by\b|\bo\b|\be\b|\boch\b|\beller\b|\bog\b|\ben\b|\bof\b|\bi\b|\blub\b|\bani\b|\s)+\s*"
    # "contra Acme, S.L. y Borealis": the stop is the form's.
    r"|\s*\.\s(?:and|und|et|y|e|i|en|och|og|oraz)\s"
)


def _chains(text: str, words: list[Token], hits: list[Hit]) -> list[tuple[int, int, int, int]]:
    """For each name: where the name before its list ends, where its list begins and ends, where the next begins.

    What is said of a list of names is said of each of them.
    """
    lists: list[list[int]] = []  # begin, end, how many names
    for hit in hits:
        start, end = words[hit.first].start, words[hit.last].end
        if lists and _is_list(text[lists[-1][1] : start]):
            lists[-1][1:] = [end, lists[-1][2] + 1]
        else:
            lists.append([start, end, 1])
    lefts = [0, *(end for _, end, _ in lists)]
    rights = [*(begin for begin, _, _ in lists[1:]), len(text)]
    return [
        (left, begin, end, right)
        for left, (begin, end, names), right in zip(lefts, lists, rights, strict=False)
        for _ in range(names)
    ]


def _is_list(between: str) -> bool:
    return (
        len(between) < 20
        and "\n\n" not in between
        and not between.isspace()
        and _LIST.fullmatch(between) is not None
    )


def _is_written_as_name(written: str) -> bool:
    """A capital somewhere; in a short word in front, where "bAV" is not BAV."""
    return written[:1].isupper() if len(written) <= 4 and written.isalpha() else written != written.lower()


def _weight(hit: Hit) -> float:
    if hit.key.tier is Tier.LEGAL:
        return 1.0
    if len("".join(hit.key.words)) <= _TWO_LETTERS:
        return 0.2
    if is_ordinary(hit.key.words) or (len(hit.key.words) == 1 and hit.key.words[0] in GENERIC_NEIGHBOURS):
        return 0.3 if hit.key.tier is Tier.ALIAS else 0.2
    return {Tier.ALIAS: 0.8, Tier.BRAND: 0.6}.get(hit.key.tier, 0.25)


def _may_bear(name: str, key: tuple[str, ...], form: str) -> bool:
    """Whether the register's name can be this name with this legal form behind it.

    A form behind a mere alias ("Santander UK plc") makes it another legal person's name.
    """
    own = {word for words in name_words(name) for word in words[1:]} & LEGAL_FORMS
    return any(split_form(words)[0] == key for words in name_words(name)) and (not own or form in own)
