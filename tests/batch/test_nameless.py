"""A word that stands for a blank is no name: of a unit, of the office, of the reader of a letter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from incubxl.templates.content import WorkbookContent
from tests.batch.build import codes, concluded, data, filled, go, set_setting, workbook
from tests.batch.build import damaged as changed


def views(path: Path, content: bytes) -> tuple[list[dict[str, Any]], Any]:
    book = path / "登记.xlsx"
    book.write_bytes(content)
    done = go(book, out=path / "结果")
    return [x for one in workbook(done)["applicants"] for x in one["letters"]], done


def refused(**facts: Any) -> WorkbookContent:
    return concluded(filled(1, **facts), document_number="示科函〔2026〕5号")


def test_with_a_name_it_is_final(tmp_path: Path) -> None:
    (letter,), done = views(tmp_path, data(refused()))
    assert (letter["state"], "cell.no_name" in codes(done)) == ("final", False)


@pytest.mark.parametrize("name", ["/", "待定", "无", "……", "N/A"])
def test_a_unit_without_a_name_gets_a_draft_and_its_cell_is_told(tmp_path: Path, name: str) -> None:
    (letter,), done = views(tmp_path, data(refused(name=name)))
    assert letter["state"] == "draft"
    assert "申报登记!B" in letter["why"]
    (told,) = [i for i in workbook(done)["issues"] if i["code"] == "cell.no_name"]
    assert told["severity"] == "error"
    assert f"「单位名称」写的是「{name}」，不是名称" in told["message"]


@pytest.mark.parametrize("office", ["待定", "/"])
def test_an_office_without_a_name_signs_no_letter(tmp_path: Path, office: str) -> None:
    (letter,), _ = views(tmp_path, changed(set_setting("office", office), refused()))
    assert letter["state"] == "draft"
    assert f"「设置」表的本单位名称写的是「{office}」，通知书不能落款" in letter["why"]


def test_a_reader_that_is_nobody_gets_a_draft(tmp_path: Path) -> None:
    made = concluded(filled(1), "first_review", document_number="示科函〔2026〕5号", addressee="待定")
    letters, _ = views(tmp_path, data(made))
    (letter,) = [one for one in letters if one["kind"] == "first_review"]
    assert letter["state"] == "draft"
    assert "的主送写的是「待定」，没有说发给谁" in letter["why"]
