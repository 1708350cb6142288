"""The notes that ladders send to a customer's people."""

from collections.abc import Iterator
from typing import Literal

from notifiers.note import Note, Section
from notifiers.telling import Telling, there, told


def unacknowledged_note(tell: Telling) -> Note:
    """The letter was forwarded, and nobody has said that they have it."""
    subject = tell.say("subject.unacknowledged", what=tell.what, about=tell.about, authority=tell.authority)
    return tell.note(
        subject,
        tone="doubt",
        lead=(tell.say("unacknowledged.lead", about=tell.about, ref=tell.values["ref"]),),
        sections=(
            Section(
                heading=tell.say("note.what_to_do"),
                steps=(tell.say("unacknowledged.do"), tell.say("unacknowledged.missing")),
            ),
            _case(tell),
        ),
    )


def answer_due_note(tell: Telling) -> Note:
    """The day to answer the body by comes near, or has gone by."""
    values = tell.values
    day = tell.respond_by or tell.say("answer_due.day_unknown")
    lead = tell.say(
        "answer_due.lead", authority=tell.authority, ref=values["ref"], reference=tell.reference, day=day
    )
    steps = tuple(tell.say(f"answer_due.{step}") for step in ("do", "help"))
    return tell.note(
        tell.say("subject.answer_due", authority=tell.authority, day=day, about=tell.about),
        tone="doubt",
        lead=(lead, tell.say("answer_due.have", ref=values["ref"])),
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
    kind = values["notice"]
    late: Literal["late", "doubt"] = "doubt" if values["in_time"] else "late"
    confirm = values["waits_for"] == "acknowledged"
    ends = tell.say("pending.ends" if values["in_time"] else "pending.ended", when=tell.when("due_at"))
    ours = not values["in_time"] and not values["waits_for"]
    names = {"authority": tell.authority, "about": tell.about, "ref": values["ref"]}
    if values["waits_for"]:
        lead = tell.say("pending.sent", **names)
        steps = (tell.say("pending.confirm"), tell.say("unacknowledged.missing"))
    else:
        manager = values["manager_name"] or tell.say("name.manager")
        lead = tell.say("pending.lead", when=tell.when("received_at"), manager=manager, **names)
        steps = (tell.say("pending.working"), tell.say("pending.ask"))
    subject = f"subject.{'confirm' if confirm else kind}"
    return tell.note(
        tell.say(subject, about=tell.about, authority=tell.authority),
        tone=late,
        lead=told(lead, ends if values["due_at"] else "", tell.say("pending.sorry") if ours else ""),
        sections=(Section(heading=tell.say("note.what_to_do"), steps=steps), _case(tell)),
    )


def _case(tell: Telling) -> Section:
    values = tell.values
    return Section(
        heading=tell.say("note.your_case"),
        rows=there(
            tell.row("original.ref", values["ref"]),
            tell.row("letter.authority", values["authority"] or tell.say("letter.not_established")),
            tell.row("letter.reference", values["reference"] or tell.say("letter.no_reference")),
            tell.row("times.received", tell.when("received_at")),
            tell.row("times.terms", tell.when("due_at") if values["due_at"] else ""),
        ),
    )
