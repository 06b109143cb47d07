"""What would be fair: the hours of each session divided among all who were available for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from scheduler.roster.cost import Share
from scheduler.roster.person import Person
from scheduler.roster.presence import Presence
from scheduler.timetable.shift import Role

STEP = 30


@dataclass(frozen=True, slots=True)
class Demand:
    """Sessions of the same hours, past or to come, at which `count` people of one role are wanted."""

    role: Role
    count: int
    starts: datetime
    ends: datetime


def shares_of(
    people: Iterable[Person],
    demands: Iterable[Demand],
    given: Mapping[str, int],
    known_since: Mapping[str, datetime],
    zone: ZoneInfo,
) -> dict[str, Share]:
    """The share of each person.

    `given` are minutes that each served or holds at these sessions. Who came later than a session has no
    share of it: `known_since` says from when on a person counts, where that is not always. Thus nobody
    catches up on what was before their time, and who can come seldom owes little.
    """
    by_id = {person.id: person for person in people}
    presence = Presence(by_id, zone)
    fair: dict[str, float] = defaultdict(float)
    for alike in _alike(demands, zone).values():
        hours = (alike[0].starts, alike[0].ends)
        able = [
            each for each in by_id.values() if alike[0].role in each.roles and presence.in_hours(each, hours)
        ]
        total, earliest = sum(map(_minutes, alike)), min(one.starts for one in alike)
        for person in able:
            since = known_since.get(person.id, earliest)
            if person.away or since > earliest:
                own = (
                    one
                    for one in alike
                    if since <= one.starts and not presence.is_away(person, one.starts, one.ends)
                )
                fair[person.id] += sum(map(_minutes, own)) / len(able)
            else:
                fair[person.id] += total / len(able)
    return {ident: _share(given.get(ident, 0), fair[ident]) for ident in by_id}


def _alike(demands: Iterable[Demand], zone: ZoneInfo) -> dict[tuple[object, ...], list[Demand]]:
    """Demands of one role at the same hours of the same weekday: the same people have time for them."""
    found: dict[tuple[object, ...], list[Demand]] = defaultdict(list)
    for one in demands:
        starts = one.starts.astimezone(zone)
        found[one.role, starts.weekday(), starts.time(), one.ends - one.starts].append(one)
    return found


def _minutes(demand: Demand) -> float:
    return demand.count * (demand.ends - demand.starts).total_seconds() / 60


def _share(given: int, fair: float) -> Share:
    """The share, made larger by less than half an hour.

    Whole half hours apart from what is given, the costs of rosters are too, and a search can leave out
    all those that would gain some minutes.
    """
    return Share(given, given + ceil((fair - given) / STEP) * STEP)
