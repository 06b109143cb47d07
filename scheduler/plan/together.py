"""What a text that says several things at once is like at its longest.

It is said only where it fits, so that none of them is ever too long.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from notifications.text import Measure
from scheduler.reminders.answering import (
    LONGEST_ITEM,
    Means,
    how_to_answer_several,
    how_to_give_up_some,
    how_to_speak,
)
from scheduler.reminders.reminder import Kind
from scheduler.reminders.several import NEXT_WEEK, SOON, THIS_WEEK, Matter, listed
from scheduler.timetable.place import Place, Service
from scheduler.timetable.shift import Role

# Two figures in each part, and a weekday that is as wide as any.
_STARTS, _ENDS = datetime(2026, 11, 30, 17, tzinfo=UTC), datetime(2026, 11, 30, 19, 30, tzinfo=UTC)

Item = TypeVar("Item")


def cost(size: Measure) -> tuple[int, int, str]:
    """What the dearest of several texts has most of."""
    return size.segments, size.characters, size.encoding


def dearest(
    kind: Kind, found: Sequence[Item], size_of: Callable[[Item], Measure], max_segments: int
) -> Item | None:
    """The dearest rendering of a text; of one that is said only where it fits, the dearest that fits."""
    ordered = sorted(found, key=lambda one: cost(size_of(one)))
    if kind is Kind.SEVERAL:
        fitting = [one for one in ordered if size_of(one).segments <= max_segments]
        ordered = fitting or ordered[:1]
    return ordered[-1] if ordered else None


def twice(service: Service, place: Place, role: Role | None, by_text: bool, language: str) -> Iterator[str]:
    """Two shifts at one place, and the same where one of them is promised already.

    Where answers go `by_text` each has a number; staff are asked nothing.
    """
    is_asked = role is not Role.STAFF
    first = Matter(
        _STARTS,
        _ENDS,
        service.short,
        place.name,
        is_open=is_asked,
        leads=role is Role.LEADER,
        number=LONGEST_ITEM if by_text and is_asked else None,
    )
    yield listed((first, first), UTC, language)
    if is_asked:
        yield listed((first, replace(first, is_open=False, is_taken=True)), UTC, language)


def ways_to_answer(means: Means, is_staff: bool, hotline: str, language: str) -> Iterator[dict[str, str]]:
    """Where an answer is awaited, and where none is; staff are asked nothing, and led to the counter."""
    week = max((label.in_language(language) for label in (THIS_WEEK, NEXT_WEEK, SOON)), key=len)
    fields = {"count": "2", "week": week, "answer": "", "desk": ""}
    if is_staff:
        by_telephone = how_to_give_up_some(None, hotline, language)
        for desk in dict.fromkeys((how_to_speak(means, language), "")):
            yield {**fields, "give_up": by_telephone, "desk": desk}
        return
    give_up = how_to_give_up_some(means, hotline, language)
    yield {**fields, "give_up": give_up, "answer": how_to_answer_several(means, hotline, language)}
    yield {**fields, "give_up": give_up}
