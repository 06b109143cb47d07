"""HTTP under the channels: one request, sent once, over one connection, with a deadline that holds.

Twilio's SDK asks only for an object with `request`. This one knows for a fact whether a byte of the request
left, which is the difference between trying again and looking up.
"""

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Timer
from typing import Any, cast

from requests import PreparedRequest, Request, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

LONGEST_ANSWER = 256 * 1024


class NotWritten(ConnectionError):
    """Nothing of the request left: no connection came about."""


class NoAnswer(ConnectionError):
    """The request left, wholly or in part, and no whole answer came back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, under the names by which the SDK asks for it."""

    status_code: int
    text: str
    headers: Mapping[str, str]


class OnePost:
    """One worker's way to the provider. `connect` and `total` are seconds.

    `total` bounds the whole request. A read timeout alone would not: an answer that comes byte by byte
    renews it with each byte. With `base_url` requests go there instead of to the provider's host.
    """

    is_async = False

    def __init__(self, base_url: str | None, connect: float, total: float) -> None:
        self._base_url = base_url
        self._timeouts = (connect, total)
        self._session = Session()
        self._adapter = _Adapter(self._before_writing)
        self._call = _Call()
        self._closed = False
        self.answer: Answer | None = None

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_: object,
    ) -> Answer:
        """The answer to one request; redirects are not followed, and nothing is sent twice.

        Raises:
            NotWritten: nothing left.
            NoAnswer: something left, and no whole answer came in time.
        """
        self.answer = None
        self._call = call = _Call()
        asked = Request(
            method, self._at(uri), {**(headers or {}), "Connection": "close"}, None, data, params, auth
        )
        prepared = self._session.prepare_request(asked)
        deadline = Timer(self._timeouts[1], call.cut)
        deadline.daemon = True
        deadline.start()
        try:
            self.answer = self._send(prepared)
        except (RequestException, HTTPError, OSError) as error:
            raise _fault(call, type(error).__name__) from error
        finally:
            deadline.cancel()
            call.end()
        if call.was_cut:
            raise NoAnswer("the deadline passed")
        return self.answer

    def close(self) -> None:
        """End the request under way, if there is one, and refuse further ones."""
        self._closed = True
        self._call.cut()
        self._adapter.close()
        self._session.close()

    def _at(self, uri: str) -> str:
        if self._base_url is None:
            return uri
        path = uri.split("://", 1)[-1].partition("/")[2]
        return f"{self._base_url.rstrip('/')}/{path}"

    def _before_writing(self, connection: HTTPConnection) -> None:
        if self._closed:
            raise NotWritten("the channel is closed")
        self._call.begin(connection)

    def _send(self, prepared: PreparedRequest) -> Answer:
        # By the adapter, not by the session: that one reads an answer that redirects however long it is.
        surroundings = self._session.merge_environment_settings(prepared.url or "", {}, True, None, None)
        with self._adapter.send(prepared, timeout=self._timeouts, **surroundings) as response:
            body = response.raw.read(LONGEST_ANSWER + 1, decode_content=True)
            if len(body) > LONGEST_ANSWER:
                raise NoAnswer("the answer has no end")
            return Answer(response.status_code, body.decode("utf-8", "replace"), response.headers)


class _Call:
    """What is known of the request under way; `cut` is called from other threads.

    Each side writes its own field before it reads the other's, so that no cut is missed.
    """

    def __init__(self) -> None:
        self.was_cut = False
        self._connection: HTTPConnection | None = None

    @property
    def was_written(self) -> bool:
        """Whether a byte of the request may have left."""
        return self._connection is not None

    def begin(self, connection: HTTPConnection) -> None:
        """The connection stands, and the first byte is about to leave."""
        self._connection = connection
        if self.was_cut:
            self._connection = None
            raise NotWritten("the deadline passed while connecting")

    def end(self) -> None:
        """Close the connection, whatever was agreed over it.

        One that is kept may be gone on the other side, and then the next text would be in doubt; a new one
        costs a fraction of a second.
        """
        if self._connection is not None:
            self._connection.close()

    def cut(self) -> None:
        """End the waiting of the thread that reads."""
        self.was_cut = True
        sock = self._connection.sock if self._connection else None
        if isinstance(sock, socket.socket):
            # The plain shutdown wakes the thread that reads; that of a TLS socket would only confuse it.
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _Watched(HTTPConnection):
    """A connection that tells when it is about to write a request."""

    def __init__(self, *args: Any, before_writing: Callable[[HTTPConnection], None], **options: Any) -> None:
        super().__init__(*args, **options)
        self._before_writing = before_writing

    def request(self, *args: Any, **options: Any) -> None:
        if self.sock is None:
            self.connect()
        self._before_writing(self)
        super().request(*args, **options)


class _WatchedTLS(_Watched, HTTPSConnection):
    """The same over TLS."""


class _Adapter(HTTPAdapter):
    """Watched connections, and no retries of its own."""

    def __init__(self, before_writing: Callable[[HTTPConnection], None]) -> None:
        self._before_writing = before_writing
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> HTTPConnectionPool:
        pool = super().get_connection_with_tls_context(*args, **options)
        kind = _WatchedTLS if isinstance(pool, HTTPSConnectionPool) else _Watched
        pool.ConnectionCls = cast("Any", partial(kind, before_writing=self._before_writing))
        return pool


def _fault(call: _Call, what: str) -> NotWritten | NoAnswer:
    """Says what failed by the name of the error only: its text may hold the whole request."""
    return NoAnswer(what) if call.was_written else NotWritten(what)
