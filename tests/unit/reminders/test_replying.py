"""What a text does, by what is open to its number: a table, and what can never happen."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.reminders.reading import Reading, Word, read
from scheduler.reminders.replying import (
    AskWhich,
    Decision,
    Help,
    Item,
    LetBe,
    OptIn,
    OptOut,
    PassOn,
    Say,
    decide,
)
from scheduler.roster.assignment import Standing

ASKED = Item(11, 1, "an", Standing.ASKED)
SOUGHT = Item(12, 2, "an", Standing.SOUGHT)
YES = Item(13, 3, "an", Standing.CONFIRMED)
YES_TOO = Item(14, 4, "an", Standing.CONFIRMED)
NO = Item(15, 5, "an", Standing.DECLINED)
UNHEARD = Item(16, 6, "an", Standing.PROPOSED, is_told=False)


@pytest.mark.parametrize(
    ("text", "items", "decision"),
    [
        # one question
        ("CO", [ASKED], Say(ASKED, yes=True)),
        ("KO", [ASKED], Say(ASKED, yes=False)),
        ("co", [SOUGHT], Say(SOUGHT, yes=True)),
        ("CO", [ASKED, YES, NO], Say(ASKED, yes=True)),
        ("KO", [ASKED, YES], Say(ASKED, yes=False)),
        # what has yet to be asked is meant by its number alone
        ("CO", [ASKED, UNHEARD], Say(ASKED, yes=True)),
        ("KO", [ASKED, UNHEARD], Say(ASKED, yes=False)),
        ("KO 16", [ASKED, UNHEARD], Say(UNHEARD, yes=False)),
        ("CO", [YES, UNHEARD], LetBe()),
        # two: a bare yes asks which, a bare no alarms besides
        ("CO", [ASKED, SOUGHT], AskWhich((ASKED, SOUGHT))),
        ("KO", [ASKED, SOUGHT], AskWhich((ASKED, SOUGHT), alarms=True)),
        # by number, whatever else is open; minds may be changed
        ("CO 12", [ASKED, SOUGHT], Say(SOUGHT, yes=True)),
        ("11 ko", [ASKED, SOUGHT], Say(ASKED, yes=False)),
        ("KO 13", [YES], Say(YES, yes=False)),
        ("CO 15", [NO], Say(NO, yes=True)),
        ("CO 13", [YES], Say(YES, yes=True)),
        # a number that is none of theirs
        ("CO 99", [ASKED], AskWhich((ASKED,))),
        ("KO 99", [ASKED], AskWhich((ASKED,), alarms=True)),
        ("CO 99", [], PassOn(())),
        # giving up
        ("HUY 13", [YES, YES_TOO], Say(YES, yes=False)),
        ("HUY", [YES], AskWhich((YES,), alarms=True)),
        ("HUY", [ASKED, YES], AskWhich((YES,), alarms=True)),
        ("HUY", [ASKED], AskWhich((ASKED,), alarms=True)),
        ("HUY", [], OptOut()),
        ("HUY", [NO], OptOut()),
        # nothing is asked: a courtesy after a yes, a riddle otherwise
        ("ok", [YES], LetBe()),
        ("ok", [], PassOn(())),
        ("ko", [YES], AskWhich((YES,), alarms=True)),
        ("ko", [], PassOn(())),
        # whoever refuses, refuses
        ("STOP", [ASKED, YES], OptOut()),
        ("TC", [], OptOut()),
        ("START", [], OptIn()),
        ("HD", [ASKED, YES], Help((ASKED,))),
        ("Có ai thay không?", [ASKED], PassOn((ASKED,))),
        ("Có ai thay không?", [YES], PassOn((YES,))),
    ],
)
def test_a_text_does_what_it_surely_says(text: str, items: Sequence[Item], decision: Decision) -> None:
    """Surface §4: alone when one question is open, or with its number; else it is asked back."""
    assert decide(read(text), items) == decision


standings = st.sampled_from(
    [Standing.ASKED, Standing.SILENT, Standing.SOUGHT, Standing.CONFIRMED, Standing.DECLINED]
)
some_items = st.lists(standings, max_size=5).map(
    lambda found: [Item(11 + at, at, "an", one) for at, one in enumerate(found)]
)
readings = st.builds(Reading, st.sampled_from(list(Word)), st.none() | st.integers(9, 17))


@given(readings, some_items)
def test_nothing_is_guessed(reading: Reading, items: list[Item]) -> None:
    """Only what names its item, or can mean one alone, is done; a possible no that is not done alarms."""
    decision = decide(reading, items)
    if isinstance(decision, Say):
        others = [item for item in items if item.is_open and item != decision.item]
        assert decision.item.number == reading.item or not others
    if reading.word in (Word.NO, Word.GIVE_UP) and isinstance(decision, AskWhich):
        assert decision.alarms
    if reading.word is Word.YES:
        assert not isinstance(decision, OptOut)
        assert not (isinstance(decision, Say) and not decision.yes)
