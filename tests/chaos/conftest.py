"""What every proof may ask for: a row in the table that stands at the end of a run in one process."""

import pytest

from tests.chaos.tally import Tally

TALLY = pytest.StashKey[Tally]()


def pytest_configure(config: pytest.Config) -> None:
    """An empty table."""
    config.stash[TALLY] = Tally()


@pytest.fixture(scope="session")
def tally(pytestconfig: pytest.Config) -> Tally:
    """The table of this run."""
    return pytestconfig.stash[TALLY]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Prints it."""
    if lines := config.stash[TALLY].lines():
        terminalreporter.section("what was tried, and what came of it")
        for line in lines:
            terminalreporter.write_line(line)
