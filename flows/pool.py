"""A work pool for what forms ask for, and the worker that serves it: on this machine or on others."""

import os
import sys
from pathlib import Path

from config.settings import Settings
from flows.prefect_server import api_url_of, client_environment

_LOOKS_EVERY_SECONDS = 1


async def make_pool(name: str) -> None:
    """Make the pool where there is none yet; one that is there is left as it is."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415  a second of import
    from prefect.client.schemas.actions import WorkPoolCreate  # noqa: PLC0415
    from prefect.exceptions import ObjectAlreadyExists  # noqa: PLC0415
    from prefect.workers.process import ProcessWorker  # noqa: PLC0415

    pool = WorkPoolCreate(
        name=name,
        type=ProcessWorker.type,
        description="Does what Forthwith's forms ask for.",
        base_job_template=ProcessWorker.get_default_base_job_template(),
    )
    async with get_client() as client:
        try:
            await client.create_work_pool(pool)
        except ObjectAlreadyExists:
            return


def become_worker(settings: Settings, limit: int) -> None:
    """Be a worker of the pool from here on, until it is stopped; returns only where that cannot be.

    Args:
        settings: whose pool and Prefect are meant.
        limit: how many runs it does at once.
    """
    auth = settings.prefect_auth_string.get_secret_value()
    environment = client_environment(api_url=api_url_of(settings), data_dir=settings.data_dir, auth=auth)
    environment["PREFECT_WORKER_QUERY_SECONDS"] = str(_LOOKS_EVERY_SECONDS)
    # What is due is never taken long before its instant: nothing that a form asks for lies ahead.
    environment["PREFECT_WORKER_PREFETCH_SECONDS"] = "1"
    arguments = ["worker", "start", "--type", "process", "--pool", settings.prefect_work_pool]
    program = str(Path(sys.executable))
    os.execve(  # noqa: S606  our own interpreter
        program,
        [program, "-m", "prefect", *arguments, "--limit", str(limit)],
        os.environ | environment,
    )
