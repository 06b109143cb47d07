"""The daily cap: what may still be handed over today, and that residents' texts give way first."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, or_, select

from notifications.message import State
from notifications.tables import messages
from notifications.terms import House


class Cap:
    """One local day's account: texts handed over or under way, and duty texts still due before midnight."""

    def __init__(self, house: House, handed: Counter[str], reserved: int) -> None:
        self._house = house
        self._handed = handed
        self._reserved = reserved

    @classmethod
    def today(cls, connection: Connection, house: House, now: datetime) -> "Cap":
        """The account of the day that it is in the house's zone."""
        midnight = midnight_before(now, house.zone)
        under_way = messages.c.state.in_((State.CLAIMED, State.SENDING))
        counts = connection.execute(
            select(messages.c.audience, func.count().label("texts"))
            .where(or_(messages.c.handed_at >= midnight, under_way))
            .group_by(messages.c.audience)
        )
        reserved = connection.scalar(
            select(func.count()).where(
                messages.c.state == State.WAITING,
                messages.c.send_at < midnight_after(now, house.zone),
                messages.c.audience != "resident",
            )
        )
        return cls(house, Counter({row.audience: row.texts for row in counts}), reserved or 0)

    def is_reached(self, audience: str) -> bool:
        """Whether one more text to this audience would be too many.

        Residents' texts leave room for the duty texts that are still due today.
        """
        own = self._house.terms_for(audience).daily_cap
        whole = self._house.terms.daily_cap
        if own != whole and self._handed[audience] >= own:
            return True
        reserved = self._reserved if audience == "resident" else 0
        return self._handed.total() + reserved >= whole

    @property
    def is_nearly_spent(self) -> bool:
        """Whether nine tenths are gone: there still is room for the text that tells a person."""
        return self._handed.total() * 10 >= self._house.terms.daily_cap * 9

    def count(self, audience: str) -> None:
        """Takes one more text into account."""
        self._handed[audience] += 1
        if audience != "resident" and self._reserved:
            self._reserved -= 1


def midnight_before(now: datetime, zone: ZoneInfo) -> datetime:
    """When this local day began."""
    return datetime.combine(now.astimezone(zone).date(), datetime.min.time(), zone)


def midnight_after(now: datetime, zone: ZoneInfo) -> datetime:
    """When this local day ends."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), zone)
