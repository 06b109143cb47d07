"""What must be said about a session, to whom and when: the ladder, the notices, and who is left in peace."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from scheduler.reminders.case import OFF, RELEASED, Case, Seat
from scheduler.reminders.decide import Rules
from scheduler.reminders.lead import Lead, Leads
from scheduler.reminders.reminder import Audience, Kind
from scheduler.roster.assignment import Standing
from scheduler.timetable.shift import Need, Role
from tests.unit.reminders.evening import (
    AN,
    FOLLOWER,
    RULES,
    at,
    decided,
    evening,
    follower,
    said,
    seat,
    told,
    wall,
)

ONE_VOLUNTEER = (Need(Role.VOLUNTEER, 1),)
TUESDAY = evening().about
ASKED = told(TUESDAY, "11 18:00")


def _rules(**leads: object) -> Rules:
    return replace(RULES, leads=replace(Leads(), **leads))  # type: ignore[arg-type]  # a row names what it sets


@pytest.mark.parametrize(
    ("one", "ladder"),
    [
        # the default: 6 days, 3 days and 1 day before at six, and two hours before
        (
            seat(),
            [("ask", "11 18:00"), ("chase", "14 18:00"), ("remind", "16 18:00"), ("remind", "17 15:00")],
        ),
        # asked or silent it is the same ladder: what has gone is history to the outbox
        (
            seat(Standing.SILENT),
            [("ask", "11 18:00"), ("chase", "14 18:00"), ("remind", "16 18:00"), ("remind", "17 15:00")],
        ),
        # who said yes is reminded where others are chased
        (seat(Standing.CONFIRMED), [("remind", "14 18:00"), ("remind", "16 18:00"), ("remind", "17 15:00")]),
        # who said no, or was sent home untold, hears nothing
        (seat(Standing.DECLINED), []),
        (seat(Standing.RELEASED), []),
        # staff are told once, whether named or chosen
        (seat(Standing.CONFIRMED, Role.STAFF), [("duty", "16 17:00")]),
        (seat(Standing.PROPOSED, Role.STAFF), [("duty", "16 17:00")]),
        # late by a day: asked at once, chased as planned
        (
            seat(since="12 09:00"),
            [("ask", "12 09:00"), ("chase", "14 18:00"), ("remind", "16 18:00"), ("remind", "17 15:00")],
        ),
        # late on the day of the chase: one question is enough
        (seat(since="14 09:00"), [("ask", "14 09:00"), ("remind", "16 18:00"), ("remind", "17 15:00")]),
        # after the chase
        (seat(since="15 09:00"), [("ask", "15 09:00"), ("remind", "16 18:00"), ("remind", "17 15:00")]),
        # at the very instant of the ask: at once is the same
        (
            seat(since="11 18:00"),
            [("ask", "11 18:00"), ("chase", "14 18:00"), ("remind", "16 18:00"), ("remind", "17 15:00")],
        ),
        # in the night: asked in the morning
        (seat(since="16 23:00"), [("ask", "17 07:00"), ("remind", "17 15:00")]),
        # when every reminder is past
        (seat(since="17 16:00"), [("ask", "17 16:00")]),
        (seat(Standing.CONFIRMED, since="17 16:00"), []),
        (seat(Standing.CONFIRMED, Role.STAFF, since="16 17:00"), []),
        # at the start, and under way
        (seat(since="17 17:00"), []),
        (seat(since="17 18:00"), []),
    ],
)
def test_one_who_serves_is_asked_chased_and_reminded(one: Seat, ladder: list[tuple[str, str]]) -> None:
    """What is past when a seat becomes known is dropped, but for the question, which goes at once."""
    assert said(evening(one)) == ladder


@pytest.mark.parametrize(
    ("case", "ladder"),
    [
        # two hours before is 04:30: half an hour before the night
        (
            evening(seat(Standing.CONFIRMED), hours="17 06:30/17 08:00"),
            [("remind", "14 18:00"), ("remind", "16 18:00"), ("remind", "16 20:30")],
        ),
        # known in that night: a question that would come after the start is none
        (evening(seat(since="16 22:00"), hours="17 06:30/17 08:00"), []),
        # the session itself became known late
        (evening(seat(Standing.CONFIRMED), known_at=at("16 18:00")), [("remind", "17 15:00")]),
        # it changed: what falls due within the wait goes when that is over, also just before the change,
        # where an earlier one may have held it back
        (
            evening(seat(Standing.CONFIRMED), changed_at="16 17:55"),
            [("remind", "16 18:05"), ("remind", "17 15:00")],
        ),
        (
            evening(seat(Standing.CONFIRMED), changed_at="16 18:09"),
            [("remind", "16 18:19"), ("remind", "17 15:00")],
        ),
        (evening(seat(Standing.CONFIRMED), changed_at="16 18:10"), [("remind", "17 15:00")]),
        (
            evening(seat(), changed_at="16 14:55"),
            [("ask", "16 15:05"), ("remind", "16 18:00"), ("remind", "17 15:00")],
        ),
        # by the time it is over the session has begun: at once is all there is
        (evening(seat(), changed_at="17 16:52"), [("ask", "17 16:52")]),
        # it is off: nobody was told, nobody is told
        (evening(seat(Standing.CONFIRMED), is_on=False), []),
    ],
)
def test_a_session_early_late_or_off_has_its_ladder(case: Case, ladder: list[tuple[str, str]]) -> None:
    """Reminders keep out of the night by going before it, and out of the past by not going."""
    assert said(case) == ladder


@pytest.mark.parametrize(
    ("rules", "since", "ladder"),
    [
        # no question and no chase: reminders only
        (_rules(ask=None, chase=None), "03 09:00", [("remind", "16 18:00"), ("remind", "17 15:00")]),
        (_rules(ask=None, remind=()), "03 09:00", [("chase", "14 18:00")]),
        # asked in the morning and chased in the evening, since somebody wrote it so
        (
            _rules(ask=Lead(days=1, at=time(8)), remind=(), chase=Lead(days=1, at=time(18))),
            "03 09:00",
            [("ask", "16 08:00"), ("chase", "16 18:00")],
        ),
        # the same found late: the evening's chase would ask twice in a day
        (
            _rules(ask=Lead(days=1, at=time(8)), remind=(), chase=Lead(days=1, at=time(18))),
            "16 09:00",
            [("ask", "16 09:00")],
        ),
        # a chase before the question is none
        (_rules(ask=Lead(days=2, at=time(8)), remind=()), "03 09:00", [("ask", "15 08:00")]),
        # two reminders at one instant are one
        (
            _rules(
                ask=None, chase=None, remind=(Lead(days=0, at=time(15)), Lead(elapsed=timedelta(hours=2)))
            ),
            "03 09:00",
            [("remind", "17 15:00")],
        ),
        # a question at the instant of a reminder: who does not know of it cannot be reminded
        (
            _rules(ask=Lead(days=1, at=time(18)), chase=None, remind=(Lead(days=1, at=time(18)),)),
            "03 09:00",
            [("ask", "16 18:00")],
        ),
    ],
)
def test_a_ladder_follows_what_is_written(rules: Rules, since: str, ladder: list[tuple[str, str]]) -> None:
    """Any rung may be left out or put elsewhere."""
    assert said(evening(seat(since=since)), rules=rules) == ladder


@pytest.mark.parametrize(
    ("since", "known_at", "goes"),
    [
        # the day before at 17:00
        ("03 09:00", "03 09:00", ["16 17:00"]),
        # follows, or hears of the session, when that is past
        ("16 17:00", "03 09:00", []),
        ("03 09:00", "16 18:00", []),
    ],
)
def test_a_follower_hears_the_day_before(since: str, known_at: str, goes: list[str]) -> None:
    """Whoever follows later than that hears of the next one."""
    case = evening(followers=(follower(since),), known_at=at(known_at))
    assert said(case, FOLLOWER) == [("resident", when) for when in goes]


@pytest.mark.parametrize(
    ("case", "rules", "goes"),
    [
        # a seat is empty; somebody has not answered: 36 hours before is 05:00, so before that night
        (evening(needs=ONE_VOLUNTEER), RULES, ["15 20:30"]),
        (evening(seat(Standing.ASKED, person="an"), needs=ONE_VOLUNTEER), RULES, ["15 20:30"]),
        # nothing is open
        (evening(seat(Standing.CONFIRMED, person="an"), needs=ONE_VOLUNTEER), RULES, []),
        (evening(), RULES, []),
        (evening(seat(Standing.PROPOSED, Role.STAFF)), RULES, []),
        # off, known too late, or not wished
        (evening(needs=ONE_VOLUNTEER, is_on=False), RULES, []),
        (evening(needs=ONE_VOLUNTEER, known_at=at("15 20:30")), RULES, []),
        (evening(needs=ONE_VOLUNTEER), _rules(escalate=None), []),
    ],
)
def test_a_coordinator_hears_of_what_is_open(case: Case, rules: Rules, goes: list[str]) -> None:
    """Each of them once, and it tells nobody when the session is: it can never be news that it moved."""
    known = replace(case, coordinators=("lan", "mai", "lan"))
    for person in ("lan", "mai"):
        found = decided(known, f"person:{person}", rules)
        assert [(one.kind, wall(one.send_at), one.about) for one in found] == [
            (Kind.ESCALATE, when, "") for when in goes
        ]


def test_what_is_late_is_useful_until_the_next() -> None:
    """A text that could not go on time goes late, but not beside the next one, and not after the start."""
    found = decided(evening(seat()))
    assert [wall(one.expires_at) for one in found] == ["14 18:00", "16 18:00", "17 15:00", "17 17:00"]


def test_an_answer_does_not_make_the_same_rung_go_twice() -> None:
    """Who was chased, and then said yes, is not reminded of it under another key."""
    keys = [
        {one.key for one in decided(evening(seat(standing)))}
        for standing in (Standing.ASKED, Standing.CONFIRMED)
    ]
    assert keys[1] < keys[0]


def test_a_moved_session_is_reminded_of_again() -> None:
    """The key of what depends on the time holds the time; the question, which does not, is asked once."""
    before, after = (
        {one.key: one.kind for one in decided(case)}
        for case in (evening(seat()), evening(seat(), hours="19 17:00/19 19:30"))
    )
    assert {before[key] for key in before.keys() & after.keys()} == {Kind.ASK}


MOVED_DAY: dict[str, Any] = {"hours": "19 17:00/19 19:30", "changed_at": "12 09:00", "revision": 2}
CONFIRMED = seat(Standing.CONFIRMED)


@pytest.mark.parametrize(
    ("case", "kind", "goes"),
    [
        # another day, another hour, another place
        (evening(CONFIRMED, **MOVED_DAY, told={AN: ASKED}), Kind.MOVED, "12 09:10"),
        (
            evening(CONFIRMED, hours="17 18:00/17 20:30", changed_at="12 09:00", told={AN: ASKED}),
            Kind.MOVED,
            "12 09:10",
        ),
        (
            evening(CONFIRMED, place="buu-cuc", changed_at="12 09:00", told={AN: ASKED}),
            Kind.MOVED,
            "12 09:10",
        ),
        # who has not answered, and staff, hear it alike
        (evening(seat(Standing.ASKED), **MOVED_DAY, told={AN: ASKED}), Kind.MOVED, "12 09:10"),
        (
            evening(seat(Standing.CONFIRMED, Role.STAFF), **MOVED_DAY, told={AN: ASKED}),
            Kind.MOVED,
            "12 09:10",
        ),
        # off, and on after all
        (
            evening(CONFIRMED, is_on=False, changed_at="12 09:00", told={AN: ASKED}),
            Kind.CANCELLED,
            "12 09:10",
        ),
        (
            evening(CONFIRMED, changed_at="12 09:00", told={AN: told(OFF, "12 08:00", was_notice=True)}),
            Kind.RESTORED,
            "12 09:10",
        ),
        # not needed any more: the session stands as it did, so the seat's own instant counts
        (
            evening(seat(Standing.RELEASED, changed_at="12 09:00"), told={AN: ASKED}),
            Kind.RELEASED,
            "12 09:10",
        ),
        # not needed, and then it moved, or is off: never left with the old time in mind
        (
            evening(seat(Standing.RELEASED, changed_at="12 08:55"), **MOVED_DAY, told={AN: ASKED}),
            Kind.RELEASED,
            "12 09:10",
        ),
        (
            evening(
                seat(Standing.RELEASED, changed_at="12 08:55"),
                is_on=False,
                changed_at="12 09:00",
                told={AN: ASKED},
            ),
            Kind.CANCELLED,
            "12 09:10",
        ),
        # sent home, and wanted after all without being asked
        (
            evening(
                seat(Standing.CONFIRMED, Role.STAFF, since="13 09:00"),
                told={AN: told(RELEASED, "12 09:10", was_notice=True)},
            ),
            Kind.RESTORED,
            "13 09:10",
        ),
    ],
)
def test_who_was_told_hears_what_changed(case: Case, kind: Kind, goes: str) -> None:
    """One notice, ten minutes after the change, that knows what was told before and what it tells."""
    first = decided(case)[0]
    assert (first.kind, wall(first.send_at), first.was) == (kind, goes, case.told[AN].about)
    assert first.about == (RELEASED if kind is Kind.RELEASED else case.about)
    assert not first.urgent


@pytest.mark.parametrize(
    "case",
    [
        # never told anything: the question names the new time
        evening(CONFIRMED, **MOVED_DAY),
        # told as it is
        evening(CONFIRMED, told={AN: ASKED}),
        # moved and moved back before the notice went
        evening(CONFIRMED, changed_at="12 09:05", revision=3, told={AN: ASKED}),
        # said no, whatever becomes of it
        evening(seat(Standing.DECLINED), **MOVED_DAY, told={AN: ASKED}),
        evening(seat(Standing.DECLINED), is_on=False, told={AN: ASKED}),
        # told that they are not needed, and that it is off
        evening(seat(Standing.RELEASED, changed_at="12 09:00"), told={AN: told(RELEASED, "12 09:10")}),
        evening(seat(Standing.RELEASED, changed_at="12 09:00"), told={AN: told(OFF, "12 09:10")}),
        evening(seat(Standing.RELEASED), **MOVED_DAY, told={AN: told(RELEASED, "12 09:10")}),
        # sent home and back, but it is off by now; or back with a question of their own
        evening(seat(Standing.CONFIRMED), is_on=False, told={AN: told(RELEASED, "12 09:10")}),
        evening(seat(Standing.PROPOSED, since="13 09:00"), told={AN: told(RELEASED, "12 09:10")}),
    ],
)
def test_no_news_is_told_to_nobody(case: Case) -> None:
    """A notice goes where what is differs from what was told, to whoever minds."""
    assert not [one for one in decided(case) if one.was]


def test_who_was_sent_home_and_is_wanted_again_is_asked_anew() -> None:
    """Also within the hour after being told so: that notice told them nothing of the evening."""
    sent_home = told(RELEASED, "12 09:10", was_notice=True)
    before = decided(evening(seat()))[0]
    again = decided(evening(seat(since="12 09:30"), told={AN: sent_home}))[0]
    assert (again.kind, wall(again.send_at)) == (Kind.ASK, "12 09:30")
    assert again.key != before.key


def test_each_time_somebody_is_sent_home_is_told() -> None:
    """The second release of one seat is another message than the first, which has been sent."""
    keys = {
        decided(evening(seat(Standing.RELEASED, changed_at=wall_clock), told={AN: ASKED}))[0].key
        for wall_clock in ("12 09:00", "13 09:00")
    }
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("case", "kind"),
    [
        (evening(**MOVED_DAY), Kind.RESIDENT_MOVED),
        (evening(is_on=False, changed_at="12 09:00"), Kind.RESIDENT_CANCELLED),
    ],
)
def test_a_follower_who_was_told_hears_what_changed(case: Case, kind: Kind) -> None:
    """As those who serve do, in words of their own; who was told nothing hears nothing of it."""
    followed = replace(case, followers=(follower(),))
    knowing = replace(followed, told={FOLLOWER: told(TUESDAY, "11 17:00")})
    assert said(knowing, FOLLOWER)[0] == (kind, "12 09:10")
    assert kind not in dict(said(followed, FOLLOWER))


def test_a_follower_hears_that_it_is_on_after_all() -> None:
    """Who was told that nothing is held would stay at home."""
    case = evening(followers=(follower(),), changed_at="12 09:00", told={FOLLOWER: told(OFF, "12 08:00")})
    assert said(case, FOLLOWER)[0] == (Kind.RESIDENT_RESTORED, "12 09:10")


def _off(changed_at: str, hours: str = "17 17:00/17 19:30", about: str = "") -> Case:
    case = evening(CONFIRMED, hours=hours, changed_at=changed_at, is_on=False)
    return replace(case, told={AN: told(about or replace(case, is_on=True).about, "11 18:00")})


@pytest.mark.parametrize(
    ("case", "goes", "urgent", "until"),
    [
        # time to think again; in the evening for tomorrow afternoon it waits for the morning
        (_off("16 12:00"), "16 12:10", False, "17 17:00"),
        (_off("16 20:55"), "17 07:00", False, "17 17:00"),
        # at night, for the early morning: too late otherwise
        (_off("16 22:00", "17 07:30/17 09:00"), "16 22:10", True, "17 07:30"),
        (_off("16 22:00", "17 06:30/17 08:00"), "16 22:10", True, "17 06:30"),
        # an hour after the night is time enough
        (_off("16 22:00", "17 08:00/17 09:00"), "17 07:00", False, "17 08:00"),
        # minutes before: no time to think again
        (_off("17 16:50"), "17 16:50", False, "17 17:00"),
        (_off("17 16:49"), "17 16:59", False, "17 17:00"),
        # after the moved one was never told: what they were told is what counts
        (
            _off("16 22:00", "19 17:00/19 19:30", evening(hours="17 06:30/17 08:00").about),
            "16 22:10",
            True,
            "17 06:30",
        ),
        (_off("17 16:55", "19 17:00/19 19:30", TUESDAY), "17 16:55", False, "17 17:00"),
    ],
)
def test_a_cancellation_comes_in_time(case: Case, goes: str, urgent: bool, until: str) -> None:
    """It waits for second thoughts and for the morning, unless somebody would come in vain."""
    (found,) = decided(case)
    assert (wall(found.send_at), found.urgent, wall(found.expires_at)) == (goes, urgent, until)


@pytest.mark.parametrize(
    "case",
    [
        # cancelled when it had begun, by what they were told
        _off("17 17:00"),
        _off("18 09:00", "19 17:00/19 19:30", TUESDAY),
        # moved when it had begun, and on after all when it had
        evening(CONFIRMED, hours="17 16:00/17 19:30", changed_at="17 17:00", told={AN: ASKED}),
        evening(CONFIRMED, changed_at="17 17:30", told={AN: told(OFF, "12 08:00")}),
    ],
)
def test_nothing_is_told_of_what_has_begun(case: Case) -> None:
    """Whoever is there knows, and whoever is not cannot come in time."""
    assert not decided(case)


@pytest.mark.parametrize("hours", ["17 11:00/17 14:00", "17 12:00/17 14:00"])
def test_a_move_to_a_time_under_way_is_told_at_once(hours: str) -> None:
    """They would come for the old time: until then the text is of use."""
    (found,) = decided(evening(CONFIRMED, hours=hours, changed_at="17 12:00", told={AN: ASKED}))
    assert (found.kind, wall(found.send_at), wall(found.expires_at)) == (Kind.MOVED, "17 12:00", "17 17:00")


@pytest.mark.parametrize(
    ("one", "ladder"),
    [
        # the reminder of 18:00, held back at 17:55, is wanted still
        (seat(Standing.CONFIRMED), ["14 18:00", "16 18:00", "17 15:00"]),
        # and the chase: no late question stands in its way
        (seat(Standing.ASKED), ["11 18:00", "14 18:00", "16 18:00", "17 15:00"]),
        # a seat that is newer than that is asked late as ever
        (seat(Standing.ASKED, since="12 09:00"), ["12 09:00", "14 18:00", "16 18:00", "17 15:00"]),
    ],
)
def test_an_undone_change_is_none_for_who_knows_the_time(one: Seat, ladder: list[str]) -> None:
    """Their ladder stands as if nobody had touched the session, and nothing waits."""
    undone = evening(one, changed_at="14 18:02", revision=3, told={AN: told(TUESDAY, "12 09:00")})
    assert [when for _, when in said(undone)] == ladder


def test_a_follower_of_another_ward_hears_news_and_no_reminders() -> None:
    """The place has changed ward: what they were told must stay true, but they asked for no more."""
    left = replace(follower(), is_covered=False)
    knowing = {FOLLOWER: told(TUESDAY, "11 17:00")}
    case = evening(followers=(left,), told=knowing)
    assert said(case, FOLLOWER) == []
    off = replace(case, is_on=False, changed_at=at("12 09:00"))
    assert said(off, FOLLOWER) == [("resident_cancelled", "12 09:10")]


@pytest.mark.parametrize(
    ("hours", "changed_at", "goes", "urgent"),
    [
        # earlier than they think, decided at night
        ("17 07:30/17 09:00", "16 22:00", "16 22:10", True),
        # later than they think: they would come in vain at 07:45
        ("17 17:00/17 19:30", "16 22:00", "16 22:10", True),
        # with time enough after the night
        ("17 17:00/17 19:30", "15 22:00", "16 07:00", False),
        # at once, for the old time is near
        ("17 17:00/17 19:30", "17 07:40", "17 07:40", False),
    ],
)
def test_a_move_comes_before_the_earlier_of_both_times(
    hours: str, changed_at: str, goes: str, urgent: bool
) -> None:
    """The session told for 07:45 is called off with it, and the new time must be told in time as well."""
    told_for = evening(hours="17 07:45/17 09:00").about
    case = evening(CONFIRMED, hours=hours, changed_at=changed_at, told={AN: told(told_for, "11 18:00")})
    found = decided(case)[0]
    assert (found.kind, wall(found.send_at), found.urgent) == (Kind.MOVED, goes, urgent)


def test_nobody_is_woken_to_hear_that_it_is_on_after_all() -> None:
    """Only what would be in vain may break the night: this one comes in the morning, or not at all."""
    knowing = {AN: told(OFF, "12 08:00", was_notice=True)}
    for hours, goes in (("17 07:30/17 09:00", ["17 07:00"]), ("17 06:30/17 08:00", [])):
        found = decided(evening(CONFIRMED, hours=hours, changed_at="16 22:00", told=knowing))
        assert [wall(one.send_at) for one in found] == goes
        assert not any(one.urgent for one in found)


@pytest.mark.parametrize(
    ("changed_at", "left"),
    [
        # two hours before is 15:00: a notice at 13:59 leaves it, one at 14:00 does not, nor does one at 15:10
        ("17 13:49", ["17 15:00"]),
        ("17 13:50", []),
        ("17 14:55", []),
    ],
)
def test_a_notice_is_the_reminder_of_its_hour(changed_at: str, left: list[str]) -> None:
    """Before it goes and after it went: what it told is not told again within the hour."""
    knew = told(evening(hours="17 16:00/17 18:00").about, "11 18:00")
    waiting = evening(CONFIRMED, changed_at=changed_at, revision=2, told={AN: knew})
    notice, *rest = decided(waiting)
    assert (notice.kind, [wall(one.send_at) for one in rest]) == (Kind.MOVED, left)

    went = told(waiting.about, wall(notice.send_at), was_notice=True)
    after = [wall(one.send_at) for one in decided(replace(waiting, told={AN: went}))]
    assert after == left


def test_a_reminder_supersedes_no_other() -> None:
    """Only a notice does: two reminders within an hour were written so."""
    rules = _rules(
        ask=None, chase=None, remind=(Lead(elapsed=timedelta(minutes=90)), Lead(elapsed=timedelta(hours=2)))
    )
    case = evening(CONFIRMED, told={AN: told(TUESDAY, "17 15:00")})
    assert said(case, rules=rules) == [("remind", "17 15:00"), ("remind", "17 15:30")]


def test_each_audience_keeps_its_own_night() -> None:
    """Residents may want more peace than those who serve, and somebody may want none."""
    rules = replace(RULES, quiet={**RULES.quiet, Audience.VOLUNTEER: None})
    early = evening(seat(Standing.CONFIRMED), hours="17 06:30/17 08:00")
    assert said(early, rules=rules)[-1] == ("remind", "17 04:30")
    assert said(evening(seat(since="16 23:00")), rules=rules)[0] == ("ask", "16 23:00")
