"""``due`` over one office's years, in a process of its own: seconds to read the workbooks, and to count what is due.

Each workbook: 2,000 incubators with their tenants and the events of that year's course, reports and changes.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from incubxl.batch.job import register_of
from incubxl.batch.run import calm_collector
from incubxl.files.packs import store
from incubxl.files.read import read_grid
from incubxl.register.model import Register
from incubxl.results.agenda import agenda, shared_sheets
from incubxl.templates.build import build_workbook
from tests.bench.inputs import PACK, content
from tests.bench.measure import seconds

_STAGES = ("application", "first-review", "site-visit", "recommendation", "review", "publicity", "confirmation")


def _events(id: str, n: int, year: int) -> list[dict[str, Any]]:
    """One incubator's year: as far as its number says, a report, and for every tenth an objection or a change."""
    day = dt.date(year, 3, 1)
    done = [
        {"kind": "stage", "what": stage, "on": day + dt.timedelta(days=9 * at), "evidence": "档案"}
        for at, stage in enumerate(_STAGES[: n % 8])
    ]
    done.append({"kind": "submission", "what": "statistics", "on": dt.date(year, 4, 5), "period": str(year)})
    if n % 10 == 0:
        done.append({"kind": "objection", "what": "面积不实", "on": dt.date(year, 4, 20)})
    return [{"applicant_id": id, **event} for event in done]


def write_years(folder: Path, applicants: int, years: int) -> list[Path]:
    """One workbook a year, back from 2026."""
    paths = []
    for year in range(2027 - years, 2027):
        made = content(applicants, year, tenants=3)
        rows = [e for n, row in enumerate(made.register) for e in _events(str(row["applicant_id"]), n, year)]
        asked = {"kind": "deadline", "what": "statistics", "on": dt.date(year, 3, 2), "until": dt.date(year, 6, 20)}
        rows.append({"applicant_id": "全体", "period": str(year), **asked})
        settings = {**made.settings, "as_of": dt.date(year, 5, 31), "reference_year": year - 1, "publicity_days": 7}
        whole = replace(made, tables={**made.tables, "procedure_events": tuple(rows)}, settings=settings)
        path = folder / f"{year}.xlsx"
        path.write_bytes(build_workbook(store().pack(PACK), year=year, content=whole))
        paths.append(path)
    return paths


def measure(paths: list[Path], times: int) -> dict[str, float]:
    """Medians in seconds for all the workbooks together."""

    def read() -> list[Register]:
        found = []
        for path in paths:
            grid, _ = read_grid(path)
            assert grid is not None
            register, _ = register_of(grid, None, None)
            assert register is not None
            found.append(register)
        return found

    registers = read()

    def due() -> int:
        made = [agenda(r, r.settings.as_of or dt.date.min, 90) for r in registers]
        return sum(len(plan.blocks[0].rows) for plan in shared_sheets(made, "待办"))

    assert due() > len(registers) * 2000
    return {"reading": seconds(read, times), "due": seconds(due, times), "rows": due()}


def main() -> None:
    applicants, years, times = (int(a) for a in sys.argv[1:4])
    calm_collector()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(write_years(Path(folder), applicants, years), times)))


if __name__ == "__main__":
    main()
