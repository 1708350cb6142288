"""Keeps a page in Prefect for each complaint that somebody may look at; see :mod:`flows.complaint_page`."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from complaints.clock import Clock
from complaints.model import Complaint
from flows.complaint_page import page, page_key
from flows.desk_port import MirrorSource
from flows.links import Links
from flows.prefect_api import PrefectApi

_REMEMBERED = 20_000


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

    async def find(self, complaints: Sequence[Complaint], links: Links) -> None:
        """Know the page of each of these; those that are lost are made again.

        Raises:
            PrefectUnavailable: within seconds.
        """
        unknown = [one for one in complaints if one.ref not in self._ids]
        known = await self._known([one.ref for one in unknown])
        self._ids |= known
        await self.write([one for one in unknown if one.ref not in known], links)

    async def _known(self, refs: Sequence[str]) -> dict[str, str]:
        if len(self._ids) >= _REMEMBERED:
            self._ids.clear()
        found = {ref: self._ids[ref] for ref in refs if ref in self._ids}
        keys = {page_key(ref): ref for ref in refs if ref not in found}
        if keys:
            found |= {keys[key]: made for key, made in (await self._api.artifacts_of(list(keys))).items()}
        return found
