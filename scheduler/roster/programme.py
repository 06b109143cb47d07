"""A neighbourhood of a draft as a model: columns for who gives which hours and sits where, rows for rules."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from scheduler.roster.burden import Burdens, Stint
from scheduler.roster.cost import cost_of_empty
from scheduler.roster.draft import Draft
from scheduler.roster.model import SLIGHT, Model
from scheduler.roster.person import Person
from scheduler.roster.pool import Numbers, Pools
from scheduler.roster.post import Post
from scheduler.roster.vacancy import Vacancy
from scheduler.timetable.shift import Role

# So few vacancies are as good as a pool of them.
FEW = 2


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The vacancies that may change, by number, and who may be moved on them; None is everyone.

    Of those in `frozen` no more and no fewer seats may be empty than now: a session that is nobody's concern
    would otherwise be improved at the price of moving people.
    """

    numbers: Numbers
    people: frozenset[str] | None = None
    frozen: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Hours:
    """Hours at which somebody is wanted: a post then, at no place, and the pools of each role."""

    post: Post
    pools: Mapping[Role, Pools]


@dataclass(frozen=True, slots=True)
class _Turn:
    """A stint of somebody, and columns by which they then come to a vacancy, or to one of a pool."""

    stint: Stint
    entries: Mapping[Numbers, int]


class Programme:
    """The model of a neighbourhood whose movable people have left their seats; `before` is how they sat."""

    def __init__(self, draft: Draft, where: Neighbourhood, before: Mapping[int, frozenset[str]]) -> None:
        self._draft, self._where, self._before = draft, where, before
        self.model = Model()
        self._turns: dict[str, list[_Turn]] = defaultdict(list)
        self._into: dict[Numbers, list[int]] = defaultdict(list)
        self._out_of: dict[Numbers, dict[int, int]] = {}
        self._seats: dict[int, list[int]] = defaultdict(list)
        self._empty: dict[int, int] = {}
        self._burdens = Burdens(draft, self.model)
        for ident, hours in sorted(self._able().items()):
            self._add_person(ident, hours)
        for pool, columns in self._into.items():
            self._add_pool(pool, columns)
        for number in where.numbers:
            self._add_vacancy(number)
        self._add_apart()
        self.model.unit = self._burdens.unit

    @property
    def is_empty(self) -> bool:
        """Whether nobody could be moved."""
        return not self._turns

    def start(self) -> dict[int, float]:
        """The columns as the draft had them before."""
        values: dict[int, float] = defaultdict(float)
        turns = {
            (ident, turn.stint.post.starts, turn.stint.post.ends): turn
            for ident, some in self._turns.items()
            for turn in some
        }
        for number, idents in self._before.items():
            post = self._draft.posts[number]
            for ident in idents:
                turn = turns.get((ident, post.starts, post.ends))
                if turn is not None:
                    self._take(turn, number, values)
        for number, column in self._empty.items():
            values[column] = self._draft.vacancies[number].count - len(self._before[number])
        self._burdens.follow(values)
        return values

    def is_whole(self, values: Sequence[float]) -> bool:
        """Whether nobody comes to a seat in part."""
        columns = [column for some in self._seats.values() for column in some]
        columns += [column for some in self._into.values() for column in some]
        return all(abs(values[column] - round(values[column])) < SLIGHT for column in columns)

    def seated(self, values: Sequence[float]) -> list[tuple[int, str]]:
        """Who sits on which vacancy, by its number, when the columns have these values."""
        found: list[tuple[int, str]] = []
        through: dict[Numbers, list[str]] = defaultdict(list)
        for ident, turns in self._turns.items():
            taken = [pool for turn in turns for pool, column in turn.entries.items() if values[column] > 0.5]
            for pool in taken:
                through[pool].append(ident)
        for pool, idents in through.items():
            seats = [pool[0]] * len(idents)
            if len(pool) > 1:
                out = self._out_of[pool].items()
                seats = [number for number, column in out for _ in range(round(values[column]))]
            found += zip(seats, idents, strict=True)
        return found

    def _able(self) -> dict[str, list[_Hours]]:
        """Who could come at which hours, if they held nothing else."""
        found: dict[str, list[_Hours]] = defaultdict(list)
        for hours in self._hours():
            able = {
                ident
                for pools in hours.pools.values()
                for ident in self._draft.able(pools.all[0])
                if self._where.people is None or ident in self._where.people
            }
            for ident in able:
                found[ident].append(hours)
        return found

    def _hours(self) -> list[_Hours]:
        found: dict[tuple[int, int], dict[Role, dict[int, Vacancy]]] = defaultdict(lambda: defaultdict(dict))
        for number in self._where.numbers:
            post, vacancy = self._draft.posts[number], self._draft.vacancies[number]
            found[post.starts, post.ends][vacancy.role][number] = vacancy
        return [
            _Hours(
                self._draft.posts[min(map(min, by_role.values()))],
                {role: Pools(vacancies) for role, vacancies in by_role.items()},
            )
            for _, by_role in sorted(found.items())
        ]

    def _add_person(self, ident: str, able: Sequence[_Hours]) -> None:
        """Adds what is open to one person; no pools where the place matters, or who else is there."""
        near = self._near(ident, able)
        is_apart = ident in self._draft.load.apart
        for hours in able:
            is_bound = is_apart or hours.post.starts in near
            entries = self._entries(ident, hours, is_bound)
            if entries:
                self._turns[ident].append(_Turn(Stint(self._stint(entries), hours.post), entries))
        self._burdens.add(ident, [turn.stint for turn in self._turns.get(ident, ())])
        self._add_travel(self._turns.get(ident, ()))

    def _near(self, ident: str, able: Sequence[_Hours]) -> frozenset[int]:
        """The starts of hours before or after which only the way between two places can be too far."""
        load = self._draft.load
        if load.travel <= load.rest:
            return frozenset()
        posts = [*(hours.post for hours in able), *load.posts(ident)]
        return frozenset(one.starts for one in posts for other in posts if self._is_near(one, other))

    def _is_near(self, one: Post, other: Post) -> bool:
        apart = max(one.starts, other.starts) - min(one.ends, other.ends)
        return self._draft.load.rest <= apart < self._draft.load.travel

    def _entries(self, ident: str, hours: _Hours, is_bound: bool) -> dict[Numbers, int]:
        person, entries = self._draft.people[ident], dict[Numbers, int]()
        for role, pools in hours.pools.items():
            if role not in person.roles:
                continue
            for pool, cost in self._open(person, pools, is_bound).items():
                # Flows come out whole by themselves, unless further rows cut into them.
                column = entries[pool] = self.model.column(cost, whole=is_bound)
                (self._seats[pool[0]] if len(pool) == 1 else self._into[pool]).append(column)
        return entries

    def _open(self, person: Person, pools: Pools, is_bound: bool) -> Mapping[Numbers, int]:
        """What each vacancy or pool costs that is open to a person."""
        draft, ident = self._draft, person.id
        if is_bound or len(pools.all) <= FEW or ident in pools.barred:
            allowed = [number for number in pools.all if ident not in draft.vacancies[number].barred]
            return self._each(ident, (number for number in allowed if draft.fits(number, ident)))
        if not draft.fits(pools.all[0], ident):
            return {}
        kept = (number for number in pools.all if ident in draft.before.get(number, ()))
        return {**pools.open_to(person), **self._each(ident, kept)}

    def _each(self, ident: str, numbers: Iterable[int]) -> dict[Numbers, int]:
        return {(number,): self._draft.taste(number, ident) for number in numbers}

    def _stint(self, entries: Mapping[Numbers, int]) -> int:
        columns = list(entries.values())
        if len(columns) == 1:
            self.model.whole[columns[0]] = True
            return columns[0]
        stint = self.model.column(0)
        self.model.exactly(0, [(stint, -1.0), *((column, 1.0) for column in columns)])
        return stint

    def _add_travel(self, turns: Sequence[_Turn]) -> None:
        """Of two turns with little time between, both are at one place, or one of them is nowhere."""
        if self._draft.load.travel <= self._draft.load.rest:
            return
        for one, other in combinations(turns, 2):
            if not self._is_near(one.stint.post, other.stint.post):
                continue
            for place in sorted({self._place(pool) for pool in one.entries}):
                here = [column for pool, column in one.entries.items() if self._place(pool) == place]
                far = [column for pool, column in other.entries.items() if self._place(pool) != place]
                if far:
                    self.model.at_most(1, [(column, 1.0) for column in (*here, *far)])

    def _place(self, pool: Numbers) -> str:
        return self._draft.posts[pool[0]].place

    def _add_pool(self, pool: Numbers, columns: Sequence[int]) -> None:
        """Who goes into a pool comes out of it, to one of its vacancies."""
        self._out_of[pool] = {
            number: self.model.column(0, self._draft.empty(number), whole=False) for number in pool
        }
        for number, column in self._out_of[pool].items():
            self._seats[number].append(column)
        out = ((column, -1.0) for column in self._out_of[pool].values())
        self.model.exactly(0, [*((column, 1.0) for column in columns), *out])

    def _add_vacancy(self, number: int) -> None:
        draft = self._draft
        terms = [(column, 1.0) for column in self._seats[number]]
        if number in self._where.frozen:
            self.model.exactly(len(self._before[number]) - len(draft.seats[number]), terms)
            return
        empty, cost = draft.empty(number), cost_of_empty(draft.vacancies[number], draft.rules)
        self._empty[number] = self.model.column(cost, empty, whole=False)
        self.model.exactly(empty, [*terms, (self._empty[number], 1.0)])

    def _add_apart(self) -> None:
        apart = self._draft.load.apart
        by_session: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for ident in apart.keys() & self._turns.keys():
            for turn in self._turns[ident]:
                for pool, column in turn.entries.items():
                    by_session[self._draft.posts[pool[0]].session][ident].append(column)
        for session in sorted(by_session):
            columns = by_session[session]
            for one, other in combinations(sorted(columns), 2):
                if other in apart[one]:
                    self.model.at_most(1, [(column, 1.0) for column in (*columns[one], *columns[other])])

    def _take(self, turn: _Turn, number: int, values: dict[int, float]) -> None:
        """Seats somebody by the cheapest way that leads there."""
        ways = [(self.model.costs[column], column, pool) for pool, column in turn.entries.items()]
        leading = [way for way in ways if number in way[2]]
        if not leading:
            return
        _, column, pool = min(leading)
        values[column] = values[turn.stint.column] = 1.0
        if len(pool) > 1:
            values[self._out_of[pool][number]] += 1.0
