"""What only JavaScript has, for tests: ical.js by node, and axe-core for a browser; npm fetches both."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "npm"
_MODULES = FOLDER / "node_modules"


def read_by_ical_js(text: str) -> dict[str, Any]:
    """What ical.js reads in the text of a calendar: its name and its events."""
    _needed(shutil.which("node") is not None and (_MODULES / "ical.js").is_dir())
    read = subprocess.run(
        ["node", "read_calendar.mjs"], cwd=FOLDER, input=text.encode(), capture_output=True, check=False
    )
    assert read.returncode == 0, read.stderr.decode()
    return dict(json.loads(read.stdout))


def axe() -> str:
    """The script of axe-core."""
    script = _MODULES / "axe-core" / "axe.min.js"
    _needed(script.exists())
    return script.read_text(encoding="utf-8")


def _needed(is_there: bool) -> None:
    if not is_there:
        pytest.skip("no ical.js or axe-core: they come with node and `npm ci --prefix tests/npm`")
