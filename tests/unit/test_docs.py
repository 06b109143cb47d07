"""What the docs tell people to do exists."""

import re
from pathlib import Path

import pytest

import run
from notifications.fault import table_of_faults
from notifications.message import table_of_states
from scheduler.settings.read import read_text

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)")
RUN_WORD = re.compile(r"python3 run\.py ([a-z]+)")


def _ids(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and picture of a page is a file of this repository."""
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_commands_of_the_manual_are_known(page: Path) -> None:
    """Whatever a page tells a developer to run, run.py knows."""
    assert set(RUN_WORD.findall(page.read_text(encoding="utf-8"))) <= set(run.WORDS)


def test_the_manual_names_each_of_its_commands() -> None:
    """`python3 run.py help` has a line for every word that run.py knows; `serve` needs no word."""
    assert run.__doc__ is not None
    assert {*RUN_WORD.findall(run.__doc__), "serve"} == set(run.WORDS)


def test_pages_name_no_machine() -> None:
    """A page is true on every machine: no home folders, no mounts."""
    found = [
        f"{_ids(page)}: {match}"
        for page in PAGES
        for match in re.findall(r"(?:/home/|/root/|/Users/|/mnt/)\S*", page.read_text(encoding="utf-8"))
    ]
    assert not found


def _readme_blocks() -> list[str]:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"```(?:toml)?\n(.*?)```", readme, re.DOTALL)


def test_the_settings_of_the_readme_work() -> None:
    """Who copies the example gets a desk, without an error or a warning."""
    settings, *_ = _readme_blocks()
    assert read_text(settings, "settings.toml").problems == ()


def test_the_mistake_of_the_readme_is_answered_as_shown() -> None:
    """The printed answer is a real one."""
    settings, answer, *_ = _readme_blocks()
    broken = settings.replace('service = "sao-y"\ndays', 'service = "saoy"\ndays')
    assert read_text(broken, "settings.toml").render("en") == answer.strip()


@pytest.mark.parametrize("table", [table_of_states(), table_of_faults()], ids=["states", "faults"])
def test_the_tables_of_delivery_are_those_of_the_code(table: str) -> None:
    """What a stranger reads of states and faults is what the program does."""
    assert f"```\n{table}\n```" in (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
