"""A clerk follows docs/huong-dan.md: each file of it is saved, and ket-qua.txt answers as the page says."""

import re
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import pytest

from scheduler.app import settings_in_force
from scheduler.editing import Editing
from scheduler.service.pretend import VirtualClock
from scheduler.settings.read import Reading, read_settings
from scheduler.settings.settings import Settings
from scheduler.store.database import Database
from scheduler.store.migrate import migrate
from scheduler.web.personal.words import VI
from tests.desk import instant
from tests.pages import GUIDE, examples_of, put_other_files

SMALLEST, MISTAKE, OTHER_DAYS, ONE_OFF, TET, ONE_MORE, TRIAL, OWN_TEXT = examples_of(GUIDE)


class Clerk:
    """A clerk with the Excel list of the guide, on a Monday from which on four weeks are planned."""

    def __init__(self, folder: Path, database: Database, monday: str) -> None:
        put_other_files(folder)
        self._file, self._answer = folder / "settings.toml", folder / "ket-qua.txt"
        self._database, self._clock = database, VirtualClock(instant(f"{monday} 08:00"))

    def save(self, text: str) -> str:
        """Saves the file; returns what the answer says below its first line."""
        self._file.write_text(text, encoding="utf-8")
        service = Editing(
            self._file, self._database, self._read, self._in_force, lambda _: False, self._clock
        )
        service.take()
        return self._answer.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").partition("\n\n")[2]

    def _read(self, last_good: str | None) -> Reading:
        return read_settings(self._file, last_good)

    def _in_force(self) -> Settings | None:
        return settings_in_force(self._database)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    opened = Database(f"sqlite:///{tmp_path / 'catruc.db'}")
    migrate(opened)
    yield opened
    opened.close()


def test_the_shortest_file_is_accepted_with_its_list(tmp_path: Path, database: Database) -> None:
    """Eight evenings in four weeks, two volunteers each, from three people in the list."""
    answer = Clerk(tmp_path, database, "2026-11-30").save(SMALLEST[0])
    assert answer.startswith("ĐÃ NHẬN.")
    assert "Buổi trực: 8 thêm, 0 dời, 0 bỏ. Phân công: 16 thêm" in answer


@pytest.mark.parametrize(
    ("edit", "monday", "says"),
    [
        # All move, and Monday the 28th comes into the four weeks.
        (OTHER_DAYS, "2026-11-30", "Buổi trực: 1 thêm, 8 dời, 0 bỏ."),
        (ONE_OFF, "2026-11-30", "→ T4 23/12, 17:00-19:30"),
        # The law has closed most of Tết already; what goes is Thursday the 11th.
        (TET, "2027-02-01", "Buổi trực: 0 thêm, 0 dời, 1 bỏ."),
        (ONE_MORE, "2026-11-30", "Buổi trực: 4 thêm, 0 dời, 0 bỏ."),
        (TRIAL, "2026-11-30", "DIỄN TẬP: chỉ nhắn đến các số trong only_to."),
        (OWN_TEXT, "2026-11-30", "~ tin ask.vi.txt: {{ sender }}: Kính mời {{ salutation }} {{ name }}"),
    ],
)
def test_an_edit_of_the_guide_is_accepted(
    edit: tuple[str, str], monday: str, says: str, tmp_path: Path, database: Database
) -> None:
    """What the page promises of an edit is what the answer tells."""
    clerk = Clerk(tmp_path, database, monday)
    clerk.save(SMALLEST[0])
    answer = clerk.save(edit[0])
    assert answer.startswith("ĐÃ NHẬN.")
    assert says in answer


def test_a_mistake_leaves_the_old_calendar_and_is_shown(tmp_path: Path, database: Database) -> None:
    """The answer holds the very lines that the page shows."""
    clerk = Clerk(tmp_path, database, "2026-11-30")
    clerk.save(SMALLEST[0])
    text, shown = MISTAKE
    answer = clerk.save(text)
    assert answer.startswith("CHƯA NHẬN: có 1 lỗi. Lịch cũ vẫn chạy")
    assert shown in answer.replace(f"{tmp_path}/", "")


def test_the_guide_lists_what_an_answer_may_begin_with(tmp_path: Path, database: Database) -> None:
    """A big change waits, a fault in one file of several freezes that one; the page names all four."""
    section = GUIDE.read_text(encoding="utf-8").partition("## 3.")[2].partition("## 4.")[0]
    words = re.findall(r"^\| \*\*(.+?)\*\* \|", section, re.MULTILINE)
    clerk = Clerk(tmp_path, database, "2026-11-30")
    several = 'include = ["phuong.toml"]\n'
    (tmp_path / "phuong.toml").write_text('[[wards]]\nname = "Tân Định"\n', encoding="utf-8")
    ward = SMALLEST[0].replace("[[places]]\n", '[[places]]\nward = "Sài Gòn"\n')
    answers = [clerk.save(several + ward)]
    answers.append(clerk.save(MISTAKE[0]))
    cautious = several + ward + "[apply]\nhold_above = { cancelled = 0 }\n"
    clerk.save(cautious)
    answers.append(clerk.save(cautious.replace('["T3", "T5"]', '["T3"]')))
    (tmp_path / "phuong.toml").write_text("[[wards]]\n", encoding="utf-8")
    answers.append(clerk.save(several + ward + "# sửa\n"))
    assert [next(word for word in reversed(words) if answer.startswith(word)) for answer in answers] == words


def test_the_buttons_that_the_guide_names_are_there() -> None:
    """Whoever reads of a button finds it under that name."""
    counter = GUIDE.read_text(encoding="utf-8").partition("## 5.")[2].partition("## 6.")[0]
    named = re.findall(r"(?:^\| |mục |bấm |hoặc )\*+(.+?)\*+", counter, re.MULTILINE)
    assert len(named) == 9
    assert set(named) <= {*astuple(VI)}
