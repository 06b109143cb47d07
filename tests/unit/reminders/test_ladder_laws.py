"""What holds for every session, whoever serves at it, whatever they were told and however it is edited."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.outbox import STILL_WANTED
from notifications.terms import Quiet
from scheduler.reminders.case import OFF, RELEASED, Case, Follower, Seat, Told, told_start
from scheduler.reminders.decide import SUPERSEDED, Rules, reminders_of
from scheduler.reminders.lead import Lead, Leads
from scheduler.reminders.reminder import NOTICES, Audience, Kind, Reminder
from scheduler.roster.assignment import Standing
from scheduler.timetable.shift import Need, Role
from tests.unit.reminders.evening import AN, FOLLOWER, NIGHT, RULES, at, evening, follower, seat, wall

MINUTE = timedelta(minutes=1)
PEOPLE = ["an", "binh", "cuc"]

leads = st.one_of(
    st.builds(Lead, elapsed=st.integers(1, 60).map(lambda hours: timedelta(hours=hours))),
    st.builds(Lead, days=st.integers(0, 7), at=st.integers(0, 23).map(time)),
)
several = st.lists(leads, max_size=3).map(tuple)
all_leads = st.builds(
    Leads, several, several, st.none() | leads, st.none() | leads, several, st.none() | leads
)
quiets = st.sampled_from([None, NIGHT, Quiet(time(20), time(6)), Quiet(time(12), time(14))])
all_rules = st.builds(
    Rules,
    st.just(Leads()) | all_leads,
    st.fixed_dictionaries(dict.fromkeys(Audience, quiets)),
    st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/Santiago"]).map(ZoneInfo),
    st.sampled_from([0, 10, 90]).map(lambda minutes: timedelta(minutes=minutes)),
)


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    """A session of mid-November with people who became known, were told and answered at any time before."""
    starts = at("17 00:00") + draw(st.integers(0, 47)) * timedelta(minutes=30)
    known_at = starts - draw(st.integers(1, 24 * 14)) * timedelta(hours=1)

    def some_time() -> datetime:
        hours = (starts - known_at) // timedelta(hours=1)
        return known_at + draw(st.integers(0, hours * 60)) * MINUTE

    case = Case(
        session=1,
        starts=starts,
        ends=starts + timedelta(hours=2),
        place="ubnd",
        is_on=draw(st.booleans()),
        known_at=known_at,
        changed_at=some_time(),
        revision=2,
        needs=(Need(Role.VOLUNTEER, draw(st.integers(0, 2))),),
        seats=tuple(
            Seat(
                person, draw(st.sampled_from(Role)), draw(st.sampled_from(Standing)), some_time(), some_time()
            )
            for person in draw(st.lists(st.sampled_from(PEOPLE), unique=True))
        ),
        followers=tuple(
            Follower(number, "+84901000007", "vi", some_time(), draw(st.booleans()))
            for number in range(draw(st.integers(0, 2)))
        ),
        coordinators=tuple(draw(st.lists(st.sampled_from([*PEOPLE, "lan"]), max_size=2))),
    )
    earlier = replace(case, starts=starts - timedelta(days=1), ends=case.ends - timedelta(days=1), is_on=True)
    later = replace(case, starts=starts + timedelta(days=1), ends=case.ends + timedelta(days=1), is_on=True)
    abouts = [case.about, earlier.about, later.about, OFF, RELEASED]
    recipients = [f"person:{one.person}" for one in case.seats]
    knowing = {
        recipient: Told(draw(st.sampled_from(abouts)), some_time(), draw(st.booleans()))
        for recipient in (*recipients, *(f"follower:{one.id}" for one in case.followers))
        if draw(st.booleans())
    }
    return replace(case, told=knowing)


def _is_notice(reminder: Reminder) -> bool:
    return reminder.kind in NOTICES


def _by_recipient(reminders: Iterable[Reminder]) -> dict[str, list[Reminder]]:
    """The ladder of each, by time, without what goes to them as coordinators."""
    found: dict[str, list[Reminder]] = {}
    for one in sorted(reminders, key=lambda one: one.send_at):
        if one.kind is not Kind.ESCALATE:
            found.setdefault(str(one.recipient), []).append(one)
    return found


@settings(max_examples=300)
@given(_cases(), all_rules)
def test_each_thing_is_said_once_and_in_time(case: Case, rules: Rules) -> None:
    """Keys are unique; nothing goes before it is known, nor when it is of no use any more."""
    found = reminders_of(case, rules)
    assert len({one.key for one in found}) == len(found)
    for one in found:
        assert one.send_at >= case.known_at
        assert one.send_at < one.expires_at
        if not _is_notice(one):
            assert one.expires_at <= case.starts
        else:
            assert one.send_at >= case.changed_at
            assert one.expires_at in (case.starts, told_start(one.was))


@settings(max_examples=300)
@given(_cases(), all_rules)
def test_nobody_is_texted_at_night_but_not_to_come_in_vain(case: Case, rules: Rules) -> None:
    """Only a notice that takes back a time may be urgent, and only an urgent one goes in quiet hours."""
    for one in reminders_of(case, rules):
        quiet = rules.quiet[one.audience]
        if one.urgent:
            assert _is_notice(one)
            assert told_start(one.was) is not None
        elif quiet is not None:
            assert not quiet.covers(one.send_at.astimezone(rules.zone).time())


@settings(max_examples=300)
@given(_cases(), all_rules)
def test_of_one_ladder_one_rung_is_useful_at_a_time(case: Case, rules: Rules) -> None:
    """Each rung ends where the next begins, so that a night off makes one text and not four."""
    for ladder in _by_recipient(reminders_of(case, rules)).values():
        rungs = [one for one in ladder if not _is_notice(one)]
        assert all(one.expires_at == following.send_at for one, following in pairwise(rungs))


@settings(max_examples=300)
@given(_cases(), all_rules)
def test_a_notice_stands_alone_for_an_hour(case: Case, rules: Rules) -> None:
    """At most one to each, and no rung before it has been read."""
    for ladder in _by_recipient(reminders_of(case, rules)).values():
        notices = [one for one in ladder if _is_notice(one)]
        assert len(notices) <= 1
        for notice in notices:
            rungs = [one for one in ladder if not _is_notice(one)]
            assert all(one.send_at > notice.send_at + SUPERSEDED for one in rungs)


@settings(max_examples=200)
@given(_cases(), all_rules, st.permutations(range(3)))
def test_nobody_hears_more_or_less_for_the_company(case: Case, rules: Rules, order: list[int]) -> None:
    """What goes to one does not depend on who else sits there, nor on the order of rows."""
    together = _by_recipient(reminders_of(case, rules))
    seats = tuple(case.seats[number] for number in order if number < len(case.seats))
    assert set(reminders_of(replace(case, seats=seats), rules)) == set(reminders_of(case, rules))
    for one in case.seats:
        alone = _by_recipient(reminders_of(replace(case, seats=(one,), followers=()), rules))
        assert alone.get(f"person:{one.person}") == together.get(f"person:{one.person}")


@settings(max_examples=300)
@given(_cases(), all_rules)
def test_what_was_told_brings_nothing_back(case: Case, rules: Rules) -> None:
    """Deciding again after each text leaves the rest as it was, or less: what is done is not wanted again."""
    waiting = {one.key: one for one in reminders_of(case, rules)}
    while waiting:
        gone = min(waiting.values(), key=lambda one: (one.send_at, one.key))
        case = _having_told(case, gone)
        again = {one.key: one for one in reminders_of(case, rules)}
        fresh = {key: one.send_at for key, one in again.items() if one.send_at > gone.send_at}
        assert fresh.items() <= {key: one.send_at for key, one in waiting.items()}.items()
        if _is_notice(gone):
            assert not [one for one in again.values() if _is_notice(one) and one.recipient == gone.recipient]
        del waiting[gone.key]
        waiting = {key: again[key] for key in waiting if key in again}


def _having_told(case: Case, one: Reminder) -> Case:
    if not one.about:
        return case
    news = Told(one.about, one.send_at, _is_notice(one))
    return replace(case, told={**case.told, str(one.recipient): news})


class _Phones:
    """An outbox as far as these laws mind: reconciled by key, sent when due, and each key once."""

    def __init__(self, case: Case) -> None:
        self.case, self.now = case, case.known_at
        self.waiting: dict[str, Reminder] = {}
        self.known: set[str] = set()
        self.sent: list[Reminder] = []
        self._reconcile()

    def edit(self, change: Callable[[Case, datetime], Case], after: timedelta) -> None:
        self.run_until(self.now + after)
        self.case = change(self.case, self.now)
        self._reconcile()

    def run_until(self, instant: datetime) -> None:
        while due := [one for one in self.waiting.values() if one.send_at < instant]:
            one = min(due, key=lambda one: one.send_at)
            del self.waiting[one.key]
            self.sent.append(one)
            self.case = _having_told(self.case, one)
        self.now = instant

    def _reconcile(self) -> None:
        done = {one.key for one in self.sent}
        wanted = reminders_of(self.case, RULES)
        self.waiting = {
            one.key: one
            for one in wanted
            if one.key not in done and self._may_go(one) and self.now < one.expires_at
        }
        self.known |= self.waiting.keys()

    def _may_go(self, one: Reminder) -> bool:
        return one.send_at >= self.now - (STILL_WANTED if one.key in self.known else timedelta(0))


def _moved(hours: str) -> Callable[[Case, datetime], Case]:
    there = evening(hours=hours)

    def change(case: Case, now: datetime) -> Case:
        moved = replace(case, starts=there.starts, ends=there.ends)
        return case if moved == case else replace(moved, changed_at=now, revision=case.revision + 1)

    return change


def _switched(is_on: bool) -> Callable[[Case, datetime], Case]:
    def change(case: Case, now: datetime) -> Case:
        switched = replace(case, is_on=is_on)
        return case if switched == case else replace(switched, changed_at=now, revision=case.revision + 1)

    return change


def _seated(standing: Standing) -> Callable[[Case, datetime], Case]:
    """Sends home, takes back, or notes an answer, as the store does."""

    def change(case: Case, now: datetime) -> Case:
        (one,) = case.seats
        if standing is Standing.RELEASED and one.is_held:
            one = replace(one, standing=standing, changed_at=now)
        elif one.standing is Standing.RELEASED and standing is not Standing.RELEASED:
            one = replace(one, standing=standing, since=now, changed_at=now)
        elif one.is_held and standing is Standing.CONFIRMED:
            one = replace(one, standing=standing, changed_at=now)
        return replace(case, seats=(one,))

    return change


TIMES = ["17 17:00/17 19:30", "17 06:30/17 08:00", "18 20:00/18 22:00", "20 12:00/20 14:00"]
edits = st.one_of(
    st.sampled_from(TIMES).map(_moved),
    st.booleans().map(_switched),
    st.sampled_from([Standing.RELEASED, Standing.PROPOSED, Standing.CONFIRMED]).map(_seated),
)


@settings(max_examples=300)
@given(
    st.sampled_from([seat(), seat(Standing.CONFIRMED), seat(Standing.CONFIRMED, Role.STAFF)]),
    st.lists(st.tuples(edits, st.integers(1, 20) | st.integers(20, 600)), max_size=7),
    st.sampled_from(["11 17:55", "12 20:50", "13 17:30"]),
)
def test_what_each_was_told_last_is_true(
    one: Seat, changes: list[tuple[Callable[[Case, datetime], Case], int]], begin: str
) -> None:
    """However it is edited, when the day comes everybody who knew of it knows where they stand."""
    phones = _Phones(evening(one, followers=(follower(),)))
    phones.run_until(at(begin))
    for change, minutes in changes:
        phones.edit(change, minutes * MINUTE)
    phones.run_until(min(at("17 06:30"), phones.case.starts) if phones.case.is_on else at("17 06:30"))
    phones.run_until(max(phones.now, phones.case.starts))

    case = phones.case
    (sits,) = case.seats
    served = case.is_on and sits.is_held
    assert _last(case, AN) in ((case.about,) if served else (None, OFF, RELEASED))
    assert _last(case, FOLLOWER) in ((case.about,) if case.is_on else (None, OFF))


def _last(case: Case, recipient: str) -> str | None:
    known = case.told.get(recipient)
    return known.about if known else None


EDITED = {
    "moved to Friday": _moved("20 12:00/20 14:00"),
    "put off by a day": _moved("18 20:00/18 22:00"),
    "back to Tuesday": _moved("17 17:00/17 19:30"),
    "off": _switched(is_on=False),
    "on": _switched(is_on=True),
    "sent home": _seated(Standing.RELEASED),
    "taken back": _seated(Standing.CONFIRMED),
}


@pytest.mark.parametrize(
    ("changes", "news"),
    [
        # one edit, one text
        (["moved to Friday"], [("moved", "12 09:15")]),
        (["off"], [("cancelled", "12 09:15")]),
        (["sent home"], [("released", "12 09:15")]),
        # three edits within the wait make one, ten minutes after the last
        (["moved to Friday", "back to Tuesday", "put off by a day"], [("moved", "12 09:25")]),
        (["moved to Friday", "off", "on"], [("moved", "12 09:25")]),
        (["moved to Friday", "put off by a day", "off"], [("cancelled", "12 09:25")]),
        (["moved to Friday", "sent home"], [("released", "12 09:20")]),
        (["sent home", "off"], [("cancelled", "12 09:20")]),
        # an edit undone within the wait makes none
        (["moved to Friday", "back to Tuesday"], []),
        (["off", "on"], []),
        (["sent home", "taken back"], []),
        (["moved to Friday", "off", "on", "back to Tuesday"], []),
    ],
)
def test_edits_within_the_wait_make_one_text_or_none(changes: list[str], news: list[tuple[str, str]]) -> None:
    """Five minutes lie between them, and people hear what came of it all."""
    phones = _Phones(evening(seat(Standing.CONFIRMED, role=Role.STAFF)))
    phones.case = replace(phones.case, told={AN: Told(phones.case.about, at("12 08:00"), was_notice=False)})
    phones.run_until(at("12 09:00"))
    for change in changes:
        phones.edit(EDITED[change], timedelta(minutes=5))
    phones.run_until(at("16 12:00"))
    assert [(one.kind, wall(one.send_at)) for one in phones.sent] == news
