"""The style and the icon. Their address names their version, so that they are fetched once."""

from dataclasses import dataclass

from fastapi import FastAPI
from starlette.responses import Response

from scheduler.web.rendering import Pages

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """Answers the addresses of what a page needs besides itself."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Adds the routes of styles and icon."""
        app.add_api_route("/style.css", self.style, methods=["GET", "HEAD"], include_in_schema=False)
        app.add_api_route("/poster.css", self.poster_style, methods=["GET", "HEAD"], include_in_schema=False)
        app.add_api_route("/icon.svg", self.icon, methods=["GET", "HEAD"], include_in_schema=False)

    async def style(self) -> Response:
        """The style of the pages."""
        return Response(self.pages.style, media_type="text/css", headers=_FOREVER)

    async def poster_style(self) -> Response:
        """The style of the notices, which only printers need."""
        return Response(self.pages.poster_style, media_type="text/css", headers=_FOREVER)

    async def icon(self) -> Response:
        """The icon of the pages."""
        return Response(self.pages.icon, media_type="image/svg+xml", headers=_FOREVER)
