"""Arbitrary Unicode through the whole way: read, evaluate, result workbook, letter. Nothing is lost, nobody renamed."""

from __future__ import annotations

import io
import re
import tempfile
import unicodedata
import zipfile
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import docx
import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from incubxl.batch.job import process
from incubxl.batch.model import Done, Options, Task
from tests.batch.build import RAN_AT, concluded, data, filled

NAME, CONTACT = "记号甲", "记号乙"
# What an XML text cannot hold stands in a workbook as _xHHHH_ (ISO/IEC 29500-1, 22.9.2.19).
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_HALF = re.compile("[\ud800-\udfff]")  # half a character stays as the file writes it
_TEXT = st.text(st.characters(), min_size=1, max_size=40)
_ODD = st.sampled_from(
    [
        *(
            "NA",
            "None",
            "null",
            "TRUE",
            "1e5",
            "001",
            "=1+1",
            "'00123",
            "示例\U0002c72c公司",
            "示\u200b例",
            "\ufeff示例",
        ),
        *("示\u00ad例", "示\u00a0例", "cafe\u0301", "caf\u00e9", "甲_x000D_\n乙", "甲\r\n乙", "甲\ud800乙", "甲\x07乙"),
        *("甲\u202e乙", "甲\ufffe乙", "{{7*7}}", "{% raw %}", "]]>", "<&>\"'", "_xD800_", "\u3000", "不适用", "合计"),
    ]
)


@cache
def _template() -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The parts of a workbook with one refused applicant and an official's conclusion; names of those with texts."""
    made = data(concluded(filled(1, name=NAME, contact_name=CONTACT)))
    archive = zipfile.ZipFile(io.BytesIO(made))
    entries = {name: archive.read(name) for name in archive.namelist()}
    return entries, tuple(name for name, part in entries.items() if NAME.encode() in part or CONTACT.encode() in part)


def _workbook(name: str, contact: str) -> bytes:
    entries, parts = _template()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for entry, part in entries.items():
            archive.writestr(entry, _with_texts(part, name, contact) if entry in parts else part)
    return target.getvalue()


def _with_texts(part: bytes, name: str, contact: str) -> bytes:
    spaced = part.replace(b"<t>", b'<t xml:space="preserve">')
    return spaced.replace(NAME.encode(), _xml(name)).replace(CONTACT.encode(), _xml(contact))


def _coded(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def _xml(text: str) -> bytes:
    return escape(_NOT_XML.sub(_coded, text)).replace("\r", "&#13;").encode()


def _ran(folder: Path, name: str, contact: str) -> Done:
    path = folder / "登记.xlsx"
    content = _workbook(name, contact)
    path.write_bytes(content)
    own = Options(folder / "out", None, RAN_AT.date(), RAN_AT, json=True, into_copy=False)  # only our cells
    done = process(Task(path, path.name, "登记"), own)
    assert path.read_bytes() == content
    return done


def _seen(text: str) -> str:
    """What can be seen of a text: no white space, no characters without width, composed."""
    gone = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    return unicodedata.normalize("NFC", "".join(c for c in text if not c.isspace() and c not in gone))


@settings(max_examples=25, deadline=None)
@given(name=st.one_of(_TEXT, _ODD), contact=st.one_of(_TEXT, _ODD))
def test_any_text_in_the_cells_of_an_applicant(name: str, contact: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        done = _ran(Path(folder), name, contact)
        assert (done.status, done.log) == ("done", ""), done.log
        assert (done.item.rows_seen, done.item.determined, done.item.refused) == (1, 1, 0)
        (one,) = done.json["applicants"]
        codes = {issue["code"] for issue in done.json["issues"]}
        if "cell.bad_text" not in codes and "cell.not_applicable" not in codes and "\n" not in one["name"]:
            assert _seen(one["name"]) == _seen(_HALF.sub(_coded, name).replace("_x000D_", ""))
        book = openpyxl.load_workbook(next(Path(folder, "out").rglob("结果_*.xlsx")))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell.coordinate for cell in cells if cell.data_type in ("f", "e")]
        _letters(Path(folder), one, codes)


def _letters(folder: Path, one: dict[str, Any], codes: set[str]) -> None:
    """Every letter opens and names its applicant; an applicant without one has the reason told."""
    papers = sorted(folder.rglob("*.docx"))
    written = [letter for letter in one["letters"] if letter["file"]]
    assert len(papers) == len(written)
    if not written:
        assert codes & {"letter.unprintable", "cell.bad_text", "cell.required_blank", "cell.not_applicable"}
    for paper in papers:
        text = "\n".join(p.text for p in docx.Document(str(paper)).paragraphs)
        assert _seen(one["name"]) in _seen(text)
