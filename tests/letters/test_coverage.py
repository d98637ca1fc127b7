"""Which kinds of letters each measure knows: typed from the clauses, with a reason where it knows none.

Rows are the kinds of the design (letters.md). A cell is either the labels under which the pack has the kind, each with
the clause that its letter cites, or the words 不知 and why.
"""

from __future__ import annotations

import pytest

from incubxl.files.packs import PackStore

URUMQI, BASE, XINJIANG, SHANGHAI, TONGLIAO = (
    "urumqi-intl", "national-base", "xinjiang-makerspace", "shanghai-hq", "tongliao-award",
)  # fmt: skip
Cell = str | dict[str, str]  # 不知：reason, or label → a clause that it cites
_NO_MONEY = "不知：办法没有印经费"
_TONGLIAO = "不知：工作机制没有印申领、审核、评价和处理的程序"
TABLE: dict[str, dict[str, Cell]] = {
    "受理": {
        URUMQI: {"受理": "第8条"},
        BASE: {"受理": "第七条（一）"},
        XINJIANG: "不知：第十条1 只写提出申请，没有写受理",
        SHANGHAI: "不知：第六条 由职能部门和区政府遴选推荐，没有申请",
        TONGLIAO: _TONGLIAO,
    },
    "补正": {
        URUMQI: {"补正": "第15条（三）"},
        BASE: {"补正": "第十一条（三）"},
        XINJIANG: {"补正": "第十条2"},
        SHANGHAI: {"补报": "第十条"},
        TONGLIAO: _TONGLIAO,
    },
    "不予受理": {
        URUMQI: "不知：第8条 写受理由市科技局组织，没有写不予受理的情形",
        BASE: "不知：第七条（一） 写申报受理，没有写不予受理的情形",
        XINJIANG: "不知：没有写受理",
        SHANGHAI: "不知：没有申请",
        TONGLIAO: _TONGLIAO,
    },
    "催报": {
        URUMQI: {"催报": "第9条"},
        BASE: {"催报": "第八条"},
        XINJIANG: {"催报": "第六条10"},
        SHANGHAI: {"催报": "第十条"},
        TONGLIAO: "不知：四（三） 建立信息报送制度，没有印报送的次数和日期，无从催报",
    },
    "现场核查": {
        URUMQI: {"实地核查": "第10条"},
        BASE: {"实地调研": "第十一条（四）", "现场评估": "第十三条（二）"},
        XINJIANG: {"实地核查": "第十条2"},
        SHANGHAI: "不知：第十二条 写专项审计、绩效评价，没有写现场核查",
        TONGLIAO: _TONGLIAO,
    },
    "初审意见": {
        URUMQI: {"商请初审": "第8条（三）"},
        BASE: {"初审意见": "第十一条（三）"},
        XINJIANG: {"商请初审": "第十条2"},
        SHANGHAI: "不知：第六条 没有初审",
        TONGLIAO: _TONGLIAO,
    },
    "推荐": {
        URUMQI: {"推荐": "第8条（三）"},
        BASE: {"推荐": "第十一条（一）"},
        XINJIANG: {"推荐": "第十条2", "推荐国家备案": "第八条"},
        SHANGHAI: {"推荐": "第六条（二）"},
        TONGLIAO: _TONGLIAO,
    },
    "审核意见函": {
        URUMQI: "不知：第8条（四） 评审结果报市科技局审议，没有写给申报单位的函",
        BASE: {"授予试点单位": "第十一条（六）", "审核意见函（不予授予）": "第十一条（六）"},
        XINJIANG: "不知：第十条3 评审、审核后即公示，没有写给申报机构的函",
        SHANGHAI: "不知：第六条（四） 论证意见由第三方机构提出，没有写给建设主体的函",
        TONGLIAO: _TONGLIAO,
    },
    "专家评审邀请": {
        URUMQI: {"专家评审邀请": "第8条（四）"},
        BASE: {"专家评审邀请": "第十一条（四）"},
        XINJIANG: "不知：第十条3 由科技厅评审、审核，没有写专家",
        SHANGHAI: "不知：第六条（四）、第十八条（二） 委托第三方机构，没有写专家",
        TONGLIAO: _TONGLIAO,
    },
    "公示": {
        URUMQI: {"公示（拟认定）": "第8条（四）", "公示（绩效评价）": "第15条（三）"},
        BASE: {"公示（试点单位）": "第十一条（七）"},
        XINJIANG: {"公示": "第十条3"},
        SHANGHAI: {
            "公布（建设布局）": "第六条（三）", "公布（评价结果）": "第十八条（二）", "公布（处理结果）": "第十二条",
        },
        TONGLIAO: _TONGLIAO,
    },
    "异议答复": {
        URUMQI: {"异议答复": "第8条（四）"},
        BASE: "不知：第十一条（七） 公示在授予、授牌之后，没有异议环节",
        XINJIANG: {"异议答复": "第十条3"},
        SHANGHAI: "不知：对外公布不是公示，没有异议环节",
        TONGLIAO: _TONGLIAO,
    },
    "认定或备案": {
        URUMQI: {"认定": "第8条（四）"},
        BASE: {"授予试点单位": "第十一条（六）", "授予基地": "第十三条（三）"},
        XINJIANG: {"备案": "第十条3"},
        SHANGHAI: {"纳入建设布局": "第六条（三）"},
        TONGLIAO: {"品牌输出备案": "三（二）"},
    },
    "不予认定": {
        URUMQI: {"不予认定": "第6条"},
        BASE: {"审核意见函（不予授予）": "第十一条（六）"},
        XINJIANG: {"不予备案": "第十条3"},
        SHANGHAI: "不知：没有申请，也没有印不予纳入的程序",
        TONGLIAO: _TONGLIAO,
    },
    "延长试点": {
        URUMQI: "不知：没有试点",
        BASE: {"延长试点": "第十三条（三）"},
        XINJIANG: "不知：没有试点",
        SHANGHAI: "不知：没有试点；支持周期见第七条",
        TONGLIAO: "不知：没有试点",
    },
    "变更确认": {
        URUMQI: {"变更确认": "第10条"},
        BASE: "不知：没有写变更",
        XINJIANG: "不知：没有写变更",
        SHANGHAI: {"变更确认": "第九条"},
        TONGLIAO: "不知：没有写变更",
    },
    "参评通知": {
        URUMQI: {"参评通知": "第12条"},
        BASE: "不知：第十三条（一） 期满提交总结是试点单位的义务，没有写通知；逾期的用催报",
        XINJIANG: "不知：第十二条 适时开展考核评价，没有写通知和参评义务",
        SHANGHAI: {"参评通知": "第十八条（二）"},
        TONGLIAO: _TONGLIAO,
    },
    "放弃告知": {
        URUMQI: {"放弃告知": "第14条（二）"},
        BASE: "不知：没有写放弃；未提交的见取消资格",
        XINJIANG: "不知：没有写放弃；未上报的见取消资格",
        SHANGHAI: "不知：没有写放弃；未提交报告的见第十二条",
        TONGLIAO: _TONGLIAO,
    },
    "评价结果": {
        URUMQI: {"评价结果": "第18条"},
        BASE: {"评价结果": "第十四条"},
        XINJIANG: {"评价结果": "第十二条"},
        SHANGHAI: {
            "评价结果（继续支持）": "第二十条（一）", "评价结果（暂停支持）": "第二十条（二）",
            "评价结果（停止支持）": "第二十条（三）",
        },
        TONGLIAO: "不知：三（二） 分类考核，没有印等级",
    },
    "拨付": {
        URUMQI: "不知：第18条 给予一定的政策支持，没有印金额",
        BASE: _NO_MONEY,
        XINJIANG: _NO_MONEY,
        SHANGHAI: {"拨付": "第十三条（三）"},
        TONGLIAO: {"拨付": "三（一）"},
    },
    "核减或暂停": {
        URUMQI: _NO_MONEY,
        BASE: _NO_MONEY,
        XINJIANG: _NO_MONEY,
        SHANGHAI: {"暂缓或核减拨付": "第二十条（二）", "暂停经费资助": "第十二条"},
        TONGLIAO: _TONGLIAO,
    },
    "约谈": {
        URUMQI: "不知：没有写约谈",
        BASE: "不知：没有写约谈",
        XINJIANG: "不知：没有写约谈",
        SHANGHAI: {"约谈": "第十二条"},
        TONGLIAO: _TONGLIAO,
    },
    "整改": {
        URUMQI: "不知：没有写整改",
        BASE: "不知：没有写整改；第十二条（一） 是按审核意见执行计划",
        XINJIANG: "不知：没有写整改",
        SHANGHAI: {"整改": "第二十条（二）"},
        TONGLIAO: _TONGLIAO,
    },
    "停止支持": {
        URUMQI: _NO_MONEY,
        BASE: _NO_MONEY,
        XINJIANG: _NO_MONEY,
        SHANGHAI: {"评价结果（停止支持）": "第二十条（三）", "终止建设": "第十二条"},
        TONGLIAO: _TONGLIAO,
    },
    "取消资格": {
        URUMQI: {"取消资格（弄虚作假）": "第11条", "取消资格（连续两次）": "第18条"},
        BASE: {
            "取消资格（期满验收）": "第十三条（三）", "取消资格（试点单位）": "第十二条（四）",
            "取消资格（基地）": "第十四条",
        },
        XINJIANG: {"取消资格（弄虚作假）": "第十一条", "取消资格（考核或未上报）": "第十二条"},
        SHANGHAI: "不知：第十二条 写终止建设，没有写取消资格",
        TONGLIAO: _TONGLIAO,
    },
    "追回": {
        URUMQI: _NO_MONEY,
        BASE: _NO_MONEY,
        XINJIANG: _NO_MONEY,
        SHANGHAI: {"追回": "第十二条"},
        TONGLIAO: _TONGLIAO,
    },
    "表彰或通报": {
        URUMQI: "不知：第18条 对优秀的给予政策支持，没有写表彰、通报",
        BASE: {"表彰": "第十四条", "通报": "第十四条"},
        XINJIANG: "不知：没有写表彰、通报",
        SHANGHAI: "不知：第十二条 写必要时向社会公布有关结果，见公布（处理结果）",
        TONGLIAO: _TONGLIAO,
    },
}  # fmt: skip


def test_the_table_has_every_kind_and_measure() -> None:
    assert len(TABLE) == 26
    assert all(row.keys() == {URUMQI, BASE, XINJIANG, SHANGHAI, TONGLIAO} for row in TABLE.values())


@pytest.mark.parametrize("kind", TABLE)
def test_a_kind_is_there_with_its_clause_or_there_is_a_reason(packs: PackStore, kind: str) -> None:
    for pack_id, cell in TABLE[kind].items():
        if isinstance(cell, str):
            assert cell.startswith("不知：")
            assert len(cell) > 5
            continue
        for label, clause in cell.items():
            found = packs.pack(pack_id).letters.kind(label)
            assert found is not None, (pack_id, label)
            assert clause in {c.clause for c in found.clauses}, (pack_id, label, clause)


def test_no_letter_of_a_pack_is_outside_the_table(packs: PackStore) -> None:
    for pack_id in (URUMQI, BASE, XINJIANG, SHANGHAI, TONGLIAO):
        known = {label for row in TABLE.values() if isinstance(row[pack_id], dict) for label in row[pack_id]}
        own = {k.label for k in packs.pack(pack_id).letters.kinds if not k.amends}
        assert own == known


def test_amendments_stand_once_and_every_pack_has_them(packs: PackStore) -> None:
    for pack_id in (URUMQI, BASE, XINJIANG, SHANGHAI, TONGLIAO):
        found = [k for k in packs.pack(pack_id).letters.kinds if k.layout == "amendment"]
        assert [k.label for k in found] == ["更正", "撤回", "补发"]
        assert all("reference" in k.needs and k.when.silent for k in found)


def test_what_burdens_its_reader_has_facts_basis_reasons_and_remedy(packs: PackStore) -> None:
    for pack_id in (URUMQI, BASE, XINJIANG, SHANGHAI, TONGLIAO):
        for kind in packs.pack(pack_id).letters.kinds:
            if kind.adverse or kind.adverse_grades:
                assert kind.layout in ("refusal", "evaluation_result", "revocation"), (pack_id, kind.label)
                assert kind.reasoning, (pack_id, kind.label)
    burdening = {
        URUMQI: ["不予认定", "放弃告知", "评价结果", "取消资格（弄虚作假）", "取消资格（连续两次）"],
        SHANGHAI: [
            "评价结果（暂停支持）", "评价结果（停止支持）", "整改", "暂缓或核减拨付", "约谈", "暂停经费资助",
            "终止建设", "追回",
        ],
    }  # fmt: skip
    for pack_id, labels in burdening.items():
        found = [k.label for k in packs.pack(pack_id).letters.kinds if k.adverse or k.adverse_grades]
        assert found == labels


def test_nothing_that_a_person_must_ask_for_is_proposed(packs: PackStore) -> None:
    """Proposals come from what is computed or recorded: conditions, facts, grade, money, sanction, waiver."""
    for pack_id in (URUMQI, BASE, XINJIANG, SHANGHAI, TONGLIAO):
        for kind in packs.pack(pack_id).letters.kinds:
            if kind.layout in ("notice", "about", "announcement", "amendment", "announcement_amendment"):
                assert kind.when.silent, (pack_id, kind.label)
