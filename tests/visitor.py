"""A visitor of the web application, in process and without a network."""

import asyncio
from collections.abc import Mapping

import httpx
from fastapi import FastAPI

from scheduler.timetable.opening import Opening
from scheduler.web.application import create_app
from tests.board import board_of, december, local


def app_at(now: str, *openings: Opening, well: bool = True) -> FastAPI:
    """The application on a board with these openings (else December's), at this local time."""
    board = board_of(*(openings or december()))
    return create_app(lambda: board, lambda: local(now), lambda: well)


def get(
    app: FastAPI, path: str, headers: Mapping[str, str] | None = None, method: str = "GET"
) -> httpx.Response:
    """What `app` answers to one request."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(ask())
