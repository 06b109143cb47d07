"""Texts from templates: strings in, one line out, and a sentence for every mistake."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.template import BadText, Templates, templates_in

TEXTS = Templates(
    {
        "remind.vi.txt": "{{ sender }}: {{ who }} trực\n  {{ day }}\t{{ time }}.\n",
        "remind.en.txt": "{{ sender }}: {{ who }} is on duty {{ day }} {{ time }}.",
        "cancel.vi.txt": "{{ sender }}: huỷ{% if reason %} vì {{ reason }}{% endif %}.",
        "plain.vi.txt": "Chào & cảm ơn",
    }
)
FIELDS = {"sender": "UBNDQ1", "who": "Lê Thị B", "day": "T2 24/11", "time": "17:00"}


def test_a_text_is_one_line_with_single_spaces() -> None:
    """Line ends and indents of the file are for its reader and cost nothing."""
    assert TEXTS.render("remind", "vi", FIELDS) == "UBNDQ1: Lê Thị B trực T2 24/11 17:00."


def test_each_language_has_its_own_file() -> None:
    """The language chooses the file."""
    assert TEXTS.render("remind", "en", FIELDS) == "UBNDQ1: Lê Thị B is on duty T2 24/11 17:00."


def test_nothing_is_escaped_for_pages() -> None:
    """A phone shows what it gets, so signs stay as they are."""
    assert TEXTS.render("plain", "vi", {}) == "Chào & cảm ơn"
    assert "<B> & co" in TEXTS.render("remind", "vi", FIELDS | {"who": "<B> & co"})


@pytest.mark.parametrize(("reason", "text"), [("", "UBNDQ1: huỷ."), ("mưa bão", "UBNDQ1: huỷ vì mưa bão.")])
def test_a_field_may_be_empty(reason: str, text: str) -> None:
    """What does not apply is given as an empty string, and the template decides."""
    assert TEXTS.render("cancel", "vi", {"sender": "UBNDQ1", "reason": reason}) == text


def test_a_missing_field_is_named_with_its_text() -> None:
    """Who edits a template learns which file, which field, and what there is instead."""
    with pytest.raises(BadText) as caught:
        TEXTS.render("remind", "vi", {"sender": "UBNDQ1", "who": "B", "day": "T2"})

    assert str(caught.value) == (
        'remind.vi.txt names the field "time", which is not given; given are: day, sender, who'
    )


def test_a_missing_text_is_named_with_those_that_exist() -> None:
    """A text that was never written is a mistake with a name."""
    with pytest.raises(BadText, match=r"there is no text remind\.fr\.txt; there are: cancel\.vi\.txt, "):
        TEXTS.render("remind", "fr", FIELDS)
    with pytest.raises(BadText, match=r"there is no text chase\.vi\.txt"):
        TEXTS.fields_of("chase", "vi")


def test_a_misspelt_template_is_told_with_its_line() -> None:
    """A template that cannot be read stops the start, not the first text."""
    with pytest.raises(BadText, match=r"^ask\.vi\.txt:2: "):
        Templates({"ask.vi.txt": "Chào {{ who }}\n{% if %}"})


@pytest.mark.parametrize(
    "source",
    [
        "{{ who.name }}",  # strings have no fields
        "{{ who.__class__.__mro__ }}",  # no way out of the sandbox
        "{% include 'secret.vi.txt' %}",
        "{{ who | no_such_filter }}",
    ],
)
def test_a_template_reaches_nothing_but_its_fields(source: str) -> None:
    """Anything beyond the given strings is an error that names the file."""
    with pytest.raises(BadText, match=r"ask\.vi\.txt"):
        Templates({"ask.vi.txt": source}).render("ask", "vi", {"who": "B"})


def test_the_fields_of_a_text_are_known_without_writing_it() -> None:
    """What a text takes can be asked, conditions included."""
    assert TEXTS.fields_of("remind", "vi") == {"sender", "who", "day", "time"}
    assert TEXTS.fields_of("cancel", "vi") == {"sender", "reason"}
    assert TEXTS.fields_of("plain", "vi") == frozenset()


def test_fields_are_never_read_as_templates() -> None:
    """A name that looks like a template is a name."""
    text = TEXTS.render("remind", "vi", FIELDS | {"who": "{{ sender }}{% raw %}"})

    assert text == "UBNDQ1: {{ sender }}{% raw %} trực T2 24/11 17:00."


@given(st.fixed_dictionaries({name: st.text() for name in FIELDS}))
def test_no_field_can_break_out_of_its_line(fields: dict[str, str]) -> None:
    """Whatever the fields hold, the text is one line, without doubled or hanging spaces."""
    text = TEXTS.render("remind", "vi", fields)

    assert len(text.splitlines()) == 1
    assert not re.search(r"\s\s", text)
    assert text == text.strip()


def test_the_texts_of_a_folder_are_those_that_end_in_txt(tmp_path: Path) -> None:
    """One file a text and language; notes beside them are let be."""
    (tmp_path / "ask.vi.txt").write_text("Mời {{ who }}", encoding="utf-8")
    (tmp_path / "README.md").write_text("{{ not a text", encoding="utf-8")

    assert templates_in(tmp_path).render("ask", "vi", {"who": "chị B"}) == "Mời chị B"
