"""公示 and 公告: one document for many applicants, with what the public may see and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from incubxl.assess.model import Assessment
from incubxl.files.packs import PackStore
from incubxl.grading.model import GradeOutcome
from incubxl.letters.announce import announcements
from incubxl.letters.announce_context import context
from incubxl.letters.choose import letters_for
from incubxl.letters.engine import LetterEngine
from incubxl.policy.pack import Pack
from incubxl.register.model import Conclusion
from incubxl.verdict import Verdict
from tests.letters.case import OFFICE, STEP, assessment, concluded, result, signed, together
from tests.letters.test_packs import lines, marks

NUMBER = "示科公告〔2026〕2号"


def listed(**more: Any) -> Conclusion:
    return replace(concluded("公示", NUMBER), **more)


def case(
    pack: Pack, name: str, *rows: Conclusion, verdict: Verdict = Verdict.MET, reviewed: dt.date = STEP, **more: Any
) -> Any:
    return assessment(
        pack, name=name, verdict=verdict, conclusions=rows, dates={"reviewed_on": reviewed},
        texts={"district": "示例地区", "contact_phone": "0991-5550199", "contact_email": "a@example.org",
               "contact_name": "示例联系人"}, **more,
    )  # fmt: skip


def said(engine: LetterEngine, whole: Assessment) -> list[str]:
    (one,) = announcements(whole)
    return lines(engine.render(one.plan.kind, context(whole, one)))


def test_one_document_names_every_applicant_and_no_person(xinjiang: Pack, engine: LetterEngine) -> None:
    whole = together(case(xinjiang, "示例甲空间", listed()), case(xinjiang, "示例乙空间", listed()))
    (one,) = announcements(whole)
    assert (one.plan.state, [d.applicant for d in one.members]) == ("final", ["A-01", "A-02"])
    text = said(engine, whole)
    assert {"示例甲空间", "示例乙空间", "众创空间", "示例地区", NUMBER} <= set(text)
    assert "公示期7日，自本公示发布之日起计算。对结果有异议的，请在公示期内向示例市科技局提出。" in text
    assert "关于2026年度自治区众创空间备案评审结果的公示" in text
    whole_text = "\n".join(text)
    for private in ("91650100MA0000000Y", "A-01", "A-02", "0991-5550199", "a@example.org", "示例联系人"):
        assert private not in whole_text
    assert not any(line.endswith("：") and line[:-1] in ("示例甲空间", "示例乙空间") for line in text)  # no 主送


def test_it_is_no_letter_of_any_single_applicant(xinjiang: Pack) -> None:
    whole = together(case(xinjiang, "示例甲空间", listed(), verdict=Verdict.PENDING))
    assert letters_for(whole, whole.determinations[0]) == []


def test_one_that_the_conditions_exclude_is_not_listed_and_the_rest_is_a_draft(xinjiang: Pack) -> None:
    whole = together(
        case(xinjiang, "示例甲空间", listed()), case(xinjiang, "示例乙空间", listed(), verdict=Verdict.NOT_MET)
    )
    (one,) = announcements(whole)
    assert [d.name for d in one.members] == ["示例甲空间"]
    assert [(d.name, why[:8]) for d, _, why in one.left_out] == [("示例乙空间", "与核对结果相反：")]
    assert one.plan.state == "draft"
    assert "A-02没有列入" in one.plan.why


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"document_number": "示科公告〔2026〕3号"}, "各行的发文字号不一致"),
        ({"details": "另有说明"}, "各行的具体事项不一致"),
        ({"signed": signed(on=dt.date(2026, 6, 6))}, "各行的结论日期不一致"),
        ({"signed": signed(name="示例另一人")}, "各行的签发人不一致"),
        ({"signed": signed(name="")}, "没有签发人姓名"),
    ],
)
def test_rows_that_are_not_one_document_give_a_draft(xinjiang: Pack, change: dict[str, Any], reason: str) -> None:
    whole = together(case(xinjiang, "示例甲空间", listed()), case(xinjiang, "示例乙空间", listed(**change)))
    (one,) = announcements(whole)
    assert one.plan.state == "draft"
    assert reason in one.plan.why


def test_the_measures_order_is_kept(packs: PackStore, xinjiang: Pack) -> None:
    """公示 after 评审 (第十条3); the 国合孵化基地 is announced after it was granted (第十一条（六）（七）)."""
    unreviewed = together(assessment(xinjiang, conclusions=[listed()]))
    (one,) = announcements(unreviewed)
    assert (one.plan.state, "登记表没有载明评审审核日期" in one.plan.why) == ("draft", True)
    base = packs.pack("national-base")
    announced = concluded("公示（试点单位）", NUMBER)
    (one,) = announcements(together(assessment(base, conclusions=[announced])))
    assert "「结论」表没有先作出「授予试点单位」" in one.plan.why
    granted = concluded("授予试点单位", "示科函〔2026〕7号")
    (one,) = announcements(together(assessment(base, conclusions=[granted, announced])))
    assert one.plan.state == "final"


def test_without_its_length_a_publicity_is_a_draft(xinjiang: Pack) -> None:
    whole = together(case(xinjiang, "示例甲空间", listed(), settings={**OFFICE, "publicity_days": None}))
    (one,) = announcements(whole)
    assert "没有填「公示天数」" in one.plan.why


def test_a_published_grade_stands_in_the_table(packs: PackStore, engine: LetterEngine) -> None:
    pack = packs.pack("shanghai-hq")
    row = concluded("公布（评价结果）", NUMBER)
    grade = GradeOutcome("graded", grade="继续支持")
    text = said(engine, together(assessment(pack, grade=grade, conclusions=[row])))
    assert "继续支持" in text


def test_drafts_and_an_expired_measure_are_marked(packs: PackStore, engine: LetterEngine) -> None:
    pack = packs.pack("shanghai-hq")
    row = concluded("公布（评价结果）", NUMBER)
    grade = GradeOutcome("graded", grade="继续支持")
    for conclusion, first in ((row, "有效期至2025年10月29日，已届满"), (replace(row, document_number=""), "有效期至")):
        whole = together(assessment(pack, grade=grade, conclusions=[conclusion]))
        (one,) = announcements(whole)
        assert first in marks(engine.render(one.plan.kind, context(whole, one)))[0]
    unsigned = replace(row, signed=signed(name=""))
    whole = together(assessment(pack, grade=grade, conclusions=[unsigned]))
    (one,) = announcements(whole)
    assert marks(engine.render(one.plan.kind, context(whole, one)))[0] == "草稿——未经签发，不得送达"
    text = said(engine, whole)
    assert any(line.startswith("草稿原因：A-01：") and "没有签发人姓名" in line for line in text)


def test_an_applicant_asked_for_twice_stands_once(xinjiang: Pack) -> None:
    whole = together(case(xinjiang, "示例甲空间", listed(), listed()))
    (one,) = announcements(whole)
    assert len(one.members) == 1
    assert "只列一次" in one.left_out[0][2]


@pytest.mark.validator
def test_microsofts_validator_passes_an_announcement(
    xinjiang: Pack, engine: LetterEngine, tmp_path: Path, validate: Callable[[Path], list[str]]
) -> None:
    whole = together(*(case(xinjiang, f"示例{n}空间", listed(), results=[result(Verdict.MET)]) for n in range(40)))
    (one,) = announcements(whole)
    path = tmp_path / "announcement.docx"
    path.write_bytes(engine.render(one.plan.kind, context(whole, one)))
    assert validate(path) == []


PRIVATE = ("13800000000", "138 0000 0000", "0991－5550188", "ｈ01＠example.com", "11010119900101001X")


@pytest.mark.parametrize("number", PRIVATE)
@pytest.mark.parametrize("where", ["details", "name", "district"])
def test_a_list_shows_no_number_of_a_person_and_waits_for_one(
    xinjiang: Pack, engine: LetterEngine, number: str, where: str
) -> None:
    row = listed(details=f"联系人{number}。") if where == "details" else listed()
    told = f"示例甲空间（联系人{number}）"
    texts = {"district": told} if where == "district" else {}
    one = assessment(
        xinjiang, name=told if where == "name" else "示例甲空间", conclusions=[row], dates={"reviewed_on": STEP},
        texts=texts,
    )  # fmt: skip
    whole = together(one)
    (found,) = announcements(whole)
    assert found.plan.state == "draft"
    assert {"details": "具体事项", "name": "单位名称", "district": "所在区县"}[where] in found.plan.why
    text = "\n".join(said(engine, whole))
    assert "***" in text
    assert number not in text
    assert number not in found.plan.why


def test_a_credit_code_is_public(xinjiang: Pack, engine: LetterEngine) -> None:
    whole = together(case(xinjiang, "示例甲空间", listed(details="代码91650100MA0000000Y。")))
    assert announcements(whole)[0].plan.state == "final"
    assert any("91650100MA0000000Y" in line for line in said(engine, whole))


@pytest.mark.parametrize("written", ["0991-5550101", "(0991)5550101", "０９９１－５５５０１０１"])
def test_the_offices_own_telephone_may_be_published(xinjiang: Pack, engine: LetterEngine, written: str) -> None:
    row = listed(details=f"异议受理电话：{written}，公示期2026年6月8日至2026年6月14日。")
    whole = together(case(xinjiang, "示例甲空间", row))
    assert announcements(whole)[0].plan.state == "final", announcements(whole)[0].plan.why
    assert any(written in line for line in said(engine, whole))
