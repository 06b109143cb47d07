"""What two processes do at one instant: each finds what the other has left, and nothing is done twice."""

from contextlib import closing
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from scheduler.app import apply_settings, office_for
from scheduler.service.apply_plan import apply_plan, roll_window
from scheduler.service.speak_for_desk import hold_after_all
from scheduler.service.take_answer import take_answer
from scheduler.store import assignments, in_force, sessions
from scheduler.store.database import Database
from tests.desk import ONE_EVENING, Desk, settings_of
from tests.postgres import PostgresServer
from tests.stories.test_clashes import EARLY, LATE, off_and_elsewhere

MORE = ONE_EVENING.replace("volunteer = 1", "volunteer = 3")


def begin_in_vain(second: Thread) -> None:
    """Begins what must wait until the first has committed."""
    second.start()
    second.join(0.5)
    assert second.is_alive(), "it waits for the first"


def test_an_edit_that_two_take_at_once_seats_nobody_twice(postgres_server: PostgresServer) -> None:
    """Who comes second waits for the first, and finds nothing left to do."""
    with postgres_server.fresh_database() as url:
        desk, other = Desk(url, ONE_EVENING, "2026-11-10 09:00"), Database(url)
        settings, faults = settings_of(MORE), list[IntegrityError]()

        def apply_too() -> None:
            try:
                apply_settings(other, office_for(other, settings), desk.clock())
            except IntegrityError as fault:
                faults.append(fault)

        second = Thread(target=apply_too)
        with desk.database.write() as connection:
            apply_plan(connection, office_for(desk.database, settings), desk.clock())
            begin_in_vain(second)
        second.join(60)
        assert not faults, faults
        with desk.database.read() as connection:
            (session,) = sessions.ids_to_come(connection, desk.clock())
            seats = assignments.by_session(connection, [session])[session]
        assert len({seat.person for seat in seats}) == len(seats) == 3
        other.close()
        desk.close()


def test_a_new_day_does_not_undo_an_edit_of_the_same_instant(postgres_server: PostgresServer) -> None:
    """A service that waits to plan the day that came into sight looks anew at what is in force."""
    with (
        postgres_server.fresh_database() as url,
        closing(Desk(url, ONE_EVENING, "2026-11-10 09:00")) as desk,
        closing(Database(url)) as other,
    ):
        settings, tomorrow = settings_of(MORE), desk.clock() + timedelta(days=1)

        def roll() -> None:
            with other.write() as connection:
                roll_window(connection, desk.office, tomorrow)

        second = Thread(target=roll)
        with desk.database.write() as connection:
            apply_plan(connection, office_for(desk.database, settings), desk.clock())
            begin_in_vain(second)
        second.join(60)
        with desk.database.read() as connection:
            row = in_force.newest(connection)
        assert row is not None
        assert row.source == settings.source


@pytest.mark.parametrize("is_yes_first", [False, True])
def test_a_yes_at_the_instant_of_a_revival_promises_one_of_the_two(
    postgres_server: PostgresServer, is_yes_first: bool
) -> None:
    """Whichever comes first, nobody is expected at two sessions within the same hours."""

    def revive(connection: Connection) -> None:
        early = sessions.row_by_key(connection, EARLY)
        assert early is not None
        hold_after_all(connection, desk.office, early, "lan", desk.clock())

    def say_yes(connection: Connection) -> None:
        late = sessions.row_by_key(connection, LATE)
        assert late is not None
        take_answer(connection, desk.office, late, "an", True, desk.clock())

    with (
        postgres_server.fresh_database() as url,
        closing(off_and_elsewhere(lambda text, now: Desk(url, text, now))) as desk,
        closing(Database(url)) as other,
    ):
        first, then = (say_yes, revive) if is_yes_first else (revive, say_yes)

        def follow() -> None:
            with other.write() as connection:
                then(connection)

        second = Thread(target=follow)
        with desk.database.write() as connection:
            first(connection)
            begin_in_vain(second)
        second.join(60)
        roster = desk.roster()
        expected = {True: ("released", "confirmed"), False: ("confirmed", "asked")}
        assert (roster[EARLY]["an"], roster[LATE]["an"]) == expected[is_yes_first]
