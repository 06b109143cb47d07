"""``catruc move``: everything to another database, when a ward outgrows one machine."""

import sys
from pathlib import Path

import click

from scheduler.cli.asked import json_option, language_of, print_json, settings_option, settings_or_fail
from scheduler.settings.summary import say


@click.command()
@settings_option
@json_option
@click.argument("database")
@click.option("--from", "source", metavar="DATABASE", help="Where it is; the settings know.")
def move(settings_path: Path, as_json: bool, database: str, source: str | None) -> int:
    """Copies all that is stored to DATABASE (or - for stdin), an empty one.

    The service and its workers must be stopped. DATABASE is an address like
    postgresql+psycopg://user@host/db. The old database stays as it is.
    """
    from sqlalchemy.exc import DBAPIError

    from notifications.channels.credential import MissingCredentials
    from scheduler.cli.asked import surroundings_for
    from scheduler.moving import move as move_database
    from scheduler.store.database import DatabaseFault

    address = sys.stdin.readline().strip() if database == "-" else database
    settings = settings_or_fail(settings_path)
    try:
        moved = move_database(surroundings_for(settings_path), settings, address, source)
    except (DatabaseFault, MissingCredentials) as fault:
        raise click.ClickException(str(fault)) from fault
    except DBAPIError as fault:
        raise click.ClickException(f"The database cannot be used: {fault.orig}") from fault
    if as_json:
        print_json({"moved": dict(moved)})
        return 0
    many = sum(moved.values())
    click.echo(
        say(
            language_of(settings),
            f"Đã chép {many} dòng. Ghi địa chỉ mới vào `database` (hoặc CATRUC_DATABASE) rồi khởi động "
            "dịch vụ. Dữ liệu cũ còn nguyên; đừng chạy dịch vụ với nó nữa, kẻo mỗi tin đi hai lần.",
            f"{many} rows are copied. Put the new address into `database` (or CATRUC_DATABASE) and start the "
            "service. The old rows stay; never serve them again, or every text would go twice.",
        )
    )
    return 0
