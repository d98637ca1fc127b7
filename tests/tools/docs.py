"""Documents made from what has the answer: measures, fields, commands, errors, letters; and the Chinese manual.

``python -m tests.tools.docs`` writes them into ``docs/`` and into the package; ``--check`` says whether they are
current.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import typer

import incubxl
from incubxl.cli.commands import app
from incubxl.cli.policy import status
from incubxl.files.manual import manual_file
from incubxl.files.packs import store
from incubxl.issues import CATALOGUE, SEVERITY_WORDS, sentence
from incubxl.letters import contract
from incubxl.policy import claims
from incubxl.policy.fields import Field
from incubxl.policy.letters import Layout
from incubxl.policy.pack import Pack
from tests.tools.manual import page

DOCS = Path(__file__).resolve().parents[2] / "docs"
_MADE = "<!-- 由 python -m tests.tools.docs 生成，请勿手改 -->\n\n"
_TYPES = {
    "text": "文字", "integer": "整数", "number": "数值", "money": "金额", "percent": "百分数", "date": "日期",
    "year": "年度", "boolean": "是/否", "choice": "选项", "uscc": "统一社会信用代码", "email": "电子邮箱",
    "phone": "电话",
}  # fmt: skip


_RULES = (
    "看不见的文字：隐藏文字（样式里设的也算），字的颜色和底色太接近，文字填充透明，字号小于小六，"
    "缩放、间距、位置、固定行距或固定行高使字看不清，缩进、图文框、文本框或表格在页面以外，隐藏的表格行，"
    "合并单元格被并掉的部分，域代码里的文字，加了删除线的文字；只写 `{%p …%}`、`{%tr …%}` 标签的段落可以隐藏",
    "和 `{%p …%}` 同一段、和 `{%tr …%}` 同一行的其他内容（文字、图片、分页、分节）：生成时会和标签一起消失",
    "没有接受或拒绝的修订、没有删除的批注：会随通知书发出去；作者姓名、单位等文件属性由程序清空，不用手工删",
)


def _table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    for row in rows:
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", "<br>") for cell in row) + " |")
    return "\n".join(lines) + "\n\n"


def _packs() -> list[Pack]:
    return [store().pack(id) for id in store().ids]


def measures() -> str:
    """docs/measures.md: every measure, clause by clause, as the packs hold it."""
    out = ["# 五个办法\n\n", _MADE]
    for pack in _packs():
        m = pack.measure
        out.append(f"## {m.name}（`{pack.id}`）\n\n")
        facts = (
            ("文号", m.document_number or "未载明"),
            ("发文机关", m.issuer),
            ("效力", status(pack)),
            ("包版本", m.version),
        )
        out.append(_table(("项目", "内容"), facts))
        out.append(
            "### 条件\n\n" + _table(("条款", "条件", "原文"), ((c.clause, c.title, c.quote) for c in pack.criteria))
        )
        values = (
            (p.clause, p.label, f"{v.value}{p.unit}", v.since or "未印日期") for p in pack.parameters for v in p.values
        )
        out.append("### 标准\n\n" + _table(("条款", "标准", "数值", "自何日起"), values))
        asked = (
            (
                i.clause,
                i.question,
                "；".join(o.label for o in i.options),
                i.default.source if i.default else "由本单位确定",
            )
            for i in pack.interpretations
        )
        out.append("### 口径\n\n" + _table(("条款", "问题", "可选口径", "没有答复时"), asked))
        people = ((j.clause, j.question, "、".join(j.evidence)) for j in pack.judgements)
        out.append("### 人工判断\n\n" + _table(("条款", "问题", "看什么材料"), people))
        stages = ((s.clause, s.label, "、".join(s.documents)) for s in pack.procedure.stages)
        out.append("### 程序\n\n" + _table(("条款", "环节", "材料"), stages))
        sanctions = ((s.clause, s.finding, "；".join(o.label for o in s.options)) for s in pack.procedure.sanctions)
        out.append("### 处理\n\n" + _table(("条款", "情形", "可作的处理"), sanctions))
    return "".join(out)


def _field_rows(fields: Iterable[Field]) -> Iterable[tuple[object, ...]]:
    for f in fields:
        choices = "、".join(c.label for c in f.choices)
        yield f.label, f"`{f.id}`", _TYPES[f.type] + (f"（{f.unit}）" if f.unit else ""), choices, f.clause, f.note


def fields() -> str:
    """docs/fields.md: every sheet and column of the register workbooks."""
    headers = ("栏目", "标识", "类型", "选项", "条款", "说明")
    out = ["# 登记工作簿的表和栏目\n\n", _MADE]
    packs = _packs()
    shared = set.intersection(*({t.id for t in p.tables} for p in packs))
    out.append("## 各办法共有的表\n\n")
    for table in packs[0].tables:
        if table.id in shared:
            out.append(f"### {table.sheet}\n\n{table.purpose}\n\n" + _table(headers, _field_rows(table.columns)))
    out.append("### 设置的项目\n\n" + _table(headers, _field_rows(packs[0].settings)))
    for pack in packs:
        out.append(f"## {pack.measure.short_name}（`{pack.id}`）\n\n### 申报登记\n\n")
        out.append(_table(headers, _field_rows(pack.facts)))
        for table in pack.tables:
            if table.id not in shared:
                out.append(f"### {table.sheet}\n\n{table.purpose}\n\n" + _table(headers, _field_rows(table.columns)))
    return "".join(out)


def commands() -> str:
    """docs/commands.md: every command with its arguments, from the program itself."""
    out = [
        "# 命令\n\n",
        _MADE,
        "退出码：0 完成；1 完成，有问题或疑点；2 用法不对；3 输入或设置有错；",
        "4 部分完成，可用 `--resume` 接着做；130 已取消。\n\n",
    ]

    def tell(command: Any, path: str) -> None:
        if hasattr(command, "commands"):
            for name, child in command.commands.items():
                tell(child, f"{path} {name}")
            return
        out.append(f"## {path}\n\n{command.help}\n\n")
        rows = []
        for p in command.params:
            option = p.param_type_name == "option"
            name = "、".join(f"`{o}`" for o in (*p.opts, *p.secondary_opts)) if option else (p.metavar or p.name)
            default = "" if p.default is None or p.required or callable(p.default) else p.default
            rows.append((name, "必填" if p.required else "", default, p.help or ""))
        out.append(_table(("参数", "", "默认", "说明"), rows))

    tell(typer.main.get_command(app), "incubxl")
    return "".join(out)


def errors() -> str:
    """docs/errors.md: every issue code, with what it says, how to mend it and an example."""
    for module in pkgutil.walk_packages(incubxl.__path__, "incubxl."):
        importlib.import_module(module.name) if not module.name.endswith("__main__") else None
    rows = [
        (f"`{code}`", SEVERITY_WORDS[e.severity], sentence(e.message), sentence(e.remedy), e.example)
        for code, e in sorted(CATALOGUE.items())
    ]
    return "# 问题目录\n\n" + _MADE + _table(("代码", "级别", "说什么", "怎么办", "例子"), rows)


def letter_fields() -> str:
    """docs/letter-fields.md: the contract between letters and Word templates."""
    required = {layout: contract.required(layout) for layout in get_args(Layout)}
    out = [
        "# 通知书模板的字段\n\n",
        _MADE,
        f"字段约定第 {contract.VERSION} 版。模板是 Word 文件，标签写在双花括号里；一个标签要一次输完，中间不换字体。"
        "模板里只写措辞和版式，不写政策规则。改好以后运行 `incubxl letters lint 文件夹` 检查。\n\n",
        "## 文件\n\n",
        _table(
            ("文件名", "是什么"),
            (
                ("`form-letter.docx`、`form-official.docx`、`form-announcement.docx`、`form-plain.docx`",
                 "公文格式：信函格式、红头文件、公示公告、不套红；正文的位置写 `{%p include 'body' %}`"),
                ("版式名或种类标识`.docx`，如 `recognition.docx`",
                 "正文；写了 `{{ title }}` 的是整份通知书，不再套公文格式"),
                ("`part-名称.docx`", "共用的片段；用的地方独占一段写 `{%p include '名称' %}`"),
            ),
        ),
        "政策包的 `letters/` 文件夹里同名的文件替换自带的，其余仍用自带的。"
        "片段里不能有图片、自动编号、超链接和批注。\n\n",
        "## 不能写死的话\n\n",
        "下面这些话说的是某个环节已经做过。模板里不写（每一份都会照写）；政策包的 `letters.yaml` 里写了的，"
        "须在那种通知书的 `claims` 写明由什么记录证实，没有记录的只出草稿。`incubxl letters lint` 逐句查找；"
        "种类自己的模板（`种类标识.docx`）可以写它的 `claims` 里有的话。\n\n",
        "".join(f"- {word}\n" for word, _ in claims.WORDS) + "\n",
        "`claims` 的依据：`when.facts` 的登记栏目、`when.rows` 的明细表栏目、`requires` 的条件、`after` 的结论，"
        "或 " + "、".join(f"`{id}` {meaning}" for id, meaning in claims.BY.items()) + "。\n\n",
        "## 写法\n\n",
        _table(
            ("标签", "用途"),
            (
                ("`{{ title }}`", "一个文字字段"),
                ("`{%p for d in decision %}` … `{{ d }}` … `{%p endfor %}`", "一项一段；每个标签独占一段"),
                ("`{%tr for row in results %}` … `{{ row.title }}` … `{%tr endfor %}`",
                 "一项一行；for 和 endfor 各占表格的一行"),
                ("`{%p if adverse %}` … `{%p else %}` … `{%p endif %}`", "按条件出现的段落"),
                ("`{%p include 'basis' %}`", "放入片段"),
            ),
        ),
        "「信函机关标志」「文件机关标志」「信函字号」「署名」「成文日期」及其「（盖章）」样式的字号和位置，"
        "按名称和日期的长短由程序按国家标准排定；模板里看到的是示例位置。\n\n",
        "## 模板里不能有的\n\n",
        "每个模板都查，页眉、页脚和脚注也查，没有标签的文字也查；有一处，用到它的通知书都不出。\n\n",
        "".join(f"- {rule}\n" for rule in _RULES) + "\n",
        "## 字段\n\n",
        _table(
            ("字段", "含义", "类型", "每一行的字段", "必须用到的版式", "例"),
            (
                (f"`{name}`", meaning, contract.type_word(name), "、".join(contract.ROW_FIELDS.get(name, ())),
                 _layouts(name, required), example)
                for name, (meaning, example) in contract.MEANINGS.items()
            ),
        ),
        "## 行的字段\n\n",
        _table(("字段", "含义"), ((f"`{name}`", meaning) for name, meaning in contract.ROW_MEANINGS.items())),
    ]  # fmt: skip
    return "".join(out)


def _layouts(name: str, required: Mapping[str, frozenset[str]]) -> str:
    using = [layout for layout, names in required.items() if name in names]
    return "全部" if len(using) == len(required) else "、".join(using)


FILES: dict[Path, Callable[[], str]] = {
    DOCS / "measures.md": measures,
    DOCS / "fields.md": fields,
    DOCS / "commands.md": commands,
    DOCS / "errors.md": errors,
    DOCS / "letter-fields.md": letter_fields,
    manual_file(): page,
}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true")
    check = arguments.parse_args().check
    stale = []
    for path, make in FILES.items():
        text = make()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
            if not check:
                path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(FILES)} documents, {len(stale)} {'stale: ' + ', '.join(stale) if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
