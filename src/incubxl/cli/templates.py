"""incubxl templates build | check."""

from __future__ import annotations

from pathlib import Path

from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail
from incubxl.files.packs import PackStore
from incubxl.policy.pack import Pack
from incubxl.templates.store import build_all, check_all


def build(out: Path, policies: Path | None) -> int:
    """Write one template per pack into ``out``."""
    packs, broken = _sound(policies)
    if broken:
        return fail(broken, "请先运行 incubxl policy lint")
    out.mkdir(parents=True, exist_ok=True)
    for path in build_all(packs, out):
        console(stderr=True).print(f"已生成 {path}", highlight=False, markup=False)
    return Exit.DONE


def check(folder: Path, policies: Path | None) -> int:
    """Compare the templates in ``folder`` with what the packs give now."""
    packs, broken = _sound(policies)
    if broken:
        return fail(broken, "请先运行 incubxl policy lint")
    found = check_all(packs, folder)
    if found:
        return fail("；".join(found), "请运行 incubxl templates build 重新生成")
    console(stderr=True).print(f"{len(packs)} 个模板都与政策包一致。", highlight=False)
    return Exit.DONE


def _sound(policies: Path | None) -> tuple[list[Pack], str]:
    store = PackStore(policies)
    loaded = [store.load(id) for id in store.ids]
    broken = "；".join(str(e) for p in loaded for e in p.errors[:2])
    return [p.pack for p in loaded if p.pack is not None], broken
