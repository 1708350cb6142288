"""Compound files (MS-CFB): Outlook messages, old Word files, and locked new ones."""

from io import BytesIO

import olefile

from complaints.inbox.papers import old_word, outlook
from complaints.inbox.papers.answer import LOCKED, NOT_READ, Answer, Refused


def read(data: bytes) -> Answer:
    """Read what the file turns out to be."""
    with olefile.OleFileIO(BytesIO(data)) as file:
        if file.exists("EncryptedPackage") or file.exists("EncryptionInfo"):
            raise Refused(LOCKED)
        if file.exists("__properties_version1.0"):
            return Answer(members=[("message.eml", "message/rfc822", outlook.as_mail(file))])
        if file.exists("WordDocument"):
            return old_word.read(file)
    raise Refused(NOT_READ)
