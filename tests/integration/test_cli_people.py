"""follow, unfollow, confirm and decline at a terminal."""

import pytest

from tests.served import catruc
from tests.terminal import SESSION, SMALL, Terminal


def test_a_resident_follows_and_stops(desk: Terminal) -> None:
    """Each is confirmed on the screen and by a text; the number is shown nowhere."""
    begun = desk.run("follow", "0901 234 567", "sao y", "Sài Gòn")
    assert (begun.code, begun.out, begun.err) == (0, "Đã ghi nhận: Sao y, Sài Gòn.\n", "")
    assert (
        desk.run("follow", "+84901234567", "sao-y", "sai gon").out == "Số này đã theo dõi: Sao y, Sài Gòn.\n"
    )
    kinds = {one["kind"] for one in desk.run("messages", "--to", "0901234567", "--json").document}
    assert {"followed", "resident"} <= kinds
    ended = desk.run("unfollow", "0901 234 567", "sao y", "Sài Gòn")
    assert (ended.code, ended.out) == (0, "Đã ngừng: Sao y, Sài Gòn.\n")
    states = {
        one["kind"]: one["state"] for one in desk.run("messages", "--to", "0901234567", "--json").document
    }
    assert states == {"followed": "waiting", "resident": "cancelled", "unfollowed": "waiting"}


def test_who_follows_nothing_cannot_stop(desk: Terminal) -> None:
    """The clerk sees that something of the three is not what was meant."""
    said = desk.run("unfollow", "0901 234 567", "sao y", "Sài Gòn")
    assert said.code == 1
    assert "không theo dõi" in said.complaint


def test_the_number_may_come_from_stdin(desk: Terminal) -> None:
    """`-` keeps it out of the shell's history."""
    assert desk.run("follow", "-", "sao y", "Sài Gòn", typed="0901 234 567\n").code == 0
    assert desk.run("unfollow", "-", "sao y", "Sài Gòn", typed="0901 234 567\n").code == 0


def test_a_resident_may_read_english(desk: Terminal) -> None:
    """The language goes with the number."""
    desk.run("follow", "0901 234 567", "sao y", "Sài Gòn", "--language", "en")
    texts = desk.run("messages", "--to", "0901234567", "--json").document
    assert any("A text before each Certification" in one["text"] for one in texts)


@pytest.mark.parametrize("command", ["follow", "unfollow"])
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("12", "sao y", "Sài Gòn"), "0901 234 567"),
        (("028 3829 7052", "sao y", "Sài Gòn"), "di động"),
        (("0901 234 567", "xyzzyx", "Sài Gòn"), "sao-y"),
        (("0901 234 567", "sao y", "xyzzyx"), "sai-gon"),
        (("0901 234 567", "sao y", "Bến Nghé"), "sai-gon, tan-dinh"),
    ],
    ids=["no number", "a landline", "no service", "no ward", "an old name of two wards"],
)
def test_what_cannot_be_followed_is_one_line(
    desk: Terminal, command: str, words: tuple[str, ...], says: str
) -> None:
    """What is wrong and what would be right; the number is not repeated."""
    said = desk.run(command, *words)
    assert said.code == 1
    assert says in said.complaint
    assert words[0] not in said.complaint


@pytest.mark.parametrize("who", ["binh", "Bình", "BINH"])
def test_a_coordinator_records_a_yes(desk: Terminal, who: str) -> None:
    """By id or name, accents and case not minded; a second time changes nothing and says so."""
    said = desk.run("confirm", SESSION, who)
    assert (said.code, said.out) == (0, "Đã ghi nhận: nhận ca.\n")
    assert {"session": SESSION, "role": "volunteer", "person": "binh", "state": "confirmed"} in desk.run(
        "roster", "--json"
    ).document
    again = desk.run("confirm", SESSION, who)
    assert again.code == 1
    assert "Không có gì thay đổi: đã ghi như vậy rồi." in again.complaint


def test_a_coordinator_records_a_no(desk: Terminal) -> None:
    """The next best is proposed at once, and named; where there is none, nobody is promised."""
    said = desk.run("decline", SESSION, "Bình")
    assert (said.code, said.out) == (0, "Đã ghi nhận: không đến; người được hỏi thay: Nguyễn An.\n")
    assert {one["person"]: one["state"] for one in desk.run("roster", "--json").document} == {
        "dung": "confirmed",
        "binh": "declined",
        "nguyen-an": "proposed",
    }
    assert "chỗ đã có người khác" in desk.run("confirm", SESSION, "Bình").complaint
    last = desk.run("decline", SESSION, "Nguyễn An")
    assert (last.code, last.out) == (0, "Đã ghi nhận: không đến; chưa có ai để hỏi thay.\n")


@pytest.mark.parametrize("command", ["confirm", "decline"])
@pytest.mark.parametrize(
    ("session", "person", "says"),
    [
        ("sao-y-ubnd@2020-01-01", "binh", "catruc sessions --applied"),
        (SESSION, "Nguyễn An", "catruc roster"),
        (SESSION, "xyzzyx", "catruc roster"),
    ],
    ids=["no session", "not on it", "nobody"],
)
def test_an_answer_to_nothing_is_one_line(
    desk: Terminal, command: str, session: str, person: str, says: str
) -> None:
    """The sentence names the command that lists what there is."""
    said = desk.run(command, session, person)
    assert said.code == 1
    assert says in said.complaint


def test_who_left_the_list_cannot_take_the_seat_back(desk: Terminal) -> None:
    """Their seat stands in the books under the id that it had, and somebody else was given it."""
    desk.write(SMALL.replace('name = "Bình"\nphone = "0901 000 002"', 'name = "Yên"\nphone = "0901 000 003"'))
    desk.run("apply", "--yes")
    said = desk.run("confirm", SESSION, "binh")
    assert said.code == 1
    assert "Không có gì thay đổi" in said.complaint


def test_english_terminals_get_english(desk: Terminal) -> None:
    """The terminal decides how catruc speaks to the clerk; residents are texted in their own language."""
    desk.speak("en_US.UTF-8")
    assert desk.run("follow", "0901 234 567", "sao y", "Sài Gòn").out == "Recorded: Certification, Sài Gòn.\n"
    assert "landline" in desk.run("follow", "028 3829 7052", "sao y", "Sài Gòn").complaint
    assert desk.run("decline", SESSION, "Bình").out == "Recorded: does not come; asked instead: Nguyễn An.\n"
    assert "Nothing was changed: the seat is taken." in desk.run("confirm", SESSION, "Bình").complaint


def test_a_number_goes_through_a_real_pipe(desk: Terminal) -> None:
    """`echo NUMBER | catruc follow - …`, as a process of its own."""
    said = catruc("follow", "-", "sao y", "sai-gon", "--settings", str(desk.settings), typed="0901 234 567\n")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == "Recorded: Certification, Sài Gòn.\n"


def test_a_person_is_replaced_by_the_best_of_the_others(desk: Terminal) -> None:
    """Who was taken off is not proposed again; where nobody can come, the seat says why."""
    seated = {one["person"] for one in desk.run("roster", "--json").document if one["role"] == "volunteer"}
    gone = min(seated)
    done = desk.run("replace", SESSION, gone)
    assert done.code == 0, done.err
    states = {one["person"]: one["state"] for one in desk.run("roster", "--json").document}
    assert states[gone] == "released"
    again = desk.run("replace", SESSION, gone)
    assert (again.code, "Không có gì thay đổi" in again.complaint) == (1, True)


def test_each_seat_is_explained(desk: Terminal) -> None:
    """In words and as JSON: who sits there, who else could, what stands in the way of an empty seat."""
    told = desk.run("roster", "--why", SESSION)
    assert told.code == 0, told.err
    assert told.out.startswith(f"{SESSION}  ")
    assert "1 điểm = nửa giờ" in told.out
    document = desk.run("roster", "--why", SESSION, "--json").document
    assert document["session"] == SESSION
    assert {"role", "person", "cost", "grounds", "others", "obstacles", "named"} == set(document["seats"][0])
    nowhere = desk.run("roster", "--why", "sao-y-ubnd@2020-01-01")
    assert (nowhere.code, "Không có buổi trực" in nowhere.complaint) == (1, True)


def test_an_empty_seat_says_what_stands_in_the_way(desk: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """When all have said no, each is counted under the first thing that keeps them away."""
    for _ in range(5):
        for one in desk.run("roster", "--json").document:
            if one["role"] == "volunteer" and one["state"] not in ("declined", "released"):
                desk.run("decline", SESSION, one["person"])
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    told = desk.run("roster", "--why", SESSION)
    assert "volunteer: empty. No volunteer is free on" in told.out
    assert "said no or were sent home" in told.out
