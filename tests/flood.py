"""A crowd that types other people's numbers into the page; here for an hour of a desk's evening."""

import asyncio
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import httpx
from sqlalchemy import select

from notifications.tables import messages
from scheduler.reminders.reminder import Kind
from scheduler.store.database import Database
from scheduler.store.tables import follow_codes
from scheduler.web.application import create_app
from tests.desk import Desk, instant
from tests.own_page import FROM_HERE, board_at, door_of

BEGINS, ENDS = "2026-11-16 16:30", "2026-11-16 17:30"
STEP = timedelta(minutes=5)
TARGET = "0902 000 001"


@dataclass(frozen=True, slots=True)
class Flooded:
    """What came of a flood: answers by status, codes by number and prefix, and how late duty texts left."""

    statuses: Counter[int]
    codes: Counter[str]
    prefixes: Counter[str]
    latest: timedelta
    duty: int


def flood(desk: Desk, requests: int, seed: int = 1) -> Flooded:
    """Sends so many requests, evenly over an hour of the desk's clock, in which duty texts fall due."""
    random = Random(seed)
    desk.run_until(BEGINS)
    board, statuses = board_at(desk), Counter[int]()
    app = create_app(lambda: board, desk.clock, lambda: True, personal=door_of(desk))
    steps = (instant(ENDS) - instant(BEGINS)) // STEP

    async def some(number: int) -> None:
        for _ in range(number):
            transport = httpx.ASGITransport(app, client=(address_of(random), 50_000))
            async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
                form = {"do": "ask", "what": "sao-y@sai-gon", "phone": phone_of(random)}
                answer = await client.post("/follow", data=form, headers=FROM_HERE)
                statuses[answer.status_code] += 1

    for step in range(steps):
        asyncio.run(some(requests * (step + 1) // steps - requests * step // steps))
        desk.run_until(f"{instant(BEGINS) + STEP * (step + 1):%Y-%m-%d %H:%M}")
    return counted(desk.database, statuses, (Kind.DUTY, Kind.REMIND, Kind.RESIDENT))


def address_of(random: Random) -> str:
    """Some hundred machines, and households of a rented network of IPv6."""
    if random.random() < 0.5:
        return f"203.0.113.{random.randrange(256)}"
    return f"2001:db8:0:{random.randrange(2000):x}::{random.randrange(1, 9999):x}"


def phone_of(random: Random) -> str:
    """One in ten is the same victim; one in three lies in a block that somebody owns."""
    luck = random.random()
    if luck < 0.1:
        return TARGET
    if luck < 0.4:
        return f"08611{random.randrange(100_000):05}"
    return f"09{random.randrange(10)}{random.randrange(10_000_000):07}"


def counted(database: Database, statuses: Counter[int], kinds: Collection[str]) -> Flooded:
    """What the books say of a flood; texts of these `kinds` are duty."""
    duty = messages.c.kind.in_(kinds)
    left = select(messages.c.send_at, messages.c.handed_at).where(duty, messages.c.handed_at.is_not(None))
    with database.read() as connection:
        phones = list(connection.scalars(select(follow_codes.c.phone)))
        late = [row.handed_at - row.send_at for row in connection.execute(left)]
    prefixes = Counter(phone[:7] for phone in phones)
    return Flooded(statuses, Counter(phones), prefixes, max(late, default=timedelta()), len(late))
