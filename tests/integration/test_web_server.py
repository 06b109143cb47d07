"""The thread that serves the pages: it listens, answers, stops, and explains what it cannot have."""

import json
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from scheduler.web.application import create_app
from scheduler.web.server import CannotListenError, WebServer
from tests.board import board_of, december, local

ROOT = Path(__file__).parents[2]


def server_of_december() -> WebServer:
    """A server of December's board on the evening of the first."""
    board = board_of(*december())
    return WebServer(create_app(lambda: board, lambda: local("2026-12-01T18:00"), lambda: True))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        pytest.param("127.0.0.1", "http://127.0.0.1:", id="this machine"),
        pytest.param("localhost", "http://localhost:", id="by name"),
        pytest.param("0.0.0.0", "http://127.0.0.1:", id="all addresses, named by one that works here"),
    ],
)
def test_the_server_answers_and_stops(host: str, address: str) -> None:
    """It listens when start returns, tells its address, and is gone when stop returns."""
    server = server_of_december()
    server.start(host, 0)
    assert server.url.startswith(address)
    with urllib.request.urlopen(f"{server.url}/healthz") as answer:
        assert json.load(answer) == {"ok": True}
    assert server.stop(5)
    assert not [thread for thread in threading.enumerate() if thread.name == "web"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])))


def test_a_silent_visitor_does_not_hold_up_the_end() -> None:
    """A connection that was opened and says nothing is closed when the service stops."""
    server = server_of_december()
    server.start("127.0.0.1", 0)
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)):
        assert server.stop(5)


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("127.0.0.1", id="taken"),
        pytest.param("192.0.2.1", id="not an address of this machine"),
        pytest.param("..", id="not an address at all"),
    ],
)
def test_an_address_that_cannot_be_had_is_explained(host: str) -> None:
    """One sentence names the address and what would help."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotListenError, match="give another --host or --port") as refused:
            server_of_december().start(host, port)
    assert str(refused.value).startswith(f"Port {port} on {host} cannot be listened on")


def test_a_server_that_never_started_stops_at_once() -> None:
    """Stopping is safe at any time."""
    assert server_of_december().stop(1)


SERVES_UNTIL_TOLD = """
import signal, threading
from tests.integration.test_web_server import server_of_december
told = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: told.set())
server = server_of_december()
server.start("127.0.0.1", 0)
print("listening", flush=True)
told.wait()
server.stop(5)
print("recorded", flush=True)
"""


def test_a_signal_reaches_the_caller_and_nobody_else() -> None:
    """The caller's own handler runs, and what follows the stop is done: uvicorn raises nothing again."""
    served = subprocess.Popen(
        [sys.executable, "-c", SERVES_UNTIL_TOLD], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert served.stdout is not None
    assert served.stdout.readline() == "listening\n"
    served.send_signal(signal.SIGTERM)
    told, _ = served.communicate(timeout=20)
    assert (told, served.returncode) == ("recorded\n", 0)
