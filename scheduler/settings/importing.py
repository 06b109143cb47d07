"""A file with people that is taken into the settings: into a list that they name, or as their first one.

All of it is judged together with the settings before anything is written; then files are replaced whole.
"""

import json
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.settings import source
from scheduler.settings.bundle import Bundle
from scheduler.settings.finding import Finding
from scheduler.settings.folder import LIST_ENDINGS, Folder
from scheduler.settings.merge import Merge, merge
from scheduler.settings.part import MOST_BYTES_OF_A_LIST, Part, part_of_people, part_of_rows, toml_part
from scheduler.settings.people_form import as_file
from scheduler.settings.people_list import NoList, Row
from scheduler.settings.problem import Problem, Severity
from scheduler.settings.read import Reading, reading_of
from scheduler.settings.settings import Settings
from scheduler.settings.sheet import rows_in, separator_of
from scheduler.settings.shelf import Shelf
from scheduler.timetable.place import Service, Ward

# No file of this name can be written down in the settings.
_OTHER = "<import>"
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_LOCK_OF_EXCEL = "~$"


class CannotImport(Exception):
    """Why nothing is imported; `code` chooses the sentence of ``wording`` that `params` fill."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Import:
    """What an import would do: `merge` says what becomes of the list `into`, as the settings name it.

    `settings` are what they would be, `warnings` are about the file. `was` is the list as it is, none where
    it is a new one; `main` is the settings file as it is and with the list named in it, where it is not yet.
    """

    path: Path
    file: Path
    into: str
    merge: Merge
    settings: Settings
    warnings: Reading
    content: bytes
    was: bytes | None = None
    main: tuple[bytes, bytes] | None = None

    def __bool__(self) -> bool:
        return bool(self.merge) or self.main is not None

    @property
    def without_consent(self) -> int:
        """How many people of the file have no day on which they agreed to be texted."""
        return len(self.merge.read.phones) - len(self.merge.read.consents)


def propose(path: Path, file: Path, into: str | None = None, *, is_whole: bool = False) -> Import | Reading:
    """What importing `file` into the settings at `path` would do, or what is wrong; nothing is changed.

    Who is missing in the file stays in the list, unless it `is_whole`. `into` is needed where the settings
    name several lists.

    Raises:
        CannotImport: there is nothing that it could go into.
    """
    folder = Folder(path, Shelf())
    main = folder.main()
    if main.fault:
        return Reading(None, (replace(main.fault, file=str(path)),), language=main.language)
    name = _list_for(main, path, file, into)
    try:
        content = _bytes_of(file)
        was = _bytes_of(path.parent / name) if name in main.lists else None
        kept = _rows_of(was, path.parent / name) if was is not None else ()
        merged = merge(kept, _rows_of(content, file), is_whole=is_whole)
    except _NotRead as fault:
        return Reading(None, (fault.problem,), language=main.language)
    named = _named(path, main, name) if was is None else None
    reading = reading_of(_With(folder, main, name, merged, file, is_new=was is None), None)
    if reading.settings is None:
        return reading
    about = tuple(problem for problem in reading.problems if problem.file == str(file))
    return Import(
        path, file, name, merged, reading.settings, replace(reading, problems=about), content, was, named
    )


def carry_out(proposed: Import, language: str) -> Path | None:
    """Writes the list, and names it in the settings; returns where the list of before is kept, if any was.

    Raises:
        CannotImport: somebody has the list open or has changed it meanwhile, or it cannot be written.
    """
    target = proposed.path.parent / proposed.into
    for lock in (f"{_LOCK_OF_EXCEL}{target.name}", f".~lock.{target.name}#"):
        if target.with_name(lock).exists():
            raise CannotImport("list_is_open", value=proposed.into, lock=lock)
    copy = target.with_name(f"{target.stem}.bak{target.suffix}") if proposed.was and proposed.merge else None
    try:
        if _is_other(target, proposed.was) or (proposed.main and _is_other(proposed.path, proposed.main[0])):
            raise CannotImport("changed_meanwhile")
        if copy and proposed.was is not None:
            _put(copy, proposed.was, target)
        if (proposed.merge or proposed.was is None) and not _is_same_file(proposed.file, target):
            _put(target, _content(proposed, language), proposed.file if proposed.was is None else target)
        if proposed.main:
            _put(proposed.path, proposed.main[1], proposed.path)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise CannotImport("not_written", value=proposed.into, reason=reason) from None
    return copy


class _NotRead(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class _With:
    """The files of a folder, with a list as it is left by an import and the imported one behind it."""

    def __init__(
        self, folder: Folder, main: Part, name: str, merged: Merge, file: Path, *, is_new: bool
    ) -> None:
        self._folder, self._name, self._file = folder, name, file
        lists = (*main.lists, _OTHER)
        self._main = replace(main, lists=lists)
        self._left = None if is_new else part_of_rows(merged.left, name)
        self._right = part_of_people(merged.read, _OTHER)

    def main(self) -> Part:
        """The main file, which names the imported list besides."""
        return self._main

    def included(self, main: Part) -> tuple[tuple[str, ...], list[Finding]]:
        """As they are."""
        return self._folder.included(main)

    def toml(self, name: str) -> Part | None:
        """As it is."""
        return self._folder.toml(name)

    def people(self, name: str) -> Part | None:
        """One of the two lists, or another as it is."""
        if name == _OTHER:
            return self._right
        return self._left if name == self._name else self._folder.people(name)

    def own_texts(self, main: Part) -> tuple[tuple[str, ...], list[Finding]]:
        """As they are."""
        return self._folder.own_texts(main)

    def own_text(self, name: str) -> Part | None:
        """As it is."""
        return self._folder.own_text(name)

    def told_as(self, name: str) -> str:
        """The imported file as it was given."""
        return str(self._file) if name == _OTHER else self._folder.told_as(name)

    def may_judge(self, bundle: Bundle) -> bool:
        """Somebody waits for it, and can stop it."""
        del bundle
        return True


def _list_for(main: Part, path: Path, file: Path, into: str | None) -> str:
    """The name of the list into which `file` goes."""
    if file.name.startswith(_LOCK_OF_EXCEL):
        raise CannotImport("lock_of_excel", value=file.name, name=file.name.removeprefix(_LOCK_OF_EXCEL))
    if file.suffix.lower() not in LIST_ENDINGS:
        raise CannotImport("list_kind", value=file.name)
    known = ", ".join(main.lists)
    if into is not None and into not in main.lists:
        raise CannotImport("no_such_list" if known else "no_list_yet", value=into, known=known)
    if into is not None or len(main.lists) == 1:
        return into or main.lists[0]
    if main.lists:
        named = [name for name in main.lists if _is_same_file(path.parent / name, file)]
        if not named:
            raise CannotImport("which_list", known=known)
        return named[0]
    if main.tables.people:
        raise CannotImport("people_in_tables", value=path.name)
    beside = path.parent / file.name
    if beside.exists() and not _is_same_file(beside, file):
        raise CannotImport("name_taken", value=file.name)
    return file.name


def _named(path: Path, main: Part, name: str) -> tuple[bytes, bytes]:
    """The settings file as it is, and with the list named in it above its first table."""
    raw = path.read_bytes()
    encoding = source.encoding_of(raw)
    text = raw.decode(encoding)
    end = "\r\n" if "\r\n" in text else "\n"
    line = f"people = [{json.dumps(name, ensure_ascii=False)}]"
    first = _TABLE.search(text)
    at = first.start() if first else len(text)
    gap = "" if at == 0 or text[:at].endswith("\n") else end
    edited = f"{text[:at]}{gap}{line}{end}{end}{text[at:]}"
    part = toml_part(edited, path.name, is_main=True)
    if part.fault or part.lists != (name,) or part.tables != main.tables:
        raise CannotImport("add_the_line", value=path.name, line=line)
    return raw, edited.encode(encoding)


def _rows_of(raw: bytes, path: Path) -> tuple[Row, ...]:
    try:
        return rows_in(raw)
    except NoList as fault:
        raise _NotRead(_problem(path, fault.code, fault.row, **fault.params)) from None


def _bytes_of(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _NotRead(_problem(path, "not_a_file"))
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES_OF_A_LIST + 1)
    except FileNotFoundError:
        raise _NotRead(_problem(path, "missing_file")) from None
    except PermissionError:
        raise _NotRead(_problem(path, "locked_list")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _NotRead(_problem(path, "unreadable", reason=reason)) from None
    if len(raw) > MOST_BYTES_OF_A_LIST:
        raise _NotRead(_problem(path, "too_big", most=str(MOST_BYTES_OF_A_LIST // 1_000_000)))
    return raw


def _problem(path: Path, code: str, row: int = 1, **params: str) -> Problem:
    return Problem(str(path), row, 1, 1, Severity.ERROR, code, params)


def _content(proposed: Import, language: str) -> bytes:
    if proposed.was is None:
        return proposed.content
    desk = proposed.settings.desk
    return as_file(
        proposed.merge.rows,
        Path(proposed.into).suffix,
        language,
        _in(language, desk.wards.values()),
        _in(language, desk.services.values()),
        separator_of(proposed.was),
    )


def _in(language: str, things: Iterable[Ward | Service]) -> list[str]:
    return [thing.name.in_language(language) for thing in things]


def _is_other(path: Path, was: bytes | None) -> bool:
    """Whether the file is not any more what it was; one that was none may be there by now."""
    return was is not None and path.read_bytes() != was


def _is_same_file(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _put(path: Path, content: bytes, like: Path) -> None:
    """Replaces a file as a whole, readable for whom `like` is."""
    half = path.with_name(f".{path.name}.tmp")
    mode = stat.S_IMODE(like.stat().st_mode)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    half.chmod(mode)
    half.replace(path)
