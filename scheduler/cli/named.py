"""The session that a command names, or one line that says what would be right."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from scheduler.settings.summary import say

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from scheduler.service.office import Office


def session_or_fail(
    connection: "Connection", office: "Office", named: str, language: str, now: datetime, person: str = ""
) -> "Row[Any]":
    """The row of the session with this key, or with this item number of the `person`."""
    from scheduler.service.find_session import Ambiguous, find_session

    try:
        row = find_session(connection, office, named, now, person)
    except Ambiguous as fault:
        raise click.ClickException(
            say(
                language,
                f"Số {named} là của nhiều buổi, mỗi người một khác; "
                "ghi khóa của buổi như trong catruc sessions --applied.",
                f"The number {named} stands for several sessions, one for each person; "
                "name the key, as in catruc sessions --applied.",
            )
        ) from fault
    if row is None:
        raise click.ClickException(
            say(
                language,
                f'Không có buổi trực "{named}"; catruc sessions --applied liệt kê các khóa.',
                f'There is no session "{named}"; catruc sessions --applied lists their keys.',
            )
        )
    return row
