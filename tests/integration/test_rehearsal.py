"""A rehearsal says so wherever one looks: at a terminal, beside the file, in the log and on the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
import structlog

from notifications.channels.console import Console
from notifications.veil import Veil
from scheduler.app import apply_settings, office_for, settings_in_force, settings_of_source
from scheduler.clock import read_clock
from scheduler.editing import Editing
from scheduler.running import Running
from scheduler.service.take_settings import Fate
from scheduler.settings.read import Reading, read_settings
from scheduler.store.database import Database
from scheduler.store.migrate import migrate
from scheduler.store.tick import Tick
from tests.desk import settings_of
from tests.terminal import SESSION, SMALL, Terminal

LIST = 'only_to = ["0901 000 009"]'
ON_TRIAL = SMALL.replace("[sms]", f"[sms]\n{LIST}")
OTHER_LIST = ON_TRIAL.replace("000 009", "000 008")
VOLUNTEERS = f"{SMALL}\n[sms.volunteer]\n{LIST}\n"
VI = "DIỄN TẬP: chỉ nhắn đến các số trong only_to."
EN = "REHEARSAL: only the numbers in only_to are texted."
PART = "DIỄN TẬP: tin cho tình nguyện viên chỉ đến các số trong only_to; những người khác vẫn nhận tin thật."

LOOKS = [
    ("check",),
    ("plan",),
    ("sessions",),
    ("simulate", "--days", "1", "--start", "2026-11-02"),
    ("apply", "--yes"),
    ("messages",),
    ("messages", "--summary"),
    ("roster",),
    ("available",),
    ("sessions", "--applied"),
]


@pytest.mark.parametrize(
    ("text", "told"), [(ON_TRIAL, VI), (VOLUNTEERS, PART)], ids=["everybody", "volunteers only"]
)
@pytest.mark.parametrize("look", LOOKS, ids=" ".join)
def test_a_command_ends_with_it(terminal: Terminal, look: tuple[str, ...], text: str, told: str) -> None:
    """The last line of whatever is looked at, where the eye rests; on stderr, out of the way of programs."""
    terminal.write(text)
    terminal.run("apply", "--yes")
    said = terminal.run(*look)
    assert (said.code, said.err) == (0, f"{told}\n")
    assert "DIỄN TẬP" not in said.out


@pytest.mark.parametrize("look", LOOKS, ids=" ".join)
def test_what_programs_read_stays_one_document(terminal: Terminal, look: tuple[str, ...]) -> None:
    """With --json the document alone is on stdout, and no key is new in it."""
    terminal.write(ON_TRIAL)
    terminal.run("apply", "--yes")
    on_trial = terminal.run(*look, "--json")
    terminal.write(SMALL)
    terminal.run("apply", "--yes")
    real = terminal.run(*look, "--json")
    assert (on_trial.err, real.err) == (f"{VI}\n", "")
    assert type(on_trial.document) is type(real.document)
    if isinstance(real.document, dict):
        assert on_trial.document.keys() == real.document.keys()


def test_it_is_said_in_the_language_of_the_terminal(terminal: Terminal) -> None:
    """An English terminal is told in English."""
    terminal.write(ON_TRIAL)
    terminal.speak("en_US.UTF-8")
    assert terminal.run("check").err == f"{EN}\n"


def test_who_records_an_answer_is_told_too(terminal: Terminal) -> None:
    """The coordinator who wonders why nobody is texted sees why."""
    terminal.write(ON_TRIAL)
    terminal.run("apply", "--yes")
    asked = next(seat for seat in terminal.run("roster", "--json").document if seat["state"] != "confirmed")
    said = terminal.run("confirm", SESSION, asked["person"])
    assert (said.code, said.err) == (0, f"{VI}\n")


def test_what_is_asked_before_applying_is_told_first(terminal: Terminal) -> None:
    """Also when the answer is no; the sentence is the last line."""
    terminal.write(ON_TRIAL)
    said = terminal.run("apply", typed="n\n")
    assert said.code == 1
    assert VI in said.err.splitlines()


def test_a_faulty_file_says_nothing_of_a_rehearsal(terminal: Terminal) -> None:
    """Nobody knows what it would have been."""
    terminal.write(ON_TRIAL.replace('days = "mon-sun"', 'days = "T9"'))
    assert "DIỄN TẬP" not in terminal.run("check").err


class Clerk:
    """A settings file under the eyes of the service, and the answer beside it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "settings.toml"
        self.database = Database(f"sqlite:///{folder / 'catruc.db'}")
        migrate(self.database)
        self.path.write_text(SMALL, encoding="utf-8")
        in_force = lambda: settings_in_force(self.database)  # noqa: E731 - a question in one word
        self._editing = Editing(self.path, self.database, self._read, in_force, lambda _: False, read_clock)

    def save(self, text: str) -> tuple[Fate, str]:
        """What becomes of an edit, and the answer."""
        self.path.write_text(text, encoding="utf-8")
        taken, _ = self._editing.take()
        answer = (self.path.parent / "ket-qua.txt").read_bytes().decode("utf-8-sig")
        return taken.fate, answer.replace("\r\n", "\n")

    def apply(self, text: str) -> None:
        """Brings settings into force as another process would."""
        apply_settings(self.database, office_for(self.database, settings_of(text)), read_clock())

    @contextmanager
    def running(self) -> Iterator[Running]:
        """The service on what is in force."""
        service = Running(
            self.database,
            Tick(self.database),
            settings_of_source,
            lambda name, settings: Console(StringIO()),
            lambda: False,
            {},
            Veil(b"the key of these tests"),
            read_clock,
        )
        service.start()
        try:
            yield service
        finally:
            service.stop()

    def _read(self, last_good: str | None) -> Reading:
        return read_settings(self.path, last_good)


@pytest.fixture
def clerk(tmp_path: Path) -> Iterator[Clerk]:
    """A clerk with a database of SQLite."""
    one = Clerk(tmp_path)
    yield one
    one.database.close()


def test_the_answer_beside_the_file_says_it(clerk: Clerk) -> None:
    """Below the verdict, for as long as it lasts."""
    fate, answer = clerk.save(ON_TRIAL)
    assert fate is Fate.ACCEPTED
    assert f"ĐÃ NHẬN. Lịch đang chạy theo tệp này.\n\n{VI}\n\n" in answer
    fate, answer = clerk.save(SMALL)
    assert (fate, "DIỄN TẬP" in answer) == (Fate.ACCEPTED, False)


def test_a_fault_leaves_the_rehearsal_in_force(clerk: Clerk) -> None:
    """What is told is what the service does, not what the faulty file would be."""
    clerk.save(ON_TRIAL)
    fate, answer = clerk.save(SMALL.replace('days = "mon-sun"', 'days = "T9"'))
    assert fate is Fate.FAULTY
    assert VI in answer


@pytest.mark.parametrize(
    ("former", "edited", "says"),
    [
        (SMALL, ON_TRIAL, "Thay đổi đang chờ sẽ bắt đầu diễn tập (only_to)."),
        (ON_TRIAL, OTHER_LIST, f"{VI}\nThay đổi đang chờ sẽ đổi cuộc diễn tập (only_to)."),
        (
            ON_TRIAL,
            SMALL,
            f"{VI}\nThay đổi đang chờ sẽ kết thúc diễn tập: mọi người nhận tin thật.",
        ),
        (ON_TRIAL, ON_TRIAL.replace("12:00", "12:15"), VI),
    ],
    ids=["begins", "changes", "ends", "goes on"],
)
def test_an_edit_that_waits_says_what_it_would_do_to_the_rehearsal(
    clerk: Clerk, former: str, edited: str, says: str
) -> None:
    """Whoever lets it pass knows that everybody will be texted."""
    by_hand = '[apply]\nmode = "manual"\n\n[sms]'
    clerk.apply(former)
    fate, answer = clerk.save(edited.replace("[sms]", by_hand))
    assert fate is Fate.HELD
    assert f"Lịch cũ vẫn chạy.\n\n{says}\n\n" in answer


def test_the_log_tells_when_it_begins_changes_and_ends(clerk: Clerk) -> None:
    """At the start of the service, and at each edit that comes into force; without the numbers."""
    clerk.apply(ON_TRIAL)
    with structlog.testing.capture_logs() as logged, clerk.running() as service:
        for text in (OTHER_LIST, f"{ON_TRIAL}\n[sms.staff]\nonly_to = []\n", SMALL, f"{SMALL}\n", ON_TRIAL):
            clerk.apply(text)
            service.refresh()
    told = [
        (line["turn"], line["audiences"], line["numbers"]) for line in logged if line["event"] == "rehearsal"
    ]
    everybody = "staff,volunteer,resident"
    assert told == [
        ("begun", everybody, 1),
        ("changed", everybody, 1),
        ("changed", "volunteer,resident", 1),
        ("ended", "", 0),
        ("begun", everybody, 1),
    ]
    assert "901000" not in str(logged)


def test_the_page_tells_from_the_edit_on(clerk: Clerk) -> None:
    """The board that residents see changes with the settings in force."""
    clerk.apply(SMALL)
    with clerk.running() as service:
        real = service.board().rehearsal
        clerk.apply(ON_TRIAL)
        service.refresh()
        on_trial = service.board().rehearsal
    assert real is None
    assert on_trial is not None
    assert on_trial.vi.startswith("ĐANG DIỄN TẬP.")
