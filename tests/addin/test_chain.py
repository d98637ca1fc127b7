"""The chain: ribbon XML → the built add-in's own VBA callback, run by LibreOffice → a name → a function in Python.

LibreOffice's Basic is not Excel's compiler; what this cannot show is listed in docs/addin.md.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from incubxl.addin.sources import Sources
from incubxl.addin.store import ADDIN
from incubxl.addin.targets import PACKAGE, functions

pytestmark = pytest.mark.office


def ids(sources: Sources) -> list[str]:
    """Buttons whose click goes to the launcher."""
    root = etree.fromstring(sources.ribbon)
    return [str(e.get("id")) for e in root.iter("{*}button") if e.get("onAction") == "incubxl_OnAction"]


@pytest.fixture(scope="module")
def seen(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What LibreOffice saw in the add-in and what its callbacks did."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    program = Path(__file__).with_name("in_office.py")
    profile = tmp_path_factory.mktemp("profile")
    process = subprocess.Popen(
        [sys.executable, str(program), str(ADDIN), str(profile), *ids(sources)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    if "No module named 'uno'" in err:
        pytest.skip("LibreOffice's Python bridge is not installed (python3-uno)")
    assert process.returncode == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_libreoffice_opens_it_and_lists_the_modules(seen: dict[str, Any], sources: Sources) -> None:
    assert sorted(seen["modules"]) == sorted(m.name for m in sources.modules)
    for module in sources.modules:
        code = [line for line in module.text.splitlines() if not line.startswith("Attribute ")]
        assert "\n".join(code).strip() in seen["modules"][module.name], module.name


def test_every_button_ends_at_a_function(seen: dict[str, Any], sources: Sources) -> None:
    assert seen["clicked"] == {id: f"[{id}]" for id in ids(sources)}
    assert set(seen["clicked"]) <= functions(PACKAGE)
    assert seen["enabled"] == "True"


def test_what_is_started(seen: dict[str, Any]) -> None:
    assert seen["line"] == (
        r'"C:\Py\pythonw.exe" -E -P -X utf8 -m incubxl.excel --from_xl=1 --hwnd=123 "--job=C:\jobs\1.json"'
    )
    assert seen["paths"] == ["True", "False", "False"]
    assert seen["text"] == "孵化管理"


def test_the_job_file_is_ascii_and_holds_any_name(seen: dict[str, Any]) -> None:
    assert seen["job"].isascii()
    job = json.loads(seen["job"])
    assert (job["action"], job["workbook"], job["sheet"], job["row"]) == (
        "check_row", '甲=乙 "一".xlsx', "登记\\𬬭", 12,
    )  # fmt: skip
