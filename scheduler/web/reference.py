"""The description of the API as a page of our own: the usual one fetches its scripts from elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response

from scheduler.timetable.opening import Board
from scheduler.web.rendering import Pages

Schema = Mapping[str, Any]
"""Any object of an OpenAPI document."""

_KEEP_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, a property or an answer: its name, its type in words, what it means."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a program can ask."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    answers: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """One shape of the answers."""

    name: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Answers ``/docs`` from the OpenAPI document that `describe` returns."""

    board: Callable[[], Board]
    describe: Callable[[], Schema]
    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Adds the route of the description."""
        app.add_api_route("/docs", self.reference, methods=["GET", "HEAD"], include_in_schema=False)

    async def reference(self) -> Response:
        """The page, in English: programs are written against English names."""
        document = self.describe()
        return self.pages.page(
            "reference.html",
            self.board(),
            "en",
            seconds=_KEEP_SECONDS,
            title=document["info"]["title"],
            operations=operations_of(document),
            models=models_of(document),
        )


def operations_of(document: Schema) -> tuple[Operation, ...]:
    """What an OpenAPI document lets one ask, in its order."""
    return tuple(
        _operation(method, path, said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    )


def models_of(document: Schema) -> tuple[Model, ...]:
    """The shapes of an OpenAPI document, in its order."""
    return tuple(
        Model(name, shape.get("description", ""), _fields(shape.get("properties", {})))
        for name, shape in document["components"]["schemas"].items()
    )


def type_in_words(schema: Schema) -> str:
    """The type that `schema` describes, as one would say it: "list of Session", "date or null"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(type_in_words(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return " · ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {type_in_words(schema['items'])}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _operation(method: str, path: str, said: Schema) -> Operation:
    parameters = tuple(
        Field(asked["name"], type_in_words(asked["schema"]), asked.get("description", ""))
        for asked in said.get("parameters", ())
    )
    answers = tuple(
        Field(status, _content_type(answer), answer["description"])
        for status, answer in said["responses"].items()
    )
    return Operation(method.upper(), path, said["summary"], said.get("description", ""), parameters, answers)


def _content_type(answer: Schema) -> str:
    bodies: Sequence[Schema] = list(answer.get("content", {}).values())
    return type_in_words(bodies[0]["schema"]) if bodies else ""


def _fields(properties: Mapping[str, Schema]) -> tuple[Field, ...]:
    return tuple(
        Field(name, type_in_words(schema), schema.get("description", ""))
        for name, schema in properties.items()
    )
