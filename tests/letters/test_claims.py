"""No letter says that a step was taken which nothing records: by fact, by sheet, by decision, or not at all."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from incubxl.cli.commands import app
from incubxl.files.packs import SHIPPED, PackStore
from incubxl.grading.model import GradeOutcome
from incubxl.letters.choose import LetterPlan, letters_for
from incubxl.letters.context import build
from incubxl.letters.lint import lint, lint_wording
from incubxl.letters.shelf import shared_layouts
from incubxl.policy.claims import statements
from incubxl.policy.letters import LetterKind, LetterPolicy
from incubxl.policy.pack import Pack
from incubxl.verdict import Verdict
from tests.letters.case import OFFICE, STEP, assessment, concluded, day_rows, signed, together
from tests.letters.test_engine import changed
from tests.letters.test_packs import DETAILS

NOTIFIED = {"change_notified_on": dt.date(2026, 4, 1)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("你单位报备的变更事项收悉，经实地核查，现函告如下。", ["经实地核查"]),
        ("经市科技局组织专家评审，你单位符合条件。", ["经市科技局组织专家评审"]),
        ("经研究，决定认定你单位。", ["经研究"]),
        ("经公示无异议，确认你单位为示例孵化器。", ["经公示", "公示无异议"]),
        ("报请市政府同意，现予拨付。", ["报请市政府同意"]),
        ("该名单已报经推进小组审议批准。", ["经推进小组审议批准", "已报经推进小组审议批准", "报经推进小组审议批准"]),
        ("推进小组已审议确认你单位的变更事项。", ["已审议确认"]),
        ("根据专家评审意见，现通知如下。", ["根据专家评审意见"]),
        ("会议认为，你单位符合条件。", ["会议认为"]),
        ("经初审并实地核查，初审通过。", ["经初审并实地核查"]),
        ("公示期满无异议。", ["公示期满无异议"]),
        ("你单位的报告尚未收到。", ["尚未收到"]),
        ("我局组织专家对你单位进行了现场核查。", ["进行了现场核查"]),
        ("我局于6月核查了你单位。", ["核查了"]),
        ("公示期满，无异议。", ["公示期满，无异议"]),
        ("公示后各方均无异议。", ["公示后各方均无异议"]),
        ("会议研究同意认定你单位。", ["研究同意"]),
        ("已报市政府同意。", ["已报市政府同意", "报市政府同意"]),
        ("专家评审意见为同意。", ["评审意见为同意"]),
        ("考察组一致认为你单位符合条件。", ["考察组一致认为"]),
        ("经办公会审议，决定认定你单位。", ["经办公会审议"]),
    ],
)
def test_statements_of_a_step_are_found(text: str, found: list[str]) -> None:
    assert list(statements(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "请于15日内补正经营场地证明和经费使用情况。",
        "请组织初审，初审合格的，提出书面推荐意见。",
        "将对你单位进行实地核查，时间和要求见具体事项，请予配合。",
        "受理不表示符合认定条件。",
        "公示期5日，自本公示发布之日起计算。对名单有异议的，请在公示期内向示例局提出。",
        "初审意见不是审核结论。",
        "请您参加对该单位的评审工作并出具书面意见。",
        "名称变更须报市科技局同意。",
        "请报所在区县科技主管部门同意后提交。",
        "请补交经审计的年度财务报表。",
        "你单位未经批准变更场地。",
        "场地变更须经审议后办理。",
        "请将材料报送经开区科技局审核。",
        "由经办人审核后报送。",
    ],
)
def test_what_is_asked_or_announced_is_no_statement(text: str) -> None:
    assert list(statements(text)) == []


def of(pack: Pack, label: str, **case: Any) -> LetterPlan:
    row = concluded(label, by=signed(reason=case.pop("reason", "理由示例")))
    row = type(row)(**{f: getattr(row, f) for f in row.__slots__} | {"details": DETAILS})
    office = {**OFFICE, "final_document": "示科规〔2026〕1号"}
    plans = letters_for(*assessment(pack, conclusions=[row], settings=office, **case))
    return next(p for p in plans if p.label == label)


@pytest.mark.parametrize(
    ("days", "state", "reason"),
    [
        ([STEP], "final", "变更备案!"),
        ([], "draft", "「变更备案」没有载明本单位的实地核查日期"),
        ([STEP, None], "draft", "没有载明实地核查日期"),
        ([dt.date(2026, 3, 31)], "draft", "的实地核查日期早于登记表!"),
    ],
)
def test_a_change_is_confirmed_as_verified_on_site_only_where_the_sheet_says_so(
    urumqi: Pack, days: Sequence[dt.date | None], state: str, reason: str
) -> None:
    """第10条: 在完成变更经实地核查确认后; the day stands on the sheet 变更备案."""
    tables = {"changes": day_rows(urumqi, "changes", "verified_on", days)} if days else {}
    plan = of(urumqi, "变更确认", verdict=Verdict.PENDING, dates=NOTIFIED, tables=tables)
    assert (plan.state, reason in plan.why) == (state, True), plan.why


@pytest.mark.parametrize(
    ("label", "grade"),
    [
        ("授予基地", "授予国合孵化基地"),
        ("延长试点", "延长试点建设期一年"),
        ("取消资格（期满验收）", "取消试点建设资格"),
    ],
)
def test_a_final_acceptance_rests_on_a_recorded_visit(packs: PackStore, label: str, grade: str) -> None:
    """第十三条（二） 组织评审专家对试点单位进行现场评估."""
    pack = packs.pack("national-base")
    case = {"track": "final", "grade": GradeOutcome("graded", grade=grade), "verdict": Verdict.MET}
    summary = {"final_summary_on": dt.date(2026, 5, 1)}
    assert "登记表没有载明现场评估日期" in of(pack, label, dates=summary, **case).why
    assert of(pack, label, dates={**summary, "final_visit_on": STEP}, **case).state == "final"


@pytest.mark.parametrize("pack_id", ["urumqi-intl", "xinjiang-makerspace"])
def test_an_objection_during_publicity_needs_a_publicity(packs: PackStore, pack_id: str) -> None:
    pack = packs.pack(pack_id)
    assert "登记表没有载明公示开始日期" in of(pack, "异议答复", verdict=Verdict.PENDING).why
    assert of(pack, "异议答复", verdict=Verdict.PENDING, dates={"publicity_from": STEP}).state == "final"


def test_a_published_sanction_rests_on_what_its_signer_found(packs: PackStore) -> None:
    """第十二条 经核实: 「理由」 is where a named official says what was found."""
    from incubxl.letters.announce import announcements

    pack = packs.pack("shanghai-hq")
    for reason, state in (("理由示例", "final"), ("", "draft")):
        row = concluded("公布（处理结果）", "示科公告〔2026〕2号", signed(reason=reason))
        row = type(row)(**{f: getattr(row, f) for f in row.__slots__} | {"details": "约谈。"})
        (made,) = announcements(together(assessment(pack, conclusions=[row])))
        assert made.plan.state == state, made.plan.why


def test_every_shipped_statement_is_borne_out(pack: Pack) -> None:
    assert lint_wording([pack]).findings == ()
    for kind in pack.letters.kinds:
        said = {s for text in kind.wording() for s in statements(text)}
        assert bool(said) == bool(kind.claims), kind.label


def edited(pack: Pack, label: str, **update: Any) -> Pack:
    kind = pack.letters.kind(label)
    assert kind is not None
    changed_kind = LetterKind.model_validate({**kind.model_dump(), **update})
    kinds = tuple(changed_kind if k.id == kind.id else k for k in pack.letters.kinds)
    return pack.model_copy(update={"letters": LetterPolicy.model_construct(kinds=kinds)})


@pytest.mark.parametrize(
    ("update", "why"),
    [
        ({"decision": ["经公示无异议，确认你单位为自治区众创空间。"]}, "写有「经公示」，但没有登记依据"),
        ({"opening": "经研究，现通知如下。"}, "写有「经研究」，但没有登记依据"),
        (
            {"opening": "经研究，现通知如下。", "claims": [{"says": "经研究", "by": ["reviewed_on"]}]},
            "「经研究」的依据「reviewed_on」不是这种通知书出具的前提",
        ),
        ({"claims": [{"says": "经专家评审", "by": ["outcome"]}]}, "claims 里的「经专家评审」在措辞里没有"),
    ],
)
def test_lint_finds_what_nothing_bears_out(xinjiang: Pack, update: dict[str, Any], why: str) -> None:
    said = [f.message for f in lint_wording([edited(xinjiang, "备案", **update)]).findings]
    assert any(why in message and "「备案」" in message for message in said), said


def test_a_declared_statement_holds_the_letter_back(xinjiang: Pack) -> None:
    when = {"outcome": "eligible_met", "facts": ["reviewed_on"]}
    pack = edited(xinjiang, "备案", opening="经评审，通知如下。", when=when,
                  claims=[{"says": "经评审", "by": ["reviewed_on"]}])  # fmt: skip
    assert lint_wording([pack]).findings == ()
    case = {"verdict": Verdict.MET}
    assert "登记表没有载明评审审核日期" in of(pack, "备案", **case).why
    plan = of(pack, "备案", dates={"reviewed_on": STEP}, **case)
    assert plan.state == "final", plan.why


def test_the_draft_of_an_unrecorded_step_is_marked(urumqi: Pack) -> None:
    row = concluded("变更确认")
    whole, one = assessment(urumqi, conclusions=[row], dates=NOTIFIED, verdict=Verdict.PENDING)
    plan = next(p for p in letters_for(whole, one) if p.label == "变更确认")
    made = build(whole, one, plan)
    assert made.marks[0] == "草稿——未经签发，不得送达"
    assert "没有载明本单位的实地核查日期" in made.draft_reason


@pytest.mark.parametrize("name", ["part-closing", "recognition", "form-letter"])
def test_a_template_that_every_letter_shares_states_no_step(xinjiang: Pack, name: str) -> None:
    old = {"part-closing": "说明：", "recognition": "一、决定事项", "form-letter": "{{ opening }}"}[name]
    template = changed(name, lambda xml: xml.replace(old, f"经研究，并报请厅务会同意。{old}", 1))
    found = lint({**shared_layouts(), name: template}, [name], [xinjiang]).findings
    said = [(f.file, f.message) for f in found]
    assert any(file == f"{name}.docx" and "写有「经研究」" in why for file, why in said)
    assert any("写有「报请厅务会同意」" in why for _, why in said)


def test_a_kinds_own_template_may_say_what_the_kind_declares(urumqi: Pack) -> None:
    own = changed("notice", lambda xml: xml.replace("一、告知事项", "一、经实地核查确认的事项", 1))
    shelf = {**shared_layouts(), "change_confirmation": own, "site_visit": own}
    found = lint(shelf, ["change_confirmation", "site_visit"], [urumqi]).findings
    assert {f.file for f in found} == {"site_visit.docx"}


def test_the_command_tells_it(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED / "xinjiang-makerspace", tmp_path / "xinjiang-makerspace")
    path = tmp_path / "xinjiang-makerspace" / "letters.yaml"
    said = path.read_text(encoding="utf-8")
    path.write_text(said.replace("decision: [确认你单位为", "decision: [经专家评审，确认你单位为"), encoding="utf-8")
    done = CliRunner().invoke(app, ["letters", "lint", str(tmp_path), "--json"], standalone_mode=False)
    assert done.return_value == 3
    (finding,) = json.loads(done.output)["findings"]
    assert finding["file"] == "letters.yaml"
    assert "「备案」写有「经专家评审」" in finding["message"]
    done = CliRunner().invoke(app, ["policy", "lint", str(tmp_path), "--json"], standalone_mode=False)
    assert any("经专家评审" in e["message"] for e in json.loads(done.output)["errors"])
