"""What residents see as open: states, questions and answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.timetable.label import Label
from scheduler.timetable.opening import (
    Availability,
    Basis,
    Board,
    Fault,
    Opening,
    Question,
    State,
    Unanswerable,
    answer_as_json,
    as_json,
    at_a_glance,
    availability,
)
from scheduler.timetable.place import Place, Service, Ward

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
WARDS = (
    Ward("sai-gon", Label.same("Sài Gòn"), ("Bến Nghé", "Đa Kao")),
    Ward("tan-dinh", Label.same("Tân Định"), ("Đa Kao",)),
)
COPIES = Service(
    "sao-y",
    Label("Chứng thực sao y ngoài giờ", "After-hours certification"),
    Label("sao y", "certification"),
    bring=Label("CCCD và bản chính", "ID card and the original"),
    last_entry=timedelta(minutes=30),
    fee=Label.same("2.000 đ/trang"),
)
DIALOGUE = Service("doi-thoai", Label("Đối thoại", "Dialogue"), Label("đối thoại", "dialogue"))
OFFICE = Place(
    "ubnd-sai-gon", "sai-gon", Label("UBND phường Sài Gòn", "Sài Gòn Ward Office"), address="45 Lê Duẩn"
)
HALL = Place("hoi-truong", "tan-dinh", Label.same("Hội trường Tân Định"))


def local(text: str) -> datetime:
    """An instant by what clocks in Sài Gòn show."""
    return datetime.fromisoformat(text).replace(tzinfo=SAIGON).astimezone(UTC)


def opening(starts: str, hours: float = 2.5, **said: object) -> Opening:
    """A certification evening in Sài Gòn that starts at this local time."""
    begin = local(starts)
    held = Opening(f"sao-y@{starts[:10]}", COPIES, WARDS[0], OFFICE, begin, begin + timedelta(hours=hours))
    return replace(held, **said)  # type: ignore[arg-type]  # the rows of a table name fields of every type


def board(*openings: Opening) -> Board:
    """A board with these openings."""
    return Board(openings, WARDS, (COPIES, DIALOGUE), (OFFICE, HALL), SAIGON, Label.same("Ca trực"))


def answered(openings: Sequence[Opening], now: str, question: Question | None = None) -> Availability:
    """The answer that a board with these openings gives."""
    answer = availability(board(*openings), question or Question(), local(now))
    assert isinstance(answer, Availability)
    return answer


@pytest.mark.parametrize(
    ("stored", "now", "state"),
    [
        pytest.param(State.SCHEDULED, "2026-12-01T16:59", State.SCHEDULED, id="before, as planned"),
        pytest.param(State.SCHEDULED, "2026-12-01T17:00", State.OPEN, id="the first instant is open"),
        pytest.param(State.SCHEDULED, "2026-12-01T19:29", State.OPEN, id="within its hours"),
        pytest.param(State.SCHEDULED, "2026-12-01T19:30", State.ENDED, id="the end is over"),
        pytest.param(State.OPEN, "2026-12-01T16:00", State.SCHEDULED, id="nobody is open before the start"),
        pytest.param(State.OPEN, "2026-12-01T18:00", State.OPEN, id="the desk opened"),
        pytest.param(State.OPEN, "2026-12-01T20:00", State.ENDED, id="the desk forgot to close"),
        pytest.param(State.LATE, "2026-12-01T16:00", State.LATE, id="known to be late beforehand"),
        pytest.param(State.LATE, "2026-12-01T17:10", State.LATE, id="late"),
        pytest.param(State.FULL, "2026-12-01T16:00", State.FULL, id="full before the doors open"),
        pytest.param(State.FULL, "2026-12-01T18:00", State.FULL, id="full"),
        pytest.param(State.CANCELLED, "2026-12-01T16:00", State.CANCELLED, id="cancelled ahead"),
        pytest.param(State.CANCELLED, "2026-12-02T16:00", State.CANCELLED, id="cancelled stays so for ever"),
    ],
)
def test_a_state_follows_the_desk_and_the_clock(stored: State, now: str, state: State) -> None:
    """The clock opens and ends a session; what the desk said stands in between; cancelled is for good."""
    assert opening("2026-12-01T17:00", state=stored).state_at(local(now)) is state


@pytest.mark.parametrize(
    ("stored", "now", "receives"),
    [
        pytest.param(State.SCHEDULED, "2026-12-01T16:59", False, id="too early"),
        pytest.param(State.SCHEDULED, "2026-12-01T17:00", True, id="the first in"),
        pytest.param(State.OPEN, "2026-12-01T19:00", True, id="the last in"),
        pytest.param(State.OPEN, "2026-12-01T19:01", False, id="open, past the last entry"),
        pytest.param(State.FULL, "2026-12-01T17:30", False, id="full"),
        pytest.param(State.LATE, "2026-12-01T17:30", False, id="not open yet"),
        pytest.param(State.CANCELLED, "2026-12-01T17:30", False, id="cancelled"),
    ],
)
def test_an_open_desk_receives_until_the_last_entry(stored: State, now: str, receives: bool) -> None:
    """Only someone who comes while it is open, and by the last entry, is let in."""
    assert opening("2026-12-01T17:00", state=stored).receives_at(local(now)) is receives


def test_a_service_without_last_entry_receives_to_the_end() -> None:
    """Where the service names no last entry, the end is the limit."""
    held = opening("2026-12-01T17:00", service=DIALOGUE)
    assert held.last_entry is None
    assert held.receives_at(local("2026-12-01T19:29"))


def test_what_the_desk_said_is_confirmed() -> None:
    """The basis is the schedule until the desk has spoken."""
    planned = opening("2026-12-01T17:00")
    assert planned.basis is Basis.SCHEDULE
    assert replace(planned, confirmed_at=local("2026-12-01T17:05")).basis is Basis.CONFIRMED


def test_an_answer_says_what_is_open_and_what_comes_next() -> None:
    """Under way is open now; the next is the soonest later one; the sessions are in order."""
    tonight, thursday = opening("2026-12-01T17:00"), opening("2026-12-03T17:00")
    answer = answered([thursday, tonight], "2026-12-01T18:00")
    assert (answer.open_now, answer.next, answer.sessions) == ((tonight,), thursday, (tonight, thursday))


@pytest.mark.parametrize("state", [State.LATE, State.FULL])
def test_a_late_or_full_session_is_under_way(state: State) -> None:
    """The desk is manned, so it is listed among what is open now; its state says the rest."""
    held = opening("2026-12-01T17:00", state=state)
    assert answered([held], "2026-12-01T18:00").open_now == (held,)


def test_a_cancelled_session_is_listed_and_never_open_or_next() -> None:
    """People must learn of a cancellation, and must not be sent there."""
    now_off = opening("2026-12-01T17:00", state=State.CANCELLED)
    later_off = opening("2026-12-03T17:00", state=State.CANCELLED)
    answer = answered([now_off, later_off], "2026-12-01T18:00")
    assert (answer.open_now, answer.next, answer.sessions) == ((), None, (now_off, later_off))


def test_nobody_is_sent_to_a_full_session() -> None:
    """The next is one that still has room, as far as the desk has said."""
    full, free = opening("2026-12-01T17:00", state=State.FULL), opening("2026-12-03T17:00")
    assert answered([full, free], "2026-12-01T12:00").next == free


@pytest.mark.parametrize(
    ("first", "last", "dates"),
    [
        pytest.param(None, None, ["2026-12-01", "2026-12-08"], id="today and seven days on"),
        pytest.param("2026-12-02", None, ["2026-12-08", "2026-12-09"], id="seven days from the first"),
        pytest.param(
            None, "2026-12-09", ["2026-12-01", "2026-12-08", "2026-12-09"], id="today until the last"
        ),
        pytest.param("2026-11-30", "2026-11-30", ["2026-11-30"], id="a day that is over"),
        pytest.param("2026-12-02", "2026-12-07", [], id="nothing in between"),
    ],
)
def test_dates_choose_the_sessions(first: str | None, last: str | None, dates: list[str]) -> None:
    """Dates are local and inclusive; without them it is the coming week."""
    held = [opening(f"{day}T17:00") for day in ("2026-11-30", "2026-12-01", "2026-12-08", "2026-12-09")]
    asked = Question(
        first=date.fromisoformat(first) if first else None, last=date.fromisoformat(last) if last else None
    )
    sessions = answered(held, "2026-12-01T23:59", asked).sessions
    assert [f"{one.starts.astimezone(SAIGON):%Y-%m-%d}" for one in sessions] == dates


def test_a_night_session_belongs_to_both_its_days() -> None:
    """What began yesterday and goes on after midnight is open now, and among today's sessions."""
    night = opening("2026-11-30T22:00", hours=4)
    answer = answered([night], "2026-12-01T01:00")
    assert answer.open_now == answer.sessions == (night,)


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        pytest.param(Question(), ["office", "hall"], id="everything"),
        pytest.param(Question(ward="tan dinh"), ["hall"], id="a ward"),
        pytest.param(Question(ward="da kao"), ["office", "hall"], id="an old ward in two"),
        pytest.param(Question(service="dialogue"), ["hall"], id="a service"),
        pytest.param(Question(place="45 lê duẩn"), ["office"], id="a place"),
        pytest.param(Question(ward="tan dinh", service="sao-y"), [], id="both must hold"),
        pytest.param(Question(open_now=True), ["office"], id="only what is open"),
    ],
)
def test_a_question_narrows_the_answer(question: Question, keys: list[str]) -> None:
    """Ward, service and place each narrow the sessions, and all of them together."""
    office = opening("2026-12-01T17:00", key="office")
    hall = opening("2026-12-01T18:30", key="hall", service=DIALOGUE, ward=WARDS[1], place=HALL)
    assert [one.key for one in answered([office, hall], "2026-12-01T18:00", question).sessions] == keys


@pytest.mark.parametrize(
    ("question", "fault", "hint"),
    [
        pytest.param(Question(ward="hà nội"), Fault.UNKNOWN, "tan-dinh", id="no such ward"),
        pytest.param(Question(service="hộ chiếu"), Fault.UNKNOWN, "doi-thoai", id="no such service"),
        pytest.param(Question(place="chợ"), Fault.UNKNOWN, "hoi-truong", id="no such place"),
        pytest.param(
            Question(first=date(2026, 12, 2), last=date(2026, 12, 1)),
            Fault.RANGE,
            "2026-12-02",
            id="backwards",
        ),
        pytest.param(Question(last=date(2026, 11, 1)), Fault.RANGE, "2026-12-01", id="over before today"),
        pytest.param(
            Question(first=date(2026, 1, 1), last=date(2026, 4, 3)), Fault.RANGE, "92", id="a day too many"
        ),
        pytest.param(Question(first=date.max), Fault.RANGE, "9999", id="the end of time"),
        pytest.param(Question(last=date.max), Fault.RANGE, "9999", id="until the end of time"),
        pytest.param(Question(first=date.min), Fault.RANGE, "0001", id="the beginning of time"),
    ],
)
def test_what_cannot_be_answered_says_why(question: Question, fault: Fault, hint: str) -> None:
    """A name that nothing bears, or dates that make no range, get one sentence in each language."""
    refused = availability(board(), question, local("2026-12-01T12:00"))
    assert isinstance(refused, Unanswerable)
    assert refused.fault is fault
    assert hint in refused.message.vi
    assert hint in refused.message.en


def test_ninety_two_days_are_answered() -> None:
    """The longest range counts both its ends."""
    asked = Question(first=date(2026, 1, 1), last=date(2026, 4, 2))
    assert answered([], "2026-12-01T12:00", asked).sessions == ()


def test_a_glance_is_grouped_by_day_and_ward() -> None:
    """Open now, what else is today, then each day by ward in the order of the board."""
    over = opening("2026-12-01T07:00")
    open_now = opening("2026-12-01T17:00")
    off = opening("2026-12-01T17:00", key="off", state=State.CANCELLED)
    tonight = opening("2026-12-01T20:00")
    other = opening("2026-12-02T08:00", ward=WARDS[1], place=HALL)
    same_day = opening("2026-12-02T17:00")
    held = board(over, open_now, off, tonight, other, same_day)
    glance = at_a_glance(held, answered(held.openings, "2026-12-01T18:00"))
    assert (glance.open_now, glance.today) == ((open_now,), (off, tonight))
    assert [(day.date, [ward.ward.id for ward in day.wards]) for day in glance.days] == [
        (date(2026, 12, 2), ["sai-gon", "tan-dinh"])
    ]


INSTANTS = st.integers(0, 15 * 24 * 60).map(
    lambda minutes: local("2026-11-25T07:00") + timedelta(minutes=minutes)
)
OPENINGS = st.lists(
    st.builds(
        lambda begin, hours, state, ward: replace(
            opening("2026-12-01T17:00"),
            key=f"{begin.isoformat()}{ward.id}",
            starts=begin,
            ends=begin + timedelta(hours=hours),
            state=state,
            ward=ward,
        ),
        INSTANTS,
        st.integers(1, 24),
        st.sampled_from([state for state in State if state is not State.ENDED]),
        st.sampled_from(WARDS),
    ),
    max_size=12,
)


@given(OPENINGS, INSTANTS)
def test_an_answer_agrees_with_every_opening(openings: list[Opening], now: datetime) -> None:
    """Open now is exactly what is under way; next is exactly the soonest usable; all by start."""
    held = board(*openings)
    answer = availability(held, Question(), now)
    assert isinstance(answer, Availability)
    assert list(answer.open_now) == [one for one in held.openings if one.under_way_at(now)]
    usable = [
        one for one in held.openings if one.starts > now and one.state not in (State.CANCELLED, State.FULL)
    ]
    assert answer.next == min(usable, key=lambda one: one.starts, default=None)
    assert [one.starts for one in answer.sessions] == sorted(one.starts for one in answer.sessions)
    assert set(answer.open_now) <= set(answer.sessions)


@given(OPENINGS, INSTANTS)
def test_a_glance_shows_each_session_once(openings: list[Opening], now: datetime) -> None:
    """Nothing that is not over is lost between the groups, and nothing is in two of them."""
    held = board(*openings)
    answer = availability(held, Question(), now)
    assert isinstance(answer, Availability)
    glance = at_a_glance(held, answer)
    shown = [*glance.open_now, *glance.today]
    shown += [one for day in glance.days for ward in day.wards for one in ward.openings]
    assert sorted(map(str, shown)) == sorted(str(one) for one in answer.sessions if one.ends > now)


def test_a_session_reads_as_the_contract_says() -> None:
    """Instants carry the offset of the service's zone; the last entry is one; names are in the language."""
    held = opening(
        "2026-12-01T17:00",
        state=State.CANCELLED,
        confirmed_at=local("2026-12-01T15:30"),
        reason=Label("Mất điện", "Power cut"),
        places_left=3,
    )
    assert as_json(held, local("2026-12-01T16:00"), SAIGON, "en") == {
        "key": "sao-y@2026-12-01",
        "service": {"id": "sao-y", "name": "After-hours certification"},
        "ward": {"id": "sai-gon", "name": "Sài Gòn"},
        "place": {"id": "ubnd-sai-gon", "name": "Sài Gòn Ward Office"},
        "address": "45 Lê Duẩn",
        "starts": "2026-12-01T17:00:00+07:00",
        "ends": "2026-12-01T19:30:00+07:00",
        "last_entry": "2026-12-01T19:00:00+07:00",
        "bring": "ID card and the original",
        "fee": "2.000 đ/trang",
        "state": "cancelled",
        "basis": "confirmed",
        "confirmed_at": "2026-12-01T15:30:00+07:00",
        "reason": "Power cut",
        "places_left": 3,
    }


def test_what_is_not_known_is_null() -> None:
    """A service without last entry, things to bring or fee says null, never an empty text."""
    plain = as_json(opening("2026-12-01T17:00", service=DIALOGUE), local("2026-12-01T18:00"), SAIGON, "vi")
    unknown = ("last_entry", "bring", "fee", "confirmed_at", "reason", "places_left")
    assert [plain[name] for name in unknown] == [None] * 6
    assert plain["state"] == "open"


def test_a_whole_answer_reads_as_the_contract_says() -> None:
    """Now, open now, next (or null) and the sessions, each session in the same shape."""
    tonight = opening("2026-12-01T17:00", reason="Họp")
    answer = answered([tonight], "2026-12-01T18:00")
    told = as_json(tonight, answer.now, SAIGON, "vi")
    assert told["reason"] == "Họp"
    assert answer_as_json(answer, SAIGON, "vi") == {
        "now": "2026-12-01T18:00:00+07:00",
        "open_now": [told],
        "next": None,
        "sessions": [told],
    }
