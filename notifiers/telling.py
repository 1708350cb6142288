"""The facts of a notice in the words of its reader's language: what several kinds of note say alike."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from complaints.absences import AWAY_UNTIL, LAST_RESORT
from complaints.customer_facts import INFORMED, MANAGER
from complaints.turns import AWAY, CAME_BACK
from notifiers.instants import instant, zone_named
from notifiers.language import Language
from notifiers.note import Note, Row

_STANDING_IN = {LAST_RESORT: "last_resort", AWAY: "away", CAME_BACK: "came_back"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What is to be told, and how this reader's language says it."""

    language: Language
    values: Mapping[str, Any]  # shaped facts; see notifiers.compose

    def say(self, key: str, **values: object) -> str:
        """A phrase."""
        return self.language.say(key, **values)

    def when(self, name: str) -> str:
        """A fact that is an instant, in the reader's zone."""
        return self.language.when(self.values[name], self.values["timezone"])

    @property
    def authority(self) -> str:
        """Who wrote, as a sentence begins."""
        unnamed = "name.unnamed" if self.values["unnamed"] else "name.somebody"
        return self.values["authority"] or self.say(unnamed)

    @property
    def by(self) -> str:
        """Who wrote, at the end of a subject; empty where it is not known, or not told."""
        return self.say("subject.by", authority=self.authority) if self.values["authority"] else ""

    @property
    def unnamed(self) -> str:
        """Why it is not told who wrote; empty where it is."""
        return self.say("note.unnamed") if self.values["unnamed"] else ""

    @property
    def customer(self) -> str:
        """Whom it is about."""
        return self.values["customer"] or self.say("name.customer")

    @property
    def about(self) -> str:
        """The customer behind a noun; empty where it is not known."""
        return self.say("subject.about", customer=self.values["customer"]) if self.values["customer"] else ""

    @property
    def reference(self) -> str:
        """The body's own number behind a noun; empty where none was found."""
        number = self.values["reference"]
        return self.say("subject.reference", reference=number) if number else ""

    @property
    def by_whom(self) -> str:
        """How sure it is who wrote: ``verified``, ``claimed`` or ``unknown``."""
        if not self.values["authority"]:
            return "unknown"
        return "verified" if self.values["authority_verified"] else "claimed"

    @property
    def answer_asked(self) -> str:
        """The day to answer by, at the end of a subject; empty where none was found."""
        return self.say("subject.answer", day=self.respond_by) if self.respond_by else ""

    @property
    def what(self) -> str:
        """What kind of letter it is."""
        key = f"what.{self.values['kind']}"
        return self.say(key if self.language.says(key) else "what.letter")

    @property
    def greeting(self) -> str:
        """By name where the supplier manager reads it."""
        manager = self.values["manager_name"] if self._is_manager else ""
        return self.say("note.greeting", name=manager) if manager else self.say("note.greeting_anybody")

    @property
    def _is_manager(self) -> bool:
        # What was written down before notices knew their reader went to whom the letter did.
        reader = str(self.values["reader"])
        return reader == MANAGER if reader else not self.values["standing_in"]

    @property
    def is_theirs(self) -> bool:
        """Whether the letter itself goes to this reader, and not to somebody else at the customer."""
        reader = str(self.values["reader"])
        return not self.values["standing_in"] if reader == MANAGER else reader != INFORMED

    @property
    def stands_in(self) -> str:
        """Why the reader is not the supplier manager; empty where they are."""
        if self._is_manager:
            return ""
        if self.values["reader"] == INFORMED:
            return self.say("standing_in.informed")
        reason = self._why_not(self.values["standing_in"])
        return self.say("standing_in.receive", manager=self._manager, reason=reason)

    @property
    def _manager(self) -> str:
        return self.values["manager_name"] or self.say("name.manager")

    @property
    def goes_to(self) -> str:
        """Who gets the letter, told to somebody else."""
        if self.values["standing_in"]:
            return self.say("name.stand_in", mailbox=self.values["read_by"])
        return self._manager

    def _why_not(self, words: str) -> str:
        day = _DAY.search(words)
        if words.startswith(AWAY_UNTIL) and day:
            return self.say("standing_in.away_until", day=self.language.day(day[0]))
        return self.say(f"standing_in.{_STANDING_IN.get(words, 'other')}")

    @property
    def respond_by(self) -> str:
        """The day to answer by; empty where none was found."""
        return self.language.day(self.values["respond_by"]) if self.values["respond_by"] else ""

    @property
    def days_left(self) -> str:
        """How far that day is from the writing of the notice, in the reader's zone."""
        written = instant(self.values["written_at"])
        try:
            day = date.fromisoformat(self.values["respond_by"])
        except ValueError:
            return ""
        if written is None:
            return ""
        days = (day - written.astimezone(zone_named(self.values["timezone"])).date()).days
        if days == 0:
            return self.say("answer.today")
        return self.say("answer.left" if days > 0 else "answer.passed", days=self.language.days(days))

    @property
    def answer_by(self) -> str:
        """The day and how far it is."""
        left = self.days_left
        return f"{self.respond_by} ({left})" if left else self.respond_by or self.say("answer.none")

    @property
    def foot(self) -> str:
        """Who wrote the note, and how they are reached."""
        return self.say("note.foot", organisation=self.values["organisation"], ref=self.values["ref"])

    def leaves_out(self, name: str) -> bool:
        """Whether a fact is missing here because the letter names others in it besides this reader."""
        return name in self.values["left_out"]

    def quoted(self, name: str) -> str:
        """A fact in the letter's own words, or where they stand."""
        return self.say("letter.left_out") if self.leaves_out(name) else str(self.values[name])

    def row(self, key: str, value: str) -> Row:
        """A fact under the name that a phrase gives it."""
        return Row(label=self.say(key), value=value)

    @property
    def whose_letter(self) -> tuple[Row, ...]:
        """The body and its number; none where they are not to be told."""
        if self.values["unnamed"]:
            return ()
        return (
            self.row("letter.authority", self.values["authority"] or self.say("letter.not_established")),
            self.row("letter.reference", self.values["reference"] or self.say("letter.no_reference")),
        )

    def subject(self, words: str) -> str:
        """The words behind our reference, by which answers are known."""
        return f"[{self.values['ref']}] {words}" if self.values["ref"] else words

    def note(self, words: str, **parts: Any) -> Note:
        """A note with what all have alike.

        Args:
            words: of the subject, and the title.
            parts: the further fields of the note.
        """
        return Note(
            language=self.language.code,
            subject=self.subject(words),
            title=words,
            greeting=self.greeting,
            foot=self.foot,
            **parts,
        )


def attached(tell: Telling) -> list[Row]:
    """A letter's attachments, one a row."""
    return [
        Row(
            label=tell.say("letter.attachment", number=number),
            value=", ".join(
                (
                    _file_name(tell, file),
                    str(file["content_type"] or tell.say("letter.no_type")),
                    tell.language.size(file["size"]),
                )
            ),
        )
        for number, file in enumerate(tell.values["attachments"], 1)
    ]


def _file_name(tell: Telling, file: Mapping[str, Any]) -> str:
    if file["left_out"]:
        return tell.say("letter.left_out")
    return str(file["name"] or tell.say("letter.no_name"))


def there(*rows: Row) -> tuple[Row, ...]:
    """The rows that say something."""
    return tuple(row for row in rows if row.value)


def told(*lines: str) -> tuple[str, ...]:
    """The lines that say something."""
    return tuple(line for line in lines if line)
