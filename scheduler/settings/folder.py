"""The files of the settings on the disk: only regular ones below the main one's folder are ever opened."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import translate
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from scheduler.settings import source
from scheduler.settings.bundle import Bundle
from scheduler.settings.finding import Finding
from scheduler.settings.origin import Outside, told_beside
from scheduler.settings.part import MOST_BYTES_OF_A_LIST, MOST_BYTES_OF_A_TEXT, Part, part_of
from scheduler.settings.problem import Problem, Severity
from scheduler.settings.shelf import Shelf, stamp_of

if TYPE_CHECKING:
    from scheduler.settings.trial import Trial

_WILD = re.compile(r"[*?\[]")
_MOST_INCLUDED = 1_000
_MOST_LOOKED_AT = 20_000
_MOST_TEXTS = 1_000
# A note for people, a copy that an editor keeps, what a desktop adds, and our own answer.
_NO_TEXT = re.compile(
    r"(?i).*\.md|~\$.*|.*~|.*\.(bak|tmp|swp)|thumbs\.db|desktop\.ini|ket-qua\.txt|result\.txt"
)
LIST_ENDINGS = (".csv", ".txt", ".xlsx", ".xlsm")


class Folder:
    """The main file at `path`, and those beside it and below.

    What is on the `shelf` is not read again. With a `trial`, whatever is new is tried in another process
    before it is looked at in this one, unless it is one of the texts `known` to be harmless.
    """

    def __init__(
        self, path: Path, shelf: Shelf, trial: "Trial | None" = None, known: Bundle | None = None
    ) -> None:
        self._path = path
        self._folder = path.parent
        self._shelf = shelf
        self._trial = trial
        self._known = known

    def main(self) -> Part:
        """The main file; what is wrong with it is told at its line 1."""
        return self._toml(self._path, self._path.name, is_main=True)

    def included(self, main: Part) -> tuple[tuple[str, ...], list[Finding]]:
        """The files that the patterns of `main` name, sorted; and the patterns that are wrong."""
        found: set[str] = set()
        findings = []
        for number, pattern in enumerate(getattr(main.tables, "include", ())):
            try:
                names = self._matching(pattern)
            except Outside as wrong:
                findings.append(Finding(("include", number), wrong.code, {"value": pattern}))
                continue
            if not names:
                findings.append(Finding(("include", number), "include_nothing", {"value": pattern}))
            found.update(names)
        return tuple(sorted(found)), findings

    def toml(self, name: str) -> Part | None:
        """An included file, as `included` named it."""
        return self._toml(self._folder / name, name, is_main=False)

    def people(self, name: str) -> Part | None:
        """A list of people.

        Raises:
            Outside: it is not below the folder, or of another kind than can be read.
        """
        path = self._inside(name)
        if path.suffix.lower() not in LIST_ENDINGS:
            raise Outside("list_kind")
        return self._read(path, name, MOST_BYTES_OF_A_LIST, "list")

    def own_texts(self, main: Part) -> tuple[tuple[str, ...], list[Finding]]:
        """The files in the folder that `main` names for texts, sorted; and what is wrong with it."""
        named = getattr(main.tables, "texts", "")
        if not named:
            return (), []
        try:
            return tuple(self._texts_in(named)), []
        except Outside as wrong:
            return (), [Finding(("texts",), wrong.code, {"value": wrong.name or named})]

    def own_text(self, name: str) -> Part | None:
        """A file that `own_texts` named."""
        part = self._read(self._folder / name, name, MOST_BYTES_OF_A_TEXT, "text")
        return replace(part, is_own_text=True)

    def told_as(self, name: str) -> str:
        """The main file as it was given, the others beside it."""
        return str(self._path) if name == self._path.name else told_beside(str(self._path), name)

    def may_judge(self, bundle: Bundle) -> bool:
        """Tries the texts together, where they are not those that were tried last."""
        text = str(bundle)
        if self._trial is None or self._shelf.judged == text or bundle == self._known:
            return True
        if not self._trial.judge(bundle):
            return False
        self._shelf.judged = text
        return True

    def _toml(self, path: Path, name: str, *, is_main: bool) -> Part:
        return self._read(path, name, source.MOST_BYTES, "main" if is_main else "toml")

    def _read(self, path: Path, name: str, most: int, kind: str) -> Part:
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                return _faulty(name, "not_a_file")
            stamp, place = stamp_of(status), str(path) if kind in ("main", "toml") else f"{path}:{kind}"
            if known := self._shelf.take(place, stamp):
                return known
            raw = _bytes_of(path, most)
        except FileNotFoundError:
            return _faulty(name, "missing_file")
        except (OSError, ValueError, RuntimeError) as error:
            if kind == "list" and isinstance(error, PermissionError):
                return _faulty(name, "locked_list")
            return _faulty(name, "unreadable", reason=getattr(error, "strerror", None) or str(error))
        part = _faulty(name, "too_big", most=str(most // 1_000_000)) if len(raw) > most else None
        return self._shelf.put(place, stamp, part or self._tried(raw, name, kind))

    def _tried(self, raw: bytes, name: str, kind: str) -> Part:
        if self._trial and not self._is_known(raw, name) and not self._trial.read(raw, name, kind):
            return _faulty(name, "costs_too_much")
        return part_of(raw, name, kind)

    def _is_known(self, raw: bytes, name: str) -> bool:
        return self._known is not None and self._known.texts.get(name, "").encode() == raw

    def _matching(self, pattern: str) -> list[str]:
        """The names of the files that a pattern means.

        Raises:
            Outside: it leads out of the folder, or to what is no file, or to more files than anyone keeps.
        """
        if not _WILD.search(pattern):
            path = self._inside(pattern)
            return [_checked(path, pattern, self._path)] if os.path.lexists(path) else []
        parts = _parts_of(pattern)
        budget = iter(range(_MOST_LOOKED_AT))
        found = _walk(self._folder, parts, budget)
        names = sorted({name for name in found if name.lower().endswith(".toml")})
        if len(names) > _MOST_INCLUDED:
            raise Outside("include_too_many")
        own = self._path.name
        return [_checked(self._inside(name), name, self._path) for name in names if name != own]

    def _texts_in(self, named: str) -> list[str]:
        """The files of a folder, but for what editors, desktops and catruc itself leave there.

        Raises:
            Outside: there is no such folder here, or something in it is no file.
        """
        folder = self._inside(named)
        if not folder.is_dir():
            raise Outside("texts_no_folder")
        stem = PurePosixPath(*_parts_of(named))
        entries = _entries(folder, iter(range(_MOST_TEXTS)))
        names = [str(stem / entry.name) for entry in entries if not is_no_text(entry.name)]
        for name in names:
            if not self._inside(name).is_file():
                raise Outside("include_no_file", name)
        return sorted(names)

    def _inside(self, name: str) -> Path:
        """The path of a file below the folder.

        Raises:
            Outside: it is not, or nobody can tell.
        """
        path = self._folder.joinpath(*_parts_of(name))
        try:
            if not path.resolve().is_relative_to(self._folder.resolve()):
                raise Outside("outside_folder", name)
        except (OSError, RuntimeError):  # links that lead in a circle
            raise Outside("outside_folder", name) from None
        return path


def is_no_text(name: str) -> bool:
    """Whether a file of this name may stand among texts without being one."""
    return bool(_NO_TEXT.fullmatch(name))


def _parts_of(name: str) -> tuple[str, ...]:
    """The folders of a relative name and its last part; Windows' way to write it is fine.

    Raises:
        Outside: it is absolute, or goes up.
    """
    plain = PurePosixPath(name.replace("\\", "/"))
    if (
        plain.is_absolute()
        or PureWindowsPath(name).drive
        or ".." in plain.parts
        or "\0" in name
        or not plain.parts
    ):
        raise Outside("outside_folder")
    return plain.parts


def _checked(path: Path, name: str, main: Path) -> str:
    """The name in one spelling, of what may be opened."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Outside("include_no_file")
        if path.samefile(main):
            raise Outside("include_itself")
    except OSError:
        raise Outside("include_no_file") from None
    return str(PurePosixPath(*_parts_of(name)))


def _walk(folder: Path, parts: tuple[str, ...], budget: Iterator[int]) -> Iterator[str]:
    """What lies under `folder` and fits the pattern; ``**`` does not follow links to folders."""
    pattern, below = parts[0], parts[1:]
    if pattern == "**" and below:
        yield from _walk(folder, below, budget)
        for entry in _entries(folder, budget):
            if entry.is_dir(follow_symlinks=False):
                yield from (f"{entry.name}/{name}" for name in _walk(Path(entry.path), parts, budget))
        return
    fits = re.compile(translate(pattern)).match
    for entry in _entries(folder, budget):
        if fits(entry.name) and not below:
            yield entry.name
        elif fits(entry.name) and entry.is_dir():
            yield from (f"{entry.name}/{name}" for name in _walk(Path(entry.path), below, budget))


def _entries(folder: Path, budget: Iterator[int]) -> Iterator["os.DirEntry[str]"]:
    """What stands in a folder, hidden files apart."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if next(budget, None) is None:
            raise Outside("include_too_many")
        if not entry.name.startswith("."):
            yield entry


def _bytes_of(path: Path, most: int) -> bytes:
    """One byte more than allowed at most; what turned into a pipe in between is not waited for."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("it is no regular file any more")
        return file.read(most + 1)


def _faulty(name: str, code: str, **params: str) -> Part:
    return Part(name, fault=Problem(name, 1, 1, 1, Severity.ERROR, code, params))
