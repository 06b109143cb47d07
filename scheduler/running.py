"""The running service: heartbeat, delivery and pages around one database."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from threading import Lock
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog

from notifications.carrier.in_process import InProcessCarrier
from notifications.channels.channel import Channel
from notifications.claims import recover
from notifications.delivery import Deliverer
from notifications.halts import halted
from notifications.reading import Read
from scheduler.service.office import Office
from scheduler.service.show_openings import show_openings
from scheduler.service.turn import next_turn, take_turn
from scheduler.settings.rehearsal import rehearsal_of, turn_between
from scheduler.settings.settings import Settings
from scheduler.store import in_force, sessions
from scheduler.store.database import Database
from scheduler.ticker import PULSE, Ticker
from scheduler.timetable.label import Label
from scheduler.timetable.opening import Board

log = structlog.get_logger(__name__)

# Texts under way may finish so long after the signal; then the channel is closed and they are in doubt.
GRACE_SECONDS = 3.0

ReadSettings = Callable[[str], Settings | None]
OpenChannel = Callable[[str, Settings], Channel]


class Running:
    """Everything that runs while ``catruc serve`` does.

    `read` turns the source in force into settings, `open_channel` gives a channel that they choose by its
    name, and `look` takes an edit of the settings file, if there was one. `readers` understand what providers
    told us, by channel. What another process applies is taken up within a second or two.
    """

    def __init__(
        self,
        database: Database,
        read: ReadSettings,
        open_channel: OpenChannel,
        look: Callable[[], bool],
        readers: Mapping[str, Read],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._readers = readers
        self._read = read
        self._open_channel = open_channel
        self._look = look
        self._clock = clock
        self._refreshing = Lock()
        self._office: Office | None = None
        self._source: str | None = None
        self._mark: object = None
        self._board = _EMPTY
        self._turned_at = clock()
        self._ways: Mapping[str, _Way] = {}
        self._is_halted = False
        self.ticker = Ticker(self._turn, self._notice, clock)

    def start(self) -> None:
        """Takes back what a killed service left, and begins.

        On SQLite the service lock proves that no earlier deliverer is alive.
        """
        self.refresh()
        asking = {name for name, way in self._ways.items() if way.channel.capabilities.looks_up}
        with self._database.write() as connection:
            doubtful = recover(connection, self._clock(), self._database.is_sqlite, asking)
        if doubtful:
            log.warning("texts_in_doubt", count=doubtful)
        self.ticker.start()

    def stop(self) -> None:
        """Ends within seconds, with everything recorded."""
        self.ticker.stop()
        for way in self._ways.values():
            way.stop()

    def board(self) -> Board:
        """What residents see: an immutable snapshot, replaced when the data changes."""
        return self._board

    def is_ready(self) -> bool:
        """Whether settings are in force, the heartbeat beats and texts can leave."""
        beats = self._clock() - self._turned_at < 3 * PULSE
        return self._office is not None and beats and not self._is_halted

    def public_url(self) -> str | None:
        """The address that providers are told, or None before the first apply."""
        return self._office.settings.service.public_url if self._office else None

    @property
    def office(self) -> Office | None:
        """The settings in force, or None before the first apply."""
        return self._office

    def refresh(self) -> None:
        """Takes up the settings in force and the sessions as they are stored now."""
        with self._refreshing, self._database.read() as connection:
            row = in_force.newest(connection)
            if row is not None and row.source != self._source:
                self._take_up(row.source)
            mark = (self._source, sessions.mark(connection))
            if self._office is not None and mark != self._mark:
                self._board = show_openings(connection, self._office, self._clock())
                self._mark = mark

    def _take_up(self, source: str) -> None:
        settings = self._read(source)
        if settings is None:
            log.error("settings_in_force_unreadable")
            return
        former = (self._office.settings,) if self._office else ()
        _tell_rehearsal(settings, *former)
        office = Office(settings, (settings, *former))
        self._change_ways(office.house.channels, settings)
        self._office = office
        self._source = source

    def _change_ways(self, names: Collection[str], settings: Settings) -> None:
        """No texts at all are better than texts by a way that nobody wants any more.

        A channel tells its provider our address, and is opened anew for another one.
        """
        is_elsewhere = settings.service.public_url != self.public_url()
        kept = {name: way for name, way in self._ways.items() if name in names and not is_elsewhere}
        for name in self._ways.keys() - kept.keys():
            self._ways[name].stop()
        opened = {name: kept.get(name) or self._open_way(name, settings) for name in names}
        self._ways = {name: way for name, way in opened.items() if way}

    def _open_way(self, name: str, settings: Settings) -> "_Way | None":
        try:
            channel = self._open_channel(name, settings)
        except ValueError as fault:
            log.error("channel_not_opened", channel=name, fault=str(fault))  # noqa: TRY400  the sentence says it all
            return None
        return _Way(self._database, channel, self._clock, self.ticker.wake)

    def _notice(self) -> bool:
        was_edited = self._look()
        if not (self._database.was_written_elsewhere() or was_edited):
            return False
        self.refresh()
        return True

    def _turn(self) -> datetime:
        now = self._clock()
        office = self._office
        if office is None:
            return now + PULSE
        ways = dict(self._ways)
        capabilities = {name: way.channel.capabilities for name, way in ways.items()}
        free = [name for name, way in ways.items() if way.is_free]
        with self._database.write() as connection:
            loads = take_turn(connection, office, capabilities, free, self._readers, uuid4().hex, now)
        for name, batch in loads:
            ways[name].carrier.carry(batch)
        free = [name for name, way in ways.items() if way.is_free]
        with self._database.read() as connection:
            upcoming = next_turn(connection, office, free, now)
            self._note_halts([(row.channel, row.sentence) for row in halted(connection)])
        self._turned_at = now
        self.refresh()
        return upcoming if len(free) == len(ways) else max(upcoming, now + PULSE)

    def _note_halts(self, still: list[tuple[str, str]]) -> None:
        if still and not self._is_halted:
            for channel, sentence in still:
                log.error("texts_halted", channel=channel, fault=sentence)
        elif self._is_halted and not still:
            log.info("texts_go_again")
        self._is_halted = bool(still)


class _Way:
    """How texts leave now: a channel, and workers that hand them to it."""

    def __init__(
        self,
        database: Database,
        channel: Channel,
        clock: Callable[[], datetime],
        done: Callable[[], None],
    ) -> None:
        self.channel = channel
        self._deliverer = Deliverer(database.write, channel, clock)
        workers = channel.capabilities.workers
        self.carrier = InProcessCarrier(self._deliverer.deliver, workers, done)

    @property
    def is_free(self) -> bool:
        """Whether a worker has nothing to do."""
        return not self.carrier.is_full

    def stop(self) -> None:
        """Lets texts under way finish; what takes too long is cut off, and is in doubt."""
        self._deliverer.stop()
        if not self.carrier.stop(GRACE_SECONDS):
            self.channel.close()
            self.carrier.stop(GRACE_SECONDS)
        self.channel.close()


def _tell_rehearsal(settings: Settings, former: Settings | None = None) -> None:
    """One line when a service starts into a rehearsal, and when an edit begins, changes or ends one."""
    turn, rehearsal = turn_between(former, settings), rehearsal_of(settings)
    if turn is None:
        return
    whom = ",".join(rehearsal.audiences) if rehearsal else ""
    log.warning("rehearsal", turn=turn, audiences=whom, numbers=len(rehearsal.numbers) if rehearsal else 0)


_EMPTY = Board((), (), (), (), ZoneInfo("UTC"), Label.same("catruc"))
