"""confirm, decline and replace: what a coordinator records after a telephone call."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.asked import in_force, language_of, settings_option
from scheduler.cli.named import session_or_fail
from scheduler.roster.assignment import Standing
from scheduler.settings.summary import say
from scheduler.timetable.label import Label

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from scheduler.service.office import Office
    from scheduler.service.take_answer import Answered


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


@click.command()
@settings_option
@click.argument("session")
@click.argument("person")
def replace(settings_path: Path, session: str, person: str) -> int:
    """Takes PERSON off SESSION and finds the best substitute."""
    from scheduler.clock import read_clock
    from scheduler.service.replace_person import replace_person

    with in_force(settings_path) as (database, office), database.write() as connection:
        language = language_of(office.settings)
        row, someone = _seat(connection, office, session, person, language, read_clock())
        found = replace_person(connection, office, row, someone, read_clock())
    if found is None:
        raise click.ClickException(
            say(
                language,
                f"Không có gì thay đổi: {session} đã bắt đầu, hoặc {person} không giữ chỗ ở đó.",
                f"Nothing was changed: {session} has begun, or {person} holds no seat there.",
            )
        )
    names = ", ".join(office.desk.people[one].name for one in found)
    click.echo(
        say(language, f"Đã thay: {names} sẽ được mời.", f"Replaced: {names} will be asked.")
        if names
        else say(
            language,
            f"Đã rút {person}; chưa có ai thay, catruc roster --why {session} cho biết vì sao.",
            f"{person} is off; nobody can take the seat, catruc roster --why {session} says why.",
        )
    )
    return 0


def _seat(
    connection: "Connection", office: "Office", session: str, person: str, language: str, now: datetime
) -> "tuple[Row[Any], str]":
    """The session of that key, and the id of the one on it who is called so."""
    from scheduler.service.take_answer import person_named

    row = session_or_fail(connection, office, session, language, now, person)
    someone = person_named(connection, office, row, person)
    if someone is None:
        raise click.ClickException(
            say(
                language,
                f'Buổi {session} không có ai tên "{person}"; catruc roster liệt kê những người được xếp.',
                f'Nobody called "{person}" is on {session}; catruc roster lists who is.',
            )
        )
    return row, someone


def _answer(settings_path: Path, session: str, person: str, yes: bool) -> int:
    from scheduler.clock import read_clock
    from scheduler.service.take_answer import Answered, answer, wanted_beside

    with in_force(settings_path) as (database, office), database.write() as connection:
        language = language_of(office.settings)
        row, someone = _seat(connection, office, session, person, language, read_clock())
        before = wanted_beside(connection, row.id, someone)
        outcome = answer(connection, office, row, someone, yes, read_clock())
        if outcome is not Answered.DONE:
            raise click.ClickException(_why_not(outcome, session, person, language))
        beside = wanted_beside(connection, row.id, someone)
    asked = [one for one, standing in beside.items() if one not in before or standing is Standing.SOUGHT]
    names = ", ".join(sorted(map(office.name_of, asked)))
    click.echo(
        say(language, "Đã ghi nhận: nhận ca.", "Recorded: comes.") if yes else _missed(names, language)
    )
    return 0


def _why_not(outcome: "Answered", session: str, person: str, language: str) -> str:
    """Why an answer changed nothing, for whoever has the person on the telephone."""
    reasons = {
        "already": Label("đã ghi như vậy rồi", "that is recorded already"),
        "taken": Label("chỗ đã có người khác", "the seat is taken"),
        "busy": Label(
            f"{person} có ca khác, hoặc quy tắc xếp người không cho",
            f"{person} is on duty elsewhere, or the rules of the roster forbid it",
        ),
        "too_late": Label(f"{session} đã bắt đầu hoặc đã hủy", f"{session} has begun or is called off"),
        "unknown": Label(f"{person} không có tên trong buổi này", f"{person} is not on it"),
    }
    reason = reasons[outcome.value]
    return say(language, f"Không có gì thay đổi: {reason.vi}.", f"Nothing was changed: {reason.en}.")


def _missed(names: str, language: str) -> str:
    if names:
        return say(
            language,
            f"Đã ghi nhận: không đến; người được hỏi thay: {names}.",
            f"Recorded: does not come; asked instead: {names}.",
        )
    return say(
        language,
        "Đã ghi nhận: không đến; chưa có ai để hỏi thay.",
        "Recorded: does not come; nobody else is asked.",
    )
