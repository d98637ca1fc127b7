"""The buttons of the scoring season: 评分表下发, 评分表回收, 评审材料."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from incubxl.excel import asking
from incubxl.excel.guard import Click, Said, check_writable, command
from incubxl.excel.opening import show
from incubxl.excel.packs import policies
from incubxl.excel.reading import read_book
from incubxl.excel.refused import RefusedError
from incubxl.excel.work import SCORING, SKIPPED, local_file, look, prepare_all, put, refusal
from incubxl.files.ours import is_ours
from incubxl.files.write import Properties, render
from incubxl.issues import SEVERITY_WORDS, Issue
from incubxl.plan import SheetPlan
from incubxl.publish.atomic import write_bytes
from incubxl.scoring.committee import PACK, committee_sheets
from incubxl.scoring.experts import read_experts
from incubxl.scoring.make import BOOKS, LIST, RECORD, issue_books
from incubxl.scoring.merge import DONE
from incubxl.scoring.minutes import minutes
from incubxl.scoring.outlying import read_limit
from incubxl.scoring.ranking import ranking
from incubxl.scoring.returns import return_files
from incubxl.scoring.season import SCORES, Season, season_of

CANCELLED = Said("已取消，没有写任何内容。")
_MOST_EXPERTS = 99
_SHOWN = 8  # findings in a message box


@command("评分表下发")
def scoring_make(click: Click) -> Said:
    """Experts assigned, a blind or named book for each, into a folder; the open workbook is not written."""
    register = look(click).assessment.register
    file = asking.workbook(click, "选择专家名单（代号、单位、专业、回避单位、声明关系）")
    if file is None:
        return CANCELLED
    experts, issues = read_experts(file)
    if any(i.severity == "error" for i in issues):
        raise refusal(issues)
    number = asking.line(click, f"名单里有 {len(experts)} 位专家。每个单位由几位专家评？", "3")
    if number is None:
        return CANCELLED
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= _MOST_EXPERTS):
        raise RefusedError(f"「{number}」不是人数", f"请再点一次，输入 1 至 {_MOST_EXPERTS}")
    name = asking.line(click, "轮次名称：", "第一轮")
    if name is None:
        return CANCELLED
    if not name:
        raise RefusedError("轮次名称是空的", "请再点一次，写明轮次，例如：第一轮")
    blind = asking.yes(click, "评分表上隐去申报单位，只写编号？\n\n是：隐去。　否：写明单位名称。　取消：不做。")
    if blind is None:
        return CANCELLED
    out = asking.beside(click, local_file(click), "评分表和分配表", _folder_name(click))
    if out is None:
        return CANCELLED
    click.progress("正在分配专家、写评分表…")
    made, found = issue_books(register, experts, int(number), out, name, click.now, blind=blind)
    issues += found
    if made is None:
        raise refusal(issues)
    show(out / BOOKS)
    said = [
        f"{name}：{len(made.round.shown)}个单位，每个{number}位专家。",
        f"评分表 {len(made.books)} 份，在「{out / BOOKS}」。",
        f"谁评谁、谁回避见「{LIST}」，只供本单位，不要随评分表发出。工作簿没有改动。",
    ]
    if made.left_out:
        said.append(f"{len(made.left_out)}个单位不参评，没有分配；原因见「{LIST}」的「回避和不参评」表。")
    return Said("\n".join([*said, *_told(issues), "收回的评分表放进一个文件夹，再点「评分表回收」。"]))


@command("评分表回收")
def scoring_read(click: Click) -> Said:
    """The books that came back as one list of scores, with what it makes of ranks and grades: sheets of our own."""
    check_writable(click)
    grid, sheets = read_book(click.book, SKIPPED)
    round = _round_folder(click)
    folder = asking.folder(click, "选择放着收回的评分表的文件夹", round) if round is not None else None
    if round is None or folder is None:
        return CANCELLED
    if not return_files(folder):
        raise RefusedError(f"「{folder}」里没有找到收回的评分表", "请选放着 .xlsx 文件的文件夹，再点一次")
    asked, limit = _limit(click)
    if not asked:
        return CANCELLED
    click.progress("正在读评分表…")
    season, issues = season_of(grid, folder, round, click.now, policies(), SCORING[SCORES])
    if season is None:
        raise refusal(issues)
    plans = [_here(plan) for plan in committee_sheets(season, limit)]
    said = put(click, prepare_all(plans, sheets, date_1904=grid.date_1904), sheets)
    return Said("\n".join([*_counts(season), *_told(season.issues), said, "都是草稿，供评审会讨论；排名不是结论。"]))


@command("评审材料")
def scoring_pack(click: Click) -> Said:
    """The committee's workbook and document into the round's folder; the open workbook is not written."""
    grid, _ = read_book(click.book, SKIPPED)
    answer = asking.yes(
        click,
        "用收回的评分表做评审材料？\n\n"
        "是：选择放着评分表的文件夹。　否：只用本工作簿「评分」表里的得分。　取消：不做。",
    )
    if answer is None:
        return CANCELLED
    returns = None
    if answer:
        out = _round_folder(click)
        returns = asking.folder(click, "选择放着收回的评分表的文件夹", out) if out is not None else None
        if returns is None:
            return CANCELLED
    else:
        out = asking.beside(click, local_file(click), "评审材料", _folder_name(click))
    asked, limit = _limit(click) if answer else (True, None)
    if out is None or not asked:
        return CANCELLED
    book, document = out / f"{PACK}.xlsx", out / f"{PACK}.docx"
    for path in (book, document):
        if path.exists() and not is_ours(path, PACK):
            raise RefusedError(
                f"「{path}」已经存在，不是本程序写的，或者写出以后有人改过，没有覆盖", "请把它移走或改名，再点一次"
            )
    click.progress("正在写评审材料…")
    season, issues = season_of(grid, returns, out, click.now, policies())
    if season is None:
        raise refusal(issues)
    made = {
        book: render(committee_sheets(season, limit), properties=Properties(PACK, click.now)),
        document: minutes(season, limit, click.now),
    }
    out.mkdir(parents=True, exist_ok=True)
    for path, data in made.items():
        write_bytes(path, data)
    show(out)
    files = "」和「".join(path.name for path in made)
    written = f"已写到「{out}」：「{files}」，都标着草稿。工作簿没有改动。"
    return Said("\n".join([*_counts(season), *_told(season.issues), written]))


def _folder_name(click: Click) -> str:
    return f"评审_{Path(str(click.book.Name)).stem}"


def _round_folder(click: Click) -> Path | None:
    """Where the round was issued to: beside the workbook, or a folder that the user chooses."""
    source = local_file(click)
    usual = Path(source).parent / _folder_name(click) if source else None
    if usual is not None and (usual / RECORD).is_file():
        return usual
    return asking.folder(click, f"选择下发评分表时的文件夹（里面有「{RECORD}」）", usual.parent if usual else None)


def _limit(click: Click) -> tuple[bool, Decimal | None]:
    """Whether the user went on, and the limit beyond which a score is listed as far off."""
    text = asking.line(click, "稳健z值超过多少的得分列为离群？由本单位定，例如 3.5；不列的留空。", "")
    if text is None:
        return False, None
    try:
        return True, read_limit(text)
    except ValueError as error:
        raise RefusedError(f"离群界限「{text}」不是大于0的数", "请再点一次，写界限，例如 3.5，或者留空") from error


def _here(plan: SheetPlan) -> SheetPlan:
    """The sheet under the name that it has in the open workbook, where 评分 is the user's own."""
    name = SCORING.get(plan.name, plan.name)
    problems = f"「{SCORING['问题清单']}」"
    return replace(plan, name=name, title=name, lines=tuple(x.replace("「问题清单」", problems) for x in plan.lines))


def _counts(season: Season) -> list[str]:
    places, why = ranking(season.register)
    ranked = sum(place.rank is not None for place in places)
    said = [f"参评 {len(places)} 家，已排名 {ranked} 家。{why}"]
    if season.round is not None:
        done = sum(one.state == DONE for one in season.merged)
        read = f"{season.round.name}：读了 {season.files} 个文件，应有 {len(season.merged)} 个得分，已有 {done} 个。"
        return [read, *said]
    return said


def _told(issues: Sequence[Issue]) -> list[str]:
    """The first of what an official should look at."""
    found = [i for i in issues if i.severity != "info"]
    lines = [f"{SEVERITY_WORDS[i.severity]}　{i.place.file}　{i.text}" for i in found[:_SHOWN]]
    return lines + ([f"……共 {len(found)} 处"] if len(found) > _SHOWN else [])
