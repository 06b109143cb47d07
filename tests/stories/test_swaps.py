"""A shift goes from one person to another: offered, taken once, told, undone, and never against the rules."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from scheduler.service import swap_shift
from scheduler.service.swap_shift import Swapped, take_offer
from scheduler.store import sessions
from scheduler.store.tables import offers
from tests.desk import ONE_EVENING, Desk
from tests.own_page import Reader, app_of, path_for
from tests.stories.conftest import OpenDesk

SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
SWAPPED = "UBNDQ1: Sao y T3 17/11, 17:00-19:30, UBND Sai Gon: Binh truc thay An."


def promised(open_desk: OpenDesk, text: str = ONE_EVENING) -> Desk:
    """A desk at which An has promised to come."""
    desk = open_desk(text, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    assert desk.answer("an", SESSION, yes=True)
    return desk


def states(desk: Desk) -> list[tuple[str, str | None]]:
    """The state of each offer, and who took it."""
    with desk.database.read() as connection:
        rows = connection.execute(select(offers.c.state, offers.c.taker).order_by(offers.c.id)).all()
    return [(row.state, row.taker) for row in rows]


def test_a_shift_offered_to_anyone_is_taken_and_all_are_told(open_desk: OpenDesk) -> None:
    """It stays the giver's until somebody takes it; then both and the coordinator get a text."""
    desk = promised(open_desk)
    app = app_of(desk)
    an = Reader(app, path_for(desk, "an")).get().press("Nhờ trực thay")
    assert "Đang nhờ bất kỳ ai nhận được." in an.section("Ca đã nhận")
    assert desk.roster()[SESSION]["an"] == "confirmed"

    binh = Reader(app, path_for(desk, "binh")).get()
    assert "An" not in binh.section("Có người nhờ trực thay").split()
    binh.press("Tôi nhận ca này")
    assert desk.roster()[SESSION] == {"an": "declined", "binh": "confirmed"}
    assert "Nhận thay An." in binh.section("Ca đã nhận")
    desk.run_until("2026-11-12 10:00")
    for who in ("An", "Bình", "Lan"):
        assert [text.says for text in desk.texts_to(who)][-1] == SWAPPED
    desk.run_until("2026-11-18 00:00")
    assert len([text for text in desk.texts_to("Bình") if "Nhac" in text.says]) == 3
    assert [text.says for text in desk.texts_to("An")][-1] == SWAPPED


def test_a_swap_is_undone_by_who_took_the_shift(open_desk: OpenDesk) -> None:
    """The giver has it again and hears of it, and can offer it anew."""
    desk = promised(open_desk)
    app = app_of(desk)
    Reader(app, path_for(desk, "an")).get().press("Nhờ trực thay")
    binh = Reader(app, path_for(desk, "binh")).get().press("Tôi nhận ca này")
    desk.run_until("2026-11-13 10:00")

    binh.get().press("Trả lại ca này")
    assert "Đã trả lại ca." in binh.text
    assert desk.roster()[SESSION] == {"an": "confirmed", "binh": "declined"}
    desk.run_until("2026-11-13 11:00")
    assert desk.texts_to("An")[-1].says == SWAPPED.replace("Binh truc thay An", "An truc thay Binh")
    Reader(app, path_for(desk, "an")).get().press("Nhờ trực thay")
    assert states(desk) == [("returned", "binh"), ("open", None)]


def test_a_shift_is_offered_by_name_to_who_may_take_it(open_desk: OpenDesk) -> None:
    """Accents and case do not matter; nobody learns whether a name is unknown or only not able."""
    desk = promised(open_desk)
    app = app_of(desk)
    an = Reader(app, path_for(desk, "an"))
    for name in ("Nobody", "Dũng", "An"):  # unknown, no volunteer, themselves
        an.get().press("Nhờ trực thay", to=name)
        assert "Không tìm thấy ai có đúng họ tên đó" in an.text
    an.get().press("Nhờ trực thay", to=" binh ")
    assert "Đang nhờ Bình." in an.section("Ca đã nhận")

    assert "An nhờ trực thay." in Reader(app, path_for(desk, "binh")).get().section("Có người nhờ trực thay")
    assert not Reader(app, path_for(desk, "chi")).get().section("Có người nhờ trực thay")
    desk.run_until("2026-11-12 10:00")
    [asked] = [text.says for text in desk.texts_to("Bình")]
    assert asked.startswith(
        "UBNDQ1: An nho ban Binh truc thay Sao y T3 17/11, 17:00-19:30: http://127.0.0.1:8000/r/"
    )


def test_an_offer_withdrawn_at_night_wakes_nobody(open_desk: OpenDesk) -> None:
    """The text that waited for the morning is not sent, and the shift is the giver's as before."""
    desk = promised(open_desk)
    desk.run_until("2026-11-12 22:00")
    an = Reader(app_of(desk), path_for(desk, "an")).get().press("Nhờ trực thay", to="Bình")
    an.press("Thôi, không nhờ nữa")
    desk.run_until("2026-11-13 10:00")
    assert desk.texts_to("Bình") == []
    assert states(desk) == [("withdrawn", None)]
    assert desk.roster()[SESSION] == {"an": "confirmed"}


def test_the_first_to_take_a_shift_has_it(open_desk: OpenDesk) -> None:
    """Whoever had the page open as well hears that it is gone; nobody's seat changes any more."""
    desk = promised(open_desk)
    app = app_of(desk)
    Reader(app, path_for(desk, "an")).get().press("Nhờ trực thay")
    binh, chi = (Reader(app, path_for(desk, person)).get() for person in ("binh", "chi"))
    binh.press("Tôi nhận ca này")
    chi.press("Tôi nhận ca này")
    assert "Việc này không còn nữa." in chi.text
    assert desk.roster()[SESSION] == {"an": "declined", "binh": "confirmed"}
    assert states(desk) == [("taken", "binh")]


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param("away = [{ from = 2026-11-17, to = 2026-11-17 }]", id="away"),
        pytest.param('when = ["T7"]', id="another day"),
        pytest.param('at_most = "2 hours a week"', id="a limit of hours"),
        pytest.param('not_with = ["Chi"]', id="not beside Chi, who has promised to come"),
    ],
)
def test_what_binds_the_roster_binds_a_swap(open_desk: OpenDesk, rule: str) -> None:
    """Who may not be put there may not take it either, by name or otherwise."""
    text = ONE_EVENING.replace("volunteer = 1", "volunteer = 2").replace(
        '"0901 000 002"', f'"0901 000 002"\n{rule}'
    )
    desk = promised(open_desk, text)
    if "binh" in desk.roster()[SESSION]:
        assert desk.answer("binh", SESSION, yes=False)
    assert desk.answer("chi", SESSION, yes=True)
    app = app_of(desk)
    an = Reader(app, path_for(desk, "an")).get().press("Nhờ trực thay")
    assert not Reader(app, path_for(desk, "binh")).get().section("Có người nhờ trực thay")
    with desk.database.write() as connection:
        offer = connection.scalar(select(offers.c.id))
        assert offer is not None
        assert take_offer(connection, desk.office, offer, "binh", desk.clock()) is Swapped.UNABLE
    an.press("Thôi, không nhờ nữa")
    an.press("Nhờ trực thay", to="Bình")
    assert "Không tìm thấy ai có đúng họ tên đó" in an.text


def test_a_swap_follows_a_session_that_moves(open_desk: OpenDesk) -> None:
    """An open offer can still be taken; who took the shift before is told of the new time."""
    desk = promised(open_desk)
    app = app_of(desk)
    Reader(app, path_for(desk, "an")).get().press("Nhờ trực thay")
    moved = ONE_EVENING.replace("17:00-19:30", "18:00-20:30")
    desk.edit(moved)
    binh = Reader(app, path_for(desk, "binh")).get().press("Tôi nhận ca này", beside="18:00")
    assert desk.roster()[SESSION] == {"an": "declined", "binh": "confirmed"}

    desk.run_until("2026-11-12 12:00")
    desk.edit(moved.replace("18:00-20:30", "16:00-18:30"))
    desk.run_until("2026-11-12 13:00")
    assert "16:00–18:30" in binh.get().section("Ca đã nhận")
    told = desk.texts_to("Bình")[-1].says
    assert re.search(r"doi tu T3 17/11, 18:00-20:30 sang T3 17/11, 16:00-18:30", told)
    assert not [text for text in desk.texts_to("An") if "16:00" in text.says]


def test_an_offer_ends_with_its_session_and_with_the_givers_seat(open_desk: OpenDesk) -> None:
    """Called off, begun, or given up meanwhile: there is nothing to take."""
    text = ONE_EVENING.replace("2026-11-22", "2026-12-30")
    desk = promised(open_desk, text)
    app = app_of(desk)
    an = Reader(app, path_for(desk, "an")).get().press("Nhờ trực thay", to="Bình")
    an.press("Tôi không đến được")
    desk.run_until("2026-11-12 09:30")
    assert states(desk) == [("lapsed", None)]

    assert desk.answer("binh", SESSION, yes=True)
    Reader(app, path_for(desk, "binh")).get().press("Nhờ trực thay")
    desk.edit(text + "except = [2026-11-17]\n")
    assert not Reader(app, path_for(desk, "chi")).get().section("Có người nhờ trực thay")
    desk.run_until("2026-11-12 10:30")
    assert states(desk) == [("lapsed", None)] * 2


def test_staff_of_the_settings_do_not_swap(open_desk: OpenDesk) -> None:
    """They have deputies there; the page says whom to call, and no form of theirs gives the seat up."""
    desk = open_desk(ONE_EVENING.replace("needs = { volunteer = 1 }", 'staff = ["Dũng"]'), "2026-11-03 09:00")
    own = Reader(app_of(desk), path_for(desk, "dung")).get()
    section = own.section("Ca đã nhận")
    assert "Cần đổi, xin gọi 028 0000 0000" in section
    assert "Nhờ trực thay" not in section
    (token,) = set(re.findall(r'name="form" value="(\w+)"', own.answer.text))
    with desk.database.read() as connection:
        session = connection.exec_driver_sql("SELECT id FROM sessions").scalar()
    for deed in ("no", "offer"):
        own.send({"do": deed, "form": token, "session": str(session)})
    assert desk.roster()[SESSION] == {"dung": "confirmed"}
    assert states(desk) == []


def test_of_two_who_take_a_shift_at_one_moment_one_has_it(open_desk: OpenDesk) -> None:
    """Whatever the database: the other finds it gone, and there is one seat."""
    desk = promised(open_desk)
    Reader(app_of(desk), path_for(desk, "an")).get().press("Nhờ trực thay")
    ready = Barrier(2)

    def take(person: str) -> Swapped:
        with desk.database.write() as connection:
            if not desk.database.is_sqlite:  # where writers take turns, two cannot be inside at once
                ready.wait(10)
            return take_offer(connection, desk.office, 1, person, desk.clock())

    with ThreadPoolExecutor(2) as both:
        said = list(both.map(take, ("binh", "chi")))
    assert sorted(said) == [Swapped.GONE, Swapped.TAKEN]
    held = [person for person, state in desk.roster()[SESSION].items() if state == "confirmed"]
    assert held == [{Swapped.TAKEN: "binh", Swapped.GONE: "chi"}[said[0]]]


def test_who_takes_two_shifts_of_one_hour_at_one_moment_has_one(open_desk: OpenDesk) -> None:
    """By link and by text, or in two windows: nobody can be at both."""
    elsewhere = (
        '\n[[shifts]]\nid = "hai"\nservice = "Sao y"\ndays = "T3"\ntime = "18:00-20:00"\n'
        "from = 2026-11-17\nuntil = 2026-11-22\nneeds = { volunteer = 1 }\n"
    )
    desk = promised(open_desk, ONE_EVENING + elsewhere)
    (other,) = desk.roster()["hai@2026-11-17"]
    assert desk.answer(other, "hai@2026-11-17", yes=True)
    for giver in ("an", other):
        Reader(app_of(desk), path_for(desk, giver)).get().press("Nhờ trực thay")
    (taker,) = {"an", "binh", "chi"} - {"an", other}
    ready = Barrier(2)

    def take(offer: int) -> Swapped:
        with desk.database.write() as connection:
            if not desk.database.is_sqlite:
                ready.wait(10)
            return take_offer(connection, desk.office, offer, taker, desk.clock())

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(take, (1, 2))) == [Swapped.TAKEN, Swapped.UNABLE]


def test_what_is_not_theirs_or_not_there_is_gone(open_desk: OpenDesk) -> None:
    """Every step looks first whether it can be done; none of these changes anything."""
    desk = promised(open_desk)
    now = desk.clock()
    with desk.database.write() as connection:
        row = sessions.row_by_key(connection, SESSION)
        assert row is not None
        steps = [
            swap_shift.offer_shift(connection, desk.office, row, "chi", "", now),
            swap_shift.withdraw_offer(connection, 7, "an", now),
            swap_shift.take_offer(connection, desk.office, 7, "binh", now),
            swap_shift.return_shift(connection, desk.office, row, "an", now),
            swap_shift.swap_for_them(connection, desk.office, row, "an", "an", now),
            swap_shift.swap_for_them(connection, desk.office, row, "chi", "an", now),
        ]
        assert swap_shift.offer_shift(connection, desk.office, row, "an", "Bình", now) is Swapped.OFFERED
        steps += [
            swap_shift.offer_shift(connection, desk.office, row, "an", "", now),
            swap_shift.withdraw_offer(connection, 1, "binh", now),
            swap_shift.take_offer(connection, desk.office, 1, "chi", now),
            swap_shift.take_offer(connection, desk.office, 1, "an", now),
            swap_shift.take_offer(connection, desk.office, 1, "binh", row.starts),
        ]
        assert swap_shift.swap_for_them(connection, desk.office, row, "an", "dung", now) is Swapped.UNABLE
        assert swap_shift.swap_for_them(connection, desk.office, row, "an", "chi", now) is Swapped.TAKEN
    assert set(steps) == {Swapped.GONE}
    assert states(desk) == [("withdrawn", None), ("taken", "chi")]
    assert desk.roster()[SESSION] == {"an": "declined", "chi": "confirmed"}


def test_a_swap_is_undone_only_while_the_giver_still_can_come(open_desk: OpenDesk) -> None:
    """Who is away by now keeps their days; the shift stays with who took it, who may give it up."""
    desk = promised(open_desk)
    app = app_of(desk)
    an = Reader(app, path_for(desk, "an")).get().press("Nhờ trực thay")
    binh = Reader(app, path_for(desk, "binh")).get().press("Tôi nhận ca này")
    an.get().press("Báo bận", first="2026-11-17", last="")
    binh.press("Trả lại ca này")
    assert "nên không chuyển được." in binh.text
    assert desk.roster()[SESSION] == {"an": "declined", "binh": "confirmed"}
