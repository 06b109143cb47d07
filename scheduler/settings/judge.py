"""All that can be said of the settings: their shape, their references, their contradictions, their doubts."""

from collections.abc import Iterator, Mapping

from scheduler.settings.answering import dead_ends
from scheduler.settings.build import build_settings, rule_of
from scheduler.settings.contradictions import calendar_read, contradictions
from scheduler.settings.doubts import doubts, old_numbers
from scheduler.settings.finding import Finding
from scheduler.settings.fitting import texts_at_their_longest, texts_too_long
from scheduler.settings.grammar import File
from scheduler.settings.misreadings import ambiguous_words
from scheduler.settings.pace import texts_over_pace
from scheduler.settings.quiet import reminders_in_quiet
from scheduler.settings.references import dangling, duplicates, registers_of
from scheduler.settings.settings import Settings
from scheduler.settings.shape import misspelt
from scheduler.settings.validity import dated_wards, extra_dates_outside, impossible
from scheduler.settings.whole import SECTIONS, Whole
from scheduler.settings.wording import WARNINGS
from scheduler.timetable.shift import Rule

_RULE_KEYS = frozenset({"days", "time", "from", "until", "every", "on_holiday", "except", "also"})


def judge(whole: Whole, source: str, named: list[Finding]) -> tuple[Settings | None, list[Finding]]:
    """The settings that the files mean, or None where one has an error; and every finding.

    `source` is kept as the text of the settings; `named` is what is wrong with the names of files.
    """
    file, shape = whole.file, whole.shape()
    # A text that is sent says nothing of who and what there is.
    lost = any(part.fault and not part.is_own_text for part in whole.parts)
    is_whole = not lost and all(finding.code in WARNINGS for finding in named)
    registers = registers_of(file, _lacking(whole, shape) if is_whole else frozenset(SECTIONS))
    holidays, country = calendar_read(file.calendar)
    findings = [*named, *shape, *country, *(_no_shift(whole, shape) if is_whole else ())]
    findings += [*duplicates(file, registers), *contradictions(file)]
    findings += _untold(dangling(file, registers), shape)
    dated = dated_wards(file, registers)
    findings += extra_dates_outside(file, dated)
    rules = _whole_rules(file, findings, dated)
    findings += impossible(file, rules, dated, holidays)
    findings += old_numbers(file, whole.phones())
    if any(whole.faults()) or any(finding.code not in WARNINGS for finding in findings):
        return None, findings
    settings = build_settings(file, registers, rules, holidays, whole.own_texts(), whole.agreements(), source)
    texts, own = texts_at_their_longest(settings), whole.homes_of_own_texts()
    findings += [*texts_too_long(texts, settings, own), *ambiguous_words(texts, settings, own)]
    findings += [
        *dead_ends(settings),
        *doubts(settings),
        *reminders_in_quiet(file, settings),
        *texts_over_pace(settings),
    ]
    return settings, findings


def _no_shift(whole: Whole, shape: list[Finding]) -> Iterator[Finding]:
    """No shift in any file, unless the word is misspelt."""
    is_told = {((), "shifts"), ((), "shift")} & misspelt(shape)
    if not is_told and not whole.file.shifts and not any(each.path[:1] == ("shifts",) for each in shape):
        yield Finding((), "missing_shift")


def _lacking(whole: Whole, shape: list[Finding]) -> frozenset[str]:
    """Sections that lack entries through another fault: an unknown name proves nothing about those."""
    sections = {str(finding.path[0]) for finding in shape if finding.path and len(finding.path) <= 2}
    sections |= {"people" for part in whole.parts if part.cells and part.findings}
    return frozenset(sections | {key for path, key in misspelt(shape) if not path})


def _untold(findings: Iterator[Finding], shape: list[Finding]) -> Iterator[Finding]:
    """Leaves out keys that only look missing: they are there, but misspelt or faulty."""
    told = misspelt(shape)
    faulty = {finding.path[:3] for finding in shape}
    for finding in findings:
        key = finding.params.get("key", "")
        if (finding.path, key) not in told and (*finding.path, key) not in faulty:
            yield finding


def _whole_rules(file: File, findings: list[Finding], dated: Mapping[int, int]) -> dict[int, Rule]:
    """The rules in which nothing was found wrong, by the number of their shift; `dated` as of `validity`."""
    faulty = {
        finding.path[1]
        for finding in findings
        if finding.path[:1] == ("shifts",) and not _RULE_KEYS.isdisjoint(finding.path[2:3])
    }
    return {
        number: rule_of(table, file.wards[dated[number]] if number in dated else None)
        for number, table in enumerate(file.shifts)
        if number not in faulty and table.days and table.time
    }
