"""A roster in the making: vacancies, who could take each, and who is on it for now."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from scheduler.roster.cost import CHANGE, Share, Shares, cost_of_empty, cost_of_taste, unfairness
from scheduler.roster.load import Load, Obstacle
from scheduler.roster.person import Person
from scheduler.roster.post import Post, post_of
from scheduler.roster.presence import Presence
from scheduler.roster.rules import RosterRules
from scheduler.roster.vacancy import Choice, Duty, Vacancy


class Draft:
    """Seats people on vacancies, one move at a time; vacancies go by their number in `vacancies`.

    `before` names who held a seat of a vacancy when the work began and may be moved: their seats count as
    vacant in `count` and are taken by nobody yet. `duties` stay as they are. What `shares` call given holds
    the duties, and not the seats of `before`. `cost` is what the draft costs as it stands.
    """

    def __init__(
        self,
        vacancies: Iterable[Vacancy],
        people: Iterable[Person],
        duties: Iterable[Duty],
        zone: ZoneInfo,
        rules: RosterRules,
        shares: Shares,
        before: Iterable[Choice] = (),
    ) -> None:
        self.people: Mapping[str, Person] = {each.id: each for each in sorted(people, key=lambda one: one.id)}
        self.vacancies: Sequence[Vacancy] = sorted(vacancies, key=_order)
        self.posts: Sequence[Post] = [
            post_of(one.session, one.starts, one.ends, one.place, zone) for one in self.vacancies
        ]
        self.rules, self.shares = rules, shares
        self.load = Load(self.people, rules)
        self.seats: list[set[str]] = [set() for _ in self.vacancies]
        self.added: Counter[str] = Counter()
        self.before = self._numbered(before)
        self._presence = Presence(self.people, zone)
        for duty in duties:
            self.load.add(duty.person, post_of(duty.session, duty.starts, duty.ends, duty.place, zone))
        self._empty_costs = [cost_of_empty(vacancy, rules) for vacancy in self.vacancies]
        # Nobody can give less than they do already, and nothing is gained by moving people.
        self.least_cost = CHANGE * sum(map(len, self.before.values())) + sum(
            unfairness(self.above(ident)) for ident in self.people
        )
        self.cost = self.least_cost + sum(
            cost * vacancy.count for cost, vacancy in zip(self._empty_costs, self.vacancies, strict=True)
        )

    def candidates(self, number: int) -> tuple[str, ...]:
        """Who could take a seat here if they held nothing else, in order of ids."""
        able, barred = self.able(number), self.vacancies[number].barred
        if barred.isdisjoint(able):
            return able
        return tuple(ident for ident in able if ident not in barred)

    def able(self, number: int) -> tuple[str, ...]:
        """Who has the role and the time for a vacancy, those who are barred from it among them."""
        vacancy = self.vacancies[number]
        return self._presence.able((vacancy.starts, vacancy.ends), vacancy.role)

    def obstacle(self, number: int, ident: str) -> Obstacle | None:
        """The first rule against this person here, as the draft stands."""
        vacancy, person = self.vacancies[number], self.people[ident]
        if vacancy.role not in person.roles:
            return Obstacle.ROLE
        if ident in vacancy.barred:
            return Obstacle.REFUSED
        return self._presence.obstacle(person, (vacancy.starts, vacancy.ends)) or self.load.obstacle(
            person, self.posts[number]
        )

    def fits(self, number: int, ident: str) -> bool:
        """Whether one of the `candidates` can take a seat here beside all that they hold."""
        return self.load.obstacle(self.people[ident], self.posts[number]) is None

    def seat(self, number: int, ident: str) -> None:
        """Puts a person on a vacancy."""
        self.cost += self.price(number, ident) - self._empty_costs[number]
        self.seats[number].add(ident)
        self.load.add(ident, self.posts[number])
        self.added[ident] += self.posts[number].minutes

    def unseat(self, number: int, ident: str) -> None:
        """Takes a person off a vacancy."""
        self.seats[number].remove(ident)
        self.load.remove(ident, self.posts[number])
        self.added[ident] -= self.posts[number].minutes
        self.cost -= self.price(number, ident) - self._empty_costs[number]

    def empty(self, number: int) -> int:
        """How many seats of a vacancy nobody has."""
        return self.vacancies[number].count - len(self.seats[number])

    def above(self, ident: str) -> int:
        """Minutes that a person gives above the fair share; negative below it."""
        share = self.shares.get(ident, _NONE)
        return share.given + self.added[ident] - share.fair

    def taste(self, number: int, ident: str) -> int:
        """What this person costs here, apart from fairness."""
        cost = cost_of_taste(self.people[ident], self.vacancies[number])
        return cost - CHANGE if ident in self.before.get(number, ()) else cost

    def price(self, number: int, ident: str) -> int:
        """What it costs to seat this person here, as the draft stands."""
        above = self.above(ident)
        return self.taste(number, ident) + unfairness(above + self.posts[number].minutes) - unfairness(above)

    def choices(self) -> tuple[Choice, ...]:
        """Who sits where, in order."""
        return tuple(
            Choice(vacancy.session, vacancy.role, ident)
            for vacancy, seats in zip(self.vacancies, self.seats, strict=True)
            for ident in sorted(seats)
        )

    def _numbered(self, before: Iterable[Choice]) -> dict[int, frozenset[str]]:
        numbers = {(one.session, one.role): number for number, one in enumerate(self.vacancies)}
        found: dict[int, frozenset[str]] = {}
        for choice in before:
            number = numbers[choice.session, choice.role]
            found[number] = found.get(number, frozenset()) | {choice.person}
        return found


_NONE = Share()


def _order(vacancy: Vacancy) -> tuple[object, ...]:
    return vacancy.starts, vacancy.session, vacancy.role
