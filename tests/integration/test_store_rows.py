"""The rows of sessions, seats, followers and settings: read, written and renamed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from scheduler.plan.changes import Changes, Move, Occurrence, changes_between
from scheduler.plan.rename import Renames
from scheduler.roster.assignment import HOLDING, TRANSITIONS, Standing
from scheduler.roster.vacancy import Duty
from scheduler.store import assignments, in_force, renaming, sessions, subscriptions, tables
from scheduler.store.database import Database
from scheduler.timetable.session import Session
from scheduler.timetable.shift import Role
from tests.desk import SAIGON
from tests.outgoing import DAY, HOUR, NOW, local

TUESDAY = date(2026, 11, 17)


def evening(named: date, shift: str = "sao-y", place: str = "ubnd", number: int = 1) -> Occurrence:
    """A session from 17:00 to 19:30 on its date."""
    starts = local(f"{named} 17:00")
    return Occurrence(Session(starts, starts + 2.5 * HOUR, shift, named, number), "sao-y", place)


def evenings(*days: int, shift: str = "sao-y") -> tuple[Occurrence, ...]:
    """Evenings so many days after that Tuesday."""
    return tuple(evening(TUESDAY + timedelta(days=day), shift) for day in days)


def add(database: Database, *occurrences: Occurrence) -> list[int]:
    """Stores these sessions; returns their ids."""
    with database.write() as connection:
        return sessions.carry_out(connection, Changes(added=occurrences), NOW)


def all_sessions(connection: Connection) -> Sequence[Row[Any]]:
    """Every session in order of start."""
    return sessions.rows_between(connection, local("2000-01-01"), local("2100-01-01"))


def stored(database: Database, now: datetime = NOW) -> list[Any]:
    """What the plan would compare with."""
    with database.read() as connection:
        return sessions.stored_from(connection, now)


def test_what_was_added_is_compared_as_it_was_wanted(database: Database) -> None:
    """Stored and read again, an occurrence is equal to itself, so that a second apply changes nothing."""
    asked = evenings(0, 2)
    add(database, *asked)
    assert [one.occurrence for one in stored(database)] == list(asked)
    assert all(one.is_on for one in stored(database))
    assert not changes_between(asked, stored(database), NOW)


def test_the_ids_of_what_was_touched_come_back(database: Database) -> None:
    """Added, moved, restored and cancelled ones: whoever keeps texts in line needs all of them."""
    first, second, third = add(database, *evenings(0, 2, 3))
    by_id = {one.id: one for one in stored(database)}
    to_friday = Move(by_id[first], evening(TUESDAY + 4 * DAY))
    with database.write() as connection:
        touched = sessions.carry_out(connection, Changes(moved=(to_friday,), cancelled=(by_id[second],)), NOW)
        added = sessions.carry_out(connection, Changes(added=evenings(5)), NOW)
    assert sorted(touched) == [first, second]
    assert added == [third + 1]


def test_a_moved_session_keeps_its_row_and_takes_the_new_key(database: Database) -> None:
    """The row's own id survives, its former start is remembered, and a move is a new revision."""
    (session,) = add(database, *evenings(0))
    (before,) = stored(database)
    with database.write() as connection:
        sessions.carry_out(connection, Changes(moved=(Move(before, evening(TUESDAY + DAY)),)), NOW + HOUR)
        assert sessions.row_by_key(connection, "sao-y@2026-11-17") is None
        row = sessions.row_by_key(connection, "sao-y@2026-11-18")
    assert row is not None
    assert (row.id, row.starts, row.revision) == (session, local("2026-11-18 17:00"), 2)
    assert (row.moved_from, row.known_at, row.changed_at) == (local("2026-11-17 17:00"), NOW, NOW + HOUR)


def test_a_cancelled_session_comes_back_in_its_own_row(database: Database) -> None:
    """Cancelled it is still known by its key; restored it is held, and was not moved from anywhere."""
    add(database, *evenings(0))
    with database.write() as connection:
        sessions.carry_out(connection, Changes(cancelled=tuple(sessions.stored_from(connection, NOW))), NOW)
    (off,) = stored(database)
    assert not off.is_on
    changes = changes_between(evenings(0), [off], NOW)
    with database.write() as connection:
        sessions.carry_out(connection, changes, NOW)
        (row,) = all_sessions(connection)
    assert (row.state, row.revision, row.moved_from) == (sessions.SCHEDULED, 3, None)


def at(hour: str, day: int = 17, number: int = 1) -> Occurrence:
    """The session of one shift of that Tuesday, held at this hour, on this day."""
    starts = local(f"2026-11-{day} {hour}")
    return replace(
        evening(TUESDAY), session=Session(starts, starts + HOUR, "sao-y", date(2026, 11, day), number)
    )


@pytest.mark.parametrize(
    ("steps", "moved_from"),
    [
        pytest.param([at("18:00")], "17:00", id="the start that was announced"),
        pytest.param([at("18:00"), at("19:00")], "17:00", id="the first of two"),
        pytest.param([at("18:00"), at("17:00")], None, id="back where it was"),
        pytest.param([at("18:00"), at("17:00"), at("20:00")], "17:00", id="and away again"),
        pytest.param([replace(at("17:00"), place="post")], None, id="only another place"),
        pytest.param(
            [at("18:00"), replace(at("18:00"), place="post")], "17:00", id="later, then another place"
        ),
        pytest.param([at("17:00", day=19), at("17:00")], None, id="another day and back"),
    ],
)
def test_the_start_that_was_announced_first_is_remembered(
    database: Database, steps: list[Occurrence], moved_from: str | None
) -> None:
    """Who knows the first start sees that it is no more, and nothing where it is."""
    add(database, at("17:00"))
    for step in steps:
        (before,) = stored(database)
        with database.write() as connection:
            sessions.carry_out(connection, Changes(moved=(Move(before, step),)), NOW)
    with database.read() as connection:
        (row,) = all_sessions(connection)
    assert row.moved_from == (local(f"2026-11-17 {moved_from}") if moved_from else None)
    assert row.revision == len(steps) + 1


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        pytest.param(
            (at("20:00"),),
            [("12:00", "17.2", "cancelled", 2), ("20:00", "17", "scheduled", 1)],
            id="the first removed",
        ),
        pytest.param(
            (at("20:00"), at("12:00", number=2)),
            [("12:00", "17.2", "scheduled", 1), ("20:00", "17", "scheduled", 1)],
            id="exchanged",
        ),
        pytest.param(
            (at("11:00"), at("12:00", number=2), at("20:00", number=3)),
            [
                ("11:00", "17", "scheduled", 1),
                ("12:00", "17.2", "scheduled", 1),
                ("20:00", "17.3", "scheduled", 1),
            ],
            id="an earlier one",
        ),
        pytest.param(
            (at("20:00"), at("12:00", day=19)),
            [("20:00", "17", "scheduled", 1), ("12:00", "19", "scheduled", 2)],
            id="the first to another day",
        ),
    ],
)
def test_keys_change_hands_silently(
    database: Database, wanted: tuple[Occurrence, ...], rows: list[tuple[str, str, str, int]]
) -> None:
    """Rows take each other's keys in one transaction; who only got another key is no new revision."""
    first, second = add(database, at("12:00"), at("20:00", number=2))
    changes = changes_between(wanted, stored(database), NOW)
    with database.write() as connection:
        before = sessions.mark(connection)
        touched = sessions.carry_out(connection, changes, NOW + HOUR)
        found = all_sessions(connection)
        assert sessions.mark(connection) != before, "the public lists name the new keys"
    assert [
        (f"{row.starts.astimezone(SAIGON):%H:%M}", row.key.partition("-11-")[2], row.state, row.revision)
        for row in found
    ] == rows
    assert second not in touched
    assert {row.id: row.changed_at for row in found}[second] == NOW
    assert first in {row.id for row in found}
    assert changes_between(wanted, stored(database), NOW) == Changes()


def test_two_sessions_never_bear_one_key(database: Database) -> None:
    """Whatever the code above does, the database refuses the second."""
    add(database, *evenings(0))
    with pytest.raises(IntegrityError):
        add(database, *evenings(0))


def test_a_session_that_was_held_today_is_not_added_again_for_the_evening(database: Database) -> None:
    """The shift's time was edited after today's session: its key is taken, and today is over."""
    morning = local("2026-11-17 08:00")
    held = replace(evening(TUESDAY), session=Session(morning, morning + HOUR, "sao-y", TUESDAY, 1))
    add(database, held)
    noon = local("2026-11-17 12:00")
    changes = changes_between(evenings(0, 2), stored(database, noon), noon)
    with database.write() as connection:
        sessions.carry_out(connection, changes, noon)
        assert [row.starts for row in all_sessions(connection)] == [morning, local("2026-11-19 17:00")]


def test_more_sessions_than_one_statement_takes(database: Database) -> None:
    """A long window of many shifts is stored and found whole."""
    many = [evening(TUESDAY, shift=f"shift-{number}") for number in range(sessions.CHUNK + 7)]
    ids = add(database, *many)
    with database.read() as connection:
        assert len(sessions.rows_by_id(connection, ids)) == len(set(ids)) == sessions.CHUNK + 7


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        pytest.param("2026-11-17 18:00", "2026-11-17 18:01", 1, id="under way"),
        pytest.param("2026-11-17 19:30", "2026-11-18 00:00", 0, id="its end is no part of it"),
        pytest.param("2026-11-17 00:00", "2026-11-17 17:00", 0, id="not begun"),
        pytest.param("2026-11-17 00:00", "2026-11-17 17:01", 1, id="begun"),
    ],
)
def test_sessions_between_are_those_that_overlap(
    database: Database, first: str, last: str, found: int
) -> None:
    """A session counts when some of it lies between the two instants."""
    add(database, *evenings(0))
    with database.read() as connection:
        assert len(sessions.rows_between(connection, local(first), local(last))) == found


def test_sessions_to_come_are_held_and_not_begun(database: Database) -> None:
    """Cancelled ones and those under way are not to come; places and services narrow it down."""
    ids = add(database, *evenings(0, 1, 2, 3))
    with database.write() as connection:
        off = [one for one in sessions.stored_from(connection, NOW) if one.id == ids[2]]
        sessions.carry_out(connection, Changes(cancelled=tuple(off)), NOW)
        during = local("2026-11-17 17:00")
        assert sessions.ids_to_come(connection, during) == [ids[1], ids[3]]
        assert sessions.ids_to_come_at(connection, "sao-y", ["ubnd"], during) == [ids[1], ids[3]]
        assert sessions.ids_to_come_at(connection, "sao-y", ["nowhere"], during) == []
        following = sessions.following(connection, "sao-y", local("2026-11-18 17:00"))
    assert following is not None
    assert following.id == ids[3]


def test_the_mark_changes_with_every_change(database: Database) -> None:
    """Adding, moving and cancelling each make another mark; looking does not, nor does an empty table."""
    marks = []

    def mark() -> None:
        with database.read() as connection:
            marks.append(sessions.mark(connection))

    mark()
    add(database, *evenings(0))
    mark()
    with database.write() as connection:
        (one,) = sessions.stored_from(connection, NOW)
        sessions.carry_out(connection, Changes(moved=(Move(one, evening(TUESDAY + DAY)),)), NOW)
    mark()
    with database.write() as connection:
        sessions.carry_out(connection, Changes(cancelled=(one,)), NOW)
    mark()
    assert len(set(marks)) == 4
    mark()
    assert len(set(marks)) == 4


def test_the_last_named_date_is_known(database: Database) -> None:
    """None of no sessions; else the latest date that a rule named."""
    with database.read() as connection:
        assert sessions.last_named(connection) is None
    add(database, *evenings(0, 9, 3))
    with database.read() as connection:
        assert sessions.last_named(connection) == TUESDAY + 9 * DAY


def seat(database: Database, session: int, *people: str, standing: Standing = Standing.PROPOSED) -> None:
    """Puts volunteers on a session."""
    with database.write() as connection:
        wanted = [(session, Role.VOLUNTEER, person) for person in people]
        assignments.add(connection, wanted, standing, named=False, now=NOW)


def seats(database: Database, session: int) -> dict[str, str]:
    """Who stands how to a session."""
    with database.read() as connection:
        rows = assignments.by_session(connection, [session]).get(session, [])
    return {row.person: row.state for row in rows}


def test_a_seat_changes_only_as_the_table_allows(database: Database) -> None:
    """Every pair of states: the change is made where the table leads, and else nothing moves."""
    (session,) = add(database, *evenings(0))
    pairs = {f"{before}, then {after}": (before, after) for before in Standing for after in Standing}
    for person, (before, _) in pairs.items():
        seat(database, session, person, standing=before)
    with database.write() as connection:
        moved = {
            person: assignments.change(connection, session, person, after, NOW)
            for person, (_, after) in pairs.items()
        }
    assert moved == {person: after in TRANSITIONS[before] for person, (before, after) in pairs.items()}
    assert seats(database, session) == {person: pair[moved[person]] for person, pair in pairs.items()}


def test_an_answer_moves_one_seat_and_no_other(database: Database) -> None:
    """The same person elsewhere, and others here, stay as they are."""
    here, there = add(database, *evenings(0, 1))
    seat(database, here, "an", "binh")
    seat(database, there, "an")
    with database.write() as connection:
        assert assignments.change(connection, here, "an", Standing.CONFIRMED, NOW)
        assert not assignments.change(connection, here, "chi", Standing.CONFIRMED, NOW)
    assert seats(database, here) == {"an": "confirmed", "binh": "proposed"}
    assert seats(database, there) == {"an": "proposed"}


def test_who_was_released_is_taken_back_in_the_same_row(database: Database) -> None:
    """Released and wanted again is one assignment with a new beginning, not two."""
    (session,) = add(database, *evenings(0))
    seat(database, session, "an", "binh")
    with database.write() as connection:
        ids = [row.id for row in assignments.by_session(connection, [session])[session]]
        assignments.release(connection, ids[:1], NOW)
        assert seats_in(connection, session) == {"an": "released", "binh": "proposed"}
        wanted = [(session, Role.LEADER, "an"), (session, Role.VOLUNTEER, "chi")]
        assignments.add(connection, wanted, Standing.CONFIRMED, named=True, now=NOW + HOUR)
        rows = assignments.by_session(connection, [session])[session]
    assert [(row.person, row.role, row.state) for row in rows] == [
        ("an", "leader", "confirmed"),
        ("binh", "volunteer", "proposed"),
        ("chi", "volunteer", "confirmed"),
    ]
    assert (rows[0].id, rows[0].since) == (ids[0], NOW + HOUR)


def seats_in(connection: Connection, session: int) -> dict[str, str]:
    """The same within a transaction."""
    return {row.person: row.state for row in assignments.by_session(connection, [session])[session]}


def test_nobody_sits_twice_at_one_session(database: Database) -> None:
    """Whatever the code above does, the database refuses the second seat."""
    (session,) = add(database, *evenings(0))
    seat(database, session, "an")
    with pytest.raises(IntegrityError):
        seat(database, session, "an")


def test_duties_are_the_seats_held_at_sessions_that_take_place(database: Database) -> None:
    """Who declined gives no time, nor does anybody at a cancelled session or one that was over before."""
    over, held, off = add(database, *evenings(-1, 0, 1))
    for session in (over, held, off):
        seat(database, session, "an")
    seat(database, held, "binh", standing=Standing.DECLINED)
    with database.write() as connection:
        gone = [one for one in sessions.stored_from(connection, NOW) if one.id == off]
        sessions.carry_out(connection, Changes(cancelled=tuple(gone)), NOW)
        duties = assignments.duties_from(connection, NOW)
        assert set(assignments.held_from(connection, NOW)) == {(held, "an")}
    evening = local("2026-11-17 17:00"), local("2026-11-17 19:30")
    assert duties == [Duty("an", *evening, held, "ubnd")]
    assert Standing.DECLINED not in HOLDING


def test_the_silent_are_those_who_were_asked(database: Database) -> None:
    """Asked, not answered, for sessions that start by an instant."""
    soon, later = add(database, *evenings(0, 5))
    seat(database, soon, "an", standing=Standing.ASKED)
    seat(database, soon, "binh", standing=Standing.CONFIRMED)
    seat(database, later, "chi", standing=Standing.ASKED)
    with database.read() as connection:
        found = assignments.asked_until(connection, NOW + DAY)
    assert [(row.session_id, row.person, row.shift) for row in found] == [(soon, "an", "sao-y")]


def follow(
    database: Database, phone: str = "+84901000001", service: str = "sao-y", ward: str = "sai-gon"
) -> Any:
    """Begins a subscription; returns its id, or None."""
    with database.write() as connection:
        return subscriptions.begin(connection, phone, service, ward, None, "vi", NOW)


def test_a_number_follows_a_service_in_a_ward_once(database: Database) -> None:
    """A second beginning is none; other wards, services and numbers are other subscriptions."""
    first = follow(database)
    assert follow(database) is None
    others = [
        follow(database, ward="ben-thanh"),
        follow(database, service="x"),
        follow(database, "+84901000002"),
    ]
    with database.read() as connection:
        assert [row.id for row in subscriptions.open_ones(connection)] == [first, *others]
        assert len(subscriptions.of_phone(connection, "+84901000001", NOW)) == 3


def test_a_number_follows_one_session_besides(database: Database) -> None:
    """Once, too; and once it is over nothing more comes of it."""
    (session,) = add(database, evening(TUESDAY))
    follow(database)
    with database.write() as connection:
        begun = subscriptions.begin(connection, "+84901000001", "sao-y", "sai-gon", session, "vi", NOW)
        again = subscriptions.begin(connection, "+84901000001", "sao-y", "sai-gon", session, "vi", NOW)
        assert (begun is None, again) == (False, None)
        assert len(subscriptions.of_phone(connection, "+84901000001", NOW)) == 2
        assert len(subscriptions.of_phone(connection, "+84901000001", NOW + 60 * DAY)) == 1


def test_what_has_ended_may_begin_again(database: Database) -> None:
    """The ended row stays as history; the new one has an id, and so keys, of its own."""
    first = follow(database)
    with database.write() as connection:
        assert subscriptions.end(connection, first, NOW + HOUR)
        assert not subscriptions.end(connection, first, NOW + HOUR)
        assert not subscriptions.of_phone(connection, "+84901000001", NOW + HOUR)
    assert follow(database) not in (None, first)


def test_the_database_refuses_a_second_open_subscription(database: Database) -> None:
    """Also when two clerks enrol one number in the same moment."""
    follow(database)
    row = {"phone": "+84901000001", "service": "sao-y", "ward": "sai-gon", "language": "vi", "since": NOW}
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(insert(tables.subscriptions), row)


def test_settings_in_force_are_the_last_that_were_put_there(database: Database) -> None:
    """None at first; the same text again renews its day and adds no row."""
    with database.write() as connection:
        assert in_force.newest(connection) is None
        in_force.put_in_force(connection, "one = 1", TUESDAY, NOW)
        in_force.put_in_force(connection, "hai = 2 # đ", TUESDAY, NOW + HOUR)
        in_force.put_in_force(connection, "hai = 2 # đ", TUESDAY + DAY, NOW + DAY)
    with database.read() as connection:
        row = in_force.newest(connection)
        assert len(connection.execute(select(tables.in_force)).all()) == 2
    assert row is not None
    assert (row.source, row.planned_on, row.applied_at) == ("hai = 2 # đ", TUESDAY + DAY, NOW + HOUR)


def carry(database: Database, **names: dict[str, str]) -> None:
    """Carries renames through the rows."""
    with database.write() as connection:
        renaming.rename(connection, Renames(**names))


def test_a_renamed_shift_takes_its_sessions_along(database: Database) -> None:
    """Shift and keys follow, a later span too; a shift whose name only begins alike does not."""
    add(database, *evenings(0), evening(TUESDAY, number=2), *evenings(0, shift="sao-y-2"))
    carry(database, shifts={"sao-y": "chung-thuc"})
    with database.read() as connection:
        rows = [(row.shift, row.key) for row in all_sessions(connection)]
    assert rows == [
        ("chung-thuc", "chung-thuc@2026-11-17"),
        ("chung-thuc", "chung-thuc@2026-11-17.2"),
        ("sao-y-2", "sao-y-2@2026-11-17"),
    ]


def test_each_kind_of_entry_is_renamed_in_its_own_columns(database: Database) -> None:
    """One word may be the id of a service, a place, a ward and a person: each goes its own way."""
    one = Occurrence(evening(TUESDAY).session, "x", "x")
    (session,) = add(database, one)
    seat(database, session, "x", "y")
    follow(database, service="x", ward="x")
    carry(
        database,
        services={"x": "service"},
        places={"x": "place"},
        wards={"x": "ward"},
        people={"x": "person"},
    )
    with database.read() as connection:
        (row,) = all_sessions(connection)
        (subscription,) = subscriptions.open_ones(connection)
    assert (row.service, row.place) == ("service", "place")
    assert (subscription.service, subscription.ward) == ("service", "ward")
    assert seats(database, session) == {"person": "proposed", "y": "proposed"}


def test_a_shift_takes_the_name_of_one_that_was_given_up(database: Database) -> None:
    """Where the other's old session has the key, both rows stay as they are; elsewhere the new name holds."""
    add(database, *evenings(0, shift="old"), *evenings(0, 1, shift="new-2"))
    carry(database, shifts={"new-2": "old"})
    with database.read() as connection:
        keys = [row.key for row in all_sessions(connection)]
    assert keys == ["new-2@2026-11-17", "old@2026-11-17", "old@2026-11-18"]


def test_a_person_takes_the_name_of_one_who_left(database: Database) -> None:
    """At a session where both have a row, nobody is overwritten."""
    both, alone = add(database, *evenings(0, 1))
    seat(database, both, "an", "an-2")
    seat(database, alone, "an-2")
    carry(database, people={"an-2": "an"})
    assert seats(database, both) == {"an": "proposed", "an-2": "proposed"}
    assert seats(database, alone) == {"an": "proposed"}


def test_a_follower_of_both_services_stays_one_of_each(database: Database) -> None:
    """A rename never makes a second open subscription to one thing."""
    follow(database, service="old")
    follow(database, service="new-2")
    follow(database, phone="+84901000002", service="new-2")
    carry(database, services={"new-2": "old"})
    with database.read() as connection:
        found = [(row.phone[-1], row.service) for row in subscriptions.open_ones(connection)]
    assert found == [("1", "old"), ("1", "new-2"), ("2", "old")]
