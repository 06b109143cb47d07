"""What the desk says of a session: residents see it, those concerned hear of what is called off, once."""

import pytest

from scheduler.service.speak_for_desk import Live, Spoken, call_off, hold_after_all, say_of_session
from scheduler.store import links, sessions
from scheduler.timetable.opening import Basis, Opening, State
from tests.desk import ONE_EVENING, PHONES, Desk
from tests.own_page import VEIL, Reader, app_of, board_at, path_for
from tests.stories.conftest import OpenDesk

MAI = '[[people]]\nname = "Mai"\nphone = "0901 000 009"\n'
SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
RESIDENT = "+84902000001"
WITH_STAFF = ONE_EVENING.replace("needs = { volunteer = 1 }", 'staff = ["Dũng"]')
EVERY_TUESDAY = WITH_STAFF.replace("until = 2026-11-22", "until = 2026-12-31")
OFF = (
    "UBNDQ1: Buoi Sao y T3 17/11, 17:00-19:30 tai UBND Sai Gon KHONG dien ra (Mat dien). "
    "Hoi them: 028 0000 0000."
)


def opening(desk: Desk, key: str = SESSION) -> Opening:
    """The session as residents see it."""
    [found] = [one for one in board_at(desk).openings if one.key == key]
    return found


def say(desk: Desk, live: Live, key: str = SESSION) -> Spoken:
    """The coordinator says how a session stands."""
    with desk.database.write() as connection:
        row = sessions.row_by_key(connection, key)
        assert row is not None
        return say_of_session(connection, desk.office, row, live, "lan", desk.clock())


def off(desk: Desk, reason: str = "Mất điện", key: str = SESSION) -> Spoken:
    """The coordinator calls a session off."""
    with desk.database.write() as connection:
        row = sessions.row_by_key(connection, key)
        assert row is not None
        return call_off(connection, desk.office, row, reason, "lan", desk.clock())


def hold(desk: Desk, key: str = SESSION) -> Spoken:
    """The coordinator takes it back."""
    with desk.database.write() as connection:
        row = sessions.row_by_key(connection, key)
        assert row is not None
        return hold_after_all(connection, desk.office, row, "lan", desk.clock())


def says_to(desk: Desk, who: str) -> list[str]:
    """The texts that somebody got."""
    return [text.says for text in desk.texts_to(who)]


def test_what_the_desk_says_stands_on_the_page(open_desk: OpenDesk) -> None:
    """Open, late, full, places left: confirmed, full before the start too, and nobody is texted."""
    desk = open_desk(WITH_STAFF, "2026-11-16 18:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-17 16:00")
    before = len(desk.phones.taken)
    assert say(desk, Live(State.FULL)) is Spoken.DONE
    assert opening(desk).state_at(desk.clock()) is State.FULL

    desk.run_until("2026-11-17 17:05")
    for live, state, left in (
        (Live(State.OPEN), State.OPEN, None),
        (Live(State.LATE, reason="Kẹt xe"), State.LATE, None),
        (Live.places(5), State.OPEN, 5),
        (Live.places(0), State.FULL, 0),
    ):
        assert say(desk, live) is Spoken.DONE
        shown = opening(desk)
        assert (shown.state_at(desk.clock()), shown.places_left) == (state, left)
        assert (shown.basis, shown.confirmed_at) == (Basis.CONFIRMED, desk.clock())
        assert shown.reason == (live.reason or None)
    desk.run_until("2026-11-17 19:30")
    assert opening(desk).state_at(desk.clock()) is State.ENDED
    assert say(desk, Live(State.OPEN)) is Spoken.OVER
    assert len(desk.phones.taken) == before


def test_a_session_called_off_is_told_once_after_two_minutes(open_desk: OpenDesk) -> None:
    """Staff and followers hear of it with the next session; the page shows it at once with the reason."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-17 10:00")
    assert off(desk) is Spoken.DONE
    shown = opening(desk)
    assert (shown.state_at(desk.clock()), shown.reason) == (State.CANCELLED, "Mất điện")
    desk.run_until("2026-11-17 10:01")
    assert says_to(desk, RESIDENT)[-1] != OFF
    desk.run_until("2026-11-18 00:00")

    assert desk.texts_to(RESIDENT)[-1] == (
        "2026-11-17 10:02",
        f"{OFF} Buoi ke tiep: T3 01/12, 17:00-19:30.",
    )
    assert desk.texts_to("Dũng")[-1].at == "2026-11-17 10:02"
    assert says_to(desk, "Dũng")[-1].endswith(
        "khong can den. Hoi: 028 0000 0000. Buoi ke tiep: T3 01/12, 17:00-19:30."
    )
    assert sum("KHONG" in text for text in says_to(desk, RESIDENT)) == 1


@pytest.mark.parametrize(
    ("reason", "has_reason", "has_next"),
    [
        pytest.param("Mất điện", True, True, id="room for both"),
        pytest.param("Trưởng nhóm ốm, chưa có ai thay", False, True, id="rather the next than the reason"),
        pytest.param("Mất điện ⚡", False, True, id="a sign that would make it two texts"),
    ],
)
def test_a_text_gives_the_reason_where_it_fits(
    open_desk: OpenDesk, reason: str, has_reason: bool, has_next: bool
) -> None:
    """One text never becomes two for it; the page has it in any case."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-17 10:00")
    off(desk, reason)
    desk.run_until("2026-11-17 11:00")
    [said] = [text for text in says_to(desk, RESIDENT) if "KHONG" in text]
    assert ("(" in said, "ke tiep" in said) == (has_reason, has_next)
    assert len(said) <= 160


def test_who_follows_hears_of_it_before_any_reminder(open_desk: OpenDesk) -> None:
    """Whoever follows may know the evenings by the page; who followed only afterwards is not told."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-12 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-13 10:00")
    assert off(desk) is Spoken.DONE
    desk.run_until("2026-11-13 10:05")
    desk.follow("+84902000002")
    desk.run_until("2026-11-18 00:00")

    assert [text.at for text in desk.texts_to(RESIDENT)] == ["2026-11-12 09:00", "2026-11-13 10:02"]
    assert len(desk.texts_to("+84902000002")) == 1


def test_within_two_minutes_it_is_taken_back_and_nobody_hears(open_desk: OpenDesk) -> None:
    """The undo leaves the session and its texts as they were."""
    desk = open_desk(WITH_STAFF, "2026-11-10 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-17 10:00")
    before = len(desk.phones.taken)
    assert off(desk) is Spoken.DONE
    desk.run_until("2026-11-17 10:01")
    assert hold(desk) is Spoken.DONE
    assert hold(desk) is Spoken.ON
    assert opening(desk).state_at(desk.clock()) is State.SCHEDULED
    desk.run_until("2026-11-18 00:00")
    assert len(desk.phones.taken) == before


def test_taken_back_later_those_told_are_told_again(open_desk: OpenDesk) -> None:
    """Who heard that it is off hears that it is held after all, once."""
    desk = open_desk(WITH_STAFF, "2026-11-10 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-17 10:00")
    off(desk)
    desk.run_until("2026-11-17 11:00")
    assert hold(desk) is Spoken.DONE
    desk.run_until("2026-11-18 00:00")
    assert [text.at for text in desk.texts_to(RESIDENT)][-2:] == ["2026-11-17 10:02", "2026-11-17 11:02"]
    assert "KHONG" not in says_to(desk, RESIDENT)[-1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("17:00-19:30", "17:30-20:00", id="another hour"),
        pytest.param('staff = ["Dũng"]', 'staff = ["Dũng"]\ncapacity = 20', id="something else"),
        pytest.param("[[shifts]]", f"{MAI}[[shifts]]", id="people"),
    ],
)
@pytest.mark.parametrize("told", [False, True], ids=["before the texts", "after the texts"])
def test_an_edit_neither_revives_nor_doubles_it(
    open_desk: OpenDesk, before: str, after: str, told: bool
) -> None:
    """What the desk called off stays off under any edit, and is told once."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-17 10:00")
    off(desk)
    desk.run_until("2026-11-17 10:30" if told else "2026-11-17 10:01")
    desk.edit(desk.text.replace(before, after))
    desk.run_until("2026-11-17 23:59")

    assert opening(desk).state is State.CANCELLED
    for who in (RESIDENT, "Dũng"):
        assert sum("KHONG" in text for text in says_to(desk, who)) == 1
    assert len(desk.texts_to(RESIDENT)) == 3


def test_an_edit_that_brings_another_evening_in_its_place_is_heard(open_desk: OpenDesk) -> None:
    """The new evening is a session of its own, and the one called off stays on the page."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    desk.run_until("2026-11-16 10:00")
    off(desk)
    desk.edit(desk.text + "\nexcept = [2026-11-17]\nalso = [2026-11-18]\n")
    assert desk.sessions()[SESSION] == "cancelled"
    assert desk.sessions()["sao-y-ubnd-sai-gon@2026-11-18"] == "scheduled"


def test_what_the_settings_called_off_is_theirs(open_desk: OpenDesk) -> None:
    """The desk neither speaks for it nor takes it back."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    desk.edit(desk.text + "\nexcept = [2026-11-17]\n")
    assert off(desk) is Spoken.OFF
    assert hold(desk) is Spoken.OFF
    assert say(desk, Live(State.OPEN)) is Spoken.OFF


@pytest.mark.parametrize(
    ("reason", "spoken"),
    [
        ("", Spoken.NO_REASON),
        (" \n\t", Spoken.NO_REASON),
        ("Gọi 0901 234 567", Spoken.PRIVATE),
        ("gọi (+84) 901-234-567 nhé", Spoken.PRIVATE),
        ("Nguyễn Thị Lan ốm", Spoken.PRIVATE),
        ("nguyen thi lan ốm", Spoken.PRIVATE),
        # a flower, a year, the hotline
        ("Hội hoa lan, phố đông", Spoken.DONE),
        ("Mất điện đến 20/11/2026", Spoken.DONE),
        ("Hỏi 028 0000 0000", Spoken.DONE),
    ],
)
def test_a_reason_names_nobody(open_desk: OpenDesk, reason: str, spoken: Spoken) -> None:
    """Residents read it: no telephone number but the hotline, and no full name of anybody here."""
    text = WITH_STAFF.replace('"Lan"', '"Nguyễn Thị Lan"')
    desk = open_desk(text, "2026-11-16 09:00")
    assert off(desk, reason) is spoken


def test_staff_tap_and_ask_and_the_coordinator_decides(open_desk: OpenDesk) -> None:
    """At the counter one tap says it is full; to close it staff ask, and she gets a text with her link."""
    desk = open_desk(WITH_STAFF, "2026-11-16 09:00")
    app = app_of(desk)
    dung = Reader(app, path_for(desk, "dung"))
    assert dung.get().section("Tại quầy hôm nay") == "", "nothing is held today"
    desk.run_until("2026-11-17 14:00")
    assert "Đã đủ người" in dung.get().press("Đã đủ người").section("Tại quầy hôm nay")
    assert opening(desk).state is State.FULL

    dung.press("Xin báo không diễn ra", reason="Máy in hỏng")
    assert "chờ điều phối" in dung.section("Tại quầy hôm nay")
    assert desk.sessions()[SESSION] == "scheduled"
    desk.run_until("2026-11-17 14:01")
    [asked] = says_to(desk, "Lan")
    assert asked.startswith("UBNDQ1: Dung de nghi KHONG mo Sao y T3 17/11, 17:00-19:30.")
    assert asked.endswith("/r/************")

    lan = Reader(app, path_for(desk, "lan")).get()
    assert "Dũng xin hủy: “Máy in hỏng”" in lan.section("Tại quầy hôm nay")
    lan.press("Báo không diễn ra", reason="Máy in hỏng")
    assert opening(desk).reason == "Máy in hỏng"
    desk.run_until("2026-11-17 14:10")
    assert "KHONG dien ra" in says_to(desk, "Dũng")[-1]
    assert "Rút lại" not in dung.get().text, "only she takes it back"
    lan.get().press("Vẫn diễn ra")
    assert opening(desk).state is State.SCHEDULED


@pytest.mark.parametrize("answer", ["link", "code"])
def test_the_text_of_a_duty_leads_to_the_counter_in_one_tap(open_desk: OpenDesk, answer: str) -> None:
    """Staff are not asked, so that no other text brings them their page: by link, or by code at /a."""
    desk = open_desk(WITH_STAFF.replace("[sms]", f'[sms]\nanswer = "{answer}"'), "2026-11-10 09:00")
    desk.run_until("2026-11-17 14:00")
    [duty] = [VEIL.lift(parcel.text) for parcel in desk.phones.taken if parcel.phone == PHONES["Dũng"]]
    with desk.database.write() as connection:
        links.keep_new(connection, VEIL)
    app = app_of(desk)
    if answer == "link":
        dung = Reader(app, "/r/" + duty.rpartition("/r/")[2]).get()
    else:
        dung = Reader(app, "/a").get().press("Mở trang của tôi", code=duty.rpartition(" ")[2])
    dung.press("Đã đủ người")
    assert opening(desk).state is State.FULL


def test_a_coordinator_leaves_it_as_it_is(open_desk: OpenDesk) -> None:
    """A request that she refuses is gone, and may be made again."""
    desk = open_desk(WITH_STAFF, "2026-11-17 09:00")
    app = app_of(desk)
    dung, lan = Reader(app, path_for(desk, "dung")), Reader(app, path_for(desk, "lan"))
    dung.get().press("Xin báo không diễn ra", reason="Mưa")
    lan.get().press("Vẫn giữ buổi này")
    assert "Mưa" not in lan.text
    dung.get().press("Xin báo không diễn ra", reason="Ngập")
    assert "Ngập" in lan.get().text
    assert desk.sessions()[SESSION] == "scheduled"


def test_who_is_not_at_the_counter_says_nothing(open_desk: OpenDesk) -> None:
    """A volunteer of another session, with a form made by hand, changes nothing; nor does staff call off."""
    desk = open_desk(WITH_STAFF, "2026-11-17 09:00")
    app = app_of(desk)
    with desk.database.read() as connection:
        row = sessions.row_by_key(connection, SESSION)
    assert row is not None
    for who, says in (("an", "full"), ("an", "off"), ("dung", "hold"), ("dung", "keep")):
        reader = Reader(app, path_for(desk, who)).get()
        token = reader.answer.text.partition('name="form" value="')[2].partition('"')[0]
        form = {"do": "say", "form": token, "session": str(row.id), "says": says, "reason": "x"}
        assert reader.send(form).answer.status_code == 303
    assert (opening(desk).state, opening(desk).confirmed_at) == (State.SCHEDULED, None)


def test_what_is_said_of_an_hour_goes_with_it(open_desk: OpenDesk) -> None:
    """A session that is moved to another hour is not full any more."""
    desk = open_desk(WITH_STAFF, "2026-11-16 09:00")
    say(desk, Live(State.FULL))
    desk.edit(desk.text.replace("17:00-19:30", "18:00-20:00"))
    assert (opening(desk).state, opening(desk).confirmed_at) == (State.SCHEDULED, None)


def test_called_off_while_it_is_held_the_page_shows_it(open_desk: OpenDesk) -> None:
    """Texts would come too late for everybody; the page, the feed and the API say it."""
    desk = open_desk(WITH_STAFF, "2026-11-10 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-17 17:30")
    before = len(desk.phones.taken)
    assert off(desk) is Spoken.DONE
    assert opening(desk).state_at(desk.clock()) is State.CANCELLED
    desk.run_until("2026-11-17 19:00")
    assert len(desk.phones.taken) == before
