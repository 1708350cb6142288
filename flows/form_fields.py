"""What people fill in on forms: references and choices, not prose, since Prefect keeps it for good (I9)."""

import re
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, WithJsonSchema

_REF = re.compile(r"\s*(?:FW[\s_-]*)?([0-9]{1,12})\s*", re.IGNORECASE)


def as_ref(written: object) -> object:
    """A reference as it is on record, however it is written: ``fw-1001`` and ``1001`` are ``FW-1001``."""
    form = _REF.fullmatch(written) if isinstance(written, str) else None
    return f"FW-{form[1]}" if form else written


def _asked(pattern: str, wanted: str) -> WithJsonSchema:
    """What the server lets through, and what it says was expected where something else was filled in.

    Of a pattern that is not met it shows the pattern; of a constant it says that this "was expected", and does not
    repeat what was filled in.
    """
    return WithJsonSchema({"type": "string", "if": {"pattern": pattern}, "else": {"const": wanted}})


Ref = Annotated[
    str,
    Field(pattern=r"^FW-[0-9]{1,12}$", title="Our reference"),
    BeforeValidator(as_ref),
    _asked(r"^\s*([Ff][Ww][\s_-]*)?[0-9]{1,12}\s*$", "our reference, such as FW-1001"),
]
CustomerId = Annotated[str, Field(min_length=1, max_length=140, pattern=r"^[^<>]+$", title="Customer")]
CustomerIds = Annotated[list[CustomerId], Field(min_length=1, max_length=20, title="Customers")]
OneCustomer = Annotated[str, Field(max_length=140, pattern=r"^[^<>]*$", title="Customer")]
Month = Annotated[
    str,
    Field(pattern=r"^\s*([0-9]{4}-(0[1-9]|1[0-2]))?\s*$", title="Month"),
    _asked(r"^\s*([0-9]{4}-(0[1-9]|1[0-2]))?\s*$", "a month, such as 2026-11"),
]
Day = Annotated[date, Field(title="The body's new day")]
Who = Annotated[
    str,
    Field(pattern=r"^\s*\w[\w .-]{1,19}$", title="Your initials"),
    _asked(r"^\s*\w[\w .-]{1,19}$", "your initials or team, 2 to 20 letters"),
]
PauseFor = Annotated[
    Literal["30 minutes", "1 hour", "2 hours", "4 hours", "1 day", "go on now"], Field(title="How long")
]
PauseWhy = Annotated[
    Literal["I look after it", "waiting for an answer", "known trouble, being mended"], Field(title="Reason")
]
HoldWhy = Annotated[
    Literal[
        "an order forbids telling the customer", "a formal demand addressed to us", "our lawyers ask for it"
    ],
    Field(title="Reason"),
]
ReleaseWhy = Annotated[
    Literal["the order does not forbid it", "the order was lifted", "held by mistake"], Field(title="Reason")
]
ExtendWhy = Annotated[
    Literal["the body wrote so", "the body said so", "the customer agreed it with the body"],
    Field(title="Reason"),
]
_DismissWhy = Literal["not a complaint", "duplicate", "no customer of ours", "forged or spam", "withdrawn"]
Why = Annotated[_DismissWhy, Field(title="Reason")]
WHY_DISMISSED: tuple[str, ...] = get_args(_DismissWhy)
