"""follow and unfollow: a clerk enrols a resident at the counter."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli.asked import in_force, language_of, settings_option
from scheduler.cli.number import number_or_fail
from scheduler.settings.summary import say

if TYPE_CHECKING:
    from scheduler.service.office import Office
    from scheduler.timetable.place import Service, Ward


@click.command()
@settings_option
@click.argument("phone")
@click.argument("service")
@click.argument("ward")
@click.option("--language", type=click.Choice(["vi", "en"]), help="The language of the texts.")
def follow(settings_path: Path, phone: str, service: str, ward: str, language: str | None) -> int:
    """Enrols PHONE (or - for stdin) to follow SERVICE in WARD; the consent is recorded."""
    from scheduler.clock import read_clock
    from scheduler.service.follow import Consenting, Wish
    from scheduler.service.follow import follow as begin

    number = number_or_fail(phone)
    with in_force(settings_path) as (database, office):
        now = read_clock()
        wanted, where = _service(office, service), _ward(office, ward, now)
        speaks = language or office.settings.service.languages[0]
        with database.write() as connection:
            agreed = Consenting("counter")
            began = begin(connection, office, number, Wish(wanted, where), agreed, speaks, now)
    _report(
        office,
        began,
        wanted,
        where,
        ("Đã ghi nhận", "Recorded"),
        ("Số này đã theo dõi", "This number follows"),
    )
    return 0


@click.command()
@settings_option
@click.argument("phone")
@click.argument("service")
@click.argument("ward")
def unfollow(settings_path: Path, phone: str, service: str, ward: str) -> int:
    """Ends what PHONE (or - for stdin) follows: SERVICE in WARD."""
    from scheduler.clock import read_clock
    from scheduler.service.follow import Consenting, Wish
    from scheduler.service.follow import unfollow as end

    number = number_or_fail(phone)
    with in_force(settings_path) as (database, office):
        now = read_clock()
        wanted, where = _service(office, service), _ward(office, ward, now)
        with database.write() as connection:
            ended = end(connection, office, number, Wish(wanted, where), Consenting("counter"), now)
    if not ended:
        language = language_of(office.settings)
        raise click.ClickException(
            say(
                language,
                "Số này không theo dõi dịch vụ đó ở phường đó; xem lại số, dịch vụ và phường.",
                "This number does not follow that service in that ward; check all three.",
            )
        )
    _report(office, ended, wanted, where, ("Đã ngừng", "Stopped"), ("", ""))
    return 0


def _service(office: "Office", asked: str) -> "Service":
    from scheduler.timetable.naming import services_named

    found = services_named(office.desk.services.values(), asked)
    if len(found) != 1:
        known = ", ".join(office.desk.services)
        raise click.ClickException(
            say(
                language_of(office.settings),
                f'Không có đúng một dịch vụ tên "{asked}"; hiện có: {known}.',
                f'No one service is called "{asked}"; there are: {known}.',
            )
        )
    return found[0]


def _ward(office: "Office", asked: str, now: datetime) -> "Ward":
    from scheduler.timetable.naming import wards_meant

    language, today = language_of(office.settings), now.astimezone(office.zone).date()
    found = wards_meant(office.desk.wards.values(), asked, today, today)
    if len(found) != 1:
        names = ", ".join(ward.id for ward in found or office.desk.wards.values())
        several = say(language, "ứng với nhiều phường", "leads to several wards")
        unknown = say(language, "không phải phường ở đây", "is not a ward here")
        advice = say(language, "hãy ghi một trong", "name one of")
        raise click.ClickException(f'"{asked}" {several if found else unknown}; {advice}: {names}.')
    return found[0]


def _report(
    office: "Office",
    done: bool,
    service: "Service",
    ward: "Ward",
    yes: tuple[str, str],
    no: tuple[str, str],
) -> None:
    language = language_of(office.settings)
    said = say(language, *(yes if done else no))
    click.echo(f"{said}: {service.name.in_language(language)}, {ward.name.in_language(language)}.")
