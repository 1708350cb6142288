"""Running the desk, and what an engineer does around it."""

import sys
from typing import Annotated

import typer

from complaints.errors import BadSetting
from complaints.store.database import Database
from complaints.store.upgrade import newest, upgrade
from config.doctor import Finding, examine
from config.settings import Settings, describe
from flows import show
from flows.commands.common import AsJson, plain, put, put_json, ready, run, zone_of
from flows.settings_example import example

app = typer.Typer(rich_markup_mode="rich")


@app.command()
def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="Tell the story on embedded parts, with made-up letters.")
    ] = False,
    once: Annotated[
        bool, typer.Option("--once", help="With --demo: check that all of it happened, then end.")
    ] = False,
) -> None:
    """Keep the promise: inbox, clock, relay and dashboard, until Ctrl-C.

    The database is brought to the newest schema first, and the customers file imported if it changed.

    Example: forthwith up
    """
    if demo:
        from flows.demo import run_demo  # noqa: PLC0415  embedded servers that nobody else needs

        raise typer.Exit(run_demo(once))
    if once:
        raise typer.BadParameter("it goes with --demo", param_hint="--once")
    settings = ready(daemon=True)
    from flows.up import up as keep_up  # noqa: PLC0415  Prefect and its second of import time

    raise typer.Exit(run(keep_up(settings, say=put_now)))


@app.command()
def worker(
    limit: Annotated[int, typer.Option(min=1, help="How many runs it does at once.")] = 4,
) -> None:
    """Do what people ask for by forms, on this machine or another.

    For many people at the forms: where prefect_work_pool names a pool, `forthwith up` leaves to its workers what
    forms ask for, and any number of them may run, each with the same settings of database and Prefect. One that
    dies leaves nothing half done in the store; its run stays *Pending* or *Running* in Prefect, and the form can
    be sent again. Ctrl-C ends it.

    Example: forthwith worker --limit 4
    """
    settings = ready(daemon=True)
    if not settings.prefect_work_pool:
        raise BadSetting(
            "setting prefect_work_pool is empty: `forthwith up` does by itself what forms ask for"
        )
    from flows.pool import become_worker  # noqa: PLC0415  what is about to be another program

    become_worker(settings, limit)


@app.command("remove-dashboard")
def remove_dashboard(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take everything of Forthwith's out of Prefect: forms, runs, pages; no complaint.

    Of a Prefect server of your own (prefect_api_url) only what is ours is removed; of the one that `forthwith up` starts,
    its whole folder. Stop `forthwith up` first; when it starts again it makes everything anew.

    Example: forthwith remove-dashboard
    """
    settings = ready()
    if not yes:
        typer.confirm("Remove Forthwith's dashboard from Prefect?", abort=True)
    from flows.actions import FLOWS  # noqa: PLC0415  Prefect and its second of import time
    from flows.escalate_complaints import escalate_complaints  # noqa: PLC0415
    from flows.mirror import FLOW  # noqa: PLC0415
    from flows.removal import remove_window  # noqa: PLC0415
    from flows.route_complaints import route_complaints  # noqa: PLC0415
    from flows.sla_checks import FLOW as CHECKS  # noqa: PLC0415

    names = [one.name for one in (*FLOWS, route_complaints, escalate_complaints)]
    gone = run(remove_window(settings, [*names, FLOW, CHECKS]))
    put(
        f"Removed {gone.folder}."
        if gone.folder
        else f"Removed {gone.flows} flows with their runs, and {gone.pages} pages."
    )


@app.command()
def clock() -> None:
    """Raise alarms alone, beside a daemon or after its death.

    `forthwith up` starts such a process by itself. Run it by hand (Ctrl-C ends it) on another machine that reaches the same
    database, Prefect API and relay: it raises what is due there and gets the alarms out, whatever has become
    of the daemon. Reads no mailbox and forwards nothing.

    Example: forthwith clock
    """
    settings = ready(daemon=True)
    from flows.second_clock import keep  # noqa: PLC0415  half a second of imports

    run(keep(settings))


@app.command()
def synthetic(
    wait: Annotated[
        float, typer.Option(help="Wait for it to come through, so many seconds at most.", metavar="SECONDS")
    ] = 0,
    show_last: Annotated[
        bool, typer.Option("--show", help="Send nothing; say how far the last ten came.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send a made-up complaint the whole way, and say how far it came.

    It goes by the relay to our own address, comes in by the mailbox, is recognised, matched to a made-up
    customer and forwarded to synthetic_to. A running `forthwith up` does all but the sending. What does not
    come through within synthetic_minutes is an alarm for the managers and the triage team. Figures, lists and
    later letters know nothing of it. Ends with 1 when it was waited for and did not come through.

    Example: forthwith synthetic --wait 60
    """
    from flows.commands.made_up import last_ten, sent  # noqa: PLC0415  half a second of imports

    settings = ready()
    found = run(last_ten(settings) if show_last else sent(settings, wait))
    for one in found:
        if as_json:
            put_json(one)
        else:
            put(one.told(zone_of(settings)))
    if wait and not show_last and found[0].through_at is None:
        raise typer.Exit(1)


def put_now(line: str) -> None:
    """Print a line that somebody watches for."""
    put(line)
    sys.stdout.flush()


@app.command()
def migrate() -> None:
    """Bring the database to the schema of this version.

    `forthwith up` does the same; run it by hand where the commands are used without a daemon.
    """
    settings = ready()
    changed = run(_upgrade(settings))
    put(f"The schema is now {newest()}." if changed else f"The schema is the newest already ({newest()}).")


async def _upgrade(settings: Settings) -> bool:
    database = Database(settings.database)
    try:
        return await upgrade(database)
    finally:
        await database.close()


@app.command()
def settings(
    as_example: Annotated[bool, typer.Option("--example", help="Print a commented forthwith.toml.")] = False,
    as_json: AsJson = False,
) -> None:
    """List every setting: what it takes, what it means, what it is now.

    Secrets are never shown. Settings are read from forthwith.toml (or the file that --config names), .env and
    the environment (FORTHWITH_...), the later ones winning.

    Example: forthwith settings --example > forthwith.toml
    """
    if as_example:
        put(example())
        return
    described = list(describe(ready()))
    if as_json:
        for one in described:
            put_json(one)
        return
    show.settings(described)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Try each part for real and say what to do about each failure.

    Settings, data folder, database and schema, every mail folder, the relay (greeting, TLS, login), the
    Prefect API, the registers, and that every rung of the ladder reaches a person. Nothing is changed and no
    mail is sent. Ends with 0 when all is well (warnings allowed), else with 1.
    """
    try:
        chosen = ready()
    except BadSetting as error:
        broken = Finding(
            part="settings", ok=False, what=str(error), do_next="`forthwith settings --example` shows each"
        )
        _tell(broken, as_json=as_json)
        raise typer.Exit(1) from None
    raise typer.Exit(0 if run(_examined(chosen, as_json=as_json)) else 1)


async def _examined(chosen: Settings, *, as_json: bool) -> bool:
    well = True
    async for finding in examine(chosen):
        _tell(finding, as_json=as_json)
        well = well and finding.ok
    return well


def _tell(finding: Finding, *, as_json: bool) -> None:
    if as_json:
        put_json({**plain(finding), "warns": finding.warns})
    else:
        show.findings([finding])
