"""sessions, roster, messages and available at a terminal."""

from contextlib import closing
from datetime import timedelta

import pytest

from notifications import ledger
from notifications.consent import Consent
from notifications.numbers import spoil
from scheduler.clock import read_clock
from scheduler.store.database import Database
from tests.terminal import EVENING, LATER, SESSION, SMALL, TODAY, Terminal

SESSION_KEYS = [
    "key", "service", "ward", "place", "address", "starts", "ends", "last_entry", "bring", "fee", "state",
    "basis", "confirmed_at", "reason", "places_left",
]  # fmt: skip
MESSAGE_KEYS = [
    "key", "to", "kind", "state", "send_at", "expires_at", "segments", "encoding", "text",
]  # fmt: skip
THE_SESSION = {
    "key": SESSION,
    "service": {"id": "sao-y", "name": "Sao y"},
    "ward": {"id": "sai-gon", "name": "Sài Gòn"},
    "place": {"id": "ubnd", "name": "UBND"},
    "address": "45 Lê Duẩn",
    "starts": f"{EVENING}T12:00:00+07:00",
    "ends": f"{EVENING}T14:30:00+07:00",
    "last_entry": f"{EVENING}T14:00:00+07:00",
    "bring": "CCCD",
    "fee": None,
    "state": "scheduled",
    "basis": "schedule",
    "confirmed_at": None,
    "reason": None,
    "places_left": None,
}
FILTERS = [
    ((), 1),
    (("--ward", "Ben Nghe"), 1),  # a former name, which leads to two wards
    (("--ward", "tan-dinh"), 0),
    (("--service", "certification"), 1),
    (("--place", "ubnd"), 1),
    (("--to", str(EVENING - timedelta(days=1))), 0),
    (("--from", str(EVENING), "--to", str(EVENING)), 1),
    (("--from", str(EVENING + timedelta(days=1))), 0),
]


def test_sessions_of_the_file_have_their_shape(terminal: Terminal) -> None:
    """What the file says, applied or not: nobody stands there but who is named."""
    terminal.write(SMALL)
    said = terminal.run("sessions", "--json")
    assert (said.code, said.err) == (0, "")
    assert said.document == [{**THE_SESSION, "needs": {"volunteer": 1}, "assigned": {"staff": 1}}]
    assert list(said.document[0]) == [*SESSION_KEYS, "needs", "assigned"]
    assert terminal.files() == {"settings.toml"}


def test_sessions_in_force_count_who_stands_there(desk: Terminal) -> None:
    """The same shape, with the people that the roster holds."""
    found = desk.run("sessions", "--applied", "--json").document
    assert found == [{**THE_SESSION, "needs": {"volunteer": 1}, "assigned": {"staff": 1, "volunteer": 1}}]


def test_what_is_in_force_is_not_what_the_file_says(desk: Terminal) -> None:
    """An edit that nobody has applied shows in one list only; a shift that is gone keeps its sessions."""
    desk.write(SMALL.replace("12:00-14:30", "13:00-15:30"))
    assert desk.run("sessions", "--json").document[0]["starts"] == f"{EVENING}T13:00:00+07:00"
    assert desk.run("sessions", "--applied", "--json").document[0]["starts"] == f"{EVENING}T12:00:00+07:00"


@pytest.mark.parametrize(("words", "count"), FILTERS)
@pytest.mark.parametrize("applied", [(), ("--applied",)], ids=["file", "in force"])
def test_sessions_can_be_narrowed(
    desk: Terminal, applied: tuple[str, ...], words: tuple[str, ...], count: int
) -> None:
    """By ward (old names too), service, place and dates, both inclusive."""
    assert len(desk.run("sessions", *applied, *words, "--json").document) == count


@pytest.mark.parametrize(
    ("words", "count"), [*FILTERS, (("--state", "confirmed"), 0.5), (("--state", "absent"), 0)]
)
def test_the_roster_can_be_narrowed(desk: Terminal, words: tuple[str, ...], count: float) -> None:
    """Two seats a session; by state it is the state of the seat."""
    assert len(desk.run("roster", *words, "--json").document) == 2 * count


@pytest.mark.parametrize("command", [("sessions",), ("sessions", "--applied"), ("roster",)])
@pytest.mark.parametrize("option", ["--ward", "--service", "--place"])
def test_a_name_that_nothing_bears_is_a_failure(
    desk: Terminal, command: tuple[str, ...], option: str
) -> None:
    """An empty list would look like free days."""
    said = desk.run(*command, option, "xyzzyx")
    assert said.code == 1
    assert "xyzzyx" in said.complaint


@pytest.mark.parametrize(("state", "count"), [("scheduled", 1), ("cancelled", 0)])
@pytest.mark.parametrize("applied", [(), ("--applied",)], ids=["file", "in force"])
def test_sessions_can_be_narrowed_by_state(
    desk: Terminal, applied: tuple[str, ...], state: str, count: int
) -> None:
    """By what residents would be told of them."""
    assert len(desk.run("sessions", *applied, "--state", state, "--json").document) == count


@pytest.mark.parametrize("words", [("sessions",), ("sessions", "--applied"), ("roster",), ("hours",)])
def test_dates_the_wrong_way_round_are_wrong_usage(desk: Terminal, words: tuple[str, ...]) -> None:
    """An empty list would say that there is nothing on those days."""
    said = desk.run(*words, "--from", "2026-12-10", "--to", "2026-12-01")
    assert (said.code, "--to 2026-12-01 is before --from 2026-12-10" in said.complaint) == (2, True)


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (("confirm",), "`catruc confirm [OPTIONS] SESSION PERSON`"),
        (("roster", "more"), "`catruc roster [OPTIONS]`"),
        (("check", "--all"), "`catruc check --help`"),
        (("rooster",), "`catruc --help`"),
    ],
)
def test_words_that_fit_no_command_are_told_how_it_is_written(
    terminal: Terminal, words: tuple[str, ...], right: str
) -> None:
    """One line, with what would be right."""
    said = terminal.run(*words)
    assert (said.code, right in said.complaint) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ("sessions", "--from", "9999-12-31"),
        ("sessions", "--applied", "--to", "0001-01-01"),
        ("roster", "--from", "0001-01-01", "--to", "9999-12-31"),
        ("available", "--to", "2200-01-01"),
        ("available", "--from", "1969-12-31"),
        ("simulate", "--start", "0001-01-01"),
        ("simulate", "--start", "9999-12-30"),
        ("simulate", "--start", "30/11/2026"),
    ],
)
def test_a_date_out_of_reach_is_wrong_usage(desk: Terminal, words: tuple[str, ...]) -> None:
    """One sentence with what was typed or meant, and exit code 2: not every date has an instant."""
    said = desk.run(*words)
    assert said.code == 2
    assert "1970-01-01 to 2199-12-31" in said.complaint or "year-month-day" in said.complaint


@pytest.mark.parametrize("command", [("sessions", "--applied"), ("roster",)])
def test_dates_at_both_ends_of_reach_are_no_trouble(desk: Terminal, command: tuple[str, ...]) -> None:
    """The first and the last date that are taken can be reckoned with."""
    said = desk.run(*command, "--from", "1970-01-01", "--to", "2199-12-31", "--json")
    assert said.code == 0
    assert SESSION in str(said.document)


@pytest.mark.parametrize(
    ("words", "known"),
    [
        (("messages", "--state", "foo"), "waiting"),
        (("sessions", "--state", "confirmed"), "scheduled"),
        (("roster", "--state", "waiting"), "confirmed"),
    ],
)
def test_a_state_that_there_is_not_is_wrong_usage(desk: Terminal, words: tuple[str, ...], known: str) -> None:
    """An empty list would look like good news; the sentence names the states that there are."""
    said = desk.run(*words)
    assert said.code == 2
    assert known in said.complaint


def test_the_roster_has_its_shape(desk: Terminal) -> None:
    """Session, role, person by id, state."""
    assert desk.run("roster", "--json").document == [
        {"session": SESSION, "role": "staff", "person": "dung", "state": "confirmed"},
        {"session": SESSION, "role": "volunteer", "person": "binh", "state": "proposed"},
    ]


def test_messages_have_their_shape(desk: Terminal) -> None:
    """Numbers are masked, instants carry their offset, and the text is what will be sent."""
    found = desk.run("messages", "--json").document
    assert [list(one) for one in found] == [MESSAGE_KEYS] * len(found)
    asked = next(one for one in found if one["kind"] == "ask")
    assert (asked["to"], asked["state"]) == ("+8490•••002", "waiting")
    assert (asked["segments"], asked["encoding"]) == (1, "GSM-7")
    assert asked["send_at"].endswith("+07:00")
    assert asked["expires_at"].endswith("+07:00")
    assert asked["text"].startswith("UBNDQ1: Moi ban Binh truc Sao y")
    assert "0901" not in desk.run("messages").out
    assert "901000" not in desk.run("messages").out


@pytest.mark.parametrize(
    ("words", "people"),
    [
        (("--to", "0901 000 002"), {"+8490•••002"}),
        (("--to", "+84901000004"), {"+8490•••004"}),
        (("--to", "0901 000 009"), set()),
        (("--state", "sent"), set()),
        (("--state", "waiting"), {"+8490•••002", "+8490•••004"}),
    ],
)
def test_messages_can_be_narrowed(desk: Terminal, words: tuple[str, ...], people: set[str]) -> None:
    """By number, however it is written, and by state."""
    assert {one["to"] for one in desk.run("messages", *words, "--json").document} == people


def test_messages_are_summed_up(desk: Terminal) -> None:
    """How many, in how many segments, at what cost: a plain number for programs, money for people."""
    (row,) = desk.run("messages", "--summary", "--json").document
    assert (row["state"], row["count"]) == ("waiting", row["segments"])
    assert row["cost"] == str(820 * row["segments"])
    shown = desk.run("messages", "--summary").out
    assert "waiting" in shown
    assert shown.endswith(f" {820 * row['segments']:,} VND\n".replace(",", "."))
    desk.speak("en_US.UTF-8")
    assert desk.run("messages", "--summary").out.endswith(f" {820 * row['segments']:,} VND\n")


def test_a_number_that_is_none_is_one_line(desk: Terminal) -> None:
    """What is wrong with it and what would be right, in words and in the language of the terminal."""
    said = desk.run("messages", "--to", "abc")
    assert said.code == 1
    assert said.complaint == "đây không phải số điện thoại; viết như 0901 234 567"


def test_available_is_what_the_api_answers(desk: Terminal) -> None:
    """Now, what is open, what comes next, and the sessions; nothing about people."""
    said = desk.run("available", "--json")
    assert list(said.document) == ["now", "open_now", "next", "sessions"]
    assert said.document["open_now"] == []
    assert said.document["next"] == THE_SESSION
    assert said.document["sessions"] == [THE_SESSION]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--ward", "ben nghe"), 1),
        (("--ward", "Tân Định"), 0),
        (("--service", "sao y"), 1),
        (("--place", "45 le duan"), 1),
        (("--open-now",), 0),
        (("--from", str(TODAY), "--to", str(TODAY)), 0),
    ],
)
def test_available_can_be_narrowed(desk: Terminal, words: tuple[str, ...], count: int) -> None:
    """As residents ask: old names, no accents."""
    assert len(desk.run("available", *words, "--json").document["sessions"]) == count


@pytest.mark.parametrize(
    "words",
    [
        ("--ward", "xyzzyx"),
        ("--service", "xyzzyx"),
        ("--place", "xyzzyx"),
        ("--from", "2026-11-10", "--to", "2026-11-09"),
    ],
)
def test_a_question_without_an_answer_is_one_line(desk: Terminal, words: tuple[str, ...]) -> None:
    """What is wrong with it, in the language of the terminal."""
    said = desk.run("available", *words)
    assert said.code == 1
    assert any(word in said.complaint for word in words)


def test_available_says_what_comes_next(desk: Terminal) -> None:
    """A sentence first, then the day and the session in it."""
    first, day, session = desk.run("available").out.splitlines()
    assert first.startswith("Bây giờ không nơi nào mở. Gần nhất: ")
    assert first.endswith(f"{EVENING:%d/%m} 12:00, Sao y, UBND.")
    assert day.endswith(f"{EVENING:%d/%m/%Y}")
    assert session == "  12:00-14:30  Sao y, UBND, Sài Gòn  [theo lịch]"
    desk.speak("en_US.UTF-8")
    assert desk.run("available").out.startswith("Nothing is open now. Next: ")


def test_available_says_what_is_open(terminal: Terminal) -> None:
    """Around the clock, something is open, and the sentence says until when."""
    always = SMALL.replace('"12:00-14:30"', '["00:00-12:00", "12:00-00:00"]')
    terminal.write(always.replace(f"from = {EVENING}\nuntil = {EVENING}", ""))
    terminal.run("apply", "--yes")
    assert terminal.run("available").out.startswith("Đang mở: Sao y, UBND đến ")
    assert "[đang mở]" in terminal.run("available").out
    assert len(terminal.run("available", "--open-now", "--json").document["sessions"]) == 1


def test_available_says_when_nothing_comes(terminal: Terminal) -> None:
    """A service that is not for residents is not shown to them."""
    terminal.write(SMALL.replace('id = "sao-y"', 'id = "sao-y"\npublic = false'))
    terminal.run("apply", "--yes")
    assert terminal.run("available").out == "Không có buổi nào sắp tới.\n"
    assert terminal.run("available", "--json").document["next"] is None


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (("sessions",), f"{EVENING} 12:00-14:30  Sao y, UBND  [scheduled]  volunteer 1  {SESSION}"),
        (
            ("sessions", "--applied"),
            f"{EVENING} 12:00-14:30  Sao y, UBND  [scheduled]  volunteer 1/1  {SESSION}",
        ),
        (("roster",), f"{SESSION}  volunteer  binh  proposed"),
    ],
)
def test_lists_are_lines(desk: Terminal, command: tuple[str, ...], line: str) -> None:
    """One line an entry for people."""
    assert line in desk.run(*command).out.splitlines()


@pytest.mark.parametrize("why", ["bad number", "refusal"])
def test_the_roster_marks_whom_no_text_reaches(desk: Terminal, why: str) -> None:
    """A coordinator sees before the evening whom to telephone; programs read the same as before."""
    before = desk.run("roster", "--json").document
    with (
        closing(Database(f"sqlite:///{desk.folder / 'catruc.db'}")) as database,
        database.write() as connection,
    ):
        if why == "refusal":
            ledger.write(connection, Consent("+84901000002", "duty", False, read_clock(), "sms", "STOP"))
        else:
            spoil(connection, "+84901000002", "30006", read_clock())
    lines = desk.run("roster").out.splitlines()
    assert f"{SESSION}  volunteer  binh  proposed  (không nhắn tin được)" in lines
    assert sum("không nhắn" in line for line in lines) == 1
    assert desk.run("roster", "--json").document == before


@pytest.mark.parametrize("command", ["sessions", "roster"])
def test_an_empty_list_is_a_dash(desk: Terminal, command: str) -> None:
    """Nothing at all would leave one wondering whether it ran."""
    assert desk.run(command, "--from", "2020-01-01", "--to", "2020-01-02").out == "–\n"


@pytest.mark.parametrize("command", ["roster", "messages", "available"])
def test_before_the_first_apply_there_is_nothing_to_list(terminal: Terminal, command: str) -> None:
    """The sentence says what to do, and looking makes no file."""
    terminal.write(SMALL)
    said = terminal.run(command)
    assert said.code == 1
    assert "catruc apply" in said.complaint
    assert terminal.files() == {"settings.toml"}


@pytest.mark.parametrize("command", ["roster", "messages", "available"])
def test_a_bad_edit_hides_nothing_that_is_in_force(desk: Terminal, command: str) -> None:
    """Lists of what is in force do not need the file, as long as the database lies where it did."""
    before = desk.run(command)
    desk.write("[[shifts")
    assert desk.run(command) == before


def test_a_cancelled_session_is_listed_as_such(desk: Terminal) -> None:
    """What is in force shows what is off; the roster shows who was expected."""
    desk.write(f"{SMALL}except = [{EVENING}]\nalso = [{LATER}]\n")
    desk.run("apply", "--yes")
    (one,) = desk.run("sessions", "--applied", "--json").document
    assert one["state"] == "cancelled"
    assert "[không diễn ra]" in desk.run("available").out
