"""The language and the time zone in which a customer's people are written to."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("customer", "language", sa.String(16)),
    ("complaint", "customer_language", sa.String(16)),
    ("complaint", "customer_timezone", sa.String(64)),
)


def upgrade() -> None:
    for table, name, kind in _COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True))
        op.execute(sa.update(sa.table(table, sa.column(name))).values({name: ""}))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(name, existing_type=kind, nullable=False)


def downgrade() -> None:
    for table, name, _ in reversed(_COLUMNS):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(name)
