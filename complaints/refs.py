"""Our own reference of a complaint, as people write it: FW-1001."""

import re

from complaints.errors import UnknownComplaint

_OFFSET = 1000
_FORM = re.compile(r"(?:FW-?)?(\d{4,12})", re.IGNORECASE)


def ref_of(complaint_id: int) -> str:
    """The reference people use for the complaint with this id."""
    return f"FW-{complaint_id + _OFFSET}"


def id_of(ref: str) -> int:
    """The id behind a reference.

    Raises:
        UnknownComplaint: when it is not one of ours.
    """
    form = _FORM.fullmatch(ref.strip())
    if form is None or int(form[1]) <= _OFFSET:
        raise UnknownComplaint(f"{ref!r} is no reference of ours; they look like {ref_of(1)}")
    return int(form[1]) - _OFFSET
