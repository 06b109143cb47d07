"""One index of messages less: what is too late is found among what is due, and each text had to keep it."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Drops it."""
    op.drop_index("ix_messages_state_expires_at", table_name="messages")
