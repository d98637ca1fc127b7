"""Columns that the office alone fills, in returns: never merged, and told where they were changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from incubxl.collect import make as making
from incubxl.collect.shape import Asked, Card, Shape, register_slice
from incubxl.policy.pack import Pack
from tests.collect.conftest import Read, codes
from tests.collect.fill import URUMQI, edit, made, put, under


def test_a_changed_date_of_the_office_is_told_and_not_merged(tmp_path: Path, back: Path, read: Read) -> None:
    path = made(tmp_path / "发出", URUMQI, slices=["变更备案"]).files["U26-20"]

    def fill(book: Any) -> None:
        sheet = book["变更备案"]
        sheet.protection.sheet = False
        under(sheet, "变更事项").value = "名称"
        under(sheet, "变更日期").value = "2026-04-01"
        under(sheet, "实地核查日期").value = "2026-05-01"

    edit(path, fill, back / "甲.xlsx")
    found = read(back, URUMQI)
    assert codes(found) == ["collect.locked"]
    assert "「实地核查日期」被改了" in found.issues[0].message and "2026-05-01" in found.issues[0].message
    assert not any("verified_on" in row.texts for row in found.found.rows)
    assert not any(c.field.id == "verified_on" for c in (*found.found.updates, *found.found.conflicts))


@pytest.mark.parametrize(("typed", "told"), [("确认", True), (None, False)])
def test_a_form_from_before_the_column_was_the_offices(
    tmp_path: Path, back: Path, read: Read, monkeypatch: pytest.MonkeyPatch, typed: str | None, told: bool
) -> None:
    """Such a form asks 状态 openly; what came back is told and not merged."""

    def once(pack: Pack, names: Sequence[str], *, districts: bool) -> Shape:
        shape = register_slice(pack, names, districts=districts)
        assert isinstance(shape, Shape)
        (card,) = shape.parts
        assert isinstance(card, Card)
        asked = (*card.asked, Asked(pack.fact["status"], "状态"))
        return replace(shape, version="earlier", parts=(replace(card, asked=asked),))

    with monkeypatch.context() as patch:
        patch.setattr(making, "register_slice", once)
        path = made(tmp_path / "发出", URUMQI, slices=["联系人"]).files["U26-20"]

    def fill(book: Any) -> None:
        put(book["申报登记"], "联系人", "示例壬")
        if typed:
            put(book["申报登记"], "状态", typed)

    edit(path, fill, back / "甲.xlsx")
    found = read(back, URUMQI)
    assert codes(found) == ["collect.old_version", *(["collect.locked"] if told else [])]
    assert [c.field.id for c in found.found.updates] == ["contact_name"]
    assert not told or "「状态」被改了" in found.issues[-1].message
