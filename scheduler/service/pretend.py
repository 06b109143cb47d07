"""A pretend phone network with pretend people on it, for simulations: nothing leaves, all is remembered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from notifications.channels.channel import Accepted, Capabilities, Found, Inquiry, Outcome, Parcel, Trace
from notifications.receipt import Rank

ACCEPTS, REFUSES = 0.74, 0.12
SOONEST_ANSWER, LATEST_ANSWER = timedelta(minutes=4), timedelta(hours=40)


class VirtualClock:
    """A clock that shows what it was set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The instant it shows."""
        return self.now


@dataclass(frozen=True, slots=True)
class Handed:
    """A text that the network took."""

    at: datetime
    key: str
    phone: str
    text: str


class PretendNetwork:
    """A channel that takes every text and remembers it; `heard` is called with each."""

    name = "pretend"
    capabilities = Capabilities(two_way=False, receipts="none", looks_up=True, workers=1)

    def __init__(self, clock: Callable[[], datetime], heard: Callable[[Handed], None]) -> None:
        self.ledger: list[Handed] = []
        self._clock = clock
        self._heard = heard

    def hand(self, parcel: Parcel) -> Outcome:
        """Takes the text."""
        handed = Handed(self._clock(), parcel.key, parcel.phone, parcel.text)
        self.ledger.append(handed)
        self._heard(handed)
        return Accepted(f"pretend-{len(self.ledger)}")

    def look_up(self, inquiry: Inquiry) -> Found:
        """What it took of such texts."""
        return tuple(
            Trace(f"pretend-{number}", "taken", Rank.TAKEN, handed.at)
            for number, handed in enumerate(self.ledger, 1)
            if (handed.phone, handed.text) == (inquiry.phone, inquiry.text)
        )

    def forget(self, provider_id: str) -> bool:
        """Its memory ends with the simulation."""
        del provider_id
        return True

    def close(self) -> None:
        """Nothing to close."""


@dataclass(frozen=True, slots=True)
class Intention:
    """What a pretend person will do about a question: a yes, a no, or None for silence; and when."""

    yes: bool | None
    at: datetime


def intend(random: Random, asked_at: datetime) -> Intention:
    """How a person takes a question: most accept, some refuse, some never answer."""
    luck = random.random()
    wait = SOONEST_ANSWER + (LATEST_ANSWER - SOONEST_ANSWER) * random.random() ** 2
    yes = True if luck < ACCEPTS else False if luck < ACCEPTS + REFUSES else None
    return Intention(yes, asked_at + wait)
