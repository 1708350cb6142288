"""Takes everything of ours out of Prefect: the deployments, the runs, the pages. Our own store is not touched."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from complaints.errors import ForthwithError
from config.settings import Settings
from flows.complaint_page import PAGE_PREFIX
from flows.links import BOARD_KEY, REPORT_KEY, TABLE_KEY, YEAR_KEY
from flows.prefect_api import PrefectApi
from flows.prefect_server import api_url_of


class StillRunning(ForthwithError):
    """Forthwith's Prefect server runs; stop `forthwith up` first, or it makes everything anew."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """What was taken away."""

    flows: int  # with their deployments and runs
    pages: int
    folder: str  # of our own server; empty: it is somebody's own server


async def remove_window(settings: Settings, flows: Sequence[str]) -> Removed:
    """Remove the dashboard; the next `forthwith up` makes it anew.

    Args:
        settings: whose Prefect is meant. Our own server's folder goes as a whole; from a server of the operator's own
            only what is ours.
        flows: the names of our flows.

    Raises:
        StillRunning: our own server runs.
        PrefectUnavailable: the operator's own server does not answer.
    """
    api = PrefectApi(api_url_of(settings), settings.prefect_auth_string.get_secret_value(), seconds=30)
    try:
        if settings.prefect_api_url:
            pages = await api.remove_artifacts(
                [BOARD_KEY, TABLE_KEY, YEAR_KEY, REPORT_KEY], prefix=PAGE_PREFIX
            )
            removed = Removed(flows=await api.remove_flows(flows), pages=pages, folder="")
            if settings.prefect_work_pool:
                await api.remove_pool(settings.prefect_work_pool)
            return removed
        if await api.healthy():
            raise StillRunning(StillRunning.__doc__)
    finally:
        await api.aclose()
    folder = settings.data_dir / "prefect"
    shutil.rmtree(folder, ignore_errors=True)
    return Removed(flows=0, pages=0, folder=str(folder))
