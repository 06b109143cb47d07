"""Nobody who serves and nobody who follows is to be found on what the public can read."""

import re
from collections.abc import Iterator

from scheduler.service.show_openings import show_openings
from scheduler.timetable.opening import Board
from scheduler.web.application import create_app
from tests.desk import ONE_EVENING, Desk, instant
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
    "/api/v1/availability",
    "/api/v1/availability?ward=nowhere",
    "/calendar.ics",
    "/docs",
    "/openapi.json",
    "/nowhere",
    "/healthz",
    "/readyz",
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
    desk.edit(f"{text}except = [2026-11-17]\nalso = [2026-11-25]\n")
    boards.append(board_of(desk))

    numbers = [f"90100000{digit}" for digit in range(1, 6)] + ["909876543"]
    for board in boards:
        for path, told in every_answer(board):
            digits = re.sub(r"\D", "", told)
            assert [name for name in NAMES.values() if name in told] == [], path
            assert [number for number in numbers if number in digits] == [], path


def every_answer(board: Board) -> Iterator[tuple[str, str]]:
    """Each public path with what it answers, in both languages."""
    app = create_app(lambda: board, lambda: instant("2026-11-16 18:00"), lambda: True)
    for path in PATHS:
        for language in ("vi", "en"):
            yield path, get(app, path, {"accept-language": language}).text
