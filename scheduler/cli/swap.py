"""swap: what a coordinator arranged by telephone."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli.asked import in_force, language_of, settings_option
from scheduler.cli.named import session_or_fail
from scheduler.settings.summary import say

if TYPE_CHECKING:
    from scheduler.service.office import Office


@click.command()
@settings_option
@click.argument("session")
@click.argument("giver")
@click.argument("taker")
def swap(settings_path: Path, session: str, giver: str, taker: str) -> int:
    """Records that TAKER comes to SESSION in place of GIVER; both are told."""
    from scheduler.clock import read_clock
    from scheduler.service.swap_shift import Swapped, swap_for_them

    with in_force(settings_path) as (database, office), database.write() as connection:
        language = language_of(office.settings)
        now = read_clock()
        row = session_or_fail(connection, office, session, language, now, giver)
        ids = _person(office, giver, language), _person(office, taker, language)
        said = swap_for_them(connection, office, row, ids[0], ids[1], now)
    if said is not Swapped.TAKEN:
        raise click.ClickException(_why(said, session, giver, taker, language))
    click.echo(
        say(
            language,
            f"Đã ghi nhận: {taker} trực thay {giver}; cả hai sẽ được nhắn tin.",
            f"Recorded: {taker} comes in place of {giver}; both are told.",
        )
    )
    return 0


def _person(office: "Office", asked: str, language: str) -> str:
    from scheduler.service.know_people import person_called

    found = person_called(office, asked)
    if found is None:
        raise click.ClickException(
            say(
                language,
                f'Danh sách không có đúng một người tên "{asked}".',
                f'There is not exactly one person called "{asked}" in the list.',
            )
        )
    return found


def _why(said: str, session: str, giver: str, taker: str, language: str) -> str:
    from scheduler.service.swap_shift import Swapped

    if said == Swapped.UNABLE:
        return say(
            language,
            f"{taker} không trực thay được: trùng giờ, quá số giờ, không rảnh hoặc không hợp vai trò.",
            f"{taker} cannot take it: another shift, a limit of hours, times or the role stand against it.",
        )
    return say(
        language,
        f"Không có gì thay đổi: {giver} không giữ chỗ ở {session}, hoặc ca đã bắt đầu.",
        f"Nothing was changed: {giver} holds no seat at {session}, or it has begun.",
    )
