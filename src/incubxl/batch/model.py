"""Plain data of a run: what was asked, one input, and what came of it."""

from __future__ import annotations

import codecs
import datetime as dt
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import TypeAdapter

from incubxl import __version__
from incubxl.assess.model import LetterState, LetterView
from incubxl.batch.repeated import Applicant, Claims
from incubxl.publish.names import safe_name
from incubxl.results.summary import WorkbookSummary

Status = Literal["done", "failed"]
_PIECE = 1 << 20  # bytes of text at a time
SUMMARY_TYPE = TypeAdapter(WorkbookSummary)


@dataclass(frozen=True)
class Options:
    """What a run was asked. ``today`` stands in for a missing as-of date; ``ran_at`` is local time.

    ``halt``: a file whose appearance ends the run, between workbooks or between letters. ``into_copy``: results go
    into a copy of the workbook where it can take them, else (or without it) into a workbook of their own.
    ``audit_head``: the hash of the entry with which the audit record says that this run began. ``keep_inputs``:
    whether replay gets copies.
    """

    out: Path
    as_of: dt.date | None
    today: dt.date
    ran_at: dt.datetime
    policies: Path | None = None
    letters: bool = True
    write: bool = True
    json: bool = False
    halt: Path | None = None
    numbers: Path | None = None  # the 文号簿; None: the one beside each workbook, if there is one
    into_copy: bool = True
    audit_head: str = ""
    keep_inputs: bool = True

    @property
    def halted(self) -> bool:
        """Whether somebody wants the run to end."""
        return self.halt is not None and self.halt.exists()

    @property
    def run_id(self) -> str:
        """The run's number, as it stands in every result of it."""
        return f"{self.ran_at:%Y%m%d-%H%M%S}"

    def asked(self) -> dict[str, Any]:
        """What changes the outputs beside the input and the pack."""
        return {
            "program": __version__,
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "letters": self.letters,
            "into_copy": self.into_copy,
            "policies": str(self.policies or ""),
            "numbers": str(self.numbers or ""),
        }


@dataclass(frozen=True)
class Task:
    """One input and the folder (below ``out``) for what comes of it. ``shown`` is the path as the user gave it.

    ``relative``: the input's path from ``out``. ``known``: name below the folder → SHA-256 of what runs put there.
    ``hold``: id of an applicant that another workbook of the run has too → in words, where; letters stay drafts.
    ``shared``: 发文字号 (squashed) that another workbook of the run types too → in words, where.
    ``copy``: where the bytes are read from, when ``path`` is open in Excel or was never saved.
    """

    path: Path
    shown: str
    folder: str
    relative: str = ""
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hold: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    copy: Path | None = None

    @property
    def readable(self) -> Path:
        """The file to read."""
        return self.copy or self.path


class LetterRecord(NamedTuple):
    """A letter that was written: ``name`` and ``title`` as they stand in it, ``file`` below the workbook's folder.

    ``to``: who it goes to by name, where that is not the applicant (a district, an expert); empty otherwise.
    ``number``: its own 文号; ``refers_to``: the number of the letter that it amends; empty where there is none.
    """

    applicant: str
    name: str
    kind: str  # Chinese
    state: LetterState
    file: str
    title: str
    to: str = ""
    number: str = ""
    refers_to: str = ""


@dataclass(frozen=True)
class Done:
    """What came of one workbook, small enough to keep three hundred of.

    ``files``: name below the task's folder → SHA-256. ``aside``: files that somebody had changed, and where they are
    now. ``told``: the first errors and warnings, as JSON objects; ``findings`` counts all of them. ``packed``: the
    workbook's JSON, compressed, when it was asked for. ``assumed``: the day of the run, where it stood in for an
    as-of date that nobody set. ``content``: the register's fingerprint, where letters were written. ``letters``: what
    was written for whom, or why not. ``audit``: what the audit record says of the workbook beside its files;
    ``outcome``: what was decided, as ``audit.outcome`` packs it.
    """

    task: Task
    status: Status
    item: WorkbookSummary
    files: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""
    content: str = ""
    pack: str = ""
    pack_digest: str = ""
    log: str = ""
    findings: int = 0
    told: tuple[Mapping[str, Any], ...] = ()
    packed: bytes = b""
    aside: tuple[str, ...] = ()
    assumed: str = ""
    applicants: tuple[Applicant, ...] = ()
    letters: tuple[LetterView, ...] = ()
    written: tuple[LetterRecord, ...] = ()
    audit: Mapping[str, Any] = field(default_factory=dict)
    outcome: bytes = b""

    @property
    def json(self) -> dict[str, Any]:
        """The workbook's entry of ``run --json``; empty when it was not asked for."""
        return json.loads("".join(self.json_text())) if self.packed else {}

    def json_text(self) -> Iterator[str]:
        """The same as text, in pieces."""
        unpack, decode = zlib.decompressobj(), codecs.getincrementaldecoder("utf-8")()
        rest = self.packed
        while rest:
            yield decode.decode(unpack.decompress(rest, _PIECE))
            rest = unpack.unconsumed_tail
        yield decode.decode(unpack.flush(), final=True)

    @property
    def claims(self) -> Claims:
        """Who applies in this workbook."""
        return Claims(
            self.task.folder,
            self.task.shown,
            self.sha256,
            self.pack,
            self.item.measure,
            self.item.year,
            self.applicants,
        )

    def entry(self, options: Options) -> dict[str, Any]:
        """What the run's record says of the workbook, beside its files."""
        return {
            "input": self.task.shown,
            "path": self.task.relative,
            "status": self.status,
            "sha256": self.sha256,
            "content": self.content,
            "pack": self.pack,
            "pack_digest": self.pack_digest,
            "asked": options.asked(),
            "assumed_day": self.assumed,
            "hold": dict(self.task.hold),
            "shared": dict(self.task.shared),
            "applicants": [list(one) for one in self.applicants],
            "letters": [list(one) for one in self.written],
            "findings": self.findings,
            "summary": SUMMARY_TYPE.dump_python(self.item, mode="json"),
            "audit": dict(self.audit),
        }


def pack_json(pieces: Iterable[str]) -> bytes:
    """JSON text, compressed as it comes."""
    pack = zlib.compressobj(1)
    packed = [pack.compress(piece.encode("utf-8", "replace")) for piece in pieces]
    return b"".join((*packed, pack.flush()))


def result_name(path: Path, suffix: str = ".xlsx") -> str:
    """The result workbook's file name for an input."""
    return safe_name("结果", path.stem, suffix)
