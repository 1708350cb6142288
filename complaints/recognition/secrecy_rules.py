"""Which rows of marks order silence: a short grammar for six languages.

Word order and voice are judged once for all of them. A row holds a letter for each word or phrase of a sentence
(see :data:`complaints.recognition.secrecy_words.MARKS`), so what it costs grows with the sentence's length.
"""

import re
from collections.abc import Iterable
from enum import IntEnum

from complaints.recognition.secrecy_words import MARKS

# Letters that stand for nothing in a pattern of rows.
_FIRST_LETTER = ord("À")
_LETTERS = {
    name: chr(_FIRST_LETTER + at) for at, name in enumerate((*MARKS, "firm", "name", "comma", "word"))
}
_COMMA = _LETTERS["comma"]
_THIS = "matter existence letter"
_OBJECT_REACH = 8  # marks behind the telling in which stands what is told
_CONDITION_REACH = 8
# What a gap in a rule may not hold, by its sign: an order does not reach beyond these.
_ENDS = "without free whether bystander identity except"
_GAPS = {
    "..": f"{_ENDS} duty",
    "&&": f"{_ENDS} duty and",  # "you must not wait and inform the controller at once"
    "--": f"{_ENDS} duty party firm somebody anyone nobody",
    "~~": f"{_ENDS} past",
    # A duty that is itself negated, or a tale, makes no order of "without": one may not do it without telling.
    "==": f"{_ENDS} past report ban not_to may_not_be may_not you_may not nicht never barred",
    "++": "without whether identity",
    ",,": f"{_ENDS} duty and comma we",
    "&+": "without whether identity and",
}
_NAMES = {
    "WHO": "who:party/firm/somebody/anyone/nobody",
    "TELL": "act:tell/pass",
    "TOLD": "act:told/passed",
    "NOT": "nicht/never",
    "THIS": "matter/letter/existence",
    "SPEAK": "tell/pass/told/passed/learn/notice/aware/tell_now/pass_now",
}


def _rule(words: str) -> re.Pattern[str]:
    """A rule over marks: names of marks, ``a/b`` for either, ``..5`` for a gap of five at most, ``^`` for the start."""
    return re.compile("".join(map(_part, words.split())))


def _rules(*all_of_them: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(_rule, all_of_them))


def _part(word: str) -> str:
    if word == "^":
        return "^"
    if word == "(aside)":  # "you must not, by any means, tell"
        return f"(?:{_COMMA}[^{_COMMA}]{{1,8}}{_COMMA})?"
    if word[:2] in _GAPS:
        stops = "".join(_LETTERS[name] for name in _GAPS[word[:2]].split())
        return f"[^{stops}]{{0,{word[2:]}}}?"
    group, _, names = _NAMES.get(word, word).rpartition(":")
    letters = "".join(_LETTERS[name] for name in names.split("/"))
    return f"(?P<{group}>[{letters}])" if group else f"[{letters}]"


_ORDERS = _rules(
    # You must not inform the controller; it is forbidden to inform; we ask you not to.
    "ban (aside) &&3 TELL ..12 WHO",
    "ban (aside) &&3 act:pass ..3 existence",
    "ban ..2 act:notice ..8 WHO",
    "duty ..12 not_to &&3 TELL ..12 WHO",
    "duty ..1 not ..2 TELL ..12 WHO",
    # Es ist Ihnen untersagt, den Auftraggeber zu informieren; het is u verboden uw klant in te lichten.
    "barred ..10 WHO ..8 TELL",
    "barred ..6 TELL ..8 WHO",
    "barred/forbidden ..4 act:notice ..8 WHO",
    # Sie dürfen den Kunden nicht unterrichten; u mag hierover uw klant niet informeren.
    "you_may ..10 WHO ..8 NOT ..6 TELL",
    "you_may ..10 NOT ..8 WHO ..6 TELL",
    "you_may ..10 who:nobody ..10 TELL",
    "WHO ..6 nicht ..3 act:notice ..3 you_may/may",
    # Wir bitten Sie, den Kunden nicht zu unterrichten; wij vragen u uw klant niet in te lichten.
    "duty ~~20 WHO ~~8 NOT ~~5 TELL",
    "duty ~~10 NOT ~~8 WHO ~~5 TELL",
    # Make sure that the customer does not learn of it; u dient te voorkomen dat uw klant ervan verneemt.
    "duty ~~10 WHO ~~4 not/nicht/never ~~3 act:learn/told",
    "duty ~~5 avoid ~~4 WHO ~~8 act:learn",
    # The controller must not be informed; le responsable ne doit pas être informé.
    "WHO --6 may_not_be ..4 act:tell/aware",
    "who:nobody ..5 may ..6 act:tell/told",
    "who:nobody ..6 act:learn",
    # Der Verantwortliche darf nicht unterrichtet werden, ist nicht zu unterrichten.
    "WHO --4 may/duty ..8 NOT ..8 act:told",
    "may/duty ..3 WHO ..8 NOT ..8 act:told/learn",
    "WHO --3 duty ..6 NOT ..3 act:tell",
    # This order must not be communicated to your customer; darf niemandem mitgeteilt werden.
    "THIS ..10 may_not_be ..4 act:pass ..10 WHO",
    "THIS ..8 may/duty ..4 NOT ..6 WHO ..4 act:passed",
    "THIS ++8 may/duty ..4 who:nobody ..4 act:passed",
    "THIS ++8 may/duty ..4 WHO ..3 NOT ..3 act:passed",
    "existence ..8 may_not_be ..4 act:pass",
    "existence ..8 may/duty ..4 NOT ..4 act:passed",
    # Under no circumstances may the company be alerted; nothing of it may be passed on to your client.
    "never ~~12 act:tell/pass/told/passed ~~12 WHO",
    "never ~~12 WHO ~~8 act:tell/learn/told/passed",
    "nothing ~~10 may/may_not_be ~~3 act:tell/pass ~~10 WHO",
    "nothing ~~1 WHO ~~8 may ~~8 act:tell/learn/told",
    # The customer must not learn of it.
    "WHO --6 may_not/ban ..3 act:learn",
    "WHO --4 may/duty ..8 NOT ..4 act:learn/aware",
    # Informieren Sie Ihren Kunden nicht; stuur deze brief niet door aan uw klant.
    "act:tell_now/pass_now &+10 WHO &+10 NOT",
    "act:tell_now/pass_now &+10 nicht &+6 WHO",
    "act:tell_now/pass_now ++12 who:nobody",
    # Any communication with your client about this is forbidden.
    "act:notice ..8 WHO ++10 barred/forbidden",
    "act:tell/pass ..8 WHO ++12 forbidden",
    "act:tell/pass ..6 THIS ..4 WHO ++12 forbidden",
    # Send us the logs without informing the controller.
    "duty/must ==25 without ..2 act:tell/pass/told/aware/notice ..8 WHO",
    "duty/must ==25 without ..2 WHO ..8 act:tell/pass/aware/notice/learn",
    "duty/must ==25 behind ..3 WHO",
)
# Keep it secret from your client; dem Kunden gegenüber geheim zu halten; the word of secrecy may be missing.
_TOWARDS = _rules("towards ++8 party/firm/somebody/anyone/nobody", "party/firm/somebody towards")
_KEPT_FROM = _rules("duty ..8 keep ..8 matter/existence ..8 towards", "^ ..1 keep ..8 THIS ..8 towards")
_NOT_KEPT = _rules("ban ..4 keep")
# What nobody in particular is not to be told of, and whom "them" means, a person sees.
_HINTS = _rules(
    "ban (aside) &&3 tell/pass ..6 THIS",
    "ban (aside) &&3 tell/pass ..3 them",
    # An organisation that nobody knows: it may be what the customer calls itself.
    "ban (aside) &&3 tell ..1 name",
    "name --3 may_not_be ..4 tell",
    "THIS ..8 may_not_be ..4 pass",
    "you_may ..6 THIS ..6 NOT ..6 tell/pass",
    "you_may ..6 them ..8 NOT ..6 tell/pass",
    "pass_now &&6 THIS &&6 NOT",
    "THIS ..8 may ..4 NOT ..4 passed",
)
_SECRETS = _rules(
    # Please treat this letter as confidential; wir bitten um vertrauliche Behandlung dieser Anfrage.
    "^ ..1 keep ..4 THIS ..6 secret/secrecy",
    "duty/must ..8 keep ..4 THIS ..6 secret/secrecy",
    "duty/must ..8 THIS ..6 secret/secrecy ..3 keep",
    "duty/must ..8 keep ..4 secret/secrecy ..6 THIS",
    "duty/must ..8 secret/secrecy ..3 keep ..4 THIS",
    # The investigation is confidential.
    "matter ..1 is ..3 secret/secrecy",
    "secret ..3 THIS",
    "party ..20 THIS ..1 is ..5 secret",
    "THIS ..1 is ..5 secret ..20 party",
)
_NOT_FOR_ALL = "ban not nicht never nothing nobody may_not_be barred forbidden learn"
# Tell nobody but your client.
_ALLOWED = _rules("except ..3 party/firm")
_NOT_TOLD = _rules("not/nicht/may_not/may_not_be/not_to ..8 tell/told/learn/pass")
# The customer, this letter, and a telling that is negated, in whatever order.
_OURS = _rules("we ..3 not/nicht/never")  # what we leave to you: "we shall not tell your client ourselves"
_NEGATED = _rules(
    "ban/not_to/not/nicht/never/nothing/nobody/may_not_be/barred/forbidden/behind/avoid ,,10 SPEAK",
    "SPEAK ,,10 not/nicht/never/nothing/nobody/may_not_be/barred/forbidden",
)


class Strength(IntEnum):
    """How surely a sentence forbids telling the customer."""

    NONE = 0
    NEAR = 1
    CERTAIN = 2


def row(names: Iterable[str]) -> str:
    """Marks as a row of letters."""
    return "".join(map(_LETTERS.__getitem__, names))


def strength_of(marks: str, *, is_question: bool) -> Strength:
    """How surely a sentence forbids telling the customer.

    Args:
        marks: its row.
        is_question: a question orders nothing.
    """
    if _any(_ALLOWED, marks):
        return Strength.NONE
    for rule in _ORDERS:
        for found in rule.finditer(marks):
            if _is_meant(marks, found):
                return _as_said(marks, found.start(), is_question=is_question)
    if _is_secret(marks):
        return _as_said(marks, 0, is_question=is_question)
    return Strength.NEAR if not is_question and _is_near(marks) else Strength.NONE


def names_the_matter(marks: str) -> bool:
    """Whether it speaks of a request or investigation, or of a controller or client, as no small print does."""
    return _has(marks, "matter existence party")


def _is_meant(marks: str, found: re.Match[str]) -> bool:
    """Whether what is not to be told is the letter, and who is not to be told is, or may be, the customer."""
    groups = found.groupdict()
    act, who = groups.get("act") or "", groups.get("who") or ""
    told = marks[found.end("act") :][:_OBJECT_REACH] if act else ""
    if _first(told, "identity") < _first(told, _THIS):
        return False
    if _has(who, "party firm"):
        # Whoever is called as only a customer is need not be told of what: "do not alert the controller".
        return not _has(act, "pass passed pass_now") or _has(marks, _THIS)
    # To anyone at all one may not tell many things; a customer is often the controller's.
    return _has(marks, "matter existence" if _has(who, "anyone nobody") else _THIS)


def _as_said(marks: str, start: int, *, is_question: bool) -> Strength:
    """An order that is told of, asked about or conditional is none, but may hint at one."""
    before = marks[:start]
    if _has(before, "report"):
        return Strength.NEAR if _has(marks, "party firm") else Strength.NONE
    condition = before.rpartition(_COMMA)[2][-_CONDITION_REACH:]
    if is_question or _has(condition, "whether"):
        hints = _has(marks, "party firm") and _has(marks, "matter existence")
        return Strength.NEAR if hints else Strength.NONE
    return Strength.CERTAIN


def _is_secret(marks: str) -> bool:
    """Whether it orders by a word of secrecy: tipping off, a gagging order, keep it secret from them."""
    if _has(marks, "tipping"):
        return _has(marks, "party firm somebody ban duty matter forbidden")
    if _has(marks, "gag"):
        return _has(marks, "party firm ban duty matter letter nobody")
    if _has(marks, "report whether") or _any(_NOT_KEPT, marks) or not _any(_TOWARDS, marks):
        return False
    kept = _has(marks, "secret secrecy") and _has(marks, _THIS) and _has(marks, "keep duty must")
    return _any(_KEPT_FROM, marks) or (kept and not _has(marks, "past"))


def _is_near(marks: str) -> bool:
    """Whether words of secrecy stand beside the customer or the letter, though they order nothing for sure."""
    if _has(marks, "report"):
        return False
    if _has(marks, "wish") and _has(marks, "party firm") and _any(_NOT_TOLD, marks):
        return True
    if _has(marks, "whether"):
        return False
    if _has(marks, "gag tipping"):
        return True
    if not _has(marks, _THIS):
        return False
    return _any(_SECRETS, marks) or _any(_HINTS, marks) or _is_near_the_customer(marks)


def _is_near_the_customer(marks: str) -> bool:
    if not _has(marks, "party firm") or _has(marks, "identity bystander without"):
        return False
    if _has(marks, "secret") and _has(marks, _NOT_FOR_ALL):
        return True
    return not _has(marks, "past free") and not _any(_OURS, marks) and _any(_NEGATED, marks)


def _any(rules: tuple[re.Pattern[str], ...], marks: str) -> bool:
    return any(rule.search(marks) for rule in rules)


def _has(marks: str, names: str) -> bool:
    return any(_LETTERS[name] in marks for name in names.split())


def _first(marks: str, names: str) -> int:
    """Where the first of these marks stands; beyond the end where there is none."""
    return min((at for name in names.split() if (at := marks.find(_LETTERS[name])) >= 0), default=len(marks))
