"""What the desk says of its sessions: open, late, full, places left, called off; and who asked for that."""

import sqlalchemy as sa
from alembic import op

from notifications.instant import UTCDateTime

revision = "0007"
down_revision = "0006"

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """Adds columns to the sessions, and the table of requests."""
    for column in (
        sa.Column("live", sa.Text(), nullable=False, server_default=""),
        sa.Column("places_left", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("words", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("called_off", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
    ):
        op.add_column("sessions", column)
    op.create_table(
        "call_offs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_call_offs_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_offs")),
    )
    op.create_index(
        "uq_call_offs_open",
        "call_offs",
        ["session_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
