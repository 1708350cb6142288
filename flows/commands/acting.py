"""What people decide about a complaint."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from complaints.clock import system_clock
from complaints.lifecycle import Status
from complaints.model import Complaint
from complaints.reasons import in_words
from complaints.refs import id_of
from complaints.service import ComplaintDesk
from complaints.teaching import Teaching
from config.ladder import elapsed
from flows import show
from flows.commands.at_desk import at_desk
from flows.commands.common import Actor, AsJson, Ref, acting, put_json, ready, zone_of
from flows.commands.shapes import complaint_json

app = typer.Typer(rich_markup_mode="rich")

Why = Annotated[str, typer.Option(help="The reason, for the audit.", metavar="REASON")]
Act = Callable[[ComplaintDesk], Awaitable[Complaint]]


@app.command()
def assign(
    ref: Ref,
    customer: Annotated[str, typer.Argument(help="The customer's id in the register.", metavar="CUSTOMER")],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Say whose complaint it is; it is forwarded at once.

    The deadline is reckoned anew on that customer's terms, from the same receipt. A complaint that was
    dismissed by mistake is put back on its way.

    Example: forthwith assign FW-1001 C0002
    """
    _act(lambda desk: desk.assign(ref, customer, actor=acting(actor)), as_json=as_json)
    if not as_json:
        _offer(ref)


@app.command()
def split(
    ref: Ref,
    customers: Annotated[
        list[str], typer.Argument(help="The customers' ids in the register.", metavar="CUSTOMER...")
    ],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Say that the letter concerns several customers: each gets a complaint of its own.

    A complaint that waits for a person goes to the first of them. Each of the others gets one with the same
    original and the same receipt, on its own terms; whoever has one by this letter already gets no second.

    Example: forthwith split FW-1007 C01 C05
    """
    settings = ready()
    family = at_desk(settings, lambda desk: desk.split(ref, customers, actor=acting(actor)))
    now = system_clock()
    for one in family:
        if as_json:
            put_json(complaint_json(one, now))
        else:
            show.line(f"{one.ref} is {one.customer_name or 'nobody'}'s, {one.status.value}.")


@app.command()
def dismiss(
    ref: Ref,
    why: Why,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Say that it is nothing to forward, and why.

    Example: forthwith dismiss FW-1001 --why "a newsletter"
    """
    _act(lambda desk: desk.dismiss(ref, why, actor=acting(actor)), as_json=as_json)


@app.command()
def acknowledge(ref: Ref, actor: Actor = "", as_json: AsJson = False) -> None:
    """Note that the supplier manager has it.

    Example: forthwith acknowledge FW-1001 --as "Ann, by telephone"
    """
    _act(lambda desk: desk.acknowledge(ref, actor=acting(actor)), as_json=as_json)


@app.command("handed-over")
def handed_over(
    ref: Ref,
    how: Annotated[
        str, typer.Option("--how", help="By which way, and what shows it; it is kept in the history.")
    ] = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Note that somebody brought it to the supplier manager by another way than mail.

    For what is too big to be mailed, may not go unencrypted, or must not wait until mail goes out again. Its
    time to forward ends with that, and a forward that waits in the outbox is taken back.

    Example: forthwith handed-over FW-1001 --how "on a USB stick, signed for by Ann Able" --as "Pat"
    """
    _act(lambda desk: desk.hand_over(ref, how, actor=acting(actor)), as_json=as_json)


@app.command()
def resend(ref: Ref, actor: Actor = "", as_json: AsJson = False) -> None:
    """Forward once more to the supplier manager on file today.

    Example: forthwith resend FW-1001
    """
    _act(lambda desk: desk.resend(ref, actor=acting(actor)), as_json=as_json)


@app.command()
def answered(ref: Ref, actor: Actor = "", as_json: AsJson = False) -> None:
    """Note that the body has its answer.

    No reminder of its day comes any more.

    Example: forthwith answered FW-1001 --as "Ann"
    """
    _act(lambda desk: desk.answered(ref, actor=acting(actor)), as_json=as_json)


@app.command()
def pause(
    ref: Ref,
    *,
    length: Annotated[
        str, typer.Option("--for", help="How long, such as 30m, 2h or 1d (7 days at most).", metavar="TIME")
    ] = "1h",
    why: Why = "",
    off: Annotated[bool, typer.Option("--off", help="Let the alarms go on now.")] = False,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Say that somebody looks after it: its next alarms wait.

    No deadline waits with them: a pause before the deadline ends there, and the breach is told at its instant.
    When the pause ends, what has come meanwhile is told at once. A step onwards (an assignment, a bounce) ends it.

    Examples: forthwith pause FW-1001 --for 2h --why "Ann telephones"   forthwith pause FW-1001 --off
    """
    if off:
        _act(lambda desk: desk.resume(ref, actor=acting(actor)), as_json=as_json)
        return
    time = elapsed(length)
    if time is None:
        raise typer.BadParameter(f"{length[:40]!r} is no time such as 30m, 2h or 1d", param_hint="--for")
    _act(lambda desk: desk.pause(ref, time, why=why, actor=acting(actor)), as_json=as_json)


@app.command()
def hold(
    ref: Ref,
    why: Why,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Lay a legal hold on it: nothing of it goes to a customer.

    What waits in the outbox for the customer's people is taken back. The clock runs on, and our own people are told.

    Example: forthwith hold FW-1001 --why "the order forbids telling the controller"
    """
    settings = ready()
    complaint = at_desk(settings, lambda desk: desk.hold(ref, why, actor=acting(actor)))
    now, zone = system_clock(), zone_of(settings)
    if as_json:
        put_json(complaint_json(complaint, now))
        return
    for line in _of_the_hold(complaint, why, zone):
        show.line(line)
    if complaint.clock_runs:
        show.line(f"Due {show.instant(complaint.due_at, zone)}, {show.due(complaint, now)}.")


@app.command()
def release(
    ref: Ref,
    why: Why,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Lift a legal hold; assign or resend it then.

    Nothing goes out by the release itself.

    Example: forthwith release FW-1001 --why "lifted by the authority's letter of 3 December"
    """
    _act(lambda desk: desk.release(ref, why, actor=acting(actor)), as_json=as_json)


@app.command()
def extend(
    ref: Ref,
    until: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The body's new day.", metavar="YYYY-MM-DD")
    ],
    why: Why,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Note that the body wants its answer by a later day.

    Reminders of the answer go by that day. The time to forward the complaint is the contract's and stays.

    Example: forthwith extend FW-1001 --until 2026-12-18 --why "granted by telephone, Ms Roe of the ICO"
    """
    _act(lambda desk: desk.extend(ref, until.date(), why, actor=acting(actor)), as_json=as_json)


@app.command()
def close(ref: Ref, actor: Actor = "", as_json: AsJson = False) -> None:
    """Note that nothing more is expected.

    Example: forthwith close FW-1001
    """
    _act(lambda desk: desk.close(ref, actor=acting(actor)), as_json=as_json)


def _act(act: Act, *, as_json: bool) -> None:
    settings = ready()
    complaint, now = at_desk(settings, act), system_clock()
    if as_json:
        put_json(complaint_json(complaint, now))
        return
    show.line(f"{complaint.ref} is now {complaint.status.value}. {_what_follows(complaint)}".rstrip())
    if complaint.clock_runs:
        show.line(f"Due {show.instant(complaint.due_at, zone_of(settings))}, {show.due(complaint, now)}.")
    if waits := show.paused(complaint, now, zone_of(settings)):
        show.line(f"Its alarms wait: {waits}.")


def _of_the_hold(complaint: Complaint, why: str, zone: ZoneInfo) -> Iterator[str]:
    """Since when it lies there and why, and what it can still keep from the customer."""
    reason = f"“{complaint.hold_reason}”"
    if complaint.held_at is not None and complaint.hold_reason != why:
        yield f"A legal hold lies on {complaint.ref} already, since {show.instant(complaint.held_at, zone)}: {reason}."
        yield f"The reason given now is not noted; to change it, `forthwith release {complaint.ref} --why ...` first."
    else:
        yield f"A legal hold lies on {complaint.ref} now: {reason}."
    if complaint.forwarded_at is None:
        yield "Nothing of it goes to the customer until it is released."
        return
    reader = "who stands in for the supplier manager" if complaint.standing_in else "the supplier manager"
    sent = show.instant(complaint.forwarded_at, zone)
    yield f"It was forwarded before, {sent}: {reader} has it already. Nothing more of it goes to the customer."


def _offer(ref: str) -> None:
    """Tell what the letter calls the customer that the register does not know."""
    for lesson in at_desk(ready(), lambda desk: Teaching(desk.database, desk.clock).offered(id_of(ref))):
        show.line(
            f"The letter names “{lesson.value}”, which the register does not know."
            f" If that is {lesson.customer_id}: `forthwith customers take {lesson.id}`"
        )


def _what_follows(complaint: Complaint) -> str:
    if complaint.status is Status.FORWARDING:
        return "A running `forthwith up` sends it at once."
    if complaint.status is Status.NEEDS_REVIEW:
        return f"It waits for a person: {in_words(complaint.review_reason)}."
    return ""
