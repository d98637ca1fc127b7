"""A filled workbook of the Urumqi measure, and LibreOffice as the second opinion on its formulas."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from incubxl.files.packs import PackStore
from incubxl.policy.pack import Pack
from incubxl.templates.build import build_workbook
from incubxl.templates.content import AnswerInput, WorkbookContent

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@pytest.fixture(scope="session")
def urumqi(packs: PackStore) -> Pack:
    return packs.pack("urumqi-intl")


@pytest.fixture(scope="session")
def content(urumqi: Pack) -> WorkbookContent:
    """Two applicants, scores by two experts, a judgement, an answer, history."""
    return WorkbookContent(
        register=(
            {
                "applicant_id": "WL-01",
                "name": "=天山样例孵化器有限公司",
                "uscc": "91650100MA0000001U",
                "track": "offshore",
                "district": "样例区",
                "application_date": dt.date(2026, 5, 20),
                "contact_name": "样例甲",
                "contact_phone": "0991-5550101",
                "contact_email": "a@example.com",
                "local_legal_person": True,
                "overseas_area": Decimal("512.5"),
            },
            {
                "applicant_id": "WL-02",
                "name": "样例创客基地有限公司",
                "uscc": "91650100MA0000002Y",
                "track": "base",
                "local_area": "３００平方米",
                "talent_total": 7,
                "local_legal_person": False,
                "recognised_on": "不适用",
            },
        ),
        tables={
            "judgements": (
                {
                    "applicant_id": "WL-01",
                    "judgement": urumqi.judgements[0].id,
                    "verdict": "met",
                    "reason": "看了协议原件",
                    "signer": "样例乙",
                    "signed_on": dt.date(2026, 6, 1),
                },
            ),
            "indicators": (
                {"indicator": "A1", "name": "服务能力", "maximum": 100, "weight": 60, "method": "direct"},
                {"indicator": "A2", "name": "合作成效", "maximum": 100, "weight": 40, "method": "direct"},
                {"indicator": "B", "name": "加分", "cap": 5, "method": "bonus"},
            ),
            "scores": (
                {"applicant_id": "WL-01", "indicator": "A1", "expert": "一", "score": 80},
                {"applicant_id": "WL-01", "indicator": "A1", "expert": "二", "score": 71},
                {"applicant_id": "WL-01", "indicator": "A2", "expert": "一", "score": 90},
                {"applicant_id": "WL-01", "indicator": "B", "expert": "一", "score": 3},
            ),
            "history": (
                {
                    "applicant_id": "WL-01",
                    "year": 2024,
                    "kind": "grade",
                    "what": "good",
                    "on": dt.date(2024, 12, 1),
                    "document_number": "样例〔2024〕1号",
                },
            ),
        },
        settings={"office": "样例市科技局", "score_total": "weighted", "margin": 5},
        answers={
            "number-inclusive": AnswerInput("inclusive", "按民法典", "样例甲", dt.date(2026, 3, 1)),
            "ban-first-day": AnswerInput("next_day"),
        },
    )


@pytest.fixture(scope="session")
def filled(urumqi: Pack, content: WorkbookContent) -> bytes:
    return build_workbook(urumqi, year=2026, content=content)


@pytest.fixture(scope="session")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """LibreOffice computes every formula of a workbook anew and saves a copy."""
    command = shutil.which("soffice")
    if not command:
        pytest.skip("LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("profile")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")

    def convert(path: Path) -> Path:
        out = tmp_path_factory.mktemp("recalculated")
        arguments = [command, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        arguments += ["--convert-to", "xlsx", "--outdir", str(out), str(path)]
        subprocess.run(arguments, capture_output=True, timeout=300, check=True)
        return out / path.name

    return convert
