"""Runs as the audit record of a folder tells them. Who can write the record can write anything: bodies are looked at
before they are used, and no name in them leads out of the folder that it is put into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ValidationError

from incubxl.audit.chain import Chain


def _one_name(text: str) -> str:
    if text in ("", ".", "..") or set(text) & set("/\\:\0"):
        raise ValueError("not a name")
    return text


def _within(text: str) -> str:
    parts = text.replace("\\", "/").split("/")
    if ".." in parts or ":" in parts[0] or not parts[0] or "\0" in text:
        raise ValueError("not below a folder")
    return text


_Within = Annotated[str, AfterValidator(_within)]


class _Run(BaseModel):
    program: str
    as_of: dt.date | Literal[""]
    today: dt.date
    letters: bool
    numbers: str = ""


class _Pack(BaseModel):
    id: Annotated[str, AfterValidator(_one_name)]
    digest: str


class _Workbook(BaseModel):
    folder: _Within
    input: str
    path: str
    status: str
    sha256: str
    hold: list[str]
    shared: list[str] = []
    outputs: dict[_Within, str]
    pack: _Pack | None = None
    kept: dict[str, Annotated[str, AfterValidator(_one_name)]] = {}
    told: list[str] = []


@dataclass(frozen=True)
class RecordedRun:
    """A run as the record has it. ``ended``: its outcome, empty for one that was killed."""

    run: str
    begun: Mapping[str, Any]
    workbooks: tuple[Mapping[str, Any], ...]
    ended: str


def recorded(out: Path) -> list[RecordedRun]:
    """Every run in the record of ``out``, in order. Of a workbook done twice in a run the last counts."""
    begun: dict[str, Mapping[str, Any]] = {}
    books: dict[str, dict[str, Mapping[str, Any]]] = {}
    ended: dict[str, str] = {}
    for entry in Chain(out).entries():
        run, body = entry["run"], entry["body"]
        if entry["kind"] == "run.begun":
            begun[run] = body
            books[run], ended[run] = {}, ""
        elif run in begun and entry["kind"] == "workbook":
            books[run][str(body.get("folder"))] = entry
        elif run in begun and entry["kind"] == "run.ended":
            ended[run] = str(body.get("outcome", ""))
    return [RecordedRun(run, begun[run], tuple(books[run].values()), ended[run]) for run in begun]


def is_run(body: Mapping[str, Any]) -> bool:
    """Whether it is the body of a run's beginning as this program writes it."""
    return _fits(_Run, body)


def is_workbook(body: Mapping[str, Any]) -> bool:
    """Whether it is the body of a workbook's entry as this program writes it, a pack with what is done."""
    return _fits(_Workbook, body) and (body["status"] != "done" or "pack" in body)


def _fits(shape: type[BaseModel], body: Mapping[str, Any]) -> bool:
    try:
        shape.model_validate(body)
    except ValidationError:
        return False
    return True
