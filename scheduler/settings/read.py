"""From a settings file to Settings, or to every problem at once, each at its line.

pydantic and the holidays are imported only when a text is read: they cost more than all the rest of a
command's start.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.settings import source
from scheduler.settings.locate import locate, unlocated
from scheduler.settings.problem import Problem, Severity
from scheduler.settings.settings import Settings

if TYPE_CHECKING:
    from scheduler.settings.finding import Finding


@dataclass(frozen=True, slots=True)
class Reading:
    """What a settings file says.

    `settings` is None exactly when `problems` has an error; `problems` come in the order of lines. `text` is
    the file as read, `language` the first of its languages that catruc speaks, Vietnamese when in doubt.
    """

    settings: Settings | None
    problems: tuple[Problem, ...] = ()
    text: str = ""
    language: str = "vi"
    frozen: tuple[str, ...] = ()

    def render(self, language: str) -> str:
        """All problems as ``catruc check`` prints them, each with its line; empty when there are none."""
        lines = unlocated(self.text)
        return "\n".join(problem.render(lines.line(problem.line), language) for problem in self.problems)


def read_settings(path: Path) -> Reading:
    """Reads the file at `path`; one that is missing or no text is a problem at line 1, never an exception."""
    name = str(path)
    text = source.read_bytes(path, name)
    return Reading(None, (text,)) if isinstance(text, Problem) else read_text(text, name)


def read_text(text: str, name: str) -> Reading:
    """Reads settings from `text`; problems name the file as `name`. Never raises, whatever the text is."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    document = source.parsed(text, name)
    if isinstance(document, Problem):
        return Reading(None, (document,), text)
    language = _language(document)
    settings, findings = _judged(document, text)
    if not findings:
        return Reading(settings, (), text, language)
    from scheduler.settings.finding import located

    problems = located(findings, locate(text), name)
    broken = any(problem.severity is Severity.ERROR for problem in problems)
    return Reading(None if broken else settings, problems, text, language)


def check_settings(path: Path, now: datetime) -> Reading:
    """Reads the file at `path`, with the warnings that depend on the day."""
    reading = read_settings(path)
    if reading.settings is None:
        return reading
    today = now.astimezone(reading.settings.service.zone).date()
    warning = calendar_warning(reading.settings, str(path), today)
    return replace(reading, problems=(*reading.problems, warning)) if warning else reading


def calendar_warning(settings: Settings, name: str, today: date) -> Problem | None:
    """A warning when the window from `today` reaches past the official holidays; depends on the day."""
    known = settings.desk.holidays.known_until
    if known is None or today + settings.service.plan_ahead <= known:
        return None
    position = locate(settings.source).position(("service", "plan_ahead"))
    at = (position.line, position.column, position.length)
    return Problem(name, *at, Severity.WARNING, "calendar_unknown", {"date": known.isoformat()})


def _language(document: dict[str, Any]) -> str:
    service = document.get("service")
    languages = service.get("languages") if isinstance(service, dict) else None
    first = languages[0] if isinstance(languages, list) and languages else None
    return "en" if first == "en" else "vi"


def _judged(document: dict[str, Any], text: str) -> "tuple[Settings | None, list[Finding]]":
    """The settings, unless there is an error, and all that is wrong or doubtful."""
    from scheduler.settings import judge

    return judge.judge(document, text)
