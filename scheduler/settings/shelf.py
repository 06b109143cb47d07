"""What was read of each file, kept for as long as the file is the same."""

import os
from dataclasses import dataclass

from scheduler.settings.part import Part

# The size and the time of change lie when a file is copied; the system's own time of change does not.
Stamp = tuple[int, int, int, int]


def stamp_of(status: os.stat_result) -> Stamp:
    """What changes whenever the file does."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: Stamp
    part: Part


class Shelf:
    """Parts by the path of their file; and the last texts that were judged together at a bearable cost.

    For one thread.
    """

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self.judged: str | None = None

    def take(self, path: str, stamp: Stamp) -> Part | None:
        """The part, unless its file is another one now."""
        kept = self._kept.get(path)
        return kept.part if kept and kept.stamp == stamp else None

    def put(self, path: str, stamp: Stamp, part: Part) -> Part:
        """Keeps `part`, and returns it."""
        self._kept[path] = _Kept(stamp, part)
        return part
