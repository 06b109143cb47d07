"""swap and hours at a terminal."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from scheduler.store.database import Database
from scheduler.store.tables import assignments, sessions
from tests.terminal import EVENING, SESSION, TODAY, Terminal


def test_a_coordinator_records_a_swap(desk: Terminal) -> None:
    """By id or by name; the roster shows it, and both have a text waiting."""
    giver = next(one["person"] for one in desk.run("roster", "--json").document if one["role"] == "volunteer")
    taker = {"nguyen-an": "binh", "binh": "Nguyễn An"}[giver]
    said = desk.run("swap", SESSION, giver, taker)
    assert (said.code, said.err) == (0, "")
    assert said.out == f"Đã ghi nhận: {taker} trực thay {giver}; cả hai sẽ được nhắn tin.\n"
    states = {one["person"]: one["state"] for one in desk.run("roster", "--json").document}
    assert states == {
        "dung": "confirmed",
        giver: "declined",
        {"binh": "nguyen-an"}.get(giver, "binh"): "confirmed",
    }
    kinds = [one["kind"] for one in desk.run("messages", "--json").document]
    assert kinds.count("swapped") == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("nowhere@2026-01-01", "An", "Bình"), "catruc sessions", id="no such session"),
        pytest.param((SESSION, "Xyz", "Bình"), '"Xyz"', id="nobody of that name"),
        pytest.param((SESSION, "{giver}", "Dũng"), "không trực thay được", id="another role"),
        pytest.param((SESSION, "{other}", "{giver}"), "không giữ chỗ", id="who holds no seat"),
        pytest.param((SESSION, "Dũng", "{other}"), "không giữ chỗ", id="staff have deputies"),
    ],
)
def test_a_swap_that_cannot_be_is_one_line(desk: Terminal, words: tuple[str, str, str], says: str) -> None:
    """It says why, and the roster stays."""
    before = desk.run("roster", "--json").document
    giver = next(one["person"] for one in before if one["role"] == "volunteer")
    names = {"giver": giver, "other": {"nguyen-an": "binh", "binh": "nguyen-an"}[giver]}
    said = desk.run("swap", *(word.format_map(names) for word in words))
    assert said.code == 1
    assert says in said.complaint
    assert desk.run("roster", "--json").document == before


def test_hours_add_up_what_was_marked(desk: Terminal) -> None:
    """Served, missed, and what nobody wrote down; nobody's hours of other months."""
    ended = datetime.now(UTC) - timedelta(hours=1)
    url = f"sqlite:///{desk.settings.parent / 'catruc.db'}"
    with closing(Database(url)) as database, database.write() as connection:
        connection.execute(update(sessions).values(starts=ended - timedelta(hours=2.5), ends=ended))
        volunteer = assignments.c.role == "volunteer"
        person = str(connection.scalar(select(assignments.c.person).where(volunteer)))
        connection.execute(update(assignments).where(volunteer).values(state="served"))
    first, last = str(TODAY - timedelta(days=2)), str(EVENING)
    found = {
        one["person"]: one for one in desk.run("hours", "--from", first, "--to", last, "--json").document
    }
    given = {"sessions": 0, "hours": 0.0, "absences": 0, "unmarked": 0}
    names = {"nguyen-an": "Nguyễn An", "binh": "Bình"}
    assert found == {
        "dung": {**given, "person": "dung", "name": "Dũng", "unmarked": 1},
        person: {**given, "person": person, "name": names[person], "sessions": 1, "hours": 2.5},
    }
    said = desk.run("hours", "--from", first)
    assert "2.50 giờ     1 ca    0 vắng    0 chưa ghi" in said.out
    assert desk.run("hours", "--from", "1999-01-01", "--to", "1999-12-31").out == "–\n"
