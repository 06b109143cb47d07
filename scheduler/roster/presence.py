"""Who could come when, remembered: whole crowds are asked about the same few hours."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.roster.load import Obstacle
from scheduler.roster.person import Person
from scheduler.timetable.availability import can_come
from scheduler.timetable.shift import Role

Hours = tuple[datetime, datetime]


class Presence:
    """Answers for these people, by what they said of their weeks and of the dates they are away."""

    def __init__(self, people: Mapping[str, Person], zone: ZoneInfo) -> None:
        self._people = people
        self._zone = zone
        numbers = {
            windows: number for number, windows in enumerate({each.windows for each in people.values()})
        }
        self._pattern = {each.id: numbers[each.windows] for each in people.values()}
        self._fits: dict[tuple[int, Hours], bool] = {}
        self._able: dict[tuple[Hours, Role], tuple[str, ...]] = {}

    def able(self, hours: Hours, role: Role) -> tuple[str, ...]:
        """The ids of all of this role who can come for the whole of this time, in order."""
        key = hours, role
        if key not in self._able:
            self._able[key] = tuple(
                ident
                for ident in sorted(self._people)
                if role in self._people[ident].roles and self.obstacle(self._people[ident], hours) is None
            )
        return self._able[key]

    def obstacle(self, person: Person, hours: Hours) -> Obstacle | None:
        """Whether it is their hours, or their being away, that keeps a person from coming."""
        if not self.in_hours(person, hours):
            return Obstacle.HOURS
        return Obstacle.AWAY if self.is_away(person, *hours) else None

    def in_hours(self, person: Person, hours: Hours) -> bool:
        """Whether a person who is not away can come for the whole of this time."""
        if not person.windows:
            return True
        key = self._pattern[person.id], hours
        if key not in self._fits:
            self._fits[key] = can_come(person.windows, (), *hours, self._zone)
        return self._fits[key]

    def is_away(self, person: Person, starts: datetime, ends: datetime) -> bool:
        """Whether a person is away on a local date that this time touches."""
        if not person.away:
            return False
        first = starts.astimezone(self._zone).date()
        last = max(first, (ends - timedelta.resolution).astimezone(self._zone).date())
        return any(absence.first <= last and first <= absence.last for absence in person.away)
