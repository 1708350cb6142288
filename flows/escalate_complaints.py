"""The flow `escalate-complaints`."""

from typing import Any

from prefect import flow

from flows.runs import conclude, words_of_count

words = words_of_count("Escalated", "complaint")
"""Names the final state by the number of complaints."""


@flow(
    name="escalate-complaints",
    flow_run_name="rungs that are due",
    persist_result=False,
    retries=0,
    log_prints=False,
)
async def escalate_complaints(waiting: int = 0) -> Any:  # noqa: ARG001 - Prefect shows it with the run
    """Tell the people whom the ladder names for each complaint that is near or past its deadline.

    Args:
        waiting: how many complaints were due when it started.
    """
    return await conclude()
