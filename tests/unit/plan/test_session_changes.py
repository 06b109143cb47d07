"""What becomes of stored sessions when the settings want others: added, moved, restored, cancelled."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.plan.changes import Changes, Occurrence, Stored, changes_between
from scheduler.timetable.instant import instants_of
from scheduler.timetable.session import Session
from scheduler.timetable.span import Span

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
EVENING = "17:00-19:30"


def _on(
    day: str, hours: str = EVENING, shift: str = "toi", number: int = 1, place: str = "ubnd", held: str = ""
) -> Occurrence:
    """A session named for a day of November 2026, on which it is held but where `held` says another."""
    named = date.fromisoformat(f"2026-11-{day}")
    begin, end = map(time.fromisoformat, hours.split("-"))
    actual = date.fromisoformat(f"2026-11-{held}") if held else named
    starts, ends = instants_of(Span(begin, end), actual, SAIGON)
    return Occurrence(Session(starts, ends, shift, named, number), "sao-y", place)


def _at(wall: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{wall}").replace(tzinfo=SAIGON).astimezone(UTC)


def _stored(*occurrences: Occurrence, off: tuple[Occurrence, ...] = ()) -> list[Stored]:
    rows = [Stored(number, one, is_on=True) for number, one in enumerate(occurrences, 1)]
    return rows + [Stored(number, one, is_on=False) for number, one in enumerate(off, len(rows) + 1)]


def _called_off(*occurrences: Occurrence) -> list[Stored]:
    return [Stored(number, one, False, called_off=True) for number, one in enumerate(occurrences, 101)]


def _told(changes: Changes) -> set[str]:
    """Each change as one word with the days of the keys."""

    def day(one: Occurrence) -> str:
        return one.session.key.partition("@2026-11-")[2]

    told = {f"+{day(one)}" for one in changes.added}
    told |= {f"{day(move.stored.occurrence)}>{day(move.target)}" for move in changes.moved}
    told |= {f"!{day(move.target)}" for move in changes.restored}
    return told | {f"-{day(stored.occurrence)}" for stored in changes.cancelled}


def _renumbered(changes: Changes) -> set[str]:
    """Each silent change of key, as the numbers before and after."""
    return {
        f"{move.stored.occurrence.session.number}>{move.target.session.number}" for move in changes.renumbered
    }


# The 17th is a Tuesday; its week is the 16th to the 22nd.
NOW = _at("16 12:00")


@pytest.mark.parametrize(
    ("wanted", "stored", "told"),
    [
        # nothing wanted, nothing stored; the same wanted as stored
        ([], [], set()),
        ([_on("17")], _stored(_on("17")), set()),
        # the first plan
        ([_on("17"), _on("19")], [], {"+17", "+19"}),
        # another hour, another end, another place: moved, under the same key
        ([_on("17", "18:00-20:30")], _stored(_on("17")), {"17>17"}),
        ([_on("17", "17:00-20:00")], _stored(_on("17")), {"17>17"}),
        ([_on("17", place="buu-cuc")], _stored(_on("17")), {"17>17"}),
        # postponed by a holiday that was made known: the key stays with the day that the rule named
        ([_on("17", held="18")], _stored(_on("17")), {"17>17"}),
        # another day of the week
        ([_on("19")], _stored(_on("17")), {"17>19"}),
        # from the Monday to the Sunday of one week; from the Sunday to the Monday after it
        ([_on("22")], _stored(_on("17")), {"17>22"}),
        ([_on("23")], _stored(_on("22")), {"-22", "+23"}),
        # a postponed one counts in the week of the day that was named
        ([_on("19")], _stored(_on("20", held="23")), {"20>19"}),
        # in order: the first that vanished with the first that appeared, none crossing
        ([_on("18"), _on("20")], _stored(_on("17"), _on("19")), {"17>18", "19>20"}),
        # what stays is no part of it
        ([_on("17"), _on("20")], _stored(_on("17"), _on("19")), {"19>20"}),
        # more vanish than appear, and fewer
        ([_on("18")], _stored(_on("17"), _on("19")), {"17>18", "-19"}),
        ([_on("18"), _on("20")], _stored(_on("17")), {"17>18", "+20"}),
        # every week for itself
        ([_on("19"), _on("26")], _stored(_on("17"), _on("24")), {"17>19", "24>26"}),
        # two shifts have nothing to do with each other
        ([_on("19", shift="sang")], _stored(_on("17")), {"+19", "-17"}),
        # the second span of a day is another session than the first
        ([_on("17"), _on("17", "20:00-21:00", number=2)], _stored(_on("17")), {"+17.2"}),
        ([_on("17")], _stored(_on("17"), _on("17", "20:00-21:00", number=2)), {"-17.2"}),
        # called off before, wanted again: the same one, whatever its time now
        ([_on("17")], _stored(off=(_on("17"),)), {"!17"}),
        ([_on("17", "18:00-20:30")], _stored(off=(_on("17"),)), {"!17"}),
        # called off before and not wanted: nothing to do, and no partner for what appears
        ([], _stored(off=(_on("17"),)), set()),
        ([_on("19")], _stored(off=(_on("17"),)), {"+19"}),
        # called off by the desk: wanted still, or wanted no more, it stays as it is
        ([_on("17")], _called_off(_on("17")), set()),
        ([], _called_off(_on("17")), set()),
        # at another hour it stays off under its key
        ([_on("17", "18:00-20:30")], _called_off(_on("17")), {"17>17"}),
        # another day in its place is held, be it in the same week
        ([_on("19")], _called_off(_on("17")), {"+19"}),
        ([_on("19")], [*_called_off(_on("17")), *_stored(_on("18"))], {"18>19"}),
    ],
)
def test_what_is_stored_becomes_what_is_wanted(
    wanted: list[Occurrence], stored: list[Stored], told: set[str]
) -> None:
    """Within a shift and a week, what vanished and what appeared are one session that moved."""
    assert _told(changes_between(wanted, stored, NOW)) == told


MORNING, NOON, NIGHT = "08:00-10:00", "12:00-14:00", "20:00-21:00"


@pytest.mark.parametrize(
    ("wanted", "stored", "told", "renumbered"),
    [
        # the first span of a day is removed: it is the one that is not held
        ([_on("17", NIGHT)], _stored(_on("17"), _on("17", NIGHT, number=2)), {"-17"}, {"1>2", "2>1"}),
        # an earlier span is added: the later one stays as it is
        ([_on("17", MORNING), _on("17", number=2)], _stored(_on("17")), {"+17"}, {"1>2"}),
        # one of two alike was called off by the desk: neither takes the other's number
        (
            [_on("17"), _on("17", number=2)],
            [*_called_off(_on("17")), *_stored(_on("17", number=2))],
            set(),
            set(),
        ),
        # and back again: who was called off is the one that is held again
        (
            [_on("17", MORNING), _on("17", number=2)],
            _stored(_on("17"), off=(_on("17", MORNING, number=2),)),
            {"!17"},
            {"1>2"},
        ),
        # the first of three is removed
        (
            [_on("17", NOON), _on("17", NIGHT, number=2)],
            _stored(_on("17", MORNING), _on("17", NOON, number=2), _on("17", NIGHT, number=3)),
            {"-17"},
            {"1>3", "2>1", "3>2"},
        ),
        # two are written in another order
        (
            [_on("17", NIGHT), _on("17", number=2)],
            _stored(_on("17"), _on("17", NIGHT, number=2)),
            set(),
            {"1>2", "2>1"},
        ),
        # the first goes to another day of the week, the second stays
        ([_on("17", NIGHT), _on("19")], _stored(_on("17"), _on("17", NIGHT, number=2)), {"17>19"}, {"2>1"}),
        # the first is removed and the second is an hour later: nobody can tell, the key decides
        (
            [_on("17", "21:00-22:00")],
            _stored(_on("17"), _on("17", NIGHT, number=2)),
            {"17>17", "-17.2"},
            set(),
        ),
        # another place is not the same session
        (
            [_on("17", NIGHT, place="buu-cuc")],
            _stored(_on("17"), _on("17", NIGHT, number=2)),
            {"17>17", "-17.2"},
            set(),
        ),
        # another date, another shift: never the same
        ([_on("18", "17:00-19:30", shift="sang")], _stored(_on("18")), {"+18", "-18"}, set()),
    ],
)
def test_another_span_of_the_day_leaves_the_people_of_this_one_alone(
    wanted: list[Occurrence], stored: list[Stored], told: set[str], renumbered: set[str]
) -> None:
    """Which span of its day a session is, nobody was told; when and where it is held, they were."""
    changes = changes_between(wanted, stored, NOW)
    assert _told(changes) == told
    assert _renumbered(changes) == renumbered


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        # the morning is removed after it was held: the evening keeps its key, which nobody else wants
        ([_on("17")], set()),
        # and the evening is an hour later: its people go there, though the morning has the key
        ([_on("17", "18:00-20:00")], {"17.2>17.2"}),
        # and there is a later one: it gets the next free key
        ([_on("17"), _on("17", NIGHT, number=2)], {"+17.3"}),
        # an earlier one, that nobody can be sent to any more
        ([_on("17", "06:00-07:00"), _on("17", MORNING, number=2), _on("17", number=3)], set()),
    ],
)
def test_a_session_that_was_held_keeps_its_key(wanted: list[Occurrence], told: set[str]) -> None:
    """Another takes the next number of the day, and stays there at every apply that follows."""
    noon = _at("17 12:00")
    stored = _stored(_on("17", MORNING), _on("17", number=2))
    changes = changes_between(wanted, stored, noon)
    assert _told(changes) == told
    again = changes_between(wanted, _carry_out(changes, stored), noon)
    assert again == Changes()


def test_a_new_number_alone_is_no_change() -> None:
    """``plan`` tells what people would see; which key it has in the store is no news."""
    changes = changes_between([_on("17", number=1)], _stored(_on("17", number=2)), NOW)
    assert changes.renumbered
    assert not changes


UNDER_WAY = _at("17 18:00")


@pytest.mark.parametrize(
    ("wanted", "stored", "told"),
    [
        # vanished, changed, or called off earlier: begun is begun
        ([], _stored(_on("17")), set()),
        ([_on("17", "18:30-20:30")], _stored(_on("17")), set()),
        ([_on("17")], _stored(off=(_on("17"),)), set()),
        # it is no partner for what appears in its week
        ([_on("19")], _stored(_on("17")), {"+19"}),
        # its key is not given twice, though the morning is over and the shift is in the evening now
        ([_on("17", "20:00-21:00")], _stored(_on("17", "08:00-10:00")), set()),
        # wanted and over; wanted and under way, which nobody could be moved to
        ([_on("17", "08:00-10:00")], [], set()),
        ([_on("17")], [], {"+17"}),
        ([_on("17")], _stored(_on("19")), {"+17", "-19"}),
        # to come, and by the file over already
        ([_on("17", "08:00-10:00")], _stored(_on("17", "20:00-21:00")), {"-17"}),
        # starts at this very instant: begun
        ([], _stored(_on("17", "18:00-19:00")), set()),
    ],
)
def test_what_has_begun_is_left_as_it_is(
    wanted: list[Occurrence], stored: list[Stored], told: set[str]
) -> None:
    """Nobody is moved out of a session that is being held, nor into one; what is over is not made."""
    assert _told(changes_between(wanted, stored, UNDER_WAY)) == told


def test_a_service_that_changed_moves_its_session() -> None:
    """People must hear that they serve something else, though hour and place are the same."""
    other = replace(_on("17"), service="buu-chinh")
    assert _told(changes_between([other], _stored(_on("17")), NOW)) == {"17>17"}


def test_no_change_is_false_and_each_change_is_true() -> None:
    """``plan --exit-code`` asks whether there is anything to do."""
    assert not Changes()
    for wanted, stored in (
        ([_on("17")], []),
        ([_on("19")], _stored(_on("17"))),
        ([_on("17")], _stored(off=(_on("17"),))),
        ([], _stored(_on("17"))),
    ):
        assert changes_between(wanted, stored, NOW)


hours = st.sampled_from(["07:30-09:00", "11:00-13:00", "17:00-19:30", "22:00-02:00"])
days = st.sampled_from(["16", "17", "18", "19", "22", "23", "24", "30"])
occurrences = st.builds(
    _on,
    days,
    hours,
    st.sampled_from(["toi", "sang"]),
    st.integers(1, 2),
    st.sampled_from(["ubnd", "buu-cuc"]),
    st.sampled_from(["", "", "25"]),
)
wanted_sets = st.lists(occurrences, max_size=10, unique_by=lambda one: one.session.key)
standings = st.sampled_from([(True, False), (False, False), (False, True)])
stored_sets = st.lists(
    st.tuples(occurrences, standings), max_size=10, unique_by=lambda pair: pair[0].session.key
).map(lambda pairs: [Stored(number, one, *standing) for number, (one, standing) in enumerate(pairs, 1)])
instants = st.integers(0, 16 * 24).map(lambda hour: _at("16 00:00") + timedelta(hours=hour, minutes=30))


def _carry_out(changes: Changes, stored: list[Stored]) -> list[Stored]:
    """What the store does with changes; no key may be given twice in the end."""
    rows = {one.id: one for one in stored}
    for move in changes.renumbered:
        rows[move.stored.id] = replace(move.stored, occurrence=move.target)
    for move in (*changes.moved, *changes.restored):
        rows[move.stored.id] = replace(move.stored, occurrence=move.target, is_on=not move.stored.called_off)
    for gone in changes.cancelled:
        rows[gone.id] = replace(rows[gone.id], is_on=False)
    for number, one in enumerate(changes.added, 1001):
        rows[number] = Stored(number, one, is_on=True)
    assert len({one.key for one in rows.values()}) == len(rows)
    return list(rows.values())


def _known(one: Occurrence) -> Occurrence:
    """The same without its number, which nobody is told."""
    return replace(one, session=replace(one.session, number=1))


@settings(max_examples=400)
@given(wanted_sets, stored_sets, instants)
def test_carrying_the_changes_out_gives_what_is_wanted(
    wanted: list[Occurrence], stored: list[Stored], now: datetime
) -> None:
    """Afterwards the wanted ones are on and no other, but for what had begun; a second time does nothing."""
    begun = {one.key: one for one in stored if one.is_on and one.occurrence.session.starts <= now}
    after = _carry_out(changes_between(wanted, stored, now), stored)

    assert all(row in after for row in begun.values()), "what has begun is untouched"
    over = {_known(row.occurrence) for row in stored if row.occurrence.session.starts <= now}
    off = [row for row in stored if row.called_off]
    over |= {_known(row.occurrence) for row in off}
    begun |= {row.key: row for row in off}
    asked = [one for one in wanted if one.session.ends > now]
    on = Counter(_known(row.occurrence) for row in after if row.is_on and row not in begun.values())
    assert on <= Counter(map(_known, asked)), "nothing is on that is not wanted"
    free = Counter(_known(one) for one in asked if one.session.key not in begun and _known(one) not in over)
    assert free <= on, "nothing that is wanted is left out"
    assert changes_between(wanted, after, now) == Changes()


@settings(max_examples=200)
@given(wanted_sets, stored_sets, instants)
def test_what_is_wanted_as_it_is_held_reaches_nobody(
    wanted: list[Occurrence], stored: list[Stored], now: datetime
) -> None:
    """No session is moved or cancelled while one of its day is wanted at its hours and its place."""
    changes = changes_between(wanted, stored, now)
    gone = Counter(_known(move.stored.occurrence) for move in changes.moved if move.stored.is_on)
    gone += Counter(_known(one.occurrence) for one in changes.cancelled)
    held = Counter(_known(one.occurrence) for one in stored if one.is_on)
    asked = Counter(_known(one) for one in wanted)
    assert all(held[one] - gone[one] >= min(held[one], asked[one]) for one in gone)


@settings(max_examples=200)
@given(wanted_sets, stored_sets, instants)
def test_no_session_is_cancelled_while_its_week_wants_a_new_one(
    wanted: list[Occurrence], stored: list[Stored], now: datetime
) -> None:
    """People keep their seat wherever there is one: a shift does not both cancel and add in one week."""
    changes = changes_between(wanted, stored, now)
    cancelled = {(one.occurrence.session.shift, one.occurrence.session.week) for one in changes.cancelled}
    added = {(one.session.shift, one.session.week) for one in changes.added if one.session.starts > now}
    assert not cancelled & added


@settings(max_examples=200)
@given(wanted_sets, stored_sets, instants, st.randoms(use_true_random=False))
def test_moves_keep_the_order_of_days_and_do_not_depend_on_the_order_of_rows(
    wanted: list[Occurrence], stored: list[Stored], now: datetime, random: Random
) -> None:
    """Of two sessions of a week that both go to another day, the earlier one stays the earlier."""
    changes = changes_between(wanted, stored, now)
    gone = [move for move in changes.moved if move.stored.key != move.target.session.key]
    for one in gone:
        for other in gone:
            before, after = one.stored.occurrence.session, other.stored.occurrence.session
            if (before.shift, before.week) == (after.shift, after.week) and _order(before) < _order(after):
                assert _order(one.target.session) < _order(other.target.session)
    random.shuffle(wanted)
    random.shuffle(stored)
    again = changes_between(wanted, stored, now)
    for kind in ("added", "moved", "restored", "cancelled", "renumbered"):
        assert set(getattr(again, kind)) == set(getattr(changes, kind))


def _order(session: Session) -> tuple[date, int]:
    return (session.named, session.number)
