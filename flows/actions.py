"""What people do from the Prefect pages: one flow a verb, each with a form.

Everything typed into a form stays in Prefect's database for good, so the forms ask for references and
choices, not for prose (I9). Links to them can be used twice: the desk checks the state it finds.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from prefect.states import Failed

from complaints.model import Complaint
from flows import form_answers as answers
from flows.form_customers import ALL
from flows.form_desk import REFRESH, REPORT, SEND_SYNTHETIC, Desk, attempt, carry_out, for_customers
from flows.form_fields import (
    CustomerId,
    CustomerIds,
    Day,
    ExtendWhy,
    HoldWhy,
    Month,
    OneCustomer,
    PauseFor,
    PauseWhy,
    Ref,
    ReleaseWhy,
    Who,
    Why,
)
from flows.links import REPORT_KEY
from flows.triage import FLOW as TRIAGE
from flows.triage import KEYS, Decision


def _actor(who: str) -> str:
    return " ".join(who.split())


@flow(name="refresh-board", flow_run_name="refresh the board", persist_result=False)
async def refresh_board() -> Any:
    """Write the board anew."""
    refresh = REFRESH.get()
    if refresh is None:
        return Failed(name="Refused", message="Only the Forthwith daemon writes the board.")

    async def write() -> str:
        await refresh()
        return "The board tells how things stand now."

    return await attempt("Board written", write)


@flow(name="assign-complaint", flow_run_name="assign {ref} to {customer_id}", persist_result=False)
async def assign_complaint(ref: Ref, customer_id: CustomerId, who: Who) -> Any:
    """Say which customer a complaint concerns; it is forwarded at once.

    Args:
        ref: Such as FW-1001.
        customer_id: Whom it concerns.
        who: Or your team; it is kept in the complaint's history.
    """
    return await _assign(ref, customer_id, who)


async def _assign(ref: str, customer: str, who: str) -> Any:
    return await carry_out(
        "Assigned",
        lambda desk: for_customers([customer], lambda ids: desk.assign(ref, ids[0], actor=_actor(who))),
        answers.assigned,
    )


@flow(name="split-complaint", flow_run_name="split {ref}", persist_result=False)
async def split_complaint(ref: Ref, customer_ids: CustomerIds, who: Who) -> Any:
    """Say that the letter concerns several customers: each gets a complaint of its own, with its own time.

    Args:
        ref: Such as FW-1001. Where it waits for a person it goes to the first of them.
        customer_ids: All whom the letter concerns; whoever has it already gets no second one.
        who: Or your team; it is kept in the complaint's history.
    """

    async def divide(desk: Desk) -> tuple[Sequence[Complaint], Sequence[Complaint]]:
        before = await desk.by_letter(ref)
        after = await for_customers(customer_ids, lambda ids: desk.split(ref, ids, actor=_actor(who)))
        return before, after

    return await carry_out("Split", divide, lambda letter, zone: answers.split(*letter, zone))


@flow(name="extend-complaint", flow_run_name="extend {ref} to {until}", persist_result=False)
async def extend_complaint(ref: Ref, until: Day, why: ExtendWhy, who: Who) -> Any:
    """Note that the body wants its answer by a later day. The time to forward it stays as it is.

    Args:
        ref: Such as FW-1001.
        until: By when it wants its answer now.
        why: As the audit will read it.
        who: Or your team; it is kept in the complaint's history.
    """
    return await carry_out(
        "Extended", lambda desk: desk.extend(ref, until, why, actor=_actor(who)), answers.extended
    )


@flow(name="resend-complaint", flow_run_name="resend {ref}", persist_result=False)
async def resend_complaint(ref: Ref, who: Who) -> Any:
    """Send the forward once more to the supplier manager on file.

    Args:
        ref: Such as FW-1001.
        who: Or your team; it is kept in the complaint's history.
    """
    return await carry_out("Resent", lambda desk: desk.resend(ref, actor=_actor(who)), answers.resent)


@flow(name="acknowledge-complaint", flow_run_name="acknowledge {ref}", persist_result=False)
async def acknowledge_complaint(ref: Ref, who: Who) -> Any:
    """Note that the supplier manager has confirmed the forward.

    Args:
        ref: Such as FW-1001.
        who: Or your team; it is kept in the complaint's history.
    """
    return await carry_out(
        "Acknowledged", lambda desk: desk.acknowledge(ref, actor=_actor(who)), answers.acknowledged
    )


@flow(name="dismiss-complaint", flow_run_name="dismiss {ref}", persist_result=False)
async def dismiss_complaint(ref: Ref, why: Why, who: Who) -> Any:
    """Say that this is nothing to forward. Assigning it later brings it back.

    Args:
        ref: Such as FW-1001.
        why: As the audit will read it.
        who: Or your team; it is kept in the complaint's history.
    """
    return await _dismiss(ref, why, who)


async def _dismiss(ref: str, why: str, who: str) -> Any:
    return await carry_out(
        "Dismissed", lambda desk: desk.dismiss(ref, why, actor=_actor(who)), answers.dismissed
    )


_LENGTHS = {
    "30 minutes": timedelta(minutes=30),
    "1 hour": timedelta(hours=1),
    "2 hours": timedelta(hours=2),
    "4 hours": timedelta(hours=4),
    "1 day": timedelta(days=1),
}


@flow(name="pause-complaint", flow_run_name="pause {ref}: {length}", persist_result=False)
async def pause_complaint(
    ref: Ref, who: Who, length: PauseFor = "1 hour", why: PauseWhy = "I look after it"
) -> Any:
    """Say that somebody looks after it: its next alarms wait. No deadline waits with them.

    Args:
        ref: Such as FW-1001.
        who: Or your team; it is kept in the complaint's history.
        length: How long its alarms wait, or that they go on now.
        why: As the audit will read it.
    """
    time = _LENGTHS.get(length)
    if time is None:
        return await carry_out(
            "Alarms go on", lambda desk: desk.resume(ref, actor=_actor(who)), answers.resumed
        )
    return await carry_out(
        "Paused", lambda desk: desk.pause(ref, time, why=why, actor=_actor(who)), answers.paused
    )


@flow(name="answered-complaint", flow_run_name="answered {ref}", persist_result=False)
async def answered_complaint(ref: Ref, who: Who) -> Any:
    """Note that the body has its answer; no reminder of its day comes any more.

    Args:
        ref: Such as FW-1001.
        who: Or your team; it is kept in the complaint's history.
    """
    return await carry_out("Answered", lambda desk: desk.answered(ref, actor=_actor(who)), answers.answered)


@flow(name="hold-complaint", flow_run_name="hold {ref}", persist_result=False)
async def hold_complaint(ref: Ref, why: HoldWhy, who: Who) -> Any:
    """Lay a legal hold on it: nothing of it goes to a customer. The clock runs on.

    Args:
        ref: Such as FW-1001.
        why: As the audit will read it.
        who: Or your team; it is kept in the complaint's history.
    """
    return await carry_out("Held", lambda desk: desk.hold(ref, why, actor=_actor(who)), answers.held)


@flow(name="release-complaint", flow_run_name="release {ref}", persist_result=False)
async def release_complaint(ref: Ref, why: ReleaseWhy, who: Who) -> Any:
    """Lift a legal hold. Nothing goes out by that: assign or resend it then.

    Args:
        ref: Such as FW-1001.
        why: As the audit will read it.
        who: Or your team; it is kept in the complaint's history.
    """
    return await carry_out(
        "Released", lambda desk: desk.release(ref, why, actor=_actor(who)), answers.released
    )


@flow(name="close-complaint", flow_run_name="close {ref}", persist_result=False)
async def close_complaint(ref: Ref, who: Who) -> Any:
    """Say that nothing more is expected of anybody.

    Args:
        ref: Such as FW-1001.
        who: Or your team; it is kept in the complaint's history.
    """
    return await carry_out("Closed", lambda desk: desk.close(ref, actor=_actor(who)), answers.closed)


@flow(name="send-synthetic", flow_run_name="send a made-up complaint", persist_result=False)
async def send_synthetic() -> Any:
    """Send a made-up complaint the whole way; the board tells how far it came, and an alarm if it does not."""

    async def send() -> str:
        await SEND_SYNTHETIC.get()()
        return "The board tells how far it came."

    return await attempt("Sent", send)


@flow(name="make-report", flow_run_name="report on {customer_id} {month}", persist_result=False)
async def make_report(month: Month = "", customer_id: OneCustomer = "") -> Any:
    """Report how the promise was kept in a month, as a page: it is among this run's artifacts.

    Args:
        month: Such as 2026-11; empty: the running one.
        customer_id: One alone, or all of them where none is named.
    """
    one = [] if customer_id in ("", ALL) else [customer_id]

    async def report() -> str:
        page = await for_customers(one, lambda ids: REPORT.get()(month.strip(), *(ids or [""])))
        await acreate_markdown_artifact(page, key=REPORT_KEY, description="How the promise was kept")
        return "The page is among the artifacts of this run."

    return await attempt("Reported", report)


@flow(name=TRIAGE, flow_run_name="decide {ref}", persist_result=False)
async def triage_complaint(ref: Ref) -> Any:
    """Carry out what somebody decided in a run that waited for it; see :mod:`flows.triage`.

    Args:
        ref: Such as FW-1001.
    """
    try:
        decided = Decision.model_validate_json(await _filled_in())
        customer_id = decided.assigned_to
    except (ValueError, httpx.HTTPStatusError):
        # Started by hand, or another customer without an id.
        words = "Open the suspended run of the complaint and resume it; for another customer fill in its id."
        return Failed(name="Refused", message=words)
    if customer_id:
        return await _assign(ref, customer_id, decided.who)
    return await _dismiss(ref, decided.dismissed_as, decided.who)


async def _filled_in() -> str:
    """What was filled in when this run was resumed, as JSON."""
    run_id = flow_run.id
    async with get_client() as client:
        return await client.read_flow_run_input(UUID(str(run_id)), KEYS["response"])


FLOWS = (
    triage_complaint,
    refresh_board,
    assign_complaint,
    acknowledge_complaint,
    split_complaint,
    resend_complaint,
    dismiss_complaint,
    pause_complaint,
    extend_complaint,
    answered_complaint,
    hold_complaint,
    release_complaint,
    close_complaint,
    send_synthetic,
    make_report,
)
"""Those that get a form."""
