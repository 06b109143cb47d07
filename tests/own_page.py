"""The personal pages of a small desk: links handed out, pages asked for, forms filled in and sent."""

import asyncio
import re
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI

from notifications.veil import Veil
from scheduler.service.follow import resident_id
from scheduler.service.show_openings import show_openings
from scheduler.store import links
from scheduler.timetable.opening import Board
from scheduler.web.application import PersonalDoor, create_app
from scheduler.web.following.door import FollowDoor
from scheduler.web.personal.door import Door
from tests.desk import Desk

VEIL = Veil(b"the key of these tests")
# What a browser of today says of a form that one of our pages sends.
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def board_at(desk: Desk) -> Board:
    """What residents of this desk see now."""
    with desk.database.read() as connection:
        return show_openings(connection, desk.office, desk.clock())


class AtOnce(Executor):
    """Does what it is given before it returns, as no thread would."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Calls it."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def door_of(desk: Desk) -> PersonalDoor:
    """What the personal pages of a desk stand on; nobody is woken."""
    door = Door(desk.database, lambda: desk.office, VEIL)
    residents = FollowDoor(desk.database, lambda: desk.office, VEIL)
    return PersonalDoor(door, residents, AtOnce(), lambda: None)


def app_of(desk: Desk) -> FastAPI:
    """The application over a desk, with personal pages."""
    return create_app(lambda: board_at(desk), desk.clock, lambda: True, personal=door_of(desk))


def name_for(desk: Desk, person: str) -> str:
    """The name of the person's link, as a text to them would hold it."""
    with desk.database.write() as connection:
        phone = desk.office.desk.people[person].phone
        until = desk.clock() + timedelta(days=30)
        name = links.names_for(connection, {person: phone}, until, desk.clock())[person]
        links.keep_new(connection, VEIL)
    return name


def path_for(desk: Desk, person: str) -> str:
    """Where the person's page is."""
    return f"/r/{VEIL.link(name_for(desk, person))}"


def path_of_follower(desk: Desk, phone: str) -> str:
    """Where the page of a resident with this number is."""
    own = resident_id(phone)
    with desk.database.write() as connection:
        until = desk.clock() + timedelta(days=30)
        name = links.names_for(connection, {own: phone}, until, desk.clock())[own]
        links.keep_new(connection, VEIL)
    return f"/f/{VEIL.link(name)}"


class Reader:
    """Somebody with a browser that keeps no cookies and runs no scripts; `address` is where they are."""

    def __init__(self, app: FastAPI, path: str = "/", address: str = "203.0.113.5") -> None:
        self.app = app
        self.path = path
        self.address = address
        self.answer = httpx.Response(200, text="")

    def get(self, path: str = "", headers: Mapping[str, str] | None = None, method: str = "GET") -> "Reader":
        """Opens a page, by default their own."""
        self.answer = self._ask(method, path or self.path, headers or {}, None)
        return self

    def send(
        self, form: Mapping[str, str], headers: Mapping[str, str] = FROM_HERE, path: str = ""
    ) -> "Reader":
        """Sends a form as it is given."""
        self.answer = self._ask("POST", path or urlsplit(self.path).path, headers, form)
        return self

    def press(self, label: str, beside: str = "", **typed: str) -> "Reader":
        """Presses the button of this label, the first in whose form or card `beside` stands, and follows."""
        form = next(
            (one for one in forms_in(self.answer.text) if one.label == label and beside in one.beside), None
        )
        assert form is not None, f"no button {label!r} beside {beside!r} in\n{self.text}"
        self.answer = self._ask("POST", form.action, FROM_HERE, {**form.fields, **typed})
        if self.answer.status_code == 303:
            self.get(self.answer.headers["location"])
        return self

    @property
    def text(self) -> str:
        """What the page says, without its mark-up."""
        body = re.sub(r"<head>.*?</head>", " ", self.answer.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())

    def section(self, title: str) -> str:
        """What stands under this heading; nothing where there is no such heading."""
        found = re.search(
            rf"<h2[^>]*>{re.escape(title)}</h2>(.*?)</section>", self.answer.text, flags=re.DOTALL
        )
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", found[1])).split()) if found else ""

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], form: Mapping[str, str] | None
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(
                self.app, raise_app_exceptions=False, client=(self.address, 50_000)
            )
            async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
                return await client.request(method, path, headers=dict(headers), data=form)

        return asyncio.run(ask())


class Form:
    """A form: where it goes, what it carries, its button, and the text of the entry that it stands in."""

    def __init__(self, action: str, beside: str) -> None:
        self.action = action
        self.beside = beside
        self.fields: dict[str, str] = {}
        self.label = ""


def forms_in(page: str) -> list[Form]:
    """Every form of a page in order."""
    reader = _Forms()
    reader.feed(page)
    return reader.found


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._in_button = False
        self._beside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "li":
            self._beside = ""
        elif tag == "form" and told.get("method") == "post":
            self._form = Form(told["action"], self._beside)
            self.found.append(self._form)
        elif tag == "input" and self._form is not None:
            self._form.fields[told["name"]] = told.get("value", "")
        self._in_button = tag == "button"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        self._in_button = False

    def handle_data(self, data: str) -> None:
        if self._in_button and self._form is not None:
            self._form.label += " ".join(data.split())
        self._beside += f" {' '.join(data.split())}"
