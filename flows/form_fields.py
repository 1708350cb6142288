"""What people fill in on forms: references and choices, not prose, since Prefect keeps it for good (I9)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

Ref = Annotated[str, Field(pattern=r"^FW-[0-9]{1,12}$", title="Complaint", max_length=20)]
CustomerId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\s<>]+$", title="Customer")]
CustomerIds = Annotated[list[CustomerId], Field(min_length=1, max_length=20, title="Customers, one a line")]
OneCustomer = Annotated[str, Field(max_length=64, pattern=r"^[^\s<>]*$", title="One customer alone")]
Month = Annotated[str, Field(pattern=r"^([0-9]{4}-(0[1-9]|1[0-2]))?$", title="Month", max_length=7)]
Day = Annotated[date, Field(title="The body's new day")]
Who = Annotated[str, Field(min_length=2, max_length=20, pattern=r"^\w[\w .-]*$", title="Who is acting")]
PauseFor = Literal["30 minutes", "1 hour", "2 hours", "4 hours", "1 day", "go on now"]
PauseWhy = Literal["I look after it", "waiting for an answer", "known trouble, being mended"]
HoldWhy = Literal[
    "an order forbids telling the customer", "a formal demand addressed to us", "our lawyers ask for it"
]
ReleaseWhy = Literal["the order does not forbid it", "the order was lifted", "held by mistake"]
ExtendWhy = Literal["the body wrote so", "the body said so", "the customer agreed it with the body"]
Why = Literal["not a complaint", "duplicate", "no customer of ours", "forged or spam", "withdrawn"]
