"""All that can be said of a TOML document: its shape, its references, its contradictions, its doubts."""

from collections.abc import Iterator
from typing import Any

from scheduler.settings.build import build_settings, rule_of
from scheduler.settings.contradictions import calendar_read, contradictions
from scheduler.settings.doubts import doubts, impossible, old_numbers
from scheduler.settings.finding import Finding
from scheduler.settings.fitting import shipped_templates, texts_too_long
from scheduler.settings.grammar import File
from scheduler.settings.quiet import reminders_in_quiet
from scheduler.settings.references import dangling, duplicates, registers_of
from scheduler.settings.settings import Settings
from scheduler.settings.shape import misspelt, read_shape
from scheduler.settings.wording import WARNINGS
from scheduler.timetable.shift import Shift

_RULE_KEYS = frozenset({"days", "time", "from", "until", "every", "on_holiday", "except", "also"})


def judge(document: dict[str, Any], text: str) -> tuple[Settings | None, list[Finding]]:
    """The settings that `document` means, or None where it has an error; and every finding.

    Faulty values are taken out of `document`. `text` is kept as the source of the settings.
    """
    file, shape = read_shape(document)
    registers = registers_of(file, _lacking(shape))
    holidays, country = calendar_read(file.calendar)
    findings = [*shape, *country, *duplicates(file, registers), *contradictions(file)]
    findings += _untold(dangling(file, registers), shape)
    findings += impossible(_whole_shifts(file, findings), holidays)
    findings += old_numbers(file, _numbers(document))
    if any(finding.code not in WARNINGS for finding in findings):
        return None, findings
    settings = build_settings(file, registers, holidays, text)
    findings += texts_too_long(settings, shipped_templates())
    return settings, [*findings, *doubts(settings), *reminders_in_quiet(file, settings)]


def _lacking(shape: list[Finding]) -> frozenset[str]:
    """Sections that lack entries through another fault: an unknown name proves nothing about those."""
    whole = {str(finding.path[0]) for finding in shape if finding.path and len(finding.path) <= 2}
    meant = {key for path, key in misspelt(shape) if not path}
    return frozenset(whole | meant)


def _untold(findings: Iterator[Finding], shape: list[Finding]) -> Iterator[Finding]:
    """Leaves out keys that only look missing: they are there, but misspelt or faulty."""
    told = misspelt(shape)
    faulty = {finding.path[:3] for finding in shape}
    for finding in findings:
        key = finding.params.get("key", "")
        if (finding.path, key) not in told and (*finding.path, key) not in faulty:
            yield finding


def _whole_shifts(file: File, findings: list[Finding]) -> dict[int, Shift]:
    """The shifts in whose rule nothing was found wrong, by their number."""
    faulty = {
        finding.path[1]
        for finding in findings
        if finding.path[:1] == ("shifts",) and not _RULE_KEYS.isdisjoint(finding.path[2:3])
    }
    return {
        number: Shift(str(number), "", "", rule_of(table))
        for number, table in enumerate(file.shifts)
        if number not in faulty and table.days and table.time
    }


def _numbers(document: dict[str, Any]) -> dict[int, str]:
    """The phone numbers as they are written, by the number of the person."""
    phones = [(number, person.get("phone")) for number, person in enumerate(document.get("people", []))]
    return {number: phone for number, phone in phones if isinstance(phone, str)}
