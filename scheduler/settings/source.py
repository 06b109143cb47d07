"""Bytes of a settings file into text, and text into a TOML document; or what is wrong, at its line."""

import codecs
import re
from pathlib import Path as FilePath
from typing import Any

import tomli

from scheduler.settings.locate import unlocated
from scheduler.settings.problem import Problem, Severity

_MOST_BYTES = 4_000_000
_DEEPEST = 30
_CURLY = re.compile("[“”„‟«»‘’‚‛]")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BARE = {
    "date_form": re.compile(r"[=\[,][ \t]*(?P<value>\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})"),
    "leading_zero": re.compile(r"[=\[,][ \t]*(?P<value>[+-]?0\d[\d .-]*\d)"),
    "unquoted": re.compile(
        r"[=\[,][ \t]*(?P<value>(?:\d{1,2}:\d\d\s*-|[^\W\d])[^\"'=,#\[\]{}]*[^\"'=,#\[\]{}\s])"
    ),
}
_TWICE = ("Cannot declare", "Cannot overwrite", "Duplicate inline", "Cannot mutate", "Cannot redefine")
_ENDLESS = ("Unterminated string", "Illegal character '\\n'")

_REASONS_VI = (
    ("Unterminated string", "chữ chưa đóng dấu nháy"),
    ("Illegal character '\\n'", "chữ chưa đóng dấu nháy"),
    ("Unclosed array", "danh sách chưa đóng ]"),
    ("Unclosed inline", "bảng chưa đóng }"),
    ("Expected '='", "sau tên khóa phải có dấu ="),
    ("Expected ']", "tên bảng chưa đóng ]"),
    ("Expected newline", "mỗi dòng chỉ một khóa; phần thừa này là gì?"),
    ("Invalid date", "ngày giờ này không có"),
    ("Invalid statement", "dòng này không phải khóa = giá trị"),
    ("Unescaped", "dấu \\ trong chữ phải viết hai lần"),
)


def read_bytes(path: FilePath, name: str) -> str | Problem:
    """The text of a file: UTF-8 with or without BOM, or UTF-16; line ends as in TOML."""
    try:
        # One byte more than allowed: a pipe or a device has no size to ask for beforehand.
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return _at_line_one(name, "missing_file")
    except (OSError, ValueError) as error:
        return _at_line_one(name, "unreadable", reason=getattr(error, "strerror", None) or str(error))
    if len(raw) > _MOST_BYTES:
        return _too_big(name)
    return decoded(raw, name)


def decoded(raw: bytes, name: str) -> str | Problem:
    """The text that the bytes are, or that they are none."""
    encoding = next((encoding for bom, encoding in _BOMS if raw.startswith(bom)), None) or _guessed(raw)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1 if encoding.startswith("utf-8") else 1
        return Problem(name, line, 1, 1, Severity.ERROR, "encoding")


def parsed(text: str, name: str) -> dict[str, Any] | Problem:
    """The document that the text is, or the first thing that is not TOML."""
    if len(text) > _MOST_BYTES:
        return _too_big(name)
    try:
        document = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        return _syntax_problem(text, name, error)
    except RecursionError:
        return _at_line_one(name, "too_deep")
    except UnicodeError:  # half a character, from text that never was bytes
        return _at_line_one(name, "encoding")
    except ValueError as error:  # a number of thousands of digits
        return _at_line_one(name, "syntax", reason=str(error), reason_vi="có một số quá dài")
    return _at_line_one(name, "too_deep") if _too_deep(document) else document


def _guessed(raw: bytes) -> str:
    """Notepad's "Unicode" without a BOM shows in the zero half of its ASCII characters."""
    if len(raw) % 2 == 0 and raw[:200].count(0) * 3 > len(raw[:200]):
        return "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
    return "utf-8"


def _at_line_one(name: str, code: str, **params: str) -> Problem:
    return Problem(name, 1, 1, 1, Severity.ERROR, code, params)


def _too_big(name: str) -> Problem:
    return _at_line_one(name, "too_big", most=str(_MOST_BYTES // 1_000_000))


def _too_deep(document: dict[str, Any]) -> bool:
    level: list[Any] = [document]
    for _ in range(_DEEPEST):
        level = [each for held in level for each in (held.values() if isinstance(held, dict) else held)]
        level = [each for each in level if isinstance(each, dict | list)]
        if not level:
            return False
    return True


def _syntax_problem(text: str, name: str, error: tomli.TOMLDecodeError) -> Problem:
    source = unlocated(text)
    at = min(error.pos, len(text))
    if at == len(text) or text[at] == "\n":
        at = max(at - 1, 0)
    position = source.between(at, at + 1)
    line = source.line(position.line)
    code, value, params = _cause(line, position.column, error.msg)
    column = value.start + 1 if value else position.column
    length = value.stop - value.start if value else 1
    return Problem(name, position.line, column, length, Severity.ERROR, code, params)


def _cause(line: str, column: int, message: str) -> tuple[str, slice | None, dict[str, str]]:
    """What a clerk did, where it can be told, and which part of the line it is."""
    if message.startswith(_TWICE):
        start = len(line) - len(line.lstrip())
        return "told_twice", slice(start, max(len(line.rstrip()), start + 1)), {}
    if curly := _curly(line, column, message):
        return "curly_quotes", slice(curly.start(), curly.end()), {"value": curly[0]}
    for code, pattern in _BARE.items():
        found = pattern.search(line)
        if found and found.start("value") <= column <= found.end("value") + 1:
            return code, slice(*found.span("value")), {"value": found["value"]}
    vi = next((vi for start, vi in _REASONS_VI if message.startswith(start)), message)
    return "syntax", None, {"reason": message, "reason_vi": vi}


def _curly(line: str, column: int, message: str) -> re.Match[str] | None:
    """The curly quote at the fault; a text that never ends was meant to end at the last one."""
    if here := _CURLY.match(line, max(column - 1, 0)):
        return here
    endless = message.startswith(_ENDLESS)
    return max(_CURLY.finditer(line), key=lambda found: found.start(), default=None) if endless else None
