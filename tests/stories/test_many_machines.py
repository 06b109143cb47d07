"""The README's way to many machines, as somebody would follow it."""

import re
from datetime import UTC, datetime
from pathlib import Path

from tests.burst import a_burst
from tests.machines import Machines
from tests.postgres import PostgresServer
from tests.served import ROOT, wait_for

TWO_WORKERS = re.compile(r"^    \.venv/bin/catruc (\w+) +#", re.MULTILINE)


def test_the_readme_starts_a_service_and_two_workers(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """Its commands, in their order, on an empty database; the workers have no settings file."""
    chapter = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Many machines")[2]
    assert TWO_WORKERS.findall(chapter.partition("\n## ")[0]) == ["serve", "worker", "worker"]
    assert "export CATRUC_DATABASE=postgresql+psycopg://" in chapter
    assert "export CATRUC_SECRET_KEY=" in chapter

    with postgres_server.fresh_database() as url:
        machines = Machines(tmp_path, url, a_burst(datetime.now(UTC)))
        burst = machines.hold_back()
        for worker in ("a", "b"):
            machines.folder(worker).settings.unlink()
        with machines.serving("desk") as desk, machines.working("a") as a, machines.working("b") as b:
            machines.apply(burst)
            wait_for(lambda: machines.handed_by("a") and machines.handed_by("b"))
            assert [b.stop(), a.stop(), desk.stop()] == [0, 0, 0]
        assert max(machines.handed().values()) == 1
