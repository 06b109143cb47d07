"""The thread that serves the pages, and stops when it is told to."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from fastapi import FastAPI
from uvicorn import Config, Server

_BACKLOG = 2048
# Of the threads of this process the one that serves needs least, and often: by default it would wait 5 ms for
# whichever one computes, each time that it has read or written something.
_SWITCH_SECONDS = 0.0005


class CannotListenError(Exception):
    """The address cannot be listened on; the message says why and what would help."""


class WebServer:
    """Serves one application from a thread of its own. Signals stay with the caller."""

    def __init__(self, app: FastAPI) -> None:
        self._ready = Event()
        # No access log: addresses of personal pages are secrets. One proxy beside us may name the client.
        config = Config(
            app, lifespan="off", log_config=None, access_log=False, server_header=False, backlog=_BACKLOG
        )
        self._server = _QuietServer(config, self._ready)
        self._thread: Thread | None = None
        self._host = ""
        self._port = 0

    @property
    def url(self) -> str:
        """The address to open in a browser on this machine, once started."""
        host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104 - these are compared, not bound
        return f"http://[{host}]:{self._port}" if ":" in host else f"http://{host}:{self._port}"

    def start(self, host: str, port: int) -> None:
        """Listens on `host` and `port` (0 for any free one) and returns once requests are answered.

        From then on the threads of this process take turns ten times as often.

        Raises:
            CannotListenError: The address is taken, forbidden or unknown.
        """
        sys.setswitchinterval(_SWITCH_SECONDS)
        listener = _listen(host, port)
        self._host, self._port = host, listener.getsockname()[1]
        self._thread = Thread(target=self._serve, args=(listener,), name="web", daemon=True)
        self._thread.start()
        self._ready.wait()
        if not self._server.started:
            raise CannotListenError(f"The pages could not be served on {self.url}; the log says why.")

    def stop(self, timeout: float) -> bool:
        """Lets running requests end for at most `timeout` seconds; whether everything has stopped by then."""
        if self._thread is None:
            return True
        self._server.should_exit = True
        self._thread.join(timeout)
        self._server.force_exit = self._thread.is_alive()
        self._thread.join(0.5)
        return not self._thread.is_alive()

    def _serve(self, listener: socket.socket) -> None:
        try:
            with listener:
                self._server.run([listener])
        finally:
            self._ready.set()


class _QuietServer(Server):
    """A uvicorn that says when it listens, and leaves signals alone.

    Uvicorn's own handlers raise each signal again after the shutdown, which would end the process before
    the caller has recorded everything.
    """

    def __init__(self, config: Config, ready: Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, UnicodeError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise CannotListenError(
            f"Port {port} on {host or 'all addresses'} cannot be listened on ({why}); "
            "stop what uses it, or give another --host or --port."
        ) from error
