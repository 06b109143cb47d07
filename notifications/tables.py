"""The tables of this wing.

Messages and their attempts, what came of them, what providers told us and people wrote, consents, numbers
that take no texts, halted channels, the pace and the audit trail.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

from notifications.instant import UTCDateTime

UNREAD = "read_at IS NULL"
UNWORKED = "worked_at IS NULL"
LISTED = "how = 'list'"

# How each database inserts what may be there already.
INSERTS: Mapping[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = MappingProxyType(
    {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _index_where_set(name: str, column: str) -> Index:
    is_set = text(f"{column} IS NOT NULL")
    return Index(name, column, sqlite_where=is_set, postgresql_where=is_set)


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
    Column("channel", Text, nullable=False, server_default=""),
    Column("provider_id", Text),
    Column("rank", Integer, nullable=False, server_default="0"),
    Column("handed_at", UTCDateTime),
    # In doubt: when the channel is asked next, and how often it had nothing to say of the text.
    Column("look_up_at", UTCDateTime),
    Column("misses", Integer, nullable=False, server_default="0"),
    # Sent once more after a doubt: the recipient may have it twice.
    Column("resent", Boolean, nullable=False, server_default=text("false")),
    # The text that said this together with others.
    Column("joint_id", Integer),
    # When the channel shall erase its copy of the words; None once it has.
    Column("forget_at", UTCDateTime),
    Column("created_at", UTCDateTime, nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    UniqueConstraint("key"),
    Index(None, "state", "send_at"),
    Index(None, "scope"),
    # Of what waits, as nearly all that is planned and moved does, none of these has an entry to keep.
    _index_where_set("ix_messages_handed", "handed_at"),
    _index_where_set("ix_messages_look_up", "look_up_at"),
    _index_where_set("ix_messages_forget", "forget_at"),
    _index_where_set("ix_messages_joint", "joint_id"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", Text, nullable=False),
    Column("message_id", ForeignKey("messages.id"), nullable=False),
    Column("channel", Text, nullable=False, server_default=""),
    Column("started_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Column("outcome", Text),
    Column("code", Text),
    Column("sentence", Text),
    Column("provider_id", Text),
    UniqueConstraint("reference"),
    Index(None, "message_id"),
    Index(None, "provider_id"),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("message_id", ForeignKey("messages.id")),
    Column("fault", Text, nullable=False, server_default=""),
    Column("sentence", Text, nullable=False, server_default=""),
    Column("at", UTCDateTime, nullable=False),
    Column("read_at", UTCDateTime),
    UniqueConstraint("key"),
    Index("ix_outcomes_unread", "id", sqlite_where=text(UNREAD), postgresql_where=text(UNREAD)),
)

arrivals = Table(
    "arrivals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("worked_at", UTCDateTime),
    UniqueConstraint("channel", "key"),
    Index("ix_arrivals_unworked", "id", sqlite_where=text(UNWORKED), postgresql_where=text(UNWORKED)),
)

replies = Table(
    "replies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("wants_out", Boolean, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("read_at", UTCDateTime),
    UniqueConstraint("channel", "provider_id"),
    Index(None, "phone"),
    Index("ix_replies_unread", "id", sqlite_where=text(UNREAD), postgresql_where=text(UNREAD)),
)

spoiled_numbers = Table(
    "spoiled_numbers",
    metadata,
    Column("phone", Text, primary_key=True),
    Column("since", UTCDateTime, nullable=False),
    Column("code", Text, nullable=False),
)

halts = Table(
    "halts",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("since", UTCDateTime, nullable=False),
    Column("probe_at", UTCDateTime, nullable=False),
    Column("probes", Integer, nullable=False, server_default="0"),
    Column("code", Text, nullable=False),
    Column("sentence", Text, nullable=False),
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
    Column("proof", Text, nullable=False, server_default=""),
    Index(None, "phone", "purpose"),
    # What a list says is one word, also where two machines write it down at one moment.
    Index(
        "uq_consents_listed",
        *("phone", "purpose", "granted", "at", "how", "wording"),
        unique=True,
        sqlite_where=text(LISTED),
        postgresql_where=text(LISTED),
    ),
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
    Index(None, "key"),
)


def insert_once(connection: Connection, into: Table, **values: Any) -> bool:
    """Inserts a row unless one of its unique keys is taken; returns whether it did."""
    once = INSERTS[connection.dialect.name](into).values(**values).on_conflict_do_nothing()
    return connection.execute(once.returning(*into.primary_key)).first() is not None


def insert_each_once(connection: Connection, into: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts those rows of which no unique key is taken."""
    if rows:
        connection.execute(INSERTS[connection.dialect.name](into).on_conflict_do_nothing(), rows)
