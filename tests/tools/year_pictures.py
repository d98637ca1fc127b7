"""The pictures of docs/whole-year.md, from what its own commands write.

``python -m tests.tools.year_pictures`` follows the page for two measures in a temporary folder and prints what they
wrote, as ``tests.tools.pictures`` does, to ``docs/images/whole-year/*.png``. The same tools are needed; without them it
says so and exits with 2.
"""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

from tests.following import HEAD, PAGE, follow, section
from tests.tools.pictures import Page, Picture, render

IMAGES = PAGE.parent / "images" / "whole-year"
_WIDE = 1000
PICTURES = (
    Picture("1-form", (Page("form", "申报登记", (0, 0, 1, 0.5)),), _WIDE),
    Picture("2-returns", (Page("回收汇总", "回收情况", (0, 0, 0.88, 0.3)),), _WIDE),
    Picture("3-due", (Page("待办", "待办", (0, 0, 0.6, 0.39)),), _WIDE),
    Picture("4-scores", (Page("scores", "", (0, 0, 1, 0.36)),), _WIDE),
    Picture("5-pack", (Page("评审会材料", "排名", (0, 0, 1, 0.5)),), _WIDE),
    Picture("6-crosscheck", (Page("疑点", "疑点", (0, 0, 0.7, 0.42)),), _WIDE),
    Picture("7-ledger", (Page("资金台账汇总", "资金台账汇总", (0, 0, 0.58, 0.5)),), _WIDE),
    Picture("8-archive", (Page("目录", "目录", (0, 0, 0.8, 0.5)),), _WIDE),
)


def main() -> int:
    """Render every picture. 0 done, 2 a tool is missing or a picture came out too big."""
    return render(PICTURES, IMAGES, _documents)


def _documents(folder: Path) -> dict[str, Path]:
    """The workbooks that the pictures show, by a short name: written by following the page."""
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
        follow(HEAD)
        for id in ("xinjiang-makerspace", "shanghai-hq"):
            follow(section(id))
    ours = folder / "新疆"
    with zipfile.ZipFile(ours / "2026年归档.zip") as archive:
        archive.extract("目录.xlsx", folder)
    return {
        "form": sorted((ours / "发出的表").glob("*_登记表填报*.xlsx"))[0],
        "回收汇总": ours / "回收" / "回收汇总.xlsx",
        "待办": ours / "待办.xlsx",
        "scores": sorted((ours / "评审" / "专家评分表").glob("*.xlsx"))[0],
        "评审会材料": ours / "评审" / "评审会材料.xlsx",
        "疑点": ours / "疑点.xlsx",
        "资金台账汇总": folder / "上海" / "资金台账汇总.xlsx",
        "目录": folder / "目录.xlsx",
    }


if __name__ == "__main__":
    raise SystemExit(main())
