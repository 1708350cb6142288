"""The note that stands in for a letter too big to be mailed: it waits, and how it gets to its reader is asked."""

from notifiers.note import Note, Section
from notifiers.telling import Telling, attached, there, told


def withheld_note(tell: Telling) -> Note:
    """What the reader has not got, and what they can do for it."""
    values = tell.values
    doubtful = not values["authority_verified"]
    time = tell.say("withheld.day", day=tell.respond_by) if tell.respond_by else tell.say("withheld.time")
    claimed = values["authority"] or tell.say("known.an_authority")
    return tell.note(
        tell.say(
            f"withheld.{tell.by_whom}", authority=tell.authority, about=tell.about, answer=tell.answer_asked
        ),
        tone="doubt",
        lead=told(
            tell.stands_in,
            tell.say("withheld.lead", authority=tell.authority, customer=tell.customer),
            tell.say("known.unverified", authority=claimed) if doubtful else "",
            tell.unnamed,
        ),
        warning=" ".join(
            told(tell.say("withheld.not_attached"), tell.say("withheld.words") if values["words"] else "")
        ),
        sections=(
            Section(
                heading=tell.say("note.what_to_do"),
                steps=(tell.say("withheld.reply", ref=values["ref"]), time),
            ),
            _letter(tell),
        ),
    )


def _letter(tell: Telling) -> Section:
    values = tell.values
    return Section(
        heading=tell.say("letter.heading"),
        rows=there(
            tell.row("original.ref", values["ref"]),
            *tell.whose_letter,
            tell.row("letter.subject", tell.quoted("subject")),
            tell.row("times.received", tell.when("received_at")),
            tell.row("withheld.size", tell.language.size(values["octets"]) if values["octets"] else ""),
            *attached(tell),
        ),
        code=values["sha256"],
    )
