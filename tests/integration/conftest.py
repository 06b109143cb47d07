"""What tests of the database may ask for, on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from structlog.testing import CapturingLogger

from scheduler.store.database import Database
from tests.doubts import Doubts
from tests.outgoing import Outgoing, opened, outgoing
from tests.postgres import PostgresServer
from tests.terminal import SMALL, Terminal


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with its tables, empty."""
    with opened(database_url) as one:
        yield one


@pytest.fixture
def post(database_url: str) -> Iterator[Outgoing]:
    """An outbox, empty, that refuses steps which are not in the table of states."""
    with outgoing(database_url) as one:
        yield one


@pytest.fixture
def sqlite_post(tmp_path: Path) -> Iterator[Outgoing]:
    """The same on SQLite only, for long tables of which each row says the same on both."""
    with outgoing(f"sqlite:///{tmp_path / 'catruc.db'}") as one:
        yield one


@pytest.fixture
def doubts(post: Outgoing) -> Doubts:
    """A deliverer whose channel can be asked, on each kind of database."""
    return Doubts(post)


@pytest.fixture
def postgres_post(postgres_server: PostgresServer) -> Iterator[Outgoing]:
    """The same on PostgreSQL only, for what cannot happen where writers take turns."""
    with postgres_server.fresh_database() as url, outgoing(url) as one:
        yield one


@pytest.fixture
def told() -> Iterator[CapturingLogger]:
    """What is logged."""
    logger = CapturingLogger()
    before = structlog.get_config()
    structlog.configure(logger_factory=lambda *_: logger, cache_logger_on_first_use=False)
    yield logger
    structlog.configure(**before)


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A Vietnamese terminal in an empty folder."""
    return Terminal(tmp_path, capsys, monkeypatch)


@pytest.fixture
def desk(terminal: Terminal) -> Terminal:
    """A terminal in a folder where the small settings are in force."""
    terminal.write(SMALL)
    assert terminal.run("apply", "--yes").code == 0
    return terminal
