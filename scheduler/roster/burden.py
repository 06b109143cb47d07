"""What one person may give, as rows: what clashes, limits, days in a row, weekends, and a fair share."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import gcd

from scheduler.roster.cost import POINT
from scheduler.roster.draft import Draft
from scheduler.roster.load import month_of
from scheduler.roster.model import Model
from scheduler.roster.person import Per
from scheduler.roster.post import Post
from scheduler.roster.tightening import rows_of_limit, steps_of_fairness


@dataclass(frozen=True, slots=True)
class Stint:
    """Hours that a person could give: a column that is 1 when they do, and a post at those hours."""

    column: int
    post: Post


class Burdens:
    """Adds rows to a model, person by person, and knows what follows from their stints."""

    def __init__(self, draft: Draft, model: Model) -> None:
        self._draft, self._model = draft, model
        # A column that is at least each of these others, for a day or a weekend that is given at all.
        self._any: dict[int, list[int]] = {}
        self._steps: list[tuple[Sequence[Stint], list[tuple[int, int]]]] = []
        # What divides every cost that fairness can come to.
        self.unit = POINT

    def add(self, ident: str, stints: Sequence[Stint]) -> None:
        """Adds the rows of one person, to whom all these stints are open."""
        for clique in self._cliques(stints):
            self._model.at_most(1, [(stint.column, 1.0) for stint in clique])
        self._add_limits(ident, stints)
        self._add_days(ident, stints)
        self._add_weekends(ident, stints)
        self._add_fairness(ident, stints)

    def follow(self, values: dict[int, float]) -> None:
        """Adds the columns that follow from the stints among `values`."""
        for column, others in self._any.items():
            values[column] = max(values.get(other, 0.0) for other in others)
        for stints, steps in self._steps:
            given = sum(stint.post.minutes for stint in stints if values.get(stint.column))
            for column, width in steps:
                values[column] = min(given, width)
                given -= min(given, width)

    def _cliques(self, stints: Sequence[Stint]) -> Iterator[list[Stint]]:
        """Stints of which one person can give one only; every two that clash stand in one of them."""
        rest = self._draft.load.rest
        open_ones: list[Stint] = []
        has_grown = False
        for stint in sorted(stints, key=lambda each: (each.post.starts, each.column)):
            staying = [each for each in open_ones if each.post.ends + rest > stint.post.starts]
            if len(staying) < len(open_ones) and has_grown and len(open_ones) > 1:
                yield open_ones
                has_grown = False
            open_ones, has_grown = [*staying, stint], True
        if len(open_ones) > 1:
            yield open_ones

    def _add_limits(self, ident: str, stints: Sequence[Stint]) -> None:
        for limit in self._draft.people[ident].limits:
            by_number: dict[int, list[Stint]] = defaultdict(list)
            for stint in stints:
                by_number[stint.post.week if limit.per is Per.WEEK else stint.post.month].append(stint)
            for number, some in by_number.items():
                self._add_limit(limit.minutes - self._draft.load.minutes(ident, limit.per, number), some)

    def _add_limit(self, room: int, stints: Sequence[Stint]) -> None:
        lengths = Counter(stint.post.minutes for stint in stints)
        for factors, limit in rows_of_limit(tuple(sorted(lengths.items())), room):
            self._model.at_most(limit, [(stint.column, factors[stint.post.minutes]) for stint in stints])

    def _add_days(self, ident: str, stints: Sequence[Stint]) -> None:
        most = self._draft.rules.consecutive_days
        if most is None:
            return
        held = {post.day for post in self._draft.load.posts(ident)}
        days = self._given_at_all(
            {day: some for day, some in _by(stints, lambda post: post.day) if day not in held}
        )
        for first in sorted({day - back for day in days for back in range(most + 1)}):
            window = range(first, first + most + 1)
            free = [days[day] for day in window if day in days]
            taken = sum(day in held for day in window)
            if len(free) + taken > most:
                self._model.at_most(max(most - taken, 0), [(column, 1.0) for column in free])

    def _add_weekends(self, ident: str, stints: Sequence[Stint]) -> None:
        most = self._draft.rules.weekends
        if most is None:
            return
        held = {post.weekend for post in self._draft.load.posts(ident)}
        weekends = self._given_at_all(
            {each: some for each, some in _by(stints, lambda post: post.weekend) if each not in held}
        )
        by_month: dict[int, list[int]] = defaultdict(list)
        for weekend, column in weekends.items():
            by_month[month_of(weekend)].append(column)
        for month, columns in by_month.items():
            room = most - sum(each is not None and month_of(each) == month for each in held)
            if len(columns) > room:
                self._model.at_most(max(room, 0), [(column, 1.0) for column in columns])

    def _given_at_all(self, groups: Mapping[int, Sequence[Stint]]) -> dict[int, int]:
        """For each group a column that is 1 when any stint of it is given."""
        found = {}
        for key, stints in groups.items():
            found[key] = stints[0].column
            if len(stints) > 1:
                found[key] = self._model.column(0, 1, whole=False)
                self._any[found[key]] = [stint.column for stint in stints]
                for stint in stints:
                    self._model.at_most(0, [(stint.column, 1.0), (found[key], -1.0)])
        return found

    def _add_fairness(self, ident: str, stints: Sequence[Stint]) -> None:
        """Minutes given here, in steps that grow dearer: free up to the fair share."""
        minutes, above = [stint.post.minutes for stint in stints], self._draft.above(ident)
        steps = steps_of_fairness(minutes, above)
        if not any(price for price, _ in steps):
            return
        self.unit = gcd(self.unit, above, *minutes)
        columns = [(self._model.column(price, width, whole=False), width) for price, width in steps]
        self._steps.append((stints, columns))
        terms: list[tuple[int, float]] = [(stint.column, stint.post.minutes) for stint in stints]
        self._model.at_most(0, [*terms, *((column, -1.0) for column, _ in columns)])


def _by(stints: Iterable[Stint], key: Callable[[Post], int | None]) -> Iterable[tuple[int, list[Stint]]]:
    """Stints by a number of their post; those without one are left out."""
    groups: dict[int, list[Stint]] = defaultdict(list)
    for stint in stints:
        number = key(stint.post)
        if number is not None:
            groups[number].append(stint)
    return groups.items()
