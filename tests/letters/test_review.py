"""Tracked changes and comments of a template never reach an applicant, and its writers' names neither."""

from __future__ import annotations

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
from tests.batch.build import concluded, data, filled, go
from tests.letters.test_legible import changed, formatted, paragraph

WHO = 'w:id="901" w:author="示例甲" w:date="2026-06-01T00:00:00Z"'


def found(template: bytes, name: str) -> list[Finding]:
    return list(lint({**shared_layouts(), name: template}, [name], []).findings)


def deleted(xml: str) -> str:
    remark = f"<w:p><w:del {WHO}><w:r><w:delText>这家不行</w:delText></w:r></w:del></w:p>"
    return xml.replace(paragraph(xml), remark + paragraph(xml), 1)


def first_run(open_: str, close: str) -> Callable[[str], str]:
    return lambda xml: xml.replace("<w:r>", f"{open_}<w:r>", 1).replace("</w:r>", f"</w:r>{close}", 1)


CHANGES: dict[str, Callable[[str], str]] = {
    "deleted": lambda xml: xml.replace("<w:p>", f"<w:p><w:del {WHO}><w:r><w:delText>旧</w:delText></w:r></w:del>", 1),
    "inserted": first_run(f"<w:ins {WHO}>", "</w:ins>"),
    "moved from": first_run(f"<w:moveFrom {WHO}>", "</w:moveFrom>"),
    "moved to": first_run(f"<w:moveTo {WHO}>", "</w:moveTo>"),
    "run format": lambda xml: xml.replace("<w:r>", f"<w:r><w:rPr><w:rPrChange {WHO}><w:rPr/></w:rPrChange></w:rPr>", 1),
    "paragraph format": lambda xml: xml.replace("</w:pPr>", f"<w:pPrChange {WHO}><w:pPr/></w:pPrChange></w:pPr>", 1),
    "mark": lambda xml: xml.replace("</w:pPr>", f"<w:rPr><w:ins {WHO}/></w:rPr></w:pPr>", 1),
    "comment": lambda xml: xml.replace("</w:p>", '<w:r><w:commentReference w:id="0"/></w:r></w:p>', 1),
    "comment range": lambda xml: xml.replace("<w:r>", '<w:commentRangeStart w:id="0"/><w:r>', 1),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize(
    ("name", "part"),
    [("refusal", "document"), ("part-basis", "document"), ("form-letter", "document"), ("form-letter", "footer1")],
)
def test_what_review_leaves_is_told_in_every_kind_of_file(name: str, part: str, change: Callable[[str], str]) -> None:
    (finding, *_) = found(changed(change, name=name, part=part), name)
    assert finding.file == f"{name}.docx"
    assert finding.part == ("页脚" if part == "footer1" else "")
    assert finding.paragraph >= 1
    assert "接受或拒绝全部修订、删除批注" in finding.message


def test_what_was_deleted_is_quoted() -> None:
    (finding,) = found(changed(deleted), "refusal")
    assert finding.said == "这家不行"


def test_comments_that_nothing_refers_to_and_changed_styles_are_told() -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    members = package.unpack(shared_layouts()["form-plain"])
    comment = f'<w:comments xmlns:w="{space}"><w:comment w:id="0" w:author="示例甲"><w:p/></w:comment></w:comments>'
    told = found(package.rebuild({**members, "word/comments.xml": comment.encode()}), "form-plain")
    assert ["批注" in f.message for f in told] == [True]
    empty = comment.replace(comment[comment.index("<w:comment ") : comment.index("</w:comments>")], "")
    assert found(package.rebuild({**members, "word/comments.xml": empty.encode()}), "form-plain") == []
    styles = members["word/styles.xml"].replace(b"</w:rPr></w:style>", b"<w:rPrChange/></w:rPr></w:style>", 1)
    assert ["修订" in f.message for f in found(package.rebuild({**members, "word/styles.xml": styles}), "form-plain")]


def test_the_shipped_files_have_nothing_left() -> None:
    assert lint(shared_layouts(), shared_layouts(), []).findings == ()


def run(tmp_path: Path, name: str, template: bytes) -> tuple[list[Path], set[str], Path]:
    """Final refusals of a run with an office's own file, and the messages about its templates."""
    policies = tmp_path / "政策"
    own = policies / "xinjiang-makerspace"
    shutil.copytree(SHIPPED / "xinjiang-makerspace", own)
    (own / "letters").mkdir(exist_ok=True)
    (own / "letters" / f"{name}.docx").write_bytes(template)
    book = tmp_path / "登记.xlsx"
    book.write_bytes(data(concluded(filled())))
    made = go(book, out=tmp_path / "结果", policies=policies)
    told = {i["message"] for i in made.done[0].json["issues"] if i["code"] == "letter.template"}
    return sorted((tmp_path / "结果").rglob("*不予备案*.docx")), told, policies


@pytest.mark.parametrize("name", ["refusal", "form-letter"])
def test_no_letter_is_published_with_a_tracked_change(tmp_path: Path, name: str) -> None:
    change = deleted if name == "refusal" else CHANGES["inserted"]
    letters, told, policies = run(tmp_path, name, changed(change, name=name))
    assert letters == []
    assert any("修订没有处理完" in message for message in told)
    done = CliRunner().invoke(app, ["letters", "lint", str(policies)], standalone_mode=False)
    assert done.return_value == 3
    assert "接受或拒绝全部修订" in "".join(done.output.split())


def test_a_letter_does_not_name_who_wrote_its_template(tmp_path: Path) -> None:
    members = package.unpack(shared_layouts()["form-letter"])
    core = members["docProps/core.xml"].decode()
    for name in ("dc:creator", "cp:lastModifiedBy", "cp:keywords", "dc:description"):
        core = core.replace(f"<{name}></{name}>", f"<{name}>示例张三</{name}>")
    assert core.count("示例张三") == 4
    app_ = members["docProps/app.xml"].decode().replace("</Properties>", "<Manager>示例张三</Manager></Properties>")
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
        'Target="file:///C:/Users/示例张三/a.dotx" TargetMode="External"/></Relationships>'
    )
    word15 = "http://schemas.microsoft.com/office/word/2012/wordml"
    people = f'<w15:people xmlns:w15="{word15}"><w15:person w15:author="示例张三"/></w15:people>'
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    attached = f'<w:attachedTemplate xmlns:r="{space}" r:id="rId1"/></w:settings>'
    settings = members["word/settings.xml"].decode().replace("</w:settings>", attached)
    added = {
        "docProps/core.xml": core, "docProps/app.xml": app_, "word/_rels/settings.xml.rels": rels,
        "word/people.xml": people, "word/settings.xml": settings,
    }  # fmt: skip
    template = package.rebuild({**members, **{name: xml.encode() for name, xml in added.items()}})
    letters, told, _ = run(tmp_path, "form-letter", template)
    assert told == set()
    assert letters
    for letter in letters:
        inside = package.unpack(letter.read_bytes())
        assert [n for n, d in inside.items() if "示例张三" in d.decode("utf-8", "ignore")] == []
        assert b"attachedTemplate" not in inside["word/settings.xml"]
        assert "通知书" in inside["docProps/core.xml"].decode()


def test_a_hidden_comment_of_a_run_is_not_the_only_fault() -> None:
    both = changed(lambda xml: formatted("<w:vanish/>")(CHANGES["comment"](xml)))
    assert {"批注" in f.message for f in found(both, "refusal")} == {True, False}
