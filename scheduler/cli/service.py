"""serve, worker and simulate: the service on the real clock, its helpers, and a virtual clock."""

from contextlib import closing
from datetime import date, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli.asked import DAY, json_option, language_of, print_json, settings_option, settings_or_fail
from scheduler.settings.summary import say

if TYPE_CHECKING:
    from scheduler.service.pretend import Handed
    from scheduler.service.simulate import Books
    from scheduler.settings.settings import Settings


@click.command()
@settings_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port; 0 takes any free one.")
def serve(settings_path: Path, host: str, port: int) -> int:
    """Runs the service until it is told to stop."""
    from sqlalchemy.exc import DBAPIError

    from notifications.channels.credential import MissingCredentials
    from scheduler.app import serve as run_service
    from scheduler.cli.asked import surroundings_for
    from scheduler.store.database import DatabaseFault
    from scheduler.web.server import CannotListenError

    try:
        return run_service(surroundings_for(settings_path), host, port, language_of)
    except (DatabaseFault, CannotListenError, MissingCredentials) as fault:
        raise click.ClickException(str(fault)) from fault
    except DBAPIError as fault:
        raise click.ClickException(f"The database cannot be used: {fault.orig}") from fault


@click.command()
@settings_option
def worker(settings_path: Path) -> int:
    """Delivers texts on another machine; several, with services, share one PostgreSQL.

    The settings file only says where the database is; with CATRUC_DATABASE it is not read at all.
    """
    from sqlalchemy.exc import DBAPIError

    from notifications.channels.credential import MissingCredentials
    from scheduler.cli.asked import surroundings_for
    from scheduler.store.database import DatabaseFault
    from scheduler.working import work

    surroundings = surroundings_for(settings_path)
    settings = None if surroundings.environment.get("CATRUC_DATABASE") else settings_or_fail(settings_path)
    try:
        return work(surroundings, settings)
    except (DatabaseFault, MissingCredentials) as fault:
        raise click.ClickException(str(fault)) from fault
    except DBAPIError as fault:
        raise click.ClickException(f"The database cannot be used: {fault.orig}") from fault


@click.command()
@settings_option
@json_option
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 366))
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same run.")
@click.option("--start", type=DAY, help="The first day; by default next Monday.")
def simulate(settings_path: Path, as_json: bool, days: int, seed: int, start: date | None) -> int:
    """Runs the same code on a virtual clock with pretend people; sends and stores nothing."""
    from scheduler.clock import read_clock
    from scheduler.service.office import Office
    from scheduler.service.simulate import Simulation
    from scheduler.settings.rehearsal import for_everybody
    from scheduler.store.database import Database
    from scheduler.store.migrate import migrate
    from scheduler.timetable.instant import to_utc

    settings = settings_or_fail(settings_path)
    zone = settings.service.zone
    first = start or _next_monday(read_clock().astimezone(zone).date())
    # A pretend network reaches nobody: the list of a rehearsal would only hide texts.
    office = Office(for_everybody(settings))
    language = language_of(settings)
    with closing(Database("sqlite://")) as database:
        migrate(database)
        simulation = Simulation(database, office, to_utc(first, time(), zone), seed)
        for day, texts, lines in simulation.days(days, language):
            if not as_json:
                _print_day(settings, day, texts, lines, language)
        books = simulation.books()
    if as_json:
        print_json({"seed": seed, "days": days, **books.as_json()})
    else:
        _print_books(books, seed, days, language)
    return int(not books.agree)


def _next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _print_day(
    settings: "Settings", day: date, texts: "list[Handed]", sessions: list[str], language: str
) -> None:
    from notifications.phone import mask
    from notifications.veil import masked
    from scheduler.reminders.wording import WEEKDAYS

    weekday = WEEKDAYS[language][day.weekday()]
    counts = f"{_counted(len(sessions), 'session')}, {_counted(len(texts), 'text')}"
    click.echo(
        say(
            language,
            f"== {weekday} {day:%d/%m/%Y}: {len(sessions)} buổi, {len(texts)} tin",
            f"== {weekday} {day:%d/%m/%Y}: {counts}",
        )
    )
    for line in sessions:
        click.echo(f"   {line}")
    for text in texts:
        at = text.at.astimezone(settings.service.zone)
        click.echo(f"   {at:%H:%M:%S} {mask(text.phone)} {masked(text.text)}")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _print_books(books: "Books", seed: int, days: int, language: str) -> None:
    click.echo(
        say(language, f"== Đối chiếu (seed {seed}, {days} ngày)", f"== Books (seed {seed}, {days} days)")
    )
    for name, count in books.as_json().items():
        click.echo(f"   {name:<9}{count:>7}")
    click.echo(
        say(
            language,
            "   Bốn sổ khớp nhau." if books.agree else "   Các sổ KHÔNG khớp nhau.",
            "   The four books agree." if books.agree else "   The books do NOT agree.",
        )
    )
