"""Finds out whether a mail is a further copy of a letter that a complaint was opened for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from complaints.assessor import Reading
from complaints.model import InboundMail, Recognition
from complaints.precedents import CaseKey, case_key, sender_keys
from complaints.sameness import LetterPrint, print_of, same_letter
from complaints.store.mails import StoredMail
from complaints.store.threads import KnownLetter


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondCopy:
    """A mail that brings a known letter once more."""

    stored: StoredMail
    mail: InboundMail
    recognition: Recognition
    print: LetterPrint
    complaint_id: int
    how: str  # in which way it is the same letter


def copy_keys(reading: Reading) -> list[CaseKey]:
    """The marks that a letter and its copies have in common."""
    body, number = reading.recognition.body, case_key(reading)
    keys = [number] if number else []
    if body and body.party and reading.mail.message_id:
        keys.append((body.party, reading.mail.message_id))
    return keys + sender_keys(reading.mail)


def second_copy(
    stored: StoredMail, reading: Reading, known: Mapping[CaseKey, Sequence[KnownLetter]]
) -> SecondCopy | None:
    """What this mail is a further copy of; None when it is a letter of its own.

    Args:
        stored: the mail.
        reading: what was read in it.
        known: letters in the store, by the keys of ``copy_keys``.
    """
    now = print_of(reading.mail, reading.recognition)
    for letter in (one for key in copy_keys(reading) for one in known.get(key, ())):
        how = same_letter(now, letter.print, stored.received_at - letter.received_at)
        # What is sent again after a person has dismissed it is to be looked at again.
        again = letter.dismissed and now.message_id != letter.print.message_id
        if how and not again:
            return SecondCopy(
                stored=stored,
                mail=reading.mail,
                recognition=reading.recognition,
                print=now,
                complaint_id=letter.complaint_id,
                how=how,
            )
    return None
