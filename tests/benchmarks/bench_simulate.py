"""A fortnight of the example, as `catruc simulate` plays it."""

import json
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CPU_SECONDS = 10.0


def test_a_fortnight_is_simulated_in_ten_seconds_of_cpu() -> None:
    """14 days of the example in less than 10 s of CPU, started afresh, with all four counts equal."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "scheduler", "simulate", "--days", "14", "--seed", "1", "--json"]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = json.loads(played.stdout)
    print(f"\n14 days, {told['planned']} texts: {spent:.1f} s of CPU")
    assert told["planned"] > 0
    assert told["planned"] == told["outbox"] == told["network"] == told["audit"]
    assert spent < CPU_SECONDS
