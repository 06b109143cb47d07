"""What the use cases work with: the settings in force, and those before them."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from notifications.template import Templates
from notifications.terms import House
from scheduler.plan.desk import Desk
from scheduler.reminders.answering import Means
from scheduler.reminders.decide import Rules
from scheduler.reminders.reminder import Audience
from scheduler.reminders.wording import Addressee, Scene
from scheduler.roster.person import Person
from scheduler.service.ahead import Ahead
from scheduler.settings.fitting import sender_of
from scheduler.settings.settings import Settings
from scheduler.timetable.label import Label
from scheduler.timetable.place import Place, Service, Ward
from scheduler.timetable.shift import Role


@dataclass(frozen=True, slots=True)
class Office:
    """Settings; `former` are the settings that were in force before, the latest first.

    They tell what an edit changed, and the names of what has left. `ahead` finds rosters.
    """

    settings: Settings
    former: tuple[Settings, ...] = ()
    ahead: Ahead = field(default_factory=Ahead, compare=False, repr=False)

    @property
    def desk(self) -> Desk:
        """What the settings say of the duty desk."""
        return self.settings.desk

    @property
    def templates(self) -> Templates:
        """The texts, in the administrator's words where there are such."""
        return self.settings.templates

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the desk reads its clocks."""
        return self.settings.service.zone

    @property
    def former_terms_differ(self) -> bool:
        """Whether what concerns every text has changed: names, hotline, senders, quiet hours, waits."""
        new = self.settings
        old = self.former[0] if self.former else None
        return old is None or (old.service, old.terms, old.audience_terms, old.apply) != (
            new.service,
            new.terms,
            new.audience_terms,
            new.apply,
        )

    @property
    def reworded(self) -> tuple[str, ...]:
        """The files of the texts that say something else than before."""
        return self.former[0].templates.different_in(self.templates) if self.former else ()

    @property
    def house(self) -> House:
        """The terms on which texts go out."""
        most = self.settings.following.texts_a_month
        return House(self.settings.terms, self.settings.audience_terms, self.zone, most)

    def rules_for(self, shift: str) -> Rules:
        """The rules by which reminders of a shift's sessions are decided."""
        quiet = {audience: self.settings.terms_for(audience).quiet for audience in Audience}
        return Rules(self.desk.leads_of(shift), quiet, self.zone, self.settings.apply.wait)

    def scene(self, service: str, place: str) -> Scene:
        """What texts may name of a session of this service at this place; what is gone goes by its id."""
        known = self._desk_with(service, place)
        where = known.places.get(place) or Place(place, "", Label.same(place))
        what = known.services.get(service) or Service(service, Label.same(service), Label.same(service))
        ward = known.wards.get(where.ward) or Ward(where.ward, Label.same(where.ward))
        return Scene(what, where, ward, self.settings.service.hotline, self.zone)

    def address_person(
        self, person: Person, audience: Audience, ward: Ward, role: Role | None, means: Means | None = None
    ) -> Addressee:
        """How to speak to a person who serves."""
        return Addressee(
            phone=person.phone,
            language=self.language_of(person.id),
            sender=self.sender(audience, ward),
            accents=self.settings.terms_for(audience).accents,
            max_segments=self.settings.terms_for(audience).max_segments,
            name=person.name,
            salutation=person.salutation,
            role=role,
            means=means,
        )

    def name_of(self, person: str) -> str:
        """What a person (an id) is called; the id of who is gone."""
        known = self.desk.people.get(person)
        return known.name if known else person

    def language_of(self, person: str) -> str:
        """The language in which a person (an id) is written to."""
        known = self.desk.people.get(person)
        return (known.language if known else None) or self.settings.service.languages[0]

    def address_resident(self, phone: str, language: str, ward: Ward) -> Addressee:
        """How to speak to a resident."""
        return Addressee(
            phone=phone,
            language=language,
            sender=self.sender(Audience.RESIDENT, ward),
            accents=self.settings.terms_for(Audience.RESIDENT).accents,
            max_segments=self.settings.terms_for(Audience.RESIDENT).max_segments,
        )

    def sender(self, audience: Audience, ward: Ward) -> str:
        """The sender that texts to this audience name; without one, the service's own name cut to fit."""
        return sender_of(self.settings, audience, ward)

    def _desk_with(self, service: str, place: str) -> Desk:
        for desk in (self.desk, *(one.desk for one in self.former)):
            if service in desk.services and place in desk.places:
                return desk
        return self.desk
