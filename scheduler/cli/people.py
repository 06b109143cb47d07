"""people: a list of people is taken in, or made to be filled in."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.asked import Misused, ask_or_stop, json_option, language_of, print_json, settings_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scheduler.settings.importing import Import
    from scheduler.settings.merge import Entry
    from scheduler.settings.read import Reading
    from scheduler.settings.settings import Settings

_MOST_SHOWN = 20


@click.group()
def people() -> None:
    """Lists of people: takes one in, or makes one to fill in."""


@people.command("import")
@settings_option
@json_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", help="The list of the settings that FILE goes into, where there are several.")
@click.option("--whole", is_flag=True, help="FILE is the whole list: whoever is missing in it leaves.")
@click.option("--yes", is_flag=True, help="Ask no question.")
def import_people(
    settings_path: Path, as_json: bool, file: Path, into: str | None, whole: bool, yes: bool
) -> int:
    """Takes the people of FILE, CSV or XLSX, into the list that the settings name: all of them, or none."""
    from scheduler.settings.importing import CannotImport, Import, carry_out, propose
    from scheduler.settings.summary import say

    try:
        proposed = propose(settings_path, file, into, is_whole=whole)
    except CannotImport as fault:
        raise _refused(fault) from fault
    if not isinstance(proposed, Import):
        return _tell_problems(proposed, as_json)
    language = language_of(proposed.settings)
    for line in _preview(proposed, language):
        click.echo(line, err=as_json)
    written = False
    if proposed:
        if not yes:
            ask_or_stop(_question(proposed, language), language, err=as_json)
        try:
            copy = carry_out(proposed, language)
        except CannotImport as fault:
            raise _refused(fault) from fault
        written = True
        kept = say(language, f" Bản cũ: {copy.name}.", f" The old one: {copy.name}.") if copy else ""
        done = say(
            language,
            f"Đã ghi {proposed.into}.{kept} catruc serve tự nhận; không có serve thì chạy catruc apply.",
            f"{proposed.into} is written.{kept} catruc serve takes it by itself; else run catruc apply.",
        )
        click.echo(done, err=as_json)
    if as_json:
        print_json(_as_json(proposed, language, written))
    return 0


@people.command()
@settings_option
@json_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The .xlsx or .csv file to write.",
)
def template(settings_path: Path, as_json: bool, out: Path) -> int:
    """Writes an empty list of people to fill in, with headings, an example and choices."""
    from scheduler.settings.people_form import as_file, template
    from scheduler.settings.read import read_settings

    if out.suffix.lower() not in (".xlsx", ".csv"):
        raise Misused(f"{out.name}: a list of people is .xlsx or .csv.")
    reading = read_settings(settings_path)
    language = language_of(reading.settings, reading.language)
    wards, services = _names(reading.settings, language)
    content = as_file(template(language, wards, services), out.suffix, language, wards, services)
    _write_new(out, content, language)
    if as_json:
        print_json({"file": str(out)})
    else:
        click.echo(_next_step(out, language))
    return 0


def _names(settings: "Settings | None", language: str) -> tuple[list[str], list[str]]:
    """The wards and services that may be chosen, where the settings can be read."""
    if settings is None:
        return [], []
    desk = settings.desk
    return (
        [ward.name.in_language(language) for ward in desk.wards.values()],
        [service.name.in_language(language) for service in desk.services.values()],
    )


def _write_new(out: Path, content: bytes, language: str) -> None:
    from scheduler.settings.summary import say

    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError as fault:
        raise click.ClickException(
            say(
                language,
                f"Đã có {out}; hãy chọn tên khác, để không mất danh sách đang có.",
                f"{out} is there already; choose another name, lest a list be lost.",
            )
        ) from fault
    except OSError as fault:
        raise click.ClickException(
            say(
                language,
                f"Không ghi được {out}: {fault.strerror}.",
                f"{out} cannot be written: {fault.strerror}.",
            )
        ) from fault


def _next_step(out: Path, language: str) -> str:
    from scheduler.settings.summary import say

    return say(
        language,
        f"Đã tạo {out}. Điền xong thì chạy: catruc people import {out}",
        f"{out} is made. When it is filled in: catruc people import {out}",
    )


def _refused(fault: Any) -> click.ClickException:
    from scheduler.settings.wording import WORDING

    wording = WORDING[fault.code].in_language(language_of(None))
    # The name of a file keeps its letters.
    begun = wording if wording.startswith("{") else wording[0].upper() + wording[1:]
    return click.ClickException(f"{begun.format_map(fault.params)}.")


def _tell_problems(reading: "Reading", as_json: bool) -> int:
    language = language_of(None, reading.language)
    if as_json:
        problems = [problem.as_json(language) for problem in reading.problems]
        print_json({"ok": False, "written": False, "problems": problems})
    else:
        click.echo(reading.render(language), err=True)
    return 1


def _preview(proposed: "Import", language: str) -> "Iterator[str]":
    from scheduler.settings.summary import say

    merge = proposed.merge
    if proposed.warnings.problems:
        yield proposed.warnings.render(language)
    gone = merge.removed or merge.missing
    leaves = (
        say(language, "bỏ", "removed") if merge.removed else say(language, "không có trong tệp", "missing")
    )
    yield say(
        language,
        f"{proposed.file.name} → {proposed.into}: thêm {len(merge.added)}, đổi {len(merge.changed)}, "
        f"giữ nguyên {merge.unchanged}, {leaves} {len(gone)}.",
        f"{proposed.file.name} → {proposed.into}: {len(merge.added)} added, {len(merge.changed)} changed, "
        f"{merge.unchanged} unchanged, {len(gone)} {leaves}.",
    )
    yield from _entries("+", merge.added, language)
    yield from _entries("~", merge.changed, language)
    yield from _entries("-", merge.removed, language)
    if merge.missing:
        stay = "Không có trong tệp, vẫn giữ (--whole thì bỏ):", "Missing in it, and staying (unless --whole):"
        yield say(language, *stay)
        yield from _entries(" ", merge.missing, language)
    if proposed.without_consent:
        yield say(
            language,
            f"{proposed.without_consent} người chưa ghi ngày đồng ý nhận tin; vẫn nhận tin về ca của mình.",
            f"{proposed.without_consent} people have no date of consent; they are texted about their duty "
            "all the same.",
        )
    if not proposed:
        yield say(language, "Không có gì phải đổi.", "There is nothing to change.")


def _entries(mark: str, entries: "Sequence[Entry]", language: str) -> "Iterator[str]":
    from scheduler.settings.summary import say

    for entry in entries[:_MOST_SHOWN]:
        what = f" ({', '.join(entry.headings)})" if entry.headings else ""
        yield say(
            language,
            f"  {mark} dòng {entry.row}: {entry.name}{what}",
            f"  {mark} row {entry.row}: {entry.name}{what}",
        )
    more = len(entries) - _MOST_SHOWN
    if more > 0:
        yield say(language, f"  {mark} … và {more} người nữa", f"  {mark} … and {more} more")


def _question(proposed: "Import", language: str) -> str:
    from scheduler.settings.summary import say

    if proposed.main:
        path = proposed.path.name
        return say(
            language,
            f"Ghi {proposed.into}, và thêm nó vào {path}?",
            f"Write {proposed.into}, and name it in {path}?",
        )
    return say(language, f"Ghi vào {proposed.into}?", f"Write it into {proposed.into}?")


def _as_json(proposed: "Import", language: str, written: bool) -> dict[str, object]:
    merge = proposed.merge
    return {
        "ok": True,
        "written": written,
        "into": proposed.into,
        "added": [_entry_as_json(entry) for entry in merge.added],
        "changed": [_entry_as_json(entry) | {"columns": list(entry.headings)} for entry in merge.changed],
        "unchanged": merge.unchanged,
        "missing": [_entry_as_json(entry) for entry in merge.missing],
        "removed": [_entry_as_json(entry) for entry in merge.removed],
        "without_consent": proposed.without_consent,
        "problems": [problem.as_json(language) for problem in proposed.warnings.problems],
    }


def _entry_as_json(entry: "Entry") -> dict[str, object]:
    return {"row": entry.row, "name": entry.name}
