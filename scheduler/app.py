"""The composition root: puts the real things together. The only reader of the clock."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TextIO

from sqlalchemy.engine import make_url

from notifications.channels.channel import Channel
from notifications.template import Templates, templates_in
from scheduler.plan.desk import Desk
from scheduler.service.office import Office
from scheduler.settings.read import read_settings, read_text
from scheduler.settings.settings import Settings
from scheduler.store import in_force
from scheduler.store.database import Database
from scheduler.store.migrate import migrate


def read_clock() -> datetime:
    """The present instant, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the process was given: the settings file, the environment and where it may print."""

    settings_path: Path
    environment: Mapping[str, str]
    out: TextIO
    err: TextIO

    @classmethod
    def real(cls, settings_path: Path) -> "Surroundings":
        """Those of this process."""
        return cls(settings_path, dict(os.environ), sys.stdout, sys.stderr)


def load_templates() -> Templates:
    """The texts that catruc ships."""
    return templates_in(files("scheduler.reminders").joinpath("texts"))


def database_url(surroundings: Surroundings, settings: Settings | None) -> str:
    """Where the rows are: ``CATRUC_DATABASE``, else the settings; a relative SQLite file lies beside them."""
    own = settings.service.database if settings else "sqlite:///catruc.db"
    url = make_url(surroundings.environment.get("CATRUC_DATABASE") or own)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        folder = surroundings.settings_path.resolve().parent
        url = url.set(database=str(folder / url.database))
    return url.render_as_string(hide_password=False)


def open_database(surroundings: Surroundings, settings: Settings | None) -> Database:
    """The database, its tables up to date; made where there is none."""
    database = Database(database_url(surroundings, settings))
    migrate(database)
    return database


def open_channel(surroundings: Surroundings, settings: Settings) -> Channel:
    """The channel that the settings choose.

    Raises MissingCredentials when the environment lacks what it needs.
    """
    if settings.terms.channel == "twilio":
        # The SDK takes 0.4 s and 24 MB: only who sends with it should pay.
        from notifications.channels.twilio import Twilio, credentials_from

        return Twilio(
            credentials_from(surroundings.environment),
            base_url=surroundings.environment.get("CATRUC_TWILIO_BASE_URL") or None,
        )
    from notifications.channels.console import Console

    return Console(surroundings.out)


def office_for(database: Database, settings: Settings, templates: Templates) -> Office:
    """An office on these settings, knowing the names that were in force before."""
    former = settings_in_force(database)
    desks: tuple[Desk, ...] = (former.desk,) if former else ()
    return Office(settings, templates, desks)


def settings_in_force(database: Database) -> Settings | None:
    """The settings that were applied last, or None."""
    with database.read() as connection:
        row = in_force.newest(connection)
    if row is None:
        return None
    return read_text(row.source, "settings.toml").settings


def settings_from_file(surroundings: Surroundings) -> Settings | None:
    """The settings as the file says, or None when it has errors."""
    return read_settings(surroundings.settings_path).settings


def office_in_force(database: Database, templates: Templates) -> Office | None:
    """An office on the settings in force, or None before the first apply."""
    settings = settings_in_force(database)
    return Office(settings, templates, (settings.desk,)) if settings else None


def with_source(settings: Settings, source: str) -> Settings:
    """The settings with another source text."""
    return replace(settings, source=source)
