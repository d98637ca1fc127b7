"""incubxl scoring: books out, books back, and the committee's pack."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from incubxl.cli.chinese import Exit
from incubxl.cli.show import console, fail, fail_all, may_write, table, write_file
from incubxl.files.write import Properties, render
from incubxl.issues import SEVERITY_WORDS, Issue
from incubxl.money import plain
from incubxl.results.as_json import issue_json
from incubxl.scoring.committee import PACK, RESULT, committee_sheets, rank_words
from incubxl.scoring.make import BOOKS, LIST, make
from incubxl.scoring.minutes import minutes
from incubxl.scoring.outlying import read_limit
from incubxl.scoring.ranking import ranking
from incubxl.scoring.season import Season, read_season

_TOLD = 12


def make_books(
    workbook: Path,
    experts: Path,
    per_applicant: int,
    out: Path | None,
    name: str,
    policies: Path | None,
    *,
    blind: bool,
    as_json: bool,
) -> int:
    """Assign and write; nothing is written where somebody cannot have enough experts."""
    if not name.strip():
        return fail("轮次名称是空的", "请用 --name 写明，例：第一轮")
    folder = out or _folder(workbook)
    now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
    made, issues = make(workbook, experts, per_applicant, folder, name.strip(), now, policies, blind=blind)
    told = [i for i in issues if i.severity != "info"]
    if made is None:
        if as_json:
            _json(round=None, issues=issues)
        _tell([i for i in issues if i.severity == "error"] or issues)
        return fail("没有下发评分表", "请按上面的提示改正，再运行一次")
    loads = {code: len({t.applicant for t in made.round.tasks if t.expert == code}) for code in made.round.experts}
    if as_json:
        files = {code: path.relative_to(folder).as_posix() for code, path in made.books.items()}
        _json(round=made.round.id, folder=str(folder), books=files, loads=loads, left_out=made.left_out, issues=issues)
        return Exit.FINDINGS if told else Exit.DONE
    say = console().print
    table(
        ("专家代号", "单位数", "评分表"),
        [(c, str(n), made.books[c].name if c in made.books else "没有分配") for c, n in loads.items()],
    )
    _tell(told)
    if made.left_out:
        say(
            f"{len(made.left_out)}个单位不参评，没有分配；原因见 {LIST} 的「回避和不参评」表。",
            highlight=False,
            markup=False,
        )
    say(
        f"{made.round.name}：{len(made.round.shown)}个单位，每个{per_applicant}位专家；评分表在 {folder / BOOKS}，"
        f"分配见 {folder / LIST}（只供本单位）。",
        highlight=False, markup=False, soft_wrap=True,
    )  # fmt: skip
    return Exit.FINDINGS if told else Exit.DONE


def read_books(
    returns: Path,
    workbook: Path,
    round: Path | None,
    out: Path | None,
    outlier: str,
    policies: Path | None,
    *,
    as_json: bool,
) -> int:
    """Merge the returns into a workbook of its own."""
    folder = round or _folder(workbook)
    target = out or folder / f"{RESULT}.xlsx"
    return _season(workbook, returns, folder, policies, outlier, [(target, ".xlsx", RESULT)], as_json=as_json)


def write_pack(
    workbook: Path,
    returns: Path | None,
    round: Path | None,
    out: Path | None,
    outlier: str,
    policies: Path | None,
    *,
    as_json: bool,
) -> int:
    """The committee's workbook and document."""
    folder = round or _folder(workbook)
    target = out or folder
    files = [(target / f"{PACK}{suffix}", suffix, PACK) for suffix in (".xlsx", ".docx")]
    return _season(workbook, returns, folder, policies, outlier, files, as_json=as_json)


def _season(
    workbook: Path,
    returns: Path | None,
    folder: Path,
    policies: Path | None,
    outlier: str,
    files: Sequence[tuple[Path, str, str]],
    *,
    as_json: bool,
) -> int:
    try:
        limit = read_limit(outlier)
    except ValueError:
        return fail(f"--outlier 的「{outlier}」不是大于0的数", "请写界限，例：3.5")
    if not all(may_write(path, suffix, title) for path, suffix, title in files):
        return Exit.INPUT
    now = dt.datetime.now()  # noqa: DTZ005  (officials read local time)
    season, issues = read_season(workbook, returns, folder, now, policies)
    if season is None:
        return fail_all(issues)
    for path, suffix, title in files:
        if suffix == ".xlsx":
            data = render(committee_sheets(season, limit), properties=Properties(title, now))
        else:
            data = minutes(season, limit, now)
        write_file(path, data)
    told = [i for i in season.issues if i.severity != "info"]
    places, _ = ranking(season.register)
    ids, names = season.register.ids, season.register.names
    if as_json:
        rows = [
            {"applicant": ids[p.i], "rank": p.rank, "tied": p.tied, "state": p.state,
             "score": str(p.score) if p.score is not None else None, "done": p.done, "expected": p.expected}
            for p in places
        ]  # fmt: skip
        _json(files=[str(path) for path, _, _ in files], ranking=rows, scores=_scores(season), issues=season.issues)
        return Exit.FINDINGS if told else Exit.DONE
    table(
        ("名次", "申报编号", "单位名称", "总分", "得分数"),
        [
            (rank_words(p), ids[p.i], names[p.i], "" if p.score is None else plain(p.score), f"{p.done}/{p.expected}")
            for p in places
        ],
    )
    _tell(told)
    for path, _, _ in files:
        console().print(f"已写到 {path}（草稿）。", highlight=False, markup=False, soft_wrap=True)
    return Exit.FINDINGS if told else Exit.DONE


def _scores(season: Season) -> list[dict[str, Any]]:
    return [
        {**one.task.model_dump(exclude={"key"}), "state": one.state, "file": one.file, "cell": one.cell,
         "score": str(one.score) if one.score is not None else None}
        for one in season.merged
    ]  # fmt: skip


def _folder(workbook: Path) -> Path:
    return workbook.parent / f"评审_{workbook.stem}"


def _tell(issues: Sequence[Issue]) -> None:
    say = console(stderr=True).print
    for i in issues[:_TOLD]:
        where = f"{i.place.file} {i.place if i.place.sheet else ''}".strip()
        said = f"[{SEVERITY_WORDS[i.severity]}] {where + '：' if where else ''}{i.text}"
        say(said, highlight=False, markup=False, soft_wrap=True)
    if len(issues) > _TOLD:
        say(f"……共{len(issues)}处，其余见「问题清单」或 --json。", highlight=False, markup=False)


def _json(*, issues: Sequence[Issue], **body: Any) -> None:
    print(json.dumps({**body, "issues": [issue_json(i) for i in issues]}, ensure_ascii=False, indent=1))
