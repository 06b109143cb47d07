"""Who may take one seat that somebody else holds: all that binds the roster binds a swap."""

from collections.abc import Collection, Iterable
from zoneinfo import ZoneInfo

from scheduler.roster.fill import fill_roster
from scheduler.roster.person import Person
from scheduler.roster.vacancy import Duty, Vacancy


def may_take(
    seat: Vacancy, person: Person, beside: Collection[Person], duties: Iterable[Duty], zone: ZoneInfo
) -> bool:
    """Whether `person` may stand in this seat, `beside` those who hold the others, with the duties they have.

    Asked of the roster itself, with nobody else to choose from.
    """
    if any(person.id in other.not_with or other.id in person.not_with for other in beside):
        return False
    own = [duty for duty in duties if duty.person == person.id]
    return bool(fill_roster([seat], [person], own, zone))
