"""The JSON of a workbook, as the issue prints its shape."""

from __future__ import annotations

import json

from incubxl.assess.model import Assessment, LetterView
from incubxl.results.as_json import workbook_json, workbook_text
from incubxl.results.summary import ResultFile


def test_keys_are_those_promised(assessment: Assessment, letters: tuple[LetterView, ...]) -> None:
    book = workbook_json(assessment, "in/甲.xlsx", letters)
    assert list(book) == ["path", "pack", "year", "as_of", "result", "applicants", "issues"]
    first = book["applicants"][0]
    assert list(first) == [
        "id", "name", "track", "verdicts", "eligible", "score", "grade", "grades_possible", "funding", "letters",
    ]  # fmt: skip
    assert list(first["verdicts"][0]) == [
        "criterion", "clause", "quote", "verdict", "computed", "override", "missing", "value", "threshold", "cell",
        "interpretations", "remedy",
    ]  # fmt: skip
    assert list(first["funding"][0]) == ["item", "payer", "year", "amount", "limits", "binding"]
    assert list(first["letters"][0]) == ["kind", "file", "state", "why"]
    assert list(book["issues"][0]) == ["severity", "code", "sheet", "cell", "message", "remedy"]


def test_the_text_in_pieces_is_the_same(assessment: Assessment, letters: tuple[LetterView, ...]) -> None:
    pieces = list(workbook_text(assessment, "in/甲.xlsx", letters))
    assert json.loads("".join(pieces)) == json.loads(json.dumps(workbook_json(assessment, "in/甲.xlsx", letters)))
    assert len(pieces) == len(assessment.determinations) + 2


def test_values(assessment: Assessment, letters: tuple[LetterView, ...]) -> None:
    book = json.loads(json.dumps(workbook_json(assessment, "in/甲.xlsx", letters)))
    first, second, third = book["applicants"]
    assert (book["pack"], book["year"], book["as_of"]) == ("cloud-nest", 2026, "2026-06-01")
    assert [a["eligible"] for a in book["applicants"]] == ["met", "met", "pending"]
    assert first["verdicts"][1]["verdict"] == "unknown"
    assert first["verdicts"][1]["missing"] == ["seats"]
    assert (first["score"], first["grade"]) == ("91.5", "优秀")
    assert first["funding"][0]["amount"] == "1234567.89"
    assert first["funding"][0]["limits"][0]["amount"] == "2000000"
    assert first["funding"][0]["binding"] == ["half"]
    assert second["verdicts"][0]["override"] == {
        "verdict": "met",
        "stale": True,
        "name": "测试员甲",
        "on": "2026-05-12",
        "reason": "现场核对了租赁合同",
    }
    assert second["verdicts"][0]["computed"] == "not_met"
    assert second["funding"][0]["amount"] is None
    assert second["funding"][0]["limits"][1]["amount"] is None
    assert second["grades_possible"] == ["合格", "不合格"]
    assert second["letters"] == [{"kind": "correction", "file": "", "state": "none", "why": "缺少收件人电子邮箱"}]
    assert third["verdicts"][0]["interpretations"] == [
        {"id": "joint-area", "option": "", "label": "未确定", "source": ""}
    ]
    assert (third["score"], third["letters"]) == (None, [])


def test_the_form_of_the_result_is_said(assessment: Assessment) -> None:
    copy = workbook_json(assessment, "甲.xlsx", result=ResultFile("甲/结果_甲.xlsm", copy=True))["result"]
    assert copy == {"file": "甲/结果_甲.xlsm", "form": "copy", "code": "", "why": ""}
    other = ResultFile("甲/结果_甲.xlsx", False, "graft.signed", "带有签名", "请…")
    said = workbook_json(assessment, "甲.xlsx", result=other)["result"]
    assert said == {"file": "甲/结果_甲.xlsx", "form": "separate", "code": "graft.signed", "why": "带有签名"}
    assert workbook_json(assessment, "甲.xlsx")["result"] is None  # a trial run writes nothing
