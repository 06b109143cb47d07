"""Lighter indexes of messages: nothing to keep for what waits, and none that no query uses.

Planning and moving write an entry into each index for each message, and three of the columns are empty in all
that waits.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Puts partial indexes in the place of whole ones; nobody looks a message up by its provider's id."""
    op.drop_index("ix_messages_provider_id", table_name="messages")
    for name, column in (("handed", "handed_at"), ("look_up", "look_up_at"), ("forget", "forget_at")):
        op.drop_index(f"ix_messages_{column}", table_name="messages")
        is_set = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_messages_{name}", "messages", [column], sqlite_where=is_set, postgresql_where=is_set
        )
