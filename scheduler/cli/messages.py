"""messages: the outbox, what it costs, and the life of one message."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from notifications.message import State
from scheduler.cli.asked import in_force, json_option, language_of, print_json, settings_option
from scheduler.cli.lists import print_list, state_option
from scheduler.cli.number import number_or_fail
from scheduler.settings.summary import say

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.service.office import Office


@click.command()
@settings_option
@json_option
@state_option(State)
@click.option("--to", "phone", default="", help="Only to this number.")
@click.option("--summary", is_flag=True, help="Only how many are in each state, and what they cost.")
@click.argument("key", required=False)
def messages(
    settings_path: Path, as_json: bool, state: str | None, phone: str, summary: bool, key: str | None
) -> int:
    """Lists the outbox; with the KEY of a message, tells its life from plan to receipt."""
    with in_force(settings_path) as (database, office), database.read() as connection:
        language = language_of(office.settings)
        _warn_of_halts(connection, office, language)
        if key:
            return _print_life(connection, office, key, as_json, language)
        if summary:
            return _print_summary(connection, office, as_json, language)
        return _print_outbox(connection, office, state or "", phone, as_json)


def _print_outbox(connection: "Connection", office: "Office", state: str, phone: str, as_json: bool) -> int:
    from scheduler.service.list_messages import list_messages

    found = list_messages(connection, office.zone, state, number_or_fail(phone) if phone else "")
    print_list(found, as_json, "{send_at}  {state:<9}  {to}  {key}\n    {text}".format_map)
    return 0


def _print_summary(connection: "Connection", office: "Office", as_json: bool, language: str) -> int:
    from scheduler.service.list_messages import sum_in_words, summarise_messages

    rows = summarise_messages(connection, office.house)
    print_list(rows, as_json, lambda row: sum_in_words(row, language))
    return 0


def _print_life(connection: "Connection", office: "Office", key: str, as_json: bool, language: str) -> int:
    from scheduler.service.list_messages import message_with_key
    from scheduler.service.trace_message import trace_message

    message = message_with_key(connection, office.zone, key)
    if message is None:
        raise click.ClickException(
            say(
                language,
                f"Không có tin nào mang khoá {key}; catruc messages liệt kê các khoá.",
                f"There is no message with the key {key}; catruc messages lists the keys.",
            )
        )
    steps = trace_message(connection, key)
    if as_json:
        life = [
            {"at": _exact(step.at, office.zone), "event": step.event, "detail": step.in_words(language)}
            for step in steps
        ]
        print_json({"message": message, "life": life})
        return 0
    click.echo(_heading(message, language))
    for step in steps:
        click.echo(f"  {step.at.astimezone(office.zone):%d/%m %H:%M:%S}  {step.in_words(language)}")
    return 0


def _heading(message: dict[str, Any], language: str) -> str:
    hours = message["send_at"][:16].replace("T", " "), message["expires_at"][:16].replace("T", " ")
    due = say(
        language, f"gửi lúc {hours[0]}, có ích đến {hours[1]}", f"due {hours[0]}, useful until {hours[1]}"
    )
    size = say(
        language,
        f"{message['segments']} đoạn {message['encoding']}",
        f"{message['segments']} segment{'s' * (message['segments'] != 1)} of {message['encoding']}",
    )
    return f"{message['key']}  [{message['state']}]\n{message['to']}, {due}, {size}\n  “{message['text']}”"


def _warn_of_halts(connection: "Connection", office: "Office", language: str) -> None:
    """On stderr: that nothing leaves matters more than any list, and --json stays one document."""
    from notifications.halts import halted
    from scheduler.service.tell_result import Halt, halt_in_words

    for row in halted(connection):
        halt = Halt(row.channel, row.since, row.sentence)
        click.echo(halt_in_words(halt, office.zone, language), err=True)


def _exact(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat(timespec="milliseconds")
