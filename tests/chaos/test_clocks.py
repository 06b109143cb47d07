"""Clocks that jump, machines that sleep: nothing is lost, nothing goes twice, what is late is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Connection
from structlog.testing import capture_logs

from notifications.attempts import LEASE
from notifications.delivery import Deliverer
from notifications.message import State
from notifications.recovery import recover
from notifications.veil import Veil
from scheduler.app import apply_settings, office_for, settings_of_source
from scheduler.clock import fault_of_clock, read_clock, wait_for_the_time
from scheduler.log import tell_of_clock
from scheduler.running import Running
from scheduler.service.pretend import VirtualClock
from scheduler.store.database import Database
from scheduler.store.migrate import migrate
from scheduler.store.tick import Tick
from tests.chaos.ledgers import Taken, compare, ledgers_of, planned
from tests.desk import ONE_EVENING, Desk, settings_of
from tests.fake_channel import FakeChannel
from tests.outgoing import HOUR, MINUTE, NOW, SECOND, Outgoing, outgoing, wanted
from tests.terminal import SMALL

EPOCH = datetime(1970, 1, 1, 0, 0, 7, tzinfo=UTC)
A_NIGHT = timedelta(hours=8)


class Bench:
    """A deliverer on a clock that somebody sets, and one text a minute for an hour and a half."""

    def __init__(self, post: Outgoing) -> None:
        self.post = post
        self.clock = VirtualClock(NOW)
        self.channel = FakeChannel(looks_up=True)
        self.deliverer = Deliverer(post.database.write, self.channel, self.clock)
        self.references = map(str, count())
        self.plan = [
            wanted(
                f"m{number:03}", send_at=NOW + number * MINUTE, expires_at=NOW + number * MINUTE + 2 * HOUR
            )
            for number in range(90)
        ]
        post.want(*self.plan)

    def go_on(self, minutes: int) -> None:
        """Turns once a minute."""
        for _ in range(minutes):
            with self.post.database.write() as connection:
                recover(connection, self.clock(), False, {"console"})
            self.deliverer.deliver(self.post.claim(next(self.references), self.clock()))
            self.clock.now += MINUTE

    def taken(self) -> list[Taken]:
        """What the provider took."""
        return [Taken(each.reference, each.phone, each.text) for each in self.channel.handed]


@pytest.fixture
def bench(database_url: str) -> Iterator[Bench]:
    """A deliverer on each kind of database."""
    with outgoing(database_url) as post:
        yield Bench(post)


@pytest.mark.parametrize(
    "jumps",
    [
        pytest.param((HOUR, -HOUR), id="an hour fast, then set right"),
        pytest.param((-HOUR, HOUR), id="an hour slow, then set right"),
        pytest.param((HOUR,), id="an hour fast"),
        pytest.param((-HOUR,), id="an hour slow"),
        pytest.param((-HOUR, -HOUR, 2 * HOUR), id="slower and slower"),
    ],
)
def test_a_clock_that_is_set_loses_and_doubles_nothing(bench: Bench, jumps: tuple[timedelta, ...]) -> None:
    """Every text goes once, whatever the clock showed meanwhile."""
    bench.go_on(15)
    for jump in jumps:
        bench.clock.now += jump
        bench.go_on(15)
    bench.go_on(160)
    comparison = compare(ledgers_of(bench.post.database, planned(bench.plan), bench.taken()))
    assert comparison.agrees, comparison
    assert not comparison.set_aside, comparison


def test_a_clock_that_was_fast_silences_nobody_when_it_is_set_right(bench: Bench) -> None:
    """The pace that was written down in the future does not hold back what is due now."""
    bench.clock.now += HOUR
    bench.go_on(1)
    bench.clock.now = NOW + 61 * MINUTE - HOUR
    bench.post.want(wanted("now", scope="other", send_at=bench.clock()), scope="other", now=bench.clock())
    bench.go_on(1)
    assert bench.channel.keys()[-1] == "now"


def test_two_clocks_that_differ_a_little_keep_one_pace(bench: Bench) -> None:
    """A machine that is some seconds ahead of another holds that one back, and the rate holds."""
    bench.clock.now += 20 * SECOND
    bench.go_on(1)
    bench.clock.now -= MINUTE + 20 * SECOND
    bench.post.want(wanted("now", scope="other", send_at=bench.clock()), scope="other", now=bench.clock())
    bench.go_on(1)
    handed = bench.channel.keys()
    assert "now" not in handed


def test_after_a_night_asleep_the_useful_goes_and_the_late_is_told(bench: Bench) -> None:
    """A machine is suspended for eight hours: the useful goes once, the rest is set aside and told."""
    bench.plan.append(wanted("still useful", scope="other", send_at=NOW + HOUR, expires_at=NOW + 2 * A_NIGHT))
    bench.post.want(bench.plan[-1], scope="other")
    bench.go_on(10)
    bench.clock.now += A_NIGHT
    bench.go_on(10)
    comparison = compare(ledgers_of(bench.post.database, planned(bench.plan), bench.taken()))
    assert comparison.agrees, comparison
    assert len(comparison.set_aside) == 80
    assert len(bench.post.audited("expired")) == 80
    assert bench.post.row("still useful").state == State.SENT


@pytest.mark.parametrize(("asleep", "goes"), [(LEASE - SECOND, True), (LEASE, False), (A_NIGHT, False)])
def test_who_overslept_between_attempt_and_call_does_not_call(
    bench: Bench, asleep: timedelta, goes: bool
) -> None:
    """By then another machine may have looked it up in vain and sent it once more."""
    sleeps = iter([asleep])

    @contextmanager
    def begin() -> Iterator[Connection]:
        with bench.post.database.write() as connection:
            yield connection
        bench.clock.now += next(sleeps, timedelta(0))

    batch = bench.post.claim("r", bench.clock())
    Deliverer(begin, bench.channel, bench.clock).deliver(batch)
    assert bool(bench.channel.handed) is goes
    assert bench.post.row("m000").state == (State.SENT if goes else State.WAITING)
    assert len(bench.post.attempts()) == int(goes)


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_desk_whose_clock_is_set_says_everything_once(database_url: str, jump: timedelta) -> None:
    """Over the whole service, a day around an evening: the same texts as on a day without a jump."""
    desk = Desk(database_url, ONE_EVENING, "2026-11-14 09:00")
    try:
        desk.run_until("2026-11-15 12:00")
        desk.clock.now += jump
        desk.run_until("2026-11-16 12:00")
        desk.clock.now -= jump
        desk.run_until("2026-11-18 12:00")
        said = [parcel.key for parcel in desk.phones.taken]
        assert len(said) == len(set(said)) > 0
        assert set(desk.states_of_messages()) <= {"sent", "cancelled"}
    finally:
        desk.close()


@pytest.mark.parametrize(
    ("shown", "is_possible"),
    [
        (EPOCH, False),
        (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 1, tzinfo=UTC), True),
        (NOW, True),
        (datetime(2099, 12, 31, tzinfo=UTC), True),
        (datetime(2200, 1, 1, tzinfo=UTC), False),
    ],
)
def test_a_clock_that_cannot_be_right_is_named(shown: datetime, is_possible: bool) -> None:
    """The sentence names the day that it shows, for whoever can set it."""
    fault = fault_of_clock(shown)
    assert (fault is None) is is_possible
    assert fault is None or f"{shown:%Y-%m-%d}" in fault


@pytest.mark.parametrize("shown", [EPOCH, datetime(2200, 1, 1, tzinfo=UTC)])
def test_a_service_that_starts_with_an_impossible_clock_waits(shown: datetime) -> None:
    """It says so once, and goes on by itself when the clock is set."""
    clock, asked_to_stop = VirtualClock(shown), Event()
    knows = []
    with capture_logs() as lines:
        waiting = Thread(target=lambda: knows.append(wait_for_the_time(clock, asked_to_stop, tell_of_clock)))
        waiting.start()
        clock.now = NOW
        waiting.join()
    assert knows == [True]
    assert [line["event"] for line in lines] in (["clock_impossible"], [])


def test_a_service_that_waits_for_the_time_can_be_stopped() -> None:
    """SIGTERM ends the waiting."""
    asked_to_stop = Event()
    asked_to_stop.set()
    with capture_logs() as lines:
        assert not wait_for_the_time(VirtualClock(EPOCH), asked_to_stop, tell_of_clock)
    assert [line["event"] for line in lines] == ["clock_impossible"]
    assert "1970-01-01" in lines[0]["fault"]


@pytest.mark.parametrize("shown", [EPOCH, datetime(2200, 1, 1, tzinfo=UTC)])
def test_a_running_service_does_nothing_by_an_impossible_clock(tmp_path: Path, shown: datetime) -> None:
    """Nothing is sent, expired or cancelled, the service is not ready, and one line says why."""
    channel = FakeChannel()
    database = Database(f"sqlite:///{tmp_path / 'catruc.db'}")
    migrate(database)
    now = read_clock()
    text = SMALL.replace("[sms]", '[sms]\nquiet = ""\nrate = "100/s"')
    apply_settings(database, office_for(database, settings_of(text)), now)
    clock, tick = VirtualClock(shown), Tick(database)
    looked: list[str] = []

    def look() -> bool:
        looked.append("looked")
        return False

    service = Running(
        database,
        tick,
        settings_of_source,
        lambda name, settings: channel,
        look,
        {},
        Veil(b"the key of these tests"),
        clock,
    )
    service.refresh()
    assert tick.hold()
    before = Outgoing(database).states()
    with capture_logs() as lines:
        service._turn()
        service._turn()
        service._notice()
    assert not service.is_ready()
    assert [line["event"] for line in lines if line["event"] == "clock_impossible"] == ["clock_impossible"]
    assert Outgoing(database).states() == before
    assert not channel.handed
    assert not looked

    clock.now = now
    service._turn()
    assert service.is_ready()
    service._notice()
    assert looked
    service._ways.stop()
    database.close()
