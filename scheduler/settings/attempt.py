"""One reading of all the files from one origin, and what becomes of it when some of them are frozen."""

from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from scheduler.settings.bundle import Bundle
from scheduler.settings.finding import Finding
from scheduler.settings.judge import judge
from scheduler.settings.origin import Frozen, Origin, Outside, Stored
from scheduler.settings.part import Part
from scheduler.settings.problem import Problem, Severity
from scheduler.settings.settings import Settings
from scheduler.settings.whole import Whole, problems_of, whole_of

# Each round freezes at least one more file; who needs more rounds is editing everything at once.
_MOST_ROUNDS = 5
_MOST_TRIED = 8


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the files of one origin say; `names` are those of `parts` as problems tell them."""

    settings: Settings | None
    problems: tuple[Problem, ...]
    parts: tuple[Part, ...]
    names: tuple[str, ...]

    def faulty(self) -> frozenset[str]:
        """The names, relative to the folder, of the parts that have errors."""
        told = {problem.file for problem in self.problems if problem.severity is Severity.ERROR}
        return frozenset(part.name for part, name in zip(self.parts, self.names, strict=True) if name in told)


@dataclass(frozen=True, slots=True)
class Standing:
    """What can stand of an edit: the settings, with the parts in `frozen` as they were; and all problems."""

    settings: Settings | None
    problems: tuple[Problem, ...]
    frozen: tuple[str, ...]


def attempt(origin: Origin) -> Attempt:
    """Reads everything and judges it. Never raises, whatever the files hold."""
    parts, findings = _gather(origin)
    names = tuple(origin.told_as(part.name) for part in parts)
    main = parts[0]
    if main.fault:
        return Attempt(None, (replace(main.fault, file=names[0]),), parts, names)
    whole = whole_of(parts, names)
    bundle = bundle_from(parts)
    if not origin.may_judge(bundle):
        costly = Problem(names[0], 1, 1, 1, Severity.ERROR, "costs_too_much")
        return Attempt(None, (*whole.faults(), costly), parts, names)
    settings, judged = judge(whole, str(bundle), findings)
    problems = _in_order(whole, judged)
    broken = any(problem.severity is Severity.ERROR for problem in problems)
    return Attempt(None if broken else settings, problems, parts, names)


def bundle_from(parts: tuple[Part, ...]) -> Bundle:
    """What all parts say, the main one first."""
    included = tuple(part.name for part in parts[1:] if not part.cells and not part.is_own_text)
    own_texts = tuple(part.name for part in parts if part.is_own_text)
    return Bundle(parts[0].name, {part.name: part.text for part in parts}, included, own_texts)


def standing(first: Attempt, origin: Origin, last: Stored) -> Standing:
    """What stands when faulty parts stay as they were in `last`; nothing does when that does not help."""
    told = list(first.problems)
    frozen: frozenset[str] = frozenset()
    now = first
    for _ in range(_MOST_ROUNDS):
        if not _may_help(now, last):
            break
        edited = {part.name for part in now.parts[1:] if _was_edited(part, last)} - frozen
        if edited & now.faulty():
            frozen |= edited & now.faulty()
            now = attempt(Frozen(origin, last, frozen))
        elif edited:
            frozen, now = _without_one(edited, frozen, origin, last)
        else:
            break
        # What a frozen part says is not in the file any more that a clerk would look at.
        names = {origin.told_as(name) for name in frozen}
        told += [problem for problem in now.problems if problem.file not in names]
        if now.settings:
            return Standing(now.settings, _sorted(told, first), tuple(sorted(names)))
    return Standing(None, _sorted(told, first), ())


def _without_one(
    edited: set[str], frozen: frozenset[str], origin: Origin, last: Stored
) -> tuple[frozenset[str], Attempt]:
    """The fault shows in a file that nobody edited: one of the edits must have caused it, or all together."""
    for name in sorted(edited)[:_MOST_TRIED]:
        now = attempt(Frozen(origin, last, frozen | {name}))
        if now.settings:
            return frozen | {name}, now
    return frozen | edited, attempt(Frozen(origin, last, frozen | edited))


def _may_help(now: Attempt, last: Stored) -> bool:
    """Whether the main file is innocent: freezing mends no fault that was edited into it."""
    main = now.parts[0]
    return not (_was_edited(main, last, is_main=True) and main.name in now.faulty())


def _was_edited(part: Part, last: Stored, *, is_main: bool = False) -> bool:
    name = last.bundle.main if is_main else part.name
    return part.text != last.bundle.texts.get(name) or part.fault is not None


def _gather(origin: Origin) -> tuple[tuple[Part, ...], list[Finding]]:
    """All parts, lists behind the file that names them, own texts last; and what is wrong with the names."""
    main = origin.main()
    if main.fault:
        return (main,), []
    names, findings = origin.included(main)
    parts: list[Part] = []
    listed: set[str] = set()
    for owner in (main, *filter(None, map(origin.toml, names))):
        number = len(parts)
        parts.append(owner)
        for at, name in enumerate(owner.lists):
            path = PurePosixPath(owner.name).parent / name.replace("\\", "/")
            try:
                part = _list_once(str(path), listed, origin)
            except Outside as wrong:
                findings.append(Finding(("people", at), wrong.code, {"value": name}, part=number))
            else:
                parts += [part] if part else []
    own_texts, wrong_place = origin.own_texts(main)
    return (*parts, *filter(None, map(origin.own_text, own_texts))), [*findings, *wrong_place]


def _list_once(path: str, listed: set[str], origin: Origin) -> Part | None:
    if path in listed:
        raise Outside("listed_twice")
    listed.add(path)
    return origin.people(path)


def _in_order(whole: Whole, findings: list[Finding]) -> tuple[Problem, ...]:
    order = {name: number for number, name in enumerate(whole.names)}
    problems = (*whole.faults(), *problems_of(findings, whole))
    return tuple(sorted(problems, key=lambda each: (order[each.file], each.line, each.column)))


def _sorted(problems: list[Problem], first: Attempt) -> tuple[Problem, ...]:
    """Each once, in the order of files and lines."""
    order = {name: number for number, name in enumerate(first.names)}
    last = len(order)
    different = {
        (each.file, each.line, each.column, each.code, *each.params.items()): each for each in problems
    }
    return tuple(
        sorted(different.values(), key=lambda each: (order.get(each.file, last), each.line, each.column))
    )
