"""One text may tell what several would have told."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Makes room for which text that is."""
    op.add_column("messages", sa.Column("joint_id", sa.Integer))
    is_set = sa.text("joint_id IS NOT NULL")
    op.create_index(
        "ix_messages_joint", "messages", ["joint_id"], sqlite_where=is_set, postgresql_where=is_set
    )
