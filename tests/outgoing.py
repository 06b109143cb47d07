"""An outbox at work: a migrated database, what is wanted of it, and what became of it.

While it stands, the database itself refuses every change of a message's state that the table of states does
not have.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select, text, update

from notifications import outbox
from notifications.batch import Batch
from notifications.claims import claim_due
from notifications.message import TRANSITIONS, State, Wanted
from notifications.tables import attempts, audit, messages
from notifications.terms import House, Terms
from scheduler.store.database import Database
from scheduler.store.migrate import migrate

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 17, 3, tzinfo=UTC)  # ten in the morning in Sài Gòn
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# Fast enough that the pace holds nothing back: a hundred at a time.
HASTE = Terms(rate=2500.0, quiet=None)

_A_TEXT = Wanted(
    key="a",
    scope="session:1",
    kind="remind",
    audience="volunteer",
    purpose="duty",
    recipient="person:an",
    phone="+84901000001",
    language="vi",
    text="Nho ca truc",
    send_at=NOW,
    expires_at=NOW + DAY,
    sender="UBNDQ1",
)


def wanted(key: str, **changes: Any) -> Wanted:
    """A duty text that is due now and useful for a day, but for `changes`."""
    return replace(_A_TEXT, key=key, **changes)


def house(terms: Terms = HASTE, **by_audience: Terms) -> House:
    """A gate in Sài Gòn with these terms."""
    return House(terms, by_audience, SAIGON)


def local(wall_clock: str) -> datetime:
    """The instant at which clocks in Sài Gòn show this."""
    return datetime.fromisoformat(wall_clock).replace(tzinfo=SAIGON)


class Outgoing:
    """The outbox of one database, each verb in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def want(
        self, *wanted: Wanted, scope: str = "session:1", reason: str = "test", now: datetime = NOW
    ) -> None:
        """Makes one scope equal to what is wanted."""
        with self.database.write() as connection:
            outbox.reconcile(connection, {scope: wanted}, reason, now)

    def claim(
        self, reference: str = "r", now: datetime = NOW, at: House | None = None, channel: str = "console"
    ) -> Batch:
        """Claims what is due on a channel, to go at once: the clocks of tests stand still."""
        return self.claim_places(reference, now, at, channel).at_once()

    def claim_places(
        self, reference: str = "r", now: datetime = NOW, at: House | None = None, channel: str = "console"
    ) -> Batch:
        """Claims what is due on a channel, with its places in the pace."""
        with self.database.write() as connection:
            return claim_due(connection, at or house(), channel, reference, now)

    def claimed_keys(self, reference: str = "r", now: datetime = NOW, at: House | None = None) -> list[str]:
        """Claims what is due; returns its keys in the order in which they go."""
        batch = self.claim(reference, now, at)
        names = {row.id: row.key for row in self.rows()}
        return [names[one] for one in batch.ids]

    def put_in_state(self, key: str, *path: State) -> None:
        """Leads a message from one state to the next."""
        with self.database.write() as connection:
            for state in path:
                connection.execute(update(messages).where(messages.c.key == key).values(state=state))

    def rows(self) -> list[Row[Any]]:
        """All messages by id."""
        with self.database.read() as connection:
            return list(connection.execute(select(messages).order_by(messages.c.id)))

    def row(self, key: str) -> Row[Any]:
        """One message."""
        return next(row for row in self.rows() if row.key == key)

    def states(self) -> dict[str, str]:
        """The state of each message."""
        return {row.key: row.state for row in self.rows()}

    def attempts(self) -> list[Row[Any]]:
        """All attempts by id."""
        with self.database.read() as connection:
            return list(connection.execute(select(attempts).order_by(attempts.c.id)))

    def audited(self, event: str) -> list[str]:
        """The keys of which the audit trail tells this."""
        with self.database.read() as connection:
            lines = select(audit.c.key).where(audit.c.event == event).order_by(audit.c.id)
            return list(connection.scalars(lines))


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database behind `url`, its tables made."""
    database = Database(url)
    try:
        migrate(database)
        yield database
    finally:
        database.close()


@contextmanager
def outgoing(url: str) -> Iterator[Outgoing]:
    """An outbox on a fresh database, in which only steps of the table of states can happen."""
    with opened(url) as database:
        with database.write() as connection:
            _forbid_other_steps(connection)
        yield Outgoing(database)


def _forbid_other_steps(connection: Connection) -> None:
    allowed = " OR ".join(
        f"(OLD.state = '{source}' AND NEW.state IN ({_quoted((source, *targets))}))"
        for source, targets in TRANSITIONS.items()
    )
    if connection.dialect.name == "sqlite":
        refusal = "BEGIN SELECT RAISE(ABORT, 'no such step'); END"
        each_row = ""
    else:
        raising = "RAISE integrity_constraint_violation USING MESSAGE = 'no such step'"
        function = f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {raising}; END $$"
        connection.execute(text(function))
        refusal = "EXECUTE FUNCTION refuse()"
        each_row = "FOR EACH ROW "
    trigger = "CREATE TRIGGER steps AFTER UPDATE OF state ON messages "
    connection.execute(text(f"{trigger}{each_row}WHEN (NOT ({allowed})) {refusal}"))


def _quoted(states: Collection[State]) -> str:
    return ", ".join(f"'{state}'" for state in states)
