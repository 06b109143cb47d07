"""Puts the routes together into one web application."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from fastapi import FastAPI

from notifications.veil import Veil
from scheduler.service.office import Office
from scheduler.store.database import Database
from scheduler.timetable.opening import Board
from scheduler.web.api import Api
from scheduler.web.aside import Aside
from scheduler.web.feed import Feed
from scheduler.web.following.door import FollowDoor
from scheduler.web.following.routes import FollowPages
from scheduler.web.front import Front
from scheduler.web.kept import KeptAnswers, by_the_minute
from scheduler.web.personal.door import Door
from scheduler.web.personal.routes import PersonalPages
from scheduler.web.place_page import PlacePage
from scheduler.web.poster_page import PosterPage
from scheduler.web.problem import Problems
from scheduler.web.reference import Reference
from scheduler.web.rendering import load_pages
from scheduler.web.security import OpenToAll, SecurityHeaders
from scheduler.web.session_page import SessionPage
from scheduler.web.static_files import StaticFiles


class Webhook(Protocol):
    """Takes what one provider tells us."""

    def add_to(self, app: FastAPI) -> None:
        """Adds its routes."""
        ...


@dataclass(frozen=True, slots=True)
class PersonalDoor:
    """What personal pages stand on: the doors, and what is called after something was done there."""

    door: Door
    residents: FollowDoor
    working: Executor
    wake: Callable[[], None]

    @classmethod
    def over(
        cls,
        database: Database,
        office: Callable[[], Office | None],
        veil: Veil,
        wake: Callable[[], None],
    ) -> "PersonalDoor":
        """Doors to this database; codes are sent from a thread of their own."""
        doors = Door(database, office, veil), FollowDoor(database, office, veil)
        return cls(*doors, ThreadPoolExecutor(1, thread_name_prefix="codes"), wake)


def create_app(
    board: Callable[[], Board],
    clock: Callable[[], datetime],
    health: Callable[[], bool],
    webhooks: Iterable[Webhook] = (),
    personal: PersonalDoor | None = None,
) -> FastAPI:
    """The application that residents and programs reach.

    Args:
        board: Returns the snapshot that is in force. Called for every request on the event loop, so it must
            not touch the database.
        clock: Returns the present instant, aware.
        health: Whether the service can do its work. Called on the event loop too.
        webhooks: Take what providers tell us.
        personal: Knows whose a personal link is; without it there are no personal pages.
    """
    app = FastAPI(
        title="catruc",
        version="1",
        description="When the duty desks of the wards are open.",
        docs_url=None,
        redoc_url=None,
        # A redirect would be built from the Host header, which anybody may write.
        redirect_slashes=False,
    )
    pages, minute, aside = load_pages(), by_the_minute(clock), Aside()
    app.add_middleware(KeptAnswers, board=board, clock=minute, aside=aside)
    app.add_middleware(OpenToAll)
    app.add_middleware(SecurityHeaders)
    Problems(board, pages).watch(app)
    Front(board, minute, pages).add_to(app)
    PlacePage(board, minute, pages).add_to(app)
    PosterPage(board, minute, pages).add_to(app)
    SessionPage(board, minute, pages).add_to(app)
    Api(board, minute, health, aside).add_to(app)
    Feed(board, minute, aside).add_to(app)
    Reference(board, app.openapi, pages).add_to(app)
    StaticFiles(pages).add_to(app)
    if personal:
        PersonalPages(personal.door, personal.wake, clock, board, pages).add_to(app)
        residents = personal.residents
        FollowPages(residents, personal.wake, clock, board, pages, personal.working).add_to(app)
    for webhook in webhooks:
        webhook.add_to(app)
    return app
