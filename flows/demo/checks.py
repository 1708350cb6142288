"""Whether the story happened: what is claimed of each letter against what was found. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from flows.demo.letters import DOMAIN, MANAGERS, TRIAGE, Fate, Letter


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What became of one letter, by the store and by Prefect."""

    ref: str = ""  # empty: no complaint was opened
    status: str = ""
    reason: str = ""  # why a person is asked
    breached: bool = False
    accepted: bool = False  # the relay once took the forward
    filed: bool = False
    run: str = ""  # name of the state that its run in Prefect is in


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """One mail in somebody's mailbox."""

    to: str
    notice: str  # the kind of notice it says it is
    ref: str
    original: str = ""  # SHA-256 of the letter attached to it


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """Everything that was found."""

    letters: Mapping[str, Found] = field(default_factory=dict)  # by the name of the scene
    mails: Sequence[Mail] = ()
    board: str = ""  # the text of the board; empty: there is none
    faults: Sequence[str] = ()  # of the histories' chains
    prefect: str = ""  # why Prefect could not be asked


class Check(NamedTuple):
    """One claim."""

    claim: str
    wrong: str  # why it does not hold; empty: it does


def judge(letters: Sequence[Letter], seen: Seen) -> list[Check]:
    """Every claim of the story, in the order in which it is told."""
    checks = [check for letter in letters for check in _of_letter(letter, seen)]
    return [*checks, _nothing_else(letters, seen), _board(seen), _histories(seen)]


def _of_letter(letter: Letter, seen: Seen) -> Iterator[Check]:
    found = seen.letters.get(letter.scene.name, Found())
    sent = [mail.to for mail in seen.mails if mail.original == letter.sha256]
    match letter.scene.fate:
        case Fate.FORWARDED:
            yield _forwarded(letter, found, sent)
        case Fate.FILED:
            yield _check(f"{letter.scene.title}: filed, nothing forwarded", _filed(found, sent))
        case Fate.WAITS:
            yield _check(
                f"{letter.scene.title}: waits for a person, no customer has it", _waits(letter, found, sent)
            )
            yield _told(letter, found, seen, "review", (TRIAGE,))
        case Fate.BREACHED:
            yield _check(f"{letter.scene.title}: its time ran out", _breached(letter, found, sent))
            yield _told(letter, found, seen, "breach", (TRIAGE, MANAGERS))
        case Fate.BOUNCED:
            yield _check(
                f"{letter.scene.title}: accepted, came back, waits for a person",
                _bounced(letter, found, sent),
            )
            yield _told(letter, found, seen, "delivery_failed", (TRIAGE, MANAGERS))
    if letter.scene.fate is not Fate.FILED:
        yield _run(letter, found, seen)


def _check(claim: str, faults: Iterable[str | None]) -> Check:
    return Check(claim, "; ".join(filter(None, faults)))


def _forwarded(letter: Letter, found: Found, sent: Sequence[str]) -> Check:
    to = letter.scene.to
    claim = f"{letter.scene.title}: {to} has it, SHA-256 equal ({letter.sha256[:12]}…)"
    return _check(claim, (_is("status", found.status, "forwarded"), _is("it is with", ", ".join(sent), to)))


def _filed(found: Found, sent: Sequence[str]) -> Iterator[str | None]:
    yield None if found.filed else "it is not among the filed mail"
    yield f"it became {found.ref}" if found.ref else None
    yield _nobody(sent)


def _waits(letter: Letter, found: Found, sent: Sequence[str]) -> Iterator[str | None]:
    yield _is("status", found.status, "needs_review")
    yield _is("reason", found.reason, letter.scene.reason)
    yield _nobody(sent)


def _breached(letter: Letter, found: Found, sent: Sequence[str]) -> Iterator[str | None]:
    yield from _waits(letter, found, sent)
    yield None if found.breached else "no breach is recorded"


def _bounced(letter: Letter, found: Found, sent: Sequence[str]) -> Iterator[str | None]:
    yield from _waits(letter, found, sent)
    yield None if found.accepted else "the relay never took it"


def _told(letter: Letter, found: Found, seen: Seen, notice: str, people: Sequence[str]) -> Check:
    words = notice.replace("_", " ")
    claim = f"{letter.scene.title}: {' and '.join(people)} told once ({words})"
    return _check(claim, (_once(seen, found.ref, notice, person) for person in people))


def _once(seen: Seen, ref: str, notice: str, person: str) -> str | None:
    times = (
        sum((mail.to, mail.notice, mail.ref) == (person, notice, ref) for mail in seen.mails) if ref else 0
    )
    return None if times == 1 else f"{person} got it {times} times"


def _run(letter: Letter, found: Found, seen: Seen) -> Check:
    state = {Fate.FORWARDED: "Forwarded", Fate.BREACHED: "SLA breached"}.get(
        letter.scene.fate, "Needs review"
    )
    claim = f"{letter.scene.title}: its run in Prefect says “{state}”"
    return _check(claim, (seen.prefect or _is("it says", found.run, state),))


def _nothing_else(letters: Sequence[Letter], seen: Seen) -> Check:
    """I2: beyond the letters meant for them, customers have got nothing."""
    meant = [(letter.scene.to, letter.sha256) for letter in letters if letter.scene.fate is Fate.FORWARDED]
    outside = [mail for mail in seen.mails if not mail.to.endswith(f"@{DOMAIN}")]
    stray = [mail for mail in outside if (mail.to, mail.original) not in meant]
    return _check(
        "no customer has got anything else",
        (f"{m.to} has a {m.notice} of {m.ref or 'nothing'}" for m in stray),
    )


def _board(seen: Seen) -> Check:
    missing = [found.ref for found in seen.letters.values() if found.ref and found.ref not in seen.board]
    faults = (
        seen.prefect or (None if seen.board else "there is no board"),
        *(f"{ref} is not on it" for ref in missing),
    )
    return _check("the board shows every open complaint", faults)


def _histories(seen: Seen) -> Check:
    return _check("every history is unbroken", seen.faults)


def _is(what: str, found: str, wanted: str) -> str | None:
    return None if found == wanted else f"{what} {found or 'nothing'!r}, not {wanted!r}"


def _nobody(sent: Sequence[str]) -> str | None:
    return f"it was sent to {', '.join(sent)}" if sent else None
