"""Several machines on one PostgreSQL: real processes, each in a folder of its own with the same settings."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import text

from scheduler.store.database import Database
from tests.served import Folder, Service, catruc, serving, states_of, wait_for, working

RESTING = frozenset({"sent", "in_doubt", "delivered", "failed", "expired", "cancelled", "blocked"})

# One for all machines of a service.
KEY = "0123456789abcdef" * 4


class Machines:
    """The machines of one desk: what each prints is kept apart, what they hand over is counted together."""

    def __init__(self, path: Path, url: str, settings: str) -> None:
        self.url = url
        self._path = path
        self._text = settings
        self._folders: dict[str, Folder] = {}

    def folder(self, name: str) -> Folder:
        """The folder of one machine."""
        if name not in self._folders:
            place = self._path / name
            place.mkdir()
            self._folders[name] = Folder(place, self._text)
            self._folders[name].out.touch()
            self._folders[name].err.touch()
        return self._folders[name]

    @contextmanager
    def serving(self, name: str, more: Mapping[str, str] | None = None) -> Iterator[Service]:
        """A ``catruc serve`` on this machine, once it has greeted."""
        with serving(
            self.folder(name), {"CATRUC_DATABASE": self.url, "CATRUC_SECRET_KEY": KEY, **(more or {})}
        ) as service:
            service.address()
            yield service

    @contextmanager
    def working(self, name: str, more: Mapping[str, str] | None = None) -> Iterator[Service]:
        """A ``catruc worker`` on this machine, once it has greeted."""
        with working(
            self.folder(name), {"CATRUC_DATABASE": self.url, "CATRUC_SECRET_KEY": KEY, **(more or {})}
        ) as service:
            wait_for(lambda: "catruc worker: " in service.printed())
            yield service

    def hold_back(self) -> str:
        """Has the machines start on a desk that needs nobody; returns the settings as they were."""
        whole = self._text
        self._text = "\n".join(line for line in whole.splitlines() if not line.startswith("needs"))
        return whole

    def apply(self, settings: str) -> None:
        """What an administrator does on a machine that runs nothing."""
        folder = self.folder("desk")
        folder.settings.write_text(settings, encoding="utf-8")
        done = catruc(
            "apply", "--yes", "--settings", str(folder.settings), more={"CATRUC_DATABASE": self.url}
        )
        assert done.returncode == 0, done.stderr

    def jobs(self) -> int:
        """How many jobs lie in the database."""
        with closing(Database(self.url)) as database, database.read() as connection:
            return int(connection.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0)

    def handed(self) -> Counter[str]:
        """How often each text, by key, was handed to the console of any machine."""
        return sum((folder.handed() for folder in self._folders.values()), Counter())

    def handed_by(self, name: str) -> int:
        """How many texts one machine has handed over."""
        return self.folder(name).handed().total()

    def states(self) -> dict[str, str]:
        """The state of each message that is due by now, by key."""
        return states_of(self.url)

    def under_way(self) -> int:
        """How many messages are due and have not come to rest."""
        return sum(state not in RESTING for state in self.states().values())

    def logged(self, name: str) -> str:
        """What a machine has logged."""
        return self.folder(name).err.read_text(encoding="utf-8")

    def holder(self, *names: str) -> str | None:
        """Which of these machines took the tick last and has not lost it; None while nobody has it."""
        return next((name for name in names if _has_tick(self.logged(name))), None)


def _has_tick(log: str) -> bool:
    return log.rfind("event=tick_taken") > log.rfind("event=tick_lost")
