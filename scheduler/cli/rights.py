"""export and forget: what somebody may ask of the ward about their own number."""

from pathlib import Path

import click

from scheduler.cli.asked import in_force, language_of, print_json, settings_option
from scheduler.cli.number import number_or_fail
from scheduler.settings.summary import say


@click.command()
@settings_option
@click.argument("phone")
def export(settings_path: Path, phone: str) -> int:
    """Prints everything that is held about PHONE (or - for stdin), as one JSON document."""
    from scheduler.clock import read_clock
    from scheduler.service.forget_number import export_number

    number = number_or_fail(phone)
    with in_force(settings_path) as (database, office), database.read() as connection:
        print_json(export_number(connection, office, number, read_clock()))
    return 0


@click.command()
@settings_option
@click.argument("phone")
def forget(settings_path: Path, phone: str) -> int:
    """Forgets PHONE (or - for stdin) and whoever had it, everywhere; it cannot be taken back."""
    from scheduler.clock import read_clock
    from scheduler.service.forget_number import StillServes, forget_number

    number = number_or_fail(phone)
    with in_force(settings_path) as (database, office):
        language = language_of(office.settings)
        try:
            with database.write() as connection:
                forget_number(connection, office, number, read_clock())
        except StillServes as fault:
            raise click.ClickException(
                say(
                    language,
                    "Số này còn trong tệp cài đặt; hãy bỏ người ấy khỏi tệp, áp dụng, rồi chạy lại.",
                    "This number stands in the settings; take the person out, apply that, and run it again.",
                )
            ) from fault
        database.leave_no_trace()
    click.echo(
        say(
            language,
            "Đã xóa mọi thứ về số này. Chỉ giữ lại lời từ chối nhận tin, nếu có.",
            "Everything about this number is erased. Only a refusal of texts stays, where there was one.",
        )
    )
    return 0
