"""Of many names, the few of which one makes a text the longest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from notifications.text import measure

Item = TypeVar("Item")


def extremes(items: Iterable[Item], parts_of: Callable[[Item], list[str]]) -> tuple[Item, ...]:
    """Those of which one makes the longest text, whatever else stands in it.

    In a text that needs UCS-2 every sign counts once, in GSM-7 some count twice; and one part alone may make
    the whole text need UCS-2.
    """
    weighed = [(_weight(parts_of(item)), item) for item in items]
    if not weighed:
        return ()
    orders: tuple[Callable[[_Weight], tuple[int, ...]], ...] = (
        lambda weight: (weight.needs_ucs2, weight.in_ucs2),
        lambda weight: (weight.in_ucs2,),
        lambda weight: (not weight.needs_ucs2, weight.in_gsm7),
    )
    found = [_first(weighed, order) for order in orders]
    return tuple({id(item): item for item in found}.values())


def _first(weighed: list[tuple["_Weight", Item]], order: "Callable[[_Weight], tuple[int, ...]]") -> Item:
    return max(weighed, key=lambda one: order(one[0]))[1]


@dataclass(frozen=True, slots=True)
class _Weight:
    needs_ucs2: bool
    in_ucs2: int
    in_gsm7: int


def _weight(parts: list[str]) -> _Weight:
    own = [measure(part) for part in parts]
    return _Weight(
        any(size.encoding == "UCS-2" for size in own),
        # A sign that is in no GSM-7 text makes each part count as it would in a UCS-2 one.
        sum(measure(f"{part}中").characters - 1 for part in parts),
        sum(size.characters for size in own),
    )
