"""Tables without a fault, as frozen settings."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from notifications.template import Template
from notifications.terms import Terms
from scheduler.plan.desk import Desk
from scheduler.reminders.lead import Leads
from scheduler.reminders.vocabulary import shipped_templates
from scheduler.roster.person import Person
from scheduler.roster.rules import RosterRules
from scheduler.settings.grammar import (
    DutyTable,
    File,
    FollowTable,
    PersonTable,
    PlaceTable,
    RemindersTable,
    RosterTable,
    ServiceTable,
    ShiftTable,
    Table,
    TermsTable,
    WardTable,
)
from scheduler.settings.references import Register, Registers
from scheduler.settings.settings import Agreement, Apply, Following, Identity, Settings
from scheduler.timetable.availability import Absence
from scheduler.timetable.days import DayPattern, Weekdays
from scheduler.timetable.holidays import Holidays
from scheduler.timetable.place import Place, Service, Ward
from scheduler.timetable.shift import Deputy, Need, Role, Rule, Shift

_AUDIENCES = ("staff", "volunteer", "resident")
_NOT_TERMS = frozenset(_AUDIENCES)


def build_settings(
    file: File,
    registers: Registers,
    rules: Mapping[int, Rule],
    holidays: Holidays,
    own_texts: Mapping[str, Template],
    agreements: tuple[Agreement, ...],
    source: str,
) -> Settings:
    """The settings that a file without errors means; `rules` go by the number of the shift."""
    terms = _terms(Terms(), file.sms)
    audiences = {name: getattr(file.sms, name) for name in _AUDIENCES if name in file.sms.model_fields_set}
    hold = file.apply.hold_above
    return Settings(
        service=_identity(file.service),
        desk=_desk(file, registers, rules, holidays),
        terms=terms,
        audience_terms={name: _terms(terms, table) for name, table in audiences.items()},
        apply=Apply(file.apply.mode, file.apply.wait, hold.cancelled, hold.texts),
        roster=_roster(file.roster, registers.services),
        following=_following(file.follow),
        agreements=agreements,
        templates=shipped_templates().overridden_by(own_texts),
        source=source,
    )


def leads_of(base: Leads, table: RemindersTable) -> Leads:
    """`base` with what the table says otherwise."""
    if not table.model_fields_set:
        return base
    written = _written(table, ("staff", "resident"))
    written |= _written(table.volunteer, ("ask", "chase", "remind", "escalate"))
    return replace(base, **written) if written else base


def rule_of(table: ShiftTable, ward: WardTable | None) -> Rule:
    """When a shift is held; `ward` is the one that has dates of its own."""
    return Rule(
        days=_days(table.days),
        spans=tuple(table.time),
        start=table.first,
        until=table.until,
        every=table.every,
        on_holiday=table.on_holiday,
        also=frozenset(table.also),
        excepted=frozenset(table.excepted),
        opens=ward.first if ward else None,
        closes=ward.until if ward else None,
    )


def _written(table: Table, keys: tuple[str, ...]) -> dict[str, Any]:
    """What stands in the file, lists as tuples."""
    found = {key: getattr(table, key) for key in keys if key in table.model_fields_set}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}


def _identity(table: ServiceTable) -> Identity:
    return Identity(
        name=table.name,
        zone=table.timezone,
        languages=tuple(dict.fromkeys(language.value for language in table.languages)),
        plan_ahead=table.plan_ahead,
        database=table.database,
        public_url=table.public_url,
        hotline=table.hotline,
    )


def _roster(table: RosterTable, services: Register) -> RosterRules:
    first = _many(services, table.first)
    return RosterRules(table.rest, table.travel, table.consecutive_days, table.weekends, first)


def _following(table: FollowTable) -> Following:
    countries = tuple(dict.fromkeys(country.value for country in table.countries))
    return Following(countries, table.texts_a_month, table.answers_a_day)


def _terms(base: Terms, table: TermsTable) -> Terms:
    keys = tuple(key for key in TermsTable.model_fields if key not in _NOT_TERMS)
    written = _written(table, keys)
    if "channel" in written:
        written["channel"] = table.channel.value
    return replace(base, **written) if written else base


def _desk(file: File, registers: Registers, rules: Mapping[int, Rule], holidays: Holidays) -> Desk:
    leads = leads_of(Leads(), file.reminders)
    shifts = [
        _shift(ident, table, rules[number], registers)
        for number, (ident, table) in enumerate(zip(registers.shift_ids, file.shifts, strict=True))
        if ident
    ]
    return Desk(
        wards={each.id: each for each in _wards(file.wards, registers)},
        places={each.id: each for each in _places(file.places, registers)},
        services={each.id: each for each in _services(file.services, registers.services)},
        people={each.id: each for each in _people(file.people, registers)},
        shifts={shift.id: shift for shift in shifts},
        holidays=holidays,
        leads=leads,
        shift_leads=_shift_leads(file, shifts, registers.services, leads),
    )


def _shift_leads(file: File, shifts: list[Shift], services: Register, leads: Leads) -> Mapping[str, Leads]:
    """Leads of the shifts that differ from everyone's: a shift's own win over its service's."""
    tables = dict(zip(services.ids, file.services, strict=True))
    own = {
        shift.id: leads_of(leads_of(leads, tables[shift.service].reminders), table.reminders)
        for shift, table in zip(shifts, file.shifts, strict=True)
    }
    return {ident: each for ident, each in own.items() if each is not leads and each != leads}


def _one(register: Register, written: str) -> str:
    return register.resolve(written) or ""


def _many(register: Register, written: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_one(register, each) for each in written))


def _wards(tables: list[WardTable], registers: Registers) -> list[Ward]:
    return [
        Ward(
            ident or "",
            table.name,
            tuple(table.formerly),
            _many(registers.people, table.coordinators),
            table.sender or None,
            table.first,
            table.until,
        )
        for ident, table in zip(registers.wards.ids, tables, strict=True)
    ]


def _places(tables: list[PlaceTable], registers: Registers) -> list[Place]:
    return [
        Place(
            ident or "",
            _one(registers.wards, table.ward),
            table.name,
            table.kind.value,
            table.address,
            table.map,
        )
        for ident, table in zip(registers.places.ids, tables, strict=True)
    ]


def _services(tables: list[DutyTable], register: Register) -> list[Service]:
    return [
        Service(
            ident or "",
            table.name,
            table.short or table.name,
            table.after_hours,
            table.public,
            table.bring,
            table.last_entry,
            table.fee,
            table.result,
        )
        for ident, table in zip(register.ids, tables, strict=True)
    ]


def _people(tables: list[PersonTable], registers: Registers) -> list[Person]:
    apart = _apart(tables, registers.people)
    return [
        _person(ident or "", table, registers, apart)
        for ident, table in zip(registers.people.ids, tables, strict=True)
    ]


def _apart(tables: list[PersonTable], people: Register) -> Mapping[str, tuple[str, ...]]:
    """Who may not stand beside whom, whichever of the two says it; ids in order."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for ident, table in zip(people.ids, tables, strict=True):
        for other in _many(people, table.not_with) if table.not_with else ():
            found[ident or ""].add(other)
            found[other].add(ident or "")
    return {ident: tuple(sorted(others)) for ident, others in found.items()}


def _person(
    ident: str, table: PersonTable, registers: Registers, apart: Mapping[str, tuple[str, ...]]
) -> Person:
    return Person(
        id=ident,
        name=table.name,
        phone=table.phone,
        roles=frozenset(table.roles),
        salutation=table.salutation,
        language=table.language.value if table.language else None,
        ward=_one(registers.wards, table.ward) if table.ward else None,
        windows=tuple(table.when),
        away=tuple(Absence(each.first, each.last or each.first) for each in table.away if each.first),
        limits=tuple(table.at_most),
        not_with=apart.get(ident, ()),
        prefers=_many(registers.services, table.prefers) if table.prefers else (),
    )


def _shift(ident: str, table: ShiftTable, rule: Rule, registers: Registers) -> Shift:
    people, needs = registers.people, table.needs
    wanted = ((Role.STAFF, needs.staff), (Role.VOLUNTEER, needs.volunteer), (Role.LEADER, needs.leader))
    return Shift(
        id=ident,
        service=_one(registers.services, table.service),
        place=_one(registers.places, table.place),
        rule=rule,
        needs=tuple(Need(role, count) for role, count in wanted if count),
        staff=_many(people, table.staff),
        deputies=tuple(
            Deputy(_one(people, each.absent), _one(people, each.stand_in), each.first, each.last)
            for each in table.deputies
            if each.first and each.last
        ),
        capacity=table.capacity,
    )


def _days(patterns: list[DayPattern]) -> tuple[DayPattern, ...]:
    """All weekdays as one pattern, then the others: two ways to write the same are no difference."""
    if len(patterns) == 1:
        return tuple(patterns)
    weekdays: frozenset[int] = frozenset().union(
        *(pattern.days for pattern in patterns if isinstance(pattern, Weekdays))
    )
    others = [pattern for pattern in dict.fromkeys(patterns) if not isinstance(pattern, Weekdays)]
    return (*([Weekdays(weekdays)] if weekdays else []), *others)
