"""Large rosters are found while no transaction is open: SQLite has one writer, and a city takes minutes."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from multiprocessing import get_context
from threading import get_ident
from typing import TypeVar

from scheduler.roster.fill import fill_roster, mend
from scheduler.roster.part import Part, Told, fill_part
from scheduler.roster.vacancy import Choice, Vacancy
from scheduler.timetable.shift import Role

Result = TypeVar("Result")

# Vacancies times people: below it a roster takes about a second, and whoever wants to write waits for that.
AT_ONCE = 50_000
TRIES = 3


class StillToFind(Exception):
    """A roster is wanted that takes too long to find within a transaction."""

    def __init__(self, part: Part) -> None:
        super().__init__("this roster is found before the transaction")
        self.part = part


@dataclass(frozen=True, slots=True)
class _Found:
    """A roster for a part, whose sessions are numbered by rank."""

    part: Part
    choices: tuple[Choice, ...]


class Ahead:
    """Finds rosters before they are needed; `told` hears how many of how many parts of the work are done.

    `run` begins the work, and where that asks for a large roster it is undone, the roster is found with no
    transaction open, and the work begins again. What changed in the world meanwhile is respected: of the
    roster that was found all is kept that still may be, and the rest filled; where much is new the roster is
    found anew, but not for the last of `TRIES`, so that there is an end.
    """

    def __init__(self, told: Told | None = None) -> None:
        self._told = told
        self._found: _Found | None = None
        # Whether that was found for the work under way; what was found for earlier work is a year old to it.
        self._is_of_this_work = False
        # The thread whose work can begin again; others, which share the office, cannot.
        self._worker: int | None = None
        self._may_wait = False

    def run(self, work: Callable[[], Result]) -> Result:
        """What `work` returns; it is called again after a StillToFind, which must undo all that it did."""
        self._worker, self._is_of_this_work = get_ident(), False
        try:
            for left in range(TRIES, 0, -1):
                self._may_wait = left > 1
                try:
                    return work()
                except StillToFind as large:
                    self._found = _Found(large.part, fill_roster(large.part, self._each, self._told))
                    self._is_of_this_work = True
        finally:
            self._worker = None
        raise AssertionError

    def choose(self, part: Part) -> tuple[Choice, ...]:
        """The roster for a part; raises StillToFind where that is large and `run` can begin again."""
        if len(part.vacancies) * len(part.people) <= AT_ONCE:
            return fill_roster(part)
        ranked, ids = _by_rank(part)
        if self._found is not None and self._found.part == ranked:
            return _with_ids(self._found.choices, ids)
        if self._worker != get_ident():
            return fill_roster(part, self._each, self._told)
        if self._found is not None and self._is_of_this_work:
            known = _renumbered(self._found, ranked)
            new = sum(not known.knows(one) for one in ranked.vacancies)
            if not self._may_wait or new * len(part.people) <= AT_ONCE:
                return _with_ids(mend(ranked, known.choices), ids)
        raise StillToFind(ranked)

    def _each(
        self, fill: Callable[[Part], tuple[Choice, ...]], parts: Sequence[Part]
    ) -> Iterable[tuple[Choice, ...]]:
        """One process for each core; the choices are the same in one."""
        if len(parts) == 1:
            yield fill_part(parts[0], self._told)
            return
        cores = min(len(parts), os.cpu_count() or 1)
        if cores < 2:
            yield from map(fill, parts)
            return
        with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
            for done, choices in enumerate(pool.map(fill, parts), start=1):
                if self._told:
                    self._told(done, len(parts))
                yield choices


def _with_ids(choices: Iterable[Choice], ids: Sequence[int]) -> tuple[Choice, ...]:
    return tuple(replace(choice, session=ids[choice.session - 1]) for choice in choices)


@dataclass(frozen=True, slots=True)
class _Renumbered:
    """Choices by the ranks of another part, and of which of its vacancies they know."""

    choices: tuple[Choice, ...]
    known: frozenset[tuple[int, Role]]

    def knows(self, vacancy: Vacancy) -> bool:
        """Whether this one was there when the choices were made."""
        return (vacancy.session, vacancy.role) in self.known


def _renumbered(found: _Found, part: Part) -> _Renumbered:
    """What was found, for a part of which other sessions may be there, or some no longer.

    A session is known by its hours and place; of two alike the first is the first.
    """
    ours, theirs = _sessions(part), _sessions(found.part)
    ranks = {rank: ours[name] for name, rank in theirs.items() if name in ours}
    return _Renumbered(
        tuple(
            replace(choice, session=ranks[choice.session])
            for choice in found.choices
            if choice.session in ranks
        ),
        frozenset((ranks[one.session], one.role) for one in found.part.vacancies if one.session in ranks),
    )


def _sessions(part: Part) -> dict[tuple[object, ...], int]:
    """The rank of each session by what it is, and its number among those alike."""
    seen: Counter[tuple[object, ...]] = Counter()
    ranks: dict[tuple[object, ...], int] = {}
    for session, some in groupby(sorted(part.vacancies, key=_rank), key=_rank):
        one = next(some)
        name = one.starts, one.ends, one.place, one.service, one.ward
        seen[name] += 1
        ranks[*name, seen[name]] = session
    return ranks


def _rank(vacancy: Vacancy) -> int:
    return vacancy.session


def _by_rank(part: Part) -> tuple[Part, list[int]]:
    """The part with its sessions numbered from 1: what was undone and is done again has other ids."""
    ids = sorted({vacancy.session for vacancy in part.vacancies})
    ranks = {session: rank for rank, session in enumerate(ids, start=1)}
    vacancies = tuple(replace(one, session=ranks[one.session]) for one in part.vacancies)
    duties = tuple(replace(one, session=ranks.get(one.session, -one.session)) for one in part.duties)
    return replace(part, vacancies=vacancies, duties=duties), ids
