"""A person's own calendar: what they have taken, are asked for, and what was called off."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from scheduler.reminders.wording import ROLES
from scheduler.roster.assignment import Standing
from scheduler.service.show_own_page import ASKED, OwnSeat
from scheduler.timetable.opening import Board
from scheduler.web.calendar import Event, calendar_text
from scheduler.web.personal.words import own_words_in
from scheduler.web.wording import ward_title

PROMISED = (Standing.CONFIRMED, Standing.SERVED, Standing.ABSENT)


def own_calendar(seats: Iterable[OwnSeat], board: Board, language: str) -> str:
    """The calendar of one person's seats; who was only planned somewhere has not heard of it."""
    name = f"{own_words_in(language).title} · {board.service_name.in_language(language)}"
    told = [seat for seat in seats if seat.standing is not Standing.PROPOSED]
    return calendar_text(name, (_event(seat, board, language) for seat in told))


def _event(seat: OwnSeat, board: Board, language: str) -> Event:
    """What the person gave up stays as cancelled, like what was called off: apps that have it must learn."""
    place, what = seat.scene.place, seat.scene.service.name.in_language(language)
    where = (place.name.in_language(language), place.address, ward_title(seat.scene.ward, language))
    words = own_words_in(language)
    return Event(
        # The same as in the public calendar: an app that reads both shows the session once.
        uid=f"session-{seat.session}@{urlsplit(board.public_url).hostname or 'catruc'}",
        sequence=seat.revision,
        changed_at=seat.changed_at,
        starts=seat.starts,
        ends=seat.ends,
        summary=what if seat.standing in PROMISED else f"{words.questions}: {what}",
        location=", ".join(part for part in where if part),
        description=f"{words.role}: {ROLES[seat.role].in_language(language)}",
        position=place.map,
        is_cancelled=not seat.is_on or seat.standing not in (*ASKED, *PROMISED),
        is_busy=seat.standing in PROMISED,
    )
