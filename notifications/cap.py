"""The daily cap: what may still be handed over today, and that residents' texts give way first."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, or_, select

from notifications.instant import UTCDateTime
from notifications.message import State
from notifications.tables import messages
from notifications.terms import House

_UNDER_WAY = messages.c.state.in_((State.CLAIMED, State.SENDING))
_MIDNIGHT, _NEXT = bindparam("midnight", type_=UTCDateTime), bindparam("next", type_=UTCDateTime)
# Two counts and not one: the first the index answers alone, also of many texts.
_HANDED = select(func.count()).where(messages.c.handed_at >= _MIDNIGHT).scalar_subquery()
_ON_THEIR_WAY = (
    select(func.count())
    .where(_UNDER_WAY, or_(messages.c.handed_at.is_(None), messages.c.handed_at < _MIDNIGHT))
    .scalar_subquery()
)
_TODAY = select(_HANDED + _ON_THEIR_WAY)
_TODAY_BY_AUDIENCE = (
    select(messages.c.audience, func.count().label("texts"))
    .where(or_(messages.c.handed_at >= _MIDNIGHT, _UNDER_WAY))
    .group_by(messages.c.audience)
)
_RESERVED = select(func.count()).where(
    messages.c.state == State.WAITING, messages.c.send_at < _NEXT, messages.c.audience != "resident"
)


class Cap:
    """One local day's account: texts handed over or under way, and duty texts still due before midnight.

    Looked up is only what the terms and the texts ask for.
    """

    def __init__(self, connection: Connection, house: House, now: datetime) -> None:
        """The account of the day that it is in the house's zone."""
        self._house = house
        self._connection = connection
        self._now = now
        self._midnight = midnight_before(now, house.zone)
        self._all: int = connection.scalar(_TODAY, {"midnight": self._midnight}) or 0
        self._by_audience = self._counted() if house.caps_audiences else Counter()
        self._reserved: int | None = None
        self._gone = 0

    def is_reached(self, audience: str) -> bool:
        """Whether one more text to this audience would be too many.

        Residents' texts leave room for the duty texts that are still due today.
        """
        own = self._house.terms_for(audience).daily_cap
        whole = self._house.terms.daily_cap
        if own != whole and self._by_audience[audience] >= own:
            return True
        return self._all + (self._kept_free() if audience == "resident" else 0) >= whole

    @property
    def is_nearly_spent(self) -> bool:
        """Whether nine tenths are gone: there still is room for the text that tells a person."""
        return self._all * 10 >= self._house.terms.daily_cap * 9

    def count(self, audience: str) -> None:
        """Takes one more text into account."""
        self._all += 1
        self._by_audience[audience] += 1
        self._gone += audience != "resident"

    def take_back(self, audience: str) -> None:
        """Takes a counted text out again: it does not go now after all."""
        self._all -= 1
        self._by_audience[audience] -= 1
        self._gone -= audience != "resident"

    def recount(self) -> None:
        """To be said when what is counted has been claimed: it is reserved for no more."""
        self._reserved, self._gone = None, 0

    def _counted(self) -> Counter[str]:
        rows = self._connection.execute(_TODAY_BY_AUDIENCE, {"midnight": self._midnight})
        return Counter({row.audience: row.texts for row in rows})

    def _kept_free(self) -> int:
        if self._reserved is None:
            next_one = midnight_after(self._now, self._house.zone)
            self._reserved = self._connection.scalar(_RESERVED, {"next": next_one}) or 0
        return max(0, self._reserved - self._gone)


def midnight_before(now: datetime, zone: ZoneInfo) -> datetime:
    """When this local day began."""
    return datetime.combine(now.astimezone(zone).date(), datetime.min.time(), zone)


def midnight_after(now: datetime, zone: ZoneInfo) -> datetime:
    """When this local day ends."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), zone)
