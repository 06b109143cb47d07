"""What everyone gives, and what more each may take: the hard rules, one person and one post at a time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from scheduler.roster.person import Per, Person
from scheduler.roster.post import Post
from scheduler.roster.rules import RosterRules


class Obstacle(StrEnum):
    """Why a person cannot take a post."""

    ROLE = "role"
    REFUSED = "refused"
    HOURS = "hours"
    AWAY = "away"
    BUSY = "busy"
    REST = "rest"
    TRAVEL = "travel"
    WEEK = "week"
    MONTH = "month"
    DAYS = "days"
    WEEKENDS = "weekends"
    NOT_WITH = "not_with"


class Load:
    """The posts that people hold; whoever asks may add and take away."""

    def __init__(self, people: Mapping[str, Person], rules: RosterRules) -> None:
        self._people = people
        self.rest = _minutes(rules.rest)
        self.travel = _minutes(rules.travel)
        self._days, self._weekends = rules.consecutive_days, rules.weekends
        self._posts: dict[str, list[Post]] = defaultdict(list)
        self._minutes: Counter[tuple[str, Per, int]] = Counter()
        self._there: dict[int, set[str]] = defaultdict(set)
        self.apart = apart(people.values())

    def add(self, person: str, post: Post) -> None:
        """Puts a person on a post, whether or not the rules allow it."""
        self._count(person, post, 1)
        self._posts[person].append(post)
        if post.session:
            self._there[post.session].add(person)

    def remove(self, person: str, post: Post) -> None:
        """Takes a person off a post that was added."""
        self._count(person, post, -1)
        self._posts[person].remove(post)
        self._there[post.session].discard(person)

    def posts(self, person: str) -> list[Post]:
        """What a person holds."""
        return self._posts.get(person, [])

    def minutes(self, person: str, per: Per, number: int) -> int:
        """What a person gives in a week or month, by the number that `Post` gives it."""
        return self._minutes[person, per, number]

    def is_there(self, person: str, session: int) -> bool:
        """Whether a person stands at this session, in whatever role."""
        return person in self._there.get(session, ())

    def obstacle(self, person: Person, post: Post) -> Obstacle | None:
        """The first rule that what people hold already would break."""
        return (
            self._clash(person.id, post)
            or self._over_limit(person, post)
            or self._too_many_days(person.id, post)
            or self._too_many_weekends(person.id, post)
            or self._beside(person.id, post)
        )

    def clash(self, one: Post, other: Post) -> Obstacle | None:
        """Whether one person cannot hold both, and why."""
        apart = max(one.starts, other.starts) - min(one.ends, other.ends)
        if apart < 0:
            return Obstacle.BUSY
        if apart < self.rest:
            return Obstacle.REST
        return Obstacle.TRAVEL if apart < self.travel and one.place != other.place else None

    def _clash(self, person: str, post: Post) -> Obstacle | None:
        starts, ends, margin = post.starts, post.ends, max(self.rest, self.travel)
        for held in self._posts.get(person, ()):
            if (
                held.starts - margin < ends
                and starts - margin < held.ends
                and (why := self.clash(held, post))
            ):
                return why
        return None

    def _over_limit(self, person: Person, post: Post) -> Obstacle | None:
        for limit in person.limits:
            number = post.week if limit.per is Per.WEEK else post.month
            if self._minutes[person.id, limit.per, number] + post.minutes > limit.minutes:
                return Obstacle.WEEK if limit.per is Per.WEEK else Obstacle.MONTH
        return None

    def _too_many_days(self, person: str, post: Post) -> Obstacle | None:
        if self._days is None:
            return None
        held = {each.day for each in self.posts(person)} | {post.day}
        first = last = post.day
        while first - 1 in held:
            first -= 1
        while last + 1 in held:
            last += 1
        return Obstacle.DAYS if last - first + 1 > self._days else None

    def _too_many_weekends(self, person: str, post: Post) -> Obstacle | None:
        if self._weekends is None or post.weekend is None:
            return None
        month = month_of(post.weekend)
        held = {each.weekend for each in self.posts(person) if each.weekend is not None}
        count = sum(month_of(weekend) == month for weekend in held | {post.weekend})
        return Obstacle.WEEKENDS if count > self._weekends else None

    def _beside(self, person: str, post: Post) -> Obstacle | None:
        not_with = self.apart.get(person)
        if not_with and not_with & self._there.get(post.session, set()):
            return Obstacle.NOT_WITH
        return None

    def _count(self, person: str, post: Post, times: int) -> None:
        self._minutes[person, Per.WEEK, post.week] += times * post.minutes
        self._minutes[person, Per.MONTH, post.month] += times * post.minutes


def apart(people: Iterable[Person]) -> dict[str, frozenset[str]]:
    """Beside whom each may not stand; who names another is named back."""
    found: dict[str, set[str]] = defaultdict(set)
    for person in people:
        for other in person.not_with:
            if other != person.id:
                found[person.id].add(other)
                found[other].add(person.id)
    return {person: frozenset(others) for person, others in found.items()}


def month_of(day: int) -> int:
    """The number of the month in which a day lies, as `Post` numbers months."""
    found = date.fromordinal(day)
    return found.year * 12 + found.month


def _minutes(length: timedelta | None) -> int:
    return int(length.total_seconds()) // 60 if length else 0
