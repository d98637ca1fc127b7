"""A letter says everything that it should, whatever the values hold; a template that cannot is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubxl.files.packs import PackStore
from incubxl.letters import package, text
from incubxl.letters.base import build_base_templates
from incubxl.letters.choose import letters_for
from incubxl.letters.compose import compose
from incubxl.letters.context import context
from incubxl.letters.engine import LetterEngine
from incubxl.letters.findings import LetterIncomplete, LetterRefused, TemplateRefused, Unprintable
from incubxl.letters.place import places
from incubxl.letters.shelf import shared_layouts
from incubxl.letters.template import compile_template, placed
from incubxl.policy.pack import Pack
from incubxl.verdict import Verdict
from tests.bench.letters import measure
from tests.letters.case import NAME, OFFICE, assessment, concluded, result

HOSTILE = [
    "甲&乙<丙>有限公司",
    "{{ applicant }}公司",
    "{% for x in y %}公司",
    "引号\"单'引号“弯”公司",
    "生僻字𬬬孵化器",  # U+2CB2C
    "生僻字\U0002c72c孵化器",
    "</w:t></w:r></w:p>公司",
    "]]>&amp;公司",
    "A" * 300,
    "两  个  空格",
    "{_{ x }_}公司",
    "表情🏭公司",
]


def letter(pack: Pack, engine: LetterEngine, **case: Any) -> bytes:
    whole, one = assessment(pack, **case)
    plan = letters_for(whole, one)[0]
    return engine.render(plan.kind, context(whole, one, plan))


def read(data: bytes) -> str:
    """All text of a .docx by python-docx, paragraphs and table cells."""
    document = docx.Document(io.BytesIO(data))
    lines = [p.text for p in document.paragraphs]
    lines += [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join(lines)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_survive_as_text(xinjiang: Pack, engine: LetterEngine, name: str) -> None:
    text = read(letter(xinjiang, engine, name=name))
    assert f"\n{name}：\n" in text
    assert f"关于确认{name}为自治区众创空间的通知" in text
    assert text.endswith("补充面积证明")  # the attachment's last cell


@pytest.mark.parametrize(
    ("name", "shown"), [("甲\n乙公司", "甲 乙公司"), ("甲\t乙公司", "甲 乙公司"), ("甲\r\n 乙公司", "甲 乙公司")]
)
def test_breaks_and_tabs_in_a_name_become_a_space(xinjiang: Pack, engine: LetterEngine, name: str, shown: str) -> None:
    assert f"\n{shown}：\n" in read(letter(xinjiang, engine, name=name))


@pytest.mark.parametrize("bad", ["\ud800", "\udfff", "\x00", "\x07", "\x1e", "\ufffe", "\u202e", "\ue000"])
def test_what_cannot_be_printed_is_refused_by_name(xinjiang: Pack, engine: LetterEngine, bad: str) -> None:
    with pytest.raises(Unprintable, match=f"单位名称.*U\\+{ord(bad):04X}"):
        letter(xinjiang, engine, name=f"甲{bad}乙公司")


@settings(max_examples=150, deadline=None)
@given(name=st.text(st.characters(), min_size=1, max_size=40).filter(lambda s: s.strip()))
def test_any_name_is_in_the_letter_or_refused(packs: PackStore, name: str) -> None:
    engine = _shared()
    try:
        data = letter(packs.pack("xinjiang-makerspace"), engine, name=name)
    except LetterRefused:
        return
    shown = " ".join(name.split())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
    assert shown in " ".join(read(data).split())


_ENGINE: list[LetterEngine] = []


def _shared() -> LetterEngine:
    if not _ENGINE:
        _ENGINE.append(LetterEngine(shared_layouts()))
    return _ENGINE[0]


def test_equal_letters_are_equal_bytes(xinjiang: Pack, engine: LetterEngine) -> None:
    assert letter(xinjiang, engine) == letter(xinjiang, LetterEngine(shared_layouts()))


def changed(name: str, change: Callable[[str], str]) -> bytes:
    """A shared template with its document part changed."""
    members = package.unpack(shared_layouts()[name])
    members["word/document.xml"] = change(members["word/document.xml"].decode()).encode()
    return package.rebuild(members)


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("form-letter", "{{ opening }}", "{{ openin }}", "form-letter.docx 第6段.*没有的字段：openin"),
        ("form-letter", "{{ title }}", "{{ ti</w:t></w:r><w:r><w:t>tle }}", "form-letter.docx 第4段.*拆成了几段"),
        ("form-letter", "{{ title }}", "{</w:t></w:r><w:r><w:t>{ title }}", "拆成了几段.*Ctrl"),
        ("form-letter", "{{ opening }}", "{{ opening }", "没有写完整"),
        ("form-letter", "{{ title }}", "某标题", "没有用到必需的字段：title"),
        ("recognition", "{%p endfor %}", "", r"recognition.docx .*标签语法有误"),
        ("form-letter", "{{ opening }}", "{{ opening|safe }}", "Filter"),
        ("form-letter", "{{ opening }}", "{{ opening.__class__ }}", "无法填写"),
        ("form-letter", "{{ opening }}", "{{ marks.count(1) }}", "Call"),
        ("form-letter", "{{ opening }}", "{% set x = 1 %}{{ opening }}", "Assign"),
        ("form-letter", "{{ opening }}", "{{r opening }}", "不支持的标签写法"),
        ("form-letter", "{{ opening }}", "见{%p include 'basis' %}", "独占一段"),
        ("form-letter", "include 'body'", "include 'bodi'", "片段「bodi」没有；可用的有：.*basis"),
        ("part-attachments", "{{ row.title }}", "{{ row.titel }}", r"part-attachments.docx 第\d+段.*titel"),
        ("part-attachments", "{{ row.title }}", "{{ row.title }}{{ row.__class__ }}", "无法填写"),
        ("part-attachments", "{{ row.title }}", "{{ row.title }}{{ row.__init__.__globals__ }}", "无法填写"),
        ("part-basis", "{{ c.clause }}", "{{ c.clauses }}", "part-basis.docx 第3段.*没有「clauses」"),
        ("part-basis", "《{{ measure", "{%p include 'basis' %}</w:t></w:r></w:p><w:p><w:r><w:t>{{ measure", "互相包含"),
        ("part-duties", "{{ d.clause }}", "</w:t><w:drawing/><w:t>{{ d.clause }}", "part-duties.docx.*图片"),
        ("recognition", "<w:body>", "<w:body", "不是合格的 XML"),
    ],
)
def test_a_wrong_template_is_refused_with_its_reason(
    xinjiang: Pack, file: str, old: str, new: str, reason: str
) -> None:
    template = changed(file, lambda xml: xml.replace(old, new, 1))
    assert template != shared_layouts()[file]
    engine = LetterEngine({**shared_layouts(), file: template})
    for _ in range(2):  # the refusal is remembered, and is the same
        with pytest.raises(TemplateRefused, match=reason):
            letter(xinjiang, engine)


def test_partials_that_hold_each_other_are_refused(xinjiang: Pack) -> None:
    def loop(xml: str) -> str:
        return xml.replace(
            "《{{ measure }}》", "{%p include 'duties' %}</w:t></w:r></w:p><w:p><w:r><w:t>《{{ measure }}》"
        )

    basis = changed("part-basis", loop)
    duties = changed("part-duties", lambda x: x.replace("请同时按下列规定办理：", "{%p include 'basis' %}"))
    with pytest.raises(TemplateRefused, match="互相包含：form-letter → recognition → part-basis → part-duties"):
        letter(xinjiang, LetterEngine({**shared_layouts(), "part-basis": basis, "part-duties": duties}))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not a zip", b"<html></html>"])
def test_what_is_no_docx_is_refused(data: bytes) -> None:
    with pytest.raises(TemplateRefused, match="不是完整的"):
        compile_template(data, "recognition")


def test_a_zip_without_a_document_is_refused() -> None:
    with pytest.raises(TemplateRefused, match=r"document\.xml"):
        compile_template(package.rebuild({"a.txt": b"a"}), "recognition")


def test_a_missing_template_is_refused(xinjiang: Pack) -> None:
    with pytest.raises(TemplateRefused, match="recognition"):
        letter(xinjiang, LetterEngine({}))


def test_an_offices_own_template_wins(xinjiang: Pack) -> None:
    own = changed("recognition", lambda xml: xml.replace("一、决定事项", "一、本局决定"))
    engine = LetterEngine({**shared_layouts(), "recognition": own})
    assert "一、本局决定" in read(letter(xinjiang, engine))
    by_kind = LetterEngine({**shared_layouts(), "refusal": own})
    with pytest.raises(TemplateRefused, match="必需的字段"):
        letter(xinjiang, by_kind, verdict=Verdict.NOT_MET)


def test_a_template_that_shows_the_title_is_a_whole_letter(xinjiang: Pack) -> None:
    whole = compose(shared_layouts(), "recognition", "plain")
    own = package.unpack(whole)
    own["word/document.xml"] = own["word/document.xml"].replace("一、决定事项".encode(), "一、本局决定".encode())
    text = read(letter(xinjiang, LetterEngine({**shared_layouts(), "recognition": package.rebuild(own)})))
    assert "一、本局决定" in text
    assert text.count(NAME) == text.count(f"关于确认{NAME}为") + text.count(f"{NAME}：")
    assert "示例市科技局\n" in text


def test_an_offices_own_partial_goes_into_every_letter(xinjiang: Pack) -> None:
    own = changed("part-basis", lambda xml: xml.replace("的有关规定：", "的规定，原文如下："))
    engine = LetterEngine({**shared_layouts(), "part-basis": own})
    for verdict in (Verdict.MET, Verdict.NOT_MET):
        assert "的规定，原文如下：" in read(letter(xinjiang, engine, verdict=verdict))


def test_what_word_makes_of_styles_does_not_matter(xinjiang: Pack) -> None:
    """Word gives styles new ids when it saves, and a partial may bring a style that the form has not."""
    members = package.unpack(shared_layouts()["part-basis"])
    styles, body = members["word/styles.xml"].decode(), members["word/document.xml"].decode()
    styles = styles.replace('w:styleId="正文缩进"', 'w:styleId="a7"').replace(
        "</w:styles>",
        '<w:style w:type="paragraph" w:customStyle="1" w:styleId="a8"><w:name w:val="本局引文"/>'
        '<w:basedOn w:val="a7"/></w:style></w:styles>',
    )
    body = body.replace('w:val="正文缩进"', 'w:val="a8"', 1).replace('w:val="正文缩进"', 'w:val="a7"')
    members |= {"word/styles.xml": styles.encode(), "word/document.xml": body.encode()}
    engine = LetterEngine({**shared_layouts(), "part-basis": package.rebuild(members)})
    document = docx.Document(io.BytesIO(letter(xinjiang, engine)))
    found = [p for p in document.paragraphs if "的有关规定" in p.text or p.text.startswith("第六条：")]
    assert [p.style.name for p in found] == ["本局引文", "正文缩进"]
    assert found[0].style.base_style.name == "正文缩进"


def test_a_header_may_hold_fields_too(xinjiang: Pack) -> None:
    members = package.unpack(shared_layouts()["form-letter"])
    footer = next(n for n in members if n.startswith("word/footer"))
    members[footer] = members[footer].replace("— ".encode(), b"{{ applicant }} ")
    data = letter(xinjiang, LetterEngine({**shared_layouts(), "form-letter": package.rebuild(members)}))
    assert NAME.encode() in package.unpack(data)[footer]


def test_a_header_is_that_of_each_letter_whatever_was_made_before(xinjiang: Pack) -> None:
    """Equal headers are made once; a letter between two equal ones has its own, and its own is read back."""
    members = package.unpack(shared_layouts()["form-letter"])
    footer = next(n for n in members if n.startswith("word/footer"))
    members[footer] = members[footer].replace("— ".encode(), b"{{ applicant }} ")
    shelf = {**shared_layouts(), "form-letter": package.rebuild(members)}
    used = LetterEngine(shelf)
    row = concluded("备案")
    for name, rows in ((NAME, []), (NAME, [row]), ("示例乙空间", [row]), (NAME, [row]), ("示例乙空间", [])):
        made = letter(xinjiang, used, name=name, conclusions=rows)
        assert made == letter(xinjiang, LetterEngine(shelf), name=name, conclusions=rows)
        assert name.encode() in package.unpack(made)[footer]


def test_a_header_that_was_kept_is_still_looked_for_in_the_file(
    xinjiang: Pack, engine: LetterEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter(xinjiang, engine)
    pack, draft = package.pack, "草稿——未经签发，不得送达".encode()

    def damaged(members: list[package.Member]) -> bytes:
        found = package.unpack(pack(members))
        return pack([package.deflate(n, d.replace(draft, b"") if "header" in n else d) for n, d in found.items()])

    monkeypatch.setattr(package, "pack", damaged)
    with pytest.raises(LetterIncomplete):
        letter(xinjiang, engine)


def test_a_field_hidden_by_the_template_is_noticed(xinjiang: Pack) -> None:
    hidden = changed("part-signature", lambda x: x.replace("{{ date }}", "{% if is_draft %}{{ date }}{% endif %}"))
    engine = LetterEngine({**shared_layouts(), "part-signature": hidden})
    letter(xinjiang, engine)  # a draft shows it
    with pytest.raises(LetterIncomplete, match="date"):
        letter(xinjiang, engine, conclusions=[concluded("备案")])


RARE = st.text(st.characters(min_codepoint=0x20000, max_codepoint=0x323AF, categories=["Lo"]), min_size=1, max_size=30)
MARKUP = st.text(st.sampled_from("&<>\"'{}%#；《》〔〕（）·—孵化器A1𠮷𬬭"), min_size=1, max_size=80).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(name=RARE | MARKUP, form=st.sampled_from(["letter", "official", "plain"]), office=RARE | MARKUP)
def test_rare_names_are_whole_in_every_form(packs: PackStore, name: str, form: str, office: str) -> None:
    """Ideographs beyond the first plane, markup, long names: of the applicant and of the office."""
    chosen = {**OFFICE, "document_form": form}
    whole, one = assessment(packs.pack("xinjiang-makerspace"), name=name, office=office, settings=chosen)
    plan = letters_for(whole, one)[0]
    text = read(_shared().render(plan.kind, context(whole, one, plan)))
    name, office = name.strip(), office.strip()
    assert f"\n{name}：\n" in text
    assert f"关于确认{name}为自治区众创空间的通知" in text
    assert f"\n{office}\n" in text


def test_docxtpl_itself_renders_the_same_document(xinjiang: Pack, engine: LetterEngine) -> None:
    """The compiled way against docxtpl's own, on canonical XML."""
    from docxtpl import DocxTemplate
    from lxml import etree

    whole, one = assessment(xinjiang, name="甲&乙<丙>公司", conclusions=[concluded("备案")])
    plan = letters_for(whole, one)[0]
    values = context(whole, one, plan)
    whole_template = compose(shared_layouts(), "recognition", "letter")
    members = package.unpack(whole_template)
    members["word/document.xml"] = placed(members)
    theirs = DocxTemplate(io.BytesIO(package.rebuild(members)))
    theirs.render({**values, **{f"_{k}": v for k, v in places(values).items()}}, autoescape=True)
    out = io.BytesIO()
    theirs.save(out)
    ours = engine.render(plan.kind, values)

    def canonical(data: bytes) -> bytes:
        parser = etree.XMLParser(remove_blank_text=True)
        root = etree.fromstring(package.unpack(data)["word/document.xml"], parser)
        for drawing in root.iter("{*}docPr"):
            drawing.attrib.pop("id")  # docxtpl numbers drawings anew
        return etree.tostring(root, method="c14n")

    assert canonical(ours) == canonical(out.getvalue())


@pytest.mark.parametrize("layout", sorted(shared_layouts()))
def test_the_quick_reading_of_a_part_is_the_careful_one(layout: str) -> None:
    for name, xml in package.unpack(shared_layouts()[layout]).items():
        if name.startswith(("word/document", "word/footer")):
            careful = [text.paragraph_text(p) for p in text.parse(xml).iter(text.W + "p")]
            assert text.paragraphs(xml) == careful


def test_a_box_of_text_has_its_own_paragraphs() -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    box = "<w:pict><w:txbxContent><w:p><w:r><w:t>内</w:t></w:r></w:p></w:txbxContent></w:pict>"
    outer = f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>前</w:t>{box}<w:tab/><w:t>后</w:t></w:r></w:p>"
    assert text.paragraphs(f'<w:body xmlns:w="{space}">{outer}</w:body>'.encode()) == ["前\t后", "内"]
    plain = outer.replace(box, "")
    assert text.paragraphs(f'<w:body xmlns:w="{space}">{plain}</w:body>'.encode()) == ["前\t后"]


def test_committed_templates_are_those_that_are_built() -> None:
    built = build_base_templates()
    assert built == build_base_templates()
    assert built.keys() == shared_layouts().keys()
    for name, data in built.items():
        assert package.unpack(data) == package.unpack(shared_layouts()[name]), name


def test_a_letter_is_a_zip_that_others_read(xinjiang: Pack, engine: LetterEngine) -> None:
    data = letter(xinjiang, engine, results=[result(Verdict.MET)] * 60)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
    assert read(data).count("国外孵化场地") == 60


def test_it_says_the_same_as_docxtpl_used_alone() -> None:
    assert measure(4, 1)["same"]
