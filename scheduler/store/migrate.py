"""Brings the tables of both wings up to date."""

from pathlib import Path

from sqlalchemy import Connection, inspect, select, table, text
from sqlalchemy.sql import column

from scheduler.store.database import Database, DatabaseFault

NEWEST = "0012"
LOCK = 0x0CA7


def migrate(database: Database) -> None:
    """Runs the migrations that this database has not seen; two processes may call it at once.

    Raises DatabaseFault when a newer catruc has written it.
    """
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        stored = _stored_revision(connection)
        if stored == NEWEST:
            return
        if stored is not None and stored > NEWEST:
            raise DatabaseFault(
                f"The database is of revision {stored}, newer than this catruc ({NEWEST}); "
                "start the newer catruc."
            )
        _upgrade(connection)


def _stored_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(select(column("version_num")).select_from(table("alembic_version")))


def _upgrade(connection: Connection) -> None:
    # Alembic takes 0.2 s to import: only a database that needs it should pay.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
