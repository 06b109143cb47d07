"""swap: what a coordinator arranged by telephone."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.asked import in_force, language_of, settings_option
from scheduler.settings.summary import say

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

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
        row = _session(connection, session, language)
        ids = _person(office, giver, language), _person(office, taker, language)
        said = swap_for_them(connection, office, row, ids[0], ids[1], read_clock())
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


def _session(connection: "Connection", asked: str, language: str) -> "Row[Any]":
    from scheduler.store.sessions import row_by_key

    row = row_by_key(connection, asked)
    if row is None:
        raise click.ClickException(
            say(
                language,
                f'Không có buổi trực "{asked}"; catruc sessions --applied liệt kê các khóa.',
                f'There is no session "{asked}"; catruc sessions --applied lists their keys.',
            )
        )
    return row


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
