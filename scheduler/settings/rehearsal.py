"""A rehearsal: while ``only_to`` is set, real texts reach only those numbers, and everybody must see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from notifications.message import Audience
from scheduler.settings.settings import Settings
from scheduler.timetable.label import Label

_WHO: Mapping[Audience, Label] = MappingProxyType(
    {
        "staff": Label("cán bộ", "staff"),
        "volunteer": Label("tình nguyện viên", "volunteers"),
        "resident": Label("người dân", "residents"),
    }
)

Turn = Literal["begun", "changed", "ended"]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Texts to `audiences` reach only `numbers`, those of ``only_to``; they are in no repr."""

    audiences: tuple[Audience, ...]
    numbers: frozenset[str] = field(repr=False)

    def to_the_desk(self) -> Label:
        """The sentence for those who keep the settings."""
        if len(self.audiences) == len(_WHO):
            return Label(
                "DIỄN TẬP: chỉ nhắn đến các số trong only_to.",
                "REHEARSAL: only the numbers in only_to are texted.",
            )
        vi, en = (
            f" {link} ".join(_WHO[each].in_language(language) for each in self.audiences)
            for language, link in (("vi", "và"), ("en", "and"))
        )
        return Label(
            f"DIỄN TẬP: tin cho {vi} chỉ đến các số trong only_to; những người khác vẫn nhận tin thật.",
            f"REHEARSAL: texts to {en} reach only the numbers in only_to; all others are really texted.",
        )

    def to_residents(self) -> Label:
        """The sentence on residents' pages: they know of no ``only_to``, and must not come in vain."""
        told = Label(
            "ĐANG DIỄN TẬP. Trang này chạy thử, xin hỏi lại trước khi đến.",
            "REHEARSAL. This page is being tried out; please ask before you come.",
        )
        if "resident" not in self.audiences:
            return told
        return Label(f"{told.vi} Tin nhắn chỉ đến các số thử.", f"{told.en} Texts reach test numbers only.")


def rehearsal_of(settings: Settings) -> Rehearsal | None:
    """The rehearsal that these settings are, for everybody or for some audiences, or None."""
    lists = {audience: settings.terms_for(audience).only_to for audience in _WHO}
    audiences = tuple(audience for audience, only_to in lists.items() if only_to)
    numbers = frozenset(number for only_to in lists.values() for number in only_to)
    return Rehearsal(audiences, numbers) if audiences else None


def for_everybody(settings: Settings) -> Settings:
    """The same settings without their rehearsal, for where nobody is really texted anyway."""
    return replace(
        settings,
        terms=replace(settings.terms, only_to=()),
        audience_terms={
            audience: replace(terms, only_to=()) for audience, terms in settings.audience_terms.items()
        },
    )


def turn_between(former: Settings | None, settings: Settings) -> Turn | None:
    """What new settings do to the rehearsal: begin, change or end it; None when all stays as it is."""
    before, after = rehearsal_of(former) if former else None, rehearsal_of(settings)
    if before == after:
        return None
    if before is None:
        return "begun"
    return "changed" if after else "ended"
