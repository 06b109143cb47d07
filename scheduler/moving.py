"""``catruc move``: everything to another database, when a ward outgrows one machine."""

from collections.abc import Mapping
from contextlib import closing

from scheduler.settings.settings import Settings
from scheduler.store.database import DatabaseFault
from scheduler.store.migrate import migrate
from scheduler.store.moving import move_rows, unserved
from scheduler.surroundings import (
    Surroundings,
    address_of,
    database_url,
    private_database,
    would_make_a_file,
)


def move(
    surroundings: Surroundings, settings: Settings, address: str, source: str | None
) -> Mapping[str, int]:
    """Copies all rows to the database at `address`; returns how many of each table.

    They come from `source`, or else from where the settings say.

    Raises DatabaseFault when there is nothing to move, when somebody serves one of the two, and when the
    other one is not empty.
    """
    given = surroundings.with_database(source) if source else surroundings
    here, there = database_url(given, settings), address_of(surroundings, address, "This")
    if here == there:
        raise DatabaseFault("The two are one database; `--from` names the old one where the settings do not.")
    if would_make_a_file(given, settings):
        raise DatabaseFault("There is nothing to move; `--from` names the old database.")
    with (
        closing(private_database(here)) as old,
        closing(private_database(there)) as new,
        unserved(old),
        unserved(new),
    ):
        migrate(old)
        migrate(new)
        return move_rows(old, new)
