"""session at a terminal: how it stands, called off, taken back."""

import pytest

from tests.terminal import SESSION, Terminal


def shown(desk: Terminal) -> dict[str, object]:
    """The session as the API would tell it."""
    sessions = desk.run("available", "--json").document["sessions"]
    return next(one for one in sessions if one["key"] == SESSION)


@pytest.mark.parametrize(
    ("words", "state", "left", "reason"),
    [
        (("--full",), "full", None, None),
        (("--late", "--reason", "Kẹt xe"), "late", None, "Kẹt xe"),
        (("--left", "0"), "full", 0, None),
        (("--cancel", "--reason", "Mất điện"), "cancelled", None, "Mất điện"),
    ],
)
def test_what_is_said_is_what_residents_see(
    desk: Terminal, words: tuple[str, ...], state: str, left: int | None, reason: str | None
) -> None:
    """At once, with who says so."""
    said = desk.run("session", SESSION, *words)
    assert (said.code, said.err) == (0, "")
    one = shown(desk)
    assert (one["state"], one["places_left"], one["reason"]) == (state, left, reason)
    assert one["basis"] == "confirmed"


def test_open_takes_back_what_was_called_off(desk: Terminal) -> None:
    """A slip costs nobody a text."""
    desk.run("session", SESSION, "--cancel", "--reason", "Mất điện")
    assert desk.run("session", SESSION, "--full").code == 1
    assert desk.run("session", SESSION, "--cancel", "--reason", "Mất điện").code == 1
    assert desk.run("session", SESSION, "--open").code == 0
    assert shown(desk)["reason"] is None
    waiting = [one["kind"] for one in desk.run("messages", "--json").document if one["state"] == "waiting"]
    assert "cancelled" not in waiting


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((SESSION,), 2, "--full"),
        ((SESSION, "--full", "--left", "3"), 2, "--full"),
        ((SESSION, "--cancel", "--reason", "Mất điện", "--open"), 2, "no second one"),
        ((SESSION, "--cancel"), 2, "--reason"),
        ((SESSION, "--left", "-1"), 2, "-1"),
        (("nowhere@2026-01-01", "--full"), 1, "catruc sessions"),
        ((SESSION, "--cancel", "--reason", "gọi 0901 234 567"), 1, "số điện thoại"),
    ],
)
def test_what_cannot_be_said_is_one_line(
    desk: Terminal, words: tuple[str, ...], code: int, says: str
) -> None:
    """It names what would be right, and nothing changes."""
    said = desk.run("session", *words)
    assert said.code == code
    assert says in said.err
    assert shown(desk)["basis"] == "schedule"
