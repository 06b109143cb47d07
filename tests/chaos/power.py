"""What a power cut leaves on the disk: all that was synced, and of what was written after that any part.

A life is watched at its writes and syncs. From that list come images of its files as they could stand after
a cut at any place of it: writes that no later sync of their file covers are there, or not, or in half; a new
file that no sync of its folder covers may be missing, and a removed one be back.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.chaos.tracer import Call

SECTOR = 512
KEPT = ("", "-wal", "-journal")
"""What SQLite keeps beside its file. The index of the journal is made anew when nobody is there."""


@dataclass(frozen=True, slots=True)
class Known:
    """How many texts the provider had taken, and how many receipts it had been confirmed."""

    taken: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a file: `content` goes to `place`, or that is its new size; None when it is removed."""

    file: str
    place: int | None
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Sync:
    """From here on, all earlier changes of `file` stand; of the folder, when it is empty."""

    file: str


@dataclass(frozen=True, slots=True)
class Image:
    """Files after a cut before the operation `cut`, and what was `known` by then."""

    cut: int
    known: Known
    files: Mapping[str, bytes]


class Watch:
    """Lets every call pass, and remembers what is done to the file `name` of `folder` and those beside it."""

    def __init__(self, folder: Path, name: str, known: Callable[[], Known]) -> None:
        self._folder = folder
        self._names = {name + each for each in KEPT}
        self._known = known
        self._done: list[tuple[Change | Sync, Known]] = []

    def __call__(self, call: Call) -> int:
        """0: it passes."""
        if (done := self._change(call)) is not None:
            self._done.append((done, self._known()))
        return 0

    def images(self, before: Mapping[str, bytes], many: int, random: Random) -> Iterator[Image]:
        """So many images, from cuts spread over the whole life; `before` are the files as it found them."""
        # Asked before the first image, of which another life may come to know more.
        known = [*(each for _, each in self._done), self._known()]
        for number in range(many):
            cut = 1 + number * len(self._done) // many
            yield Image(cut, known[cut], self._left(before, cut, random))

    def _left(self, before: Mapping[str, bytes], cut: int, random: Random) -> Mapping[str, bytes]:
        done = [each for each, _ in self._done[:cut]]
        luck = random.choice((0.0, 0.5, 1.0))  # nothing of what is not synced, any part, or all of it
        synced_at = {each.file: place for place, each in enumerate(done) if isinstance(each, Sync)}
        made_at = {each.file: place for place, each in reversed(list(enumerate(done)))}
        missing = {
            name
            for name in self._names - before.keys()
            if made_at.get(name, cut) >= synced_at.get("", -1) and random.random() >= luck
        }
        files = {name: bytearray(content) for name, content in before.items()}
        for place, each in enumerate(done):
            if isinstance(each, Sync) or each.file in missing:
                continue
            is_synced = synced_at.get("" if each.place is None else each.file, -1) > place
            if is_synced or random.random() < luck:
                _apply(files, each)
            elif each.content and random.random() < luck:
                half = SECTOR * random.randint(0, len(each.content) // SECTOR)
                _apply(files, Change(each.file, each.place, each.content[:half]))
        return {name: bytes(content) for name, content in files.items()}

    def _change(self, call: Call) -> Change | Sync | None:
        name = Path(call.file).name
        if call.name in ("fsync", "fdatasync"):
            if Path(call.file) == self._folder:
                return Sync("")
            return Sync(name) if name in self._names else None
        if call.name == "unlink":
            path = call.peek(call.arguments[0], 4096).partition(b"\0")[0]
            removed = Path(path.decode()).name
            return Change(removed, None) if removed in self._names else None
        if name not in self._names:
            return None
        if call.name == "pwrite64":
            _, address, size, place, *_ = call.arguments
            return Change(name, place, call.peek(address, size))
        return Change(name, call.arguments[1]) if call.name == "ftruncate" else None


def _apply(files: dict[str, bytearray], change: Change) -> None:
    if change.place is None:
        files.pop(change.file, None)
        return
    content = files.setdefault(change.file, bytearray())
    end = change.place + len(change.content or b"")
    content.extend(bytes(max(0, end - len(content))))
    if change.content is None:
        del content[change.place :]
    else:
        content[change.place : end] = change.content
