"""The tables of this wing: messages, attempts, consents, the pace and the audit trail."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from notifications.instant import UTCDateTime

# What has come of a message and nobody has acted on yet.
UNREAD = "read_at IS NULL AND state IN ('sent', 'in_doubt', 'failed', 'expired')"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("encoding", Text, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("about", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("send_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reference", Text),
    Column("lease_until", UTCDateTime),
    Column("provider_id", Text),
    Column("handed_at", UTCDateTime),
    Column("read_at", UTCDateTime),
    Column("created_at", UTCDateTime, nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    UniqueConstraint("key"),
    Index(None, "state", "send_at"),
    Index(None, "state", "expires_at"),
    Index(None, "scope"),
    Index(None, "phone"),
    Index(None, "handed_at"),
    Index(
        "ix_messages_unread",
        "id",
        sqlite_where=text(UNREAD),
        postgresql_where=text(UNREAD),
    ),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", Text, nullable=False),
    Column("message_id", ForeignKey("messages.id"), nullable=False),
    Column("started_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Column("outcome", Text),
    Column("code", Text),
    Column("sentence", Text),
    UniqueConstraint("reference"),
    Index(None, "message_id"),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("phone", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("how", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Index(None, "phone", "purpose"),
)

pace = Table(
    "pace",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("free_at", UTCDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("event", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Index(None, "event"),
)
