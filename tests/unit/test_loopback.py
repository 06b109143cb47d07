"""The guard lets tests talk to this machine and to no other."""

import asyncio
import socket

import pytest

from tests.loopback import Guard, LeftTheMachineError, is_local


@pytest.mark.parametrize(
    ("host", "local"),
    [
        pytest.param("127.0.0.1", True, id="loopback"),
        pytest.param("127.8.8.8", True, id="all of 127/8 is loopback"),
        pytest.param("::1", True, id="loopback of IPv6"),
        pytest.param("0.0.0.0", True, id="any address of this machine"),
        pytest.param("localhost", True, id="by name"),
        pytest.param(b"localhost", True, id="by name, as bytes"),
        pytest.param(None, True, id="a server asks for its own address"),
        pytest.param("203.0.113.7", False, id="another host"),
        pytest.param("2001:db8::7", False, id="another host of IPv6"),
        pytest.param("api.example.org", False, id="a name that must be looked up"),
        pytest.param("localhost.example.org", False, id="a name that only begins well"),
    ],
)
def test_only_this_machine_is_local(host: object, local: bool) -> None:
    """Loopback and unspecified addresses and the name localhost are this machine; nothing else is."""
    assert is_local(host) is local


def test_a_connection_to_another_host_is_refused(loopback_guard: Guard) -> None:
    """A blocking connect raises before a packet leaves, and the guard remembers it."""
    with socket.socket() as caller, pytest.raises(LeftTheMachineError, match=r"203\.0\.113\.7"):
        caller.connect(("203.0.113.7", 80))
    assert loopback_guard.take_refused() == ["socket.connect '203.0.113.7'"]


def test_a_look_up_is_refused(loopback_guard: Guard) -> None:
    """Naming another host already tells the network about it."""
    with pytest.raises(LeftTheMachineError):
        socket.getaddrinfo("api.example.org", 443)
    assert loopback_guard.take_refused() == ["socket.getaddrinfo 'api.example.org'"]


def test_asyncio_is_guarded_too(loopback_guard: Guard) -> None:
    """A connection that an event loop opens meets the same guard."""
    with pytest.raises(LeftTheMachineError):
        asyncio.run(asyncio.open_connection("203.0.113.7", 80))
    assert loopback_guard.take_refused()


def test_a_server_of_the_test_can_be_reached() -> None:
    """A connection to loopback works as ever."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
