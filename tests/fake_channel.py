"""A pretend channel: it takes every text, unless it was told what to do with the next."""

from collections import deque
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Lock

from notifications.channels.channel import Accepted, Capabilities, InDoubt, NotSent, Outcome, Parcel

PATIENCE = 30.0
"""Seconds after which a held text gives up on the test that holds it."""


class PowerCut(BaseException):
    """What ends a worker in the middle of a call, as a killed process would."""


class FakeChannel:
    """Keeps what it was handed in `handed`; the verbs say what befalls the next texts, one each, in order.

    `is_busy` is set while a text is held in the channel's hands.
    """

    name = "fake"
    capabilities = Capabilities(two_way=False, receipts="none", looks_up=False, workers=1)

    def __init__(self) -> None:
        self.handed: list[Parcel] = []
        self.is_busy = Event()
        self.is_closed = False
        self._free = Event()
        self._free.set()
        self._next: deque[Callable[[Parcel], Outcome]] = deque()
        self._look: Callable[[Parcel], None] = lambda _: None
        self._lock = Lock()

    def refuse(self, code: str = "bad_number") -> None:
        """The next text is refused for good."""
        self._next.append(lambda _: NotSent(code, "The number takes no texts.", permanent=True))

    def turn_away(self, retry_after: timedelta | None = None, code: str = "busy") -> None:
        """The next text is not taken now and may be tried again."""
        self._next.append(
            lambda _: NotSent(code, "Too many texts.", permanent=False, retry_after=retry_after)
        )

    def leave_in_doubt(self) -> None:
        """Nobody can say whether the next text went out."""
        self._next.append(lambda _: InDoubt("no_answer", "The provider did not answer."))

    def break_down(self, fault: BaseException) -> None:
        """The next call ends in this fault instead of an outcome."""
        self._next.append(lambda _: _raise(fault))

    def forget(self) -> None:
        """From now on every text is taken again."""
        self._next.clear()

    def hold(self) -> None:
        """Keeps the next text under way until `let_go`."""
        self.is_busy.clear()
        self._free.clear()

    def let_go(self) -> None:
        """Ends what `hold` began."""
        self._free.set()

    def look_around(self, look: Callable[[Parcel], None]) -> None:
        """Does this during every call, as a program on the far side of the channel could."""
        self._look = look

    def keys(self) -> list[str]:
        """The keys of what was handed over, in order."""
        return [parcel.key for parcel in self.handed]

    def hand(self, parcel: Parcel) -> Outcome:
        """Takes the text, or does as it was told."""
        with self._lock:
            self.handed.append(parcel)
            act = self._next.popleft() if self._next else _accept
        self.is_busy.set()
        assert self._free.wait(PATIENCE), "the test never let the text go"
        self._look(parcel)
        return act(parcel)

    def close(self) -> None:
        """Notes it."""
        self.is_closed = True


def _accept(parcel: Parcel) -> Outcome:
    return Accepted(f"id of {parcel.key}")


def _raise(fault: BaseException) -> Outcome:
    raise fault
