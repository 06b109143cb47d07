"""Who may take one seat that somebody else holds: all that binds the roster binds a swap."""

from collections.abc import Collection, Iterable
from zoneinfo import ZoneInfo

from scheduler.roster.draft import Draft
from scheduler.roster.person import Person
from scheduler.roster.rules import RosterRules
from scheduler.roster.vacancy import Duty, Vacancy


def may_take(
    seat: Vacancy,
    person: Person,
    beside: Collection[Person],
    duties: Iterable[Duty],
    zone: ZoneInfo,
    rules: RosterRules,
) -> bool:
    """Whether `person` may stand in this seat, `beside` those who hold the others, with the duties they have.

    Asked of the roster itself, with nobody else to choose from.
    """
    if any(person.id in other.not_with or other.id in person.not_with for other in beside):
        return False
    own = [duty for duty in duties if duty.person == person.id]
    return Draft([seat], [person], own, zone, rules, {}).obstacle(0, person.id) is None
