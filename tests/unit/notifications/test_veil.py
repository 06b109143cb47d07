"""Links and codes are whole only where they leave; elsewhere a name stands for them that opens nothing."""

import math

from hypothesis import given
from hypothesis import strategies as st

from notifications.text import measure
from notifications.veil import (
    CODE_LENGTH,
    LINK_LENGTH,
    Veil,
    masked,
    new_name,
    typed,
    veiled_code,
    veiled_link,
)

VEIL = Veil(b"a key that nobody else holds")
names = st.builds(new_name)
sayings = st.text("abc *:/.,0123456789áđ\n", max_size=60).filter(lambda text: masked(text) == text)


@given(names, sayings, sayings)
def test_a_veiled_text_costs_what_the_text_costs(name: str, before: str, after: str) -> None:
    """Encoding, segments and characters are those of the text that leaves."""
    stored = f"{before}/r/{veiled_link(name)}; {veiled_code(name)}. {after}"
    assert measure(stored) == measure(VEIL.lift(stored))


@given(names)
def test_the_key_makes_of_a_name_a_link_and_a_code(name: str) -> None:
    """Of the right length, in letters that every phone has; the same each time."""
    text = VEIL.lift(f"https://a.vn/r/{veiled_link(name)} {veiled_code(name)}")
    link, code = text.removeprefix("https://a.vn/r/").split()
    assert (link, code) == (VEIL.link(name), VEIL.code(name))
    assert (len(link), len(code)) == (LINK_LENGTH, CODE_LENGTH)
    assert link.isascii()
    assert link.isalnum()
    assert code.isalnum()
    assert code == code.upper()


@given(names)
def test_another_key_makes_other_secrets(name: str) -> None:
    """Who has the database without the key has nothing."""
    other = Veil(b"another key altogether")
    assert VEIL.link(name) != other.link(name)
    assert VEIL.code(name) != other.code(name)
    assert VEIL.kept(VEIL.link(name)) != other.kept(VEIL.link(name))
    assert VEIL.fingerprint != other.fingerprint


def test_links_hold_seventy_bits() -> None:
    """What opens a page without an account cannot be found by trying."""
    seen = {sign for _ in range(2000) for sign in VEIL.link(new_name())}
    assert LINK_LENGTH * math.log2(len(seen)) >= 70


@given(names, sayings)
def test_a_text_that_is_shown_holds_no_name(name: str, said: str) -> None:
    """Whoever reads a list of texts sees stars of the same length."""
    shown = masked(f"{said} /r/{veiled_link(name)} {veiled_code(name)}")
    assert name not in shown
    assert shown == f"{said} /r/{'*' * LINK_LENGTH} {'*' * CODE_LENGTH}"


def test_a_code_is_typed_as_people_type() -> None:
    """Small letters, spaces, hyphens and full stops between do not matter."""
    assert {typed(code) for code in ("k7pd 3wq2", "K7PD-3WQ2", " k7pd3wq2. ")} == {"K7PD3WQ2"}
