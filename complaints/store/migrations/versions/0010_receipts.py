"""Under what the relay took a notice: its name, TLS, certificate, reports asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("receipt", sa.Text(), nullable=True))
    op.execute("UPDATE notice SET receipt = '{}'")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.alter_column("receipt", existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_column("receipt")
