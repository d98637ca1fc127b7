"""incubxl explain: one applicant, clause by clause."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

from incubxl.assess.model import Assessment, CriterionResult, Determination
from incubxl.batch.job import open_assessment
from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, fail_all
from incubxl.money import in_words
from incubxl.register.fold import nearest
from incubxl.results.as_json import workbook_json
from incubxl.results.words import labels, shown_verdict, signed, used

_SHOWN = 20  # ids that a wrong one is answered with


def explain(file: Path, id: str, as_of: dt.date | None, policies: Path | None, *, as_json: bool) -> int:
    """Why, for one applicant. Nothing is written."""
    if not file.is_file():
        return fail(f"找不到工作簿「{file}」", "请核对路径")
    today = dt.date.today()  # noqa: DTZ011  (officials read local time)
    assessment, issues = open_assessment(file, as_of, today, policies, only=(id,))
    if assessment is None:
        return fail_all(issues)
    if not assessment.determinations:
        near = nearest(id, assessment.register.ids)
        ids = assessment.register.ids
        more = f"……共{len(ids)}个" if len(ids) > _SHOWN else ""
        hint = f"是不是「{near}」？" if near else "登记表里的编号有：" + "、".join(ids[:_SHOWN]) + more
        refused = [r for r in assessment.refused if id in r.reason]
        why = "".join(f"；第{r.row}行被拒收：{r.reason}" for r in refused)
        return fail(f"没有申报编号「{id}」{why}", hint)
    if as_json:
        body = workbook_json(assessment, str(file))
        body["issues"] = [i for i in body["issues"] if i.get("applicant", id) in ("", id)]
        print(json.dumps(body, ensure_ascii=False, indent=1))
        return Exit.DONE
    _tell(assessment, assessment.determinations[0])
    return Exit.DONE


def _tell(assessment: Assessment, found: Determination) -> None:
    out = console()

    def say(text: str, style: str = "") -> None:
        out.print(text, highlight=False, markup=False, style=style)

    track = next((t.label for t in assessment.pack.measure.tracks if t.id == found.track), "")
    say(f"{found.applicant}  {found.name}  {track}", "bold")
    say(f"{assessment.pack.measure.name}；基准日 {assessment.as_of}；结论：{found.eligible.word}")
    if assessment.notice:
        say(f"注意：{assessment.notice}")
    for result in found.results:
        _tell_result(assessment, result, say)
    for line in found.funding:
        amount = in_words(line.amount) if line.amount is not None else line.verdict.word
        binding = "、".join(x.label for x in line.limits if x.id in line.binding)
        say(f"\n{line.clause} {line.label}（{line.payer}）：{amount}" + (f"，受「{binding}」限制" if binding else ""))
        for limit in line.limits:
            say(f"    {limit.label}：{limit.basis}")
        for text in (line.reason, *line.notes):
            if text:
                say(f"    {text}")
    grade = found.grade
    if grade.state != "not_graded":
        shown = grade.grade or "、".join(grade.possible)
        say(f"\n评价：{shown}  得分 {grade.score if grade.score is not None else '未定'}  {grade.reason}")


def _tell_result(assessment: Assessment, result: CriterionResult, say: Callable[..., None]) -> None:
    say(f"\n{result.clause} {result.title}：{shown_verdict(result)}", "bold")
    say(f"    原文：{result.quote}")
    parts = (
        ("数值", result.value),
        ("标准", result.threshold),
        ("来源", result.cell),
        ("缺少", labels(assessment.pack, result.missing)),
        ("口径", used(assessment.pack, result.interpretations).replace("\n", "；")),
        ("判断", "；".join(signed(s) for s in result.judged)),
        ("差什么", result.remedy),
    )
    for name, text in parts:
        if text:
            say(f"    {name}：{text}")
    if result.override is not None:
        state = "需复核：所依据的数据已经变化" if result.override.stale else "有效"
        say(f"    改判：{result.override.verdict.word}（{signed(result.override.signed)}；{state}）")
