"""Twilio's own description of its API, and what of a request or an answer does not fit it.

The description does not say which fields an answer must have; Twilio shows them all, so here each must be
there, and none besides.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # ships no types

from tests.fake_twilio.server import Answer, Asked, Pairs, Silence

PLACE = Path(__file__).parents[3] / "shared" / "data" / "twilio-messages.openapi.json"


def is_at_hand() -> bool:
    """Whether the description lies beside this project."""
    return PLACE.exists()


class Specification:
    """An OpenAPI document, held against what passes."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._components = _strict(document["components"], in_answer=True)
        self._formats = _formats()
        self._operations: list[tuple[str, re.Pattern[str], dict[str, Any]]] = [
            (method.upper(), _path(path), operation)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
            if method in ("get", "post", "delete")
        ]

    @classmethod
    def at_hand(cls) -> "Specification | None":
        """The description that lies beside this project, if it does."""
        if not is_at_hand():
            return None
        return cls(json.loads(PLACE.read_text(encoding="utf-8")))

    def complaints(self, asked: Asked, answer: Answer | Silence) -> list[str]:
        """What does not fit, of the request and of the answer, each in a line."""
        what = f"{asked.method} {asked.path}"
        for method, path, operation in self._operations:
            if method == asked.method and (named := path.fullmatch(asked.path)):
                found = [
                    *self._of_request(asked, named.groupdict(), operation),
                    *self._of_answer(answer, operation),
                ]
                return [f"{what}: {each}" for each in found]
        return [f"{what}: no such operation"]

    def _of_request(self, asked: Asked, named: Mapping[str, str], operation: dict[str, Any]) -> Iterator[str]:
        if not asked.credentials:
            yield "no credentials"
        parameters = {each["name"]: each for each in operation.get("parameters", [])}
        schema = _object_of({name: each["schema"] for name, each in parameters.items()})
        yield from self._of_pairs((*named.items(), *asked.query), schema)
        if "requestBody" in operation:
            kind = "application/x-www-form-urlencoded"
            if asked.kind != kind:
                yield f"a body of the kind {asked.kind!r}"
            schema = operation["requestBody"]["content"][kind]["schema"]
            yield from self._of_pairs(asked.form, {"additionalProperties": False, **schema})
        elif asked.form:
            yield "a body where none belongs"

    def _of_pairs(self, pairs: Pairs, schema: dict[str, Any]) -> Iterator[str]:
        values: dict[str, Any] = {}
        for name, written in pairs:
            kind = schema["properties"].get(name, {}).get("type")
            if kind == "array":
                values.setdefault(name, []).append(written)
            elif name in values:
                yield f"{name} stands twice"
            else:
                values[name] = _value(written, kind)
        yield from self._of_value(values, _strict(schema, in_answer=False))

    def _of_answer(self, answer: Answer | Silence, operation: dict[str, Any]) -> Iterator[str]:
        if isinstance(answer, Silence) or answer.off_script:
            return
        described = operation["responses"].get(str(answer.status))
        if described is None:
            yield f"an answer with the status {answer.status}"
        elif answer.kind not in described.get("content", {answer.kind: None}):
            yield f"an answer of the kind {answer.kind!r}"
        elif "content" in described:
            schema = described["content"][answer.kind]["schema"]
            yield from self._of_value(json.loads(answer.body), _strict(schema, in_answer=True))

    def _of_value(self, value: object, schema: dict[str, Any]) -> Iterator[str]:
        whole = {**schema, "components": self._components}
        for error in Draft202012Validator(whole, format_checker=self._formats).iter_errors(value):
            place = "/".join(map(str, error.absolute_path))
            yield f"{place}: {error.message}" if place else error.message


def _path(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+?)", re.escape(template)))


def _object_of(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _strict(schema: Any, *, in_answer: bool) -> Any:
    """`schema` in the words of JSON Schema: OpenAPI 3.0 has its own for "or null"."""
    if isinstance(schema, list):
        return [_strict(each, in_answer=in_answer) for each in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {name: _strict(each, in_answer=in_answer) for name, each in schema.items() if name != "nullable"}
    if schema.get("nullable") is True and "type" in strict:
        strict["type"] = [strict["type"], "null"]
    properties = schema.get("properties")
    if in_answer and isinstance(properties, dict) and schema.get("type") == "object":
        strict.setdefault("required", sorted(properties))
        strict.setdefault("additionalProperties", False)
    return strict


def _value(written: str, kind: str | None) -> object:
    """What a field of a form means whose type is `kind`; what does not parse stays a text, and is told."""
    if kind == "integer" and re.fullmatch(r"-?\d+", written):
        return int(written)
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", written):
        return float(written)
    if kind == "boolean" and written in ("true", "false"):
        return written == "true"
    return written


def _formats() -> Any:
    """How the kinds of text are written that the description names and JSON Schema does not know."""
    known: dict[str, Callable[[str], object]] = {
        "date-time-rfc-2822": _is_rfc_2822,
        "date-time": _is_instant,
        "uri": _is_uri,
        "currency": re.compile(r"[A-Z]{3}").fullmatch,
    }
    formats = FormatChecker(formats=())
    for name, is_written_so in known.items():
        formats.checks(name)(partial(_is_text_and, is_written_so))
    return formats


def _is_text_and(is_written_so: Callable[[str], object], value: object) -> bool:
    return not isinstance(value, str) or bool(is_written_so(value))


def _is_rfc_2822(value: str) -> bool:
    """Written exactly so, weekday and all."""
    try:
        return format_datetime(parsedate_to_datetime(value)) == value
    except (TypeError, ValueError):
        return False


def _is_instant(value: str) -> bool:
    try:
        return value.endswith("Z") and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _is_uri(value: str) -> bool:
    address = urlsplit(value)
    return address.scheme in ("http", "https") and bool(address.hostname)
