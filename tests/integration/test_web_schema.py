"""Schemathesis asks everything that ``/openapi.json`` allows, and much that it does not."""

from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from scheduler.timetable.opening import Board
from scheduler.web.application import create_app
from tests.board import board_of, december, local


def numbered() -> Board:
    """December's board, as the store would number it."""
    held = [replace(one, number=number) for number, one in enumerate(december(), start=1)]
    return replace(board_of(*held), public_url="http://desk.example")


BOARD = numbered()
APP = create_app(lambda: BOARD, lambda: local("2026-12-01T18:00"), lambda: True)
schema = schemathesis.openapi.from_asgi("/openapi.json", APP)


@pytest.mark.filterwarnings("default")
@schema.parametrize()
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_was_described(case: Case[Any]) -> None:
    """No question, however odd, gets a 5xx, an undocumented status, another media type or another shape."""
    # Two dates may each be right and make no range, which no description can say.
    case.call_and_validate(excluded_checks=[positive_data_acceptance])
