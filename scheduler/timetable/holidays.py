"""Which dates are holidays, and which Saturdays are worked."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from scheduler.timetable.label import Label

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holidays:
    """Holidays by date, and the days worked in exchange.

    `public` are public holidays and days in lieu, `closed` the ward's own closures, each with its name;
    `worked` are swapped working days. `known_until` is the last date with an official plan.
    """

    public: dict[date, Label] = field(default_factory=dict)
    closed: dict[date, Label] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()
    known_until: date | None = None

    def is_holiday(self, day: date) -> bool:
        """Whether `day` is a public holiday, a day in lieu or a closure."""
        return day in self.public or day in self.closed

    def is_workday(self, day: date) -> bool:
        """Monday to Friday or a swapped working day, and no holiday."""
        return (day.weekday() < 5 or day in self.worked) and not self.is_holiday(day)

    def workday_after(self, day: date) -> date:
        """The first working day after `day`."""
        day += _DAY
        while not self.is_workday(day):
            day += _DAY
        return day

    def workday_before(self, day: date) -> date:
        """The last working day before `day`."""
        day -= _DAY
        while not self.is_workday(day):
            day -= _DAY
        return day
