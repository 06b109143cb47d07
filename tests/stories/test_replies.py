"""What people write back: a refusal counts at once, everything else reaches a coordinator."""

import pytest

from notifications.arrival import Arrival
from notifications.channels.channel import NotSent
from notifications.fault import Fault
from notifications.inbox import receive
from tests.desk import ONE_EVENING, PHONES, Desk, Text
from tests.stories.conftest import OpenDesk

LAN = "Lan"
SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
NEVER = '"\nwhen = ["sun 01:00-01:30"]'
BY_TEXT = ONE_EVENING.replace("[sms]", '[sms]\nanswer = "reply"\nreplies_to = "0901 999 999"')
ONLY_AN = ONE_EVENING.replace('"Bình"', f'"Bình{NEVER}').replace('"Chi"', f'"Chi{NEVER}')


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


@pytest.mark.parametrize(
    ("at", "seats"),
    [
        pytest.param("2026-11-03 09:00", {"binh": "asked"}, id="before anybody was asked"),
        pytest.param("2026-11-11 19:00", {"an": "declined", "binh": "asked"}, id="asked"),
        pytest.param(
            "2026-11-16 07:30", {"an": "declined", "binh": "sought", "chi": "sought"}, id="silent until late"
        ),
    ],
)
def test_who_wants_no_more_texts_is_out_of_duty(open_desk: OpenDesk, at: str, seats: dict[str, str]) -> None:
    """What they have not promised is asked of somebody else, and the coordinator hears of it once."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until(at)
    _write(desk, PHONES["An"], "STOP")
    desk.run_until(max(f"{at[:-2]}45", "2026-11-11 19:45"))
    _write(desk, PHONES["An"], "NGUNG")
    desk.run_until(max(f"{at[:-2]}50", "2026-11-11 19:50"))
    assert desk.roster()[SESSION] == seats
    refused = "UBNDQ1: An da tu choi nhan tin. Nho Anh/Chi Lan goi bao ca truc."
    assert [text.says for text in desk.texts_to(LAN) if "tu choi nhan" in text.says] == [refused]


def test_a_promise_of_who_wants_no_more_texts_stands_and_alarms(open_desk: OpenDesk) -> None:
    """Nobody knows whether they come: the coordinator hears at once of which shift that is."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-11 19:00")
    assert desk.answer("an", SESSION, yes=True)
    _write(desk, PHONES["An"], "STOP")
    desk.run_until("2026-11-11 19:30")
    assert desk.roster()[SESSION] == {"an": "confirmed"}
    assert [text.says for text in desk.texts_to(LAN)] == [
        "UBNDQ1: An da tu choi nhan tin. Nho Anh/Chi Lan goi bao ca truc.",
        'UBNDQ1: An bao "STOP": Sao y T3 17/11, 17:00-19:30. Nho Anh/Chi lo giup.',
    ]


def test_a_refusal_that_only_the_network_knows_counts_as_one(open_desk: OpenDesk) -> None:
    """Whoever cannot be asked is not waited for."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.phones.trouble[PHONES["An"]] = NotSent(Fault.OPTED_OUT, "21610", "Unsubscribed.")
    desk.run_until("2026-11-11 18:05")
    assert desk.roster()[SESSION] == {"binh": "asked"}


def test_a_refusal_that_stopped_our_thanks_first_is_told_all_the_same(open_desk: OpenDesk) -> None:
    """The network knows it before we read it: the promise of who wants no more texts alarms."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until("2026-11-11 19:00")
    desk.phones.trouble[PHONES["An"]] = NotSent(Fault.OPTED_OUT, "21610", "Unsubscribed.")
    for minute, text in enumerate(("CO", "STOP", "STOP")):
        _write(desk, PHONES["An"], text)
        desk.run_until(f"2026-11-11 19:0{minute + 1}")
    assert desk.roster()[SESSION] == {"an": "confirmed"}
    assert [text.says for text in desk.texts_to(LAN)] == [
        "UBNDQ1: An da tu choi nhan tin. Nho Anh/Chi Lan goi bao ca truc.",
        'UBNDQ1: An bao "STOP": Sao y T3 17/11, 17:00-19:30. Nho Anh/Chi lo giup.',
    ]


def test_who_takes_a_refusal_back_gets_texts_again(open_desk: OpenDesk) -> None:
    """STOP was a slip of the thumb: START lifts it here as it does in the network, and is told."""
    desk = open_desk(ONLY_AN, "2026-11-03 09:00")
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
