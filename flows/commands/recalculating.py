"""Putting open complaints on today's terms: only when asked, with a preview, and on the record."""

from typing import Annotated

import typer

from complaints.recalculation import Change, Recalculation
from config.bootstrap import open_desk
from flows import show
from flows.commands.common import Actor, AsJson, acting, put_all_json, ready, run, zone_of
from flows.commands.shapes import change_json
from flows.show_deadline import show_changes

app = typer.Typer(rich_markup_mode="rich")


@app.command()
def recalculate(
    refs: Annotated[
        list[str] | None, typer.Argument(help="Our references.", metavar="[REF...]", show_default=False)
    ] = None,
    customer: Annotated[
        str, typer.Option(help="All open complaints of this customer.", metavar="ID", show_default=False)
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Put open complaints on today's terms, on the record.

    The terms and the calendar on file today count, from the same receipt. A contract or calendar that changes touches no complaint by itself. Complaints whose time runs no more stay
    as they are, and so do breaches that are recorded; the ladder begins anew.

    Examples: forthwith recalculate FW-1001 --dry-run   forthwith recalculate --customer C0002
    """
    if bool(refs) == bool(customer):
        raise typer.BadParameter("name complaints, or a customer with --customer", param_hint="REF")
    settings, who = ready(), "" if dry_run else acting(actor)

    async def work() -> list[Change]:
        async with open_desk(settings) as desk:
            recalculation = Recalculation(desk.database, desk.policy, desk.clock)
            wanted = list(dict.fromkeys(refs or await recalculation.of_customer(customer)))
            if dry_run:
                return await recalculation.preview(wanted)
            return await recalculation.apply(wanted, actor=who)

    changes = run(work())
    if as_json:
        put_all_json(change_json(change, dry_run=dry_run) for change in changes)
        return
    show_changes(changes, zone_of(settings), dry_run=dry_run)
    moved = sum(change.moves for change in changes)
    show.line(f"{len(changes)} complaints, {moved} {'would change' if dry_run else 'changed'}.")
