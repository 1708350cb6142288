"""All open complaints and those of the year, kept in memory for the board and read again where they have changed.

With thousands of open complaints most of a board's cost was to read, every few seconds, what it had read before.
What is asked each time is only how many events each has; several daemons may write to one store.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from complaints.lifecycle import SETTLED, Status
from complaints.model import Complaint
from flows.desk_port import MirrorSource

_AT_ONCE = 500
_CANDIDATES = 3


class Standing:
    """How things stand.

    Args:
        source: the desk's reading side.
    """

    def __init__(self, source: MirrorSource) -> None:
        self._source = source
        self._complaints: dict[int, Complaint] = {}
        self._losses: dict[int, Sequence[datetime]] = {}  # when forwards came back or were refused

    async def read(self, since: datetime) -> None:
        """Know them as they are now: the open ones, and all that was received from an instant on."""
        versions = await self._source.versions(since)
        for gone in self._complaints.keys() - versions.keys():
            del self._complaints[gone]
            self._losses.pop(gone, None)
        changed = [number for number, version in versions.items() if not self._is_known(number, version)]
        for start in range(0, len(changed), _AT_ONCE):
            part = changed[start : start + _AT_ONCE]
            for one in await self._source.by_id(part):
                self._complaints[one.id] = replace(one, evidence=_outline(one.evidence))
            # Afterwards, so that nothing is missed that happens in between.
            self._losses |= await self._source.losses(part)

    def _is_known(self, number: int, version: int) -> bool:
        known = self._complaints.get(number)
        return known is not None and known.version == version

    def open_ones(self) -> list[Complaint]:
        """Those not settled, by deadline, those first whose clock runs."""
        found = [one for one in self._complaints.values() if one.status not in SETTLED]
        return sorted(found, key=lambda one: (not one.clock_runs, one.due_at, one.id))

    def lost_since(self, instant: datetime) -> int:
        """How many of their forwards came back or were refused from an instant on."""
        return sum(at >= instant for when in self._losses.values() for at in when)

    def dismissed(self) -> list[Complaint]:
        """Those dismissed that were read, the newest first: a person may yet bring them back."""
        found = [one for one in self._complaints.values() if one.status is Status.DISMISSED]
        return sorted(found, key=lambda one: one.id, reverse=True)

    def received_since(self, instant: datetime) -> Sequence[Complaint]:
        """Those received from an instant on that was read, in the order of their numbers."""
        found = (one for one in self._complaints.values() if one.received_at >= instant)
        return sorted(found, key=lambda one: one.id)


def _outline(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """What the board shows of it; the whole of a year's would fill the memory."""
    candidates = evidence.get("candidates", ())[:_CANDIDATES]
    return (
        {"candidates": [{"id": one["id"], "name": one["name"]} for one in candidates]} if candidates else {}
    )
