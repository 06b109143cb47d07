"""session: what the desk says of a session while it is held, or before."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli.asked import Misused, in_force, language_of, settings_option
from scheduler.cli.named import session_or_fail
from scheduler.settings.summary import say

if TYPE_CHECKING:
    from scheduler.service.speak_for_desk import Spoken

MOST_LEFT = 9999


@click.command()
@settings_option
@click.argument("session")
@click.option("--full", "said", flag_value="full", multiple=True, help="Nobody more is let in.")
@click.option(
    "--open", "said", flag_value="open", multiple=True, help="It is held; also takes --cancel back."
)
@click.option("--late", "said", flag_value="late", multiple=True, help="It begins late, or stands still.")
@click.option("--left", type=click.IntRange(0, MOST_LEFT), help="So many places are left; 0 is full.")
@click.option(
    "--cancel",
    "said",
    flag_value="cancel",
    multiple=True,
    help="It is not held: closes the counter and texts.",
)
@click.option("--reason", default="", help="Why, as residents read it; needed for --cancel.")
def session(settings_path: Path, session: str, said: tuple[str, ...], left: int | None, reason: str) -> int:
    """Says how SESSION (a key or an item number) stands; the page shows it at once.

    A session that is called off is told to those on duty and those who follow after two minutes; until then
    --open takes it back and nobody hears of it.
    """
    all_said = {*said, *(["left"] if left is not None else [])}
    if len(all_said) != 1:
        raise Misused("Name one of --full, --open, --late, --left N and --cancel, and no second one.")
    one = all_said.pop()
    if one == "cancel" and not reason.strip():
        raise Misused("--cancel needs --reason TEXT: residents read it on the page.")
    language = _carry_out(settings_path, session, one, left or 0, reason)
    click.echo(_done(one, session, language))
    return 0


def _carry_out(settings_path: Path, named: str, said: str, left: int, reason: str) -> str:
    from scheduler.clock import read_clock
    from scheduler.service.speak_for_desk import (
        AT_THE_TERMINAL,
        Live,
        Spoken,
        call_off,
        hold_after_all,
        say_of_session,
    )
    from scheduler.timetable.opening import State

    with in_force(settings_path) as (database, office), database.write() as connection:
        language, now = language_of(office.settings), read_clock()
        row = session_or_fail(connection, office, named, language, now)
        if said == "cancel":
            spoken = call_off(connection, office, row, reason, AT_THE_TERMINAL, now)
        elif said == "open" and row.called_off:
            spoken = hold_after_all(connection, office, row, AT_THE_TERMINAL, now)
        else:
            live = Live.places(left) if said == "left" else Live(State(said), reason=reason)
            spoken = say_of_session(connection, office, row, live, AT_THE_TERMINAL, now)
    if spoken is not Spoken.DONE:
        raise click.ClickException(_why(spoken, named, language))
    return language


def _done(said: str, named: str, language: str) -> str:
    if said == "cancel":
        return say(
            language,
            f"Đã ghi: không diễn ra. Sau hai phút sẽ báo người trực và người theo dõi; trước đó, "
            f"catruc session {named} --open rút lại mà không ai nhận tin.",
            "Recorded: not held. In two minutes those on duty and those who follow are told; until then "
            f"catruc session {named} --open takes it back and nobody hears of it.",
        )
    return say(language, "Đã ghi; trang cho người dân đổi ngay.", "Recorded; the page shows it at once.")


def _why(spoken: "Spoken", named: str, language: str) -> str:
    from scheduler.service.speak_for_desk import Spoken

    if spoken is Spoken.OVER:
        return say(language, f"Buổi {named} đã kết thúc.", f"{named} is over.")
    if spoken is Spoken.PRIVATE:
        return say(
            language,
            "Lý do hiện trên trang công khai: xin đừng ghi số điện thoại hay họ tên người trực.",
            "The reason stands on a public page: please leave out telephone numbers and names of people.",
        )
    if spoken is Spoken.OFF:
        return say(
            language,
            f"Buổi {named} đã bỏ khỏi lịch; muốn mở lại thì sửa tệp cài đặt.",
            f"{named} was taken out of the schedule; to hold it, change the settings.",
        )
    return say(
        language,
        f"Buổi {named} đã được báo không diễn ra; --open rút lại.",
        f"{named} is called off; --open takes that back.",
    )
