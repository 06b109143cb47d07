"""Notices that settings files were edited, once they have come to rest."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from scheduler.settings.folder import is_no_text

Mark = tuple[tuple[str, str], ...]


class Watch:
    """Compares files by what is in them: times and sizes lie when a file is copied over a network.

    Editors write in halves and rename: a change counts when two looks in a row see the same.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self.follow(paths)
        self._settled = self._pending = self._mark()

    def follow(self, paths: Iterable[Path]) -> None:
        """Looks at these files, and at which files stand in their folders, from now on."""
        self._paths = tuple(sorted(set(paths)))

    def look(self) -> bool:
        """Whether the files have changed since the last time that this was true."""
        seen = self._mark()
        rests = seen == self._pending
        self._pending = seen
        if not rests or seen == self._settled:
            return False
        self._settled = seen
        return True

    def _mark(self) -> Mark:
        return tuple((str(path), _digest(path)) for path in self._paths)


def _may_matter(entry: Path) -> bool:
    """Whether this may be a file of the settings, or a folder of such: databases come and go."""
    if entry.suffix == ".txt":
        return not is_no_text(entry.name)
    return entry.suffix == ".toml" or entry.is_dir()


def _digest(path: Path) -> str:
    try:
        if path.is_dir():
            return " ".join(sorted(entry.name for entry in path.iterdir() if _may_matter(entry)))
        if not path.is_file():
            return "absent"
        return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError as fault:
        return type(fault).__name__
