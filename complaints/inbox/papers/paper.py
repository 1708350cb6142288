"""What came of opening a paper."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A file that stands in another: in an archive, or attached to a message that came as a file."""

    name: str = ""  # as written there; empty: the message's own text
    content_type: str = "application/octet-stream"
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """What a file says."""

    text: str = ""
    pages: int = 0  # how many the file has, read or not; 0 where it knows none
    problem: str = ""  # a predicate without its subject, e.g. "holds no text layer"
    pictures: bool = False  # its pages are images
    by_ocr: bool = False  # the text, or some of it, was recognised from images
    incomplete: bool = False  # something in it that may hold the letter was not read
    members: tuple[Member, ...] = ()
    timed_out: bool = False
    seconds: float = 0.0  # that it took

    @property
    def unread(self) -> bool:
        """Whether what it says is unknown, wholly or in a part that may be the letter."""
        return self.incomplete or not (self.text.strip() or self.members)


PaperOpener = Callable[[str, bytes, float], Paper]
"""Opens a paper: its kind (of ``kinds``), its bytes, and the seconds that may be spent. Never raises."""
