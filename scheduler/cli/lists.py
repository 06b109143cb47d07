"""sessions, roster, available: what is, in lines or JSON."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.asked import (
    DAY,
    Command,
    in_force,
    json_option,
    language_of,
    print_json,
    refuse_backwards,
    settings_option,
    settings_or_fail,
)
from scheduler.cli.named import session_or_fail
from scheduler.roster.assignment import Standing
from scheduler.settings.summary import say
from scheduler.timetable.opening import State

if TYPE_CHECKING:
    from scheduler.service.list_sessions import Filters


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--ward --service --place --from --to``."""
    for option in (
        click.option("--to", "last", type=DAY, help="The last date, inclusive."),
        click.option("--from", "first", type=DAY, help="The first date, inclusive."),
        click.option("--place", default="", help="By id or name."),
        click.option("--service", default="", help="By id or name."),
        click.option("--ward", default="", help="By id, name or former name."),
    ):
        command = option(command)
    return command


def state_option(states: type[StrEnum]) -> Callable[[Command], Command]:
    """Adds ``--state``, which takes these states; a misspelt one would look like an empty list."""
    return click.option(
        "--state", type=click.Choice([each.value for each in states]), default=None, help="Only this state."
    )


@click.command()
@settings_option
@json_option
@filter_options
@state_option(State)
@click.option("--applied", is_flag=True, help="What is in force, instead of what the file says.")
def sessions(settings_path: Path, as_json: bool, applied: bool, **filters: Any) -> int:
    """Lists sessions: what the file says, for any dates."""
    from scheduler.clock import read_clock
    from scheduler.service.list_sessions import sessions_in_force, sessions_of_file
    from scheduler.service.office import Office

    now = read_clock()
    wanted = _filters(filters)
    if applied:
        with in_force(settings_path) as (database, office), database.read() as connection, known_names():
            found = sessions_in_force(connection, office, wanted, now, language_of(office.settings))
    else:
        office = Office(settings_or_fail(settings_path))
        with known_names():
            found = sessions_of_file(office, wanted, now, language_of(office.settings))
    print_list(found, as_json, partial(_session_line, is_filled=applied))
    return 0


@click.command()
@settings_option
@json_option
@filter_options
@state_option(Standing)
@click.option("--why", default="", metavar="SESSION", help="Explains each seat of this session.")
def roster(settings_path: Path, as_json: bool, why: str, **filters: Any) -> int:
    """Lists who stands where, in force."""
    from scheduler.clock import read_clock
    from scheduler.service.list_sessions import beyond_texts, roster_in_force

    now = read_clock()
    if why:
        return _explain(settings_path, as_json, why, now)
    with in_force(settings_path) as (database, office), database.read() as connection, known_names():
        found = roster_in_force(connection, office, _filters(filters), now)
        beyond = beyond_texts(connection, office, now)
    mark = say(language_of(office.settings), "  (không nhắn tin được)", "  (cannot be texted)")

    def line(one: dict[str, Any]) -> str:
        told = "{session}  {role:<9}  {person}  {state}".format_map(one)
        return told + mark if one["person"] in beyond else told

    print_list(found, as_json, line)
    return 0


@click.command()
@settings_option
@json_option
@click.option("--ward", default="", help="Old names and missing accents are fine.")
@click.option("--service", default="", help="By id or name.")
@click.option("--place", default="", help="By id or name.")
@click.option("--from", "first", type=DAY, help="The first date.")
@click.option("--to", "last", type=DAY, help="The last date.")
@click.option("--open-now", is_flag=True, help="Only what is open now.")
def available(
    settings_path: Path,
    as_json: bool,
    ward: str,
    service: str,
    place: str,
    first: date | None,
    last: date | None,
    open_now: bool,
) -> int:
    """Shows what residents see."""
    from scheduler.cli.available import available_in_words
    from scheduler.clock import read_clock
    from scheduler.service.show_openings import show_openings
    from scheduler.timetable.opening import Question, Unanswerable, answer_as_json, availability

    now = read_clock()
    question = Question(ward, service, place, first, last, open_now)
    with in_force(settings_path) as (database, office), database.read() as connection:
        board = show_openings(connection, office, now)
    language = language_of(office.settings)
    answer = availability(board, question, now)
    if isinstance(answer, Unanswerable):
        raise click.ClickException(answer.message.in_language(language))
    if as_json:
        print_json(answer_as_json(answer, board.zone, language))
    else:
        click.echo(available_in_words(answer, board, language))
    return 0


def _explain(settings_path: Path, as_json: bool, session: str, now: datetime) -> int:
    from scheduler.service.explain_roster import explain_roster, reasons_as_json, reasons_in_words

    with in_force(settings_path) as (database, office), database.read() as connection:
        language = language_of(office.settings)
        row = session_or_fail(connection, office, session, language, now)
        reasons = explain_roster(connection, office, row, now)
    if as_json:
        print_json({"session": row.key, "seats": reasons_as_json(reasons)})
    else:
        click.echo(reasons_in_words(reasons, office, row, language))
    return 0


@contextmanager
def known_names() -> Iterator[None]:
    """A name in a filter that nothing bears ends the command: an empty list would look like free days."""
    from scheduler.service.list_sessions import NoSuchName

    try:
        yield
    except NoSuchName as fault:
        raise click.ClickException(
            say(
                language_of(None),
                f'Không có gì tên "{fault}" trong lịch này; xem catruc sessions.',
                f'Nothing here is called "{fault}"; catruc sessions shows the names.',
            )
        ) from fault


def _filters(asked: dict[str, Any]) -> "Filters":
    from scheduler.service.list_sessions import Filters

    refuse_backwards(asked["first"], asked["last"])
    return Filters(
        ward=asked["ward"],
        service=asked["service"],
        place=asked["place"],
        first=asked["first"],
        last=asked["last"],
        state=asked["state"] or "",
    )


def print_list(found: list[dict[str, Any]], as_json: bool, line: Callable[[dict[str, Any]], str]) -> None:
    """Prints a list as one JSON document, or a line an entry; an empty one as a dash."""
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(map(line, found)) or "–")


def _session_line(one: dict[str, Any], is_filled: bool) -> str:
    """A session in one line; without who is assigned where that is not known, for a file seats nobody."""
    needs = " ".join(
        f"{role} {one['assigned'].get(role, 0)}/{count}" if is_filled else f"{role} {count}"
        for role, count in one["needs"].items()
    )
    starts, ends = one["starts"], one["ends"]
    return (
        f"{starts[:10]} {starts[11:16]}-{ends[11:16]}  {one['service']['name']}, {one['place']['name']}"
        f"  [{one['state']}]  {needs}  {one['key']}"
    )
