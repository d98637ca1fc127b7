"""The wording of mails: fields only, sandboxed, escaped in HTML, the pack's own before the shared."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubxl.files.packs import store
from incubxl.letters.clean import one_line
from incubxl.mail.templates import BadTemplate, MailContext, MailTemplates
from tests.mail.build import templates

CONTEXT = MailContext(
    applicant="示例<甲>&乙孵化器有限公司",
    applicant_id="X-01",
    year=2026,
    measure="《示例办法》",
    label="认定",
    title="关于认定示例<甲>&乙孵化器有限公司的通知",
    attachment="X-01_认定.docx",
    office="示例市科学技术局",
    contact="0000-00000000",
    note="",
    relation="",
    relation_first="",
    relation_reason="",
    number="",
)


FIRST = "2026年6月5日发出的“2026年度关于认定示例孵化器有限公司的通知”"


AGAIN = {"relation": "更正", "relation_first": FIRST, "relation_reason": "金额写错"}


def test_the_shared_wording_says_what_it_must() -> None:
    made = templates().wording("recognition", CONTEXT)
    assert made.subject == "2026年度关于认定示例<甲>&乙孵化器有限公司的通知"
    letter = templates().wording("correction", replace(CONTEXT, title="关于补正2026年材料的函"))
    assert letter.subject == "关于补正2026年材料的函（示例<甲>&乙孵化器有限公司）"  # no 通知书 where it is none
    assert "通知书" not in letter.subject + letter.text + letter.html
    for text in (
        "示例<甲>&乙孵化器有限公司：",
        "《示例办法》",
        "X-01_认定.docx",
        "0000-00000000",
        "不代替依法应当进行的送达",
    ):
        assert text in made.text
    assert "示例&lt;甲&gt;&amp;乙孵化器有限公司" in made.html
    assert "<甲>" not in made.html


@pytest.mark.parametrize("relation", ["更正", "补发"])
def test_a_second_mail_says_so(relation: str) -> None:
    again = replace(CONTEXT, relation=relation, relation_first=FIRST, relation_reason="金额写错")
    made = templates().wording("recognition", again)
    assert made.subject.startswith(f"【{relation}】")
    assert FIRST in made.text
    assert FIRST in made.html
    assert "金额写错" in made.text
    assert "金额写错" in made.html


def test_a_kind_s_own_wording_goes_first() -> None:
    own = MailTemplates({**templates().texts, "refusal.subject.txt": "关于{{ applicant }}"})
    assert own.wording("refusal", CONTEXT).subject == f"关于{CONTEXT.applicant}"
    assert own.wording("recognition", CONTEXT).subject.startswith("2026年度")


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("body.txt", "{{ applicant }} {{ 单位 }}", "没有字段「单位」"),
        ("body.txt", "{{ applicant }} {% if %}", "第1行"),
        ("body.txt", "没有名称", "没有收件单位的名称"),
        ("body.html", "<p>没有名称</p>", "没有收件单位的名称"),
        ("subject.txt", "  ", "主题应是一行"),
        ("subject.txt", "甲\n乙", "主题应是一行"),
        ("subject.txt", "{{ ''.__class__.__mro__ }}", "unsafe"),
        ("body.txt", "{{ applicant }} {{ year / 0 }}", "ZeroDivisionError"),
        ("greeting.txt", "x", "没有这种模板"),
        ("nokind.body.txt", "{{ applicant }}", "没有这种模板"),
        ("body.txt", "{{ applicant }}：", "正文里没有所附文书的标题（title）"),
        ("body.txt", "{{ applicant }}：{{ title }}", "正文里没有办法效力的说明"),
        ("body.html", "<p>{{ applicant }}：{{ title }}{{ note }}</p>", "正文里没有「更正」或「补发」的字样"),
        (
            "body.txt",
            "{{ applicant }}：{{ title }}{{ note }}{{ relation }}{{ relation_reason }}",
            "正文里没有更正、补发的是哪一封",
        ),
        ("subject.txt", "{{ title }}", "主题里没有「更正」的字样"),
    ],
)
def test_lint_and_rendering_refuse(file: str, text: str, said: str) -> None:
    bad = MailTemplates({**templates().texts, file: text})
    found = list(bad.problems({"recognition": "认定"}))
    assert any(f == file and said in why for f, why in found), found
    if file.count(".") == 1 and file != "greeting.txt":
        with pytest.raises(BadTemplate):
            bad.wording("recognition", replace(CONTEXT, note="征求意见稿", **AGAIN))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("经专家评审，贵单位符合条件。", "写有「经专家评审」，邮件模板对每一封都照写"),
        ("经公示无异议，", "写有「公示无异议」"),
        ("贵单位未通过评审。", "写有「贵单位未通过」，像是决定"),
        ("恭喜！", "写有「恭喜」，像是决定"),
        ("我局决定授予贵单位称号。", "写有「决定授予」，像是决定"),
        ("{% if label == '不予认定' %}不予认定贵单位。{% endif %}", "写有「不予认定」，像是决定"),
    ],
)
@pytest.mark.parametrize("part", ["body.txt", "body.html"])
def test_lint_finds_what_a_mail_must_not_decide_or_report(part: str, words: str, said: str) -> None:
    bad = MailTemplates({**templates().texts, part: templates().texts[part] + f"<p>{words}</p>"})
    found = [why for file, why in bad.problems({"recognition": "认定", "refusal": "不予认定"}) if file == part]
    assert any(said in why for why in found), found


def test_lint_lets_a_mail_ask_and_explain() -> None:
    words = "请贵单位通过电子邮件回复；如已收到请确认贵单位名称无误。本单位支持贵单位的工作。"
    mine = MailTemplates({**templates().texts, "body.txt": templates().texts["body.txt"] + words})
    assert list(mine.problems({"recognition": "认定"})) == []


def test_a_second_mail_that_names_none_is_refused() -> None:
    with pytest.raises(BadTemplate, match="没有写明更正的是哪一封邮件"):
        templates().wording("recognition", replace(CONTEXT, relation="更正", relation_reason="金额写错"))


def test_every_shipped_pack_s_wording_serves_every_kind() -> None:
    for id in store().ids:
        loaded = store().load(id)
        assert loaded.pack is not None
        made = MailTemplates({name: path.read_text(encoding="utf-8") for name, path in loaded.mail.items()})
        assert list(made.problems({k.id: k.label for k in loaded.pack.letters.kinds})) == []


@given(st.text(min_size=1, max_size=80))
def test_any_name_is_carried_whole_or_refused(name: str) -> None:
    try:
        made = templates().wording("recognition", replace(CONTEXT, applicant=name))
    except BadTemplate:
        return
    shown = one_line(name, "").strip()
    assert "\n" not in made.subject
    assert made.text.startswith(f"{shown}：")
    reader = _Words()
    reader.feed(made.html)
    assert reader.words[1].strip() == f"{shown}：", reader.words[:3]


class _Words(HTMLParser):
    """The text of an HTML document as a browser would show it."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data)
