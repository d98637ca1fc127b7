"""A wrong reference in funding.yaml is told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

import incubxl.policies
from incubxl.policy.lint import lint
from incubxl.policy.load import load_with_lines

FOLDER = Path(incubxl.policies.__file__).parent


def _texts(name: str) -> dict[str, str]:
    return {p.name: p.read_text("utf-8") for p in (FOLDER / name).glob("*.yaml")}


def _told(pack_id: str, old: str, new: str) -> list[str]:
    texts = _texts(pack_id)
    assert old in texts["funding.yaml"]
    texts["funding.yaml"] = texts["funding.yaml"].replace(old, new, 1)
    pack, errors, lines = load_with_lines(pack_id, texts, _texts("common"))
    return [str(e) for e in (errors if pack is None else lint(pack, lines))]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{fact: startup_approved}", "{fact: startup_aproved}", "没有登记栏目「startup_aproved」"),
        ("{fact: startup_approved}", "{fact: focus_field}", "类型应为money"),
        ("{parameter: bonus-city-hq}", "{parameter: bonus-hq}", "没有参数「bonus-hq」"),
        ("{parameter: bonus-city-hq}", "{parameter: change-lead}", "单位应为元、万元"),
        ("rate: bonus-match-ratio", "rate: bonus-city-hq", "单位应为%、倍"),
        ("fact: contract_on, is: after", "fact: selected, is: after", "类型应为date"),
        ("exception: startup_exception\n", "exception: startup_exception_document\n", "类型应为boolean"),
        ("under: {third-year-result: by-contract}", "under: {third-year-result: maybe}", "third-year-result"),
        ("planned: {fact: operating_planned}", "plan: {fact: operating_planned}", "选项应为"),
        ("setting: city_total_control", "setting: office", "没有金额设置「office」"),
        ("value: stop}", "value: stopped}", "没有选项「stopped」"),
        ("y3: 3}", "y4: 3}", "每个选项是第几年"),
        ("- id: bonus-district", "- id: bonus-quarter", "没有情景"),
        ("when_filled: total_control_city", "when_filled: nothing", "没有登记栏目「nothing」"),
        ("{item: bonus-city}", "{item: refund-city}", "应写在它前面"),
        ("soft: true\n        exception", "soft: false\n        exception", "soft"),
        ("yearly: true", "yearley: true", "未知的键「yearley」"),
        ("fact: startup_paid_sum, kind", "fact: startup_sum, kind", "没有登记栏目「startup_sum」"),
        ("fact: city_used, kind", "fact: city_paid_sum, kind", "「city_paid_sum」重复"),
        ("kind: paid, payer: city", "kind: paid, payer: town", "没有出资方「town」"),
        ("items: [operating-city], stages: [2]", "items: [operating-city], stages: [4]", "没有第4年"),
        ("items: [startup-district], before", "items: [start-district], before", "没有经费项目「start-district」"),
        ("kind: verified, payer: district", "kind: verified", "须写明 items、payer、other_tracks 或 of"),
    ],
)
def test_a_wrong_reference_is_told_with_file_and_line(old: str, new: str, words: str) -> None:
    told = _told("shanghai-hq", old, new)
    assert any(
        words in line and line.startswith(("shanghai-hq/funding.yaml:", "shanghai-hq/scenarios.yaml:")) for line in told
    )


def test_a_condition_that_money_cannot_hang_on_is_told() -> None:
    old = "{is: {fact: track, value: hq}}"
    told = _told("shanghai-hq", old, "{held_for: {since: contract_on, period: support-years-hq}}")
    assert any("不能用运算符 held_for" in line for line in told)


def test_a_scenario_of_no_item_is_told() -> None:
    texts = _texts("tongliao-award")
    texts["scenarios.yaml"] = texts["scenarios.yaml"].replace(
        "- funding: award-regional-xingchuang", "- funding: none", 1
    )
    pack, errors, lines = load_with_lines("tongliao-award", texts, _texts("common"))
    assert pack is not None, errors
    told = [str(e) for e in lint(pack, lines)]
    assert any("没有经费项目「none」" in line for line in told)
    assert any("award-regional-xingchuang" not in line and "没有情景" in line for line in told)
