"""incubxl policy list | show | lint | test."""

from __future__ import annotations

import json
from pathlib import Path

from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, table
from incubxl.files.packs import LoadedPack, PackStore
from incubxl.policy.lint import lint
from incubxl.policy.pack import Pack
from incubxl.policy.source import PolicyError


def list_packs(overlay: Path | None, *, as_json: bool) -> int:
    """Every pack with its measure, version and status."""
    store = PackStore(overlay)
    packs = [store.load(id) for id in store.ids]
    if as_json:
        rows = [{"id": p.id, "sound": p.pack is not None, **(_facts(p.pack) if p.pack else {})} for p in packs]
        print(json.dumps({"packs": rows}, ensure_ascii=False, indent=2))
        return Exit.DONE
    rows_ = [
        (p.id, p.pack.measure.name, p.pack.measure.document_number or "—", status(p.pack), p.pack.measure.version)
        if p.pack
        else (p.id, "（有错误，见 incubxl policy lint）", "", "", "")
        for p in packs
    ]
    table(("标识", "办法", "文号", "效力", "包版本"), rows_, names=True)
    return Exit.DONE


def status(pack: Pack) -> str:
    """What the measure itself says of its force, with no date assumed."""
    measure = pack.measure
    if measure.draft:
        return "征求意见稿"
    validity = measure.validity
    if validity.since is None:
        return "未印施行日期"
    until = f"至{validity.until}" if validity.until else "起，未印截止日期"
    return f"{validity.since}{until}"


def _facts(pack: Pack) -> dict[str, object]:
    return {
        "name": pack.measure.name,
        "document_number": pack.measure.document_number,
        "issuer": pack.measure.issuer,
        "status": status(pack),
        "version": pack.measure.version,
        "digest": pack.digest,
        "tracks": [{"id": t.id, "label": t.label} for t in pack.measure.tracks],
        "criteria": len(pack.criteria),
        "interpretations": len(pack.interpretations),
        "scenarios": sum(len(g.cases) for g in pack.scenarios),
    }


def show_pack(id: str, overlay: Path | None, *, as_json: bool) -> int:
    """One measure: conditions in its order, parameters, open questions, duties, sanctions."""
    store = PackStore(overlay)
    if id not in store.ids:
        return fail(f"没有办法「{id}」", "可用的有：" + "、".join(store.ids))
    loaded = store.load(id)
    if loaded.pack is None:
        return _errors(loaded.errors)
    pack = loaded.pack
    if as_json:
        data = pack.model_dump(mode="json", exclude={"scenarios", "settings"})
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return Exit.DONE
    out = console()
    out.print(f"[bold]{pack.measure.name}[/]  {pack.measure.document_number}  {status(pack)}", highlight=False)
    table(("条款", "条件", "原文"), [(c.clause, c.title, c.quote) for c in pack.criteria], "条件")
    table(
        ("条款", "标准", "数值", "自何日起"),
        [
            (p.clause, p.label, f"{v.value}{p.unit}", str(v.since or "未印日期"))
            for p in pack.parameters
            for v in p.values
        ],
        "标准",
    )
    table(
        ("条款", "问题", "可选口径", "默认"),
        [
            (
                i.clause,
                i.question,
                "；".join(o.label for o in i.options),
                i.default.source if i.default else "须由本单位确定",
            )
            for i in pack.interpretations
        ],
        "口径",
    )
    table(
        ("条款", "环节", "材料"), [(s.clause, s.label, "、".join(s.documents)) for s in pack.procedure.stages], "程序"
    )
    table(("条款", "义务", "原文"), [(d.clause, d.label, d.quote) for d in pack.procedure.duties], "义务")
    table(
        ("条款", "情形", "可作的处理"),
        [(s.clause, s.finding, "；".join(o.label for o in s.options)) for s in pack.procedure.sanctions],
        "处理",
    )
    return Exit.DONE


def lint_packs(folder: Path | None, seeds: Path | None, *, as_json: bool) -> int:
    """Every error of the shipped packs, or of those in ``folder``, with file and line."""
    store = PackStore(folder)
    own = {p.parent.name for p in folder.glob("*/measure.yaml")} if folder else set(store.ids)
    if not own:
        return fail(f"「{folder}」里没有政策包", "每个政策包是一个文件夹，里面有 measure.yaml")
    errors: list[PolicyError] = []
    for id in sorted(own):
        loaded = store.load(id)
        errors += loaded.errors
        if loaded.pack is not None:
            seed, missing = _seed(seeds, loaded.pack)
            errors += missing + lint(loaded.pack, loaded.lines, seed) + _lint_mail(loaded, loaded.pack)
    if as_json:
        rows = [{"file": e.file, "line": e.line, "message": e.message} for e in errors]
        print(json.dumps({"packs": sorted(own), "errors": rows}, ensure_ascii=False, indent=2))
        return Exit.INPUT if errors else Exit.DONE
    if errors:
        return _errors(tuple(errors))
    told = "，引文与原文逐字一致" if seeds else "；没有给出 --seeds，引文未与原文核对"
    console().print(f"{len(own)} 个政策包没有错误{told}。", highlight=False)
    return Exit.DONE


def _lint_mail(loaded: LoadedPack, pack: Pack) -> list[PolicyError]:
    """What is wrong with the wording of mails, the office's shared one included."""
    from incubxl.mail.templates import MailTemplates

    texts = {name: path.read_text(encoding="utf-8") for name, path in loaded.mail.items()}
    found = MailTemplates(texts).problems({kind.id: kind.label for kind in pack.letters.kinds})
    return [PolicyError(f"{pack.id}/mail/{file}", 1, why) for file, why in found]


def _seed(seeds: Path | None, pack: Pack) -> tuple[str | None, list[PolicyError]]:
    if seeds is None:
        return None, []
    path = seeds / pack.measure.seed
    if not path.is_file():
        return None, [PolicyError(f"{pack.id}/measure.yaml", 1, f"文件夹里没有办法全文「{pack.measure.seed}」")]
    return path.read_text(encoding="utf-8"), []


def test_packs(target: str, overlay: Path | None, *, as_json: bool) -> int:
    """Run the scenarios of one pack, of every pack in a folder, or of all packs."""
    from incubxl.assess.scenarios import run_scenarios

    folder = Path(target) if target and Path(target).is_dir() else None
    store = PackStore(folder or overlay)
    if folder is not None:
        ids = sorted(p.parent.name for p in folder.glob("*/measure.yaml"))
    else:
        ids = [target] if target else list(store.ids)
    if not ids or any(id not in store.ids for id in ids):
        return fail(f"没有办法「{target}」", "可用的有：" + "、".join(store.ids))
    results = []
    for id in ids:
        loaded = store.load(id)
        if loaded.pack is None:
            return _errors(loaded.errors)
        results += [(id, outcome) for outcome in run_scenarios(loaded.pack)]
    failed = [(id, o) for id, o in results if not o.passed]
    if as_json:
        rows = [
            {"pack": id, "group": o.group, "clause": o.clause, "name": o.name, "passed": o.passed, "problem": o.problem}
            for id, o in results
        ]
        print(json.dumps({"scenarios": rows, "failed": len(failed)}, ensure_ascii=False, indent=2))
        return Exit.INPUT if failed else Exit.DONE
    for id, o in failed:
        console(stderr=True).print(f"{id} {o.clause} {o.group}「{o.name}」：{o.problem}", highlight=False, markup=False)
    counts = {id: sum(1 for i, _ in results if i == id) for id in ids}
    table(("办法", "情景", "未通过"), [(id, str(counts[id]), str(sum(i == id for i, _ in failed))) for id in ids])
    console().print(f"共 {len(results)} 个情景，{len(failed)} 个未通过。", highlight=False)
    return Exit.INPUT if failed else Exit.DONE


def _errors(errors: tuple[PolicyError, ...]) -> int:
    out = console(stderr=True)
    for error in errors:
        out.print(str(error), highlight=False, markup=False)
    out.print(f"共 {len(errors)} 处错误。", highlight=False)
    return Exit.INPUT
