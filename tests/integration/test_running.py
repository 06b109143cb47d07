"""The running service, in this process and on the real clock: what it takes up, and how it ends."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog
from sqlalchemy import select, update
from structlog.testing import CapturingLogger

from notifications.channels.channel import Channel, InDoubt, Outcome, Parcel
from notifications.message import State
from notifications.tables import messages
from notifications.veil import Veil
from scheduler.app import apply_settings, office_for, settings_of_source
from scheduler.clock import read_clock
from scheduler.running import Running
from scheduler.service.greet import greet
from scheduler.settings.settings import Settings
from scheduler.store import in_force
from scheduler.store.database import Database
from scheduler.store.migrate import migrate
from scheduler.store.tick import Tick
from tests.desk import settings_of
from tests.fake_channel import FakeChannel
from tests.postgres import PostgresServer
from tests.served import wait_for
from tests.terminal import SMALL, TODAY

# No night, so that what is due is sent at whatever hour the tests run.
AWAKE = SMALL.replace("[sms]", '[sms]\nquiet = ""\nrate = "100/s"')
BY_TWILIO = AWAKE.replace("[sms]", '[sms]\nchannel = "twilio"')


class StuckChannel(FakeChannel):
    """Gives no answer until it is closed; then it does not know."""

    def __init__(self) -> None:
        super().__init__()
        self.hold()

    def hand(self, parcel: Parcel) -> Outcome:
        """Waits."""
        super().hand(parcel)
        return InDoubt("closed", "The channel was closed during the call.")

    def close(self) -> None:
        """Ends the waiting."""
        self.let_go()


class House:
    """A database and the channels that settings can choose by name; None has no credentials."""

    def __init__(self, database_url: str) -> None:
        self.database = Database(database_url)
        migrate(self.database)
        self.channels: dict[str, FakeChannel | None] = {"console": FakeChannel(), "twilio": FakeChannel()}

    def close(self) -> None:
        """Closes the database."""
        self.database.close()

    def apply(self, text: str) -> None:
        """As another process would."""
        apply_settings(self.database, office_for(self.database, settings_of(text)), read_clock())

    def open_channel(self, name: str, settings: Settings) -> Channel:
        """The channel with this name."""
        channel = self.channels[name]
        if channel is None:
            raise ValueError("CATRUC_TWILIO_ACCOUNT_SID is not set.")
        channel.name = name
        return channel

    @contextmanager
    def running(self, look: Callable[[], bool] = lambda: False) -> Iterator[Running]:
        """The service, stopped at the end."""
        service = Running(
            self.database,
            Tick(self.database),
            settings_of_source,
            self.open_channel,
            look,
            {},
            Veil(b"the key of these tests"),
            read_clock,
        )
        service.start()
        try:
            yield service
        finally:
            service.stop()

    def states(self) -> set[str]:
        """The states of all questions."""
        asked = select(messages.c.state).where(messages.c.kind == "ask")
        with self.database.read() as connection:
            return set(connection.scalars(asked))

    def handed_by(self, name: str) -> list[str]:
        """The keys that a channel was handed."""
        channel = self.channels[name]
        return channel.keys() if channel else []


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty database of SQLite and two channels that take every text."""
    one = House(f"sqlite:///{tmp_path / 'catruc.db'}")
    yield one
    one.close()


@pytest.fixture
def told() -> Iterator[CapturingLogger]:
    """What is logged."""
    logger = CapturingLogger()
    before = structlog.get_config()
    structlog.configure(logger_factory=lambda *_: logger, cache_logger_on_first_use=False)
    yield logger
    structlog.configure(**before)


def test_a_service_is_ready_once_settings_are_in_force(house: House) -> None:
    """Before the first apply it serves an empty page; afterwards it takes up what another process applied."""
    with house.running() as service:
        assert not service.is_ready()
        assert service.office is None
        assert not service.board().openings
        house.apply(AWAKE)
        wait_for(service.is_ready)
        wait_for(lambda: house.states() == {"sent"})
        assert [one.service.id for one in service.board().openings] == ["sao-y"]


def test_an_edit_that_chooses_another_channel_changes_the_way(house: House) -> None:
    """What is due after it leaves by the new channel; what has left is not sent again."""
    house.apply(AWAKE)
    with house.running():
        wait_for(lambda: house.states() == {"sent"})
        house.apply(BY_TWILIO.replace("volunteer = 1", "volunteer = 2"))
        wait_for(lambda: len(house.handed_by("twilio")) == 1)
        wait_for(lambda: house.states() == {"sent"})
    assert len(house.handed_by("console")) == 1
    assert set(house.handed_by("console")).isdisjoint(house.handed_by("twilio"))


def test_a_channel_that_cannot_be_opened_sends_nothing_and_is_told(
    house: House, told: CapturingLogger
) -> None:
    """The page goes on; no text leaves by the way that nobody wants any more, and none is lost."""
    house.channels["twilio"] = None
    house.apply(BY_TWILIO)
    with house.running() as service:
        wait_for(lambda: service.board().openings)
        assert not service.is_ready()
    assert house.states() == {"waiting"}
    (call,) = [call for call in told.calls if "channel_not_opened" in str(call)]
    assert "CATRUC_TWILIO_ACCOUNT_SID" in str(call)


def test_what_comes_too_late_while_no_channel_is_open_is_set_aside_and_told(house: House) -> None:
    """Else it would wait for ever, and nobody would know."""
    house.channels["twilio"] = None
    house.apply(BY_TWILIO)
    with house.database.write() as connection:
        connection.execute(update(messages).values(expires_at=read_clock()))
    with house.running():
        wait_for(lambda: house.states() == {"expired"})


def test_settings_that_this_version_cannot_read_are_told_and_change_nothing(
    house: House, told: CapturingLogger
) -> None:
    """A newer catruc wrote them: the service goes on with those it knows."""
    house.apply(AWAKE)
    with house.running() as service:
        wait_for(service.is_ready)
        with house.database.write() as connection:
            in_force.put_in_force(connection, "of = 'the future'", TODAY, read_clock())
        wait_for(lambda: "settings_in_force_unreadable" in str(told.calls))
        assert service.board().openings


def test_what_a_killed_service_had_in_hand_is_in_doubt(house: House, told: CapturingLogger) -> None:
    """It may have gone out, so it is not sent again, and the log counts it."""
    house.apply(AWAKE)
    with house.database.write() as connection:
        in_hand = update(messages).where(messages.c.kind == "ask")
        connection.execute(in_hand.values(state=State.SENDING, reference="of a dead one"))
    with house.running() as service:
        wait_for(service.is_ready)
        assert house.states() == {"in_doubt"}
    assert not house.handed_by("console")
    assert "texts_in_doubt" in str(told.calls)


def test_who_starts_beside_others_takes_nothing_back_while_a_turn_goes_on(
    postgres_server: PostgresServer,
) -> None:
    """Two at once would wait for each other in a circle, and one of them would not start."""
    with postgres_server.fresh_database() as url, closing(House(url)) as house, ExitStack() as until_done:
        house.apply(AWAKE)
        with house.database.write() as connection:
            in_hand = update(messages).where(messages.c.kind == "ask")
            gone = {"reference": "of a dead one", "lease_until": read_clock()}
            connection.execute(in_hand.values(state=State.SENDING, **gone))
        with house.database.write() as connection:
            Tick(house.database).enter(connection)
            until_done.enter_context(house.running())
            assert house.states() == {"sending"}
        wait_for(lambda: house.states() == {"in_doubt"})


def test_a_channel_that_is_stuck_does_not_keep_the_service(house: House) -> None:
    """It is closed after a while; the text in its hands is recorded as in doubt."""
    stuck = StuckChannel()
    house.channels["console"] = stuck
    house.apply(AWAKE)
    with house.running():
        assert stuck.is_busy.wait(15)
    assert house.states() == {"in_doubt"}


def test_an_edit_of_the_file_is_looked_for(house: House) -> None:
    """What `look` takes is taken up in the same second."""

    def look() -> bool:
        if edits:
            house.apply(edits.pop())
            return True
        return False

    edits: list[str] = []
    house.apply(AWAKE)
    with house.running(look) as service:
        wait_for(service.is_ready)
        edits.append(AWAKE.replace("12:00-14:30", "13:00-15:30"))
        starts = {
            one.starts.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).hour for one in service.board().openings
        }
        assert starts == {12}
        wait_for(lambda: [one.starts.astimezone(UTC).hour for one in service.board().openings] == [6])


def greeting(house: House, language: str, held: bool = False) -> str:
    """What the service says at its start."""
    with house.running() as service, house.database.read() as connection:
        return greet(connection, service.office, "http://desk", language, held, datetime.now(UTC))


@pytest.mark.parametrize(
    ("text", "held", "language", "says"),
    [
        (AWAKE, False, "vi", "2 phường, 1 địa điểm, 1 ca trực, 3 người; kênh tin nhắn: console"),
        (AWAKE, False, "vi", "Các buổi trực sắp tới:\n  "),
        (AWAKE, False, "vi", "Các tin nhắn sắp gửi:\n  "),
        (AWAKE, False, "vi", "Trang cho người dân: http://desk"),
        (AWAKE, True, "vi", "catruc apply"),
        (AWAKE, False, "en", "2 wards, 1 place, 1 shift, 3 people; texts leave by: console"),
        (AWAKE.replace("[sms]", '[sms]\nonly_to = ["0901 000 009"]'), False, "en", "REHEARSAL"),
        ("", False, "vi", "Chưa có lịch nào được áp dụng"),
        ("", False, "en", "Nothing is in force yet; run catruc apply.\nhttp://desk"),
    ],
)
def test_a_service_says_what_it_loaded_and_what_comes(
    house: House, text: str, held: bool, language: str, says: str
) -> None:
    """What it loaded, the next sessions, the next texts and the address; and what somebody should know."""
    if text:
        house.apply(text)
    assert says in greeting(house, language, held)


def test_a_greeting_shows_no_number(house: House) -> None:
    """A console is seen by many."""
    house.apply(AWAKE)
    assert "901000" not in greeting(house, "vi")
