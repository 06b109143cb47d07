"""Large rosters are found while no transaction is open: SQLite has one writer, and a city takes minutes."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import TypeVar

from scheduler.roster.fill import fill_roster
from scheduler.roster.part import Part, Told, fill_part
from scheduler.roster.vacancy import Choice

Result = TypeVar("Result")

# Vacancies times people: below it a roster takes about a second, and whoever wants to write waits for that.
AT_ONCE = 50_000
TRIES = 3


class StillToFind(Exception):
    """A roster is wanted that takes too long to find within a transaction."""

    def __init__(self, part: Part) -> None:
        super().__init__("this roster is found before the transaction")
        self.part = part


class Ahead:
    """Finds rosters before they are needed; `told` hears how many of how many parts of the work are done.

    `run` begins the work, and where that asks for a large roster it is undone, the roster is found with no
    transaction open, and the work begins again. If the world changed meanwhile the roster is found anew; in
    the last of `TRIES` it is found within the transaction, so that there is an end.
    """

    def __init__(self, told: Told | None = None) -> None:
        self._told = told
        self._found: tuple[Part, tuple[Choice, ...]] | None = None
        self._may_wait = False

    def run(self, work: Callable[[], Result]) -> Result:
        """What `work` returns; it is called again after a StillToFind, which must undo all that it did."""
        for left in range(TRIES, 0, -1):
            self._may_wait = left > 1
            try:
                return work()
            except StillToFind as large:
                self._found = large.part, fill_roster(large.part, self._each)
            finally:
                self._may_wait = False
        raise AssertionError

    def choose(self, part: Part) -> tuple[Choice, ...]:
        """The roster for a part; raises StillToFind where that is large and `run` can begin again."""
        if len(part.vacancies) * len(part.people) <= AT_ONCE:
            return fill_roster(part)
        ranked, ids = _by_rank(part)
        if self._found is not None and self._found[0] == ranked:
            return tuple(replace(choice, session=ids[choice.session - 1]) for choice in self._found[1])
        if self._may_wait:
            raise StillToFind(ranked)
        return fill_roster(part, self._each)

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


def _by_rank(part: Part) -> tuple[Part, list[int]]:
    """The part with its sessions numbered from 1: what was undone and is done again has other ids."""
    ids = sorted({vacancy.session for vacancy in part.vacancies})
    ranks = {session: rank for rank, session in enumerate(ids, start=1)}
    vacancies = tuple(replace(one, session=ranks[one.session]) for one in part.vacancies)
    duties = tuple(replace(one, session=ranks.get(one.session, -one.session)) for one in part.duties)
    return replace(part, vacancies=vacancies, duties=duties), ids
