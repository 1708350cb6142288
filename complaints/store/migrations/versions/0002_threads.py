"""Letters that hang together: marks of cases, prints of letters, tokens of return paths."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_HYPHENS = re.compile(r"[\s\u2010-\u2015\u2212\ufe58\ufe63\uff0d_-]+")


def upgrade() -> None:
    op.create_table(
        "thread",
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=320), nullable=False),
        sa.Column("mark", sa.String(length=400), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_thread_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", "party", "mark", name=op.f("pk_thread")),
    )
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.create_index("ix_thread_party_mark", ["party", "mark"], unique=False)
    op.create_table(
        "letter",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("print", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_letter_mail_id_mail")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_letter_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_letter")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_complaint_id", ["complaint_id"], unique=False)
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index("ix_complaint_party_reference")
    op.add_column("notice", sa.Column("bounce_token", sa.String(length=40), nullable=True))
    op.execute("UPDATE notice SET bounce_token = ''")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.alter_column("bounce_token", existing_type=sa.String(length=40), nullable=False)
        batch_op.create_index("ix_notice_bounce_token", ["bounce_token"], unique=False)
    _take_over()


def _take_over() -> None:
    """Letters that are here already are found by their number and their Message-ID; their prints are empty."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT c.id, c.mail_id, c.party, c.reference, m.message_id "
            "FROM complaint c JOIN mail m ON m.id = c.mail_id"
        )
    ).all()
    marks = [
        {"complaint_id": row.id, "party": row.party, "mark": mark[:400], "main": True}
        for row in rows
        if row.party
        for mark in sorted({_normalised(row.reference), row.message_id} - {""})
    ]
    nothing = (
        '{"content":"","cover":false,"domain":"","files":[],"kind":"","message_id":"","party":"",'
        '"reference":"","respond_by":"","text":"","unread":[],"verified":false}'
    )
    letters = [{"mail_id": row.mail_id, "complaint_id": row.id, "print": nothing} for row in rows]
    thread = sa.table("thread", *(sa.column(name) for name in ("complaint_id", "party", "mark", "main")))
    letter = sa.table("letter", *(sa.column(name) for name in ("mail_id", "complaint_id", "print")))
    if marks:
        connection.execute(sa.insert(thread), marks)
    if letters:
        connection.execute(sa.insert(letter), letters)


def _normalised(reference: str) -> str:
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", reference))
    return _HYPHENS.sub("-", plain.strip()).strip(".,:;-").upper()[:200]


def downgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_bounce_token")
        batch_op.drop_column("bounce_token")
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_party_reference", ["party", "reference"], unique=False)
    op.drop_table("letter")
    op.drop_table("thread")
