"""A resident's calendar app follows a session: it is moved, called off, and brought back."""

from typing import Any

import icalendar

from scheduler.service.show_openings import show_openings
from scheduler.web.application import create_app
from tests.desk import ONE_EVENING, Desk
from tests.javascript import read_by_ical_js
from tests.stories.conftest import OpenDesk
from tests.visitor import get


def entries(desk: Desk, query: str = "") -> list[Any]:
    """What ``/calendar.ics`` has now."""
    return list(icalendar.Calendar.from_ical(calendar(desk, query)).walk("VEVENT"))


def calendar(desk: Desk, query: str = "") -> str:
    """The text of ``/calendar.ics`` now."""
    with desk.database.read() as connection:
        board = show_openings(connection, desk.office, desk.clock())
    return get(create_app(lambda: board, desk.clock, lambda: True), f"/calendar.ics{query}").text


def test_an_app_keeps_its_entry_through_every_change(open_desk: OpenDesk) -> None:
    """One UID throughout, SEQUENCE and LAST-MODIFIED only ever raised; called off, it stays as CANCELLED."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    told = [entries(desk)[0]]
    for hour, change in enumerate(("17:00-19:30", "18:00-20:30", "off", "17:00-19:30"), start=10):
        desk.run_until(f"2026-11-03 {hour}:00")
        text = ONE_EVENING.replace("17:00-19:30", change) if change != "off" else ONE_EVENING
        desk.edit(text + ("except = [2026-11-17]\nalso = [2026-11-25]\n" if change == "off" else ""))
        told.append(next(one for one in entries(desk) if one["UID"] == told[0]["UID"]))

    assert len({one["UID"] for one in told}) == 1
    assert [int(one["SEQUENCE"]) for one in told] == [1, 1, 2, 3, 4]
    assert [str(one["STATUS"]) for one in told] == ["CONFIRMED"] * 3 + ["CANCELLED", "CONFIRMED"]
    assert [f"{one.decoded('DTSTART'):%H%M}" for one in told] == ["1000", "1000", "1100", "1100", "1000"]
    changes = [one.decoded("LAST-MODIFIED") for one in told]
    assert changes == sorted(changes)
    assert str(told[3]["SUMMARY"]).startswith("Đã hủy: Sao y")
    assert "Dời từ 17:00" in str(told[2]["DESCRIPTION"])


def test_an_unchanged_calendar_is_the_same_text_a_day_later(open_desk: OpenDesk) -> None:
    """Nothing in it depends on when it was asked for: its ETag holds for as long as nothing changes."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    before = calendar(desk)
    desk.run_until("2026-11-04 09:00")
    assert calendar(desk) == before


def test_the_calendar_takes_the_filters_of_the_page(open_desk: OpenDesk) -> None:
    """Ward, service, place, dates and language; both readers see an empty calendar where nothing is held."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    assert len(entries(desk, "?ward=saigon&service=sao y&place=ubnd sai gon&lang=en")) == 1
    assert entries(desk, "?to=2026-11-16") == entries(desk, "?from=2026-11-18") == []
    told = read_by_ical_js(calendar(desk, "?ward=P. Sai Gon&lang=en"))
    assert told["name"].endswith(" · Sài Gòn ward")
    assert told["events"][0]["url"] == "http://127.0.0.1:8000/sessions/sao-y-ubnd-sai-gon@2026-11-17"
    assert read_by_ical_js(calendar(desk, "?from=2026-11-18"))["events"] == []
