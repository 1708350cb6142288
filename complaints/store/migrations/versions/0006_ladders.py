"""Several ladders a complaint, pauses, and answers noted."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("paused_until", "answered_at"):
        op.add_column("complaint", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("complaint", sa.Column("climbs", sa.Text(), nullable=True))
    _climbs()
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.alter_column("climbs", existing_type=sa.Text(), nullable=False)
        batch_op.drop_column("rung")


def _climbs() -> None:
    """Rungs were counted; from now on the instant is kept up to which they are behind a complaint.

    Every rung before the next one's instant was behind it, and none from there on.
    """
    connection = op.get_bind()
    rows = connection.execute(sa.select(*_COMPLAINT.c)).mappings().all()
    if rows:
        statement = sa.update(_COMPLAINT).where(_COMPLAINT.c.id == sa.bindparam("the_id"))
        connection.execute(
            statement.values(climbs=sa.bindparam("new")),
            [{"the_id": row["id"], "new": json.dumps(_climb(row), separators=(",", ":"))} for row in rows],
        )


def _climb(row: sa.RowMapping) -> dict[str, Any]:
    ahead, behind = row["next_rung_at"], row["forwarded_at"] or row["closed_at"]
    if ahead is not None:
        behind = ahead - timedelta(microseconds=1)
    if behind is None:
        behind = datetime.now(UTC)
    aware = behind.replace(tzinfo=UTC) if behind.tzinfo is None else behind.astimezone(UTC)
    return {"forward": {"done": aware.isoformat(), "for": str(row["deadline_version"])}}


_COMPLAINT = sa.table(
    "complaint",
    sa.column("id", sa.Integer()),
    sa.column("deadline_version", sa.Integer()),
    sa.column("next_rung_at", sa.DateTime(timezone=True)),
    sa.column("forwarded_at", sa.DateTime(timezone=True)),
    sa.column("closed_at", sa.DateTime(timezone=True)),
    sa.column("climbs", sa.Text()),
)


def downgrade() -> None:
    raise NotImplementedError("how many rungs were told is not kept any more; restore the backup instead")
