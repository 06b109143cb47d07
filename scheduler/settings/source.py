"""Bytes of a settings file into text, and text into a TOML document; or what is wrong, at its line."""

import codecs
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import tomli

from scheduler.settings.locate import unlocated
from scheduler.settings.problem import Problem, Severity
from scheduler.timetable.label import Label

MOST_BYTES = 4_000_000
_DEEPEST = 30
_MOST_LINES = 200_000
_LONGEST_LINE = 20_000
# 40 kB of a.a.a… take a parser five seconds, 80 kB twenty-five.
_MOST_DOTS = 40
_LONG_KEY = re.compile(r"(?:\.[ \t]*(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*)" + f"{{{_MOST_DOTS}}}")
_DEEP = re.compile(r"(?:[\[{]\s*){30}")
_LONG_NUMBER = re.compile(r"[0-9_]{1000}")
# Allowed in no TOML; the parser would say it in English only.
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CURLY = re.compile("[“”„‟«»‘’‚‛]")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BARE = {
    "date_form": re.compile(r"[=\[,][ \t]*(?P<value>\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})"),
    "padded_number": re.compile(r"[=\[,][ \t]*(?P<value>0\d)(?![\d .-]*\d)"),
    "leading_zero": re.compile(r"[=\[,][ \t]*(?P<value>[+-]?0\d[\d .-]*\d)"),
    "odd_boolean": re.compile(r"=[ \t]*(?!true|false)(?P<value>(?i:true|false))(?!\w)"),
    # Words, and what begins with a number, like 17h-19h30, 10 minutes and 5/s; no second key of the line.
    "unquoted": re.compile(
        r"[=\[,][ \t]*(?P<value>(?:\d+[ \t]*[^\W\d]|\d+[:/]|[^\W\d])(?![\w \t-]*=)"
        r"[^\"'=,#\[\]{}]*[^\"'=,#\[\]{}\s])"
    ),
}
_DATE = re.compile(r"(\d+)\D(\d+)\D(\d+)")
_A_DATE = "2026-11-01"
_ENTRY = re.compile(r"[ \t]*(?:\[\[?(?P<table>[^\[\]#]+)\]|(?P<key>[^=#\[\]]+?)[ \t]*=)")
_OPEN_HEADER = re.compile(r"\s*(?:\[[^\[\]]*|\[\[[^\[\]]*\]?)\s*(?:#.*)?$")
_PEOPLE = re.compile(r"\s*\[\[\s*people\s*\]\]")
_TWICE = ("Cannot declare", "Cannot overwrite", "Duplicate inline", "Cannot mutate", "Cannot redefine")
_ENDLESS = ("Unterminated string", "Illegal character '\\n'")

_NO_QUOTE = Label("chữ chưa đóng dấu nháy", "a text lacks its closing quote")
_NO_BRACKET = Label("tên bảng chưa đóng ]", "the name of a table lacks its ]")
_BACKSLASH = Label(
    "dấu \\ trong chữ phải viết hai lần; trong đường dẫn hãy dùng /",
    "a \\ within a text is written twice; in a path write /",
)
_NO_LINE = Label(
    "dòng này không phải khóa = giá trị; lời ghi chú thì thêm # ở đầu dòng",
    "this line is not key = value; a note begins with #",
)
_NO_VALUE = Label(
    "ở đây phải là một giá trị: chữ trong dấu nháy, số, ngày, true hoặc false",
    "a value belongs here: a text in quotes, a number, a date, true or false",
)
_NO_EQUALS = Label("sau tên khóa phải có dấu =", "a key is followed by =")
_ACCENTED_KEY = Label(
    "tên khóa viết bằng tiếng Anh, không dấu, như time hay days",
    "keys are written without accents, like time or days",
)
# By what the parser says. It finds the next entry where a comma should be, and calls the list unclosed.
_REASONS = (
    ("Unterminated string", _NO_QUOTE),
    ("Illegal character '\\n'", _NO_QUOTE),
    ('Expected "\'"', _NO_QUOTE),
    (
        "Unclosed array",
        Label(
            "trong danh sách thiếu dấu phẩy giữa hai mục, hoặc chưa đóng ]",
            "a list lacks a comma between two entries, or its ]",
        ),
    ),
    (
        "Unclosed inline",
        Label(
            "trong bảng thiếu dấu phẩy giữa hai mục, hoặc chưa đóng }",
            "a table lacks a comma between two entries, or its }",
        ),
    ),
    ("Expected '='", _NO_EQUALS),
    ("Expected ']", _NO_BRACKET),
    (
        "Expected newline",
        Label("mỗi dòng chỉ một khóa; phần thừa này là gì?", "one key a line: what is the rest of this one?"),
    ),
    ("Invalid date", Label("ngày giờ này không có", "there is no such date or time")),
    ("Invalid statement", _NO_LINE),
    ("Invalid value", _NO_VALUE),
    ("Unescaped", _BACKSLASH),
    ("Invalid hex value", _BACKSLASH),
)


def decoded(raw: bytes, name: str) -> str | Problem:
    """The text that the bytes are, or that they are none."""
    encoding = encoding_of(raw)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1 if encoding.startswith("utf-8") else 1
        return Problem(name, line, 1, 1, Severity.ERROR, "encoding")


def parsed(text: str, name: str) -> dict[str, Any] | Problem:
    """The document that the text is, or the first thing that is not TOML."""
    if problem := _bomb(text, name):
        return problem
    try:
        document = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        if odd := _ODD.search(text):
            return _at(text, name, odd, "odd_character", value=f"U+{ord(odd[0]):04X}")
        return _syntax_problem(text, name, error)
    except RecursionError:
        return _at(text, name, _DEEP.search(text), "too_deep")
    except UnicodeError:  # half a character, from text that never was bytes
        return _at_line_one(name, "encoding")
    except ValueError:  # a number of thousands of digits
        return _at(text, name, _LONG_NUMBER.search(text), "number_too_long")
    return _at(text, name, _DEEP.search(text), "too_deep") if _too_deep(document) else document


def _bomb(text: str, name: str) -> Problem | None:
    """What a parser would take minutes over: cheaper to see than to survive."""
    if len(text) > MOST_BYTES:
        return _too_big(name)
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        return _at_line_one(name, "too_many_lines", most=str(_MOST_LINES))
    longest = max(lines, key=len)
    if len(longest) > _LONGEST_LINE:
        found = re.search(re.escape(longest[:_LONGEST_LINE]), text)
        return _at(text, name, found, "line_too_long", most=str(_LONGEST_LINE))
    wide = (line for line in lines if len(line) > 2 * _MOST_DOTS)
    if any(line.count(".") >= _MOST_DOTS for line in wide) and (dotted := _LONG_KEY.search(text)):
        return _at(text, name, dotted, "key_too_long")
    return None


def encoding_of(raw: bytes) -> str:
    """UTF-8 or UTF-16, by the mark at the beginning or by what the bytes look like."""
    return next((encoding for bom, encoding in _BOMS if raw.startswith(bom)), None) or _guessed(raw)


def _guessed(raw: bytes) -> str:
    """Notepad's "Unicode" without a BOM shows in the zero half of its ASCII characters."""
    if len(raw) % 2 == 0 and raw[:200].count(0) * 3 > len(raw[:200]):
        return "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
    return "utf-8"


def _at(text: str, name: str, found: re.Match[str] | None, code: str, **params: str) -> Problem:
    if found is None:
        return _at_line_one(name, code, **params)
    at = unlocated(text).between(found.start(), found.start() + 1)
    return Problem(name, at.line, at.column, 1, Severity.ERROR, code, params)


def _at_line_one(name: str, code: str, **params: str) -> Problem:
    return Problem(name, 1, 1, 1, Severity.ERROR, code, params)


def _too_big(name: str) -> Problem:
    return _at_line_one(name, "too_big", most=str(MOST_BYTES // 1_000_000))


def _too_deep(document: dict[str, Any]) -> bool:
    level: list[Any] = [document]
    for _ in range(_DEEPEST):
        level = [
            each
            for held in level
            for each in (held.values() if type(held) is dict else held)
            if type(each) is dict or type(each) is list
        ]
        if not level:
            return False
    return True


def _syntax_problem(text: str, name: str, error: tomli.TOMLDecodeError) -> Problem:
    source = unlocated(text)
    at = min(error.pos, len(text))
    if at == len(text) or text[at] == "\n":
        at = max(at - 1, 0)
    position = source.between(at, at + 1)
    lines = [source.line(number) for number in range(1, position.line + 1)]
    code, value, params = _cause(lines, position.column, error.msg)
    column = value.start + 1 if value else position.column
    length = value.stop - value.start if value else 1
    return Problem(name, position.line, column, length, Severity.ERROR, code, params)


def _cause(lines: Sequence[str], column: int, message: str) -> tuple[str, slice | None, dict[str, str]]:
    """What a clerk did in the last of `lines`, where it can be told, and which part of it it is."""
    line = lines[-1]
    if message.startswith(_TWICE) and (other := _otherwise_bracketed(lines)):
        return "syntax", slice(0, len(line.rstrip())), other
    if message.startswith(_TWICE) and _PEOPLE.match(line):
        return "people_twice", slice(0, len(line.rstrip())), {}
    if message.startswith(_TWICE):
        start = len(line) - len(line.lstrip())
        return "told_twice", slice(start, max(len(line.rstrip()), start + 1)), _first_told(lines)
    if curly := _curly(line, column, message):
        return "curly_quotes", slice(curly.start(), curly.end()), {"value": curly[0]}
    bare = {} if _is_unclosed(line, message) else _BARE
    for code, pattern in bare.items():
        found = pattern.search(line)
        if found and found.start("value") <= column <= found.end("value") + 1:
            value = found["value"]
            return code, slice(*found.span("value")), {"value": value, "plain": _plainly(code, value)}
    here = line[column - 1 : column]
    if here and not here.isprintable() and here != "\t":
        return "odd_character", None, {"value": f"U+{ord(here):04X}"}
    reason = _reason(line, column, message)
    return "syntax", None, {"reason": reason.en, "reason_vi": reason.vi}


def _is_unclosed(line: str, message: str) -> bool:
    """Whether a quote or the bracket of a header is missing: what stands behind it is no bare value."""
    is_open = message.startswith("Expected ']") and _OPEN_HEADER.match(line)
    return message.startswith(_ENDLESS) or bool(is_open)


def _plainly(code: str, value: str) -> str:
    """A bare value as it would be right, as far as that can be told."""
    if code == "odd_boolean":
        return value.lower()
    return _date_meant(value) if code == "date_form" else value.lstrip("0") or "0"


def _date_meant(value: str) -> str:
    """The date that 24/12/2026, 24-12-26, 2026-1-5 or 2026/24/12 stands for; an example where it is none."""
    found = _DATE.match(value)
    if found is None:
        return _A_DATE
    first, second, third = map(int, found.groups())
    orders = [(first, second, third), (first, third, second)] if first >= 100 else [(third, second, first)]
    for year, month, day in orders:
        try:
            return date(year if year >= 100 else 2000 + year, month, day).isoformat()
        except ValueError:
            continue
    return _A_DATE


def _first_told(lines: Sequence[str]) -> dict[str, str]:
    """On which line stands already what the last one says once more."""
    told = _ENTRY.match(lines[-1])
    if told:
        for number in range(len(lines) - 1, 0, -1):
            found = _ENTRY.match(lines[number - 1])
            if found and _same(found, told):
                return {"where": f"on line {number}", "where_vi": f"ở dòng {number}"}
            if found and found["table"] and told["key"]:
                break
    return {"where": "above", "where_vi": "ở trên"}


def _otherwise_bracketed(lines: Sequence[str]) -> dict[str, str]:
    """Where the name of the last line, a table, has one bracket instead of its two, or two instead of one."""
    told = _ENTRY.match(lines[-1])
    if told is None or not told["table"]:
        return {}
    is_many = "[[" in told[0]
    for number, line in enumerate(lines[:-1], start=1):
        found = _ENTRY.match(line)
        if found and _same(found, told) and ("[[" in found[0]) != is_many:
            here, there = ("[[ ]]", "[ ]") if is_many else ("[ ]", "[[ ]]")
            return {
                "reason": f"line {number} has {there} around this name, here it has {here}; "
                "write both alike, [[ ]] for what there are several of",
                "reason_vi": f"tên này ở dòng {number} nằm trong {there}, ở đây trong {here}; "
                "hãy viết giống nhau, [[ ]] cho những gì có nhiều khối",
            }
    return {}


def _same(one: re.Match[str], other: re.Match[str]) -> bool:
    return all((one[part] or "").strip() == (other[part] or "").strip() for part in ("table", "key"))


def _reason(line: str, column: int, message: str) -> Label:
    """The parser's complaint as a clerk would put it; in its own words where nobody has put it better."""
    reason = next((label for start, label in _REASONS if message.startswith(start)), Label.same(message))
    here = line[column - 1 : column]
    if reason not in (_NO_EQUALS, _NO_LINE) or not here.isalpha():
        return reason
    if _ENTRY.match(line) is None:
        return _NO_LINE
    return reason if here.isascii() else _ACCENTED_KEY


def _curly(line: str, column: int, message: str) -> re.Match[str] | None:
    """The curly quote at the fault; a text that never ends was meant to end at the last one."""
    if here := _CURLY.match(line, max(column - 1, 0)):
        return here
    endless = message.startswith(_ENDLESS)
    return max(_CURLY.finditer(line), key=lambda found: found.start(), default=None) if endless else None
