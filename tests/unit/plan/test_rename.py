"""An entry that vanished and one that appeared, all else equal, are one entry under a new name."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.plan.desk import Desk
from scheduler.plan.rename import Renames, renames_between
from scheduler.reminders.lead import Lead, Leads
from scheduler.roster.person import Limit, Per, Person
from scheduler.timetable.days import Weekdays
from scheduler.timetable.label import Label
from scheduler.timetable.place import Place, Service, Ward
from scheduler.timetable.shift import Deputy, Need, Role, Rule, Shift
from scheduler.timetable.span import Span

RULE = Rule((Weekdays(frozenset({1})),), (Span(time(17), time(19, 30)),))


def _desk(*entries: Ward | Place | Service | Person | Shift) -> Desk:
    """A desk of these entries, each under its id."""
    kinds: dict[type, dict[str, Any]] = {Ward: {}, Place: {}, Service: {}, Person: {}, Shift: {}}
    for one in entries:
        kinds[type(one)][one.id] = one
    return Desk(kinds[Ward], kinds[Place], kinds[Service], kinds[Person], kinds[Shift])


def _ward(name: str, *formerly: str, coordinators: tuple[str, ...] = ()) -> Ward:
    return Ward(name.lower(), Label.same(name), formerly, coordinators)


def _place(name: str, **changed: Any) -> Place:
    return Place(**{"id": name.lower(), "ward": "q", "name": Label.same(name), "address": "2 CX", **changed})


def _service(name: str, **changed: Any) -> Service:
    label = Label.same(name)
    return Service(**{"id": name.lower(), "name": label, "short": label, "public": True, **changed})


def _person(name: str, phone: str = "+84901000001", **changed: Any) -> Person:
    return Person(name.lower(), name, phone, **changed)


def _shift(name: str, **changed: Any) -> Shift:
    return Shift(**{"id": name, "service": "s", "place": "p", "rule": RULE, **changed})


@pytest.mark.parametrize(
    ("old", "new", "kind", "found"),
    [
        # a new name, with the id that follows from it
        (_ward("A"), _ward("B"), "wards", {"a": "b"}),
        (_place("A"), _place("B"), "places", {"a": "b"}),
        (_service("A"), _service("B"), "services", {"a": "b"}),
        (_person("A"), _person("B"), "people", {"a": "b"}),
        (_shift("a"), _shift("b"), "shifts", {"a": "b"}),
        # a ward that gains its old name as a former one; and the same edit undone
        (_ward("A", "Z"), _ward("B", "Z", "A"), "wards", {"a": "b"}),
        (_ward("B", "Z", "A"), _ward("A", "Z"), "wards", {"b": "a"}),
        # another ward: its people always called it something else
        (_ward("A", "Z"), _ward("B", "Y"), "wards", {}),
        (_ward("A"), _ward("B", "Y"), "wards", {}),
        (_ward("A"), _ward("B", coordinators=("an",)), "wards", {}),
        # another place, service, person, shift
        (_place("A"), _place("B", address="5 LL"), "places", {}),
        (_place("A"), _place("B", ward="r"), "places", {}),
        (_place("A"), _place("B", kind="post_office"), "places", {}),
        (_service("A"), _service("B", after_hours=True), "services", {}),
        (_service("A"), _service("B", last_entry=timedelta(minutes=30)), "services", {}),
        (_person("A"), _person("B", phone="+84901000002"), "people", {}),
        (_shift("a"), _shift("b", needs=(Need(Role.VOLUNTEER, 2),)), "shifts", {}),
        (_shift("a"), _shift("b", rule=replace(RULE, every=2)), "shifts", {}),
        (_shift("a"), _shift("b", place="p2"), "shifts", {}),
        # a person is one number: what else was put right goes with the name
        (_person("A"), _person("B", roles=frozenset({Role.LEADER})), "people", {"a": "b"}),
        (_person("A"), _person("B", limits=(Limit(60, Per.WEEK),)), "people", {"a": "b"}),
        # the id stayed: an edit and no rename, whatever else was edited
        (_person("A"), replace(_person("A"), name="B"), "people", {}),
        (_place("A"), replace(_place("A"), name=Label.same("B"), address="5 LL"), "places", {}),
    ],
)
def test_an_entry_goes_on_under_another_name(
    old: Ward | Place | Service | Person | Shift,
    new: Ward | Place | Service | Person | Shift,
    kind: str,
    found: Mapping[str, str],
) -> None:
    """Only when all else is equal; its own former name does not count against a ward."""
    renames = renames_between(_desk(old), _desk(new))
    assert getattr(renames, kind) == found
    assert len(renames) == len(found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # two vanished, one of which it was cannot be known
        ([_place("A"), _place("B")], [_place("C")]),
        # two appeared
        ([_place("A")], [_place("B"), _place("C")]),
        # two and two
        ([_place("A"), _place("B")], [_place("C"), _place("D")]),
        # only vanished, only appeared, nothing at all
        ([_place("A")], []),
        ([], [_place("A")]),
        ([], []),
    ],
)
def test_what_may_be_mistaken_is_no_rename(old: list[Place], new: list[Place]) -> None:
    """A follower of the wrong place would be texted against their will."""
    assert not len(renames_between(_desk(*old), _desk(*new)))


def test_a_twin_that_stayed_does_not_stand_in_the_way() -> None:
    """Only what vanished and what appeared are compared."""
    renames = renames_between(_desk(_place("A"), _place("B")), _desk(_place("A"), _place("C")))
    assert renames == Renames(places={"b": "c"})


def test_a_rename_goes_through_all_that_names_it() -> None:
    """Ward, place, service, people and shift renamed in one edit are five renames and no other change."""
    deputy = Deputy("an", "binh", date(2026, 11, 1), date(2026, 11, 8))
    old = _desk(
        _ward("Q", coordinators=("binh",)),
        _place("P"),
        _service("S"),
        _person("An"),
        _person("Binh", "+84901000002"),
        _shift("s-p", staff=("an",), deputies=(deputy,)),
    )
    new = _desk(
        _ward("Q1", "Q", coordinators=("binh-b",)),
        _place("P1", ward="q1"),
        _service("S1"),
        replace(_person("An"), id="an-a"),
        replace(_person("Binh", "+84901000002"), id="binh-b"),
        _shift(
            "s1-p1",
            service="s1",
            place="p1",
            staff=("an-a",),
            deputies=(replace(deputy, absent="an-a", stand_in="binh-b"),),
        ),
    )
    assert renames_between(old, new) == Renames(
        wards={"q": "q1"},
        places={"p": "p1"},
        services={"s": "s1"},
        people={"an": "an-a", "binh": "binh-b"},
        shifts={"s-p": "s1-p1"},
    )


def test_a_shift_with_another_person_is_another_shift() -> None:
    """A name in its place may not hide that somebody else is meant."""
    old = _desk(_person("An"), _shift("a", staff=("an",)))
    new = _desk(_person("Cuc", "+84901000009"), _shift("b", staff=("cuc",)))
    assert not len(renames_between(old, new))


idents = st.text("abcdefgh", min_size=1, max_size=3)


@settings(max_examples=100)
@given(st.lists(idents, unique=True, max_size=8), st.data())
def test_every_new_name_is_found_among_entries_that_differ(names: list[str], data: st.DataObject) -> None:
    """Each place has its own address: any of them may be renamed at once, and none is taken for another."""
    places = [_place(name, address=f"{number} LL") for number, name in enumerate(names)]
    chosen = data.draw(st.sets(st.sampled_from(names))) if names else set()
    renamed = [
        replace(one, id=f"{one.id}-1", name=Label.same("X")) if one.id in chosen else one for one in places
    ]
    assert renames_between(_desk(*places), _desk(*places)) == Renames()
    assert renames_between(_desk(*places), _desk(*renamed)) == Renames(
        places={name: f"{name}-1" for name in chosen}
    )


def test_a_shift_has_its_own_lead_times_or_those_of_all() -> None:
    """A desk knows the reminders of each shift, and the ward of each place."""
    own = Leads(remind=(Lead(elapsed=timedelta(hours=1)),))
    desk = replace(_desk(_ward("Q"), _place("P"), _shift("a"), _shift("b")), shift_leads={"a": own})
    assert desk.leads_of("a") == own
    assert desk.leads_of("b") == Leads()
    assert desk.ward_of("p").id == "q"
