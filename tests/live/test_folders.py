"""选择文件夹运行, 停止, 新建年度工作簿: with and without an open workbook."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.excel import background, commands, guard, work, worker
from incubxl.excel.background import Job, Outcome, Work
from incubxl.excel.bare import Bare
from incubxl.publish.atomic import write_bytes
from tests.conftest import ROOT
from tests.live import fakewin
from tests.live.com import busy, gone
from tests.live.fakewin import Scene

pytestmark = pytest.mark.office
SAMPLES = ("urumqi-intl-2026.xlsx", "xinjiang-makerspace-2026.xlsx")
NO = 7


@pytest.fixture
def app(excel: Any) -> Any:
    """A workbook with nothing in it."""
    return fakewin.app().books.add()


@pytest.fixture
def registers(tmp_path: Path) -> Path:
    folder = tmp_path / "各区报来"
    folder.mkdir()
    for name in SAMPLES:
        shutil.copy(ROOT / "samples" / name, folder)
    return folder


def last() -> str:
    return Scene.dialogs[-1][0]


def test_a_folder_is_run_beside_any_open_workbook(
    app: Any, excel: Any, registers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "PATIENCE", 120.0)
    before = {path.name: path.read_bytes() for path in registers.iterdir()}
    excel.chosen = [registers]
    assert commands.run_folder(app), Scene.dialogs
    out = registers / "孵化管理结果"
    assert "核对了 2 个工作簿" in last()
    assert f"结果在：{out}（先看 批量汇总.xlsx）" in last()
    assert (out / "批量汇总.xlsx").is_file()
    assert {path.name: path.read_bytes() for path in registers.iterdir() if path.is_file()} == before


def test_a_folder_without_workbooks_is_not_run(app: Any, excel: Any, tmp_path: Path) -> None:
    empty = tmp_path / "空"
    empty.mkdir()
    excel.chosen = [empty]
    assert not commands.run_folder(app)
    assert "里没有找到工作簿" in last()
    excel.chosen = [None]
    assert commands.run_folder(app)
    assert "已取消，没有运行" in last()


def test_stop_ends_a_run_between_workbooks(
    app: Any, excel: Any, registers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(60):
        shutil.copy(registers / SAMPLES[0], registers / f"再{n:02}.xlsx")
    monkeypatch.setattr(work, "PATIENCE", 0.0)
    excel.chosen = [registers]
    assert commands.run_folder(app), Scene.dialogs
    assert "正在后台做" in excel.switches["StatusBar"]
    [running] = background.works()
    until = time.monotonic() + 90
    while running.beat.done == 0 and time.monotonic() < until:
        time.sleep(0.1)
    assert commands.stop(app)
    assert "已请「选择文件夹运行」停止" in last()
    assert background.wait(running, 90) is not None
    monkeypatch.setattr(work, "PATIENCE", 90.0)
    assert commands.run_folder(app)
    assert "已按要求停止；已经写完的文件都是完整的" in last()
    done = len(list((registers / "孵化管理结果").glob("*/结果_*.xlsx")))
    assert 0 < done < 62
    assert commands.stop(app)
    assert "后台没有正在做的事" in last()


def test_a_worker_that_died_is_told(app: Any, excel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "own" / "work" / "20260101-000000-000000"
    folder.mkdir(parents=True)
    job = (
        '{"action": "run_folder", "label": "选择文件夹运行", "book": "", "window": 1, "started": "2026-01-01 00:00:00"}'
    )
    write_bytes(folder / "job.json", job.encode())
    write_bytes(folder / "beat.json", b'{"at": 1.0, "done": 3, "total": 9}')
    assert commands.stop(app)
    assert "后台没有正在做的事" in last()
    assert commands.run_folder(app)
    assert "后台的程序没有写完就停了" in last()
    assert not folder.exists()


@pytest.fixture
def idle(tmp_path: Path, excel: Any) -> Work:
    """A work whose task is played by the test, begun from an open workbook."""
    fakewin.app().books.add()
    folder = tmp_path / "own" / "work" / "20260101-000000-000001"
    folder.mkdir(parents=True)
    job = '{"action": "check_all", "label": "校验全部", "book": "", "window": 1, "started": "2026-01-01 00:00:00"}'
    write_bytes(folder / "job.json", job.encode())
    return Work(folder)


def test_signs_of_life_stand_in_the_status_bar(idle: Work, excel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(work: Work, progress: Any) -> tuple[Outcome, list[Any]]:
        progress.done, progress.total = 3, 9
        time.sleep(2.5)
        return Outcome("done", "好了"), []

    monkeypatch.setattr(worker, "TASKS", {"check_all": slow})
    assert worker.main([f"--work={idle.folder}"]) == 0
    said = [text for name, text in excel.history if name == "StatusBar"]
    assert "孵化管理·校验全部：后台 3/9，「停止」可以停下" in said
    assert said[-1] == "孵化管理·校验全部：已经做完，请再点一次「校验全部」看结果"
    assert idle.outcome == Outcome("done", "好了")
    assert (idle.beat.done, idle.beat.total) == (3, 9)


@pytest.mark.parametrize("fault", [gone, busy(10_000, "StatusBar")])
def test_an_excel_that_does_not_listen_costs_only_the_word(
    idle: Work, excel: Any, monkeypatch: pytest.MonkeyPatch, fault: Callable[[str], None]
) -> None:
    from tests.live.com import Wire

    def quick(work: Work, progress: Any) -> tuple[Outcome, list[Any]]:
        time.sleep(1.2)
        return Outcome("done", "好了"), []

    monkeypatch.setattr(worker, "TASKS", {"check_all": quick})
    Wire.fault = fault
    assert worker.main([f"--work={idle.folder}"]) == 0
    Wire.fault = None
    assert idle.outcome == Outcome("done", "好了")
    assert not [text for name, text in excel.history if name == "StatusBar"]


def test_a_task_that_fails_is_told_in_chinese(idle: Work, excel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(work: Work, progress: Any) -> tuple[Outcome, list[Any]]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(worker, "TASKS", {"check_all": broken})
    assert worker.main([f"--work={idle.folder}"]) == 0
    outcome = idle.outcome
    assert outcome is not None
    assert outcome.state == "failed"
    assert "磁盘上的文件不能读写" in outcome.said
    assert "详细记录" in outcome.said


def test_next_year_from_the_open_workbook(opened: Callable[..., Any], excel: Any, tmp_path: Path) -> None:
    book = opened(ROOT / "samples" / "urumqi-intl-2026.xlsx")
    path = tmp_path / "登记2027.xlsx"
    excel.chosen = [path]
    before = [sheet.Name for sheet in book.api.Worksheets]
    assert commands.new_workbook(), Scene.dialogs
    assert "新建 2027 年度工作簿" in Scene.dialogs[0][0]
    assert f"已新建并打开：{path}" in last()
    assert "上年口径已作为待确认的建议带入" in last()
    assert [b.title() for b in excel.books] == [book.api.Name, "登记2027.xlsx"]
    assert [sheet.Name for sheet in book.api.Worksheets] == before
    made = openpyxl.load_workbook(path)
    rows = {row[0]: row[1] for row in made["设置"].iter_rows(values_only=True) if row[0]}
    assert rows["申报年度"] == 2027
    assert "沿用上年度口径（待确认）" in "".join(
        str(cell) for row in made["口径"].iter_rows(values_only=True) for cell in row if cell
    )


def test_a_blank_workbook_by_number_and_year(app: Any, excel: Any, tmp_path: Path) -> None:
    path = tmp_path / "新登记"
    excel.chosen = ["2", "2028", path]
    assert commands.new_workbook(app), Scene.dialogs
    assert "1　" in excel.questions[0]
    assert (tmp_path / "新登记.xlsx").is_file()
    assert [b.title() for b in excel.books][1:] == ["新登记.xlsx"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (["9"], "「9」不是办法的序号"),
        (["一"], "「一」不是办法的序号"),
        (["1", "26"], "「26」不是年度"),
        (["1", "2026", "已有.xlsx"], "已经存在，没有覆盖"),
    ],
)
def test_what_is_not_an_answer_is_refused(app: Any, excel: Any, tmp_path: Path, answers: list[str], said: str) -> None:
    (tmp_path / "已有.xlsx").write_bytes(b"mine")
    excel.chosen = [str(tmp_path / a) if a.endswith(".xlsx") else a for a in answers]
    assert not commands.new_workbook(app)
    assert said in last()
    assert (tmp_path / "已有.xlsx").read_bytes() == b"mine"
    assert len(excel.books) == 1


@pytest.mark.parametrize("answers", [[None], ["1", None], ["1", "2026", None]])
def test_every_question_can_be_cancelled(app: Any, excel: Any, answers: list[Any]) -> None:
    excel.chosen = answers
    assert commands.new_workbook(app)
    assert "已取消，没有新建" in last()
    assert len(excel.books) == 1


def test_a_second_click_waits_for_the_first(opened: Callable[..., Any], excel: Any) -> None:
    book = opened(ROOT / "samples" / "urumqi-intl-2026.xlsx")
    excel.switches["ScreenUpdating"] = False  # as the first click has it
    with guard.one_click():
        assert not commands.gaps()
        assert "上一次点击还没有做完" in last()
        assert commands.about()
        assert commands.stop()
    assert "差什么" not in [sheet.Name for sheet in book.api.Worksheets]
    assert commands.gaps(), Scene.dialogs


@pytest.mark.parametrize(
    "button", ["check_all", "make_letters", "gaps", "undo", "next_issue", "open_folder", "new_workbook", "run_folder"]
)
def test_without_a_workbook_the_others_say_so(excel: Any, capsys: pytest.CaptureFixture[str], button: str) -> None:
    bare = Bare(7, "Microsoft Excel", "16.0")
    assert not getattr(commands, button)(bare)
    assert "没有打开的工作簿" in capsys.readouterr().err
    for speaks in (commands.about, commands.log, commands.stop, commands.manual):
        assert speaks(bare)
    assert "Microsoft Excel 16.0" in capsys.readouterr().err


def test_a_job_goes_to_disk_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path))
    monkeypatch.setattr(background, "_spawn", lambda work: None)
    job = Job("run_folder", "选择文件夹运行", "", 7, "2026-01-01 08:00:00", {"folder": "D:\\各区 报来"})
    work = background.begin(job)
    assert Work(work.folder).job == job
    assert work.outcome is None
    with pytest.raises(Exception, match="后台正在做「选择文件夹运行」"):
        background.begin(job)
