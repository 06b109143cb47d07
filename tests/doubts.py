"""A deliverer at work whose channel can be asked about texts in doubt."""

from datetime import timedelta
from typing import Any

from notifications.delivery import Deliverer
from notifications.lookups import claim_look_ups, tell_in_time
from notifications.outcomes import take_outcomes
from scheduler.service.pretend import VirtualClock
from tests.fake_channel import FakeChannel
from tests.outgoing import NOW, Outgoing, wanted


class Doubts:
    """A deliverer whose channel can be asked, on a clock of its own."""

    def __init__(self, post: Outgoing) -> None:
        self.post = post
        self.channel = FakeChannel(looks_up=True)
        self.clock = VirtualClock(NOW)
        self.deliverer = Deliverer(post.database.write, self.channel, self.clock)

    def send(self, *keys: str, **changes: Any) -> None:
        """Wants these messages and hands over what is due."""
        self.post.want(*(wanted(key, **changes) for key in keys), now=self.clock())
        self.go_on()

    def go_on(self) -> None:
        """Hands over what is due now."""
        self.deliverer.deliver(self.post.claim(f"r{self.clock()}", self.clock()))

    def look_up(self, after: timedelta = timedelta(0)) -> int:
        """Lets time pass and looks up what is due; returns how many that were."""
        self.clock.now += after
        with self.post.database.write() as connection:
            batch = claim_look_ups(connection, "console", self.clock())
        self.deliverer.deliver(batch)
        return len(batch.ids)

    def told(self) -> list[tuple[str, str]]:
        """The outcomes that nobody has read yet: what came about, and of which message."""
        with self.post.database.write() as connection:
            tell_in_time(connection, self.clock())
            return [(row.outcome, row.key) for row in take_outcomes(connection, self.clock())]
