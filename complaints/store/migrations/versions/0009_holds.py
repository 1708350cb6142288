"""Legal holds."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("complaint", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("complaint", sa.Column("hold_reason", sa.Text(), nullable=True))
    op.execute("UPDATE complaint SET hold_reason = ''")
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.alter_column("hold_reason", existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_column("hold_reason")
        batch_op.drop_column("held_at")
