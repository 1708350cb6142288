"""Contracts with their days, absences, and what people's decisions teach."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEPT = (
    "id",
    "name",
    "aliases",
    "domains",
    "identifiers",
    "supplier_manager_name",
    "supplier_manager_email",
    "sla",
    "country",
    "retired_at",
)

# Nobody wrote down since when the rows were on file.
_SINCE_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    _customers()
    op.add_column("register", sa.Column("edition", sa.String(length=32), nullable=True))
    op.execute("UPDATE register SET edition = ''")
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.alter_column("edition", existing_type=sa.String(length=32), nullable=False)
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("stand_in", sa.String(length=320), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_email", ["email"], unique=False)
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_lesson_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("customer_id", "what", "words", name=op.f("uq_lesson_customer_id_what_words")),
    )
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.create_index("ix_lesson_words", ["words"], unique=False)
        batch_op.create_index("ix_lesson_complaint_id", ["complaint_id"], unique=False)
    for name in ("recipient_email", "standing_in"):
        op.add_column("complaint", sa.Column(name, sa.Text(), nullable=True))
    op.execute("UPDATE complaint SET recipient_email = manager_email, standing_in = ''")
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.alter_column("recipient_email", existing_type=sa.Text(), nullable=False)
        batch_op.alter_column("standing_in", existing_type=sa.Text(), nullable=False)


def _customers() -> None:
    """A customer gets a row for each time of its contract; those on file are taken over."""
    connection = op.get_bind()
    before = connection.execute(sa.select(*_table("deputy_email", *_KEPT).c)).mappings().all()
    op.drop_table("customer")
    op.create_table(
        "customer",
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("domains", sa.Text(), nullable=False),
        sa.Column("identifiers", sa.Text(), nullable=False),
        sa.Column("supplier_manager_name", sa.Text(), nullable=False),
        sa.Column("supplier_manager_email", sa.Text(), nullable=False),
        sa.Column("deputies", sa.Text(), nullable=False),
        sa.Column("fallback_email", sa.Text(), nullable=False),
        sa.Column("sla", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_customer")),
    )
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.create_index("ix_customer_id", ["id"], unique=False)
    if before:
        table = _table("deputies", "fallback_email", "recorded_at", *_KEPT)
        connection.execute(sa.insert(table), [_after(row) for row in before])


def _after(row: sa.RowMapping) -> dict[str, Any]:
    deputies = [row["deputy_email"]] if row["deputy_email"] else []
    return {
        **{name: row[name] for name in _KEPT},
        "deputies": json.dumps(deputies, ensure_ascii=False),
        "fallback_email": "",
        "recorded_at": _SINCE_EVER,
    }


def _table(*columns: str) -> sa.TableClause:
    return sa.table("customer", *(sa.column(name, _type(name)) for name in columns))


def _type(name: str) -> sa.types.TypeEngine[Any]:
    return sa.DateTime(timezone=True) if name.endswith("_at") else sa.Text()


def downgrade() -> None:
    raise NotImplementedError("a contract's times cannot be put into one row; restore the backup instead")
