"""更正公告 and 撤回公告: what was published is amended in public, row by row, and never by guessing."""

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
from incubxl.issues import Issue
from incubxl.letters.announce import Announcement, announcements
from incubxl.letters.announce_context import context
from incubxl.letters.changes import read
from incubxl.letters.choose import letters_for
from incubxl.letters.engine import LetterEngine
from incubxl.letters.reference import Issued
from incubxl.letters.write import announcement_file_name, write_announcement
from incubxl.policy.pack import Pack
from incubxl.register.model import Conclusion, Event
from incubxl.verdict import Verdict
from tests.letters.case import assessment, concluded, signed, text_column, together
from tests.letters.test_announce import case, listed
from tests.letters.test_packs import lines

FIRST, OWN = "示科公告〔2026〕2号", "示科公告〔2026〕3号"
DAY = dt.date(2026, 6, 8)
TITLE = "关于2026年度自治区众创空间备案评审结果的公示"
PERIOD = "公示期自本公告发布之日起重新计算，为7日。"


def correcting(details: str, **more: Any) -> Conclusion:
    row = concluded("更正公告", OWN, signed(on=dt.date(2026, 6, 9), reason="名单漏列、错列"))
    return replace(row, **{"refers_to": FIRST, "details": details, **more})


def withdrawing(**more: Any) -> Conclusion:
    row = concluded("撤回公告", OWN, signed(on=dt.date(2026, 6, 9), reason="公示所附名单有误"))
    return replace(row, **{"refers_to": FIRST, **more})


def planned(whole: Assessment, **more: Any) -> dict[str, Announcement]:
    return {one.plan.label: one for one in announcements(whole, **more)}


def remembered(whole: Assessment, **words: str) -> Assessment:
    """With a row 变更 of 事件 for A-01 …: what the unit was before."""
    events = {id.replace("_", "-"): (Event("change", said, said, DAY, "事件!C3"),) for id, said in words.items()}
    return replace(whole, register=replace(whole.register, events=events))


def three(pack: Pack, added: Conclusion, removed: Conclusion, changed: Conclusion) -> Assessment:
    """甲 was left out, 乙 stands on the list and should not, 丙 has another name there."""
    return together(
        case(pack, "示例甲空间", added),
        case(pack, "示例乙空间", listed(), removed),
        case(pack, "示例丙空间", listed(), changed),
    )


@pytest.fixture
def whole(xinjiang: Pack) -> Assessment:
    made = three(
        xinjiang,
        correcting(f"增加\n{PERIOD}"),
        correcting("删除"),
        correcting("单位名称：示例丙丙空间 → 示例丙空间\n所在地：「示例区」更正为「示例地区」"),
    )
    return remembered(made, A_03="名称由示例丙丙空间变更为示例丙空间；公布时所在地误作示例区")


def test_it_lists_what_was_added_removed_and_changed(whole: Assessment, engine: LetterEngine) -> None:
    found = planned(whole, known=lambda *_: Issued(True, TITLE))
    assert found["更正公告"].plan.state == "final", found["更正公告"].plan.why
    values = context(whole, found["更正公告"])
    said = [(r.number, r.name, r.change, r.item, r.old, r.new) for r in values["changes"]]
    assert said == [
        ("1", "示例甲空间", "增加", "名单", "未列入", "列入（众创空间、示例地区）"),
        ("2", "示例乙空间", "删除", "名单", "列入", "不列入"),
        ("3", "示例丙空间", "变更", "单位名称", "示例丙丙空间", "示例丙空间"),
        ("4", "示例丙空间", "变更", "所在地", "示例区", "示例地区"),
    ]
    text = lines(engine.render("announce_correct", values))
    assert f"关于更正《{TITLE}》（{FIRST}）的公告" in text
    assert OWN in text
    assert f"文号：{FIRST}；日期：2026年6月5日；名称：{TITLE}。" in text
    assert f"示例市科技局2026年6月5日公布的《{TITLE}》（{FIRST}）有误，现予更正。" in text
    assert {"名单漏列、错列", PERIOD, "特此公告。", "2026年6月9日"} <= set(text)
    for private in ("91650100MA0000000Y", "A-01", "0991-5550199", "a@example.org", "示例联系人"):
        assert private not in "\n".join(text)
    assert not any(line.endswith("空间：") for line in text)  # no 主送


def test_the_first_is_not_changed_and_nobody_gets_a_letter(whole: Assessment) -> None:
    assert [d.name for d in planned(whole)["公示"].members] == ["示例乙空间", "示例丙空间"]
    assert [p.label for p in letters_for(whole, whole.determinations[1])] == ["备案"]  # its own draft, as before


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ("", "没有写具体事项"),
        ("名单有误", "具体事项没有写更正什么；请写「增加」「删除」"),
        ("单位名称：示例旧空间", "看不出原来是什么、更正为什么"),
        ("单位名称：甲 → 乙 → 示例丙空间", "看不出原来是什么、更正为什么"),
        ("删除：未达到条件", "里的「删除」应单独写一行"),
        ("删除\n单位名称：旧 → 示例丙空间", "同一行写了「删除」、「变更」，只能是一种"),
        ("单位名称：示例丙空间 → 示例丙空间", "「单位名称」更正前后相同"),
        ("单位名称：旧 → 示例丁空间", "把单位名称更正为「示例丁空间」，登记表现在是「示例丙空间」"),
        ("结果：合格 → 优秀", "把结果更正为「优秀」，登记表现在是「—」"),
        ("删除\n待定", "「待定」没有说什么，请写明或者删去这一行"),
        ("增加", "写「增加」，但「示科公告〔2026〕2号」的名单里已有本单位"),
        ("单位名称：旧 → 示例丙空间", "请在具体事项另起一行写明公示期"),
    ],
)
def test_what_is_not_said_or_not_so_leaves_a_draft(xinjiang: Pack, details: str, reason: str) -> None:
    found = planned(together(case(xinjiang, "示例丙空间", listed(), correcting(details))))
    assert found["更正公告"].plan.state == "draft"
    assert reason in found["更正公告"].plan.why


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"refers_to": ""}, "没有写关联文号，不知道是哪一份公布文书"),
        ({"refers_to": "示科公告〔2026〕8号"}, "工作簿里没有文号「示科公告〔2026〕8号」的文书"),
        ({"refers_to": OWN}, "更正公告、撤回公告另编文号"),
        ({"document_number": ""}, "没有发文字号；更正、撤回、补发须另编文号"),
        ({"refers_on": dt.date(2026, 6, 4)}, f"关联文书日期与文号「{FIRST}」的日期不同"),
        ({"signed": signed(on=dt.date(2026, 6, 9), reason="")}, "没有写理由"),
        ({"signed": signed(on=dt.date(2026, 6, 4))}, f"结论日期早于原文书「{FIRST}」的日期"),
        ({"signed": signed(name="", on=dt.date(2026, 6, 9))}, "没有签发人姓名"),
        (
            {"signed": signed(on=dt.date(2026, 6, 9), reason="误把13800000000写作联系电话")},
            "的理由里有电话号码、电子邮箱或身份证号码，已遮蔽",
        ),
    ],
)
@pytest.mark.parametrize("label", ["更正公告", "撤回公告"])
def test_it_is_a_draft_while_the_first_or_the_row_is_not_whole(
    xinjiang: Pack, label: str, change: dict[str, Any], reason: str
) -> None:
    row = replace(correcting("删除") if label == "更正公告" else withdrawing(), **change)
    plan = planned(together(case(xinjiang, "示例乙空间", listed(), row)))[label].plan
    assert plan.state == "draft"
    assert reason in plan.why


def test_a_unit_is_added_only_where_the_first_list_would_have_taken_it(xinjiang: Pack) -> None:
    added = correcting(f"增加\n{PERIOD}")
    other = case(xinjiang, "示例乙空间", listed())
    failing = planned(together(case(xinjiang, "示例甲空间", added, verdict=Verdict.NOT_MET), other))["更正公告"]
    assert failing.plan.state == "draft"
    assert "A-01：结论为「公示」，但" in failing.plan.why
    late = case(xinjiang, "示例甲空间", replace(added, refers_to=""), listed())
    assert planned(together(late, other))["更正公告"].plan.state == "draft"


def test_one_that_fails_now_is_taken_off_the_list(xinjiang: Pack) -> None:
    """The first list would not be made so again: what says that it was published is the 文号簿, or a signed row."""
    row = correcting("删除")
    pair = lambda row: together(  # noqa: E731
        case(xinjiang, "示例甲空间", listed()), case(xinjiang, "示例乙空间", listed(), row, verdict=Verdict.NOT_MET)
    )
    found = planned(pair(row), known=lambda *_: Issued(True, TITLE))
    assert (found["公示"].plan.state, found["更正公告"].plan.state) == ("draft", "final"), found["更正公告"].plan.why
    assert "没有文号簿而确已公布的，请写关联文书日期和关联文书名称" in planned(pair(row))["更正公告"].plan.why
    stated = replace(row, refers_on=dt.date(2026, 6, 5), refers_kind=TITLE)
    assert planned(pair(stated))["更正公告"].plan.state == "final"
    voided = planned(pair(stated), known=lambda *_: Issued(False, why="文号已作废"))["更正公告"].plan
    assert voided.state == "draft"


def test_what_cannot_be_printed_is_told_and_stops_nothing(xinjiang: Pack, engine: LetterEngine) -> None:
    whole = together(
        case(xinjiang, "示例甲空间", listed()), case(xinjiang, "示例\x07乙空间", listed(), correcting("删除"))
    )
    for found in announcements(whole):
        made = write_announcement(engine, whole, found)
        assert isinstance(made, Issue)
        assert "单位名称含有不能打印的字符 U+0007" in made.message
        assert (made.applicant, str(made.place)) == ("A-02", "登记表!B4")  # the unit whose name it is, not the first
        assert made.message.startswith("示例�乙空间的「")


@pytest.mark.parametrize(
    ("rows", "applicant", "cell"),
    [
        ([listed(), listed()], "A-02", "登记表!K4"),  # 所在区县 of the second
        ([listed(details="一\x07"), listed(details="一\x07")], "A-01", "结论!B3"),  # one text for the whole list
    ],
)
def test_what_cannot_be_printed_beside_the_name_is_told_at_its_cell(
    xinjiang: Pack, engine: LetterEngine, rows: list[Conclusion], applicant: str, cell: str
) -> None:
    first, second = case(xinjiang, "示例甲空间", rows[0]), case(xinjiang, "示例乙空间", rows[1])
    if applicant == "A-02":
        district = text_column(xinjiang.fact["district"], ["示例\x07地区"], 10)
        columns = {**second[0].register.columns, "district": district}
        second = (replace(second[0], register=replace(second[0].register, columns=columns)), second[1])
    whole = together(first, second)
    (found,) = announcements(whole)
    made = write_announcement(engine, whole, found)
    assert isinstance(made, Issue)
    assert (made.applicant, str(made.place)) == (applicant, cell)


def test_a_removal_is_of_one_that_was_listed(xinjiang: Pack) -> None:
    found = planned(together(case(xinjiang, "示例甲空间", correcting("删除")), case(xinjiang, "示例乙空间", listed())))
    assert f"写「删除」，但「{FIRST}」的名单里没有本单位" in found["更正公告"].plan.why


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"document_number": "示科公告〔2026〕4号"}, "各行的发文字号不一致"),
        ({"signed": signed(on=dt.date(2026, 6, 9), reason="另一个原因")}, "各行的理由不一致"),
        ({"details": "删除\n另有说明"}, "各行的其他事项不一致"),
    ],
)
def test_rows_of_one_correction_agree(xinjiang: Pack, change: dict[str, Any], reason: str) -> None:
    rows = (correcting("删除\n说明"), replace(correcting("删除\n说明"), **change))
    found = planned(together(*(case(xinjiang, f"示例{n}空间", listed(), row) for n, row in enumerate(rows))))
    assert reason in found["更正公告"].plan.why


def test_a_letter_is_no_announcement_and_the_other_way_round(xinjiang: Pack) -> None:
    decision = concluded("备案", "示科函〔2026〕5号")
    found = planned(together(case(xinjiang, "示例甲空间", decision, correcting("删除", refers_to="示科函〔2026〕5号"))))
    assert "「示科函〔2026〕5号」是备案，不是向社会公布的文书，请用「更正」「撤回」" in found["更正公告"].plan.why


def test_what_was_taken_back_is_published_again_under_another_number(xinjiang: Pack, engine: LetterEngine) -> None:
    again = concluded("公示", "示科公告〔2026〕4号", signed(on=dt.date(2026, 6, 12)))
    rows = [listed(), withdrawing(), again]
    whole = together(case(xinjiang, "示例甲空间", *rows), case(xinjiang, "示例乙空间", listed(), again))
    made = announcements(whole)
    assert [(a.plan.label, a.plan.state, a.plan.nth) for a in made] == [
        ("公示", "final", 1), ("公示", "final", 2), ("撤回公告", "final", 1),
    ]  # fmt: skip
    assert len({announcement_file_name(2026, a.plan) for a in made}) == 3
    text = lines(engine.render("announce_withdraw", context(whole, made[2])))
    assert f"关于撤回“公示”文书（{FIRST}）的公告" in text  # no 文号簿: nobody knows the title
    assert any("上述文书不再作为办理有关事项的依据" in line for line in text)
    unsigned = replace(withdrawing(), signed=signed(name="", on=dt.date(2026, 6, 9)))
    loose = announcements(together(case(xinjiang, "示例甲空间", listed(), unsigned, again)))
    assert [a.plan.state for a in loose] == ["final", "draft", "draft"]
    assert f"「公示」另有一份（{FIRST}）没有撤回" in loose[1].plan.why


def test_what_was_taken_back_is_not_corrected_any_more(xinjiang: Pack) -> None:
    after = correcting("删除", document_number="示科公告〔2026〕5号")
    after = replace(after, signed=signed(on=dt.date(2026, 6, 10)))
    found = planned(together(case(xinjiang, "示例甲空间", listed(), withdrawing(), after)))
    assert f"原文书「{FIRST}」已经撤回" in found["更正公告"].plan.why
    second = withdrawing(document_number="示科公告〔2026〕5号", signed=signed(on=dt.date(2026, 6, 10)))
    made = announcements(together(case(xinjiang, "示例甲空间", listed(), withdrawing(), second)))
    assert [a.plan.state for a in made if a.plan.label == "撤回公告"] == ["final", "draft"]


def test_a_list_may_be_corrected_twice(xinjiang: Pack) -> None:
    second = correcting("删除", document_number="示科公告〔2026〕5号", signed=signed(on=dt.date(2026, 6, 10)))
    whole = together(case(xinjiang, "示例甲空间", listed(), correcting("删除")), case(xinjiang, "乙", listed(), second))
    found = [a.plan for a in announcements(whole) if a.plan.label == "更正公告"]
    assert [(p.state, p.nth) for p in found] == [("final", 1), ("final", 2)]
    same = replace(second, document_number=OWN)
    whole = together(case(xinjiang, "示例甲空间", listed(), correcting("删除")), case(xinjiang, "乙", listed(), same))
    found = [a.plan for a in announcements(whole) if a.plan.label == "更正公告"]
    assert all("在「更正公告」用了不止一次" in p.why for p in found)


def test_two_that_name_each_other_are_both_drafts(xinjiang: Pack) -> None:
    one = correcting("删除", refers_to="示科公告〔2026〕5号")
    other = correcting("删除", document_number="示科公告〔2026〕5号", refers_to=OWN)
    found = announcements(together(case(xinjiang, "示例甲空间", one), case(xinjiang, "示例乙空间", other)))
    assert [a.plan.state for a in found] == ["draft", "draft"]


def test_a_published_grade_is_corrected_to_what_the_register_holds(packs: PackStore, engine: LetterEngine) -> None:
    """第十八条（二） 公布评价结果: the grade now is the register's, the published one the official's words."""
    pack = packs.pack("shanghai-hq")
    row = concluded("公布（评价结果）", FIRST)
    changed = correcting("结果：暂停支持 → 继续支持")
    grade = GradeOutcome("graded", grade="继续支持")
    whole = remembered(together(assessment(pack, grade=grade, conclusions=[row, changed])), A_01="公布时误作暂停支持")
    found = planned(whole, known=lambda *_: Issued(True))["更正公告"]
    assert found.plan.state == "final", found.plan.why  # 公布 has no 公示期
    assert {"暂停支持", "继续支持"} <= set(lines(engine.render("announce_correct", context(whole, found))))
    wrong = replace(changed, details="结果：继续支持 → 暂停支持")
    whole = together(assessment(pack, grade=grade, conclusions=[row, wrong]))
    assert planned(whole)["更正公告"].plan.state == "draft"


def test_an_announcement_of_an_earlier_workbook_is_known_from_the_row(xinjiang: Pack) -> None:
    row = correcting("删除", refers_on=dt.date(2026, 3, 2), refers_kind="关于示例名单的公示")
    assert planned(together(case(xinjiang, "示例甲空间", row)))["更正公告"].plan.state == "final"
    added = replace(row, details="增加")
    assert "请在关联文书名称写种类" in planned(together(case(xinjiang, "示例甲空间", added)))["更正公告"].plan.why


def test_only_measures_that_know_publication_have_them(packs: PackStore) -> None:
    """第8条（四）, 第十一条（七）, 第十条3, 第六条（三）; 工作机制 prints no publication."""
    for id in packs.ids:
        labels = {k.label for k in packs.pack(id).letters.kinds}
        assert ({"更正公告", "撤回公告"} <= labels) == (id != "tongliao-award")


@pytest.mark.parametrize(
    ("said", "items"),
    [
        ("单位名称：甲→乙", (("单位名称", "甲", "乙"),)),
        ("所在地: 「甲县」 改为 「乙县」。", (("所在地", "甲县", "乙县"),)),
        ("类型：甲 -> 乙\n结果：丙更正为丁", (("类型", "甲", "乙"), ("结果", "丙", "丁"))),
    ],
)
def test_ways_to_write_a_change(said: str, items: tuple[tuple[str, str, str], ...]) -> None:
    found = read(said)
    assert (found.change, found.items, found.wrong) == ("变更", items, ())


@pytest.mark.validator
def test_microsofts_validator_passes_both(
    whole: Assessment, xinjiang: Pack, engine: LetterEngine, tmp_path: Path, validate: Callable[[Path], list[str]]
) -> None:
    taken = together(case(xinjiang, "示例甲空间", listed(), withdrawing()))
    for case_, label in ((whole, "更正公告"), (taken, "撤回公告")):
        found = planned(case_)[label]
        path = tmp_path / f"{found.plan.kind}.docx"
        path.write_bytes(engine.render(found.plan.kind, context(case_, found)))
        assert validate(path) == []


LATER = "示科公告〔2026〕4号"


def later(details: str = "", *, label: str = "更正公告", about: str = OWN) -> Conclusion:
    row = concluded(label, LATER, signed(on=dt.date(2026, 6, 10), reason="前一份公告有误"))
    return replace(row, refers_to=about, details=details)


@pytest.mark.parametrize("about", [FIRST, OWN])  # the list itself, or the correction of it
@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("删除", "删除", "写「删除」，但「{about}」的名单里没有本单位（已计入此前的更正公告）"),
        ("删除", f"单位名称：旧 → 示例甲空间\n{PERIOD}", "写「变更」，但「{about}」的名单里没有本单位"),
        (f"单位名称：旧 → 示例甲空间\n{PERIOD}", "所在地：旧 → 示例地区", "请在具体事项另起一行写明公示期"),
        (f"单位名称：旧 → 示例甲空间\n{PERIOD}", f"增加\n{PERIOD}", "名单里已有本单位"),
        ("删除", f"增加\n{PERIOD}", ""),
        (f"单位名称：旧 → 示例甲空间\n{PERIOD}", "删除", ""),
    ],
)
def test_a_second_correction_is_of_the_list_as_the_first_one_left_it(
    xinjiang: Pack, about: str, before: str, after: str, reason: str
) -> None:
    rows = listed(), correcting(before), later(after, about=about)
    whole = together(case(xinjiang, "示例甲空间", *rows), case(xinjiang, "示例乙空间", listed()))
    made = announcements(remembered(whole, A_01="原名：旧"), known=lambda *_: Issued(True))
    first, second = [a.plan for a in made if a.plan.label == "更正公告"]
    assert first.state == "final", first.why
    assert second.state == ("draft" if reason else "final"), second.why
    assert reason.format(about=about) in second.why


def test_who_was_added_by_a_correction_of_a_correction_must_pass_the_list_too(xinjiang: Pack) -> None:
    whole = together(
        case(xinjiang, "示例甲空间", listed(), correcting("删除")),
        case(xinjiang, "示例乙空间", later(f"增加\n{PERIOD}"), verdict=Verdict.NOT_MET),
    )
    second = [a.plan for a in announcements(whole) if a.plan.label == "更正公告"][1]
    assert second.state == "draft"
    assert "A-02：结论为「公示」，但" in second.why


@pytest.mark.parametrize("label", ["更正公告", "撤回公告"])
def test_what_took_something_back_is_not_amended(xinjiang: Pack, label: str) -> None:
    whole = together(case(xinjiang, "示例甲空间", listed(), withdrawing(), later("删除", label=label)))
    plan = next(
        a.plan for a in announcements(whole) if a.plan.conclusion and a.plan.conclusion.document_number == LATER
    )
    assert plan.state == "draft"
    assert f"「{OWN}」是撤回公告，不再更正、撤回" in plan.why


def test_a_column_that_the_list_does_not_have_is_not_corrected(xinjiang: Pack) -> None:
    row = correcting(f"结果：合格 → —\n{PERIOD}")
    plan = planned(together(case(xinjiang, "示例甲空间", listed(), row)))["更正公告"].plan
    assert plan.state == "draft"
    assert "把结果更正为「—」，没有说更正成什么" in plan.why


def renamed(pack: Pack, details: str = f"单位名称：示例旧空间 → 示例甲空间\n{PERIOD}", **more: Any) -> Assessment:
    """甲 was published as 示例旧空间; 乙 stands on the same list."""
    stated = {"refers_on": dt.date(2026, 6, 5), "refers_kind": "公示", **more}
    row = correcting(details, **stated)
    return together(case(pack, "示例甲空间", listed(), row), case(pack, "示例乙空间", listed()))


def test_what_was_published_is_a_question_where_no_record_tells_of_it(xinjiang: Pack) -> None:
    plan = planned(renamed(xinjiang))["更正公告"].plan
    assert plan.state == "draft"
    assert (
        "结论!B3 写原公布的单位名称是「示例旧空间」，工作簿里没有记录；请对照已公布的「示科公告〔2026〕2号」核对"
        in plan.why
    )


@pytest.mark.parametrize(
    ("event", "state"),
    [
        ("名称由示例旧空间变更为示例甲空间", "final"),
        ("名称变更为示例甲空间", "draft"),
        ("原名示例新空间", "draft"),
    ],
)
def test_a_recorded_change_that_names_the_old_value_bears_it_out(xinjiang: Pack, event: str, state: str) -> None:
    assert planned(remembered(renamed(xinjiang), A_01=event))["更正公告"].plan.state == state


def test_the_new_name_that_holds_the_old_one_is_no_record_of_it(xinjiang: Pack) -> None:
    whole = renamed(xinjiang, f"单位名称：甲空间 → 示例甲空间\n{PERIOD}")
    assert planned(remembered(whole, A_01="改名示例甲空间"))["更正公告"].plan.state == "draft"
    assert planned(remembered(whole, A_01="甲空间改名示例甲空间"))["更正公告"].plan.state == "final"


def test_the_old_name_is_not_that_of_another_applicant(xinjiang: Pack) -> None:
    whole = renamed(xinjiang, f"单位名称：示例乙空间 → 示例甲空间\n{PERIOD}")
    plan = planned(remembered(whole, A_01="名称由示例乙空间变更"))["更正公告"].plan
    assert plan.state == "draft"
    assert "写原公布的单位名称是「示例乙空间」，那是申报编号「A-02」的名称，不是本单位的" in plan.why


@pytest.mark.parametrize(("old", "state"), [("示例旧空间", "draft"), ("示例甲空间", "final")])
def test_after_a_correction_the_old_value_is_what_that_one_made_it(xinjiang: Pack, old: str, state: str) -> None:
    second = later(f"单位名称：{old} → 示例甲甲空间\n{PERIOD}")
    first = correcting(f"单位名称：示例旧空间 → 示例甲空间\n{PERIOD}")
    whole = together(case(xinjiang, "示例甲甲空间", listed(), first, second), case(xinjiang, "示例乙空间", listed()))
    made = announcements(remembered(whole, A_01="示例旧空间改名"), known=lambda *_: Issued(True))
    plans = [a.plan for a in made if a.plan.label == "更正公告"]
    assert ("「示科公告〔2026〕3号」已更正为「示例甲空间」" in plans[1].why) == (state == "draft")


def test_the_published_list_is_not_written_anew_with_todays_name(xinjiang: Pack) -> None:
    found = planned(remembered(renamed(xinjiang), A_01="名称由示例旧空间变更为示例甲空间"))
    assert (found["公示"].plan.state, found["更正公告"].plan.state) == ("draft", "final"), found["更正公告"].plan.why
    why = found["公示"].plan.why
    assert "「示科公告〔2026〕3号」更正了A-01的单位名称（写明公布时是「示例旧空间」）" in why
    assert "本文书不按现在的数据重写；以公布时的文件为准" in why


def test_a_list_of_which_somebody_is_only_removed_stays_as_it_was(xinjiang: Pack) -> None:
    assert planned(renamed(xinjiang, "删除"))["公示"].plan.state == "final"
