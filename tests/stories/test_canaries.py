"""Nobody who serves and nobody who follows is to be found on what the public can read."""

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from scheduler.service.show_openings import show_openings
from scheduler.service.speak_for_desk import Live, call_off, say_of_session
from scheduler.store import sessions
from scheduler.timetable.opening import Board, State
from scheduler.web.application import create_app
from tests.desk import ONE_EVENING, Desk, instant
from tests.own_page import Reader, app_of, door_of
from tests.stories.conftest import OpenDesk
from tests.visitor import get

NAMES = {
    "An": "Canari Kín",
    "Bình": "Canari Lặng",
    "Chi": "Canari Thầm",
    "Dũng": "Canari Im",
    "Lan": "Canari Vắng",
}
FOLLOWER = "+84909876543"
SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
PATHS = [
    "/",
    "/?ward=sai gon&service=sao y",
    "/?ward=Canari",
    "/?view=wall",
    "/places/ubnd-sai-gon",
    f"/sessions/{SESSION}",
    "/poster/ubnd-sai-gon",
    "/follow",
    f"/follow?session={SESSION}",
    "/f/nobody",
    "/r/nobody",
    "/a",
    "/api/v1/availability",
    "/api/v1/availability?ward=nowhere",
    "/calendar.ics",
    "/docs",
    "/openapi.json",
    "/nowhere",
    "/healthz",
    "/readyz",
    "/f/nobody/calendar.ics",
    "/r/nobody/calendar.ics",
    "/style.css",
    "/poster.css",
    "/icon.svg",
]


def planted(text: str) -> str:
    """The settings with people whom nobody could mistake for something else."""
    for name, canary in NAMES.items():
        text = text.replace(f'"{name}"', f'"{canary}"')
    return text


def board_of(desk: Desk) -> Board:
    """What residents see now."""
    with desk.database.read() as connection:
        return show_openings(connection, desk.office, desk.clock())


def test_no_name_and_no_number_is_public(open_desk: OpenDesk) -> None:
    """Every page, feed, notice and refusal is searched, in both languages.

    By then people were asked, one has confirmed, a resident follows, and at last the session is called off.
    """
    text = planted(ONE_EVENING)
    desk = open_desk(text, "2026-11-03 09:00")
    desk.follow(FOLLOWER)
    desk.run_until("2026-11-16 18:00")
    (seats,) = desk.roster().values()
    assert seats  # somebody was asked
    desk.answer(next(iter(seats)), SESSION, yes=True)
    boards = [board_of(desk)]
    called_off(desk)
    boards.append(board_of(desk))
    desk.edit(f"{text}except = [2026-11-17]\nalso = [2026-11-25]\n")
    boards.append(board_of(desk))

    numbers = [f"90100000{digit}" for digit in range(1, 6)] + ["909876543"]
    for board in boards:
        for path, told in every_answer(desk, board):
            digits = re.sub(r"\D", "", told)
            assert [name for name in NAMES.values() if name in told] == [], path
            assert [number for number in numbers if number in digits] == [], path


def test_every_page_is_searched(open_desk: OpenDesk) -> None:
    """Whoever adds a page adds it to the search."""
    app = app_of(open_desk(ONE_EVENING, "2026-11-03 09:00"))
    searched = [path.partition("?")[0] for path in PATHS]
    routes = [one for one in app.routes if isinstance(one, APIRoute) and "GET" in (one.methods or ())]
    assert len(routes) > 15
    assert [one.path for one in routes if not any(map(one.path_regex.fullmatch, searched))] == []


def called_off(desk: Desk) -> None:
    """The coordinator says that it is full, then calls it off; neither names her."""
    with desk.database.write() as connection:
        session = sessions.row_by_key(connection, SESSION)
        assert session is not None
        say_of_session(connection, desk.office, session, Live(State.FULL), "canari-vang", desk.clock())
        call_off(connection, desk.office, session, "Mất điện", "canari-vang", desk.clock())


def every_answer(desk: Desk, board: Board) -> Iterator[tuple[str, str]]:
    """Each public path with what it answers, in both languages."""
    app = create_app(lambda: board, lambda: instant("2026-11-16 18:00"), lambda: True, personal=door_of(desk))
    for path in PATHS:
        for language in ("vi", "en"):
            yield path, get(app, path, {"accept-language": language}).text


def test_no_number_is_logged(open_desk: OpenDesk, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever somebody types, texts or asks for: the log tells kinds, no numbers, links or codes."""
    desk = open_desk(planted(ONE_EVENING), "2026-11-16 09:00")
    reader = Reader(app_of(desk), "/follow")
    for _ in range(3):
        reader.send({"do": "ask", "what": "sao-y@sai-gon", "phone": FOLLOWER})
        reader.send({"do": "code", "flow": "aaaaaaa", "phone": FOLLOWER, "code": "123456"})
    desk.receive(FOLLOWER, "DK SAO Y SAI GON")
    desk.receive(FOLLOWER, "STOP")
    desk.run_until("2026-11-16 10:00")
    said = "".join(capsys.readouterr())
    assert "code_not_sent" in said, "the log is looked at"
    assert "909876543" not in re.sub(r"\D", "", said)
    assert not [name for name in NAMES.values() if name in said]
