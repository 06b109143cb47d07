"""A pretend channel: it takes every text, unless it was told what to do with the next."""

from collections import deque
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Lock

from notifications.channels.channel import (
    Accepted,
    Capabilities,
    Found,
    InDoubt,
    Inquiry,
    NotSent,
    NoWord,
    Outcome,
    Parcel,
    Trace,
)
from notifications.fault import Fault
from notifications.receipt import Rank

PATIENCE = 30.0
"""Seconds after which a held text gives up on the test that holds it."""


class PowerCut(BaseException):
    """What ends a worker in the middle of a call, as a killed process would."""


class FakeChannel:
    """Keeps what it was handed in `handed`; the verbs say what befalls the next texts, one each, in order.

    `is_busy` is set while a text is held in the channel's hands.
    """

    name = "console"

    def __init__(self, looks_up: bool = False, workers: int = 1) -> None:
        self.capabilities = Capabilities(
            two_way=False, receipts="none", looks_up=looks_up, workers=workers, keeps_texts=looks_up
        )
        self.handed: list[Parcel] = []
        self.is_busy = Event()
        self.is_closed = False
        self._free = Event()
        self._free.set()
        self._next: deque[Callable[[Parcel], Outcome]] = deque()
        self._never: dict[str, NotSent] = {}
        self._look: Callable[[Parcel], None] = lambda _: None
        self._lock = Lock()
        self.inquiries: list[Inquiry] = []
        self.forgotten: list[str] = []
        self._while_asked: Callable[[Inquiry], None] = lambda _: None
        self._known: list[tuple[str, str, Trace]] = []
        self._is_dumb = False
        self.keeps_from_forgetting = False

    def refuse(self, fault: Fault = Fault.BAD_NUMBER, code: str = "21211") -> None:
        """The next text is refused for a fault of this class."""
        self._next.append(lambda _: NotSent(fault, code, f"Refused: {fault}."))

    def never_take(self, key: str, fault: Fault, code: str) -> None:
        """The text with this key is refused as often as it comes."""
        self._never[key] = NotSent(fault, code, f"Refused: {fault}.")

    def turn_away(self, retry_after: timedelta | None = None, code: str = "busy") -> None:
        """The next text is not taken now and may be tried again."""
        self._next.append(lambda _: NotSent(Fault.TRANSIENT, code, "Too many texts.", retry_after))

    def leave_in_doubt(self) -> None:
        """Nobody can say whether the next text went out; it did not."""
        self._next.append(lambda _: InDoubt("no_answer", "The provider did not answer."))

    def take_without_a_word(self, rank: Rank = Rank.TAKEN, provider_id: str = "") -> None:
        """The next text is taken, and its answer is lost: a look-up finds it at this rank."""

        def take(parcel: Parcel) -> Outcome:
            trace = Trace(provider_id or f"id of {parcel.key}", rank.name.lower(), rank, parcel.at)
            self._known.append((parcel.phone, parcel.text, trace))
            return InDoubt("no_answer", "The provider did not answer.")

        self._next.append(take)

    def be_dumb(self, is_dumb: bool = True) -> None:
        """Look-ups get no answer from now on, or get one again."""
        self._is_dumb = is_dumb

    def break_down(self, fault: BaseException) -> None:
        """The next call ends in this fault instead of an outcome."""
        self._next.append(lambda _: _raise(fault))

    def take_all_again(self) -> None:
        """From now on every text is taken."""
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

    def while_asked(self, act: Callable[[Inquiry], None]) -> None:
        """Does this during every look-up."""
        self._while_asked = act

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
        return self._never.get(parcel.key) or act(parcel)

    def look_up(self, inquiry: Inquiry) -> Found:
        """What it took of such texts."""
        self.inquiries.append(inquiry)
        self._while_asked(inquiry)
        if self._is_dumb:
            return NoWord("no_answer", "The provider did not answer.")
        wanted = inquiry.phone, inquiry.text
        return tuple(trace for phone, text, trace in self._known if (phone, text) == wanted)

    def forget(self, provider_id: str) -> bool:
        """Erases the words of a text, unless it was told to keep them."""
        if self.keeps_from_forgetting:
            return False
        self.forgotten.append(provider_id)
        return True

    def close(self) -> None:
        """Notes it."""
        self.is_closed = True


def _accept(parcel: Parcel) -> Outcome:
    return Accepted(f"id of {parcel.key}")


def _raise(fault: BaseException) -> Outcome:
    raise fault
