"""The headers that every answer carries, errors included."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
)
"""No script, no frame, nothing from elsewhere, and no address of ours told to others."""


OPEN_TO_ALL = ("/api/v1/", "/calendar.ics", "/openapi.json")
"""Where the addresses begin that scripts of any other site may read."""

OPEN_HEADERS: Mapping[str, str] = MappingProxyType(
    {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag"}
)

_ASKED_FIRST: Mapping[str, str] = MappingProxyType(
    {
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "If-None-Match",
        "Access-Control-Max-Age": "86400",
        "Cache-Control": "public, max-age=86400",
    }
)


class OpenToAll:
    """Middleware: scripts of other sites may read what is for programs, and are told so if they ask first."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; only what is for programs is touched."""
        if scope["type"] != "http" or not scope["path"].startswith(OPEN_TO_ALL):
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await Response(status_code=204, headers={**OPEN_HEADERS, **_ASKED_FIRST})(scope, receive, send)
        else:
            await self._app(scope, receive, _adding(OPEN_HEADERS, send))


class SecurityHeaders:
    """Middleware that adds the security headers to whatever is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request with the headers added."""
        await self._app(scope, receive, _adding(SECURITY_HEADERS, send))


def _adding(headers: Mapping[str, str], send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return send_with_headers
