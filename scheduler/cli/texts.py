"""texts: what every text costs at its longest, the sheet for operators, and a measure for any text."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click

from scheduler.cli.asked import (
    Misused,
    json_option,
    language_of,
    print_json,
    settings_option,
    settings_or_fail,
)


@click.command()
@settings_option
@json_option
@click.option("--registration", is_flag=True, help="Print the sheet that operators ask for.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the sheet to this .xlsx file instead.",
)
@click.option(
    "--measure",
    type=click.File("rb"),
    help="Measure the texts of a file, one JSON string a line; - for stdin.",
)
def texts(
    settings_path: Path, as_json: bool, registration: bool, out: Path | None, measure: BinaryIO | None
) -> int:
    """Shows every text at its longest, and what it costs."""
    if measure is not None:
        if registration or out:
            raise Misused("--measure takes a file alone, without --registration or --out.")
        for line in _measured(measure):
            click.echo(line)
    elif registration or out:
        _print_sheet(settings_path, as_json, out)
    else:
        _print_texts(settings_path, as_json)
    return 0


def _print_texts(settings_path: Path, as_json: bool) -> None:
    from scheduler.service.list_texts import list_texts, text_in_words
    from scheduler.settings.summary import say

    settings = settings_or_fail(settings_path)
    rows = list_texts(settings)
    if as_json:
        print_json(rows)
        return
    language = language_of(settings)
    for row in rows:
        click.echo(text_in_words(row, language))
    one = sum(row["segments"] == 1 for row in rows)
    click.echo(
        say(
            language,
            f"{len(rows)} tin, {one} tin chỉ một đoạn khi dài nhất.",
            f"{len(rows)} texts; {one} of them are one segment at their longest.",
        )
    )


def _print_sheet(settings_path: Path, as_json: bool, out: Path | None) -> None:
    """Tabs between cells: what is copied from a terminal falls into the columns of a spreadsheet."""
    from scheduler.service.list_texts import list_forms, sheet_of
    from scheduler.settings.workbook import workbook

    settings = settings_or_fail(settings_path)
    rows = list_forms(settings)
    sheet = sheet_of(rows, language_of(settings))
    if out is not None:
        if out.suffix.lower() != ".xlsx":
            raise Misused(f"{out.name}: the sheet is written as .xlsx only.")
        try:
            out.write_bytes(workbook(sheet))
        except OSError as fault:
            raise click.ClickException(f"{out} cannot be written: {fault.strerror}") from fault
    elif as_json:
        print_json(rows)
    else:
        for row in sheet:
            click.echo("\t".join(row))


def _measured(file: BinaryIO) -> Iterator[str]:
    from notifications.text import measure

    for number, line in enumerate(file, start=1):
        try:
            text = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        except (ValueError, RecursionError):
            text = None
        if not isinstance(text, str):
            raise click.ClickException(f"line {number} is no JSON string; write each text in double quotes.")
        size = measure(text)
        yield json.dumps(
            {"encoding": size.encoding, "segments": size.segments, "characters": size.characters}
        )
