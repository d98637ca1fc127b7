"""incubxl letters check: what would be sent, on one screen, before anything is."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

from incubxl.assess.model import Assessment
from incubxl.batch.desk import Desk, book_for
from incubxl.batch.job import open_assessment
from incubxl.batch.letters import preview_one
from incubxl.batch.preflight import Line, Preflight, preflight
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, fail_all, may_write, table, write_file
from incubxl.files.ours import titled
from incubxl.files.packs import PackStore
from incubxl.issues import SEVERITY_WORDS, Issue
from incubxl.results.as_json import issue_json
from incubxl.results.words import STATE_WORDS

_TITLE = "通知书预览"
_SHOWN = 8  # findings on the screen


def check(
    file: Path,
    as_of: dt.date | None,
    policies: Path | None,
    numbers: Path | None,
    preview: Path,
    id: str,
    *,
    as_json: bool,
) -> int:
    """Nothing is sent, published or noted; one letter is written to ``preview`` to be looked at."""
    if not file.is_file():
        return fail(f"找不到工作簿「{file}」", "请核对路径")
    if not may_write(preview, ".docx", _TITLE):
        return Exit.INPUT
    now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
    assessment, issues = open_assessment(file, as_of, now.date(), policies)
    if assessment is None:
        return fail_all(issues)
    loaded = PackStore(policies).load(assessment.pack.id)
    made = preflight(assessment, loaded, Desk(assessment, book_for(file, numbers), now))
    shown = next((line for line in _by_state(made) if not id or line.applicant == id), None)
    if id and shown is None:
        return fail(f"申报编号「{id}」没有可预览的通知书", "请核对申报编号和「结论」表")
    if shown is not None:
        draft = preview_one(assessment, loaded, shown.applicant, shown.kind)
        if isinstance(draft, Issue):
            return fail(draft.message, draft.remedy)
        write_file(preview, titled(draft, _TITLE))
    if as_json:
        _print(assessment, file, made, shown, preview)
    else:
        _tell(assessment, file, made, shown, preview)
    return Exit.FINDINGS if made.findings else Exit.DONE


def _by_state(made: Preflight) -> list[Line]:
    """Final letters before drafts: what will be sent is what is looked at."""
    return sorted(made.lines, key=lambda line: line.state != "final")


def _ends(made: Preflight) -> list[Line]:
    finals = [line for line in made.lines if line.state == "final"] or list(made.lines)
    return finals[:1] + finals[1:][-1:]


def _tell(assessment: Assessment, file: Path, made: Preflight, shown: Line | None, preview: Path) -> None:
    out = console()

    def say(text: str) -> None:
        out.print(text, highlight=False, markup=False, soft_wrap=True)

    year = assessment.register.settings.year
    say(f"{file.name}：{assessment.pack.measure.short_name}，{year}年度，基准日 {assessment.as_of}")
    if assessment.notice:
        say(f"注意：{assessment.notice}")
    table(
        ("通知书", "发给", "正式", "草稿", "未出"),
        [(c.label, c.to, str(c.final), str(c.draft), str(c.none)) for c in made.counts],
    )
    for word, line in zip(("第一份", "最后一份"), _ends(made), strict=False):
        parts = (line.applicant, line.name, line.code, line.label, STATE_WORDS[line.state], line.number)
        more = (line.amount and f"{line.amount}元", line.grade, line.email or "没有电子邮箱")
        say(f"{word}：" + "，".join(x for x in (*parts, *more) if x))
    for found in made.findings[:_SHOWN]:
        where = f"（{found.place}）" if found.place.cell else ""
        say(f"{SEVERITY_WORDS[found.severity]}：{found.bare}{where}。{found.remedy}")
    if len(made.findings) > _SHOWN:
        say(f"……共{len(made.findings)}处，全部见 --json。")
    if shown is not None:
        say(f"预览：{shown.applicant} {shown.name}的「{shown.label}」已写到 {preview}（标着草稿），请打开核对。")
    finals = sum(c.final for c in made.counts)
    verdict = (
        "请先处理上面的错误，不要发出"
        if made.errors
        else "核对无误后可以发出"
        if finals
        else "没有可以发出的正式通知书"
    )
    say(f"正式{finals}份，错误{made.errors}处：{verdict}。")


def _print(assessment: Assessment, file: Path, made: Preflight, shown: Line | None, preview: Path) -> None:
    body = {
        "path": str(file),
        "pack": assessment.pack.id,
        "year": assessment.register.settings.year,
        "as_of": assessment.as_of.isoformat(),
        "counts": [asdict(c) for c in made.counts],
        "first_and_last": [asdict(line) for line in _ends(made)],
        "letters": [asdict(line) for line in made.lines],
        "findings": [issue_json(i) for i in made.findings],
        "preview": {"file": str(preview), "applicant": shown.applicant, "kind": shown.label} if shown else None,
    }
    print(json.dumps(body, ensure_ascii=False, indent=1))
