"""What the worker answers, and the bounds that hold for every kind of file."""

import base64
from dataclasses import dataclass, field

MAX_CHARACTERS = 200_000
MAX_UNPACKED = 40 << 20
"""Bytes that one file may unpack to."""

LOCKED = "is locked by a password"
DAMAGED = "is damaged and could not be read"
NOT_READ = "was not read"


class Refused(Exception):
    """A file that is not read; the message is a predicate without its subject."""


@dataclass(kw_only=True, slots=True)
class Answer:
    """What a file says, as JSON will carry it."""

    text: str = ""
    pages: int = 0
    problem: str = ""
    pictures: bool = False
    incomplete: bool = False
    members: list[tuple[str, str, bytes]] = field(default_factory=list)  # name, content type, data

    def as_json(self) -> dict[str, object]:
        """Values that JSON knows, the text bounded."""
        cut = f"was cut after {MAX_CHARACTERS} characters" if len(self.text) > MAX_CHARACTERS else ""
        nothing = "" if self.text.strip() or self.members else "holds no text"
        return {
            "text": self.text[:MAX_CHARACTERS],
            "pages": self.pages,
            "problem": self.problem or cut or nothing,
            "pictures": self.pictures,
            "incomplete": self.incomplete,
            "members": [
                {"name": name, "type": kind, "data": base64.b64encode(data).decode("ascii")}
                for name, kind, data in self.members
            ],
        }
