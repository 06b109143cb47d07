"""What all commands share: the settings option, one way to fail, to ask and to print JSON."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scheduler.timetable.label import Label

if TYPE_CHECKING:
    from scheduler.service.office import Office
    from scheduler.settings.read import Reading
    from scheduler.settings.settings import Settings
    from scheduler.store.database import Database
    from scheduler.surroundings import Surroundings

STOPPED = Label("dừng giữa chừng, chưa thay đổi gì", "stopped before it was done; nothing was changed")
_YES = frozenset({"c", "co", "y", "yes"})
Command = TypeVar("Command", bound=Callable[..., Any])


class Misused(click.UsageError):
    """Wrong usage, told in a sentence that says what would be right."""


class Day(click.ParamType[date]):
    """A date that an option takes, within the centuries in which instants can be reckoned."""

    name = "yyyy-mm-dd"
    first, last = date(1970, 1, 1), date(2199, 12, 31)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date; anything else is wrong usage."""
        try:
            day = datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            self.fail(f"{value!r} is not a date; write year-month-day, like 2026-11-30.", param, ctx)
        if not self.first <= day <= self.last:
            self.fail(f"{day} is out of reach; dates go from {self.first} to {self.last}.", param, ctx)
        return day


DAY = Day()


def refuse_backwards(first: date | None, last: date | None) -> None:
    """Dates the wrong way round are wrong usage: an empty list would look like an answer."""
    if first and last and last < first:
        raise click.BadParameter(f"--to {last} is before --from {first}; the earlier date goes with --from.")


def settings_option(command: Command) -> Command:
    """Adds ``--settings PATH``."""
    return click.option(
        "--settings",
        "settings_path",
        type=click.Path(path_type=Path, dir_okay=False),
        default=Path("settings.toml"),
        show_default="./settings.toml",
        help="The settings file.",
    )(command)


def json_option(command: Command) -> Command:
    """Adds ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def print_json(document: object) -> None:
    """Prints one JSON document in UTF-8."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def language_of(settings: "Settings | None", otherwise: str = "vi") -> str:
    """The language of catruc's own messages: the desk's first, unless the terminal is English.

    `otherwise` is for when there are no settings.
    """
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if locale.startswith("en"):
        return "en"
    return settings.service.languages[0] if settings else otherwise


def ask_or_stop(question: str, language: str, err: bool = False) -> None:
    """Goes on after a yes in either language; any other answer, or none, ends the command."""
    from notifications.text import fold

    choice = "[c/K]" if language == "vi" else "[y/N]"
    try:
        typed = click.prompt(f"{question} {choice}", default="", show_default=False, err=err)
    except click.Abort:
        typed = ""
    if fold(typed) not in _YES:
        raise click.ClickException(STOPPED.in_language(language))


def surroundings_for(settings_path: Path) -> "Surroundings":
    """This process, with the given settings file."""
    from scheduler.surroundings import Surroundings

    return Surroundings.real(settings_path)


def settings_or_fail(settings_path: Path) -> "Settings":
    """The settings of the file; fails in one line that counts the problems when it has errors.

    An included file with a fault stays as it is in force, as while the service runs; stderr says so.
    """
    from scheduler.settings.read import read_settings

    reading = read_settings(settings_path)
    if reading.settings is None and reading.others:
        last_good = _source_in_force(settings_path, reading)
        reading = read_settings(settings_path, last_good) if last_good is not None else reading
    if reading.settings is None:
        raise click.ClickException(_first_error(reading))
    if reading.frozen:
        _tell_frozen(reading)
    tell_rehearsal(reading.settings)
    return reading.settings


def tell_rehearsal(settings: "Settings") -> None:
    """Says on stderr, as the last thing of this command, that these settings are a rehearsal."""
    from scheduler.settings.rehearsal import rehearsal_of

    if rehearsal := rehearsal_of(settings):
        sentence = rehearsal.to_the_desk().in_language(language_of(settings))
        click.get_current_context().call_on_close(lambda: click.echo(sentence, err=True))


def _source_in_force(settings_path: Path, reading: "Reading") -> str | None:
    """What was applied last to the database that the main file names, whatever is wrong beside it."""
    from scheduler.app import settings_in_force

    with database_of(
        surroundings_for(settings_path).with_named_database(reading), None, only_look=True
    ) as database:
        former = settings_in_force(database)
    return former.source if former else None


def _tell_frozen(reading: "Reading") -> None:
    from scheduler.settings.problem import Severity
    from scheduler.settings.summary import say

    language = language_of(reading.settings)
    faults = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    told = replace(reading, problems=tuple(replace(problem, severity=Severity.WARNING) for problem in faults))
    names = ", ".join(reading.frozen)
    stays = say(
        language,
        f"{names} có lỗi nên giữ như bản đang áp dụng; phần còn lại theo bản mới.",
        f"{names} has errors and stays as it is in force; everything else is the new version.",
    )
    click.echo(f"{told.render(language)}\n{stays}", err=True)


def _first_error(reading: "Reading") -> str:
    from scheduler.settings.summary import say

    language = language_of(None, reading.language)
    errors = [problem for problem in reading.problems if problem.severity == "error"]
    more = len(errors) - 1
    rest = say(language, f" (còn {more} lỗi; xem catruc check)", f" (and {more} more; see catruc check)")
    return errors[0].heading(language) + (rest if more else "")


@contextmanager
def database_of(
    surroundings: "Surroundings", settings: "Settings | None", only_look: bool = False
) -> Iterator["Database"]:
    """The open database; what is wrong with it ends the command in one line.

    To `only_look` makes no file: where there is none yet, the database is an empty one in memory.
    """
    from sqlalchemy.exc import DBAPIError

    from scheduler.store.database import DatabaseFault
    from scheduler.surroundings import open_database, would_make_a_file

    try:
        if only_look and would_make_a_file(surroundings, settings):
            surroundings = surroundings.in_memory()
        database = open_database(surroundings, settings)
    except DatabaseFault as fault:
        raise click.ClickException(str(fault)) from fault
    except DBAPIError as fault:
        raise click.ClickException(f"The database cannot be opened: {fault.orig}") from fault
    try:
        yield database
    except DBAPIError as fault:
        raise click.ClickException(f"The database failed: {fault.orig}") from fault
    finally:
        database.close()


@contextmanager
def in_force(settings_path: Path) -> Iterator[tuple["Database", "Office"]]:
    """The database and the settings in force, as the service runs on them."""
    from scheduler.app import office_in_force
    from scheduler.settings.read import read_settings
    from scheduler.settings.summary import say

    reading = read_settings(settings_path)
    surroundings = surroundings_for(settings_path).with_named_database(reading)
    with database_of(surroundings, reading.settings, only_look=True) as database:
        office = office_in_force(database)
        if office is None and reading.settings is None:
            # The file that cannot be read may name another database than the one we looked into.
            raise click.ClickException(_first_error(reading))
        if office is None:
            raise click.ClickException(
                say(
                    language_of(reading.settings),
                    "Chưa có lịch nào được áp dụng; hãy chạy catruc apply hoặc catruc serve.",
                    "Nothing is in force yet; run catruc apply, or catruc serve.",
                )
            )
        tell_rehearsal(office.settings)
        yield database, office
