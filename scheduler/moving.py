"""``catruc move``: everything to another database, when a ward outgrows one machine."""

from collections.abc import Mapping
from contextlib import closing

from scheduler.secret_key import bring_key
from scheduler.settings.settings import Settings
from scheduler.store.database import DatabaseFault
from scheduler.store.migrate import migrate
from scheduler.store.moving import copy_rows, refuse_used, unserved
from scheduler.surroundings import (
    Surroundings,
    address_of,
    database_url,
    key_file,
    private_database,
    would_make_a_file,
)


def move(
    surroundings: Surroundings, settings: Settings, address: str, source: str | None
) -> Mapping[str, int]:
    """Copies all rows to the database at `address`; returns how many of each table.

    They come from `source`, or else from where the settings say. The key of personal links goes along where
    it lies beside the database.

    Raises DatabaseFault when there is nothing to move, when somebody serves one of the two, and when the
    other one is not empty; MissingCredentials when another key lies there.
    """
    there = address_of(surroundings, address, "This")
    here = address_of(surroundings, source, "`--from`") if source else database_url(surroundings, settings)
    old_home, new_home = surroundings.with_database(here), surroundings.with_database(there)
    if here == there:
        raise DatabaseFault("The two are one database; `--from` names the old one where the settings do not.")
    if would_make_a_file(old_home, settings):
        raise DatabaseFault("There is nothing to move; `--from` names the old database.")
    with (
        closing(private_database(here)) as old,
        closing(private_database(there)) as new,
        unserved(old),
        unserved(new),
    ):
        migrate(old)
        migrate(new)
        with old.read() as there_now, new.write() as to_come:
            refuse_used(to_come)
            bring_key(surroundings.environment, key_file(old_home, settings), key_file(new_home, settings))
            return copy_rows(there_now, to_come)
