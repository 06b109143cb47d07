"""The outbox follows what is wanted, scope by scope, and never forgets what has left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select
from sqlalchemy.exc import IntegrityError

from notifications import outbox
from notifications.attempts import Begun, Ended, begin_attempts, end_attempts, put_back
from notifications.channels.channel import NotSent
from notifications.claims import claim_due
from notifications.fault import Fault
from notifications.message import State, Wanted
from notifications.outcome import OutcomeKind
from notifications.outcomes import add_outcome, take_outcomes
from notifications.tables import messages
from tests.outgoing import DAY, HOUR, MINUTE, NOW, Outgoing, house, wanted

# How a message comes to stand in each state, one step at a time.
PATHS = {
    State.WAITING: (),
    State.CLAIMED: (State.CLAIMED,),
    State.BLOCKED: (State.BLOCKED,),
    State.JOINED: (State.JOINED,),
    State.CANCELLED: (State.CANCELLED,),
    State.SENDING: (State.CLAIMED, State.SENDING),
    State.SENT: (State.CLAIMED, State.SENDING, State.SENT),
    State.IN_DOUBT: (State.CLAIMED, State.SENDING, State.IN_DOUBT),
    State.DELIVERED: (State.CLAIMED, State.SENDING, State.SENT, State.DELIVERED),
    State.UNDELIVERED: (State.CLAIMED, State.SENDING, State.SENT, State.UNDELIVERED),
    State.FAILED: (State.CLAIMED, State.SENDING, State.FAILED),
    State.EXPIRED: (State.EXPIRED,),
}
PENDING = {State.WAITING, State.CLAIMED, State.BLOCKED}


def test_a_key_stands_in_the_outbox_once(post: Outgoing) -> None:
    """Whatever the code above does, the database refuses a second row for one key."""
    post.want(wanted("a"))
    twice = {column.name: post.row("a")._mapping[column.name] for column in messages.c if column.name != "id"}
    with pytest.raises(IntegrityError), post.database.write() as connection:
        connection.execute(insert(messages), twice)
    assert post.states() == {"a": State.WAITING}


def test_a_step_that_the_table_lacks_cannot_happen_here(post: Outgoing) -> None:
    """The guard behind these tests bites: what was sent does not go back to waiting."""
    post.want(wanted("a"))
    post.put_in_state("a", *PATHS[State.SENT])
    with pytest.raises(IntegrityError, match="no such step"):
        post.put_in_state("a", State.WAITING)


def test_every_state_has_a_way_that_leads_there() -> None:
    """The table of ways in this file forgets no state."""
    assert set(PATHS) == set(State)


def test_a_new_message_is_stored_whole_and_measured(post: Outgoing) -> None:
    """A row holds what was wanted, its encoding and its segments."""
    one = wanted("a", text="đ" * 80, about="T3 17:00", urgent=True, priority=0, send_at=NOW + HOUR)
    post.want(one)
    row = post.row("a")
    assert {name: getattr(row, name) for name in one.__slots__} == {
        name: getattr(one, name) for name in one.__slots__
    }
    assert (row.encoding, row.segments) == ("UCS-2", 2)
    assert (row.state, row.created_at, row.changed_at, row.attempts) == (State.WAITING, NOW, NOW, 0)


@pytest.mark.parametrize(
    ("send_at", "expires_at", "goes_in"),
    [
        pytest.param(NOW + HOUR, NOW + DAY, True, id="to come"),
        pytest.param(NOW, NOW + DAY, True, id="due this very instant"),
        pytest.param(NOW - MINUTE, NOW + DAY, False, id="its instant has passed"),
        pytest.param(NOW, NOW, False, id="of no use any more"),
    ],
)
def test_an_instant_that_has_passed_is_not_made_up_for(
    post: Outgoing, send_at: object, expires_at: object, goes_in: bool
) -> None:
    """A message goes in only while its instant is to come and it is of use."""
    post.want(wanted("a", send_at=send_at, expires_at=expires_at))
    assert ("a" in post.states()) is goes_in


@pytest.mark.parametrize(
    ("ago", "expires_at", "goes_after_all"),
    [
        pytest.param(7 * MINUTE, NOW + DAY, True, id="undone soon after"),
        pytest.param(outbox.STILL_WANTED, NOW + DAY, True, id="just in time"),
        pytest.param(outbox.STILL_WANTED + MINUTE, NOW + DAY, False, id="its hour is past"),
        pytest.param(7 * MINUTE, NOW, False, id="of no use any more"),
    ],
)
def test_what_fell_due_while_it_was_cancelled_may_still_go(
    post: Outgoing, ago: timedelta, expires_at: datetime, goes_after_all: bool
) -> None:
    """Whoever undoes an edit at once loses no text by it, and whoever does so later sends nothing stale."""
    one = wanted("a", send_at=NOW - ago, expires_at=expires_at)
    post.want(one, now=NOW - HOUR)
    post.want(now=NOW - ago - MINUTE)
    post.want(one)
    assert post.claimed_keys() == (["a"] if goes_after_all else [])
    assert post.states() == {"a": State.CLAIMED if goes_after_all else State.CANCELLED}


def test_one_scope_becomes_equal_to_what_is_wanted(post: Outgoing) -> None:
    """New ones go in, unwanted ones are cancelled with the reason, and both are told once in the trail."""
    post.want(wanted("stays"), wanted("goes"))
    post.want(wanted("stays"), wanted("comes"), reason="the shift moved", now=NOW)
    assert post.states() == {"stays": State.WAITING, "goes": State.CANCELLED, "comes": State.WAITING}
    assert post.row("goes").reason == "the shift moved"
    post.want(wanted("stays"), wanted("comes"))
    assert post.audited("cancelled") == ["goes"]


def test_other_scopes_are_not_touched(post: Outgoing) -> None:
    """Codes, thanks and the texts of other sessions stay when one scope is emptied."""
    other = wanted("b", scope="session:2")
    post.want(other, scope="session:2")
    with post.database.write() as connection:
        outbox.put(connection, [wanted("thanks", scope="person:an")], NOW)
    post.want(wanted("a"))
    post.want(scope="session:1")
    assert post.states() == {"b": State.WAITING, "thanks": State.WAITING, "a": State.CANCELLED}


def test_many_scopes_are_reconciled_at_once(post: Outgoing) -> None:
    """More scopes and messages than one statement takes are all brought in line."""
    scopes = [f"session:{number}" for number in range(outbox.CHUNK + 7)]
    asked = {scope: [wanted(f"remind/{scope}", scope=scope)] for scope in scopes}
    with post.database.write() as connection:
        outbox.reconcile(connection, asked, "first", NOW)
        outbox.reconcile(connection, dict.fromkeys(scopes[1:], ()), "second", NOW)
    states = post.states()
    assert states.pop("remind/session:0") == State.WAITING
    assert list(states.values()) == [State.CANCELLED] * (outbox.CHUNK + 6)


@pytest.mark.parametrize("state", list(State))
def test_what_is_no_longer_wanted_is_cancelled_unless_it_has_left(post: Outgoing, state: State) -> None:
    """Pending messages are cancelled; what has left, may have left or is over stays as it is."""
    post.want(wanted("a"))
    post.put_in_state("a", *PATHS[state])
    post.want()
    assert post.states()["a"] == (State.CANCELLED if state in PENDING else state)


@pytest.mark.parametrize("state", list(State))
def test_a_changed_text_reaches_what_has_not_left(post: Outgoing, state: State) -> None:
    """A pending or cancelled message takes the new text and waits anew; what has left keeps its own."""
    post.want(wanted("a"))
    post.put_in_state("a", *PATHS[state])
    post.want(wanted("a", text="Ca truc doi gio"))
    row = post.row("a")
    follows = state in PENDING | {State.CANCELLED}
    assert row.text == ("Ca truc doi gio" if follows else "Nho ca truc")
    assert row.state == (State.WAITING if follows else state)


@pytest.mark.parametrize("handed", [False, True])
def test_what_is_called_off_while_it_is_handed_over_is_not_tried_again(post: Outgoing, handed: bool) -> None:
    """The network was busy, or the service stopped before the call: the next try would be of no use."""
    post.want(wanted("a"), wanted("b"))
    batch = post.claim()
    with post.database.write() as connection:
        begun = begin_attempts(connection, batch.ids, "r", "g", NOW)
    post.want(wanted("b"), reason="the session is off", now=NOW)
    with post.database.write() as connection:
        if handed:
            busy = NotSent(Fault.TRANSIENT, "503", "busy")
            ended = [Ended(one.message_id, one.parcel.reference, busy) for one in begun]
            end_attempts(connection, ended, looks_up=True, now=NOW)
        else:
            put_back(connection, begun, NOW)
    assert post.claimed_keys("again", NOW + MINUTE) == ["b"]


def test_a_claimed_row_whose_text_changed_belongs_to_nobody(post: Outgoing) -> None:
    """It returns to waiting without reference and lease, so that its former deliverer cannot begin it."""
    post.want(wanted("a"))
    post.claim("old")
    post.want(wanted("a", text="Ca truc doi gio"))
    row = post.row("a")
    assert (row.state, row.reference, row.lease_until) == (State.WAITING, None, None)


@pytest.mark.parametrize("state", [State.WAITING, State.CLAIMED])
def test_a_row_that_is_right_already_is_left_alone(post: Outgoing, state: State) -> None:
    """Reconciling the same again changes nothing, not even the instant of the last change."""
    post.want(wanted("a"))
    post.put_in_state("a", *PATHS[state])
    before = post.rows()
    post.want(wanted("a"), now=NOW + MINUTE)
    assert post.rows() == before


def test_an_hour_that_clocks_show_twice_is_no_change(post: Outgoing) -> None:
    """The server of these tests has its clocks in Sài Gòn, which were set back one night of 1975."""
    twice = datetime(1975, 6, 12, 16, 30, tzinfo=UTC)
    post.want(wanted("a", send_at=twice), now=twice - HOUR)
    before = post.rows()
    post.want(wanted("a", send_at=twice), now=twice - MINUTE)
    assert post.rows() == before
    post.want(wanted("a", send_at=twice + HOUR), now=twice - MINUTE)
    assert post.row("a").send_at == twice + HOUR


@pytest.mark.parametrize(
    ("now", "comes_back"),
    [
        pytest.param(NOW + MINUTE, True, id="in time"),
        pytest.param(NOW + HOUR, True, id="due this very instant"),
        pytest.param(NOW + HOUR + outbox.STILL_WANTED + MINUTE, False, id="its instant has long passed"),
    ],
)
def test_a_cancelled_message_comes_back_when_it_is_wanted_again(
    post: Outgoing, now: datetime, comes_back: bool
) -> None:
    """Unless its instant has long passed, the same row waits again, without the reason."""
    later = wanted("a", send_at=NOW + HOUR)
    post.want(later)
    post.want(reason="called off")
    post.want(later, now=now)
    row = post.row("a")
    assert (row.state, row.reason) == ((State.WAITING, "") if comes_back else (State.CANCELLED, "called off"))


def test_a_text_that_was_turned_away_keeps_its_pause(post: Outgoing) -> None:
    """Reconciling does not call a channel that asked to be left alone, and still takes the new words."""
    post.want(wanted("a"))
    with post.database.write() as connection:
        tried = {"attempts": 1, "send_at": NOW + 5 * MINUTE}
        connection.execute(messages.update().values(tried))
    post.want(wanted("a"))
    post.want(wanted("a", text="Ca truc doi gio"))
    row = post.row("a")
    assert (row.send_at, row.text) == (NOW + 5 * MINUTE, "Ca truc doi gio")


def test_what_is_put_twice_is_there_once_as_it_was_first(post: Outgoing) -> None:
    """Answers and reports are no reconciled scope: a key that is there is left alone."""
    with post.database.write() as connection:
        outbox.put(connection, [wanted("a"), wanted("b")], NOW)
        outbox.put(connection, [wanted("a", text="khac"), wanted("c"), wanted("c")], NOW)
    assert post.states() == dict.fromkeys("abc", State.WAITING)
    assert post.row("a").text == "Nho ca truc"


def test_expiry_sets_aside_what_is_late_and_tells_it_once(post: Outgoing) -> None:
    """What waits, or was claimed and not begun, expires at its instant; what is under way does not."""
    post.want(
        *(wanted(key, expires_at=NOW + HOUR) for key in ("waits", "claimed", "leaves")), wanted("useful")
    )
    post.put_in_state("claimed", *PATHS[State.CLAIMED])
    post.put_in_state("leaves", *PATHS[State.SENDING])
    with post.database.write() as connection:
        assert outbox.expire(connection, NOW + HOUR - timedelta(microseconds=1)) == 0
        assert outbox.expire(connection, NOW + HOUR) == 2
        assert outbox.expire(connection, NOW + HOUR) == 0
    assert post.states() == {
        "waits": State.EXPIRED,
        "claimed": State.EXPIRED,
        "leaves": State.SENDING,
        "useful": State.WAITING,
    }
    assert sorted(post.audited("expired")) == ["claimed", "waits"]


def test_outcomes_are_given_once_oldest_first(post: Outgoing) -> None:
    """Each thing that came of a message is read by one turn, and what is still under way by none."""
    kinds = [OutcomeKind.SENT, OutcomeKind.FAILED, OutcomeKind.UNDELIVERED, OutcomeKind.CAPPED]
    post.want(wanted("a"))
    about: dict[OutcomeKind, int | str] = {OutcomeKind.CAPPED: "today"}
    number = post.row("a").id
    with post.database.write() as connection:
        for kind in [*kinds, *kinds]:
            add_outcome(connection, kind, about.get(kind, number), NOW)
        first = take_outcomes(connection, NOW, most=3)
        rest = take_outcomes(connection, NOW)
        assert take_outcomes(connection, NOW) == []
    told = [(row.outcome, row.key, row.recipient) for row in [*first, *rest]]
    assert told == [*((kind, "a", "person:an") for kind in kinds[:3]), (OutcomeKind.CAPPED, None, None)]


def test_told_is_what_left_or_may_have_left(post: Outgoing) -> None:
    """The last word to each recipient is the latest that was handed over, never one that was held back."""
    told = [State.SENDING, State.SENT, State.IN_DOUBT, State.DELIVERED, State.UNDELIVERED]
    post.want(*(wanted(state, about=state) for state in State))
    for state in State:
        post.put_in_state(state, *PATHS[state])
    with post.database.read() as connection:
        found = outbox.last_told(connection, ["session:1"])
        assert outbox.last_told(connection, ["session:2"]) == []
    assert [row.about for row in found] == [state for state in State if state in told]


def test_pending_is_what_leaves_by_an_instant(post: Outgoing) -> None:
    """The count of a plan's texts holds what waits up to that instant, and nothing that has left."""
    post.want(
        wanted("now"), wanted("soon", send_at=NOW + HOUR), wanted("later", send_at=NOW + DAY), wanted("x")
    )
    post.put_in_state("x", *PATHS[State.SENT])
    with post.database.read() as connection:
        assert [row.key for row in outbox.pending_until(connection, NOW + HOUR)] == ["now", "soon"]


def test_a_renamed_recipient_was_told_what_the_old_one_was(post: Outgoing) -> None:
    """The history goes with the person, and nobody else's does."""
    post.want(wanted("a"), wanted("b", recipient="person:an-2"))
    with post.database.write() as connection:
        outbox.rename_recipient(connection, "person:an", "person:an-nguyen", ("/an/", "/an-nguyen/"))
    assert [row.recipient for row in post.rows()] == ["person:an-nguyen", "person:an-2"]


def test_a_name_that_was_borne_before_may_be_taken_again(post: Outgoing) -> None:
    """Renamed to and fro: where the key is taken already, only the recipient changes."""
    post.want(wanted("ask/1/an/x"), wanted("ask/1/binh/x", recipient="person:binh"))
    with post.database.write() as connection:
        outbox.rename_recipient(connection, "person:an", "person:binh", ("/an/", "/binh/"))
    assert [(row.key, row.recipient) for row in post.rows()] == [
        ("ask/1/an/x", "person:binh"),
        ("ask/1/binh/x", "person:binh"),
    ]


@pytest.mark.parametrize(
    ("about", "becomes"),
    [
        pytest.param("2026 hall", "2026 big-hall", id="the ending"),
        pytest.param("2026 hall 2", "2026 hall 2", id="not in the middle"),
        pytest.param("2026 hal_", "2026 hal_", id="not what only looks alike to LIKE"),
        pytest.param("", "", id="nothing told"),
    ],
)
def test_a_renamed_place_alone_is_no_news(post: Outgoing, about: str, becomes: str) -> None:
    """What was told of a place is told of it under its new id."""
    post.want(wanted("a", about=about))
    with post.database.write() as connection:
        outbox.rename_in_about(connection, " hall", " big-hall")
    assert post.row("a").about == becomes


def _after_reading(connection: Connection, act: Callable[[], None]) -> None:
    """Does `act` once, between the first statement that reads a text and the next one's writing."""
    acts = [act]

    def listen(_: object, cursor: Any, *__: object) -> None:
        if acts and cursor.rowcount > 0:
            acts.pop()()

    event.listen(connection, "after_cursor_execute", listen)


def test_a_text_that_is_due_is_not_claimed_while_it_changes(postgres_post: Outgoing) -> None:
    """A claim by another process between our reading and our writing does not get the old words."""
    postgres_post.want(wanted("a"))
    with postgres_post.database.write() as connection:
        _after_reading(connection, lambda: _claim_elsewhere(postgres_post))
        outbox.reconcile(connection, {"session:1": [wanted("a", text="moi")]}, "x", NOW)
    row = postgres_post.row("a")
    assert (row.state, row.text, row.reference) == (State.WAITING, "moi", None)


def _claim_elsewhere(post: Outgoing) -> None:
    with post.database.write() as connection:
        assert not claim_due(connection, house(), "console", "elsewhere", NOW).ids


def test_a_claimed_text_is_not_begun_while_it_is_cancelled(postgres_post: Outgoing) -> None:
    """Whoever has claimed it waits until that is settled, and finds that it is theirs no longer."""
    postgres_post.want(wanted("a"))
    ids = postgres_post.claim().ids
    begun: list[Begun] = []

    def begin_elsewhere() -> None:
        with postgres_post.database.write() as connection:
            begun.extend(begin_attempts(connection, ids, "r", "g", NOW))

    beginner = Thread(target=begin_elsewhere)

    def begin_meanwhile() -> None:
        beginner.start()
        beginner.join(0.3)
        assert beginner.is_alive(), "it waits for the row that is being cancelled"

    with postgres_post.database.write() as connection:
        _after_reading(connection, begin_meanwhile)
        outbox.reconcile(connection, {"session:1": []}, "x", NOW)
    beginner.join(30)
    assert begun == []
    assert postgres_post.states() == {"a": State.CANCELLED}
    assert postgres_post.audited("cancelled") == ["a"]


def test_two_readers_of_outcomes_never_get_one_twice(postgres_post: Outgoing) -> None:
    """While one turn holds an outcome, that of another machine passes it over."""
    postgres_post.want(wanted("a"))
    number = postgres_post.row("a").id
    with postgres_post.database.write() as connection:
        add_outcome(connection, OutcomeKind.SENT, number, NOW)
    found: list[int] = []

    def read_elsewhere() -> None:
        with postgres_post.database.write() as connection:
            found.append(len(take_outcomes(connection, NOW)))

    with postgres_post.database.write() as connection:
        assert len(take_outcomes(connection, NOW)) == 1
        other = Thread(target=read_elsewhere)
        other.start()
        other.join(30)
        assert found == [0]


def test_each_key_is_judged_by_its_own_words(post: Outgoing) -> None:
    """Of many messages of a scope only the changed one is written."""
    many = [wanted(f"k{number}") for number in range(5)]
    post.want(*many)
    changed: list[Wanted] = [*many[:2], replace(many[2], text="moi"), *many[3:]]
    post.want(*changed, now=NOW + MINUTE)
    with post.database.read() as connection:
        recent = select(messages.c.key).where(messages.c.changed_at > NOW)
        assert list(connection.scalars(recent)) == ["k2"]
