"""A small fictional measure and workbooks made of Python lists."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import incubxl.policies
from incubxl.grid import CellKind, Grid, Sheet
from incubxl.issues import Issue
from incubxl.policy.load import load_pack
from incubxl.policy.pack import Pack
from incubxl.register.model import Register
from incubxl.register.read import read_register

COMMON = {p.name: p.read_text("utf-8") for p in (Path(incubxl.policies.__file__).parent / "common").glob("*.yaml")}
MEASURE = """
id: testland
version: 1.0.0
name: 试验市孵化器管理办法
short_name: 试验办法
issuer: 试验市科学技术局
validity: {undated_reason: 没有写明日期}
applicant_noun: 孵化器
seed: none.txt
tracks:
  - {id: base, label: 基地, clause: 第一条, quote: 基地}
  - {id: offshore, label: 离岸孵化器, aliases: [离岸], clause: 第一条, quote: 离岸孵化器}
roles: []
"""
FACTS = """
facts:
  - {id: area, label: 场地面积, aliases: [面积], type: number, unit: 平方米, plausible_max: 100000}
  - {id: spend, label: 年度运营投入, type: money, unit: 元, plausible_max: 1000000000}
  - {id: fund, label: 种子资金, type: money, unit: 万元}
  - {id: share, label: 自主支配比例, type: percent}
  - {id: tenant_total, label: 在孵企业数, type: integer, unit: 家, may_not_apply: true}
  - {id: founded, label: 成立日期, type: date}
  - {id: since_year, label: 起始年度, type: year}
  - {id: legal, label: 是否独立法人, type: boolean}
  - {id: kind, label: 单位性质, type: choice,
     choices: [{id: firm, label: 企业, aliases: [公司]}, {id: institute, label: 事业单位}]}
tables:
  - id: tenants
    sheet: 在孵企业
    aliases: [入驻企业]
    owner: applicant_id
    purpose: 在孵企业
    columns:
      - {id: applicant_id, label: 申报编号, type: text, required: true}
      - {id: tenant, label: 企业名称, type: text}
      - {id: code, label: 信用代码, type: uscc}
      - {id: kind, label: 企业类型, type: choice, choices: [{id: joint, label: 中外合资}, {id: local, label: 内资}]}
      - {id: moved_in, label: 入驻日期, type: date}
      - {id: raised, label: 融资额, type: money, unit: 万元}
      - {id: active, label: 在孵, type: boolean}
derived:
  - {id: tenants_all, label: 在孵企业, unit: 家, clause: 一, table: tenants, count: distinct,
     key: [code], total: tenant_total}
  - {id: tenants_joint, label: 合资企业, unit: 家, clause: 一, table: tenants, count: distinct,
     key: [code], where: [{column: kind, one_of: [joint]}]}
  - {id: rows_active, label: 在孵行数, unit: 行, clause: 一, table: tenants, count: rows,
     where: [{column: active, truthy: true}]}
  - {id: raised_sum, label: 融资合计, unit: 元, clause: 一, table: tenants, count: sum,
     column: raised}
  - {id: this_year, label: 当年入驻, unit: 家, clause: 一, table: tenants, count: rows,
     where: [{column: moved_in, in_reference_year: true}]}
  - {id: each_year, label: 每年入驻, unit: 家, clause: 一, table: tenants, count: rows,
     each_year_since: founded, year_column: moved_in}
"""
CRITERIA = """
judgements:
  - {id: team, label: 有专业团队, clause: 第二条, quote: 专业团队, question: 是否有专业团队？, evidence: [名单]}
criteria:
  - {id: space, title: 场地不少于500平方米, clause: 第三条, quote: 不少于500平方米, remedy: 补足面积,
     check: {at_least: {fact: area, than: area-min}}}
"""
PARAMETERS = """
- {id: area-min, label: 面积下限, unit: 平方米, clause: 第三条, quote: 500平方米, values: [{value: 500}]}
"""
INTERPRETATIONS = """
- id: each-year
  clause: 第四条
  question: 「每年」指哪一年？
  options: [{id: last, label: 上一年度}, {id: every, label: 逐年}]
  effect: 每年入驻
"""
PROCEDURE = """
stages: []
sanctions:
  - {id: fraud, label: 取消资格, finding: 弄虚作假, clause: 第五条, quote: 取消, options: [{id: cancel, label: 取消}]}
"""
EVALUATION = "{kind: score, grades: [{id: a, label: 优秀}, {id: d, label: 不合格}], failing: d}"
TEXTS = {
    "measure.yaml": MEASURE,
    "facts.yaml": FACTS,
    "criteria.yaml": CRITERIA,
    "parameters.yaml": PARAMETERS,
    "interpretations.yaml": INTERPRETATIONS,
    "procedure.yaml": PROCEDURE,
    "evaluation.yaml": EVALUATION,
    "funding.yaml": "note: 无",
    "letters.yaml": "note: 无",
    "scenarios.yaml": "[]",
}
CODES = ("91650100MA700001XY", "91650100MA700002X0", "91650100MA700003X1", "91650100MA700004X2")


def make_pack(**texts: str) -> Pack:
    """The test measure; ``facts="…"`` replaces facts.yaml."""
    pack, errors = load_pack("testland", {**TEXTS, **{f"{k}.yaml": v for k, v in texts.items()}}, COMMON)
    assert pack is not None, [str(error) for error in errors]
    return pack


PACK = make_pack()


def sheet(name: str, rows: Sequence[Sequence[Any]], **more: Any) -> Sheet:
    """Rows made rectangular; ``"#N/A"`` and ``"=?"`` (a formula without result) become special cells."""
    width = max((len(row) for row in rows), default=0)
    special = {
        (r, c): (CellKind.UNCACHED if value == "=?" else CellKind.ERROR, str(value))
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if value in ("#N/A", "=?")
    }
    cells = [
        [None if value in ("#N/A", "=?") else value for value in [*row, *[None] * (width - len(row))]] for row in rows
    ]
    return Sheet(name, cells, special, **more)


def settings(**values: Any) -> Sheet:
    rows = [["项目", "取值", "标识"], ["办法标识", "testland", "pack"], ["申报年度", 2026.0, "year"]]
    return sheet("设置", rows + [[key, value, key] for key, value in values.items()])


def grid(*sheets: Sheet, reference_year: int | None = 2025, date_1904: bool = False) -> Grid:
    given = {s.name: s for s in sheets}
    base = settings(**({"reference_year": float(reference_year)} if reference_year else {}))
    return Grid("t.xlsx", given if "设置" in given else {base.name: base, **given}, date_1904=date_1904)


HEAD = ["申报编号", "单位名称", "统一社会信用代码", "申报类型"]


def one_fact(label: str, *values: Any, date_1904: bool = False) -> Register:
    """A register with one column besides the common ones, one applicant per value."""
    rows = [[f"A{n}", "某某孵化器", None, "基地", value] for n, value in enumerate(values, 1)]
    return read(sheet("申报登记", [[*HEAD, label], *rows]), date_1904=date_1904)


TENANT_HEAD = ["申报编号", "企业名称", "信用代码", "企业类型", "入驻日期", "融资额", "在孵"]


def with_tenants(tenants: Sequence[Sequence[Any]], total: Any = None, founded: Any = None, **more: Any) -> Register:
    """Applicants A1 (with a typed total and founding date) and A2, and rows of 在孵企业."""
    register = sheet(
        "申报登记",
        [
            [*HEAD, "在孵企业数", "成立日期"],
            ["A1", "甲", None, "基地", total, founded],
            ["A2", "乙", None, "基地", None, None],
        ],
    )
    return read(register, sheet("在孵企业", [TENANT_HEAD, *tenants]), **more)


def read(*sheets: Sheet, **more: Any) -> Register:
    return read_register(grid(*sheets, **more), PACK)


def found(register: Register, code: str) -> list[Issue]:
    return [issue for issue in register.issues if issue.code == code]


def codes(register: Register) -> list[str]:
    """Codes of all issues but those about what the small test workbook leaves out."""
    usual = ("sheet.missing", "header.absent", "cell.required_blank")
    return [issue.code for issue in register.issues if issue.code not in usual]
