"""letters check: what it finds before anything is sent, on one screen and as JSON."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest

from incubxl.batch import preflight as room
from incubxl.batch.desk import Desk
from incubxl.batch.job import open_assessment
from incubxl.batch.preflight import Preflight, preflight
from incubxl.files.packs import store
from incubxl.letters.said import said
from incubxl.templates.content import WorkbookContent

from .build import concluded, data, filled, hashes

TODAY = dt.date(2026, 6, 20)


def looked_at(folder: Path, made: WorkbookContent) -> Preflight:
    path = folder / "登记.xlsx"
    path.write_bytes(data(made))
    assessment, _ = open_assessment(path, None, TODAY, None)
    assert assessment is not None
    return preflight(assessment, store().load("xinjiang-makerspace"), Desk(assessment, None, dt.datetime(2026, 6, 20)))


def rows(made: WorkbookContent, *changes: dict[str, Any]) -> WorkbookContent:
    """The register's rows with a change each."""
    register = tuple({**row, **change} for row, change in zip(made.register, changes, strict=True))
    return replace(made, register=register)


def codes(found: Preflight) -> list[str]:
    return [i.code for i in found.findings]


def two(**more: Any) -> WorkbookContent:
    made = rows(filled(2), {"contact_email": "a@example.org"}, {"contact_email": "b@example.org"})
    return concluded(made, **more)


def test_clean_letters_are_counted_and_listed(tmp_path: Path) -> None:
    found = looked_at(tmp_path, two())
    assert codes(found) == []
    (count,) = found.counts
    assert (count.label, count.to, count.final, count.draft, count.none) == ("不予备案", "申报单位", 2, 0, 0)
    assert [(x.applicant, x.state, x.email) for x in found.lines] == [
        ("XJ-00001", "final", "a@example.org"),
        ("XJ-00002", "final", "b@example.org"),
    ]


def test_one_mail_address_of_two_applicants_is_an_error_at_both(tmp_path: Path) -> None:
    made = rows(two(), {"contact_email": "A@example.org"}, {"contact_email": "a@Example.org"})
    found = [i for i in looked_at(tmp_path, made).findings if i.code == "preflight.shared"]
    assert {i.applicant for i in found} == {"XJ-00001", "XJ-00002"}
    assert all(i.severity == "error" and "电子邮箱" in i.message for i in found)


def test_two_rows_of_one_unit_may_share_its_address(tmp_path: Path) -> None:
    """通辽 has a row for every title of a unit."""
    made = filled(2)
    same = {"name": "示例测试众创空间", "uscc": str(made.register[0]["uscc"]), "contact_email": "a@example.org"}
    assert "preflight.shared" not in codes(looked_at(tmp_path, concluded(rows(made, same, same))))


def test_one_code_under_two_names_is_an_error(tmp_path: Path) -> None:
    code = str(filled(2).register[0]["uscc"])
    found = looked_at(tmp_path, rows(two(), {"uscc": code}, {"uscc": code}))
    assert [i.applicant for i in found.findings if i.code == "preflight.shared"] == ["XJ-00001", "XJ-00002"]


def test_a_letter_that_names_another_applicant_is_an_error(tmp_path: Path) -> None:
    made = two()
    other = str(made.register[1]["name"])
    first, second = made.tables["conclusions"]
    made = replace(made, tables={**made.tables, "conclusions": ({**first, "reason": f"参照{other}办理"}, second)})
    (found,) = (i for i in looked_at(tmp_path, made).findings if i.code == "preflight.names_another")
    assert found.applicant == "XJ-00001"
    assert other in found.message


def test_a_name_within_a_longer_name_is_not_another_applicant(tmp_path: Path) -> None:
    short = "示例测试众创空间"
    found = looked_at(tmp_path, rows(two(), {"name": short + "乌市分公司"}, {"name": short}))
    assert "preflight.names_another" not in codes(found)


@pytest.mark.parametrize("lost", ["name", "uscc"])
def test_a_letter_that_does_not_say_the_registers_words_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    made = two()
    word = str(made.register[0][lost])

    def forgetful(letter: bytes) -> tuple[list[str], list[str]]:
        lines, rest = said(letter)
        return [line.replace(word, "") for line in lines], rest

    monkeypatch.setattr(room, "said", forgetful)
    found = [i for i in looked_at(tmp_path, made).findings if i.code == "preflight.lacks"]
    assert [i.applicant for i in found] == ["XJ-00001"]
    assert word in found[0].message


def test_nobody_to_send_to_and_a_held_letter_are_told(tmp_path: Path) -> None:
    made = rows(two(document_number="示科函[2026]5号"), {"contact_email": None}, {"contact_email": None})
    found = looked_at(tmp_path, made)
    assert codes(found) == ["numbers.no_book", "preflight.held", "preflight.held"]  # drafts are sent to nobody
    assert "是不是「示科函〔2026〕5号」" in found.findings[1].message
    final = looked_at(tmp_path, rows(two(), {"contact_email": None}, {}))
    assert [(i.code, i.severity) for i in final.findings] == [("preflight.blank", "warning")]


def _check(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "incubxl", "letters", "check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8")


def test_the_command_says_all_on_one_screen_and_writes_one_preview(tmp_path: Path) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(data(two()))
    before = hashes(tmp_path)
    done = _check(path, "--preview", tmp_path / "预览.docx", "--id", "XJ-00002")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) <= 24
    for words in ("不予备案", "第一份：XJ-00001", "最后一份：XJ-00002", "正式2份，错误0处：核对无误后可以发出。"):
        assert words in done.stdout
    preview = docx.Document(str(tmp_path / "预览.docx"))
    text = "\n".join(p.text for p in preview.paragraphs)
    assert str(two().register[1]["name"]) in text
    assert preview.sections[0].first_page_header.paragraphs[0].text == "草稿——未经签发，不得送达"
    assert "\n草稿原因：仅供预览，尚未生成。\n" in text
    assert hashes(tmp_path) == before | {"预览.docx": hashes(tmp_path)["预览.docx"]}  # nothing else was written


def test_the_preview_replaces_only_a_preview(tmp_path: Path) -> None:
    path, preview = tmp_path / "登记.xlsx", tmp_path / "预览.docx"
    path.write_bytes(data(two()))
    assert [_check(path, "--preview", preview).returncode for _ in range(2)] == [0, 0]
    edited = docx.Document(str(preview))
    edited.core_properties.modified = dt.datetime(2026, 6, 20)
    edited.save(str(preview))
    before = preview.read_bytes()
    done = _check(path, "--preview", preview)
    assert (done.returncode, preview.read_bytes()) == (3, before)
    assert "没有覆盖" in done.stderr


def test_the_command_as_json(tmp_path: Path) -> None:
    path = tmp_path / "登记.xlsx"
    path.write_bytes(data(rows(two(), {"contact_email": "c@example.org"}, {"contact_email": "c@example.org"})))
    done = _check(path, "--preview", tmp_path / "预览.docx", "--json")
    assert done.returncode == 1
    body = json.loads(done.stdout)
    assert [c["final"] for c in body["counts"]] == [2]
    assert [f["code"] for f in body["findings"]] == ["preflight.shared"] * 2
    assert [x["applicant"] for x in body["first_and_last"]] == ["XJ-00001", "XJ-00002"]
    assert body["preview"]["applicant"] == "XJ-00001"


def test_the_command_refuses_what_is_not_there(tmp_path: Path) -> None:
    assert _check(tmp_path / "没有.xlsx").returncode == 3
    path = tmp_path / "登记.xlsx"
    path.write_bytes(data(two()))
    done = _check(path, "--preview", tmp_path / "预览.docx", "--id", "没有")
    assert done.returncode == 3
    assert "没有可预览的通知书" in done.stderr
