"""The ``catruc`` command: its group, and how errors end."""

from collections.abc import Sequence

import click

from scheduler.cli.answers import confirm, decline, replace
from scheduler.cli.ask import ask
from scheduler.cli.asked import STOPPED, Misused, language_of
from scheduler.cli.hours import hours
from scheduler.cli.lists import available, roster, sessions
from scheduler.cli.messages import messages
from scheduler.cli.move import move
from scheduler.cli.people import people
from scheduler.cli.poster import poster
from scheduler.cli.residents import follow, unfollow
from scheduler.cli.rights import export, forget
from scheduler.cli.schema import schema
from scheduler.cli.service import serve, simulate, worker
from scheduler.cli.session import session
from scheduler.cli.settings_file import apply, check, plan
from scheduler.cli.swap import swap
from scheduler.cli.texts import texts

FAILED = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="catruc")
def catruc() -> None:
    """The duty desk of a ward: shifts in settings.toml become sessions, people, texts and a page."""


for command in (
    check,
    plan,
    apply,
    serve,
    worker,
    simulate,
    sessions,
    roster,
    messages,
    available,
    poster,
    confirm,
    decline,
    ask,
    replace,
    session,
    swap,
    hours,
    follow,
    unfollow,
    export,
    forget,
    people,
    texts,
    move,
    schema,
):
    catruc.add_command(command)


def run(arguments: Sequence[str]) -> int:
    """Runs one command; returns its exit code: 0 done, 1 problems or failure, 2 wrong usage.

    A failure is one line on stderr, never a traceback.
    """
    try:
        outcome = catruc.main(args=list(arguments), prog_name="catruc", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as bare:
        bare.show()
        return bare.exit_code
    except click.ClickException as fault:
        _complain(fault.format_message() + _how_it_is_written(fault))
        return fault.exit_code
    except click.Abort:
        _complain(STOPPED.in_language(language_of(None)))
        return FAILED
    return outcome if isinstance(outcome, int) else 0


def _how_it_is_written(fault: click.ClickException) -> str:
    """What follows a complaint about the words of a command that does not say itself what would be right."""
    is_value = isinstance(fault, click.BadParameter) and not isinstance(fault, click.MissingParameter)
    says_it = is_value or isinstance(fault, Misused)
    if not isinstance(fault, click.UsageError) or fault.ctx is None or says_it:
        return ""
    usage = fault.ctx.get_usage().removeprefix("Usage: ")
    return f" Write `{usage}`; `{fault.ctx.command_path} --help` tells more."


def _complain(message: str) -> None:
    click.echo(f"catruc: {' '.join(message.split())}", err=True)
