"""What people write back: a refusal counts at once, everything else reaches a coordinator."""

import pytest

from notifications.arrival import Arrival
from notifications.inbox import receive
from tests.desk import ONE_EVENING, PHONES, Desk, Text
from tests.stories.conftest import OpenDesk

LAN = "Lan"


def _write(desk: Desk, phone: str, text: str) -> None:
    """A text comes in on the channel of the pretend phones."""
    now = desk.clock()
    arrival = Arrival("phones", "inbound", f"{phone} {text} {now}", "", f"{phone} {text}", now)
    with desk.database.write() as connection:
        receive(connection, arrival)


def test_whoever_writes_reaches_a_person(open_desk: OpenDesk) -> None:
    """With name and words, as far as they fit; a number that nobody knows is a stranger's."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    _write(desk, PHONES["An"], "Có ai thay em tối thứ ba được không ạ, em bận đột xuất")
    desk.run_until("2026-11-03 09:01")
    _write(desk, "+84901999999", "Chứng thực ở đâu?")
    desk.run_until("2026-11-03 09:02")
    assert desk.texts_to(LAN) == [
        Text(
            "2026-11-03 09:00",
            'UBNDQ1: An nhan tin: "Co ai thay em toi thu ba duoc khong a...". Nho Anh/Chi Lan tra loi.',
        ),
        Text(
            "2026-11-03 09:01", 'UBNDQ1: Mot nguoi la nhan tin: "Chung thuc o dau?". Nho Anh/Chi Lan tra loi.'
        ),
    ]


def test_who_writes_line_by_line_is_told_of_once_in_ten_minutes(open_desk: OpenDesk) -> None:
    """A flood of one number is no flood at the coordinator's."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    for number in range(20):
        _write(desk, PHONES["An"], f"dòng {number}")
    desk.run_until("2026-11-03 09:05")
    assert len(desk.texts_to(LAN)) == 1
    desk.run_until("2026-11-03 09:12")
    _write(desk, PHONES["An"], "còn nữa")
    desk.run_until("2026-11-03 09:13")
    assert len(desk.texts_to(LAN)) == 2


@pytest.mark.parametrize("text", ["STOP", "Từ chối ạ"])
def test_a_refusal_ends_all_texts_and_is_told(open_desk: OpenDesk, text: str) -> None:
    """Duty texts included: the coordinator hears of it, and the ledger has the words."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    _write(desk, PHONES["An"], text)
    desk.run_until("2026-11-18 00:00")
    assert desk.texts_to("An") == []
    assert desk.texts_to(LAN)[0] == Text(
        "2026-11-03 09:00", "UBNDQ1: An da tu choi nhan tin. Nho Anh/Chi Lan goi bao ca truc."
    )
    assert [entry for entry in desk.consents() if not entry[1]] == [
        (PHONES["An"], False, "sms", text),
        (PHONES["An"], False, "sms", text),
    ]


def test_who_takes_a_refusal_back_gets_texts_again(open_desk: OpenDesk) -> None:
    """STOP was a slip of the thumb: START lifts it here as it does in the network, and is told."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    _write(desk, PHONES["An"], "STOP")
    desk.run_until("2026-11-03 09:20")
    _write(desk, PHONES["An"], "START")
    desk.run_until("2026-11-18 00:00")
    assert desk.texts_to("An")
    assert desk.texts_to(LAN)[1].says == 'UBNDQ1: An nhan tin: "START". Nho Anh/Chi Lan tra loi.'


def test_a_refused_resident_is_written_down_and_troubles_nobody(open_desk: OpenDesk) -> None:
    """No coordinator has to do anything about a resident who wants no more notices."""
    desk = open_desk(ONE_EVENING.replace("needs = { volunteer = 1 }", ""), "2026-11-03 09:00")
    desk.follow("+84901000007")
    desk.run_until("2026-11-03 09:01")
    _write(desk, "+84901000007", "STOP")
    desk.run_until("2026-11-18 00:00")
    assert len(desk.texts_to("+84901000007")) == 1  # that the follow is noted
    assert desk.texts_to(LAN) == []
