"""The note that covers a forwarded letter."""

from collections.abc import Iterator
from datetime import timedelta

from complaints.customer_facts import ENGINE, PERSON
from notifiers.counting import counted
from notifiers.evidence import found
from notifiers.instants import instant
from notifiers.note import Note, Section
from notifiers.telling import Telling, attached, there, told

_MOST_REFERENCES = 5


def forward_note(tell: Telling) -> Note:
    """Short at the top (what, by when, what to do), the evidence below."""
    values = tell.values
    doubtful = not values["authority_verified"]
    again = values["kind"] == "follow-up"
    wrote = tell.say(
        "forward.wrote_again" if again else "forward.wrote", authority=tell.authority, customer=tell.customer
    )
    return tell.note(
        _subject(tell),
        tone="doubt" if doubtful else "calm",
        lead=told(tell.stands_in, wrote),
        warning=tell.say("forward.unverified") if doubtful else "",
        glance=there(
            tell.row("answer.label", tell.answer_by),
            tell.row("letter.reference", values["reference"]),
        ),
        sections=tuple(_sections(tell)),
    )


def _subject(tell: Telling) -> str:
    return tell.say(
        f"subject.{tell.by_whom}",
        what=tell.what,
        authority=tell.values["authority"],
        about=tell.about,
        reference=tell.reference,
        answer=tell.answer_asked,
    )


def _sections(tell: Telling) -> Iterator[Section]:
    yield Section(heading=tell.say("note.what_to_do"), steps=_steps(tell))
    if tell.values["respond_by"] or tell.values["respond_by_quote"]:
        yield _answer(tell)
    if tell.values["asked"] or tell.leaves_out("asked"):
        yield _asked(tell)
    yield _did(tell)
    yield _letter(tell)
    yield _known(tell)
    yield _why(tell)
    yield _times(tell)
    yield _original(tell)


def _steps(tell: Telling) -> tuple[str, ...]:
    day = tell.respond_by
    read = tell.say("forward.read", day=day) if day else tell.say("forward.read_no_day")
    return (read, *(tell.say(f"forward.{step}") for step in ("confirm", "help", "keep")))


def _answer(tell: Telling) -> Section:
    quote = tell.values["respond_by_quote"]
    return Section(
        heading=tell.say("answer.heading"),
        lines=told(
            tell.answer_by if tell.respond_by else tell.say("answer.unknown"),
            tell.say("answer.own_words") if quote else "",
            tell.say("answer.in_letter") if tell.leaves_out("respond_by_quote") else "",
        ),
        quote=tell.language.quoted(quote) if quote else "",
        after=told(tell.say("answer.check"), tell.say("answer.calendar") if tell.respond_by else ""),
    )


def _asked(tell: Telling) -> Section:
    quotes = tuple(tell.language.quoted(one) for one in tell.values["asked"])
    more = (tell.say("asked.more"),) if tell.leaves_out("asked") else ()
    return Section(
        heading=tell.say("asked.heading"), items=(*quotes, *more), after=(tell.say("asked.check"),)
    )


def _did(tell: Telling) -> Section:
    values = tell.values
    contact = {name: values[name] for name in ("address", "organisation", "ref")}
    return Section(
        heading=tell.say("did.heading"),
        lines=(
            tell.say("did.not_answered", writer=values["authority"] or tell.say("name.sender")),
            tell.say("did.asked"),
            tell.say("did.contact", **contact),
        ),
    )


def _letter(tell: Telling) -> Section:
    values = tell.values
    others = [one for one in values["references"] if one != values["reference"]]
    return Section(
        heading=tell.say("letter.heading"),
        rows=there(
            tell.row("letter.authority", values["authority"] or tell.say("letter.not_established")),
            tell.row("letter.sender", _mailbox(tell)),
            tell.row("letter.reply_to", tell.quoted("reply_to")),
            tell.row("letter.reference", values["reference"] or tell.say("letter.no_reference")),
            tell.row("letter.references", ", ".join(dict.fromkeys(others[:_MOST_REFERENCES]))),
            tell.row("letter.subject", tell.quoted("subject")),
            tell.row("letter.language", _language(tell)),
            tell.row(
                "letter.belongs",
                tell.say("letter.our_case", ref=values["follows"]) if values["follows"] else "",
            ),
            *(attached(tell) or [tell.row("letter.attachments", tell.say("letter.no_attachments"))]),
        ),
    )


def _mailbox(tell: Telling) -> str:
    if tell.leaves_out("sender") or tell.leaves_out("sender_name"):
        return tell.say("letter.left_out")
    name, address = tell.values["sender_name"], tell.values["sender"]
    return f"{name} <{address}>" if name and address else address or name or tell.say("letter.sender_unknown")


def _language(tell: Telling) -> str:
    code = tell.values["letter_language"]
    return tell.language.named(code) if code else ""


def _known(tell: Telling) -> Section:
    values = tell.values
    items = tuple(found(tell.language, values["evidence"]["recognition"]))
    if values["authority_verified"]:
        key = "known.verified" if items else "known.verified_nothing"
        lines = told(tell.say(key, authority=tell.authority))
    else:
        claimed = values["authority"] or tell.say("known.an_authority")
        lines = told(
            tell.say("known.unverified", authority=claimed), tell.say("known.found") if items else ""
        )
    problem = tell.say("known.problem", words=values["problem"]) if values["problem"] else ""
    return Section(
        heading=tell.say("known.heading"),
        lines=lines,
        items=items,
        after=told(tell.say("known.not_checked"), problem),
    )


def _why(tell: Telling) -> Section:
    items = tuple(found(tell.language, tell.values["evidence"]["match"]))
    chosen = {ENGINE: "why.engine", PERSON: "why.person"}.get(tell.values["chosen_by"], "why.assigned")
    points = tell.say("why.found") if items and chosen != "why.engine" else ""
    return Section(
        heading=tell.say("why.heading"),
        lines=told(tell.say(chosen), points),
        items=items,
        after=(tell.say("why.not_yours"),),
    )


def _times(tell: Telling) -> Section:
    values = tell.values
    return Section(
        heading=tell.say("times.heading"),
        rows=there(
            tell.row("times.received", tell.when("received_at")),
            tell.row("times.mailbox", values["mailbox"]),
            *(
                tell.row(f"times.{name}", tell.when(f"{name}_at") if values[f"{name}_at"] else "")
                for name in ("stamped", "header", "stored")
            ),
            tell.row("times.terms", _agreed(tell)),
            tell.row("times.reckoned", counted(tell.language, values["reckoned"], values["counted_in"])),
            tell.row("times.written", _written(tell)),
            tell.row("times.kept", _kept(tell)),
        ),
    )


def _agreed(tell: Telling) -> str:
    values = tell.values
    if not values["due_at"]:
        return ""
    due = tell.when("due_at")
    terms = tell.language.terms(values["terms"])
    agreed = (
        tell.say("times.terms_until", terms=terms, when=due) if terms else tell.say("times.until", when=due)
    )
    waits = values["counts_until"] == "acknowledged"
    return tell.say("times.confirmed", terms_until=agreed) if waits else agreed


def _between(tell: Telling, earlier: str, later: str) -> timedelta | None:
    start, end = instant(tell.values[earlier]), instant(tell.values[later])
    return end - start if start is not None and end is not None else None


def _written(tell: Telling) -> str:
    after = _between(tell, "received_at", "written_at")
    written = tell.when("written_at")
    if after is None:
        return written
    return tell.say("times.after_receipt", when=written, span=tell.language.span(after))


def _kept(tell: Telling) -> str:
    left = _between(tell, "written_at", "due_at")
    if left is None:
        return ""
    key = "times.kept_yes" if left >= timedelta(0) else "times.kept_no"
    return tell.say(key, span=tell.language.span(left))


def _original(tell: Telling) -> Section:
    values, original = tell.values, tell.values["original"]
    if original is None:
        return Section(
            heading=tell.say("original.heading"), rows=there(tell.row("original.ref", values["ref"]))
        )
    name = tell.say(
        "original.file_of",
        name=original.filename,
        size=tell.say("letter.bytes", count=len(original.raw)),
    )
    return Section(
        heading=tell.say("original.heading"),
        rows=there(tell.row("original.ref", values["ref"]), tell.row("original.file", name)),
        code=values["sha256"],
        after=(
            tell.say("original.as_message" if original.as_message else "original.as_file"),
            *([tell.say("original.opened", names=", ".join(values["opened"]))] if values["opened"] else []),
        ),
    )
