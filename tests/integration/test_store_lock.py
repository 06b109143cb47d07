"""One service on one SQLite file, as the operating system sees it."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from scheduler.store.database import DatabaseFault
from scheduler.store.lock import ServiceLock

ROOT = Path(__file__).parents[2]

HOLD = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from scheduler.store.lock import ServiceLock

    lock = ServiceLock(Path(sys.argv[1]))
    print("held", flush=True)
    sys.stdin.readline()
    """
)


def test_a_second_service_is_refused_until_the_first_has_stopped(tmp_path: Path) -> None:
    """It is told in one sentence which file is served already; afterwards it may."""
    file = tmp_path / "catruc.db"
    first = ServiceLock(file)
    with pytest.raises(DatabaseFault, match=r"Another catruc serves .*catruc\.db already; stop it first"):
        ServiceLock(file)
    first.release()
    ServiceLock(file).release()


def test_services_on_two_files_do_not_meet(tmp_path: Path) -> None:
    """Each file has its own lock."""
    locks = [ServiceLock(tmp_path / name) for name in ("a.db", "b.db")]
    for lock in locks:
        lock.release()


def test_a_killed_service_leaves_no_lock_behind(tmp_path: Path) -> None:
    """The lock dies with its process, also by ``kill -9``; no file needs to be removed by hand."""
    file = tmp_path / "catruc.db"
    command = [sys.executable, "-c", HOLD, str(file)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(DatabaseFault):
            ServiceLock(file)
        child.kill()
        child.wait()
    ServiceLock(file).release()


def test_children_do_not_inherit_the_lock(tmp_path: Path) -> None:
    """A program that the service started and that outlives it does not keep the file locked."""
    file = tmp_path / "catruc.db"
    lock = ServiceLock(file)
    command = [sys.executable, "-c", "print('up', flush=True); input()"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "up\n"
        lock.release()
        ServiceLock(file).release()
        child.communicate("\n")


def test_the_lock_is_nobody_elses_to_read(tmp_path: Path) -> None:
    """Its file lies beside the database and belongs to its user."""
    ServiceLock(tmp_path / "catruc.db").release()
    assert (tmp_path / "catruc.db.lock").stat().st_mode & 0o777 == 0o600
