"""A note to a customer's people before it is laid out as text or HTML."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A fact and what it is called."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Things under one heading, shown in the order of the fields; what is empty is not shown."""

    heading: str
    lines: tuple[str, ...] = ()  # paragraphs
    quote: str = ""  # the letter's own words
    steps: tuple[str, ...] = ()  # numbered: what to do in which order
    items: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    code: str = ""  # to be compared letter by letter
    after: tuple[str, ...] = ()  # further paragraphs


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """All that a notice says."""

    language: str  # BCP 47
    tone: Literal["calm", "doubt", "late"]
    subject: str
    title: str
    greeting: str
    lead: tuple[str, ...]  # paragraphs
    warning: str = ""  # what must not be overlooked
    glance: tuple[Row, ...] = ()  # the facts to see first
    sections: tuple[Section, ...] = ()
    foot: str
