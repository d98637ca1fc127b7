"""Places in the workbook: of sheets with odd names, and each remedy said once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from incubxl.assess.model import Assessment
from incubxl.batch.job import open_assessment
from incubxl.excel.asking import LONGEST_PROMPT, pages
from incubxl.excel.where import Spot, places
from incubxl.grid import Place
from incubxl.issues import issue
from incubxl.plan import Link
from incubxl.results.frame import Frame
from incubxl.results.problems import problems
from incubxl.results.words import link_target
from tests.conftest import ROOT

ODD = "it's 26!A3"


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    path = ROOT / "samples" / "shanghai-hq-2025.xlsx"
    found, issues = open_assessment(path, None, dt.date(2026, 6, 1), None)
    assert found is not None, issues
    return found


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("在孵企业!B3:B9（7行，去重后6家）", ("在孵企业", "B3:B9")),
        ("'it''s'!A1", ("it's", "A1")),
        ("'2026 年!'!$B$2：补填", ("2026 年!", "B2")),
        ("it's!A1", ("it's", "A1")),
        ("a!b2!C3", ("a!b2", "C3")),
        ("it's 26!A3!C4", (ODD, "C4")),
        ("设置（统计年度未填）", None),
        ("设置!（未填）；在孵企业!B3", None),
        ("在孵企业!B3C", None),
    ],
)
def test_sheet_and_cell_of_a_source(source: str, target: tuple[str, str] | None) -> None:
    assert link_target(source) == target


def test_a_sheet_with_an_odd_name_is_led_to(assessment: Assessment) -> None:
    found = issue("cell.error", Place(ODD, "C4"), label="孵化面积", seen="#N/A")
    odd = replace(assessment, issues=(found,), determinations=())
    (spot,) = places(odd, ["设置", ODD])
    assert spot[:4] == Spot(ODD, "C4", 3, 2, "")[:4]
    (link,) = problems(Frame(odd, ".")).links
    assert isinstance(link, Link)
    assert (link.sheet, link.cell) == (ODD, "C4")


def test_a_remedy_is_said_once(assessment: Assessment) -> None:
    """上海 H09: 「提请推进小组审议确认」 is both the way that was found and the general advice."""
    spots = {spot.cell: spot.said for spot in places(assessment, ["申报登记"])}
    assert spots["AE15"] == "H09 变更经推进小组审议确认：不符合。提请推进小组审议确认。"
    assert all("。。" not in said for said in spots.values())


def test_a_long_list_of_measures_is_asked_in_pages() -> None:
    names = [f"{n}　示例市科技企业孵化器和众创空间认定管理与绩效评价办法（第{n}版）" for n in range(1, 21)]
    shown = pages("\n".join(["请输入办法的序号：", *names]))
    assert len(shown) > 1
    assert all(len(page) <= LONGEST_PROMPT for page in shown)
    assert [line for page in shown for line in page.split("\n")[1:-1]] == names
    assert all(page.startswith("请输入办法的序号：\n") for page in shown)
    assert pages("请输入申报年度：") == ["请输入申报年度："]
    (only,) = {len(page) <= LONGEST_PROMPT for page in pages("问：\n" + "长" * 400)}
    assert only
