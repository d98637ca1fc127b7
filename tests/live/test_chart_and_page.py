"""The chart and the print set-up of our sheets are those of the result workbook; and what printers do to them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.excel import commands
from incubxl.excel.own import log_file
from incubxl.files.write import Properties, render
from incubxl.results.build import result_sheets
from tests.conftest import ROOT
from tests.live.com import Wire, gone
from tests.live.fakewin import Scene
from tests.live.grafted import with_results
from tests.live.test_same_as_file import assessed

pytestmark = pytest.mark.office
SAMPLE = ROOT / "samples" / "national-base-2026.xlsx"  # graded, and with a notice
OURS = ("条件核对", "差什么", "问题清单", "评价结果", "指标得分", "经费核定", "限额明细")


def filed(source: Path, path: Path) -> Any:
    made = result_sheets(assessed(source), ran_at="", run_id="", input_name=source.name)
    path.write_bytes(render(made, properties=Properties("", dt.datetime(2026, 6, 1))))
    return openpyxl.load_workbook(path)


def saved(book: Any, path: Path) -> Any:
    book.api.SaveCopyAs(str(path))
    return openpyxl.load_workbook(path)


def chart(sheet: Any) -> dict[str, Any]:
    (found,) = sheet._charts
    return {
        "series": [
            {
                "name": s.tx.v or s.tx.strRef.strCache.pt[0].v,
                "values": s.val.numRef.f.replace("'", ""),
                "categories": _categories(s).replace("'", ""),
                "fill": s.spPr.solidFill.srgbClr.upper(),
                "edge": s.spPr.ln.solidFill.srgbClr,
                "labels": bool(s.dLbls and s.dLbls.showVal),
            }
            for s in found.series
        ],
        "title": "".join(run.t for p in found.title.tx.rich.p for run in p.r or []),
        "least": found.y_axis.scaling.min,
        "format": found.y_axis.numFmt.formatCode,
        "grid": found.y_axis.majorGridlines.spPr.ln.solidFill.srgbClr.upper(),
        "legend": found.legend is not None,
        "gap": found.gapWidth,
        "at": (found.anchor._from.row, found.anchor._from.col),
    }


def _categories(series: Any) -> str:
    return next(r.f for r in (series.cat.strRef, series.cat.numRef, series.cat.multiLvlStrRef) if r)


def page(sheet: Any) -> dict[str, Any]:
    setup, header = sheet.page_setup, sheet.oddHeader
    return {
        "landscape": setup.orientation,
        "paper": int(setup.paperSize),
        "wide": 1 if setup.fitToWidth is None else setup.fitToWidth,
        "tall": setup.fitToHeight,
        "fit": sheet.sheet_properties.pageSetUpPr.fitToPage,
        "rows": sheet.print_title_rows,
        "left": _words(header.left.text),
        "right": _words(header.right.text),
        "foot": _words(sheet.oddFooter.center.text),
    }


def _words(text: str | None) -> str | None:
    return re.sub("&K[0-9a-f]{6}", "", text) if text else text  # LibreOffice saves the automatic colour too


@pytest.mark.parametrize("sample", ["national-base", "urumqi-intl", "shanghai-hq"])
def test_same_as_in_the_result_workbook(sample: str, opened: Callable[..., Any], tmp_path: Path) -> None:
    source = ROOT / "samples" / f"{sample}-2026.xlsx"
    book = opened(source)
    for button in (commands.check_all, commands.scores, commands.grade, commands.funding):
        assert button(), Scene.dialogs
    live, wanted = saved(book, tmp_path / "after.xlsx"), filed(source, tmp_path / "expected.xlsx")
    for name in OURS:
        assert page(live[name]) == page(wanted[name]), name
        assert len(live[name]._charts) == len(wanted[name]._charts), name
    assert [name for name in OURS if live[name]._charts] == (["评价结果"] if wanted["评价结果"]._charts else [])
    if live["评价结果"]._charts:
        assert chart(live["评价结果"]) == chart(wanted["评价结果"])


def test_samples_cover_a_chart_and_a_notice(tmp_path: Path) -> None:
    wanted = filed(SAMPLE, tmp_path / "expected.xlsx")
    assert wanted["评价结果"]._charts
    assert any(page(sheet)["right"] for sheet in wanted.worksheets if sheet.oddHeader)


def test_one_chart_after_a_second_click_and_the_earlier_one_after_undo(opened: Callable[..., Any]) -> None:
    """A changed register gives other numbers; the chart of before, with its words, comes back."""
    book = opened(SAMPLE)
    assert commands.grade(), Scene.dialogs
    sheet = book.api.Worksheets("评价结果")
    first = _only(sheet)
    assert first.Chart.PlotVisibleOnly is False
    words = first.ShapeRange.AlternativeText
    assert words.startswith("柱形图：各等级家数。")
    book.api.Worksheets("申报登记").Range("A8:BI14").ClearContents()  # seven applicants
    assert commands.grade(), Scene.dialogs
    assert _only(sheet).ShapeRange.AlternativeText != words
    assert commands.undo(), Scene.dialogs
    assert _only(sheet).ShapeRange.AlternativeText == words
    assert len(list(_only(sheet).Chart.SeriesCollection())) == 1


def _only(sheet: Any) -> Any:
    (found,) = [c for c in sheet.ChartObjects() if c.Name == "incubxl_chart"]
    return found


def test_in_a_copy_that_a_run_wrote_into(opened: Callable[..., Any], tmp_path: Path) -> None:
    """The run's chart gives way to the click's, and the page, set up by the run, is as a click sets it up."""
    book = opened(with_results(SAMPLE, tmp_path / "run"))
    wanted = filed(SAMPLE, tmp_path / "expected.xlsx")
    for _ in range(2):
        assert commands.grade(), Scene.dialogs
        assert commands.check_all(), Scene.dialogs
        assert [c.Name for c in book.api.Worksheets("评价结果").ChartObjects()] == ["incubxl_chart"]
    live = saved(book, tmp_path / "after.xlsx")
    for name in OURS:
        assert page(live[name]) == page(wanted[name]), name
    assert chart(live["评价结果"]) == chart(wanted["评价结果"])


def test_a_chart_of_the_users_on_our_sheet_stays(opened: Callable[..., Any]) -> None:
    book = opened(SAMPLE)
    assert commands.grade(), Scene.dialogs
    sheet = book.api.Worksheets("评价结果")
    sheet.Unprotect("")
    sheet.ChartObjects().Add(10, 10, 200, 100).Name = "我的图"
    assert commands.grade(), Scene.dialogs
    assert sorted(c.Name for c in sheet.ChartObjects()) == ["incubxl_chart", "我的图"]


def test_without_a_printer_the_click_goes_on_and_the_log_says_so(excel: Any, opened: Callable[..., Any]) -> None:
    book = opened(SAMPLE)
    excel.papers = ()
    assert commands.check_all(), Scene.dialogs
    assert "已写到" in Scene.dialogs[-1][0]
    assert book.api.Worksheets("条件核对").Range("A1").Value == "条件核对"
    assert "print set-up of 条件核对: Excel does not take PrintCommunication=False" in log_file().read_text("utf-8")
    assert book.api.Worksheets("条件核对").ProtectContents is True


def test_a_printer_without_large_paper_keeps_the_rest(excel: Any, opened: Callable[..., Any], tmp_path: Path) -> None:
    book = opened(SAMPLE)
    excel.papers = (9,)
    assert commands.grade(), Scene.dialogs
    assert excel.PrintCommunication is True
    live, wanted = saved(book, tmp_path / "after.xlsx"), filed(SAMPLE, tmp_path / "expected.xlsx")
    mine = page(live["评价结果"])
    assert mine.pop("paper") != 8
    assert mine == {key: value for key, value in page(wanted["评价结果"]).items() if key != "paper"}


def test_an_excel_that_ends_meanwhile_is_not_taken_for_a_printer(
    opened: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    opened(SAMPLE)
    Wire.fault = lambda name: gone(name) if Wire.calls["Orientation="] else None
    assert not commands.gaps()
    Wire.fault = None
    assert "Excel 或者这个工作簿已经关闭" in capsys.readouterr().err


def test_before_excel_2010_settings_are_sent_one_by_one(
    excel: Any, opened: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PrintCommunication is not known there: pywin32 raises AttributeError."""

    def unknown(name: str) -> None:
        if name == "PrintCommunication=":
            raise AttributeError("Property 'PrintCommunication' can not be set.")

    book = opened(SAMPLE)
    Wire.fault = unknown
    assert commands.gaps(), Scene.dialogs
    Wire.fault = None
    assert page(saved(book, tmp_path / "after.xlsx")["差什么"])["landscape"] == "landscape"
