"""The notes that ladders send to a customer's people."""

from collections.abc import Iterator
from typing import Literal

from notifiers.note import Note, Section
from notifiers.telling import Telling, there, told


def unacknowledged_note(tell: Telling) -> Note:
    """The letter was forwarded, and nobody has said that they have it."""
    theirs = tell.is_theirs
    lead = "unacknowledged.lead" if theirs else "unacknowledged.lead_other"
    own_steps = (tell.say("unacknowledged.do"), tell.say("unacknowledged.missing"))
    subject = "subject.unacknowledged" if theirs else "subject.unconfirmed"
    return tell.note(
        tell.say(subject, what=tell.what, about=tell.about, by=tell.by),
        tone="doubt",
        lead=told(
            tell.stands_in,
            tell.say(lead, about=tell.about, ref=tell.values["ref"], manager=tell.goes_to),
            tell.unnamed,
        ),
        sections=(
            Section(
                heading=tell.say("note.what_to_do"),
                steps=own_steps if theirs else _see_whether_it_is_there(tell),
            ),
            _case(tell),
        ),
    )


def _see_whether_it_is_there(tell: Telling) -> tuple[str, ...]:
    """What somebody can do whose colleague the letter went to."""
    return (
        tell.say("pending.confirm_other", manager=tell.goes_to),
        tell.say("unacknowledged.missing_other"),
    )


def answer_due_note(tell: Telling) -> Note:
    """The day to answer the body by comes near, or has gone by."""
    values = tell.values
    day = tell.respond_by or tell.say("answer_due.day_unknown")
    lead = tell.say(
        "answer_due.lead", authority=tell.authority, ref=values["ref"], reference=tell.reference, day=day
    )
    have = "answer_due.have" if tell.is_theirs else "answer_due.have_other"
    have = tell.say(have, ref=values["ref"], manager=tell.goes_to)
    steps = tuple(tell.say(f"answer_due.{step}") for step in ("do", "help"))
    return tell.note(
        tell.say("subject.answer_due", authority=tell.authority, day=day, about=tell.about),
        tone="doubt",
        lead=told(tell.stands_in, lead, have, tell.unnamed),
        glance=there(tell.row("answer.label", tell.answer_by)),
        sections=(
            Section(heading=tell.say("note.what_to_do"), steps=steps),
            *_own_words(tell),
            _case(tell),
        ),
    )


def _own_words(tell: Telling) -> Iterator[Section]:
    """How the letter itself says by when an answer is wanted."""
    quote = tell.values["respond_by_quote"]
    if quote or tell.leaves_out("respond_by_quote"):
        yield Section(
            heading=tell.say("answer.heading"),
            lines=(tell.answer_by, tell.say("answer.own_words" if quote else "answer.in_letter")),
            quote=tell.language.quoted(quote) if quote else "",
            after=(tell.say("answer.check"),),
        )


def pending_note(tell: Telling) -> Note:
    """What was promised has not happened yet: it was not sent, or nobody knows that it is there."""
    values = tell.values
    late: Literal["late", "doubt"] = "doubt" if values["in_time"] else "late"
    ends = tell.say("pending.ends" if values["in_time"] else "pending.ended", when=tell.when("due_at"))
    ours = not values["in_time"] and not values["waits_for"]
    given_back = values["stopped_by"] == "sent_back"
    heading = tell.say("note.what_to_do")
    return tell.note(
        _pending_subject(tell),
        tone=late,
        lead=told(
            tell.stands_in,
            # Of what they gave back nothing is late for them.
            "" if given_back else _pending_lead(tell),
            tell.unnamed,
            ends if values["due_at"] and not given_back else "",
            tell.say("pending.sorry") if ours and not given_back else "",
        ),
        sections=(Section(heading=heading, steps=_pending_steps(tell)), _case(tell)),
    )


def _pending_subject(tell: Telling) -> str:
    if not tell.values["waits_for"]:
        return tell.say(f"subject.{tell.values['notice']}", about=tell.about, by=tell.by)
    key = "subject.confirm" if tell.is_theirs else "subject.unconfirmed"
    return tell.say(key, what=tell.what, about=tell.about, by=tell.by)


def _pending_lead(tell: Telling) -> str:
    values = tell.values
    if values["waits_for"]:
        key = "pending.sent" if tell.is_theirs else "pending.sent_other"
    else:
        key = "pending.lead_yours" if tell.is_theirs else "pending.lead"
    return tell.say(
        key,
        authority=tell.authority,
        about=tell.about,
        ref=values["ref"],
        when=tell.when("received_at"),
        manager=tell.goes_to,
    )


def _pending_steps(tell: Telling) -> tuple[str, ...]:
    """What the reader can do; they need do nothing only where that is true."""
    stopped, theirs = tell.values["stopped_by"], tell.is_theirs
    if tell.values["waits_for"]:
        return (
            (tell.say("pending.confirm"), tell.say("unacknowledged.missing"))
            if theirs
            else _see_whether_it_is_there(tell)
        )
    working = "pending.working" if theirs else "pending.working_other"
    step = f"pending.{stopped}" if stopped else working
    first = tell.say(step, mailbox=tell.values["read_by"], manager=tell.goes_to)
    # Who is asked for an answer anyway need not be told that they may give one.
    return (first, tell.say("pending.ask")) if stopped in ("", "key", "person") else (first,)


def _case(tell: Telling) -> Section:
    values = tell.values
    return Section(
        heading=tell.say("note.your_case"),
        rows=there(
            tell.row("original.ref", values["ref"]),
            *tell.whose_letter,
            tell.row("times.received", tell.when("received_at")),
            tell.row("times.terms", tell.when("due_at") if values["due_at"] else ""),
        ),
    )
