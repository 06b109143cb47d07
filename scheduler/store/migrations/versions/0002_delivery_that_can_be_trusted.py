"""What delivery needs to be trusted: outcomes, arrivals, replies, bad numbers, halts, look-ups."""

import sqlalchemy as sa
from alembic import op

from notifications.instant import UTCDateTime

revision = "0002"
down_revision = "0001"

# What the old column `read_at` said of a message that nobody had acted on yet.
UNREAD = "read_at IS NULL AND state IN ('sent', 'in_doubt', 'failed', 'expired')"


def upgrade() -> None:
    """Adds tables and columns; what nobody had acted on becomes rows of the new table of outcomes."""
    _create_outcomes()
    _create_arrivals()
    _create_replies()
    _create_numbers_and_halts()
    op.execute(
        "INSERT INTO outcomes (key, kind, message_id, fault, sentence, at)"  # noqa: S608 - a constant of ours
        " SELECT state || '/' || id || '/0', state, id, '', reason, changed_at FROM messages"
        f" WHERE {UNREAD} ORDER BY id"
    )
    op.drop_index("ix_messages_unread", table_name="messages")
    op.drop_column("messages", "read_at")
    _extend_messages()
    op.add_column("attempts", sa.Column("channel", sa.Text(), server_default="", nullable=False))
    op.add_column("attempts", sa.Column("provider_id", sa.Text(), nullable=True))
    op.create_index(op.f("ix_attempts_provider_id"), "attempts", ["provider_id"], unique=False)
    op.create_index(op.f("ix_audit_key"), "audit", ["key"], unique=False)


def _extend_messages() -> None:
    for column in (
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("rank", sa.Integer(), server_default="0", nullable=False),
        sa.Column("look_up_at", UTCDateTime(), nullable=True),
        sa.Column("misses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("resent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("forget_at", UTCDateTime(), nullable=True),
    ):
        op.add_column("messages", column)
    op.create_index(op.f("ix_messages_provider_id"), "messages", ["provider_id"], unique=False)
    op.create_index(op.f("ix_messages_look_up_at"), "messages", ["look_up_at"], unique=False)
    op.create_index(op.f("ix_messages_forget_at"), "messages", ["forget_at"], unique=False)


def _create_outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("fault", sa.Text(), server_default="", nullable=False),
        sa.Column("sentence", sa.Text(), server_default="", nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_outcomes_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sa.UniqueConstraint("key", name=op.f("uq_outcomes_key")),
    )
    _index_unread("ix_outcomes_unread", "outcomes", "read_at IS NULL")


def _create_arrivals() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("worked_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_arrivals_channel_key")),
    )
    _index_unread("ix_arrivals_unworked", "arrivals", "worked_at IS NULL")


def _create_replies() -> None:
    op.create_table(
        "replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wants_out", sa.Boolean(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("channel", "provider_id", name=op.f("uq_replies_channel_provider_id")),
    )
    op.create_index(op.f("ix_replies_phone"), "replies", ["phone"], unique=False)
    _index_unread("ix_replies_unread", "replies", "read_at IS NULL")


def _create_numbers_and_halts() -> None:
    op.create_table(
        "spoiled_numbers",
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("phone", name=op.f("pk_spoiled_numbers")),
    )
    op.create_table(
        "halts",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("probe_at", UTCDateTime(), nullable=False),
        sa.Column("probes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_halts")),
    )


def _index_unread(name: str, table: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, ["id"], unique=False, sqlite_where=condition, postgresql_where=condition)
