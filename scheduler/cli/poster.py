"""``catruc poster``: the notice of a place, as a file for a browser to print."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from scheduler.cli.asked import in_force, language_of, settings_option
from scheduler.settings.summary import say

if TYPE_CHECKING:
    from scheduler.timetable.opening import Board
    from scheduler.timetable.place import Place

_ONLY_HERE = ("127.0.0.1", "localhost", "::1")


@click.command()
@settings_option
@click.argument("place")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
@click.option("--language", type=click.Choice(["vi", "en"]), help="The language of the notice.")
def poster(settings_path: Path, place: str, out: Path, language: str | None) -> int:
    """Writes an A4 notice with a month of sessions and the QR code of the page of PLACE.

    PLACE is an id or a name. Open the file in a browser and print it.
    """
    from scheduler.clock import read_clock
    from scheduler.service.show_openings import show_openings
    from scheduler.web.poster_page import poster_file
    from scheduler.web.rendering import load_pages

    now = read_clock()
    with in_force(settings_path) as (database, office), database.read() as connection:
        board = show_openings(connection, office, now)
    speaks = language_of(office.settings)
    found = _place_of(board, place, speaks)
    try:
        out.write_bytes(poster_file(load_pages(), board, found, language or board.languages[0], now))
    except OSError as fault:
        raise click.ClickException(
            say(
                speaks,
                f"Không ghi được {out}: {fault.strerror}.",
                f"{out} could not be written: {fault.strerror}.",
            )
        ) from fault
    click.echo(
        say(
            speaks,
            f"Đã ghi {out}; mở bằng trình duyệt rồi in.",
            f"{out} is written; open it in a browser and print it.",
        )
    )
    if urlsplit(board.public_url).hostname in _ONLY_HERE:
        click.echo(say(speaks, *_cannot_be_reached(board.public_url)), err=True)
    return 0


def _place_of(board: "Board", name: str, language: str) -> "Place":
    from scheduler.timetable.naming import places_named

    found = places_named(board.places, name)
    if len(found) == 1:
        return found[0]
    ids = ", ".join(one.id for one in found or board.places)
    raise click.ClickException(
        say(
            language,
            f"“{name}” {'có thể là nhiều nơi' if found else 'không phải tên nơi nào'}; hãy chọn một: {ids}.",
            f"“{name}” {'may be several places' if found else 'is no place'}; choose one of: {ids}.",
        )
    )


def _cannot_be_reached(address: str) -> tuple[str, str]:
    return (
        f"Lưu ý: public_url trong cấu hình là {address}; điện thoại của người dân không mở được mã QR này.",
        f"Note: public_url in the settings is {address}; no resident's phone can open this QR code.",
    )
