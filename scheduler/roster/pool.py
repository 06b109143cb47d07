"""Vacancies at the same hours and in the same role, put together where somebody minds which no more.

What a person costs at a vacancy hangs on its ward and its service alone. So the roster asks who gives the
hours, and which vacancies those people take is a matter of flows: columns for people and hours, not for
people and vacancies, of which a city has millions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from scheduler.roster.cost import cost_of_taste
from scheduler.roster.person import Person
from scheduler.roster.vacancy import Vacancy

Numbers = tuple[int, ...]


class Pools:
    """The pools of some vacancies, which are given by number and stand at the same hours in one role."""

    def __init__(self, vacancies: Mapping[int, Vacancy]) -> None:
        self._vacancies = vacancies
        self.all = tuple(vacancies)
        self.barred = frozenset[str]().union(*(each.barred for each in vacancies.values()))
        pools: dict[tuple[str | None, str | None], list[int]] = defaultdict(list)
        for number, vacancy in vacancies.items():
            for ward in (None, vacancy.ward):
                for service in (None, vacancy.service):
                    pools[ward, service].append(number)
        self._pools = {key: tuple(numbers) for key, numbers in pools.items()}
        self._known: dict[tuple[object, ...], dict[Numbers, int]] = {}

    def open_to(self, person: Person) -> Mapping[Numbers, int]:
        """Pools with what any of their vacancies costs this person at most, and one of each pool exactly.

        What a vacancy costs is the least cost of the pools that hold it.
        """
        key = person.ward, person.prefers
        if key not in self._known:
            self._known[key] = self._open_to(person)
        return self._known[key]

    def _open_to(self, person: Person) -> dict[Numbers, int]:
        found: dict[Numbers, int] = {}
        for ward in (None, person.ward):
            for service in (None, *person.prefers):
                numbers = self._pools.get((ward, service))
                if numbers:
                    found[numbers] = self._most(person, numbers)
        return found

    def _most(self, person: Person, numbers: Iterable[int]) -> int:
        return max(cost_of_taste(person, self._vacancies[number]) for number in numbers)
