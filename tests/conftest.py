"""What every test may ask for, and what no test may do.

``database_url`` is a fresh database of each kind, ``postgres_server`` a real server, ``browser`` a real
chromium. No test may talk to a host outside this machine, and where CI is set none may be skipped.
"""

import os
import shutil
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import hypothesis
import pytest

from tests import postgres
from tests.loopback import Guard

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

ON_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")

hypothesis.settings.register_profile("house", deadline=None)  # two shared cores: a slow example is no fault
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if ON_CI else "house")


@pytest.fixture(scope="session", autouse=True)
def loopback_guard() -> Iterator[Guard]:
    """Stands before every socket of the process for as long as tests run."""
    guard = Guard()
    sys.addaudithook(guard)
    yield guard
    guard.awake = False  # an audit hook cannot be taken out


@pytest.fixture(autouse=True)
def _nobody_calls_out(loopback_guard: Guard) -> Iterator[None]:
    """Fails a test whose code tried to reach another host, even when that code caught the refusal."""
    yield
    assert not loopback_guard.take_refused(), "a test must not talk to other hosts"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.PostgresServer]:
    """A real PostgreSQL, one for each worker process."""
    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; a test that asks for it runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'catruc.db'}"
        return
    server: postgres.PostgresServer = request.getfixturevalue("postgres_server")
    with server.fresh_database() as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Debian's chromium without a window, which knows no host but this one.

    Of module scope, since its event loop runs in this thread while it stands: no other test of the file can
    start a loop of its own, and tests of other files can.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no browser: chromium is not installed here (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    options = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=options)
        yield opened
        opened.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns a skip into a failure in CI."""
    return _unskipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turns the skip of a whole file into a failure in CI."""
    return _unskipped((yield))


def _unskipped(report: Report) -> Report:
    if ON_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"In CI nothing may be skipped, and this was: {report.longreprtext}"
    return report
