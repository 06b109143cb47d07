"""Sees to it that nobody is wanted at two sessions at once, after one of them came into the other's hours."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.roster.assignment import Standing
from scheduler.store import assignments


def part_clashes(
    connection: Connection, moved: Collection[int], revived: Collection[int], now: datetime
) -> set[int]:
    """Takes people off one of two sessions within the same hours; returns those with a seat less, by id.

    Of two seats that goes of which nobody has been told yet. Who was told of both stays on a `moved` one,
    since people and answers move with it, and says no to what they cannot do. What they took while another
    one was off stands when that is `revived`, but for a question beside a promise.
    """
    assignments.hold_still(connection, {*moved, *revived})
    parted: set[int] = set()
    gone: set[int] = set()
    for own, other in assignments.clashing(connection, {*moved, *revived}):
        untold = [seat for seat in (own, other) if seat.state == Standing.PROPOSED and not seat.named]
        if gone & {own.id, other.id}:
            continue
        if untold:
            assignments.withdraw(connection, [(untold[0].session_id, untold[0].person)])
        elif own.session_id in revived and not own.named and not _comes_first(own, other):
            assignments.dismiss(connection, own.session_id, own.person, now)
        else:
            continue
        leaving = untold[0] if untold else own
        gone.add(leaving.id)
        parted.add(leaving.session_id)
    return parted


def _comes_first(own: Row[Any], other: Row[Any]) -> bool:
    return bool(own.state == Standing.CONFIRMED and other.state != Standing.CONFIRMED)
