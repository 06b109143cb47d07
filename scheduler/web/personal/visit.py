"""Somebody at a page that is not for everybody: what the request says of them, and how often they may try."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scheduler.timetable.opening import Board
from scheduler.web.asking import language_of
from scheduler.web.personal.asked import secret_in
from scheduler.web.personal.threads import Threads
from scheduler.web.personal.tries import Tries
from scheduler.web.words import words_in

NO_ROBOTS = {"X-Robots-Tag": "noindex, nofollow"}
LONGEST_PARAMETER = 200

Found = TypeVar("Found")


class TooMany(Exception):
    """One try too many."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request at `now`, and what it says of who sent it; `token` is the part of a link that opens."""

    request: Request
    board: Board
    now: datetime
    token: str = ""

    @property
    def secret(self) -> str:
        """The token without what telephones and people add to it."""
        return secret_in(self.token)

    @property
    def address(self) -> str:
        """Where they are; empty where that is not known."""
        return self.request.client.host if self.request.client else ""

    @property
    def language(self) -> str:
        """As far as the request tells."""
        return language_of(self.request, self.board.languages)

    def asked(self, name: str) -> str:
        """A parameter of the address; empty where it is not there."""
        return self.request.query_params.get(name, "")[:LONGEST_PARAMETER]

    def lead_to(self, path: str, **told: str) -> Response:
        """Leads on in the language that was chosen, by an address without a host."""
        said = {name: text for name, text in {**told, "lang": self.asked("lang")}.items() if text}
        headers = {"Cache-Control": "no-store", **NO_ROBOTS}
        return RedirectResponse(f"{path}?{urlencode(said)}" if said else path, 303, headers)


class Threshold:
    """Lets work be done off the event loop for those who have not failed too often."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._threads = Threads()

    async def run(self, work: Callable[[], Found]) -> Found:
        """What `work` returns, whoever it is for."""
        return await self._threads.run(work)

    async def pass_by(self, tries: Tries, visit: Visit, work: Callable[[], Found | None]) -> Found | None:
        """Runs `work`, and counts it as a wrong try when it finds nothing.

        Raises:
            TooMany: they have had all their tries.
            Busy: it was not to be had within the time.
        """
        if not tries.begin(visit.address, visit.now):
            raise TooMany
        found = await self._threads.run(work)
        if found is not None:
            tries.give_back(visit.address, self._clock())
        return found


def language_links(board: Board, language: str) -> list[tuple[str, str]]:
    """The other languages, each with what its link says."""
    return [(code, words_in(code).this_language) for code in board.languages if code != language]
