"""From a settings file to Settings, or to every problem at once, each at its line.

pydantic and the holidays are imported only when a text is read: they cost more than all the rest of a
command's start.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.settings.bundle import bundle_of
from scheduler.settings.locate import locate, unlocated
from scheduler.settings.problem import Problem, Severity
from scheduler.settings.settings import Settings

if TYPE_CHECKING:
    from scheduler.settings.origin import Origin, Stored
    from scheduler.settings.shelf import Shelf
    from scheduler.settings.trial import Trial


@dataclass(frozen=True, slots=True)
class Reading:
    """What a settings file says, with all that it includes.

    `settings` is None when `problems` has an error, unless all errors are in the files of `frozen`, whose
    part stands as it was. `problems` come in the order of files and lines. `text` is the main file as read,
    `others` are the other ones by the name that problems give them; `language` is the first of the file's
    languages that catruc speaks, Vietnamese when in doubt.
    """

    settings: Settings | None
    problems: tuple[Problem, ...] = ()
    text: str = ""
    language: str = "vi"
    frozen: tuple[str, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def render(self, language: str) -> str:
        """All problems as ``catruc check`` prints them, each with its line; empty when there are none."""
        told = {problem.file for problem in self.problems}
        lines = {name: unlocated(self.others.get(name, self.text)) for name in told}
        return "\n".join(
            problem.render(lines[problem.file].line(problem.line), language) for problem in self.problems
        )

    def as_github(self, language: str) -> str:
        """All problems as workflow commands of GitHub, one a line; empty when there are none."""
        return "\n".join(problem.as_github(language) for problem in self.problems)


def read_settings(path: Path, last_good: str | None = None, shelf: "Shelf | None" = None) -> Reading:
    """Reads the file at `path` with all that it includes; whatever is wrong is a problem, never an exception.

    `last_good` is the source of settings that were in force: an included file with a fault then stays as it
    was there. What is on the `shelf` is not read again.
    """
    with _nothing_collected():
        return _read(path, last_good, shelf, None)


def read_safely(path: Path, last_good: str | None, shelf: "Shelf") -> Reading:
    """Like `read_settings`, but whatever is new is tried in another process first.

    A text that would take too much time or memory is then a problem of its file.
    """
    from scheduler.settings.trial import Trial

    with Trial() as trial, _nothing_collected():
        return _read(path, last_good, shelf, trial)


def read_text(text: str, name: str) -> Reading:
    """Reads settings from a text or from the `source` of settings, whatever its files hold by now.

    Problems name the main file as `name`. Never raises, whatever the text is.
    """
    from scheduler.settings.origin import Stored

    with _nothing_collected():
        return reading_of(Stored.of(text, name), None)


def check_settings(path: Path, now: datetime, last_good: str | None = None) -> Reading:
    """Reads the file at `path`, with the warnings that depend on the day."""
    return with_warnings_of_the_day(read_settings(path, last_good), str(path), now)


def with_warnings_of_the_day(reading: Reading, name: str, now: datetime) -> Reading:
    """The reading of the file `name`, with the warnings that depend on the day."""
    if reading.settings is None:
        return reading
    today = now.astimezone(reading.settings.service.zone).date()
    warning = calendar_warning(reading.settings, name, today)
    return replace(reading, problems=_with(warning, reading.problems)) if warning else reading


def _with(warning: Problem, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The problems with a warning about the main file, which comes first, at its line."""
    before = sum(
        each.file == warning.file and (each.line, each.column) <= (warning.line, warning.column)
        for each in problems
    )
    return (*problems[:before], warning, *problems[before:])


def calendar_warning(settings: Settings, name: str, today: date) -> Problem | None:
    """A warning when the window from `today` reaches past the official holidays; depends on the day."""
    known = settings.desk.holidays.known_until
    if known is None or today + settings.service.plan_ahead <= known:
        return None
    bundle = bundle_of(settings.source, name)
    position = locate(bundle.texts[bundle.main]).position(("service", "plan_ahead"))
    at = (position.line, position.column, position.length)
    return Problem(name, *at, Severity.WARNING, "calendar_unknown", {"date": known.isoformat()})


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Holds Python's collector back: it would look at a hundred thousand new values time and again.

    Frozen and freed again, they count as old, and are not looked at as soon as it is let go.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def _read(path: Path, last_good: str | None, shelf: "Shelf | None", trial: "Trial | None") -> Reading:
    from scheduler.settings.folder import Folder
    from scheduler.settings.origin import Stored
    from scheduler.settings.shelf import Shelf

    last = Stored.of(last_good, str(path)) if last_good is not None else None
    known = last.bundle if last else None
    return reading_of(Folder(path, shelf or Shelf(), trial, known), last)


def reading_of(origin: "Origin", last: "Stored | None") -> Reading:
    """What comes of the files of `origin`; a faulty one stays as it was in `last`, where that is given."""
    from scheduler.settings.attempt import Standing, attempt, standing

    first = attempt(origin)
    stands = Standing(first.settings, first.problems, ())
    if first.settings is None and last is not None:
        stands = standing(first, origin, last)
    main, *others = zip(first.names, first.parts, strict=True)
    texts = {name: part.text for name, part in others}
    return Reading(stands.settings, stands.problems, main[1].text, main[1].language, stands.frozen, texts)
