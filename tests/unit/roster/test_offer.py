"""The table of offers, and who may take one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.roster.offer import OFFER_MOVES, OfferState, offer_sources, table_of_offers
from scheduler.roster.person import Limit, Per, Person
from scheduler.roster.rules import RosterRules
from scheduler.roster.taker import may_take
from scheduler.roster.vacancy import Duty, Vacancy
from scheduler.timetable.shift import Role

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
STARTS = datetime(2026, 11, 17, 10, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=2)
SEAT = Vacancy(1, Role.VOLUNTEER, 1, STARTS, ENDS, "sai-gon")


def person(ident: str, **changed: object) -> Person:
    """Somebody who volunteers."""
    told: dict[str, object] = {"roles": frozenset({Role.VOLUNTEER}), **changed}
    return Person(ident, ident, "+84901000001", **told)  # type: ignore[arg-type]  # a row names what it minds


def test_the_table_can_be_read() -> None:
    """One line a state; what is over stays over."""
    assert table_of_offers() == (
        "open      → taken, withdrawn, lapsed\n"
        "taken     → returned\n"
        "withdrawn → (final)\n"
        "lapsed    → (final)\n"
        "returned  → (final)"
    )
    assert {*OFFER_MOVES} == {*OfferState}


@pytest.mark.parametrize("after", [OfferState.TAKEN, OfferState.WITHDRAWN, OfferState.LAPSED])
def test_only_what_is_open_is_taken_withdrawn_or_lapses(after: OfferState) -> None:
    """So that of two who take it at once one finds it gone."""
    assert offer_sources(after) == (OfferState.OPEN,)


@pytest.mark.parametrize(
    ("taker", "beside", "duties", "may"),
    [
        pytest.param(person("binh"), [], [], True, id="nothing stands against it"),
        pytest.param(person("binh", roles=frozenset({Role.STAFF})), [], [], False, id="another role"),
        pytest.param(person("binh"), [], [Duty("binh", STARTS, ENDS)], False, id="busy then"),
        pytest.param(person("binh"), [], [Duty("an", STARTS, ENDS)], True, id="another is busy then"),
        pytest.param(person("binh", limits=(Limit(60, Per.WEEK),)), [], [], False, id="beyond a limit"),
        pytest.param(person("binh", not_with=("chi",)), [person("chi")], [], False, id="not beside Chi"),
        pytest.param(
            person("binh"), [person("chi", not_with=("binh",))], [], False, id="Chi not beside them"
        ),
        pytest.param(person("binh", not_with=("dung",)), [person("chi")], [], True, id="who is not there"),
    ],
)
def test_a_seat_is_taken_only_by_who_may_stand_in_it(
    taker: Person, beside: list[Person], duties: list[Duty], may: bool
) -> None:
    """The hard rules of the roster, asked of the roster."""
    assert may_take(SEAT, taker, beside, duties, SAIGON, RosterRules()) is may
