"""Forms given out from the samples, and what reading their returns finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from incubxl.collect.make import read_and_open
from incubxl.collect.receive import Received, receive, returned_files
from incubxl.collect.recognise import Wanted
from tests.collect.fill import NATIONAL, made

Read = Callable[..., Received]


def read_folder(folder: Path, register: Path = NATIONAL, **wanted: Any) -> Received:
    opened = read_and_open(register, None)
    assert not isinstance(opened, list), opened
    done = receive(returned_files(folder, register), opened[1], Wanted(**wanted))
    assert isinstance(done, Received), done
    return done


@pytest.fixture
def read() -> Read:
    return read_folder


@pytest.fixture
def application(tmp_path: Path) -> dict[str, Path]:
    """附件1 for every applicant of the pilot track: id → file, in ``tmp_path/发出``."""
    return made(tmp_path / "发出", form="附件1").files


@pytest.fixture
def back(tmp_path: Path) -> Path:
    """The folder into which returns come."""
    folder = tmp_path / "退回"
    folder.mkdir()
    return folder


def codes(received: Received) -> list[str]:
    return [i.code for i in received.issues]


def updates(received: Received) -> dict[str, tuple[str, str]]:
    """Field id → (old, new) of what would be updated."""
    return {c.field.id: (c.old, c.new) for c in received.found.updates}


def state(received: Received, key: str) -> str:
    return next(s.state for s in received.statuses if s.key == key)


def lines(received: Received, table: str) -> Sequence[dict[str, str]]:
    """New rows of a table, without the owner."""
    return [{k: v for k, v in r.texts.items() if k != "applicant_id"} for r in received.found.rows if r.table == table]
