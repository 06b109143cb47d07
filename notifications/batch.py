"""A batch: message ids that one deliverer may work on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

# Claims look half a second ahead; clocks that are kept differ by less than the other half.
FURTHEST = timedelta(seconds=1)


class Work(StrEnum):
    """What is to be done with the messages of a batch."""

    SEND = "send"
    LOOK_UP = "look_up"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages claimed together under one reference; whoever holds another reference cannot touch them.

    The first may go at `begins_at`, each other one `apart` after the one before it: these are places in the
    pace that all processes share. Without `begins_at` they may go at once.
    """

    reference: str
    ids: tuple[int, ...]
    work: Work = Work.SEND
    begins_at: datetime | None = None
    apart: timedelta = timedelta(0)

    def go_at(self) -> Mapping[int, datetime]:
        """When each message may go, by its id; empty when all may at once."""
        if self.begins_at is None:
            return {}
        return {one: self.begins_at + number * self.apart for number, one in enumerate(self.ids)}

    def by_clock(self, now: datetime) -> "Batch":
        """The same as somebody sees it whose clock shows `now`, which may be far behind the claimer's.

        Places that lie further ahead than they can be are moved to begin now, as far apart as they were.
        """
        if self.begins_at is None or self.begins_at - now <= FURTHEST:
            return self
        return replace(self, begins_at=now)

    def at_once(self) -> "Batch":
        """The same for a clock that nobody can wait by."""
        return replace(self, begins_at=None, apart=timedelta(0))

    def pieces(self, size: int) -> Iterator["Batch"]:
        """Batches of at most `size` messages, each with the places that they have in this one."""
        for start in range(0, len(self.ids), size):
            begins_at = self.begins_at + start * self.apart if self.begins_at else None
            yield replace(self, ids=self.ids[start : start + size], begins_at=begins_at)
