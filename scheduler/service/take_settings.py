"""Takes an edit of the settings: brings it into force, lets it wait for a person, or refuses it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.service.apply_plan import Applied, apply_plan, is_held
from scheduler.service.office import Office
from scheduler.settings.settings import Mode, Settings
from scheduler.store.database import Database


class Fate(StrEnum):
    """What became of an edit."""

    FAULTY = "faulty"
    HELD = "held"
    ACCEPTED = "accepted"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an edit, told in `zone`, and what it changed or would change."""

    fate: Fate
    at: datetime
    zone: ZoneInfo | None = None
    office: Office | None = None
    applied: Applied | None = None


def take_settings(
    database: Database,
    settings: Settings | None,
    former: Settings | None,
    now: datetime,
) -> Taken:
    """Decides on an edit and carries it out where that needs nobody's word.

    `settings` is None when the file has errors, `former` what is in force, if anything is.
    """
    if settings is None:
        return Taken(Fate.FAULTY, now, former.service.zone if former else None)
    zone = settings.service.zone
    if former is not None and former.source == settings.source:
        return Taken(Fate.KNOWN, now, zone, Office(settings, (former,)))
    office = Office(settings, (former,) if former else ())
    planned = office.ahead.run(lambda: _rehearsed(database, office, now))
    by_hand = former is not None and settings.apply.mode is Mode.MANUAL
    if by_hand or is_held(planned, settings):
        return Taken(Fate.HELD, now, zone, office, planned)
    applied = office.ahead.run(lambda: _applied(database, office, now))
    return Taken(Fate.ACCEPTED, now, zone, office, applied)


def _rehearsed(database: Database, office: Office, now: datetime) -> Applied:
    with database.rehearse() as connection:
        return apply_plan(connection, office, now)


def _applied(database: Database, office: Office, now: datetime) -> Applied:
    with database.write() as connection:
        return apply_plan(connection, office, now)
