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
    # What the desk says: open, late or full, how often it has spoken, and when last.
    Column("live", Text, nullable=False, server_default=""),
    Column("places_left", Integer),
    Column("confirmed_at", UTCDateTime),
    Column("words", Integer, nullable=False, server_default="0"),
    # The desk called it off, which no edit undoes; and when the desk last decided whether it is held.
    Column("called_off", Boolean, nullable=False, server_default=text("false")),
    Column("decided_at", UTCDateTime),
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

A_WARD = text("ended_at IS NULL AND session_id IS NULL")
A_SESSION = text("ended_at IS NULL AND session_id IS NOT NULL")

# A resident's wish: a service in a ward, or one session of it.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("phone", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("ward", Text, nullable=False),
    Column("session_id", Integer),
    Column("language", Text, nullable=False),
    Column("since", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Index(
        "uq_subscriptions_open",
        "phone",
        "service",
        "ward",
        unique=True,
        sqlite_where=A_WARD,
        postgresql_where=A_WARD,
    ),
    Index(
        "uq_subscriptions_session",
        "phone",
        "session_id",
        unique=True,
        sqlite_where=A_SESSION,
        postgresql_where=A_SESSION,
    ),
)

# One-time codes by which a number is shown to be somebody's; `code` is what is kept to know it again. The
# `wording` is what they agreed to; without a service they only want to see what they follow.
follow_codes = Table(
    "follow_codes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("flow", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("ward", Text, nullable=False),
    Column("session_id", Integer),
    Column("language", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("made_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime),
    UniqueConstraint("flow"),
    Index(None, "made_at"),
)

# An open question to one telephone number, by the short number that texts name. A row stays, and keeps its
# number from being given again, until 30 days after the session.
items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("phone", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("person", Text, nullable=False),
    Column("since", UTCDateTime, nullable=False),
    UniqueConstraint("phone", "number"),
    UniqueConstraint("session_id", "person"),
)

# A person's own page: texts hold the `name`, from which the service's key makes link and code; `link` and
# `code` are what is kept to know them again, filled in by whoever holds the key.
links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("link", Text),
    Column("code", Text),
    Column("made_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("revoked_at", UTCDateTime),
    UniqueConstraint("name"),
    UniqueConstraint("link"),
    UniqueConstraint("code"),
    Index(None, "person"),
)

# Days on which a person said on their page that they cannot come; the settings know others.
absences = Table(
    "absences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", Text, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("made_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Index(None, "person"),
)

# A shift that somebody offers, to one person by name or to anyone who may; taken once.
offers = Table(
    "offers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("giver", Text, nullable=False),
    Column("named", Text),
    Column("state", Text, nullable=False),
    Column("taker", Text),
    Column("made_at", UTCDateTime, nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    Index(None, "session_id"),
    Index(
        "uq_offers_open",
        "session_id",
        "giver",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

# Somebody at the desk asks a coordinator to call a session off; settled once.
call_offs = Table(
    "call_offs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("person", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_at", UTCDateTime, nullable=False),
    Column("settled_by", Text),
    Column("changed_at", UTCDateTime, nullable=False),
    Index(
        "uq_call_offs_open",
        "session_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

# When substitutes were looked for last: a search that found nobody is not repeated at once.
searches = Table(
    "searches",
    metadata,
    Column("session_id", ForeignKey("sessions.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
)

# The key whose links are known here; another one makes others.
link_key = Table(
    "link_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", Text, nullable=False),
    Column("since", UTCDateTime, nullable=False),
)
