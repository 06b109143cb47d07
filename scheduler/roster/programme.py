"""A neighbourhood of a draft as a model: columns for who may sit where, rows for every hard rule."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import gcd

from scheduler.roster.cost import POINT, cost_of_empty
from scheduler.roster.draft import Draft
from scheduler.roster.load import month_of
from scheduler.roster.model import Model
from scheduler.roster.person import Per, Person
from scheduler.roster.post import Post
from scheduler.roster.tightening import rows_of_limit, steps_of_fairness


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The vacancies that may change, by number, and who may be moved on them; None is everyone.

    Of those in `frozen` no more and no fewer seats may be empty than now: a session that is nobody's concern
    would otherwise be improved at the price of moving people.
    """

    numbers: tuple[int, ...]
    people: frozenset[str] | None = None
    frozen: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Seat:
    """A column of the model, and the post that it stands for."""

    column: int
    post: Post


class Programme:
    """The model of a neighbourhood whose movable people have left their seats; `before` is how they sat."""

    def __init__(self, draft: Draft, where: Neighbourhood, before: Mapping[int, frozenset[str]]) -> None:
        self._draft, self._where, self._before = draft, where, before
        self.model = Model()
        self.pairs: dict[tuple[int, str], int] = {}
        self._seats: dict[str, list[_Seat]] = defaultdict(list)
        self._empty: dict[int, int] = {}
        # A column that is at least each of these others, for a day or a weekend that is given at all.
        self._any: dict[int, list[int]] = {}
        self._given: dict[str, list[tuple[int, int]]] = {}
        for number in where.numbers:
            self._add_vacancy(number)
        for ident, seats in self._seats.items():
            self._add_person(draft.people[ident], seats)
        self._add_apart()
        self.model.unit = self._unit()

    def start(self) -> dict[int, float]:
        """The columns as the draft had them before."""
        values: dict[int, float] = {
            column: 1.0 for (number, ident), column in self.pairs.items() if ident in self._before[number]
        }
        for number, column in self._empty.items():
            values[column] = self._draft.vacancies[number].count - len(self._before[number])
        for column, others in self._any.items():
            values[column] = max(values.get(other, 0.0) for other in others)
        for ident, steps in self._given.items():
            given = sum(seat.post.minutes for seat in self._seats[ident] if values.get(seat.column))
            for column, width in steps:
                values[column] = min(given, width)
                given -= min(given, width)
        return values

    def _add_vacancy(self, number: int) -> None:
        draft, where = self._draft, self._where
        terms = []
        for ident in draft.candidates(number):
            if where.people is not None and ident not in where.people:
                continue
            if draft.fits(number, ident):
                column = self.model.column(draft.taste(number, ident))
                self.pairs[number, ident] = column
                self._seats[ident].append(_Seat(column, draft.posts[number]))
                terms.append((column, 1.0))
        if number in where.frozen:
            self.model.exactly(len(self._before[number]) - len(draft.seats[number]), terms)
            return
        empty = draft.empty(number)
        self._empty[number] = self.model.column(cost_of_empty(draft.vacancies[number], draft.rules), empty)
        self.model.exactly(empty, [*terms, (self._empty[number], 1.0)])

    def _add_person(self, person: Person, seats: list[_Seat]) -> None:
        for clique in self._cliques(seats):
            self.model.at_most(1, [(seat.column, 1.0) for seat in clique])
        for limit in person.limits:
            by_number: dict[int, list[_Seat]] = defaultdict(list)
            for seat in seats:
                by_number[seat.post.week if limit.per is Per.WEEK else seat.post.month].append(seat)
            for number, some in by_number.items():
                self._add_limit(limit.minutes - self._draft.load.minutes(person.id, limit.per, number), some)
        self._add_days(person.id, seats)
        self._add_weekends(person.id, seats)
        self._add_fairness(person.id, seats)

    def _cliques(self, seats: list[_Seat]) -> Iterator[list[_Seat]]:
        """Seats of which one person can hold one only; every two that clash stand in one of them."""
        load = self._draft.load
        ordered = sorted(seats, key=lambda seat: (seat.post.starts, seat.column))
        open_ones: list[_Seat] = []
        has_grown = False
        for seat in ordered:
            staying = [each for each in open_ones if each.post.ends + load.rest > seat.post.starts]
            if len(staying) < len(open_ones) and has_grown and len(open_ones) > 1:
                yield open_ones
                has_grown = False
            open_ones, has_grown = [*staying, seat], True
        if len(open_ones) > 1:
            yield open_ones
        yield from self._clashes_of_travel(ordered)

    def _clashes_of_travel(self, ordered: list[_Seat]) -> Iterator[list[_Seat]]:
        """Pairs that only the way between their places keeps apart."""
        load = self._draft.load
        if load.travel <= load.rest:
            return
        for index, seat in enumerate(ordered):
            for other in ordered[index + 1 :]:
                apart = other.post.starts - seat.post.ends
                if apart >= load.rest and load.clash(seat.post, other.post):
                    yield [seat, other]

    def _add_limit(self, room: int, seats: list[_Seat]) -> None:
        lengths = Counter(seat.post.minutes for seat in seats)
        for factors, limit in rows_of_limit(tuple(sorted(lengths.items())), room):
            self.model.at_most(limit, [(seat.column, factors[seat.post.minutes]) for seat in seats])

    def _add_days(self, ident: str, seats: list[_Seat]) -> None:
        most = self._draft.rules.consecutive_days
        if most is None:
            return
        held = {post.day for post in self._draft.load.posts(ident)}
        days = self._given_at_all(
            {day: some for day, some in _by(seats, lambda post: post.day) if day not in held}
        )
        for first in sorted({day - back for day in days for back in range(most + 1)}):
            window = range(first, first + most + 1)
            free = [days[day] for day in window if day in days]
            taken = sum(day in held for day in window)
            if len(free) + taken > most:
                self.model.at_most(max(most - taken, 0), [(column, 1.0) for column in free])

    def _add_weekends(self, ident: str, seats: list[_Seat]) -> None:
        most = self._draft.rules.weekends
        if most is None:
            return
        held = {post.weekend for post in self._draft.load.posts(ident)}
        weekends = self._given_at_all(
            {each: some for each, some in _by(seats, lambda post: post.weekend) if each not in held}
        )
        by_month: dict[int, list[int]] = defaultdict(list)
        for weekend, column in weekends.items():
            by_month[month_of(weekend)].append(column)
        for month, columns in by_month.items():
            room = most - sum(each is not None and month_of(each) == month for each in held)
            if len(columns) > room:
                self.model.at_most(max(room, 0), [(column, 1.0) for column in columns])

    def _given_at_all(self, groups: Mapping[int, list[_Seat]]) -> dict[int, int]:
        """For each group a column that is 1 when any seat of it is taken."""
        found = {}
        for key, seats in groups.items():
            found[key] = seats[0].column
            if len(seats) > 1:
                found[key] = self.model.column(0, 1, whole=False)
                self._any[found[key]] = [seat.column for seat in seats]
                for seat in seats:
                    self.model.at_most(0, [(seat.column, 1.0), (found[key], -1.0)])
        return found

    def _add_fairness(self, ident: str, seats: list[_Seat]) -> None:
        """Minutes given here, in steps that grow dearer: free up to the fair share."""
        steps = steps_of_fairness([seat.post.minutes for seat in seats], self._draft.above(ident))
        if not any(price for price, _ in steps):
            return
        self._given[ident] = [(self.model.column(price, width, whole=False), width) for price, width in steps]
        terms: list[tuple[int, float]] = [(seat.column, seat.post.minutes) for seat in seats]
        self.model.at_most(0, [*terms, *((column, -1.0) for column, _ in self._given[ident])])

    def _unit(self) -> int:
        """What divides every cost there can be: those of fairness grow with the minutes of posts."""
        minutes = (seat.post.minutes for seats in self._seats.values() for seat in seats)
        return gcd(POINT, *minutes, *map(self._draft.above, self._given))

    def _add_apart(self) -> None:
        by_session: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        apart = self._draft.load.apart
        for (number, ident), column in self.pairs.items():
            if ident in apart:
                by_session[self._draft.posts[number].session][ident].append(column)
        for columns in by_session.values():
            for one, own in columns.items():
                for other in sorted(apart[one]):
                    if one < other and other in columns:
                        self.model.at_most(1, [(column, 1.0) for column in (*own, *columns[other])])


def _by(seats: Iterable[_Seat], key: Callable[[Post], int | None]) -> Iterable[tuple[int, list[_Seat]]]:
    """Seats by a number of their post; those without one are left out."""
    groups: dict[int, list[_Seat]] = defaultdict(list)
    for seat in seats:
        number = key(seat.post)
        if number is not None:
            groups[number].append(seat)
    return groups.items()
