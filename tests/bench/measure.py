"""Run commands as whole processes and read what the system says of them."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """One finished process: wall and CPU seconds, peak memory in MiB."""

    wall: float
    cpu: float
    memory: float


def process(arguments: Sequence[str]) -> Cost:
    """Run a command (its output thrown away); any exit code but 0 and 1 (findings) is an error."""
    return _wait(time.perf_counter(), _start(arguments))


def together(commands: Sequence[Sequence[str]]) -> list[Cost]:
    """Run commands side by side; wall is the time to the end of each, waited for in turn."""
    started = time.perf_counter()
    return [_wait(started, child) for child in [_start(arguments) for arguments in commands]]


def abreast(command: Sequence[str], processes: int) -> float:
    """Run a command in some processes that begin at one word; the longest time that one of them says it took."""
    children = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    for child in children:
        assert child.stdout and child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin
        child.stdin.write("go\n")
        child.stdin.flush()
    told = [child.communicate(timeout=600)[0] for child in children]
    assert all(child.returncode == 0 for child in children)
    return max(map(float, told))


def _start(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait(started: float, child: subprocess.Popen[bytes]) -> Cost:
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    code = os.waitstatus_to_exitcode(status)
    child.returncode = code
    if code not in (0, 1):
        raise RuntimeError(f"{child.args!r} ended with {code}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def python(*arguments: str) -> list[str]:
    """A command line for this interpreter."""
    return [sys.executable, *arguments]


def seconds(work: Callable[[], object], times: int, *, warm: bool = True) -> float:
    """Median CPU time of a call, after one warm-up, that of the processes which it has begun included."""
    if warm:
        work()
    taken = []
    for _ in range(times):
        started = _used()
        work()
        taken.append(_used() - started)
    return statistics.median(taken)


def in_turn(works: Sequence[Callable[[], object]], times: int) -> list[float]:
    """CPU seconds of each of ``works``, in turn, each at its least: what other work on the machine disturbed least."""
    for work in works:
        work()
    rounds = [[seconds(work, 1, warm=False) for work in works] for _ in range(times)]
    return [min(taken) for taken in zip(*rounds, strict=True)]


def _used() -> float:
    """CPU seconds of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def median(costs: Sequence[Cost]) -> Cost:
    """Figure by figure."""
    return Cost(
        statistics.median(c.wall for c in costs),
        statistics.median(c.cpu for c in costs),
        max(c.memory for c in costs),
    )
