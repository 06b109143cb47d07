"""A first roster, seat by seat, each to whoever costs least there: the scarce seats first."""

from scheduler.roster.draft import Draft
from scheduler.timetable.shift import Role


def fill_greedily(draft: Draft, numbers: list[int] | None = None) -> None:
    """Seats people on these vacancies, or on all; what nobody can take stays empty.

    What is filled first and leaders come first, then the sessions for which fewest people can come.
    """
    wanted = range(len(draft.vacancies)) if numbers is None else numbers
    for number in sorted(wanted, key=lambda each: _urgency(draft, each)):
        fill_one(draft, number)


def fill_one(draft: Draft, number: int) -> None:
    """Seats the cheapest people on what is empty of one vacancy; of two alike, who gave less, then by id."""
    while draft.empty(number) > 0:
        fit = [ident for ident in draft.candidates(number) if draft.fits(number, ident)]
        if not fit:
            return
        draft.seat(
            number, min(fit, key=lambda ident: (draft.price(number, ident), draft.above(ident), ident))
        )


def _urgency(draft: Draft, number: int) -> tuple[object, ...]:
    vacancy = draft.vacancies[number]
    spare = len(draft.candidates(number)) - vacancy.count
    return vacancy.service not in draft.rules.first, vacancy.role is not Role.LEADER, spare, number
