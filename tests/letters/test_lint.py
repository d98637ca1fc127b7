"""``incubxl letters lint``: what an official broke in Word is named with file and paragraph; what is whole passes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from incubxl.cli.commands import app
from incubxl.letters import package
from incubxl.letters.engine import LetterEngine
from incubxl.letters.examples import Example, examples
from incubxl.letters.lint import Finding, lint
from incubxl.letters.shelf import shared_layouts
from incubxl.policy.letters import LetterPolicy
from incubxl.policy.pack import Pack
from tests.letters.test_engine import changed


def found(pack: Pack, name: str, change: Callable[[str], str]) -> list[Finding]:
    """What lint says of one shared template after a change, with one pack's letters."""
    template = changed(name, change)
    assert template != shared_layouts()[name]
    return list(lint({**shared_layouts(), name: template}, [name], [pack]).findings)


def test_what_is_shipped_has_no_finding_and_makes_every_letter(pack: Pack) -> None:
    report = lint(shared_layouts(), shared_layouts(), [pack])
    assert report.findings == ()
    kinds = len(pack.letters.kinds)
    assert report.rendered >= kinds * 4  # drafted and final, with and without what may lack


def test_examples_hold_every_kind_state_and_outcome(xinjiang: Pack) -> None:
    made = [(e.kind.id, e.context["form"], e.context["is_draft"], e.context["grade"]) for e in examples(xinjiang)]
    assert {kind for kind, *_ in made} == {k.id for k in xinjiang.letters.kinds}
    for form in ("letter", "official", "plain"):
        for draft in (True, False):
            for grade in (g.label for g in xinjiang.evaluation.grades):
                assert ("evaluation_result", form, draft, grade) in made


@pytest.mark.parametrize(
    ("file", "old", "new", "paragraph", "message"),
    [
        ("form-letter", "{{ opening }}", "{{ openin }}", 6, "用了没有的字段：openin"),
        ("form-letter", "{{ title }}", "{{ ti</w:t></w:r><w:r><w:t>tle }}", 4, "Ctrl+空格"),
        ("part-basis", "{{ c.quote }}", "{{ c.words }}", 3, "「clauses」没有「words」；有的是 clause、quote"),
        ("part-basis", "{{ c.quote }}", "{{ c.quote|upper }}", 3, "Filter"),
        ("part-closing", "{%p endif %}", "", 1, "if 后面没有对应的 endif"),
        ("correction", "{%tr endfor %}", "", 8, "for 后面没有对应的 endfor"),
        ("part-signature", "{{ date }}", "{%r date %}", 3, "不支持的标签写法"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_paragraph(
    xinjiang: Pack, file: str, old: str, new: str, paragraph: int, message: str
) -> None:
    first = found(xinjiang, file, lambda xml: xml.replace(old, new, 1))[0]
    assert first.file == f"{file}.docx"
    assert message in first.message
    assert first.paragraph == paragraph


FOR, ROW = "{%p for d in decision %}", "{%tr for row in missing %}"
BREAK = '</w:t></w:r><w:r><w:br w:type="page"/></w:r><w:r><w:t>'


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("refusal", FOR, f"可以在六十日内申请复议。{FOR}", "独占一段"),
        ("refusal", FOR, f"{FOR}可以在六十日内申请复议。", "独占一段"),
        ("refusal", FOR, f"{FOR}{{{{ opening }}}}", "独占一段"),
        ("refusal", FOR, f"{FOR}{{%p if adverse %}}", "独占一段"),
        ("refusal", FOR, f"{FOR}{BREAK}", "独占一段"),
        ("refusal", f"{FOR}</w:t>", f"{FOR}</w:t></w:r><w:r><w:drawing/>", "独占一段"),
        ("refusal", "{%p endfor %}", "{%p endfor %}以上。", "独占一段"),
        ("form-letter", "{%p include 'body' %}", "兹通知：{%p include 'body' %}", "独占一段"),
        ("correction", ROW, f"{ROW}逾期不补的视为放弃", "独占一段"),
        ("correction", ROW, f"{ROW}</w:t></w:r></w:p><w:p><w:r><w:t>逾期不补的视为放弃", "独占一行"),
        ("correction", "{%tr endfor %}", "{%tr endfor %}</w:t></w:r></w:p><w:p><w:r><w:t>合计", "独占一行"),
        ("refusal", FOR, "{%tr for d in decision %}", "要写在表格的一行里"),
        ("refusal", FOR, "{%r for d in decision %}", "不支持的标签写法"),
        ("correction", ROW, "{%tc for row in missing %}", "不支持的标签写法"),
    ],
)
def test_what_a_control_tag_would_take_with_it_is_told(
    xinjiang: Pack, file: str, old: str, new: str, where: str
) -> None:
    first = found(xinjiang, file, lambda xml: xml.replace(old, new, 1))[0]
    assert first.file == f"{file}.docx"
    assert first.paragraph > 0
    assert where in first.message


def test_every_fault_of_a_file_is_told_at_once(xinjiang: Pack) -> None:
    def three(xml: str) -> str:
        return xml.replace("{{ title }}", "{{ titel }}").replace("{{ opening }}", "{{ a }}{{ b }}")

    assert [f.message for f in found(xinjiang, "form-plain", three)][:3] == [
        "用了没有的字段：titel",
        "用了没有的字段：a",
        "用了没有的字段：b",
    ]


def test_a_field_that_a_layout_must_show_is_missed_with_the_letter_that_lacks_it(xinjiang: Pack) -> None:
    (finding,) = found(xinjiang, "part-remedy", lambda xml: xml.replace("remedies", "notes"))
    assert finding.file == "part-remedy.docx"
    assert "没有用到必需的字段：remedies" in finding.message
    assert "不予备案" in finding.message


def test_a_text_that_one_outcome_hides_is_found(xinjiang: Pack) -> None:
    """Nothing is wrong with the file by itself: only a failing grade shows that its reasons are not there."""

    def hide(xml: str) -> str:
        return xml.replace("{{ r }}", '{% if grade == "合格" %}{{ r }}{% endif %}')

    (finding,) = [f for f in found(xinjiang, "evaluation_result", hide) if "reasons" in f.message]
    assert "评价结果" in finding.message
    assert "不合格" in finding.message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('w:eastAsia="仿宋_GB2312"', 'w:eastAsiaTheme="minorEastAsia"', "没有写明中文字体"),
        ('w:eastAsia="仿宋_GB2312"', 'w:eastAsia="微软雅黑"', "中文字体「微软雅黑」不是公文格式用的"),
    ],
)
def test_fonts_without_a_name_and_strange_ones_are_told(xinjiang: Pack, old: str, new: str, message: str) -> None:
    members = package.unpack(shared_layouts()["part-basis"])
    members["word/styles.xml"] = members["word/styles.xml"].decode().replace(old, new).encode()
    report = lint({**shared_layouts(), "part-basis": package.rebuild(members)}, ["part-basis"], [xinjiang])
    assert message in report.findings[0].message
    assert report.rendered > 0  # letters can still be made with it


def test_a_template_that_nothing_uses_is_told(xinjiang: Pack) -> None:
    shelf = {**shared_layouts(), "recogniton": shared_layouts()["recognition"]}
    (finding,) = lint(shelf, ["recogniton"], [xinjiang]).findings
    assert "没有通知书用到这个文件名" in finding.message
    assert "recognition" in finding.message


PUBLIC = ("announcement", "announcement_amendment")
LAYOUTS = ("notice", "about", "amendment", *PUBLIC)


def of_layout(pack: Pack, layout: str) -> list[Example]:
    """Letters of a layout, whether or not a kind of the pack has it."""
    form = "announcement" if layout in PUBLIC else "letter"
    to = "public" if layout in PUBLIC else "applicant"
    update = {"id": "x", "layout": layout, "form": form, "recipient": to}
    kind = pack.letters.kinds[1].model_copy(update=update)
    return list(examples(pack.model_copy(update={"letters": LetterPolicy.model_construct(kinds=(kind,))})))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_letters_to_others_and_about_others_are_whole(xinjiang: Pack, engine: LetterEngine, layout: str) -> None:
    for example in of_layout(xinjiang, layout):
        text = "\n".join(p.text for p in docx.Document(io.BytesIO(engine.render("x", example.context))).paragraphs)
        assert ("示例国际孵化器有限公司：" in text) == (layout not in PUBLIC)
        assert ("文号：示科函〔2026〕4号；日期：2026年1月4日" in text) == (layout.endswith("amendment"))


@pytest.mark.validator
def test_microsofts_validator_passes_every_form(
    xinjiang: Pack, engine: LetterEngine, tmp_path: Path, validate: Callable[[Path], list[str]]
) -> None:
    """Every layout passes it in test_packs; here each form, drafted too."""
    made = [e for e in examples(xinjiang) if e.context["layout"] == "recognition"]
    seen: set[tuple[str, bool]] = set()
    for example in [*made, *of_layout(xinjiang, "announcement")]:
        key = (example.context["form"], example.context["is_draft"])
        if key in seen:
            continue
        seen.add(key)
        path = tmp_path / f"{key[0]}-{key[1]}.docx"
        path.write_bytes(engine.render(example.kind.id, example.context))
        assert validate(path) == [], path
    assert len(seen) == 4 * 2


def test_the_command_checks_an_offices_folder(tmp_path: Path) -> None:
    (tmp_path / "part-basis.docx").write_bytes(
        changed("part-basis", lambda xml: xml.replace("{{ c.quote }}", "{{ c.qoute }}"))
    )
    done = CliRunner().invoke(app, ["letters", "lint", str(tmp_path), "--json"], standalone_mode=False)
    assert done.return_value == 3
    said = json.loads(done.output)
    assert said["findings"][0]["file"] == "part-basis.docx"
    assert said["findings"][0]["paragraph"] == 3
    (tmp_path / "part-basis.docx").write_bytes(shared_layouts()["part-basis"])
    done = CliRunner().invoke(app, ["letters", "lint", str(tmp_path)], standalone_mode=False)
    assert done.return_value == 0
    assert "模板没有问题" in done.output


def test_the_command_says_when_there_is_nothing_to_check(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["letters", "lint", str(tmp_path)], standalone_mode=False)
    assert done.return_value == 3
