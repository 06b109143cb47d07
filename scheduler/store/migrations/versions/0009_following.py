"""Residents follow: one session too, by a one-time code; each consent has its proof."""

import sqlalchemy as sa
from alembic import op

from notifications.instant import UTCDateTime

revision = "0009"
down_revision = "0008"

A_WARD = sa.text("ended_at IS NULL AND session_id IS NULL")
A_SESSION = sa.text("ended_at IS NULL AND session_id IS NOT NULL")


def upgrade() -> None:
    """Adds columns, the table of codes, and an index for each kind of wish."""
    op.add_column("consents", sa.Column("proof", sa.Text(), nullable=False, server_default=""))
    op.add_column("subscriptions", sa.Column("session_id", sa.Integer(), nullable=True))
    op.drop_index("uq_subscriptions_open", table_name="subscriptions")
    for name, columns, where in (
        ("uq_subscriptions_open", ["phone", "service", "ward"], A_WARD),
        ("uq_subscriptions_session", ["phone", "session_id"], A_SESSION),
    ):
        op.create_index(
            name, "subscriptions", columns, unique=True, sqlite_where=where, postgresql_where=where
        )
    op.create_table(
        "follow_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("ward", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_codes")),
        sa.UniqueConstraint("flow", name=op.f("uq_follow_codes_flow")),
    )
    op.create_index("ix_follow_codes_made_at", "follow_codes", ["made_at"])
