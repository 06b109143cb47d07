"""The people of the settings, with the absences that they told on their own pages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from notifications import ledger
from notifications.numbers import spoiled
from notifications.text import fold
from scheduler.roster.person import Person
from scheduler.service.office import Office
from scheduler.store import absences


def know_people(connection: Connection, office: Office, now: datetime) -> Mapping[str, Person]:
    """Everybody by id; what they told themselves counts like ``away`` in the settings."""
    told = absences.away_from(connection, now.astimezone(office.zone).date())
    people = office.desk.people
    return {
        **people,
        **{
            one: replace(people[one], away=people[one].away + away)
            for one, away in told.items()
            if one in people
        },
    }


def person_called(office: Office, asked: str) -> str | None:
    """The id of the one person of the settings with this id or name; accents and case are not minded."""
    if asked in office.desk.people:
        return asked
    found = [person.id for person in office.desk.people.values() if fold(person.name) == fold(asked)]
    return found[0] if len(found) == 1 else None


def askable(connection: Connection, people: Mapping[str, Person], now: datetime) -> dict[str, Person]:
    """Those who can be asked by text: who refuses texts, or whose number takes none, is a coordinator's."""
    mute = ledger.refusing(connection, "duty") | spoiled(connection, now)
    return {ident: person for ident, person in people.items() if person.phone not in mute}
