"""One long register in a process of its own: seconds for bare calamine, for file to register, for all criteria."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from python_calamine import CalamineWorkbook

from incubxl.assess.criteria import ban_views
from incubxl.batch.run import calm_collector
from incubxl.evaluation.engine import evaluate
from incubxl.evaluation.view import View
from incubxl.files.packs import store
from incubxl.files.read import read_grid
from incubxl.register.model import Register
from incubxl.register.read import read_register
from tests.bench.inputs import AS_OF, PACK, write_register
from tests.bench.measure import seconds


def measure(path: Path, applicants: int, times: int) -> dict[str, float]:
    """Medians in seconds."""
    pack = store().pack(PACK)

    def bare() -> object:
        book = CalamineWorkbook.from_path(str(path))
        return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]

    def read() -> Register:
        grid, _ = read_grid(path)
        assert grid is not None
        return read_register(grid, pack)

    register = read()
    assert register.size == applicants
    view = View(register, AS_OF, ban_views(register, AS_OF))
    return {
        "calamine": seconds(bare, times),
        "reading": seconds(read, times),
        "evaluating": seconds(lambda: evaluate(view), times),
    }


def main() -> None:
    applicants, times = int(sys.argv[1]), int(sys.argv[2])
    calm_collector()  # for both sides, as a run does
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.xlsx"
        write_register(path, applicants)
        print(json.dumps(measure(path, applicants, times)))


if __name__ == "__main__":
    main()
