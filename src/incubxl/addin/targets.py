"""What Python offers to the add-in, read from source text. Nothing is imported: no xlwings, no Excel."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
COMMANDS = "excel/commands.py"


def functions(package: Path, file: str = COMMANDS) -> frozenset[str]:
    """The buttons' functions: those that ``file`` decorates with ``@command``, or imports from where that is done.

    Empty when the file is missing. Raises SyntaxError.
    """
    path = package / file
    if not path.is_file():
        return frozenset()
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8"), str(path)).body:
        if isinstance(node, ast.FunctionDef) and any(_is_command(d) for d in node.decorator_list):
            found.add(node.name)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("incubxl.excel."):
            offered = functions(package, _file(package, str(node.module)))
            found |= {a.asname or a.name for a in node.names if a.name in offered}
    return frozenset(found)


def runnable(package: Path, module: str) -> bool:
    """Whether ``python -m module`` finds something to run."""
    inside = package.joinpath(*module.split(".")[1:])
    return inside.with_suffix(".py").is_file() or (inside / "__main__.py").is_file()


def _file(package: Path, module: str) -> str:
    inside = module.split(".")[1:]
    return "/".join([*inside, "__init__.py"]) if package.joinpath(*inside).is_dir() else "/".join(inside) + ".py"


def _is_command(decorator: ast.expr) -> bool:
    name = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(name, ast.Name) and name.id == "command"
