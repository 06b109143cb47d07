"""hours: what people gave."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from scheduler.cli.asked import (
    DAY,
    in_force,
    json_option,
    language_of,
    print_json,
    refuse_backwards,
    settings_option,
)
from scheduler.settings.summary import say


@click.command()
@settings_option
@json_option
@click.option("--from", "first", type=DAY, help="The first date; by default the first of this month.")
@click.option("--to", "last", type=DAY, help="The last date, inclusive; by default today.")
def hours(settings_path: Path, as_json: bool, first: date | None, last: date | None) -> int:
    """Adds up what people gave: sessions and hours served, and how often they were missed."""
    from scheduler.clock import read_clock
    from scheduler.service.count_hours import count_hours

    refuse_backwards(first, last)
    now = read_clock()
    with in_force(settings_path) as (database, office), database.read() as connection:
        until = last or now.astimezone(office.zone).date()
        found = count_hours(connection, office, first or until.replace(day=1), until, now)
    if as_json:
        print_json([asdict(one) for one in found])
        return 0
    language = language_of(office.settings)
    line = say(
        language,
        "{hours:8.2f} giờ  {sessions:4} ca  {absences:3} vắng  {unmarked:3} chưa ghi  {name}",
        "{hours:8.2f} hours  {sessions:4} sessions  {absences:3} absent  {unmarked:3} not marked  {name}",
    )
    click.echo("\n".join(line.format_map(asdict(one)) for one in found) or "–")
    return 0
