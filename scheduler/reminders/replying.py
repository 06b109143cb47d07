"""What a text does, given the questions that are open to its telephone number. Nothing is guessed."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.reminders.reading import LIVE, Reading, Word
from scheduler.roster.assignment import Standing

OF_NO_ITEM = (Word.FOLLOW, Word.SCHEDULE, *LIVE)
OPEN = (Standing.PROPOSED, Standing.ASKED, Standing.SILENT, Standing.SOUGHT)


@dataclass(frozen=True, slots=True)
class Item:
    """A question to a telephone number, by the number that texts name: who is asked for which session.

    One that is not `is_told` has its number, but its text has yet to leave: only with the number is it meant.
    """

    number: int
    session: int
    person: str
    standing: Standing
    is_told: bool = True

    @property
    def is_open(self) -> bool:
        """Whether an answer is awaited."""
        return self.is_told and self.standing in OPEN

    @property
    def is_held(self) -> bool:
        """Whether the person has said yes."""
        return self.standing is Standing.CONFIRMED


@dataclass(frozen=True, slots=True)
class Say:
    """A yes or a no to one item."""

    item: Item
    yes: bool


@dataclass(frozen=True, slots=True)
class AskWhich:
    """It fits several items, or none for sure: which was meant? `alarms` when it may be a no."""

    items: tuple[Item, ...]
    alarms: bool = False


@dataclass(frozen=True, slots=True)
class OptOut:
    """No more texts."""


@dataclass(frozen=True, slots=True)
class OptIn:
    """Texts again."""


@dataclass(frozen=True, slots=True)
class Help:
    """How to answer, with the items that are open."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class PassOn:
    """A person must read it; who is known here is told that it was not understood."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class OfNoItem:
    """It is about no question: what a resident wishes, or what the desk says of a session."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class LetBe:
    """A courtesy: nothing was asked, and nothing is meant by it."""


Decision = Say | AskWhich | OptOut | OptIn | Help | PassOn | OfNoItem | LetBe


def decide(reading: Reading, items: Sequence[Item]) -> Decision:
    """What follows from what was read; `items` are those of the number whose sessions have not begun."""
    still_open = tuple(item for item in items if item.is_open)
    held = tuple(item for item in items if item.is_held)
    match reading.word:
        case Word.STOP:
            return OptOut()
        case Word.START:
            return OptIn()
        case Word.HELP:
            return Help(still_open)
        case word if word in OF_NO_ITEM:
            return OfNoItem(reading)
        case Word.YES | Word.NO | Word.GIVE_UP if reading.item is not None:
            return _to_number(reading, items, still_open or held)
        case Word.YES:
            return _bare_yes(still_open, held)
        case Word.NO:
            return _bare_no(still_open, held)
        case Word.GIVE_UP:
            return AskWhich(held or still_open, alarms=True) if held or still_open else OptOut()
        case _:
            return PassOn(still_open or held)


def _to_number(reading: Reading, items: Sequence[Item], meant: tuple[Item, ...]) -> Decision:
    named = next((item for item in items if item.number == reading.item), None)
    if named is not None:
        return Say(named, reading.word is Word.YES)
    # A number that is no open item: a slip, or the answer to something that is over.
    return AskWhich(meant, alarms=reading.word is not Word.YES) if meant else PassOn(())


def _bare_yes(still_open: tuple[Item, ...], held: tuple[Item, ...]) -> Decision:
    if len(still_open) == 1:
        return Say(still_open[0], yes=True)
    if still_open:
        return AskWhich(still_open)
    return LetBe() if held else PassOn(())


def _bare_no(still_open: tuple[Item, ...], held: tuple[Item, ...]) -> Decision:
    if len(still_open) == 1:
        return Say(still_open[0], yes=False)
    if still_open or held:
        return AskWhich(still_open or held, alarms=True)
    return PassOn(())
