"""疑点: every row behind every suspicion, with a word why; and what was looked for, by which rule, and what was not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from incubxl.crosscheck.model import KINDS, Book, Found, Member
from incubxl.mask import masked
from incubxl.plan import Block, Column, Link, SheetPlan, Value
from incubxl.results.words import link_target

SUSPICIONS = "疑点"
_COLUMNS = (
    Column("序号", "integer"), Column("类别", "centre"), Column("申报编号"), Column("单位名称"), Column("看到的内容"),
    Column("为什么列出"), Column("年度", "integer"), Column("工作簿"), Column("单元格", "link"),
)  # fmt: skip
_CHECKS = (Column("类别", "centre"), Column("核对了什么"), Column("疑点", "count"), Column("规则"), Column("没有做的"))
_BOOKS = (
    Column("用途", "centre"),
    Column("工作簿"),
    Column("年度", "integer"),
    Column("办法"),
    Column("SHA-256", "small"),
)
_WIDTHS = (7, 11, 14, 26, 46, 52, 8, 30, 38)
_CHECK_WIDTHS = (12, 30, 16, 62, 62)
_CELL = 8
_SHOWN = 5  # cells of one row that are named
_NOTE = "只列出供核对，不作认定；结论、计数和经费都没有因此改变。电话、邮箱和姓名已遮蔽，原样的值在所列单元格里。"


def suspicions(found: Found, file: Callable[[Book], str | None], notice: str = "") -> SheetPlan:
    """One row per applicant behind a 疑点. ``file``: where links to a workbook lead (``plan.Link``), None: nowhere."""
    rows: list[tuple[Value, ...]] = []
    targets: list[tuple[int, Member]] = []
    for n, one in enumerate(found.suspicions, 1):
        for member in one.members:
            targets.append((len(rows), member))
            rows.append((
                n, KINDS[one.kind], member.applicant, member.name, member.seen, one.why, member.book.year,
                member.book.label, _cells(member),
            ))  # fmt: skip
    block = Block(_COLUMNS, rows, empty="没有发现疑点")
    skipped = [check.name for check in found.checks if check.not_made]
    lines = (
        f"{len(found.suspicions)} 处疑点，核对了 {sum(not b.earlier for b in found.books)} 个工作簿"
        + (f"；没有做或没有全做的：{'、'.join(skipped)}，见「核对说明」" if skipped else ""),
        _NOTE,
    )
    plan = SheetPlan(SUSPICIONS, SUSPICIONS, notice, _WIDTHS, (block,), lines, paper="A3")
    first = plan.first_row(0)
    links = []
    for row, member in targets:
        path, target = file(member.book), link_target(member.cells[0]) if member.cells else None
        if path is not None and target is not None:
            links.append(Link(first + row, _CELL, *target, path))
    return SheetPlan(SUSPICIONS, SUSPICIONS, notice, _WIDTHS, (block,), lines, paper="A3", links=links)


def explained(found: Found) -> SheetPlan:
    """核对说明: the rules, what was not made, and the workbooks with their hashes."""
    checks = [(KINDS[c.kind], c.name, c.found, c.rule, c.not_made or "无") for c in found.checks]
    books = [
        ("只作比较" if b.earlier else "核对", b.label, b.year, b.register.pack.measure.name, b.sha256)
        for b in found.books
    ]
    blocks = (Block(_CHECKS, checks), Block(_BOOKS, books, heading="工作簿"))
    return SheetPlan("核对说明", "核对说明", "", _CHECK_WIDTHS, blocks, (_NOTE,))


def suspicions_json(found: Found) -> dict[str, Any]:
    """``crosscheck --json``. Everything about people is masked."""
    return {
        "suspicions": [
            {"kind": one.kind, "what": one.what, "why": one.why, "rows": [_row(m) for m in one.members]}
            for one in found.suspicions
        ],
        "checks": [
            {"kind": c.kind, "name": c.name, "rule": c.rule, "found": c.found, "not_made": c.not_made}
            for c in found.checks
        ],
        "workbooks": [
            {"path": masked(b.label), "year": b.year, "pack": b.register.pack.id, "sha256": b.sha256,
             "earlier": b.earlier}
            for b in found.books
        ],
    }  # fmt: skip


def _row(member: Member) -> Mapping[str, Any]:
    return {
        "workbook": masked(member.book.label),
        "year": member.book.year,
        "applicant": member.applicant,
        "name": member.name,
        "cells": list(member.cells),
        "seen": member.seen,
    }


def _cells(member: Member) -> str:
    """The cells, those of one sheet together: ``申报登记!A7、F7、G7``."""
    shown: list[str] = []
    last = ""
    for cell in member.cells[:_SHOWN]:
        sheet, _, at = cell.rpartition("!")
        shown.append(at if sheet and sheet == last else cell)
        last = sheet
    return "、".join(shown) + (f" 等{len(member.cells)}处" if len(member.cells) > _SHOWN else "")
