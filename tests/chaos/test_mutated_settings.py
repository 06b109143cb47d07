"""Thousands of edits of the example while a service runs: no due text is missed, none goes or stops unasked.

``CATRUC_MUTANTS`` is how many edits; a release runs 10000 (``python3 run.py chaos``).
"""

import os
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Row, select

from notifications.message import State
from notifications.tables import messages
from scheduler.reminders.decide import reminders_of
from scheduler.reminders.reminder import NOTICES
from scheduler.reminders.wording import scope_of
from scheduler.service.gather_cases import gather_cases
from scheduler.service.office import Office
from scheduler.service.take_settings import Fate, take_settings
from scheduler.settings.read import Reading, read_text
from scheduler.settings.settings import Settings
from scheduler.store import assignments, sessions
from tests.desk import SAIGON, Desk
from tests.mutants import Mutant, mutant_of

EXAMPLE = Path(__file__).parents[2] / "settings.toml"
STEP = timedelta(minutes=23)
SEEDS = range(4)
PENDING = (State.WAITING, State.CLAIMED, State.BLOCKED)


@dataclass(frozen=True)
class World:
    """Everything that an edit could wrongly touch, at one instant."""

    pending: dict[str, Row[Any]]
    sessions: dict[int, Row[Any]]
    seats: dict[tuple[int, str], str]


class EditedDesk(Desk):
    """A desk whose file is edited as the service would take it."""

    def look(self) -> World:
        """What stands in the database now."""
        with self.database.read() as connection:
            pending = connection.execute(select(messages).where(messages.c.state.in_(PENDING)))
            rows = sessions.rows_between(connection, self.clock(), self.clock() + timedelta(days=400))
            held = assignments.held_from(connection, self.clock())
            return World(
                {row.key: row for row in pending}, {row.id: row for row in rows}, dict.fromkeys(held, "")
            )

    def take(self, reading: Reading) -> Fate:
        """Takes an edit, and runs on what is in force then."""
        former = self.office.settings
        taken = take_settings(self.database, reading.settings, former, self.clock())
        if taken.fate is Fate.ACCEPTED and reading.settings is not None:
            self._office = Office(reading.settings, (reading.settings, former))
        return taken.fate

    def wanted(self, after: datetime) -> set[str]:
        """The keys of what is to go after an instant: a fresh run of the deciders over what is stored."""
        with self.database.read() as connection:
            cases = gather_cases(connection, self.office, sessions.ids_to_come(connection, self.clock()))
        return {
            reminder.key
            for gathered in cases
            for reminder in reminders_of(gathered.case, self.office.rules_for(gathered.shift))
            if reminder.send_at > after and self._can_be_told(reminder.recipient.kind, reminder.recipient.id)
        }

    def _can_be_told(self, kind: str, name: str) -> bool:
        return kind == "follower" or name in self.office.desk.people

    def overdue(self) -> list[str]:
        """What is due and still waits."""
        due = select(messages.c.key).where(
            messages.c.state == State.WAITING, messages.c.send_at <= self.clock()
        )
        with self.database.read() as connection:
            return list(connection.scalars(due))


def base_text() -> str:
    """The example, with a window short enough for thousands of plans and texts that wait for nobody."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for key, value in (("plan_ahead", '"4 days"'), ("rate", '"1000/s"'), ("daily_cap", "1000000")):
        text, count = re.subn(rf"(?m)^({key} *)= [^#\n]*", rf"\g<1>= {value} ", text)
        assert count == 1, f"the example has {count} keys {key}"
    return text


def unexplained(before: World, after: World, old: Settings, new: Settings, now: datetime) -> list[str]:
    """Texts that vanished although nothing that they tell of has changed."""
    if (old.service, old.terms, old.audience_terms, old.apply) != (
        new.service, new.terms, new.audience_terms, new.apply,
    ):  # fmt: skip
        return []
    return [
        key
        for key, row in before.pending.items()
        if key not in after.pending and row.send_at > now and not _explained(row, before, after, old, new)
    ]


def _explained(row: Row[Any], before: World, after: World, old: Settings, new: Settings) -> bool:
    if not row.scope.startswith("session:"):
        return False
    number = int(row.scope.partition(":")[2])
    was, now = before.sessions.get(number), after.sessions.get(number)
    if was is None or now is None or was.revision != now.revision or was.key != now.key:
        return True
    shift = was.shift
    kind, _, person = row.recipient.partition(":")
    return (
        row.kind in NOTICES
        or old.desk.shifts.get(shift) != new.desk.shifts.get(shift)
        or old.desk.leads_of(shift) != new.desk.leads_of(shift)
        or old.desk.ward_of(was.place) != new.desk.ward_of(now.place)
        or old.desk.services[was.service] != new.desk.services[now.service]
        or (kind == "person" and old.desk.people.get(person) != new.desk.people.get(person))
        or _seats(before, number) != _seats(after, number)
    )


def _seats(world: World, number: int) -> set[str]:
    return {person for session, person in world.seats if session == number}


def names_its_line(reading: Reading) -> bool:
    """Whether every refusal has a place in the file."""
    errors = [problem for problem in reading.problems if problem.severity == "error"]
    lines = reading.text.count("\n") + 1
    return bool(errors) and all(1 <= one.line <= lines + 1 and one.column >= 1 for one in errors)


def check_one(desk: EditedDesk, mutant: Mutant) -> Fate:
    """Takes one edit and holds the world after it against the world before."""
    before, old = desk.look(), desk.office.settings
    reading = read_text(mutant.text, "settings.toml")
    fate = desk.take(reading)
    after = desk.look()
    if fate is not Fate.ACCEPTED:
        assert before == after, "what is not in force must change nothing"
        assert fate is not Fate.FAULTY or names_its_line(reading), reading.render("en")
        return fate
    assert not unexplained(before, after, old, desk.office.settings, desk.clock())
    waiting = {key for key, row in after.pending.items() if row.scope.startswith("session:")}
    to_come = {scope_of(number) for number, row in after.sessions.items() if row.state != "cancelled"}
    # Who has left the settings still hears that nobody waits for them; the deciders know such people no more.
    people = desk.office.desk.people
    here = {
        key
        for key in waiting
        if after.pending[key].scope in to_come
        and (after.pending[key].recipient.startswith("follower:") or _person(after.pending[key]) in people)
    }
    missing = {key for key in desk.wanted(desk.clock()) - here if key not in _left(desk)}
    assert not missing, "a text that the deciders want must wait"
    # What the night holds back was due before: it is wanted, though its own instant has passed.
    ever = desk.wanted(desk.clock() - timedelta(days=1))
    assert not {key for key in here - ever if after.pending[key].send_at > desk.clock()}
    return fate


def _person(row: Row[Any]) -> str:
    return str(row.recipient.partition(":")[2])


def _left(desk: EditedDesk) -> set[str]:
    gone = select(messages.c.key).where(messages.c.state.not_in((*PENDING, State.CANCELLED)))
    with desk.database.read() as connection:
        return set(connection.scalars(gone))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_edit_stops_or_sends_what_it_did_not_ask_for(seed: int) -> None:
    """Refused edits change nothing and name their line; accepted ones touch only what they are about."""
    random = Random(seed)
    text = base_text()
    desk = EditedDesk("sqlite://", text, "2026-11-30 06:00")
    fates: Counter[str] = Counter()
    for _ in range(int(os.environ.get("CATRUC_MUTANTS", "200")) // len(SEEDS)):
        mutant = mutant_of(text, random)
        try:
            fates[check_one(desk, mutant)] += 1
        except AssertionError as fault:
            raise AssertionError(f"seed {seed}, {sum(fates.values())} edits before: {mutant.kind}") from fault
        desk.run_until(f"{(desk.clock() + STEP).astimezone(SAIGON):%Y-%m-%d %H:%M}")
        assert not desk.overdue(), f"seed {seed}: due texts still wait after {mutant.kind}"
    assert fates[Fate.FAULTY] > 0
    assert fates[Fate.ACCEPTED] > 0
    desk.close()
