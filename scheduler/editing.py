"""Edits of the settings file while the service runs: noticed, taken, and answered beside the file."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from notifications.halts import halted
from scheduler.service.take_settings import Fate, Taken, take_settings
from scheduler.service.tell_result import ALL_ACCEPTED, NAMES, Halt, result_in_words
from scheduler.settings.read import Reading
from scheduler.settings.settings import Settings
from scheduler.settings.watch import Watch
from scheduler.store.database import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Last:
    """The last edit that was taken, and the folders in which it is answered."""

    taken: Taken
    reading: Reading
    former: Settings | None
    folders: frozenset[Path]
    elsewhere: bool


class Editing:
    """Watches one settings file with all that it includes.

    `read` reads it, given the source that was in force; `in_force` returns the settings in force, and
    `is_elsewhere` whether settings name another database than this one.
    """

    def __init__(
        self,
        path: Path,
        database: Database,
        read: Callable[[str | None], Reading],
        in_force: Callable[[], Settings | None],
        is_elsewhere: Callable[[Settings], bool],
        clock: Callable[[], datetime],
    ) -> None:
        self._path = path
        self._database = database
        self._read = read
        self._in_force = in_force
        self._is_elsewhere = is_elsewhere
        self._clock = clock
        self._watch = Watch([path])
        self._last: _Last | None = None
        self._halts: tuple[Halt, ...] = ()

    def look(self) -> bool:
        """Takes an edit that has come to rest; returns whether there was one.

        Beside the file stands also that texts stand still, from when on and why, until they go again.
        """
        if self._watch.look():
            self.take()
            return True
        self._tell_halts()
        return False

    def take(self) -> tuple[Taken, Reading]:
        """Reads the file as it is now, brings it into force where it may, and writes the answer beside it."""
        former = self._in_force()
        reading = self._read(former.source if former else None)
        taken = take_settings(self._database, reading.settings, former, self._clock())
        _tell_log(taken, reading)
        files = [self._path, *map(Path, reading.others)]
        self._watch.follow([*files, *folders_of(self._path, reading)])
        elsewhere = reading.settings is not None and self._is_elsewhere(reading.settings)
        if elsewhere:
            log.warning("database_named_elsewhere", effect="counts from the next start")
        self._last = _Last(taken, reading, former, frozenset(file.parent for file in files), elsewhere)
        is_known = taken.fate is Fate.KNOWN and not reading.problems and not self._halts
        self._answer(self._last, is_known)
        return taken, reading

    def _tell_halts(self) -> None:
        try:
            with self._database.read() as connection:
                still = tuple(Halt(row.channel, row.since, row.sentence) for row in halted(connection))
        except SQLAlchemyError:
            return  # whoever needs the database more says so
        if self._last and still != self._halts:
            self._halts = still
            self._answer(self._last)

    def _answer(self, last: "_Last", unless_it_stands_there: bool = False) -> None:
        language = last.reading.language
        words = result_in_words(
            last.taken, last.reading, self._path.name, language, last.former, self._halts, last.elsewhere
        )
        for folder in last.folders:
            answer = folder / NAMES[language]
            if unless_it_stands_there and _tells_acceptance(answer):
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
    """The folders in which a new file may be one that the settings include, or a text."""
    folders = {Path(name).parent for name in reading.others}
    if "include" in reading.text or "texts" in reading.text:
        folders.add(path.parent)
        folders |= {one for pattern in ("*/", "*/*/") for one in path.parent.glob(pattern) if one.is_dir()}
    return sorted(folders)


def _tells_acceptance(answer: Path) -> bool:
    try:
        told = answer.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return False
    return any(verdict in told for verdict in ALL_ACCEPTED)
