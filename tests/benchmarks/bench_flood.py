"""A flood of 100,000 wishes for codes against a running service, while a reminder is due every two seconds.

The service is ``catruc serve`` with SQLite and the pace of texts as shipped; clocks are real. The crowd is in
another process and asks by a proxy on this machine, as which it may name addresses; it asks when it is time
to, or as soon as one of its connections is free. A reminder is late by what passes from its instant until the
channel has it.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from scheduler.service.send_code import MOST_A_DAY, MOST_A_PREFIX
from scheduler.store.database import Database
from tests.benchmarks.sender import fill
from tests.benchmarks.side_by_side import verdict
from tests.desk import WARD
from tests.flood import Flooded, address_of, counted, phone_of
from tests.served import Folder, serving, wait_for

FULL, SMALL = 100_000, 200
RATE, SMALL_RATE = 500, 100
ANSWERS = 200
CONNECTIONS = 32
EVERY = timedelta(seconds=2)
ON_TIME = 5.0
"""Seconds; at one text a second a reminder may have to wait for a code that has just left."""

DESK = (
    WARD.replace("[sms]", f'[follow]\nanswers_a_day = {ANSWERS}\n\n[sms]\nquiet = ""')
    + """
[[shifts]]
service = "Sao y"
days = "mon-sun"
time = "17:00-19:30"
on_holiday = "keep"
"""
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a flood, how many reminders fell due in it, and the seconds that it took."""

    came_of_it: Flooded
    due: int
    seconds: float


def measure(folder: Path, requests: int, rate: int) -> Measured:
    """Floods a service in `folder` with so many requests a second, or as many as it answers."""
    desk = Folder(folder, DESK)
    with serving(desk) as service, closing(Database(f"sqlite:///{desk.database}")) as database:
        address, now = service.address(), datetime.now(UTC)
        due = max(1, int(requests / rate / EVERY.seconds))
        fill(database, [now + EVERY * number for number in range(1, due + 1)], now)
        began = time.perf_counter()
        statuses = asyncio.run(_flood(address, requests, rate))
        seconds = time.perf_counter() - began

        def all_that_was_due() -> list[Flooded]:
            found = counted(database, statuses, ("bench",))
            return [found] if found.duty == due else []

        [came_of_it] = wait_for(all_that_was_due)
        return Measured(came_of_it, due, seconds)


async def _flood(address: str, requests: int, rate: int) -> Counter[int]:
    host, _, port = address.removeprefix("http://").partition(":")
    statuses, wishes = Counter[int](), _wishes(requests, rate)
    await asyncio.gather(*(_ask(host, int(port), wishes, statuses) for _ in range(CONNECTIONS)))
    return statuses


def _wishes(requests: int, rate: int) -> Iterator[tuple[float, bytes]]:
    """When each request is due, and what it says."""
    random, begin = Random(1), time.perf_counter()
    for number in range(requests):
        form = {"do": "ask", "what": "sao-y@sai-gon", "phone": phone_of(random)}
        body = urlencode(form).encode()
        head = (
            "POST /follow HTTP/1.1\r\nHost: desk\r\nSec-Fetch-Site: same-origin\r\n"
            f"X-Forwarded-For: {address_of(random)}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        yield begin + number / rate, head.encode() + body


async def _ask(host: str, port: int, wishes: Iterator[tuple[float, bytes]], statuses: Counter[int]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for at, request in wishes:
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        statuses[int(head.split(b" ", 2)[1])] += 1
        await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))
    writer.close()
    await writer.wait_closed()


def show(measured: Measured) -> str:
    """The bounds, and whether each was kept."""
    found, total = measured.came_of_it, measured.came_of_it.statuses.total()
    late = found.latest.total_seconds()
    return "\n".join(
        [
            f"\n{total} wishes in {measured.seconds:.0f} s, {found.statuses[429]} refused at the door",
            verdict("codes sent", found.codes.total(), ANSWERS, most=True),
            verdict("to one number", max(found.codes.values()), MOST_A_DAY, most=True),
            verdict("to numbers that lie together", max(found.prefixes.values()), MOST_A_PREFIX, most=True),
            verdict("reminders that left meanwhile", found.duty, measured.due),
            verdict("the latest of them, in seconds", late, ON_TIME, most=True),
        ]
    )


def test_a_flood_delays_no_reminder(tmp_path: Path) -> None:
    """100,000 requests."""
    print(show(measure(tmp_path, FULL, RATE)))
