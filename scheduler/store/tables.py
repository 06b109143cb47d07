"""The tables of this wing: settings in force, sessions, assignments, subscriptions."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
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
from notifications.tables import metadata as notifications_metadata

metadata = MetaData(naming_convention=notifications_metadata.naming_convention)

in_force = Table(
    "in_force",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("applied_at", UTCDateTime, nullable=False),
    Column("planned_on", Date, nullable=False),
    Column("source", Text, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("shift", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("named", Date, nullable=False),
    Column("number", Integer, nullable=False),
    Column("starts", UTCDateTime, nullable=False),
    Column("ends", UTCDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("moved_from", UTCDateTime),
    Column("known_at", UTCDateTime, nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    UniqueConstraint("key"),
    Index(None, "ends"),
    Index(None, "shift"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("was", Text),
    Column("since", UTCDateTime, nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    UniqueConstraint("session_id", "person"),
    Index(None, "person"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("phone", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("ward", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("since", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Index(
        "uq_subscriptions_open",
        "phone",
        "service",
        "ward",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)
