"""The pages under a crowd: 500 requests a second to a service on one core that sends texts at the same time.

40,000 sessions are in force in 168 wards. Requests start when they are due, whether or not earlier ones have
been answered (an open loop over keep-alive connections), and a latency is counted from that instant: waiting
in line counts. Each run goes over the end of a minute, when the answer must be made anew; only the very first
one of the service's life, which compiles templates, comes before. The crowd is on another core.

On a machine that others share, root says `chrt -f 10 python3 run.py bench -k crowd`: each has its core then.
"""

import asyncio
import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from urllib.request import urlopen

from tests.benchmarks.side_by_side import verdict
from tests.served import ROOT

Due = asyncio.Queue[float | None]
"""The instants at which requests are due; None when there are no more."""

PATHS = {
    "front page": "/",
    "one ward's page": "/?ward=phuong-7",
    "a ward's week as JSON": "/api/v1/availability?ward=phuong-7",
    "the whole week as JSON": "/api/v1/availability",
}
RATE, MOST_MS = 500, 20.0
CONNECTIONS = 32
SESSIONS, SMALL_SESSIONS = 40_000, 400
SECONDS, SMALL_SECONDS = 65.0, 0.5
TEXTS = 20
"""Texts a second, beside the pages."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """What a crowd saw: the latencies in seconds, sorted; the bytes of a body; the length of the run."""

    latencies: list[float]
    size: int
    seconds: float

    def at(self, share: float) -> float:
        """The latency that this share of the requests does not pass, in milliseconds."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)] * 1000


@dataclass(frozen=True, slots=True)
class Found:
    """Each path's crowd, and what the service did besides."""

    crowds: dict[str, Crowd]
    texts: int
    cpu: float


def measure(url: str, sessions: int, seconds: float) -> Found:
    """Asks for one path after the other."""
    with _serving(url, sessions) as (address, process):
        for path in PATHS.values():
            urlopen(address + path).close()
        crowds = {name: _crowd(address, path, seconds) for name, path in PATHS.items()}
        told, _ = process.communicate(timeout=60)
    served = json.loads(told)
    return Found(crowds, served["texts"], served["cpu"])


def show(found: Found, sessions: int) -> str:
    """The figures with their bound."""
    lines = [
        f"\n{sessions} sessions; {RATE} requests a second on one core, {found.texts} texts sent meanwhile",
        f"  {found.cpu:.1f} s of CPU in {sum(one.seconds for one in found.crowds.values()):.0f} s",
    ]
    for name, crowd in found.crowds.items():
        rate = len(crowd.latencies) / crowd.seconds
        lines.append(
            f"  {name:<24}{crowd.size / 1000:7.1f} kB {rate:5.0f}/s   "
            f"p50 {crowd.at(0.5):6.2f}  p99 {crowd.at(0.99):6.2f}  most {crowd.at(1):6.1f} ms"
        )
    return "\n".join(
        lines
        + [verdict(f"p99 of {name}, ms", one.at(0.99), 20, most=True) for name, one in found.crowds.items()]
    )


@contextmanager
def _serving(url: str, sessions: int) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    command = [sys.executable, "-m", "tests.benchmarks.page_server", url, str(sessions), str(TEXTS)]
    pipe = subprocess.PIPE
    cores = os.sched_getaffinity(0)
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        if len(cores) > 1:
            os.sched_setaffinity(0, cores - {0})
        try:
            yield address, process
        finally:
            os.sched_setaffinity(0, cores)
            process.kill()


def _crowd(address: str, path: str, seconds: float) -> Crowd:
    # Garbage of the crowd is no latency of the service.
    gc.collect()
    gc.disable()
    try:
        return asyncio.run(_ask_all(address, path, seconds))
    finally:
        gc.enable()


async def _ask_all(address: str, path: str, seconds: float) -> Crowd:
    host, port = address.removeprefix("http://").split(":")
    due: Due = asyncio.Queue()
    latencies: list[float] = []
    sizes: list[int] = []
    askers = [
        asyncio.create_task(_ask(host, int(port), path, due, latencies, sizes)) for _ in range(CONNECTIONS)
    ]
    begin = perf_counter()
    for number in range(int(RATE * seconds)):
        at = begin + number / RATE
        if (wait := at - perf_counter()) > 0:
            await asyncio.sleep(wait)
        due.put_nowait(at)
    for _ in askers:
        due.put_nowait(None)
    await asyncio.gather(*askers)
    return Crowd(sorted(latencies), sizes[-1], perf_counter() - begin)


async def _ask(
    host: str,
    port: int,
    path: str,
    due: "asyncio.Queue[float | None]",
    latencies: list[float],
    sizes: list[int],
) -> None:
    reader, writer = await asyncio.open_connection(host, port, limit=2**22)
    asked = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    while (at := await due.get()) is not None:
        writer.write(asked)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(size)
        latencies.append(perf_counter() - at)
        sizes.append(size)
    writer.close()
    await writer.wait_closed()


def test_a_crowd_is_answered_while_texts_leave(tmp_path: Path) -> None:
    """Prints the figures; says of each bound whether it is kept."""
    print(show(measure(f"sqlite:///{tmp_path / 'pages.db'}", SESSIONS, SECONDS), SESSIONS))
