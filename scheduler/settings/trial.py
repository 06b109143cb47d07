"""New texts are tried in another process first: one that costs too much takes that process, not the service.

The child reads what it is sent with the same code as the parent will, and says after each piece that it is
still there. It has so much CPU time and memory, and no more.
"""

import base64
import gc
import json
import resource
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer
from typing import IO, Any

from scheduler.settings.bundle import Bundle, bundle_of

CPU_SECONDS = 2.0
MEMORY_BYTES = 256 * 1024 * 1024
# A list of a hundred thousand people takes 4 MB as a workbook and 11 as CSV, and a third of this in memory.
MOST_MEMORY_BYTES = 1024 * 1024 * 1024
_MEMORY_BYTES_A_BYTE_OF_LIST = 150
# A desk of five thousand shifts and as many people is two megabytes; what a bomb needs is far less.
_SECONDS_A_MEGABYTE = 1.0
_SECONDS_A_MEGABYTE_OF_LIST = 3.0
_FREE_BYTES = 1_000_000
# For a child that hangs; what a text costs is bounded above. On a machine that had better things to do twenty
# lines took 20 s, and the clerk was told that they cost too much.
_WALL_SECONDS = 60.0
# Isolated, so that neither the environment nor the folder it is started in has a say in what it imports.
# Deaf to what tells the service to stop, for that goes to all its processes: a text that was being read then
# was said to cost too much. It ends with its standard input.
_DEAF = "from signal import *; signal(SIGINT, SIG_IGN); signal(SIGTERM, SIG_IGN); "
_START = _DEAF + "import sys; sys.path[:] = sys.argv[1:]; from scheduler.settings.trial import main; main()"


class Trial:
    """A process in which texts are tried; started when first needed, and again when one has killed it."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Trial":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, raw: bytes, name: str, kind: str) -> bool:
        """Whether the bytes can be read at a bearable cost; `kind` is as in `part_of`."""
        return self._ask({"name": name, "kind": kind, "raw": base64.b64encode(raw).decode("ascii")})

    def judge(self, bundle: Bundle) -> bool:
        """Whether these texts can be judged together at a bearable cost."""
        return self._ask({"main": bundle.main, "bundle": str(bundle)})

    def _ask(self, request: dict[str, str]) -> bool:
        """Whether the child survives the request."""
        child = self._child = self._child or _started()
        assert child.stdin is not None
        assert child.stdout is not None
        too_late = Timer(_WALL_SECONDS, child.kill)
        too_late.start()
        try:
            child.stdin.write(json.dumps(request) + "\n")
            child.stdin.flush()
            survived = child.stdout.readline() == "survived\n"
        except OSError:
            survived = False
        finally:
            too_late.cancel()
        if not survived:
            self._end()
        return survived

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:  # what it was still to be told
                pass


def _started() -> "subprocess.Popen[str]":
    ours = [str(Path(__file__).parents[2]), *filter(None, sys.path)]
    return subprocess.Popen(  # noqa: S603  our own interpreter with our own module
        [sys.executable, "-I", "-c", _START, *dict.fromkeys(ours)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        process_group=0,
    )


def main() -> None:
    """The child: reads requests from the standard input, one a line, until there are no more."""
    limit()
    gc.disable()  # it does not live long enough
    serve(sys.stdin, sys.stdout)


def limit() -> None:
    """Bounds this process for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)


def serve(requests: IO[str], answers: IO[str]) -> None:
    """Does what each request asks for, and says "survived"."""
    from scheduler.settings.attempt import attempt
    from scheduler.settings.origin import Held
    from scheduler.settings.part import Part, part_of

    parts: dict[str, Part] = {}
    received = 0
    for line in requests:
        request: dict[str, Any] = json.loads(line)
        if "bundle" in request:
            bundle = bundle_of(request["bundle"], request["main"])
            attempt(Held(bundle, bundle.main, parts))
        else:
            name, raw = request["name"], base64.b64decode(request["raw"])
            is_list = request["kind"] == "list"
            received = _paid(
                received, len(raw), _SECONDS_A_MEGABYTE_OF_LIST if is_list else _SECONDS_A_MEGABYTE
            )
            if is_list:
                _allow_memory(len(raw))
            parts[name] = part_of(raw, name, request["kind"])
        answers.write("survived\n")
        answers.flush()


def _paid(received: int, more: int, seconds_a_megabyte: float) -> int:
    """Long texts may take longer: returns how much was received with `more`, and puts the end off."""
    beyond = max(received + more - _FREE_BYTES, 0) - max(received - _FREE_BYTES, 0)
    left = signal.getitimer(signal.ITIMER_PROF)[0]
    if left:
        signal.setitimer(signal.ITIMER_PROF, left + beyond / 1_000_000 * seconds_a_megabyte)
    return received + more


def _allow_memory(bytes_of_list: int) -> None:
    """Long lists may take more, up to the end that was set for good."""
    allowed, most = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        more = min(allowed + bytes_of_list * _MEMORY_BYTES_A_BYTE_OF_LIST, most)
        resource.setrlimit(resource.RLIMIT_AS, (more, most))
