"""What contracts ask of encrypting the forwards."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = ("customer", "complaint")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("encryption", sa.String(16), nullable=True))
        op.execute(sa.text(f"UPDATE {table} SET encryption = 'none'"))  # noqa: S608  no input is in it
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("encryption", existing_type=sa.String(16), nullable=False)


def downgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("encryption")
