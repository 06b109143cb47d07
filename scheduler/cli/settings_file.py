"""check, plan, apply: what the settings file says, would change, and changes."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli.asked import (
    ask_or_stop,
    database_of,
    json_option,
    language_of,
    print_json,
    settings_option,
    settings_or_fail,
    surroundings_for,
    tell_rehearsal,
)

if TYPE_CHECKING:
    from scheduler.service.apply_plan import Applied
    from scheduler.service.office import Office

BAR = 30
CHANGES = 3


@click.command()
@settings_option
@json_option
@click.option("--github", is_flag=True, help="Print the problems as annotations of a GitHub workflow.")
def check(settings_path: Path, as_json: bool, github: bool) -> int:
    """Validates the settings; prints the problems, or what they mean."""
    from scheduler.clock import read_clock
    from scheduler.settings.read import check_settings
    from scheduler.settings.summary import summary_in_words

    now = read_clock()
    reading = check_settings(settings_path, now)
    language = language_of(reading.settings, reading.language)
    failed = reading.settings is None
    if reading.settings is not None:
        tell_rehearsal(reading.settings)
    if as_json:
        problems = [problem.as_json(language) for problem in reading.problems]
        print_json({"ok": not failed, "problems": problems})
    elif github:
        if reading.problems:
            click.echo(reading.as_github(language))
    else:
        if reading.problems:
            click.echo(reading.render(language), err=failed)
        if reading.settings is not None:
            click.echo(summary_in_words(reading.settings, str(settings_path), language, now))
    return int(failed)


@click.command()
@settings_option
@json_option
@click.option("--exit-code", is_flag=True, help="Exit with 3 when there are changes.")
def plan(settings_path: Path, as_json: bool, exit_code: bool) -> int:
    """Shows what applying would change; changes nothing."""
    from scheduler.app import office_for, rehearse
    from scheduler.clock import read_clock
    from scheduler.service.ahead import Ahead
    from scheduler.service.put_plan_into_words import waits_for_person

    settings = settings_or_fail(settings_path)
    with database_of(surroundings_for(settings_path), settings, only_look=True) as database:
        office = replace(office_for(database, settings), ahead=Ahead(told_on_terminal))
        applied = rehearse(database, office, read_clock())
    _print_plan(applied, office, as_json, waits_for_person(applied, office))
    return CHANGES if exit_code and applied else 0


@click.command()
@settings_option
@json_option
@click.option("--yes", is_flag=True, help="Ask no question.")
def apply(settings_path: Path, as_json: bool, yes: bool) -> int:
    """Carries the plan out and fills the roster."""
    from scheduler.app import WorldChanged, apply_settings, office_for, rehearse
    from scheduler.clock import read_clock
    from scheduler.service.ahead import Ahead
    from scheduler.service.put_plan_into_words import plan_in_words
    from scheduler.settings.summary import say

    settings = settings_or_fail(settings_path)
    with database_of(surroundings_for(settings_path), settings) as database:
        office = replace(office_for(database, settings), ahead=Ahead(told_on_terminal))
        shown = None if yes else rehearse(database, office, read_clock())
        if shown is not None:
            # With --json the document alone goes to stdout.
            click.echo(plan_in_words(shown, office, language_of(settings)), err=as_json)
        if shown:
            language = language_of(settings)
            ask_or_stop(say(language, "Áp dụng?", "Apply?"), language, err=as_json)
        try:
            applied = apply_settings(database, office, read_clock(), shown)
        except WorldChanged as change:
            raise click.ClickException(
                say(
                    language_of(settings),
                    "Trong lúc chờ, lịch hoặc phân công đã đổi; chưa áp dụng gì. Hãy xem lại kế hoạch mới.",
                    "Meanwhile the calendar or the roster has changed; nothing was applied. "
                    "Look at the plan again.",
                )
            ) from change
    if as_json or yes:
        _print_plan(applied, office, as_json, waits=False)
    if applied and not as_json:
        click.echo(say(language_of(settings), "Đã áp dụng.", "Applied."))
    return 0


def told_on_terminal(done: int, total: int) -> None:
    """Draws on stderr, where that is a terminal, how much of a large roster has been found."""
    if not sys.stderr.isatty():
        return
    bar = "█" * (done * BAR // total)
    click.echo(f"\r{bar:·<{BAR}} {done}/{total}", err=True, nl=done == total)


def _print_plan(applied: "Applied", office: "Office", as_json: bool, waits: bool) -> None:
    from scheduler.service.put_plan_into_words import plan_in_words

    if as_json:
        print_json(plan_as_json(applied, waits))
    else:
        click.echo(plan_in_words(applied, office, language_of(office.settings), waits))


def plan_as_json(applied: "Applied", waits: bool) -> dict[str, object]:
    """The plan in the shape of ``catruc plan --json``; held is whether it `waits` for a person."""
    changes = applied.changes
    cost = str(applied.cost.amount) if applied.cost is not None else None
    return {
        "sessions": {
            "added": len(changes.added) + len(changes.restored),
            "moved": len(changes.moved),
            "cancelled": len(changes.cancelled),
        },
        "assignments": {
            "added": applied.assignments_added,
            "removed": applied.assignments_removed,
        },
        "texts": {
            "count": applied.texts,
            "people": applied.people,
            "segments": applied.segments,
            "cost": cost,
        },
        "held": waits,
    }
