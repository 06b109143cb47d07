"""All that the settings say of the duty desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scheduler.reminders.lead import Leads
from scheduler.roster.person import Person
from scheduler.timetable.holidays import Holidays
from scheduler.timetable.place import Place, Service, Ward
from scheduler.timetable.shift import Shift


@dataclass(frozen=True)
class Desk:
    """Wards, places, services, people and shifts by id, in the order of the file.

    `shift_leads` has an entry for each shift whose reminders differ from `leads`.
    """

    wards: Mapping[str, Ward]
    places: Mapping[str, Place]
    services: Mapping[str, Service]
    people: Mapping[str, Person]
    shifts: Mapping[str, Shift]
    holidays: Holidays = field(default_factory=Holidays)
    leads: Leads = field(default_factory=Leads)
    shift_leads: Mapping[str, Leads] = field(default_factory=dict)

    @cached_property
    def people_by_phone(self) -> Mapping[str, Person]:
        """Who has which number; no number is two people's."""
        return {person.phone: person for person in self.people.values()}

    def leads_of(self, shift: str) -> Leads:
        """The lead times of a shift, by its id."""
        return self.shift_leads.get(shift, self.leads)

    def ward_of(self, place: str) -> Ward:
        """The ward in which a place stands, by the place's id."""
        return self.wards[self.places[place].ward]
