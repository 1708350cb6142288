"""One letter may open several complaints: one for each customer that it concerns."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("complaint", sa.Column("part", sa.Integer(), nullable=True))
    op.execute(sa.update(sa.table("complaint", sa.column("part"))).values(part=0))
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.alter_column("part", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_constraint(op.f("uq_complaint_mail_id"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_complaint_mail_id_part"), ["mail_id", "part"])


def downgrade() -> None:
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_complaint_mail_id_part"), type_="unique")
        batch_op.drop_column("part")
        batch_op.create_unique_constraint(op.f("uq_complaint_mail_id"), ["mail_id"])
