"""The guard on the guards: bugs are planted in a copy of the source, and each must be caught.

A planted bug that nobody catches is a hole in the tests.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos import size
from tests.chaos.planted import BUGS, Bug
from tests.served import ROOT, environment

COPIED = (
    "scheduler",
    "notifications",
    "tests",
    "docs",
    "pyproject.toml",
    "settings.toml",
    "run.py",
    "README.md",
)
FAILED = 1  # what pytest says when tests ran, and some of them failed
PROVES_ITS_PLACE = (
    "import notifications, pathlib; print(pathlib.Path(notifications.__file__).resolve().parent)"
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The source tree, copied."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy2(source, tmp_path / name)
    return tmp_path


def plant(bug: Bug, copy: Path) -> None:
    """Puts the bug into the copy."""
    path = copy / bug.file
    source = path.read_text(encoding="utf-8")
    assert source.count(bug.right) == 1, f"{bug.file} has this not exactly once any more: {bug.right!r}"
    path.write_text(source.replace(bug.right, bug.wrong), encoding="utf-8")


def run_in(copy: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs Python on the copied source."""
    plain = {name: value for name, value in environment().items() if not name.startswith(("COV", "PYTEST"))}
    return subprocess.run(
        [sys.executable, "-B", *arguments],
        cwd=copy,
        env={**plain, "PYTHONPATH": str(copy)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


def test_the_copy_is_what_runs(copy: Path) -> None:
    """Else no bug would ever be met."""
    assert run_in(copy, "-c", PROVES_ITS_PLACE).stdout.strip() == str(copy / "notifications")


def test_enough_bugs_are_planted() -> None:
    """At least fifteen, no two of them alike."""
    assert len({(bug.file, bug.right, bug.wrong) for bug in BUGS.values()}) == len(BUGS)
    assert len(PLANTED) >= 15


# Each costs a test run of its own: CI plants every other one, a release all.
PLANTED = list(BUGS) if size.is_release() else list(BUGS)[::2]


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_caught(name: str, copy: Path) -> None:
    """The test that is named beside it fails."""
    bug = BUGS[name]
    plant(bug, copy)
    ran = run_in(
        copy,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:randomly",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
        bug.test,
    )
    assert ran.returncode == FAILED, f"nobody noticed: {name}\n{ran.stdout[-2000:]}{ran.stderr[-500:]}"
