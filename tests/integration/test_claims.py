"""A claim takes what is due and may go, at one pace for all processes, and never what another has."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import count, pairwise
from threading import Barrier, Event, Lock, Thread

import pytest

from notifications import ledger
from notifications.attempts import LEASE
from notifications.batch import Batch
from notifications.claims import AHEAD, BATCH, RUN_UP, by_urgency, claim_due, next_due
from notifications.consent import Consent
from notifications.message import Purpose, State
from notifications.outcomes import take_outcomes
from notifications.recovery import recover
from notifications.tables import attempts, messages
from notifications.terms import House, Quiet, Terms
from scheduler.store.database import Database
from tests.outgoing import DAY, HASTE, HOUR, MINUTE, NOW, SECOND, Outgoing, house, local, wanted

PATIENCE = 30.0
PHONE = "+84901000001"
NIGHT = Quiet(time(21), time(7))


def _consent(post: Outgoing, *granted: bool, purpose: Purpose = "service", phone: str = PHONE) -> None:
    with post.database.write() as connection:
        for number, yes in enumerate(granted):
            ledger.write(connection, Consent(phone, purpose, yes, NOW + number * SECOND, "counter", "Đồng ý"))


def test_only_what_is_due_is_claimed(post: Outgoing) -> None:
    """A message goes at its instant, not before; it is held under the claim's reference for a lease."""
    post.want(wanted("now"), wanted("soon", send_at=NOW + SECOND))
    assert post.claimed_keys("r1") == ["now"]
    row = post.row("now")
    assert (row.state, row.reference, row.lease_until) == (State.CLAIMED, "r1", NOW + LEASE)
    assert post.claimed_keys("r2", NOW + SECOND) == ["soon"]


def test_what_is_claimed_is_not_claimed_again(post: Outgoing) -> None:
    """The second claim of the same instant finds nothing."""
    post.want(wanted("a"))
    assert post.claimed_keys("r1") == ["a"]
    assert post.claim("r2") == Batch("r2", ())
    assert post.row("a").reference == "r1"


def test_changes_go_first_and_among_equals_the_one_that_is_useless_sooner(post: Outgoing) -> None:
    """Order: priority, then the older deadline, then the older row."""
    post.want(
        wanted("resident", priority=2, expires_at=NOW + HOUR),
        wanted("duty late", expires_at=NOW + 3 * HOUR),
        wanted("duty soon", expires_at=NOW + 2 * HOUR),
        wanted("duty soon too", expires_at=NOW + 2 * HOUR),
        wanted("change", priority=0, expires_at=NOW + DAY),
    )
    assert post.claimed_keys() == ["change", "duty soon", "duty soon too", "duty late", "resident"]


def test_what_comes_too_late_expires_at_the_claim(post: Outgoing) -> None:
    """After a night off the useless ones are set aside and told; the useful ones go."""
    post.want(wanted("useful"), wanted("useless", expires_at=NOW + HOUR))
    assert post.claimed_keys(now=NOW + HOUR) == ["useful"]
    assert post.states()["useless"] == State.EXPIRED
    assert post.audited("expired") == ["useless"]


@pytest.mark.parametrize(
    ("purpose", "said", "goes"),
    [
        pytest.param("service", (), False, id="a notice to who never agreed"),
        pytest.param("service", (True,), True, id="a notice to who agreed"),
        pytest.param("service", (True, False), False, id="a notice to who took it back"),
        pytest.param("service", (True, False, True), True, id="a notice to who agreed again"),
        pytest.param("duty", (), True, id="a duty text to who said nothing"),
        pytest.param("duty", (False,), False, id="a duty text to who refused"),
        pytest.param("answer", (), True, id="an answer to who asked"),
    ],
)
def test_nobody_is_texted_against_their_will(
    post: Outgoing, purpose: Purpose, said: tuple[bool, ...], goes: bool
) -> None:
    """What counts is the last word for this purpose; what may not go is blocked, with the reason."""
    _consent(post, *said, purpose=purpose)
    post.want(wanted("a", purpose=purpose))
    assert post.claimed_keys() == (["a"] if goes else [])
    if not goes:
        assert (post.row("a").state, post.row("a").reason) == (State.BLOCKED, "no consent")
        assert post.audited("blocked") == ["a"]


@pytest.mark.parametrize(
    ("purpose", "phone"),
    [
        pytest.param("service", "+84901000002", id="another number"),
        pytest.param("duty", PHONE, id="another purpose"),
    ],
)
def test_a_yes_counts_for_its_number_and_purpose_alone(post: Outgoing, purpose: Purpose, phone: str) -> None:
    """Who agreed to one thing has not agreed to another, nor for anybody else."""
    _consent(post, True, purpose=purpose, phone=phone)
    post.want(wanted("a", purpose="service"))
    assert post.claimed_keys() == []


def test_a_resident_who_took_it_back_still_gets_the_answer(post: Outgoing) -> None:
    """A no to notices is no reason to leave their own question unanswered."""
    _consent(post, False)
    post.want(wanted("a", purpose="answer"))
    assert post.claimed_keys() == ["a"]


def test_in_a_rehearsal_only_the_list_is_texted(post: Outgoing) -> None:
    """All others are blocked with a reason that names the setting."""
    rehearsal = house(Terms(rate=1000.0, quiet=None, only_to=(PHONE,)))
    post.want(wanted("listed"), wanted("other", phone="+84901000002"))
    assert post.claimed_keys(at=rehearsal) == ["listed"]
    assert post.row("other").state == State.BLOCKED
    assert "only_to" in post.row("other").reason


def test_each_audience_has_its_own_terms(post: Outgoing) -> None:
    """A rehearsal of residents' texts does not hold the volunteers'."""
    at = house(HASTE, resident=Terms(rate=1000.0, quiet=None, only_to=("+84901999999",)))
    post.want(wanted("volunteer"), wanted("resident", audience="resident"))
    assert post.claimed_keys(at=at) == ["volunteer"]


@pytest.mark.parametrize(
    ("now", "urgent", "until"),
    [
        pytest.param("2026-11-17 20:59", False, None, id="the evening before it begins"),
        pytest.param("2026-11-17 21:00", False, "2026-11-18 07:00", id="its first instant"),
        pytest.param("2026-11-18 02:30", False, "2026-11-18 07:00", id="after midnight"),
        pytest.param("2026-11-18 07:00", False, None, id="its end"),
        pytest.param("2026-11-18 02:30", True, None, id="an urgent one"),
    ],
)
def test_quiet_hours_push_to_their_end(post: Outgoing, now: str, urgent: bool, until: str | None) -> None:
    """Nobody is woken but by what is urgent; the rest waits for the morning and goes then."""
    at = house(Terms(rate=1000.0, quiet=NIGHT))
    due = local(now)
    post.want(wanted("a", urgent=urgent, send_at=due, expires_at=due + DAY), now=due)
    assert post.claimed_keys("r1", due, at) == ([] if until else ["a"])
    if until:
        row = post.row("a")
        assert (row.state, row.send_at) == (State.WAITING, local(until))
        assert post.claimed_keys("r2", local(until), at) == ["a"]


def _hand_over(post: Outgoing, key: str, at: datetime) -> None:
    post.put_in_state(key, State.CLAIMED, State.SENDING, State.SENT)
    with post.database.write() as connection:
        connection.execute(messages.update().where(messages.c.key == key).values(handed_at=at))


@pytest.mark.parametrize(
    ("quiet", "urgent", "until"),
    [
        pytest.param(None, False, "2026-11-18 00:00", id="to midnight"),
        pytest.param(NIGHT, False, "2026-11-18 07:00", id="through the night that follows"),
        pytest.param(NIGHT, True, "2026-11-18 00:00", id="an urgent one no further than midnight"),
    ],
)
def test_the_daily_cap_pushes_past_midnight(
    post: Outgoing, quiet: Quiet | None, urgent: bool, until: str
) -> None:
    """A local day takes so many texts, those under way counted; the rest go the next day."""
    at = house(Terms(rate=1000.0, quiet=quiet, daily_cap=3))
    post.want(*(wanted(key, priority=0) for key in ("yesterday", "today", "under way", "third")))
    _hand_over(post, "yesterday", local("2026-11-16 23:59"))
    _hand_over(post, "today", local("2026-11-17 00:00"))
    post.put_in_state("under way", State.CLAIMED, State.SENDING)
    post.want(
        *(wanted(key, priority=0) for key in ("yesterday", "today", "under way", "third")),
        wanted("fourth", urgent=urgent, expires_at=NOW + 2 * DAY),
    )
    assert post.claimed_keys("r1", at=at) == ["third"]
    row = post.row("fourth")
    assert (row.state, row.send_at) == (State.WAITING, local(until))
    _hand_over_claimed(post, "third")
    assert post.claimed_keys("r2", local(until), at) == ["fourth"]


def _hand_over_claimed(post: Outgoing, key: str) -> None:
    post.put_in_state(key, State.SENDING, State.SENT)
    with post.database.write() as connection:
        connection.execute(messages.update().where(messages.c.key == key).values(handed_at=NOW))
        connection.execute(
            messages.update().where(messages.c.key == "under way").values(state=State.SENT, handed_at=NOW)
        )


def test_what_is_held_back_does_not_hold_back_others(post: Outgoing) -> None:
    """At one text a second, the blocked and the pushed ones at the head of the queue cost no second."""
    at = house(Terms(rate=1.0, quiet=None), resident=Terms(quiet=Quiet(time(9), time(11))))
    held = [wanted(f"pushed{n}", audience="resident", priority=0) for n in range(3)]
    held += [wanted(f"blocked{n}", purpose="service", priority=0) for n in range(3)]
    post.want(*held, wanted("goes"))
    assert post.claimed_keys(at=at) == ["goes"]


def test_a_claim_is_never_larger_than_a_batch(post: Outgoing) -> None:
    """However fast the pace is, a deliverer gets no more than it can begin within the lease."""
    post.want(*(wanted(f"k{number}") for number in range(BATCH + 1)))
    at = house(Terms(rate=1e6, quiet=None))
    assert [len(post.claim("r1", at=at).ids), len(post.claim("r2", at=at).ids)] == [BATCH, 1]


@contextmanager
def _second(post: Outgoing) -> Iterator[Outgoing]:
    """Another process's way to the same database: connections of its own."""
    database = Database(post.database.url.render_as_string(hide_password=False))
    yield Outgoing(database)
    database.close()


@pytest.mark.parametrize("rate", [1, 5, 100])
def test_the_pace_holds_over_two_claimers(post: Outgoing, rate: int) -> None:
    """No second has more places than the rate; 20 seconds take as many as it says, and what is ahead."""
    at = house(Terms(rate=rate, quiet=None, daily_cap=10_000))
    post.want(*(wanted(f"k{number}") for number in range(rate * 20 + 200)))
    went: list[datetime] = []
    tick = timedelta(milliseconds=25)
    with _second(post) as other:
        for step in range(20_000 // 25):
            now = NOW + step * tick
            for name, claimer in (("one", post), ("two", other)):
                went += claimer.claim_places(f"{name}{step}", now, at).go_at().values()
    assert all(later - one >= 0.999 * SECOND / rate for one, later in pairwise(sorted(went)))
    assert rate * 20 * 0.99 <= len(went) <= rate * (20 + AHEAD / SECOND) + 1


def test_after_a_pause_the_pace_owes_nothing(post: Outgoing) -> None:
    """An hour without texts does not let an hour's worth go at once: only what is ahead is claimed."""
    at = house(Terms(rate=6, quiet=None))
    post.want(*(wanted(f"k{number}") for number in range(50)))
    post.claim("r1", NOW, at)
    batch = post.claim_places("r2", NOW + HOUR, at)
    first = NOW + HOUR + RUN_UP
    assert list(batch.go_at().values()) == [first + number * batch.apart for number in range(4)]


def test_one_text_goes_at_once(post: Outgoing) -> None:
    """It has nobody behind it whose place it could take."""
    post.want(wanted("alone"))
    assert post.claim_places("r", NOW, house()).begins_at == NOW


def test_a_clock_that_was_wrong_holds_nothing_up(post: Outgoing) -> None:
    """A text went while the clock ran a day ahead; once it is set right, the pace does not wait for that."""
    at = house(Terms(rate=1.0, quiet=None))
    post.want(wanted("a", send_at=NOW + DAY, expires_at=NOW + 3 * DAY), wanted("b", send_at=NOW + SECOND))
    post.put_in_state("b", State.CANCELLED)
    assert post.claimed_keys("ahead", NOW + DAY, at) == ["a"]
    post.want(wanted("c", scope="session:2", send_at=NOW + SECOND), scope="session:2")
    with post.database.read() as connection:
        assert next_due(connection, at, CONSOLE, NOW + SECOND) == NOW + SECOND
    assert post.claimed_keys("right", NOW + SECOND, at) == ["c"]


def test_of_two_channels_the_one_with_the_most_pressing_text_claims_first(post: Outgoing) -> None:
    """They share one pace: a change must not wait behind five hundred notices by another way."""
    at = house(Terms(rate=1.0, quiet=None), volunteer=Terms(channel="twilio", rate=1.0, quiet=None))
    _consent(post, True)
    notices = (
        wanted(f"n{number}", purpose="service", audience="resident", priority=2) for number in range(5)
    )
    post.want(wanted("change", priority=0), *notices)
    with post.database.read() as connection:
        assert by_urgency(connection, at, ("console", "twilio"), NOW) == ["twilio", "console"]
        assert by_urgency(connection, at, ("console", "twilio"), NOW - SECOND) == ["console", "twilio"]
        # What comes too late presses nobody.
        assert by_urgency(connection, at, ("console", "twilio"), NOW + DAY) == ["console", "twilio"]


def test_two_claimers_never_get_one_message_twice(post: Outgoing) -> None:
    """Two processes claim as fast as they can: together they get every message, each once."""
    total = 300
    post.want(*(wanted(f"k{number}") for number in range(total)))
    taken: list[int] = []
    instants, lock, start = count(), Lock(), Barrier(2)

    def claim_all(claimer: Outgoing, name: str) -> None:
        start.wait(PATIENCE)
        while True:
            with lock:
                now = NOW + next(instants) * SECOND
            ids = claimer.claim(f"{name}{now}", now, house(Terms(rate=10, quiet=None))).ids
            if not ids and claimer.states().keys() and State.WAITING not in claimer.states().values():
                return
            with lock:
                taken.extend(ids)

    with _second(post) as other:
        threads = [Thread(target=claim_all, args=pair) for pair in ((post, "one"), (other, "two"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(4 * PATIENCE)
    assert len(taken) == len(set(taken)) == total


def test_two_first_claimers_share_the_pace(post: Outgoing) -> None:
    """The second waits until the first has written down the pace, and then keeps to it."""
    at = house(Terms(rate=1.0, quiet=None))
    post.want(wanted("a"), wanted("b"))
    got: list[tuple[int, ...]] = []
    began = Event()

    def claim_meanwhile(other: Outgoing) -> None:
        began.set()
        got.append(other.claim("two", at=at).ids)

    with _second(post) as other:
        thread = Thread(target=claim_meanwhile, args=(other,))
        with post.database.write() as connection:
            first = claim_due(connection, at, "console", "one", NOW)
            thread.start()
            assert began.wait(PATIENCE)
        thread.join(PATIENCE)
    assert len(first.ids) == 1
    assert got == [()]


CONSOLE = ("console",)


def test_the_next_claim_is_worth_it_when_something_falls_due(post: Outgoing) -> None:
    """Nothing known: no instant. Then: the next text, held back by the pace, or the end of a lease."""
    with post.database.read() as connection:
        assert next_due(connection, house(), CONSOLE, NOW) is None
    at = house(Terms(rate=0.1, quiet=None))
    post.want(wanted("a"), wanted("b", send_at=NOW + SECOND), wanted("c", send_at=NOW + HOUR))
    assert post.claimed_keys(at=at) == ["a"]
    with post.database.read() as connection:
        assert next_due(connection, at, CONSOLE, NOW) == NOW + 10 * SECOND - AHEAD / 2
    post.put_in_state("b", State.CANCELLED)
    with post.database.read() as connection:
        assert next_due(connection, at, CONSOLE, NOW) == NOW + LEASE


def _begin(post: Outgoing, key: str, reference: str) -> None:
    """Leaves a message as a deliverer does that stops in the middle of the call."""
    with post.database.write() as connection:
        row_id = connection.execute(
            messages.update()
            .where(messages.c.key == key, messages.c.state == State.CLAIMED)
            .values(state=State.SENDING, reference=reference)
            .returning(messages.c.id)
        ).scalar_one()
        connection.execute(attempts.insert().values(reference=reference, message_id=row_id, started_at=NOW))


def test_leases_that_ran_out_are_taken_back(post: Outgoing) -> None:
    """What was not begun waits again; what was begun is in doubt, its attempt ended, and told once."""
    post.want(wanted("begun"), wanted("not begun"))
    post.claim("old")
    _begin(post, "begun", "attempt")
    post.want(wanted("alive", scope="session:2", send_at=NOW + MINUTE), scope="session:2")
    post.claim("young", NOW + MINUTE)
    with post.database.write() as connection:
        assert recover(connection, NOW + LEASE - SECOND, orphaned=False) == 0
        assert recover(connection, NOW + LEASE, orphaned=False) == 1
        assert recover(connection, NOW + LEASE, orphaned=False) == 0
    assert post.states() == {"begun": State.IN_DOUBT, "not begun": State.WAITING, "alive": State.CLAIMED}
    assert (post.row("not begun").reference, post.row("not begun").lease_until) == (None, None)
    (attempt,) = post.attempts()
    assert (attempt.outcome, attempt.ended_at) == ("in_doubt", NOW + LEASE)
    assert post.audited("in_doubt") == ["begun"]


def test_after_a_kill_nothing_waits_for_a_lease(post: Outgoing) -> None:
    """Where no earlier deliverer can be alive, all claims are taken back at once."""
    post.want(wanted("begun"), wanted("not begun"), wanted("untouched"), wanted("sent"))
    post.put_in_state("sent", State.CLAIMED, State.SENDING, State.SENT)
    post.put_in_state("untouched", State.CANCELLED)
    post.claim("old")
    _begin(post, "begun", "attempt")
    with post.database.write() as connection:
        assert recover(connection, NOW, orphaned=True) == 1
    assert post.states() == {
        "begun": State.IN_DOUBT,
        "not begun": State.WAITING,
        "untouched": State.CANCELLED,
        "sent": State.SENT,
    }


ALL_DAY = Terms(rate=1000.0, quiet=None, daily_cap=5)


def _claimed_and_sent(post: Outgoing, at: House, reference: str) -> list[str]:
    keys = post.claimed_keys(reference, at=at)
    for key in keys:
        _hand_over_one(post, key)
    return sorted(keys)


def _hand_over_one(post: Outgoing, key: str) -> None:
    post.put_in_state(key, State.SENDING, State.SENT)
    with post.database.write() as connection:
        connection.execute(messages.update().where(messages.c.key == key).values(handed_at=NOW))


def _capped(post: Outgoing) -> list[str]:
    with post.database.write() as connection:
        return [row.sentence for row in take_outcomes(connection, NOW) if row.outcome == "capped"]


def test_residents_texts_leave_room_for_the_duty_of_the_day(post: Outgoing) -> None:
    """Five a day, three of them still needed for duty: two residents are texted, and a person is told."""
    _consent(post, True)
    residents = [wanted(f"r{n}", audience="resident", purpose="service") for n in range(4)]
    evening = [wanted(f"d{n}", send_at=NOW + HOUR) for n in range(3)]
    post.want(*residents, *evening)
    assert _claimed_and_sent(post, house(ALL_DAY), "one") == ["r0", "r1"]
    assert _capped(post) == ["resident"]
    assert post.row("r2").send_at == local("2026-11-18 00:00")
    assert sorted(post.claimed_keys("two", NOW + HOUR, house(ALL_DAY))) == ["d0", "d1", "d2"]


def test_what_a_claim_has_taken_is_reserved_for_no_more(post: Outgoing) -> None:
    """At three at a time the blocked one leaves a place; a resident's text does not take the evening's."""
    _consent(post, True)
    blocked = wanted("blocked", purpose="service", phone="+84901000002", priority=0)
    resident = wanted("r", audience="resident", purpose="service", priority=2)
    post.want(wanted("d0", priority=0), wanted("d1", priority=0), blocked, resident)
    post.want(wanted("evening", send_at=NOW + HOUR), scope="session:2")
    at = house(Terms(rate=5.0, quiet=None, daily_cap=3))
    assert post.claimed_keys(at=at) == ["d0", "d1"]
    assert post.row("r").send_at == local("2026-11-18 00:00")


def test_what_is_put_off_after_all_takes_one_place_of_the_day(post: Outgoing) -> None:
    """Two to one number were to go as one; the second goes later, and a resident's has its place."""
    _consent(post, True)
    at = house(Terms(rate=2.0, quiet=None, daily_cap=3), volunteer=Terms(rate=0.5, quiet=None, daily_cap=3))
    post.want(wanted("d0"), wanted("d1"), wanted("r", audience="resident", purpose="service", priority=2))
    assert post.claimed_keys(at=at) == ["d0", "r"]


def test_that_the_days_texts_run_out_is_told_while_there_is_room(post: Outgoing) -> None:
    """At nine tenths, and once a day."""
    at = house(Terms(rate=1000.0, quiet=None, daily_cap=20))
    post.want(*(wanted(f"d{n}") for n in range(30)))
    assert len(_claimed_and_sent(post, at, "one")) == 20
    assert _capped(post) == ["duty"]


def test_an_audience_may_have_a_cap_of_its_own(post: Outgoing) -> None:
    """Residents' texts count against theirs alone, and all against the whole."""
    at = house(
        Terms(rate=1000.0, quiet=None, daily_cap=100), resident=Terms(rate=1000.0, quiet=None, daily_cap=1)
    )
    post.want(*(wanted(f"r{n}", audience="resident") for n in range(3)), *(wanted(f"d{n}") for n in range(3)))
    assert _claimed_and_sent(post, at, "one") == ["d0", "d1", "d2", "r0"]


def test_a_blocked_text_is_judged_again_when_it_is_wanted_again(post: Outgoing) -> None:
    """The rehearsal has ended: what it held back goes, if its hour has not passed."""
    post.want(wanted("a"))
    assert post.claimed_keys("one", at=house(Terms(rate=1000.0, quiet=None, only_to=("+84900000009",)))) == []
    post.want(wanted("a"), now=NOW + MINUTE)
    assert post.claimed_keys("two", NOW + MINUTE) == ["a"]


def test_of_one_matter_a_blocked_recipient_is_told_once(post: Outgoing) -> None:
    """Three texts of one session to somebody without consent are one piece of news."""
    _consent(post, False, purpose="duty")
    post.want(wanted("a"), wanted("b"), wanted("c", recipient="person:lan"))
    assert post.claimed_keys() == []
    with post.database.write() as connection:
        told = [(row.outcome, row.key) for row in take_outcomes(connection, NOW)]
    assert told == [("blocked", "a"), ("blocked", "c")]


SLOW = Terms(rate=1 / 60, quiet=None)


def test_an_audience_may_have_a_slower_rate_of_its_own(post: Outgoing) -> None:
    """One text a minute to residents, by a SIM that takes no more; the volunteers' texts do not wait."""
    at = house(HASTE, resident=SLOW)
    residents = [wanted(f"r{n}", audience="resident") for n in range(3)]
    post.want(*residents, *(wanted(f"d{n}", send_at=NOW + SECOND) for n in range(3)))
    assert post.claimed_keys("one", NOW, at) == ["r0"]
    assert post.claimed_keys("two", NOW + SECOND, at) == ["d0", "d1", "d2"]
    assert [post.row(f"r{n}").send_at - NOW for n in (1, 2)] == [MINUTE, 2 * MINUTE]
    assert post.claimed_keys("three", NOW + MINUTE, at) == ["r1"]
    assert post.claimed_keys("four", NOW + 2 * MINUTE - SECOND, at) == []
    assert post.claimed_keys("five", NOW + 2 * MINUTE, at) == ["r2"]


def test_a_slow_rate_holds_over_two_claimers_and_no_wrong_clock(post: Outgoing) -> None:
    """It is a row like the shared pace; what a clock wrote that ran a day ahead holds nobody."""
    at = house(HASTE, resident=SLOW)
    residents = [wanted(f"r{n}", audience="resident", expires_at=NOW + 9 * DAY) for n in range(3)]
    post.want(*residents)
    with _second(post) as other:
        assert post.claimed_keys("one", NOW + DAY, at) == ["r0"]
        assert other.claim("two", NOW + DAY, at).ids == ()
        post.want(*residents, now=NOW)
        assert len(other.claim("three", NOW + MINUTE, at).ids) == 1
        assert post.claim("four", NOW + MINUTE, at).ids == ()
