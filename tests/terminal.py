"""A clerk at a terminal: a folder with a settings file, and ``catruc`` run in it."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.cli.main import run

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY = datetime.now(UTC).astimezone(SAIGON).date()
EVENING = TODAY + timedelta(days=3)
"""The date of the one session: its question is due at once, its reminders in more than a day."""

LATER = EVENING + timedelta(days=200)
"""A date outside the window."""

SESSION = f"sao-y-ubnd@{EVENING}"

SMALL = f"""\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
hotline = "028 0000 0000"

[sms]
sender = "UBNDQ1"
price = "820 VND"

[[wards]]
name = "Sài Gòn"
formerly = ["Bến Nghé"]

[[wards]]
name = "Tân Định"
formerly = ["Bến Nghé"]

[[places]]
name = "UBND"
ward = "Sài Gòn"
address = "45 Lê Duẩn"

[[services]]
id = "sao-y"
name = {{ vi = "Sao y", en = "Certification" }}
bring = "CCCD"
last_entry = "30 minutes"

[[people]]
name = "Nguyễn An"
phone = "0901 000 001"
roles = ["volunteer"]

[[people]]
name = "Bình"
phone = "0901 000 002"
roles = ["volunteer"]

[[people]]
name = "Dũng"
phone = "0901 000 004"
roles = ["staff"]

[[shifts]]
service = "sao-y"
days = "mon-sun"
on_holiday = "keep"
time = "12:00-14:30"
from = {EVENING}
until = {EVENING}
needs = {{ volunteer = 1 }}
staff = ["Dũng"]
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Its output as the one JSON document that it is."""
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """Its error: one line, with nothing else on either stream, and never a traceback."""
        assert not self.out
        assert self.err.startswith("catruc: ")
        assert self.err.count("\n") == 1
        assert self.err.endswith("\n")
        return self.err.removeprefix("catruc: ").rstrip("\n")


class _Keyboard(StringIO):
    """Lines that somebody types, after something else has happened."""

    def __init__(self, typed: str, meanwhile: Callable[[], object] | None) -> None:
        super().__init__(typed)
        self._meanwhile = meanwhile

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # the stubs' own bases disagree
        """The next line."""
        if self._meanwhile:
            self._meanwhile()
        return super().readline(size)


class Terminal:
    """Runs commands in this process, on ``settings.toml`` in `folder`."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.folder = folder
        self.settings = folder / "settings.toml"
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        for name in ("LC_ALL", "LC_MESSAGES", "CATRUC_DATABASE"):
            monkeypatch.delenv(name, raising=False)
        self.speak("vi_VN.UTF-8")

    def speak(self, locale: str) -> None:
        """Gives the terminal a locale."""
        self.export("LANG", locale)

    def export(self, name: str, value: str) -> None:
        """Sets a variable of the environment."""
        self._monkeypatch.setenv(name, value)

    def write(self, text: str) -> None:
        """Saves the settings file."""
        self.settings.write_text(text, encoding="utf-8")

    def run(self, *words: str, typed: str = "", meanwhile: Callable[[], object] | None = None) -> Said:
        """Runs one command on the settings file; `meanwhile` happens while it waits for what is typed."""
        self._monkeypatch.setattr(sys, "stdin", _Keyboard(typed, meanwhile))
        code = run([*words, "--settings", str(self.settings)])
        out, err = self._capsys.readouterr()
        return Said(code, out, err)

    def files(self) -> set[str]:
        """The names of the files in the folder."""
        return {path.name for path in self.folder.iterdir()}
