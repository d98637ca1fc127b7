"""A field that stands in the letter but that nobody can read is found in the template, and gives no letter."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from incubxl.cli.commands import app
from incubxl.files.packs import SHIPPED
from incubxl.letters import package
from incubxl.letters.lint import Finding, lint
from incubxl.letters.shelf import shared_layouts
from incubxl.policy.pack import Pack
from tests.batch.build import concluded, data, filled, go

D = "{{ d }}"
_PARAGRAPH = re.compile(r"<w:p>(?:(?!</w:p>).)*?</w:p>", re.DOTALL)
_STYLE = (
    '<w:style w:type="{type}" w:customStyle="1" w:styleId="{id}"><w:name w:val="{id}"/>{based}'
    "<w:rPr>{rpr}</w:rPr></w:style>"
)


def style(id: str, rpr: str, *, type: str = "character", based: str = "") -> str:
    based = f'<w:basedOn w:val="{based}"/>' if based else ""
    return _STYLE.format(type=type, id=id, based=based, rpr=rpr)


def changed(change: Callable[[str], str], *, name: str = "refusal", part: str = "document", styles: str = "") -> bytes:
    """A shared template with one part changed and styles added."""
    members = package.unpack(shared_layouts()[name])
    xml = members[f"word/{part}.xml"].decode()
    members[f"word/{part}.xml"] = change(xml).encode()
    assert styles or members[f"word/{part}.xml"].decode() != xml
    members["word/styles.xml"] = members["word/styles.xml"].replace(b"</w:styles>", styles.encode() + b"</w:styles>")
    return package.rebuild(members)


def paragraph(xml: str, needle: str = D) -> str:
    return next(p for p in _PARAGRAPH.findall(xml) if needle in p)


def formatted(rpr: str = "", ppr: str = "", needle: str = D) -> Callable[[str], str]:
    """Give the paragraph that shows ``needle`` properties of its runs and of itself."""

    def change(xml: str) -> str:
        old = paragraph(xml, needle)
        new = old.replace("<w:r><w:t", f"<w:r><w:rPr>{rpr}</w:rPr><w:t") if rpr else old
        return xml.replace(old, new.replace("</w:pPr>", f"{ppr}</w:pPr>", 1), 1)

    return change


def found(template: bytes, name: str = "refusal") -> list[Finding]:
    """What lint says of the file by itself."""
    return list(lint({**shared_layouts(), name: template}, [name], []).findings)


@pytest.mark.parametrize(
    ("rpr", "ppr", "message"),
    [
        ("<w:vanish/>", "", "隐藏文字"),
        ('<w:vanish w:val="true"/>', "", "隐藏文字"),
        ("<w:webHidden/>", "", "隐藏文字"),
        ("<w:specVanish/>", "", "隐藏文字"),
        ('<w:color w:val="FFFFFF"/>', "", "FFFFFF）和底色（FFFFFF"),
        ('<w:color w:val="F2F2F2"/>', "", "F2F2F2）和底色（FFFFFF"),
        ('<w:color w:val="FFFF00"/>', "", "FFFF00）和底色（FFFFFF"),
        ('<w:color w:val="FFFFFF" w:themeColor="background1"/>', "", "和底色（FFFFFF"),
        ('<w:color w:val="000000" w:themeColor="background1"/>', "", "和底色（FFFFFF"),
        (
            '<w:color w:val="C00000"/><w:shd w:val="clear" w:color="auto" w:fill="C00000"/>',
            "",
            "C00000）和底色（C00000",
        ),
        ('<w:color w:val="000000"/><w:shd w:val="solid" w:color="000000" w:fill="FFFFFF"/>', "", "底色（000000"),
        ('<w:color w:val="FFFFFF"/><w:highlight w:val="white"/>', "", "底色（FFFFFF"),
        ('<w:highlight w:val="black"/>', "", "000000）和底色（000000"),
        ('<w:color w:val="000000"/>', '<w:shd w:val="clear" w:color="auto" w:fill="111111"/>', "底色（111111"),
        ('<w:sz w:val="2"/>', "", "字号只有 1 磅"),
        ('<w:position w:val="-400"/>', "", "提升或降低"),
        ('<w:w w:val="1"/>', "", "缩放"),
        ('<w:spacing w:val="-320"/>', "", "缩放或间距"),
        ("<w:strike/>", "", "删除线"),
        ("", '<w:spacing w:lineRule="exact" w:line="20"/>', "行距"),
        ("", '<w:ind w:left="20000"/>', "缩进"),
        ("", '<w:ind w:firstLine="-9000"/>', "缩进"),
        ("", '<w:framePr w:hAnchor="page" w:x="20000" w:y="1"/>', "图文框"),
    ],
)
def test_text_that_nobody_can_read_is_named_with_its_paragraph(rpr: str, ppr: str, message: str) -> None:
    def change(xml: str) -> str:
        old = paragraph(xml)
        bare = re.sub(r"<w:pPr>.*?</w:pPr>", "<w:pPr></w:pPr>", old)
        return formatted(rpr, ppr)(xml.replace(old, bare, 1))

    template = changed(change)
    (finding,) = found(template)
    xml = package.unpack(template)["word/document.xml"].decode()
    assert finding.file == "refusal.docx"
    assert finding.said == D
    assert finding.paragraph == 1 + [D in p for p in _PARAGRAPH.findall(xml)].index(True)
    assert message in finding.message
    assert "请" in finding.message  # what to do in Word


@pytest.mark.parametrize(
    ("rpr", "ppr"),
    [
        ('<w:vanish w:val="0"/>', ""),
        ('<w:color w:val="FF0000"/>', ""),
        ('<w:color w:val="auto"/><w:shd w:val="clear" w:color="auto" w:fill="000000"/>', ""),
        ('<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:color="auto" w:fill="1F3864"/>', ""),
        ('<w:color w:val="FFFFFF"/>', '<w:shd w:val="clear" w:color="auto" w:fill="000000"/>'),
        ('<w:highlight w:val="yellow"/>', ""),
        ('<w:sz w:val="18"/>', ""),
        ('<w:position w:val="6"/><w:spacing w:val="-6"/><w:w w:val="80"/>', ""),
    ],
)
def test_what_can_be_read_passes(rpr: str, ppr: str) -> None:
    assert found(changed(formatted(rpr, ppr))) == []


@pytest.mark.parametrize("rpr", ["<w:vanish/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>'])
def test_styles_are_followed_to_what_they_are_based_on(rpr: str) -> None:
    by_character = style("甲", "", based="乙") + style("乙", rpr)
    run = formatted('<w:rStyle w:val="甲"/>')
    assert len(found(changed(run, styles=by_character))) == 1

    by_paragraph = style("丙", "", type="paragraph", based="丁") + style("丁", rpr, type="paragraph")

    def styled(xml: str) -> str:
        old = paragraph(xml)
        return xml.replace(old, re.sub(r'<w:pStyle w:val="[^"]*"/>', '<w:pStyle w:val="丙"/>', old), 1)

    assert [f.said for f in found(changed(styled, styles=by_paragraph))] == [D]
    own = formatted('<w:vanish w:val="0"/><w:color w:val="000000"/><w:sz w:val="32"/>')
    assert found(changed(lambda xml: own(styled(xml)), styles=by_paragraph)) == []


@pytest.mark.parametrize("rpr", ["<w:vanish/>", '<w:color w:val="FFFFFF"/>'])
def test_a_documents_defaults_hide_too(rpr: str) -> None:
    members = package.unpack(shared_layouts()["refusal"])
    styles = members["word/styles.xml"].decode()
    at = styles.index("</w:rPr></w:rPrDefault>")
    members["word/styles.xml"] = (styles[:at] + rpr + styles[at:]).encode()
    assert D in [f.said for f in found(package.rebuild(members))]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: f"<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{p}</w:tc></w:tr></w:tbl>", "表格行是隐藏的"),
        (lambda p: f"<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{p}</w:tc></w:tr></w:tbl>", "合并单元格"),
        (
            lambda p: (
                f'<w:tbl><w:tr><w:trPr><w:trHeight w:val="10" w:hRule="exact"/></w:trPr><w:tc>{p}</w:tc></w:tr></w:tbl>'
            ),
            "行高",
        ),
        (
            lambda p: f'<w:tbl><w:tblPr><w:tblInd w:w="20000"/></w:tblPr><w:tr><w:tc>{p}</w:tc></w:tr></w:tbl>',
            "表格在页面",
        ),
        (
            lambda p: p.replace("<w:r>", '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>').replace(
                "</w:r></w:p>", '</w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
            ),
            "域代码",
        ),
    ],
)
def test_rows_cells_tables_and_fields_that_hide_are_told(change: Callable[[str], str], message: str) -> None:
    def around(xml: str) -> str:
        old = paragraph(xml)
        return xml.replace(old, change(old), 1)

    assert [message in f.message for f in found(changed(around))] == [True]


_BOX = (
    '<w:p><w:r><w:drawing><wp:anchor xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:positionH relativeFrom="page"><wp:posOffset>{at}</wp:posOffset></wp:positionH>'
    '<wp:extent cx="{wide}" cy="900000"/>'
    "<w:txbxContent>{p}</w:txbxContent></wp:anchor></w:drawing></w:r></w:p>"
)


@pytest.mark.parametrize(
    ("at", "wide", "told"), [(900000, 3000000, 0), (9000000, 3000000, 1), (-4000000, 3000000, 1), (900000, 0, 1)]
)
def test_a_box_beside_the_page_is_told(at: int, wide: int, told: int) -> None:
    def boxed(xml: str) -> str:
        old = paragraph(xml, "{{ opening }}")
        return xml.replace(old, _BOX.format(at=at, wide=wide, p=old), 1)

    said = found(changed(boxed, name="form-letter"), "form-letter")
    assert [("文本框" in f.message, f.said) for f in said] == [(True, "{{ opening }}")] * told


def test_a_control_tag_may_be_hidden() -> None:
    assert found(changed(formatted("<w:vanish/>", needle="{%p for d in decision %}"))) == []


def test_a_footer_is_looked_at_without_a_field_too() -> None:
    def hide(xml: str) -> str:
        return xml.replace("</w:p>", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>内部意见</w:t></w:r></w:p>", 1)

    (finding,) = found(changed(hide, name="form-letter", part="footer1"), "form-letter")
    assert (finding.part, "隐藏文字" in finding.message) == ("页脚", True)


def test_a_body_takes_the_look_of_the_forms_styles(xinjiang: Pack) -> None:
    """The form hides the style in which the body writes; neither file is wrong by itself."""
    hiding = style("密", "<w:vanish/>", type="paragraph")
    plain = style("密", "", type="paragraph")
    form = changed(lambda xml: xml, name="form-letter", styles=hiding)
    body = changed(
        lambda xml: xml.replace(old := paragraph(xml), re.sub(r'pStyle w:val="[^"]*"', 'pStyle w:val="密"', old)),
        styles=plain,
    )
    shelf = {**shared_layouts(), "form-letter": form, "refusal": body}
    said = [f.message for f in lint(shelf, ["refusal"], [xinjiang]).findings]
    assert said
    assert all("隐藏文字" in message for message in said)


def test_the_command_names_it_and_a_run_publishes_no_such_letter(tmp_path: Path) -> None:
    policies = tmp_path / "政策"
    own = policies / "xinjiang-makerspace"
    shutil.copytree(SHIPPED / "xinjiang-makerspace", own)
    (own / "letters").mkdir(exist_ok=True)
    (own / "letters" / "refusal.docx").write_bytes(changed(formatted("<w:vanish/>")))
    done = CliRunner().invoke(app, ["letters", "lint", str(policies)], standalone_mode=False)
    assert done.return_value == 3
    assert "refusal.docx 第14段「{{d}}」：是隐藏文字" in re.sub(r"\s+(?!第)", "", done.output)
    book = tmp_path / "登记.xlsx"
    book.write_bytes(data(concluded(filled())))
    made = go(book, out=tmp_path / "结果", policies=policies)
    assert not list((tmp_path / "结果").rglob("*不予备案*.docx"))
    (told,) = {i["message"] for i in made.done[0].json["issues"] if i["code"] == "letter.template"}
    assert "隐藏文字" in told
