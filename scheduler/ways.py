"""How texts leave: a channel that the settings choose, its deliverer, and the carrier between them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from notifications.carrier.carrier import Carrier
from notifications.carrier.in_process import InProcessCarrier
from notifications.channels.channel import Channel
from notifications.delivery import Deliverer
from notifications.terms import House
from scheduler.settings.settings import Settings
from scheduler.store.database import Database
from scheduler.ticker import PULSE

log = structlog.get_logger(__name__)

# Texts under way may finish so long after the signal; then the channel is closed and they are in doubt.
GRACE_SECONDS = 3.0
# Nobody tells when a worker on another machine is free again.
LOOK_AGAIN = timedelta(milliseconds=200)

OpenChannel = Callable[[str, Settings], Channel]


class Way:
    """How texts leave now: a channel, and workers that hand them to it; `done` is called when one is free."""

    def __init__(
        self,
        database: Database,
        name: str,
        channel: Channel,
        clock: Callable[[], datetime],
        done: Callable[[], None],
    ) -> None:
        self.channel = channel
        begin = database.write if database.is_sqlite else database.write_untold
        self._deliverer = Deliverer(begin, channel, clock)
        self.carrier = _carrier(database, name, channel.capabilities.workers, self._deliverer, done)

    def stop(self) -> None:
        """Lets texts under way finish; what takes too long is cut off, and is in doubt."""
        self._deliverer.stop()
        if not self.carrier.stop(GRACE_SECONDS):
            self.channel.close()
            self.carrier.stop(GRACE_SECONDS)
        self.channel.close()


class Ways:
    """The ways that the settings in force choose.

    `open_channel` gives a channel by its name; `wake` is called when one of them may take more.
    """

    def __init__(
        self,
        database: Database,
        open_channel: OpenChannel,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._open_channel = open_channel
        self._clock = clock
        self._wake = wake
        self._public_url: str | None = None
        self.now: Mapping[str, Way] = {}
        """By the name of the channel; replaced, never changed."""
        self.are_open = True
        """Whether all could be opened that the settings choose."""

    @property
    def look_again(self) -> timedelta:
        """After how long a full way is to be looked at again though nobody woke us."""
        return PULSE if self._database.is_sqlite else LOOK_AGAIN

    def take_up(self, settings: Settings) -> None:
        """Opens and closes ways as these settings say.

        No texts at all are better than texts by a way that nobody wants any more. A channel tells its
        provider our address, and is opened anew for another one.
        """
        names = House(settings.terms, settings.audience_terms, settings.service.zone).channels
        is_elsewhere = settings.service.public_url != self._public_url
        kept = {name: way for name, way in self.now.items() if name in names and not is_elsewhere}
        for name in self.now.keys() - kept.keys():
            self.now[name].stop()
        opened = {name: kept.get(name) or self._open(name, settings) for name in names}
        self.now = {name: way for name, way in opened.items() if way}
        self.are_open = len(self.now) == len(opened)
        self._public_url = settings.service.public_url

    def stop(self) -> None:
        """Ends all of them within seconds, with everything recorded."""
        for way in self.now.values():
            way.stop()

    def _open(self, name: str, settings: Settings) -> Way | None:
        try:
            channel = self._open_channel(name, settings)
        except ValueError as fault:
            told = {"channel": name, "fault": str(fault)}
            log.error("channel_not_opened", **told)  # noqa: TRY400  the sentence says it all
            return None
        return Way(self._database, name, channel, self._clock, self._done)

    def _done(self) -> None:
        self._database.tell()
        self._wake()


def _carrier(
    database: Database, name: str, workers: int, deliverer: Deliverer, done: Callable[[], None]
) -> Carrier:
    if database.is_sqlite:
        return InProcessCarrier(deliverer.deliver, workers, done)
    # With SQLite nothing of Procrastinate is imported.
    from notifications.carrier.procrastinate import ProcrastinateCarrier

    arguments = database.driver_arguments
    return ProcrastinateCarrier(arguments, name, deliverer.deliver, workers, workers, done)
