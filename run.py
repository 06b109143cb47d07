#!/usr/bin/env python3
"""All that a clone of catruc can do. Needs Python 3.11 and pip (or uv), nothing else.

python3 run.py [OPTIONS]      serve the settings.toml beside this file; OPTIONS are those of `catruc serve`
python3 run.py setup          make .venv from requirements.lock, or mend it
python3 run.py test [ARGS]    every test, and the coverage of branches; with ARGS, plain `pytest ARGS`
python3 run.py check          ruff, mypy --strict, import contracts, and the tests of the house and its docs
python3 run.py chaos [--n N]  the proof in its release form: N kills (10000), and as much more of all else
python3 run.py bench [ARGS]   measure what is promised to be quick
python3 run.py lock [ARGS]    write both lock files from pyproject.toml; --upgrade takes newer versions
python3 run.py help           this page

Each makes the environment that it needs first. `.venv/bin/catruc` is the command itself.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "made-by-run.txt"
LOCKS = {"requirements.lock": "", "requirements-test.lock": "--group test -c requirements.lock"}
RUNTIME, TESTS = LOCKS  # the second holds everything that the first does
WORDS = ("serve", "setup", "test", "check", "chaos", "bench", "lock", "help")

COMPILE = (
    "uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url"
    " --no-header --no-annotate --no-strip-extras pyproject.toml --group build"
)
SUITE = "-n 2 --cov --cov-report=term:skip-covered"
CHAOS = "-p no:randomly -p no:xdist -s tests/chaos"
KILLS_OF_A_RELEASE = "10000"
BENCHMARKS = "-p no:randomly -p no:xdist -s -o python_files=bench_*.py tests/benchmarks"
CHECKS = (
    "ruff check",
    "ruff format --check",
    "mypy",
    "lint-imports --no-logo",
    "pytest -q tests/unit/test_house.py tests/unit/test_docs.py",
)


def main(arguments: "list[str]") -> None:
    """Does what the first word says; without one, serves."""
    if not arguments or arguments[0].startswith("-"):
        arguments = ["help" if arguments[:1] in (["-h"], ["--help"]) else "serve", *arguments]
    word, *rest = arguments
    if word not in WORDS:
        refuse(f"run.py knows no “{word}”; `python3 run.py help` lists what it knows.", status=2)
    if word == "help":
        print(__doc__.strip())
        return
    os.chdir(ROOT)
    os.environ["PATH"] = f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    prepare(RUNTIME if word in ("serve", "setup") else TESTS)
    if word == "serve":
        become("catruc", "serve", *rest)
    elif word == "test":
        become("pytest", *(rest or SUITE.split()))
    elif word == "chaos":
        chaos(rest)
    elif word == "bench":
        become("pytest", *BENCHMARKS.split(), *rest)
    elif word == "check":
        check()
    elif word == "lock":
        lock(rest)


def chaos(arguments: "list[str]") -> NoReturn:
    """Kills and mutates as often as `--n` says; anything else is for pytest, like `-k kills`."""
    kills = KILLS_OF_A_RELEASE
    if arguments[:1] == ["--n"]:
        kills, arguments = arguments[1] if arguments[1:] else "", arguments[2:]
    if not kills.isdecimal():
        refuse("`--n` is how many kills, like `python3 run.py chaos --n 1000`.", status=2)
    os.environ.update(CATRUC_CHAOS=kills, CATRUC_MUTANTS=kills)
    become("pytest", *CHAOS.split(), *arguments)


def check() -> None:
    """Runs every check even when an earlier one fails, so that one round shows all there is to mend."""
    failed = [line for line in CHECKS if run(*line.split()) != 0]
    if failed:
        refuse("These found something: " + "; ".join(failed))


def lock(arguments: "list[str]") -> None:
    """Writes the lock files; they hold hashes and name no host, so that any index or mirror will do."""
    for name, groups in LOCKS.items():
        if run(*COMPILE.split(), *groups.split(), "--output-file", name, *arguments) != 0:
            refuse(f"{name} was not written; uv says why above.")
        if "://" in Path(name).read_text(encoding="utf-8"):
            refuse(f"{name} names a host: something in pyproject.toml comes from a URL and must not.")


def prepare(name: str) -> None:
    """Makes .venv hold what the lock file `name` says; returns at once when it does already."""
    with Path(__file__).open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)  # what another start is making must not look half-made to this one
        stamp = STAMP.read_text(encoding="utf-8").splitlines() if STAMP.exists() else None
        if not PYTHON.exists() or (stamp is not None and place() not in stamp):
            make_anew()
        elif stamp is not None and fingerprint(name) in stamp:
            return
        STAMP.write_text("unfinished: the next start makes this environment anew\n", encoding="utf-8")
        install(name)
        held = [RUNTIME, TESTS] if name == TESTS else [RUNTIME]
        STAMP.write_text("\n".join([place(), *map(fingerprint, held)]) + "\n", encoding="utf-8")


def place() -> str:
    """Where .venv stands, which its scripts spell out, and whose interpreter it borrows."""
    return f"{VENV} on {os.path.realpath(PYTHON)}"


def fingerprint(name: str) -> str:
    """A line that changes when the lock file or the project's metadata does."""
    said = Path(name).read_bytes() + Path("pyproject.toml").read_bytes()
    return f"{name} {hashlib.sha256(said).hexdigest()}"


def make_anew() -> None:
    """Makes an empty .venv; without pip in it, since Debian keeps ensurepip in a package of its own."""
    import venv

    PYTHON.unlink(missing_ok=True)  # first, so that a removal that is cut short is begun again
    shutil.rmtree(VENV, ignore_errors=True)
    venv.EnvBuilder(symlinks=True, with_pip=False).create(VENV)


def install(name: str) -> None:
    """Installs the locked packages by their hashes, then this project as it stands in its folder."""
    tool = ["uv", "pip", "install", "--python", str(PYTHON)] if shutil.which("uv") else pip_install()
    print(f"Installing {name} into .venv; the first time this takes up to a minute.", flush=True)
    for what in (["--require-hashes", "-r", name], ["--no-build-isolation", "--no-deps", "--editable", "."]):
        if run(*tool, "--quiet", *what) != 0:
            refuse("The packages could not be installed; the reason stands above. Mend it and start again.")


def pip_install() -> "list[str]":
    """This Python's own pip, aimed at .venv: PEP 668 guards the system's packages and not those."""
    pip = [sys.executable, "-m", "pip"]
    said = subprocess.run([*pip, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"pip (\d+)\.(\d+)", said)
    if version is None or (int(version[1]), int(version[2])) < (22, 3):
        refuse("Neither uv nor pip 22.3 or newer is here; install one (Debian: `apt install python3-pip`).")
    # Compiling all packages would take as long as fetching them; what is imported gets compiled anyway.
    return [*pip, "--python", str(PYTHON), "install", "--no-compile"]


def run(*command: str) -> int:
    """Runs a command, naming it first, and returns its exit code."""
    print("·", *command, flush=True)
    return subprocess.run(command, check=False).returncode


def become(name: str, *arguments: str) -> NoReturn:
    """Replaces this process by a command of .venv."""
    os.execv(PYTHON.parent / name, [name, *arguments])


def refuse(sentence: str, status: int = 1) -> NoReturn:
    """Ends with one sentence on stderr."""
    print(sentence, file=sys.stderr)
    sys.exit(status)


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        refuse(f"catruc needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        refuse("Stopped; the next start mends what is half-made.", status=130)
