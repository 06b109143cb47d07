"""Faults: the table that says what each class proves and what is done about it."""

import pytest

from notifications.fault import TREATMENTS, Fault, table_of_faults, treatment_of


def test_every_class_has_a_line_of_its_own() -> None:
    """No class is missing, and the printed table says each in words."""
    assert set(TREATMENTS) == set(Fault)
    printed = table_of_faults().splitlines()
    assert [line.split(" → ")[0].strip() for line in printed] == list(TREATMENTS)
    assert all(treatment_of(fault).meaning in line for fault, line in zip(TREATMENTS, printed, strict=True))


@pytest.mark.parametrize(
    ("does", "faults"),
    [
        pytest.param("halts", {Fault.CONFIGURATION}, id="only our own fault stops the queue"),
        pytest.param("spoils", {Fault.BAD_NUMBER}, id="only a bad number is marked"),
        pytest.param("withdraws", {Fault.OPTED_OUT}, id="only a refusal is a no"),
    ],
)
def test_each_consequence_has_its_classes(does: str, faults: set[Fault]) -> None:
    """What is done beyond the message itself follows from the class alone."""
    assert {fault for fault in Fault if getattr(treatment_of(fault), does)} == faults


@pytest.mark.parametrize("fault", [Fault.BAD_NUMBER, Fault.OPTED_OUT, Fault.BAD_TEXT, Fault.TOO_LATE])
def test_what_cannot_help_is_tried_once(fault: Fault) -> None:
    """A second try of the same would cost and change nothing."""
    assert treatment_of(fault).tries == 1


def test_what_may_have_left_is_not_tried_again() -> None:
    """The one class that proves nothing."""
    assert treatment_of(Fault.IN_DOUBT).tries == 1
