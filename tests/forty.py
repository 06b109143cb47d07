"""Forty people of the example, and how each takes a question: the same people for the same seed.

They answer by the buttons of their page or by text, at any hour; refuse, stay silent, write what nobody can
read, hand their shifts on, drop out late, go away, and some want no more texts.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple

from fastapi import FastAPI
from sqlalchemy import Row, select

from notifications.arrival import Arrival
from notifications.channels.channel import Outcome, Parcel
from notifications.inbox import receive
from notifications.joint import said_together
from scheduler.roster.assignment import Standing
from scheduler.service.swap_shift import Swapped, offer_shift, take_offer
from scheduler.service.take_answer import answer
from scheduler.store import offers, sessions
from scheduler.store.tables import assignments, items
from tests.desk import SAIGON, Desk, Phones, instant
from tests.own_page import Reader, app_of, forms_in, path_for

EXAMPLE = Path(__file__).parents[1] / "settings.toml"
# Two offices in the same hours, so that nobody can be at both; a Saturday, an evening, a morning.
SHIFTS = (
    "sai-gon-sao-y-toi",
    "tan-dinh-sao-y-toi",
    "sai-gon-ho-tro-t7",
    "sai-gon-truc-tuyen",
    "sai-gon-tiep-dan",
    "sai-gon-buu-dien-t7",
)
STAFF, LEADERS, VOLUNTEERS = 6, 10, 24
# Of a hundred questions so many are taken with a yes, so many with a no; the others never.
ACCEPTS, REFUSES = 55, 25
TALKS_NONSENSE, GIVES_UP, HANDS_ON = 12, 16, 8
NONSENSE = ("Có ai thay không?", "để em xem lịch đã", "dung dung gio nhe", "?", "alo ban oi", "vắng")
NO_MORE_TEXTS = ("STOP", "từ chối", "ngung a")
YES = ("CO {}", "có {} ạ", "ok {}", "{} dạ", "Vâng {} nhé", "DC{}")
NO = ("KO {}", "không {}", "hông {} nha", "K{}.")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

Deed = Callable[[], None]


class Asked(NamedTuple):
    """A text that a person got: of what kind, about which session (by row id), and when."""

    kind: str
    session: int
    person: str
    at: datetime


def example_with_forty() -> str:
    """Some of the example's shifts, and forty of its people; texts may be answered by text, too."""
    head, *blocks = re.split(r"(?m)^(?=\[\[)", EXAMPLE.read_text(encoding="utf-8"))
    head = head.replace("[sms]\n", '[sms]\nreplies_to = "0901 999 999"\n')
    head = head.replace('"28 days"', '"14 days"').replace('"5/s"', '"50/s"')
    return head + "".join(_kept(blocks))


def _kept(blocks: list[str]) -> Iterator[str]:
    room = {"staff": STAFF, "leader": LEADERS, "volunteer": VOLUNTEERS}
    for block in blocks:
        if block.startswith("[[shifts]]") and not re.search(rf'id += "({"|".join(SHIFTS)})"', block):
            continue
        if block.startswith("[[wards]]") and not re.search(r'name += "(Sài Gòn|Tân Định)"', block):
            block = re.sub(r"(?m)^coordinators.*$", "", block)
        if block.startswith("[[people]]"):
            role = re.search(r'roles += \["(\w+)"', block)
            assert role
            room[role[1]] -= 1
            if room[role[1]] < 0:
                continue
        yield block


class _Listened(Phones):
    """Phones whose owners hear each text."""

    def __init__(self, hear: Callable[[Parcel], None]) -> None:
        super().__init__()
        self._hear = hear

    def hand(self, parcel: Parcel) -> Outcome:
        outcome = super().hand(parcel)
        self._hear(parcel)
        return outcome


class Town:
    """A desk with forty people, and what they heard and did."""

    def __init__(self, database_url: str, now: str, seed: int) -> None:
        self.phones = _Listened(self._hear)
        self.asked: list[Asked] = []
        self.wrote: dict[str, list[datetime]] = defaultdict(list)
        self.refused: dict[tuple[str, int], datetime] = {}
        self.given_up: dict[int, list[datetime]] = defaultdict(list)
        self.stopped: dict[str, datetime] = {}
        self.away: dict[str, tuple[date, date, datetime]] = {}
        self.deeds: dict[str, int] = defaultdict(int)
        self._seed, self._random = seed, Random(seed)
        self._events: list[tuple[datetime, int, Deed]] = []
        self._order = count()
        self._heard: list[Parcel] = []
        self.desk = Desk(database_url, example_with_forty(), now, channel=self.phones)
        self._app: FastAPI = app_of(self.desk)
        self._plan_farewells()

    def run_until(self, wall_clock: str) -> None:
        """Lets the service run and the people act up to this time."""
        end = instant(wall_clock)
        while True:
            while self.desk.turn(min(self._next(), end)):
                self._listen()
            self._listen()
            if self._next() <= self.desk.clock():
                heappop(self._events)[2]()
            elif self.desk.clock() >= end:
                return

    def would_come(self, person: str, session: int) -> bool:
        """Whether the person says yes when asked, unless something came in between."""
        return self._mind(person, session).randrange(100) < ACCEPTS

    def _mind(self, person: str, session: int) -> Random:
        return Random(f"{self._seed}/{person}/{session}")

    def _next(self) -> datetime:
        return self._events[0][0] if self._events else instant("2100-01-01")

    def _at(self, at: datetime, deed: Deed) -> None:
        heappush(self._events, (at, next(self._order), deed))

    def _hear(self, parcel: Parcel) -> None:
        self._heard.append(parcel)

    def _listen(self) -> None:
        heard, self._heard = self._heard, []
        for key, at in self._each_told(heard):
            kind, session, person = [*key.split("/"), "", ""][:3]
            if kind in ("ask", "chase", "substitute", "released", "filled", "remind"):
                told = Asked(kind, int(session), person, at)
                self.asked.append(told)
                if kind in ("ask", "substitute"):
                    self._think(told)

    def _each_told(self, heard: list[Parcel]) -> list[tuple[str, datetime]]:
        """What was said, by key, and when; a text may say several things."""
        with self.desk.database.read() as connection:
            several = said_together(connection, [parcel.key for parcel in heard])
        return [(key, parcel.at) for parcel in heard for key in several.get(parcel.key, [parcel.key])]

    def _think(self, asked: Asked) -> None:
        mind = self._mind(asked.person, asked.session)
        mood = mind.randrange(100)
        soon = asked.kind == "substitute"
        patience = MINUTE * (mind.uniform(2, 50) if soon else mind.uniform(4, 40 * 60))
        if mind.randrange(100) < TALKS_NONSENSE:
            words = mind.choice(NONSENSE)
            self.deeds["nonsense"] += 1
            self._at(asked.at + patience / 2, lambda: self._write(asked.person, words))
        if mood < ACCEPTS + REFUSES:
            self._at(asked.at + patience, lambda: self._answer(asked, mood < ACCEPTS, mind))

    def _answer(self, asked: Asked, yes: bool, mind: Random) -> None:
        """By page, by link, or by text; who has said yes may think better of it."""
        seat = self._seat(asked)
        if seat is None or seat.state not in ("proposed", "asked", "silent", "sought"):
            return
        self.deeds["yes" if yes else "no"] += 1
        if not yes:
            self.refused[asked.person, asked.session] = self.desk.clock()
        self._say(asked, yes, mind)
        if yes:
            self._think_again(asked, mind)

    def _think_again(self, asked: Asked, mind: Random) -> None:
        starts, now = self._session(asked.session).starts, self.desk.clock()
        fate, late = mind.randrange(100), starts - HOUR * mind.uniform(0.5, 30)
        at = late if late > now + MINUTE else now + (starts - now) / 2
        if fate < GIVES_UP:
            self._at(at, lambda: self._give_up(asked, mind))
        elif fate < GIVES_UP + HANDS_ON:
            self._at(now + (starts - now) * mind.uniform(0.1, 0.8), lambda: self._hand_on(asked, mind))

    def _give_up(self, asked: Asked, mind: Random) -> None:
        seat = self._seat(asked)
        if seat is not None and seat.state == Standing.CONFIRMED:
            self.deeds["gave up"] += 1
            self.given_up[asked.session].append(self.desk.clock())
            self.refused[asked.person, asked.session] = self.desk.clock()
            self._say(asked, False, mind)

    def _hand_on(self, asked: Asked, mind: Random) -> None:
        """Offers the shift to anyone; the first of a few who may and would come takes it."""
        now = self.desk.clock()
        session = self._session(asked.session)
        with self.desk.database.write() as connection:
            done = offer_shift(connection, self.desk.office, session, asked.person, "", now)
        if done is Swapped.OFFERED:
            self.deeds["offered"] += 1
            takers = mind.sample(sorted(self.desk.office.desk.people), 12)
            self._at(now + (session.starts - now) / 10, lambda: self._take_on(asked, takers))

    def _take_on(self, asked: Asked, takers: list[str]) -> None:
        now = self.desk.clock()
        with self.desk.database.write() as connection:
            offer = offers.open_of(connection, asked.session, asked.person)
            if offer is None:
                return
            for taker in takers:
                if (taker, asked.session) in self.refused or not self.would_come(taker, asked.session):
                    continue
                if take_offer(connection, self.desk.office, offer.id, taker, now) is Swapped.TAKEN:
                    self.deeds["swapped"] += 1
                    self.wrote[self.desk.office.desk.people[taker].phone].append(now)
                    self.refused[asked.person, asked.session] = now
                    return

    def _say(self, asked: Asked, yes: bool, mind: Random) -> None:
        way = mind.choice(("page", "link", "link", "text", "text", "text"))
        self.deeds[way] += 1
        if way == "page":
            self._press(asked, yes)
        elif way == "link":
            session = self._session(asked.session)
            with self.desk.database.write() as connection:
                answer(connection, self.desk.office, session, asked.person, yes, self.desk.clock())
        else:
            bare = mind.randrange(4) == 0
            if bare:
                self._write(asked.person, "co" if yes else "ko")
            number = self._number(asked)
            words = mind.choice(YES if yes else NO).format(number)
            held = self._seat(asked)
            if not yes and held is not None and held.state == Standing.CONFIRMED:
                words = f"HUY {number}"
            self._at(self.desk.clock() + 2 * MINUTE * bare, lambda: self._write(asked.person, words))

    def _press(self, asked: Asked, yes: bool) -> None:
        own = Reader(self._app, path_for(self.desk, asked.person)).get()
        labels = ("Tôi đến được",) if yes else ("Tôi không đến được", "Chắc chắn, tôi không đến được")
        for label in labels:
            for form in forms_in(own.answer.text):
                if form.label == label and form.fields.get("session") == str(asked.session):
                    own.send(form.fields, path=form.action)
                    break

    def _write(self, person: str, text: str) -> None:
        """Who wants no more texts writes none either: they would be asking for an answer."""
        if person in self.stopped:
            return
        now, phone = self.desk.clock(), self.desk.office.desk.people[person].phone
        self.wrote[phone].append(now)
        self.deeds["wrote"] += 1
        key = f"{phone} {next(self._order)}"
        with self.desk.database.write() as connection:
            receive(connection, Arrival("phones", "inbound", key, "", f"{phone} {text}", now))

    def _plan_farewells(self) -> None:
        """Three refuse all texts, four go away for some days and say so on their pages."""
        start = self.desk.clock()
        people = [one.id for one in self.desk.office.desk.people.values() if "staff" not in one.roles]
        leaving = self._random.sample(people, 7)
        for person, words in zip(leaving, NO_MORE_TEXTS, strict=False):
            at = start + HOUR * self._random.uniform(24 * 6, 24 * 20)
            self._at(at, partial(self._stop, person, words))
        for person in leaving[len(NO_MORE_TEXTS) :]:
            at = start + HOUR * self._random.uniform(24 * 2, 24 * 15)
            self._at(at, partial(self._go_away, person))

    def _stop(self, person: str, words: str) -> None:
        self._write(person, words)
        self.stopped[person] = self.desk.clock()

    def _go_away(self, person: str) -> None:
        first = self.desk.clock().astimezone(SAIGON).date() + timedelta(days=8)
        last = first + timedelta(days=3)
        self.away[person] = first, last, self.desk.clock()
        own = Reader(self._app, path_for(self.desk, person)).get()
        own.press("Báo bận", first=first.isoformat(), last=last.isoformat())

    def _session(self, session: int) -> Row[tuple[object, ...]]:
        with self.desk.database.read() as connection:
            return sessions.rows_by_id(connection, [session])[0]

    def _seat(self, asked: Asked) -> Row[tuple[object, ...]] | None:
        own = (assignments.c.session_id == asked.session) & (assignments.c.person == asked.person)
        with self.desk.database.read() as connection:
            return connection.execute(select(assignments).where(own)).first()

    def _number(self, asked: Asked) -> int:
        own = (items.c.session_id == asked.session) & (items.c.person == asked.person)
        with self.desk.database.read() as connection:
            return int(connection.scalar(select(items.c.number).where(own)) or 0)
