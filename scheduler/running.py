"""The running service: heartbeat, delivery and pages around one database."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from notifications.halts import halted
from notifications.outage import means_away
from notifications.reading import Read
from notifications.recovery import recover
from notifications.veil import Veil
from scheduler.clock import fault_of_clock
from scheduler.collector import nothing_collected
from scheduler.log import tell_of_clock
from scheduler.service.office import Office
from scheduler.service.show_openings import show_openings
from scheduler.service.turn import next_turn, take_turn
from scheduler.settings.rehearsal import rehearsal_of, turn_between
from scheduler.settings.settings import Settings
from scheduler.store import in_force, links, sessions
from scheduler.store.database import Database
from scheduler.store.tick import Tick
from scheduler.ticker import PULSE, Ticker
from scheduler.timetable.label import Label
from scheduler.timetable.opening import Board
from scheduler.ways import OpenChannel, Ways

log = structlog.get_logger(__name__)

# So long after the database was found to be away it is tried again.
AFTER_AN_OUTAGE = timedelta(seconds=1)

ReadSettings = Callable[[str], Settings | None]


class Running:
    """Everything that runs while ``catruc serve`` does.

    `read` turns the source in force into settings, `open_channel` gives a channel that they choose by its
    name, and `look` takes an edit of the settings file, if there was one. `readers` understand what providers
    told us, by channel; `veil` makes personal links. What another process applies is taken up within a
    second or two.

    Of several services on one PostgreSQL only the holder of `tick` takes turns and edits; all of them deliver
    and serve pages.
    """

    def __init__(
        self,
        database: Database,
        tick: Tick,
        read: ReadSettings,
        open_channel: OpenChannel,
        look: Callable[[], bool],
        readers: Mapping[str, Read],
        veil: Veil,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._tick = tick
        self._readers = readers
        self._veil = veil
        self._read = read
        self._look = look
        self._clock = clock
        self._refreshing = Lock()
        self._office: Office | None = None
        self._source: str | None = None
        self._mark: object = None
        self._board = _EMPTY
        self._turned_at = clock()
        self._is_halted = False
        self._clock_is_right = True
        self._is_key_known = False
        self.ticker = Ticker(self._turn, self._notice, clock)
        self._ways = Ways(database, open_channel, clock, self.ticker.wake)

    def start(self) -> None:
        """Takes back what a killed service left, and begins.

        On SQLite the service lock proves that no earlier deliverer is alive. On PostgreSQL others may be at
        work: there it is left to the turns, of which one goes on at a time.
        """
        self.refresh()
        if self._database.is_sqlite:
            self._take_back()
        self.ticker.start()

    def stop(self) -> None:
        """Ends within seconds, with everything recorded."""
        self.ticker.stop()
        self._tick.release()
        self._ways.stop()

    def board(self) -> Board:
        """What residents see: an immutable snapshot, replaced when the data changes."""
        return self._board

    def is_ready(self) -> bool:
        """Whether settings are in force, the heartbeat beats and texts can leave."""
        beats = abs(self._clock() - self._turned_at) < 3 * PULSE
        can_send = self._ways.are_open and self._clock_is_right and not self._is_halted
        return self._office is not None and beats and can_send

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
            mark = (self._source, row and row.planned_on, sessions.mark(connection))
            if self._office is not None and mark != self._mark:
                with nothing_collected():
                    self._board = show_openings(connection, self._office, self._clock())
                self._mark = mark

    def _take_back(self) -> None:
        asking = {name for name, way in self._ways.now.items() if way.channel.capabilities.looks_up}
        with self._database.write() as connection:
            doubtful = recover(connection, self._clock(), orphaned=True, asking=asking)
        if doubtful:
            log.warning("texts_in_doubt", count=doubtful)

    def _take_up(self, source: str) -> None:
        settings = self._read(source)
        if settings is None:
            log.error("settings_in_force_unreadable")
            return
        former = (self._office.settings,) if self._office else ()
        _tell_rehearsal(settings, *former)
        office = Office(settings, (settings, *former))
        self._ways.take_up(settings)
        self._office = office
        self._source = source

    def _knows_the_time(self, now: datetime) -> bool:
        fault = fault_of_clock(now)
        if fault and self._clock_is_right:
            tell_of_clock(fault)
        self._clock_is_right = fault is None
        return self._clock_is_right

    def _notice(self) -> bool:
        was_held = self._tick.is_held
        is_held = self._tick.hold()
        try:
            was_edited = is_held and self._clock_is_right and self._look()
            if not (self._database.was_written_elsewhere() or was_edited):
                return is_held and not was_held
            self.refresh()
        except Exception as fault:
            if not means_away(fault):
                raise
        return True

    def _turn(self) -> datetime:
        now = self._clock()
        if not self._knows_the_time(now):
            return now + PULSE
        try:
            upcoming = self._turned(now) if self._tick.is_held else now + PULSE
            self.refresh()
        except Exception as fault:
            if not means_away(fault):
                raise
            return now + AFTER_AN_OUTAGE
        self._turned_at = now
        return upcoming

    def _turned(self, now: datetime) -> datetime:
        """One turn; a large roster of a day that came into sight is found between two attempts at it."""
        if self._office is None:
            return now + PULSE
        return self._office.ahead.run(lambda: self._take_turn(now))

    def _take_turn(self, now: datetime) -> datetime:
        office, ways = self._office, self._ways.now
        if office is None:
            return now + PULSE
        capabilities = {name: way.channel.capabilities for name, way in ways.items()}
        with self._database.write() as connection:
            self._tick.enter(connection)
            # A link is known before the first text that holds it can leave.
            self._adopt_key(connection, now)
            links.keep_new(connection, self._veil)
            free = [name for name, way in ways.items() if not way.carrier.is_full(connection)]
            loads = take_turn(connection, office, capabilities, free, self._readers, uuid4().hex, now)
            for name, batch in loads:
                ways[name].carrier.enqueue(connection, batch)
        # Not before the commit: a turn may be undone and begun again.
        self._is_key_known = True
        for name, batch in loads:
            ways[name].carrier.carry(batch)
        with self._database.read() as connection:
            free = [name for name, way in ways.items() if not way.carrier.is_full(connection)]
            upcoming = next_turn(connection, office, free, now)
            self._note_halts([(row.channel, row.sentence) for row in halted(connection)])
        return upcoming if len(free) == len(ways) else max(upcoming, now + self._ways.look_again)

    def _adopt_key(self, connection: Connection, now: datetime) -> None:
        if not self._is_key_known and links.adopt_key(connection, self._veil, now):
            log.warning("link_key_changed", effect="links sent before open nothing any more")

    def _note_halts(self, still: list[tuple[str, str]]) -> None:
        if still and not self._is_halted:
            for channel, sentence in still:
                log.error("texts_halted", channel=channel, fault=sentence)
        elif self._is_halted and not still:
            log.info("texts_go_again")
        self._is_halted = bool(still)


def _tell_rehearsal(settings: Settings, former: Settings | None = None) -> None:
    """One line when a service starts into a rehearsal, and when an edit begins, changes or ends one."""
    turn, rehearsal = turn_between(former, settings), rehearsal_of(settings)
    if turn is None:
        return
    whom = ",".join(rehearsal.audiences) if rehearsal else ""
    log.warning("rehearsal", turn=turn, audiences=whom, numbers=len(rehearsal.numbers) if rehearsal else 0)


_EMPTY = Board((), (), (), (), ZoneInfo("UTC"), Label.same("catruc"))
