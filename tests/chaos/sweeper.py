"""Attacks a deliverer's life at its system calls, one try a call, and compares the books after each.

``python -m tests.chaos.sweeper`` reads its orders as a line of JSON and answers a line a try. It is a process
of its own, since whoever traces must have no other children and no coverage to measure.
"""

import gc
import json
import os
import shutil
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from notifications.outage import means_away
from scheduler.log import log_to
from scheduler.store.database import Database
from tests.chaos import life
from tests.chaos.attacks import ATTACKS
from tests.chaos.ledgers import Plan, compare
from tests.chaos.life import STARTS, SharedClock
from tests.chaos.power import Known, Watch
from tests.chaos.small_disk import Filling, make_room, small_disk
from tests.chaos.tally import findings_of
from tests.chaos.tracer import Decide, Run, alone, missing, traced
from tests.fake_twilio import FakeTwilio
from tests.postgres import PostgresServer

COPY = Path("copies", "copy.db")
POWER_CUT, CUTS, SEED = "power cut", 1_000, 20261128
SMALL_DISK = "small disk"
A_LITTLE, MORE = 16_384, 131_072
"""Bytes: each small disk has so much more to spare than the one before."""
AWAY = 75
"""The exit code of a life that met an outage of its database when it began, as ``catruc serve`` does."""


# A try costs a third of a second: CI makes every third of those that leave something behind.
EACH_IN_CI = 3


@dataclass(frozen=True, slots=True)
class Orders:
    """Which database, which attack, power cut or small disk, and how many; with `others` None, all there are.

    On PostgreSQL `database` is an empty one, and a copy of it is made beside it again and again. Of the
    attacks on calls it makes its `share` of so many `shares`, counted from 0; other sweepers make the rest.
    """

    database: str
    attack: str
    others: int | None
    share: int = 0
    shares: int = 1


@dataclass(frozen=True, slots=True)
class Tried:
    """What the books say after one attack: what is wrong, and how many of each kind there are."""

    attack: str
    was_killed: bool
    findings: Sequence[str]
    counts: dict[str, int] = field(default_factory=dict)


class Sweep:
    """Many lives on copies of one estate."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._url = make_url(orders.database)
        self._clock = SharedClock(life.PLANNED_AT)
        with FakeTwilio(self._clock):
            self._estate = life.leave_behind(orders.database, self._clock)
        # The copies have one name: the same values serve all of them, whose connections are made in children.
        self._database = Database(self._name_of_copy())

    def run(self) -> Iterator[Tried]:
        """First a life that nobody ends, which says what there is to try; then the others."""
        with self._copy() as url, self._twilio() as twilio:
            whole = self._live(twilio, lambda _: 0)
            assert whole.code == 0, f"a life that nobody ended came to nothing: {whole.code}"
            self._plan: list[Plan] = life.plan_of(url)
            yield self._compare("nothing", whole, url, twilio)
        self._warm_up()
        if self._orders.attack == POWER_CUT:
            yield from self._cut_power()
            return
        if self._orders.attack == SMALL_DISK:
            yield from self._fill_disks(A_LITTLE if self._orders.others is None else MORE)
            return
        attacks = list(ATTACKS[self._orders.attack](whole.calls, self._orders.others))
        takes_some = self._orders.others is not None and self._orders.attack != "full"
        chosen = attacks[::EACH_IN_CI] if takes_some else attacks
        for attack in chosen[self._orders.share :: self._orders.shares]:
            with self._copy() as url, self._twilio() as twilio:
                ended = self._live(twilio, attack.decide)
                self._wait_for_the_provider(twilio)
                code = self._finish(twilio)
                tried = self._compare(attack.name, ended, url, twilio)
            unfinished = [] if code == 0 else [f"the life after it ended with {code}"]
            yield replace(tried, findings=[*tried.findings, *unfinished])

    def _warm_up(self) -> None:
        """A life in this process: every child inherits the statements that it has compiled."""
        with self._copy(), self._twilio() as twilio:
            life.befall(twilio, self._estate)
            life.live(self._database, twilio.url, self._clock, STARTS[0])

    def _cut_power(self) -> Iterator[Tried]:
        """The power is cut again and again in one life; each time the other life begins on what was left."""
        with self._copy() as url, self._twilio() as twilio:
            file = Path(make_url(url).database or "")
            watch = Watch(file.parent, file.name, lambda: Known(len(twilio.ledger), self._clock.confirmed))
            before = {file.name: file.read_bytes()}
            assert self._live(twilio, watch).code == 0
            taken = list(twilio.ledger)
        for image in watch.images(before, self._orders.others or CUTS, Random(SEED)):
            with self._copy() as url, self._twilio() as twilio:
                for name, content in image.files.items():
                    file.with_name(name).write_bytes(content)
                twilio.ledger.extend(taken[: image.known.taken])
                wrong = list(_spoiled(file, image.known))
                code = self._finish(twilio)
                tried = self._compare(f"the power is cut before {image.cut}", Run((), None), url, twilio)
            unfinished = [] if code == 0 else [f"the life after it ended with {code}"]
            yield replace(tried, findings=[*tried.findings, *wrong, *unfinished])

    def _fill_disks(self, step: int) -> Iterator[Tried]:
        """Disks with more and more to spare, until a life finds one of them large enough."""
        original = Path(self._url.database or "")
        folder = (original.parent / COPY).parent
        for spare in count(step, step):
            filling = Filling(folder)
            size = original.stat().st_size + spare
            with small_disk(folder, size), self._copy() as url, self._twilio() as twilio:
                ended = self._live(twilio, filling)
                make_room(folder)
                code = self._finish(twilio)
                tried = self._compare(f"a disk with {spare} bytes to spare", ended, url, twilio)
            if not filling.refused:
                return
            unfinished = [] if code == 0 else [f"the life after it ended with {code}"]
            yield replace(tried, findings=[*tried.findings, *unfinished])

    def _live(self, twilio: FakeTwilio, decide: Decide) -> Run:
        life.befall(twilio, self._estate)
        return traced(lambda: self._begin(twilio, STARTS[0]), decide)

    def _finish(self, twilio: FakeTwilio) -> int:
        return alone(lambda: self._begin(twilio, STARTS[1]))

    def _begin(self, twilio: FakeTwilio, start: datetime) -> None:
        try:
            life.live(self._database, twilio.url, self._clock, start)
        except Exception as fault:
            if not means_away(fault):
                raise
            os._exit(AWAY)

    def _compare(self, name: str, ended: Run, url: str, twilio: FakeTwilio) -> Tried:
        said = compare(life.books(url, self._plan, twilio))
        wrong = [f"{one.key}: {one.sentence}" for one in (*said.lost, *said.doubled, *said.unexpected)]
        untold = [f"{key}: in doubt, and nobody was told" for key in life.untold(url)]
        died = [] if ended.code in (None, 0, AWAY) else [f"it died of itself: {ended.code}"]
        counts = {"texts": said.texts, **findings_of(said)}
        return Tried(name, ended.was_killed, [*wrong, *untold, *died], counts)

    @contextmanager
    def _twilio(self) -> Iterator[FakeTwilio]:
        self._clock.now, self._clock.confirmed = life.KILLED_AT, 0
        with FakeTwilio(self._clock) as twilio:
            yield twilio

    @staticmethod
    def _wait_for_the_provider(twilio: FakeTwilio) -> None:
        """Until it has understood whatever was on its way from the dead."""
        address = urlsplit(twilio.url)
        socket.create_connection((address.hostname, address.port)).close()
        while any("process_request_thread" in thread.name for thread in threading.enumerate()):
            time.sleep(0.002)

    def _name_of_copy(self) -> str:
        if self._url.get_backend_name() == "sqlite":
            return f"sqlite:///{Path(self._url.database or '').parent / COPY}"
        return self._url.set(database=f"{self._url.database}_copy").render_as_string(hide_password=False)

    @contextmanager
    def _copy(self) -> Iterator[str]:
        """A copy of the estate's database."""
        if self._url.get_backend_name() == "sqlite":
            original = Path(self._url.database or "")
            copy = original.parent / COPY
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(original, copy)
            try:
                yield self._name_of_copy()
            finally:
                for each in copy.parent.iterdir():
                    each.unlink()
            return
        name = f"{self._url.database}_copy"
        self._serve(f'CREATE DATABASE "{name}" TEMPLATE "{self._url.database}"')
        try:
            yield self._name_of_copy()
        finally:
            self._serve(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _serve(self, statement: str) -> None:
        server = PostgresServer(Path(str(self._url.query["host"])), count())
        with server.connect() as connection:
            connection.execute(statement)


def _spoiled(file: Path, known: Known) -> Iterator[str]:
    """What is not as it was promised in a file that was left by a power cut."""
    with closing(sqlite3.connect(file)) as connection:
        (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
        (stored,) = connection.execute("SELECT count(*) FROM arrivals").fetchone()
    if whole != "ok":
        yield f"the file is spoiled: {whole}"
    if stored < known.confirmed:
        yield f"{known.confirmed} receipts were confirmed, and {stored} are there"


def main() -> None:
    """One sweep; a line of the answer is nobody else's, whatever a library prints."""
    gc.freeze()  # what was imported is shared with every child, and no collection shall touch it there
    with os.fdopen(os.dup(1), "w") as answers, Path(os.devnull).open("w") as nobody:
        os.dup2(nobody.fileno(), 1)
        log_to(nobody)
        orders = Orders(**json.loads(sys.stdin.readline()))
        if reason := missing():
            print(json.dumps({"missing": reason}), file=answers)
            return
        for tried in Sweep(orders).run():
            print(json.dumps(asdict(tried)), file=answers, flush=True)


if __name__ == "__main__":
    main()
