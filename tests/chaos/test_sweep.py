"""A deliverer is killed before each of its system calls: nothing is lost, and nothing is doubled, at any."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import pytest

from tests.chaos import size
from tests.chaos.small_disk import entrance
from tests.chaos.sweeper import POWER_CUT, SMALL_DISK, Orders, Tried
from tests.chaos.tally import Row, Tally
from tests.postgres import PostgresServer
from tests.served import ROOT, environment

IN_MEMORY = Path("/dev/shm")
OTHERS_IN_CI = 4
"""Calls that leave nothing behind, like reading; of those that leave something CI tries every third, too."""
CUTS_IN_CI = 20
ENOUGH_FINDINGS = 5


def files(folder: Path) -> list[str]:
    """A file of SQLite for each sweeper, in a folder of its own."""
    own = [folder / str(number) for number in range(size.sweepers())]
    for each in own:
        each.mkdir()
    return [f"sqlite:///{each}/estate.db" for each in own]


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Empty ones of each kind; SQLite's files in memory, since a kill cuts off no disk."""
    with ExitStack() as until_the_end:
        if request.param == "sqlite":
            folder = TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None)
            yield files(Path(until_the_end.enter_context(folder)))
            return
        server: PostgresServer = request.getfixturevalue("postgres_server")
        yield [until_the_end.enter_context(server.fresh_database()) for _ in range(size.sweepers())]


def swept(orders: Orders, entrance: Sequence[str] = ()) -> Iterator[Tried]:
    """What came of each try; the sweeper comes in by `entrance`."""
    plain = {name: value for name, value in environment().items() if not name.startswith("COV")}
    with subprocess.Popen(
        [*entrance, sys.executable, "-m", "tests.chaos.sweeper"],
        cwd=ROOT,
        env={**plain, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as sweeper:
        assert sweeper.stdin is not None
        assert sweeper.stdout is not None
        print(json.dumps(asdict(orders)), file=sweeper.stdin)
        sweeper.stdin.close()
        try:
            for line in sweeper.stdout:
                said = json.loads(line)
                if reason := said.get("missing"):
                    pytest.skip(reason)
                yield Tried(**said)
        except GeneratorExit:
            sweeper.kill()
            raise
    assert sweeper.returncode == 0


def sweep(
    urls: Sequence[str],
    attack: str,
    tally: Tally,
    name: str,
    in_ci: int = OTHERS_IN_CI,
    entrance: Sequence[str] = (),
) -> Row:
    """All attacks of a kind, shared out among sweepers, a database each; fails with all that they found."""
    others = None if size.is_release() else in_ci
    found: list[str] = []

    def hear(share: int, url: str) -> None:
        for tried in swept(Orders(url, attack, others, share, len(urls)), entrance):
            with one_at_a_time:
                row.add(tries=1, kills=tried.was_killed, **tried.counts)
                found.extend(f"{tried.attack}: {finding}" for finding in tried.findings)
            if len(found) >= ENOUGH_FINDINGS:
                break

    one_at_a_time, kind = Lock(), urls[0].partition(":")[0].partition("+")[0]
    with tally.part(f"{name}, {kind}") as row, ThreadPoolExecutor(len(urls)) as ears:
        list(ears.map(hear, range(len(urls)), urls))
    print(f"\n{row}")
    assert not found, "\n".join(found)
    return row


def test_a_kill_before_any_system_call_loses_nothing_and_doubles_nothing(
    databases: list[str], tally: Tally
) -> None:
    """Plan, claim, send, record, receipt, recover; started again it finishes, and the four ledgers agree."""
    row = sweep(databases, "kill", tally, "a kill at each system call")
    assert row.counts["kills"] > 10


def test_a_call_that_fails_loses_nothing_and_doubles_nothing(databases: list[str], tally: Tally) -> None:
    """Each write and sync once with EIO, each connection and sending once with a broken line."""
    row = sweep(databases, "fail", tally, "a failure of each write, sync and sending")
    assert row.counts["tries"] > 8


def test_a_disk_without_room_loses_nothing_and_doubles_nothing(tmp_path: Path, tally: Tally) -> None:
    """From any write on: no text without its attempt on record, and it goes on when there is room again."""
    row = sweep(files(tmp_path), "full", tally, "no room on the disk from some write on")
    assert row.counts["tries"] > OTHERS_IN_CI


def test_a_disk_that_fills_up_loses_nothing_and_doubles_nothing(tmp_path: Path, tally: Tally) -> None:
    """Small disks, from one that has no room for a page on; the work goes on when somebody makes room.

    Where nobody may mount one, as in many containers, writes fail as on a full disk instead: see above.
    """
    url, way_in = f"sqlite:///{tmp_path}/estate.db", entrance()
    if way_in is None:
        print("\n!!! NO SMALL DISK HERE: mounting is not allowed; writes are let fail instead. !!!")
        sweep([url], "full", tally, "no room on the disk, once more", in_ci=1)
        return
    row = sweep([url], SMALL_DISK, tally, "a disk that fills up", entrance=way_in)
    assert row.counts["tries"] > OTHERS_IN_CI


def test_a_power_cut_loses_no_acknowledged_row(tmp_path: Path, tally: Tally) -> None:
    """Whatever was not synced is there or not: what the provider took and what we confirmed is on record."""
    url = f"sqlite:///{tmp_path}/estate.db"
    row = sweep([url], POWER_CUT, tally, "a power cut", CUTS_IN_CI)
    assert row.counts["tries"] > CUTS_IN_CI
