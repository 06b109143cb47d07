"""Why somebody sits where they sit, and what keeps everybody away from an empty seat."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.roster.cost import Share
from scheduler.roster.load import Obstacle
from scheduler.roster.part import Part
from scheduler.roster.person import Limit, Per, Person
from scheduler.roster.rules import RosterRules
from scheduler.roster.vacancy import Choice, Duty, Vacancy
from scheduler.roster.why import Ground, Reason, Rival, explain
from scheduler.timetable.availability import Absence, Window
from scheduler.timetable.shift import Role

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
STARTS = datetime(2026, 11, 17, 10, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=150)


def _person(ident: str, **changed: object) -> Person:
    given: dict[str, object] = {"roles": frozenset({Role.LEADER}), "ward": "sai-gon", **changed}
    return Person(ident, ident.title(), "+84901000001", **given)  # type: ignore[arg-type]  # a row names what it minds


def _explained(people: list[Person], seated: list[str], *duties: Duty, **shares: Share) -> tuple[Reason, ...]:
    vacancy = Vacancy(1, Role.LEADER, 1, STARTS, ENDS, "sai-gon", frozenset({"said-no"}), "ubnd", "sao-y")
    before = tuple(Choice(1, Role.LEADER, person) for person in seated)
    return explain(Part((vacancy,), tuple(people), duties, SAIGON, RosterRules(), shares, before).draft())


def test_a_seat_tells_what_others_would_have_cost() -> None:
    """The cheapest first, in points more than who sits there; who cannot is not among them."""
    people = [
        _person("an"),
        _person("binh", ward="tan-dinh"),
        _person("chi"),
        _person("dung", away=(Absence(date(2026, 11, 17), date(2026, 11, 17)),)),
    ]
    room = Share(0, 600)
    found = _explained(people, ["an"], an=room, binh=room, chi=Share(600, 600))
    # an held the seat before: to move them would cost a change of 40 points.
    rivals = (Rival("binh", 43.0), Rival("chi", 46.0))
    assert found == (Reason(Role.LEADER, "an", -40.0, rivals, grounds={Ground.STAYING: -40.0}),)


def test_what_a_seat_costs_has_grounds_that_add_up() -> None:
    """Two hours and a half above the share, another ward, and work that is liked second or not at all."""
    full, far = Share(600, 600), {"ward": "tan-dinh", "roles": frozenset({Role.LEADER})}
    (found,) = _explained([_person("an", prefers=("buu-cuc",), **far)], ["an"], an=full)
    assert found.grounds == {
        Ground.FAIRNESS: 6.0,
        Ground.HOME: 3.0,
        Ground.LIKING: 3.0,
        Ground.STAYING: -40.0,
    }
    assert sum(found.grounds.values()) == found.cost


def test_an_empty_seat_tells_what_stands_in_the_way() -> None:
    """Each leader is counted once, under the first rule that keeps them away; volunteers do not count."""
    earlier = Duty("full", STARTS - timedelta(days=1), ENDS - timedelta(days=1), 2)
    people = [
        _person("said-no"),
        _person("away", away=(Absence(date(2026, 11, 1), date(2026, 11, 30)),)),
        _person("away-too", away=(Absence(date(2026, 11, 17), date(2026, 11, 17)),)),
        _person("full", limits=(Limit(240, Per.WEEK),)),
        _person("busy"),
        _person("by-day", windows=(Window(frozenset({5})),)),
        _person("volunteer", roles=frozenset({Role.VOLUNTEER})),
    ]
    (found,) = _explained(people, [], earlier, Duty("busy", STARTS, ENDS, 3))
    assert (found.person, found.rivals) == (None, ())
    assert found.obstacles == Counter(
        {
            Obstacle.AWAY: 2,
            Obstacle.REFUSED: 1,
            Obstacle.WEEK: 1,
            Obstacle.BUSY: 1,
            Obstacle.HOURS: 1,
        }
    )
