"""A disk of a few hundred kilobytes, so that it fills up: a tmpfs in a mount namespace of its own.

Root may mount, and so may anybody in a user namespace, where a container does not forbid both.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.attacks import GROWING
from tests.chaos.tracer import Call

ENTRANCES = (("unshare", "--user", "--map-root-user", "--mount"), ("unshare", "--mount"))
FULL_FOR = 5
"""So many writes find no room before somebody makes some."""
ROOMY = "64m"


def entrance() -> tuple[str, ...] | None:
    """What stands before a command that is to mount disks; None where nobody may."""
    with TemporaryDirectory() as folder:
        for words in ENTRANCES:
            with suppress(OSError):
                tried = subprocess.run(
                    [*words, *_mounting(Path(folder), "300k")], capture_output=True, check=False
                )
                if tried.returncode == 0:
                    return words
    return None


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A disk of so many bytes in the place of `folder`, for who came by an `entrance`."""
    subprocess.run(_mounting(folder, str(size)), check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def make_room(folder: Path) -> None:
    """Nobody will fill it any more."""
    subprocess.run(["mount", "-o", f"remount,size={ROOMY}", folder], check=True)


class Filling:
    """Lets every call pass, and makes room on the disk when enough writes have found none.

    `refused` counts them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._has_room = False
        self.refused = 0

    def __call__(self, call: Call) -> int:
        """0: it passes, and the disk says what comes of it."""
        if not self._has_room:
            self.refused += self._finds_no_room(call)
            if self.refused >= FULL_FOR:
                make_room(self._folder)
                self._has_room = True
        return 0

    def _finds_no_room(self, call: Call) -> bool:
        file = Path(call.file)
        if call.name not in GROWING or file.parent != self._folder:
            return False
        disk = os.statvfs(self._folder)
        end = call.arguments[3] + call.arguments[2] if call.name == "pwrite64" else call.arguments[1]
        new_pages = -(-end // disk.f_bsize) - -(-file.stat().st_size // disk.f_bsize)
        return new_pages > disk.f_bavail


def _mounting(folder: Path, size: str) -> list[str | Path]:
    return ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
