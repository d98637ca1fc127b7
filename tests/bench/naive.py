# ruff: noqa: E501
"""The same job as a competent analyst would script it: openpyxl in, pydantic per row, plain ifs, openpyxl out.

``python -m tests.bench.naive IN OUT [--letters]``. It knows one measure, trusts its input, and writes the same main sheets: borders, wrapped
text, verdict colours, links from the matrix to the detail.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import docx
from dateutil.relativedelta import relativedelta
from docxtpl import DocxTemplate
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from pydantic import BaseModel

AS_OF = dt.date(2026, 5, 31)
COLOURS = {"符合": "C6E0B4", "不符合": "F8CBAD", "资料不足": "FFE699", "待认定": "BDD7EE"}
QUOTES = {
    "第六条1": "发展方向明确、模式清晰，具备可持续发展能力", "第六条2": "应设立专门运营管理机构，原则上应具有独立法人资格",
    "第六条3": "机构实际注册并运营时间满 1 年，且已报送真实完整的统计数据",
    "第六条4": "拥有不低于 500 平方米的服务场地，或提供不少于 30 个创业工位", "第六条5": "年协议入驻创业团队和企业不低于 20 家",
    "第六条6": "入驻创业团队每年注册成为新企业数不低于 8 家，或每年有不低于 3 家获得融资",
    "第六条7": "每年有不少于 3 个典型孵化案例", "第六条8": "至少 3 名具备专业服务能力的专职人员，聘请至少 3 名专兼职导师",
    "第六条9": "每年开展的创业沙龙、路演、创业大赛、创业教育培训等活动不少于 10 场次", "第六条10": "按照自治区科技厅的要求上报统计数据，且数据真实、完整",
    "第十条2": "各地州市科技局负责进行初审并实地核查", "第十一条": "2 年内不得再次申报",
}  # fmt: skip


class Applicant(BaseModel):
    applicant_id: str
    name: str
    uscc: str
    legal_person: str | None = None
    registered_on: dt.date | None = None
    operated_since: dt.date | None = None
    statistics_reported: str | None = None
    service_area: float | None = None
    seats: int | None = None
    seat_area: float | None = None
    public_area: float | None = None
    total_area: float | None = None
    tenants: int | None = None
    new_company_total: int | None = None
    financed_total: int | None = None
    case_total: int | None = None
    staff_total: int | None = None
    mentor_total: int | None = None
    event_total: int | None = None
    first_review_passed: str | None = None
    site_visited_on: dt.date | None = None
    site_visit_record: str | None = None


COLUMNS = {
    "申报编号": "applicant_id", "单位名称": "name", "统一社会信用代码": "uscc", "是否独立法人": "legal_person",
    "机构注册日期": "registered_on", "实际运营开始日期": "operated_since", "是否已报送统计数据": "statistics_reported",
    "服务场地面积": "service_area", "创业工位数": "seats", "创业工位面积": "seat_area", "公共服务场地面积": "public_area",
    "众创空间总面积": "total_area", "年协议入驻团队和企业数": "tenants", "统计年度新注册企业数": "new_company_total",
    "统计年度获得融资数": "financed_total", "统计年度典型孵化案例数": "case_total", "专职人员数": "staff_total",
    "专兼职导师数": "mentor_total", "统计年度活动场次": "event_total", "地州市初审是否通过": "first_review_passed",
    "实地核查日期": "site_visited_on", "有无实地核查记录": "site_visit_record",
}  # fmt: skip


def table(sheet: Any) -> list[dict[str, Any]]:
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(n for n, row in enumerate(rows) if "申报编号" in row)
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :] if row[0] is not None]


def least(value: float | None, limit: float) -> str:
    return "资料不足" if value is None else "符合" if value >= limit else "不符合"


def both(*verdicts: str) -> str:
    return next((v for v in ("不符合", "资料不足", "待认定") if v in verdicts), "符合")


def either(*verdicts: str) -> str:
    return next((v for v in ("符合", "资料不足", "待认定") if v in verdicts), "不符合")


def yes(value: str | None) -> str:
    return "资料不足" if value is None else "符合" if value == "是" else "不符合"


def year_old(day: dt.date | None) -> str:
    return "资料不足" if day is None else "符合" if day + relativedelta(years=1) <= AS_OF else "不符合"


def judge(a: Applicant, said: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """(clause, verdict, value, threshold)"""
    person = lambda label: said.get(label, "待认定")  # noqa: E731
    parts = None if a.seat_area is None or a.public_area is None else a.seat_area + a.public_area
    share = None if parts is None or not a.total_area else parts / a.total_area
    return [
        ("第六条1", person("方向、模式和可持续发展能力"), "人工判断", ""),
        ("第六条2", both(person("专门运营管理机构"), yes(a.legal_person)), f"{a.legal_person}", "是"),
        ("第六条3", both(year_old(a.registered_on), year_old(a.operated_since), yes(a.statistics_reported),
                      person("统计数据真实完整")), f"{a.registered_on} {a.operated_since}", "满1年"),
        ("第六条4", both(either(least(a.service_area, 500), least(a.seats, 30)), person("公共服务场地和设施"),
                      least(share, 0.75)), f"{a.service_area} {a.seats} {share}", "500 或 30；75%"),
        ("第六条5", least(a.tenants, 20), f"{a.tenants}", "20"),
        ("第六条6", either(least(a.new_company_total, 8), least(a.financed_total, 3)),
         f"{a.new_company_total} {a.financed_total}", "8 或 3"),
        ("第六条7", least(a.case_total, 3), f"{a.case_total}", "3"),
        ("第六条8", both(least(a.staff_total, 3), least(a.mentor_total, 3), person("职业孵化服务队伍"),
                      person("规范化服务流程")), f"{a.staff_total} {a.mentor_total}", "3；3"),
        ("第六条9", least(a.event_total, 10), f"{a.event_total}", "10"),
        ("第六条10", both(yes(a.statistics_reported), person("统计数据真实完整")), f"{a.statistics_reported}", "是"),
        ("第十条2", both(yes(a.first_review_passed), "资料不足" if a.site_visited_on is None else "符合",
                     yes(a.site_visit_record)), f"{a.site_visited_on}", "是"),
        ("第十一条", "符合", "无", ""),
    ]  # fmt: skip


def one(path: Path, out: Path) -> list[tuple[Applicant, list[tuple[str, str, str, str]]]]:
    book = load_workbook(path, data_only=True)
    tenants: dict[str, set[str]] = defaultdict(set)
    for row in table(book["入驻团队和企业"]):
        if row["统计年度内协议是否有效"] == "是":
            tenants[row["申报编号"]].add(row["入驻编号"])
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for row in table(book["人工判断"]):
        said[row["申报编号"]][row["判断事项"]] = row["判断结论"]
    results = []
    for row in table(book["申报登记"]):
        values = {COLUMNS[k]: v.date() if isinstance(v, dt.datetime) else v for k, v in row.items() if k in COLUMNS}
        if values["applicant_id"] in tenants:
            values["tenants"] = len(tenants[values["applicant_id"]])
        applicant = Applicant.model_validate(values)
        results.append((applicant, judge(applicant, said[applicant.applicant_id])))
    write(results, out)
    return results


def write(results: list[tuple[Applicant, list[tuple[str, str, str, str]]]], out: Path) -> None:
    book = Workbook()
    summary = book.active
    summary.title = "结果汇总"
    summary.append(["申报编号", "单位名称", "是否符合", *COLOURS])
    matrix, detail, gaps = (book.create_sheet(n) for n in ("条件核对", "条件核对明细", "差什么"))
    matrix.append(["申报编号", "单位名称", *QUOTES])
    detail.append(
        [
            "申报编号",
            "单位名称",
            "条款",
            "原文",
            "结论",
            "计算结论",
            "数值",
            "门槛",
            "来源",
            "缺少",
            "口径",
            "差什么",
            "临界",
            "核对码",
        ]
    )
    gaps.append(["申报编号", "单位名称", "条款", "结论", "差什么"])
    for applicant, verdicts in results:
        words = [v for _, v, _, _ in verdicts]
        who = [applicant.applicant_id, applicant.name]
        summary.append([*who, both(*words), *(words.count(c) for c in COLOURS)])
        matrix.append([*who, *words])
        for cell in matrix[matrix.max_row][2:]:
            cell.fill = PatternFill("solid", start_color=COLOURS[cell.value])
        for clause, verdict, value, limit in verdicts:
            gap = "" if verdict == "符合" else f"{clause}：{value}，要求{limit}"
            detail.append(
                [*who, clause, QUOTES[clause], verdict, verdict, value, limit, "申报登记", "", "", gap, "", ""]
            )
            detail.cell(detail.max_row, 5).fill = PatternFill("solid", start_color=COLOURS[verdict])
            if gap:
                gaps.append([*who, clause, verdict, gap])
    for row in range(len(results)):
        for column in range(len(QUOTES)):
            target = 2 + row * len(QUOTES) + column
            matrix.cell(row + 2, column + 3).hyperlink = f"#条件核对明细!A{target}"
    thin = Side(style="thin", color="BFBFBF")
    border, wrap = Border(left=thin, right=thin, top=thin, bottom=thin), Alignment(wrap_text=True, vertical="top")
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                cell.border = border
                cell.alignment = wrap
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for letter in "ABCDEFGHIJKLMN":
            sheet.column_dimensions[letter].width = 18
        sheet.freeze_panes = "C2"
        sheet.auto_filter.ref = sheet.dimensions
    book.save(out)


def letter_template(path: Path) -> None:
    """A letter as an analyst would lay it out: the applicant, what was found, a table of the conditions."""
    document = docx.Document()
    document.add_heading("关于{{ name }}申报自治区众创空间的函", 1)
    document.add_paragraph("{{ name }}（申报编号：{{ id }}；统一社会信用代码：{{ uscc }}）：")
    document.add_paragraph("你单位{{ year }}年度的申报材料收悉，经核对，结论为{{ verdict }}，现将结果函告如下。")
    rows = document.add_table(rows=4, cols=4)
    for column, text in enumerate(("条款", "结论", "数值", "原文")):
        rows.cell(0, column).text = text
    rows.cell(1, 0).text = "{%tr for r in rows %}"
    for column, text in enumerate(("{{ r.clause }}", "{{ r.verdict }}", "{{ r.value }}", "{{ r.quote }}")):
        rows.cell(2, column).text = text
    rows.cell(3, 0).text = "{%tr endfor %}"
    document.add_paragraph("{{ office }}")
    document.add_paragraph("{{ date }}")
    document.save(str(path))


def letters(results: list[tuple[Applicant, list[tuple[str, str, str, str]]]], template: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for applicant, verdicts in results:
        document = DocxTemplate(str(template))
        rows = [{"clause": c, "verdict": v, "value": x, "quote": QUOTES[c]} for c, v, x, _ in verdicts]
        document.render({
            "name": applicant.name, "id": applicant.applicant_id, "uscc": applicant.uscc, "year": 2026,
            "verdict": both(*(v for _, v, _, _ in verdicts)), "rows": rows, "office": "示例科技厅", "date": "2026年5月31日",
        }, autoescape=True)  # fmt: skip
        document.save(str(out / f"{applicant.applicant_id}.docx"))


def main() -> None:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    template = target / "template.docx"
    letter_template(template)
    for path in sorted(source.glob("*.xlsx")):
        results = one(path, target / path.name)
        if "--letters" in sys.argv:
            letters(results, template, target / path.stem)


if __name__ == "__main__":
    main()
