"""What every sheet of one result workbook shares: whose results they are, and the words above the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from incubxl.assess.model import Assessment
from incubxl.plan import Block, Chart, Link, SheetPlan


@dataclass(frozen=True)
class Frame:
    """``input_file``: relative path from the result to the input workbook; empty where the result is a copy of it;
    None when not known, then nothing leads there."""

    assessment: Assessment
    input_file: str | None = None

    def sheet(
        self,
        name: str,
        widths: tuple[float, ...],
        blocks: tuple[Block, ...],
        *,
        lines: tuple[str, ...] = (),
        main: int = 0,
        freeze_columns: int = 2,
        paper: Literal["A4", "A3"] = "A4",
        links: Sequence[Link] = (),
        chart: Chart | None = None,
    ) -> SheetPlan:
        """A plan with the measure, the year, the as-of date and the measure's notice above the table."""
        settings, measure = self.assessment.register.settings, self.assessment.pack.measure
        about = f"{measure.name}　{settings.year}年度　基准日 {self.assessment.as_of:%Y-%m-%d}"
        notice = self.assessment.notice
        return SheetPlan(
            name, name, notice, widths, blocks, (about, *lines), main, freeze_columns, paper,
            links, chart,
        )  # fmt: skip
