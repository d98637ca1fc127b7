"""Every kind of every pack, drafted and final: what it says, as a person would look for it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import docx
import pytest

from incubxl.assess.model import Assessment, Determination
from incubxl.files.packs import PackStore
from incubxl.grading.model import GradeOutcome
from incubxl.letters.choose import LetterPlan, letters_for
from incubxl.letters.context import context
from incubxl.letters.engine import LetterEngine
from incubxl.policy.letters import LetterKind
from incubxl.policy.pack import Pack
from incubxl.register.model import Conclusion
from incubxl.verdict import Verdict
from tests.letters.case import NAME, OFFICE, REMEDY, STEP, assessment, concluded, day_rows, paid, result, signed

AMENDMENTS = ["更正", "撤回", "补发"]  # every measure has them, after its own
PUBLIC_AMENDMENTS = ["更正公告", "撤回公告"]  # where it knows 公示 or 公布
KINDS = {  # what each measure knows, typed from its text
    "urumqi-intl": [
        "受理", "补正", "催报", "商请初审", "推荐", "专家评审邀请", "公示（拟认定）", "公示（绩效评价）",
        "异议答复", "认定", "不予认定", "实地核查", "变更确认", "参评通知", "放弃告知", "评价结果",
        "取消资格（弄虚作假）", "取消资格（连续两次）",
    ],
    "national-base": [
        "受理", "补正", "催报", "推荐", "初审意见", "实地调研", "现场评估", "专家评审邀请", "授予试点单位",
        "审核意见函（不予授予）", "公示（试点单位）", "授予基地", "延长试点", "取消资格（期满验收）", "评价结果",
        "表彰", "通报", "取消资格（试点单位）", "取消资格（基地）",
    ],
    "xinjiang-makerspace": [
        "补正", "催报", "商请初审", "实地核查", "推荐", "公示", "异议答复", "备案", "不予备案", "推荐国家备案",
        "评价结果", "取消资格（弄虚作假）", "取消资格（考核或未上报）",
    ],
    "shanghai-hq": [
        "补报", "催报", "推荐", "纳入建设布局", "公布（建设布局）", "变更确认", "参评通知", "评价结果（继续支持）",
        "评价结果（暂停支持）", "评价结果（停止支持）", "公布（评价结果）", "整改", "暂缓或核减拨付", "拨付", "约谈",
        "暂停经费资助", "终止建设", "追回", "公布（处理结果）",
    ],
    "tongliao-award": ["拨付", "品牌输出备案"],
}  # fmt: skip
PUBLIC = {
    "公示（拟认定）",
    "公示（绩效评价）",
    "公示（试点单位）",
    "公示",
    "公布（建设布局）",
    "公布（评价结果）",
    "公布（处理结果）",
}
ALL = [(pack, label) for pack, labels in KINDS.items() for label in [*labels, *AMENDMENTS] if label not in PUBLIC]
DETAILS = "2026年6月18日上午10时，示例会议室"


def fitting(pack: Pack, kind: LetterKind, *, conclude: bool) -> tuple[Assessment, Determination]:
    """A case whose outcome is the one that the kind asks for."""
    verdict, grade, results = Verdict.PENDING, GradeOutcome("not_graded"), None
    match kind.when.outcome:
        case "eligible_met":
            verdict = Verdict.MET
        case "eligible_not_met":
            verdict = Verdict.NOT_MET
        case "facts_missing":
            verdict, results = Verdict.UNKNOWN, [result(Verdict.UNKNOWN, missing=["uscc", "contact_email"])]
        case "waived":
            grade = GradeOutcome("waived", grade="放弃", reason="未按要求报送评价材料")
        case "graded":
            verdict = Verdict.MET if kind.when.eligible else Verdict.PENDING
            label = next(iter((*kind.adverse_grades, *kind.when.grades)), "合格")
            grade = GradeOutcome("graded", score=Decimal("58.5"), grade=label, reason="按年度方案得出")
    return assessment(
        pack,
        track=kind.tracks[0] if kind.tracks else None,
        verdict=verdict,
        results=results,
        grade=grade,
        funding=[paid("1234567.8")] if kind.when.outcome == "funding_met" else [],
        conclusions=[_row(kind)] if conclude else [],
        settings={**OFFICE, "final_document": "示科规〔2026〕1号"},
        dates=dict.fromkeys((f for f in kind.when.facts if pack.fact[f].type == "date"), STEP),
        flags=[f for f in kind.when.facts if pack.fact[f].type == "boolean"],
        texts={"district": "示例县"},
        tables={rows.table: day_rows(pack, rows.table, rows.column, [STEP])} if (rows := kind.when.rows) else {},
    )


def _row(kind: LetterKind) -> Conclusion:
    """A whole row of the sheet 结论 for the kind."""
    row = concluded(kind.label, by=signed(reason="现场核查记录载明的事实"))
    row = replace(row, details=DETAILS if "details" in kind.needs else "")
    if kind.recipient in ("expert", "authority") and not kind.addressee:
        row = replace(row, addressee="示例收件人")
    if kind.layout == "amendment":
        row = replace(row, refers_to="示科函〔2026〕3号", refers_on=dt.date(2026, 5, 4), refers_kind="认定通知")
        row = replace(row, addressee=NAME)  # the number is not in any book: the row says whom that letter reached
    return row


def reader(pack: Pack, kind: LetterKind) -> str:
    """Who stands before the colon, typed: 区县 by the measure's own words, an expert from the row."""
    if kind.recipient == "district":
        return "示例县科技局"
    above = {"urumqi-intl": "市科技局", "xinjiang-makerspace": "自治区科技厅",
             "national-base": "国际科技合作孵化基地指导办公室",
             "shanghai-hq": "上海市高质量孵化器建设工作推进小组"}  # fmt: skip
    if kind.label == "推荐":
        return above[pack.id]
    return "示例收件人" if kind.recipient in ("expert", "authority") else NAME


def lines(data: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(data))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return [p.text for p in document.paragraphs] + cells


def marks(data: bytes) -> list[str]:
    """What stands above the text of every page; the same on the first, on odd and on even ones."""
    section = docx.Document(io.BytesIO(data)).sections[0]
    own = (section.first_page_header,) if section.different_first_page_header_footer else ()
    pages = (*own, section.header, section.even_page_header)
    first, *others = ([p.text for p in page.paragraphs if p.text] for page in pages)
    assert all(other == first for other in others)
    assert others
    return first


def of(plans: list[LetterPlan], kind: LetterKind) -> LetterPlan:
    return next(p for p in plans if p.kind == kind.id)


def test_the_measures_know_these_letters(pack: Pack) -> None:
    public = PUBLIC & set(KINDS[pack.id])
    more = PUBLIC_AMENDMENTS if public else []
    assert [k.label for k in pack.letters.kinds] == KINDS[pack.id] + AMENDMENTS + more
    assert {k.label for k in pack.letters.kinds if k.recipient == "public"} == public | set(more)


@pytest.mark.parametrize(("pack_id", "label"), ALL)
def test_a_final_letter_is_whole(packs: PackStore, engine: LetterEngine, pack_id: str, label: str) -> None:
    pack = packs.pack(pack_id)
    kind = pack.letters.kind(label)
    assert kind is not None
    whole, one = fitting(pack, kind, conclude=True)
    plan = of(letters_for(whole, one), kind)
    assert plan.state == "final", plan.why
    said = lines(engine.render(kind.id, context(whole, one, plan)))
    text = "\n".join(said)
    assert f"{reader(pack, kind)}：" in said
    assert NAME in text
    assert (DETAILS in said) == ("details" in kind.needs)
    assert "示科函〔2026〕5号" in said
    assert said[said.index("2026年6月5日") - 1] == "示例市科技局"
    assert "签发人" not in text  # only on what goes upward
    assert "（联系方式：0991-5550101）" in said
    assert "草稿" not in text
    assert "〔　　〕" not in text
    assert "待填" not in text
    assert "{" not in text
    for clause in kind.clauses:
        if not clause.tracks or one.track in clause.tracks:
            assert f"{clause.clause}：“{clause.quote}”" in said
    for line in REMEDY.splitlines():
        assert (line in said) == kind.is_adverse(one.grade.grade)
    if kind.layout == "amendment":
        assert "文号：示科函〔2026〕3号；日期：2026年5月4日；名称：认定通知。" in said
        assert "现场核查记录载明的事实" in said
    if kind.layout == "payment":
        assert "1,234,567.80" in said
        assert "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角整" in said
    if kind.layout in ("revocation", "evaluation_result") and kind.is_adverse(one.grade.grade):
        assert "现场核查记录载明的事实。" in said
    if kind.layout == "correction":
        assert "电子邮箱" in said
        assert "请自收到本函之日起15日内" in text
    if kind.layout == "refusal":
        assert (
            "国外孵化场地：第6条（二）要求“在国外拥有不少于500平方米的孵化场地”，核对值为420平方米，结论为不符合。"
            in said
        )


@pytest.mark.parametrize(("pack_id", "label"), ALL)
def test_a_draft_says_so_first(packs: PackStore, engine: LetterEngine, pack_id: str, label: str) -> None:
    pack = packs.pack(pack_id)
    kind = pack.letters.kind(label)
    assert kind is not None
    whole, one = fitting(pack, kind, conclude=False)
    plan = LetterPlan(kind.id, kind.label, "draft", "没有结论")
    data = engine.render(kind.id, context(whole, one, plan))
    said = lines(data)
    assert marks(data)[0] == "草稿——未经签发，不得送达"
    assert "草稿原因：没有结论。" in said
    assert "〔　　〕　　号" in said
    assert any(line.endswith("：") and ("待填" in line or line[:-1] in (NAME, reader(pack, kind))) for line in said)
    assert "　　　　年　　月　　日" in said
    assert not any(line.startswith("签发人") for line in said)


def test_an_expired_measure_is_marked_on_the_letter(packs: PackStore, engine: LetterEngine) -> None:
    pack = packs.pack("shanghai-hq")
    kind = pack.letters.kind("拨付")
    assert kind is not None
    for day, marked in ((dt.date(2025, 10, 29), False), (dt.date(2025, 10, 30), True)):
        whole, one = assessment(pack, funding=[paid()], conclusions=[concluded("拨付")], as_of=day)
        plan = of(letters_for(whole, one), kind)
        said = marks(engine.render(kind.id, context(whole, one, plan)))
        assert any("有效期至2025年10月29日，已届满" in line for line in said) == marked
        assert plan.state == "final"


def test_a_measure_in_draft_is_marked_until_its_final_document(packs: PackStore, engine: LetterEngine) -> None:
    pack = packs.pack("urumqi-intl")
    whole, one = assessment(pack, conclusions=[concluded("认定")])
    plan = letters_for(whole, one)[0]
    assert marks(engine.render(plan.kind, context(whole, one, plan)))[1] == "征求意见稿，仅供试运行"


def test_two_payers_are_totalled_apart(packs: PackStore, engine: LetterEngine) -> None:
    pack = packs.pack("shanghai-hq")
    money = [paid("3000000"), paid("1000000.5"), paid("2500000", payer="区级")]
    money.append(replace(paid(), verdict=Verdict.PENDING, amount=None, label="示例未定经费"))
    whole, one = assessment(pack, funding=money, conclusions=[concluded("拨付")])
    said = lines(engine.render("payment", context(whole, one, letters_for(whole, one)[0])))
    assert "市级合计：人民币4,000,000.50元（大写：肆佰万元伍角整）。" in said
    assert "区级合计：人民币2,500,000.00元（大写：贰佰伍拾万元整）。" in said
    assert not any("示例未定经费" in line for line in said)
    assert "年度运营补贴：市区两级之和原则上不高于50%，已适用。" in said


def test_a_final_letter_without_number_leaves_none(packs: PackStore, engine: LetterEngine) -> None:
    pack = packs.pack("xinjiang-makerspace")
    whole, one = assessment(pack, conclusions=[concluded("备案", number="")])
    plan = letters_for(whole, one)[0]
    assert plan.state == "final"
    assert not any(
        "〔" in line and line.endswith("号") for line in lines(engine.render(plan.kind, context(whole, one, plan)))
    )


@pytest.mark.validator
def test_microsofts_validator_passes_every_layout(
    packs: PackStore, engine: LetterEngine, tmp_path: Path, validate: Callable[[Path], list[str]]
) -> None:
    seen: set[str] = set()
    for pack_id, label in ALL:
        pack = packs.pack(pack_id)
        kind = pack.letters.kind(label)
        assert kind is not None
        if kind.layout in seen:
            continue
        seen.add(kind.layout)
        whole, one = fitting(pack, kind, conclude=True)
        path = tmp_path / f"{kind.layout}.docx"
        path.write_bytes(engine.render(kind.id, context(whole, one, of(letters_for(whole, one), kind))))
        assert validate(path) == [], path
    assert len(seen) == 9  # and the announcement, in test_announce.py


@pytest.mark.office
def test_rendered_pages_are_a4_and_numbered(
    packs: PackStore, engine: LetterEngine, tmp_path: Path, office: Callable[..., list[Path]]
) -> None:
    pack = packs.pack("xinjiang-makerspace")
    whole, one = assessment(pack, results=[result(Verdict.MET)] * 40, conclusions=[concluded("备案")])
    path = tmp_path / "letter.docx"
    path.write_bytes(engine.render("recognition", context(whole, one, letters_for(whole, one)[0])))
    (pdf,) = office([path], "pdf", tmp_path)
    data = pdf.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type/Page") - data.count(b"/Type/Pages") >= 2
    assert b"595." in data
