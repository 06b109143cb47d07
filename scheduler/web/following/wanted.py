"""What can be followed, as the board shows it: services by ward, and single sessions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from scheduler.timetable.opening import Board, Opening, State
from scheduler.web.wording import clock, short_date, ward_title, weekday

SESSION = "session:"
# Who wants to see what they follow, and stop.
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A service in a ward, or one session; all empty for who wants to see what they follow."""

    service: str = ""
    ward: str = ""
    session: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line to choose: what the form sends, and what it says."""

    value: str
    text: str


def choices(board: Board, now: datetime, language: str) -> list[tuple[str, list[Choice]]]:
    """The services that are still held, by ward."""
    found: dict[str, dict[str, str]] = {}
    for one in board.starting_after(now):
        services = found.setdefault(ward_title(one.ward, language), {})
        # Of a list that is shut only the line itself is seen, and on a phone only its beginning.
        ward, service = one.ward.name.in_language(language), one.service.name.in_language(language)
        services.setdefault(_value(one), f"{ward} · {service}")
    return [
        (ward, [Choice(value, text) for value, text in services.items()]) for ward, services in found.items()
    ]


def choice_of(board: Board, key: str, now: datetime, language: str) -> tuple[Choice, ...]:
    """What is offered to who comes from a session's page: that session alone, if it is still to come."""
    return tuple(
        Choice(f"{SESSION}{one.key}", _title(one, board, language))
        for one in board.starting_after(now)
        if one.key == key and one.state is not State.CANCELLED
    )


def wanted_of(board: Board, value: str, now: datetime, language: str) -> Wanted | None:
    """What a form asks for; None for what is not on the board."""
    if value == NOTHING:
        return Wanted()
    for one in _named(board, value, now):
        if value.startswith(SESSION):
            return Wanted(one.service.id, one.ward.id, one.number, _title(one, board, language))
        title = f"{one.service.name.in_language(language)}, {ward_title(one.ward, language)}"
        return Wanted(one.service.id, one.ward.id, None, title)
    return None


def value_of(board: Board, service: str, ward: str, now: datetime) -> str:
    """The value to choose beforehand for these ids, where they stand in an address; empty for none.

    A ward with one service, or a service held in one ward, is enough.
    """
    found = {
        _value(one)
        for one in board.starting_after(now)
        if one.ward.id == (ward or one.ward.id) and one.service.id == (service or one.service.id)
    }
    return found.pop() if len(found) == 1 else ""


def _named(board: Board, value: str, now: datetime) -> Iterator[Opening]:
    for one in board.starting_after(now):
        is_on = one.state is not State.CANCELLED
        if (is_on and value == f"{SESSION}{one.key}") or value == _value(one):
            yield one


def _value(one: Opening) -> str:
    return f"{one.service.id}@{one.ward.id}"


def _title(one: Opening, board: Board, language: str) -> str:
    local = one.starts.astimezone(board.zone)
    day = f"{weekday(local.date(), language)} {short_date(local.date(), language)}"
    place = one.place.name.in_language(language)
    return f"{one.service.name.in_language(language)}, {day} {clock(one.starts, board.zone)}, {place}"
