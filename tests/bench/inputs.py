"""Workbooks for the benchmarks: the Xinjiang register with typical rows, of any size. Fictional organisations."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import xlsxwriter
from stdnum.cn import uscc

from incubxl.files.packs import store
from incubxl.templates.build import build_workbook
from incubxl.templates.content import AnswerInput, WorkbookContent

PACK = "xinjiang-makerspace"
AS_OF = dt.date(2026, 5, 31)


def code(n: int) -> str:
    """A credit code with a valid check digit."""
    body = f"91650100MA{n:07d}"
    return body + str(uscc.calc_check_digit(body))


def _applicant(n: int, rng: random.Random) -> dict[str, Any]:
    total = rng.randrange(600, 3000)
    seat = round(total * rng.uniform(0.3, 0.5), 1)
    return {
        "applicant_id": f"XJ-{n:05d}", "name": f"示例众创空间{n}", "uscc": code(n), "district": "示例州",
        "application_date": dt.date(2026, 4, 1), "contact_name": "示例联系人", "contact_phone": "0991-5550101",
        "contact_email": f"office{n}@example.org", "legal_person": True,
        "registered_on": dt.date(2020, 1, 1) + dt.timedelta(days=rng.randrange(2300)),
        "operated_since": dt.date(2020, 1, 1) + dt.timedelta(days=rng.randrange(2300)),
        "statistics_reported": True, "service_area": rng.randrange(300, 1500), "seats": rng.randrange(10, 80),
        "seat_area": seat, "public_area": round(total * rng.uniform(0.2, 0.45), 1), "total_area": total,
        "tenant_total": rng.randrange(10, 40), "new_company_total": rng.randrange(4, 12),
        "financed_total": rng.randrange(0, 6), "case_total": rng.randrange(1, 6), "staff_total": rng.randrange(2, 8),
        "mentor_total": rng.randrange(2, 8), "event_total": rng.randrange(6, 20), "first_review_passed": True,
        "site_visited_on": dt.date(2026, 4, 20), "site_visit_record": True,
    }  # fmt: skip


def content(applicants: int, seed: int, *, tenants: int, first: int = 1) -> WorkbookContent:
    """``tenants``: rows of the tenants sheet per applicant, 0 for a register that gives totals only."""
    rng = random.Random(seed)
    register = [_applicant(first + n, rng) for n in range(applicants)]
    rows = []
    for row in register:
        for t in range(tenants):
            rows.append({"applicant_id": row["applicant_id"], "tenant_no": f"T{t:03d}", "tenant_name": f"示例企业{t}",
                         "sort": "team", "agreement_from": dt.date(2025, 1, 1), "agreement_to": dt.date(2026, 12, 31),
                         "agreement_in_year": rng.random() < 0.9, "moved_in_on": dt.date(2025, 1, 5)})  # fmt: skip
        if tenants:
            del row["tenant_total"]
    judgements = [
        {"applicant_id": row["applicant_id"], "judgement": j.id, "verdict": "met", "reason": "查阅材料",
         "signer": "示例甲", "signed_on": dt.date(2026, 5, 1)}
        for row in register for j in store().pack(PACK).judgements
        if tenants
    ]  # fmt: skip
    signed = ("示例", "示例甲", dt.date(2026, 3, 1))
    return WorkbookContent(
        register=tuple(register),
        tables={"tenants": tuple(rows), "judgements": tuple(judgements)},
        settings={"as_of": AS_OF, "reference_year": 2025, "office": "示例科技厅"},
        answers={"every-year": AnswerInput("last-year", *signed), "both-roles": AnswerInput("count-both", *signed)},
    )


def write_many(folder: Path, workbooks: int, applicants: int) -> None:
    """``workbooks`` register workbooks; the same applicants in another order of numbers would cost the same."""
    folder.mkdir(parents=True, exist_ok=True)
    pack = store().pack(PACK)
    distinct = min(workbooks, 10)  # building is slow and no part of what is measured
    made = [
        build_workbook(pack, year=2026, content=content(applicants, n, tenants=20, first=1 + n * applicants))
        for n in range(distinct)
    ]
    for n in range(workbooks):
        path = folder / f"register-{n:03d}.xlsx"
        path.write_bytes(_renamed(made[n % distinct], 1000 * applicants * (n // distinct)))


def _renamed(workbook: bytes, by: int) -> bytes:
    """The same workbook of other organisations: nobody applies in two workbooks of a run."""
    if not by:
        return workbook
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            text = old.read(part).decode()
            text = re.sub(r"91650100MA(\d{7})[0-9A-Z]", lambda found: code(int(found[1]) + by), text)
            new.writestr(part, re.sub(r"示例众创空间(\d+)", lambda found: f"示例众创空间{int(found[1]) + by}", text))
    return buffer.getvalue()


def write_register(path: Path, applicants: int, *, year: int = 2026, seed: int = 1, **settings: Any) -> None:
    """One long register as an office keeps it: the register sheet and the settings, nothing computed."""
    pack = store().pack(PACK)
    filled = content(applicants, seed, tenants=0)
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("申报登记")
        sheet.write_row(0, 0, [f.label for f in pack.facts])
        for n, row in enumerate(filled.register, 1):
            for column, fact in enumerate(pack.facts):
                value = row.get(fact.id)
                if value is not None:
                    sheet.write(n, column, "是" if value is True else value)
        settings = {"pack": PACK, "year": year, **filled.settings, **settings}
        sheet = book.add_worksheet("设置")
        sheet.write_row(0, 0, ["项目", "取值", "说明", "标识"])
        for n, setting in enumerate(pack.settings, 1):
            sheet.write_row(n, 0, [setting.label, settings.get(setting.id), "", setting.id])


if __name__ == "__main__":
    write_many(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
