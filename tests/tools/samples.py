"""Sample workbooks from ``samples/data/*.yaml``: what people typed, and what a person expects of it.

``python -m tests.tools.samples`` writes ``samples/*.xlsx``; ``--check`` says whether they are current.

A data file: ``pack``, ``year``, ``settings`` (by id), ``signer``, ``answers`` (interpretation id → option id, or a
mapping option/reason/signer/signed_on), ``applicants`` (``facts``, ``rows`` by table, ``judgements`` id → verdict,
``why``, ``expect``), ``tables`` (rows that belong to no single applicant, or to several), ``expect`` of the workbook.
A cell may be a plain value, ``{text: …}`` for a text cell, or ``{formula: …, cached: …}`` (cached left out: no result
was stored). Dates in date columns are written 2026-05-31.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from incubxl.files.packs import store
from incubxl.policy.fields import Field
from incubxl.policy.pack import Pack
from incubxl.policy.source import parse
from incubxl.publish.atomic import write_bytes
from incubxl.templates.build import build_workbook
from incubxl.templates.content import AnswerInput, CellInput, Formula, WorkbookContent, unknown_keys
from incubxl.templates.store import parts

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def load(path: Path) -> dict[str, Any]:
    """One data file, strictly."""
    source, errors = parse(path.name, path.read_text(encoding="utf-8"))
    if errors:
        raise ValueError("\n".join(map(str, errors)))
    unknown = source.data.keys() - {"pack", "year", "settings", "signer", "answers", "applicants", "tables", "expect"}
    if unknown:
        raise ValueError(f"{path.name}: unknown keys {sorted(unknown)}")
    return dict(source.data)


def content(data: Mapping[str, Any], pack: Pack) -> WorkbookContent:
    """The workbook's content. Raises ValueError for a key that the pack does not know."""
    fields = {f.id: f for f in pack.facts}
    tables: dict[str, list[dict[str, CellInput]]] = {}
    signed_on = data["settings"]["as_of"]
    for applicant in data["applicants"]:
        id = applicant["facts"].get("applicant_id")
        for table, rows in applicant.get("rows", {}).items():
            owner = pack.table[table].owner
            tables.setdefault(table, []).extend(_row({owner: id, **row}, _columns(pack, table)) for row in rows)
        for judgement, verdict in applicant.get("judgements", {}).items():
            row = {"applicant_id": id, "judgement": judgement, "verdict": verdict, "reason": "查阅申报材料",
                   "signer": data["signer"], "signed_on": signed_on}  # fmt: skip
            tables.setdefault("judgements", []).append(_row(row, _columns(pack, "judgements")))
    for table, rows in data.get("tables", {}).items():
        tables.setdefault(table, []).extend(_row(row, _columns(pack, table)) for row in rows)
    made = WorkbookContent(
        register=tuple(_row(a["facts"], fields) for a in data["applicants"]),
        tables={k: tuple(v) for k, v in tables.items()},
        settings=_row(data["settings"], {f.id: f for f in pack.settings}),
        answers={k: _answer(v, data["signer"], signed_on) for k, v in data.get("answers", {}).items()},
    )
    wrong = unknown_keys(pack, made)
    if wrong:
        raise ValueError("\n".join(wrong))
    return made


def _columns(pack: Pack, table: str) -> dict[str, Field]:
    return {c.id: c for c in pack.table[table].columns}


def _row(row: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, CellInput]:
    return {key: _cell(value, fields.get(key)) for key, value in row.items()}


def _cell(value: Any, field: Field | None) -> CellInput:
    if isinstance(value, dict):
        if "text" in value:
            return str(value["text"])
        return Formula(value["formula"], value.get("cached"))
    if field is not None and field.type == "date" and isinstance(value, str) and _ISO.match(value):
        return dt.date.fromisoformat(value)
    if field is not None and field.type in ("text", "uscc", "phone", "email") and value is not None:
        return str(value)
    return value  # type: ignore[no-any-return]


def _answer(value: Any, signer: str, signed_on: str) -> AnswerInput:
    if isinstance(value, str):
        return AnswerInput(value, "本年度统一口径", signer, dt.date.fromisoformat(signed_on))
    on = value.get("signed_on")
    return AnswerInput(
        value["option"], value.get("reason", ""), value.get("signer", ""), dt.date.fromisoformat(on) if on else None
    )


def build(path: Path) -> bytes:
    """The workbook of one data file."""
    data = load(path)
    pack = store().pack(data["pack"])
    return build_workbook(pack, year=data["year"], content=content(data, pack))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true")
    check = arguments.parse_args().check
    stale = []
    sources = sorted((SAMPLES / "data").glob("*.yaml"))
    for path in sources:
        target = SAMPLES / f"{path.stem}.xlsx"
        made = build(path)
        if not target.is_file() or parts(target.read_bytes()) != parts(made):
            stale.append(target.name)
            if not check:
                write_bytes(target, made)
    stale += [p.name for p in SAMPLES.glob("*.xlsx") if not (SAMPLES / "data" / f"{p.stem}.yaml").is_file()]
    print(f"{len(sources)} samples, {len(stale)} {'stale: ' + ', '.join(stale) if check and stale else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
