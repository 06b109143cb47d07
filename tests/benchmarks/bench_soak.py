"""A soak: a simulated week of the service leaves nothing behind in memory or in open files.

Two halves of the service, each on SQLite as shipped and in a process of its own, so that neither counts what
another test has left: `python -m tests.benchmarks.bench_soak HALF DAYS SESSIONS TEXTS`. *Turns* are the use
cases on a virtual clock, as `catruc simulate` plays them: the window rolls, volunteers are asked and answer,
texts are planned, claimed and recorded; its four ledgers must agree at the end. *Threads* are the carrier and
the deliverer, with TEXTS a day at random instants and a clock that leaps. Resident memory and open files are
read at each midnight after a collection of garbage; growth is from the first one, when all is warm, to the
last. What the pretend network remembers counts against us.
"""

import gc
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from scheduler.service.office import Office
from scheduler.service.simulate import Simulation
from tests.benchmarks.bench_lateness import NOW, nightly, random_instants
from tests.benchmarks.side_by_side import verdict
from tests.desk import settings_of
from tests.outgoing import opened
from tests.served import ROOT

MEMORY, FILES = 5.0, 0


@dataclass(frozen=True, slots=True)
class Size:
    """How many days; on each of them so many sessions for the turns, and texts for the threads."""

    days: int
    sessions: int
    texts: int


FULL, SMALL = Size(7, 5, 1_400), Size(2, 1, 40)


@dataclass(frozen=True, slots=True)
class Stand:
    """What the process holds: resident kilobytes and open files."""

    kilobytes: int
    files: int

    @classmethod
    def now(cls) -> "Stand":
        """As it stands, without garbage."""
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(pages * resource.getpagesize() // 1024, len(list(Path("/proc/self/fd").iterdir())))


def turns(url: str, size: Size) -> Iterator[Stand]:
    """The stand at each midnight of a desk, each of whose sessions needs four volunteers."""
    with opened(url) as database:
        simulation = Simulation(database, Office(settings_of(_desk(size.sessions))), NOW, seed=5)
        for _ in simulation.days(size.days, "vi"):
            yield Stand.now()
        books = simulation.books()
        assert books.agree, books
        assert books.planned


def threads(url: str, size: Size) -> Iterator[Stand]:
    """The stand at each midnight of sending."""
    with opened(url) as database:
        for _ in nightly(database, random_instants(size.days * size.texts, size.days), size.days):
            yield Stand.now()


HALVES: dict[str, Callable[[str, Size], Iterator[Stand]]] = {"turns": turns, "threads": threads}


def soaked(half: str, size: Size) -> list[Stand]:
    """The stands of a half that runs in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_soak", half, *map(str, astuple(size))]
    told = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [Stand(**one) for one in json.loads(told.splitlines()[-1])]


def show(half: str, stands: list[Stand]) -> str:
    """What grew, with the bounds."""
    first, last = stands[0], stands[-1]
    growth = (last.kilobytes / first.kilobytes - 1) * 100
    stood = (
        f"\n{half}, {len(stands)} simulated days, after the first and the last: "
        f"{first.kilobytes / 1024:.1f} and {last.kilobytes / 1024:.1f} MB, "
        f"{first.files} and {last.files} open files"
    )
    return "\n".join(
        [
            stood,
            verdict("per cent more memory", growth, MEMORY, most=True),
            verdict("more open files", last.files - first.files, FILES, most=True),
        ]
    )


def test_a_week_leaves_nothing_behind() -> None:
    """Prints both halves; says of each bound whether it is kept."""
    for half in HALVES:
        print(show(half, soaked(half, FULL)))


def _desk(sessions: int) -> str:
    people = "".join(
        f'[[people]]\nname = "Tình nguyện viên {number}"\nphone = "0901 000 {number:03}"\n'
        'roles = ["volunteer"]\n'
        for number in range(12)
    )
    hours = ", ".join(f'"{hour:02}:00-{hour:02}:50"' for hour in range(8, 8 + sessions))
    return f"""\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
hotline = "028 0000 0000"
plan_ahead = "14 days"

[sms]
sender = "UBNDQ1"
daily_cap = 1000000

[[wards]]
name = "Sài Gòn"

[[places]]
name = "UBND Sài Gòn"

[[services]]
name = "Sao y"

{people}
[[shifts]]
service = "Sao y"
days = "mon-sun"
on_holiday = "keep"
time = [{hours}]
from = {NOW.date()}
needs = {{ volunteer = 4 }}
"""


def main(half: str, size: Size) -> None:
    """Soaks one half and prints its stands as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        stands = list(HALVES[half](f"sqlite:///{folder}/soak.db", size))
    print(json.dumps([asdict(stand) for stand in stands]))


if __name__ == "__main__":
    main(sys.argv[1], Size(*map(int, sys.argv[2:])))
