"""Whether a letter's words name another customer than the one who is written to (I2).

The names come from the evidence that was written down when the letter was read: what the register called each
customer who came into question, and what the letter itself calls them. Case, accents, legal forms and the words
that a group's companies add do not matter.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from complaints.matching.names import Words, is_ordinary, names_of
from complaints.matching.tokens import Token, name_words, tidy, tokens
from complaints.matching.webnames import host_and_path, is_within, label_of
from complaints.model import Complaint, Customer

_MOST_NAMES = 50
"""Of one customer; a register row may hold hundreds of aliases, and each letter keeps its own copy."""

_NO_NAMES = ("precedent", "earlier letter", "similar name")
"""Pieces of evidence whose finding is a number of ours, or somebody's name who is merely called alike."""

_SHORTEST_RUN = 5
"""Letters of a name that may stand in a file's name without blanks; fewer stand in any word."""

_FILE_MARKS = re.compile(r"[^\w]+|_+|(?<=[a-z])(?=[A-Z])")
_SITE = re.compile(r"[^\s/@]+\.[a-z]{2,}", re.IGNORECASE)


def called(customer: Customer) -> list[str]:
    """What the register calls a customer, its name first, for the evidence."""
    return [customer.name, *customer.aliases, *customer.domains][:_MOST_NAMES]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Names:
    """How somebody may be written."""

    words: frozenset[Words]
    by_first: Mapping[str, Sequence[Words]]  # the same by their first word
    spelt_small: frozenset[Words]  # those that the letter itself writes without a capital
    hosts: frozenset[str]

    @classmethod
    def among(cls, registered: Iterable[Sequence[str]], found: Iterable[str]) -> "_Names":
        written = [one for one in found if one.strip()]
        rows = [_row(names) for names in registered]
        sites = [one for one in written if _SITE.search(one)]
        names = {name.words for row in rows for name in names_of(row)}
        small = {words for one in written if one[:1].islower() for words in name_words(one)}
        hosts = (host_and_path(one)[0] for one in (*sites, *(d for row in rows for d in row.domains)))
        names |= {words for one in written for words in name_words(one)}
        by_first: defaultdict[str, list[Words]] = defaultdict(list)
        for words in filter(None, names):
            by_first[words[0]].append(words)
        return cls(
            words=frozenset(filter(None, names)),
            by_first=by_first,
            spelt_small=frozenset(small),
            hosts=frozenset(host for host in hosts if host),
        )


def _row(names: Sequence[str]) -> Customer:
    name, *others = names
    sites = tuple(one for one in others if _SITE.fullmatch(one.partition("/")[0]))
    return Customer(id="", name=name, aliases=tuple(one for one in others if one not in sites), domains=sites)


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherCustomers:
    """Those who came into question beside the one who is written to."""

    others: _Names
    own: _Names  # what this customer is called too says nothing of another

    @classmethod
    def of(cls, complaint: Complaint) -> "OtherCustomers":
        """Those of a complaint, as far as its evidence knows them."""
        registered: dict[str, list[str]] = dict(complaint.evidence.get("called", {}))
        found: dict[str, list[str]] = {}
        for one in complaint.evidence.get("candidates", ()):
            found[one.get("id", "")] = [*_found(one.get("evidence", ()))]
            if one.get("name"):
                registered.setdefault(one.get("id", ""), [one["name"]])
        own = complaint.customer_id
        ours = [registered.pop(own, []), [complaint.customer_name]]
        ours_found = found.pop(own, [])
        return cls(
            others=_Names.among(registered.values(), [one for many in found.values() for one in many]),
            own=_Names.among([names for names in ours if names and names[0]], ours_found),
        )

    def named_in(self, text: object) -> bool:
        """Whether a sentence, a subject or an address names one of them."""
        words = tidy(str(text or ""))
        if not words or not (self.others.words or self.others.hosts):
            return False
        found = tokens(words)
        return any(map(self._is_their_site, found)) or self._stands_in(words, found, anyhow=False)

    def named_in_file(self, name: object) -> bool:
        """Whether a file's name does; there a name may stand without blanks and capitals."""
        spaced = tidy(" ".join(_FILE_MARKS.split(str(name or ""))))
        if self.named_in(name) or self._stands_in(spaced, tokens(spaced), anyhow=True):
            return True
        run = "".join(name_words(spaced)[0]) if spaced else ""
        return any(self._runs_in(theirs, run) for theirs in _runs(self.others.words - self.own.words))

    def _runs_in(self, theirs: str, run: str) -> bool:
        for ours in _runs(self.own.words):
            run = run.replace(ours, " ") if theirs in ours else run
        return theirs in run

    def _is_their_site(self, token: Token) -> bool:
        if not token.web or any(is_within(token.plain, host) for host in self.own.hosts):
            return False
        label = label_of(token.plain)
        spaced = label.replace("-", " ")
        return any(is_within(token.plain, host) for host in self.others.hosts) or any(
            words in self.others.words - self.own.words
            for words in ((label,), *name_words(spaced), *_joined(label, self.others.words))
        )

    def _stands_in(self, text: str, found: Sequence[Token], *, anyhow: bool) -> bool:
        ours = [*_spans(found, self.own)]
        for first, last in _spans(found, self.others):
            inside = any(start <= first and last <= end for start, end in ours)
            if not inside and (anyhow or self._is_meant(text, found[first:last])):
                return True
        return False

    def _is_meant(self, text: str, found: Sequence[Token]) -> bool:
        """Whether it is a name here: "match" and "on" are words, unless they are written as names are."""
        words = tuple(token.plain for token in found)
        if not is_ordinary(words) or words in self.others.spelt_small:
            return True
        return not text[found[0].start].islower()


def _found(pieces: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What the letter calls somebody."""
    for piece in pieces:
        if not str(piece.get("what", "")).startswith(_NO_NAMES):
            yield str(piece.get("found") or "")


def _spans(found: Sequence[Token], names: _Names) -> Iterator[tuple[int, int]]:
    """Where names stand among words, in either spelling of an umlaut."""
    for words in (tuple(token.plain for token in found), tuple(token.german for token in found)):
        for first, word in enumerate(words):
            for name in names.by_first.get(word, ()):
                if words[first : first + len(name)] == name:
                    yield first, first + len(name)


def _runs(names: Iterable[Words]) -> set[str]:
    """Names without blanks."""
    runs = {"".join(words).replace("&", "") for words in names}
    return {run for run in runs if len(run) >= _SHORTEST_RUN}


def _joined(label: str, names: Iterable[Words]) -> Iterator[Words]:
    """The names that a site's label writes without blanks: ``acmeretail``."""
    return (words for words in names if len(words) > 1 and "".join(words).replace("&", "") == label)
