"""The guard that keeps tests on this machine."""

from ipaddress import ip_address


class LeftTheMachineError(AssertionError):
    """Code under test tried to reach another host."""


class Guard:
    """An audit hook that refuses to name or call any host but this one, and remembers what it refused.

    It sees the sockets of Python; libpq and libuv open theirs unseen, and tests give those local addresses.
    """

    def __init__(self) -> None:
        self.awake = True
        self._refused: list[str] = []

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Raises for a connection, a datagram or a look-up that would leave this machine."""
        if not self.awake:
            return
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            address = arguments[1]
            host = address[0] if isinstance(address, tuple) else None  # a Unix socket's address is a path
        elif event == "socket.getaddrinfo":
            host = arguments[0]
        else:
            return
        if not is_local(host):
            self._refused.append(f"{event} {host!r}")
            raise LeftTheMachineError(f"a test may talk to this machine only, not to {host!r} ({event})")

    def take_refused(self) -> list[str]:
        """What was refused since the last time this was asked."""
        refused, self._refused = self._refused, []
        return refused


def is_local(host: object) -> bool:
    """Whether `host`, as sockets are given it, is this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in ("", "localhost"):
        return True  # without a name or with a number (netlink) it is the kernel that is meant
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
