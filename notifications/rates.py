"""Rates of single audiences: slower than the one that all texts share, where the settings say so.

Kept in rows of the same table as the shared pace, and changed only by who holds that one's lock.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Connection, select, update

from notifications.tables import insert_once, pace
from notifications.terms import AUDIENCES, House

SHARED = 1
# Of two machines; more is a clock that was set, and nobody shall wait for what it said before.
CLOCKS_DIFFER = timedelta(minutes=1)
ROW_OF: Mapping[str, int] = MappingProxyType(
    {audience: number for number, audience in enumerate(AUDIENCES, SHARED + 1)}
)


class OwnRates:
    """The audiences that have a rate of their own, and from when on each may be texted again."""

    def __init__(self, connection: Connection, house: House, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._steps: dict[str, timedelta] = {
            audience: timedelta(seconds=1 / house.terms_for(audience).rate)
            for audience in AUDIENCES
            if house.terms_for(audience).rate < house.terms.rate
        }
        self._free_at = self._stored() if self._steps else {}

    def put_off(self, audience: str) -> datetime | None:
        """When a text to this audience may go, where that is not now; each call names a later place."""
        if audience not in self._steps:
            return None
        place = self._free_at[audience]
        if place <= self._now:
            return None
        self._free_at[audience] = place + self._steps[audience]
        return place

    def count(self, audience: str) -> None:
        """Takes into account that a text goes now."""
        if audience in self._steps:
            free_at = self._free_at[audience] = self._now + self._steps[audience]
            if not insert_once(self._connection, pace, id=ROW_OF[audience], free_at=free_at):
                own = update(pace).where(pace.c.id == ROW_OF[audience])
                self._connection.execute(own.values(free_at=free_at))

    def _stored(self) -> dict[str, datetime]:
        rows = {row.id: row.free_at for row in self._connection.execute(select(pace))}
        found = {}
        for audience, step in self._steps.items():
            free_at = rows.get(ROW_OF[audience], self._now)
            # More than a step ahead only a wrong clock can have written: nobody waits for that.
            found[audience] = free_at if free_at <= self._now + step + CLOCKS_DIFFER else self._now
        return found
