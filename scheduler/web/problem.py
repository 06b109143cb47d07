"""Every refusal, as a page for people and as JSON for programs."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from scheduler.timetable.label import Label
from scheduler.timetable.opening import Board
from scheduler.web.api import refusal
from scheduler.web.asking import language_of
from scheduler.web.rendering import Pages
from scheduler.web.security import OPEN_TO_ALL, SECURITY_HEADERS
from scheduler.web.words import FAILED, NOT_FOUND, NOT_UNDERSTOOD, REFUSED


class NotHere(HTTPException):
    """There is no such page, and `sentence` says what that means."""

    def __init__(self, sentence: Label) -> None:
        super().__init__(404)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Problems:
    """Turns whatever goes wrong into an answer in both languages, the reader's first."""

    board: Callable[[], Board]
    pages: Pages

    def watch(self, app: FastAPI) -> None:
        """Makes `app` answer its errors in our words."""
        app.add_exception_handler(HTTPException, self.refused)
        app.add_exception_handler(RequestValidationError, self.not_understood)
        app.add_exception_handler(Exception, self.failed)

    async def refused(self, request: Request, problem: Exception) -> Response:
        """No such page, or no such method on it."""
        assert isinstance(problem, HTTPException)
        sentence = NOT_FOUND if problem.status_code == 404 else NOT_UNDERSTOOD
        if isinstance(problem, NotHere):
            sentence = problem.sentence
        answer = self._answer(request, sentence, problem.status_code)
        answer.headers.update(problem.headers or {})
        return answer

    async def not_understood(self, request: Request, problem: Exception) -> Response:
        """A parameter that could not be read; the sentence says what it should look like."""
        assert isinstance(problem, RequestValidationError)
        name = str(problem.errors()[0]["loc"][-1])
        return self._answer(request, REFUSED.get(name, NOT_UNDERSTOOD), 422)

    async def failed(self, request: Request, _: Exception) -> Response:
        """Our own fault. The framework calls this outside all middleware, so it brings the headers itself."""
        try:
            answer = self._answer(request, FAILED, 500)
        except Exception:  # noqa: BLE001  what is broken may be what a page is made of
            answer = PlainTextResponse(FAILED.vi, 500, {"Cache-Control": "no-store"})
        answer.headers.update(SECURITY_HEADERS)
        return answer

    def _answer(self, request: Request, sentence: Label, status: int) -> Response:
        board = self.board()
        languages = board.languages
        language = language_of(request, languages)
        if request.url.path.startswith(("/api/", *OPEN_TO_ALL)):
            return refusal(sentence.in_language(language), status)
        others = [(other, sentence.in_language(other)) for other in languages if other != language]
        return self.pages.page(
            "problem.html",
            board,
            language,
            status=status,
            sentence=sentence.in_language(language),
            others=others,
        )
