"""``run --scheduler``: two worker processes give the very bytes of a local run, also when one of them dies."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import incubxl.batch.cluster as subject
from incubxl.batch.cluster import cluster
from incubxl.batch.manifest import CannotStart
from incubxl.batch.model import Done, Options
from incubxl.batch.run import Run, inline, run
from tests.batch.build import RAN_AT, cli, concluded, data, filled
from tests.batch.test_run import _content

try:
    import distributed
except ImportError:  # the extra [cluster]; CI installs it with [dev] and sets INCUBXL_NO_SKIP
    distributed = None  # type: ignore[assignment]
needs_dask = pytest.mark.skipif(
    distributed is None and not os.environ.get("INCUBXL_NO_SKIP"), reason="distributed is not installed ([cluster])"
)
BOOKS = 8


@pytest.fixture(scope="module")
def two_workers() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50, protocol="tcp"
    ) as made:
        yield made


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(BOOKS):
        (folder / f"登记{n}.xlsx").write_bytes(data(concluded(filled(2, first=1 + 2 * n))))
    return folder


def options(out: Path, **more: Any) -> Options:
    return Options(out, **{"as_of": None, "today": RAN_AT.date(), "ran_at": RAN_AT, "json": True} | more)


def on_cluster(address: str, inputs: Path, out: Path, advanced: Any = lambda _: None) -> Run:
    asked = options(out)
    with cluster(address, [inputs], asked) as execute:
        return run([inputs], asked, execute, advanced=advanced, clock=lambda: RAN_AT)


def local(inputs: Path, out: Path) -> Run:
    return run([inputs], options(out), inline, clock=lambda: RAN_AT)


def files(out: Path) -> dict[str, bytes]:
    """Results and letters as they lie there, without a killed worker's temporary file; the records name what finished
    first."""
    found = (p for p in out.rglob("*") if p.suffix in (".docx", ".xlsx") and not p.name.startswith("."))
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in found}


def refused(address: str, out: Path, *paths: Path, **more: Any) -> str:
    with pytest.raises(CannotStart) as caught, cluster(address, paths, options(out, **more)):
        raise AssertionError("the cluster was taken")
    return caught.value.issue.code


@needs_dask
def test_two_workers_give_the_bytes_of_a_local_run(two_workers: Any, inputs: Path, tmp_path: Path) -> None:
    here = local(inputs, tmp_path / "1")
    there = on_cluster(two_workers.scheduler_address, inputs, tmp_path / "2")
    assert [d.status for d in there.done] == ["done"] * BOOKS
    assert [d.json for d in there.done] == [d.json for d in here.done]
    assert files(tmp_path / "2") == files(tmp_path / "1") != {}
    assert _content(tmp_path / "2") == _content(tmp_path / "1")
    assert not list((tmp_path / "2").glob(".incubxl-cluster-*"))


@needs_dask
def test_a_killed_worker_costs_time_and_no_result(two_workers: Any, inputs: Path, tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_one(_: Done) -> None:
        if not killed:
            with distributed.Client(two_workers.scheduler_address, set_as_default=False) as client:
                killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    there = on_cluster(two_workers.scheduler_address, inputs, tmp_path / "2", kill_one)
    assert killed
    assert [d.status for d in there.done] == ["done"] * BOOKS
    assert not there.aside
    local(inputs, tmp_path / "1")
    one, two = files(tmp_path / "1"), files(tmp_path / "2")
    assert one
    assert sorted(one) == sorted(two)
    assert [name for name in one if one[name] != two[name]] == []


@needs_dask
def test_a_bound_on_waiting_when_every_worker_is_gone(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "ALONE", 3.0)
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0", silence_logs=50) as made:
        stop = threading.Event()

        def all_gone(_: Done) -> None:
            if not stop.is_set():
                stop.set()
                made.scale(0)

        started = time.monotonic()
        done = on_cluster(made.scheduler_address, inputs, tmp_path / "out", all_gone)
    assert time.monotonic() - started < 60
    lost = [d for d in done.done if d.status == "failed"]
    assert lost
    assert {i["code"] for d in lost for i in d.told} == {"cluster.lost"}
    again = run([inputs], options(tmp_path / "out"), inline, resume=True, clock=lambda: RAN_AT)
    assert not again.failed
    assert len(again.done) == len(lost)


@needs_dask
def test_a_wrong_address_is_refused_within_bounded_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "PATIENCE", 2.0)
    assert refused("10.0.0.5", tmp_path) == "cluster.address"
    started = time.monotonic()
    assert refused("tcp://127.0.0.1:9", tmp_path / "out") == "cluster.unreachable"
    assert time.monotonic() - started < 15
    assert not (tmp_path / "out").exists()


@needs_dask
def test_a_cluster_without_workers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "PATIENCE", 2.0)
    with distributed.LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as made:
        assert refused(made.scheduler_address, tmp_path / "out") == "cluster.no_workers"


@needs_dask
def test_another_version_over_there_is_refused(
    two_workers: Any, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "__version__", "9.9.9")
    assert refused(two_workers.scheduler_address, tmp_path / "out", inputs) == "cluster.versions"


@needs_dask
def test_folders_that_are_not_shared_are_refused(
    two_workers: Any, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workers are asked for what only this machine sees: contents and files that are not theirs."""
    monkeypatch.setattr(subject, "_mark", lambda path: "another")
    assert refused(two_workers.scheduler_address, tmp_path / "out", inputs) == "cluster.not_shared"
    assert not (tmp_path / "out").exists()
    assert list(inputs.iterdir())


def test_without_distributed_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    assert refused("tcp://127.0.0.1:8786", tmp_path) == "cluster.not_installed"


@needs_dask
def test_the_command_on_a_cluster_with_paths_from_its_own_folder(
    two_workers: Any, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the workers are in another folder
    one = inputs / "登记0.xlsx"
    done = cli("in/登记0.xlsx", "--out", "结果", "--scheduler", two_workers.scheduler_address, "--no-letters")
    assert done.returncode in (0, 1), done.stderr
    assert "核对了 1 个工作簿、2 个申报单位" in done.stderr
    assert one.is_file()
    assert list((tmp_path / "结果").glob("登记0/结果_*.xlsx"))


def test_the_command_says_no_in_chinese(inputs: Path, tmp_path: Path) -> None:
    done = cli(inputs, "--out", tmp_path / "out", "--scheduler", "10.0.0.5")
    assert done.returncode == 3
    assert "不是调度器的地址" in done.stderr
    both = cli(inputs, "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9", "--jobs", "2")
    assert both.returncode == 3
    assert not (tmp_path / "out").exists()
