"""incubxl audit verify, replay, sweep."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from incubxl.audit.chain import RECORD, Chain
from incubxl.audit.verify import verify as examine
from incubxl.batch.keeping import kept
from incubxl.batch.manifest import MANIFEST, SUMMARY
from incubxl.batch.outputs import file_hash
from incubxl.batch.recorded import is_workbook, recorded
from incubxl.batch.replay import WORDS, Replayed
from incubxl.batch.replay import replay as again
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail
from incubxl.grid import Place
from incubxl.issues import SEVERITY_WORDS, Issue, issue
from incubxl.publish.backup import Backups
from incubxl.publish.retention import retention
from incubxl.results.as_json import issue_json

_TOLD = 20  # differences of one workbook on the terminal


def _say(text: str) -> None:
    console(stderr=True).print(text, highlight=False, markup=False, soft_wrap=True)


def verify(out: Path, heads: Sequence[str], *, as_json: bool) -> int:
    """Whether the record is as it was written, and whether the outputs still are what it says."""
    found = examine(out, heads, _printed(out))
    outputs = list(_outputs(out)) if found.entries else []
    if as_json:
        body = {
            "sound": found.sound,
            "entries": found.entries,
            "head": found.head.hash if found.entries else "",
            "confirmed": [{"head": head, "entry": n} for head, n in found.confirmed.items()],
            "issues": [issue_json(i) for i in (*found.issues, *outputs)],
        }
        print(json.dumps(body, ensure_ascii=False))
    for one in (*found.issues, *outputs):
        _say(f"[{SEVERITY_WORDS[one.severity]}] {one.text}")
    for head, n in found.confirmed.items():
        rest = found.entries - n
        after = f"；其后的 {rest} 条是后来的，这个校验值管不到" if rest else ""
        _say(f"印出的校验值 {head[:16]}… 是第 {n} 条，第 1 至 {n} 条与印出时一致{after}。")
    if not found.entries:
        return Exit.INPUT
    if found.sound:
        _say(f"审计记录完好：{found.entries} 条前后相接，末条校验值 {found.head.hash}。")
        if not heads:
            _say("末尾有没有被截短、整个记录有没有被重写，要拿印出的校验值（--head）来核对。")
        return Exit.DONE
    _say(f"审计记录不可信：{sum(i.severity == 'error' for i in found.issues)} 处与写入时不符。")
    return Exit.FINDINGS


def _printed(out: Path) -> Mapping[str, tuple[str, str]]:
    """The hash that the run's own list (运行清单.json) holds."""
    try:
        run = json.loads((out / MANIFEST).read_bytes())["run"]
        return {str(run["audit"]): (MANIFEST, str(run["id"]))}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _outputs(out: Path) -> Iterator[Issue]:
    """Outputs of the newest entries that are no longer what was written."""
    newest: dict[str, tuple[int, str]] = {}
    for entry in Chain(out).entries():
        body = entry["body"]
        if entry["kind"] == "workbook" and body.get("status") == "done" and is_workbook(body):
            folder = f"{body['folder']}/"
            newest = {name: seen for name, seen in newest.items() if not name.startswith(folder)}
            newest |= {f"{folder}{name}": (entry["n"], digest) for name, digest in body["outputs"].items()}
        elif entry["kind"] == "run.ended" and body.get("summary"):
            newest[SUMMARY] = (entry["n"], body["summary"])
    for name, (n, digest) in newest.items():
        now = file_hash(out / name)
        if now and now != digest:
            yield issue("audit.output_changed", Place(file=name), file=name, n=n)
        elif not now and "*" not in name:  # a masked name cannot be looked for
            yield issue("audit.output_gone", Place(file=name), file=name, n=n)


def replay(out: Path, run: str, *, as_json: bool) -> int:
    """Compute a recorded run again and tell every difference."""
    runs = recorded(out)
    if not runs:
        return fail(f"「{out}」里没有审计记录", "请用 --out 写明那次运行的结果文件夹")
    chosen = runs[-1] if run == "last" else next((r for r in runs if r.run == run), None)
    if chosen is None:
        return fail(f"记录里没有运行 {run}", "记录里有：" + "、".join(r.run for r in runs[-10:]))
    if not examine(out, printed=_printed(out)).sound:
        return fail("审计记录与写入时不符，不能拿来复算", f"先看 incubxl audit verify {out}")
    found = []
    for one in again(out, chosen):
        found.append(one)
        _tell(one)
    if as_json:
        body = {"run": chosen.run, "ended": chosen.ended, "workbooks": [_json(one) for one in found]}
        print(json.dumps(body, ensure_ascii=False))
    same = sum(one.answer in ("same", "not_done") for one in found)
    different = sum(one.answer == "different" for one in found)
    _say(f"运行 {chosen.run}：{len(found)} 个工作簿，{same} 个与当时一致，{different} 个不同，"
         f"{len(found) - same - different} 个不能复算。")  # fmt: skip
    if different:
        return Exit.FINDINGS
    return Exit.DONE if same == len(found) else Exit.PARTLY


def _tell(one: Replayed) -> None:
    _say(f"{one.input}（第 {one.entry} 条{f'，用{one.source}' if one.source else ''}）：{WORDS[one.answer]}")
    for d in one.differences[:_TOLD]:
        _say(f"  {d.applicant} {d.what}：当时 {d.then or '无'}，现在 {d.now or '无'}".replace("   ", "  "))
    if len(one.differences) > _TOLD:
        _say(f"  ……其余 {len(one.differences) - _TOLD} 处用 --json 看")
    for note in one.notes:
        _say(f"  {note}")


def _json(one: Replayed) -> dict[str, Any]:
    return {**asdict(one), "said": WORDS[one.answer]}


def sweep(out: Path | None, *, as_json: bool) -> int:
    """Remove copies that are older than the office keeps them."""
    settings = retention()
    if settings.trouble is not None:
        return fail(settings.trouble.message, settings.trouble.remedy)
    now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
    backups = Backups().sweep(settings.backups_days, now)
    inputs = kept(out).sweep(settings.inputs_days) if out is not None else 0
    if inputs and out is not None and (out / RECORD).is_file():
        Chain(out).append("swept", "", {"inputs": inputs, "inputs_days": settings.inputs_days}, now)
    if as_json:
        print(json.dumps({"backups": backups, "inputs": inputs}))
    _say(f"保留期限：备份 {_days(settings.backups_days)}，输入副本 {_days(settings.inputs_days)}。")
    _say(f"清理了备份 {backups} 份，输入等副本 {inputs} 份；审计记录没有动。")
    return Exit.DONE


def _days(days: int) -> str:
    return f"{days} 天" if days else "永久"
