"""A board of a whole city: as many wards and sessions as one likes, with names as different as real ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from scheduler.timetable.label import Label
from scheduler.timetable.opening import Board, Opening
from scheduler.timetable.place import Place, Ward
from tests.board import COPIES, DIALOGUE, board_of, local

_SYLLABLES = (
    "An Bình Cầu Đa Gò Hòa Khánh Lợi Mỹ Nhơn Phú Quới Sơn Tân Thạnh Vĩnh Xuân Ông Lãnh Kho Giang "
    "Trinh Nghé Thành Định Kao Thuận Phước Trung Đông Tây Nam Bắc Hiệp Long Trường Đức Linh Chiểu "
    "Bửu Hội Nghĩa "
)
_HOURS = ("07:30", "08:00", "13:30", "17:00", "18:30")


def city(wards: int, sessions: int, first: str, days: int, seed: int = 1) -> Board:
    """A board with so many `wards`, each with three former names and two places, and so many `sessions`.

    The sessions are spread evenly over `days` days from `first` on.
    """
    random = Random(seed)
    known = [
        Ward(f"phuong-{number}", Label.same(_name(random)), tuple(_name(random) for _ in range(3)))
        for number in range(wards)
    ]
    places = [place for ward in known for place in _places(random, ward)]
    held = _held(random, known, places, sessions, date.fromisoformat(first), days)
    empty = board_of()
    return replace(empty, openings=tuple(held), wards=tuple(known), places=tuple(places))


def _places(random: Random, ward: Ward) -> Iterator[Place]:
    for number in range(2):
        name, street = f"UBND {_name(random)}", f"{random.randint(1, 900)} {_name(random)}"
        yield Place(f"{ward.id}-{number}", ward.id, Label.same(name), "ward_office", street)


def _held(
    random: Random, wards: list[Ward], places: list[Place], count: int, first: date, days: int
) -> Iterator[Opening]:
    by_id = {ward.id: ward for ward in wards}
    for number in range(count):
        place = places[number % len(places)]
        day = first + timedelta(days=number // len(places) % days)
        starts = local(f"{day}T{random.choice(_HOURS)}")
        yield _opening(number, day, starts, by_id[place.ward], place)


def _opening(number: int, day: date, starts: datetime, ward: Ward, place: Place) -> Opening:
    service = (COPIES, DIALOGUE)[number % 2]
    key = f"{place.id}-{number}@{day}"
    return Opening(key, service, ward, place, starts, starts + timedelta(hours=2.5), number=number + 1)


def _name(random: Random) -> str:
    return " ".join(random.sample(_SYLLABLES.split(), 3))
