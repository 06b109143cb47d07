"""What a power cut may leave, and what was known by then."""

from pathlib import Path
from random import Random

from tests.chaos.power import Known, Watch
from tests.chaos.tracer import Call

FOLDER = Path("/nowhere")


def synced(number: int) -> Call:
    """The file is synced."""
    return Call(number, "fdatasync", str(FOLDER / "a.db"), b"", 1, (3,))


def test_what_was_known_at_the_end_is_what_the_watched_life_knew() -> None:
    """The last image is of a cut after everything: what later lives come to know is not held against it."""
    receipts = iter(range(100))
    watch = Watch(FOLDER, "a.db", lambda: Known(taken=0, confirmed=next(receipts)))
    for number in range(3):
        watch(synced(number))
    known = []
    for image in watch.images({"a.db": b"whole"}, 3, Random(7)):
        known.append(image.known.confirmed)
        next(receipts)  # the life that begins on the image hears of more
    assert known == [1, 2, 3]
