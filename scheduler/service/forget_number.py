"""A person's rights: everything about a telephone number shown to whom it belongs, and forgotten.

Whoever still serves stands in the settings, by name and number: they are taken out there first.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, delete, select, update

from notifications import ledger, trail
from notifications.consent import Consent
from notifications.erasure import LAST_DIGITS, erase, erase_words, held_of, rename_in_keys, rows_of, sweep
from notifications.tables import metadata as notifications_metadata
from notifications.text import strip_accents
from notifications.veil import masked
from scheduler.plan.rename import Renames
from scheduler.reminders.reminder import Recipient
from scheduler.roster.person import Person
from scheduler.service.follow import unfollow_all
from scheduler.service.office import Office
from scheduler.service.take_replies import shown
from scheduler.settings.read import read_text
from scheduler.store import renaming
from scheduler.store.tables import (
    absences,
    assignments,
    follow_codes,
    in_force,
    items,
    links,
    offers,
    subscriptions,
)
from scheduler.store.tables import metadata as scheduler_metadata

# By these a secret is known again, and they say nothing of a person.
SECRET = ("code", "link", "name")


class StillServes(ValueError):
    """The number stands in the settings in force."""


def export_number(connection: Connection, office: Office, phone: str, now: datetime) -> dict[str, Any]:
    """Everything that is held about a number (E.164), as one JSON document; instants in ISO 8601."""
    person = person_with(office, phone)
    held = held_of(connection, phone)
    for table, where in (
        (subscriptions, subscriptions.c.phone == phone),
        (follow_codes, follow_codes.c.phone == phone),
        (links, links.c.phone == phone),
        (items, items.c.phone == phone),
    ):
        held[table.name] = rows_of(connection, table, where)
    ids = {person.id} if person else set(_ids_of(connection, phone))
    for table, column in ((assignments, assignments.c.person), (absences, absences.c.person)):
        held[table.name] = rows_of(connection, table, column.in_(ids))
    held["offers"] = rows_of(connection, offers, offers.c.giver.in_(ids) | offers.c.taker.in_(ids))
    return {
        "phone": phone,
        "as_of": now.isoformat(),
        "person": {name: _plain(value) for name, value in asdict(person).items()} if person else None,
        **{name: [_told(row) for row in rows] for name, rows in held.items()},
    }


def forget_number(connection: Connection, office: Office, phone: str, now: datetime) -> None:
    """Forgets a number and who had it, everywhere.

    Rows that are counted stay under a pseudonym by lot. A refusal that was texted stays as it was said, with
    the number and nothing else: without it nobody would know whom not to text.

    Raises StillServes when the number stands in the settings in force.
    """
    if person_with(office, phone):
        raise StillServes
    pseudonym = f"forgotten-{token_hex(6)}"
    refused = _refusals(connection, phone)
    # Coordinators were told the beginning of what somebody wrote.
    quoted = {shown(one["text"]) for one in held_of(connection, phone)["replies"]} - {""}
    names = {person.name for person in _formerly(connection, phone)}
    unfollow_all(connection, office, phone, now)
    for one in _ids_of(connection, phone):
        renaming.rename(connection, Renames(people={one: pseudonym}))
        rename_in_keys(connection, one, pseudonym)
    for table in (links, items, follow_codes):
        connection.execute(delete(table).where(table.c.phone == phone))
    mine = subscriptions.c.phone == phone
    connection.execute(update(subscriptions).where(mine).values(phone=pseudonym))
    erase(connection, phone, pseudonym, now)
    for words in (*names, *map(strip_accents, names), *sorted(quoted)):
        erase_words(connection, words, "***")
    for written in (phone, f"0{phone[-LAST_DIGITS:]}"):
        sweep(connection, _swept(), written, pseudonym)
    ledger.write_all(connection, refused)
    trail.note(connection, "forgotten", [pseudonym], now)


def person_with(office: Office, phone: str) -> Person | None:
    """Who serves under this number, by the settings in force."""
    return next((person for person in office.desk.people.values() if person.phone == phone), None)


def _refusals(connection: Connection, phone: str) -> list[Consent]:
    latest = ledger.latest(connection, [phone]).values()
    return [
        Consent(phone, one.purpose, False, one.at, one.how, "STOP")
        for one in latest
        if not one.granted and one.how == "sms"
    ]


def _ids_of(connection: Connection, phone: str) -> list[str]:
    """The ids under which somebody with this number served."""
    found = connection.scalars(select(links.c.person).where(links.c.phone == phone))
    found_items = connection.scalars(select(items.c.person).where(items.c.phone == phone))
    texted = notifications_metadata.tables["messages"]
    recipients = connection.scalars(select(texted.c.recipient).where(texted.c.phone == phone).distinct())
    people = (Recipient.parse(one) for one in recipients)
    ids = {*found, *found_items, *(one.id for one in people if one.kind == "person")}
    return sorted(one for one in ids if ":" not in one)


def _formerly(connection: Connection, phone: str) -> Iterable[Person]:
    """Who had this number in settings that are in force no more; those texts are emptied."""
    newest = select(in_force.c.id).order_by(in_force.c.id.desc()).limit(1).scalar_subquery()
    former = connection.execute(
        select(in_force.c.id, in_force.c.source).where(in_force.c.id != newest).order_by(in_force.c.id)
    ).all()
    for row in former:
        if phone[-LAST_DIGITS:] in re.sub(r"\D", "", row.source):
            settings = read_text(row.source, "settings.toml").settings
            people = settings.desk.people.values() if settings else ()
            yield from (person for person in people if person.phone == phone)
            connection.execute(update(in_force).where(in_force.c.id == row.id).values(source=""))


def _swept() -> list[Any]:
    """Every table but the settings, which are nobody's to change from here."""
    tables = (*notifications_metadata.sorted_tables, *scheduler_metadata.sorted_tables)
    return [table for table in tables if table is not in_force]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items() if name not in SECRET}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int | float | bool | None) else str(value)
