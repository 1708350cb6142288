"""Signs of life, and made-up letters with their stations."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign",
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sign")),
    )
    op.create_table(
        "synthetic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=80), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_synthetic_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synthetic")),
        sa.UniqueConstraint("slot", name=op.f("uq_synthetic_slot")),
        sa.UniqueConstraint("token", name=op.f("uq_synthetic_token")),
        sa.UniqueConstraint("complaint_id", name=op.f("uq_synthetic_complaint_id")),
    )
    with op.batch_alter_table("synthetic", schema=None) as batch_op:
        batch_op.create_index("ix_synthetic_begun_at", ["begun_at"], unique=False)


def downgrade() -> None:
    op.drop_table("synthetic")
    op.drop_table("sign")
