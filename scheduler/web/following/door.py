"""All that following needs of the database, each a short transaction off the event loop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from sqlalchemy import Connection

from notifications.veil import Veil
from scheduler.service.follow import Consenting, Wish, resident_id, unfollow, wish_of
from scheduler.service.office import Office
from scheduler.service.send_code import Redeemed, Sent, redeem_code, send_code
from scheduler.service.show_openings import opening_of
from scheduler.settings.settings import Following
from scheduler.store import links, sessions, subscriptions
from scheduler.store.database import Database
from scheduler.store.follow_codes import Asked
from scheduler.timetable.opening import Opening
from scheduler.web.personal.asked import number_in

# A page is no calendar of years.
AHEAD = 92


@dataclass(frozen=True, slots=True)
class Followed:
    """One subscription as its resident sees it, with the sessions that come of it."""

    id: int
    wish: Wish
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class OwnWishes:
    """Everything that a number follows."""

    phone: str
    followed: tuple[Followed, ...]


class FollowDoor:
    """Every function is to be called off the event loop, but for `terms`."""

    def __init__(self, database: Database, office: Callable[[], Office | None], veil: Veil) -> None:
        self._database = database
        self._office = office
        self._veil = veil

    @property
    def terms(self) -> Following | None:
        """What the settings allow; None before any are in force."""
        office = self._office()
        return office.settings.following if office else None

    def send(self, asked: Asked, now: datetime) -> Sent:
        """Sends a code, within all limits."""
        office = self._office()
        if office is None:
            return Sent.BUDGET
        with self._database.write() as connection:
            return send_code(connection, office, self._veil, asked, now)

    def redeem(self, flow: str, phone: str, code: str, now: datetime) -> Redeemed | None:
        """Takes a code once."""
        office = self._office()
        if office is None:
            return None
        with self._database.write() as connection:
            return redeem_code(connection, office, self._veil, flow, phone, code, now)

    def own(self, secret: str, now: datetime) -> OwnWishes | None:
        """What the holder of a link follows; None for what opens nothing."""
        office = self._office()
        with self._database.read() as connection:
            phone = self._phone(connection, secret, now)
            if office is None or phone is None:
                return None
            return OwnWishes(phone, tuple(self._followed(connection, office, phone, now)))

    def stop(self, secret: str, form: Mapping[str, str], now: datetime) -> str | None:
        """Ends one subscription or all; returns a word of the page. Who has no link writes nothing."""
        office, own = self._office(), self.own(secret, now)
        if office is None or own is None or not self._is_ours(form, secret):
            return None
        wanted = number_in(form, "subscription")
        with self._database.write() as connection:
            ended = [
                unfollow(connection, office, own.phone, one.wish, Consenting("web", proof="link"), now)
                for one in own.followed
                if wanted in (0, one.id)
            ]
        return "stopped" if any(ended) else "unchanged"

    def form_token(self, secret: str) -> str:
        """What a form of this page carries: it shows that the page was read, and opens nothing."""
        return self._veil.kept(f"wishes/{secret}")[:32]

    def _is_ours(self, form: Mapping[str, str], secret: str) -> bool:
        return compare_digest(form.get("form", "").encode(), self.form_token(secret).encode())

    def _phone(self, connection: Connection, secret: str, now: datetime) -> str | None:
        row = links.row_for(connection, secret, self._veil, now)
        if row is None or row.link != self._veil.kept(secret) or row.person != resident_id(row.phone):
            return None
        return str(row.phone)

    def _followed(
        self, connection: Connection, office: Office, phone: str, now: datetime
    ) -> "list[Followed]":
        found = []
        for row in subscriptions.of_phone(connection, phone, now):
            wish = wish_of(connection, office, row)
            if wish is not None:
                found.append(Followed(row.id, wish, self._openings(connection, office, wish, now)))
        return found

    def _openings(
        self, connection: Connection, office: Office, wish: Wish, now: datetime
    ) -> tuple[Opening, ...]:
        if wish.session is not None:
            return (opening_of(office, wish.session),)
        rows = sessions.rows_of_service(connection, wish.service.id, now, AHEAD)
        openings = (opening_of(office, row) for row in rows)
        return tuple(one for one in openings if one.ward.id == wish.ward.id)
