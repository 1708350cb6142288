"""Keeps a page in Prefect for each complaint that somebody may look at; see :mod:`flows.complaint_page`."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from complaints.clock import Clock
from complaints.lifecycle import Status
from complaints.model import Complaint
from flows.complaint_page import page, page_key
from flows.desk_port import MirrorSource
from flows.links import Links
from flows.offers import has_any, on_page
from flows.prefect_api import PrefectApi

_REMEMBERED = 20_000
_LOOKED_AT_AT_ONCE = 25


class _Ways(NamedTuple):
    """What decides where a page leads."""

    status: Status
    held: bool
    decided_in: str  # the run that waits for a decision
    deployments: Mapping[str, str]


class Pages:
    """The artifacts, by our reference.

    Args:
        source: the desk's reading side.
        api: Prefect.
        zone: in which people are shown times.
        clock: the time of day.
    """

    def __init__(self, source: MirrorSource, api: PrefectApi, zone: ZoneInfo, clock: Clock) -> None:
        self._source = source
        self._api = api
        self._zone = zone
        self._clock = clock
        self._ids: dict[str, str] = {}
        self._lead: dict[str, _Ways] = {}  # as they were written or found last

    @property
    def ids(self) -> Mapping[str, str]:
        """The artifacts' ids by our reference, as far as they are known."""
        return self._ids

    async def write(self, complaints: Sequence[Complaint], links: Links, *, new: Sequence[str] = ()) -> None:
        """Bring these pages up to date, or make them.

        Args:
            complaints: as they are now.
            links: where their links lead.
            new: our references of those that surely have no page yet.

        Raises:
            PrefectUnavailable: within seconds; to write them again does no harm.
        """
        known = await self._known([one.ref for one in complaints if one.ref not in new])
        for story in await self._source.stories(complaints):
            ref = story.complaint.ref
            self._ids[ref] = await self._api.write_artifact(
                known.get(ref, ""),
                key=page_key(ref),
                kind="markdown",
                data=page(story, self._clock(), self._zone, links),
                description=f"Complaint {ref}",
                run_id=links.runs.get(ref, ""),
            )
            self._lead[ref] = _ways(story.complaint, links)

    async def find(self, complaints: Sequence[Complaint], links: Links) -> None:
        """Know the page of each of these; those that are lost are made again.

        Raises:
            PrefectUnavailable: within seconds.
        """
        unknown = [one for one in complaints if one.ref not in self._ids]
        known = await self._known([one.ref for one in unknown])
        self._ids |= known
        if lost := [one.id for one in unknown if one.ref not in known]:
            # What the board knows of a complaint is less than its page tells.
            await self.write(await self._source.by_id(lost), links)

    def unsure(self, complaints: Sequence[Complaint], links: Links) -> list[Complaint]:
        """The next few whose pages may lead elsewhere than they should, the first of them first.

        So it is with all that were written before the forms were there, or before a run waited for the decision.

        Args:
            complaints: whose pages may lead to forms.
            links: as they are now.
        """
        if not links.deployments:
            return []
        moved = (one for one in complaints if has_any(one) and self._lead.get(one.ref) != _ways(one, links))
        return list(islice(moved, _LOOKED_AT_AT_ONCE))

    async def behind(self, complaints: Sequence[Complaint], links: Links) -> list[Complaint]:
        """Those of these whose pages are missing or lead elsewhere than they should.

        Raises:
            PrefectUnavailable: within seconds.
        """
        texts = await self._api.texts_of([page_key(one.ref) for one in complaints])
        right = {one.ref for one in complaints if on_page(one, links) in texts.get(page_key(one.ref), "")}
        self._lead |= {one.ref: _ways(one, links) for one in complaints if one.ref in right}
        return [one for one in complaints if one.ref not in right]

    def forget(self) -> None:
        """Prefect was away, and may have lost what it was told: look at all of them again, by and by."""
        self._ids.clear()
        self._lead.clear()

    async def _known(self, refs: Sequence[str]) -> dict[str, str]:
        if len(self._ids) >= _REMEMBERED:
            self.forget()
        found = {ref: self._ids[ref] for ref in refs if ref in self._ids}
        keys = {page_key(ref): ref for ref in refs if ref not in found}
        if keys:
            found |= {keys[key]: made for key, made in (await self._api.artifacts_of(list(keys))).items()}
        return found


def _ways(one: Complaint, links: Links) -> _Ways:
    decided_in = links.triage.get(one.ref, "") if one.status is Status.NEEDS_REVIEW else ""
    return _Ways(one.status, one.held_at is not None, decided_in, links.deployments)
