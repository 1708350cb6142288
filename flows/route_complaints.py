"""The flow `route-complaints`."""

from typing import Any

from prefect import flow

from flows.runs import conclude, words_of_count

words = words_of_count("Routed", "complaint")
"""Names the final state by the number of complaints."""


@flow(
    name="route-complaints",
    flow_run_name="mail to route: {waiting}",
    persist_result=False,
    retries=0,
    log_prints=False,
)
async def route_complaints(waiting: int = 0) -> Any:  # noqa: ARG001 - Prefect shows it with the run
    """Decide what each newly received letter is and whom it concerns.

    Args:
        waiting: how many complaints were due when it started.
    """
    return await conclude()
