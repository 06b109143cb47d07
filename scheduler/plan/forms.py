"""Every form that a text of this desk can take: what operators want to see before they let it through.

A text with choices has several forms. In each, what changes from text to text is a variable of so many
characters at most; the sender and the number to call are always the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from notifications.template import Condition, Field, Templates, Variant
from notifications.terms import Accents
from notifications.text import Measure, dress, measure, room, strip_accents
from notifications.veil import Veil
from scheduler.plan.desk import Desk
from scheduler.plan.longest import (
    Occasion,
    Outward,
    Scene,
    casts,
    constants,
    fields_of_person,
    next_at_its_longest,
    occasions_of,
    scenes_of,
    staged_for,
)
from scheduler.plan.together import cost
from scheduler.reminders.reminder import Audience, Kind
from scheduler.reminders.vocabulary import FIELDS
from scheduler.reminders.wording import said

# Nobody's name and nobody's hour: a sheet goes to strangers.
SOMEBODY = {
    "name": "Nguyễn Văn A",
    "person": "Trần Thị B",
    "giver": "Lê Văn C",
    "reply": "Toi den tre 10 phut",
    "reason": "mất điện",
}
# Samples show what a link looks like; this one opens nothing.
NOBODYS = Veil(b"of nobody")
_MANY, _FEW = "99", "2"
_ALWAYS_THE_SAME = frozenset({"sender", "hotline"})


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a text, as one sender sends it to some audiences.

    `pattern` has each variable as ``{name:most}``, with the characters that it takes at most; `sample` is a
    text of this form that is about nobody, `size` that of the longest real one.
    """

    kind: Kind
    language: str
    audiences: tuple[Audience, ...]
    sender: str
    pattern: str
    sample: str
    size: Measure


def forms(desk: Desk, outward: Outward, templates: Templates) -> Iterator[Form]:
    """Every form of every text; what goes to several audiences alike is told once, at its longest."""
    scenes = scenes_of(desk)
    found: dict[object, _Draft] = {}
    for occasion, kind in occasions_of(desk):
        for language in outward.languages:
            for variant in templates.named(kind, language).variants():
                draft = _draft(variant, kind, language, occasion, scenes, outward, templates)
                if draft:
                    known = found.get(draft.key)
                    found[draft.key] = known.with_other(draft) if known else draft
    for draft in found.values():
        yield draft.form()


@dataclass(frozen=True, slots=True)
class _Draft:
    kind: Kind
    language: str
    variant: Variant
    audiences: tuple[Audience, ...]
    most: Mapping[str, int]
    longest: str
    sample: str
    fields: Mapping[str, str]

    @property
    def key(self) -> object:
        """What is the same of texts that are registered as one."""
        accents = strip_accents(self.longest) == self.longest
        return self.kind, self.language, tuple(self.variant.when.items()), self.fields["sender"], accents

    def with_other(self, other: "_Draft") -> "_Draft":
        longer = max(self, other, key=lambda one: cost(measure(one.longest)))
        most = {name: max(self.most[name], other.most[name]) for name in self.most}
        audiences = tuple(dict.fromkeys((*self.audiences, *other.audiences)))
        return replace(self, audiences=audiences, most=most, longest=longer.longest)

    def form(self) -> Form:
        bare = strip_accents(self.longest) == self.longest
        accents = Accents.STRIP if bare else Accents.KEEP
        marks = {name: self._mark(name) for name in self.most}
        return Form(
            self.kind,
            self.language,
            self.audiences,
            self.fields["sender"],
            _filled(self.variant, {**self.fields, **marks}, accents),
            NOBODYS.lift(self.sample),
            measure(self.longest),
        )

    def _mark(self, name: str) -> str:
        """A variable as operators' forms write it; nothing where there never is anything."""
        return f"{{{FIELDS[name].in_language(self.language)}:{self.most[name]}}}" if self.most[name] else ""


def _draft(
    variant: Variant,
    kind: Kind,
    language: str,
    occasion: Occasion,
    scenes: Sequence[Scene],
    outward: Outward,
    templates: Templates,
) -> _Draft | None:
    terms = outward.terms_for(occasion.audience)
    following = "" if variant.when.get(Condition("next")) is False else next_at_its_longest(language)
    found = [fields for _, _, fields in casts(variant, kind, language, occasion, scenes, outward, following)]

    def written(fields: Mapping[str, str]) -> str:
        return said(templates, kind, language, fields, terms.accents, terms.max_segments)

    def of_nobody(fields: Mapping[str, str]) -> str:
        return written({name: _of_nobody(name, words) for name, words in fields.items()})

    def fits(fields: Mapping[str, str]) -> bool:
        return all(room(text, terms.max_segments) >= 0 for text in (written(fields), of_nobody(fields)))

    if kind is Kind.SEVERAL:  # it is said only where it fits
        found = [fields for fields in found if fits(fields)]
    longest = max(found, key=lambda fields: cost(measure(written(fields))), default=None)
    if longest is None:
        return None
    accents = terms.accents if terms.accents is Accents.KEEP else Accents.STRIP
    names = {piece.name for piece in variant.pieces if isinstance(piece, Field)} - _ALWAYS_THE_SAME
    most = dict.fromkeys(names, 0)
    for fields in _every_field(kind, language, occasion, scenes, outward, following):
        for name in names & fields.keys():
            most[name] = max(most[name], measure(dress(fields[name], accents)).characters)
    if kind is Kind.SEVERAL and "items" in most:
        # As many are listed as there is room for.
        most["items"] += max(0, room(written(longest), terms.max_segments))
    audiences = (occasion.audience,)
    sample = of_nobody(longest)
    return _Draft(kind, language, variant, audiences, most, written(longest), sample, longest)


def _of_nobody(name: str, words: str) -> str:
    if words == _MANY:
        return _FEW
    return SOMEBODY.get(name, words) if words else ""


def _every_field(
    kind: Kind, language: str, occasion: Occasion, scenes: Sequence[Scene], outward: Outward, following: str
) -> Iterator[Mapping[str, str]]:
    yield from constants(kind, occasion, outward, language, following)
    yield from (fields for _, fields in staged_for(kind, occasion, scenes, outward, language))
    yield from (
        fields_of_person(person, occasion.audience, language) for person in occasion.people or (None,)
    )


def _filled(variant: Variant, fields: Mapping[str, str], accents: Accents) -> str:
    words = "".join(fields[piece.name] if isinstance(piece, Field) else piece for piece in variant.pieces)
    return dress(" ".join(words.split()), accents)
