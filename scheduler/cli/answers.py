"""confirm and decline: what a coordinator records after a telephone call."""

from pathlib import Path

import click

from scheduler.cli.asked import in_force, language_of, settings_option
from scheduler.cli.named import session_or_fail
from scheduler.settings.summary import say


@click.command()
@settings_option
@click.argument("session")
@click.argument("person")
def confirm(settings_path: Path, session: str, person: str) -> int:
    """Records that PERSON comes to SESSION."""
    return _answer(settings_path, session, person, yes=True)


@click.command()
@settings_option
@click.argument("session")
@click.argument("person")
def decline(settings_path: Path, session: str, person: str) -> int:
    """Records that PERSON does not come to SESSION; somebody else is asked."""
    return _answer(settings_path, session, person, yes=False)


def _answer(settings_path: Path, session: str, person: str, yes: bool) -> int:
    from scheduler.clock import read_clock
    from scheduler.service.take_answer import person_named, take_answer

    with in_force(settings_path) as (database, office), database.write() as connection:
        language = language_of(office.settings)
        row = session_or_fail(connection, office, session, language, read_clock(), person)
        someone = person_named(connection, office, row, person)
        if someone is None:
            raise click.ClickException(
                say(
                    language,
                    f'Buổi {session} không có ai tên "{person}"; catruc roster liệt kê những người được xếp.',
                    f'Nobody called "{person}" is on {session}; catruc roster lists who is.',
                )
            )
        if not take_answer(connection, office, row, someone, yes, read_clock()):
            raise click.ClickException(
                say(
                    language,
                    f"Không có gì thay đổi: {session} đã bắt đầu, đã ghi như vậy rồi, "
                    "hoặc chỗ đã có người khác.",
                    f"Nothing was changed: {session} has begun, the answer stands already, "
                    "or the seat is taken.",
                )
            )
    click.echo(
        say(language, "Đã ghi nhận: nhận ca.", "Recorded: comes.")
        if yes
        else say(
            language,
            "Đã ghi nhận: không đến; đã mời người khác.",
            "Recorded: does not come; others are asked.",
        )
    )
    return 0
