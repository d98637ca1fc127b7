"""The click 校验全部 in a process of its own: our CPU time around COM against the core's for the same register.

The click: from the blocks that Excel sends to the calls that it takes, with what undo needs on disk. The core:
evaluating an already read grid and building the three sheet plans.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from incubxl.batch.job import GENERATED, assess_grid
from incubxl.batch.run import calm_collector
from incubxl.excel import commands
from incubxl.files.packs import store
from incubxl.files.read import read_grid
from incubxl.grid import Grid
from incubxl.results.conditions import gaps, matrix
from incubxl.results.frame import Frame
from incubxl.results.problems import problems
from incubxl.templates.build import build_workbook
from tests.bench.dumb_excel import blocks, workbook
from tests.bench.inputs import AS_OF, PACK, content
from tests.bench.measure import seconds


def core(grid: Grid) -> None:
    """What the file path does between reading and writing, for the same three sheets."""
    assessment, issues = assess_grid(grid, None, AS_OF, None)
    assert assessment is not None, issues
    frame = Frame(assessment, ".")
    matrix(frame, 0)
    gaps(frame)
    problems(frame)


def measure(folder: Path, applicants: int, times: int) -> dict[str, float]:
    """Medians of CPU seconds, and wall seconds of one whole click."""
    os.environ["INCUBXL_HOME"] = str(folder / "own")
    path = folder / "register.xlsx"
    path.write_bytes(build_workbook(store().pack(PACK), year=2026, content=content(applicants, 7, tenants=0)))
    grid, issues = read_grid(path, GENERATED)
    assert grid is not None, issues
    values = blocks(grid)
    said: list[str] = []

    def click() -> None:
        """On a workbook that this program has not seen yet."""
        assert commands.check_all(workbook(grid, values, f"{len(said)}.xlsx", said))
        assert f"申报单位 {applicants} 家" in said[-1]

    found = {"core": seconds(lambda: core(grid), times), "click": seconds(click, times)}
    started = time.perf_counter()
    click()
    return found | {"wall": time.perf_counter() - started}


def main() -> None:
    applicants, times = int(sys.argv[1]), int(sys.argv[2])
    calm_collector()  # for both sides
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), applicants, times)))


if __name__ == "__main__":
    main()
