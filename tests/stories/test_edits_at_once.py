"""An edit that two processes take at one instant: a service notices it while somebody applies it by hand."""

from threading import Thread

from sqlalchemy.exc import IntegrityError

from scheduler.app import apply_settings, office_for
from scheduler.service.apply_plan import apply_plan
from scheduler.store import assignments, sessions
from scheduler.store.database import Database
from tests.desk import ONE_EVENING, Desk, settings_of
from tests.postgres import PostgresServer

MORE = ONE_EVENING.replace("volunteer = 1", "volunteer = 3")


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
            second.start()
            second.join(0.5)
            assert second.is_alive(), "it waits for the one that is applying"
        second.join(60)
        assert not faults, faults
        with desk.database.read() as connection:
            (session,) = sessions.ids_to_come(connection, desk.clock())
            seats = assignments.by_session(connection, [session])[session]
        assert len({seat.person for seat in seats}) == len(seats) == 3
        other.close()
        desk.close()
