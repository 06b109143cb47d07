"""Shifts that can never be held, and dates that lie beyond those of their ward."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from scheduler.settings.finding import Finding
from scheduler.settings.grammar import File, ShiftTable, WardTable
from scheduler.settings.locate import Path
from scheduler.settings.references import Registers
from scheduler.timetable.holidays import Holidays
from scheduler.timetable.label import Label
from scheduler.timetable.recurrence import never_happens
from scheduler.timetable.shift import Rule


def dated_wards(file: File, registers: Registers) -> dict[int, int]:
    """The number of the ward by that of its shift, where the ward has dates, and they make sense."""
    wards = {
        ident: number
        for number, (ident, ward) in enumerate(zip(registers.wards.ids, file.wards, strict=True))
        if ident
        and (ward.first or ward.until)
        and not (ward.first and ward.until and ward.until < ward.first)
    }
    if not wards:
        return {}
    places = {
        ident: wards[ward]
        for ident, place in zip(registers.places.ids, file.places, strict=True)
        if ident and (ward := registers.wards.resolve(place.ward)) in wards
    }
    return {
        number: places[place]
        for number, shift in enumerate(file.shifts)
        if (place := registers.places.resolve(shift.place)) in places
    }


def extra_dates_outside(file: File, dated: Mapping[int, int]) -> Iterator[Finding]:
    """Dates in ``also`` on which the ward of the shift is none."""
    for number, at in dated.items():
        ward = file.wards[at]
        for index, day in enumerate(file.shifts[number].also):
            key = "from" if ward.first and day < ward.first else "until"
            if (ward.first and day < ward.first) or (ward.until and day > ward.until):
                params = {"date": str(day)} | _of_ward(ward)
                path: Path = ("shifts", number, "also", index)
                yield Finding(path, "also_outside_ward", params, against=("wards", at, key))


def impossible(
    file: File, rules: Mapping[int, Rule], dated: Mapping[int, int], holidays: Holidays
) -> Iterator[Finding]:
    """Shifts that can hold no session; `rules` and `dated` go by the number of the shift."""
    known: dict[Rule, bool] = {}
    for number, rule in rules.items():
        if rule not in known:
            known[rule] = never_happens(rule, holidays)
        if not known[rule]:
            continue
        if number in dated and not never_happens(replace(rule, opens=None, closes=None), holidays):
            yield _never_in_ward(number, file.shifts[number], dated[number], file.wards[dated[number]])
        else:
            yield Finding(("shifts", number), "never_happens")


def _never_in_ward(number: int, shift: ShiftTable, at: int, ward: WardTable) -> Finding:
    own, its = _clash(shift, ward)
    return Finding(("shifts", number, *own), "never_in_ward", _of_ward(ward), against=("wards", at, its))


def _clash(shift: ShiftTable, ward: WardTable) -> tuple[Path, str]:
    """The key of the shift, if it is one, and the key of the ward that leave nothing between them."""
    if shift.first and ward.until and shift.first > ward.until:
        return ("from",), "until"
    if shift.until and ward.first and shift.until < ward.first:
        return ("until",), "from"
    return (), "until" if ward.until else "from"


def _of_ward(ward: WardTable) -> dict[str, str]:
    dates = Label(
        " ".join(f"{word} {day}" for word, day in (("từ", ward.first), ("đến", ward.until)) if day),
        " ".join(f"{word} {day}" for word, day in (("from", ward.first), ("until", ward.until)) if day),
    )
    return {"ward": ward.name.en, "ward_vi": ward.name.vi, "dates": dates.en, "dates_vi": dates.vi}
