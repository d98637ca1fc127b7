"""A run over many workbooks: exit codes, resuming, many processes, what is written and what never is."""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from functools import partial
from pathlib import Path

import pytest

from incubxl.audit.chain import RECORD, Chain
from incubxl.batch import outputs
from incubxl.batch.keeping import KEPT
from incubxl.files.packs import SHIPPED
from incubxl.publish.atomic import write_bytes
from tests.batch.build import (
    cli,
    codes,
    concluded,
    data,
    filled,
    go,
    hashes,
    printed,
    workbook,
)

_STAMPS = ((r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?", "time"), (r"\d{8}-\d{6}", "run"), (r'"[0-9a-f]{64}"', "hash"))


def _content(out: Path) -> dict[str, dict[str, str]]:
    """Every part of every output, time stamps and what follows from them put aside."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        if KEPT in path.parts or path.name == RECORD:  # in the order of finishing: tests/audit
            continue
        if path.suffix in (".xlsx", ".docx"):
            with zipfile.ZipFile(path) as archive:
                parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
        else:
            parts = {"": path.read_text(encoding="utf-8")}
        for name, text in parts.items():
            parts[name] = functools.reduce(lambda seen, stamp: re.sub(*stamp, seen), _STAMPS, text)
        found[path.relative_to(out).as_posix()] = parts
    return found


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A folder with three sound workbooks of two applicants each."""
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(3):
        (folder / f"登记{n}.xlsx").write_bytes(data(filled(first=1 + 2 * n)))
    return folder


# exit codes


def test_done_without_findings_is_0(inputs: Path, tmp_path: Path) -> None:
    done = cli(inputs, "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (0, "")
    assert "核对了 3 个工作簿、6 个申报单位" in done.stderr


def test_findings_are_1(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(data(filled(service_area="约500")))
    done = cli(tmp_path / "a.xlsx", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "申报登记!M" in done.stderr
    assert "约500" in done.stderr


@pytest.mark.parametrize("arguments", [["--as-of", "2026-13-01"], ["--jobs", "0"], ["--no-such-option"]])
def test_usage_is_2(inputs: Path, tmp_path: Path, arguments: list[str]) -> None:
    done = cli(inputs, "--out", tmp_path / "out", *arguments)
    assert done.returncode == 2
    assert "用法不对" in done.stderr
    assert not (tmp_path / "out").exists()


def test_nothing_readable_is_3(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(b"")
    (tmp_path / "in" / "b.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    done = cli(tmp_path / "in", "--out", tmp_path / "out")
    assert done.returncode == 3
    assert "0 字节" in done.stderr
    assert "另存为" in done.stderr


@pytest.mark.parametrize("path", ["没有.xlsx", "空文件夹"])
def test_no_workbook_is_3(tmp_path: Path, path: str) -> None:
    (tmp_path / "空文件夹").mkdir()
    done = cli(tmp_path / path, "--out", tmp_path / "out")
    assert done.returncode == 3
    assert "怎么办" in done.stderr


def test_one_broken_among_others_is_4_and_the_rest_finish(inputs: Path, tmp_path: Path) -> None:
    (inputs / "坏.xlsx").write_bytes(data()[:5000])
    done = cli(inputs, "--out", tmp_path / "out", "--jobs", "2", "--json")
    assert done.returncode == 4
    assert [len(one["applicants"]) for one in printed(done)["workbooks"]] == [0, 2, 2, 2]
    assert printed(done)["workbooks"][0]["issues"][0]["code"] == "file.truncated"
    assert "--resume" in done.stderr
    (inputs / "坏.xlsx").write_bytes(data(filled(first=7)))
    again = cli(inputs, "--out", tmp_path / "out", "--resume")
    assert again.returncode == 0
    assert "核对了 1 个工作簿" in again.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize(("jobs", "sent"), [(1, signal.SIGINT), (2, signal.SIGINT), (1, signal.SIGKILL)])
def test_an_interrupted_run_leaves_whole_files_and_can_go_on(tmp_path: Path, jobs: int, sent: signal.Signals) -> None:
    inputs, out = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    for n in range(12):
        (inputs / f"登记{n:02d}.xlsx").write_bytes(data(filled(first=1 + 2 * n)))
    command = [sys.executable, "-m", "incubxl", "run", str(inputs), "--out", str(out), "--jobs", str(jobs)]
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a runner in the background may ignore it
    settings = {"stderr": subprocess.PIPE, "text": True, "start_new_session": True, "preexec_fn": heard}
    with subprocess.Popen(command, **settings) as process:
        deadline = time.monotonic() + 60
        while len(list(out.glob("*/结果_*"))) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(process.pid, sent)
        _, said = process.communicate(timeout=60)
    assert process.returncode == (130 if sent == signal.SIGINT else -sent)
    assert "Traceback" not in said
    for path in (*out.rglob("结果_*.xlsx"), *out.rglob("XJ*.docx")):
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
    again = cli(inputs, "--out", out, "--resume")
    assert again.returncode == 0
    assert "个工作簿没有变化，保留上次的结果" in again.stderr
    assert len(list(out.glob("*/结果_*.xlsx"))) == 12
    assert len(list(out.glob("*/通知书/*.docx"))) == 24
    assert not list(out.glob("*/.incubxl-announced*"))


# what is written


def test_two_processes_give_what_one_gives(inputs: Path, tmp_path: Path) -> None:
    one, two = go(inputs, out=tmp_path / "1"), go(inputs, out=tmp_path / "2", jobs=2)
    assert [d.json for d in one.done] == [d.json for d in two.done]
    assert _content(tmp_path / "1") == _content(tmp_path / "2")


def test_a_trial_run_writes_nothing(inputs: Path, tmp_path: Path) -> None:
    before = hashes(tmp_path)
    done = cli(inputs, "--out", tmp_path / "out", "--dry-run", "--json")
    assert done.returncode == 0
    assert len(printed(done)["workbooks"]) == 3
    assert hashes(tmp_path) == before
    assert not (tmp_path / "out").exists()


def test_inputs_are_never_written_to(inputs: Path) -> None:
    before = hashes(inputs)
    go(inputs, out=inputs)  # results beside the inputs
    go(inputs, out=inputs)
    assert {name: digest for name, digest in hashes(inputs).items() if name in before} == before
    assert len(list(inputs.glob("*/结果_*.xlsx"))) == 3  # results are not taken for inputs


def test_an_input_where_the_summary_belongs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "批量汇总.xlsx"
    path.write_bytes(data())
    done = cli(path, "--out", tmp_path)
    assert (done.returncode, path.read_bytes()) == (3, data())
    assert "待核对" in done.stderr or "要核对的工作簿" in done.stderr


def test_an_input_where_a_result_belongs_stays(tmp_path: Path) -> None:
    taken = tmp_path / "out" / "r" / "结果_r.xlsx"
    taken.parent.mkdir(parents=True)
    taken.write_bytes(data(filled(first=9)))
    linked = tmp_path / "out" / "s" / "结果_s.xlsx"
    linked.parent.mkdir(parents=True)
    for name in ("r", "s"):
        (tmp_path / f"{name}.xlsx").write_bytes(data())
    linked.symlink_to(tmp_path / "s.xlsx")
    go(tmp_path / "r.xlsx", tmp_path / "s.xlsx", taken, out=tmp_path / "out")
    assert taken.read_bytes() == data(filled(first=9))
    assert (tmp_path / "s.xlsx").read_bytes() == data()


def test_json_has_the_documented_shape(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(data(filled(service_area="约500")))
    done = cli(tmp_path / "a.xlsx", "--out", tmp_path / "out", "--json")
    body = printed(done)  # nothing but JSON on stdout
    assert body.keys() == {"workbooks", "audit"}
    assert body["audit"] == {"entry": 3, "head": Chain(tmp_path / "out").head().hash}
    (one,) = body["workbooks"]
    assert one.keys() == {"path", "pack", "year", "as_of", "result", "applicants", "issues"}
    assert one["result"] == {"file": "a/结果_a.xlsx", "form": "copy", "code": "", "why": ""}
    assert (one["pack"], one["year"], one["as_of"]) == ("xinjiang-makerspace", 2026, "2026-05-31")
    first = one["applicants"][0]
    assert first.keys() == {
        *("id", "name", "track", "verdicts", "eligible", "score", "grade", "grades_possible", "funding", "letters")
    }
    assert first["verdicts"][0].keys() == {
        *("criterion", "clause", "quote", "verdict", "computed", "override", "missing", "value", "threshold"),
        *("cell", "interpretations", "remedy"),
    }
    words = {"met", "not_met", "unknown", "pending", "not_applicable"}
    assert {v["verdict"] for v in first["verdicts"]} | {first["eligible"]} <= words
    assert first["letters"][0].keys() == {"kind", "file", "state", "why"}
    assert one["issues"][0].keys() == {"severity", "code", "sheet", "cell", "message", "remedy"}


# running again


def test_letters_that_no_longer_hold_are_removed(tmp_path: Path) -> None:
    path, out = tmp_path / "a.xlsx", tmp_path / "out"
    path.write_bytes(data(filled(3)))
    go(path, out=out)
    path.write_bytes(data(filled(1)))
    again = go(path, out=out)
    assert [p.name[:8] for p in again.removed] == ["XJ-00002", "XJ-00003"]
    assert [p.name[:8] for p in out.rglob("*.docx")] == ["XJ-00001"]


def test_a_formal_letter_is_never_deleted_or_replaced(tmp_path: Path) -> None:
    path, out = tmp_path / "a.xlsx", tmp_path / "out"
    path.write_bytes(data(concluded(filled(2))))
    go(path, out=out)
    sent = {p.name: p.read_bytes() for p in (out / "a" / "通知书").iterdir()}
    assert len(sent) == 2
    assert not any(".草稿" in name for name in sent)
    path.write_bytes(data(filled(1)))  # the conclusions are gone: drafts now
    again = go(path, out=out)
    assert {p.name: p.read_bytes() for p in again.aside} == sent
    assert not again.removed
    assert all(".草稿" in p.name for p in (out / "a" / "通知书").iterdir())


def test_what_somebody_changed_is_neither_overwritten_nor_removed(tmp_path: Path) -> None:
    path, out = tmp_path / "a.xlsx", tmp_path / "out"
    path.write_bytes(data(filled(2)))
    go(path, out=out)
    first, second = sorted(out.rglob("*.docx"))
    first.write_bytes(b"changed by hand")
    second.write_bytes(b"changed too")
    path.write_bytes(data(filled(1)))
    again = go(path, out=out)
    assert sorted(p.read_bytes() for p in again.aside) == [b"changed by hand", b"changed too"]
    assert [p.name for p in (out / "a" / "通知书").iterdir()] == [first.name]
    assert first.read_bytes()[:2] == b"PK"


def test_letters_of_a_run_that_died_are_known_as_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out = tmp_path / "a.xlsx", tmp_path / "out"
    path.write_bytes(data(filled(3)))
    written: list[Path] = []

    def dies(target: Path, content: bytes, **how: bool) -> None:
        if len(written) == 3:  # the announcement and two letters
            raise KeyboardInterrupt
        written.append(target)
        write_bytes(target, content, **how)

    monkeypatch.setattr(outputs, "write_bytes", dies)
    assert go(path, out=out).cancelled
    monkeypatch.undo()
    assert sorted(p.name[:8] for p in out.rglob("*.docx")) == ["XJ-00001", "XJ-00002"]
    path.write_bytes(data(filled(1)))
    again = go(path, out=out)
    assert ([p.name[:8] for p in again.removed], again.aside) == (["XJ-00002"], ())
    assert [p.name[:8] for p in out.rglob("*.docx")] == ["XJ-00001"]


def test_resuming_does_again_what_was_asked_otherwise(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    go(inputs, out=out)
    assert len(go(inputs, out=out, resume=True).kept) == 3
    assert not go(inputs, out=out, resume=True, as_of=dt.date(2026, 6, 30)).kept
    go(inputs, out=out)
    next(out.rglob("*.docx")).unlink()
    assert len(go(inputs, out=out, resume=True).kept) == 2


def test_resuming_does_again_what_the_pack_changed(tmp_path: Path) -> None:
    policies, out = tmp_path / "own", tmp_path / "out"
    folder = policies / "xinjiang-makerspace"
    folder.mkdir(parents=True)
    for path in (SHIPPED / "xinjiang-makerspace").glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    (tmp_path / "a.xlsx").write_bytes(data())
    arguments = (tmp_path / "a.xlsx", "--out", out, "--policies", policies, "--resume")
    assert "核对了 1 个工作簿" in cli(*arguments).stderr
    assert "核对了 0 个工作簿" in cli(*arguments).stderr
    with (folder / "measure.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert "核对了 1 个工作簿" in cli(*arguments).stderr


def test_two_files_of_one_name_have_their_own_folders_run_after_run(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for n, folder in enumerate(("甲", "乙")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "登记.xlsx").write_bytes(data(filled(1, first=1 + n)))
    go(tmp_path / "甲", out=out)
    go(tmp_path / "乙", out=out)
    letters = sorted(p.name[:8] for p in out.rglob("*.docx"))
    assert letters == ["XJ-00001", "XJ-00002"]
    together = go(tmp_path / "甲", tmp_path / "乙", out=out)
    assert not together.removed
    assert sorted(p.name[:8] for p in out.rglob("*.docx")) == letters


def test_one_file_given_twice_is_done_once(inputs: Path, tmp_path: Path) -> None:
    done = go(inputs, inputs / "登记0.xlsx", inputs / ".." / "in" / "登记0.xlsx", out=tmp_path / "out")
    assert len(done.done) == 3


# outputs that cannot be written


def test_an_output_folder_that_cannot_be_made_is_3(inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        done = cli(inputs, "--out", out)
        assert done.returncode == 3
        assert "Traceback" not in done.stderr
        assert "怎么办" in done.stderr


@pytest.mark.parametrize("record", ["{broken", "[]", '{"workbooks": 1}'])
def test_a_damaged_record_stops_the_run_before_anything_is_written(inputs: Path, tmp_path: Path, record: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "运行清单.json").write_text(record)
    done = cli(inputs, "--out", out)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert hashes(out).keys() == {"运行清单.json"}


def test_a_folder_that_cannot_be_written_fails_its_workbook_only(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "登记1").write_text("in the way")
    done = cli(inputs, "--out", out)
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert "结果写不进" in done.stderr
    assert len(list(out.glob("*/结果_*.xlsx"))) == 2


@pytest.mark.parametrize(
    "name", ["...xlsx", "CON.xlsx", "运行清单.json.xlsx", "a\nb.xlsx", "示" * 80 + ".xlsx", "=x.xlsx"]
)
def test_odd_file_names_stay_inside_the_output_folder(tmp_path: Path, name: str) -> None:
    out = tmp_path / "deep" / "out"
    (tmp_path / name).write_bytes(data(filled(1)))
    done = go(tmp_path / name, out=out)
    assert not done.failed
    assert {p.name for p in (tmp_path / "deep").iterdir()} == {"out"}
    assert len(list(out.glob("*/结果*.xlsx"))) == 1


def test_a_name_that_is_no_text_does_not_stop_the_run(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    try:
        (Path(os.fsdecode(os.fsencode(folder) + b"/\xff.xlsx"))).write_bytes(data(filled(1)))
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    done = cli(folder, "--out", tmp_path / "out", "--json")
    assert done.returncode == 0
    assert len(printed(done)["workbooks"][0]["applicants"]) == 1


def test_a_conclusion_that_leads_to_no_letter_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(data(concluded(filled(1), "recognition")))
    done = go(tmp_path / "a.xlsx", out=tmp_path / "out")
    assert workbook(done)["applicants"][0]["eligible"] == "not_met"
    assert "letter.conclusion_without" in codes(done)


def test_long_json_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(data(filled(150)))
    done = cli(tmp_path / "a.xlsx", "--out", tmp_path / "out", "--json", "--dry-run")
    assert len(done.stdout.encode()) > 1 << 20  # more than one piece
    assert len(printed(done)["workbooks"][0]["applicants"]) == 150
