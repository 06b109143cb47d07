"""How many notices a number may still get this month: what was promised to those who follow."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from notifications.message import State
from notifications.tables import messages
from notifications.terms import House

# The last ones of a month are kept for changes: who was reminded must hear when it was for nothing.
KEPT_FOR_CHANGES = 2
USED_UP = "the month's texts to this number are used up"
CHANGE = 0


class Monthly:
    """The notices of this local month, by number: handed over or under way."""

    def __init__(self, house: House, counts: Counter[str]) -> None:
        self._house = house
        self._counts = counts

    @classmethod
    def of(cls, connection: Connection, house: House, phones: Collection[str], now: datetime) -> "Monthly":
        """The accounts of these numbers."""
        if house.notices_a_month is None or not phones:
            return cls(house, Counter())
        local = now.astimezone(house.zone)
        first = datetime(local.year, local.month, 1, tzinfo=house.zone)
        under_way = messages.c.state.in_((State.CLAIMED, State.SENDING))
        rows = connection.execute(
            select(messages.c.phone, func.count().label("texts"))
            .where(messages.c.phone.in_(phones), messages.c.purpose == "service")
            .where(or_(messages.c.handed_at >= first, under_way))
            .group_by(messages.c.phone)
        )
        return cls(house, Counter({row.phone: row.texts for row in rows}))

    def is_reached(self, phone: str, priority: int) -> bool:
        """Whether one more notice to this number would break the promise."""
        most = self._house.notices_a_month
        if most is None:
            return False
        return self._counts[phone] >= (most if priority == CHANGE else most - KEPT_FOR_CHANGES)

    def count(self, phone: str) -> None:
        """Takes one more notice into account."""
        self._counts[phone] += 1
