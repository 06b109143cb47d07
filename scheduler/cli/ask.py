"""ask: the best substitutes of a session, now, whatever the hour of escalation."""

import sys
from pathlib import Path

import click

from scheduler.cli.asked import ask_or_stop, in_force, language_of, settings_option
from scheduler.cli.named import session_or_fail
from scheduler.settings.summary import say


@click.command()
@settings_option
@click.argument("session")
@click.option(
    "--count", type=click.IntRange(1, 50), default=2, show_default=True, help="How many for each role."
)
@click.option("--now", "at_once", is_flag=True, help="Asks without a question first.")
def ask(settings_path: Path, session: str, count: int, at_once: bool) -> int:
    """Asks the best substitutes of SESSION to stand in: the first yes wins, the others are thanked."""
    from scheduler.clock import read_clock
    from scheduler.service.seek_substitutes import ask_substitutes, best_substitutes

    with in_force(settings_path) as (database, office):
        language, now = language_of(office.settings), read_clock()
        with database.read() as connection:
            row = session_or_fail(connection, office, session, language, now)
            choices = best_substitutes(connection, office, row, count, now)
        if not choices:
            raise click.ClickException(
                say(
                    language,
                    f"{row.key}: không thiếu ai, hoặc không còn ai rảnh mà chưa được hỏi.",
                    f"{row.key}: nobody is missing, or nobody is free who has not been asked.",
                )
            )
        names = ", ".join(office.name_of(choice.person) for choice in choices)
        if not at_once:
            _confirm(say(language, f"Nhắn hỏi {names}?", f"Text {names}?"), language)
        with database.write() as connection:
            chosen = best_substitutes(connection, office, row, count, now)
            if row.starts <= now or chosen != choices:
                raise click.ClickException(
                    say(
                        language,
                        f"{row.key}: trong lúc đó đã có thay đổi; chạy lại lệnh này.",
                        f"{row.key}: something has changed meanwhile; give the command again.",
                    )
                )
            ask_substitutes(connection, office, row, chosen, now)
    click.echo(say(language, f"Đã nhắn hỏi {names}.", f"Asked: {names}."))
    return 0


def _confirm(question: str, language: str) -> None:
    if not sys.stdin.isatty():
        raise click.ClickException(
            say(
                language,
                "Không có bàn phím để trả lời; thêm --now thì nhắn ngay, không hỏi lại.",
                "There is no keyboard to answer on; --now texts them without a question.",
            )
        )
    ask_or_stop(question, language)
