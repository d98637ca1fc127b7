"""Loading is strict: every mistake in a pack is an error with file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from incubxl.files.packs import SHIPPED
from incubxl.policy.lint import lint
from incubxl.policy.load import load_with_lines
from incubxl.policy.source import PolicyError, parse

PACK = Path(__file__).parents[1] / "sixth" / "policies" / "yunshan-studio"
SEED = (PACK.parents[1] / "yunshan.txt").read_text(encoding="utf-8")
COMMON = {p.name: p.read_text(encoding="utf-8") for p in (SHIPPED / "common").glob("*.yaml")}


def _errors(file: str, old: str, new: str, seed: str | None = SEED) -> list[PolicyError]:
    """The errors after one edit of the fictional pack."""
    texts = {p.name: p.read_text(encoding="utf-8") for p in PACK.glob("*.yaml")}
    assert old in texts[file], "the edit must change something"
    texts[file] = texts[file].replace(old, new, 1)
    pack, errors, lines = load_with_lines("yunshan-studio", texts, COMMON)
    return errors if pack is None else lint(pack, lines, seed)


def _line(file: str, text: str) -> int:
    lines = (PACK / file).read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line)


def test_the_pack_itself_is_sound() -> None:
    assert _errors("measure.yaml", "id: yunshan-studio", "id: yunshan-studio") == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("measure.yaml", "short_name:", "shrt_name: x\nshort_name:", "未知的键「shrt_name」"),
        ("measure.yaml", "issuer:", "name: 又一个\nissuer:", "键「name」重复"),
        ("facts.yaml", "facts:", "extra: []\nfacts:", "未知的键「extra」"),
        ("facts.yaml", "type: number, unit: 平方米", "type: number", "数值字段须写明 unit"),
        ("facts.yaml", "money, unit: 万元, clause: 第六条, note", "money, clause: 第六条, note", "金额字段"),
        ("facts.yaml", "table: teams, count", "table: team, count", "没有明细表「team」"),
        ("facts.yaml", "key: [team_code]", "key: [code]", "没有栏目「code」"),
        ("parameters.yaml", "unit: 平方米, clause", "clause", "缺少「unit」"),
        ("parameters.yaml", "clause: 第四条（一）, quote", "quote", "缺少「clause」"),
        ("parameters.yaml", "unit: 平方米", "unit: 亩", "单位应为平方米"),
        ("parameters.yaml", "value: 200", "value: 二百", "「value」应为数字"),
        ("criteria.yaml", "remedy: 扩大场地到200平方米。", "advisory: false", "缺少「remedy」"),
        ("criteria.yaml", "at_least: {fact: area, than", "at_lest: {fact: area, than", "未知的键「at_lest」"),
        ("criteria.yaml", "fact: area,", "fact: aera,", "没有登记栏目或明细计数「aera」"),
        ("criteria.yaml", "judgement: plan", "judgement: plans", "没有人工判断事项「plans」"),
        ("criteria.yaml", "with-graduates: {", "all-graduates: {", "选项应为only-settled、with-graduates"),
        ("criteria.yaml", "quote: 场地不少于200平方米", "quote: 场地不少于300平方米", "引文与原文不一致"),
        ("criteria.yaml", "clause: 第四条（一）", "clause: 第四十条（一）", "原文没有「第四十条」"),
        ("scenarios.yaml", "- criterion: area", "- criterion: opened", "条件「场地面积」没有情景"),
        ("scenarios.yaml", "facts: {area: 200}", "facts: {aera: 200}", "没有登记栏目「aera」"),
        ("procedure.yaml", "actor: bureau", "actor: office", "没有角色「office」"),
        ("procedure.yaml", "sequence: recognition, needs", "sequence: recogniton, needs", "没有程序「recogniton」"),
        ("procedure.yaml", "recognition, label: 认定}", "recognition, label: 认定, after: apply}", "不是另一程序的"),
        ("procedure.yaml", "recognition, label: 认定}", "recognition, label: 认定, over: pilot}", "没有期限「pilot」"),
        ("procedure.yaml", "recorded: application_date", "recorded: applied_on", "没有栏目「applied_on」"),
        ("procedure.yaml", "public: true}", "public: true, until: area}", "栏目「area」的类型应为date"),
        ("procedure.yaml", ", public: true}", "}", "在它之前没有公示环节"),
        ("procedure.yaml", "lead: move-lead", "lead: area-least", "单位应为年、个月、月、日、天"),
        ("procedure.yaml", "since: recognise, changes", "since: recognition, changes", "没有栏目或环节「recognition」"),
        ("procedure.yaml", "kind: before_event, event: moves_on", "kind: before_event", "须写明 event、by 或 rows"),
        ("scenarios.yaml", "- procedure: recognition", "- procedure: recognise", "没有程序「recognise」"),
        ("scenarios.yaml", "- due: move", "- due: moving", "没有义务、期限、环节或处理「moving」"),
        ("funding.yaml", "fact: approved", "fact: aproved", "aproved"),
        ("letters.yaml", "{outcome: funding_met}", "{outcome: paid}", "outcome"),
        ("forms.yaml", "fact: area", "fact: aera", "没有登记栏目「aera」"),
        ("forms.yaml", "quote: 场地面积", "quote: 房屋面积", "引文与原文不一致"),
        ("forms.yaml", "table: teams", "table: team", "没有明细表「team」"),
        ("forms.yaml", "column: team_code", "column: code", "没有栏目「code」"),
        ("forms.yaml", "facts: [approved]", "facts: [aproved]", "没有登记栏目「aproved」"),
        ("forms.yaml", "fact: opened_on", "fact: area", "栏目重复"),
        ("forms.yaml", "forms:", "applicant: [approved]\nforms:", "不能既由申报单位填、又由本单位或推荐单位填"),
        ("forms.yaml", "forms:", "applicant: [aproved]\nforms:", "没有登记栏目「aproved」"),
        ("facts.yaml", "id: area,", "id: area, office: true,", "只由本单位填，表里要写 given: true"),
        ("procedure.yaml", "actor: applicant, clause: 第五条", "actor: bureau, clause: 第五条", "请写在 office、"),
        ("forms.yaml", "kind: printed", "kind: written", "kind"),
        ("forms.yaml", "clause: 第五条", "filled_by: nobody\n    clause: 第五条", "没有角色「nobody」"),
        ("forms.yaml", "clause: 第五条", "reminder: nothing\n    clause: 第五条", "没有通知书种类「nothing」"),
        ("forms.yaml", "clause: 第五条", "tracks: [none]\n    clause: 第五条", "没有申报类型「none」"),
    ],
)  # fmt: skip
def test_every_mistake_is_told_with_file_and_line(file: str, old: str, new: str, said: str) -> None:
    errors = _errors(file, old, new)
    assert any(said in e.message for e in errors), errors
    assert all(e.line >= 1 and e.file.startswith("yunshan-studio/") for e in errors)


def test_the_line_is_the_line_of_the_mistake() -> None:
    (error,) = _errors("parameters.yaml", "value: 6}", "value: 六}")
    assert (error.file, error.line) == ("yunshan-studio/parameters.yaml", _line("parameters.yaml", "opened-months"))


def test_missing_and_strange_files_are_told() -> None:
    texts = {p.name: p.read_text(encoding="utf-8") for p in PACK.glob("*.yaml")}
    del texts["letters.yaml"]
    texts["extra.yaml"] = "a: 1"
    pack, errors, _ = load_with_lines("yunshan-studio", texts, COMMON)
    assert pack is None
    assert {(e.file, e.message.split("；")[0]) for e in errors} == {
        ("yunshan-studio/letters.yaml", "缺少此文件"),
        ("yunshan-studio/extra.yaml", "未知文件"),
    }


def test_quotes_are_compared_white_space_aside() -> None:
    assert "有切实可行的\n发展计划" in SEED  # the text breaks inside the sentence; the pack's quote does not
    assert _errors("criteria.yaml", "有切实可行的发展计划", "有切实可行的 发展计划") == []


def test_yaml_1_2_scalars() -> None:
    source, errors = parse("x.yaml", "a: no\nb: 0.10\nc: 007\nd: 2023-10-30\ne: ~\nf: '12'\ng: true\n")
    assert errors == []
    assert {k: (type(v).__name__, str(v)) for k, v in source.data.items()} == {
        "a": ("str", "no"), "b": ("Decimal", "0.10"), "c": ("str", "007"), "d": ("str", "2023-10-30"),
        "e": ("NoneType", "None"), "f": ("str", "12"), "g": ("bool", "True"),
    }  # fmt: skip


def test_shipped_packs_are_sound_and_quote_the_seeds(packs: object, seeds: Path) -> None:
    from incubxl.files.packs import PackStore

    assert isinstance(packs, PackStore)
    assert set(packs.ids) == {"urumqi-intl", "national-base", "xinjiang-makerspace", "shanghai-hq", "tongliao-award"}
    for id in packs.ids:
        loaded = packs.load(id)
        assert loaded.pack is not None, loaded.errors
        seed = (seeds / loaded.pack.measure.seed).read_text(encoding="utf-8")
        assert lint(loaded.pack, loaded.lines, seed) == []


def test_packs_hold_no_python_and_no_whole_text() -> None:
    files = [p for p in SHIPPED.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    wording = {".txt", ".html"}  # of mails; the whole texts of the measures are .txt too
    assert {p.suffix for p in files if p.parent.name != "mail"} <= {".yaml", ".docx", ".py"}
    assert {p.suffix for p in files if p.parent.name == "mail"} <= wording
    assert [p.name for p in files if p.suffix == ".py"] == ["__init__.py"]
    for path in files:
        if path.suffix == ".yaml":
            quotes = re.findall(r"quote: (.+)", path.read_text(encoding="utf-8"))
            assert all(len(q) < 400 for q in quotes), path
