"""Edits of the settings file while the service runs: taken, held or refused, and answered beside the file."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from notifications.halts import halt, resume
from scheduler.app import settings_in_force
from scheduler.editing import Editing
from scheduler.service.pretend import VirtualClock
from scheduler.service.take_settings import Fate
from scheduler.settings.read import Reading, read_settings
from scheduler.store.database import Database
from scheduler.store.migrate import migrate
from scheduler.surroundings import Surroundings, is_elsewhere
from tests.desk import ONE_EVENING, instant
from tests.workbook import workbook

NOW = "2026-11-09 08:00"


class Clerk:
    """A settings file that is saved, and the answer beside it."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.path = folder / "settings.toml"
        self.database = Database(database_url)
        migrate(self.database)
        self.clock = VirtualClock(instant(NOW))
        self.save(ONE_EVENING)
        here, around = f"sqlite:///{folder}/catruc.db", Surroundings(self.path, {}, StringIO(), StringIO())
        self.editing = Editing(
            self.path,
            self.database,
            self._read,
            lambda: settings_in_force(self.database),
            lambda edited: is_elsewhere(around, edited, here),
            self.clock,
        )

    def save(self, text: str) -> None:
        """Saves the file."""
        self.path.write_text(text, encoding="utf-8")

    def take(self) -> Fate:
        """What the service does with the file as it is now."""
        taken, _ = self.editing.take()
        return taken.fate

    def answer(self, name: str = "ket-qua.txt") -> str:
        """What stands in the answer, as Notepad shows it."""
        return (self.path.parent / name).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")

    def in_force(self) -> str | None:
        """The text that the service runs on."""
        settings = settings_in_force(self.database)
        return settings.source if settings else None

    def _read(self, last_good: str | None) -> Reading:
        return read_settings(self.path, last_good)


@pytest.fixture
def clerk(tmp_path: Path, database_url: str) -> Iterator[Clerk]:
    """A clerk with a settings file that nobody has read yet."""
    clerk = Clerk(tmp_path, database_url)
    yield clerk
    clerk.database.close()


def test_a_good_edit_is_accepted_and_answered(clerk: Clerk) -> None:
    """The answer says when, what it changed, and what will be sent."""
    assert clerk.take() is Fate.ACCEPTED
    assert clerk.answer().startswith("Tệp settings.toml, lúc 08:00:00 ngày 09/11/2026\n\nĐÃ NHẬN.")
    clerk.save(ONE_EVENING.replace("17:00-19:30", "18:00-20:00"))
    assert clerk.take() is Fate.ACCEPTED
    assert "~ sao-y-ubnd-sai-gon@2026-11-17  T3 17/11, 17:00-19:30" in clerk.answer()
    assert "→ T3 17/11, 18:00-20:00" in clerk.answer()
    assert "0 thêm, 1 dời, 0 bỏ" in clerk.answer()
    assert "sau 10 phút" in clerk.answer()


def test_the_answer_opens_in_notepad(clerk: Clerk) -> None:
    """UTF-8 with its mark, and both line ends."""
    clerk.take()
    raw = (clerk.path.parent / "ket-qua.txt").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\n") == raw.count(b"\r\n") > 3


def test_a_faulty_edit_changes_nothing_and_names_its_line(clerk: Clerk) -> None:
    """The old calendar goes on, and the clerk reads what to mend."""
    clerk.take()
    before = clerk.in_force()
    clerk.save(ONE_EVENING.replace('days = "T3"', 'days = "T9"'))
    assert clerk.take() is Fate.FAULTY
    assert clerk.in_force() == before
    assert "CHƯA NHẬN: có 1 lỗi. Lịch cũ vẫn chạy" in clerk.answer()
    assert 'settings.toml:46:9: không hiểu ngày "T9"' in clerk.answer()
    assert "lúc 08:00:00" in clerk.answer(), "told by the desk's own clock, not the machine's"


def test_a_large_edit_waits_for_a_person(clerk: Clerk) -> None:
    """What would call off more than hold_above allows is shown, not done."""
    many = ONE_EVENING.replace("until = 2026-11-22\n", "until = 2027-11-22\n")
    limited = many.replace("[sms]", "[apply]\nhold_above = { cancelled = 0 }\n\n[sms]")
    clerk.save(limited)
    assert clerk.take() is Fate.ACCEPTED
    clerk.save(limited.replace("until = 2027-11-22", "until = 2026-11-22"))
    assert clerk.take() is Fate.HELD
    assert clerk.in_force() == limited
    assert "ĐANG CHỜ" in clerk.answer()
    assert "0 thêm, 0 dời, 1 bỏ" in clerk.answer()


def test_by_hand_every_edit_waits_but_the_first(clerk: Clerk) -> None:
    """With mode = "manual" nothing comes into force before somebody says so."""
    by_hand = ONE_EVENING.replace("[sms]", '[apply]\nmode = "manual"\n\n[sms]')
    clerk.save(by_hand)
    assert clerk.take() is Fate.ACCEPTED
    clerk.save(by_hand.replace('name = "UBND Sài Gòn"', 'name = "UBND P. Sài Gòn"'))
    assert clerk.take() is Fate.HELD
    assert clerk.in_force() == by_hand


def test_the_first_edit_on_a_paid_channel_waits(clerk: Clerk) -> None:
    """Before anybody is really texted, a person looks once."""
    clerk.save(ONE_EVENING.replace("[sms]", '[sms]\nchannel = "twilio"'))
    assert clerk.take() is Fate.HELD
    assert clerk.in_force() is None


def test_the_same_text_again_is_known(clerk: Clerk) -> None:
    """A restart reads the file again and says nothing new; a lost answer is written again."""
    clerk.take()
    told = clerk.answer()
    clerk.clock.now = instant("2026-11-10 08:00")
    assert clerk.take() is Fate.KNOWN
    assert clerk.answer() == told
    (clerk.path.parent / "ket-qua.txt").unlink()
    clerk.take()
    assert "ĐÃ NHẬN" in clerk.answer()


def test_an_english_desk_gets_an_english_answer(clerk: Clerk) -> None:
    """The first of the desk's languages is that of its answers."""
    clerk.save(ONE_EVENING.replace("[sms]", 'languages = ["en", "vi"]\n\n[sms]'))
    clerk.take()
    assert "ACCEPTED. The desk runs on this file." in clerk.answer("result.txt")
    clerk.save("nonsense")
    clerk.take()
    assert not (clerk.path.parent / "ket-qua.txt.tmp").exists()


def test_where_no_answer_can_be_written_the_edit_counts_all_the_same(clerk: Clerk) -> None:
    """A folder that takes no answer is no reason to ignore the clerk."""
    (clerk.path.parent / "ket-qua.txt").mkdir()
    assert clerk.take() is Fate.ACCEPTED


@pytest.mark.parametrize("named", ["sqlite:///khac.db", "postgresql://catruc@may-chu:cong/catruc"])
def test_an_edit_that_names_another_database_is_taken_and_told(clerk: Clerk, named: str) -> None:
    """It counts from the next start, and what is stored stays behind: whoever slipped must know before."""
    clerk.take()
    assert "catruc move" not in clerk.answer()
    clerk.save(ONE_EVENING.replace("[service]", f'[service]\ndatabase = "{named}"'))
    assert clerk.take() is Fate.ACCEPTED
    assert "ĐÃ NHẬN" in clerk.answer()
    assert "catruc move" in clerk.answer()
    clerk.save(ONE_EVENING)
    clerk.take()
    assert "catruc move" not in clerk.answer()


def test_an_edit_is_noticed_once_it_rests(clerk: Clerk) -> None:
    """A look takes the edit as soon as two looks have seen the same file."""
    clerk.take()
    clerk.save(ONE_EVENING.replace("17:00-19:30", "18:00-20:00"))
    assert [clerk.editing.look(), clerk.editing.look(), clerk.editing.look()] == [False, True, False]
    assert "18:00-20:00" in str(clerk.in_force())


def test_an_edit_that_is_undone_is_answered_too(clerk: Clerk) -> None:
    """Whoever mends the file back to what is in force reads that all is well again."""
    clerk.take()
    clerk.save("nonsense")
    clerk.take()
    assert "CHƯA NHẬN" in clerk.answer()
    clerk.save(ONE_EVENING)
    assert clerk.take() is Fate.KNOWN
    assert "ĐÃ NHẬN. Lịch đang chạy theo tệp này." in clerk.answer()


def test_each_ward_with_a_file_of_its_own_gets_an_answer(clerk: Clerk) -> None:
    """A fault in one ward's file freezes that file's part, and is told in that ward's folder."""
    wards = clerk.path.parent / "wards"
    wards.mkdir()
    main, shift = ONE_EVENING.split("[[shifts]]")
    clerk.save('include = ["wards/*.toml"]\n' + main)
    (wards / "sai-gon.toml").write_text(f"[[shifts]]{shift}", encoding="utf-8")
    assert clerk.take() is Fate.ACCEPTED
    (wards / "sai-gon.toml").write_text(f"[[shifts]]{shift}".replace("T3", "T9"), encoding="utf-8")
    assert [clerk.editing.look(), clerk.editing.look()] == [False, True]
    for folder in ("", "wards/"):
        assert "ĐÃ NHẬN MỘT PHẦN" in clerk.answer(f"{folder}ket-qua.txt")
        assert 'không hiểu ngày "T9"' in clerk.answer(f"{folder}ket-qua.txt")
    assert "T3" in str(clerk.in_force())


def test_a_new_file_of_a_ward_is_noticed(clerk: Clerk) -> None:
    """Also the first one, in a folder that was empty."""
    wards = clerk.path.parent / "wards"
    wards.mkdir()
    clerk.save('include = ["wards/*.toml"]\n' + ONE_EVENING)
    clerk.take()
    clerk.editing.look()
    someone = '[[people]]\nname = "Mai"\nphone = "0901 000 009"\nroles = ["volunteer"]\n'
    (wards / "ben-thanh.toml").write_text(someone, encoding="utf-8")
    assert [clerk.editing.look(), clerk.editing.look()] == [False, True]
    assert "Mai" in str(clerk.in_force())


def test_that_texts_stand_still_is_told_beside_the_file(clerk: Clerk) -> None:
    """Who never sees a terminal learns it there, first of all, and that they go again."""
    clerk.take()
    accepted = clerk.answer()
    with clerk.database.write() as connection:
        halt(connection, "twilio", "20003", "Twilio refuses the token.", clerk.clock())
    assert not clerk.editing.look()
    assert clerk.answer().startswith("TIN ĐANG DỪNG từ 08:00 09/11 (kênh twilio): Twilio refuses the token.")
    assert accepted in clerk.answer()
    with clerk.database.write() as connection:
        resume(connection, "twilio", clerk.clock())
    clerk.editing.look()
    assert clerk.answer() == accepted


OWN = "{{ sender }}: Mời {{ salutation }} {{ name }} trực {{ service }} {{ when }}. Gọi {{ hotline }}."


def _with_texts(clerk: Clerk) -> Path:
    """The desk in force, with an empty folder of texts."""
    texts = clerk.path.parent / "texts"
    texts.mkdir()
    clerk.save('texts = "texts/"\n' + ONE_EVENING)
    clerk.take()
    clerk.editing.look()
    return texts


def test_a_text_in_the_clerk_s_words_is_noticed_and_answered(clerk: Clerk) -> None:
    """The first one in an empty folder too; the answer shows the new words, there and beside the settings."""
    texts = _with_texts(clerk)
    (texts / "ask.vi.txt").write_text(OWN, encoding="utf-8")
    assert [clerk.editing.look(), clerk.editing.look()] == [False, True]
    for folder in ("", "texts/"):
        assert "ĐÃ NHẬN" in clerk.answer(f"{folder}ket-qua.txt")
        assert f"~ tin ask.vi.txt: {OWN}" in clerk.answer(f"{folder}ket-qua.txt")
        assert "Tin nào chưa gửi thì sẽ gửi bằng lời mới" in clerk.answer(f"{folder}ket-qua.txt")
    assert "Mời {{ salutation }}" in str(clerk.in_force())
    assert [clerk.editing.look() for _ in range(3)][-1] is False, "our own answer is no text"


def test_a_text_with_a_fault_leaves_the_old_one(clerk: Clerk) -> None:
    """What is wrong is told with the line of the text, and nothing of it is in force."""
    texts = _with_texts(clerk)
    (texts / "ask.vi.txt").write_text(OWN, encoding="utf-8")
    clerk.take()
    (texts / "ask.vi.txt").write_text("{{ sender }}: Chào {{ ten }}", encoding="utf-8")
    assert [clerk.editing.look(), clerk.editing.look()] == [False, True]
    assert "ĐÃ NHẬN MỘT PHẦN" in clerk.answer("texts/ket-qua.txt")
    assert 'ask.vi.txt:1:23: tin này không có mục "ten"' in clerk.answer("texts/ket-qua.txt")
    assert "Mời {{ salutation }}" in str(clerk.in_force())


def test_a_text_that_is_taken_away_is_the_shipped_one_again(clerk: Clerk) -> None:
    """The answer shows which words are sent from now on."""
    texts = _with_texts(clerk)
    (texts / "ask.vi.txt").write_text(OWN, encoding="utf-8")
    clerk.take()
    (texts / "ask.vi.txt").unlink()
    assert [clerk.editing.look(), clerk.editing.look()] == [False, True]
    assert "~ tin ask.vi.txt: {{ sender }}: Mời {{ salutation }} {{ name }} trực" in clerk.answer()
    assert clerk.in_force() == 'texts = "texts/"\n' + ONE_EVENING


def test_a_folder_of_texts_that_is_made_later_is_noticed(clerk: Clerk) -> None:
    """Who is told that it is missing makes it, and need not save the settings again."""
    clerk.take()
    clerk.save('texts = "texts/"\n' + ONE_EVENING)
    assert clerk.take() is Fate.FAULTY
    assert 'không có thư mục "texts/"' in clerk.answer()
    clerk.editing.look()
    (clerk.path.parent / "texts").mkdir()
    assert True in [clerk.editing.look() for _ in range(3)]
    assert "ĐÃ NHẬN" in clerk.answer()


LISTED = """\
people = ["ds.xlsx"]
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
[[wards]]
name = "Sài Gòn"
[[places]]
name = "UBND"
[[services]]
name = "Sao y"
[[shifts]]
service = "Sao y"
days = "T3"
time = "17:00-19:30"
needs = { volunteer = 1 }
"""
ROWS = (("Họ tên", "Điện thoại", "Vai trò"), ("An", "0901000011", "TNV"), ("Bình", "0901000012", "TNV"))


def _list(clerk: Clerk, *rows: tuple[str, ...]) -> Path:
    path = clerk.path.with_name("ds.xlsx")
    path.write_bytes(workbook(rows))
    return path


def _people(clerk: Clerk) -> list[str]:
    settings = settings_in_force(clerk.database)
    return [person.name for person in settings.desk.people.values()] if settings else []


def test_an_edit_of_a_list_is_noticed_and_answered_by_its_rows(clerk: Clerk) -> None:
    """Like one of the settings; what Excel leaves beside an open file is nothing."""
    _list(clerk, *ROWS)
    clerk.save(LISTED)
    assert clerk.take() is Fate.ACCEPTED
    _list(clerk, *ROWS, ("Cúc", "028 3829 7052", "TNV"), ("Dũng", "0901000012", ""))
    clerk.path.with_name("~$ds.xlsx").write_bytes(b"\x05clerk")
    assert [clerk.editing.look() for _ in range(3)] == [False, True, False]
    assert "CHƯA NHẬN" not in clerk.answer()
    assert "ĐÃ NHẬN MỘT PHẦN" in clerk.answer()
    assert "ds.xlsx:4:2: số cố định không nhận được tin nhắn" in clerk.answer()
    assert "ds.xlsx:5:2: số này đã dùng ở dòng 3" in clerk.answer()
    assert _people(clerk) == ["An", "Bình"]
    _list(clerk, *ROWS, ("Cúc", "0901000013", "TNV"))
    assert [clerk.editing.look() for _ in range(2)] == [False, True]
    assert _people(clerk) == ["An", "Bình", "Cúc"]


def test_a_half_saved_list_is_told_and_read_again(clerk: Clerk) -> None:
    """Everybody stays while it is in pieces or away; when it is whole it counts."""
    whole = _list(clerk, *ROWS)
    clerk.save(LISTED)
    assert clerk.take() is Fate.ACCEPTED
    content = _list(clerk, *ROWS, ("Cúc", "0901000013", "TNV")).read_bytes()
    whole.write_bytes(content[: len(content) // 2])
    assert [clerk.editing.look() for _ in range(2)] == [False, True]
    assert "nếu Excel đang lưu thì máy sẽ tự xem lại" in clerk.answer()
    assert _people(clerk) == ["An", "Bình"]
    whole.unlink()
    assert [clerk.editing.look() for _ in range(2)] == [False, True]
    assert "không có tệp này" in clerk.answer()
    whole.write_bytes(content)
    assert [clerk.editing.look() for _ in range(2)] == [False, True]
    assert _people(clerk) == ["An", "Bình", "Cúc"]
