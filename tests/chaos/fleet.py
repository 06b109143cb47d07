"""Deliverers at work in processes of their own, killed at moments that nobody chose."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random

from tests.chaos.deliverer import Orders
from tests.served import ROOT, environment

OF_THREE_TWO = 2


class Fleet:
    """`many` deliverers; each that is killed is followed by another at once."""

    def __init__(self, nursery: "subprocess.Popen[str]", orders: Orders, many: int) -> None:
        self._nursery = nursery
        self._orders = orders
        self._pids = [self._start() for _ in range(many)]
        self.kills = 0

    def kill(self, random: Random) -> None:
        """Kills two of three, a moment apart, or the only one; others take their places."""
        for place in random.sample(range(len(self._pids)), min(OF_THREE_TWO, len(self._pids))):
            time.sleep(random.uniform(0, 0.02))
            os.kill(self._pids[place], signal.SIGKILL)
            self.kills += 1
            self._pids[place] = self._start()

    def end(self) -> None:
        """Kills them all, and the nursery."""
        for pid in self._pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._nursery.kill()

    def check(self) -> None:
        """Raises ProcessLookupError when one of them has died of itself."""
        for pid in self._pids:
            os.kill(pid, 0)

    def _start(self) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        print(self._orders.as_line(), file=self._nursery.stdin, flush=True)
        return int(self._nursery.stdout.readline())


@contextmanager
def fleet(orders: Orders, many: int) -> Iterator[Fleet]:
    """A fleet that is gone at the end."""
    # Coverage of what is killed is never written, and measuring it would only slow the race down.
    plain = {name: value for name, value in environment().items() if not name.startswith("COV")}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.deliverer"],
        cwd=ROOT,
        env={**plain, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        one = Fleet(nursery, orders, many)
        try:
            yield one
        finally:
            one.end()
