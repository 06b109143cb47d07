"""The telephone number that a command names, or one line that says what would be right."""

import sys

import click

from scheduler.cli.asked import language_of


def number_or_fail(phone: str) -> str:
    """The number in E.164; "-" reads it from stdin, so that it stands in no history of a shell."""
    from notifications.phone import BadNumber, parse_phone
    from scheduler.settings.wording import WORDING

    written = sys.stdin.readline().strip() if phone == "-" else phone
    try:
        return parse_phone(written)
    except BadNumber as fault:
        raise click.ClickException(WORDING[fault.code].in_language(language_of(None))) from fault
