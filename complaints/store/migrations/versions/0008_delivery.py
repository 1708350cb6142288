"""How far each forward has come, kept beside the status for lists and boards."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("complaint", sa.Column("delivery", sa.String(length=16), nullable=True))
    op.execute("UPDATE complaint SET delivery = ''")
    op.execute("UPDATE complaint SET delivery = 'queued' WHERE status = 'forwarding'")
    op.execute(
        "UPDATE complaint SET delivery = 'accepted' WHERE status IN ('forwarded', 'acknowledged', 'answered')"
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.alter_column("delivery", existing_type=sa.String(length=16), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_column("delivery")
