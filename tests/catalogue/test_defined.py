"""What a command tells is defined by what it imports: no finding depends on what another command has imported."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from functools import cache
from pathlib import Path

import pytest

import incubxl
from incubxl.issues import CATALOGUE

ROOT = Path(incubxl.__file__).parent
MODULES = {"incubxl": ROOT / "__init__.py"}
for _module in pkgutil.walk_packages(incubxl.__path__, "incubxl."):
    _stem = ROOT.joinpath(*_module.name.split(".")[1:])
    MODULES[_module.name] = _stem / "__init__.py" if _module.ispkg else _stem.with_suffix(".py")
    if not _module.name.endswith("__main__"):
        importlib.import_module(_module.name)


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


@cache
def imported(module: str) -> frozenset[str]:
    """Modules of ours that the import of ``module`` imports itself; what a function imports later does not count."""
    names: set[str] = set()
    for node in tree(module).body:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    whole = {".".join(name.split(".")[:n]) for name in names for n in range(1, name.count(".") + 2)}
    return frozenset(whole & MODULES.keys())


@cache
def reached(module: str) -> frozenset[str]:
    seen, todo = {module}, [module]
    while todo:
        new = imported(todo.pop()) - seen
        seen |= new
        todo += new
    return frozenset(seen)


def strings(node: ast.AST) -> set[str]:
    """The literals that are told, not those that are only compared with."""
    if isinstance(node, ast.Compare):
        return set()
    here = {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()
    return here.union(*map(strings, ast.iter_child_nodes(node)))


@cache
def defined(module: str) -> frozenset[str]:
    """The codes that ``module`` puts into the catalogue: the first argument of ``register`` or ``define``."""
    calls = (n for n in ast.walk(tree(module)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name))
    firsts = [c.args[0] for c in calls if c.func.id in ("register", "define") and c.args]
    named = {
        t.id: n.value
        for n in tree(module).body
        if isinstance(n, ast.Assign)
        for t in n.targets
        if isinstance(t, ast.Name)
    }
    values = [named.get(a.id, a) if isinstance(a, ast.Name) else a for a in firsts]
    return frozenset(a.value for a in values if isinstance(a, ast.Constant) and isinstance(a.value, str))


TOLD = {module: strings(tree(module)) & CATALOGUE.keys() for module in MODULES}
ENTRIES = sorted(m for m in MODULES if m.startswith(("incubxl.cli.", "incubxl.excel.")))  # each may be the first


def test_many_modules_tell_findings() -> None:
    assert len([m for m in MODULES if TOLD[m]]) > 60
    assert len(ENTRIES) > 50


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_is_told_behind_an_entry_is_defined_by_importing_it(entry: str) -> None:
    modules = reached(entry)
    told = frozenset().union(*(TOLD[m] for m in modules))
    assert told <= frozenset().union(*map(defined, modules))
