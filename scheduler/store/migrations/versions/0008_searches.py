"""When substitutes were looked for last, so that a search that found nobody is not repeated at once."""

import sqlalchemy as sa
from alembic import op

from notifications.instant import UTCDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "searches",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_searches_session_id")),
        sa.PrimaryKeyConstraint("session_id", "role", name=op.f("pk_searches")),
    )
