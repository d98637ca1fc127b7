"""The committed templates are what the packs say today."""

from __future__ import annotations

from pathlib import Path

import pytest

from incubxl.files.packs import PackStore
from incubxl.policy.pack import Pack
from incubxl.templates.store import build_all, check_all, parts

COMMITTED = Path(__file__).parents[2] / "xlsx_templates"


def test_committed_templates_are_current(packs: PackStore) -> None:
    assert check_all([packs.pack(id) for id in packs.ids], COMMITTED) == []


def test_check_tells_what_is_wrong(urumqi: Pack, tmp_path: Path) -> None:
    assert check_all([urumqi], tmp_path) == ["urumqi-intl.xlsx：缺少模板"]
    (path,) = build_all([urumqi], tmp_path / "new")
    assert path.name == "urumqi-intl.xlsx"
    assert check_all([urumqi], path.parent) == []
    renamed = urumqi.model_copy(update={"measure": urumqi.measure.model_copy(update={"short_name": "改名"})})
    (wrong,) = check_all([renamed], path.parent)
    assert wrong.startswith("urumqi-intl.xlsx：与办法「改名」的数据不一致（")
    (path.parent / "old.xlsx").write_bytes(b"")
    assert check_all([urumqi], path.parent) == ["old.xlsx：没有对应的办法"]
    path.write_bytes(b"PK")
    assert check_all([urumqi], path.parent)[0] == "urumqi-intl.xlsx：不是完整的 Excel 工作簿"


def test_parts_ignore_when_it_was_written(filled: bytes) -> None:
    assert not any(name.startswith("docProps") for name in parts(filled))
    assert "xl/workbook.xml" in parts(filled)


def test_folder_is_made(urumqi: Pack, tmp_path: Path) -> None:
    build_all([urumqi], tmp_path / "a" / "b")
    with pytest.raises(FileExistsError):
        (tmp_path / "a" / "b").mkdir()
