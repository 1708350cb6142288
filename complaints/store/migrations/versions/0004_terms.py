"""Terms with clauses, and calendars kept with the deadlines that were counted in them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Earlier deadlines were counted in the house's calendar of that day, of which nothing was kept.
_TEXTS: dict[str, sa.types.TypeEngine[Any]] = {
    "house_number": sa.Text(),
    "calendar": sa.String(length=80),
    "calendar_version": sa.String(length=16),
    "urgent": sa.Text(),
    "reckoned": sa.Text(),
}


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_calendar")),
    )
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar", sa.String(length=64), nullable=True))
    op.execute("UPDATE customer SET calendar = ''")
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.alter_column("calendar", existing_type=sa.String(length=64), nullable=False)
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        for name, kind in _TEXTS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.add_column(sa.Column("until", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("held_up", sa.Boolean(), nullable=True))
    op.execute(
        sa.text(
            "UPDATE complaint SET house_number = '', calendar = '', calendar_version = '', urgent = '', reckoned = '',"
            " until = 'sent', held_up = :no"
        ).bindparams(sa.bindparam("no", value=False, type_=sa.Boolean()))
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        for name, kind in (_TEXTS | {"until": sa.String(length=16), "held_up": sa.Boolean()}).items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        for name in (*_TEXTS, "until", "held_up"):
            batch_op.drop_column(name)
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_column("calendar")
    op.drop_table("calendar")
