"""Finds out whose a link or a code is, and runs what they ask for over one connection."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any

from sqlalchemy import Connection, Row

from notifications.veil import Veil, typed
from scheduler.roster.person import Person
from scheduler.service.cause import Cause
from scheduler.service.office import Office
from scheduler.service.queue_reminders import queue_reminders
from scheduler.service.show_own_page import OwnPage, OwnSeat, own_seats, show_own_page
from scheduler.store import assignments, links
from scheduler.store.database import Database
from scheduler.web.personal.deeds import Done, do

# What the form sends that closes all other addresses of the person.
CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who holds a link, under the settings in force."""

    office: Office
    person: Person
    expires_at: datetime


class Door:
    """Every function is to be called off the event loop; each is one short transaction.

    What was never a link, has ended or was revoked is None, all alike; so is who left the settings or has
    another number by now.
    """

    def __init__(self, database: Database, office: Callable[[], Office | None], veil: Veil) -> None:
        self._database = database
        self._office = office
        self._veil = veil

    def page(self, secret: str, now: datetime) -> tuple[Bearer, OwnPage] | None:
        """The page that a link opens."""
        with self._database.read() as connection:
            bearer = self._bearer(connection, secret, now)
            return (bearer, show_own_page(connection, bearer.office, bearer.person, now)) if bearer else None

    def seats(self, secret: str, now: datetime) -> tuple[Bearer, list[OwnSeat]] | None:
        """All that the holder of a link is or was wanted for; of a link that has ended, too.

        Who subscribes to a calendar does it once. It shows hours and places, nobody's name.
        """
        with self._database.read() as connection:
            bearer = self._bearer_of(links.lasting_row_for(connection, secret, self._veil), secret)
            return (bearer, own_seats(connection, bearer.office, bearer.person.id, now)) if bearer else None

    def act(self, secret: str, form: Mapping[str, str], now: datetime) -> tuple[Bearer, Done] | None:
        """Does what a form asks for.

        Nothing is written for who has no link, so that nobody else's writing waits for them.
        """
        with self._database.read() as connection:
            if self._bearer(connection, secret, now) is None:
                return None
        if not compare_digest(form.get("form", "").encode(), self.form_token(secret).encode()):
            return None
        with self._database.write() as connection:
            bearer = self._bearer(connection, secret, now)
            if bearer and form.get("do") == CLOSE:
                return bearer, self._close_others(connection, bearer, secret, now)
            return (bearer, do(connection, bearer.office, bearer.person, form, now)) if bearer else None

    def _close_others(self, connection: Connection, bearer: Bearer, secret: str, now: datetime) -> Done:
        """Every other address of this person's pages and calendar opens nothing from now on."""
        person = bearer.person.id
        links.revoke_others(connection, person, secret, self._veil, now)
        # What waits must not lead to a page that is closed.
        waiting = assignments.sessions_of(connection, [person], now)
        queue_reminders(connection, bearer.office, waiting, Cause.LINKS_CLOSED, now)
        return Done("closed")

    def link_of(self, code: str, now: datetime) -> str | None:
        """The link that goes with a code as somebody typed it."""
        with self._database.read() as connection:
            row = links.row_for(connection, typed(code), self._veil, now)
            # A code is short, and tried at its own door only.
            is_code = row is not None and row.code == self._veil.kept(typed(code))
            return self._veil.link(row.name) if row and is_code and self._holder(row) else None

    def form_token(self, secret: str) -> str:
        """What a form of this page carries: it shows that the page was read, and opens nothing."""
        return self._veil.kept(f"form/{secret}")[:32]

    def _bearer(self, connection: Connection, secret: str, now: datetime) -> Bearer | None:
        return self._bearer_of(links.row_for(connection, secret, self._veil, now), secret)

    def _bearer_of(self, row: Row[Any] | None, secret: str) -> Bearer | None:
        held = self._holder(row) if row and row.link == self._veil.kept(secret) else None
        return Bearer(*held, row.expires_at) if row and held else None

    def _holder(self, row: Row[Any]) -> tuple[Office, Person] | None:
        office = self._office()
        person = office.desk.people.get(row.person) if office else None
        return (office, person) if office and person and person.phone == row.phone else None
