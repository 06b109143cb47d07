"""Deliverers at work in processes of their own, killed at moments that nobody chose."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from random import Random

from tests.chaos.deliverer import WARM, Orders
from tests.served import ROOT, environment

OF_THREE_TWO = 2
HANDS = (1, 2, 4)
"""As many calls at a time as a deliverer makes; at a kill three times as many texts may be under way."""
BETWEEN_LOOKS = 0.02


class Fleet:
    """`many` deliverers; each that is killed is followed by another at once, with few or many hands."""

    def __init__(self, nursery: "subprocess.Popen[str]", many: int, random: Random) -> None:
        self._nursery = nursery
        self._random = random
        self._pids = [self._start() for _ in range(many)]
        self.kills = 0

    def kill(self) -> None:
        """Kills two of three, a moment apart, or the only one; others take their places."""
        for place in self._random.sample(range(len(self._pids)), min(OF_THREE_TWO, len(self._pids))):
            time.sleep(self._random.uniform(0, 0.02))
            os.kill(self._pids[place], signal.SIGKILL)
            self.kills += 1
            self._pids[place] = self._start()

    def close(self) -> None:
        """Kills them all."""
        for pid in self._pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def check(self) -> None:
        """Raises ProcessLookupError when one of them has died of itself."""
        for pid in self._pids:
            os.kill(pid, 0)

    def _start(self) -> int:
        assert self._nursery.stdin is not None
        print(self._random.choice(HANDS), file=self._nursery.stdin, flush=True)
        return int(_answer(self._nursery))


@contextmanager
def fleet(orders: Orders, many: int, random: Random, meanwhile: Callable[[], None]) -> Iterator[Fleet]:
    """A fleet that is gone at the end; `meanwhile` goes on about it while the nursery works itself."""
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
        try:
            assert nursery.stdin is not None
            assert nursery.stdout is not None
            print(orders.as_line(), file=nursery.stdin, flush=True)
            while not select.select([nursery.stdout], [], [], BETWEEN_LOOKS)[0]:
                meanwhile()
            assert _answer(nursery) == WARM
            with closing(Fleet(nursery, many, random)) as one:
                yield one
        finally:
            nursery.kill()


def _answer(nursery: "subprocess.Popen[str]") -> str:
    assert nursery.stdout is not None
    return nursery.stdout.readline().strip()
