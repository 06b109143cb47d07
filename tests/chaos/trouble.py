"""A pretend Twilio with bad days: what befalls each text by luck, and the receipts that come of it.

The same seed gives the same days. What was put off goes out within `LATEST`, which is far shorter than the
wait before the first look-up, as Twilio's own delays are.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from urllib.parse import urlencode, urlsplit

from sqlalchemy import Connection

from notifications.channels.twilio_form import arrival_of
from notifications.delivery import Begin
from notifications.inbox import receive
from tests.fake_twilio import ACCOUNT, FakeTwilio
from tests.fake_twilio.calls import status_form
from tests.fake_twilio.message import Message

FAULTY = 0.12
LOOK_UPS_FAULTY = 0.12
LATEST = timedelta(seconds=30)
AHEAD = 400

Befall = Callable[[FakeTwilio], None]

# What befalls a text on a bad day, each as likely as another.
FAULTS: Mapping[str, Befall] = {
    "taken, then 500": FakeTwilio.accept_then_500,
    "taken, then dropped": FakeTwilio.accept_then_drop,
    "taken late": lambda twilio: twilio.accept_late(LATEST),
    "taken, and garbage": FakeTwilio.garbage_201,
    "turned away": lambda twilio: twilio.too_many(1),
    "not taken, and 503": lambda twilio: twilio.answer_with(503, b"<html>down</html>"),
}
LOOK_UP_FAULTS: Mapping[str, Befall] = {
    "down": FakeTwilio.look_up_down,
    "dropped": FakeTwilio.look_up_dropped,
    "garbage": lambda twilio: twilio.look_up_answered_with(200, b"{}"),
}
COURSES: Sequence[tuple[str, ...]] = (
    ("sent", "delivered"),
    ("sent", "delivered"),
    ("sent", "delivered", "delivered", "sent"),
    ("delivered", "sent"),
    ("sent", "undelivered"),
    ("undelivered", "delivered", "undelivered"),
    ("sent",),
    (),
)


@dataclass(frozen=True, slots=True)
class _Word:
    """A receipt on its way."""

    at: datetime
    message: Message
    status: str


class Trouble:
    """Lets things befall `twilio` by luck, and brings its receipts; `counts` says what befell how often."""

    def __init__(
        self,
        twilio: FakeTwilio,
        clock: Callable[[], datetime],
        random: Random,
        faults: Mapping[str, Befall] = FAULTS,
    ) -> None:
        self._faults = faults
        self._twilio = twilio
        self._clock = clock
        self._random = random
        self.counts: Counter[str] = Counter()
        self._prepared = self._asked = self._seen = 0
        self._caught_up = clock()
        self._words: list[_Word] = []

    def go_on(self) -> None:
        """Decides what befalls the next texts and look-ups, and lets what was put off go out in time."""
        made = len(self._twilio.exchanges)
        while self._prepared < made + AHEAD:
            self._prepared += 1
            self._befall(self._faults if self._random.random() < FAULTY else {"taken": FakeTwilio.accept})
        now = self._clock()
        if now - self._caught_up > LATEST / 2:
            self._caught_up = now
            self._twilio.catch_up()
            self._twilio.look_up_late(self._random.choice((timedelta(0), LATEST)))
            if self._random.random() < LOOK_UPS_FAULTY:
                self._befall(LOOK_UP_FAULTS)

    def bring_receipts(self, begin: Begin) -> None:
        """Stores the receipts that have come by now: some twice, some out of order, some never."""
        now = self._clock()
        for message in self._twilio.ledger[self._seen :]:
            self._seen += 1
            for number, status in enumerate(self._random.choice(COURSES)):
                delay = timedelta(seconds=self._random.uniform(0, 5 + 10 * number))
                self._words.append(_Word(now + delay, message, status))
        come = [word for word in self._words if word.at <= now]
        self._words = [word for word in self._words if word.at > now]
        if come:
            with begin() as connection:
                for word in come:
                    self._bring(connection, word, now)

    def _befall(self, among: Mapping[str, Befall]) -> None:
        name = self._random.choice(list(among))
        self.counts[name] += 1
        among[name](self._twilio)

    def _bring(self, connection: Connection, word: _Word, now: datetime) -> None:
        code = 30008 if word.status == "undelivered" else None
        form = urlencode(status_form(word.message, word.status, code)).encode("ascii")
        query = urlsplit(word.message.callback or "").query
        receive(connection, arrival_of("status", query, form, ACCOUNT, now))
