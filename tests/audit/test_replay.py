"""A recorded run computed again: the same where nothing changed, every difference where something did."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incubxl.audit.chain import RECORD, Chain
from incubxl.audit.outcome import differences
from incubxl.audit.verify import verify
from incubxl.batch.keeping import KEPT, kept
from incubxl.batch.recorded import recorded
from incubxl.batch.replay import Replayed, replay
from incubxl.files.packs import SHIPPED
from tests.batch.build import RAN_AT, concluded, data, filled, go
from tests.bench.inputs import PACK


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A finished run over two workbooks."""
    inputs = tmp_path / "in"
    inputs.mkdir()
    for n in range(2):
        (inputs / f"登记{n}.xlsx").write_bytes(data(concluded(filled(2, first=1 + 2 * n), "correction")))
    go(inputs, out=tmp_path / "out")
    return tmp_path / "out"


def entries(out: Path, kind: str) -> list[Mapping[str, Any]]:
    return [e for e in Chain(out).entries() if e["kind"] == kind]


def again(out: Path, n: int = -1) -> list[Replayed]:
    return list(replay(out, recorded(out)[n]))


def answers(out: Path) -> list[str]:
    return [one.answer for one in again(out)]


def audit(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "incubxl", "audit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_what_a_run_leaves_in_the_record(out: Path) -> None:
    begun, *books, ended = Chain(out).entries()
    assert [e["kind"] for e in (begun, *books, ended)] == ["run.begun", "workbook", "workbook", "run.ended"]
    assert {e["run"] for e in (begun, *books, ended)} == {"20260620-093000"}
    assert begun["body"]["program"].startswith("incubxl ")
    assert begun["body"]["operator"].keys() == {"user", "machine"}
    for body in (b["body"] for b in books):
        assert body["as_of"] == "2026-05-31"
        assert body["pack"]["id"] == PACK
        assert body["interpretations"]
        assert all((out / body["folder"] / name).is_file() for name in body["outputs"])
        assert kept(out).get(body["kept"]["input"])
        assert body["conclusions"][0]["signed"][0] == "示例甲"
    assert ended["body"]["outcome"] == "done"
    assert verify(out).sound


def test_the_head_stands_in_every_result(out: Path) -> None:
    begun = entries(out, "run.begun")[0]["hash"]
    results = sorted(out.rglob("结果_*.xlsx"))
    assert len(results) == 2
    for path in results:
        rows = [[c.value for c in row] for row in openpyxl.load_workbook(path)["运行记录"].iter_rows()]
        assert [row[1] for row in rows if row[0] == "审计记录校验值"] == [begun]
    summary = openpyxl.load_workbook(out / "批量汇总.xlsx")["批次汇总"]
    assert any(begun in str(c.value) for row in summary.iter_rows() for c in row)
    assert json.loads((out / "运行清单.json").read_bytes())["run"]["audit"] in {e["hash"] for e in Chain(out).entries()}
    assert list(verify(out, [begun]).confirmed.values()) == [1]


def test_an_unchanged_run_is_identical(out: Path) -> None:
    found = again(out)
    assert [(one.answer, one.source, one.differences) for one in found] == [("same", "留存副本", ())] * 2
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    again(out)
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before


def test_with_the_input_changed_since_the_copy_serves(out: Path) -> None:
    (out.parent / "in" / "登记0.xlsx").write_bytes(data(filled(1)))
    assert answers(out) == ["same", "same"]


def test_without_copies_the_inputs_must_be_as_they_were(out: Path) -> None:
    for one in entries(out, "workbook"):
        kept(out).remove(one["body"]["kept"]["input"])
    assert [(one.answer, one.source) for one in again(out)] == [("same", "原位置")] * 2
    (out.parent / "in" / "登记0.xlsx").write_bytes(data(filled(1)))
    (out.parent / "in" / "登记1.xlsx").unlink()
    assert answers(out) == ["input_changed", "input_gone"]
    told = audit("replay", "last", "--out", out)
    assert told.returncode == 4
    assert "输入已被改动" in told.stderr
    assert "输入不在了" in told.stderr


def test_without_what_was_decided_nothing_can_be_compared(out: Path) -> None:
    first, second = entries(out, "workbook")
    kept(out).remove(first["body"]["kept"]["outcome"])
    kept(out).path(second["body"]["kept"]["pack"]).write_bytes(b"rotten")
    assert answers(out) == ["record_gone", "record_gone"]


def _office_pack(folder: Path, old: str = "", new: str = "") -> Path:
    """The office's own copy of a pack, with a number in it changed."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SHIPPED / PACK, folder / PACK)
    path = folder / PACK / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_the_offices_own_pack_is_kept_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(data(filled(2)))
    packs = _office_pack(tmp_path / "packs")
    go(path, out=tmp_path / "out", policies=packs)
    shutil.rmtree(packs)
    assert answers(tmp_path / "out") == ["same"]


def test_a_difference_is_told_for_whom_in_what(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program computes otherwise than it did: as if a later version had another rule."""
    import incubxl.batch.job as job

    real = job.assess

    def otherwise(*arguments: Any, **more: Any) -> Any:
        made = real(*arguments, **more)
        first, *rest = made.determinations
        changed = dataclasses.replace(first.results[0], verdict=_another(first.results[0].verdict))
        results = (changed, *first.results[1:])
        return dataclasses.replace(made, determinations=(dataclasses.replace(first, results=results), *rest))

    monkeypatch.setattr(job, "assess", otherwise)
    found = again(out)
    assert [one.answer for one in found] == ["different", "different"]
    (one,) = [d for d in found[0].differences if d.what.startswith("条件")]
    assert one.applicant == "XJ-00001"
    assert one.then != one.now


def _another(now: Any) -> Any:
    return next(v for v in type(now) if v is not now)


def test_a_kept_result_that_says_otherwise_is_told() -> None:
    one = {
        "id": "A1", "eligible": "met", "verdicts": {"space": "met"}, "grade": "优秀", "score": "90",
        "funding": [["rent", "市财政", 2026, "30000"]], "letters": [["recognition", "认定通知书", "final"]],
    }  # fmt: skip
    titles = {"space": "第六条 场地"}
    then = {"as_of": "2026-05-31", "refused": 0, "criteria": titles, "judgements": [], "applicants": [one]}
    assert list(differences(then, then)) == []
    other = {
        **one, "eligible": "not_met", "verdicts": {"space": "unknown"}, "grade": None, "score": "59.5",
        "funding": [["rent", "市财政", 2026, None]], "letters": [["recognition", "认定通知书", "draft"]],
    }  # fmt: skip
    found = {d.what: (d.then, d.now) for d in differences(then, {**then, "applicants": [other]})}
    assert found == {
        "是否符合": ("符合", "不符合"),
        "等级": ("优秀", ""),
        "总分": ("90", "59.5"),
        "条件 第六条 场地": ("符合", "资料不足"),
        "经费 rent、市财政、2026": ("30000 元", "未定"),
        "通知书 recognition": ("认定通知书：正式", "认定通知书：草稿"),
    }
    assert [d.what for d in differences(then, {**then, "applicants": []})] == ["申报单位"]
    assert [d.what for d in differences(then, {**then, "as_of": "2026-06-01"})] == ["基准日"]


def test_the_day_of_the_run_is_the_day_of_the_replay(tmp_path: Path) -> None:
    """No as-of date was set, so the day of the run stood in: years later it still does."""
    made = filled(2)
    path = tmp_path / "登记.xlsx"
    path.write_bytes(data(dataclasses.replace(made, settings={**made.settings, "as_of": None})))
    go(path, out=tmp_path / "out", today=dt.date(2025, 1, 2))
    assert answers(tmp_path / "out") == ["same"]


def test_a_workbook_that_came_to_nothing_is_on_record(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_text("不是工作簿；联系电话 13800138000", encoding="utf-8")
    go(tmp_path / "坏.xlsx", out=tmp_path / "out")
    (one,) = entries(tmp_path / "out", "workbook")
    assert one["body"]["status"] == "failed"
    assert one["body"]["told"]
    assert answers(tmp_path / "out") == ["not_done"]
    assert entries(tmp_path / "out", "run.ended")[0]["body"]["outcome"] == "failed"


def test_a_killed_run_is_completed_by_the_next(out: Path) -> None:
    """Killed between the outputs and their entry: a run with resume records what it keeps."""
    found = (out / RECORD).read_bytes().splitlines(keepends=True)
    (out / RECORD).write_bytes(b"".join(found[:2]))
    manifest = json.loads((out / "运行清单.json").read_bytes())
    manifest["run"].pop("audit")
    (out / "运行清单.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert [i.code for i in verify(out).issues] == ["audit.unended"]
    go(out.parent / "in", out=out, resume=True, ran_at=RAN_AT + dt.timedelta(hours=1))
    books = [e["body"] for e in entries(out, "workbook")]
    assert [b["input"].rsplit("/")[-1] for b in books] == ["登记0.xlsx", "登记1.xlsx"]
    assert books[1]["from_before"]
    assert verify(out).sound
    assert answers(out) == ["same"]
    go(out.parent / "in", out=out, resume=True, ran_at=RAN_AT + dt.timedelta(hours=2))
    assert len(entries(out, "workbook")) == 2


def test_no_copies_where_the_office_wants_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCUBXL_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "retention.toml").write_text("keep_inputs = false\n")
    path = tmp_path / "登记.xlsx"
    path.write_bytes(data(filled(2)))
    go(path, out=tmp_path / "out")
    assert not kept(tmp_path / "out").has(entries(tmp_path / "out", "workbook")[0]["body"]["sha256"])
    assert [(one.answer, one.source) for one in again(tmp_path / "out")] == [("same", "原位置")]


def test_copies_are_swept_when_their_time_is_over_and_the_record_says_so(out: Path) -> None:
    long_ago = time.time() - 1200 * 86400
    for path in (out / KEPT).glob("??/*"):
        os.utime(path, (long_ago, long_ago))
    done = audit("sweep", out, "--json")
    assert json.loads(done.stdout)["inputs"] == 5  # two inputs, two outcomes, one pack
    assert entries(out, "swept")
    assert verify(out).sound
    shutil.rmtree(out.parent / "in")
    assert answers(out) == ["input_gone", "input_gone"]


def test_people_in_reasons_are_masked(tmp_path: Path) -> None:
    made = concluded(filled(2), "correction", reason="电话 13800138000，邮箱 li@example.com，身份证 11010119900307123X")
    path = tmp_path / "登记.xlsx"
    path.write_bytes(data(made))
    go(path, out=tmp_path / "out")
    text = (tmp_path / "out" / RECORD).read_text(encoding="utf-8")
    assert "电话 138****000" in text
    for secret in ("13800138000", "li@example.com", "11010119900307123X"):
        assert secret not in text


# the commands


def test_verify_from_the_command_line(out: Path) -> None:
    head = Chain(out).head()
    sound = audit("verify", out, "--head", head.hash[:20], "--json")
    assert sound.returncode == 0
    body = json.loads(sound.stdout)
    assert body["sound"]
    assert body["confirmed"] == [{"head": head.hash[:20], "entry": 4}]
    assert "审计记录完好" in sound.stderr
    text = (out / RECORD).read_text(encoding="utf-8")
    (out / RECORD).write_text(text.replace("示例甲", "示例乙", 1), encoding="utf-8")
    edited = audit("verify", out)
    assert edited.returncode == 1
    assert "第 2 条（工作簿）写入后被改动" in edited.stderr
    refused = audit("replay", "last", "--out", out)
    assert refused.returncode == 3
    assert "不能拿来复算" in refused.stderr
    (out / RECORD).write_text(text, encoding="utf-8")
    next(out.rglob("结果_*.xlsx")).write_bytes(b"changed")
    changed = audit("verify", out)
    assert changed.returncode == 0
    assert "写出以后被人改过" in changed.stderr
    assert audit("verify", out.parent / "in").returncode == 3


def test_truncation_is_known_by_the_runs_own_list(out: Path) -> None:
    found = (out / RECORD).read_bytes().splitlines(keepends=True)
    (out / RECORD).write_bytes(b"".join(found[:2]))
    done = audit("verify", out)
    assert done.returncode == 1
    assert "运行清单.json" in done.stderr


def test_replay_from_the_command_line(out: Path) -> None:
    done = audit("replay", "20260620-093000", "--out", out, "--json")
    assert done.returncode == 0
    assert [one["answer"] for one in json.loads(done.stdout)["workbooks"]] == ["same", "same"]
    assert "2 个与当时一致" in done.stderr
    unknown = audit("replay", "20260101-000000", "--out", out)
    assert unknown.returncode == 3
    assert "20260620-093000" in unknown.stderr


def test_the_samples_replay(tmp_path: Path) -> None:
    """Every sample, judged by all five measures."""
    samples = sorted((Path(__file__).parents[2] / "samples").glob("*.xlsx"))
    assert samples
    go(*samples, out=tmp_path / "out")
    assert set(answers(tmp_path / "out")) == {"same"}


def test_a_later_programs_shared_data_do_not_reach_a_past_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """公共部分 (common facts, settings, interpretations) of a later program is another; the record has its own."""
    import incubxl.batch.job as job
    import incubxl.files.packs as packs_on_disk

    path = tmp_path / "登记.xlsx"
    path.write_bytes(data(filled(2)))
    go(path, out=tmp_path / "out", policies=_office_pack(tmp_path / "packs"))
    later = {
        name: text.replace("统一社会信用代码", "主体代码") for name, text in packs_on_disk._shipped_common().items()
    }
    assert later != packs_on_disk._shipped_common()
    monkeypatch.setattr(packs_on_disk, "_shipped_common", lambda: later)
    job._store.cache_clear()
    (one,) = again(tmp_path / "out")
    assert (one.answer, one.notes) == ("same", ())


def test_a_number_that_two_workbooks_bore_keeps_the_letters_drafts(tmp_path: Path) -> None:
    """Each workbook alone would give a final letter; in the run they shared one 发文字号."""
    inputs = tmp_path / "in"
    inputs.mkdir()
    for n in range(2):
        made = concluded(filled(1, first=1 + n), "correction", document_number="示科函〔2026〕5号")
        (inputs / f"登记{n}.xlsx").write_bytes(data(made))
    go(inputs, out=tmp_path / "out")
    assert all(e["body"]["shared"] for e in entries(tmp_path / "out", "workbook")[-2:])
    assert answers(tmp_path / "out") == ["same", "same"]
