"""incubxl letters lint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail
from incubxl.files.packs import PackStore
from incubxl.letters.lint import Report, lint, lint_wording
from incubxl.letters.shelf import shared_layouts, templates
from incubxl.policy.pack import Pack


def lint_letters(folder: Path | None, *, as_json: bool) -> int:
    """Check the shipped templates, those in ``folder``, or those of the packs in it."""
    is_packs = folder is not None and any(folder.glob("*/measure.yaml"))
    store = PackStore(folder if is_packs else None)
    packs = {id: loaded.pack for id in store.ids if (loaded := store.load(id)).pack is not None}
    if len(packs) < len(store.ids):
        return fail("政策包有错误，通知书无从试写", "请先运行 incubxl policy lint")
    if folder is None:
        reports = [lint(shared_layouts(), shared_layouts(), packs.values())]
        reports += [*_of_packs(store, packs), lint_wording(packs.values())]
    elif is_packs:
        own_packs = {p.parent.name: packs[p.parent.name] for p in folder.glob("*/measure.yaml")}
        reports = [*_of_packs(store, own_packs), lint_wording(own_packs.values())]
    else:
        own = {path.stem: path for path in sorted(folder.glob("*.docx")) if not path.name.startswith("~$")}
        if not own:
            return fail(f"「{folder}」里没有 Word 模板", "模板是 .docx 文件，文件名见说明文档 letter-fields.md")
        reports = [lint(templates(own), own, packs.values())]
    return _tell(reports, as_json=as_json)


def _of_packs(store: PackStore, packs: Mapping[str, Pack]) -> list[Report]:
    """Each pack with the templates of its own folder."""
    return [
        lint(templates(store.load(id).letters), store.load(id).letters, [pack])
        for id, pack in packs.items()
        if store.load(id).letters
    ]


def _tell(reports: list[Report], *, as_json: bool) -> int:
    findings = [finding for report in reports for finding in report.findings]
    rendered = sum(report.rendered for report in reports)
    code = Exit.INPUT if findings else Exit.DONE
    if as_json:
        print(
            json.dumps({"rendered": rendered, "findings": [asdict(f) for f in findings]}, ensure_ascii=False, indent=2)
        )
        return code
    for finding in findings:
        console(stderr=True).print(str(finding), highlight=False, markup=False)
    said = f"有 {len(findings)} 处要改" if findings else "模板没有问题"
    console().print(f"试写了 {rendered} 份通知书，{said}。", highlight=False)
    return code
