"""Edits of the settings file while the service runs: noticed, taken, and answered beside the file."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from notifications.template import Templates
from scheduler.service.take_settings import Fate, Taken, take_settings
from scheduler.service.tell_result import ALL_ACCEPTED, NAMES, result_in_words
from scheduler.settings.read import Reading
from scheduler.settings.settings import Settings
from scheduler.settings.watch import Watch
from scheduler.store.database import Database

log = structlog.get_logger(__name__)


class Editing:
    """Watches one settings file with all that it includes.

    `read` reads it, given the source that was in force; `in_force` returns the settings in force.
    """

    def __init__(
        self,
        path: Path,
        database: Database,
        templates: Templates,
        read: Callable[[str | None], Reading],
        in_force: Callable[[], Settings | None],
        clock: Callable[[], datetime],
    ) -> None:
        self._path = path
        self._database = database
        self._templates = templates
        self._read = read
        self._in_force = in_force
        self._clock = clock
        self._watch = Watch([path])

    def look(self) -> bool:
        """Takes an edit that has come to rest; returns whether there was one."""
        if not self._watch.look():
            return False
        self.take()
        return True

    def take(self) -> tuple[Taken, Reading]:
        """Reads the file as it is now, brings it into force where it may, and writes the answer beside it."""
        former = self._in_force()
        reading = self._read(former.source if former else None)
        taken = take_settings(self._database, reading.settings, former, self._templates, self._clock())
        _tell_log(taken, reading)
        files = [self._path, *map(Path, reading.others)]
        self._watch.follow([*files, *folders_of(self._path, reading)])
        self._answer(taken, reading, former, {file.parent for file in files})
        return taken, reading

    def _answer(self, taken: Taken, reading: Reading, former: Settings | None, folders: set[Path]) -> None:
        language = reading.language
        words = result_in_words(taken, reading, self._path.name, language, former)
        for folder in folders:
            answer = folder / NAMES[language]
            if taken.fate is Fate.KNOWN and not reading.problems and _tells_acceptance(answer):
                continue
            try:
                # Notepad takes UTF-8 for something else without the mark, and wants both line ends.
                half = answer.with_name(answer.name + ".tmp")
                half.write_bytes(words.replace("\n", "\r\n").encode("utf-8-sig"))
                half.replace(answer)
            except OSError as fault:
                log.warning("answer_not_written", folder=str(folder), fault=str(fault))


def _tell_log(taken: Taken, reading: Reading) -> None:
    """One line an edit: what became of it, the first thing wrong, and the size of what waits or was done."""
    first = _without_numbers(reading.problems[0].heading("en")) if reading.problems else None
    told = {"fate": str(taken.fate), "problems": len(reading.problems), "first": first}
    if taken.applied is not None:
        changes = taken.applied.changes
        told |= {
            "added": len(changes.added) + len(changes.restored),
            "moved": len(changes.moved),
            "cancelled": len(changes.cancelled),
            "texts": taken.applied.texts,
        }
    log.info("settings_read", **{name: value for name, value in told.items() if value is not None})


def _without_numbers(sentence: str) -> str:
    """What a clerk mistyped may be a telephone number: none may end in a log."""
    return re.sub(r"\+?\d(?:[ .-]?\d){7,}", "•••", sentence)


def folders_of(path: Path, reading: Reading) -> list[Path]:
    """The folders in which a new file may be one that the settings include."""
    folders = {Path(name).parent for name in reading.others}
    if "include" in reading.text:
        folders |= {one for pattern in ("*/", "*/*/") for one in path.parent.glob(pattern) if one.is_dir()}
    return sorted(folders)


def _tells_acceptance(answer: Path) -> bool:
    try:
        told = answer.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return False
    return any(verdict in told for verdict in ALL_ACCEPTED)
