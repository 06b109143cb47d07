"""Texts from templates: strings in, one line out, and a name for every mistake."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.template import (
    MOST_CHOICES,
    BadText,
    Condition,
    Field,
    parse,
    templates_in,
    templates_of,
)

TEXTS = templates_of(
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
    with pytest.raises(BadText, match=r"^ask\.vi\.txt:2: not_a_tag: {% if %}"):
        templates_of({"ask.vi.txt": "Chào {{ who }}\n{% if %}{% endif %}"})


@pytest.mark.parametrize(
    ("source", "flaws"),
    [
        ("{{ who.name }}", {"{{ who.name }}": "not_a_field_name"}),
        ("{{ who.__class__.__mro__ }}", {"{{ who.__class__.__mro__ }}": "not_a_field_name"}),
        ("{{ who['x'] }}", {"{{ who['x'] }}": "not_a_field_name"}),
        ("{{ who | upper }}", {"{{ who | upper }}": "not_a_field_name"}),
        ("{{ who() }} {{ 7*7 }}", {"{{ who() }}": "not_a_field_name", "{{ 7*7 }}": "not_a_field_name"}),
        ("{{ 'who' }}", {"{{ 'who' }}": "not_a_field_name"}),
        ("{{ }}", {"{{ }}": "not_a_field_name"}),
        ("{{ who day }}", {"{{ who day }}": "not_a_field_name"}),
        ("{% include 'secret' %}", {"{% include 'secret' %}": "not_a_tag"}),
        ("{% for x in y %}", {"{% for x in y %}": "not_a_tag"}),
        ("{% set a = 'b' %}", {"{% set a = 'b' %}": "not_a_tag"}),
        ("{% if a.b %}x{% endif %}", {"{% if a.b %}": "not_a_tag"}),
        ("{% if a == '0' %}x{% endif %}", {"{% if a == '0' %}": "not_a_tag"}),
        ("{% if a != “0” %}x{% endif %}", {"{% if a != “0” %}": "not_a_tag"}),
        ("{% if a and b %}x{% endif %}", {"{% if a and b %}": "not_a_tag"}),
        ("{%- if a -%}x{% endif %}", {"{%- if a -%}": "not_a_tag"}),
        ("{% if a %}x{% elif b %}y{% endif %}", {"{% elif b %}": "not_a_tag"}),
        ("{% if a %}x", {"a": "if_unended"}),
        ("{% if a > 0 %}x", {"{% if a > 0 %}": "not_a_tag"}),
        ("x{% endif %}", {"{% endif %}": "endif_alone"}),
        ("x{% else %}", {"{% else %}": "else_alone"}),
        ("{% if a %}{% else %}{% else %}{% endif %}", {"{% else %}": "else_alone"}),
        ("{# a note #}", {"{#": "brace_stray", "#}": "brace_stray"}),
        ("{ who }", {"{ who }": "brace_single"}),
        ("{{{ who }}}", {"{{{ who }}}": "brace_single"}),
        ("{{ who } has {{ day }}", {"{{ who }": "brace_unclosed"}),
        ("{{ who", {"{{ who": "brace_unclosed"}),
        ("{% if who", {"{% if who": "brace_unclosed"}),
        ("who }}", {"}}": "brace_stray"}),
        ("who %}", {"%}": "brace_stray"}),
        ("{{ who }}{", {"{": "brace_stray"}),
        ("{% if a %}" * 9 + "x" + "{% endif %}" * 9, {"{% if a %}": "too_many_choices"}),
    ],
)
def test_all_that_is_no_field_and_no_choice_is_a_flaw(source: str, flaws: dict[str, str]) -> None:
    """Nothing else is ever looked up, called or carried out; what is wrong is told by its place."""
    template = parse(source)
    assert {source[flaw.start : flaw.end]: flaw.code for flaw in template.flaws} == flaws


@given(st.text("{}%# ifelsnda!=0\"'.\n", max_size=60))
def test_any_source_is_read(source: str) -> None:
    """Whatever a file holds is a template with or without flaws, whose forms can be counted."""
    template = parse(source)
    assert len(template.variants()) <= 2 ** (MOST_CHOICES + 1) or template.flaws


NAMES = ("a", "b", "name_2")
WORDS = st.text("xyz đ \n,.:%#-", min_size=1, max_size=4).filter(lambda text: "{" not in text)
FIELD = st.builds(
    "{{{{{}{}{}}}}}".format, st.sampled_from(["", " ", "  "]), st.sampled_from(NAMES), st.just(" ")
)
CONDITION = st.builds(
    "{{% if {}{} %}}".format, st.sampled_from(NAMES), st.sampled_from(["", ' != "0"', " !='0'", '!= "0"'])
)


def _choices(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    ends = st.sampled_from(["{% endif %}", "{%endif%}"])
    alone = st.builds("{}{}{}".format, CONDITION, inner, ends)
    both = st.builds("{}{}{{% else %}}{}{}".format, CONDITION, inner, inner, ends)
    return st.lists(alone | both | WORDS | FIELD, max_size=3).map("".join)


SOURCES = st.recursive(WORDS | FIELD, _choices, max_leaves=8).filter(
    lambda text: text.count("if ") <= MOST_CHOICES
)
VALUES = st.fixed_dictionaries({name: st.sampled_from(["", "0", "1", "x y", "{{ a }}"]) for name in NAMES})
JINJA = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


@given(SOURCES, VALUES)
def test_a_text_means_what_it_means_in_jinja(source: str, fields: dict[str, str]) -> None:
    """Who knows the one knows the other: the same source and fields give the same words."""
    template = parse(source)

    assert template.flaws == ()
    assert template.render(fields) == " ".join(JINJA.from_string(source).render(fields).split())


@given(SOURCES, VALUES)
def test_each_rendering_is_one_of_the_forms_of_its_text(source: str, fields: dict[str, str]) -> None:
    """Exactly one form fits the fields, and filled in it is what is sent."""
    template = parse(source)
    [form] = [variant for variant in template.variants() if variant.fits(fields)]
    filled = (fields[piece.name] if isinstance(piece, Field) else piece for piece in form.pieces)

    assert " ".join("".join(filled).split()) == template.render(fields)


def test_a_form_may_be_held_against_some_of_the_fields() -> None:
    """What is not known yet rules nothing out."""
    with_b, without = parse("{% if a %}{% if b %}x{% endif %}{% endif %}").variants()[:2]

    assert with_b.when == {Condition("a"): True, Condition("b"): True}
    assert with_b.fits({"a": "1"})
    assert without.fits({"a": "1"})
    assert not without.fits({"b": "1"})


def test_where_a_field_is_named_is_known() -> None:
    """So that a field which there is not can be shown in its place, also in a condition."""
    source = "{{ one }}{% if two %}{{ three }}{% endif %}"
    assert [source[field.start : field.end] for field in parse(source).fields] == ["one", "two", "three"]


def test_texts_can_be_overridden_one_by_one() -> None:
    """The others stay, and what is different can be told."""
    own = TEXTS.overridden_by({"plain.vi.txt": parse("Xin chào")})

    assert own.render("plain", "vi", {}) == "Xin chào"
    assert own.named("remind", "vi") == TEXTS.named("remind", "vi")
    assert TEXTS.different_in(own) == own.different_in(TEXTS) == ("plain.vi.txt",)
    assert TEXTS.different_in(TEXTS.overridden_by({})) == ()


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
