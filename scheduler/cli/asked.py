"""What all commands share: the settings option, one way to fail, one way to print JSON."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from scheduler.app import Surroundings
    from scheduler.service.office import Office
    from scheduler.settings.settings import Settings
    from scheduler.store.database import Database

Command = TypeVar("Command", bound=Callable[..., Any])


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


def language_of(settings: "Settings | None") -> str:
    """The language of catruc's own messages: the desk's first, unless the terminal is English."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if locale.startswith("en"):
        return "en"
    return settings.service.languages[0] if settings else "vi"


def surroundings_for(settings_path: Path) -> "Surroundings":
    """This process, with the given settings file."""
    from scheduler.app import Surroundings

    return Surroundings.real(settings_path)


def settings_or_fail(settings_path: Path) -> "Settings":
    """The settings of the file; fails in one line that counts the problems when it has errors."""
    from scheduler.settings.read import read_settings

    reading = read_settings(settings_path)
    if reading.settings is None:
        first = next(problem for problem in reading.problems if problem.severity == "error")
        count = sum(problem.severity == "error" for problem in reading.problems)
        more = f" (and {count - 1} more; see catruc check)" if count > 1 else ""
        raise click.ClickException(first.heading(language_of(None)) + more)
    return reading.settings


@contextmanager
def database_of(surroundings: "Surroundings", settings: "Settings | None") -> Iterator["Database"]:
    """The open database; what is wrong with it ends the command in one line."""
    from sqlalchemy.exc import ArgumentError, DBAPIError

    from scheduler.app import open_database
    from scheduler.store.database import DatabaseFault

    try:
        database = open_database(surroundings, settings)
    except (DatabaseFault, ArgumentError) as fault:
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

    surroundings = surroundings_for(settings_path)
    with database_of(surroundings, read_settings(settings_path).settings) as database:
        office = office_in_force(database)
        if office is None:
            raise click.ClickException("Nothing is in force yet; run catruc apply, or catruc serve.")
        yield database, office
